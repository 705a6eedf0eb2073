"""Contents of submissions: believed whole, or refused whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest

from reviewer.chain import journal, tree
from reviewer.chain.submitting import (
    NEW_JOURNAL,
    KnownJournal,
    VerifiedContents,
    note_commitment,
    open_contents,
)
from reviewer.crypto.hashes import sha256_hex
from reviewer.errors import Code, VerificationError
from reviewer.formats.base64 import b64
from reviewer.formats.entry import commit
from reviewer.formats.submission import verify_submission_outer
from reviewer.formats.wire import Act, Contents, HandBackBody, Opening
from tests.vectors.organisation import (
    NOTE,
    SALT,
    Organisation,
    item_body,
    published,
    seal_key,
    signing_key,
)

OURS = Organisation()
TRUST = OURS.trust()
ENTRIES = OURS.entries()


def longer(count: int) -> tuple[bytes, ...]:
    """Return a journal of that many entries."""
    made = list(ENTRIES)
    while len(made) < count:
        made.append(OURS.entry(seq=len(made), prev=sha256_hex(made[-1])))
    return tuple(made)


def opened(
    contents: Contents, *, known: KnownJournal | None = NEW_JOURNAL
) -> VerifiedContents:
    received = verify_submission_outer(OURS.submission(contents), trust=TRUST)
    return open_contents(received, key=OURS.online_seal, known=known)


def code_of(contents: Contents, *, known: KnownJournal | None = NEW_JOURNAL) -> Code:
    call: Callable[[], object] = lambda: opened(contents, known=known)  # noqa: E731
    with pytest.raises(VerificationError) as caught:
        call()
    return caught.value.code


def known_of(entries: Sequence[bytes]) -> KnownJournal:
    chain = journal.verify_chain(entries, key=OURS.device.verifying_key)
    assert chain.root is not None
    return KnownJournal(head=chain.next_head(), root=chain.root)


def test_a_first_submission_is_believed_whole() -> None:
    """Entries, openings, checkpoint, and what is known afterwards."""
    got = opened(OURS.contents(ENTRIES, seal_keys=(published(seal_key("fresh")),)))
    assert [entry.data for entry in got.entries] == list(ENTRIES)
    assert got.leaves == tuple(tree.leaf_hash(one) for one in ENTRIES)
    assert got.openings[0].text == NOTE
    assert got.seal_keys[0].key_id == seal_key("fresh").key_id
    assert got.known == known_of(ENTRIES)
    assert got.checkpoint.size == 5
    assert note_commitment(got.entries[0]) is None


@pytest.mark.parametrize("first", [1, 2, 3, 4, 5, 6, 7, 8, 11])
def test_a_later_submission_continues_what_is_known(first: int) -> None:
    """From every size, powers of two and others."""
    entries = longer(12)
    known = known_of(entries[:first])
    got = opened(OURS.contents(entries, first=first), known=known)
    assert got.known == known_of(entries)
    assert len(got.entries) == 12 - first
    alone = opened(OURS.contents(entries, first=first), known=None)
    assert alone.known == got.known


def test_gaps_repeats_and_other_pasts_are_refused() -> None:
    """The range must begin where the last receipt ended."""
    entries = longer(8)
    contents = OURS.contents(entries, first=6)
    assert code_of(contents) is Code.CHAIN_GAP
    assert code_of(contents, known=known_of(entries[:5])) is Code.CHAIN_GAP
    assert code_of(contents, known=known_of(entries[:7])) is Code.CHAIN_FORK
    past = (
        *ENTRIES,
        OURS.entry(seq=5, prev=sha256_hex(ENTRIES[4]), at="2026-12-01T00"),
    )
    assert code_of(contents, known=known_of(past)) is Code.CHAIN_BROKEN


def test_a_rewritten_past_of_the_same_head_is_refused() -> None:
    """The tree that is known binds what the chain alone would not."""
    entries = longer(8)
    known = known_of(entries[:6])
    rewritten = msgspec.structs.replace
    contents = OURS.contents(entries, first=6)
    other = tuple(tree.leaf_hash(one) for one in (*entries[:3], b"x", *entries[4:]))
    forged = rewritten(
        contents,
        checkpoint=journal.sign_checkpoint(device=OURS.device, epoch=0, leaves=other),
        consistency=tuple(b64(one) for one in tree.consistency_proof(other, 6)),
    )
    assert code_of(forged, known=known) is Code.CHAIN_BROKEN


def other_checkpoint(*, count: int = 5, epoch: int = 0, by: str = "") -> str:
    leaves = [tree.leaf_hash(one) for one in longer(6)[:count]]
    device = signing_key(by) if by else OURS.device
    return journal.sign_checkpoint(device=device, epoch=epoch, leaves=leaves)


WRONG_LEAVES = [tree.leaf_hash(bytes([place])) for place in range(5)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"entries": tuple(b64(one) for one in ENTRIES[:4])}, Code.CHAIN_GAP),
        ({"entries": tuple(b64(one) for one in ENTRIES[::-1])}, Code.CHAIN_GAP),
        ({"entries": ("?",) * 5}, Code.MALFORMED),
        ({"checkpoint": other_checkpoint(count=4)}, Code.CHAIN_BROKEN),
        ({"checkpoint": other_checkpoint(epoch=1)}, Code.KEY_UNKNOWN),
        ({"checkpoint": other_checkpoint(by="x")}, Code.KEY_UNKNOWN),
        ({"checkpoint": "x"}, Code.MALFORMED),
        (
            {
                "checkpoint": journal.sign_checkpoint(
                    device=OURS.device, epoch=0, leaves=WRONG_LEAVES
                )
            },
            Code.CHAIN_BROKEN,
        ),
        ({"consistency": (b64(bytes(32)),)}, Code.CHAIN_BROKEN),
        ({"openings": (Opening(seq=2, salt=b64(SALT), text=NOTE),)}, "opening"),
        ({"openings": (Opening(seq=9, salt=b64(SALT), text=NOTE),)}, "opening"),
        ({"openings": (Opening(seq=3, salt=b64(SALT), text="x"),)}, "opening"),
        ({"openings": (Opening(seq=3, salt=b64(bytes(16)), text=NOTE),)}, "opening"),
        ({"openings": (Opening(seq=3, salt="AA==", text=NOTE),)}, Code.MALFORMED),
        (
            {"openings": (Opening(seq=3, salt=b64(SALT), text=NOTE),) * 2},
            Code.BINDING_MISMATCH,
        ),
        ({"seal_keys": (published(seal_key("x")),) * 2}, Code.BINDING_MISMATCH),
    ],
)
def test_each_broken_rule_has_its_code(
    changes: dict[str, Any], code: Code | str
) -> None:
    """Though the device signed and sealed all of it."""
    expected = code if isinstance(code, Code) else Code.HASH_MISMATCH
    assert code_of(OURS.contents(ENTRIES, **changes)) is expected


def test_a_handed_back_item_may_bear_a_note_too() -> None:
    """Its commitment is found where a decision's would be."""
    salt = bytes(16)
    body = HandBackBody(
        **msgspec.structs.asdict(item_body()),
        note_commitment=commit(salt, b"too dark"),
    )
    last = OURS.entry(seq=5, prev=sha256_hex(ENTRIES[-1]), act=Act.HAND_BACK, body=body)
    opening = Opening(seq=5, salt=b64(salt), text="too dark")
    contents = OURS.contents((*ENTRIES, last), openings=(opening,))
    assert opened(contents).openings == (opening,)
    assert opened(contents, known=None).known == opened(contents).known


def test_an_erased_note_does_not_break_the_chain() -> None:
    """Free text travels beside its entry, so that it can go."""
    assert opened(OURS.contents(ENTRIES, openings=())).openings == ()


def test_entries_are_of_the_epoch_stated() -> None:
    """The clear part, the checkpoint and the entries agree."""
    contents = OURS.contents(ENTRIES)
    binding = msgspec.structs.replace(contents.binding, epoch=1)
    forged = msgspec.structs.replace(
        contents, binding=binding, checkpoint=other_checkpoint(epoch=1)
    )
    assert code_of(forged) is Code.CHAIN_BROKEN
