"""The media stage: the only widget that ever holds clear pixels or opened text.

It paints what `safeguards` allows and decides nothing: the desk hands it a reveal
state and, under a grant, a clear image, and takes that away again. `conceal_now`
drops clear content and repaints at once, before anything else is painted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame

from reviewer.domain.item import Kind
from reviewer.domain.rendition import Box, Extent
from reviewer.errors import Code
from reviewer.safeguards.measures import Measures
from reviewer.safeguards.reveal import State
from reviewer.ui import geometry, messages, stage_paint, tokens
from reviewer.ui.pictures import Concealed
from reviewer.ui.widgets.text_page import TextPage
from reviewer.ui.words import media as media_words
from reviewer.ui.words.limits import Saying

ZOOM_LEAST: Final = 1.0
ZOOM_MOST: Final = 4.0
_ZOOM_STEP: Final = 0.5
_LENS_STEP_PX: Final = 24
_BY_KEYBOARD: Final = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What stands on the stage; nothing of its content."""

    kind: Kind
    measures: Measures
    lens_permille: int
    lens_least_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    """A clear image under a grant, and which part of the frame it shows."""

    image: QImage
    extent: Extent
    box: Box
    area: QRectF


class Stage(QFrame):
    """Neutral mat, concealed media, cover plate, lens."""

    pointer_pressed = Signal()
    pointer_released = Signal()
    lens_changed = Signal()
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stage")
        self.setAccessibleName("Stage")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._subject: Subject | None = None
        self._state = State.COVERED
        self._pending: Extent | None = None
        self._concealed: Concealed | None = None
        self._refused: Code | None = None
        self._said: Saying | None = None
        self._is_withheld = False
        self._clear: Clear | None = None
        self._text = TextPage()
        self._text.setParent(self)
        self._text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._lens = QPointF()
        self._zoom = ZOOM_LEAST
        self._tile = 0
        self._has_sheet = True
        self._has_ring = False
        self._is_held = False

    # What the desk sets ---------------------------------------------------------

    def open_item(
        self, subject: Subject, concealed: Concealed | None, *, withheld: bool = False
    ) -> None:
        """Take the next item, concealed; nothing of the one before stays.

        One that is withheld stays under a plain cover: no picture of it will come.
        """
        self.say_refusal(None)
        self._is_withheld = withheld
        self._drop()
        self._subject = subject
        self._concealed = concealed
        self._refused = None if concealed is None else concealed.refused
        self._state = State.COVERED
        self._pending = None
        self._tile = 0
        self._has_sheet = True
        self._zoom = ZOOM_LEAST
        self._lens = QPointF(self.view().center())
        self.update()

    def set_concealed(self, concealed: Concealed) -> None:
        """Take the concealed picture once it has come."""
        is_first = self._concealed is None
        self._concealed = concealed
        self._refused = concealed.refused
        if is_first:
            self._lens = QPointF(self.view().center())
        self.update()

    def refuse(self, code: Code) -> None:
        """Say why this cannot be shown; whatever was shown goes."""
        self._refused = code
        self.conceal_now()

    def say_refusal(self, said: Saying | None) -> None:
        """Say over the concealed picture why no look is possible; None says nothing."""
        if said != self._said:
            self._said = said
            self.setAccessibleDescription("" if said is None else " ".join(said.lines))
            self.update()

    def set_reveal(self, state: State, pending: Extent | None) -> None:
        """Take the state that `safeguards` answered with.

        As a look begins, what is painted stays until its picture comes.
        """
        if (state, pending) == (self._state, self._pending):
            return
        self._state = state
        self._pending = pending
        if state is not State.SHOWN:
            self.conceal_now()

    def show_clear(self, image: QImage, extent: Extent, box: Box) -> None:
        """Paint a clear image; only while the state is SHOWN."""
        if self._state is not State.SHOWN:
            return
        view = self.view()
        area = QRectF(view)
        if extent is Extent.LENS:
            area = geometry.lens_rect(self._lens, view, box, zoom=self._zoom)
        self._clear = Clear(image=image, extent=extent, box=box, area=area)
        self.update()

    def show_text(self, text: str, *, page: int, pages_count: int) -> None:
        """Show one page of text; only while the state is SHOWN."""
        if self._state is not State.SHOWN:
            return
        self._place_text()
        self._text.fill(text, page=page, pages_count=pages_count)
        self.update()

    def conceal_now(self) -> None:
        """Drop everything clear and repaint before anything else happens."""
        held = self.holds_clear
        self._drop()
        if held and self.isVisible():
            self.repaint()
        else:
            self.update()

    def empty(self) -> None:
        """Hold nothing at all: curtain, lock, leaving the batch."""
        self._drop()
        self._subject = None
        self._concealed = None
        self._refused = None
        self._is_withheld = False
        self.say_refusal(None)
        self._state = State.COVERED
        self._pending = None
        self.repaint()

    # What the desk asks ---------------------------------------------------------

    @property
    def holds_clear(self) -> bool:
        """Return whether any clear pixel or opened text is held."""
        return self._clear is not None or not self._text.is_empty

    @property
    def is_painted(self) -> bool:
        """Return whether the concealed picture, or what stands for it, is there."""
        return self._concealed is not None or self._is_withheld

    @property
    def refused_code(self) -> str:
        """Return why this item cannot be shown, empty if it can."""
        return "" if self._refused is None else self._refused.value

    @property
    def refusal_words(self) -> str:
        """Return what is said of a look that was refused, empty if nothing."""
        return "" if self._said is None else " ".join(self._said.lines)

    @property
    def reading(self) -> TextPage:
        """Return the page of text that lies over the stage while it is open."""
        return self._text

    @property
    def shows_sheet(self) -> bool:
        """Return whether the tiles of a clip are shown, not one of them."""
        return self._has_sheet

    @property
    def tile(self) -> int:
        """Return which tile of a sheet is chosen."""
        return self._tile

    def view(self) -> QRect:
        """Return where the media are drawn."""
        view_px = tokens.PAGE_PX
        if self._subject is not None:
            view_px = self._subject.measures.view_px
        info = None if self._concealed is None else self._concealed.info
        ratio = geometry.ratio_of(info)
        return geometry.view_rect(self.size(), view_px=view_px, ratio=ratio)

    def lens_box(self) -> Box:
        """Return the part of the frame under the lens."""
        view = self.view()
        return geometry.lens_box(
            self._lens, view, lens_px=self._lens_px(view), zoom=self._zoom
        )

    def lens_size(self) -> QSize:
        """Return how large the lens is painted, in logical pixels."""
        view = self.view()
        side = self._lens_px(view)
        return QSize(min(side, view.width()), min(side, view.height()))

    def move_lens(self, by: QPoint) -> None:
        """Move the lens by steps, as the arrow keys do."""
        wanted = self._lens + QPointF(by) * _LENS_STEP_PX
        self._set_lens(geometry.clamped(wanted, self.view()))

    def magnify(self, steps: int) -> None:
        """Make the lens stronger or weaker, between one and four times."""
        zoom = self._zoom + steps * _ZOOM_STEP
        self._zoom = min(max(zoom, ZOOM_LEAST), ZOOM_MOST)
        self.lens_changed.emit()
        self.update()

    def choose_tile(self, by: int) -> bool:
        """Choose another tile of the sheet; return whether there was one."""
        count = 0 if self._concealed is None else len(self._concealed.tiles)
        wanted = self._tile + by
        if not 0 <= wanted < count:
            return False
        self._tile = wanted
        self.update()
        return True

    def show_sheet(self, *, shown: bool) -> None:
        """Show all tiles of a clip, or the chosen one alone."""
        self._has_sheet = shown
        self.update()

    def scroll_text(self, lines: int) -> None:
        """Scroll the page that is open."""
        self._text.scroll_lines(lines)

    # Qt -------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the mat, then what the state allows."""
        painter = QPainter(self)
        stage_paint.paint(painter, self._picture())
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring where the keyboard brought the focus."""
        self._has_ring = event.reason() in _BY_KEYBOARD
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the lens on the picture."""
        super().resizeEvent(event)
        self._lens = QPointF(self.view().center())
        self._place_text()
        self.resized.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a look by pointer."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._choose_under(event.position())
            self._set_lens(geometry.clamped(event.position(), self.view()))
            self._is_held = True
            self.pointer_pressed.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a look by pointer."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._let_go()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the lens follow the pointer; a look by it ends outside the window."""
        window = self.window()
        where = self.mapTo(window, event.position().toPoint())
        if self._is_held and not window.rect().contains(where):
            self._let_go()
        self._set_lens(geometry.clamped(event.position(), self.view()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Magnify, or scroll the text that is open."""
        up = event.angleDelta().y() > 0
        if self._text.is_empty:
            self.magnify(1 if up else -1)
        else:
            self.scroll_text(-3 if up else 3)

    # ----------------------------------------------------------------------------

    def _let_go(self) -> None:
        """End a look by pointer, once for each press."""
        if self._is_held:
            self._is_held = False
            self.pointer_released.emit()

    def _picture(self) -> stage_paint.Picture:
        subject = self._subject
        return stage_paint.Picture(
            size=self.size(),
            kind=None if subject is None else subject.kind,
            state=self._state,
            pending=self._pending,
            concealed=self._concealed,
            refused=self._refused,
            said=self._said,
            is_withheld=self._is_withheld,
            clear=None if self._clear is None else self._clear.image,
            clear_area=QRectF() if self._clear is None else self._clear.area,
            clear_extent=None if self._clear is None else self._clear.extent,
            view=self.view(),
            tiles=self._tile_rects(),
            tile=self._tile,
            lens=self._lens_frame(),
            font=self.font(),
            has_focus=self.hasFocus() and self._has_ring,
            words=self._words(),
            is_reading=not self._text.is_empty,
        )

    def _words(self) -> str:
        if self._concealed is None or self._subject is None:
            return ""
        if self._subject.kind is Kind.TEXT:
            return f"{messages.BODY}, {media_words.body(self._concealed.info)}"
        return ""

    def _tile_rects(self) -> tuple[QRect, ...]:
        if self._subject is None or self._concealed is None:
            return ()
        if not self._concealed.tiles or not self._has_sheet:
            return ()
        rects = geometry.tile_rects(
            self.size(),
            view_px=max(self._subject.measures.view_px, tokens.SHEET_LEAST_PX),
            ratio=geometry.ratio_of(self._concealed.info),
        )
        return rects[: len(self._concealed.tiles)]

    def _lens_px(self, view: QRect) -> int:
        if self._subject is None:
            return 1
        shorter = min(view.width(), view.height())
        wanted = shorter * self._subject.lens_permille // 1000
        return min(max(wanted, self._subject.lens_least_px), shorter)

    def _lens_frame(self) -> QRectF:
        return geometry.lens_rect(
            self._lens, self.view(), self.lens_box(), zoom=self._zoom
        )

    def _set_lens(self, point: QPointF) -> None:
        self._lens = point
        if self._state is State.SHOWN or self._pending is not None:
            self.lens_changed.emit()
            self.update()

    def _choose_under(self, point: QPointF) -> None:
        if self._state is State.SHOWN:
            return
        for index, rect in enumerate(self._tile_rects()):
            if rect.contains(point.toPoint()):
                self._tile = index

    def _place_text(self) -> None:
        margin = tokens.SPACE_16
        width = min(self.width() - 2 * margin, tokens.PAGE_PX)
        left = (self.width() - width) // 2
        self._text.setGeometry(left, margin, width, self.height() - 2 * margin)

    def _drop(self) -> None:
        self._clear = None
        self._text.empty()
