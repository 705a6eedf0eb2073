"""What became of a device's work, kept by item so that a receipt can say it at once.

Only totals leave, to the person whose work it is, signed in the receipt; there is no
time in it, and nothing that compares people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from reviewer.chain.submitting import VerifiedContents
from reviewer.coordinator.models import EntryRow, WorkRow
from reviewer.coordinator.standing import (
    RETURNED,
    Handed,
    Pile,
    by_item,
    hand_overs,
    items_named,
    needs_second_review,
    stored_of,
)
from reviewer.domain.ids import ItemId
from reviewer.formats.acts import ACTS_UPON_ITEMS
from reviewer.formats.entry import VerifiedEntry
from reviewer.formats.trust import VerifiedTrust
from reviewer.formats.wire import HandOverBody, ItemBody, Outcomes, SealBody, UndoBody

FINAL: Final = "final"
SECOND_REVIEW: Final = "second_review"
BACK: Final = "returned"
NOTHING: Final = ""
_STEP_COUNT: Final = 500  # values in one statement

T = TypeVar("T")


def take(
    session: Session, trust: VerifiedTrust, contents: VerifiedContents, *, name: str
) -> Outcomes:
    """Take a submission into account, before its entries are stored, and count.

    Args:
        session: In the transaction that stores the submission.
        trust: Our own bundle, verified.
        contents: Verified, and not stored yet.
        name: Of the submission.
    """
    device = contents.binding.device
    handed = hand_overs(session, trust, device=device)
    moved = _moved(session, contents, handed)
    piles = _piles(session, trust, device, handed, named=_named(moved))
    for entry, items in moved:
        for item_id in items:
            piles[item_id].take(entry, submission=name)
    for some in _steps(list(piles)):
        session.execute(
            delete(WorkRow).where(WorkRow.device == device, WorkRow.item_id.in_(some))
        )
    rows = [
        values
        for item_id, pile in piles.items()
        if (values := _values(device, item_id, pile, trust)) is not None
    ]
    for some_rows in _steps(rows):
        session.execute(insert(WorkRow), list(some_rows))
    return totals(session, device)


def totals(session: Session, device: str) -> Outcomes:
    """Return what stands about the work of a device, in items."""
    counted = session.execute(
        select(WorkRow.state, func.count())
        .where(WorkRow.device == device)
        .group_by(WorkRow.state)
    )
    states: dict[str, int] = {row[0]: row[1] for row in counted}
    mine = select(func.count()).select_from(WorkRow).where(WorkRow.device == device)
    return Outcomes(
        final=states.get(FINAL, 0),
        second_review=states.get(SECOND_REVIEW, 0),
        returned=states.get(BACK, 0),
        escalated=session.scalar(mine.where(WorkRow.escalation != NOTHING)) or 0,
        corrected=session.scalar(mine.where(WorkRow.corrected.is_(True))) or 0,
    )


def escalated_items(session: Session) -> tuple[ItemId, ...]:
    """Return the items that were escalated by anybody, threats to life first."""
    rows = session.execute(
        select(WorkRow.item_id, WorkRow.escalation)
        .where(WorkRow.escalation != NOTHING)
        .order_by(WorkRow.escalation.desc(), WorkRow.item_id)  # threat > duty
    )
    return tuple(dict.fromkeys(ItemId(row.item_id) for row in rows))


_Moved = list[tuple[VerifiedEntry, tuple[ItemId, ...]]]


def _moved(
    session: Session, contents: VerifiedContents, handed: Sequence[Handed]
) -> _Moved:
    """Return the entries of a submission that move items, with these items."""
    many = {one.stored.entry.sha256: one.items for one in handed}
    moved: _Moved = []
    for entry in contents.entries:
        body = entry.body
        if isinstance(body, HandOverBody):
            many[entry.sha256] = items_named(session, body)
            moved.append((entry, many[entry.sha256]))
        elif isinstance(body, UndoBody):
            moved.append((entry, many.get(body.undoes, (body.item_id,))))
        elif isinstance(body, ItemBody) and entry.entry.act in ACTS_UPON_ITEMS:
            moved.append((entry, (body.item_id,)))
    return moved


def _named(moved: _Moved) -> set[ItemId]:
    return {item_id for _, items in moved for item_id in items}


def _piles(
    session: Session,
    trust: VerifiedTrust,
    device: str,
    handed: Sequence[Handed],
    *,
    named: set[ItemId],
) -> dict[ItemId, Pile]:
    """Return the earlier acts upon these items, oldest first.

    Of a device that was here before outcomes were kept, all its items are taken.
    """
    if session.scalar(select(WorkRow).where(WorkRow.device == device).limit(1)) is None:
        named = named | _all_items(session, device)
    by = by_item(handed)
    acts = {item_id: list(by.get(item_id, ())) for item_id in named}
    for some in _steps(sorted(named)):
        query = select(EntryRow).where(
            EntryRow.device == device, EntryRow.item_id.in_(some)
        )
        for row in session.scalars(query):
            if row.item_id is not None and row.act in ACTS_UPON_ITEMS:
                acts[ItemId(row.item_id)].append(stored_of(row, trust))
    piles = {}
    for item_id, found in acts.items():
        piles[item_id] = Pile()
        for stored in sorted(found, key=lambda one: one.place):
            piles[item_id].take(stored.entry, submission=stored.submission)
    return piles


def _all_items(session: Session, device: str) -> set[ItemId]:
    query = select(EntryRow.item_id).where(
        EntryRow.device == device, EntryRow.item_id.is_not(None)
    )
    return {ItemId(each) for each in session.scalars(query.distinct()) if each}


def _values(
    device: str, item_id: ItemId, pile: Pile, trust: VerifiedTrust
) -> dict[str, object] | None:
    work = pile.work()
    if work is None:
        return None
    held, call = work.held, work.escalation
    if held is None or isinstance(held.body, SealBody):
        state = NOTHING
    elif needs_second_review(held, trust):
        state = SECOND_REVIEW
    else:
        state = BACK if held.outcome in RETURNED else FINAL
    return {
        "device": device,
        "item_id": item_id,
        "state": state,
        "escalation": NOTHING if call is None else call.outcome,
        "corrected": work.corrected,
    }


def _steps(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _STEP_COUNT):
        yield values[start : start + _STEP_COUNT]
