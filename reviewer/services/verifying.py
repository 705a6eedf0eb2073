"""Verify a batch, submission, receipt or threat file against a trust bundle.

Streaming: whatever the size of the file, memory stays flat (a submission opened with
its key excepted). Any changed byte, a cut, an appended byte or another
organisation's file makes it invalid, with the code of the first step that failed.
Expiry is not asked: a batch that has lapsed is still what its coordinator signed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from reviewer.chain.journal import verify_receipt
from reviewer.chain.submitting import NEW_JOURNAL, open_contents
from reviewer.crypto.age import AgeIdentity, AgeReader
from reviewer.crypto.hashes import Sha256
from reviewer.crypto.padding import is_zero
from reviewer.crypto.sealing import PRIVATE_BYTES, SealPrivateKey
from reviewer.domain.ids import KeyId, Sha256Hex
from reviewer.domain.item import Item
from reviewer.errors import Code, RefusedError, UnavailableError, VerificationError
from reviewer.formats import batch, submission, threat
from reviewer.formats.base64 import unb64
from reviewer.formats.framing import MAGIC_BYTES, read_up_to
from reviewer.formats.receipt import MAX_RECEIPT_BYTES, open_receipt
from reviewer.formats.trust import VerifiedTrust, verify_trust
from reviewer.formats.wire import Extent

BATCH: Final = "batch"
SUBMISSION: Final = "submission"
RECEIPT: Final = "receipt"
THREAT: Final = "threat"
ENVELOPE: Final = "envelope"
CONTENTS: Final = "contents"
_CLEAR: Final = frozenset({RECEIPT, THREAT})
"""What is not sealed, and so is always checked to its contents."""
_STEP_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found, as `reviewer verify --json` prints it."""

    valid: bool
    kind: str | None
    """`batch`, `submission`, `receipt` or `threat`; None for none of these."""
    code: Code | None
    """Of the first step that failed; None when valid."""
    depth: str
    """`envelope` or `contents`: how far the check went, or would have gone."""
    key_id: KeyId | None
    """Whose signature it bears; None unless valid."""


def verify_file(
    path: Path,
    *,
    trust: bytes | None,
    root_sha256: str | None = None,
    open_with: bytes | None = None,
) -> Verdict:
    """Verify one file; a false one is a verdict, never an exception.

    1. What the file claims to be, by its first bytes.
    2. The trust bundle: NO_TRUST_ROOT without one, ROOT_MISMATCH if its root is not
       the one whose hash is given. Without a hash the bundle's own root is taken:
       then the verdict is worth what the bundle's origin is worth.
    3. The file, as far as `open_with` allows.

    Args:
        path: The file.
        trust: The bytes of a trust bundle.
        root_sha256: The hex hash of the root key, known from elsewhere.
        open_with: A private sealing key, 96 bytes or their base64: the device's
            single-use key for a batch, the coordinator's for a submission.

    Raises:
        RefusedError: INPUT_MISSING; INPUT_INVALID, `open_with` is no such key.
        UnavailableError: DISK_FAILED.
    """
    key = None if open_with is None else _seal_key(open_with)
    try:
        with path.open("rb") as file:
            return _verdict(file, trust=trust, root_sha256=root_sha256, key=key)
    except FileNotFoundError as error:
        raise RefusedError(Code.INPUT_MISSING) from error
    except OSError as error:
        raise UnavailableError(Code.DISK_FAILED, f"{error.errno}") from error


def _verdict(
    file: BinaryIO,
    *,
    trust: bytes | None,
    root_sha256: str | None,
    key: SealPrivateKey | None,
) -> Verdict:
    """Take the three steps of `verify_file` on an open file."""
    # 1.
    start = read_up_to(file, MAGIC_BYTES)
    file.seek(0)
    kind = _kind_of(start)
    depth = CONTENTS if kind in _CLEAR or key is not None else ENVELOPE
    try:
        # 2.
        verified = _trust(trust, root_sha256)
        # 3.
        key_id = _CHECKS[kind](file, verified, key)
    except VerificationError as error:
        return Verdict(
            valid=False, kind=kind, code=error.code, depth=depth, key_id=None
        )
    return Verdict(valid=True, kind=kind, code=None, depth=depth, key_id=key_id)


def _kind_of(start: bytes) -> str | None:
    """Return what the first bytes claim."""
    if start == batch.MAGIC:
        return BATCH
    if start == submission.MAGIC:
        return SUBMISSION
    if start == threat.MAGIC:
        return THREAT
    return RECEIPT if start[:1] == b"{" else None


def _trust(data: bytes | None, root_sha256: str | None) -> VerifiedTrust:
    """Verify the trust bundle under the root that the caller names."""
    if data is None:
        raise VerificationError(Code.NO_TRUST_ROOT)
    root = None if root_sha256 is None else Sha256Hex(root_sha256.strip().lower())
    return verify_trust(data, root_sha256=root, now=None)


def _batch(file: BinaryIO, trust: VerifiedTrust, key: SealPrivateKey | None) -> KeyId:
    """Check head, sealed manifest and media; with the key, every item as well."""
    outer = batch.verify_outer(batch.read_head(file), trust=trust, device=None)
    _check_length(file, outer.file_bytes)
    segment0 = read_up_to(file, outer.segment0.length)
    batch.check_segment0(outer, segment0)
    check_extent(file, outer.binding.media)
    if key is not None:
        manifest = batch.open_manifest(outer, segment0, key=key)
        trust.policy(manifest.policy_sha256)
        trust.config(manifest.config_sha256)
        for item in manifest.items:
            _check_item(file, outer.media_offset, item)
    return outer.binding.coordinator


def _submission(
    file: BinaryIO, trust: VerifiedTrust, key: SealPrivateKey | None
) -> KeyId:
    """Check head and sealed part; with the key, every entry as well."""
    head = submission.verify_submission_head(submission.read_head(file), trust=trust)
    _check_length(file, head.file_bytes)
    check_extent(file, head.outer.sealed)
    if key is not None:
        file.seek(0)
        received = submission.verify_submission_outer(
            read_up_to(file, head.file_bytes), trust=trust
        )
        known = NEW_JOURNAL if head.binding.first == 0 else None
        open_contents(received, key=key, known=known)
    return head.binding.device


def _receipt(
    file: BinaryIO, trust: VerifiedTrust, _key: SealPrivateKey | None
) -> KeyId:
    """Check envelope, checkpoint and cosignature; a receipt is not sealed."""
    data = read_up_to(file, MAX_RECEIPT_BYTES + 1)
    receipt, _ = open_receipt(data, trust=trust)
    device = trust.device(receipt.device).key
    return verify_receipt(data, trust=trust, device=device).coordinator


def _threat(file: BinaryIO, trust: VerifiedTrust, _key: SealPrivateKey | None) -> KeyId:
    """Check the signature, and that the lines above it are what it signs."""
    data = read_up_to(file, threat.MAX_THREAT_BYTES + 1)
    return threat.verify_threat(data, trust=trust).device


def _unknown(
    _file: BinaryIO, _trust: VerifiedTrust, _key: SealPrivateKey | None
) -> KeyId:
    """Refuse what is none of our files."""
    raise VerificationError(Code.FORMAT_UNKNOWN)


_CHECKS: Final[
    dict[str | None, Callable[[BinaryIO, VerifiedTrust, SealPrivateKey | None], KeyId]]
] = {
    BATCH: _batch,
    SUBMISSION: _submission,
    RECEIPT: _receipt,
    THREAT: _threat,
    None: _unknown,
}


def _check_length(file: BinaryIO, expected_bytes: int) -> None:
    """Refuse a cut or an appended byte before reading on."""
    if os.fstat(file.fileno()).st_size != expected_bytes:
        raise VerificationError(Code.MALFORMED, "file length")


def check_extent(file: BinaryIO, extent: Extent) -> None:
    """Hash the run of bytes that the file stands at."""
    digest = Sha256()
    left = extent.length
    while left:
        data = file.read(min(left, _STEP_BYTES))
        if not data:
            break
        digest.update(data)
        left -= len(data)
    if left or digest.hex() != extent.sha256:
        raise VerificationError(Code.HASH_MISMATCH, f"{extent.length} bytes")


def _check_item(file: BinaryIO, media_offset: int, item: Item) -> None:
    """Decrypt one item in steps: its clear hash, and zeros behind its true size."""

    def read_at(offset: int, length: int) -> bytes:
        file.seek(media_offset + item.offset_bytes + offset)
        return read_up_to(file, length)

    identity = AgeIdentity.from_raw(unb64(item.identity))
    reader = AgeReader(read_at, item.sealed_bytes, identity)
    digest = Sha256()
    for start in range(0, item.size_bytes, _STEP_BYTES):
        digest.update(reader.read(start, min(_STEP_BYTES, item.size_bytes - start)))
    if digest.hex() != item.sha256:
        raise VerificationError(Code.HASH_MISMATCH, item.id)
    for start in range(item.size_bytes, reader.plain_bytes, _STEP_BYTES):
        if not is_zero(reader.read(start, _STEP_BYTES)):
            raise VerificationError(Code.HASH_MISMATCH, item.id)


def _seal_key(data: bytes) -> SealPrivateKey:
    """Read a private sealing key as it stands in a key file."""
    try:
        raw = data
        if len(data) != PRIVATE_BYTES:
            raw = unb64(data.decode("ascii").strip())
        return SealPrivateKey.from_raw(raw)
    except (VerificationError, UnicodeDecodeError) as error:
        raise RefusedError(Code.INPUT_INVALID, "key file") from error
