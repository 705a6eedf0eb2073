"""Run the service: uvicorn in a thread or in the foreground, then stop it.

Plain HTTP is served on loopback only; elsewhere a certificate is a must.
"""

from __future__ import annotations

import contextlib
import ipaddress
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn

from reviewer.coordinator.app import create_app
from reviewer.coordinator.service import Service
from reviewer.errors import Code, RefusedError, UnavailableError

LOOPBACK: Final = "127.0.0.1"
_START_S: Final = 30
_STOP_S: Final = 20
_KEEP_ALIVE_S: Final = 15
_MAX_CONNECTIONS: Final = 128
_EVERYWHERE: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 (compared with)
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Server:
    """One listening service. Start it once, stop it once."""

    def __init__(
        self,
        service: Service,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        tls_cert: Path | None = None,
        tls_key: Path | None = None,
        names: frozenset[str] = frozenset(),
    ) -> None:
        """Bind the address at once, so that the port is known.

        Args:
            service: An open service; whoever opened it closes it.
            host: A name or address to listen on.
            port: 0 for any free one.
            tls_cert: A PEM chain; needed unless `host` is loopback.
            tls_key: Its PEM key.
            names: Further `Host` values by which devices know this service, such
                as `coordinator.example`; what is signed for others is refused.

        Raises:
            RefusedError: INPUT_INVALID, plain HTTP beyond loopback.
            UnavailableError: NETWORK_DOWN, the address cannot be had.
        """
        secure = tls_cert is not None and tls_key is not None
        if not secure and not is_loopback(host):
            raise RefusedError(Code.INPUT_INVALID, "plain http beyond loopback")
        self._socket = _bound(host, port)
        self.port: Final = int(self._socket.getsockname()[1])
        shown = f"[{host}]" if ":" in host else host
        self.url: Final = f"{'https' if secure else 'http'}://{shown}:{self.port}"
        config = uvicorn.Config(
            create_app(service, hosts=_hosts(host, self.port, names)),
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=_STOP_S // 2,
            limit_concurrency=_MAX_CONNECTIONS,
            ssl_certfile=tls_cert,
            ssl_keyfile=tls_key,
        )
        self._uvicorn = _Uvicorn(config)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Serve in a thread; return once requests are answered.

        Raises:
            UnavailableError: NETWORK_DOWN, it did not come up.
        """
        self._thread = threading.Thread(
            target=self.run, name="coordinator", daemon=True
        )
        self._thread.start()
        if not self._uvicorn.ready.wait(_START_S):
            self.stop()
            raise UnavailableError(Code.NETWORK_DOWN, "service did not start")

    def run(self) -> None:
        """Serve in this thread until stopped; in the main thread, by a signal too."""
        handled = threading.current_thread() is threading.main_thread()
        before = [(each, signal.getsignal(each)) for each in _SIGNALS if handled]
        for each, _ in before:
            signal.signal(each, self._on_signal)
        try:
            self._uvicorn.run(sockets=[self._socket])
        finally:
            for each, handler in before:
                signal.signal(each, handler)
            self._socket.close()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._uvicorn.should_exit = True

    def stop(self) -> None:
        """Finish what is being answered, then end. Safe to call twice."""
        self._uvicorn.should_exit = True
        if self._thread is None:
            self._socket.close()
            return
        self._thread.join(_STOP_S)
        if self._thread.is_alive():
            self._uvicorn.force_exit = True
            self._thread.join(_STOP_S)


def is_loopback(host: str) -> bool:
    """Return whether a name or address never leaves this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Uvicorn(uvicorn.Server):
    """Says when it is ready, so that nobody has to wait on time."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `Server.run`: the library would raise them again."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_MAX_CONNECTIONS)  # whoever is told the port may connect
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise UnavailableError(Code.NETWORK_DOWN, f"port={port}") from error
    return listener


def _hosts(host: str, port: int, names: frozenset[str]) -> frozenset[str] | None:
    """Return by which `Host` values this service may be addressed; None for any."""
    if host in _EVERYWHERE and not names:
        return None
    own = {"127.0.0.1", "localhost", "[::1]"} if is_loopback(host) else {host}
    return names | own | {f"{name}:{port}" for name in own}
