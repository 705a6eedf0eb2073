"""Review a batch by keys: look, decide, confirm copies, meet a limit, rest, hand back.

What the walk counts is what the window showed: a look that a limit refused, contexts
that were confirmed, and by how many items fewer are open after one verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt

from reviewer.demo.hands import PATIENCE_S, Hands
from reviewer.ui.probe import Seen

LOOKS_COUNT: Final = 3
"""Concealed items that the walk reveals; the others are decided from context."""

_Key = Qt.Key


@dataclass(slots=True)
class Walked:
    """What the walk saw."""

    refused: dict[str, str] = field(default_factory=dict)
    """Code by item id."""
    revealed: int = 0
    contexts_confirmed: int = 0
    members_decided_by_stack: int = 0
    """Copies that a verdict on another item decided."""
    limits: list[str] = field(default_factory=list)
    """Each look that a limit refused, by the reason that the window gave."""
    finished: bool = False


@dataclass(frozen=True, slots=True)
class _Stack:
    """What one verdict did to copies."""

    contexts: int = 0
    members: int = 0


class Review:
    """One way through one open batch."""

    def __init__(self, hands: Hands, walked: Walked, screens: Path) -> None:
        """Note in `walked` what is seen, and save screens into a folder."""
        self._hands = hands
        self._walked = walked
        self._screens = screens
        self._looks = 0
        self._stack = _Stack()
        self._undone = False
        self._removed = False
        self._rested = False
        self._handed_back = False

    def go(self, *, take_a_break: Callable[[], None]) -> None:
        """Conclude every item.

        Raises:
            StuckError: the window did not do what it should.
        """
        seen = self._gathered()
        self._save("06-concealed", once=True)
        while seen.open_count:
            self._attend(seen)
            seen = self._settled(seen)
            if not self._undone:
                seen = self._undo(seen.open_count)
            if self._removed and not self._rested and seen.open_count:
                take_a_break()
                self._rested = True
                seen = self._gathered()
        self._hands.wait("the journal", lambda now: not now.committing and not now.busy)

    def _gathered(self) -> Seen:
        """Wait until every copy in the batch is known, at an item that is open."""
        count = self._hands.see().items_count
        self._hands.wait(
            "the copies", lambda seen: seen.grouped, patience_s=PATIENCE_S + count
        )
        seen = self._ready()
        if not seen.is_open:  # the batch opens at what was opened last
            self._hands.tap(_Key.Key_J)
            seen = self._ready()
        return seen

    def _ready(self) -> Seen:
        return self._hands.wait(
            "the picture", lambda seen: seen.painted and not seen.busy
        )

    # One item -------------------------------------------------------------------

    def _attend(self, seen: Seen) -> None:
        if seen.refused:
            self._walked.refused[seen.item_id] = seen.refused
        elif seen.stage == "covered" and not self._walked.limits:
            self._hands.tap(_Key.Key_Space)
            self._look(seen)
        elif seen.stage == "concealed" and self._looks < LOOKS_COUNT:
            self._looks += 1
            self._look(seen)
        self._conclude(seen)

    def _look(self, seen: Seen) -> None:
        """Hold the lens until something is shown, or a limit says why not; let go."""
        hands, walked = self._hands, self._walked
        hands.down(_Key.Key_Space)
        now = hands.wait(
            "a look",
            lambda now: (
                bool(now.refused)
                or (not now.busy and (now.holds_clear or bool(now.limit)))
            ),
        )
        if now.refused:
            walked.refused[seen.item_id] = now.refused
        elif now.limit:
            walked.limits.append(now.limit)
            self._save("07-limit")
        else:
            walked.revealed += 1
            self._save("07-revealed", once=True)
        hands.up(_Key.Key_Space)
        hands.wait("concealment", lambda now: not now.holds_clear)

    def _conclude(self, seen: Seen) -> None:
        """Remove, hand back, or keep: each way is walked at least once."""
        may_hand_back = self._undone and not self._handed_back
        if may_hand_back and (seen.refused or seen.open_count == 1):
            self._hand_back()
        elif self._looks == LOOKS_COUNT and not self._removed:
            self._remove()
        else:
            self._hands.tap(_Key.Key_1)

    def _remove(self) -> None:
        """Six keys: verdict, ground, close, purpose, reason, commit."""
        hands = self._hands
        hands.tap(_Key.Key_2, _Key.Key_1)
        self._save("08-deciding")
        hands.tap(_Key.Key_Return, _Key.Key_0, _Key.Key_1)
        hands.tap(_Key.Key_Return)
        self._removed = True

    def _hand_back(self) -> None:
        hands = self._hands
        hands.tap(_Key.Key_H)
        hands.wait("the reasons", lambda seen: seen.lit == "hand_back")
        hands.tap(_Key.Key_Return)
        self._handed_back = True

    # After it -------------------------------------------------------------------

    def _settled(self, before: Seen) -> Seen:
        """Wait for the next item, and confirm the contexts of copies on the way."""
        now = self._hands.wait(
            "the commit",
            lambda now: (
                _is_calm(now)
                and (now.lit == "contexts" or now.open_count < before.open_count)
            ),
        )
        self._stack = _Stack()
        if now.lit == "contexts":
            now = self._confirm(before, now)
        return self._ready() if now.open_count else now

    def _confirm(self, before: Seen, asked: Seen) -> Seen:
        """Confirm what is ticked to begin with, and nothing else."""
        if asked.ticked:
            self._save("08-contexts", once=True)
        self._hands.tap(_Key.Key_Return)
        now = self._hands.wait(
            "the copies' commit",
            lambda now: _is_calm(now) and now.open_count < before.open_count,
        )
        if asked.ticked:
            members = before.open_count - now.open_count - 1
            self._stack = _Stack(contexts=asked.contexts, members=members)
            self._count(self._stack, 1)
        return now

    def _undo(self, left: int) -> Seen:
        """Take the first decision back, see it return, and decide again."""
        hands = self._hands
        hands.tap(_Key.Key_U)
        all_back = left + 1 + self._stack.members
        hands.wait("undo", lambda seen: seen.open_count == all_back and _is_calm(seen))
        self._count(self._stack, -1)
        self._undone = True
        return self._ready()

    def _count(self, stack: _Stack, sign: int) -> None:
        self._walked.contexts_confirmed += sign * stack.contexts
        self._walked.members_decided_by_stack += sign * stack.members

    def _save(self, name: str, *, once: bool = False) -> None:
        known = any(path.stem == name for path in self._hands.screens)
        if not (once and known):
            self._hands.save(self._screens / f"{name}.png")


def _is_calm(seen: Seen) -> bool:
    return not seen.committing and not seen.busy
