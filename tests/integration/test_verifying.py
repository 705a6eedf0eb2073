"""`verify_file` on real files: true ones pass, any change of them does not."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.sealing import SealPrivateKey
from reviewer.domain.item import BatchPurpose
from reviewer.errors import Code, RefusedError, UnavailableError
from reviewer.formats import batch, canonical, envelope
from reviewer.formats.base64 import b64
from reviewer.formats.wire import BatchOuter, Extent, Manifest
from reviewer.services.verifying import Verdict, verify_file
from tests.vectors.organisation import Organisation, seal_key

OURS: Final = Organisation()
THEIRS: Final = Organisation("magpie")
BUNDLE: Final = OURS.bundle()
SUBMISSION: Final = OURS.submission()
FILES: Final = {
    "batch": OURS.batch(),
    "submission": SUBMISSION,
    "receipt": OURS.receipt(SUBMISSION),
}
KEYS: Final = {
    "batch": OURS.stock[0],
    "submission": OURS.online_seal,
    "receipt": OURS.online_seal,
}
SIGNERS: Final = {
    "batch": OURS.online.key_id,
    "submission": OURS.device.key_id,
    "receipt": OURS.online.key_id,
}
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
        depth="contents" if kind == "receipt" else "envelope",
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


def repacked(media: bytes) -> bytes:
    """Return a true batch around media that its items do not describe."""
    data = FILES["batch"]
    true_media, items = OURS.media()
    binding = OURS.binding(media)
    manifest = canonical.encode(
        Manifest(
            binding=binding,
            name="Heron 12",
            purpose=BatchPurpose.REVIEW,
            policy_sha256=sha256_hex(OURS.policy),
            config_sha256=sha256_hex(OURS.config),
            items=items,
        )
    )
    assert data.endswith(true_media)
    segment0 = OURS.stock[0].public.seal(manifest, info=batch.info_of(binding))
    outer = BatchOuter(
        binding=binding,
        segment0=Extent(length=len(segment0), sha256=sha256_hex(segment0)),
    )
    head = envelope.sign(
        canonical.encode(outer), payload_type=envelope.TYPE_BATCH, keys=[OURS.online]
    )
    return batch.MAGIC + len(head).to_bytes(4, "big") + head + segment0 + media


def test_items_are_decrypted_and_hashed(tmp_path: Path) -> None:
    """A packer's own mistake shows only with the key."""
    media, _ = OURS.media()
    assert verdict(tmp_path, repacked(media), key=OURS.stock[0]).valid
    broken = media[:-1] + bytes([media[-1] ^ 1])
    assert verdict(tmp_path, repacked(broken)).valid
    assert verdict(tmp_path, repacked(broken), key=OURS.stock[0]).code is (
        Code.UNSEAL_FAILED
    )


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
