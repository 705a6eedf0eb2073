"""What a reviewer has set for themselves; kept in their vault, and never sent.

None of it loosens a safeguard: the values of concealing, caps and breaks go through
`safeguards.values.resolve`, where only the safer side has an effect.
"""

from __future__ import annotations

import enum

import msgspec

from reviewer.domain.item import Wire

LEAST_SCALE_PERCENT = 80
MOST_SCALE_PERCENT = 200
MOST_BINDINGS = 200
MOST_SAFEGUARDS = 100


class Hand(enum.StrEnum):
    """Which hand is on the keyboard: a preset of keys."""

    BOTH = "both"
    RIGHT = "right"
    LEFT = "left"


class Look(enum.StrEnum):
    """Light or dark."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Binding(Wire, frozen=True, kw_only=True):
    """The keys that one act has instead of those of the preset."""

    act: str
    """A value of `ui.actions.Act`; one that a version does not know is passed over."""
    keys: tuple[str, ...]
    """As written on a key sheet: `F`, `Space`, `Ctrl+Z`. Empty: no key."""


class OwnSafeguard(Wire, frozen=True, kw_only=True):
    """A safeguard that this reviewer wants safer than the organisation does."""

    key: str
    """Of `safeguards.values.TABLE`; one that a version does not know is passed over."""
    value: int


class Preferences(Wire, frozen=True, kw_only=True):
    """Everything that a reviewer has set; the defaults are a new profile's."""

    hand: Hand = Hand.BOTH
    bindings: tuple[Binding, ...] = ()
    single_keys: bool = True
    """Letters and digits act without Ctrl (WCAG 2.1.4)."""
    toggle: bool = False
    """A press reveals and conceals by itself, instead of holding."""
    concealed_px: int | None = None
    """None follows the organisation; only a safer value has an effect."""
    concealed_grey: bool = True
    safeguards: tuple[OwnSafeguard, ...] = ()
    """Fewer views, earlier breaks, shorter days; only a safer value has an effect."""
    look: Look = Look.SYSTEM
    text_scale_percent: int = 100


DEFAULT = Preferences()


def decoded(data: bytes) -> Preferences | None:
    """Return kept preferences, or None where they are not ones of ours."""
    try:
        found = msgspec.json.decode(data, type=Preferences)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    is_sound = (
        LEAST_SCALE_PERCENT <= found.text_scale_percent <= MOST_SCALE_PERCENT
        and len(found.bindings) <= MOST_BINDINGS
        and len(found.safeguards) <= MOST_SAFEGUARDS
    )
    return found if is_sound else None


def own_safeguards(preferences: Preferences) -> dict[str, int]:
    """Return the reviewer's side of `safeguards.values.resolve`."""
    own = {each.key: each.value for each in preferences.safeguards}
    own["concealed_grey"] = int(preferences.concealed_grey)
    if preferences.concealed_px is not None:
        own["concealed_px"] = preferences.concealed_px
    return own
