"""One row of the table of safeguards: a key, its zones, its force, and why.

Three zones (design.md 7). A *default* holds where nobody says otherwise. An
*organisation value* comes from the root-signed org config and is the least safe
value that a reviewer may choose. A *product limit* is the least safe value that an
organisation may set; a config beyond it is refused at load. The reviewer's own
choice moves to the safer side of the organisation value, or has no effect.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Unit(enum.StrEnum):
    """What a value counts."""

    MILLISECONDS = "ms"
    SECONDS = "seconds"
    MINUTES = "minutes"
    DAYS = "days"
    ITEMS = "items"
    PIXELS = "px"
    PERMILLE = "thousandths"
    PERCENT = "percent"
    SWITCH = "0 or 1"


class Force(enum.StrEnum):
    """What happens when a value is met (review-loop.md, *Limits*)."""

    SHOWING = "how it is shown"
    BINDING = "binding"
    """Nothing more is revealed; decisions, hand-back, export and lock go on."""
    CHOOSING = "choosing"
    """Only what is offered next changes; any item may be opened by hand."""
    KEEPING = "keeping"
    """How the ledger itself counts and forgets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Safeguard:
    """One row: a key, its three zones, and why.

    `org_safest` and `product_limit` are the two ends of what may be set at all, so
    they also say which side is the safer one. `org_floor` is the organisation value
    where its config is silent. It differs from `default` only where the reviewer has
    a choice on both sides of the default: then an organisation value sets the bound,
    and the default stays where it is unless the bound is safer.
    """

    key: str
    default: int
    org_safest: int
    org_floor: int
    product_limit: int
    unit: Unit
    force: Force
    reason: str
    source: str

    def is_safer(self, value: int, than: int) -> bool:
        """Return whether `value` is strictly on the safer side of `than`."""
        if self.org_safest < self.product_limit:
            return value < than
        return value > than

    def allows(self, value: int) -> bool:
        """Return whether an organisation may set `value`."""
        ends = (self.org_safest, self.product_limit)
        return min(ends) <= value <= max(ends)


def same(
    key: str,
    default: int,
    safest: int,
    limit: int,
    *,
    unit: Unit,
    force: Force,
    why: str,
    source: str,
) -> Safeguard:
    """Make the common row: where the config is silent, the default is the bound."""
    return Safeguard(
        key=key,
        default=default,
        org_safest=safest,
        org_floor=default,
        product_limit=limit,
        unit=unit,
        force=force,
        reason=why,
        source=source,
    )
