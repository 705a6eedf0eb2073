"""A small window that says why the program does not start, and nothing else."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QWidget

from reviewer.errors import Code
from reviewer.ui import capture, messages, tokens
from reviewer.ui.building import button, column
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.error_panel import ErrorPanel


class Notice(QWidget):
    """Explains one code and can be closed."""

    def __init__(self, code: Code) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setWindowTitle(messages.APP)
        capture.guard(self)
        give_role(self, "screen")
        self.error = ErrorPanel("noticeError")
        inner = column(space=tokens.SPACE_12, parent=self)
        inner.setContentsMargins(*[tokens.SPACE_24] * 4)
        inner.addWidget(self.error)
        done = button(messages.CLOSE, "noticeClose", self._leave, role="primary")
        inner.addWidget(done)
        self.error.show_code(code)
        inner.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.resize(tokens.FORM_PX, self.sizeHint().height() + tokens.SPACE_24 * 2)
        done.setFocus()

    def _leave(self) -> None:
        self.close()
