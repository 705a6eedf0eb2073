"""The service's folder: one key under a passphrase, and nothing without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewer.coordinator.home import Home, ServiceKey, create_home, open_home
from reviewer.coordinator.service import Service
from reviewer.coordinator.wrapping import unwrap_secret, wrap_secret
from reviewer.crypto.passphrase import FLOOR, KdfParameters
from reviewer.errors import Code, ReviewerError, UnavailableError, VerificationError
from reviewer.formats import canonical
from tests.fakes.clock import START_UNIX_MS
from tests.fakes.service_home import (
    CHEAP,
    PASSPHRASE,
    default_config,
    default_policy,
    make_service,
    reopen,
)


def entropy(count: int) -> bytes:
    return bytes(range(count))


def wrapped(parameters: KdfParameters = CHEAP) -> bytes:
    return wrap_secret(
        b"secret",
        passphrase=PASSPHRASE,
        purpose="test",
        entropy=entropy,
        parameters=parameters,
    )


def refusal(data: bytes, **changes: object) -> Code:
    given = {"passphrase": PASSPHRASE, "purpose": "test", "least": CHEAP, **changes}
    with pytest.raises(ReviewerError) as caught:
        unwrap_secret(data, **given)  # type: ignore[arg-type]
    return caught.value.code


def test_wrap_and_unwrap() -> None:
    """What the passphrase wrapped it opens, however it is typed."""
    data = wrap_secret(
        b"secret",
        passphrase="Zu\u0308rich by the lake",  # noqa: S106 (a test's)
        purpose="test",
        entropy=entropy,
        parameters=CHEAP,
    )
    typed = "Z\u00fcrich by the lake"
    assert unwrap_secret(data, passphrase=typed, purpose="test", least=CHEAP) == (
        b"secret"
    )


def test_wrong_passphrase_and_purpose() -> None:
    """Another passphrase is refused; a file for another purpose is no such file."""
    assert refusal(wrapped(), passphrase="x" * 20) is Code.PASSPHRASE_WRONG
    assert refusal(wrapped(), purpose="root") is Code.PROFILE_DAMAGED


def test_cheap_terms_are_refused_in_earnest() -> None:
    """A release refuses terms below its floor, and absurd ones before working."""
    assert refusal(wrapped(), least=FLOOR) is Code.PROFILE_DAMAGED
    file = json.loads(wrapped())
    file["terms"]["parameters"]["memory_kib"] = 2**30
    assert refusal(canonical.encode(file)) is Code.PROFILE_DAMAGED


def test_every_changed_byte_is_refused() -> None:
    """A header is opened whole and unchanged, or not at all."""
    data = wrapped()
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        assert refusal(bytes(changed)) in (Code.PROFILE_DAMAGED, Code.PASSPHRASE_WRONG)


def test_service_key_binds_purposes() -> None:
    """What was wrapped for one row opens for no other, and no other key."""
    key = ServiceKey(bytes(32))
    data = key.wrap(b"identity", purpose="item 1")
    assert key.unwrap(data, purpose="item 1") == b"identity"
    for other, purpose in ((key, "item 2"), (ServiceKey(b"x" * 32), "item 1")):
        with pytest.raises(VerificationError) as caught:
            other.unwrap(data, purpose=purpose)
        assert caught.value.code is Code.UNSEAL_FAILED


def test_no_service_there(tmp_path: Path) -> None:
    """A folder without a header is no service."""
    with pytest.raises(UnavailableError) as caught:
        open_home(tmp_path, passphrase=PASSPHRASE)
    assert caught.value.code is Code.PROFILE_MISSING


def test_unfinished_founding_can_be_repeated(tmp_path: Path) -> None:
    """A crash before the header leaves no service, and does not stand in the way."""
    create_home(tmp_path, passphrase=PASSPHRASE, entropy=entropy, parameters=CHEAP)
    (tmp_path / "service.db").write_bytes(b"of another key")
    assert not Home(folder=tmp_path).exists()
    make_service(tmp_path).service.close()
    assert Home(folder=tmp_path).exists()


def test_root_key_is_never_overwritten(tmp_path: Path) -> None:
    """A root key file that is there is somebody's root key."""
    (tmp_path / "root.key").write_bytes(b"precious")
    with pytest.raises(ReviewerError) as caught:
        make_service(tmp_path)
    assert caught.value.code is Code.ALREADY_ENROLLED
    assert (tmp_path / "root.key").read_bytes() == b"precious"


def test_root_key_elsewhere(tmp_path: Path) -> None:
    """The root key can lie on another medium, under its own passphrase."""
    service = Service.create(
        tmp_path / "home",
        passphrase=PASSPHRASE,
        config=default_config(),
        policies=[default_policy()],
        root_key=tmp_path / "stick.key",
        root_passphrase="the passphrase of the root",  # noqa: S106 (a test's)
        parameters=CHEAP,
    )
    service.close()
    assert not (tmp_path / "home" / "root.key").exists()
    data = (tmp_path / "stick.key").read_bytes()
    assert refusal(data, purpose="root") is Code.PASSPHRASE_WRONG


def test_orphans_are_swept(tmp_path: Path) -> None:
    """A file without a row is removed at the next start; one being written is not."""
    made = make_service(tmp_path)
    orphan = tmp_path / "batches" / ("ab" * 16 + ".rvbatch")
    writing = tmp_path / "media" / "cd.part"
    orphan.write_bytes(b"x")
    writing.write_bytes(b"x")
    made = reopen(made)
    made.service.close()
    assert not orphan.exists()
    assert writing.exists()
    assert made.clock.unix_ms == START_UNIX_MS
