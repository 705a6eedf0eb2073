"""Invitation codes: typed by people, refused when mistyped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import Code, VerificationError
from reviewer.formats.invitecode import fingerprint_words, make_code, parse_code
from tests.vectors.organisation import signing_key

ROOT = signing_key("root")
SEED = bytes(range(32))
CODE = make_code(SEED, ROOT.verifying_key.raw)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_codes_survive_the_round_trip(seed: bytes, root: bytes) -> None:
    """Seed and root come back."""
    code = parse_code(make_code(seed, root))
    assert code.seed == seed
    assert code.root_prefix == parse_code(make_code(SEED, root)).root_prefix


def test_a_code_may_be_typed_as_people_type() -> None:
    """Lower case, spaces, no hyphens, O for zero, I or L for one."""
    plain = parse_code(CODE)
    for typed in (
        CODE.lower(),
        CODE.replace("-", " "),
        f"  {CODE.replace('-', '')}\n",
        CODE.replace("0", "o").replace("1", "l"),
        CODE.replace("1", "I"),
    ):
        assert parse_code(typed) == plain


def test_a_code_names_its_root() -> None:
    """The root of the bundle a coordinator answers with can be checked."""
    code = parse_code(CODE)
    code.check_root(ROOT.verifying_key)
    with pytest.raises(VerificationError) as caught:
        code.check_root(signing_key("other").verifying_key)
    assert caught.value.code is Code.ROOT_MISMATCH
    assert code.key.seed == SEED


@given(st.integers(0, 83), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZU*"))
def test_a_mistyped_digit_is_refused(place: int, digit: str) -> None:
    """By the checksum, the alphabet or the spare bits."""
    digits = list(CODE.replace("-", ""))
    if digits[place] == digit:
        return
    digits[place] = digit
    with pytest.raises(VerificationError) as caught:
        parse_code("".join(digits))
    assert caught.value.code is Code.INVITATION_INVALID


@pytest.mark.parametrize("text", ["", "-", CODE[:-1], CODE + "0", CODE * 2])
def test_codes_of_another_length_are_refused(text: str) -> None:
    """Cut, extended, empty."""
    with pytest.raises(VerificationError) as caught:
        parse_code(text)
    assert caught.value.code is Code.INVITATION_INVALID


def test_fingerprints_are_words_of_the_list() -> None:
    """The same for the same bytes, others for others."""
    words = [f"w{number}" for number in range(7776)]
    spoken = fingerprint_words(b"request", words=words)
    assert len(spoken.split()) == 6
    assert spoken == fingerprint_words(b"request", words=words)
    assert spoken != fingerprint_words(b"another", words=words)
    assert fingerprint_words(b"request", 3, words=words).split() == spoken.split()[:3]
    with pytest.raises(ValueError, match="two words"):
        fingerprint_words(b"request", words=["one"])
