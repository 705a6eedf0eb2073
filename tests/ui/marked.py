"""Items with a marker in every text, and everywhere that a window could show one."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QClipboard, QImage, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from reviewer.domain.item import Context, Flag, FlaggedBy, Kind
from reviewer.media.meter import shows_fine_pattern
from reviewer.ui.widgets.stage import Stage
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import fake_clip, fake_still, fake_text

MARK: Final = "quokka"
"""In every text of every item, and in nothing else; a field's name follows it."""
_STRIP_PX: Final = 16
_STRIPS_COUNT: Final = 5
PLAIN: Final = "plain"
"""In every text too: what a person may search for."""


def words(field: str) -> str:
    """Return the text of a field."""
    return f"{PLAIN} words {MARK}{field} and {PLAIN} ones"


def marked(data: bytes, kind: Kind, type_: str, severity: int | None) -> DrawnItem:
    """Return an item with every text it can have."""
    return DrawnItem(
        data=data,
        kind=kind,
        declared_type=type_,
        severity=severity,
        context=Context(source="a board", caption=words("caption")),
        text=words("body"),
        transcript=words("transcript"),
        translation=words("translation"),
        flag=Flag(by=FlaggedBy.USER, reason=words("reason")),
    )


SEVERE, UNRATED, TEXT, CLIP, COPY = range(5)
ITEMS: Final = (
    marked(fake_still(1_600, 1_200, like="a"), Kind.IMAGE, "image/png", 4),
    marked(fake_still(900, 900, like="b"), Kind.IMAGE, "image/png", None),
    marked(fake_text(words("media") * 900), Kind.TEXT, "text/plain", 3),
    marked(fake_clip(1_280, 720, 24_000), Kind.CLIP, "video/mp4", 3),
    marked(fake_still(800, 600, like="a", turned=9), Kind.IMAGE, "image/png", 4),
)
"""None of them opens a text by itself."""


def found(window: QWidget) -> list[str]:
    """Return every place where a marker stands; none belongs there before a look."""
    places = (
        *_of_widgets(),
        *_of_lists(),
        *(("accessible", each) for each in _spoken(window)),
        *(("clipboard", each) for each in on_clipboard()),
        ("application", QApplication.applicationDisplayName()),
    )
    return [f"{place}: {text}" for place, text in places if MARK in text.lower()]


def on_clipboard() -> list[str]:
    """Return every text that was put where other programs can take it."""
    clipboard = QApplication.clipboard()
    texts = []
    for mode in QClipboard.Mode:
        data = clipboard.mimeData(mode)
        if data is not None:
            texts += [data.text(), data.html(), *data.formats()]
    return [each for each in texts if each]


def _of_widgets() -> Iterator[tuple[str, str]]:
    """Every widget there is, shown or hidden, in the stack or out of it."""
    for widget in QApplication.allWidgets():
        name = f"{type(widget).__name__} {widget.objectName()}"
        for text in (
            widget.toolTip(),
            widget.statusTip(),
            widget.whatsThis(),
            widget.accessibleName(),
            widget.accessibleDescription(),
            widget.windowTitle(),
            widget.windowIconText(),
            widget.windowFilePath(),
            widget.objectName(),
            *_held(widget),
        ):
            yield name, text


def _held(widget: QWidget) -> Iterator[str]:
    """What a widget would paint, and what its undo would bring back."""
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QLineEdit):
        yield widget.text()
        yield widget.placeholderText()
    elif isinstance(widget, QPlainTextEdit | QTextEdit):
        yield widget.toPlainText()


def _of_lists() -> Iterator[tuple[str, str]]:
    for view in QApplication.allWidgets():
        model = view.model() if isinstance(view, QAbstractItemView) else None
        for row in range(0 if model is None else model.rowCount()):
            assert model is not None
            for role in Qt.ItemDataRole:
                value = model.index(row, 0).data(role)
                yield view.objectName(), value if isinstance(value, str) else ""


def spoken(window: QWidget) -> list[str]:
    """Return every text of the accessibility tree under a window."""
    return list(_spoken(window))


def _spoken(window: QWidget) -> Iterator[str]:
    waiting: list[QAccessibleInterface] = []
    root = QAccessible.queryAccessibleInterface(window)
    if root is not None:
        waiting.append(root)
    while waiting:
        one = waiting.pop()
        for role in QAccessible.Text:
            if role is not QAccessible.Text.UserText:
                yield one.text(role)
        text = one.textInterface()
        if text is not None:
            yield text.text(0, text.characterCount())
        children = (_child(one, at) for at in range(one.childCount()))
        waiting += [child for child in children if child is not None]


def _child(one: QAccessibleInterface, at: int) -> QAccessibleInterface | None:
    return one.child(at)  # None where there is none


def fine_surfaces() -> list[str]:
    """Return the windows, stages and images in the process that show fine detail.

    `grab` is what a taskbar preview and a screen capture of the window would get.
    """
    gc.collect()
    things = gc.get_objects()
    screens = [
        one
        for one in QApplication.allWidgets()
        if one.isWindow() or isinstance(one, Stage) or one.objectName() == "compareView"
    ]
    shown = [one.objectName() for one in screens if shows_a_look(one.grab().toImage())]
    images = [one for one in things if isinstance(one, QImage) and is_fine(one)]
    pixmaps = [
        one for one in things if isinstance(one, QPixmap) and is_fine(one.toImage())
    ]
    return [*shown, *(["an image"] * len(images)), *(["a pixmap"] * len(pixmaps))]


def shows_a_look(image: QImage) -> bool:
    """Return whether a screen shows the pattern over a height that no text has."""
    tops = range(0, image.height() - _STRIP_PX, _STRIP_PX)
    run = 0
    for top in tops:
        strip = image.copy(0, top, image.width(), _STRIP_PX)
        run = run + 1 if is_fine(strip) else 0
        if run == _STRIPS_COUNT:
            return True
    return False


def is_fine(image: QImage) -> bool:
    """Return whether an image shows the planted pattern of clear pixels."""
    if image.isNull():
        return False
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    wide, line = plain.width(), plain.bytesPerLine()
    data = bytes(plain.constBits())
    rows = (data[y * line : y * line + 3 * wide] for y in range(plain.height()))
    return shows_fine_pattern(b"".join(rows), width_px=wide)
