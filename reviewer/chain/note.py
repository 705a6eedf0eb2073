"""Signed notes, checkpoints and cosignatures, as C2SP has them.

Sources: C2SP signed-note, tlog-checkpoint and tlog-cosignature (version 1). A note
is a text, a blank line, and one line for each signature. Stricter than C2SP: exactly
the signatures asked for, in a fixed order, and one spelling of each number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.crypto.hashes import sha256
from reviewer.crypto.signing import SIGNATURE_BYTES, SigningKey, VerifyingKey
from reviewer.errors import Code, VerificationError
from reviewer.formats.base64 import b64, unb64

MAX_NOTE_CHARACTERS: Final = 4096
_ED25519: Final = b"\x01"  # C2SP signed-note, signature types
_COSIGNATURE: Final = b"\x04"
_KEY_HASH_BYTES: Final = 4
_TIME_BYTES: Final = 8
_DASH: Final = "\u2014"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_ROOT_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A tree head: which tree, how large, its root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the note's text, its final newline included."""
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One signature line, not yet believed."""

    name: str
    key_hash: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note whose form holds; its signatures are still to be verified."""

    text: str
    signatures: tuple[NoteSignature, ...]


def sign_checkpoint(checkpoint: Checkpoint, *, key: SigningKey) -> str:
    """Return a checkpoint signed under its origin's name."""
    text = checkpoint.text()
    name = checkpoint.origin
    return f"{text}\n" + _line(
        name, key.verifying_key, _ED25519, key.sign(text.encode())
    )


def cosign(note: str, *, name: str, key: SigningKey, unix_s: int) -> str:
    """Return the note with a timestamped cosignature appended.

    The caller has verified the note and stored what it stands for.
    """
    text = parse_note(note).text
    signature = key.sign(_cosigned(text, unix_s))
    stamped = unix_s.to_bytes(_TIME_BYTES, "big") + signature
    return note + _line(name, key.verifying_key, _COSIGNATURE, stamped)


def parse_note(note: str) -> Note:
    """Read a note without believing it.

    Raises:
        VerificationError: TOO_LARGE, MALFORMED, NOT_CANONICAL.
    """
    if len(note) > MAX_NOTE_CHARACTERS:
        raise VerificationError(Code.TOO_LARGE, "note")
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise _malformed("shape")
    return Note(
        text=text + "\n",
        signatures=tuple(_parse_line(line) for line in lines[:-1].split("\n")),
    )


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the three lines of a checkpoint; no extension lines.

    Raises:
        VerificationError: MALFORMED, NOT_CANONICAL.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or not _NUMBER.fullmatch(lines[1]):
        raise _malformed("checkpoint")
    root = unb64(lines[2])
    if len(root) != _ROOT_BYTES:
        raise _malformed("root length")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root)


def verify_signature(note: Note, index: int, *, name: str, key: VerifyingKey) -> None:
    """Accept the signature line at `index` as a plain one by `key`.

    Raises:
        VerificationError: KEY_UNKNOWN, SIGNATURE_INVALID.
    """
    signature = _line_of(note.signatures, index, name, key, _ED25519)
    key.verify(signature, note.text.encode())


def verify_cosignature(note: Note, index: int, *, name: str, key: VerifyingKey) -> int:
    """Accept the line at `index` as a cosignature; return its Unix time in seconds.

    Raises:
        VerificationError: KEY_UNKNOWN, SIGNATURE_INVALID, MALFORMED.
    """
    stamped = _line_of(note.signatures, index, name, key, _COSIGNATURE)
    if len(stamped) != _TIME_BYTES + SIGNATURE_BYTES:
        raise _malformed("cosignature length")
    unix_s = int.from_bytes(stamped[:_TIME_BYTES], "big")
    key.verify(stamped[_TIME_BYTES:], _cosigned(note.text, unix_s))
    return unix_s


def key_hash(name: str, key: VerifyingKey, kind: bytes) -> bytes:
    """Return the four bytes by which a signature line names its key."""
    return sha256(name.encode() + b"\n" + kind + key.raw)[:_KEY_HASH_BYTES]


def _cosigned(text: str, unix_s: int) -> bytes:
    """Return what a cosignature signs."""
    return f"cosignature/v1\ntime {unix_s}\n{text}".encode()


def _line(name: str, key: VerifyingKey, kind: bytes, signature: bytes) -> str:
    """Return one signature line with its newline."""
    return f"{_DASH} {name} {b64(key_hash(name, key, kind) + signature)}\n"


def _parse_line(line: str) -> NoteSignature:
    """Read one signature line."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH or not parts[1]:
        raise _malformed("signature line")
    data = unb64(parts[2])
    if len(data) <= _KEY_HASH_BYTES:
        raise _malformed("signature length")
    return NoteSignature(
        name=parts[1],
        key_hash=data[:_KEY_HASH_BYTES],
        signature=data[_KEY_HASH_BYTES:],
    )


def _line_of(
    lines: Sequence[NoteSignature],
    index: int,
    name: str,
    key: VerifyingKey,
    kind: bytes,
) -> bytes:
    """Return the signature of a line that names this key under this name."""
    if index >= len(lines):
        raise _malformed("signatures")
    line = lines[index]
    if line.name != name or line.key_hash != key_hash(name, key, kind):
        raise VerificationError(Code.KEY_UNKNOWN, "note signer")
    return line.signature


def _malformed(what: str) -> VerificationError:
    return VerificationError(Code.MALFORMED, f"note: {what}")
