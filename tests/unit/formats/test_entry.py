"""Journal entries: signed, typed, and never timing a reviewer."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.ids import UnixMs
from reviewer.domain.times import unix_of
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical, envelope
from reviewer.formats.entry import (
    BODY_TYPES,
    commit,
    quarter_of,
    sign_entry,
    verify_entry,
)
from reviewer.formats.signed import ZERO_HASH
from reviewer.formats.wire import Act, DecideBody, Entry
from tests.vectors.organisation import (
    ISSUED,
    NOTE,
    SALT,
    Organisation,
    item_body,
    key_id_of,
    signing_key,
)

OURS = Organisation()
KEY = OURS.device.verifying_key
ENTRIES = OURS.entries()
DAY_MS = 86_400_000


def signed(**changes: Any) -> bytes:  # noqa: ANN401
    """Return an envelope around an entry that nothing has checked."""
    value = Entry(
        device=OURS.device.key_id,
        epoch=0,
        seq=0,
        prev=ZERO_HASH,
        at="2026-11-21T06",
        actor="reviewer-7",
        act=Act.OPEN,
        body=msgspec.to_builtins(item_body()),
    )
    return envelope.sign(
        canonical.encode(msgspec.structs.replace(value, **changes)),
        payload_type=envelope.TYPE_ENTRY,
        keys=[OURS.device],
    )


def code_of(data: bytes) -> Code:
    with pytest.raises(VerificationError) as caught:
        verify_entry(data, key=KEY)
    return caught.value.code


def test_entries_come_back_with_their_bodies() -> None:
    """Each of the type that its act calls for."""
    verified = [verify_entry(one, key=KEY) for one in ENTRIES]
    for entry in verified:
        assert type(entry.body) is BODY_TYPES[entry.entry.act]
    decided = verified[3].body
    assert isinstance(decided, DecideBody)
    assert decided.decision.note_commitment == commit(SALT, NOTE.encode())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"device": key_id_of("x")}, Code.BINDING_MISMATCH),
        ({"v": "rv-entry/2"}, Code.FORMAT_UNKNOWN),
        ({"at": "2026-11-21T07"}, Code.MALFORMED),
        ({"at": "2026-11-21T06:00"}, Code.MALFORMED),
        ({"at": ""}, Code.MALFORMED),
        ({"seq": -1}, Code.MALFORMED),
        ({"prev": "00"}, Code.MALFORMED),
        ({"act": Act.AUDIT_READ}, Code.FORMAT_UNKNOWN),
        ({"act": Act.DECIDE}, Code.MALFORMED),
        ({"body": {}}, Code.MALFORMED),
    ],
)
def test_each_broken_rule_has_its_code(changes: dict[str, Any], code: Code) -> None:
    """Though the signature is right."""
    assert code_of(signed(**changes)) is code


def test_a_body_has_every_field_and_no_other() -> None:
    """Left out is not the same as null."""
    body = msgspec.to_builtins(item_body())
    assert code_of(signed(body=body | {"exposure_ms": 12})) is Code.MALFORMED
    decided = msgspec.json.decode(
        envelope.parse(ENTRIES[3], max_bytes=10_000).untrusted_payload
    )["body"]
    del decided["supersedes"]
    assert code_of(signed(act=Act.DECIDE, body=decided)) is Code.NOT_CANONICAL


def test_only_the_device_signs_its_entries() -> None:
    """Another key neither verifies nor signs."""
    with pytest.raises(VerificationError) as caught:
        verify_entry(ENTRIES[0], key=signing_key("x").verifying_key)
    assert caught.value.code is Code.KEY_UNKNOWN
    entry = verify_entry(ENTRIES[0], key=KEY).entry
    with pytest.raises(VerificationError) as caught:
        sign_entry(entry, key=signing_key("x"))
    assert caught.value.code is Code.BINDING_MISMATCH


def test_large_entries_are_refused_unread() -> None:
    """By their size alone."""
    assert code_of(b" " * 65_537) is Code.TOO_LARGE


@pytest.mark.parametrize(
    ("time", "quarter"),
    [
        ("2026-11-21T00:00:00Z", "2026-11-21T00"),
        ("2026-11-21T05:59:59Z", "2026-11-21T00"),
        ("2026-11-21T06:00:00Z", "2026-11-21T06"),
        ("2026-11-21T17:59:59Z", "2026-11-21T12"),
        ("2026-11-21T18:00:00Z", "2026-11-21T18"),
        ("2026-11-21T23:59:59Z", "2026-11-21T18"),
    ],
)
def test_an_entry_tells_a_quarter_of_a_day(time: str, quarter: str) -> None:
    """And no more than that."""
    assert quarter_of(unix_of(type(ISSUED)(time))) == quarter


@given(st.lists(st.integers(0, 200 * 365 * DAY_MS), min_size=1, max_size=20))
def test_quarters_never_fall(clock: list[int]) -> None:
    """Whatever the local clock does."""
    at = ""
    for unix_ms in clock:
        later = quarter_of(UnixMs(unix_ms), previous=at)
        assert later >= at
        at = later
    assert at == quarter_of(UnixMs(max(clock)))


def test_commitments_hide_behind_a_salt_of_one_length() -> None:
    """Else salt and text could be divided in two ways."""
    assert commit(SALT, b"text") != commit(SALT, b"texts")
    assert commit(SALT, b"text") != commit(bytes(16), b"text")
    with pytest.raises(VerificationError) as caught:
        commit(bytes(15), b"text")
    assert caught.value.code is Code.MALFORMED


def test_a_decision_from_before_there_were_passages_is_read() -> None:
    """What was signed once stays readable, whatever a later version adds."""
    entry = next(
        one
        for one in (verify_entry(data, key=KEY) for data in ENTRIES)
        if isinstance(one.body, DecideBody)
    )
    earlier = msgspec.to_builtins(entry.body)
    del earlier["decision"]["passages"]
    found = verify_entry(signed(act=Act.DECIDE, body=earlier), key=KEY)
    assert isinstance(found.body, DecideBody)
    assert not found.body.decision.passages
