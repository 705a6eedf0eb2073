"""What a severity asks for: one place for every rule that depends on it.

Severity is graphicness, 0 to 5. Unrated is a value of its own, not a 4: it opens
concealed, but at the stronger level, and a stuck key ends as early as for a 4
(review-loop.md, *Reveal*).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reviewer.domain.rendition import Step
from reviewer.safeguards.values import Values

SEVERE_FROM: Final = 4
MILD_TO: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The safeguards of one item, settled when it opens."""

    opens_covered: bool
    first_step: Step
    intent_ms: int
    second_look_ms: int
    hold_end_ms: int
    toggle_ms: int
    toggle_total_ms: int
    concealed_px: int
    """Long side of the concealed rendition."""
    is_grey: bool
    """Whether the concealed rendition is grey."""
    view_px: int
    """Widest that the media may be drawn; text and documents use the stage."""
    text_opens: bool
    """Item text is readable without an action."""
    storyboard_first: bool
    """The sheet of a clip comes first; below, one key skips it."""


def rating(severity: int | None, *, assumed: int | None, own: int | None) -> int | None:
    """Return the severity to go by: the reviewer's, the signed one, the assumed one.

    None is unrated: nobody has said anything that could be gone by.
    """
    if own is not None:
        return own
    return assumed if severity is None else severity


def measure(severity: int | None, values: Values) -> Measures:
    """Settle what holds for an item of this severity (None: unrated).

    Whatever an organisation sets, a severe item is never less guarded than a mild one.
    """
    is_severe = severity is not None and severity >= SEVERE_FROM
    is_mild = severity is not None and severity <= MILD_TO
    intent_ms, toggle_ms, hold_end_ms = (
        values.intent_ms,
        values.toggle_ms,
        values.hold_end_ms,
    )
    if is_severe:
        intent_ms = max(intent_ms, values.intent_severe_ms)
        toggle_ms = min(toggle_ms, values.toggle_severe_ms)
    if is_severe or severity is None:
        hold_end_ms = min(hold_end_ms, values.hold_end_severe_ms)
    return Measures(
        opens_covered=is_severe,
        first_step=Step.GREY if is_mild else Step.SOFTENED,
        intent_ms=intent_ms,
        second_look_ms=values.second_look_ms,
        hold_end_ms=hold_end_ms,
        toggle_ms=toggle_ms,
        toggle_total_ms=values.toggle_total_ms,
        concealed_px=concealed_px(severity, values),
        is_grey=severity is None or values.concealed_grey == 1,
        view_px=_view_px(severity, values),
        text_opens=is_mild,
        storyboard_first=not is_mild,
    )


def concealed_px(severity: int | None, values: Values) -> int:
    """Return the long side of the concealed rendition; unrated is never clearer."""
    if severity is None:
        return min(values.unrated_px, values.concealed_px)
    return values.concealed_px


def lens_px(shorter_side_px: int, values: Values) -> int:
    """Return the lens diameter for media drawn with this shorter side."""
    wanted = shorter_side_px * values.lens_permille // 1000
    return max(values.lens_least_px, wanted)


def _view_px(severity: int | None, values: Values) -> int:
    """Return the widest view by severity; more graphic is never wider."""
    if severity is None:
        return min(values.view_unrated_px, values.view_mild_px)
    widths = [values.view_mild_px]
    if severity > MILD_TO:
        widths.append(values.view_px)
    if severity >= SEVERE_FROM:
        widths.append(values.view_severe_px)
    return min(widths)
