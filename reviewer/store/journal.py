"""The journal's tables: append, read, and the tree over all entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reviewer.chain.tree import Frontier, leaf_hash
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import ItemId, Sha256Hex
from reviewer.errors import Code, UnavailableError, VerificationError
from reviewer.formats import canonical, envelope
from reviewer.formats.wire import Entry
from reviewer.ports import NewEntry, StoredEntry, StoredOpening
from reviewer.store.database import Database

NO_ENTRY: Final = Sha256Hex("0" * 64)
MAX_ENTRY_BYTES: Final = 64 * 1024
_STEP_COUNT: Final = 512  # entries held in memory at once while reading
_INSERT: Final = (
    "INSERT INTO entries (seq, act, item_id, at, leaf) VALUES (?, ?, ?, ?, ?)"
)
_INSERT_ENVELOPE: Final = (
    "INSERT INTO envelopes (seq, envelope, exact) VALUES (?, ?, ?)"
)
_RANGE: Final = (
    "SELECT e.seq, e.act, e.item_id, v.envelope FROM entries AS e"
    " JOIN envelopes AS v ON v.seq = e.seq WHERE e.seq BETWEEN ? AND ? ORDER BY e.seq"
)


@dataclass(slots=True, kw_only=True)
class Tip:
    """The end of the journal, kept in memory so that the head costs nothing."""

    size: int
    entry_sha256: Sha256Hex
    at: str
    frontier: Frontier

    @classmethod
    def empty(cls) -> Tip:
        """Return the tip of a journal without entries."""
        return cls(size=0, entry_sha256=NO_ENTRY, at="", frontier=Frontier())

    def copied(self) -> Tip:
        """Return an independent tip, to be thrown away if the transaction fails."""
        return Tip(
            size=self.size,
            entry_sha256=self.entry_sha256,
            at=self.at,
            frontier=Frontier(self.frontier.edge, size=self.frontier.size),
        )

    def root(self) -> Sha256Hex:
        """Return the RFC 6962 root over all entries."""
        return Sha256Hex(self.frontier.root().hex())


def untrusted_entry(data: bytes) -> Entry:
    """Return what an envelope says, unverified: for linking and replay only.

    Raises:
        VerificationError: MALFORMED, NOT_CANONICAL, TOO_LARGE.
    """
    signed = envelope.parse(data, max_bytes=MAX_ENTRY_BYTES)
    return canonical.decode(signed.untrusted_payload, Entry, max_bytes=MAX_ENTRY_BYTES)


def append(database: Database, tip: Tip, new: NewEntry, *, epoch: int) -> None:
    """Insert an entry that links to the tip, and move the tip.

    Raises:
        VerificationError: CHAIN_BROKEN, the entry does not follow the head.
        UnavailableError: DISK_FULL, DISK_FAILED.
    """
    entry = untrusted_entry(new.envelope)
    follows = (new.seq, entry.seq, entry.prev, entry.epoch, entry.act.value) == (
        tip.size,
        tip.size,
        tip.entry_sha256,
        epoch,
        new.act,
    )
    if not follows or entry.at < tip.at:
        raise VerificationError(Code.CHAIN_BROKEN, f"seq {new.seq}")
    leaf = leaf_hash(new.envelope)
    database.run(_INSERT, (new.seq, new.act, new.item_id, entry.at, leaf))
    database.run(_INSERT_ENVELOPE, (new.seq, new.envelope, new.exact))
    tip.frontier.append(leaf)
    tip.size += 1
    tip.entry_sha256 = sha256_hex(new.envelope)
    tip.at = entry.at


def load_tip(
    database: Database, *, marks: tuple[int, ...] = ()
) -> tuple[Tip, dict[int, Sha256Hex]]:
    """Read all leaves; return the tip and the roots at the sizes asked for.

    Raises:
        UnavailableError: DATABASE_DAMAGED, entries are missing.
    """
    frontier = Frontier()
    roots: dict[int, Sha256Hex] = {}
    for size, leaf in enumerate(leaves(database)):
        if size in marks:
            roots[size] = Sha256Hex(frontier.root().hex())
        frontier.append(leaf)
    size, data, at = _last(database)
    if size in marks:
        roots[size] = Sha256Hex(frontier.root().hex())
    entry_sha256 = NO_ENTRY if data is None else sha256_hex(data)
    return Tip(size=size, entry_sha256=entry_sha256, at=at, frontier=frontier), roots


def leaves(database: Database) -> list[bytes]:
    """Return every leaf hash in order.

    Raises:
        UnavailableError: DATABASE_DAMAGED, entries are missing.
    """
    found = database.rows("SELECT seq, leaf FROM entries ORDER BY seq")
    if any(seq != place for place, (seq, _) in enumerate(found)):
        raise UnavailableError(Code.DATABASE_DAMAGED, "entries are missing")
    return [bytes(leaf) for _, leaf in found]


def check_leaves(database: Database, size: int) -> None:
    """Hash every envelope again and compare with its leaf.

    Raises:
        UnavailableError: DATABASE_DAMAGED.
    """
    stored = zip(leaves(database), entries(database, 0, size - 1), strict=True)
    if any(leaf_hash(entry.envelope) != leaf for leaf, entry in stored):
        raise UnavailableError(Code.DATABASE_DAMAGED, "leaf")


def entries(database: Database, first: int, last: int) -> Iterator[StoredEntry]:
    """Yield entries in order, in steps; no cursor stays open between them.

    Raises:
        UnavailableError: DATABASE_DAMAGED, an entry of the range is missing.
    """
    for start in range(first, last + 1, _STEP_COUNT):
        stop = min(last, start + _STEP_COUNT - 1)
        found = database.rows(_RANGE, (start, stop))
        if len(found) != stop - start + 1:
            raise UnavailableError(Code.DATABASE_DAMAGED, f"seq {start}")
        for seq, act, item_id, data in found:
            yield StoredEntry(
                seq=seq,
                act=act,
                item_id=None if item_id is None else ItemId(item_id),
                envelope=bytes(data),
            )


def add_opening(database: Database, opening: StoredOpening) -> None:
    """Keep a free text beside its entry."""
    database.run(
        "INSERT INTO openings (seq, salt, text) VALUES (?, ?, ?)",
        (opening.seq, opening.salt, opening.text),
    )


def openings(database: Database, first: int, last: int) -> tuple[StoredOpening, ...]:
    """Return the free texts beside the entries of a range."""
    found = database.rows(
        "SELECT seq, salt, text FROM openings WHERE seq BETWEEN ? AND ? ORDER BY seq",
        (first, last),
    )
    return tuple(
        StoredOpening(seq=seq, salt=bytes(salt), text=text) for seq, salt, text in found
    )


def _last(database: Database) -> tuple[int, bytes | None, str]:
    """Return the size, and the envelope and quarter of the last entry."""
    found = database.row(
        "SELECT e.seq, v.envelope, e.at FROM entries AS e"
        " LEFT JOIN envelopes AS v ON v.seq = e.seq ORDER BY e.seq DESC LIMIT 1"
    )
    if found is None:
        return 0, None, ""
    seq, data, at = found
    if data is None:
        raise UnavailableError(Code.DATABASE_DAMAGED, f"seq {seq}")
    return int(seq) + 1, bytes(data), str(at)
