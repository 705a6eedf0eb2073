"""How the stage looks in each of its states. Paints; decides and holds nothing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen

from reviewer.domain.item import Kind
from reviewer.domain.rendition import Extent
from reviewer.errors import Code
from reviewer.safeguards.reveal import State
from reviewer.ui import messages, tokens
from reviewer.ui.explanations import explain
from reviewer.ui.fonts import set_weight
from reviewer.ui.icons import Icon, draw_icon
from reviewer.ui.painting import draw_focus, fill_round
from reviewer.ui.pictures import Concealed
from reviewer.ui.styling import palette
from reviewer.ui.words.limits import Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything that one painting of the stage needs."""

    size: QSize
    kind: Kind | None
    state: State
    pending: Extent | None
    concealed: Concealed | None
    refused: Code | None
    said: Saying | None
    is_withheld: bool
    clear: QImage | None
    clear_area: QRectF
    clear_extent: Extent | None
    view: QRect
    tiles: tuple[QRect, ...]
    tile: int
    lens: QRectF
    font: QFont
    has_focus: bool
    words: str
    is_reading: bool
    """The page of text lies over the stage and needs no plate behind it."""


def paint(painter: QPainter, it: Picture) -> None:
    """Paint the stage."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.fillRect(QRect(0, 0, it.size.width(), it.size.height()), _color("mat"))
    if it.is_withheld:
        _paint_withheld(painter, it)
    elif it.kind is not None:
        _paint_item(painter, it)
        if it.said is not None:
            _paint_said(painter, it, it.said)
    if it.has_focus:
        area = QRectF(0, 0, it.size.width(), it.size.height())
        draw_focus(painter, area.adjusted(2, 2, -2, -2), palette())


def _paint_item(painter: QPainter, it: Picture) -> None:
    if it.refused is not None:
        _paint_refusal(painter, it, it.refused)
    elif it.state is State.COVERED:
        line = messages.COVERED_LINE
        if it.kind is Kind.TEXT:
            line = messages.COVERED_TEXT_LINE
        _paint_plate(painter, it, Icon.EYE_OFF, messages.COVERED, (line,))
    elif it.concealed is None:
        _paint_plate(painter, it, Icon.CLOCK, messages.PREPARING, ())
    elif it.is_reading:
        return
    elif it.kind is Kind.TEXT:
        _paint_plate(painter, it, Icon.TEXT, it.words, (messages.TEXT_CONCEALED,))
    else:
        _paint_media(painter, it, it.concealed)


def _paint_media(painter: QPainter, it: Picture, concealed: Concealed) -> None:
    is_looking = it.pending is not None or it.clear is not None
    is_sheet = bool(it.tiles) and it.state is State.CONCEALED and not is_looking
    if is_sheet:
        _paint_sheet(painter, it, concealed)
        return
    backdrop = concealed.still
    if it.tile < len(concealed.tiles):
        backdrop = concealed.tiles[it.tile]
    if backdrop is not None:
        painter.drawImage(it.view, backdrop)
    if it.clear is not None and it.clear_extent is Extent.WHOLE:
        painter.drawImage(it.view, it.clear)
    elif it.clear is not None:
        _paint_lens(painter, it.clear, it.clear_area)
    if it.pending is not None and it.clear is None:
        _paint_frame(painter, it)


def _paint_sheet(painter: QPainter, it: Picture, concealed: Concealed) -> None:
    for index, rect in enumerate(it.tiles):
        painter.drawImage(rect, concealed.tiles[index])
        if index == it.tile:
            gap = tokens.SPACE_4
            area = QRectF(rect).adjusted(-gap, -gap, gap, gap)
            draw_focus(painter, area, palette())


def _paint_lens(painter: QPainter, image: QImage, area: QRectF) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addEllipse(area)
    painter.setClipPath(path)
    painter.drawImage(area, image)
    painter.setClipping(False)
    _ring(painter, area)
    painter.restore()


def _paint_frame(painter: QPainter, it: Picture) -> None:
    """Draw where the look will be, while its intent time runs."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if it.pending is Extent.LENS:
        _ring(painter, it.lens)
    else:
        painter.setPen(QPen(_color("focus"), tokens.FOCUS_PX))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(it.view)
    painter.restore()


def _ring(painter: QPainter, area: QRectF) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_color("panel"), tokens.SPACE_4))
    painter.drawEllipse(area)
    painter.setPen(QPen(_color("focus"), tokens.FOCUS_PX))
    painter.drawEllipse(area)


def _paint_refusal(painter: QPainter, it: Picture, code: Code) -> None:
    words = explain(code)
    lines = (words.happened, words.safe, words.todo, code.value)
    _paint_plate(painter, it, Icon.NOT_SHOWN, messages.REFUSED_TITLE, lines)


def _paint_withheld(painter: QPainter, it: Picture) -> None:
    title = messages.COVERED if it.said is None else it.said.title
    lines = () if it.said is None else it.said.lines
    _paint_plate(painter, it, Icon.EYE_OFF, title, lines)


def _paint_said(painter: QPainter, it: Picture, said: Saying) -> None:
    """Draw a card at the foot of the stage that says why no look is possible."""
    colors = palette()
    pad, gap = tokens.SPACE_16, tokens.SPACE_4
    room = it.size.width() - 2 * tokens.SPACE_16
    text_px = min(room, tokens.FORM_PX) - 2 * pad
    font = QFont(it.font)
    heights = [_text_height(painter, font, line, text_px) for line in said.lines]
    height = 2 * pad + tokens.SPACE_24 + sum(each + gap for each in heights)
    left = (it.size.width() - text_px) / 2 - pad
    top = it.size.height() - tokens.SPACE_16 - height
    card = QRectF(left, top, text_px + 2 * pad, height)
    fill_round(painter, card, colors.plate, tokens.RADIUS_LARGE)
    font.setPixelSize(tokens.TYPE_16)
    set_weight(font, bold=True)
    painter.setFont(font)
    painter.setPen(QColor(colors.plate_text))
    line_area = QRectF(left + pad, top + pad, text_px, tokens.SPACE_24)
    painter.drawText(line_area, Qt.AlignmentFlag.AlignCenter, said.title)
    top += pad + tokens.SPACE_24 + gap
    painter.setPen(QColor(colors.plate_muted))
    painter.setFont(it.font)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    for line, tall in zip(said.lines, heights, strict=True):
        painter.drawText(QRectF(left + pad, top, text_px, tall), int(flags), line)
        top += tall + gap


def _paint_plate(
    painter: QPainter, it: Picture, icon: Icon, title: str, lines: tuple[str, ...]
) -> None:
    """Draw a neutral plate with an icon, a title and lines in its middle."""
    colors = palette()
    view = QRectF(it.view)
    fill_round(painter, view, colors.plate, tokens.RADIUS_LARGE)
    text_px = min(view.width() - 2 * tokens.SPACE_16, tokens.FORM_PX)
    font = QFont(it.font)
    heights = [_text_height(painter, font, line, text_px) for line in lines]
    block: float = tokens.ICON_LARGE_PX + tokens.SPACE_12 + tokens.SPACE_24
    block += sum(height + tokens.SPACE_4 for height in heights)
    top = view.center().y() - block / 2
    side = tokens.ICON_LARGE_PX
    middle = view.center().x()
    draw_icon(
        painter, icon, QRectF(middle - side / 2, top, side, side), colors.plate_muted
    )
    top += side + tokens.SPACE_12
    font.setPixelSize(tokens.TYPE_16)
    set_weight(font, bold=True)
    painter.setFont(font)
    painter.setPen(QColor(colors.plate_text))
    left = middle - text_px / 2
    title_area = QRectF(left, top, text_px, tokens.SPACE_24)
    painter.drawText(title_area, Qt.AlignmentFlag.AlignCenter, title)
    top += tokens.SPACE_24 + tokens.SPACE_4
    painter.setPen(QColor(colors.plate_muted))
    painter.setFont(it.font)
    for line, height in zip(lines, heights, strict=True):
        area = QRectF(QPointF(left, top), QPointF(left + text_px, top + height))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area, int(flags), line)
        top += height + tokens.SPACE_4


def _text_height(painter: QPainter, font: QFont, text: str, width: float) -> float:
    painter.setFont(font)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    box = painter.boundingRect(QRectF(0, 0, width, tokens.FORM_PX), int(flags), text)
    return box.height()


def _color(role: str) -> QColor:
    return QColor(str(getattr(palette(), role)))
