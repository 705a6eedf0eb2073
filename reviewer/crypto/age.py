"""A strict age v1 writer and seeking reader, X25519 recipients only.

Source: the C2SP age specification. No armour, no passphrases, no plugins. A reader
checks, in this order: the header's grammar (MALFORMED), a stanza for this identity
(SEAL_KEY_UNKNOWN), the header MAC (SIGNATURE_INVALID), the final chunk, which alone
proves the length (UNSEAL_FAILED), and then each chunk before a byte of it is
released (UNSEAL_FAILED). Nothing is written anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from reviewer.crypto.ageheader import (
    FILE_KEY_BYTES,
    KEY_BYTES,
    MAX_HEADER_BYTES,
    Stanza,
    header_mac,
    hkdf_sha256,
    parse_header,
    same_bytes,
    write_header,
)
from reviewer.crypto.hashes import Sha256
from reviewer.domain.ids import Sha256Hex
from reviewer.errors import Code, VerificationError

CHUNK_BYTES: Final = 64 * 1024  # age specification, payload
TAG_BYTES: Final = 16
IDENTITY_BYTES: Final = KEY_BYTES
NONCE_BYTES: Final = 16
_SEALED_CHUNK_BYTES: Final = CHUNK_BYTES + TAG_BYTES
_FIRST_READ_BYTES: Final = 4096
_BLOCK_CHUNKS: Final = 16  # one megabyte per read of the underlying file
_HEADER_BYTES: Final = len(write_header(bytes(32), bytes(32), bytes(16)))


class AgeIdentity:
    """An X25519 identity of one item: 32 secret bytes."""

    __slots__ = ("_key", "raw", "recipient")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise VerificationError(Code.MALFORMED, "age identity length")
        self._key = X25519PrivateKey.from_private_bytes(raw)
        self.raw: Final = bytes(raw)
        self.recipient: Final = AgeRecipient(self._key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, entropy: Callable[[int], bytes] = os.urandom) -> AgeIdentity:
        """Make an identity from 32 fresh secret bytes."""
        return cls(entropy(KEY_BYTES))

    @classmethod
    def from_raw(cls, raw: bytes) -> AgeIdentity:
        """Load an identity from its 32 bytes.

        Raises:
            VerificationError: MALFORMED, not 32 bytes.
        """
        return cls(raw)

    def file_key(self, stanzas: tuple[Stanza, ...]) -> bytes:
        """Unwrap the file key from the stanza made for this identity.

        Raises:
            VerificationError: MALFORMED, a point of low order; SEAL_KEY_UNKNOWN,
                no stanza is for this identity.
        """
        for stanza in stanzas:
            try:
                shared = self._key.exchange(
                    X25519PublicKey.from_public_bytes(stanza.share)
                )
            except ValueError as error:
                raise VerificationError(Code.MALFORMED, "age share") from error
            key = stanza_key(shared, stanza.share, self.recipient.raw)
            try:
                return ChaCha20Poly1305(key).decrypt(bytes(12), stanza.body, None)
            except InvalidTag:
                continue
        raise VerificationError(Code.SEAL_KEY_UNKNOWN, "age identity")


class AgeRecipient:
    """The public half of an identity: 32 bytes."""

    __slots__ = ("_key", "raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise VerificationError(Code.MALFORMED, "age recipient length")
        self._key = X25519PublicKey.from_public_bytes(raw)
        self.raw: Final = bytes(raw)

    def wrap(self, file_key: bytes, *, ephemeral: bytes) -> bytes:
        """Return a whole header that wraps `file_key` to this recipient.

        Raises:
            VerificationError: MALFORMED, the recipient is a point of low order.
        """
        secret = X25519PrivateKey.from_private_bytes(ephemeral)
        share = secret.public_key().public_bytes_raw()
        try:
            shared = secret.exchange(self._key)
        except ValueError as error:
            raise VerificationError(Code.MALFORMED, "age recipient") from error
        key = stanza_key(shared, share, self.raw)
        body = ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)
        return write_header(share, body, file_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedMedia:
    """What `encrypt_stream` wrote."""

    clear_sha256: Sha256Hex
    """Of the true bytes, without padding."""
    clear_bytes: int
    sealed_bytes: int


def stanza_key(shared: bytes, share: bytes, recipient: bytes) -> bytes:
    """Derive the wrapping key of an X25519 stanza."""
    return hkdf_sha256(
        shared, salt=share + recipient, info=b"age-encryption.org/v1/X25519"
    )


def sealed_length(plain_bytes: int) -> int:
    """Return the length of an age file over `plain_bytes` bytes, one recipient."""
    chunks = max(1, -(-plain_bytes // CHUNK_BYTES))
    return _HEADER_BYTES + NONCE_BYTES + plain_bytes + chunks * TAG_BYTES


def encrypt_stream(
    reader: BinaryIO,
    writer: BinaryIO,
    *,
    recipient: AgeRecipient,
    length: int,
    padded_to: int | None = None,
    entropy: Callable[[int], bytes] = os.urandom,
) -> SealedMedia:
    """Seal exactly `length` bytes of `reader`, then zeros up to `padded_to`.

    Memory stays at about two megabytes whatever the length.

    Raises:
        VerificationError: MALFORMED, `reader` ends before `length` bytes.
    """
    total = length if padded_to is None else padded_to
    if total < length:
        raise ValueError("padding below the true length")
    file_key = entropy(FILE_KEY_BYTES)
    nonce = entropy(NONCE_BYTES)
    writer.write(recipient.wrap(file_key, ephemeral=entropy(KEY_BYTES)))
    writer.write(nonce)
    cipher = ChaCha20Poly1305(hkdf_sha256(file_key, salt=nonce, info=b"payload"))
    digest = Sha256()
    sealed = bytearray(_SEALED_CHUNK_BYTES)
    done = 0
    while True:
        size = min(CHUNK_BYTES, total - done)
        chunk = _padded_chunk(reader, digest, true=min(size, length - done), size=size)
        is_last = done + size == total
        nonce_now = _chunk_nonce(done // CHUNK_BYTES, is_last=is_last)
        out = memoryview(sealed)[: size + TAG_BYTES]
        cipher.encrypt_into(nonce_now, chunk, None, out)
        writer.write(out)
        done += size
        if is_last:
            break
    return SealedMedia(
        clear_sha256=digest.hex(), clear_bytes=length, sealed_bytes=sealed_length(total)
    )


class AgeReader:
    """Random access to the clear bytes of one age file; flat memory.

    `read_at(offset, length)` must answer exactly that many bytes of the file.
    Every answer of `read` is authenticated first. One thread at a time.
    """

    def __init__(
        self,
        read_at: Callable[[int, int], bytes],
        length_bytes: int,
        identity: AgeIdentity,
    ) -> None:
        self._read_at = read_at
        head = _read_exactly(read_at, 0, min(length_bytes, _FIRST_READ_BYTES))
        if b"\n---" not in head and len(head) < length_bytes:
            head = _read_exactly(read_at, 0, min(length_bytes, MAX_HEADER_BYTES))
        header = parse_header(head)
        file_key = identity.file_key(header.stanzas)
        if not same_bytes(header_mac(file_key, header.signed), header.mac):
            raise VerificationError(Code.SIGNATURE_INVALID, "age header")
        self._payload = header.length_bytes + NONCE_BYTES
        if length_bytes < self._payload:
            raise VerificationError(Code.MALFORMED, "age nonce")
        nonce = _read_exactly(read_at, header.length_bytes, NONCE_BYTES)
        key = hkdf_sha256(file_key, salt=nonce, info=b"payload")
        self._cipher = ChaCha20Poly1305(key)
        self._chunks, last_bytes = _layout(length_bytes - self._payload)
        self._plain_bytes = (self._chunks - 1) * CHUNK_BYTES + last_bytes
        self._block_first = self._chunks - 1
        self._block = bytes(self._open_chunks(self._block_first, 1))

    @property
    def plain_bytes(self) -> int:
        """Return the authentic length of the clear bytes, padding included."""
        return self._plain_bytes

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        """Return the clear bytes from `offset_bytes`, fewer only at the end.

        Raises:
            VerificationError: UNSEAL_FAILED, a chunk is not authentic.
        """
        if offset_bytes < 0 or length_bytes < 0:
            raise ValueError("negative range")
        end = min(offset_bytes + length_bytes, self._plain_bytes)
        if offset_bytes >= end:
            return b""
        first, last = offset_bytes // CHUNK_BYTES, (end - 1) // CHUNK_BYTES
        if first == last:
            start = offset_bytes - first * CHUNK_BYTES
            return self._one_chunk(first)[start : start + end - offset_bytes]
        clear = self._open_chunks(first, last - first + 1)
        start = offset_bytes - first * CHUNK_BYTES
        return bytes(memoryview(clear)[start : start + end - offset_bytes])

    def _one_chunk(self, index: int) -> bytes:
        """Return one clear chunk, kept for the next small read."""
        if self._block_first != index:
            self._block = bytes(self._open_chunks(index, 1))
            self._block_first = index
        return self._block

    def _open_chunks(self, first: int, count: int) -> bytearray:
        """Read and authenticate a run of chunks; release none before its own tag."""
        is_to_end = first + count == self._chunks
        end = self._plain_bytes if is_to_end else (first + count) * CHUNK_BYTES
        clear = bytearray(end - first * CHUNK_BYTES)
        view = memoryview(clear)
        for start in range(first, first + count, _BLOCK_CHUNKS):
            many = min(_BLOCK_CHUNKS, first + count - start)
            self._open_block(start, many, view[(start - first) * CHUNK_BYTES :])
        return clear

    def _open_block(self, first: int, count: int, clear: memoryview) -> None:
        """Decrypt up to `_BLOCK_CHUNKS` chunks into `clear` with one read."""
        length = min(count * CHUNK_BYTES, len(clear)) + count * TAG_BYTES
        offset = self._payload + first * _SEALED_CHUNK_BYTES
        sealed = memoryview(_read_exactly(self._read_at, offset, length))
        for index in range(count):
            part = sealed[index * _SEALED_CHUNK_BYTES :][:_SEALED_CHUNK_BYTES]
            out = clear[index * CHUNK_BYTES :][: len(part) - TAG_BYTES]
            is_last = first + index == self._chunks - 1
            nonce = _chunk_nonce(first + index, is_last=is_last)
            try:
                self._cipher.decrypt_into(nonce, part, None, out)
            except InvalidTag as error:
                raise VerificationError(
                    Code.UNSEAL_FAILED, f"age chunk {first + index}"
                ) from error


def _layout(sealed_bytes: int) -> tuple[int, int]:
    """Return the number of chunks and the clear length of the last one."""
    chunks = max(1, -(-sealed_bytes // _SEALED_CHUNK_BYTES))
    last_bytes = sealed_bytes - (chunks - 1) * _SEALED_CHUNK_BYTES - TAG_BYTES
    if last_bytes < 0 or (last_bytes == 0 and chunks > 1):
        raise VerificationError(Code.UNSEAL_FAILED, "age final chunk")
    return chunks, last_bytes


def _chunk_nonce(index: int, *, is_last: bool) -> bytes:
    """Return the nonce of a chunk: 11-byte counter and the final flag."""
    return index.to_bytes(11, "big") + (b"\x01" if is_last else b"\x00")


def _padded_chunk(reader: BinaryIO, digest: Sha256, *, true: int, size: int) -> bytes:
    """Read the true part of a chunk, hash it, and append zeros."""
    parts = []
    left = max(0, true)
    while left:
        data = reader.read(left)
        if not data:
            raise VerificationError(Code.MALFORMED, "media shorter than stated")
        digest.update(data)
        parts.append(data)
        left -= len(data)
    return b"".join((*parts, bytes(size - max(0, true))))


def _read_exactly(
    read_at: Callable[[int, int], bytes], offset: int, length: int
) -> bytes:
    """Read a range of the underlying file, or refuse a short answer."""
    data = read_at(offset, length)
    if len(data) != length:
        raise VerificationError(Code.UNSEAL_FAILED, "age file cut")
    return data
