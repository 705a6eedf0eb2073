"""At unlock the journal wins over the tables (design.md 5).

A page of the tables can be put back to an older copy of itself without SQLCipher
noticing. The journal's own pages cannot: the anchor tells. So every standing whose
last entry the tables do not know is made again from the journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import Standing, StandingKind
from reviewer.domain.ids import BatchId, ItemId, Sha256Hex
from reviewer.errors import Code, UnavailableError, VerificationError
from reviewer.formats.acts import ACTS_UPON_ITEMS, SettlingAct, standing_after
from reviewer.formats.entry import BODY_TYPES
from reviewer.formats.places import unpack_places
from reviewer.formats.wire import Body, Entry, HandOverBody, UndoBody
from reviewer.store import items, sealing
from reviewer.store.database import Database
from reviewer.store.journal import untrusted_entry

_NAMES: Final = ", ".join(f"'{act.value}'" for act in sorted(ACTS_UPON_ITEMS))
_TOUCHED: Final = (
    "SELECT i.item_id, s.touched FROM items AS i JOIN standings AS s ON s.id = i.id"
)
_LAST: Final = (
    "SELECT item_id, max(seq) FROM entries"  # noqa: S608 (constants only)
    f" WHERE item_id IS NOT NULL AND act IN ({_NAMES}) GROUP BY item_id"
)
_HAND_OVERS: Final = (
    "SELECT v.envelope FROM entries AS e JOIN envelopes AS v ON v.seq = e.seq"
    " WHERE e.act = 'hand_over' ORDER BY e.seq"
)
_UNDOS: Final = (
    "SELECT v.envelope FROM entries AS e JOIN envelopes AS v ON v.seq = e.seq"
    " WHERE e.act = 'undo' ORDER BY e.seq"
)
_ACTS: Final = (
    "SELECT e.item_id, v.envelope FROM entries AS e"  # noqa: S608 (constants only)
    " JOIN envelopes AS v ON v.seq = e.seq"
    f" WHERE e.item_id IS NOT NULL AND e.act IN ({_NAMES}) ORDER BY e.seq"
)
_PLACES: Final = (
    "SELECT i.item_id FROM items AS i JOIN batches AS b ON b.id = i.batch"
    " WHERE b.batch_id = ? ORDER BY i.position"
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


_Acts = list[tuple[Entry, Sha256Hex]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """One act that moved the standing of an item."""

    seq: int
    sha256: Sha256Hex
    body: SettlingAct


@dataclass(frozen=True, slots=True, kw_only=True)
class _Many:
    """An entry about many items: a hand-over, or what took one back."""

    entry: Entry
    sha256: Sha256Hex
    item_ids: frozenset[ItemId]


def heal(database: Database) -> int:
    """Make stale standings again from the journal; return how many.

    Raises:
        UnavailableError: DATABASE_DAMAGED, an entry cannot be read; DISK_FULL.
    """
    many = _many(database)
    stale = _stale(database, many)
    acts = _acts_of(database, stale, many) if stale else {}
    database.begin()
    try:
        for item_id, done in acts.items():
            _put_again(database, item_id, done)
        opened = database.run(_OPENED)
        dropped = sealing.enforce(database)
        database.commit()
    except BaseException:
        database.rollback()
        raise
    return len(stale) + opened + dropped


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
        body = _body(entry)
        if isinstance(body, UndoBody):
            standing = [act for act in standing if act.sha256 != body.undoes]
        elif isinstance(body, SettlingAct):
            standing.append(_Act(seq=entry.seq, sha256=sha256, body=body))
    made = Standing(item_id=item_id, kind=StandingKind.OPEN)
    for act in standing:
        made = standing_after(made, act.body, seq=act.seq)
    return made


def _many(database: Database) -> tuple[_Many, ...]:
    """Return the hand-overs of the journal, and what took them back, in order."""
    made: dict[Sha256Hex, _Many] = {}
    for (data,) in database.rows(_HAND_OVERS):
        entry, sha256 = _read(bytes(data))
        named = _named(database, entry)
        made[sha256] = _Many(entry=entry, sha256=sha256, item_ids=named)
    if not made:
        return ()
    undone = []
    for (data,) in database.rows(_UNDOS):
        entry, sha256 = _read(bytes(data))
        body = _body(entry)
        if isinstance(body, UndoBody) and body.undoes in made:
            named = made[body.undoes].item_ids
            undone.append(_Many(entry=entry, sha256=sha256, item_ids=named))
    return tuple(sorted((*made.values(), *undone), key=lambda one: one.entry.seq))


def _named(database: Database, entry: Entry) -> frozenset[ItemId]:
    """Return the items that a hand-over names by their places."""
    body = _body(entry)
    if not isinstance(body, HandOverBody):
        raise UnavailableError(Code.DATABASE_DAMAGED, f"seq {entry.seq}")
    places = _in_batch(database, body.batch_id)
    try:
        return frozenset(places[place] for place in unpack_places(body.items))
    except (IndexError, VerificationError) as error:
        raise UnavailableError(Code.DATABASE_DAMAGED, f"seq {entry.seq}") from error


def _in_batch(database: Database, batch_id: BatchId) -> list[ItemId]:
    return [ItemId(row[0]) for row in database.rows(_PLACES, (batch_id,))]


def _stale(database: Database, many: tuple[_Many, ...]) -> set[ItemId]:
    """Return the items whose last act their standing does not know."""
    last = {ItemId(item_id): int(seq) for item_id, seq in database.rows(_LAST)}
    for one in many:
        for item_id in one.item_ids:
            last[item_id] = max(last.get(item_id, -1), one.entry.seq)
    known = {ItemId(item_id): touched for item_id, touched in database.rows(_TOUCHED)}
    return {each for each, seq in last.items() if known.get(each, seq) != seq}


def _acts_of(
    database: Database, stale: set[ItemId], many: tuple[_Many, ...]
) -> dict[ItemId, _Acts]:
    """Read the journal once and return the acts upon the stale items, in order."""
    acts: dict[ItemId, _Acts] = {item_id: [] for item_id in stale}
    for item_id, data in database.rows(_ACTS):
        if item_id in acts:
            acts[item_id].append(_read(bytes(data)))
    for one in many:
        for each in one.item_ids & stale:
            acts[each].append((one.entry, one.sha256))
    return {
        item_id: sorted(done, key=lambda act: act[0].seq)
        for item_id, done in acts.items()
    }


def _put_again(database: Database, item_id: ItemId, acts: _Acts) -> None:
    keep = items.one(database, item_id, receipted=0).standing.keep
    made = msgspec.structs.replace(projected(item_id, acts), keep=keep)
    items.put_standing(database, made, touched=acts[-1][0].seq)


def _read(data: bytes) -> tuple[Entry, Sha256Hex]:
    try:
        return untrusted_entry(data), sha256_hex(data)
    except VerificationError as error:
        raise UnavailableError(Code.DATABASE_DAMAGED, "entry") from error


def _body(entry: Entry) -> Body:
    try:
        return msgspec.convert(entry.body, BODY_TYPES[entry.act], strict=True)
    except (msgspec.ValidationError, KeyError) as error:
        raise UnavailableError(Code.DATABASE_DAMAGED, f"seq {entry.seq}") from error
