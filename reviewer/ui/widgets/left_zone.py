"""The left zone: reference, tags, context, match, item text."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from reviewer.safeguards.reveal import Event
from reviewer.ui import messages, tokens
from reviewer.ui.building import column, label, line, row, rule, scrolled
from reviewer.ui.plain import breakable
from reviewer.ui.widgets.facts_table import FactsTable
from reviewer.ui.widgets.tag_flow import TagFlow
from reviewer.ui.widgets.text_section import TextSection


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftView:
    """What the left zone shows of one item, in words."""

    item_id: str
    """Tells another item from the same one shown afresh."""
    ref: str
    kind: str
    severity: str
    kept: bool
    tags: tuple[str, ...]
    facts: tuple[tuple[str, str, str], ...]
    matches: tuple[str, ...]
    texts: tuple[tuple[str, str | None], ...]
    """Title and text, in the order shown."""
    severity_rating: int | None


TEXTS_COUNT = 5


class LeftZone(QFrame):
    """Where most decisions are made."""

    text_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("leftZone")
        self.setAccessibleName(messages.CONTEXT)
        self._view: LeftView | None = None
        self._ref = line(role="title", name="itemRef")
        self._kept = line(messages.KEPT, "soft", name="itemKept")
        self._kind = label(role="muted", name="itemKind")
        self.tags = TagFlow()
        self.facts = FactsTable()
        self._match_title = label(messages.MATCH, "overline")
        self._match = label(role="soft", name="itemMatch")
        self._copies = label(role="strong", name="itemCopies")
        self._texts_title = label(messages.ITEM_TEXT, "overline")
        self.texts = [TextSection(f"itemText{index}") for index in range(TEXTS_COUNT)]
        self._lay_out()

    def _lay_out(self) -> None:
        content = QWidget()
        inner = column(space=tokens.SPACE_8, margin=tokens.SPACE_16, parent=content)
        head = row()
        head.addWidget(self._ref)
        head.addStretch(1)
        head.addWidget(self._kept)
        inner.addLayout(head)
        inner.addWidget(self._kind)
        inner.addSpacing(tokens.SPACE_4)
        inner.addWidget(self.tags)
        inner.addSpacing(tokens.SPACE_8)
        inner.addWidget(rule())
        inner.addSpacing(tokens.SPACE_4)
        inner.addWidget(self.facts)
        inner.addSpacing(tokens.SPACE_8)
        inner.addWidget(self._copies)
        inner.addWidget(self._match_title)
        inner.addWidget(self._match)
        inner.addWidget(self._texts_title)
        for index, section in enumerate(self.texts):
            section.asked.connect(lambda at=index: self.text_asked.emit(at))
            inner.addWidget(section)
        inner.addStretch(1)
        outer = column(space=0, parent=self)
        self._area = scrolled(content, "leftArea")
        outer.addWidget(self._area)

    def fill(self, view: LeftView) -> None:
        """Show an item; the one that is here already opens none of its texts."""
        is_same = self._view is not None and self._view.item_id == view.item_id
        self._ref.setText(view.ref)
        self._kept.setVisible(view.kept)
        self._view = view
        self.say_media("")
        self.tags.fill(view.tags)
        self.facts.fill(view.facts)
        self._match_title.setVisible(bool(view.matches))
        self._match.setVisible(bool(view.matches))
        self._match.setText(breakable("\n".join(view.matches)))
        self._texts_title.setVisible(any(text for _, text in view.texts))
        for section, (title, text) in zip(self.texts, view.texts, strict=True):
            section.fill(title, text, view.severity_rating, afresh=not is_same)
        if not is_same:
            self.say_copies("")
            self._area.verticalScrollBar().setValue(0)

    def say_media(self, words: str) -> None:
        """Say how long a clip or text is, once that is known."""
        if self._view is None:
            return
        severity = f"{messages.SEVERITY.lower()} {self._view.severity}"
        parts = (self._view.kind, words, severity)
        self._kind.setText(" · ".join(part for part in parts if part))

    def say_copies(self, words: str) -> None:
        """Say how many copies there are, once that is known."""
        self._copies.setText(words)
        self._copies.setVisible(bool(words))

    def answer(self, event: Event, *, may_reveal: bool) -> None:
        """Hand an event to every item text."""
        for section in self.texts:
            section.answer(event, may_reveal=may_reveal)

    def clear(self) -> None:
        """Hold nothing: curtain, lock, leaving the batch."""
        self._view = None
        self._ref.clear()
        self._kind.clear()
        self._match.clear()
        self._copies.clear()
        self.tags.fill(())
        self.facts.fill(())
        for section in self.texts:
            section.clear()
