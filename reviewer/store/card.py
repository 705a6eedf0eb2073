"""The support card beside the vault: `support`, in the clear on purpose.

Somebody who is locked out, or cannot bring themselves to unlock, must still find out
whom to talk to. The file holds nothing of any work. It is shown as plain text, and
each unlock puts the signed lines in its place (docs/adr/0034).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from reviewer.domain.item import Wire
from reviewer.errors import ReviewerError
from reviewer.formats import canonical, durable

SUPPORT: Final = "support"
FORMAT_SUPPORT: Final = "rv-support/1"
MAX_CARD_BYTES: Final = 16 * 1024
MOST_LINES: Final = 12
MOST_CHARACTERS: Final = 200


class Card(Wire, frozen=True, kw_only=True):
    """The file."""

    format: str
    lines: tuple[str, ...]


class SupportFile:
    """The `SupportCopy` of one profile folder."""

    def __init__(self, folder: Path) -> None:
        """Touch nothing yet."""
        self._path: Final = folder / SUPPORT

    def read(self) -> tuple[str, ...]:
        """Return the lines, cut to what a card holds."""
        try:
            with self._path.open("rb") as file:
                data = file.read(MAX_CARD_BYTES + 1)
            card = canonical.decode(data, Card, max_bytes=MAX_CARD_BYTES)
        except (OSError, ReviewerError):
            return ()
        if card.format != FORMAT_SUPPORT:
            return ()
        return tuple(line[:MOST_CHARACTERS] for line in card.lines[:MOST_LINES])

    def write(self, lines: tuple[str, ...], /) -> None:
        """Keep the lines; a disk that does not take them costs nobody the unlock."""
        data = canonical.encode(Card(format=FORMAT_SUPPORT, lines=lines))
        try:
            if self._path.exists() and self._path.read_bytes() == data:
                return
            durable.replace(self._path, data)
        except (OSError, ReviewerError):
            return
