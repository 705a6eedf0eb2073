"""A clock that moves only when told, and entropy that repeats."""

from __future__ import annotations

import hashlib
from typing import Final

from reviewer.domain.ids import MonoMs, UnixMs

START_UNIX_MS: Final = 1_795_286_762_000  # 2026-11-21T18:46:02Z


class StepClock:
    """A `Clock` under the test's hand; each reading may move it by `step_ms`."""

    def __init__(self, unix_ms: int = START_UNIX_MS, *, step_ms: int = 0) -> None:
        self._unix_ms = unix_ms
        self._mono_ms = 1_000
        self._step_ms = step_ms

    def unix_ms(self) -> UnixMs:
        """Return the wall clock, then step."""
        now = self._unix_ms
        self.advance(self._step_ms)
        return UnixMs(now)

    def mono_ms(self) -> MonoMs:
        """Return the monotonic clock, then step."""
        now = self._mono_ms
        self.advance(self._step_ms)
        return MonoMs(now)

    def advance(self, by_ms: int) -> None:
        """Let time pass on both clocks."""
        self._unix_ms += by_ms
        self._mono_ms += by_ms

    def set_unix_ms(self, unix_ms: int) -> None:
        """Change the wall clock alone, as a person or a time server does."""
        self._unix_ms = unix_ms


class SeededEntropy:
    """An `Entropy` that gives the same bytes in every run for the same seed."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._drawn = 0

    def __call__(self, count_bytes: int, /) -> bytes:
        """Return the next bytes of the stream."""
        out = b""
        while len(out) < count_bytes:
            block = f"{self._seed}/{self._drawn}".encode()
            out += hashlib.sha256(block).digest()
            self._drawn += 1
        return out[:count_bytes]
