"""Base64: one text for each byte string."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import Code, VerificationError
from reviewer.formats.base64 import b64, unb64


@given(st.binary(max_size=100))
def test_bytes_survive_the_round_trip(data: bytes) -> None:
    """With standard letters and padding."""
    assert unb64(b64(data)) == data


@given(st.text("AQg/+=\n ", max_size=12))
def test_a_text_is_accepted_only_if_it_is_the_encoding(text: str) -> None:
    """Whatever is accepted encodes to itself."""
    try:
        data = unb64(text)
    except VerificationError:
        return
    assert b64(data) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("YQ", Code.MALFORMED),
        ("YQ=", Code.MALFORMED),
        ("Y Q==", Code.MALFORMED),
        ("YQ==\n", Code.MALFORMED),
        ("-_==", Code.MALFORMED),
        ("é", Code.MALFORMED),
        ("YR==", Code.NOT_CANONICAL),
        ("YWK=", Code.NOT_CANONICAL),
        ("AAAA=", Code.MALFORMED),
        ("AAAA==", Code.MALFORMED),
    ],
)
def test_other_spellings_are_refused(text: str, code: Code) -> None:
    """Bits that decode to nothing (DSSE's own vectors), and padding after a group."""
    with pytest.raises(VerificationError) as caught:
        unb64(text)
    assert caught.value.code is code
