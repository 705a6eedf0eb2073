"""`doctor` says what holds, and names every promise that does not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from reviewer.domain.orgconfig import KeyringMode, OrgConfig, SupportCard
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import Code, UnavailableError
from reviewer.sandbox.system import AtRest
from reviewer.services import examining
from reviewer.services.examining import (
    DatabaseFacts,
    Examination,
    KeyringFacts,
    SandboxFacts,
    examine,
)

WALLS: Final = SandboxFacts(
    mechanism="seccomp+landlock",
    level=SandboxLevel.FULL,
    escapes_tried=18,
    escapes_blocked=18,
)
DATABASE: Final = DatabaseFacts(cipher_version="4.19.0 community", encrypted=True)
KEYRING: Final = KeyringFacts(backend="Keyring", accepted=True, permitted=True)


@pytest.fixture(autouse=True)
def _good_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with an encrypted disk, no swap and every library."""
    _lies(monkeypatch, disk=AtRest.ENCRYPTED, swap=AtRest.NONE)
    monkeypatch.setattr(examining, "missing_packages", lambda: ())


def _lies(monkeypatch: pytest.MonkeyPatch, *, disk: AtRest, swap: AtRest) -> None:
    monkeypatch.setattr(examining, "disk_state", lambda _: disk)
    monkeypatch.setattr(examining, "swap_state", lambda: swap)


def _config(
    *,
    keyring: KeyringMode = KeyringMode.REQUIRED,
    floor: SandboxLevel = SandboxLevel.FULL,
    accept_disk: bool = False,
) -> OrgConfig:
    return OrgConfig(
        organisation="Example",
        version=1,
        keyring=keyring,
        sandbox_floor=floor,
        accept_unencrypted_disk=accept_disk,
        commit_needs_enter=False,
        retention_days=7,
        batch_days=30,
        support=SupportCard(lines=("Call.",)),
        duty_officer="Officer",
    )


def _examine(
    tmp_path: Path,
    *,
    walls: SandboxFacts = WALLS,
    database: DatabaseFacts = DATABASE,
    keyring: KeyringFacts = KEYRING,
    config: OrgConfig | None = None,
) -> Examination:
    return examine(
        sandbox=lambda: walls,
        database=lambda: database,
        keyring=lambda: keyring,
        profile=tmp_path / "not" / "made",
        config=config,
    )


def test_a_good_machine_breaks_no_promise(tmp_path: Path) -> None:
    """All walls, SQLCipher, a keyring and an encrypted disk: nothing to say."""
    assert _examine(tmp_path).broken_promises == ()


def test_json_has_exactly_the_published_keys(tmp_path: Path) -> None:
    """The shape that machines read is fixed."""
    found = json.loads(json.dumps(_examine(tmp_path).as_json()))
    assert set(found) == {
        "sandbox",
        "database",
        "keyring",
        "disk",
        "capture",
        "versions",
    }
    assert set(found["sandbox"]) == {
        "mechanism",
        "level",
        "escapes_tried",
        "escapes_blocked",
    }
    assert set(found["database"]) == {"cipher_version", "encrypted"}
    assert set(found["keyring"]) == {"backend", "accepted", "permitted"}
    assert found["disk"] == {"encrypted": True, "swap": "none"}
    assert found["sandbox"]["level"] == "full"
    assert all(isinstance(value, str) for value in found["versions"].values())


def test_every_broken_promise_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that can do nothing is told so in every respect."""
    _lies(monkeypatch, disk=AtRest.PLAIN, swap=AtRest.PLAIN)
    monkeypatch.setattr(examining, "missing_packages", lambda: ("libegl1",))

    def nothing() -> SandboxFacts:
        raise UnavailableError(Code.SANDBOX_UNAVAILABLE)

    def no_database() -> DatabaseFacts:
        raise UnavailableError(Code.DATABASE_DAMAGED)

    def no_keyring() -> KeyringFacts:
        raise UnavailableError(Code.KEYRING_MISSING)

    found = examine(
        sandbox=nothing,
        database=no_database,
        keyring=no_keyring,
        profile=tmp_path,
        config=None,
    )
    text = "\n".join(found.broken_promises)
    for word in ("level is none", "0 of 0", "SQLCipher", "not encrypted", "keyring"):
        assert word in text
    assert "disk is not encrypted" in text
    assert "swap is plain" in text
    assert "libegl1" in text


@pytest.mark.parametrize("level", [SandboxLevel.REDUCED, SandboxLevel.NONE])
def test_a_lower_sandbox_is_broken_by_default(
    tmp_path: Path, level: SandboxLevel
) -> None:
    """Only FULL decodes unless the organisation says otherwise."""
    assert _examine(tmp_path, walls=replace(WALLS, level=level)).broken_promises


def test_an_organisation_may_accept_reduced_but_never_none(tmp_path: Path) -> None:
    """No config makes NONE decode."""
    reduced = replace(WALLS, level=SandboxLevel.REDUCED)
    none = replace(WALLS, level=SandboxLevel.NONE)
    lower = _config(floor=SandboxLevel.REDUCED)
    assert not _examine(tmp_path, walls=reduced, config=lower).broken_promises
    assert _examine(tmp_path, walls=none, config=lower).broken_promises
    lowest = _config(floor=SandboxLevel.NONE)
    assert _examine(tmp_path, walls=none, config=lowest).broken_promises


def test_one_escape_that_was_not_blocked_is_named(tmp_path: Path) -> None:
    """Seventeen of eighteen is not a sandbox."""
    walls = replace(WALLS, escapes_blocked=17)
    (promise,) = _examine(tmp_path, walls=walls).broken_promises
    assert "17 of 18" in promise


def test_a_keyring_may_be_missing_where_the_organisation_says_so(
    tmp_path: Path,
) -> None:
    """The demonstration and continuous integration have none."""
    nothing = KeyringFacts(backend="none", accepted=False, permitted=False)
    optional = _config(keyring=KeyringMode.OPTIONAL)
    assert _examine(tmp_path, keyring=nothing).broken_promises
    assert not _examine(tmp_path, keyring=nothing, config=optional).broken_promises


@pytest.mark.parametrize("state", [AtRest.PLAIN, AtRest.UNKNOWN])
def test_an_organisation_may_accept_its_disks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: AtRest
) -> None:
    """What cannot be told is as bad as plain, and both can be accepted."""
    _lies(monkeypatch, disk=state, swap=state)
    assert len(_examine(tmp_path).broken_promises) == 2
    accepting = _config(accept_disk=True)
    assert not _examine(tmp_path, config=accepting).broken_promises


def test_an_unknown_disk_is_none_in_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not knowing is neither true nor false."""
    _lies(monkeypatch, disk=AtRest.UNKNOWN, swap=AtRest.NONE)
    assert _examine(tmp_path).disk.encrypted is None


def test_an_old_cipher_is_refused(tmp_path: Path) -> None:
    """SQLCipher 3 used weaker parameters."""
    old = DatabaseFacts(cipher_version="3.4.2", encrypted=True)
    (promise,) = _examine(tmp_path, database=old).broken_promises
    assert "SQLCipher 4" in promise
