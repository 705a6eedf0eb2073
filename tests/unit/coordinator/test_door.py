"""Who comes in: each request once, in time, signed for this very service."""

from __future__ import annotations

import pytest

from reviewer.coordinator import door as doors
from reviewer.coordinator.door import Door
from reviewer.crypto.signing import SigningKey, VerifyingKey
from reviewer.domain.ids import KeyId, UnixMs
from reviewer.errors import Code, VerificationError
from reviewer.formats.requests import CLOCK_WINDOW_S, sign_request
from tests.fakes.clock import START_UNIX_MS

KEY = SigningKey.from_seed(bytes(32))
URL = "http://127.0.0.1:8443/v1/batches?after=-1"


class Clock:
    def __init__(self) -> None:
        self.unix_ms = START_UNIX_MS

    def __call__(self) -> UnixMs:
        return UnixMs(self.unix_ms)


def directory(key_id: KeyId) -> VerifyingKey:
    if key_id != KEY.key_id:
        raise VerificationError(Code.KEY_UNKNOWN, key_id)
    return KEY.verifying_key


def request(clock: Clock, nonce: str, key: SigningKey = KEY) -> list[tuple[str, str]]:
    headers = sign_request(
        key,
        method="GET",
        url=URL,
        headers={},
        body=None,
        created_s=clock() // 1000,
        nonce=nonce,
    )
    return [("host", "127.0.0.1:8443"), *headers.items()]


def admit(door: Door, headers: list[tuple[str, str]]) -> KeyId:
    return door.admit(method="GET", url=URL, headers=headers, body=None)


def refusal(door: Door, headers: list[tuple[str, str]]) -> Code:
    with pytest.raises(VerificationError) as caught:
        admit(door, headers)
    return caught.value.code


def made(clock: Clock) -> Door:
    return Door(resolve=directory, clock=clock, hosts=frozenset({"127.0.0.1:8443"}))


def test_one_request_one_answer() -> None:
    """A nonce serves once, also long after, when its request is too old."""
    clock = Clock()
    door, headers = made(clock), request(clock, "a" * 32)
    assert admit(door, headers) == KEY.key_id
    assert refusal(door, headers) is Code.SEQUENCE_REPLAY
    clock.unix_ms += CLOCK_WINDOW_S * 1000
    assert refusal(door, headers) is Code.SEQUENCE_REPLAY
    clock.unix_ms += 2000
    assert refusal(door, headers) is Code.TIME_IMPLAUSIBLE


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Old nonces are forgotten, and so are the oldest of too many."""
    monkeypatch.setattr(doors, "MAX_NONCES_COUNT", 5)
    clock = Clock()
    door = made(clock)
    for number in range(20):
        admit(door, request(clock, f"{number:032d}"))
    assert len(door._seen) == 5
    clock.unix_ms += 3 * CLOCK_WINDOW_S * 1000
    admit(door, request(clock, "z" * 32))
    assert len(door._seen) == 1


@pytest.mark.parametrize("nonce", ["short", "n" * 65])
def test_nonce_of_fair_length(nonce: str) -> None:
    """A nonce can neither be guessed nor fill the memory."""
    clock = Clock()
    assert refusal(made(clock), request(clock, nonce)) is Code.SIGNATURE_INVALID


def test_directory_decides() -> None:
    """What the directory says of a key is what the device is told."""
    clock = Clock()
    other = SigningKey.from_seed(b"x" * 32)
    headers = request(clock, "a" * 32, key=other)
    assert refusal(made(clock), headers) is Code.KEY_UNKNOWN


def test_host_must_be_ours() -> None:
    """A request without a host, with two, or for another is turned away."""
    clock = Clock()
    signed = request(clock, "a" * 32)[1:]
    for hosts in ([], [("host", "x"), ("Host", "x")], [("host", "other:8443")]):
        assert refusal(made(clock), [*hosts, *signed]) is Code.WRONG_AUDIENCE


@pytest.mark.parametrize("name", ["signature", "signature-input"])
def test_doubled_and_missing_signatures(name: str) -> None:
    """There is one signature, said once."""
    clock = Clock()
    headers = request(clock, "a" * 32)
    same = [pair for pair in headers if pair[0].lower() == name]
    without = [pair for pair in headers if pair[0].lower() != name]
    assert refusal(made(clock), headers + same) is Code.SIGNATURE_INVALID
    assert refusal(made(clock), without) is Code.SIGNATURE_INVALID


def test_every_changed_character_of_a_signature() -> None:
    """No changed signature header is believed."""
    clock = Clock()
    door, headers = made(clock), request(clock, "a" * 32)
    for index, (name, value) in enumerate(headers[1:], 1):
        for place in range(len(value)):
            other = "A" if value[place] != "A" else "B"
            changed = value[:place] + other + value[place + 1 :]
            attempt = list(headers)
            attempt[index] = (name, changed)
            with pytest.raises(VerificationError):
                admit(door, attempt)
    assert admit(door, headers) == KEY.key_id
