"""Scripted reviewers: the program's way, with parts of it switched off, and the common.

The program's way drives what a window drives: stacks by hash and PDQ, confirmation
by context, drafts by digits, basis and outcome, reveal and ledger. A script knows the
right verdict of what it looked at, and nothing else; what a stack then does to the
copies is the program's doing, and is judged against what is right for each of them.

The common way: a folder in a viewer that blurs and lifts the blur of the whole
picture under the pointer, and a spreadsheet with a row an item. It has the same
context to go by, needs the same looks, and makes no errors.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from reviewer.domain.decision import Outcome
from reviewer.domain.ids import ItemId, Sha256Hex
from reviewer.domain.policy import PolicyPack
from reviewer.matching.stacks import Copy, copies_of, stacks_of
from reviewer.safeguards.basis import Looks
from reviewer.safeguards.values import Values, resolve
from reviewer.services.confirming import (
    NO_LOOKS,
    Confirmation,
    Hint,
    confirm,
    rulings,
    toggle,
)
from reviewer.services.deciding import Ruling
from reviewer.services.drafting import (
    Complete,
    Draft,
    Group,
    choices,
    enter,
    press,
    start,
)
from reviewer.services.policies import default_policy
from tests.bench.cases import Case, Cases, Right, without_matches
from tests.bench.eyes import Eyes
from tests.bench.keystrokes import Toil

SWITCH_KEYS: Final = 2  # Alt and Tab
REMOVES: Final = "VIOLATES"
PROTECTS: Final = "PROTECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What of the program is switched on, and how the reviewer takes it."""

    stack: bool = True
    match: bool = True
    lens: bool = True
    ticks_all: bool = False
    """Tick every context unread: what a stack without confirmation would do."""
    looks_at_near: bool = False
    """Look at near copies from other sources, instead of proposing from context."""
    commit_needs_enter: bool = False


@dataclass(slots=True)
class Done:
    """What came of a batch."""

    toil: Toil = field(default_factory=Toil)
    clear_ms: int = 0
    weighted_ms: float = 0
    looks_count: int = 0
    right_count: int = 0
    wrong_count: int = 0
    protected_errors_count: int = 0
    """A protected purpose passed over, or given where there is none."""
    proposed: set[ItemId] = field(default_factory=set)
    """Removals without a look or match: a second reviewer decides."""
    by_stack_count: int = 0
    keys_by_verdict: dict[str, int] = field(default_factory=dict)
    """Keys from the first digit to the commit."""

    @property
    def clear_ms_each(self) -> float:
        """Return the clear milliseconds per correct decision."""
        return self.clear_ms / max(1, self.right_count)

    @property
    def weighted_ms_each(self) -> float:
        """Return the same, weighted by the part of the picture that was clear."""
        return self.weighted_ms / max(1, self.right_count)

    def judge(self, case: Case, complete: Complete) -> None:
        """Count a decision as right or wrong."""
        right = case.right
        is_right = complete.verdict == right.verdict and (
            complete.purpose in {None, right.purpose}
        )
        self.right_count += is_right
        self.wrong_count += not is_right
        is_protection = PROTECTS in {complete.verdict, right.verdict}
        self.protected_errors_count += is_protection and not is_right


def review(cases: Cases, ways: Ways) -> Done:
    """Work through a batch with the program."""
    return _Reviewer(cases, ways).run()


class _Reviewer:
    def __init__(self, cases: Cases, ways: Ways) -> None:
        mine = cases.cases if ways.match else without_matches(cases.cases)
        self._cases = {case.item.id: case for case in mine}
        self._prints = cases.prints
        self._ways = ways
        self._pack = default_policy()
        self._values: Values = resolve({}, {})
        self._done = Done()
        self._eyes = Eyes(values=self._values, has_lens=ways.lens, toil=self._done.toil)
        self._looks: dict[ItemId, Looks] = {}
        self._decided: set[ItemId] = set()
        self._known: set[ItemId] = set()
        """Items whose picture was seen, as themselves or as a copy of theirs."""

    def run(self) -> Done:
        stacks = stacks_of([case.item for case in self._cases.values()], self._prints)
        leads = (
            {
                member: stack.representative
                for stack in stacks
                for member in stack.members
            }
            if self._ways.stack
            else {}
        )
        for item_id in self._cases:
            if item_id in self._decided:
                continue
            lead = leads.get(item_id, item_id)
            self._work(item_id if lead in self._decided else lead)
            if item_id not in self._decided:
                self._work(item_id)
        done = self._done
        done.clear_ms = self._eyes.clear_ms
        done.weighted_ms = self._eyes.weighted_ms
        done.looks_count = self._eyes.looks_count
        return done

    def _work(self, item_id: ItemId) -> None:
        case, toil = self._cases[item_id], self._done.toil
        toil.minds += 1  # read the context
        if self._needs_look(case):
            seen = self._looks.get(item_id, NO_LOOKS)
            self._looks[item_id] = self._eyes.look_at(case, seen)
            self._known.add(item_id)
        complete, keys, minds = draft(
            case.right, self._pack, commit_needs_enter=self._ways.commit_needs_enter
        )
        toil.keys += keys
        toil.minds += minds
        self._done.keys_by_verdict[complete.verdict] = keys
        confirmation = self._confirmed(case, complete)
        for ruling in self._rulings(confirmation):
            self._record(ruling, is_subject=ruling.item_id == item_id)

    def _needs_look(self, case: Case) -> bool:
        """Return whether the verdict would be a guess, or would not stand, unseen."""
        if not case.looks:
            return False
        ruling = self._alone(case)
        is_known = case.item.id in self._known or bool(case.item.known_matches)
        return not is_known or ruling.outcome is Outcome.PROPOSED

    def _alone(self, case: Case) -> Ruling:
        complete, _, _ = draft(case.right, self._pack, commit_needs_enter=False)
        return self._rulings(confirm(case.item, [], complete, self._pack))[0]

    def _confirmed(self, case: Case, complete: Complete) -> Confirmation:
        """Go through the contexts of the copies, as a careful person does."""
        copies = self._copies(case)
        self._known.update(item_id for item_id, _ in copies)
        made = confirm(
            case.item,
            [(self._cases[item_id].item, copy) for item_id, copy in copies],
            complete,
            self._pack,
        )
        for index, group in enumerate(made.groups):
            self._done.toil.minds += not group.is_here and not self._ways.ticks_all
            if group.is_ticked or not self._ticks(group.hint):
                continue
            self._done.toil.keys += 1
            made = toggle(made, index)
        self._done.toil.keys += bool(made.groups)  # Enter
        return made

    def _ticks(self, hint: Hint | None) -> bool:
        """Return whether a context that is not ticked gets its tick."""
        if self._ways.ticks_all:
            return True
        return hint is Hint.OTHER_SOURCE and not self._ways.looks_at_near

    def _copies(self, case: Case) -> list[tuple[ItemId, Copy]]:
        if not self._ways.stack:
            return []
        others = [
            other.item
            for other in self._cases.values()
            if other.item.id not in self._decided
        ]
        found = copies_of(case.item, others, self._prints)
        return [(copy.item_id, copy) for copy in found]

    def _rulings(self, confirmation: Confirmation) -> tuple[Ruling, ...]:
        viewed: set[Sha256Hex] = {
            self._cases[item_id].item.sha256
            for item_id, looks in self._looks.items()
            if looks.any_view and self._ways.stack
        }
        return rulings(
            confirmation,
            {item_id: case.item for item_id, case in self._cases.items()},
            self._pack,
            looks=self._looks,
            viewed=viewed,
        )

    def _record(self, ruling: Ruling, *, is_subject: bool) -> None:
        self._decided.add(ruling.item_id)
        self._done.judge(self._cases[ruling.item_id], ruling.complete)
        if ruling.outcome is Outcome.PROPOSED:
            self._done.proposed.add(ruling.item_id)
        self._done.by_stack_count += not is_subject


def draft(
    right: Right, pack: PolicyPack, *, commit_needs_enter: bool
) -> tuple[Complete, int, int]:
    """Type a verdict by digits; return it, the keys, and the fields thought about."""
    now: Draft | Complete = start()
    keys = minds = 0
    while isinstance(now, Draft):
        code = _wanted(now, right, pack)
        if code is None:
            now = enter(now, pack, has_note=False)
        else:
            digit = next(one.digit for one in choices(now, pack) if one.code == code)
            now = press(now, pack, digit, commit_needs_enter=commit_needs_enter)
            minds += 1
        keys += 1
    return now, keys, minds


def _wanted(now: Draft, right: Right, pack: PolicyPack) -> str | None:
    """Return the option to choose next; None is Enter."""
    match now.group:
        case Group.VERDICT:
            return right.verdict
        case Group.GROUNDS:
            return None if now.grounds else right.ground
        case Group.PURPOSE:
            return right.purpose
        case Group.REASON:
            return choices(now, pack)[0].code
        case _:
            return None


def common(cases: Cases, *, glance_ms: int | None = None) -> Done:
    """Work through the same batch by hover and spreadsheet.

    Args:
        cases: The same.
        glance_ms: How long a copy of what was seen before is looked at; None, as
            long as anything else.
    """
    pack, done = default_policy(), Done()
    stacks = stacks_of(cases.items, cases.prints)
    leads = {member: s.representative for s in stacks for member in s.members}
    seen: set[ItemId] = set()
    for case in cases.cases:
        lead = leads.get(case.item.id, case.item.id)
        ms = case.needed_ms
        if glance_ms is not None and lead in seen:
            ms = min(ms, glance_ms)
        seen.add(lead)
        _by_hand(done, ms, case.right, pack)
        complete, _, _ = draft(case.right, pack, commit_needs_enter=False)
        done.judge(case, complete)
    return done


def _by_hand(done: Done, ms: int, right: Right, pack: PolicyPack) -> None:
    """Next file, context, hover, to the spreadsheet, a code a field, and back."""
    toil = done.toil
    _, _, fields = draft(right, pack, commit_needs_enter=False)
    toil.keys += 1
    toil.minds += 1 + fields
    if ms:
        toil.point()
        toil.looked_ms += ms
        done.clear_ms += ms
        done.weighted_ms += ms
        done.looks_count += 1
    toil.keys += 2 * SWITCH_KEYS + 2 * fields  # a code, then Tab or Enter


def without(ways: Ways, part: str) -> Ways:
    """Switch one part off."""
    match part:
        case "stack":
            return replace(ways, stack=False)
        case "match":
            return replace(ways, match=False)
        case _:
            return replace(ways, lens=False)
