"""What a person asks for beside the work: support, record, settings, quiet lines.

Every page here lies over another and leads back to it. A lock or a curtain empties
those that hold anything of anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from reviewer.domain.preferences import Preferences
from reviewer.errors import ReviewerError
from reviewer.safeguards.breaks import Due
from reviewer.safeguards.values import BY_KEY, organisation_value
from reviewer.ui import bindings, theming
from reviewer.ui.day.beside import Around, Beside
from reviewer.ui.facade import Work
from reviewer.ui.widgets.quiet_line import QuietLine
from reviewer.ui.widgets.record_screen import RecordScreen
from reviewer.ui.widgets.settings_screen import Bounds, SettingsScreen
from reviewer.ui.words import day as words


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What is asked once after an unlock."""

    has_pin: bool
    pin_offered: bool
    preferences: Preferences
    preferences_lost: bool
    bounds: Bounds


class Owning(Beside):
    """One for a window."""

    def __init__(self, around: Around, parent: QObject) -> None:
        super().__init__(around, parent)
        screens, sitting = around.screens, around.sitting
        self._facts: _Facts | None = None
        self._answered: set[str] = set()
        """Quiet lines that were answered since the unlock."""
        home = screens.home
        for door in screens.doors:
            door.support_wanted.connect(self.show_support)
        screens.first_run.support_wanted.connect(self.show_support)
        home.support_wanted.connect(self.show_support)
        home.record_wanted.connect(self.show_record)
        home.settings_wanted.connect(self.show_settings)
        sitting.opened.connect(self._opened)
        sitting.at_home.connect(self._show_lines)
        sitting.put_off.connect(self._emptied)

    # Support --------------------------------------------------------------------

    def show_support(self) -> None:
        """Show whom to talk to, over whatever is shown; nothing has to be unlocked."""
        page = self._screens.support
        self._screens.show_page(page)
        page.start(self._entrance.support_lines())

    # The record -----------------------------------------------------------------

    def show_record(self) -> None:
        """Show the owner what the ledger holds."""
        work = self._sitting.work
        if work is None:
            return
        first = "record" not in self._screens.__dict__
        page = self._screens.record
        if first:
            self._connect_record(page)
        page.fill(work.exposure.view())
        self._screens.show_page(page)
        page.start()

    def _connect_record(self, page: RecordScreen) -> None:
        page.opt_out_wanted.connect(
            lambda tag: self._on_record(lambda work: work.exposure.opt_out(tag))
        )
        page.opt_in_wanted.connect(
            lambda tag: self._on_record(lambda work: work.exposure.opt_in(tag))
        )
        page.free_wanted.connect(
            lambda on: self._on_record(
                lambda work: work.exposure.choose_graphic_free(chosen=on)
            )
        )
        page.forget_wanted.connect(
            lambda: self._on_record(lambda work: work.exposure.forget_history())
        )

    def _on_record(self, act: Callable[[Work], None]) -> None:
        """Change the ledger in memory, show it, and write it down."""
        work = self._sitting.work
        if work is None:
            return
        act(work)
        self._screens.record.fill(work.exposure.view())
        self._save(work)

    def _save(self, work: Work) -> None:
        self._tasks.submit(
            work.exposure.save, on_success=_nothing, on_failure=self._not_saved
        )

    def _not_saved(self, error: ReviewerError) -> None:
        self._screens.leave_page()
        self._screens.home.show_error(error.code)

    # Settings -------------------------------------------------------------------

    def show_settings(self) -> None:
        """Show the reviewer's own settings."""
        facts = self._facts
        if self._sitting.work is None or facts is None:
            return
        first = "settings" not in self._screens.__dict__
        page = self._screens.settings
        if first:
            self._connect_settings(page)
        page.fill(facts.preferences, facts.bounds)
        page.pin.show_state(is_set=facts.has_pin)
        self._screens.show_page(page)
        page.start()

    def _connect_settings(self, page: SettingsScreen) -> None:
        page.changed.connect(self._put_preferences)
        page.keys_wanted.connect(self._show_keys)
        page.offer_keys()
        page.pin.chosen.connect(self._choose_pin)
        page.pin.removed.connect(self._remove_pin)
        page.left.connect(page.pin.clear)

    def _show_keys(self) -> None:
        facts, first = self._facts, "keys" not in self._screens.__dict__
        if self._sitting.work is None or facts is None:
            return
        page = self._screens.keys
        if first:
            page.bindings.changed.connect(self._put_preferences)
        page.bindings.show_preferences(facts.preferences)
        self._screens.show_page(page)
        page.start()

    def _put_preferences(self, preferences: Preferences) -> None:
        work, facts = self._sitting.work, self._facts
        if work is None or facts is None:
            return
        self._facts = replace(facts, preferences=preferences)
        self._apply(preferences)
        self._tasks.submit(
            lambda: work.put_preferences(preferences),
            on_success=_nothing,
            on_failure=self._not_saved,
        )

    def _choose_pin(self, pin: str) -> None:
        work, form = self._sitting.work, self._screens.settings.pin
        if work is None:
            return
        self._tasks.submit(
            lambda: work.pins.choose(pin),
            on_success=lambda _: self._pin_is(has_pin=True, said=words.PIN_SAVED),
            on_failure=lambda error: form.show_error(error.code),
        )

    def _remove_pin(self) -> None:
        self._without_pin(words.PIN_REMOVED)

    def _without_pin(self, said: str) -> None:
        work = self._sitting.work
        if work is not None:
            self._tasks.submit(
                work.pins.forget,
                on_success=lambda _: self._pin_is(has_pin=False, said=said),
                on_failure=self._not_saved,
            )

    def _pin_is(self, *, has_pin: bool, said: str) -> None:
        if self._facts is None or self._sitting.work is None:
            return
        self._facts = replace(self._facts, has_pin=has_pin, pin_offered=True)
        self._sitting.has_pin = has_pin
        self._screens.home.drop_line("offerPin")
        if "settings" in self._screens.__dict__:
            self._screens.settings.pin.show_state(is_set=has_pin, said=said)

    # Quiet lines on home --------------------------------------------------------

    def _opened(self) -> None:
        work = self._sitting.work
        if work is None:
            return
        self._answered = set()
        self._tasks.submit(
            lambda: _ask_facts(work), on_success=self._take_facts, on_failure=_nothing
        )

    def _take_facts(self, facts: _Facts) -> None:
        if self._sitting.work is None:
            return
        self._facts = facts
        self._sitting.has_pin = facts.has_pin
        self._apply(facts.preferences)
        self._show_lines()

    def _apply(self, preferences: Preferences) -> None:
        bindings.use(bindings.resolved(preferences))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theming.choose(app, preferences.look)
            theming.grow(app, preferences.text_scale_percent)

    def _show_lines(self) -> None:
        """Say what there is to say, quietly; an answer holds until the next unlock."""
        home, work = self._screens.home, self._sitting.work
        home.clear_lines()
        if work is None:
            return
        for line in (*self._found_lines(work), *self._offer_lines(work)):
            if line.objectName() not in self._answered:
                home.add_line(line)
            else:
                line.deleteLater()

    def _found_lines(self, work: Work) -> tuple[QuietLine, ...]:
        lines = []
        said = words.FOUND.get(work.exposure.found)
        if said is not None:
            text = f"{said} {words.FOUND_COST}"
            lines.append(self._line("foundLine", text, (words.DISMISS, _no_more)))
        if self._facts is not None and self._facts.preferences_lost:
            text = words.PREFERENCES_LOST
            lines.append(self._line("lostLine", text, (words.DISMISS, _no_more)))
        return tuple(lines)

    def _offer_lines(self, work: Work) -> tuple[QuietLine, ...]:
        lines = []
        due = work.exposure.due()
        if due is not Due.NO:
            text = words.BREAK_HARD if due is Due.HARD else words.BREAK_DUE
            take = (words.TAKE_BREAK, self._leaving.draw_curtain)
            lines.append(self._line("breakLine", text, take))
        offers = work.exposure.offers()
        if offers.pause_minutes is not None and due is Due.NO:
            pause = (words.TAKE_BREAK, self._leaving.draw_curtain)
            text = words.pause(offers.pause_minutes)
            lines.append(
                self._line("pauseLine", text, pause, (words.NOT_NOW, _no_more))
            )
        if offers.graphic_free:
            free = (words.CHOOSE_FREE, self._choose_free)
            later = (words.NOT_NOW, _no_more)
            lines.append(self._line("freeLine", words.OFFER_FREE, free, later))
        if self._facts is not None and not self._facts.pin_offered:
            choose = (words.CHOOSE_PIN, self.show_settings)
            never = (words.NOT_NOW, lambda: self._without_pin(""))
            lines.append(self._line("offerPin", words.OFFER_PIN, choose, never))
        return tuple(lines)

    def _line(
        self, name: str, text: str, *answers: tuple[str, Callable[[], None]]
    ) -> QuietLine:
        def once(act: Callable[[], None]) -> Callable[[], None]:
            def answer() -> None:
                self._answered.add(name)
                act()

            return answer

        return QuietLine(name, text, tuple((said, once(act)) for said, act in answers))

    def _choose_free(self) -> None:
        work = self._sitting.work
        if work is not None:
            work.exposure.choose_graphic_free()
            self._save(work)

    def _emptied(self) -> None:
        """Hold nothing of anybody: curtain, lock, a fault."""
        self._facts = None
        self._screens.home.clear_lines()
        made = self._screens.__dict__
        if "record" in made:
            self._screens.record.clear()
        if "settings" in made:
            self._screens.settings.pin.clear()


def _ask_facts(work: Work) -> _Facts:
    organisation = work.config().safeguards
    grey = organisation_value(BY_KEY["concealed_grey"], organisation)
    return _Facts(
        has_pin=work.pins.is_set(),
        pin_offered=work.pins.is_offered(),
        preferences=work.preferences(),
        preferences_lost=work.took_lost_preferences(),
        bounds=Bounds(
            most_px=organisation_value(BY_KEY["concealed_px"], organisation),
            grey_fixed=bool(grey),
        ),
    )


def _no_more() -> None:
    """Say it no more until the next unlock."""


def _nothing(_value: object | ReviewerError) -> None:
    """Nothing is left to do."""
