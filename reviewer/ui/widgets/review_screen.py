"""The review screen: four fixed zones around the stage (look.md)."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from reviewer.ui import messages, tokens
from reviewer.ui.building import button, column, row
from reviewer.ui.icons import Icon
from reviewer.ui.styling import give_role, is_large
from reviewer.ui.widgets.bottom_strip import BottomStrip
from reviewer.ui.widgets.ladder import Ladder
from reviewer.ui.widgets.left_zone import LeftZone
from reviewer.ui.widgets.right_zone import RightZone
from reviewer.ui.widgets.stage import Stage
from reviewer.ui.widgets.top_strip import TopStrip


class ReviewScreen(QFrame):
    """Holds the zones; the desk fills them."""

    toggled = Signal()
    over_taken = Signal(QWidget)
    """What lay over the stage, now that something else does."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reviewScreen")
        give_role(self, "screen")
        self.top = TopStrip()
        self.left = LeftZone()
        self.stage = Stage()
        self.ladder = Ladder()
        self.right = RightZone()
        self.bottom = BottomStrip()
        self._centre = QWidget()
        self._over: QWidget | None = None
        self.toggle = button(
            messages.SHOW_FOR_A_WHILE,
            "toggleLook",
            self.toggled.emit,
            role="quiet",
            icon=Icon.EYE,
        )
        self.toggle.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        self._centre.installEventFilter(self)
        self.right.focus_lost.connect(self.stage.setFocus)
        self._order_tabs()

    def _lay_out(self) -> None:
        self.right.setFixedWidth(tokens.RIGHT_PX)
        self.left.setFixedWidth(tokens.LEFT_PX)
        middle = column(space=0, parent=self._centre)
        middle.addWidget(self.stage, 1)
        under = row(space=0)
        under.setContentsMargins(tokens.SPACE_8, 0, tokens.SPACE_8, 0)
        under.addWidget(self.ladder, 1)
        under.addWidget(self.toggle)
        middle.addLayout(under)
        zones = row(space=0)
        zones.addWidget(self.left)
        zones.addWidget(self._centre, 1)
        zones.addWidget(self.right)
        outer = column(space=0, parent=self)
        outer.addWidget(self.top)
        outer.addLayout(zones, 1)
        outer.addWidget(self.bottom)

    def _order_tabs(self) -> None:
        """Let Tab go as the eye does: top, left, stage, right."""
        order: list[QWidget] = [self.top.home]
        order += [section.line for section in self.left.texts]
        order += [self.stage, self.toggle, *self.right.rows]
        order += [self.right.note, self.right.primary]
        order += [self.right.hand_back, self.right.undo]
        for before, after in itertools.pairwise(order):
            QWidget.setTabOrder(before, after)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the left zone its width for this window."""
        super().resizeEvent(event)
        self.left.setFixedWidth(tokens.left_zone_px(self.width()))
        self.right.setFixedWidth(tokens.right_zone_px(self.width()))
        roomy = self.width() >= tokens.WIDTH_ROOMY_PX and not is_large()
        self.toggle.setText(messages.SHOW_FOR_A_WHILE if roomy else "")

    @property
    def over(self) -> QWidget | None:
        """Return what lies over the stage, if anything does."""
        return self._over

    def show_over(self, widget: QWidget | None) -> None:
        """Lay a part's own widget over the stage and its ladder; None takes it away.

        The stage below is concealed by its own rules and stays as it is.
        """
        before, self._over = self._over, widget
        if before is not None and before is not widget:
            focus = QApplication.focusWidget()
            if focus is not None and before.isAncestorOf(focus):
                self.stage.setFocus()  # else the way home would have it
            before.hide()
        if widget is not None:
            widget.setParent(self._centre)
            self._place_over()
            widget.show()
            widget.raise_()
            if before is not None and before is not widget:
                self.over_taken.emit(before)

    def _place_over(self) -> None:
        if self._over is not None:
            self._over.setGeometry(self._centre.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep what lies over the stage as large as the stage."""
        if watched is self._centre and event.type() == QEvent.Type.Resize:
            self._place_over()
        return False

    def clear(self) -> None:
        """Hold nothing of any item."""
        self.show_over(None)
        self.stage.empty()
        self.left.clear()
        self.right.clear()
