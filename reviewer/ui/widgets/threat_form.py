"""The threat-to-life form over the stage: five lines, and whom to call.

It holds what a person types and nothing of the item but its reference. Tab goes from
line to line; a word that an input method has not finished is kept, not lost.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QInputMethodEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from reviewer.services.flagging import ThreatForm
from reviewer.ui import tokens
from reviewer.ui.building import button, centred, column, label, row, scrolled
from reviewer.ui.plain import breakable
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.plain_button import PlainButton
from reviewer.ui.words import flags as words

LINE_CHARACTERS: Final = 280
"""Of each line; `services.flagging` refuses more."""

_Field = QLineEdit | QPlainTextEdit


class ThreatSheet(QFrame):
    """Shows what it is given; the desk records and writes."""

    typed = Signal()
    go_wanted = Signal()
    """Record, or write the file of what is recorded."""
    close_wanted = Signal()
    hidden = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("threatForm")
        self.setAccessibleName(words.THREAT_TITLE)
        give_role(self, "panel")
        self._composed: tuple[_Field, str] | None = None
        self._line = label(words.THREAT_LINE, "muted", name="threatLine")
        self._recorded = label(words.THREAT_RECORDED_LINE, "soft", name="threatDone")
        self._fields: dict[str, _Field] = {}
        self._asked = QWidget()
        self._build_fields()
        self._long = label(role="accent", name="threatLong")
        self._officer = label(role="strong", name="threatOfficer")
        self._ref = label(role="strong", name="threatRef")
        self._close = button(
            words.THREAT_CLOSE, "threatClose", self.close_wanted.emit, role="large"
        )
        self._go = button(
            words.THREAT_RECORD, "threatGo", self.go_wanted.emit, role="primary"
        )
        self._lay_out()

    def begin(self, ref: str, form: ThreatForm, *, is_recorded: bool) -> None:
        """Open for an item; `form` is what was typed before."""
        self._line.setVisible(not is_recorded)
        self._asked.setVisible(not is_recorded)
        self._recorded.setVisible(is_recorded)
        self._long.hide()
        self._ref.setText(words.reference(ref))
        self._go.setText(words.THREAT_WRITE if is_recorded else words.THREAT_RECORD)
        self._go.setAccessibleName(self._go.text())
        self.set_busy(busy=False)
        self._fill(form)

    def say_officer(self, line: str) -> None:
        """Show whom to call."""
        self._officer.setText(breakable(line or words.THREAT_NO_OFFICER))

    def take_focus(self) -> None:
        """Go to the first line, or to the button where there are no lines."""
        first: QWidget = next(iter(self._fields.values()))
        (first if self._asked.isVisibleTo(self) else self._go).setFocus()

    def form(self) -> ThreatForm:
        """Return what is typed, as it is."""
        return ThreatForm(**{name: _text(each) for name, each in self._fields.items()})

    def has_focus(self) -> bool:
        """Return whether keys go to something in here."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    @property
    def go(self) -> PlainButton:
        """Return the button that records or writes."""
        return self._go

    @property
    def is_composing(self) -> bool:
        """Return whether an input method is in the middle of a word."""
        return self._composed is not None

    def keep_composed(self) -> None:
        """Put a word that is being composed into its line as it is."""
        composed, self._composed = self._composed, None
        if composed is not None:
            field, text = composed
            event = QInputMethodEvent()
            event.setCommitString(text)
            QGuiApplication.inputMethod().reset()
            QGuiApplication.sendEvent(field, event)

    def shows_too_long(self) -> bool:
        """Say which line is too long, if one is, and go there."""
        for name, title in words.THREAT_FIELDS:
            over = len(_text(self._fields[name])) - LINE_CHARACTERS
            if over > 0:
                self._long.setText(words.too_long(title, over))
                self._long.show()
                self._fields[name].setFocus()
                return True
        self._long.hide()
        return False

    def set_busy(self, *, busy: bool) -> None:
        """Take no second answer while the first is written."""
        self._go.setEnabled(not busy)

    def forget(self) -> None:
        """Hold nothing."""
        self._composed = None
        self._fill(ThreatForm())
        self._ref.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See an input method at work."""
        if isinstance(event, QInputMethodEvent) and isinstance(watched, _Field):
            text = event.preeditString()
            self._composed = (watched, text) if text else None
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell when something else takes the place over the stage."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.hidden.emit()

    # ----------------------------------------------------------------------------

    def _fill(self, form: ThreatForm) -> None:
        for name, field in self._fields.items():
            field.blockSignals(True)
            text = str(getattr(form, name))
            if isinstance(field, QLineEdit):
                field.setText(text)
            else:
                field.setPlainText(text)
            field.blockSignals(False)

    def _build_fields(self) -> None:
        grid = QGridLayout(self._asked)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.SPACE_12)
        grid.setVerticalSpacing(tokens.SPACE_8)
        grid.setColumnStretch(1, 1)
        for at, (name, title) in enumerate(words.THREAT_FIELDS):
            field: _Field = QPlainTextEdit() if at == 0 else QLineEdit()
            if isinstance(field, QPlainTextEdit):
                field.setTabChangesFocus(True)
                field.setFixedHeight(tokens.NOTE_PX)
            field.setObjectName(f"threat-{name}")
            field.setAccessibleName(title)
            field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
            field.installEventFilter(self)
            field.textChanged.connect(self.typed)
            self._fields[name] = field
            beside = label(title, "muted")
            beside.setFixedWidth(tokens.THREAT_LABEL_PX)
            grid.addWidget(beside, at, 0)
            grid.addWidget(field, at, 1)

    def _lay_out(self) -> None:
        content = QWidget()
        inner = column(space=tokens.SPACE_12, parent=content)
        inner.addWidget(label(words.THREAT_TITLE, "title"))
        for each in (self._line, self._recorded, self._asked, self._long):
            inner.addWidget(each)
        call = QFrame()
        give_role(call, "group")
        lines = column(space=tokens.SPACE_4, margin=tokens.SPACE_12, parent=call)
        lines.addWidget(label(words.THREAT_CALL, "overline"))
        lines.addWidget(self._officer)
        lines.addWidget(self._ref)
        inner.addWidget(call)
        acts = row(space=tokens.SPACE_12)
        acts.addWidget(self._close)
        acts.addWidget(self._go, 1)
        inner.addLayout(acts)
        outer = column(space=0, parent=self)
        page = centred(content, tokens.PAGE_PX)
        outer.addWidget(scrolled(page, "threatArea"))


def _text(field: _Field) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()
