"""The owner's record: today, what is left, the days before. For one person's eyes."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QWidget

from reviewer.safeguards.limits import Caps
from reviewer.safeguards.overview import DayView, Overview
from reviewer.ui import tokens
from reviewer.ui.building import button, column, forget, label, row
from reviewer.ui.plain import one_line
from reviewer.ui.widgets.page import Page
from reviewer.ui.words import day as words

_FULL_PERCENT: Final = 100
_MOST_CHARACTERS: Final = 60


class RecordScreen(Page):
    """Numbers without a judgement: no average, no rank, no pace."""

    opt_out_wanted = Signal(str)
    opt_in_wanted = Signal(str)
    free_wanted = Signal(bool)
    forget_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("record", words.RECORD, words.RECORD_LINE)
        self._is_free = False
        self._is_sure = False
        _, today = self.card(words.TODAY)
        self._today = label(name="recordToday")
        today.addWidget(self._today)
        self._left = self._left_card()
        self._free_line = label(name="recordFree")
        self._free = button("", "recordFreeGo", self._toggle_free, role="large")
        self._free_card()
        self._tags = QWidget()
        self._tags_column = column(space=tokens.SPACE_4, parent=self._tags)
        self._tag = QLineEdit()
        self._tags_card()
        _, past = self.card(words.PAST)
        self._past = label(name="recordPast")
        past.addWidget(self._past)
        self._said = label(words.FORGET_LINE, "small", name="recordForgetLine")
        self._forget = button(words.FORGET, "recordForget", self._ask_forget)
        past.addWidget(self._said)
        past.addWidget(self._forget, 0, Qt.AlignmentFlag.AlignLeading)

    def fill(self, view: Overview) -> None:
        """Show it."""
        self._is_sure = False
        self._forget.setText(words.FORGET)
        self._today.setText("\n".join(_day_lines(view.today)))
        for value, text in zip(self._left, _left_words(view.left), strict=True):
            value.setText(text)
        notes = [words.RAMP] if view.ramp_percent < _FULL_PERCENT else []
        if any(_amounts(view)):
            notes.append(words.WITHHELD)
        self._notes.setText(" ".join(notes))
        self._notes.setVisible(bool(notes))
        self._is_free = view.today.is_graphic_free
        self._free_line.setText(words.FREE_ON if self._is_free else words.FREE_OFF)
        self._free.setText(words.TAKE_BACK if self._is_free else words.CHOOSE)
        self._free.setAccessibleName(self._free.text())
        self._fill_tags(view.opted_out)
        past = [
            ", ".join((words.day(day.begun), *_day_lines(day))) for day in view.past
        ]
        self._past.setText("\n".join(past) or words.PAST_NONE)
        self._forget.setVisible(bool(past))
        self._said.setVisible(bool(past))

    def start(self) -> None:
        """Begin at the top."""
        self.back.setFocus()

    def clear(self) -> None:
        """Hold nothing of anybody."""
        for each in (self._today, self._past, *self._left):
            each.clear()
        forget(self._tag)
        self._fill_tags(frozenset())

    # ----------------------------------------------------------------------------

    def _left_card(self) -> tuple[QLabel, ...]:
        _, inner = self.card(words.LEFT)
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.setVerticalSpacing(tokens.SPACE_4)
        values = []
        for index, name in enumerate(words.LEFT_WORDS):
            value = label(role="strong", name=f"recordLeft{index}")
            value.setAlignment(Qt.AlignmentFlag.AlignTrailing)
            grid.addWidget(label(name), index, 0)
            grid.addWidget(value, index, 1)
            values.append(value)
        inner.addLayout(grid)
        self._notes = label(role="small", name="recordNotes")
        inner.addWidget(self._notes)
        inner.addWidget(label(words.LIMITS_ARE, "small", name="recordLimits"))
        return tuple(values)

    def _free_card(self) -> None:
        _, inner = self.card(words.FREE)
        inner.addWidget(self._free_line)
        inner.addWidget(self._free, 0, Qt.AlignmentFlag.AlignLeading)

    def _tags_card(self) -> None:
        _, inner = self.card(words.TAGS)
        inner.addWidget(label(words.TAGS_LINE, "small"))
        inner.addWidget(self._tags)
        self._tag.setObjectName("recordTag")
        self._tag.setAccessibleName(words.TAG_FIELD)
        self._tag.setPlaceholderText(words.TAG_FIELD)
        self._tag.setMaxLength(_MOST_CHARACTERS)
        self._tag.returnPressed.connect(self._opt_out)
        acts = row(space=tokens.SPACE_8)
        acts.addWidget(self._tag, 1)
        acts.addWidget(button(words.OPT_OUT, "recordOptOut", self._opt_out))
        inner.addLayout(acts)

    def _fill_tags(self, tags: frozenset[str]) -> None:
        while (item := self._tags_column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for index, tag in enumerate(sorted(tags)):
            self._tags_column.addWidget(self._tag_row(index, tag))
        self._tags.setVisible(bool(tags))

    def _tag_row(self, index: int, tag: str) -> QFrame:
        frame = QFrame()
        inner = row(parent=frame)
        inner.addWidget(label(one_line(tag, limit=_MOST_CHARACTERS)), 1)
        back = button(
            words.OPT_IN,
            f"recordOptIn{index}",
            lambda: self.opt_in_wanted.emit(tag),
            role="link",
        )
        back.setAccessibleName(f"{words.OPT_IN}: {one_line(tag)}")
        inner.addWidget(back)
        return frame

    def _opt_out(self) -> None:
        tag = self._tag.text().strip()
        if tag:
            forget(self._tag)
            self.opt_out_wanted.emit(tag)

    def _toggle_free(self) -> None:
        self.free_wanted.emit(not self._is_free)

    def _ask_forget(self) -> None:
        """Ask once; the second press means it."""
        if self._is_sure:
            self.forget_wanted.emit()
            return
        self._is_sure = True
        self._forget.setText(words.FORGET_SURE)
        self._forget.setAccessibleName(words.FORGET_SURE)


def _day_lines(day: DayView) -> tuple[str, ...]:
    tally = day.tally
    free = (words.FREE_ON,) if day.is_graphic_free else ()
    return (
        words.views(tally.views),
        f"{words.seconds(sum(tally.clear_ms))} clear",
        f"{words.active(day.active_minutes)} active",
        words.tally(tally.breaks_count, tally.covers_count),
        *free,
    )


def _left_words(left: Caps) -> tuple[str, ...]:
    return (
        str(max(0, left.severe_views)),
        str(max(0, left.worst_views)),
        str(max(0, left.unrated_views)),
        words.minutes(max(0, left.severe_ms)),
        words.active(left.active_minutes),
        words.active(left.week_minutes),
    )


def _amounts(view: Overview) -> tuple[int, ...]:
    held = view.withheld
    return (
        held.severe_views,
        held.worst_views,
        held.unrated_views,
        held.severe_ms,
        held.active_minutes,
    )
