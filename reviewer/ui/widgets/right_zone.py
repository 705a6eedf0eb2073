"""The right zone: the lit group of options, the note, one primary button."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from reviewer.errors import Code
from reviewer.ui import messages, tokens
from reviewer.ui.building import button, column, label, row, scrolled
from reviewer.ui.icons import Icon
from reviewer.ui.styling import give_role, is_large, scaled
from reviewer.ui.widgets.choice_row import ChoiceRow
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.words import limits as words

ROWS_COUNT = 10
NOTE_CHARACTERS = 2_000
_FOCUS_EVENTS = frozenset({QEvent.Type.FocusIn, QEvent.Type.FocusOut})


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of the lit group."""

    digit: int
    label: str
    help: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RightView:
    """What the right zone shows."""

    title: str
    trail: str
    """What was chosen so far, in words; empty at the first group."""
    options: tuple[Option, ...]
    primary: str
    can_go: bool
    wants: str
    """What the primary button waits for; empty if for nothing."""
    standing: str
    can_write: bool


class RightZone(QFrame):
    """The decision. Everything in it comes from the policy pack."""

    chosen = Signal(int)
    committed = Signal()
    handed_back = Signal()
    undone = Signal()
    finished = Signal()
    hand_over_wanted = Signal()
    focus_lost = Signal()
    """What had the focus goes away; it belongs on the stage."""

    _offer: QWidget | None = None
    _quiet: QWidget | None = None

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rightZone")
        self.setAccessibleName(messages.DECISION)
        self._composed = ""
        """What an input method has not yet put into the note."""
        self._panel: QWidget | None = None
        self._standing = label(role="soft", name="standing")
        self._title = label(role="heading", name="groupTitle")
        self._trail = label(role="muted", name="trail")
        self.rows = [ChoiceRow() for _ in range(ROWS_COUNT)]
        self._wants = label(role="muted", name="wants")
        self.primary = button(
            messages.COMMIT, "commit", self.committed.emit, role="primary"
        )
        self.error = ErrorPanel("reviewError")
        self.note = QPlainTextEdit()
        self._build_note()
        self.hand_back = button(
            f"{messages.HAND_BACK}  H",
            "handBack",
            self.handed_back.emit,
            role="quiet",
            icon=Icon.HAND_BACK,
        )
        self.undo = button(
            "Undo  U", "undo", self.undone.emit, role="quiet", icon=Icon.UNDO
        )
        self._finished = QFrame()
        give_role(self._finished, "group")
        done = column(
            space=tokens.SPACE_8, margin=tokens.SPACE_12, parent=self._finished
        )
        done.addWidget(label(messages.ALL_DONE, "strong"))
        to_submit = button(
            messages.SUBMIT, "finishedSubmit", self.finished.emit, icon=Icon.SEND
        )
        to_submit.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        done.addWidget(to_submit)
        self._rest_left = self._offer_to_hand_over()
        self._last = label(role="small", name="lastAct")
        self._last.setFixedHeight(scaled(tokens.SPACE_32 + tokens.SPACE_4))
        self._last.setAlignment(Qt.AlignmentFlag.AlignTop)
        for each in (self.primary, self.hand_back, self.undo):
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()

    def fill(self, view: RightView) -> None:
        """Show the lit group."""
        self._title.setText(view.title)
        self._trail.setText(view.trail)
        self._trail.setVisible(bool(view.trail))
        self._standing.setText(view.standing)
        self._standing.setVisible(bool(view.standing))
        for index, choice in enumerate(self.rows):
            shown = index < len(view.options)
            choice.setVisible(shown)
            if shown:
                option = view.options[index]
                choice.fill(
                    option.digit, option.label, option.help, chosen=option.chosen
                )
                choice.setEnabled(view.can_write)
        self.primary.setText(view.primary)
        self.primary.setEnabled(view.can_go and view.can_write)
        self._wants.setText(view.wants)
        self._wants.setVisible(bool(view.wants))
        self.hand_back.setEnabled(view.can_write)

    def show_panel(self, panel: QWidget | None) -> None:
        """Show a part's own panel, under its own title, above the lit group."""
        before, self._panel = self._panel, panel
        if before is not None and before is not panel:
            self._head.removeWidget(before)
            before.hide()
        if panel is not None and before is not panel:
            self._head.insertWidget(0, panel)
            panel.show()

    def show_offer(self, offer: QWidget | None) -> None:
        """Show what a part offers above the note; None takes it away."""
        before, self._offer = self._offer, offer
        if before is not None and before is not offer:
            self._foot_column.removeWidget(before)
            before.hide()
        if offer is not None and before is not offer:
            self._foot_column.insertWidget(0, offer)
            offer.show()

    def show_quiet(self, line: QWidget | None) -> None:
        """Say one thing quietly above the note; None takes it away."""
        before, self._quiet = self._quiet, line
        if before is not None and before is not line:
            if before.isAncestorOf(QApplication.focusWidget() or self):
                self.focus_lost.emit()
            self._foot_column.removeWidget(before)
            before.hide()
        if line is not None and before is not line:
            self._foot_column.insertWidget(0, line)
            line.show()

    def show_finished(self, *, finished: bool) -> None:
        """Offer to submit once nothing is left open."""
        self._finished.setVisible(finished)

    def show_rest_left(self, *, shown: bool) -> None:
        """Offer to hand over what the person opted out of."""
        self._rest_left.setVisible(shown)

    def say_last(self, words: str) -> None:
        """Name the last act, so that it can be taken back."""
        self._last.setText(words)

    def show_error(self, code: Code) -> None:
        """Explain what went wrong with the last act."""
        self.error.show_code(code)

    def note_text(self) -> str:
        """Return the note, empty if there is none."""
        return self.note.toPlainText().strip()

    @property
    def is_composing(self) -> bool:
        """Return whether an input method is in the middle of a word of the note."""
        return bool(self._composed)

    def keep_composed(self) -> None:
        """Put a word that is being composed into the note as it is, for Esc."""
        if self._composed:
            event = QInputMethodEvent()
            event.setCommitString(self._composed)
            QGuiApplication.inputMethod().reset()
            QGuiApplication.sendEvent(self.note, event)

    def set_note(self, text: str) -> None:
        """Put a note back, or none for the next item."""
        if self.note.toPlainText() != text:
            self.note.setPlainText(text)
            self._fit_note(writing=self.note.hasFocus())
        self.note.document().clearUndoRedoStacks()  # words of the item before

    def clear(self) -> None:
        """Hold nothing of an item."""
        self.set_note("")
        self.error.clear()
        self._trail.clear()
        self._standing.clear()
        self._last.clear()
        self.show_panel(None)
        self.show_offer(None)
        self.show_quiet(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Make room for the note while it is written; see an input method at work."""
        if watched is self.note and isinstance(event, QInputMethodEvent):
            self._composed = event.preeditString()
        if watched is self.note and event.type() in _FOCUS_EVENTS:
            self._fit_note(writing=event.type() == QEvent.Type.FocusIn)
        return False

    def _fit_note(self, *, writing: bool) -> None:
        tall = writing or bool(self.note_text())
        self.note.setFixedHeight(scaled(tokens.NOTE_PX if tall else tokens.NOTE_LOW_PX))

    def _offer_to_hand_over(self) -> QFrame:
        group = QFrame()
        give_role(group, "group")
        inner = column(space=tokens.SPACE_8, margin=tokens.SPACE_12, parent=group)
        inner.addWidget(label(words.NOTHING_LEFT, "strong"))
        give = button(words.HAND_OVER, "handOverRest", self.hand_over_wanted.emit)
        give.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        inner.addWidget(give)
        group.hide()
        return group

    def _build_note(self) -> None:
        self.note.setObjectName("note")
        self.note.setAccessibleName(messages.NOTE)
        self.note.setPlaceholderText(messages.NOTE_HINT)
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(scaled(tokens.NOTE_LOW_PX))
        self.note.installEventFilter(self)
        self.note.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.note.setUndoRedoEnabled(True)
        self.note.textChanged.connect(self._limit_note)

    def _limit_note(self) -> None:
        text = self.note.toPlainText()
        if len(text) > NOTE_CHARACTERS:
            cursor = self.note.textCursor()
            self.note.setPlainText(text[:NOTE_CHARACTERS])
            cursor.movePosition(cursor.MoveOperation.End)
            self.note.setTextCursor(cursor)

    def _lay_out(self) -> None:
        content = QWidget()
        inner = column(space=tokens.SPACE_4, margin=0, parent=content)
        side = tokens.SPACE_16 - tokens.SPACE_8
        inner.setContentsMargins(side, tokens.SPACE_16, side, tokens.SPACE_8)
        head = column(space=tokens.SPACE_4)
        head.setContentsMargins(tokens.SPACE_8, 0, tokens.SPACE_8, tokens.SPACE_4)
        for each in (self._standing, self._title, self._trail):
            head.addWidget(each)
        self._head = head
        self._options = QWidget()
        options = column(space=tokens.SPACE_4, margin=0, parent=self._options)
        inner.addLayout(head)
        inner.addWidget(self._options)
        for choice in self.rows:
            choice.clicked.connect(
                lambda _checked=False, it=choice: self.chosen.emit(it.digit)
            )
            options.addWidget(choice)
        inner.addStretch(1)
        outer = column(space=0, parent=self)
        area = scrolled(content, "rightArea")
        area.setMinimumHeight(tokens.TARGET_PX)  # a low window keeps the foot whole
        outer.addWidget(area, 1)
        outer.addLayout(self._foot())

    def _foot(self) -> QVBoxLayout:
        foot = self._foot_column = column(space=tokens.SPACE_8)
        foot.setContentsMargins(
            tokens.SPACE_16, tokens.SPACE_8, tokens.SPACE_16, tokens.SPACE_12
        )
        foot.addWidget(self._finished)
        foot.addWidget(self._rest_left)
        foot.addWidget(self.error)
        foot.addWidget(self.note)
        foot.addWidget(self._wants)
        foot.addWidget(self.primary)
        acts = column(space=0) if is_large() else row()
        acts.addWidget(self.hand_back)
        acts.addStretch(1)
        acts.addWidget(self.undo)
        foot.addLayout(acts)
        foot.addWidget(self._last)
        return foot
