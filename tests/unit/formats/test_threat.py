"""The threat file: read by anybody, and nothing to be read that was not signed."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.ids import KeyId, Sha256Hex
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical, envelope, threat
from reviewer.formats.base64 import b64
from reviewer.formats.entry import commit
from reviewer.formats.trust import verify_trust
from reviewer.formats.wire import Threat, ThreatWords
from tests.vectors.organisation import Organisation

OURS: Final = Organisation()
THEIRS: Final = Organisation("magpie")
TRUST: Final = verify_trust(OURS.bundle(), root_sha256=None, now=None)
SALT: Final = bytes(range(16))
WORDS: Final = ThreatWords(what="He says he will shoot", when="Saturday")


def value(**changes: Any) -> Threat:  # noqa: ANN401
    made = Threat(
        device=OURS.device.key_id,
        ref="Heron 12-042",
        item_sha256=Sha256Hex("5a" * 32),
        words=WORDS,
        duty_officer="Duty desk, +00 000 0000",
        at="2026-11-21T18",
        salt=b64(SALT),
    )
    return msgspec.structs.replace(made, **changes)


FILE: Final = threat.sign_threat(value(), key=OURS.device)


def code_of(data: bytes) -> Code:
    with pytest.raises(VerificationError) as caught:
        threat.verify_threat(data, trust=TRUST)
    return caught.value.code


def forged(**changes: Any) -> bytes:  # noqa: ANN401
    """Sign what our own program would not."""
    payload = canonical.encode(value(**changes))
    signed = envelope.sign(
        payload, payload_type=envelope.TYPE_THREAT, keys=[OURS.device]
    )
    return threat._file(value(), signed)


def test_a_true_file_is_believed() -> None:
    """What it says, by whom, and how the journal commits to its words."""
    found = threat.verify_threat(FILE, trust=TRUST)
    assert (found.threat, found.device) == (value(), OURS.device.key_id)
    assert found.commitment == commit(SALT, threat.words_bytes(WORDS))


def test_it_can_be_read_in_anything_that_opens_text() -> None:
    """Plain lines in UTF-8, the most pressing first; what is not known says so."""
    lines = FILE.decode("utf-8").split("\n")
    assert lines[0] == "RVT1"
    assert "THREAT TO LIFE" in lines[1]
    assert "What: He says he will shoot" in lines
    assert "How soon: (not known)" in lines
    assert "Written: 2026-11-21, between 18:00 and 24:00 UTC" in lines


def test_every_changed_byte_is_refused() -> None:
    """Above the signature and in it; cut and lengthened too."""
    for place in range(len(FILE)):
        wrong = bytearray(FILE)
        wrong[place] ^= 1
        code_of(bytes(wrong))
    for data in (FILE[:-1], FILE[1:], FILE + b"\n", FILE + b"x", FILE * 2, b""):
        code_of(data)


def test_other_words_above_a_true_signature_are_refused() -> None:
    """Somebody edits the lines and leaves the signature alone."""
    assert code_of(FILE.replace(b"Saturday", b"next year")) is Code.HASH_MISMATCH
    more = FILE.replace(b"-----\n", b"Who: somebody else\n-----\n")
    assert code_of(more) is Code.HASH_MISMATCH
    assert code_of(FILE.replace(b"\n", b"\r\n")) is not None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"words": ThreatWords()}, Code.MALFORMED),
        ({"words": ThreatWords(what="x" * 281)}, Code.MALFORMED),
        ({"words": ThreatWords(what="gnp\u202etxt")}, Code.MALFORMED),
        ({"words": ThreatWords(what="a\nDuty officer: me")}, Code.MALFORMED),
        ({"words": ThreatWords(what=" padded ")}, Code.MALFORMED),
        ({"ref": "Heron\u2066"}, Code.MALFORMED),
        ({"ref": "x" * 81}, Code.MALFORMED),
        ({"duty_officer": "x" * 401}, Code.MALFORMED),
        ({"at": "2026-11-21T18:46:02Z"}, Code.MALFORMED),
        ({"salt": b64(b"short")}, Code.MALFORMED),
        ({"item_sha256": Sha256Hex("5A" * 32)}, Code.MALFORMED),
        ({"format": "rv-threat/2"}, Code.FORMAT_UNKNOWN),
        ({"device": KeyId("5a" * 32)}, Code.BINDING_MISMATCH),
    ],
)
def test_what_a_device_must_not_sign(changes: dict[str, Any], code: Code) -> None:
    """Though its signature holds."""
    assert code_of(forged(**changes)) is code


def test_a_device_that_is_not_enrolled() -> None:
    """And one whose file is of another kind."""
    theirs = threat.sign_threat(value(device=THEIRS.device.key_id), key=THEIRS.device)
    assert code_of(theirs) is Code.KEY_UNKNOWN
    with pytest.raises(VerificationError) as caught:
        threat.sign_threat(value(), key=THEIRS.device)
    assert caught.value.code is Code.BINDING_MISMATCH
    signed = envelope.sign(
        canonical.encode(value()), payload_type=envelope.TYPE_ENTRY, keys=[OURS.device]
    )
    assert code_of(threat._file(value(), signed)) is Code.WRONG_TYPE


def test_a_large_file_is_refused_unread() -> None:
    """By its size alone."""
    assert code_of(threat.MAGIC + b" " * threat.MAX_THREAT_BYTES) is Code.TOO_LARGE


@given(st.text(max_size=400))
def test_plain_is_one_bounded_line_and_stays_so(text: str) -> None:
    """Whatever was pasted; cleaning twice changes nothing more."""
    line = threat.plain(text, limit=100)
    assert len(line) <= 100
    assert "\n" not in line
    assert line.isprintable() or any(char in "\u200c\u200d" for char in line)
    assert threat.plain(line, limit=100) == line
    line.encode("utf-8")
