"""Short ways to make the labels, buttons and layouts that every screen has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from reviewer.ui import tokens
from reviewer.ui.fonts import set_weight
from reviewer.ui.icons import Icon
from reviewer.ui.styling import WIDTH, give_role, scaled
from reviewer.ui.widgets.plain_button import PlainButton

_BOLD: Final = frozenset(
    {"display", "title", "heading", "strong", "overline", "accent", "deadline", "words"}
)


def label(text: str = "", role: str = "", *, name: str = "") -> QLabel:
    """Return a plain-text label that wraps; never rich text, never a link."""
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    result.setWordWrap(True)
    if role:
        give_role(result, role)
    if role in _BOLD:
        result.setFont(set_weight(QFont(QApplication.font()), bold=True))
    if name:
        result.setObjectName(name)
    return result


def line(text: str = "", role: str = "", *, name: str = "") -> QLabel:
    """Return a plain-text label of one line."""
    result = label(text, role, name=name)
    result.setWordWrap(False)
    result.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    return result


def button(
    text: str,
    name: str,
    on_click: Callable[[], None],
    *,
    role: str = "",
    icon: Icon | None = None,
) -> PlainButton:
    """Return a button with a stable name; Enter works on it as Space does."""
    result = PlainButton(text, icon)
    result.setObjectName(name)
    result.setAccessibleName(text)
    result.setAutoDefault(True)
    result.setCursor(Qt.CursorShape.PointingHandCursor)
    if role:
        give_role(result, role)
    if role == "primary":
        result.setFont(set_weight(QFont(QApplication.font()), bold=True))
    result.clicked.connect(lambda _checked=False: on_click())
    return result


def column(
    *, space: int = tokens.SPACE_12, margin: int = 0, parent: QWidget | None = None
) -> QVBoxLayout:
    """Return a vertical layout with even gaps."""
    result = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    result.setSpacing(space)
    result.setContentsMargins(margin, margin, margin, margin)
    return result


def row(
    *, space: int = tokens.SPACE_8, margin: int = 0, parent: QWidget | None = None
) -> QHBoxLayout:
    """Return a horizontal layout with even gaps."""
    result = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    result.setSpacing(space)
    result.setContentsMargins(margin, margin, margin, margin)
    return result


def rule() -> QFrame:
    """Return a hairline."""
    result = QFrame()
    give_role(result, "rule")
    return result


def forget(field: QLineEdit) -> None:
    """Empty a field for good: what `clear` takes away could be undone."""
    field.setText("")


def first_focusable(zone: QWidget) -> QWidget | None:
    """Return the zone itself, or the first control in it that Tab would reach."""
    for each in (zone, *zone.findChildren(QWidget)):
        wants = each.focusPolicy() & Qt.FocusPolicy.TabFocus
        if wants and each.isVisibleTo(zone.window()) and each.isEnabled():
            return each
    return None


def scrolled(content: QWidget, name: str) -> QScrollArea:
    """Return a scroll area around a widget, going up and down only."""
    area = QScrollArea()
    area.setObjectName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    give_role(area, "scroll")
    area.setWidget(content)
    content.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area


def centred(content: QWidget, width_px: int) -> QWidget:
    """Return a page that keeps a column of content in the middle of the window."""
    content.setProperty(WIDTH, width_px)
    content.setMaximumWidth(scaled(width_px))
    content.setMinimumWidth(min(width_px, tokens.FORM_PX))
    page = QWidget()
    outer = row(margin=tokens.SPACE_24, parent=page)
    outer.addStretch(1)
    inner = column()
    inner.addStretch(2)
    inner.addWidget(content)
    inner.addStretch(3)
    outer.addLayout(inner, 100)
    outer.addStretch(1)
    return page
