"""The file anchor: what the database must at least hold, under a MAC, outside it.

SQLCipher does not notice an older copy of itself (security.md 3.2). The anchor does:
it is fsynced with each commit, before anything is confirmed. Layout: 32 bytes of
HMAC-SHA256 over the rest, then canonical JSON.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from reviewer.crypto.passphrase import equal, hmac_sha256
from reviewer.domain.ids import Sha256Hex, UtcTime
from reviewer.domain.item import Wire
from reviewer.errors import VerificationError
from reviewer.formats import canonical, durable

FILE: Final = "anchor"
FORMAT_ANCHOR: Final = "rv-anchor/1-draft"
MAX_ANCHOR_BYTES: Final = 16 * 1024
_MAC_BYTES: Final = 32


class Anchor(Wire, frozen=True, kw_only=True):
    """Where the database stood at its last confirmed commit."""

    format: str = FORMAT_ANCHOR
    vault_id: str
    epoch: int
    size: int
    root: Sha256Hex
    signed_time: UtcTime | None
    item_key_generation: int
    ledger_totals: tuple[str, ...] = ()
    """At most one: the exposure totals, sealed under the ledger's key, as base64. The
    anchor's own key comes from the vault key, which a recovery opens."""


def untrusted_size(folder: Path) -> int | None:
    """Return how many entries the anchor of a profile claims, without its key.

    None where there is no anchor, or none that can be read.
    """
    anchor = _decoded(_read(folder / FILE)[_MAC_BYTES:])
    return None if anchor is None else anchor.size


class AnchorFile:
    """The anchor of a profile; two steps, so that a full disk shows before commit."""

    def __init__(self, folder: Path, *, key: bytes) -> None:
        """Touch nothing yet."""
        self._path: Final = folder / FILE
        self._key = key

    def read(self) -> Anchor | None:
        """Return the anchor, or None where it is missing, altered or another's."""
        return self.opened(_read(self._path))

    def opened(self, data: bytes) -> Anchor | None:
        """Return an anchor from its bytes, or None where its MAC does not hold."""
        mac, body = data[:_MAC_BYTES], data[_MAC_BYTES:]
        if not equal(mac, hmac_sha256(self._key, body)):
            return None
        return _decoded(body)

    def sealed(self, anchor: Anchor) -> bytes:
        """Return the bytes of an anchor: its MAC, then its canonical form."""
        body = canonical.encode(anchor)
        return hmac_sha256(self._key, body) + body

    def prepare(self, anchor: Anchor) -> None:
        """Write the next anchor beside the current one, durably.

        Raises:
            UnavailableError: DISK_FULL, DISK_FAILED; the current one stands.
        """
        durable.prepare(self._path, self.sealed(anchor))

    def commit(self) -> None:
        """Make the prepared anchor the current one, durably.

        Raises:
            UnavailableError: DISK_FULL, DISK_FAILED.
        """
        durable.commit(self._path)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_ANCHOR_BYTES + 1)
    except OSError:
        return b""


def _decoded(body: bytes) -> Anchor | None:
    try:
        return canonical.decode(body, Anchor, max_bytes=MAX_ANCHOR_BYTES)
    except VerificationError:
        return None
