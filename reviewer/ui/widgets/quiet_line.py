"""A quiet line: one sentence and what may be done about it, or nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from reviewer.ui import tokens
from reviewer.ui.building import button, label, row
from reviewer.ui.styling import give_role

Answer = tuple[str, Callable[[], None]]
"""What a button says and does; the line goes with any answer."""


class QuietLine(QFrame):
    """Takes focus from nothing, blinks never, and goes once it is answered."""

    def __init__(self, name: str, words: str, answers: tuple[Answer, ...]) -> None:
        super().__init__()
        self.setObjectName(name)
        give_role(self, "group")
        self.setAccessibleName(words)
        inner = row(space=tokens.SPACE_8, parent=self)
        inner.setContentsMargins(
            tokens.SPACE_12, tokens.SPACE_4, tokens.SPACE_8, tokens.SPACE_4
        )
        inner.addWidget(label(words, name=f"{name}Words"), 1)
        for index, (text, act) in enumerate(answers):
            answer = button(
                text, f"{name}Answer{index}", self._answering(act), role="link"
            )
            answer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            inner.addWidget(answer)

    def _answering(self, act: Callable[[], None]) -> Callable[[], None]:
        def answer() -> None:
            self.hide()
            act()

        return answer
