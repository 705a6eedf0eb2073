"""What the window is doing, as plain values; reads, never acts.

For the driver of the demonstration and for tests, which send key events to the
window and wait on these states, never on time.
"""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.ui.shell import Shell


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One look at the window."""

    screen: str
    """Object name of the screen: `firstRunScreen`, `unlockScreen`, `homeScreen`,
    `reviewScreen`, `submitScreen`, `receiptScreen`, `curtainScreen`, `filePicker`."""
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
    index: int
    items_count: int
    open_count: int
    lit: str
    """Which group the digits go to: `verdict`, `grounds`, `purpose`, `reason`,
    `ready`, `hand_back`, `severity`."""
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
        index=-1 if place is None else place.index,
        items_count=0 if place is None else len(place.rows),
        open_count=0 if place is None else place.open_count(),
        lit="" if desk is None else desk.lit,
        committing=desk is not None and desk.is_committing,
        journal="" if review is None else review.top.journal_words,
        error=_error(shell),
    )


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
