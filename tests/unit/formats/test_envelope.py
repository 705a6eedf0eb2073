"""DSSE: the published encoding, exact signers, and no byte to spare."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.crypto.signing import SigningKey
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical, envelope
from reviewer.formats.base64 import b64
from tests.vectors.organisation import signing_key

ONE, TWO = signing_key("one"), signing_key("two")
PAYLOAD = b'{"a":1}'
TYPE = envelope.TYPE_ENTRY
SIGNED = envelope.sign(PAYLOAD, payload_type=TYPE, keys=[ONE, TWO])


def verified(data: bytes, *keys: SigningKey, payload_type: str = TYPE) -> bytes:
    parsed = envelope.parse(data, max_bytes=10_000)
    return envelope.verify(
        parsed,
        payload_type=payload_type,
        keys=[key.verifying_key for key in keys],
    )


def code_of(data: bytes, *keys: SigningKey, payload_type: str = TYPE) -> Code:
    with pytest.raises(VerificationError) as caught:
        verified(data, *keys, payload_type=payload_type)
    return caught.value.code


def test_what_is_signed_is_the_published_encoding() -> None:
    """The example of the DSSE protocol page."""
    encoded = envelope.pae("http://example.com/HelloWorld", b"hello world")
    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_a_payload_comes_back_from_its_signers() -> None:
    """The bytes returned are the bytes that were signed."""
    assert verified(SIGNED, ONE, TWO) == PAYLOAD


def test_signers_are_exact_and_in_order() -> None:
    """Neither fewer, nor more, nor another, nor turned round, nor one twice."""
    for keys in ((ONE,), (TWO, ONE), (ONE, TWO, TWO), (ONE, signing_key("three")), ()):
        assert code_of(SIGNED, *keys) is Code.KEY_UNKNOWN
    twice = envelope.sign(PAYLOAD, payload_type=TYPE, keys=[ONE, ONE])
    assert code_of(twice, ONE, TWO) is Code.KEY_UNKNOWN


def test_a_signature_under_a_borrowed_key_id_is_refused() -> None:
    """The id is a claim; the signature decides."""
    forged = envelope.sign(PAYLOAD, payload_type=TYPE, keys=[TWO])
    renamed = forged.replace(TWO.key_id.encode(), ONE.key_id.encode())
    assert code_of(renamed, ONE) is Code.SIGNATURE_INVALID


def test_the_type_is_signed_and_asked_for() -> None:
    """An envelope of one format never passes for another."""
    one = envelope.sign(PAYLOAD, payload_type=TYPE, keys=[ONE])
    assert code_of(one, ONE, payload_type=envelope.TYPE_BATCH) is Code.WRONG_TYPE
    relabelled = one.replace(TYPE.encode(), envelope.TYPE_BATCH.encode())
    expected = envelope.TYPE_BATCH
    assert code_of(relabelled, ONE, payload_type=expected) is Code.SIGNATURE_INVALID


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(place: int, change: int) -> None:
    """Wherever it is and whatever it becomes."""
    wrong = bytearray(SIGNED)
    wrong[place] ^= change
    with pytest.raises(VerificationError):
        verified(bytes(wrong), ONE, TWO)


@given(st.integers(0, len(SIGNED) - 1))
def test_a_cut_envelope_is_malformed(length: int) -> None:
    """At any length."""
    assert code_of(SIGNED[:length], ONE, TWO) is Code.MALFORMED


ALONE = envelope.sign(PAYLOAD, payload_type=TYPE, keys=[ONE])


def short_way(data: bytes) -> bytes | None:
    return envelope.open_by(data, payload_type=TYPE, key=ONE.verifying_key)


@given(st.integers(0, len(ALONE) - 1), st.integers(1, 255))
def test_the_short_way_accepts_no_more_than_the_long_way(
    place: int, change: int
) -> None:
    """The same payload for a true envelope, nothing for any other."""
    assert short_way(ALONE) == verified(ALONE, ONE) == PAYLOAD
    wrong = bytearray(ALONE)
    wrong[place] ^= change
    try:
        assert short_way(bytes(wrong)) is None
    except VerificationError as error:
        assert error.code in {  # noqa: PT017 (None is as good an answer)
            Code.SIGNATURE_INVALID,
            Code.MALFORMED,
            Code.NOT_CANONICAL,
        }


@pytest.mark.parametrize(
    "data", [b"", SIGNED, ALONE[1:], ALONE[:-1], ALONE + b"}", b'{"payload":""}]}']
)
def test_the_short_way_leaves_odd_envelopes_to_the_long_way(data: bytes) -> None:
    """Which says what is wrong with them."""
    assert short_way(data) is None


def test_forms_that_carry_no_signature_are_malformed() -> None:
    """No signer, a short signature, bytes behind."""
    none = {"payload": b64(PAYLOAD), "payloadType": TYPE, "signatures": []}
    short = none | {"signatures": [{"keyid": ONE.key_id, "sig": b64(bytes(63))}]}
    for wrong in (canonical.encode(none), canonical.encode(short), SIGNED + b"}"):
        assert code_of(wrong, ONE) is Code.MALFORMED
    assert code_of(SIGNED + b"\n", ONE, TWO) is Code.NOT_CANONICAL


def test_large_envelopes_are_refused_unread() -> None:
    """By their size alone."""
    with pytest.raises(VerificationError) as caught:
        envelope.parse(SIGNED, max_bytes=len(SIGNED) - 1)
    assert caught.value.code is Code.TOO_LARGE


def test_every_type_has_its_own_name() -> None:
    """All of them are draft types of this organisation's vendor tree."""
    assert len(envelope.PAYLOAD_TYPES) == 11
    assert all(name.endswith(".v1draft+json") for name in envelope.PAYLOAD_TYPES)
