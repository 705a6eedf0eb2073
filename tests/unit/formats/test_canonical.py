"""Canonical JSON: RFC 8785's bytes, and exactly one spelling accepted."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.ids import BatchId, KeyId, UtcTime
from reviewer.domain.item import Wire
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical
from reviewer.formats.shapes import MAX_INTEGER


class Small(Wire, frozen=True, kw_only=True):
    """A struct with one field of each kind that the formats use."""

    name: str
    count: int
    inner: dict[str, object] = {}  # noqa: RUF012 (msgspec copies the default)
    maybe: int | None = None


class Shaped(Wire, frozen=True, kw_only=True):
    """A struct whose ids sit at every depth."""

    key: KeyId
    time: UtcTime | None
    batches: tuple[BatchId, ...]
    named: dict[str, UtcTime]
    inner: Small | None = None


KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NUMBERS = st.integers(0, MAX_INTEGER)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


def code_of(data: bytes, type_: type[object] = Small, *, cap: int = 10_000) -> Code:
    with pytest.raises(VerificationError) as caught:
        canonical.decode(data, type_, max_bytes=cap)
    return caught.value.code


@given(VALUES)
def test_bytes_are_those_of_rfc_8785(value: object) -> None:
    """Within our subset msgspec and the reference library agree to the byte."""
    assert canonical.encode(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


def test_sample_string_of_rfc_8785() -> None:
    """Section 3.2.2.2: which characters are escaped, and how."""
    sample = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    assert canonical.encode({"string": sample}) == (
        '{"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()
    )


@given(TEXTS, NUMBERS, st.dictionaries(KEYS, TEXTS | NUMBERS, max_size=4))
def test_values_survive_the_round_trip(
    name: str, count: int, inner: dict[str, object]
) -> None:
    """What was encoded decodes to itself."""
    value = Small(name=name, count=count, inner=inner)
    data = canonical.encode(value)
    assert canonical.decode(data, Small, max_bytes=len(data)) == value


@given(st.data())
def test_any_changed_byte_is_refused_or_another_value(data: st.DataObject) -> None:
    """Two spellings never mean the same."""
    value = Small(name="a name", count=12, inner={"b": [1, None], "c": "d"})
    encoded = bytearray(canonical.encode(value))
    place = data.draw(st.integers(0, len(encoded) - 1))
    encoded[place] ^= data.draw(st.integers(1, 255))
    try:
        decoded = canonical.decode(bytes(encoded), Small, max_bytes=10_000)
    except VerificationError:
        return
    assert decoded != value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.MALFORMED),
        (b"[]", Code.MALFORMED),
        (b"{", Code.MALFORMED),
        (b'{"count":1}', Code.MALFORMED),
        (b'{"count":"1","inner":{},"maybe":null,"name":""}', Code.MALFORMED),
        (b'{"count":1,"inner":{},"maybe":null,"name":"","x":1}', Code.MALFORMED),
        (b'{"count":1,"inner":{},"maybe":null,"name":"\xff"}', Code.MALFORMED),
        (b'{"count":1,"inner":{},"maybe":null,"name":"\\ud800"}', Code.MALFORMED),
        (b'{"count":1.5,"inner":{},"maybe":null,"name":""}', Code.MALFORMED),
        (b'{"count":1e2,"inner":{},"maybe":null,"name":""}', Code.MALFORMED),
        (b'{"count":1,"inner":{"a":1.0},"maybe":null,"name":""}', Code.MALFORMED),
        (b'{"count":1,"inner":{"a":[0,1E5]},"maybe":null,"name":""}', "spelling"),
        (b'{"count":-1,"inner":{},"maybe":null,"name":""}', Code.MALFORMED),
        (b'{"count":1,"inner":{},"maybe":-1,"name":""}', Code.MALFORMED),
        (b'{"count":9007199254740992,"inner":{},"maybe":null,"name":""}', "big"),
        (b'{"count":99999999999999999999,"inner":{},"maybe":null,"name":""}', "big"),
        ('{"count":1,"inner":{"é":1},"maybe":null,"name":""}'.encode(), "key"),
        (b'{"count":1,"inner":{},"maybe":null,"name":""} ', Code.NOT_CANONICAL),
        (b'{"count":1, "inner":{},"maybe":null,"name":""}', Code.NOT_CANONICAL),
        (b'{"inner":{},"count":1,"maybe":null,"name":""}', Code.NOT_CANONICAL),
        (b'{"count":1,"inner":{},"name":""}', Code.NOT_CANONICAL),
        (b'{"count":0,"count":1,"inner":{},"maybe":null,"name":""}', "spelling"),
        (b'{"count":1,"inner":{"a":0,"a":1},"maybe":null,"name":""}', "spelling"),
        (b'{"count":1,"inner":{},"maybe":null,"name":"\\u0041"}', Code.NOT_CANONICAL),
        (b'{"count":1,"inner":{},"maybe":null,"name":"\\/"}', Code.NOT_CANONICAL),
        (b'{"count":-0,"inner":{},"maybe":null,"name":""}', Code.NOT_CANONICAL),
    ],
)
def test_each_broken_rule_has_its_code(data: bytes, code: Code | str) -> None:
    """Grammar, types, numbers and keys are malformed; spellings not canonical."""
    named = {
        "big": Code.MALFORMED,
        "key": Code.MALFORMED,
        "spelling": Code.NOT_CANONICAL,
    }
    assert code_of(data) is (code if isinstance(code, Code) else named[code])


def test_the_size_is_asked_before_anything_else() -> None:
    """A cap is a cap whatever the bytes are."""
    assert code_of(b"\xff" * 11, cap=10) is Code.TOO_LARGE


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_depth_is_bounded(opening: str) -> None:
    """Sixteen levels pass, seventeen do not, a million cost nothing."""

    def nested(levels: int) -> bytes:
        closing = "]" if opening == "[" else "}"
        inside = opening * levels + "1" + closing * levels
        beside = '"b":[[],[]]'
        inner = (
            f'{{"count":1,"inner":{{"a":{inside},{beside}}},"maybe":null,"name":""}}'
        )
        return inner.encode()

    canonical.decode(nested(14), Small, max_bytes=10_000)
    assert code_of(nested(15)) is Code.MALFORMED
    assert code_of(nested(1_000_000), cap=1 << 24) is Code.MALFORMED


@pytest.mark.parametrize("wrong", [b'{"a":1.5}', b'{"a":[{"b":-1}]}', b"-1"])
def test_plain_builtins_are_checked_all_the_same(wrong: bytes) -> None:
    """A reader without a struct is no laxer."""
    assert canonical.decode(b'{"a":[1]}', dict, max_bytes=100) == {"a": [1]}
    with pytest.raises(VerificationError) as caught:
        canonical.decode(wrong, object, max_bytes=100)
    assert caught.value.code is Code.MALFORMED


def test_wide_values_are_not_deep() -> None:
    """Many brackets side by side are one level each."""
    value = Small(name="[[[{{{", count=1, inner={"a": [[] for _ in range(100)]})
    data = canonical.encode(value)
    assert canonical.decode(data, Small, max_bytes=10_000) == value


@given(TEXTS)
def test_text_that_looks_like_numbers_or_keys_is_only_text(text: str) -> None:
    """The close look behind the cheap scans reads strings as strings."""
    name = '12345678901234567890,1.5e9:-1\\":é"' + text
    value = Small(name=name, count=1, inner={"a": f"é{name}"})
    data = canonical.encode(value)
    assert canonical.decode(data, Small, max_bytes=10_000) == value


def nested_lists(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        2**53,
        -(2**53),
        10**30,
        "\ud800",
        {"é": 1},
        object(),
        nested_lists(17),
        nested_lists(100_000),
    ],
)
def test_what_has_no_encoding_is_refused(value: object) -> None:
    """Floats, large integers, lone surrogates, keys beyond ASCII, depth."""
    with pytest.raises(VerificationError) as caught:
        canonical.encode(value)
    assert caught.value.code is Code.MALFORMED


SHAPED = {
    "key": "ab" * 32,
    "time": "2026-11-20T10:00:00Z",
    "batches": ["cd" * 16],
    "named": {"a": "2026-11-20T10:00:00Z"},
    "inner": None,
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "AB" * 32},
        {"key": "ab" * 31},
        {"key": "ab" * 32 + "\n"},
        {"time": "2026-11-20T10:00:00+00:00"},
        {"time": "2026-11-20T10:00:00.0Z"},
        {"time": "2026-02-30T10:00:00Z"},
        {"time": "2026-11-20T10:00:60Z"},
        {"batches": ["../../etc"]},
        {"batches": ["cd" * 16, "cd" * 32]},
        {"named": {"a": "yesterday"}},
        {"inner": {"name": "", "count": -1, "inner": {}, "maybe": None}},
    ],
)
def test_ids_and_times_have_one_shape(wrong: dict[str, object]) -> None:
    """Wherever they sit; so an id can be a file name and times compare as text."""
    good = canonical.encode(SHAPED)
    assert canonical.decode(good, Shaped, max_bytes=10_000).time is not None
    assert code_of(canonical.encode(SHAPED | wrong), Shaped) is Code.MALFORMED


def test_absent_times_are_allowed_where_the_type_says_so() -> None:
    """None is not a misshapen time."""
    value = canonical.convert(SHAPED | {"time": None}, Shaped)
    assert value.time is None


def test_builtins_convert_only_when_whole() -> None:
    """Every field present, none unknown, each in its shape."""
    assert canonical.convert(SHAPED, Shaped).batches == ("cd" * 16,)
    for wrong, code in (
        ({"key": SHAPED["key"]}, Code.MALFORMED),
        (SHAPED | {"more": 1}, Code.MALFORMED),
        ({key: SHAPED[key] for key in SHAPED if key != "inner"}, Code.NOT_CANONICAL),
        (SHAPED | {"key": "x"}, Code.MALFORMED),
    ):
        with pytest.raises(VerificationError) as caught:
            canonical.convert(wrong, Shaped)
        assert caught.value.code is code
