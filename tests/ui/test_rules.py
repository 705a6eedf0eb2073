"""Rules of the review loop that no other test of the window holds (docs/RULES.md)."""

from __future__ import annotations

import dataclasses
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from reviewer.domain.decision import Basis, Outcome
from reviewer.domain.item import Context, Flag, FlaggedBy, Kind
from reviewer.ports import ItemRow
from reviewer.ui import bindings
from reviewer.ui.actions import KEYS, Act
from reviewer.ui.desk.desk import ReviewDesk
from reviewer.ui.tokens import PALETTES, Palette
from reviewer.ui.widgets.review_screen import ReviewScreen
from reviewer.ui.widgets.stage import Stage
from tests.architecture.checkout import ROOT
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import FakeSession, fake_still, fake_text
from tests.ui.harness import ITEMS, Harness, stills
from tests.ui.test_limits import open_another
from tests.ui.test_reveal import clear_images

Key = Qt.Key
EVEN = stills(3, 3, 3)
ESC_S = 0.05
WORDED = DrawnItem(
    data=fake_still(800, 600),
    severity=3,
    tags=("flag",),
    languages=("de",),
    context=Context(
        source="a harbour board",
        account="an account",
        captured_at="2026-11-20T09:14:00Z",
        caption="secret of caption",
    ),
    text="secret of body",
    transcript="secret of transcript",
    translation="secret of translation",
    flag=Flag(by=FlaggedBy.USER, reason="secret of reason"),
)
REMOVE = (Key.Key_2, Key.Key_1, Key.Key_Return, Key.Key_0, Key.Key_1, Key.Key_Return)


def desk_of(window: Harness) -> ReviewDesk:
    desk = window.shell.desk
    assert desk is not None
    return desk


def screen_of(window: Harness) -> ReviewScreen:
    screen = window.shell.review
    assert screen is not None
    return screen


def row_at(window: Harness, index: int) -> ItemRow:
    return desk_of(window).place.rows[index]


def look(window: Harness, key: Qt.Key = Key.Key_F) -> None:
    """Hold a key until something clear is shown."""
    window.down(key)
    window.later(300)
    window.wait(lambda seen: seen.holds_clear)


def said(zone: QWidget) -> str:
    """Return every word that a zone shows now, and speaks."""
    labels = [one for one in zone.findChildren(QLabel) if one.isVisible()]
    spoken = [one.accessibleName() for one in zone.findChildren(QWidget)]
    return "\n".join([*(one.text() for one in labels), *spoken])


def plain(text: str) -> str:
    """Return a text without the places where a line may break."""
    return text.replace("\u200b", "")


# Words ----------------------------------------------------------------------------


def test_context_is_shown_whatever_is_covered(window: Harness) -> None:
    """Source, time, language and tags stay under Esc; the reference can be spoken."""
    window.review((WORDED,))
    window.tap(Key.Key_Escape)
    words = plain(said(screen_of(window).left))
    for each in ("a harbour board", "20 Nov 2026", "de", "flag"):
        assert each in words, each
    ref = row_at(window, 0).item.ref
    assert ref in words
    assert re.fullmatch(r"[A-Z][a-z]+ \d+-\d+", ref)


def test_every_text_of_a_severe_item_is_one_line(window: Harness) -> None:
    """Five kinds; one action opens one of them, Esc covers it, none is spoken."""
    window.review((WORDED,))
    left = screen_of(window).left
    assert "secret" not in said(left)
    assert [plain(one.line.text()) for one in left.texts][2] == "Transcript, 3 words"
    for section in left.texts:
        window.press(section.line.objectName())
        assert [one for one in left.texts if one.is_open] == [section]
        window.tap(Key.Key_Escape)
        assert not any(one.is_open for one in left.texts)
    assert "secret" not in said(left)


def test_a_decision_after_reading_its_text_is_from_context(window: Harness) -> None:
    """Text beside the stage is no look."""
    window.review((WORDED, *EVEN))
    window.press(screen_of(window).left.texts[0].line.objectName())
    assert screen_of(window).left.texts[0].is_open
    window.tap(Key.Key_F6, Key.Key_Escape, Key.Key_1)
    window.wait(lambda seen: seen.open_count == 3 and not seen.busy)
    decision = row_at(window, 0).standing.decision
    assert decision is not None
    assert decision.basis is Basis.CONTEXT_ONLY


# Reveal ---------------------------------------------------------------------------


def test_each_severity_opens_as_it_must(window: Harness) -> None:
    """Covered from 4; softened from 3 and unrated; clear grey up to 2."""
    window.review(stills(0, 2, 3, 4, 5, None))
    found = []
    for index in range(6):
        seen = window.go_to(index)
        view = screen_of(window).stage.view()
        reveal = desk_of(window).looking.reveal
        assert reveal is not None
        assert view.width() <= min(
            reveal.measures.view_px, screen_of(window).stage.width() - 32
        )
        found.append((seen.stage, seen.step, reveal.measures.view_px))
    assert found == [
        ("concealed", "grey", 960),
        ("concealed", "grey", 960),
        ("concealed", "softened", 640),
        ("covered", "softened", 480),
        ("covered", "softened", 480),
        ("concealed", "softened", 640),
    ]


def test_concealed_pictures_are_as_small_as_they_must_be(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixteen pixels in grey; twelve for what nobody has rated, in every batch."""
    asked: set[tuple[int, bool]] = set()
    ask = FakeSession.concealed

    def noted(session: FakeSession, *, long_side_px: int, grey: bool) -> object:
        asked.add((long_side_px, grey))
        return ask(session, long_side_px=long_side_px, grey=grey)

    monkeypatch.setattr(FakeSession, "concealed", noted)
    window.review(stills(2, 3, 5))
    assert asked == {(16, True)}
    asked.clear()
    open_another(window, stills(None, None))
    window.settle()
    assert asked == {(12, True)}


def test_a_severe_item_is_covered_again_on_reopening(window: Harness) -> None:
    """Uncovered, left, opened again: as it opens."""
    window.review(stills(4, 4))
    window.tap(Key.Key_Space)
    assert window.see().stage == "concealed"
    window.tap(Key.Key_PageDown, Key.Key_PageUp)
    assert window.see().stage == "covered"
    window.tap(Key.Key_Space)
    window.tap(Key.Key_H, control=True)
    window.at("homeScreen")
    window.open_batch()
    window.settle()
    assert window.see().stage == "covered"


def test_the_wheel_magnifies_from_one_to_four(window: Harness) -> None:
    """Never further; the lens is a third of the shorter side, at least 160."""
    window.review(stills(2))
    stage = screen_of(window).stage
    view = stage.view()
    shorter = min(view.width(), view.height())
    assert stage.lens_size().width() == max(160, 350 * shorter // 1000)
    look(window, Key.Key_Space)
    whole = stage.lens_box().width
    for up, part in ((1, 4), (-1, 1)):
        for _ in range(12):
            turn(window, stage, up)
        assert stage.lens_box().width == pytest.approx(whole / part)
    window.settle()
    window.up(Key.Key_Space)


def turn(window: Harness, stage: Stage, up: int) -> None:
    """Turn the wheel by one notch over the stage."""
    at = QPointF(stage.rect().center())
    none = Qt.MouseButton.NoButton
    event = QWheelEvent(
        at,
        QPointF(stage.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 120 * up),
        none,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    window.app.sendEvent(stage, event)


def test_a_text_takes_the_whole_height_of_the_stage(window: Harness) -> None:
    """A page is no picture: only the length of its lines is bounded."""
    window.review(ITEMS)
    window.go_to(3)
    window.wait(lambda seen: seen.holds_clear)
    stage = screen_of(window).stage
    page = stage.reading
    assert page.height() == stage.height() - 32
    assert page.width() >= min(stage.width() - 32, 640)


@contextmanager
def paints_of(stage: Stage) -> Iterator[list[bool]]:
    """Note at every paint of the stage whether it holds anything clear."""

    class Watch(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint:
                seen.append(stage.holds_clear)
            return False

    seen: list[bool] = []
    watch = Watch()
    stage.installEventFilter(watch)
    try:
        yield seen
    finally:
        stage.removeEventFilter(watch)


def test_the_next_paint_after_the_focus_is_lost_is_concealed(window: Harness) -> None:
    """Painted anew within the event, before anything else is done."""
    window.review()
    look(window)
    stage = screen_of(window).stage
    with paints_of(stage) as paints:
        QApplication.sendEvent(
            window.shell.window, QEvent(QEvent.Type.WindowDeactivate)
        )
        window.shell.window.focus_changed.emit(False)
        assert paints
        assert not any(paints)
    assert window.see().stage == "concealed"
    window.shell.window.focus_changed.emit(True)


@contextmanager
def load(window: Harness, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the vault hang, three threads compute, and events wait."""
    gate, done = threading.Event(), threading.Event()
    write = window.desk.store.write

    def hang() -> object:
        gate.wait()
        return write()

    def spin() -> None:
        while not done.is_set():
            sum(range(500))

    spinners = [threading.Thread(target=spin) for _ in range(3)]
    monkeypatch.setattr(window.desk.store, "write", hang)
    window.tap(Key.Key_K)
    for each in spinners:
        each.start()
    try:
        yield
    finally:
        done.set()
        gate.set()
        for each in spinners:
            each.join()
        monkeypatch.undo()


def test_esc_covers_at_once_under_load(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Painted covered before the key returns, whatever else is going on.

    Measured is this thread's own time, so that other programs do not count.
    """
    window.review()
    look(window)
    stage = screen_of(window).stage
    with load(window, monkeypatch), paints_of(stage) as paints:
        for _ in range(200):
            QApplication.postEvent(stage, QEvent(QEvent.Type.UpdateRequest))
        began = time.thread_time()
        window.down(Key.Key_Escape)
        took = time.thread_time() - began
        assert paints
        assert not any(paints)
    assert took <= ESC_S
    assert window.see().stage == "covered"
    window.up(Key.Key_F)
    window.settle()
    assert not clear_images()


def test_nothing_clear_is_decoded_without_a_look(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening, passing by, keeping, handing back, opting out, deciding."""
    asked: list[str] = []

    def noted(name: str) -> None:
        ask = getattr(FakeSession, name)

        def wrapped(session: FakeSession, *args: object, **named: object) -> object:
            asked.append(session._item_id)
            return ask(session, *args, **named)

        monkeypatch.setattr(FakeSession, name, wrapped)

    noted("clear")
    noted("text")
    window.review((*ITEMS[:3], *ITEMS[4:], WORDED))
    for index in range(8):
        window.go_to(index)
    window.go_to(0)
    window.tap(Key.Key_Space, Key.Key_Space, Key.Key_K, Key.Key_Escape)
    desk_of(window).context.exposure.opt_out("flag")
    window.tap(Key.Key_H, Key.Key_Return)
    window.wait(lambda seen: seen.open_count == 7 and not seen.busy)
    window.tap(Key.Key_1)
    window.wait(lambda seen: seen.open_count == 6 and not seen.busy)
    assert not asked
    assert not clear_images()


def test_nothing_can_make_a_sound() -> None:
    """No library that plays is named anywhere; of a clip only pictures are decoded."""
    plays = re.compile(r"QtMultimedia|QSound|sounddevice|pyaudio|AudioResampler")
    taken = re.compile(r"streams\.audio\[|decode\(audio|audio=0")
    for path in (ROOT / "reviewer").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert not plays.search(source), path.name
        assert not taken.search(source), path.name


# Keys -----------------------------------------------------------------------------


def test_no_hold_is_a_shortcut() -> None:
    """A shortcut has no end, and would be heard beside the filter of all keys."""
    for path in (ROOT / "reviewer" / "ui").rglob("*.py"):
        assert not re.search(
            r"import .*QShortcut|QShortcut\(|setShortcut\(", path.read_text("utf-8")
        ), path.name


def test_every_key_that_is_named_does_something(window: Harness) -> None:
    """Play and listen are not built: their keys are absent, not dead."""
    window.review(EVEN)
    heard = {Act.COVER, Act.LOCK, Act.KEY_SHEET, Act.CURTAIN, Act.DIGIT}
    heard |= set(desk_of(window)._presses)
    assert {key.act for key in KEYS} <= heard
    letters = {key.letter for key in bindings.current().keys if not key.control}
    assert not letters & {"P", "L"}


OVER = [
    (Key.Key_K, True),
    (Key.Key_F, True),
    (Key.Key_F1, False),
    (Key.Key_N, False),
    (Key.Key_H, False),
    (Key.Key_V, False),
]


@pytest.mark.parametrize(("key", "control"), OVER)
def test_esc_covers_from_everywhere(
    window: Harness, key: Qt.Key, *, control: bool
) -> None:
    """From palette, search, key sheet, note and groups, and while a commit is open."""
    window.review(EVEN)
    window.tap(Key.Key_1)
    window.tap(key, control=control)
    window.tap(Key.Key_Escape)
    assert window.see().stage == "covered"
    window.settle()
    assert window.see().stage == "covered"


def test_curtain_and_lock_work_while_a_commit_hangs(
    window: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the item stays; the commit is confirmed behind it."""
    window.review(EVEN)
    window.settle()
    with load(window, monkeypatch):
        window.tap(Key.Key_1)
        assert window.see().committing
        window.tap(Key.Key_B)
        assert window.see().screen == "curtainScreen"
        window.tap(Key.Key_L, control=True)
    window.at("unlockScreen")


# Deciding -------------------------------------------------------------------------


def test_basis_is_what_happened_and_less_is_a_proposal(window: Harness) -> None:
    """A removal unseen is proposed and said to be; after a look it is decided."""
    window.review(EVEN)
    window.tap(*REMOVE)
    window.wait(lambda seen: seen.open_count == 2 and not seen.busy)
    window.tap(Key.Key_D)
    look(window)
    window.later(1_000)
    window.up(Key.Key_F)
    window.tap(*REMOVE)
    window.wait(lambda seen: seen.open_count == 1 and not seen.busy)
    first, second = (row_at(window, at).standing.decision for at in (0, 1))
    assert first is not None
    assert second is not None
    assert (first.basis, first.outcome) == (Basis.CONTEXT_ONLY, Outcome.PROPOSED)
    assert (second.basis, second.outcome) == (Basis.FULL_VIEW, Outcome.DECIDED)
    window.go_to(0)
    assert "second reviewer" in said(screen_of(window).right)


def test_one_digit_names_what_it_did_and_offers_to_take_it_back(
    window: Harness,
) -> None:
    """*Not violating* completes: it is said by name, with the key that undoes it."""
    window.review(EVEN)
    window.tap(Key.Key_1)
    window.wait(lambda seen: seen.index == 1 and not seen.busy)
    words = said(screen_of(window).right)
    assert "Not violating" in words
    assert "U takes it back" in words


# Limits ---------------------------------------------------------------------------


def test_no_key_lowers_a_floor(window: Harness) -> None:
    """Whatever is pressed, alone and with Ctrl: the values stay as dealt."""
    window.review(stills(3, 3, 3, 3))
    context = desk_of(window).context
    before = (context.values, context.exposure.view())
    for held in (False, True):
        for key in (*range(Key.Key_0, Key.Key_9 + 1), Key.Key_Plus, Key.Key_Minus):
            window.tap(Qt.Key(key), control=held)
        for letter in "DXFRVKNIO":
            window.tap(Qt.Key(ord(letter)), control=held and letter in "DFK")
            window.tap(Key.Key_Escape)
    window.settle()
    assert context.values == before[0]
    after = context.exposure.view()
    assert after.today.tally.views == before[1].today.tally.views
    window.tap(Key.Key_L, control=True)
    window.at("unlockScreen")


def test_the_screen_says_whose_numbers_these_are(window: Harness) -> None:
    """Policy of the organisation, with clinicians and counsel; none is a safe dose."""
    window.enrol()
    window.press("record")
    window.at("recordScreen")
    line = window.find("recordLimits")
    assert line.isVisible()
    words = str(line.property("text"))
    for each in ("organisation", "clinicians", "counsel", "None of them"):
        assert each in words


def test_the_readable_text_of_a_mild_item_is_open_at_once(window: Harness) -> None:
    """One line of words would be a gate without a reason; five kinds, no key."""
    mild = DrawnItem(
        data=fake_text("Plain words."),
        kind=Kind.TEXT,
        declared_type="text/plain",
        severity=2,
        context=Context(source="a board", caption="a caption"),
    )
    window.review((mild,))
    window.wait(lambda seen: seen.holds_clear)
    assert screen_of(window).left.texts[0].is_open


# Look -----------------------------------------------------------------------------

NEUTRAL = 24
"""Between the strongest and the weakest part of a grey."""


@pytest.mark.parametrize("palette", PALETTES.values())
def test_there_is_one_accent(palette: Palette) -> None:
    """What has a colour has the accent's hue; only a deadline is amber."""
    accent = QColor(palette.accent).hue()
    for field in dataclasses.fields(palette):
        value = getattr(palette, field.name)
        for name in value if isinstance(value, tuple) else (value,):
            color = QColor(name)
            parts = (color.red(), color.green(), color.blue())
            if max(parts) - min(parts) <= NEUTRAL:
                continue
            is_amber = 30 <= color.hue() <= 45
            assert is_amber is field.name.startswith("deadline"), field.name
            assert is_amber or abs(color.hue() - accent) <= 6, field.name
