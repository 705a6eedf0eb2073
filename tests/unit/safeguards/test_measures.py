"""What each severity asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.rendition import Step
from reviewer.safeguards.measures import (
    Measures,
    concealed_px,
    lens_px,
    measure,
    rating,
)
from reviewer.safeguards.values import resolve
from tests.unit.safeguards.test_values import CONFIGS

VALUES = resolve({}, {})


@pytest.mark.parametrize(
    ("severity", "assumed", "own", "expected"),
    [
        (None, None, None, None),
        (None, 3, None, 3),
        (2, 5, None, 2),
        (2, 5, 4, 4),
        (None, None, 0, 0),
        (0, 4, None, 0),
        (5, None, 1, 1),
    ],
)
def test_rating_goes_by_the_reviewer_then_the_packer_then_the_assumption(
    severity: int | None, assumed: int | None, own: int | None, expected: int | None
) -> None:
    """Severity 0 is a rating like any other; None is unrated."""
    assert rating(severity, assumed=assumed, own=own) == expected


@pytest.mark.parametrize(
    ("severity", "covered", "step", "intent", "hold_end", "toggle", "view"),
    [
        (0, False, Step.GREY, 150, 60_000, 15_000, 960),
        (1, False, Step.GREY, 150, 60_000, 15_000, 960),
        (2, False, Step.GREY, 150, 60_000, 15_000, 960),
        (3, False, Step.SOFTENED, 150, 60_000, 15_000, 640),
        (4, True, Step.SOFTENED, 300, 20_000, 5_000, 480),
        (5, True, Step.SOFTENED, 300, 20_000, 5_000, 480),
        (None, False, Step.SOFTENED, 150, 20_000, 15_000, 640),
    ],
)
def test_the_rules_by_severity(
    *,
    severity: int | None,
    covered: bool,
    step: Step,
    intent: int,
    hold_end: int,
    toggle: int,
    view: int,
) -> None:
    """review-loop.md, Reveal, as a table."""
    found = measure(severity, VALUES)
    assert found.opens_covered is covered
    assert found.first_step is step
    assert found.intent_ms == intent
    assert found.hold_end_ms == hold_end
    assert found.toggle_ms == toggle
    assert found.view_px == view


def test_unrated_is_its_own_value() -> None:
    """Concealed at the stronger level, grey whatever the organisation says."""
    coloured = resolve({"concealed_grey": 0}, {})
    assert measure(None, coloured).is_grey
    assert not measure(3, coloured).is_grey
    assert measure(None, VALUES).concealed_px == 12
    assert measure(3, VALUES).concealed_px == 16
    stronger = resolve({"concealed_px": 12, "unrated_px": 24}, {})
    assert concealed_px(None, stronger) == 12


@pytest.mark.parametrize(
    ("severity", "opens"),
    [(0, True), (2, True), (3, False), (5, False), (None, False)],
)
def test_text_opens_and_the_storyboard_is_skipped_up_to_severity_two(
    *,
    severity: int | None,
    opens: bool,
) -> None:
    """Above severity 2, and unrated, text is one line and the sheet comes first."""
    found = measure(severity, VALUES)
    assert found.text_opens is opens
    assert found.storyboard_first is not opens


def safety(found: Measures) -> tuple[int, ...]:
    """Return numbers of which more is safer."""
    return (
        int(found.opens_covered),
        -int(found.first_step),
        found.intent_ms,
        -found.hold_end_ms,
        -found.toggle_ms,
        -found.view_px,
    )


@given(organisation=CONFIGS, severity=st.integers(min_value=0, max_value=4))
def test_more_graphic_is_never_less_guarded(
    organisation: dict[str, int], severity: int
) -> None:
    """Whatever an organisation sets, safety rises with severity."""
    values = resolve(organisation, {})
    milder = safety(measure(severity, values))
    graver = safety(measure(severity + 1, values))
    assert all(more >= less for more, less in zip(graver, milder, strict=True))


def test_the_lens_is_a_part_of_the_shorter_side_but_not_tiny() -> None:
    """0.35 of the shorter side, at least 160 px."""
    assert lens_px(1_000, VALUES) == 350
    assert lens_px(300, VALUES) == 160
