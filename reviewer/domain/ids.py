"""Identities and encodings as types, so that one is never taken for another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

BatchId = NewType("BatchId", str)
"""32 lower-case hex digits, chosen at packing."""

ItemId = NewType("ItemId", str)
"""32 lower-case hex digits, chosen at packing."""

KeyId = NewType("KeyId", str)
"""Lower-case hex SHA-256 of a raw verifying key; also the device id."""

Sha256Hex = NewType("Sha256Hex", str)
"""64 lower-case hex digits."""

UnixMs = NewType("UnixMs", int)
"""Milliseconds since 1970-01-01T00:00Z."""

UtcTime = NewType("UtcTime", str)
"""RFC 3339 in UTC to the second, `2026-11-21T18:46:02Z`."""

MonoMs = NewType("MonoMs", int)
"""Milliseconds of a monotonic clock; only differences have a meaning."""


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """16 hex digits that stand for an id in the log; only the vault can link them."""

    hex: str
