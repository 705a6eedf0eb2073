"""A batch on the home screen, as a card that opens it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout

from reviewer.domain.item import Priority
from reviewer.services.session import BatchCard
from reviewer.ui import messages, tokens
from reviewer.ui.building import button, column, label, line, row
from reviewer.ui.painting import draw_focus, fill_round
from reviewer.ui.plain import one_line
from reviewer.ui.styling import palette
from reviewer.ui.widgets.mix_bar import MixBar
from reviewer.ui.widgets.plain_button import PlainButton
from reviewer.ui.widgets.progress_line import ProgressLine
from reviewer.ui.words import day as words

_ENTERING = frozenset(
    key.value for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
)


class BatchCardView(QFrame):
    """Name, how much is open, languages, severity mix, deadline as words."""

    opened = Signal()
    hand_over_wanted = Signal()

    def __init__(self, card: BatchCard) -> None:
        super().__init__()
        self.setObjectName(f"batch-{card.batch_id}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedWidth(tokens.CARD_PX)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        counts = card.counts
        total = sum(counts.severities)
        self._is_first = counts.open_priority is Priority.P1
        spoken = messages.batch_spoken(card.name, counts.open, total, card.days_left)
        self.setAccessibleName(
            f"{spoken}. {words.FIRST_PRIORITY}" if self._is_first else spoken
        )
        inner = column(space=tokens.SPACE_8, margin=tokens.SPACE_16, parent=self)
        self._add_head(inner, card)
        inner.addSpacing(tokens.SPACE_4)
        done = total - counts.open
        inner.addWidget(label(messages.done_of(done, total), "strong"))
        inner.addWidget(ProgressLine(done, total))
        if done:
            name = f"stand-{card.batch_id}"
            inner.addWidget(label(words.stand(counts), "small", name=name))
        inner.addSpacing(tokens.SPACE_8)
        inner.addWidget(label(messages.SEVERITY, "small"))
        inner.addWidget(MixBar(counts.severities))
        inner.addWidget(label(messages.mix(counts.severities), "small"))
        inner.addWidget(label(messages.languages(counts.languages), "small"))
        if counts.open:
            inner.addWidget(self._hand_over(card), 0, Qt.AlignmentFlag.AlignTrailing)

    def _add_head(self, inner: QVBoxLayout, card: BatchCard) -> None:
        """Add its name, until when, and what makes it come first."""
        head = row()
        head.addWidget(label(one_line(card.name, limit=60), "heading"), 1)
        head.addWidget(
            line(messages.PURPOSES[card.purpose], "tag"),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        inner.addLayout(head)
        role = "deadline" if messages.is_pressing(card.days_left) else "muted"
        inner.addWidget(label(messages.days_left(card.days_left), role))
        if self._is_first:
            inner.addWidget(label(words.FIRST_PRIORITY, "accent"))

    def _hand_over(self, card: BatchCard) -> PlainButton:
        result = button(
            words.HAND_OVER,
            f"handOver-{card.batch_id}",
            self.hand_over_wanted.emit,
            role="quiet",
        )
        name = one_line(card.name, limit=60)
        result.setAccessibleName(f"{words.HAND_OVER}: {name}")
        return result

    def sizeHint(self) -> QSize:
        """Return what its words need at this width: lines that wrap count whole."""
        hint, layout = super().sizeHint(), self.layout()
        if layout is not None:
            hint.setHeight(layout.totalHeightForWidth(tokens.CARD_PX))
        return hint

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open by Enter or Space."""
        if event.key() in _ENTERING and not event.isAutoRepeat():
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open by pointer."""
        if self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card and its focus ring."""
        colors = palette()
        painter = QPainter(self)
        area = self.rect().toRectF()
        ground = colors.hover if self.underMouse() else colors.card
        fill_round(painter, area, ground, tokens.RADIUS_LARGE, line=colors.border)
        if self.hasFocus():
            draw_focus(painter, area, colors)
        painter.end()

    def enterEvent(self, event: object) -> None:
        """Repaint under the pointer."""
        del event
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Repaint once the pointer is gone."""
        del event
        self.update()
