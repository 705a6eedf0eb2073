"""The page on which a reviewer sets keys: preset, single keys, one act at a time.

It changes nothing by itself: `changed` gives what was set, for the vault.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QRadioButton

from reviewer.domain.preferences import DEFAULT, Hand, Preferences
from reviewer.ui import tokens
from reviewer.ui.actions import KEYS, Act
from reviewer.ui.bindings import (
    FIXED,
    Refusal,
    Refused,
    as_before,
    bind,
    label_of,
    resolved,
)
from reviewer.ui.building import button, column, label, row
from reviewer.ui.fuzzy import rank
from reviewer.ui.key_router import TAKES_KEYS
from reviewer.ui.keys import key_name, letter_of
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.ask_line import AskLine
from reviewer.ui.widgets.row_list import ListRow, RowList
from reviewer.ui.words import keys as words
from reviewer.ui.words.acts import name_of

_MODIFIERS = frozenset(
    {Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_AltGr,
     Qt.Key.Key_Meta, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock}
)  # fmt: skip


class KeyCatcher(QLabel):
    """Waits for one key, and shows what it asks for."""

    caught = Signal(str)
    """A label; empty where the key cannot be bound."""
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("keyCatcher")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        give_role(self, "soft")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(TAKES_KEYS, True)
        self.hide()

    def ask(self, text: str) -> None:
        """Wait for a key."""
        self.setText(text)
        self.setAccessibleName(text)
        self.show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the key; modifiers alone are the beginning of one."""
        if event.isAutoRepeat() or Qt.Key(event.key()) in _MODIFIERS:
            return
        held = event.modifiers()
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        others = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
        name = key_name(event)
        letter = "" if name else letter_of(event)
        found = None if held & others else label_of(name, letter, control=control)
        self.caught.emit(found or "")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Wait no longer."""
        super().focusOutEvent(event)
        self.left.emit()


class BindingsPage(QFrame):
    """A part of the settings screen."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bindingsPage")
        self.setAccessibleName(words.TITLE)
        self._preferences: Preferences = DEFAULT
        self._acts: list[Act] = []
        self._hands = {hand: QRadioButton(text) for hand, text in words.HANDS.items()}
        self._singles = {
            True: QRadioButton(words.SINGLE_ON),
            False: QRadioButton(words.SINGLE_OFF),
        }
        self.line = AskLine(frozenset(), keeps_tab=False)
        self.line.setObjectName("bindingsLine")
        self.line.setAccessibleName(words.FILTER)
        self.line.setPlaceholderText(words.FILTER_HINT)
        self.list = RowList("bindingsList", words.FILTER)
        self.catcher = KeyCatcher()
        self.said = label(role="muted", name="bindingsSaid")
        self.usual = button(words.USUAL, "bindingUsual", self._as_before)
        self.all_usual = button(
            words.ALL_USUAL, "bindingsAllUsual", self._all_as_before
        )
        self._lay_out()
        self._connect()

    def show_preferences(self, preferences: Preferences) -> None:
        """Show what is set."""
        self._preferences = preferences
        self._hands[preferences.hand].setChecked(True)
        self._singles[preferences.single_keys].setChecked(True)
        self._filter()

    # ----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        outer = column(space=tokens.SPACE_12, parent=self)
        for title, name, buttons in (
            (words.HAND, "hand", list(self._hands.items())),
            (words.SINGLE, "single", list(self._singles.items())),
        ):
            outer.addWidget(label(title, "strong"))
            line, group = row(space=tokens.SPACE_8), QButtonGroup(self)
            for value, each in buttons:
                said = value.value if isinstance(value, Hand) else str(value).lower()
                each.setObjectName(f"{name}-{said}")
                each.setAccessibleName(f"{title}: {each.text()}")
                group.addButton(each)
                line.addWidget(each)
            line.addStretch(1)
            outer.addLayout(line)
        outer.addWidget(self.line)
        outer.addWidget(self.catcher)
        outer.addWidget(self.list, 1)
        self.list.setMinimumHeight(tokens.PALETTE_PX // 2)
        self.said.setMinimumHeight(tokens.TARGET_PX)
        outer.addWidget(self.said)
        under = row(space=tokens.SPACE_8)
        under.addWidget(self.usual)
        under.addWidget(self.all_usual)
        under.addStretch(1)
        outer.addLayout(under)
        outer.addWidget(label(words.ALWAYS_LINE, "small"))

    def _connect(self) -> None:
        for hand, each in self._hands.items():
            each.clicked.connect(lambda _on=False, hand=hand: self._set(hand=hand))
        for single, each in self._singles.items():
            each.clicked.connect(
                lambda _on=False, single=single: self._set(single_keys=single)
            )
        self.line.textChanged.connect(self._filter)
        self.line.moved.connect(self._move)
        self.line.taken.connect(self._ask)
        self.list.doubleClicked.connect(lambda _index: self._ask())
        self.catcher.caught.connect(self._caught)
        self.catcher.left.connect(self.catcher.hide)

    def _set(self, **values: object) -> None:
        self._take(msgspec.structs.replace(self._preferences, **values))

    def _take(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._filter()
        self.changed.emit(preferences)

    def _filter(self, _text: str = "") -> None:
        query, at = self.line.text(), self.list.at
        acts = list(dict.fromkeys(key.act for key in KEYS))
        before = self._acts
        ranked = [(rank(query, name_of(act)), act) for act in acts]
        found = [(-score, act) for score, act in ranked if score is not None]
        if query.strip():
            found.sort(key=lambda each: each[0])
        self._acts = [act for _, act in found]
        self.list.show_rows(len(self._acts), self._row)
        if self._acts == before:
            self.list.go_to(max(0, at))
        self._speak()

    def _row(self, at: int) -> ListRow:
        act = self._acts[at]
        labels = resolved(self._preferences).labels(act)
        mark = words.FIXED_MARK if act in FIXED else ""
        return ListRow(
            title=name_of(act), keys=labels, mark=mark if labels else words.NO_KEY
        )

    def _move(self, by: int) -> None:
        self.list.move(by)
        self._speak()

    def _speak(self) -> None:
        self.line.setAccessibleDescription(self.list.spoken())

    def _act(self) -> Act | None:
        at = self.list.at
        return self._acts[at] if 0 <= at < len(self._acts) else None

    def _ask(self) -> None:
        act = self._act()
        if act in FIXED:
            self.said.setText(words.refused(Refused(why=Refusal.FIXED)))
        elif act is not None:
            self.catcher.ask(words.press(name_of(act)))

    def _caught(self, key: str) -> None:
        act = self._act()
        self.line.setFocus()
        if act is None:
            return
        self._answer(
            bind(self._preferences, act, (key,)), words.set_to(name_of(act), key)
        )

    def _as_before(self) -> None:
        act = self._act()
        if act is not None:
            self._answer(as_before(self._preferences, act), name_of(act))

    def _all_as_before(self) -> None:
        self._set(bindings=())

    def _answer(self, answer: Preferences | Refused, done: str) -> None:
        if isinstance(answer, Refused):
            self.said.setText(words.refused(answer))
        else:
            self.said.setText(done)
            self._take(answer)
