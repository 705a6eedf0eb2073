"""What does not fit, has no name or cannot be reached, on the screen that is shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QButtonGroup,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

LONGER_PERCENT: Final = 40
_FILL: Final = "äöü"
_SLACK_PX: Final = 1


def shown(window: QWidget) -> list[QWidget]:
    """Return every visible control and text of a window, in no order."""
    kinds = (QAbstractButton, QLabel, QLineEdit, QPlainTextEdit)
    return [
        one
        for one in window.findChildren(QWidget)
        if isinstance(one, kinds) and one.isVisible()
    ]


def clipped(window: QWidget) -> list[str]:
    """Return the controls whose words do not fit, or that stand out of the window.

    What lies in a scroll area may be out of sight below, never beside.
    """
    return [
        f"{one.objectName() or type(one).__name__} {words_of(one)!r}: {why}"
        for one in shown(window)
        if (why := _why(one, window))
    ]


def lengthen(window: QWidget) -> None:
    """Make all words of labels and buttons as long as a longer language's."""
    for one in shown(window):
        if isinstance(one, QLabel | QAbstractButton) and words_of(one):
            one.setText(longer(words_of(one)))


def longer(words: str) -> str:
    """Return words that are 40 % longer, still words and still broken at spaces."""
    more = -(-len(words) * LONGER_PERCENT // 100)
    parts = words.split(" ")
    at = 0
    while more > 0:
        grow = min(more, len(_FILL))
        parts[at % len(parts)] += _FILL[:grow]
        more -= grow
        at += 1
    return " ".join(parts)


def words_of(widget: QWidget) -> str:
    """Return the words that a control shows, without a mnemonic."""
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text()
    return ""


def unnamed(window: QWidget) -> list[str]:
    """Return controls without an object name, an accessible name or a role."""
    found = []
    for one in shown(window):
        if isinstance(one, QLabel) or one.objectName().startswith("qt_"):
            continue
        spoken = _spoken(one)
        named = spoken is not None and spoken.text(QAccessible.Text.Name)
        has_role = spoken is not None and spoken.role() not in {
            QAccessible.Role.NoRole,
            QAccessible.Role.Client,
        }
        if not (one.objectName() and named and has_role):
            found.append(one.objectName() or type(one).__name__)
    return found


def wanting(window: QWidget) -> set[str]:
    """Return the names of all controls that a keyboard has to reach."""
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit)
    return {
        one.objectName()
        for one in shown(window)
        if isinstance(one, kinds) and one.isEnabled() and not _is_one_of_many(one)
    }


def focused() -> str:
    """Return the name of what has the focus."""
    one = QApplication.focusWidget()
    return "" if one is None else one.objectName()


def _spoken(one: QWidget) -> QAccessibleInterface | None:
    return QAccessible.queryAccessibleInterface(one)  # None where there is none


def _group(one: QAbstractButton) -> QButtonGroup | None:
    return one.group()  # None where there is none


def _is_one_of_many(one: QWidget) -> bool:
    """Say whether arrows lead here: a radio button that is not the chosen one."""
    if not isinstance(one, QAbstractButton):
        return False
    group = _group(one)
    is_exclusive = one.autoExclusive() or (group is not None and group.exclusive())
    return is_exclusive and one.isCheckable() and not one.isChecked()


def _why(one: QWidget, window: QWidget) -> str:
    place = QRect(one.mapTo(window, QPoint(0, 0)), one.size())
    if place.left() < 0 or place.right() > window.width():
        return f"beside the window, {place.left()} to {place.right()}"
    area = _area(one)
    if area is None and not window.rect().contains(place):
        return f"below the window, {place.top()} to {place.bottom()}"
    if isinstance(one, QLabel):
        return _label(one)
    if isinstance(one, QAbstractButton):
        return _button(one)
    return ""


def _area(one: QWidget) -> QAbstractScrollArea | None:
    parent = one.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            return parent
        parent = parent.parentWidget()
    return None


def _label(one: QLabel) -> str:
    if not one.text():
        return ""
    if one.wordWrap():
        need = one.heightForWidth(one.width())
        widest = max(
            map(_metrics(one).horizontalAdvance, one.text().split()), default=0
        )
        inside = one.contentsRect().width()
        if widest > inside + _SLACK_PX and "\u200b" not in one.text():
            return f"its longest word needs {widest} of {inside}"
        return _short(need, one.height(), "high")
    return _short(one.sizeHint().width(), one.width(), "wide")


def _button(one: QAbstractButton) -> str:
    if one.hasHeightForWidth():
        return _short(one.heightForWidth(one.width()), one.height(), "high")
    if one.sizePolicy().horizontalPolicy() is one.sizePolicy().Policy.Ignored:
        wide = _metrics(one).horizontalAdvance(one.text()) + one.iconSize().width()
        return _short(wide, one.width(), "wide")
    need = one.minimumSizeHint()
    return _short(need.width(), one.width(), "wide") or _short(
        need.height(), one.height(), "high"
    )


def _short(need: int, have: int, way: str) -> str:
    return f"needs {need} {way}, has {have}" if need > have + _SLACK_PX else ""


def _metrics(one: QWidget) -> QFontMetrics:
    return QFontMetrics(one.font())
