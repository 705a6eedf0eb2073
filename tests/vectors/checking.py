"""Reads a vector as any implementation would, and says what came of it."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Final

from reviewer.chain.journal import verify_chain, verify_receipt
from reviewer.chain.submitting import NEW_JOURNAL, open_contents
from reviewer.crypto.age import CHUNK_BYTES, AgeIdentity, AgeReader
from reviewer.crypto.hashes import Sha256
from reviewer.crypto.padding import is_zero
from reviewer.crypto.sealing import SealPrivateKey
from reviewer.crypto.signing import VerifyingKey
from reviewer.domain.ids import KeyId, Sha256Hex
from reviewer.domain.item import Wire
from reviewer.errors import Code, VerificationError
from reviewer.formats import batch, canonical, submission
from reviewer.formats.base64 import unb64
from reviewer.formats.receipt import open_receipt
from reviewer.formats.threat import verify_threat
from reviewer.formats.trust import VerifiedTrust, verify_trust

SUCCESS: Final = "success"


class Header(Wire, frozen=True, kw_only=True):
    """What stands beside the bytes of a vector, as `<name>.json`."""

    kind: str
    """`age`, `batch`, `journal`, `receipt`, `submission`, `threat` or `trust`."""
    expect: str
    """`success`, or the code of the first step that fails."""
    about: str
    trust: str | None = None
    """The file of the trust bundle under which to read it."""
    root_sha256: str | None = None
    device: str | None = None
    """The device that reads a batch, or whose journal it is (its raw key)."""
    open_with: str | None = None
    """Base64 of the secret that opens it."""


def outcome(header: Header, data: bytes, *, files: Callable[[str], bytes]) -> str:
    """Return `success`, or the code that the reader gives."""
    try:
        _READERS[header.kind](header, data, files)
    except VerificationError as error:
        return error.code.value
    return SUCCESS


def _trust_of(header: Header, files: Callable[[str], bytes]) -> VerifiedTrust:
    if header.trust is None:
        raise VerificationError(Code.NO_TRUST_ROOT)
    return verify_trust(files(header.trust), root_sha256=None, now=None)


def _secret(header: Header) -> bytes:
    return base64.b64decode(header.open_with or "")


def _read_age(header: Header, data: bytes, _files: Callable[[str], bytes]) -> None:
    reader = AgeReader(
        lambda offset, length: data[offset : offset + length],
        len(data),
        AgeIdentity.from_raw(_secret(header)),
    )
    for start in range(0, reader.plain_bytes, CHUNK_BYTES):
        reader.read(start, CHUNK_BYTES)


def _read_trust(header: Header, data: bytes, _files: Callable[[str], bytes]) -> None:
    root = None if header.root_sha256 is None else Sha256Hex(header.root_sha256)
    verify_trust(data, root_sha256=root, now=None)


def _read_journal(header: Header, data: bytes, _files: Callable[[str], bytes]) -> None:
    """A journal's vector is its envelopes, one a line."""
    key = VerifyingKey.from_raw(unb64(header.device or ""))
    verify_chain(data.splitlines(), key=key)


def _read_batch(header: Header, data: bytes, files: Callable[[str], bytes]) -> None:
    trust = _trust_of(header, files)
    stream = io.BytesIO(data)
    device = None if header.device is None else KeyId(header.device)
    outer = batch.verify_outer(batch.read_head(stream), trust=trust, device=device)
    batch.check_sequence(outer, last_seq=None, last_sha256=None)
    batch.check_time(outer, now_low=None)
    segment0 = stream.read(outer.segment0.length)
    batch.check_segment0(outer, segment0)
    media = stream.read()
    digest = Sha256()
    digest.update(media)
    if len(media) != outer.binding.media.length:
        raise VerificationError(Code.MALFORMED, "length")
    if digest.hex() != outer.binding.media.sha256:
        raise VerificationError(Code.HASH_MISMATCH, "media")
    key = SealPrivateKey.from_raw(_secret(header))
    for item in batch.open_manifest(outer, segment0, key=key).items:
        sealed = media[item.offset_bytes :][: item.sealed_bytes]
        _check_item(sealed, item.identity, size=item.size_bytes, sha256=item.sha256)


def _check_item(sealed: bytes, identity: str, *, size: int, sha256: str) -> None:
    reader = AgeReader(
        lambda offset, length: sealed[offset : offset + length],
        len(sealed),
        AgeIdentity.from_raw(unb64(identity)),
    )
    digest = Sha256()
    digest.update(reader.read(0, size))
    rest = reader.read(size, reader.plain_bytes - size)
    if digest.hex() != sha256 or not is_zero(rest):
        raise VerificationError(Code.HASH_MISMATCH, "item")


def _read_submission(
    header: Header, data: bytes, files: Callable[[str], bytes]
) -> None:
    received = submission.verify_submission_outer(data, trust=_trust_of(header, files))
    key = SealPrivateKey.from_raw(_secret(header))
    open_contents(received, key=key, known=NEW_JOURNAL)


def _read_receipt(header: Header, data: bytes, files: Callable[[str], bytes]) -> None:
    trust = _trust_of(header, files)
    receipt, _ = open_receipt(data, trust=trust)
    device = trust.device(receipt.device).key
    verify_receipt(data, trust=trust, device=device)


def _read_threat(header: Header, data: bytes, files: Callable[[str], bytes]) -> None:
    verify_threat(data, trust=_trust_of(header, files))


def _read_canonical(
    _header: Header, data: bytes, _files: Callable[[str], bytes]
) -> None:
    canonical.decode(data, Header, max_bytes=4096)


_READERS: Final[dict[str, Callable[[Header, bytes, Callable[[str], bytes]], None]]] = {
    "age": _read_age,
    "batch": _read_batch,
    "canonical": _read_canonical,
    "journal": _read_journal,
    "receipt": _read_receipt,
    "submission": _read_submission,
    "threat": _read_threat,
    "trust": _read_trust,
}
