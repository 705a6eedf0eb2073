"""Wrapping: RFC 8439's vector, and no changed bit opens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.crypto import aead
from reviewer.errors import Code, VerificationError

KEY = bytes(range(0x80, 0xA0))


def test_the_vector_of_rfc_8439_holds() -> None:
    """Section 2.8.2, with the nonce in front."""
    nonce = bytes.fromhex("070000004041424344454647")
    wrapped = aead.wrap(
        KEY,
        plaintext=(
            b"Ladies and Gentlemen of the class of '99: If I could offer you only "
            b"one tip for the future, sunscreen would be it."
        ),
        associated=bytes.fromhex("50515253c0c1c2c3c4c5c6c7"),
        entropy=lambda _count: nonce,
    )
    assert wrapped[:12] == nonce
    assert wrapped[12:28].hex() == "d31a8d34648e60db7b86afbc53ef7ec2"
    assert wrapped[-16:].hex() == "1ae10b594f09e26a7e902ecbd0600691"


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_what_was_wrapped_unwraps(plaintext: bytes, associated: bytes) -> None:
    """Under the same key and associated data, with a fresh nonce each time."""
    first = aead.wrap(KEY, plaintext=plaintext, associated=associated)
    second = aead.wrap(KEY, plaintext=plaintext, associated=associated)
    assert first != second
    assert len(first) == len(plaintext) + aead.OVERHEAD_BYTES
    assert aead.unwrap(KEY, wrapped=first, associated=associated) == plaintext


@given(st.data())
def test_any_changed_bit_is_refused(data: st.DataObject) -> None:
    """Of the wrapped bytes, the key or the associated data: UNSEAL_FAILED."""
    parts = [
        aead.wrap(KEY, plaintext=b"identity" * 4, associated=b"item"),
        KEY,
        b"item",
    ]
    which = data.draw(st.integers(0, 2))
    spoilt = bytearray(parts[which])
    spoilt[data.draw(st.integers(0, len(spoilt) - 1))] ^= 1 << data.draw(
        st.integers(0, 7)
    )
    parts[which] = bytes(spoilt)
    wrapped, key, associated = parts
    with pytest.raises(VerificationError) as caught:
        aead.unwrap(key, wrapped=wrapped, associated=associated)
    assert caught.value.code is Code.UNSEAL_FAILED


@pytest.mark.parametrize("length", range(aead.OVERHEAD_BYTES + 1))
def test_what_is_cut_short_is_refused(length: int) -> None:
    """At every length up to an empty plaintext and beyond."""
    wrapped = aead.wrap(KEY, plaintext=b"abc", associated=b"")[:length]
    with pytest.raises(VerificationError) as caught:
        aead.unwrap(KEY, wrapped=wrapped, associated=b"")
    assert caught.value.code is Code.UNSEAL_FAILED
