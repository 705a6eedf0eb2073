"""What the services need from the world: protocols, and the values that cross.

Adapters (`store`, `keys`, `sync`, `media`) and services meet only here. Each port
has one conformance suite in tests/conformance, shared by its adapter and its fake.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reviewer.crypto.signing import SigningKey
from reviewer.domain.decision import Standing, StandingKind
from reviewer.domain.fingerprint import Fingerprint
from reviewer.domain.ids import (
    BatchId,
    ItemId,
    KeyId,
    MonoMs,
    Sha256Hex,
    UnixMs,
    UtcTime,
)
from reviewer.domain.item import BatchPurpose, Item, Kind, Priority
from reviewer.domain.orgconfig import KeyringMode
from reviewer.domain.rendition import Aim, Box, Hits, MediaInfo, Rendition, SandboxLevel
from reviewer.safeguards.grant import Grant


class Clock(Protocol):
    """Time as an argument."""

    def unix_ms(self) -> UnixMs:
        """Return the local wall clock, untrusted."""

    def mono_ms(self) -> MonoMs:
        """Return a clock that never goes back while the machine runs."""


class Entropy(Protocol):
    """Randomness as an argument."""

    def __call__(self, count_bytes: int, /) -> bytes:
        """Return fresh secret bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextKeys:
    """What is on its way to replace item key and database key."""

    item_key: bytes
    item_key_generation: int
    database_key: bytes
    """The current one where only the item key turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultKeys:
    """What an unlocked header yields; lives in memory only."""

    vault_id: str
    epoch: int
    keyring: KeyringMode
    database_key: bytes
    """48 bytes: SQLCipher raw key and salt."""
    anchor_key: bytes
    """32 bytes, MAC of the file anchor."""
    item_key: bytes
    """32 bytes, wraps the age identity of each item; rotates on shred and seal."""
    item_key_generation: int = 0
    log_key: bytes
    """32 bytes, makes the pseudonyms of ids in the log of events."""
    ledger_key: bytes
    """32 bytes, seals the exposure ledger. Wrapped by passphrase and device secret
    alone, never by the vault key, so that whoever recovers a vault cannot open it."""
    device: SigningKey
    next: NextKeys | None = None
    """Set while keys turn: each thing in the database is under these or the others."""


class KeyVault(Protocol):
    """The profile's header and the system keyring (design.md 5)."""

    def exists(self) -> bool:
        """Return whether this profile has a header."""

    def keyring_mode(self) -> KeyringMode:
        """Return the mode bound into the header, readable before unlock."""

    def create(self, passphrase: str, *, keyring: KeyringMode) -> VaultKeys:
        """Make a vault with a fresh device key; refuse weak passphrases."""

    def unlock(self, passphrase: str) -> VaultKeys:
        """Open the header; one uniform refusal whatever part was wrong."""

    def change_passphrase(self, old: str, new: str) -> None:
        """Rewrap the vault key; nothing else changes."""

    def begin_turn(self, *, database: bool) -> VaultKeys:
        """Write fresh keys beside the current ones, durably; return both.

        With `database` the key of the database turns too. A turn that was begun and
        not finished is returned as it is. Raise LOCKED after `forget`, KEYRING_LOCKED
        or KEYRING_MISSING where the keyring takes none.
        """

    def finish_turn(self) -> VaultKeys:
        """Let the fresh keys take over and destroy the old ones; raise LOCKED."""

    def forget(self) -> None:
        """Forget what `unlock` kept in memory for a turn."""

    def destroy(self) -> None:
        """Remove the header and its keyring entries (failed enrolment only)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProfile:
    """A profile of this laptop, as far as it is known before it is opened."""

    folder: Path
    alias: str
    """A word that its person chose; empty for the first profile of a laptop."""
    is_set_up: bool


class SupportCopy(Protocol):
    """Whom to talk to, readable before any unlock; neither call raises."""

    def read(self) -> tuple[str, ...]:
        """Return the lines; none where there is no copy, or none that can be read."""

    def write(self, lines: tuple[str, ...], /) -> None:
        """Keep these lines, where they differ from those that are kept."""


class AnchorCopies(Protocol):
    """Copies of the anchor outside the profile's folder, by rising number.

    A number is used once and nothing is overwritten, so that the copy before stays
    whole whatever happens. None of these calls raises: a copy is a second line.
    """

    def read(self, vault_id: str, number: int, /) -> bytes | None:
        """Return the copy of that number, if there is one and it can be read."""

    def write(self, vault_id: str, number: int, data: bytes, /) -> bool:
        """Keep a copy; False where it is not sure, or would take more than a moment."""

    def drop(self, vault_id: str, number: int, /) -> None:
        """Forget a copy; nothing happens where there is none."""


# Store -------------------------------------------------------------------------


class Confirmed(Protocol):
    """Told once a commit is durable (design.md 5, *Confirmed*)."""

    def __call__(self, seq: int, entry_sha256: Sha256Hex, /) -> None:
        """Raise the counter; under the harness, write one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the journal stands."""

    epoch: int
    size: int
    """Number of entries; the next entry's `seq`."""
    entry_sha256: Sha256Hex
    """Of the last envelope; 64 zeros when there is none."""
    at: str
    """Quarter of the last entry; empty when there is none."""
    receipted: int
    """Entries below this number are covered by a verified receipt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """A signed entry on its way into the journal."""

    seq: int
    act: str
    item_id: ItemId | None
    envelope: bytes
    exact: bytes
    """Canonical JSON of the opening of `moment`: salt, unix_ms, mono_ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """One entry as it was committed."""

    seq: int
    act: str
    item_id: ItemId | None
    envelope: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOpening:
    """Free text beside an entry."""

    seq: int
    salt: bytes
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """A batch in the vault."""

    batch_id: BatchId
    coordinator: KeyId
    seq: int
    sha256: Sha256Hex
    """Of the batch's envelope bytes; the next batch's `prev`."""
    name: str
    purpose: BatchPurpose
    policy_sha256: Sha256Hex
    config_sha256: Sha256Hex
    issued: UtcTime
    not_after: UtcTime
    media_file: str
    """Name of the file under the profile's `media` folder: the batch id."""
    items_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCounts:
    """How a batch stands, for home; escalated ones include threats to life."""

    open: int
    decided: int
    handed_back: int
    second_opinion: int = 0
    policy_unclear: int = 0
    escalated: int = 0
    handed_over: int = 0
    """The rest that was returned, on request or past its date."""
    sealed: int = 0
    """Concluded because a minor may be shown, marked ones among them."""
    severities: tuple[int, int, int, int, int, int, int]
    """Number of items at severity 0 to 5, then unrated."""
    languages: tuple[str, ...]
    open_priority: Priority | None = None  # the most urgent one that is open


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item in the vault. `item.identity` is always the empty string here."""

    batch_id: BatchId
    position: int
    item: Item
    opened: bool
    """An `open` entry exists."""
    own_severity: int | None
    """As corrected by the reviewer."""
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKeyRow:
    """A single-use private key of the stock."""

    key_id: KeyId
    private: bytes
    published: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingSubmission:
    """A submission frozen before it is first sent."""

    sha256: Sha256Hex
    first: int
    last: int
    data: bytes


class Writing(Protocol):
    """One transaction. Everything lands, or nothing does."""

    def append(self, entry: NewEntry, /) -> None:
        """Add an entry at exactly the head's `size`."""

    def add_opening(self, opening: StoredOpening, /) -> None:
        """Keep a free text beside its entry."""

    def put_standing(self, standing: Standing, /) -> None:
        """Set what now holds for an item."""

    def put_standings(self, standings: Sequence[Standing], /) -> None:
        """Set what the entry appended last makes of these items, in one go."""

    def mark_opened(self, item_id: ItemId, /) -> None:
        """Note that the item has its `open` entry."""

    def set_keep(self, item_id: ItemId, /, *, keep: bool) -> None:
        """Keep an item for later."""

    def set_own_severity(self, item_id: ItemId, severity: int | None, /) -> None:
        """Correct the severity for this reviewer."""

    def add_batch(self, row: BatchRow, items: Sequence[Item], /) -> None:
        """Insert a batch and its items; identities are wrapped, then dropped."""

    def put_fingerprint(self, item_id: ItemId, fingerprint: Fingerprint, /) -> None:
        """Keep what an item looks like, in place of an earlier fingerprint."""

    def seal_item(self, item_id: ItemId, /, *, keep_key: bool) -> None:
        """Destroy an item's key, its fingerprint, and all it says.

        Id, reference, hash and place in the media remain, and where `keep_key`, the
        wrapped key in a place that no reader looks at (`Store.kept_identity`). Keys
        have to turn afterwards.
        """

    def drop_kept_key(self, item_id: ItemId, /) -> None:
        """Destroy a key that `seal_item` kept; keys have to turn afterwards."""

    def shred_keys(self, item_ids: Sequence[ItemId], /) -> None:
        """Destroy the keys of items; keys have to turn afterwards."""

    def put_seal_keys(self, keys: Sequence[SealKeyRow], /) -> None:
        """Add single-use keys to the stock, or mark them published."""

    def drop_seal_key(self, key_id: KeyId, /) -> None:
        """Destroy a single-use key after its batch is in."""

    def add_submission(self, pending: PendingSubmission, /) -> None:
        """Freeze a submission."""

    def add_receipt(
        self, envelope: bytes, /, *, submission: Sha256Hex, size: int
    ) -> None:
        """Keep a verified receipt; entries below `size` now count as sent."""

    def put_meta(self, key: str, value: bytes, /) -> None:
        """Set a small value: trust bundle, coordinator address, place kept."""

    def put_ledger_totals(self, sealed: bytes, /) -> None:
        """Remember the exposure totals beside the journal and in the anchor.

        Opaque here: sealed by `LedgerFile.seal`. At most 8 KiB.
        """

    def raise_signed_time(self, time: UtcTime, /) -> None:
        """Lift the highest signed time seen; never lowers it."""


class Identities(Protocol):
    """The identities of one batch, unwrapped one by one, on any thread."""

    def __call__(self, item_id: ItemId, /) -> bytes:
        """Unwrap one; raise ITEM_UNKNOWN once shredded."""


class Store(Protocol):
    """The encrypted database and its anchor (design.md 5)."""

    def write(self) -> AbstractContextManager[Writing]:
        """Open a transaction; on leaving, commit, fsync the anchor, confirm."""

    def read_only(self) -> bool:
        """Return whether the database is behind its anchor (rolled back)."""

    def anchor_copy(self) -> bytes:
        """Return the anchor as it stands, under its MAC, to be kept elsewhere."""

    def hold_against(self, copy: bytes, /) -> None:
        """Turn read-only where a copy of the anchor goes beyond what is here.

        Bytes that are no copy of this vault's anchor change nothing.
        """

    def head(self) -> Head:
        """Return where the journal stands."""

    def entries(self, first: int, last: int, /) -> Iterator[StoredEntry]:
        """Yield the entries `first` to `last`, both included."""

    def leaf_hashes(self) -> list[bytes]:
        """Return the RFC 6962 leaf hash of every entry."""

    def openings(self, first: int, last: int, /) -> tuple[StoredOpening, ...]:
        """Return the free texts beside those entries."""

    def batches(self) -> tuple[BatchRow, ...]:
        """Return all batches, newest last."""

    def batch_by_seq(self, coordinator: KeyId, seq: int, /) -> BatchRow | None:
        """Return the batch of that number in the stream."""

    def counts(self, batch_id: BatchId, /) -> BatchCounts:
        """Count a batch without reading its items one by one."""

    def items(self, batch_id: BatchId, /) -> tuple[ItemRow, ...]:
        """Return the items of a batch in order."""

    def item(self, item_id: ItemId, /) -> ItemRow:
        """Return one item; raise ITEM_UNKNOWN."""

    def identity(self, item_id: ItemId, /) -> bytes:
        """Unwrap the item's age identity; raise ITEM_UNKNOWN once shredded."""

    def copies(self, sha256: Sha256Hex, /) -> tuple[ItemId, ...]:
        """Return the items of all batches with exactly these bytes, oldest first."""

    def standing_as(self, kind: StandingKind, /) -> tuple[ItemRow, ...]:
        """Return the items of all batches that stand so, oldest first."""

    def kept_keys(self) -> tuple[ItemId, ...]:
        """Return the sealed items whose key is still here, locked away."""

    def kept_identity(self, item_id: ItemId, /) -> bytes:
        """Unwrap a key that was kept, to seal it; raise ITEM_UNKNOWN."""

    def keyed(self, batch_id: BatchId, /) -> frozenset[ItemId]:
        """Return the items of a batch whose key is still here, sealed ones aside."""

    def turn_due(self) -> bool:
        """Return whether a key was destroyed since keys last turned whole."""

    def turn(self, keys: VaultKeys, /) -> None:
        """Bring what is left under `keys.next`; going on where a crash stopped it.

        Raise READ_ONLY, DISK_FULL, DISK_FAILED: then do it again when next opened.
        """

    def identities(self, batch_id: BatchId, /) -> Identities:
        """Read the wrapped identities of a batch at once; see `Identities`."""

    def find(self, batch_id: BatchId, phrases: Sequence[str], /) -> frozenset[ItemId]:
        """Return the items that hold every phrase, and maybe some that do not.

        Phrases are folded words (`reviewer.matching.words`), at least one; the index
        only narrows down, and the caller counts for itself.
        """

    def fingerprints(
        self, batch_id: BatchId, /
    ) -> tuple[tuple[ItemId, Fingerprint], ...]:
        """Return the fingerprints of a batch as far as they are known, in order."""

    def unprinted(self, batch_id: BatchId, /, *, most: int) -> tuple[ItemId, ...]:
        """Return the first items of a batch that have no fingerprint yet."""

    def seal_keys(self) -> tuple[SealKeyRow, ...]:
        """Return the stock of single-use keys."""

    def pending(self) -> PendingSubmission | None:
        """Return the frozen submission that has no receipt yet."""

    def receipts(self) -> tuple[bytes, ...]:
        """Return the verified receipts, oldest first."""

    def meta(self, key: str, /) -> bytes | None:
        """Return a small value."""

    def ledger_totals(self) -> tuple[bytes, ...]:
        """Return the sealed totals of database and anchor; any may be the older."""

    def signed_time(self) -> UtcTime | None:
        """Return the highest signed time seen."""

    def media_dir(self) -> Path:
        """Return the folder of delivered media, one file per batch."""

    def close(self) -> None:
        """Close the database; every later call raises LOCKED."""


class StoreState(enum.Enum):
    """What is on the disk, told without a key: a hint, until the store is open."""

    NONE = "none"
    """No database, and no sign that there ever was one with an entry."""
    EMPTY = "empty"
    """A database in which nothing was ever confirmed: an enrolment not finished."""
    BEGUN = "begun"
    """A journal with entries, or what is left of one."""


class StoreOpener(Protocol):
    """Opens or creates the database of a profile."""

    def state(self) -> StoreState:
        """Return what is on the disk; nothing is opened."""

    def create(self, keys: VaultKeys, /) -> Store:
        """Make an empty database; refuse if there is one."""

    def open(self, keys: VaultKeys, /) -> Store:
        """Open by the sequence of security.md 3.2, migrate, check the anchor."""

    def destroy(self) -> None:
        """Remove the database, anchor and media (failed enrolment only)."""


# Ledger ------------------------------------------------------------------------


class LedgerFile(Protocol):
    """The sealed file of one person's exposure ledger (design.md 5).

    Bytes on both sides: no adapter and no port knows what is in it, and nothing that
    sends or signs is given one.
    """

    def read(self) -> bytes | None:
        """Return what was written last, None where there is none; UNSEAL_FAILED."""

    def write(self, data: bytes, /) -> None:
        """Replace it durably: after a crash it is the old or the new, never neither."""

    def seal(self, totals: bytes, /) -> bytes:
        """Seal totals for the vault to keep, under the same key."""

    def open(self, sealed: bytes, /) -> bytes:
        """Open what `seal` made; raise UNSEAL_FAILED."""


class LedgerOpener(Protocol):
    """Finds the ledger of a profile."""

    def __call__(self, keys: VaultKeys, /) -> LedgerFile:
        """Touch nothing yet."""


# Media -------------------------------------------------------------------------


class MediaReader(Protocol):
    """The clear bytes of one item, decrypted on demand, never written."""

    @property
    def size_bytes(self) -> int:
        """Return the true size, without padding."""

    def read(self, offset_bytes: int, length_bytes: int, /) -> bytes:
        """Return authenticated bytes; raise VerificationError."""


class DecoderSession(Protocol):
    """One item in one locked child. Calls block; any may raise MediaError."""

    def info(self) -> MediaInfo:
        """Return checked numbers about the media."""

    def prepare(self, aim: Aim, /) -> None:
        """Let the child decode, and render a look ahead; nothing leaves it."""

    def concealed(self, *, long_side_px: int, grey: bool) -> Rendition:
        """Return a still (or the first key frame) within the concealed ceiling."""

    def storyboard(self, *, grey: bool) -> tuple[Rendition, ...]:
        """Return up to twelve concealed tiles within the sheet budget."""

    def clear(
        self, grant: Grant, /, *, box: Box, width_px: int, height_px: int, at_ms: int
    ) -> Rendition:
        """Render the box at the grant's step; `at_ms` is ignored for stills."""

    def text(self, grant: Grant, /, *, page: int) -> str:
        """Return one page of a text item, as plain text, at most 8 000 characters."""

    def find(self, query: str, /, *, first_page: int) -> Hits:
        """Return where words stand in a text; places only, so no grant is needed."""

    def fingerprint(self) -> Fingerprint:
        """Return what a picture or clip looks like, as bits; nothing is shown."""

    def close(self) -> None:
        """End the child; safe to call twice, and from any thread."""


class DecoderPool(Protocol):
    """Locked children, one per item."""

    @property
    def level(self) -> SandboxLevel:
        """Return the walls that were proved at start by a canary child."""

    def open(
        self, reader: MediaReader, /, *, item_id: ItemId, kind: Kind, declared_type: str
    ) -> DecoderSession:
        """Start a child for an item; raise SANDBOX_UNAVAILABLE where there is none."""

    def close_all(self) -> None:
        """End every child; the pool can be used again."""

    def shut_down(self) -> None:
        """End the zygote too."""
