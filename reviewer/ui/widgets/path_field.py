"""A field for a file's path, with a way to choose one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from reviewer.ui import messages, tokens
from reviewer.ui.building import button, forget, row
from reviewer.ui.icons import Icon


class PathField(QWidget):
    """Never remembers a path: there is no recent-files list."""

    wanted = Signal()
    entered = Signal()

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self.edit = QLineEdit()
        self.edit.setObjectName(name)
        self.edit.setAccessibleName(label)
        self.edit.returnPressed.connect(self.entered)
        choose = button(
            messages.CHOOSE_FILE, f"{name}Choose", self.wanted.emit, icon=Icon.FILE
        )
        inner = row(space=tokens.SPACE_8, parent=self)
        inner.addWidget(self.edit, 1)
        inner.addWidget(choose)
        self.setFocusProxy(self.edit)

    def path(self) -> Path | None:
        """Return the path that stands there, None if none does."""
        text = self.edit.text().strip()
        return Path(text).expanduser() if text else None

    def set_path(self, path: Path) -> None:
        """Put a path in."""
        self.edit.setText(str(path))

    def clear(self) -> None:
        """Forget the path."""
        forget(self.edit)
