"""Preflight: is this machine ready for a profile (`reviewer doctor --preflight`).

For whoever prepares laptops: no profile is needed, none is made, nothing is sent.
Every check says in one sentence what was found and, where it is not well, what to do.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import UnavailableError
from reviewer.sandbox import installation, launch, machine
from reviewer.sandbox.system import (
    AtRest,
    disk_state,
    has_display,
    missing_packages,
    swap_state,
)
from reviewer.services.examining import (
    NO_KEYRING,
    NO_SANDBOX,
    KeyringFacts,
    SandboxFacts,
    or_none,
)

OLDEST_KERNEL: Final = (5, 13)  # Landlock came with it
LEAST_FREE_GIB: Final = 20
MOST_NAMED: Final = 5
NOT_BEFORE_S: Final = 1_793_491_200  # 2026-11-01: this program is newer than that
_GIB: Final = 1 << 30
_SAFE_AT_REST: Final = frozenset({AtRest.NONE, AtRest.MEMORY, AtRest.ENCRYPTED})


class State(enum.StrEnum):
    """How a check came out."""

    OK = "ok"
    ATTENTION = "attention"
    """It works; somebody should know it."""
    STOP = "stop"
    """A promise cannot be kept, or the work cannot begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    found: str
    todo: str = ""
    """What to do; empty where nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """Everything that was looked at, in the order of what to mend first."""

    checks: tuple[Check, ...]

    @property
    def ready(self) -> bool:
        """Return whether nothing stops the work."""
        return all(check.state is not State.STOP for check in self.checks)

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {"ready": self.ready, "checks": [asdict(one) for one in self.checks]}


def preflight(
    *,
    sandbox: Callable[[], SandboxFacts],
    decoder: Callable[[], None],
    keyring: Callable[[], KeyringFacts],
    profile: Path,
) -> Preflight:
    """Look at this machine.

    Args:
        sandbox: Runs the canary children. UNAVAILABLE counts as no sandbox.
        decoder: Starts the decoder until its codecs are loaded, and ends it; raises
            UNAVAILABLE where they do not load.
        keyring: Asks for the class of the system keyring. UNAVAILABLE counts as none.
        profile: Where a profile would be made.
    """
    return Preflight(
        checks=(
            _installation(),
            _libraries(),
            _kernel(),
            _landlock(),
            _walls(or_none(sandbox, NO_SANDBOX)),
            _decoder(decoder),
            _keyring(or_none(keyring, NO_KEYRING)),
            _folder(profile),
            _place(profile),
            _disk(profile),
            _swap(),
            _room(profile),
            _display(),
            _proxy(),
            _authorities(),
            _clock(),
        )
    )


def _check(name: str, state: State, found: str, todo: str = "") -> Check:
    return Check(name=name, state=state, found=found, todo=todo)


def _installation() -> Check:
    missing = launch.missing_helpers() or installation.missing_parts()
    if not missing:
        return _check("installation", State.OK, "every part is there")
    more = len(missing) - len(missing[:MOST_NAMED])
    return _check(
        "installation",
        State.STOP,
        f"half installed, missing: {' '.join(missing[:MOST_NAMED])}"
        + (f" and {more} more" if more else ""),
        "Install the package again.",
    )


def _libraries() -> Check:
    packages = missing_packages(display=True)
    if not packages:
        return _check("libraries", State.OK, "every shared library loads")
    return _check(
        "libraries",
        State.STOP,
        f"system packages are missing: {' '.join(packages)}",
        "Install these packages of the system.",
    )


def _kernel() -> Check:
    found = machine.kernel()
    words = f"{found[0]}.{found[1]}"
    if found >= OLDEST_KERNEL:
        return _check("kernel", State.OK, words)
    return _check("kernel", State.STOP, words, "Use a kernel of 5.13 or newer.")


def _landlock() -> Check:
    version = machine.landlock_abi()
    if version:
        return _check("landlock", State.OK, f"version {version}")
    return _check(
        "landlock",
        State.STOP,
        "the kernel does not offer it",
        "Add landlock to the kernel's list of security modules (lsm=), or have the "
        "organisation accept the reduced sandbox.",
    )


def _walls(facts: SandboxFacts) -> Check:
    found = f"{facts.level}, {facts.escapes_blocked} of {facts.escapes_tried} stopped"
    if facts.level is SandboxLevel.FULL:
        return _check("sandbox", State.OK, found)
    todo = "Mend what is said above: nothing is decoded."
    if facts.level is SandboxLevel.REDUCED:
        todo = "Mend Landlock: without it nothing is decoded, unless the organisation "
        todo += "accepts the reduced sandbox."
    return _check("sandbox", State.STOP, found, todo)


def _decoder(start: Callable[[], None]) -> Check:
    try:
        start()
    except UnavailableError:
        return _check(
            "decoder",
            State.STOP,
            "its codecs do not load",
            "Install the package again, with the system packages that it names.",
        )
    return _check("decoder", State.OK, "its codecs load")


def _keyring(facts: KeyringFacts) -> Check:
    if facts.accepted:
        return _check("keyring", State.OK, facts.backend)
    return _check(
        "keyring",
        State.ATTENTION,
        f"{facts.backend} does not answer or is not accepted",
        "Log in on the desktop and unlock its keyring (Secret Service); without one, "
        "enrolment works only where the organisation's config says so.",
    )


def _folder(profile: Path) -> Check:
    if machine.is_writable(profile):
        return _check("profile folder", State.OK, "it can be made")
    return _check(
        "profile folder",
        State.STOP,
        "it cannot be made: there is no home folder, or no right to write",
        "Give the person a home folder of their own, or choose --profile.",
    )


def _place(profile: Path) -> Check:
    place = machine.place_of(profile)
    if place is machine.Place.LOCAL:
        return _check("profile place", State.OK, place.value)
    return _check(
        "profile place",
        State.STOP,
        f"the folder is {place}: its bytes leave this machine",
        "Choose --profile on a disk of this machine that nothing copies.",
    )


def _disk(profile: Path) -> Check:
    state = disk_state(machine.existing(profile))
    if state in _SAFE_AT_REST:
        return _check("disk encryption", State.OK, state.value)
    return _check(
        "disk encryption",
        State.STOP if state is AtRest.PLAIN else State.ATTENTION,
        state.value,
        "Install the system on an encrypted disk (LUKS), or have the organisation "
        "accept it.",
    )


def _swap() -> Check:
    state = swap_state()
    if state in _SAFE_AT_REST:
        return _check("swap", State.OK, state.value)
    return _check(
        "swap",
        State.STOP,
        state.value,
        "Switch swap off, or put it on an encrypted device.",
    )


def _room(profile: Path) -> Check:
    free_gib = machine.free_bytes(profile) // _GIB
    if free_gib >= LEAST_FREE_GIB:
        return _check("disk room", State.OK, f"{free_gib} GiB")
    return _check(
        "disk room",
        State.ATTENTION if free_gib else State.STOP,
        f"{free_gib} GiB",
        f"Make room: batches of media want {LEAST_FREE_GIB} GiB and more.",
    )


def _display() -> Check:
    if has_display():
        return _check("display", State.OK, "a window can be opened")
    return _check(
        "display",
        State.ATTENTION,
        "none answers from here",
        "Log in on a desktop; over a remote shell this is to be expected.",
    )


def _proxy() -> Check:
    if not machine.has_proxy():
        return _check("proxy", State.OK, "none")
    return _check(
        "proxy",
        State.ATTENTION,
        "a variable names one",
        "See that it lets the coordinator through unopened; it is used as it is set.",
    )


def _authorities() -> Check:
    count = machine.authorities_count()
    if count:
        return _check("certificate authorities", State.OK, f"{count} trusted")
    return _check(
        "certificate authorities",
        State.ATTENTION,
        "this system trusts none",
        "Install the organisation's authority (ca-certificates); files on a stick "
        "work without.",
    )


def _clock() -> Check:
    state = machine.clock_state(not_before_s=NOT_BEFORE_S)
    match state:
        case machine.ClockState.SYNCHRONISED:
            return _check("clock", State.OK, state.value)
        case machine.ClockState.FREE:
            todo = "Set it by hand now and then; signed times are believed first."
            return _check("clock", State.ATTENTION, state.value, todo)
        case machine.ClockState.WRONG:
            return _check("clock", State.STOP, state.value, "Set date and time.")
