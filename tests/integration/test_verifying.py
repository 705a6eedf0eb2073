"""`verify_file` on real files: true ones pass, any change of them does not."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.padding import padme
from reviewer.crypto.sealing import SealPrivateKey
from reviewer.errors import Code, RefusedError, UnavailableError, VerificationError
from reviewer.formats.base64 import b64
from reviewer.formats.signed import ZERO_HASH
from reviewer.formats.wire import Extent
from reviewer.services.verifying import Verdict, check_extent, verify_file
from tests.vectors.forging import forged_batch
from tests.vectors.organisation import MEDIA, Organisation, seal_key, signing_key

OURS: Final = Organisation()
THEIRS: Final = Organisation("magpie")
BUNDLE: Final = OURS.bundle()
SUBMISSION: Final = OURS.submission()
FILES: Final = {
    "batch": OURS.batch(),
    "submission": SUBMISSION,
    "receipt": OURS.receipt(SUBMISSION),
    "threat": OURS.threat(),
}
KEYS: Final = {
    "batch": OURS.stock[0],
    "submission": OURS.online_seal,
    "receipt": OURS.online_seal,
    "threat": OURS.online_seal,
}
SIGNERS: Final = {
    "batch": OURS.online.key_id,
    "submission": OURS.device.key_id,
    "receipt": OURS.online.key_id,
    "threat": OURS.device.key_id,
}
CLEAR: Final = frozenset({"receipt", "threat"})
KINDS: Final = tuple(FILES)


def verdict(
    folder: Path,
    data: bytes,
    *,
    trust: bytes | None = BUNDLE,
    root: str | None = None,
    key: SealPrivateKey | None = None,
) -> Verdict:
    path = folder / "file"
    path.write_bytes(data)
    return verify_file(
        path,
        trust=trust,
        root_sha256=root,
        open_with=None if key is None else key.raw,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_true_files_are_valid(kind: str, tmp_path: Path) -> None:
    """To the envelope, and with the key to the contents."""
    shallow = verdict(tmp_path, FILES[kind])
    deep = verdict(tmp_path, FILES[kind], root=OURS.root.key_id, key=KEYS[kind])
    expected = Verdict(
        valid=True,
        kind=kind,
        code=None,
        depth="contents" if kind in CLEAR else "envelope",
        key_id=SIGNERS[kind],
    )
    assert shallow == expected
    assert (deep.valid, deep.depth, deep.key_id) == (True, "contents", SIGNERS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_any_changed_byte_makes_a_file_invalid(kind: str, tmp_path: Path) -> None:
    """Sampled over all of it, first and last byte included."""
    data = FILES[kind]
    for place in {*range(0, len(data), 101), *range(12), len(data) - 1}:
        wrong = bytearray(data)
        wrong[place] ^= 1 + place % 255
        got = verdict(tmp_path, bytes(wrong))
        assert (got.valid, got.key_id) == (False, None), place
        assert got.code is not None


@pytest.mark.parametrize("kind", KINDS)
def test_cut_and_appended_files_are_invalid(kind: str, tmp_path: Path) -> None:
    """At either end, however little."""
    data = FILES[kind]
    for wrong in (data[:-1], data[1:], data + b"\0", data + data, data[:100], b""):
        assert not verdict(tmp_path, wrong).valid


@pytest.mark.parametrize("kind", KINDS)
def test_another_organisations_file_is_invalid(kind: str, tmp_path: Path) -> None:
    """And with file and trust both swapped, the root's hash tells."""
    theirs = THEIRS.bundle()
    assert verdict(tmp_path, FILES[kind], trust=theirs).code is Code.KEY_UNKNOWN
    swapped = verdict(tmp_path, FILES[kind], trust=theirs, root=OURS.root.key_id)
    assert (swapped.kind, swapped.code) == (kind, Code.ROOT_MISMATCH)
    assert verdict(tmp_path, FILES[kind], root="nonsense").code is Code.ROOT_MISMATCH
    upper = verdict(tmp_path, FILES[kind], root=f" {OURS.root.key_id.upper()}\n")
    assert upper.valid


@pytest.mark.parametrize("kind", KINDS)
def test_without_trust_nothing_is_valid(kind: str, tmp_path: Path) -> None:
    """The kind is still told, by its first bytes alone."""
    got = verdict(tmp_path, FILES[kind], trust=None)
    assert (got.valid, got.kind, got.code) == (False, kind, Code.NO_TRUST_ROOT)


def test_what_is_none_of_our_files_has_no_kind(tmp_path: Path) -> None:
    """Whatever it is."""
    got = verdict(tmp_path, b"GIF89a")
    assert (got.valid, got.kind, got.code) == (False, None, Code.FORMAT_UNKNOWN)
    assert verdict(tmp_path, BUNDLE).kind == "receipt"
    assert not verdict(tmp_path, BUNDLE).valid


@pytest.mark.parametrize("kind", ["batch", "submission"])
def test_another_key_does_not_open(kind: str, tmp_path: Path) -> None:
    """Though the envelope holds."""
    got = verdict(tmp_path, FILES[kind], key=seal_key("x"))
    assert (got.valid, got.depth) == (False, "contents")
    assert got.code in {Code.SEAL_KEY_UNKNOWN, Code.UNSEAL_FAILED}


def with_first(**changes: Any) -> bytes:  # noqa: ANN401
    """Return a batch whose first item says something false."""
    _, items = OURS.media()
    first = msgspec.structs.replace(items[0], **changes)
    return forged_batch(OURS, items=(first, *items[1:]))


def test_items_are_decrypted_and_hashed(tmp_path: Path) -> None:
    """A packer's own mistake shows only with the key."""
    identity = b64(signing_key("x").seed)
    size = padme(len(MEDIA[0])) - 1
    for wrong, code in (
        (with_first(sha256=ZERO_HASH), Code.HASH_MISMATCH),
        (with_first(identity=identity), Code.SEAL_KEY_UNKNOWN),
        (with_first(size_bytes=size), Code.HASH_MISMATCH),
    ):
        assert verdict(tmp_path, wrong).valid
        assert verdict(tmp_path, wrong, key=OURS.stock[0]).code is code


def test_padding_must_be_zeros(tmp_path: Path) -> None:
    """Else bytes could hide behind the true size."""
    shorter = MEDIA[2][:-1]
    _, items = OURS.media()
    last = msgspec.structs.replace(
        items[2], size_bytes=len(shorter), sha256=sha256_hex(shorter)
    )
    wrong = forged_batch(OURS, items=(*items[:2], last))
    assert padme(len(shorter)) == padme(len(MEDIA[2]))
    assert verdict(tmp_path, wrong).valid
    assert verdict(tmp_path, wrong, key=OURS.stock[0]).code is Code.HASH_MISMATCH


def test_a_file_that_shrinks_while_it_is_read_is_refused() -> None:
    """The length was right when it was asked for."""
    with pytest.raises(VerificationError) as caught:
        check_extent(io.BytesIO(b"short"), Extent(length=6, sha256=ZERO_HASH))
    assert caught.value.code is Code.HASH_MISMATCH


def test_keys_are_read_as_bytes_or_base64(tmp_path: Path) -> None:
    """And nothing else."""
    path = tmp_path / "file"
    path.write_bytes(FILES["batch"])
    text = b64(OURS.stock[0].raw).encode() + b"\n"
    assert verify_file(path, trust=BUNDLE, open_with=text).depth == "contents"
    for wrong in (b"", b"x" * 95, b"\xff" * 128, b64(bytes(95)).encode()):
        with pytest.raises(RefusedError) as caught:
            verify_file(path, trust=BUNDLE, open_with=wrong)
        assert caught.value.code is Code.INPUT_INVALID


def test_a_missing_or_unreadable_file_is_no_verdict(tmp_path: Path) -> None:
    """The caller asked for something that is not there."""
    with pytest.raises(RefusedError) as missing:
        verify_file(tmp_path / "none", trust=BUNDLE)
    assert missing.value.code is Code.INPUT_MISSING
    with pytest.raises(UnavailableError) as unreadable:
        verify_file(tmp_path, trust=BUNDLE)
    assert unreadable.value.code is Code.DISK_FAILED
