"""Every safeguard value, once: default, what an organisation may set, product limit.

Three zones (design.md 7). A *default* holds where nobody says otherwise. An
*organisation value* comes from the root-signed org config and is the least safe
value that a reviewer may choose. A *product limit* is the least safe value that an
organisation may set; a config beyond it is refused at load. The reviewer's own
choice moves to the safer side of the organisation value, or has no effect.

Sources are review-loop.md (`loop`) and reference/wellbeing.md (`wellbeing`). None of
these numbers is a clinical threshold: clinicians and counsel have the last word.
docs/SAFEGUARDS.md is written from this table by `reviewer.safeguards.report`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from reviewer.errors import Code, RefusedError, VerificationError


class Unit(enum.StrEnum):
    """What a value counts."""

    MILLISECONDS = "ms"
    MINUTES = "minutes"
    PIXELS = "px"
    PERMILLE = "thousandths"
    SWITCH = "0 or 1"


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
    reason: str

    def is_safer(self, value: int, than: int) -> bool:
        """Return whether `value` is strictly on the safer side of `than`."""
        if self.org_safest < self.product_limit:
            return value < than
        return value > than

    def allows(self, value: int) -> bool:
        """Return whether an organisation may set `value`."""
        ends = (self.org_safest, self.product_limit)
        return min(ends) <= value <= max(ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What holds for one reviewer: organisation and own choice resolved."""

    intent_ms: int
    intent_severe_ms: int
    second_look_ms: int
    hold_end_ms: int
    hold_end_severe_ms: int
    toggle_ms: int
    toggle_severe_ms: int
    toggle_total_ms: int
    concealed_px: int
    unrated_px: int
    concealed_grey: int
    view_severe_px: int
    view_px: int
    view_unrated_px: int
    view_mild_px: int
    lens_permille: int
    lens_least_px: int
    break_due_minutes: int
    break_hard_minutes: int
    break_length_minutes: int
    idle_minutes: int
    lock_minutes: int


def _same(
    key: str, default: int, safest: int, limit: int, *, unit: Unit, why: str
) -> Safeguard:
    """Make the common row: where the config is silent, the default is the bound."""
    return Safeguard(
        key=key,
        default=default,
        org_safest=safest,
        org_floor=default,
        product_limit=limit,
        unit=unit,
        reason=why,
    )


_MS: Final = Unit.MILLISECONDS
_PX: Final = Unit.PIXELS
_MIN: Final = Unit.MINUTES

TABLE: Final[tuple[Safeguard, ...]] = (
    _same(
        "intent_ms",
        150,
        1_000,
        150,
        unit=_MS,
        why="A look is meant, not brushed (loop, Reveal)",
    ),
    _same(
        "intent_severe_ms",
        300,
        2_000,
        200,
        unit=_MS,
        why="The same at severity 4 and above",
    ),
    _same(
        "second_look_ms",
        10_000,
        0,
        15_000,
        unit=_MS,
        why="After a look, Space shows at once for so long",
    ),
    _same(
        "hold_end_ms", 60_000, 5_000, 60_000, unit=_MS, why="A stuck key ends by itself"
    ),
    _same(
        "hold_end_severe_ms",
        20_000,
        5_000,
        30_000,
        unit=_MS,
        why="The same at severity 4 and above, and unrated",
    ),
    _same(
        "toggle_ms",
        15_000,
        2_000,
        15_000,
        unit=_MS,
        why="The accessible toggle conceals by itself (wellbeing 2, at most 15 s)",
    ),
    _same(
        "toggle_severe_ms",
        5_000,
        2_000,
        15_000,
        unit=_MS,
        why="The same at severity 4 and above",
    ),
    _same(
        "toggle_total_ms",
        60_000,
        5_000,
        60_000,
        unit=_MS,
        why="However often a key renews the toggle",
    ),
    Safeguard(
        key="concealed_px",
        default=16,
        org_safest=12,
        org_floor=24,
        product_limit=48,
        unit=_PX,
        reason="Long side of the concealed picture; scenes are recognised from 32",
    ),
    _same(
        "unrated_px", 12, 8, 24, unit=_PX, why="The same for unrated items, always grey"
    ),
    _same(
        "concealed_grey",
        1,
        1,
        0,
        unit=Unit.SWITCH,
        why="Concealed pictures are grey (wellbeing 1, row 6)",
    ),
    _same(
        "view_severe_px",
        480,
        240,
        960,
        unit=_PX,
        why="Width of the media at severity 4 and above: smaller is easier to bear",
    ),
    _same("view_px", 640, 240, 960, unit=_PX, why="Width of the media at severity 3"),
    _same("view_unrated_px", 640, 240, 960, unit=_PX, why="Width of unrated media"),
    _same(
        "view_mild_px",
        960,
        240,
        960,
        unit=_PX,
        why="Width of the media up to severity 2",
    ),
    _same(
        "lens_permille",
        350,
        100,
        500,
        unit=Unit.PERMILLE,
        why="Lens diameter as a part of the shorter side",
    ),
    _same(
        "lens_least_px", 160, 80, 240, unit=_PX, why="A lens is never smaller than this"
    ),
    _same(
        "break_due_minutes",
        50,
        10,
        60,
        unit=_MIN,
        why="Active minutes after which a break is offered (wellbeing 1, row 18)",
    ),
    _same(
        "break_hard_minutes",
        60,
        15,
        75,
        unit=_MIN,
        why="Active minutes after which nothing is revealed (wellbeing 2)",
    ),
    _same(
        "break_length_minutes",
        10,
        30,
        5,
        unit=_MIN,
        why="A break is over after so long (wellbeing 1, row 19)",
    ),
    _same(
        "idle_minutes",
        5,
        1,
        15,
        unit=_MIN,
        why="Minutes without input until the curtain",
    ),
    _same(
        "lock_minutes",
        60,
        5,
        60,
        unit=_MIN,
        why="Minutes without input until the full lock",
    ),
)

BY_KEY: Final[Mapping[str, Safeguard]] = MappingProxyType(
    {row.key: row for row in TABLE}
)


def resolve(organisation: Mapping[str, int], own: Mapping[str, int]) -> Values:
    """Settle every safeguard for one reviewer.

    Args:
        organisation: `OrgConfig.safeguards`, from a verified config.
        own: The reviewer's choices. One that is less safe than the organisation
            value has no effect, so a config that tightens never needs them edited.

    Raises:
        VerificationError: CONFIG_BELOW_LIMIT, naming the key: an organisation value
            is beyond the product limit, or beyond the safe end that still works.
            MALFORMED: a key that this version does not know, and so cannot keep.
        RefusedError: INPUT_INVALID: an own choice for an unknown key.
    """
    for key in organisation:
        if key not in BY_KEY:
            raise VerificationError(Code.MALFORMED, f"safeguard {key}")
    for key in own:
        if key not in BY_KEY:
            raise RefusedError(Code.INPUT_INVALID, f"safeguard {key}")
    settled = {
        row.key: _settle(row, organisation.get(row.key), own.get(row.key))
        for row in TABLE
    }
    return Values(**settled)


def organisation_value(row: Safeguard, organisation: Mapping[str, int]) -> int:
    """Return the least safe value that a reviewer may choose for this row."""
    return organisation.get(row.key, row.org_floor)


def _settle(row: Safeguard, organisation: int | None, own: int | None) -> int:
    """Settle one row; see `resolve`."""
    bound = row.org_floor if organisation is None else organisation
    if not row.allows(bound):
        raise VerificationError(
            Code.CONFIG_BELOW_LIMIT, f"{row.key} {bound}, limit {row.product_limit}"
        )
    start = bound if row.default == row.org_floor else row.default
    chosen = start if own is None else own
    if row.is_safer(bound, chosen):
        return bound
    if row.is_safer(chosen, row.org_safest):
        return row.org_safest
    return chosen
