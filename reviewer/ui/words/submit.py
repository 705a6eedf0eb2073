"""Words of what leaves with a submission beside decisions; a zero is not named."""

from __future__ import annotations

from typing import Final

from reviewer.services.submitting import Preview
from reviewer.ui import messages

_ALWAYS: Final = messages.SUBMIT_COUNTS
_BESIDE: Final = (
    "Second opinions asked for",
    "Items on which the policy is unclear",
    "Escalations to the duty officer",
    "Threats to life",
    "Items sealed: a minor may be shown",
    "Items handed over",
    "Items not decided before their date",
)

ROWS_COUNT: Final = len(_ALWAYS) + len(_BESIDE)


def counts(preview: Preview) -> tuple[tuple[str, int], ...]:
    """Return what is counted, in the order in which it is shown."""
    *always, entries = zip(
        _ALWAYS,
        (
            preview.decided,
            preview.handed_back,
            preview.undone,
            preview.opened,
            preview.notes,
            preview.entries,
        ),
        strict=True,
    )
    beside = zip(
        _BESIDE,
        (
            preview.second_opinion,
            preview.policy_unclear,
            preview.escalated,
            preview.threats,
            preview.sealed,
            preview.handed_over,
            preview.expired,
        ),
        strict=True,
    )
    return (*always, *(each for each in beside if each[1]), entries)
