"""A long list of painted rows that are made when they are seen; it takes no focus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from reviewer.ui import tokens
from reviewer.ui.painting import draw_keycap, fill_round, keycap_width, sized
from reviewer.ui.styling import give_role, palette, scaled

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """What one row says; plain text, made visible by whoever fills it in."""

    title: str
    detail: str = ""
    """A second line, muted."""
    mark: str = ""
    """At the far end: a count, or how an item stands."""
    keys: tuple[str, ...] = ()
    is_heading: bool = False
    is_on: bool = False
    """Chosen, beside being where one is; told by a mark and not by colour alone."""

    @property
    def spoken(self) -> str:
        """Return the row for a screen reader."""
        chosen = "chosen" if self.is_on else ""
        parts = (self.title, chosen, self.detail, self.mark, " ".join(self.keys))
        return ", ".join(part for part in parts if part)


class RowModel(QAbstractListModel):
    """Asks for a row when the view shows it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._count = 0
        self._row_at: Callable[[int], ListRow] | None = None

    def fill(self, count: int, row_at: Callable[[int], ListRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._count, self._row_at = count, row_at
        self.endResetModel()

    def row_at(self, at: int) -> ListRow | None:
        """Return a row, made now."""
        if self._row_at is None or not 0 <= at < self._count:
            return None
        return self._row_at(at)

    def rowCount(self, _parent: Index | None = None) -> int:
        """Return how many rows there are."""
        return self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words of a row."""
        found = self.row_at(index.row())
        if found is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return found.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return found.spoken
        return None


class RowList(QListView):
    """Moves by calls, keeps what is current in sight, and tells what it says."""

    def __init__(self, name: str, words: str, *, is_tall: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        give_role(self, "scroll")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.rows = RowModel(self)
        self.setModel(self.rows)
        self.painted = _RowPainter(self, is_tall=is_tall)
        self.setItemDelegate(self.painted)

    def show_rows(self, count: int, row_at: Callable[[int], ListRow]) -> None:
        """Show other rows, from the first that is no heading."""
        self.rows.fill(count, row_at)
        self.go_to(0)

    def refresh(self) -> None:
        """Paint the same rows anew, where one is."""
        self.viewport().update()

    @property
    def at(self) -> int:
        """Return which row is current; -1 if there is none."""
        return self.currentIndex().row()

    def go_to(self, at: int, *, step: int = 1) -> None:
        """Make a row current, or the next one that is no heading."""
        count = self.rows.rowCount()
        wanted = min(max(at, 0), count - 1)
        for _ in range(count):
            row = self.rows.row_at(wanted)
            if row is not None and not row.is_heading:
                break
            if not 0 <= wanted + step < count:
                step = -step
            wanted += step
        self.setCurrentIndex(self.rows.index(wanted))

    def move(self, by: int) -> None:  # type: ignore[override]
        """Go up or down by rows; headings are stepped over."""
        self.go_to(self.at + by, step=1 if by > 0 else -1)

    def spoken(self) -> str:
        """Return what a screen reader says of the current row."""
        row = self.rows.row_at(self.at)
        return "" if row is None else row.spoken


class _RowPainter(QStyledItemDelegate):
    def __init__(self, view: RowList, *, is_tall: bool) -> None:
        super().__init__(view)
        self._view = view
        self._is_tall = is_tall
        self.is_lit = True
        """Whether the arrows move this list."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        height = tokens.ROW_TALL_PX if self._is_tall else tokens.TARGET_PX
        return QSize(tokens.TARGET_PX, scaled(height))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        row = self._view.rows.row_at(index.row())
        if row is None:
            return
        area = QRect(option.rect)
        colors = palette()
        is_here = index.row() == self._view.at and not row.is_heading
        color = colors.text
        if is_here:
            ground = colors.accent_soft if self.is_lit else colors.hover
            color = colors.on_accent_soft if self.is_lit else colors.text
            line = colors.focus if self.is_lit else ""
            fill_round(
                painter,
                QRectF(area).adjusted(1, 1, -1, -1),
                ground,
                tokens.RADIUS_SMALL,
                line=line,
            )
        inner = area.adjusted(tokens.SPACE_8, 0, -tokens.SPACE_8, 0)
        left = self._paint_end(painter, inner, row, color)
        self._paint_words(painter, inner, left, row, color)

    def _paint_end(
        self, painter: QPainter, inner: QRect, row: ListRow, color: str
    ) -> int:
        """Paint mark and keys from the far end; return the room that is left."""
        right = inner.width()
        font = sized(self._view, tokens.TYPE_12)
        if row.mark:
            painter.setFont(font)
            painter.setPen(QColor(color if row.is_on else palette().muted))
            wide = painter.fontMetrics().horizontalAdvance(row.mark)
            right -= wide
            area = QRect(inner.left() + right, inner.top(), wide, inner.height())
            painter.drawText(
                self._mirrored(area), Qt.AlignmentFlag.AlignVCenter, row.mark
            )
            right -= tokens.SPACE_8
        bold = sized(self._view, tokens.TYPE_12, bold=True)
        for key in reversed(row.keys):
            wide = int(keycap_width(bold, key))
            right -= wide
            high = scaled(tokens.KEYCAP_PX)
            top = inner.center().y() - high // 2
            cap = QRect(inner.left() + right, top, wide, high)
            draw_keycap(painter, QRectF(self._mirrored(cap)), key, palette(), bold)
            right -= tokens.SPACE_4
        return right

    def _paint_words(
        self, painter: QPainter, inner: QRect, room: int, row: ListRow, color: str
    ) -> None:
        small = sized(self._view, tokens.TYPE_12, bold=row.is_heading)
        plain = sized(self._view, tokens.TYPE_14, bold=row.is_on)
        painter.setFont(small if row.is_heading else plain)
        painter.setPen(QColor(palette().muted if row.is_heading else color))
        lines = 2 if row.detail else 1
        inner = inner.adjusted(0, tokens.SPACE_4, 0, -tokens.SPACE_4)
        high = inner.height() // lines
        title = f"✓ {row.title}" if row.is_on else row.title
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        for number, words in enumerate((title, row.detail)[:lines]):
            if number:
                painter.setFont(small)
                painter.setPen(QColor(palette().muted))
            wide = room if number == 0 else inner.width()
            area = QRect(inner.left(), inner.top() + number * high, wide, high)
            cut = painter.fontMetrics().elidedText(
                words, Qt.TextElideMode.ElideRight, wide
            )
            painter.drawText(self._mirrored(area), int(flags), cut)

    def _mirrored(self, area: QRect) -> QRect:
        view = self._view
        return QStyle.visualRect(view.layoutDirection(), view.viewport().rect(), area)
