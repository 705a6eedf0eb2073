"""Wire times: RFC 3339 in UTC to the second, compared as text."""

from __future__ import annotations

import datetime as dt
from typing import Final

from reviewer.domain.ids import UnixMs, UtcTime

DAY_MS: Final = 86_400_000
_FORM: Final = "%Y-%m-%dT%H:%M:%SZ"
_TEXT_LENGTH: Final = 20


def utc_of(unix_ms: UnixMs) -> UtcTime:
    """Write a moment as wire text, rounded down to the second."""
    moment = dt.datetime.fromtimestamp(unix_ms // 1000, tz=dt.UTC)
    return UtcTime(moment.strftime(_FORM))


def unix_of(time: UtcTime) -> UnixMs:
    """Read wire text; raise ValueError for anything but the one form."""
    if len(time) != _TEXT_LENGTH:
        raise ValueError("not a wire time")
    moment = dt.datetime.strptime(time, _FORM).replace(tzinfo=dt.UTC)
    return UnixMs(int(moment.timestamp()) * 1000)


def is_utc(text: str) -> bool:
    """Return whether the text is a wire time in its one canonical form."""
    try:
        return utc_of(unix_of(UtcTime(text))) == text
    except ValueError:
        return False
