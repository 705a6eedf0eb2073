"""What went wrong: what happened, what is safe, what to do, and the code."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from reviewer.errors import Code
from reviewer.ui import tokens
from reviewer.ui.building import column, label, row
from reviewer.ui.explanations import explain
from reviewer.ui.icons import Icon
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.mark import Mark


class ErrorPanel(QFrame):
    """Hidden until there is something to say; takes focus from nothing."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        give_role(self, "card")
        self.code: Code | None = None
        self._happened = label(role="strong", name=f"{name}Happened")
        self._rest = label(name=f"{name}Rest")
        self._code = label(role="code", name=f"{name}Code")
        outer = row(space=tokens.SPACE_8, margin=tokens.SPACE_12, parent=self)
        outer.addWidget(Mark(Icon.ALERT, small=True), 0, Qt.AlignmentFlag.AlignTop)
        inner = column(space=tokens.SPACE_4)
        outer.addLayout(inner, 1)
        inner.addWidget(self._happened)
        inner.addWidget(self._rest)
        inner.addWidget(self._code)
        self.hide()

    def show_code(self, code: Code) -> None:
        """Explain a code."""
        words = explain(code)
        self.code = code
        self._happened.setText(words.happened)
        self._rest.setText(f"{words.safe} {words.todo}")
        self._code.setText(code.value)
        self.setAccessibleName(f"{words.happened} {words.safe} {words.todo}")
        self.show()

    def show_words(self, words: str) -> None:
        """Say one thing that has no code, such as two passphrases that differ."""
        self.code = None
        self._happened.setText(words)
        self._rest.setText("")
        self._code.setText("")
        self.setAccessibleName(words)
        self._rest.hide()
        self._code.hide()
        self.show()

    def clear(self) -> None:
        """Say nothing."""
        self.code = None
        self._rest.show()
        self._code.show()
        self.hide()
