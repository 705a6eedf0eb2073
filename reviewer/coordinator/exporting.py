"""What stands about every item, beside its row of the spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviewer.coordinator.export import ExportRow, export_row, write_csv
from reviewer.coordinator.models import EntryRow, OpeningRow, PackItem, SubmissionRow
from reviewer.coordinator.outcomes import escalated_items
from reviewer.coordinator.packs import kept_item
from reviewer.coordinator.standing import (
    Pile,
    Sent,
    Work,
    by_item,
    hand_overs,
    needs_second_review,
    stored_of,
)
from reviewer.coordinator.state import State
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import Escalation, StandingKind
from reviewer.domain.ids import ItemId
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical
from reviewer.formats.acts import ACTS_UPON_ITEMS
from reviewer.formats.trust import VerifiedTrust
from reviewer.formats.wire import EscalateBody, Opening, ThreatWords

HANDED_BACK: Final = StandingKind.HANDED_BACK.value
YES: Final = "yes"
_NOTE_BYTES: Final = 64 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands about an item by one device."""

    device: str
    work: Work


class Exporting:
    """One export, within one transaction."""

    def __init__(self, state: State, trust: VerifiedTrust, session: Session) -> None:
        """Read the few entries that are about many items."""
        self._state = state
        self._trust = trust
        self._session = session
        self._handed = by_item(hand_overs(session, trust))
        self._receipts: dict[str, str] = {}

    def rows(self) -> Iterator[ExportRow]:
        """Yield one row for each item and device, escalated items first."""
        first = escalated_items(self._session)
        for item_id in first:
            row = self._session.get(PackItem, item_id)
            if row is not None:
                yield from self._of(row)
        order = select(PackItem).order_by(PackItem.pack_id, PackItem.position)
        done = frozenset(first)
        for row in self._session.scalars(order):
            if row.item_id not in done:
                yield from self._of(row)

    def standings(self, item_id: ItemId) -> tuple[Standing, ...]:
        """Return what stands about an item, one for each device."""
        query = select(EntryRow).where(EntryRow.item_id == item_id)
        rows = (row for row in self._session.scalars(query) if row.act in _UPON_ITEMS)
        acts = [stored_of(row, self._trust) for row in rows]
        acts.extend(self._handed.get(item_id, ()))
        piles: dict[str, Pile] = {}
        for stored in sorted(acts, key=lambda one: one.place):
            pile = piles.setdefault(stored.device, Pile())
            pile.take(stored.entry, submission=stored.submission)
        return tuple(
            Standing(device=device, work=work)
            for device, pile in piles.items()
            if (work := pile.work()) is not None
        )

    def _of(self, row: PackItem) -> Iterator[ExportRow]:
        cells = kept_item(self._state, row).cells
        found = self.standings(ItemId(row.item_id))
        if not found:
            yield export_row(cells)
        if any(_is_sealed(standing) for standing in found):
            cells = {"file": cells["file"]}
        for standing in found:
            yield self._described(cells, standing)

    def _described(self, cells: dict[str, str], standing: Standing) -> ExportRow:
        work = standing.work
        last = work.last
        if last is None:
            return export_row(cells)
        results = {
            "outcome": last.outcome,
            "date": last.at,
            "receipt": self._receipt(last),
            "second_review": _yes(needs_second_review(work.held, self._trust)),
            "escalation": "" if work.escalation is None else work.escalation.outcome,
            "corrected": _yes(work.corrected),
            "note": self._note(standing),
        }
        decision = last.decision
        if decision is None:
            return export_row(cells, grounds=(), **results)
        results |= {
            "verdict": decision.verdict,
            "purpose": decision.protected_purpose or "",
            "basis": decision.basis.value,
        }
        return export_row(cells, grounds=decision.grounds, **results)

    def _receipt(self, sent: Sent) -> str:
        if sent.submission not in self._receipts:
            row = self._session.get(SubmissionRow, sent.submission)
            if row is None:
                raise VerificationError(Code.CHAIN_BROKEN, "stored journal")
            self._receipts[sent.submission] = sha256_hex(row.receipt)
        return self._receipts[sent.submission]

    def _note(self, standing: Standing) -> str:
        work = standing.work
        acts = [act for act in (work.escalation, work.held) if act is not None]
        notes = [self._opened(standing.device, act) for act in acts]
        return "\n".join(note for note in notes if note)

    def _opened(self, device: str, sent: Sent) -> str:
        """Return the free text beside an act; a threat's form line by line."""
        if not sent.has_note:
            return ""
        row = self._session.get(OpeningRow, (device, sent.epoch, sent.seq))
        if row is None:
            return ""
        place = f"opening {device} {sent.epoch} {sent.seq}"
        clear = self._state.key.unwrap(row.wrapped, purpose=place)
        text = canonical.decode(clear, Opening, max_bytes=_NOTE_BYTES).text
        body = sent.body
        if isinstance(body, EscalateBody) and body.kind is Escalation.THREAT_TO_LIFE:
            return _form(text)
        return text


def _is_sealed(standing: Standing) -> bool:
    """Return whether nothing that describes the item may leave any more."""
    last = standing.work.last
    return last is not None and last.outcome == StandingKind.SEALED.value


_UPON_ITEMS: Final = frozenset(act.value for act in ACTS_UPON_ITEMS)


def export_csv(state: State, trust: VerifiedTrust, out: BinaryIO) -> int:
    """Write one row for each item and device that acted upon it, or one empty row.

    Returns:
        The number of rows.

    Raises:
        UnavailableError: DISK_FULL, DISK_FAILED.
    """
    with state.database.transaction() as session:
        return write_csv(Exporting(state, trust, session).rows(), out)


def _form(text: str) -> str:
    """Return a threat's form for a cell; as it is, where a device wrote no form."""
    try:
        words = msgspec.json.decode(text, type=ThreatWords)
    except (msgspec.MsgspecError, UnicodeError):
        return text
    given = msgspec.structs.asdict(words)
    return "; ".join(f"{name}: {line}" for name, line in given.items() if line)


def _yes(value: bool) -> str:  # noqa: FBT001 (of a cell)
    return YES if value else ""
