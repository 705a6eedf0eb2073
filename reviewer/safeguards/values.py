"""Every safeguard value, once, and how organisation and reviewer settle it.

The rows are in `table_looks` and `table_limits`; `rows` says what a row means. None
of these numbers is a clinical threshold: clinicians and counsel have the last word.
docs/SAFEGUARDS.md is written from this table by `reviewer.safeguards.report`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from reviewer.errors import Code, RefusedError, VerificationError
from reviewer.safeguards.rows import Safeguard
from reviewer.safeguards.table_limits import LIMITS
from reviewer.safeguards.table_looks import LOOKS

TABLE: Final[tuple[Safeguard, ...]] = (*LOOKS, *LIMITS)


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
    break_severe_minutes: int
    block_minutes: int
    block_calm_items: int
    severe_views_day: int
    worst_views_day: int
    unrated_views_day: int
    severe_seconds_day: int
    active_minutes_day: int
    active_minutes_week: int
    idle_minutes: int
    lock_minutes: int
    ramp_day_1_percent: int
    ramp_day_2_percent: int
    ramp_day_3_percent: int
    ramp_day_4_percent: int
    ramp_day_5_percent: int
    run_items: int
    severe_per_benign: int
    edge_first_minutes: int
    edge_last_minutes: int
    closure_items: int
    cooldown_items: int
    cooldown_pause_minutes: int
    cooldown_tag_minutes: int
    graphic_free_every_days: int
    day_rest_minutes: int
    day_least_minutes: int
    lost_percent: int
    history_days: int


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
