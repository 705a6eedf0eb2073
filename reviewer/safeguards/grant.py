"""The permission to show something clearer than concealed."""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.domain.ids import ItemId, MonoMs
from reviewer.domain.rendition import Extent, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Leave to render one item at one step; made by `safeguards.reveal` alone.

    The parent of the decoders asks for pixels above the concealed ceiling, and for
    any text of an item above severity 2, only with a grant in hand (design.md 2).
    """

    item_id: ItemId
    step: Step
    extent: Extent
    given_at: MonoMs
