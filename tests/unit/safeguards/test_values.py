"""The three zones of value: default, organisation value, product limit."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reviewer
from reviewer.domain.rendition import CONCEALED_CEILING_PX
from reviewer.errors import Code, RefusedError, VerificationError
from reviewer.safeguards.rows import Force, Safeguard
from reviewer.safeguards.values import (
    BY_KEY,
    TABLE,
    Values,
    organisation_value,
    resolve,
)

ROWS = st.sampled_from(TABLE)
ANY_VALUE = st.integers(min_value=-10, max_value=100_000)


def allowed(row: Safeguard) -> st.SearchStrategy[int]:
    ends = sorted((row.org_safest, row.product_limit))
    return st.integers(min_value=ends[0], max_value=ends[1])


CONFIGS = st.fixed_dictionaries({}, optional={row.key: allowed(row) for row in TABLE})
CHOICES = st.fixed_dictionaries({}, optional={row.key: ANY_VALUE for row in TABLE})


def value(values: Values, row: Safeguard) -> int:
    found = getattr(values, row.key)
    assert isinstance(found, int)
    return found


def test_the_table_and_the_values_name_the_same_keys_in_the_same_order() -> None:
    """A row without a field, or a field without a row, would be a dead value."""
    fields = [field.name for field in dataclasses.fields(Values)]
    assert [row.key for row in TABLE] == fields
    assert len(BY_KEY) == len(TABLE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.key)
def test_no_row_is_dead(row: Safeguard) -> None:
    """Something in the program goes by every value."""
    room = Path(reviewer.__file__).parent
    sources = (path.read_text(encoding="utf-8") for path in room.rglob("*.py"))
    assert any(f".{row.key}" in source for source in sources)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.key)
def test_every_row_is_in_order(row: Safeguard) -> None:
    """Safest, default, organisation value, product limit never go backwards."""
    places = [row.org_safest, row.default, row.org_floor, row.product_limit]
    rising = row.org_safest < row.product_limit
    assert places == sorted(places, reverse=not rising)
    assert row.org_safest != row.product_limit
    assert row.reason
    assert row.source


def test_the_defaults_are_those_of_the_review_loop() -> None:
    """review-loop.md, Reveal and Limits, number by number."""
    values = resolve({}, {})
    assert (values.intent_ms, values.intent_severe_ms) == (150, 300)
    assert values.second_look_ms == 10_000
    assert (values.toggle_severe_ms, values.toggle_ms) == (5_000, 15_000)
    assert values.toggle_total_ms == 60_000
    assert (values.hold_end_severe_ms, values.hold_end_ms) == (20_000, 60_000)
    assert (values.concealed_px, values.unrated_px, values.concealed_grey) == (
        16,
        12,
        1,
    )
    assert (values.view_severe_px, values.view_px, values.view_mild_px) == (
        480,
        640,
        960,
    )
    assert (values.view_unrated_px, values.lens_permille) == (640, 350)
    assert values.lens_least_px == 160
    assert (values.break_due_minutes, values.break_hard_minutes) == (50, 60)
    assert (values.break_length_minutes, values.idle_minutes) == (10, 5)
    assert values.lock_minutes == 60


def test_the_defaults_are_those_of_the_limits() -> None:
    """review-loop.md, Limits, and wellbeing.md 2, with the floors that they name."""
    expected = {
        "severe_views_day": (30, 60),
        "worst_views_day": (8, 16),
        "unrated_views_day": (120, 240),
        "severe_seconds_day": (1_200, 2_400),
        "active_minutes_day": (240, 360),
        "active_minutes_week": (1_200, 1_800),
        "break_due_minutes": (50, 60),
        "break_hard_minutes": (60, 75),
        "break_length_minutes": (10, 5),
        "break_severe_minutes": (15, 10),
        "block_minutes": (25, 40),
        "block_calm_items": (10, 10),
        "run_items": (3, 5),
        "severe_per_benign": (2, 4),
        "edge_first_minutes": (10, 10),
        "edge_last_minutes": (30, 30),
        "closure_items": (5, 5),
        "cooldown_items": (5, 5),
        "cooldown_pause_minutes": (5, 5),
        "cooldown_tag_minutes": (60, 60),
        "graphic_free_every_days": (5, 10),
        "ramp_day_1_percent": (25, 25),
        "ramp_day_2_percent": (25, 25),
        "ramp_day_3_percent": (50, 50),
        "ramp_day_4_percent": (50, 50),
        "ramp_day_5_percent": (75, 75),
        "lost_percent": (50, 50),
        "history_days": (30, 30),
    }
    found = {key: (BY_KEY[key].default, BY_KEY[key].product_limit) for key in expected}
    assert found == expected


def test_binding_and_choosing_are_told_apart() -> None:
    """Binding: caps, breaks, blocks. Choosing only: what is offered next."""
    choosing = {row.key for row in TABLE if row.force is Force.CHOOSING}
    assert choosing == {
        "run_items",
        "severe_per_benign",
        "edge_first_minutes",
        "edge_last_minutes",
        "closure_items",
        "cooldown_items",
        "cooldown_pause_minutes",
        "cooldown_tag_minutes",
        "graphic_free_every_days",
    }
    binding = {row.key for row in TABLE if row.force is Force.BINDING}
    assert {key for key in BY_KEY if key.endswith(("_day", "_week"))} <= binding
    assert {key for key in BY_KEY if key.startswith(("break_", "block_"))} <= binding


def test_the_concealed_limit_is_what_the_decoder_enforces() -> None:
    """One number, stated in the domain, bounds both the config and the pixels."""
    assert BY_KEY["concealed_px"].product_limit == CONCEALED_CEILING_PX


def test_the_slider_goes_to_the_ceiling_and_no_further() -> None:
    """Concealed starts at 16 and may go to 24, or where the organisation says."""
    assert resolve({}, {"concealed_px": 24}).concealed_px == 24
    assert resolve({}, {"concealed_px": 25}).concealed_px == 24
    assert resolve({}, {"concealed_px": 3}).concealed_px == 12
    assert resolve({"concealed_px": 40}, {}).concealed_px == 16
    assert resolve({"concealed_px": 40}, {"concealed_px": 40}).concealed_px == 40
    assert resolve({"concealed_px": 14}, {}).concealed_px == 14


def test_where_less_is_less_safe_the_sides_are_turned_round() -> None:
    """A longer break is safer; the own choice may only lengthen it."""
    assert resolve({}, {"break_length_minutes": 5}).break_length_minutes == 10
    assert resolve({}, {"break_length_minutes": 15}).break_length_minutes == 15
    assert resolve({"break_length_minutes": 5}, {}).break_length_minutes == 5


@given(row=ROWS, wanted=ANY_VALUE)
def test_no_organisation_value_passes_a_product_limit(
    row: Safeguard, wanted: int
) -> None:
    """A config outside the zone is refused, and the refusal names the key."""
    if row.allows(wanted):
        assert not row.is_safer(
            row.product_limit, value(resolve({row.key: wanted}, {}), row)
        )
        return
    with pytest.raises(VerificationError) as caught:
        resolve({row.key: wanted}, {})
    assert caught.value.code is Code.CONFIG_BELOW_LIMIT
    assert caught.value.detail.startswith(f"{row.key} ")


@given(organisation=CONFIGS, own=CHOICES)
def test_no_own_choice_passes_the_organisation_value(
    organisation: dict[str, int], own: dict[str, int]
) -> None:
    """Whatever a reviewer sets, nothing gets less safe than the organisation says."""
    values = resolve(organisation, own)
    for row in TABLE:
        bound = organisation_value(row, organisation)
        assert not row.is_safer(bound, value(values, row))
        assert not row.is_safer(value(values, row), row.org_safest)


@given(organisation=CONFIGS, row=ROWS)
def test_a_safer_own_choice_holds(organisation: dict[str, int], row: Safeguard) -> None:
    """The safe end can always be chosen."""
    values = resolve(organisation, {row.key: row.org_safest})
    assert value(values, row) == row.org_safest


def test_an_unknown_key_is_refused_by_name() -> None:
    """A safeguard that this version cannot keep is never dropped in silence."""
    with pytest.raises(VerificationError) as config:
        resolve({"caps_that_do_not_exist": 1}, {})
    assert config.value.code is Code.MALFORMED
    assert "caps_that_do_not_exist" in config.value.detail
    with pytest.raises(RefusedError) as own:
        resolve({}, {"caps_that_do_not_exist": 1})
    assert own.value.code is Code.INPUT_INVALID
