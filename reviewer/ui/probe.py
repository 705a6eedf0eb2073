"""What the window is doing, as plain values; reads, never acts.

For the driver of the demonstration and for tests, which send key events to the
window and wait on these states, never on time.
"""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.ui.desk.context import Context
from reviewer.ui.desk.grouping import Grouping
from reviewer.ui.desk.stacks import Stacks
from reviewer.ui.shell import Shell


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One look at the window."""

    screen: str
    """Object name of the screen: `firstRunScreen`, `unlockScreen`, `homeScreen`,
    `reviewScreen`, `submitScreen`, `receiptScreen`, `curtainScreen`, `filePicker`,
    `closureScreen`."""
    page: str
    """On the first screen: `ways`, `enrol`, `request`, `accept`, `requestMade`."""
    busy: bool
    """Work is under way whose result has not been shown yet."""
    stage: str
    """`covered`, `concealed`, `shown`, or empty where no batch is open."""
    step: str
    """Of the next look or of this one: `softened`, `grey`, `colour`."""
    pending: bool
    """An intent time runs."""
    painted: bool
    """The concealed picture of this item, or what stands for it, is there."""
    holds_clear: bool
    """The stage holds clear pixels or opened text."""
    refused: str
    """Why this item cannot be shown, or empty."""
    item_id: str
    is_open: bool
    """Nothing was concluded about this item yet."""
    index: int
    items_count: int
    open_count: int
    lit: str
    """Which group the digits go to: `verdict`, `grounds`, `purpose`, `reason`,
    `ready`, `hand_back`, `severity`, `contexts`, `threat`, `minor`, `sealed`."""
    limit: str
    """Which limit the stage explains, because a look was tried: `worst_views` and
    the other reasons of `safeguards.limits`; else empty."""
    grouped: bool
    """All copies in the batch are known, as far as they can be."""
    copies: int
    """Copies of this item that are known."""
    contexts: int
    """Distinct contexts that Enter would confirm, while `lit` is `contexts`."""
    ticked: int
    """Copies that would be decided along by it."""
    committing: bool
    """A commit has not been confirmed yet."""
    journal: str
    """The words of the strip."""
    error: str
    """The code of the error that is shown on this screen, or empty."""


def look(shell: Shell) -> Seen:
    """Return the present state of the window."""
    desk, review = shell.desk, shell.review
    reveal = None if desk is None else desk.looking.reveal
    place = None if desk is None else desk.place
    parts = _Parts(None if desk is None else desk.context)
    return Seen(
        screen=shell.window.screen_name,
        page=shell.first_run.page_name,
        busy=shell.tasks.busy or (desk is not None and desk.is_looking_around),
        stage="" if reveal is None else reveal.state.value,
        step="" if reveal is None else reveal.step.name.lower(),
        pending=reveal is not None and reveal.pending is not None,
        painted=review is not None and review.stage.is_painted,
        holds_clear=review is not None and review.stage.holds_clear,
        refused="" if review is None else review.stage.refused_code,
        item_id="" if place is None else place.row.item.id,
        is_open=place is not None and place.is_open(place.index),
        index=-1 if place is None else place.index,
        items_count=0 if place is None else len(place.rows),
        open_count=0 if place is None else place.open_count(),
        lit="" if desk is None else desk.lit,
        limit=_limit(shell),
        grouped=bool(parts.grouping and parts.grouping.is_done),
        copies=parts.copies(),
        contexts=parts.contexts(),
        ticked=parts.ticked(),
        committing=desk is not None and desk.is_committing,
        journal="" if review is None else review.top.journal_words,
        error=_error(shell),
    )


class _Parts:
    """What the parts of the desk that know of copies hold; nothing without a desk."""

    def __init__(self, context: Context | None) -> None:
        parts = () if context is None else context.parts
        self.grouping = next((p for p in parts if isinstance(p, Grouping)), None)
        self._stacks = next((p for p in parts if isinstance(p, Stacks)), None)

    def copies(self) -> int:
        """Return how many copies of the item are known."""
        stack = None if self._stacks is None else self._stacks.stack
        return 0 if stack is None else len(stack.copies)

    def contexts(self) -> int:
        """Return how many contexts would be confirmed."""
        asked = None if self._stacks is None else self._stacks.asked
        return 0 if asked is None else asked.confirmation.contexts_count

    def ticked(self) -> int:
        """Return how many copies would be decided along."""
        asked = None if self._stacks is None else self._stacks.asked
        return 0 if asked is None else len(asked.confirmation.chosen)


def _limit(shell: Shell) -> str:
    """Return the reason that the stage explains, if a look was refused by a limit."""
    desk, review = shell.desk, shell.review
    if desk is None or review is None or not review.stage.refusal_words:
        return ""
    refusal = desk.looking.refusal
    return "" if refusal is None else refusal.reason.value


def _error(shell: Shell) -> str:
    """Return the code on the screen that is shown."""
    panels = {
        "unlockScreen": shell.unlock.error,
        "curtainScreen": shell.curtain.error,
        "homeScreen": shell.home.error,
        "submitScreen": shell.submit.error,
    }
    pages = {
        "enrol": shell.first_run.online.error,
        "request": shell.first_run.request.error,
        "accept": shell.first_run.accept.error,
    }
    screen = shell.window.screen_name
    panel = panels.get(screen)
    if screen == "firstRunScreen":
        panel = pages.get(shell.first_run.page_name)
    if screen == "reviewScreen" and shell.review is not None:
        panel = shell.review.right.error
    return "" if panel is None or panel.code is None else panel.code.value
