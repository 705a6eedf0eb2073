"""HTTP clients whose libraries are loaded when an address is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from reviewer.domain.ids import UnixMs

if TYPE_CHECKING:
    from reviewer.sync.client import HttpCoordinator  # slow: that is the point


class LateOpener:
    """Makes clients with the system's trust store; a `ports.CoordinatorOpener`."""

    def __init__(
        self, *, clock: Callable[[], UnixMs], entropy: Callable[[int], bytes]
    ) -> None:
        """Take the wall clock, untrusted, and what nonces are drawn from."""
        self._clock = clock
        self._entropy = entropy

    def __call__(self, url: str, /) -> HttpCoordinator:
        """Return a client; raises as `client.HttpOpener` does."""
        from reviewer.sync.client import HttpOpener  # noqa: PLC0415

        return HttpOpener(clock=self._clock, entropy=self._entropy)(url)
