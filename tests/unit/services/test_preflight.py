"""Preflight: each thing that is not well stops or is named, with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import Code, UnavailableError
from reviewer.sandbox import installation, launch, machine
from reviewer.sandbox.machine import ClockState, Place
from reviewer.sandbox.system import AtRest
from reviewer.services import preflight as module
from reviewer.services.examining import KeyringFacts, SandboxFacts
from reviewer.services.preflight import Preflight, State

WALLS: Final = SandboxFacts(
    mechanism="seccomp + landlock",
    level=SandboxLevel.FULL,
    escapes_tried=31,
    escapes_blocked=31,
)
KEYRING: Final = KeyringFacts(backend="Keyring", accepted=True, permitted=True)


@pytest.fixture(autouse=True)
def _good_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which everything is well."""
    for name, answer in {
        "kernel": lambda: (6, 1),
        "landlock_abi": lambda: 4,
        "is_writable": lambda _: True,
        "place_of": lambda _: Place.LOCAL,
        "free_bytes": lambda _: 1 << 40,
        "has_proxy": lambda: False,
        "authorities_count": lambda: 140,
        "clock_state": lambda **_: ClockState.SYNCHRONISED,
    }.items():
        monkeypatch.setattr(machine, name, answer)
    monkeypatch.setattr(launch, "missing_helpers", lambda: ())
    monkeypatch.setattr(module, "missing_packages", lambda **_: ())
    monkeypatch.setattr(module, "disk_state", lambda _: AtRest.ENCRYPTED)
    monkeypatch.setattr(module, "swap_state", lambda: AtRest.NONE)
    monkeypatch.setattr(module, "has_display", lambda: True)


def looked(
    tmp_path: Path,
    *,
    sandbox: Callable[[], SandboxFacts] = lambda: WALLS,
    decoder: Callable[[], None] = lambda: None,
    keyring: Callable[[], KeyringFacts] = lambda: KEYRING,
) -> Preflight:
    """Look at the machine as the fixture and the test have drawn it."""
    return module.preflight(
        sandbox=sandbox, decoder=decoder, keyring=keyring, profile=tmp_path / "p"
    )


def refuse() -> SandboxFacts:
    """Be a part that is not to be had."""
    raise UnavailableError(Code.SANDBOX_UNAVAILABLE)


def _raise() -> None:
    raise UnavailableError(Code.SANDBOX_UNAVAILABLE)


def test_a_good_machine_is_ready(tmp_path: Path) -> None:
    """Nothing to do, in words and in JSON."""
    found = looked(tmp_path)
    assert found.ready
    assert {check.state for check in found.checks} == {State.OK}
    assert not any(check.todo for check in found.checks)
    assert json.loads(json.dumps(found.as_json()))["ready"] is True


@pytest.mark.parametrize(
    ("where", "name", "answer", "check", "state"),
    [
        (launch, "missing_helpers", lambda: ("x",), "installation", State.STOP),
        (module, "missing_packages", lambda **_: ("x",), "libraries", State.STOP),
        (machine, "kernel", lambda: (5, 10), "kernel", State.STOP),
        (machine, "landlock_abi", lambda: 0, "landlock", State.STOP),
        (machine, "is_writable", lambda _: False, "profile folder", State.STOP),
        (machine, "place_of", lambda _: Place.SYNCED, "profile place", State.STOP),
        (module, "disk_state", lambda _: AtRest.PLAIN, "disk encryption", State.STOP),
        (
            module,
            "disk_state",
            lambda _: AtRest.UNKNOWN,
            "disk encryption",
            State.ATTENTION,
        ),
        (module, "swap_state", lambda: AtRest.PLAIN, "swap", State.STOP),
        (machine, "free_bytes", lambda _: 0, "disk room", State.STOP),
        (machine, "free_bytes", lambda _: 1 << 30, "disk room", State.ATTENTION),
        (module, "has_display", lambda: False, "display", State.ATTENTION),
        (machine, "has_proxy", lambda: True, "proxy", State.ATTENTION),
        (
            machine,
            "authorities_count",
            lambda: 0,
            "certificate authorities",
            State.ATTENTION,
        ),
        (
            machine,
            "clock_state",
            lambda **_: ClockState.FREE,
            "clock",
            State.ATTENTION,
        ),
        (machine, "clock_state", lambda **_: ClockState.WRONG, "clock", State.STOP),
    ],
)
def test_one_fault_is_named_with_what_to_do(  # noqa: PLR0917 (a row of the table)
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    name: str,
    answer: Callable[..., object],
    check: str,
    state: State,
) -> None:
    """Exactly one line is not well, and it says what to do."""
    monkeypatch.setattr(where, name, answer)
    found = looked(tmp_path)
    (unwell,) = [one for one in found.checks if one.state is not State.OK]
    assert (unwell.name, unwell.state) == (check, state)
    assert unwell.todo.endswith(".")
    assert found.ready is (state is not State.STOP)


def test_a_decoder_that_does_not_start_is_named(tmp_path: Path) -> None:
    """Walls may stand and the codecs behind them not load."""
    found = looked(tmp_path, decoder=_raise)
    (unwell,) = [one for one in found.checks if one.state is not State.OK]
    assert (unwell.name, unwell.state) == ("decoder", State.STOP)


def test_reduced_walls_are_for_the_organisation_to_accept(tmp_path: Path) -> None:
    """Without Landlock: said so, and that it may be accepted."""
    walls = replace(WALLS, mechanism="seccomp", level=SandboxLevel.REDUCED)
    found = looked(tmp_path, sandbox=lambda: walls)
    (unwell,) = [one for one in found.checks if one.state is not State.OK]
    assert unwell.name == "sandbox"
    assert "accepts the reduced sandbox" in unwell.todo


def test_parts_of_an_installation_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first five, and how many more."""
    gone = tuple("abcdefg")
    monkeypatch.setattr(installation, "missing_parts", lambda: gone)
    (unwell,) = [one for one in looked(tmp_path).checks if one.state is not State.OK]
    assert unwell.found == "half installed, missing: a b c d e and 2 more"


def test_parts_that_are_not_to_be_had_count_as_none(tmp_path: Path) -> None:
    """No sandbox stops; no keyring is for the organisation to judge."""

    def no_keyring() -> KeyringFacts:
        raise UnavailableError(Code.KEYRING_MISSING)

    found = looked(tmp_path, sandbox=refuse, keyring=no_keyring)
    states = {one.name: one.state for one in found.checks}
    assert states["sandbox"] is State.STOP
    assert states["keyring"] is State.ATTENTION
    assert not found.ready
