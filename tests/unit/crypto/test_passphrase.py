"""Derivations: published vectors, and one passphrase whatever the keyboard."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.crypto.passphrase import (
    CEILING,
    FLOOR,
    KdfParameters,
    derive,
    equal,
    hkdf,
    hmac_sha256,
    normalise,
)

CHEAP = KdfParameters(memory_kib=64, passes=1, lanes=1)


def test_the_reference_vector_of_argon2id_holds() -> None:
    """Of the reference implementation's test.c: version 0x13, 2 passes, 256 KiB."""
    parameters = KdfParameters(memory_kib=256, passes=2, lanes=1)
    derived = derive("password", salt=b"somesalt", parameters=parameters)
    assert derived.hex() == (
        "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"
    )


def test_lanes_count() -> None:
    """Another vector of test.c: two lanes give other bytes."""
    parameters = KdfParameters(memory_kib=256, passes=2, lanes=2)
    derived = derive("password", salt=b"somesalt", parameters=parameters)
    assert derived.hex() == (
        "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"
    )


def test_the_vector_of_rfc_4231_holds() -> None:
    """HMAC-SHA256, test case 2."""
    assert hmac_sha256(b"Jefe", b"what do ya want for nothing?").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


@given(st.binary(max_size=64), st.binary(max_size=64), st.binary(max_size=20))
def test_hkdf_is_rfc_5869_over_sha512(secret: bytes, salt: bytes, info: bytes) -> None:
    """Extract and expand, written out for up to two blocks."""
    extracted = hmac.digest(salt or bytes(64), secret, hashlib.sha512)
    first = hmac.digest(extracted, info + b"\x01", hashlib.sha512)
    second = hmac.digest(extracted, first + info + b"\x02", hashlib.sha512)
    assert hkdf(secret, salt=salt, info=info, length=100) == (first + second)[:100]


@given(st.text(max_size=20))
def test_unicode_forms_derive_the_same(text: str) -> None:
    """NFKC is applied once and for all."""
    forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKD")}
    salt = b"0123456789abcdef"
    assert {normalise(form) for form in forms} == {normalise(text)}
    derived = {derive(form, salt=salt, parameters=CHEAP) for form in forms}
    assert derived == {derive(text, salt=salt, parameters=CHEAP)}


@pytest.mark.parametrize("name", ["memory_kib", "passes", "lanes"])
def test_bounds_hold_for_each_parameter(name: str) -> None:
    """Below the floor or above the ceiling in one of them is outside."""
    fields = {one: getattr(FLOOR, one) for one in ("memory_kib", "passes", "lanes")}
    below = KdfParameters(**{**fields, name: fields[name] - 1})
    above = KdfParameters(**{**fields, name: getattr(CEILING, name) + 1})
    assert FLOOR.within(FLOOR, CEILING)
    assert CEILING.within(FLOOR, CEILING)
    assert not below.within(FLOOR, CEILING)
    assert not above.within(FLOOR, CEILING)


def test_secrets_are_compared_whole() -> None:
    """In constant time, and truly."""
    assert equal(b"same", b"same")
    assert not equal(b"same", b"some")
    assert not equal(b"same", b"sam")
