"""At unlock the journal wins over the tables (design.md 5).

A page of the tables can be put back to an older copy of itself without SQLCipher
noticing. The journal's own pages cannot: the anchor tells. So every standing whose
last entry the tables do not know is made again from the journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

import msgspec

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import Standing, StandingKind
from reviewer.domain.ids import ItemId, Sha256Hex
from reviewer.errors import Code, UnavailableError, VerificationError
from reviewer.formats.wire import Act, DecideBody, Entry, HandBackBody, UndoBody
from reviewer.store import items
from reviewer.store.database import Database
from reviewer.store.journal import untrusted_entry

T = TypeVar("T")

ACTS_UPON_ITEMS: Final = frozenset({Act.DECIDE, Act.UNDO, Act.HAND_BACK})
"""The acts that move a standing; the SQL below names them too."""

_STALE: Final = (
    "SELECT i.item_id FROM (SELECT item_id, max(seq) AS last FROM entries"
    " WHERE act IN ('decide', 'undo', 'hand_back') GROUP BY item_id) AS e"
    " JOIN items AS i ON i.item_id = e.item_id"
    " JOIN standings AS s ON s.id = i.id WHERE s.touched <> e.last"
)
_ACTS: Final = (
    "SELECT e.item_id, v.envelope FROM entries AS e"
    " JOIN envelopes AS v ON v.seq = e.seq"
    " WHERE e.act IN ('decide', 'undo', 'hand_back') ORDER BY e.seq"
)
_OPENED: Final = (
    "UPDATE standings SET opened = 1 WHERE opened = 0 AND id IN"
    " (SELECT i.id FROM items AS i JOIN entries AS e ON e.item_id = i.item_id"
    " WHERE e.act = 'open')"
)
_INCOMPLETE: Final = (
    "SELECT count(*) FROM batches AS b WHERE b.items_count <>"
    " (SELECT count(*) FROM items AS i JOIN standings AS s ON s.id = i.id"
    " WHERE i.batch = b.id)"
)
_IMPORTS: Final = (
    "SELECT v.envelope FROM entries AS e JOIN envelopes AS v ON v.seq = e.seq"
    " WHERE e.act = 'import'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """One act that moved the standing of an item."""

    seq: int
    sha256: Sha256Hex
    standing: Standing


def heal(database: Database) -> int:
    """Make stale standings again from the journal; return how many.

    Raises:
        UnavailableError: DATABASE_DAMAGED, an entry cannot be read; DISK_FULL.
    """
    stale = {ItemId(row[0]) for row in database.rows(_STALE)}
    acts = _acts_of(database, stale) if stale else {}
    database.begin()
    try:
        for item_id, done in acts.items():
            _put_again(database, item_id, done)
        opened = database.run(_OPENED)
        database.commit()
    except BaseException:
        database.rollback()
        raise
    return len(stale) + opened


def tables_complete(database: Database) -> bool:
    """Return whether every imported batch is there with all its items."""
    if database.rows(_INCOMPLETE)[0][0]:
        return False
    known = {row[0] for row in database.rows("SELECT batch_id FROM batches")}
    imported = (_read(bytes(row[0]))[0] for row in database.rows(_IMPORTS))
    return all(entry.body.get("batch_id") in known for entry in imported)


def projected(item_id: ItemId, acts: Iterable[tuple[Entry, Sha256Hex]]) -> Standing:
    """Return what holds for an item after its acts, oldest first.

    Raises:
        UnavailableError: DATABASE_DAMAGED, an act has no such body.
    """
    standing: list[_Act] = []
    for entry, sha256 in acts:
        match entry.act:
            case Act.UNDO:
                undoes = _body(entry, UndoBody).undoes
                standing = [act for act in standing if act.sha256 != undoes]
            case Act.DECIDE:
                made = Standing(
                    item_id=item_id,
                    kind=StandingKind.DECIDED,
                    seq=entry.seq,
                    decision=_body(entry, DecideBody).decision,
                )
                standing.append(_Act(seq=entry.seq, sha256=sha256, standing=made))
            case _:
                _body(entry, HandBackBody)
                made = Standing(
                    item_id=item_id, kind=StandingKind.HANDED_BACK, seq=entry.seq
                )
                standing.append(_Act(seq=entry.seq, sha256=sha256, standing=made))
    if not standing:
        return Standing(item_id=item_id, kind=StandingKind.OPEN)
    return standing[-1].standing


_Acts = list[tuple[Entry, Sha256Hex]]


def _acts_of(database: Database, stale: set[ItemId]) -> dict[ItemId, _Acts]:
    """Read the journal once and return the acts upon the stale items."""
    acts: dict[ItemId, _Acts] = {item_id: [] for item_id in stale}
    for item_id, data in database.rows(_ACTS):
        if item_id in acts:
            acts[item_id].append(_read(bytes(data)))
    return acts


def _put_again(database: Database, item_id: ItemId, acts: _Acts) -> None:
    keep = items.one(database, item_id, receipted=0).standing.keep
    made = msgspec.structs.replace(projected(item_id, acts), keep=keep)
    items.put_standing(database, made, touched=acts[-1][0].seq)


def _read(data: bytes) -> tuple[Entry, Sha256Hex]:
    try:
        return untrusted_entry(data), sha256_hex(data)
    except VerificationError as error:
        raise UnavailableError(Code.DATABASE_DAMAGED, "entry") from error


def _body(entry: Entry, type_: type[T]) -> T:
    try:
        return msgspec.convert(entry.body, type_, strict=True)
    except msgspec.ValidationError as error:
        raise UnavailableError(Code.DATABASE_DAMAGED, f"seq {entry.seq}") from error
