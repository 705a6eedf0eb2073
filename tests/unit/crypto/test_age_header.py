"""The grammar of age headers, one broken rule at a time."""

from __future__ import annotations

import pytest

from reviewer.crypto.age import AgeIdentity, AgeReader
from reviewer.crypto.ageheader import (
    b64_bare,
    header_mac,
    parse_header,
    unb64_bare,
    write_header,
)
from reviewer.errors import Code, VerificationError
from tests.vectors.organisation import stream

SHARE = bytes(range(32))
BODY = bytes(32)
FILE_KEY = bytes(16)
GOOD = write_header(SHARE, BODY, FILE_KEY)
VERSION = b"age-encryption.org/v1\n"
STANZA = b"-> X25519 " + b64_bare(SHARE) + b"\n" + b64_bare(BODY) + b"\n"
MAC = b"--- " + b64_bare(bytes(32)) + b"\n"


def test_a_written_header_is_read_back() -> None:
    """Stanza, MAC and length."""
    header = parse_header(GOOD + b"payload")
    assert header.length_bytes == len(GOOD)
    assert header.mac == header_mac(FILE_KEY, header.signed)
    assert (header.stanzas[0].share, header.stanzas[0].body) == (SHARE, BODY)


def test_other_stanzas_are_passed_over() -> None:
    """A body may span lines, be empty, or fill its last line exactly."""
    full = b64_bare(bytes(48)) + b"\n"
    for extra in (b"-> grease a b\n\n", b"-> x\n" + full + b"\n", b"-> x\nAA\n"):
        header = parse_header(VERSION + extra + STANZA + MAC)
        assert len(header.stanzas) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"age-encryption.org/v2\n" + STANZA + MAC,
        VERSION.replace(b"\n", b"\r\n") + STANZA + MAC,
        VERSION + MAC,
        VERSION + STANZA,
        VERSION + STANZA + b"---\n",
        VERSION + STANZA + b"---  " + MAC[4:],
        VERSION + STANZA + b"---" + MAC[4:],
        VERSION + STANZA + MAC.replace(b"\n", b"=\n"),
        VERSION + STANZA + b"--- " + b64_bare(bytes(31)) + b"\n",
        VERSION + STANZA + MAC[:-1],
        VERSION + b"->X25519\n\n" + MAC,
        VERSION + b"-> \n\n" + MAC,
        VERSION + b"-> a  b\n\n" + MAC,
        VERSION + b"-> \x7f\n\n" + MAC,
        VERSION + b"-> a\n" + b"A" * 65 + b"\n" + MAC,
        VERSION + b"-> a\n" + b64_bare(bytes(48)) + b"\n" + MAC,
        VERSION + b"-> a\nAB\n" + MAC,
        VERSION + b"-> a\nA\n" + MAC,
        VERSION + b"-> a\nAA==\n" + MAC,
        VERSION + b"-> X25519\n" + b64_bare(BODY) + b"\n" + MAC,
        VERSION + STANZA.replace(b"X25519 ", b"X25519 a ") + MAC,
        VERSION + b"-> X25519 " + b64_bare(SHARE) + b"\nAA\n" + MAC,
        VERSION + b"-> X25519 AA\n" + b64_bare(BODY) + b"\n" + MAC,
        VERSION + b"-> a\n\n" * 33 + MAC,
        VERSION + b"-> " + b"a" * (64 << 10) + b"\n\n" + MAC,
    ],
)
def test_each_broken_rule_is_malformed(wrong: bytes) -> None:
    """Nothing is guessed."""
    with pytest.raises(VerificationError) as caught:
        parse_header(wrong)
    assert caught.value.code is Code.MALFORMED


def test_a_share_of_low_order_is_malformed() -> None:
    """Known before any key is derived."""
    wrong = write_header(bytes(32), BODY, FILE_KEY) + bytes(32)
    with pytest.raises(VerificationError) as caught:
        AgeReader(
            lambda offset, length: wrong[offset : offset + length],
            len(wrong),
            AgeIdentity.generate(stream("low")),
        )
    assert caught.value.code is Code.MALFORMED


def test_a_header_longer_than_the_first_read_is_still_read() -> None:
    """The first read is four kilobytes; a header may have sixty-four."""
    me = AgeIdentity.generate(stream("long"))
    plain = me.recipient.wrap(FILE_KEY, ephemeral=SHARE)
    stanza = plain[len(VERSION) : plain.index(b"---")]
    signed = VERSION + (b"-> pad " + b"a" * 3000 + b"\n\n") * 2 + stanza + b"---"
    data = signed + b" " + b64_bare(header_mac(FILE_KEY, signed)) + b"\n" + bytes(32)
    with pytest.raises(VerificationError) as caught:
        AgeReader(lambda offset, length: data[offset : offset + length], len(data), me)
    assert caught.value.code is Code.UNSEAL_FAILED


def test_bare_base64_is_canonical() -> None:
    """One text for each byte string."""
    assert unb64_bare(b64_bare(b"\xff\xfe")) == b"\xff\xfe"
    for wrong in (b"AB", b"A", b"AA=", b"A A", b"_-"):
        with pytest.raises(VerificationError):
            unb64_bare(wrong)
