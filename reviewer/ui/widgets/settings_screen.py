"""Settings: the reviewer's own, each only to the safer side of the organisation's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QRadioButton,
    QVBoxLayout,
)

from reviewer.domain.preferences import Hand, Look, Preferences
from reviewer.ui import tokens
from reviewer.ui.building import button, label, row
from reviewer.ui.icons import Icon
from reviewer.ui.widgets.page import Page
from reviewer.ui.widgets.pin_form import PinForm
from reviewer.ui.words import day as words
from reviewer.ui.words.day import points

STRENGTHS_PX: Final = (12, 14, 16, 20, 24, 32, 40, 48)
"""What is offered, where the organisation allows it."""
SCALES_PERCENT: Final = (100, 125, 150, 200)
"""Sizes of text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the organisation holds fixed."""

    most_px: int
    """The least concealed that a person may choose."""
    grey_fixed: bool
    """Concealed pictures are grey, whatever a person would choose."""


class SettingsScreen(Page):
    """Every change holds at once; nothing to save."""

    changed = Signal(object)
    """The preferences as they are wanted now."""
    keys_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("settings", words.SETTINGS)
        self._held = Preferences()
        self._bounds = Bounds(most_px=STRENGTHS_PX[-1], grey_fixed=False)
        self._filling = False
        self._looks = self._choices(
            words.THEME, "look", [(one.value, words.THEMES[one.value]) for one in Look]
        )
        self._looks.idClicked.connect(lambda at: self._put(look=tuple(Look)[at]))
        self._sizes = self._choices(
            words.TEXT_SIZE,
            "text",
            [(str(one), words.percent(one)) for one in SCALES_PERCENT],
        )
        self._sizes.idClicked.connect(
            lambda at: self._put(text_scale_percent=SCALES_PERCENT[at])
        )
        self._strength_frame, self._strength_box = self.card(words.CONCEALING)
        self._strength_box.addWidget(label(words.CONCEALING_LINE, "small"))
        self._most = label(role="small", name="settings-most")
        self._strength_box.addWidget(self._most)
        self._strengths: QButtonGroup | None = None
        self._strength_row: QFrame | None = None
        self._grey = self._check(
            self._strength_box, "grey", words.GREY, lambda on: {"concealed_grey": on}
        )
        self._grey_set = label(words.GREY_SET, "small", name="settings-greySet")
        self._strength_box.addWidget(self._grey_set)
        _, keys = self.card()
        self._toggle = self._check(
            keys, "toggle", words.TOGGLE, lambda on: {"toggle": on}
        )
        keys.addWidget(label(words.TOGGLE_LINE, "small"))
        self._single = self._check(
            keys, "singleKeys", words.SINGLE_KEYS, lambda on: {"single_keys": on}
        )
        self._hands = self._choices(
            words.HAND, "hand", [(one.value, words.HANDS[one.value]) for one in Hand]
        )
        self._hands.idClicked.connect(lambda at: self._put(hand=tuple(Hand)[at]))
        self.keys = button(
            words.KEYS, "settingsKeys", self.keys_wanted.emit, icon=Icon.KEYBOARD
        )
        keys.addWidget(self.keys)
        self.keys.hide()
        self.pin = PinForm()
        self.body.addWidget(self.pin)

    def offer_keys(self) -> None:
        """Show the way to the page of bindings."""
        self.keys.show()

    def fill(self, preferences: Preferences, bounds: Bounds) -> None:
        """Show what holds."""
        self._filling = True
        self._held, self._bounds = preferences, bounds
        _check_at(self._looks, tuple(Look).index(preferences.look))
        _check_at(self._hands, tuple(Hand).index(preferences.hand))
        size = preferences.text_scale_percent
        if size in SCALES_PERCENT:
            _check_at(self._sizes, SCALES_PERCENT.index(size))
        self._fill_strengths()
        self._grey.setChecked(bounds.grey_fixed or preferences.concealed_grey)
        self._grey.setEnabled(not bounds.grey_fixed)
        self._grey_set.setVisible(bounds.grey_fixed)
        self._most.setText(words.most(bounds.most_px))
        self._toggle.setChecked(preferences.toggle)
        self._single.setChecked(preferences.single_keys)
        self._filling = False

    def start(self) -> None:
        """Begin at the top."""
        self.back.setFocus()

    # ----------------------------------------------------------------------------

    def _choices(
        self, title: str, name: str, choices: list[tuple[str, str]]
    ) -> QButtonGroup:
        _, inner = self.card(title)
        group, line = QButtonGroup(self), row()
        for index, (value, text) in enumerate(choices):
            one = _radio(f"settings-{name}-{value}", text)
            group.addButton(one, index)
            line.addWidget(one)
        line.addStretch(1)
        inner.addLayout(line)
        return group

    def _fill_strengths(self) -> None:
        if self._strength_row is not None:
            self._strength_row.hide()
            self._strength_row.deleteLater()
        offered = [one for one in STRENGTHS_PX if one <= self._bounds.most_px]
        frame, group = QFrame(), QButtonGroup(self)
        line = row(space=tokens.SPACE_4, parent=frame)
        for index, value in enumerate((None, *offered)):
            text = words.AS_ORGANISATION if value is None else str(value)
            one = _radio(f"settings-strength-{value or 'set'}", text)
            one.setAccessibleName(text if value is None else points(value))
            one.setChecked(value == self._held.concealed_px)
            group.addButton(one, index)
            line.addWidget(one)
        line.addStretch(1)
        chosen = (None, *offered)
        group.idClicked.connect(lambda at: self._put(concealed_px=chosen[at]))
        self._strength_box.insertWidget(3, frame)
        self._strengths, self._strength_row = group, frame

    def _check(
        self,
        inner: QVBoxLayout,
        name: str,
        text: str,
        field: Callable[[bool], dict[str, bool]],
    ) -> QCheckBox:
        box = QCheckBox(text)
        box.setObjectName(f"settings-{name}")
        box.setAccessibleName(text)
        box.toggled.connect(lambda on: self._put(**field(on)))
        inner.addWidget(box)
        return box

    def _put(self, **fields: object) -> None:
        if self._filling:
            return
        self._held = msgspec.structs.replace(self._held, **fields)
        self.changed.emit(self._held)


def _radio(name: str, text: str) -> QRadioButton:
    choice = QRadioButton(text)
    choice.setObjectName(name)
    choice.setAccessibleName(text)
    return choice


def _check_at(group: QButtonGroup, index: int) -> None:
    button_at = group.button(index)
    if button_at is not None:
        button_at.setChecked(True)
