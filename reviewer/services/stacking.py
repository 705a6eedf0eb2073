"""Stacks of copies in a batch: seen, decided together, and taken apart again.

Grouping a large batch takes a moment, so it comes in three steps that a window puts
on their threads: `load` on the store's, `group` on any, `take` on any. Without them
the first question does all three.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from reviewer.domain.decision import StandingKind
from reviewer.domain.fingerprint import Fingerprint
from reviewer.domain.ids import BatchId, ItemId, Sha256Hex
from reviewer.domain.item import Item
from reviewer.domain.policy import PolicyPack
from reviewer.errors import Code, RefusedError
from reviewer.matching.stacks import Copy, Likeness, Stack, copies_of, stacks_of
from reviewer.ports import ItemRow, Store
from reviewer.safeguards.basis import Looks
from reviewer.services.confirming import (
    VIEWED,
    Confirmation,
    confirm,
    is_news,
    rulings,
)
from reviewer.services.deciding import Changed, Deciding, check_complete
from reviewer.services.drafting import Complete

META_APART: Final = "apart:"

Rules = Callable[[BatchId], tuple[Sha256Hex, PolicyPack]]
"""Returns the hash of a batch's policy pack, and the pack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyView:
    """A copy, as seen from the item it was asked about."""

    row: ItemRow
    likeness: Likeness
    distance_bits: int
    is_news: bool
    may_follow: bool
    """Open, or decided together with others and not sent: a verdict may cover it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackView:
    """An item and its copies."""

    subject: ItemRow
    representative: ItemId
    """The clearest: offered first, for all of them."""
    copies: tuple[CopyView, ...]
    """In the order of the batch."""

    def count(self, likeness: Likeness) -> int:
        """Return how many copies are like this."""
        return sum(copy.likeness is likeness for copy in self.copies)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ungrouped:
    """What grouping needs, read from the vault."""

    batch_id: BatchId
    items: tuple[Item, ...]
    prints: Mapping[ItemId, Fingerprint]
    apart: frozenset[ItemId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """The stacks of a batch."""

    source: Ungrouped
    stacks: tuple[Stack, ...]
    items: Mapping[ItemId, Item]
    stack_of: Mapping[ItemId, Stack]


def group(ungrouped: Ungrouped) -> Grouped:
    """Find the stacks of a batch; pure, on any thread."""
    stacks = stacks_of(ungrouped.items, ungrouped.prints, apart=ungrouped.apart)
    return Grouped(
        source=ungrouped,
        stacks=stacks,
        items={item.id: item for item in ungrouped.items},
        stack_of={member: stack for stack in stacks for member in stack.members},
    )


class Stacking:
    """The stacks of the open batches; on the store's thread but for `take`."""

    def __init__(self, *, store: Store, deciding: Deciding, rules: Rules) -> None:
        """Take the vault, who decides, and the rule books."""
        self._store = store
        self._deciding = deciding
        self._rules = rules
        self._grouped: dict[BatchId, Grouped] = {}

    def load(self, batch_id: BatchId) -> Ungrouped:
        """Read what grouping needs."""
        return Ungrouped(
            batch_id=batch_id,
            items=tuple(row.item for row in self._store.items(batch_id)),
            prints=dict(self._store.fingerprints(batch_id)),
            apart=self._apart(batch_id),
        )

    def is_grouped(self, batch_id: BatchId) -> bool:
        """Return whether stacks of a batch were taken; on any thread."""
        return batch_id in self._grouped

    def take(self, grouped: Grouped) -> None:
        """Answer by these stacks from now on."""
        self._grouped[grouped.source.batch_id] = grouped

    def refresh(self, batch_id: BatchId) -> tuple[Stack, ...]:
        """Load, group and take in one go, for commands and small batches."""
        self.take(group(self.load(batch_id)))
        return self.stacks(batch_id)

    def stacks(self, batch_id: BatchId) -> tuple[Stack, ...]:
        """Return the stacks of a batch, by the place of their representatives."""
        return self._of_batch(batch_id).stacks

    def of(self, item_id: ItemId) -> StackView | None:
        """Return an item with its copies; None where there is none.

        Raises:
            RefusedError: ITEM_UNKNOWN.
        """
        subject = self._store.item(item_id)
        grouped = self._of_batch(subject.batch_id)
        stack = grouped.stack_of.get(item_id)
        copies = [] if stack is None else self._copies(subject.item, stack, grouped)
        if stack is None or not copies:
            return None
        return StackView(
            subject=subject,
            representative=stack.representative,
            copies=tuple(self._view(copy) for copy in copies),
        )

    def confirm(self, item_id: ItemId, complete: Complete) -> Confirmation:
        """Group the copies that a verdict may cover by their contexts.

        Copies that were decided on their own, handed back or sent are left as they
        are. Without copies there are no groups.

        Raises:
            RefusedError: ITEM_UNKNOWN; DECISION_INCOMPLETE, no verdict of the pack.
        """
        subject = self._store.item(item_id)
        _, pack = self._rules(subject.batch_id)
        check_complete(complete, pack, has_note=True)
        view = self.of(item_id)
        copies = () if view is None else view.copies
        return confirm(
            subject.item,
            [
                (
                    copy.row.item,
                    Copy(
                        item_id=copy.row.item.id,
                        likeness=copy.likeness,
                        distance_bits=copy.distance_bits,
                    ),
                )
                for copy in copies
                if copy.may_follow
            ],
            complete,
            pack,
        )

    def decide(
        self,
        confirmation: Confirmation,
        *,
        looks: Mapping[ItemId, Looks],
        note: str | None = None,
    ) -> Changed:
        """Record the verdict on the item and the chosen copies: all, or none.

        Copies that were taken out stand alone from now on. `Changed.row` is the
        item, `Changed.also` the copies.

        Raises:
            RefusedError: DECISION_INCOMPLETE, READ_ONLY, ITEM_UNKNOWN; INPUT_INVALID,
                what is chosen is no copy of the item any more.
            UnavailableError: the disk failed; nothing has changed.
        """
        subject = self._store.item(confirmation.subject)
        batch_id = subject.batch_id
        policy_sha256, pack = self._rules(batch_id)
        check_complete(confirmation.complete, pack, has_note=bool(note))
        view = self.of(confirmation.subject)
        copies = {} if view is None else {c.row.item.id: c for c in view.copies}
        if any(not _may(copies.get(each)) for each in confirmation.chosen):
            raise RefusedError(Code.INPUT_INVALID, "copies")
        rows = [subject, *(copy.row for copy in copies.values())]
        apart = self._apart(batch_id) | set(confirmation.taken_out)
        changed = self._deciding.decide_together(
            rulings(
                confirmation,
                {row.item.id: row.item for row in rows},
                pack,
                looks=looks,
                viewed=_viewed(rows),
            ),
            policy_sha256=policy_sha256,
            note=note,
            beside=lambda tx: tx.put_meta(META_APART + batch_id, _packed(apart)),
        )
        self._part(batch_id, apart)
        return changed

    def split(self, item_ids: Sequence[ItemId]) -> Changed:
        """Take items out of their stack; what they got with it is taken back.

        What is sent, or was decided on its own, stands until it is decided anew.

        Args:
            item_ids: One or more, of one batch.

        Raises:
            RefusedError: READ_ONLY, ITEM_UNKNOWN.
            UnavailableError: the disk failed; nothing has changed.
        """
        batch_id = self._store.item(item_ids[0]).batch_id
        apart = self._apart(batch_id) | set(item_ids)
        changed = self._deciding.take_out(
            item_ids,
            beside=lambda tx: tx.put_meta(META_APART + batch_id, _packed(apart)),
        )
        self._part(batch_id, apart)
        return changed

    def _of_batch(self, batch_id: BatchId) -> Grouped:
        if batch_id not in self._grouped:
            self.take(group(self.load(batch_id)))
        return self._grouped[batch_id]

    def _copies(
        self, subject: Item, stack: Stack, grouped: Grouped
    ) -> tuple[Copy, ...]:
        if subject.id == stack.representative:
            return stack.copies
        order = {item_id: place for place, item_id in enumerate(grouped.items)}
        others = sorted(stack.members, key=lambda item_id: order[item_id])
        return copies_of(
            subject, (grouped.items[each] for each in others), grouped.source.prints
        )

    def _view(self, copy: Copy) -> CopyView:
        row = self._store.item(copy.item_id)
        return CopyView(
            row=row,
            likeness=copy.likeness,
            distance_bits=copy.distance_bits,
            is_news=is_news(row.item),
            may_follow=row.standing.kind is StandingKind.OPEN
            or self._deciding.is_together(row),
        )

    def _apart(self, batch_id: BatchId) -> frozenset[ItemId]:
        kept = self._store.meta(META_APART + batch_id)
        if kept is None:
            return frozenset()
        return frozenset(
            ItemId(one) for one in msgspec.json.decode(kept, type=list[str])
        )

    def _part(self, batch_id: BatchId, apart: frozenset[ItemId]) -> None:
        """Make the stacks anew that lost a member; the others stay as they are."""
        grouped = self._of_batch(batch_id)
        lost = {
            stack.representative
            for stack in grouped.stacks
            if apart & set(stack.members)
        }
        if not lost:
            return
        stays = [one for one in grouped.stacks if one.representative not in lost]
        members = {
            member
            for stack in grouped.stacks
            if stack.representative in lost
            for member in stack.members
        }
        items = [item for item in grouped.source.items if item.id in members]
        again = stacks_of(items, grouped.source.prints, apart=apart)
        order = {item_id: place for place, item_id in enumerate(grouped.items)}
        stacks = sorted([*stays, *again], key=lambda stack: order[stack.representative])
        self.take(
            Grouped(
                source=replace(grouped.source, apart=apart),
                stacks=tuple(stacks),
                items=grouped.items,
                stack_of={m: stack for stack in stacks for m in stack.members},
            )
        )


def _may(copy: CopyView | None) -> bool:
    return copy is not None and copy.may_follow


def _viewed(rows: Sequence[ItemRow]) -> set[Sha256Hex]:
    """Return the hashes of what was decided on a look before."""
    return {
        row.item.sha256
        for row in rows
        if row.standing.decision is not None and row.standing.decision.basis in VIEWED
    }


def _packed(apart: frozenset[ItemId]) -> bytes:
    return msgspec.json.encode(sorted(apart))
