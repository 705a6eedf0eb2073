"""What the canary's report proves: the level of the sandbox on this machine.

No switch and no fallback: where an escape gets through, or nothing can be tried,
the level is NONE and nothing is decoded (design.md 2).
"""

from __future__ import annotations

import contextlib
import errno
import sys
from dataclasses import dataclass
from typing import Final

from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import UnavailableError
from reviewer.pipe.escapes import (
    RECORD_BYTES,
    Attempt,
    Ending,
    Escape,
    Trial,
    unpack_attempts,
)
from reviewer.sandbox.launch import Launched, launch

_CANARY: Final = "reviewer.sandbox.canary"
_TIMEOUT_S: Final = 60.0
_WALLS: Final = (Trial.STILL, Trial.CLIP)
# The filter of clips answers these with an error instead of a kill.
_SOFT: Final = {
    Escape.OPEN_FILE: errno.EACCES,
    Escape.WRITE_FILE: errno.EACCES,
    Escape.OPEN_PROC: errno.EACCES,
    Escape.LIST_FOLDER: errno.EACCES,
    Escape.CLONE3: errno.ENOSYS,
}
FILES: Final = frozenset(
    {Escape.OPEN_FILE, Escape.WRITE_FILE, Escape.OPEN_PROC, Escape.LIST_FOLDER}
)
NETWORK: Final = frozenset({Escape.CONNECT, Escape.BIND})


@dataclass(frozen=True, slots=True, kw_only=True)
class EscapeReport:
    """What a canary tried and what stopped it; plain values for `doctor`."""

    mechanism: str
    level: SandboxLevel
    tried: int
    """Escapes, each tried behind the walls of stills and of clips."""
    blocked: int
    """Escapes that were stopped behind both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlReport:
    """Positive controls: the same attempts where nothing, or one wall, stops them."""

    tried: int
    returned_unlocked: int
    """Attempts that came back to their caller in a child without walls."""
    refused_by_landlock: frozenset[Escape]
    """Attempts that got EACCES in a child behind Landlock alone."""


class Canary:
    """A canary that is running. Call `attempts` once."""

    def __init__(self, trials: tuple[Trial, ...]) -> None:
        """Start it.

        Raises:
            UnavailableError: SANDBOX_UNAVAILABLE, it could not be started.
        """
        digits = "".join(str(trial.value) for trial in trials)
        self._expected_bytes = len(trials) * len(Escape) * RECORD_BYTES
        self._launched: Launched = launch(_CANARY, (digits,), with_output=True)

    def attempts(self) -> tuple[Attempt, ...]:
        """Wait for the end; an incomplete report counts as none."""
        data = self._launched.collect(_TIMEOUT_S)
        if len(data) != self._expected_bytes:
            return ()
        with contextlib.suppress(ValueError):
            return unpack_attempts(data)
        return ()


def begin() -> Canary | None:
    """Start the canary of a pool; None where there is no sandbox to prove."""
    if sys.platform != "linux":
        return None
    try:
        return Canary((*_WALLS, Trial.LANDLOCK_ONLY))
    except UnavailableError:
        return None


def prove(canary: Canary | None) -> EscapeReport:
    """Wait for a canary and say what it proves."""
    attempts = canary.attempts() if canary is not None else ()
    return judge(attempts)


def judge(attempts: tuple[Attempt, ...]) -> EscapeReport:
    """Turn attempts into a level; every escape must be stopped by both filters."""
    stopped = {
        trial: {one.escape for one in attempts if one.trial is trial and _stopped(one)}
        for trial in _WALLS
    }
    blocked = len(stopped[Trial.STILL] & stopped[Trial.CLIP])
    tried = len({one.escape for one in attempts if one.ending is not Ending.UNTRIED})
    if blocked < len(Escape):
        return EscapeReport(
            mechanism="none", level=SandboxLevel.NONE, tried=tried, blocked=blocked
        )
    has_landlock = _refused(attempts) >= FILES
    return EscapeReport(
        mechanism="seccomp + landlock" if has_landlock else "seccomp",
        level=SandboxLevel.FULL if has_landlock else SandboxLevel.REDUCED,
        tried=tried,
        blocked=blocked,
    )


def control() -> ControlReport:
    """Try the same escapes without walls, and behind Landlock alone.

    Raises:
        UnavailableError: SANDBOX_UNAVAILABLE, the canary could not be started.
    """
    attempts = Canary((Trial.UNLOCKED, Trial.LANDLOCK_ONLY)).attempts()
    unlocked = [one for one in attempts if one.trial is Trial.UNLOCKED]
    came_back = {Ending.RETURNED, Ending.REFUSED}
    return ControlReport(
        tried=len(unlocked),
        returned_unlocked=sum(one.ending in came_back for one in unlocked),
        refused_by_landlock=_refused(attempts),
    )


def _stopped(attempt: Attempt) -> bool:
    if attempt.ending is Ending.KILLED:
        return True
    is_soft = attempt.trial is Trial.CLIP and attempt.ending is Ending.REFUSED
    return is_soft and _SOFT.get(attempt.escape) == attempt.errno


def _refused(attempts: tuple[Attempt, ...]) -> frozenset[Escape]:
    return frozenset(
        one.escape
        for one in attempts
        if one.trial is Trial.LANDLOCK_ONLY
        and one.ending is Ending.REFUSED
        and one.errno == errno.EACCES
    )
