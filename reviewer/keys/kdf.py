"""Which Argon2id parameters are chosen, and which are believed in a header.

`RELEASE` is the only policy of the package; tests inject a cheap one by the
constructor of the vault (security.md 3.1). A header outside the policy is refused
before anything is derived from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reviewer.crypto import passphrase
from reviewer.crypto.passphrase import CEILING, FLOOR, KdfParameters
from reviewer.ports import Clock, Entropy

_STEPS_MIB: Final = (64, 128, 256, 512)  # security.md 3.1
_LONGEST_MS: Final = 1_500  # security.md 3.1: aim for 0.7 to 1.5 s


@dataclass(frozen=True, slots=True, kw_only=True)
class KdfPolicy:
    """Bounds on headers, and the memory sizes to choose from, smallest first."""

    floor: KdfParameters
    ceiling: KdfParameters
    memory_steps_kib: tuple[int, ...]

    def allows(self, parameters: KdfParameters) -> bool:
        """Return whether a header with these parameters may be opened."""
        return parameters.within(self.floor, self.ceiling)


RELEASE: Final = KdfPolicy(
    floor=FLOOR,
    ceiling=CEILING,
    memory_steps_kib=tuple(step * 1024 for step in _STEPS_MIB),
)


def calibrate(policy: KdfPolicy, *, clock: Clock, entropy: Entropy) -> KdfParameters:
    """Return the dearest step that should stay under 1.5 s on this machine.

    Measures the cheapest step once and scales: the cost of Argon2id grows linearly
    with memory. A slow machine gets the floor, however long that takes.
    """
    cheapest = _with_memory(policy, policy.memory_steps_kib[0])
    if len(policy.memory_steps_kib) == 1:
        return cheapest
    before = clock.mono_ms()
    passphrase.derive(
        "calibration", salt=entropy(passphrase.SALT_BYTES), parameters=cheapest
    )
    took_ms = max(1, clock.mono_ms() - before)
    fitting = [
        step
        for step in policy.memory_steps_kib
        if took_ms * step <= _LONGEST_MS * cheapest.memory_kib
    ]
    return _with_memory(policy, fitting[-1]) if fitting else cheapest


def _with_memory(policy: KdfPolicy, memory_kib: int) -> KdfParameters:
    return KdfParameters(
        memory_kib=memory_kib, passes=policy.floor.passes, lanes=policy.floor.lanes
    )
