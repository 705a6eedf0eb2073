"""A listener on loopback that answers each connection with bytes a test wrote."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Sequence

_TIMEOUT_S = 10
_HEAD_END = b"\r\n\r\n"
_TLS_HELLO = b"\x16"


def answer(
    status: str = "200 OK",
    body: bytes = b"",
    *,
    headers: Sequence[str] = (),
    length: int | None = None,
) -> bytes:
    """Return a raw HTTP answer; `length` overrides the true content length."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body) if length is None else length}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(lines).encode() + _HEAD_END + body


class LyingService:
    """Answers one connection after the other, then the last answer again."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self._answers = list(answers)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_TIMEOUT_S)
        self._thread = threading.Thread(target=self._serve)
        self._stopping = False
        self.requests: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @contextlib.contextmanager
    def running(self) -> Iterator[str]:
        """Serve until the block ends; yield the address."""
        self._thread.start()
        try:
            yield self.url
        finally:
            self._stopping = True
            with contextlib.suppress(OSError):
                socket.create_connection(
                    self._listener.getsockname(), timeout=_TIMEOUT_S
                ).close()
            self._thread.join(_TIMEOUT_S)
            self._listener.close()

    def _serve(self) -> None:
        while not self._stopping:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(_TIMEOUT_S)
                self._speak(connection)

    def _speak(self, connection: socket.socket) -> None:
        request = self._request(connection)
        if not request:
            return
        self.requests.append(request)
        last = len(self._answers) == 1
        connection.sendall(self._answers[0] if last else self._answers.pop(0))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass

    def _request(self, connection: socket.socket) -> bytes:
        data = b""
        while _HEAD_END not in data and not data.startswith(_TLS_HELLO):
            more = connection.recv(65536)
            if not more:
                return b""
            data += more
        return data
