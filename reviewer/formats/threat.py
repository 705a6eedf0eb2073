"""A threat to life as a file that anybody can read and an organisation can verify.

It is for a person in a hurry: plain lines, whatever opens text opens it. The last
line is an envelope by the device key over `wire.Threat`, and the lines above are
made from what it signs, so that nothing can be read in the file that was not signed.
Not sealed, by purpose: who is on duty may have no key (ADR-0033).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.signing import SigningKey
from reviewer.domain.ids import KeyId, Sha256Hex
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical, envelope
from reviewer.formats.base64 import unb64
from reviewer.formats.entry import SALT_BYTES, commit
from reviewer.formats.signed import decode
from reviewer.formats.trust import VerifiedTrust
from reviewer.formats.wire import Threat, ThreatWords

MAGIC: Final = b"RVT1\n"
MAX_THREAT_BYTES: Final = 32 << 10
WORDS_CHARACTERS: Final = 280  # law-and-policy section 5
"""Of each line of the form."""
REF_CHARACTERS: Final = 80
OFFICER_CHARACTERS: Final = 400
_RULE: Final = "-----"
_QUARTER: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:00|06|12|18)")
_HOURS: Final = {"00": "06", "06": "12", "12": "18", "18": "24"}
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")
"""Needed to write Persian and many Indic scripts; they change no direction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedThreat:
    """What the file says and who signed it; made by `verify_threat` alone."""

    threat: Threat
    device: KeyId
    commitment: Sha256Hex
    """Stands as `note_commitment` in the entry that recorded it."""


def plain(text: str, *, limit: int) -> str:
    """Return text as one line without controls and marks of direction, cut.

    What a hostile text brought along must not decide how the line reads.
    """
    spaced = (" " if char.isspace() else char for char in text)
    kept = "".join(char for char in spaced if not _is_hidden(char))
    return " ".join(kept.split())[:limit].strip()


def words_bytes(words: ThreatWords) -> bytes:
    """Return what the entry commits to: the canonical JSON of the form."""
    return canonical.encode(words)


def sign_threat(threat: Threat, *, key: SigningKey) -> bytes:
    """Return the whole file.

    Raises:
        VerificationError: BINDING_MISMATCH, another device's; MALFORMED, as a reader
            would find it.
    """
    if threat.device != key.key_id:
        raise VerificationError(Code.BINDING_MISMATCH, "device")
    _check(threat)
    signed = envelope.sign(
        canonical.encode(threat), payload_type=envelope.TYPE_THREAT, keys=[key]
    )
    return _file(threat, signed)


def verify_threat(data: bytes, *, trust: VerifiedTrust) -> VerifiedThreat:
    """Believe a file, or refuse it.

    1. Size and magic; the last line is the envelope.
    2. Signed by a device that the trust bundle holds.
    3. The payload's type, form and format; the device named is the signer.
    4. Its lines are bounded, without controls, and at least one is filled in.
    5. What can be read in the file is what was signed, byte for byte.

    Raises:
        VerificationError: TOO_LARGE, FORMAT_UNKNOWN, MALFORMED, NOT_CANONICAL,
            KEY_UNKNOWN, KEY_REVOKED, SIGNATURE_INVALID, WRONG_TYPE,
            BINDING_MISMATCH; HASH_MISMATCH, other words stand above the signature.
    """
    # 1.
    if len(data) > MAX_THREAT_BYTES:
        raise VerificationError(Code.TOO_LARGE, f"{len(data)} bytes")
    if not data.startswith(MAGIC):
        raise VerificationError(Code.FORMAT_UNKNOWN)
    last = data.removesuffix(b"\n").rpartition(b"\n")[2]
    signed = envelope.parse(last, max_bytes=MAX_THREAT_BYTES)
    # 2.
    device = trust.device(signed.key_ids[0])
    payload = envelope.verify(
        signed, payload_type=envelope.TYPE_THREAT, keys=[device.key]
    )
    # 3.
    threat = decode(payload, Threat, max_bytes=MAX_THREAT_BYTES)
    if threat.device != device.key.key_id:
        raise VerificationError(Code.BINDING_MISMATCH, "device")
    # 4.
    _check(threat)
    # 5.
    if data != _file(threat, signed.data):
        raise VerificationError(Code.HASH_MISMATCH, "lines")
    return VerifiedThreat(
        threat=threat,
        device=threat.device,
        commitment=commit(unb64(threat.salt), words_bytes(threat.words)),
    )


def name_of(data: bytes) -> str:
    """Return a short name for the file on its way: the beginning of its hash."""
    return f"threat-{sha256_hex(data)[:8]}.txt"


def filled(words: ThreatWords) -> bool:
    """Return whether anything at all was written."""
    return any((words.what, words.who, words.where, words.when, words.how_soon))


def _check(threat: Threat) -> None:
    words = threat.words
    lines = (words.what, words.who, words.where, words.when, words.how_soon)
    bounded = (
        *((line, WORDS_CHARACTERS) for line in lines),
        (threat.ref, REF_CHARACTERS),
        (threat.duty_officer, OFFICER_CHARACTERS),
    )
    if any(text != plain(text, limit=limit) for text, limit in bounded):
        raise VerificationError(Code.MALFORMED, "line")
    if not filled(words) or not _QUARTER.fullmatch(threat.at):
        raise VerificationError(Code.MALFORMED, "threat")
    if len(unb64(threat.salt)) != SALT_BYTES:
        raise VerificationError(Code.MALFORMED, "salt length")


def _file(threat: Threat, signed: bytes) -> bytes:
    return MAGIC + "\n".join((*_lines(threat), _RULE, "")).encode() + signed + b"\n"


def _lines(threat: Threat) -> tuple[str, ...]:
    """Return what a person reads; a line that was left empty says so."""
    words = threat.words
    day, _, hour = threat.at.partition("T")
    return (
        "THREAT TO LIFE. Please act on this at once.",
        f"Duty officer: {threat.duty_officer}",
        "",
        *(
            f"{label}: {text or '(not known)'}"
            for label, text in (
                ("What", words.what),
                ("Who", words.who),
                ("Where", words.where),
                ("When", words.when),
                ("How soon", words.how_soon),
            )
        ),
        "",
        f"Item: {threat.ref}",
        f"SHA-256 of the item: {threat.item_sha256}",
        f"Written: {day}, between {hour}:00 and {_HOURS[hour]}:00 UTC",
        "This file holds no picture and no text of the item.",
        "Below is the signature. Check it with: reviewer verify FILE --trust BUNDLE",
    )


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in _HIDDEN and char not in _JOINERS
