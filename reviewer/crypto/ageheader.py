"""The grammar of an age header, checked to the byte (C2SP age specification)."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from reviewer.errors import Code, VerificationError

KEY_BYTES: Final = 32
FILE_KEY_BYTES: Final = 16
MAX_HEADER_BYTES: Final = 64 * 1024  # security.md 3.3
MAX_STANZAS_COUNT: Final = 32  # security.md 3.3
_BODY_BYTES: Final = FILE_KEY_BYTES + 16
_VERSION: Final = b"age-encryption.org/v1\n"
_COLUMNS_COUNT: Final = 64
_WORD: Final = re.compile(rb"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stanza:
    """One X25519 stanza."""

    share: bytes
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A header whose grammar holds; its MAC is still to be checked."""

    stanzas: tuple[Stanza, ...]
    """Of type X25519 only; stanzas of other types are passed over."""
    signed: bytes
    """The bytes under the MAC."""
    mac: bytes
    length_bytes: int


def parse_header(data: bytes) -> Header:
    """Parse the header at the start of `data`.

    Raises:
        VerificationError: MALFORMED.
    """
    if not data.startswith(_VERSION):
        raise _malformed("version")
    stanzas: list[Stanza] = []
    position, count = len(_VERSION), 0
    while True:
        line, after = _line(data, position)
        if line.startswith(b"---"):
            break
        count += 1
        if count > MAX_STANZAS_COUNT:
            raise _malformed("stanzas")
        arguments = _arguments(line)
        body, position = _body(data, after)
        if arguments[0] == b"X25519":
            stanzas.append(_x25519(arguments, body))
    if not count or not line.startswith(b"--- "):
        raise _malformed("final line")
    mac = unb64_bare(line[4:])
    if len(mac) != KEY_BYTES:
        raise _malformed("mac length")
    return Header(
        stanzas=tuple(stanzas),
        signed=data[: position + 3],
        mac=mac,
        length_bytes=after,
    )


def write_header(share: bytes, body: bytes, file_key: bytes) -> bytes:
    """Return the bytes of a header with one X25519 stanza."""
    signed = (
        _VERSION + b"-> X25519 " + b64_bare(share) + b"\n" + b64_bare(body) + b"\n---"
    )
    return signed + b" " + b64_bare(header_mac(file_key, signed)) + b"\n"


def header_mac(file_key: bytes, signed: bytes) -> bytes:
    """Return the MAC of a header under its file key."""
    key = hkdf_sha256(file_key, salt=b"", info=b"header")
    return hmac.new(key, signed, hashlib.sha256).digest()


def same_bytes(first: bytes, second: bytes) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(first, second)


def hkdf_sha256(secret: bytes, *, salt: bytes, info: bytes) -> bytes:
    """Derive 32 bytes by HKDF-SHA256."""
    return HKDF(hashes.SHA256(), KEY_BYTES, salt, info).derive(secret)


def b64_bare(data: bytes) -> bytes:
    """Encode as base64 without padding."""
    return binascii.b2a_base64(data, newline=False).rstrip(b"=")


def unb64_bare(text: bytes) -> bytes:
    """Decode canonical base64 without padding.

    Raises:
        VerificationError: MALFORMED.
    """
    try:
        data = binascii.a2b_base64(text + b"=" * (-len(text) % 4), strict_mode=True)
    except binascii.Error as error:
        raise _malformed("base64") from error
    if b64_bare(data) != text:
        raise _malformed("base64")
    return data


def _malformed(what: str) -> VerificationError:
    return VerificationError(Code.MALFORMED, f"age header: {what}")


def _line(data: bytes, start: int) -> tuple[bytes, int]:
    """Return the line at `start` and the position after its newline."""
    end = data.find(b"\n", start, MAX_HEADER_BYTES)
    if end < 0:
        raise _malformed("cut")
    return data[start:end], end + 1


def _arguments(line: bytes) -> list[bytes]:
    """Split a stanza line into its type and arguments."""
    if not line.startswith(b"-> "):
        raise _malformed("stanza line")
    words = line[3:].split(b" ")
    if not all(_WORD.fullmatch(word) for word in words):
        raise _malformed("argument")
    return words


def _body(data: bytes, start: int) -> tuple[bytes, int]:
    """Return a stanza's body and the position after its short final line."""
    lines = []
    position = start
    while True:
        line, position = _line(data, position)
        if len(line) > _COLUMNS_COUNT:
            raise _malformed("long line")
        lines.append(unb64_bare(line))
        if len(line) < _COLUMNS_COUNT:
            return b"".join(lines), position


def _x25519(arguments: list[bytes], body: bytes) -> Stanza:
    """Check the fixed shape of an X25519 stanza."""
    if len(arguments) != 2 or len(body) != _BODY_BYTES:
        raise _malformed("X25519 stanza")
    share = unb64_bare(arguments[1])
    if len(share) != KEY_BYTES:
        raise _malformed("X25519 share")
    return Stanza(share=share, body=body)
