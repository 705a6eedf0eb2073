"""Which items may stand in a batch for a laptop; asked at packing and at import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reviewer.crypto.age import IDENTITY_BYTES, sealed_length
from reviewer.crypto.padding import padme
from reviewer.domain.ids import UnixMs, UtcTime
from reviewer.domain.item import Item, Origin
from reviewer.domain.times import unix_of, utc_of
from reviewer.errors import Code, VerificationError
from reviewer.formats.base64 import unb64

MAX_ITEMS_COUNT: Final = 10_000  # security.md 3.3
MAX_ITEM_BYTES: Final = 8 << 30  # design.md 4
MAX_MEDIA_BYTES: Final = 64 << 30  # design.md 4
MAX_SEVERITY: Final = 5
MAX_REASON_CHARACTERS: Final = 2_000
MIN_ORDER_MS: Final = 4 * 3_600_000  # design.md 4: removal orders


def check_items(items: Sequence[Item], *, media_bytes: int, now: UtcTime) -> None:
    """Accept the items of one batch, or refuse the batch whole.

    Args:
        items: In any order of their media.
        media_bytes: Length of the media part, which the items' files must fill.
        now: The highest signed time known, the batch's own included.

    Raises:
        VerificationError: TOO_LARGE, MALFORMED, BINDING_MISMATCH,
            ITEM_NOT_FOR_LAPTOPS.
    """
    if len(items) > MAX_ITEMS_COUNT:
        raise VerificationError(Code.TOO_LARGE, "items")
    for item in items:
        check_item(item, now=now)
    if len({item.id for item in items}) != len(items):
        raise VerificationError(Code.BINDING_MISMATCH, "item ids")
    if len({item.identity for item in items}) != len(items):
        raise VerificationError(Code.BINDING_MISMATCH, "item identities")
    end = 0
    for item in sorted(items, key=lambda one: one.offset_bytes):
        if item.offset_bytes != end:
            raise VerificationError(Code.MALFORMED, "segment table")
        end += item.sealed_bytes
    if end != media_bytes:
        raise VerificationError(Code.MALFORMED, "segment table")


def check_item(item: Item, *, now: UtcTime) -> None:
    """Accept one item for a laptop.

    Items in which a minor is possible go to specialists, never to a laptop; so do
    removal orders with under four hours left, which an offline review would miss.

    Raises:
        VerificationError: ITEM_NOT_FOR_LAPTOPS, TOO_LARGE, MALFORMED.
    """
    if item.minor_possible or _is_pressing(item, now=now):
        raise VerificationError(Code.ITEM_NOT_FOR_LAPTOPS, item.id)
    if item.size_bytes > MAX_ITEM_BYTES:
        raise VerificationError(Code.TOO_LARGE, item.id)
    if item.sealed_bytes != sealed_length(padme(item.size_bytes)):
        raise VerificationError(Code.MALFORMED, "sealed length")
    if len(unb64(item.identity)) != IDENTITY_BYTES:
        raise VerificationError(Code.MALFORMED, "identity")
    if any((level or 0) > MAX_SEVERITY for level in _severities(item)):
        raise VerificationError(Code.MALFORMED, "severity")
    if item.flag is not None and len(item.flag.reason or "") > MAX_REASON_CHARACTERS:
        raise VerificationError(Code.TOO_LARGE, "flag reason")


def _is_pressing(item: Item, *, now: UtcTime) -> bool:
    """Return whether a removal order leaves too little time, or does not say."""
    if item.origin is not Origin.REMOVAL_ORDER:
        return False
    if item.deadline is None:
        return True
    return item.deadline < utc_of(UnixMs(unix_of(now) + MIN_ORDER_MS))


def _severities(item: Item) -> tuple[int | None, int | None]:
    return item.severity, item.assumed_severity
