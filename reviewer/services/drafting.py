"""The draft of a decision: which group is lit, and what a digit does to it.

Pure, and driven by the policy pack alone: verdict, then grounds, protected purpose
and a reason phrase per ground as far as the verdict asks for them, then Enter
(review-loop.md, *Deciding*). A digit that names no option changes nothing.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Final

from reviewer.domain.decision import Basis, Decision, Outcome, Passage
from reviewer.domain.item import Kind
from reviewer.domain.policy import Ground, PolicyPack, Purpose, Reason, Verdict
from reviewer.safeguards.basis import meets

NONE_FOUND_DIGIT: Final = 0  # domain.policy.Purpose: digit 0 is none found


class Group(enum.Enum):
    """The lit group."""

    VERDICT = "verdict"
    GROUNDS = "grounds"
    PURPOSE = "purpose"
    REASON = "reason"
    READY = "ready"


class Lack(enum.Enum):
    """What still has to be done before Enter moves on; None is nothing."""

    VERDICT = "verdict"
    GROUND = "ground"
    PURPOSE = "purpose"
    REASON = "reason"
    NOTE = "note"


_ANSWER_BY_DIGIT: Final = {
    Group.VERDICT: Lack.VERDICT,
    Group.PURPOSE: Lack.PURPOSE,
    Group.REASON: Lack.REASON,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was chosen so far."""

    group: Group = Group.VERDICT
    verdict: str | None = None
    grounds: tuple[str, ...] = ()
    """In the order of the pack."""
    purpose: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    """A draft that was committed; `deciding` records it."""

    verdict: str
    grounds: tuple[str, ...] = ()
    purpose: str | None = None
    """A purpose code, that of *none found* included; None where it was not asked."""
    reasons: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    """Marked by the reviewer; no draft holds them, so none is repeated elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of the lit group, for the screen."""

    digit: int
    code: str
    label: str
    help: str
    is_chosen: bool


def start() -> Draft:
    """Return the empty draft that every item opens with."""
    return Draft()


def choices(draft: Draft, pack: PolicyPack) -> tuple[Choice, ...]:
    """Return the options of the lit group in the order of the pack."""
    match draft.group:
        case Group.VERDICT:
            return tuple(_choice(row, row.help) for row in pack.verdicts)
        case Group.GROUNDS:
            return tuple(
                _choice(row, row.help, is_chosen=row.code in draft.grounds)
                for row in pack.grounds
            )
        case Group.PURPOSE:
            return tuple(_choice(row) for row in _purposes(draft, pack))
        case Group.REASON:
            return tuple(_choice(row) for row in _lit_ground(draft, pack).reasons)
        case _:
            return ()


def press(
    draft: Draft, pack: PolicyPack, digit: int, *, commit_needs_enter: bool
) -> Draft | Complete:
    """Choose the option of this digit in the lit group.

    A verdict that the pack marks `completes` commits at once, unless the
    organisation asks for Enter. Grounds toggle; every other group moves on.
    """
    picked = next((row for row in choices(draft, pack) if row.digit == digit), None)
    if picked is None:
        return draft
    match draft.group:
        case Group.VERDICT:
            verdict = _verdict(pack, picked.code)
            if verdict.completes and not commit_needs_enter:
                return Complete(verdict=verdict.code)
            return _light(Draft(verdict=verdict.code), pack)
        case Group.GROUNDS:
            return replace(draft, grounds=_toggled(draft.grounds, picked.code, pack))
        case Group.PURPOSE:
            return _light(replace(draft, purpose=picked.code), pack)
        case _:
            reasons = (*draft.reasons, picked.code)
            return _light(replace(draft, reasons=reasons), pack)


def enter(draft: Draft, pack: PolicyPack, *, has_note: bool) -> Draft | Complete:
    """Close the grounds, or commit a draft that lacks nothing; else change nothing."""
    if lack(draft, pack, has_note=has_note) is not None or draft.verdict is None:
        return draft
    if draft.group is Group.GROUNDS:
        return _light(draft, pack)
    return Complete(
        verdict=draft.verdict,
        grounds=draft.grounds,
        purpose=draft.purpose,
        reasons=draft.reasons,
    )


def lack(draft: Draft, pack: PolicyPack, *, has_note: bool) -> Lack | None:
    """Return what Enter waits for, None if it has an effect.

    Free text is for *other* only: a reason that asks for a note needs one.
    """
    if draft.group is Group.GROUNDS:
        return None if draft.grounds else Lack.GROUND
    if draft.group is Group.READY:
        return Lack.NOTE if _asks_note(draft, pack) and not has_note else None
    return _ANSWER_BY_DIGIT[draft.group]


def back(draft: Draft) -> Draft:
    """Return to the group before and take back what was chosen there."""
    if draft.reasons:
        return replace(draft, group=Group.REASON, reasons=draft.reasons[:-1])
    if draft.purpose is not None:
        return replace(draft, group=Group.PURPOSE, purpose=None)
    if draft.grounds and draft.group is not Group.GROUNDS:
        return replace(draft, group=Group.GROUNDS)
    return start()


def repeat(previous: Decision | Complete | None, pack: PolicyPack) -> Draft:
    """Fill a draft with the fields of an earlier decision, without committing.

    What the pack no longer has is left out, and the group that misses it is lit.
    """
    if previous is None:
        return start()
    verdict = next((row for row in pack.verdicts if row.code == previous.verdict), None)
    if verdict is None:
        return start()
    kept = _kept_fields(previous, pack) if verdict.asks_grounds else Draft()
    draft = replace(kept, verdict=verdict.code)
    if verdict.asks_purpose:
        purpose = _purpose_of(previous)
        known = {row.code for row in _purposes(draft, pack)}
        draft = replace(draft, purpose=purpose if purpose in known else None)
    return _light(draft, pack)


def outcome(complete: Complete, basis: Basis, kind: Kind, pack: PolicyPack) -> Outcome:
    """Return what the decision means downstream, by the pack alone.

    Less basis than the verdict asks for is only a proposal; a proposal, a protected
    purpose with removal, and a verdict that says so go to second review.
    """
    verdict = _verdict(pack, complete.verdict)
    least = verdict.min_basis_text if kind is Kind.TEXT else verdict.min_basis
    if not meets(basis, least):
        return Outcome.PROPOSED
    if verdict.second_review:
        return Outcome.SECOND_REVIEW
    if verdict.second_review_if_purpose and is_protected(complete, pack):
        return Outcome.SECOND_REVIEW
    return Outcome.DECIDED


def speak(draft: Draft, pack: PolicyPack) -> str:
    """Say the draft in the words of the pack, one line for the screen."""
    if draft.verdict is None:
        return ""
    parts = [_verdict(pack, draft.verdict).label]
    for place, code in enumerate(draft.grounds):
        ground = _ground(pack, code)
        given = draft.reasons[place : place + 1]
        reason = [row.label for row in ground.reasons if row.code in given]
        parts.append(": ".join([ground.label, *reason]))
    parts += [row.label for row in pack.purposes if row.code == draft.purpose]
    return " · ".join(parts)


def _light(draft: Draft, pack: PolicyPack) -> Draft:
    """Light the first group that the verdict asks for and that has no answer yet."""
    verdict = _verdict(pack, draft.verdict or "")
    if verdict.asks_grounds and not draft.grounds:
        return replace(draft, group=Group.GROUNDS)
    if verdict.asks_purpose and draft.purpose is None:
        return replace(draft, group=Group.PURPOSE)
    if len(draft.reasons) < len(draft.grounds):
        return replace(draft, group=Group.REASON)
    return replace(draft, group=Group.READY)


def _choice(
    row: Verdict | Ground | Purpose | Reason, text: str = "", *, is_chosen: bool = False
) -> Choice:
    """Make an option of a row of the pack."""
    return Choice(
        digit=row.digit,
        code=row.code,
        label=row.label,
        help=text,
        is_chosen=is_chosen,
    )


def _verdict(pack: PolicyPack, code: str) -> Verdict:
    """Return the verdict of a code that came from this pack."""
    return next(row for row in pack.verdicts if row.code == code)


def _ground(pack: PolicyPack, code: str) -> Ground:
    """Return the ground of a code that came from this pack."""
    return next(row for row in pack.grounds if row.code == code)


def _lit_ground(draft: Draft, pack: PolicyPack) -> Ground:
    """Return the ground whose reason is asked for now."""
    return _ground(pack, draft.grounds[len(draft.reasons)])


def _purposes(draft: Draft, pack: PolicyPack) -> tuple[Purpose, ...]:
    """Return the purposes to choose from.

    A verdict that asks for a purpose and for no ground, such as *protected*, is
    about the purpose: *none found* would contradict it.
    """
    verdict = _verdict(pack, draft.verdict or "")
    if verdict.asks_grounds:
        return pack.purposes
    return tuple(row for row in pack.purposes if row.digit != NONE_FOUND_DIGIT)


def _toggled(grounds: tuple[str, ...], code: str, pack: PolicyPack) -> tuple[str, ...]:
    """Add or take away a ground, in the order of the pack."""
    chosen = set(grounds) ^ {code}
    return tuple(row.code for row in pack.grounds if row.code in chosen)


def _asks_note(draft: Draft, pack: PolicyPack) -> bool:
    """Return whether a chosen reason is said in the note."""
    pairs = zip(draft.grounds, draft.reasons, strict=True)
    return any(
        row.asks_note
        for ground, reason in pairs
        for row in _ground(pack, ground).reasons
        if row.code == reason
    )


def _kept_fields(previous: Decision | Complete, pack: PolicyPack) -> Draft:
    """Return the grounds that the pack still has, and their reasons as far as all are.

    Reasons go by the place of their ground, so they are kept up to the first gap.
    """
    given = dict(zip(previous.grounds, previous.reasons, strict=False))
    grounds = tuple(row for row in pack.grounds if row.code in previous.grounds)
    reasons: list[str] = []
    for ground in grounds:
        known = {row.code for row in ground.reasons}
        if given.get(ground.code) not in known:
            break
        reasons.append(given[ground.code])
    return Draft(grounds=tuple(row.code for row in grounds), reasons=tuple(reasons))


def _purpose_of(previous: Decision | Complete) -> str | None:
    """Return the purpose under the name that the value gives it."""
    if isinstance(previous, Decision):
        return previous.protected_purpose
    return previous.purpose


def is_protected(complete: Complete, pack: PolicyPack) -> bool:
    """Return whether a purpose other than *none found* was named."""
    return any(
        row.code == complete.purpose and row.digit != NONE_FOUND_DIGIT
        for row in pack.purposes
    )
