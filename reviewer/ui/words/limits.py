"""Why something is not shown now, when asking again can help, and what still works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from reviewer.safeguards.limits import Refused

_MINUTE_MS: Final = 60_000
_HOUR_MINUTES: Final = 60
_DAY_HOURS: Final = 24
_MANY: Final = 2

TITLE: Final = "Not shown now"
STILL: Final = "You can still decide from context, keep it, or hand it back."

CONCEALED_TITLE: Final = "Concealed picture"
CONCEALED_LINE: Final = (
    "How much can be told before a look. Fewer pixels are safer; the upper end is "
    "what your organisation allows."
)
CONCEALED_GREY: Final = "Grey"
CONCEALED_DONE: Final = "Done"
CONCEALED_OPEN: Final = "Concealed picture"

LEAST_SEVERE: Final = "Nothing better suited is left: this is the least severe"
NOTHING_LEFT: Final = "Only items with subjects you opted out of are left"
HAND_OVER: Final = "Hand over the rest"
KEPT_LEFT: Final = "Only items that you kept are left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One refusal in words."""

    short: str
    """For the ladder."""
    title: str
    lines: tuple[str, ...]
    """Why, when, and what still works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    short: str
    why: str
    timeless: str
    """When asking again can help, while no time can be told."""
    title: str = TITLE


_BREAK: Final = "B draws the curtain for a break; after it looks are possible again."

BY_KEY: Final[Mapping[str, _Words]] = MappingProxyType(
    {
        "limit_opted_out": _Words(
            short="You opted out of this subject",
            title="Not shown, as you chose",
            why="It has a tag that you opted out of, so nothing of it was opened.",
            timeless="You can take the opt-out back at any time.",
        ),
        "limit_break": _Words(
            short="A break comes before the next look",
            why="You have worked for as long as is good without a break.",
            timeless=_BREAK,
        ),
        "limit_week": _Words(
            short="This week's working time is used up",
            why="You have worked as many minutes as a week allows.",
            timeless="It helps to wait until the oldest day is a week ago.",
        ),
        "limit_day": _Words(
            short="Today's working time is used up",
            why="You have worked as many minutes as a day allows.",
            timeless="It helps to come back after a night's rest.",
        ),
        "limit_block": _Words(
            short="Enough severe items for now",
            why="Severe items have had as much time as is good in one go.",
            timeless=f"Ten calmer items help, or a break. {_BREAK}",
        ),
        "limit_worst_views": _Words(
            short="Today's looks at severity 5 are used up",
            why="You have looked at as many items of severity 5 as a day allows.",
            timeless="It helps to come back after a night's rest.",
        ),
        "limit_severe_views": _Words(
            short="Today's looks at severe items are used up",
            why="You have looked at as many severe items as a day allows.",
            timeless="It helps to come back after a night's rest.",
        ),
        "limit_severe_seconds": _Words(
            short="Today's time for severe items is used up",
            why="You have looked at severe items for as long as a day allows.",
            timeless="It helps to come back after a night's rest.",
        ),
        "limit_unrated_views": _Words(
            short="Today's looks at unrated items are used up",
            why="You have looked at as many unrated items as a day allows.",
            timeless="Rating it with V does not help today; a night's rest does.",
        ),
    }
)
"""By `limits.Refused.words_key`; a test holds that none is missing."""


def refusal(refused: Refused, *, now: int) -> Saying:
    """Return a refusal in words; `now` is the ledger's time, as is `until`."""
    words = BY_KEY[refused.words_key]
    when = words.timeless
    if refused.until is not None and refused.until > now:
        when = f"Looks are possible again {from_now(refused.until - now)}."
    return Saying(
        short=words.short,
        title=words.title,
        lines=(words.why, when, STILL),
    )


def from_now(left_ms: int) -> str:
    """Return a stretch of time in words, rounded up."""
    minutes = -(-left_ms // _MINUTE_MS)
    if minutes < _MANY:
        return "in about a minute"
    if minutes < _MANY * _HOUR_MINUTES:
        return f"in about {minutes} minutes"
    hours = -(-minutes // _HOUR_MINUTES)
    if hours < _MANY * _DAY_HOURS:
        return f"in about {hours} hours"
    return f"in about {-(-hours // _DAY_HOURS)} days"


def concealed_pixels(pixels: int) -> str:
    """Say a strength with its unit."""
    return f"{pixels} pixels on the long side"
