"""What a person has set for an item and not yet committed. Plain values, no Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reviewer.domain.ids import ItemId
from reviewer.errors import Code
from reviewer.safeguards.basis import Looks
from reviewer.services import drafting
from reviewer.services.drafting import Draft
from reviewer.services.flagging import ThreatForm


@dataclass(slots=True)
class Fields:
    """What the person has set for an item so far; kept while the batch is open."""

    draft: Draft
    note: str
    looks: Looks
    threat: ThreatForm = field(default_factory=ThreatForm)
    """What was typed of a threat to life; no decision sends it."""


Lost = Callable[[ItemId, Fields | None, Code], None]
"""Told of an act that failed when its batch was no longer on the screen, with the
fields of a commit, which are kept until the batch is opened again."""


def no_fields() -> Fields:
    """Return what stands for an item that nothing was set for."""
    return Fields(draft=drafting.start(), note="", looks=Looks())
