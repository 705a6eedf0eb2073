"""Fills the zones of the review screen with what the desk is at; decides nothing."""

from __future__ import annotations

from dataclasses import replace

from reviewer.domain.policy import PolicyPack
from reviewer.domain.rendition import MediaInfo
from reviewer.safeguards.breaks import Due
from reviewer.services.journaling import JournalState
from reviewer.services.session import BatchCard
from reviewer.ui import messages
from reviewer.ui.facade import Exposure
from reviewer.ui.item_view import left_view
from reviewer.ui.place import Place
from reviewer.ui.widgets.bottom_strip import Hint
from reviewer.ui.widgets.review_screen import ReviewScreen
from reviewer.ui.widgets.right_zone import RightView
from reviewer.ui.words import media as media_words


class Display:
    """Each method shows one thing; unchanged widgets are not painted again."""

    def __init__(self, screen: ReviewScreen, place: Place, pack: PolicyPack) -> None:
        """Fill this screen from this place."""
        self._screen = screen
        self._place = place
        self._pack = pack

    def batch(self, card: BatchCard) -> None:
        """Name the batch."""
        self._screen.top.show_batch(card.name, card.days_left)
        self._screen.right.say_last("")

    def item(self, info: MediaInfo, *, withheld: bool) -> None:
        """Show the words of the item on the stage; what is withheld opens no text."""
        row = self._place.row
        view = left_view(row, self._place.same_bytes(row), self._pack)
        if withheld:
            view = replace(view, severity_rating=None)
        self._screen.left.fill(view)
        self.media(info)

    def media(self, info: MediaInfo) -> None:
        """Say what is known of the media: plain numbers, no content."""
        self._screen.left.say_media(media_words.media(info))

    def choices(self, view: RightView) -> None:
        """Show the lit group."""
        self._screen.right.fill(view)
        self._screen.right.show_finished(finished=self._place.open_count() == 0)

    def keys(self, hints: tuple[Hint, ...], *, are_fixed: bool = False) -> None:
        """Show the keys that work now; fixed ones are on the map of nobody."""
        self._screen.bottom.show_hints(hints, are_fixed=are_fixed)

    def position(self) -> None:
        """Say where in the batch one is."""
        place = self._place
        self._screen.top.show_position(place.index, len(place.rows), place.open_count())

    def journal(self, state: JournalState) -> None:
        """Say how the journal stands."""
        words = messages.journal(state.entries, state.unsent, read_only=state.read_only)
        self._screen.top.show_journal(words)

    def rest(self, exposure: Exposure) -> None:
        """Say how far the next break is, in words only once it is due."""
        due = exposure.due()
        words = {
            Due.NO: "",
            Due.DUE: messages.BREAK_DUE,
            Due.HARD: messages.BREAK_OVERDUE,
        }[due]
        top = self._screen.top
        top.show_rest(words, pressing=due is Due.HARD)
        top.ring.show_minutes(exposure.minutes(), exposure.values.break_due_minutes)
