"""One device's journal: its chain, its checkpoints, its receipts (design.md 4).

Each entry names the hash of the one before it, so removing, changing or reordering
an entry breaks every later one; a checkpoint sums up all entries in one signed tree
head; a receipt bears the coordinator's cosignature over that head. What a receipt
covers can no longer be dropped unseen by whoever holds the receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.chain import note as notes
from reviewer.chain import tree
from reviewer.chain.note import Checkpoint
from reviewer.crypto.signing import SigningKey, VerifyingKey
from reviewer.domain.ids import KeyId, Sha256Hex, UnixMs, UtcTime
from reviewer.domain.times import utc_of
from reviewer.errors import Code, VerificationError
from reviewer.formats.entry import VerifiedEntry, verify_entry
from reviewer.formats.receipt import open_receipt
from reviewer.formats.signed import ZERO_HASH
from reviewer.formats.trust import VerifiedTrust
from reviewer.formats.wire import Act, Receipt

_MS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """Where a chain stands: what the next entry must continue."""

    size: int
    """Number of entries; the next one's `seq`."""
    head: Sha256Hex
    """Of the last envelope; 64 zeros when there is none."""
    at: str
    """Quarter of the last entry; empty when there is none."""
    epoch: int | None = None
    """None when there is no entry yet."""


START: Final = ChainHead(size=0, head=ZERO_HASH, at="")
"""Before the first entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedChain:
    """A run of entries that continue a head; made by `verify_chain` alone."""

    size: int
    head: Sha256Hex
    at: str
    epoch: int | None
    root: bytes | None
    """Of the tree over all entries; None when the run began in the middle."""

    def next_head(self) -> ChainHead:
        """Return the head that a later run must continue."""
        return ChainHead(size=self.size, head=self.head, at=self.at, epoch=self.epoch)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedReceipt:
    """A receipt whose cosignature holds; made by `verify_receipt` alone."""

    receipt: Receipt
    size: int
    """Entries below this number are covered."""
    root: bytes
    """Of the tree over them; the caller compares it with its own."""
    coordinator: KeyId


@dataclass(frozen=True, slots=True, kw_only=True)
class ForkProof:
    """Two entries of one device, epoch and number: a clone, or a restored copy."""

    seq: int
    first: bytes
    second: bytes


def verify_chain(
    envelopes: Iterable[bytes], *, key: VerifyingKey, start: ChainHead = START
) -> VerifiedChain:
    """Verify entry after entry; flat memory, near the cost of bare Ed25519.

    Raises:
        VerificationError: CHAIN_GAP, a number is missing; CHAIN_BROKEN, an entry
            does not follow the one before; and what `verify_entry` raises.
    """
    head = start
    frontier = tree.Frontier() if start.size == 0 else None
    for envelope in envelopes:
        head = follow(head, verify_entry(envelope, key=key))
        if frontier is not None:
            frontier.append(tree.leaf_hash(envelope))
    return VerifiedChain(
        size=head.size,
        head=head.head,
        at=head.at,
        epoch=head.epoch,
        root=None if frontier is None else frontier.root(),
    )


def follow(head: ChainHead, entry: VerifiedEntry) -> ChainHead:
    """Return the head after `entry`, if it continues `head`.

    1. Its number is the next one.
    2. It names the last envelope's hash.
    3. Its epoch is the chain's, its quarter not lower.
    4. The first entry, and no other, is `begin`.

    Raises:
        VerificationError: CHAIN_GAP, CHAIN_BROKEN.
    """
    value = entry.entry
    # 1.
    if value.seq != head.size:
        raise VerificationError(Code.CHAIN_GAP, f"{value.seq} after {head.size}")
    # 2.
    if value.prev != head.head:
        raise VerificationError(Code.CHAIN_BROKEN, f"{value.seq}")
    # 3.
    if head.epoch not in {None, value.epoch} or value.at < head.at:
        raise VerificationError(Code.CHAIN_BROKEN, f"{value.seq}")
    # 4.
    if (value.act is Act.BEGIN) != (value.seq == 0):
        raise VerificationError(Code.CHAIN_BROKEN, f"{value.seq}")
    return ChainHead(
        size=head.size + 1, head=entry.sha256, at=value.at, epoch=value.epoch
    )


def fork_proof(first: bytes, second: bytes, *, key: VerifyingKey) -> ForkProof | None:
    """Return proof of a fork if `key` signed two different entries of one number.

    Raises:
        VerificationError: one of them is no entry of this device.
    """
    one, two = verify_entry(first, key=key), verify_entry(second, key=key)
    places = {(entry.entry.epoch, entry.entry.seq) for entry in (one, two)}
    if len(places) != 1 or one.sha256 == two.sha256:
        return None
    return ForkProof(seq=one.entry.seq, first=first, second=second)


def origin_of(device: KeyId, *, epoch: int) -> str:
    """Return the checkpoint's origin: which journal a tree head is of."""
    return f"rv/{device}/{epoch}"


def witness_of(coordinator: KeyId) -> str:
    """Return the name under which a coordinator cosigns."""
    return f"rv/coordinator/{coordinator}"


def sign_checkpoint(*, device: SigningKey, epoch: int, leaves: Sequence[bytes]) -> str:
    """Return the device's signed note over all entries, given their leaf hashes."""
    checkpoint = Checkpoint(
        origin=origin_of(device.key_id, epoch=epoch),
        size=len(leaves),
        root=tree.root(leaves),
    )
    return notes.sign_checkpoint(checkpoint, key=device)


def open_checkpoint(note: str, *, device: VerifyingKey, epoch: int) -> Checkpoint:
    """Return a tree head that the device signed, and nobody else.

    Raises:
        VerificationError: MALFORMED, NOT_CANONICAL, TOO_LARGE, KEY_UNKNOWN,
            SIGNATURE_INVALID; CHAIN_BROKEN, of another journal.
    """
    parsed = notes.parse_note(note)
    if len(parsed.signatures) != 1:
        raise VerificationError(Code.MALFORMED, "checkpoint signatures")
    return _checkpoint_of(parsed, device=device, epoch=epoch)


def verify_receipt(
    data: bytes, *, trust: VerifiedTrust, device: VerifyingKey
) -> VerifiedReceipt:
    """Believe a receipt for this device; whether it fits our tree, the caller asks.

    1. The envelope: signed by a coordinator key valid at the time it states.
    2. The device is ours.
    3. The checkpoint within is the device's own, of the epoch and size stated.
    4. The same coordinator cosigned it, at that same time, and nobody else did.

    Raises:
        VerificationError: what `open_receipt` raises; RECEIPT_MISMATCH, for another
            device, range or time; MALFORMED, KEY_UNKNOWN, SIGNATURE_INVALID,
            CHAIN_BROKEN.
    """
    # 1.
    receipt, coordinator = open_receipt(data, trust=trust)
    # 2.
    if receipt.device != device.key_id:
        raise VerificationError(Code.RECEIPT_MISMATCH, "device")
    # 3.
    note = notes.parse_note(receipt.checkpoint)
    checkpoint = _checkpoint_of(note, device=device, epoch=receipt.epoch)
    if checkpoint.size != receipt.last + 1 or receipt.last < receipt.first:
        raise VerificationError(Code.RECEIPT_MISMATCH, "size")
    # 4.
    unix_s = notes.verify_cosignature(
        note, 1, name=witness_of(coordinator.key.key_id), key=coordinator.key
    )
    if len(note.signatures) != 2 or _utc_of_s(unix_s) != receipt.at:
        raise VerificationError(Code.RECEIPT_MISMATCH, "cosignature")
    return VerifiedReceipt(
        receipt=receipt,
        size=checkpoint.size,
        root=checkpoint.root,
        coordinator=coordinator.key.key_id,
    )


def _checkpoint_of(note: notes.Note, *, device: VerifyingKey, epoch: int) -> Checkpoint:
    """Verify the first line as the device's own and read the tree head."""
    origin = origin_of(device.key_id, epoch=epoch)
    notes.verify_signature(note, 0, name=origin, key=device)
    checkpoint = notes.parse_checkpoint(note.text)
    if checkpoint.origin != origin:
        raise VerificationError(Code.CHAIN_BROKEN, "origin")
    return checkpoint


def _utc_of_s(unix_s: int) -> UtcTime | None:
    """Return wire time; None for a moment that no clock can mean."""
    try:
        return utc_of(UnixMs(unix_s * _MS))
    except (OverflowError, ValueError, OSError):
        return None
