"""What a submission says, checked against what the witness already knows.

The coordinator keeps little of each journal: its size, root and last entry. From
those, a consistency proof and the new entries, everything else follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.chain import tree
from reviewer.chain.journal import START, ChainHead, follow, open_checkpoint
from reviewer.chain.note import Checkpoint
from reviewer.crypto.sealing import SealPrivateKey
from reviewer.domain.ids import Sha256Hex
from reviewer.domain.person import Capacity
from reviewer.errors import Code, VerificationError
from reviewer.formats.base64 import unb64
from reviewer.formats.entry import VerifiedEntry, commit, verify_entry
from reviewer.formats.submission import ReceivedSubmission, unseal
from reviewer.formats.trust import check_seal_keys
from reviewer.formats.wire import (
    Contents,
    DecideBody,
    EscalateBody,
    HandBackBody,
    HandOverBody,
    Opening,
    SealKey,
    SecondOpinionBody,
    SubmissionBinding,
)

_WITH_NOTE = (HandBackBody, SecondOpinionBody, EscalateBody, HandOverBody)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownJournal:
    """What a witness has kept of a journal after its last receipt."""

    head: ChainHead
    root: bytes


NEW_JOURNAL = KnownJournal(head=START, root=tree.EMPTY_ROOT)
"""A journal of which nothing has been received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedContents:
    """A submission's contents, all checked; made by `open_contents` alone."""

    binding: SubmissionBinding
    entries: tuple[VerifiedEntry, ...]
    leaves: tuple[bytes, ...]
    """The leaf hash of each entry."""
    openings: tuple[Opening, ...]
    """Each fits the commitment of its entry."""
    checkpoint: Checkpoint
    note: str
    """The checkpoint as the device signed it, to be cosigned."""
    seal_keys: tuple[SealKey, ...]
    capacity: Capacity
    known: KnownJournal
    """To be kept once all of this is durably stored."""


def open_contents(
    received: ReceivedSubmission,
    *,
    key: SealPrivateKey,
    known: KnownJournal | None,
) -> VerifiedContents:
    """Open a submission and believe all of it, or refuse it whole.

    1. Unsealed, canonical, its inner fields equal to the outer ones.
    2. The range continues what is known: no gap, nothing received twice.
    3. Every entry is signed by the device and continues the one before.
    4. The checkpoint is the device's, and sums up exactly these entries on top of
       the tree already known.
    5. Each opening fits the commitment of its entry; fresh keys fit their ids.

    Args:
        received: What `verify_submission_outer` returned.
        key: The coordinator's private sealing key.
        known: What the witness kept; `NEW_JOURNAL` for a journal never seen. None
            checks a submission by itself, as an auditor without that state does:
            its first entry and the tree before it are then taken as they come.

    Raises:
        VerificationError: UNSEAL_FAILED, TOO_LARGE, MALFORMED, NOT_CANONICAL,
            BINDING_MISMATCH, CHAIN_GAP, CHAIN_FORK, CHAIN_BROKEN, HASH_MISMATCH,
            KEY_UNKNOWN, SIGNATURE_INVALID, WRONG_TYPE, FORMAT_UNKNOWN.
    """
    # 1.
    contents = unseal(received, key=key)
    binding = contents.binding
    if len(contents.entries) != binding.last - binding.first + 1:
        raise VerificationError(Code.CHAIN_GAP, "entries")
    # 2.
    if known is not None:
        _check_range(binding, known.head)
    # 3.
    entries, head = _entries(contents, received, known)
    # 4.
    leaves = tuple(tree.leaf_hash(entry.data) for entry in entries)
    checkpoint = open_checkpoint(
        contents.checkpoint, device=received.device.key, epoch=binding.epoch
    )
    if checkpoint.size != binding.last + 1:
        raise VerificationError(Code.CHAIN_BROKEN, "checkpoint size")
    _check_tree(contents, checkpoint, leaves, known)
    # 5.
    _check_openings(contents.openings, entries)
    check_seal_keys(contents.seal_keys)
    return VerifiedContents(
        binding=binding,
        entries=entries,
        leaves=leaves,
        openings=contents.openings,
        checkpoint=checkpoint,
        note=contents.checkpoint,
        seal_keys=contents.seal_keys,
        capacity=contents.capacity,
        known=KnownJournal(head=head, root=checkpoint.root),
    )


def _check_range(binding: SubmissionBinding, head: ChainHead) -> None:
    """Step 2: a later start is a gap; an earlier one repeats or forks."""
    if binding.first > head.size:
        raise VerificationError(Code.CHAIN_GAP, f"{head.size} to {binding.first}")
    if binding.first < head.size:
        raise VerificationError(Code.CHAIN_FORK, f"{binding.first} below {head.size}")


def _entries(
    contents: Contents, received: ReceivedSubmission, known: KnownJournal | None
) -> tuple[tuple[VerifiedEntry, ...], ChainHead]:
    """Step 3: verify each entry and follow the chain through all of them."""
    key = received.device.key
    entries = tuple(verify_entry(unb64(one), key=key) for one in contents.entries)
    head = _start(entries[0], contents.binding) if known is None else known.head
    for entry in entries:
        if entry.entry.epoch != contents.binding.epoch:
            raise VerificationError(Code.CHAIN_BROKEN, "epoch")
        head = follow(head, entry)
    return entries, head


def _start(first: VerifiedEntry, binding: SubmissionBinding) -> ChainHead:
    """Return the head before the first entry, as the submission itself has it."""
    if binding.first == 0:
        return START
    return ChainHead(size=binding.first, head=first.entry.prev, at="")


def _check_tree(
    contents: Contents,
    checkpoint: Checkpoint,
    leaves: Sequence[bytes],
    known: KnownJournal | None,
) -> None:
    """Step 4: the old tree and these leaves give the new root.

    Without a known tree there is nothing to compare a later part with: then the
    device's signature over the checkpoint is all that holds it.
    """
    first = contents.binding.first
    proof = tuple(unb64(one) for one in contents.consistency)
    if known is None and first > 0:
        return
    first_root = tree.EMPTY_ROOT if known is None else known.root
    tree.verify_consistency(
        first=first,
        first_root=first_root,
        size=checkpoint.size,
        root_hash=checkpoint.root,
        proof=proof,
    )
    frontier = tree.frontier_of_proof(
        first=first, first_root=first_root, size=checkpoint.size, proof=proof
    )
    for leaf in leaves:
        frontier.append(leaf)
    if frontier.root() != checkpoint.root:
        raise VerificationError(Code.CHAIN_BROKEN, "checkpoint root")


def _check_openings(
    openings: Sequence[Opening], entries: Sequence[VerifiedEntry]
) -> None:
    """Step 5: at most one opening an entry, each one committed to."""
    by_seq = {entry.entry.seq: entry for entry in entries}
    if len({opening.seq for opening in openings}) != len(openings):
        raise VerificationError(Code.BINDING_MISMATCH, "openings")
    for opening in openings:
        entry = by_seq.get(opening.seq)
        expected = None if entry is None else note_commitment(entry)
        if expected != commit(unb64(opening.salt), opening.text.encode()):
            raise VerificationError(Code.HASH_MISMATCH, f"opening {opening.seq}")


def note_commitment(entry: VerifiedEntry) -> Sha256Hex | str | None:
    """Return the hash by which an entry commits to a free text, if it does."""
    body = entry.body
    if isinstance(body, DecideBody):
        return body.decision.note_commitment
    if isinstance(body, _WITH_NOTE):
        return body.note_commitment
    return None
