"""The exposure ledger: what one person saw, for that person and the limits alone.

It is kept in its own file under its own key and is part of nothing that leaves: no
wire format, no submission, no journal entry and no log holds any of it (design.md 5;
contract `ledger` in pyproject.toml; tests/architecture/test_ledger_stays.py).

Times are milliseconds of the ledger's own clock (`runs`), which never goes back.
Severity 0 to 5 and unrated have the places 0 to 6 in a tuple of counts.
"""

from __future__ import annotations

from typing import Final

from reviewer.domain.ids import ItemId
from reviewer.domain.item import Wire
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical
from reviewer.safeguards.breaks import BreakClock

FORMAT_LEDGER: Final = "rv-ledger/1-draft"
MAX_LEDGER_BYTES: Final = 4 * 1024 * 1024

Counts = tuple[int, int, int, int, int, int, int]
NOTHING: Final[Counts] = (0, 0, 0, 0, 0, 0, 0)


class Tally(Wire, frozen=True, kw_only=True):
    """What a day was like; for the reviewer's own eyes, no limit depends on it."""

    views: Counts = NOTHING
    """Items looked at."""
    clear_ms: Counts = NOTHING
    """Softened or clear."""
    audio_ms: int = 0
    """Reserved until sound can be heard."""
    breaks_count: int = 0
    opt_outs_count: int = 0
    covers_count: int = 0
    """How often everything was covered by Esc."""


class Spent(Wire, frozen=True, kw_only=True):
    """What counts against the caps of a day."""

    severe_views: int = 0
    worst_views: int = 0
    unrated_views: int = 0
    severe_ms: int = 0
    active_minutes: int = 0

    def plus(self, other: Spent) -> Spent:
        """Return the sum."""
        return Spent(
            severe_views=self.severe_views + other.severe_views,
            worst_views=self.worst_views + other.worst_views,
            unrated_views=self.unrated_views + other.unrated_views,
            severe_ms=self.severe_ms + other.severe_ms,
            active_minutes=self.active_minutes + other.active_minutes,
        )


class Seen(Wire, frozen=True, kw_only=True):
    """The items looked at today: looking again is no new view."""

    any: frozenset[ItemId] = frozenset()
    severe: frozenset[ItemId] = frozenset()
    worst: frozenset[ItemId] = frozenset()
    unrated: frozenset[ItemId] = frozenset()


class Today(Wire, frozen=True, kw_only=True):
    """The present day: from its first input until after the next night."""

    begun: int
    last_at: int
    """When somebody last worked or looked."""
    seen: Seen = Seen()
    severe_ms: int = 0
    active_minutes: int = 0
    carried: Spent = Spent()
    """Counted before the ledger was lost, as the vault remembers it."""
    withheld: Spent = Spent()
    """Never used, and not given either, because the ledger was lost."""
    withheld_week_minutes: int = 0
    severe_done: int = 0
    benign_done: int = 0
    severe_run: int = 0
    """Severe items finished one after the other."""
    is_graphic_free: bool = False
    tally: Tally = Tally()


class PastDay(Wire, frozen=True, kw_only=True):
    """A day that is over."""

    begun: int
    active_minutes: int
    withheld_week_minutes: int = 0
    is_graphic_free: bool = False
    tally: Tally = Tally()


class Block(Wire, frozen=True, kw_only=True):
    """Active minutes at severe items since the last calm stretch."""

    minutes: int = 0
    minute: int | None = None
    """Number of the minute that was counted last."""
    calm: frozenset[ItemId] = frozenset()
    """Calm items finished since the last look at a severe one."""


class Cooldown(Wire, frozen=True, kw_only=True):
    """What an item of severity 5 leaves behind."""

    since: int
    tags: frozenset[str]
    calm_left: int


class Look(Wire, frozen=True, kw_only=True):
    """The look that is on the screen, charged up to `since`."""

    item_id: ItemId
    place: int
    is_severe: bool
    since: int


class Ledger(Wire, frozen=True, kw_only=True):
    """All of it. Made by `restoring`, changed by `recording`, asked by `limits`."""

    format: str = FORMAT_LEDGER
    generation: int = 0
    """Rises with each copy written, so that an older one is known."""
    now: int
    """The latest time that the ledger knows of."""
    mono: int
    """The machine's monotonic clock at that time."""
    breaks: BreakClock = BreakClock()
    block: Block = Block()
    cooldown: Cooldown | None = None
    look: Look | None = None
    today: Today | None = None
    past: tuple[PastDay, ...] = ()
    """Oldest first."""
    opted_out: frozenset[str] = frozenset()
    """Content tags that this person does not see at present."""


def to_bytes(ledger: Ledger) -> bytes:
    """Return the canonical bytes, to be sealed."""
    return canonical.encode(ledger)


def from_bytes(data: bytes) -> Ledger:
    """Return what `to_bytes` wrote.

    Raises:
        VerificationError: MALFORMED, NOT_CANONICAL, TOO_LARGE, FORMAT_UNKNOWN.
    """
    ledger = canonical.decode(data, Ledger, max_bytes=MAX_LEDGER_BYTES)
    if ledger.format != FORMAT_LEDGER:
        raise VerificationError(Code.FORMAT_UNKNOWN, "ledger")
    return ledger
