"""Context as rows of a name and a value; what is missing is said, not hidden."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from reviewer.ui import tokens
from reviewer.ui.building import label
from reviewer.ui.plain import breakable, direction_of, one_line
from reviewer.ui.styling import change_role

ROWS_COUNT = 8


class FactsTable(QWidget):
    """A fixed stock of rows, filled again for each item; nothing jumps."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("facts")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(tokens.SPACE_12)
        grid.setVerticalSpacing(tokens.SPACE_4)
        grid.setColumnMinimumWidth(0, tokens.CONTEXT_LABEL_PX)
        grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        top = Qt.AlignmentFlag.AlignTop
        for index in range(ROWS_COUNT):
            name, value = label(role="muted"), label()
            value.setSizePolicy(
                QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
            )
            grid.addWidget(name, index, 0, top)
            grid.addWidget(value, index, 1, top)
            self._rows.append((name, value))

    def fill(self, facts: tuple[tuple[str, str, str], ...]) -> None:
        """Show rows of name, value and role of the value."""
        for index, (name, value) in enumerate(self._rows):
            shown = index < len(facts)
            name.setVisible(shown)
            value.setVisible(shown)
            if not shown:
                value.clear()
                continue
            fact, text, role = facts[index]
            name.setText(fact)
            value.setText(breakable(one_line(text)))
            value.setAccessibleName(f"{fact}: {one_line(text)}")
            change_role(value, role)
            right = direction_of(text) is Qt.LayoutDirection.RightToLeft
            side = Qt.AlignmentFlag.AlignAbsolute | (
                Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            )
            value.setAlignment(side | Qt.AlignmentFlag.AlignTop)
