"""Which key does what now: the map of `actions`, a preset, the reviewer's own keys.

Bindings are data over `actions.KEYS`. Esc, the digits, Enter and the arrows stay where
they are. Lock, curtain, key sheet and palette always keep a key, and lock and palette
one that works in text fields and with single keys off, so none of them is ever dead. A
key does one act: what a person sets wins over the preset, the preset over the map.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from reviewer.domain.preferences import DEFAULT, Binding, Hand, Preferences
from reviewer.ui.actions import KEYS, SHEET, Act, Key, Line

FIXED: Final = frozenset(
    {Act.COVER, Act.DIGIT, Act.COMMIT, Act.LEFT, Act.RIGHT, Act.UP, Act.DOWN}
)
"""Acts whose keys nobody changes."""
NEEDED: Final = frozenset({Act.LOCK, Act.CURTAIN, Act.KEY_SHEET, Act.PALETTE})
"""Acts that always have a key."""
_WITHOUT_SINGLE: Final = frozenset({Act.LOCK, Act.PALETTE})
"""Acts that have a key that is none of the single ones."""

_CONTROL: Final = "Ctrl+"
_NAMED: Final[Mapping[str, str]] = {
    "Space": "Space",
    "Page up": "PageUp",
    "Page down": "PageDown",
    "Home": "Home",
    "End": "End",
    "Insert": "Insert",
    "Backspace": "Backspace",
    "+": "Plus",
    "−": "Minus",
    "?": "Question",
    **{f"F{number}": f"F{number}" for number in range(1, 13)},
}
"""Keys with names of their own that a person may bind."""
_SIGNS: Final = frozenset({"Plus", "Minus", "Question"})
_OF_TEXT: Final = frozenset("ACVX")
"""With Ctrl they belong to text fields: all, copy, paste, cut."""

_PRESETS: Final[Mapping[Hand, Mapping[str, tuple[str, ...]]]] = {
    Hand.BOTH: {},
    Hand.LEFT: {
        "next_undecided": ("A",),
        "undo": ("Q", "Ctrl+Z"),
        "keep": ("W",),
        "note": ("F2",),
        "hand_back": ("F3",),
        "play": ("F4",),
        "listen": ("F5",),
        "mark_in": ("F7",),
        "mark_out": ("F8",),
        "next": ("Ctrl+E", "Page down"),
        "previous": ("Ctrl+W", "Page up"),
    },
    Hand.RIGHT: {
        "hold_whole": ("M",),
        "clearer": ("Home",),
        "safer": ("End",),
        "repeat": ("Insert",),
        "severity": ("F9",),
        "second_opinion": ("F10",),
        "escalate": ("F11",),
        "curtain": ("F12", "B"),
        "policy_unclear": ("F7",),
        "threat": ("F5", "T"),
        "minor_possible": ("F8", "C"),
    },
}
"""Acts that are not built are passed over."""


class Refusal(enum.Enum):
    """Why a key cannot be set."""

    FIXED = "fixed"
    TAKEN = "taken"
    UNKNOWN = "unknown"
    NEEDED = "needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What stands against a binding."""

    why: Refusal
    label: str = ""
    act: Act | None = None
    """Who has the key."""


@dataclass(frozen=True, kw_only=True)
class Bindings:
    """The keys that hold, ready to be looked up."""

    keys: tuple[Key, ...]
    single_keys: bool = True
    _by_name: dict[tuple[str, bool], Key] = field(init=False, repr=False)
    _by_letter: dict[tuple[str, bool], Key] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the keys."""
        by_name = {(one.name, one.control): one for one in self.keys if one.name}
        by_letter = {(one.letter, one.control): one for one in self.keys if one.letter}
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_by_letter", by_letter)

    def named(self, name: str, *, control: bool) -> Key | None:
        """Return what a key with a name of its own does."""
        return self._by_name.get((name, control))

    def lettered(self, letter: str, *, control: bool) -> Key | None:
        """Return what a letter does."""
        return self._by_letter.get((letter, control))

    def labels(self, act: Act) -> tuple[str, ...]:
        """Return the keys of an act, as they stand on key caps; maybe none."""
        return tuple(dict.fromkeys(one.label for one in self.keys if one.act is act))

    def shown(self, label: str) -> str:
        """Return what to show where the map says `label`; nothing if it has no key."""
        if label[:1].isdigit():
            return label if self.single_keys else f"{_CONTROL}{label}"
        act = _ACT_OF.get(label)
        if act is None:
            return label
        labels = self.labels(act)
        return label if label in labels else next(iter(labels), "")

    def sheet(self) -> tuple[Line, ...]:
        """Return the lines of the key sheet, with the keys that hold."""
        lines = (replace(line, keys=self._of_line(line.keys)) for line in SHEET)
        return tuple(line for line in lines if line.keys)

    def _of_line(self, keys: Sequence[str]) -> tuple[str, ...]:
        acts = dict.fromkeys(_ACT_OF[key] for key in keys if key in _ACT_OF)
        if all(set(self.labels(act)) == _USUAL[act] for act in acts):
            return tuple(self.shown(key) for key in keys)
        now = [label for act in acts for label in self.labels(act)]
        rest = [self.shown(key) for key in keys if key not in _ACT_OF]
        return tuple(dict.fromkeys([*now, *rest])) if now else ()


def resolved(preferences: Preferences) -> Bindings:
    """Return the bindings of a reviewer; what makes no sense is passed over."""
    own = {one.act: one.keys for one in preferences.bindings}
    layers: tuple[Mapping[str, tuple[str, ...]], ...]
    layers = (own, _PRESETS[preferences.hand], {})
    taken: set[tuple[str, bool]] = set()
    kept: list[Key] = []
    for number, layer in enumerate(layers):
        earlier: set[str] = {name for each in layers[:number] for name in each}
        for act in _acts(layer.keys(), is_rest=number == len(layers) - 1):
            if act.value in earlier:
                continue
            for key in _keys_of(act, layer.get(act.value)):
                place = (key.name or key.letter, key.control)
                if place not in taken:
                    taken.add(place)
                    kept.append(key)
    return _guarded(kept, single_keys=preferences.single_keys)


def bind(
    preferences: Preferences, act: Act, labels: Sequence[str]
) -> Preferences | Refused:
    """Give an act these keys, or say what stands against it.

    Args:
        preferences: What holds now.
        act: Which act.
        labels: As on key caps, such as `F`, `Ctrl+D` or `Page down`; none takes away
            every key.
    """
    refused = _refusal(preferences, act, labels)
    if refused is not None:
        return refused
    others = tuple(one for one in preferences.bindings if one.act != act.value)
    made = Binding(act=act.value, keys=tuple(dict.fromkeys(labels)))
    return msgspec.structs.replace(preferences, bindings=(*others, made))


def as_before(preferences: Preferences, act: Act) -> Preferences | Refused:
    """Give an act the keys of the preset again, unless another act has them now."""
    others = tuple(one for one in preferences.bindings if one.act != act.value)
    without = msgspec.structs.replace(preferences, bindings=others)
    usual = resolved(msgspec.structs.replace(preferences, bindings=())).labels(act)
    for label in usual:
        holder = _holder(resolved(without), label)
        if holder not in {None, act}:
            return Refused(why=Refusal.TAKEN, label=label, act=holder)
    return without


def label_of(name: str, letter: str, *, control: bool) -> str | None:
    """Return the label of a key that may be bound; None for any other."""
    labels = {value: label for label, value in _NAMED.items()}
    plain = letter or labels.get(name, "")
    label = f"{_CONTROL}{plain}" if control else plain
    return label if plain and _parsed(label) is not None else None


def current() -> Bindings:
    """Return the bindings that hold in this window."""
    return _HELD[0]


def use(bindings: Bindings) -> None:
    """Let these bindings hold from now on."""
    _HELD[0] = bindings


def _refusal(
    preferences: Preferences, act: Act, labels: Sequence[str]
) -> Refused | None:
    if act in FIXED:
        return Refused(why=Refusal.FIXED)
    now = resolved(msgspec.structs.replace(preferences, single_keys=True))
    for label in labels:
        if _parsed(label) is None:
            return Refused(why=Refusal.UNKNOWN, label=label)
        holder = _holder(now, label)
        if holder not in {None, act}:
            return Refused(why=Refusal.TAKEN, label=label, act=holder)
    singles = [_is_single(_made(act, label)) for label in labels]
    if act in NEEDED and (not labels or (act in _WITHOUT_SINGLE and all(singles))):
        return Refused(why=Refusal.NEEDED)
    return None


def _acts(names: Iterable[str], *, is_rest: bool) -> list[Act]:
    """Return the acts of a layer; the last one is the whole map."""
    if is_rest:
        return list(dict.fromkeys(key.act for key in KEYS))
    known = {act.value: act for act in Act}
    return [known[name] for name in names if name in known]


def _keys_of(act: Act, labels: Sequence[str] | None) -> list[Key]:
    usual = [key for key in KEYS if key.act is act]
    if labels is None or act in FIXED:
        return usual
    return [_made(act, label) for label in labels if _parsed(label) is not None]


def _made(act: Act, label: str) -> Key:
    name, letter, control = _parsed(label) or ("", "", False)
    types = bool(letter) or name in {"Space", "Backspace", *_SIGNS}
    moves = name in {"Home", "End", "Insert", "PageUp", "PageDown"}
    everywhere = any(key.act is act and key.in_fields for key in KEYS)
    return Key(
        act=act,
        label=label,
        name=name,
        letter=letter,
        control=control,
        in_fields=everywhere and (control or not (types or moves)),
    )


def _parsed(label: str) -> tuple[str, str, bool] | None:
    """Return name, letter and Ctrl of a label, None where it cannot be bound."""
    control = label.startswith(_CONTROL)
    plain = label.removeprefix(_CONTROL)
    if plain in _NAMED:
        return _NAMED[plain], "", control
    is_letter = len(plain) == 1 and "A" <= plain <= "Z"
    if not is_letter or (control and plain in _OF_TEXT):
        return None
    return "", plain, control


def _holder(bindings: Bindings, label: str) -> Act | None:
    name, letter, control = _parsed(label) or ("", "", False)
    held = bindings.named(name, control=control) if name else None
    if letter:
        held = bindings.lettered(letter, control=control)
    return None if held is None else held.act


def _guarded(kept: list[Key], *, single_keys: bool) -> Bindings:
    """Give back what must never be dead, whatever was kept in the vault."""
    for act in NEEDED:
        mine = [key for key in kept if key.act is act]
        fine = [key for key in mine if not _is_single(key)]
        if mine and (fine or act not in _WITHOUT_SINGLE):
            continue
        back = [key for key in KEYS if key.act is act]
        places = {(key.name or key.letter, key.control) for key in back}
        kept = [
            key for key in kept if (key.name or key.letter, key.control) not in places
        ]
        kept += back
    if not single_keys:
        kept = [key for key in kept if not _is_single(key)]
    return Bindings(keys=tuple(kept), single_keys=single_keys)


def _is_single(key: Key) -> bool:
    """Return whether a key is a letter, digit or sign alone (WCAG 2.1.4)."""
    return not key.control and (bool(key.letter) or key.name in _SIGNS)


_ACT_OF: Final[Mapping[str, Act]] = {key.label: key.act for key in KEYS}
_USUAL: Final[Mapping[Act, set[str]]] = {
    key.act: {one.label for one in KEYS if one.act is key.act} for key in KEYS
}
_HELD: Final[list[Bindings]] = [resolved(DEFAULT)]
