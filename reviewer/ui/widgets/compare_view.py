"""Two concealed pictures in one place, shown in turn by one key.

Both are drawn into the same rectangle, so that what differs moves and what is the
same stands still. Nothing changes by itself, and nothing clear ever comes here.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QWidget

from reviewer.ui import tokens
from reviewer.ui.building import column, label, line, row
from reviewer.ui.icons import Icon, draw_icon
from reviewer.ui.painting import draw_focus, fill_round
from reviewer.ui.plain import breakable
from reviewer.ui.styling import give_role, palette
from reviewer.ui.words import stacks as words


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One comparison, in words."""

    position: str
    item: str
    copy: str
    likeness: str
    context: str
    is_out: bool


class CompareView(QFrame):
    """Lies over the stage; the desk fills it."""

    flipped = Signal()
    resized = Signal()
    """The room for the pictures has changed."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("compareView")
        self.setAccessibleName(words.COMPARE_TITLE)
        give_role(self, "screen")
        self._position = line(role="muted", name="comparePosition")
        self._shown = label(role="heading", name="compareShown")
        self._likeness = label(role="soft", name="compareLikeness")
        self._context = label(role="muted", name="compareContext")
        self._out = line(words.LEFT_OUT, "strong", name="compareOut")
        self._canvas = Canvas(self)
        self._canvas.resized.connect(self.resized)
        outer = column(space=tokens.SPACE_4, margin=0, parent=self)
        outer.addWidget(self._canvas, 1)
        foot = column(space=tokens.SPACE_4)
        foot.setContentsMargins(
            tokens.SPACE_24, tokens.SPACE_8, tokens.SPACE_24, tokens.SPACE_16
        )
        head = row()
        head.addWidget(self._shown, 1)
        head.addWidget(self._out)
        head.addWidget(self._position)
        foot.addLayout(head)
        foot.addWidget(self._likeness)
        foot.addWidget(self._context)
        outer.addLayout(foot)

    def picture_size(self) -> QSize:
        """Return the room for the pictures."""
        return self._canvas.size()

    def say(self, compared: Compared, *, is_copy: bool) -> None:
        """Name what is compared, and which of the two is shown now."""
        side = words.SHOWING_COPY if is_copy else words.SHOWING_ITEM
        ref = compared.copy if is_copy else compared.item
        self._shown.setText(f"{side} · {ref}")
        self._position.setText(compared.position)
        self._likeness.setText(compared.likeness)
        self._context.setText(breakable(compared.context))
        self._out.setVisible(compared.is_out)
        spoken = (compared.position, self._shown.text(), compared.likeness)
        self.setAccessibleDescription(". ".join(spoken))

    def show_picture(self, image: QImage | None, area: QRect, *, refused: bool) -> None:
        """Draw a concealed picture, or say that there is none to draw."""
        self._canvas.show_picture(image, area, refused=refused)

    def empty(self) -> None:
        """Hold no picture and no word."""
        self._canvas.show_picture(None, QRect(), refused=False)
        for each in (self._position, self._shown, self._likeness, self._context):
            each.clear()
        self.setAccessibleDescription("")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the other one, as the key does."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.flipped.emit()


class Canvas(QWidget):
    """Paints one of the two."""

    resized = Signal()
    """There is more or less room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("compareCanvas")
        self._image: QImage | None = None
        self._area = QRect()
        self._refused = False

    @property
    def area(self) -> QRect:
        """Return where the picture is drawn."""
        return self._area

    def show_picture(self, image: QImage | None, area: QRect, *, refused: bool) -> None:
        """Take the picture and its place."""
        self._image, self._area, self._refused = image, area, refused
        self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Let the picture find its place again."""
        self.resized.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the mat, and the picture or what stands for it."""
        colors = palette()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colors.mat))
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._area, self._image)
            gap = tokens.SPACE_4
            frame = QRectF(self._area).adjusted(-gap, -gap, gap, gap)
            draw_focus(painter, frame, colors)
        elif not self._area.isEmpty():
            self._paint_plate(painter)
        painter.end()

    def _paint_plate(self, painter: QPainter) -> None:
        colors = palette()
        fill_round(painter, QRectF(self._area), colors.plate, tokens.RADIUS_LARGE)
        side = tokens.ICON_LARGE_PX
        middle = self._area.center()
        icon = QRectF(middle.x() - side / 2, middle.y() - side, side, side)
        which = Icon.NOT_SHOWN if self._refused else Icon.CLOCK
        draw_icon(painter, which, icon, colors.plate_muted)
        if self._refused:
            painter.setPen(QColor(colors.plate_text))
            below = self._area.adjusted(
                tokens.SPACE_16, self._area.height() // 2 + tokens.SPACE_8, 0, 0
            )
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(
                below.adjusted(0, 0, -tokens.SPACE_16, 0), int(flags), words.NOT_SHOWN
            )
