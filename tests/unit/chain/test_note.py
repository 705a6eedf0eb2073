"""Signed notes: C2SP's bytes, and no other spelling."""

from __future__ import annotations

import pytest

from reviewer.chain import note as notes
from reviewer.chain.tree import EMPTY_ROOT
from reviewer.crypto.hashes import sha256
from reviewer.crypto.signing import SigningKey
from reviewer.errors import Code, VerificationError
from reviewer.formats.base64 import b64, unb64
from tests.vectors.organisation import signing_key

DEVICE, WITNESS = signing_key("device"), signing_key("witness")
CHECKPOINT = notes.Checkpoint(origin="rv/device/0", size=12, root=EMPTY_ROOT)
NOTE = notes.sign_checkpoint(CHECKPOINT, key=DEVICE)
COSIGNED = notes.cosign(NOTE, name="rv/witness", key=WITNESS, unix_s=1_795_000_000)


def test_a_note_has_the_published_shape() -> None:
    """Three lines, a blank one, then key name and key hash with the signature."""
    text, _, line = NOTE.rpartition("\n\n")
    assert text == f"rv/device/0\n12\n{b64(EMPTY_ROOT)}"
    dash, name, data = line.rstrip("\n").split(" ")
    assert (dash, name) == ("\u2014", "rv/device/0")
    raw = DEVICE.verifying_key.raw
    assert unb64(data)[:4] == sha256(b"rv/device/0\n\x01" + raw)[:4]
    DEVICE.verifying_key.verify(unb64(data)[4:], (text + "\n").encode())


def test_a_cosignature_signs_the_time_and_the_text() -> None:
    """As C2SP's cosignature version 1 has it."""
    line = COSIGNED.splitlines()[-1]
    data = unb64(line.split(" ")[2])
    assert data[:4] == sha256(b"rv/witness\n\x04" + WITNESS.verifying_key.raw)[:4]
    assert int.from_bytes(data[4:12], "big") == 1_795_000_000
    message = f"cosignature/v1\ntime 1795000000\n{CHECKPOINT.text()}"
    WITNESS.verifying_key.verify(data[12:], message.encode())


def test_signatures_are_verified_by_place_name_and_key() -> None:
    """Line 0 the device's, line 1 the witness's."""
    note = notes.parse_note(COSIGNED)
    notes.verify_signature(note, 0, name="rv/device/0", key=DEVICE.verifying_key)
    time = notes.verify_cosignature(
        note, 1, name="rv/witness", key=WITNESS.verifying_key
    )
    assert time == 1_795_000_000
    assert notes.parse_checkpoint(note.text) == CHECKPOINT


@pytest.mark.parametrize(
    ("index", "name", "key", "code"),
    [
        (0, "rv/device/1", DEVICE, Code.KEY_UNKNOWN),
        (0, "rv/device/0", WITNESS, Code.KEY_UNKNOWN),
        (1, "rv/witness", WITNESS, Code.KEY_UNKNOWN),
        (2, "rv/device/0", DEVICE, Code.MALFORMED),
    ],
)
def test_another_line_name_or_key_is_refused(
    index: int, name: str, key: SigningKey, code: Code
) -> None:
    """A cosignature never passes for a signature."""
    with pytest.raises(VerificationError) as caught:
        notes.verify_signature(
            notes.parse_note(COSIGNED), index, name=name, key=key.verifying_key
        )
    assert caught.value.code is code


def test_a_cosignature_without_its_time_is_malformed() -> None:
    """Eight bytes and sixty-four."""
    data = notes.key_hash("rv/witness", WITNESS.verifying_key, b"\x04") + bytes(64)
    note = notes.parse_note(f"{NOTE}\u2014 rv/witness {b64(data)}\n")
    with pytest.raises(VerificationError) as caught:
        notes.verify_cosignature(note, 1, name="rv/witness", key=WITNESS.verifying_key)
    assert caught.value.code is Code.MALFORMED


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "text\n",
        NOTE.rstrip("\n"),
        NOTE.replace("\n\n", "\n"),
        NOTE + "\n",
        NOTE.replace("\u2014", "-"),
        NOTE.replace("\u2014 ", "\u2014  "),
        "a\n\n\u2014 name AAAA\n",
        "a\n\n\u2014 name AAAAB\n",
        "a\n\n\u2014  AAAAAA==\n",
    ],
)
def test_other_shapes_are_malformed(wrong: str) -> None:
    """Nothing is skipped over."""
    with pytest.raises(VerificationError) as caught:
        notes.parse_note(wrong)
    assert caught.value.code is Code.MALFORMED


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "\n12\n" + b64(EMPTY_ROOT) + "\n",
        "origin\n12\n",
        "origin\n012\n" + b64(EMPTY_ROOT) + "\n",
        "origin\n-1\n" + b64(EMPTY_ROOT) + "\n",
        "origin\n\u0661\n" + b64(EMPTY_ROOT) + "\n",
        "origin\n12\n" + b64(bytes(31)) + "\n",
        "origin\n12\n" + b64(EMPTY_ROOT) + "\nmore\n",
    ],
)
def test_other_checkpoints_are_malformed(wrong: str) -> None:
    """One spelling of each number, no extension lines."""
    with pytest.raises(VerificationError) as caught:
        notes.parse_checkpoint(wrong)
    assert caught.value.code is Code.MALFORMED


def test_long_notes_are_refused_unread() -> None:
    """By their size alone."""
    with pytest.raises(VerificationError) as caught:
        notes.parse_note("a" * 5000)
    assert caught.value.code is Code.TOO_LARGE
