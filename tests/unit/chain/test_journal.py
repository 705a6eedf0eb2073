"""The chain: no entry can be changed, dropped, moved or added unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.chain import journal, tree
from reviewer.chain import note as notes
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import Sha256Hex, UtcTime
from reviewer.domain.times import unix_of
from reviewer.errors import Code, VerificationError
from reviewer.formats.base64 import b64
from reviewer.formats.entry import verify_entry
from reviewer.formats.receipt import open_receipt, sign_receipt
from reviewer.formats.signed import ZERO_HASH
from reviewer.formats.wire import Act
from tests.vectors.organisation import RECEIVED, Organisation, key_id_of, signing_key

OURS = Organisation()
TRUST = OURS.trust()
KEY = OURS.device.verifying_key
ENTRIES = OURS.entries()
LEAVES = [tree.leaf_hash(one) for one in ENTRIES]


def code_of(call: Callable[[], object]) -> Code:
    with pytest.raises(VerificationError) as caught:
        call()
    return caught.value.code


def chain_code(*envelopes: bytes) -> Code:
    return code_of(lambda: journal.verify_chain(envelopes, key=KEY))


def next_entry(**changes: Any) -> bytes:  # noqa: ANN401
    fields: dict[str, Any] = {"seq": 5, "prev": sha256_hex(ENTRIES[-1])}
    return OURS.entry(**(fields | changes))


def test_a_journal_sums_up_to_its_head_and_root() -> None:
    """Number, last hash, quarter, epoch, tree."""
    chain = journal.verify_chain(ENTRIES, key=KEY)
    assert (chain.size, chain.head) == (5, sha256_hex(ENTRIES[-1]))
    assert (chain.at, chain.epoch) == ("2026-11-21T06", 0)
    assert chain.root == tree.root(LEAVES)


def test_an_empty_journal_has_a_head_too() -> None:
    """Sixty-four zeros and the empty root."""
    chain = journal.verify_chain((), key=KEY)
    assert (chain.size, chain.head, chain.root) == (0, ZERO_HASH, tree.EMPTY_ROOT)
    assert chain.next_head() == journal.START


def test_a_run_continues_a_head() -> None:
    """In two parts as in one; the tree needs the whole."""
    first = journal.verify_chain(ENTRIES[:2], key=KEY)
    rest = journal.verify_chain(ENTRIES[2:], key=KEY, start=first.next_head())
    assert rest.head == journal.verify_chain(ENTRIES, key=KEY).head
    assert rest.root is None


def test_what_is_missing_moved_or_doubled_is_found() -> None:
    """By number first, by hash where the numbers fit."""
    one, two, three, four, five = ENTRIES
    assert chain_code(two, three) is Code.CHAIN_GAP
    assert chain_code(one, three, four) is Code.CHAIN_GAP
    assert chain_code(one, three, two) is Code.CHAIN_GAP
    assert chain_code(one, one) is Code.CHAIN_GAP
    other = OURS.entry(seq=1, prev=sha256_hex(one))
    assert chain_code(one, other, three) is Code.CHAIN_BROKEN
    assert chain_code(one, two, three, four, five, next_entry(seq=7)) is Code.CHAIN_GAP


@pytest.mark.parametrize(
    "changes",
    [
        {"prev": Sha256Hex("aa" * 32)},
        {"epoch": 1},
        {"at": "2026-11-21T00"},
        {"act": Act.BEGIN},
    ],
)
def test_the_next_entry_must_follow(changes: dict[str, Any]) -> None:
    """Hash, epoch, quarter; and nothing begins twice."""
    if changes.get("act") is Act.BEGIN:
        changes = {"act": Act.BEGIN, "body": _begin()}
    journal.verify_chain((*ENTRIES, next_entry()), key=KEY)
    assert chain_code(*ENTRIES, next_entry(**changes)) is Code.CHAIN_BROKEN


def _begin() -> object:
    return verify_entry(ENTRIES[0], key=KEY).body


def test_a_journal_begins_with_begin() -> None:
    """Nothing else can be first."""
    assert chain_code(OURS.entry(seq=0, prev=ZERO_HASH)) is Code.CHAIN_BROKEN


@given(st.integers(0, 4), st.data())
def test_any_changed_byte_of_any_entry_is_refused(
    index: int, data: st.DataObject
) -> None:
    """Wherever it is and whatever it becomes."""
    wrong = bytearray(ENTRIES[index])
    place = data.draw(st.integers(0, len(wrong) - 1))
    wrong[place] ^= data.draw(st.integers(1, 255))
    envelopes = (*ENTRIES[:index], bytes(wrong), *ENTRIES[index + 1 :])
    with pytest.raises(VerificationError):
        journal.verify_chain(envelopes, key=KEY)


def test_two_entries_of_one_number_prove_a_fork() -> None:
    """Both signed by the device; the same one twice proves nothing."""
    other = OURS.entry(seq=1, prev=sha256_hex(ENTRIES[0]))
    proof = journal.fork_proof(ENTRIES[1], other, key=KEY)
    assert proof == journal.ForkProof(seq=1, first=ENTRIES[1], second=other)
    assert journal.fork_proof(ENTRIES[1], ENTRIES[1], key=KEY) is None
    assert journal.fork_proof(ENTRIES[1], ENTRIES[2], key=KEY) is None
    later = OURS.entry(seq=1, prev=sha256_hex(ENTRIES[0]), epoch=1)
    assert journal.fork_proof(ENTRIES[1], later, key=KEY) is None


# Checkpoints -------------------------------------------------------------------


def test_a_checkpoint_is_the_devices_own() -> None:
    """Size and root of this epoch, under this key, with no other line."""
    note = journal.sign_checkpoint(device=OURS.device, epoch=0, leaves=LEAVES)
    checkpoint = journal.open_checkpoint(note, device=KEY, epoch=0)
    assert (checkpoint.size, checkpoint.root) == (5, tree.root(LEAVES))
    for device, epoch in ((KEY, 1), (signing_key("x").verifying_key, 0)):
        with pytest.raises(VerificationError) as caught:
            journal.open_checkpoint(note, device=device, epoch=epoch)
        assert caught.value.code is Code.KEY_UNKNOWN
    twice = notes.cosign(note, name="a", key=OURS.online, unix_s=1)
    assert code_of(lambda: journal.open_checkpoint(twice, device=KEY, epoch=0)) is (
        Code.MALFORMED
    )


def test_a_checkpoint_of_another_origin_is_refused() -> None:
    """Though it is signed under the name of this one."""
    origin = journal.origin_of(OURS.device.key_id, epoch=0)
    text = notes.Checkpoint(origin="rv/other/0", size=0, root=tree.EMPTY_ROOT).text()
    data = notes.key_hash(origin, KEY, b"\x01") + OURS.device.sign(text.encode())
    forged = f"{text}\n\u2014 {origin} {b64(data)}\n"
    assert code_of(lambda: journal.open_checkpoint(forged, device=KEY, epoch=0)) is (
        Code.CHAIN_BROKEN
    )


# Receipts ----------------------------------------------------------------------

RECEIPT = OURS.receipt(OURS.submission())


def resigned(**changes: Any) -> bytes:  # noqa: ANN401
    value, _ = open_receipt(RECEIPT, trust=TRUST)
    return sign_receipt(msgspec.structs.replace(value, **changes), key=OURS.online)


def verified(data: bytes = RECEIPT) -> journal.VerifiedReceipt:
    return journal.verify_receipt(data, trust=TRUST, device=KEY)


def cosigned(
    *, by: str = "heron/online", name: str | None = None, unix_s: int | None = None
) -> str:
    """Return the checkpoint, cosigned by any key under any name at any time."""
    note = journal.sign_checkpoint(device=OURS.device, epoch=0, leaves=LEAVES)
    return notes.cosign(
        note,
        name=journal.witness_of(OURS.online.key_id) if name is None else name,
        key=signing_key(by),
        unix_s=unix_of(RECEIVED) // 1000 if unix_s is None else unix_s,
    )


def test_a_receipt_covers_size_and_root() -> None:
    """By envelope, checkpoint and cosignature."""
    assert verified().size == 5
    assert verified().root == tree.root(LEAVES)
    assert verified().coordinator == OURS.online.key_id
    assert verified(resigned(checkpoint=cosigned())).size == 5


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"device": key_id_of("x")}, Code.RECEIPT_MISMATCH),
        ({"last": 3}, Code.RECEIPT_MISMATCH),
        ({"first": 5}, Code.RECEIPT_MISMATCH),
        ({"epoch": 1}, Code.KEY_UNKNOWN),
        ({"at": UtcTime("2026-11-22T09:30:01Z")}, Code.RECEIPT_MISMATCH),
        ({"checkpoint": ""}, Code.MALFORMED),
        ({"checkpoint": cosigned(by="x")}, Code.KEY_UNKNOWN),
        ({"checkpoint": cosigned(name="rv/x")}, Code.KEY_UNKNOWN),
        ({"checkpoint": cosigned(unix_s=2**64 - 1)}, Code.RECEIPT_MISMATCH),
        ({"checkpoint": cosigned().rpartition("\u2014")[0]}, Code.MALFORMED),
        ({"checkpoint": cosigned() + "\u2014 a AAAAAAA=\n"}, Code.RECEIPT_MISMATCH),
    ],
)
def test_a_receipt_must_fit_its_checkpoint(changes: dict[str, Any], code: Code) -> None:
    """Device, range, epoch, time, and exactly one cosignature."""
    assert code_of(lambda: verified(resigned(**changes))) is code


@given(st.integers(0, len(RECEIPT) - 1), st.integers(1, 255))
def test_any_changed_byte_of_a_receipt_is_refused(place: int, change: int) -> None:
    """Wherever it is and whatever it becomes."""
    wrong = bytearray(RECEIPT)
    wrong[place] ^= change
    with pytest.raises(VerificationError):
        verified(bytes(wrong))
