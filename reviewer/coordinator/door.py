"""The door of the service: who sent this request, and has it been used before.

A nonce is remembered for as long as its request could be accepted. The memory does
not outlive the process; every request that changes anything is idempotent, so a
replay across a restart changes nothing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from reviewer.crypto.signing import VerifyingKey
from reviewer.domain.ids import KeyId, UnixMs
from reviewer.errors import Code, VerificationError
from reviewer.formats.requests import CLOCK_WINDOW_S, verify_request

MAX_NONCES_COUNT: Final = 100_000  # about 10 MB; beyond it the oldest go first


class Door:
    """Verifies requests; safe to use from several threads."""

    def __init__(
        self,
        *,
        resolve: Callable[[KeyId], VerifyingKey],
        clock: Callable[[], UnixMs],
        hosts: frozenset[str] | None,
    ) -> None:
        """Take whom to believe.

        Args:
            resolve: Returns a device's key, or raises what the directory says.
            clock: The service's own time.
            hosts: Accepted `Host` values, so that a request signed for another
                service cannot be passed on to this one; None accepts any.
        """
        self._resolve = resolve
        self._clock = clock
        self._hosts = hosts
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[KeyId, str], int] = OrderedDict()

    def admit(
        self,
        *,
        method: str,
        url: str,
        headers: Sequence[tuple[str, str]],
        body: bytes | None,
    ) -> KeyId:
        """Return the device that signed, once for each nonce.

        Raises:
            VerificationError: SIGNATURE_INVALID, TIME_IMPLAUSIBLE, SEQUENCE_REPLAY,
                WRONG_AUDIENCE, or what the directory says of the key.
        """
        hosts = [value for name, value in headers if name.lower() == "host"]
        if len(hosts) != 1 or (self._hosts is not None and hosts[0] not in self._hosts):
            raise VerificationError(Code.WRONG_AUDIENCE, "host")
        now_s = self._clock() // 1000
        verified = verify_request(
            method=method,
            url=url,
            headers=headers,
            body=body,
            resolve=self._resolve,
            now_s=now_s,
        )
        self._remember((verified.device, verified.nonce), now_s)
        return verified.device

    def _remember(self, name: tuple[KeyId, str], now_s: int) -> None:
        with self._lock:
            if name in self._seen:
                raise VerificationError(Code.SEQUENCE_REPLAY, "request")
            self._seen[name] = now_s
            while self._seen and self._is_old(next(iter(self._seen.values())), now_s):
                self._seen.popitem(last=False)

    def _is_old(self, seen_s: int, now_s: int) -> bool:
        too_many = len(self._seen) > MAX_NONCES_COUNT
        return too_many or seen_s < now_s - 2 * CLOCK_WINDOW_S
