"""Single widgets by themselves."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from reviewer.domain.rendition import MediaInfo, Rendition, Step
from reviewer.services.viewing import ConcealedView
from reviewer.ui import application, messages
from reviewer.ui.icons import Icon, icon_path
from reviewer.ui.pictures import conceal, enlarge
from reviewer.ui.plain import breakable
from reviewer.ui.styling import set_theme
from reviewer.ui.tokens import Theme
from reviewer.ui.widgets.choice_row import ChoiceRow
from reviewer.ui.widgets.file_picker import FilePicker, Wanted
from reviewer.ui.widgets.first_run_screen import FirstRunScreen
from reviewer.ui.widgets.tag_flow import TagFlow
from reviewer.ui.widgets.text_section import MOST_CHARACTERS, TextSection
from reviewer.ui.widgets.work_panel import WorkPanel
from tests.ui.harness import Harness


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[list[QWidget]]:
    """Hold widgets to be deleted afterwards."""
    set_theme(application.make_application(), Theme.LIGHT)
    held: list[QWidget] = []
    yield held
    for widget in held:
        widget.hide()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del qapp


def rendition(width: int, height: int) -> Rendition:
    ramp = bytes(255 * x // width for _ in range(height) for x in range(width))
    pixels = bytes(value for value in ramp for _ in range(3))
    return Rendition(
        step=Step.CONCEALED, width_px=width, height_px=height, pixels=pixels
    )


def test_every_icon_is_drawn_within_its_grid() -> None:
    """One family: nothing sticks out of the 20 px square."""
    for icon in Icon:
        box = icon_path(icon).boundingRect()
        assert not box.isEmpty() or box.width() or box.height(), icon
        assert box.left() >= 1, icon
        assert box.top() >= 1, icon
        assert box.right() <= 19, icon
        assert box.bottom() <= 19, icon


@pytest.mark.parametrize("size", [QSize(640, 480), QSize(481, 359), QSize(40, 30)])
def test_a_concealed_picture_is_enlarged_without_a_grid(size: QSize) -> None:
    """A ramp of sixteen pixels becomes a ramp: no step is larger than a few greys."""
    image = enlarge(rendition(16, 12), size)
    assert image.size() == size
    middle = size.height() // 2
    greys = [image.pixelColor(x, middle).red() for x in range(size.width())]
    steps = [abs(after - before) for before, after in itertools.pairwise(greys)]
    assert max(steps) <= 255 * 2 // size.width() + 3


def test_tiles_are_enlarged_to_tiles() -> None:
    """A sheet holds small pictures, never a large one."""
    tile = rendition(16, 12)
    view = ConcealedView(info=MediaInfo(), still=None, tiles=(tile,) * 12, refused=None)
    concealed = conceal(view, QSize(640, 480))
    assert len(concealed.tiles) == 12
    assert concealed.tiles[0].width() == 160


def test_a_row_grows_with_what_it_says(shown: list[QWidget]) -> None:
    """Help wraps; the row is as high as its words, and never below a target."""
    row = ChoiceRow()
    shown.append(row)
    row.fill(1, "Short", "", chosen=False)
    assert row.heightForWidth(300) >= 32
    low = row.heightForWidth(300)
    row.fill(1, "Short", "a long line of help " * 10, chosen=True)
    assert row.heightForWidth(300) > low
    assert row.heightForWidth(150) > row.heightForWidth(300)
    assert row.accessibleName() == "1, Short, chosen"
    row.resize(300, row.heightForWidth(300))
    row.grab()


def test_tags_wrap(shown: list[QWidget]) -> None:
    """As many lines as they need; none is said to be none."""
    flow = TagFlow()
    shown.append(flow)
    flow.fill(())
    assert flow.accessibleName() == "Content tags: No tags"
    one = flow.heightForWidth(200)
    flow.fill(tuple(f"a tag number {number}" for number in range(9)))
    assert flow.heightForWidth(200) > one
    flow.resize(200, flow.heightForWidth(200))
    flow.grab()


def test_tags_without_end_are_counted(shown: list[QWidget]) -> None:
    """A batch may bring as many as it likes; the window stays quick."""
    flow = TagFlow()
    shown.append(flow)
    flow.fill(tuple(f"t{number}" for number in range(60)))
    assert "more" not in flow.accessibleName()
    flow.fill(tuple(f"t{number}" for number in range(500_000)))
    assert flow.accessibleName().endswith("t58, and 499941 more")


def test_of_a_text_without_end_the_beginning_is_shown(shown: list[QWidget]) -> None:
    """Laying it all out would hold up the window, and Esc with it; it says so."""
    section, holder = TextSection("text"), QWidget()
    section.setParent(holder)
    shown.append(holder)
    body = section.findChild(QLabel, "textBody")
    assert body is not None
    section.fill("Caption", "word " * 30_000, 1, afresh=True)
    assert messages.TEXT_CUT not in body.text()
    section.fill("Caption", "word " * 4_000_000, 1, afresh=True)
    assert body.text().endswith(messages.TEXT_CUT)
    assert len(body.text()) < MOST_CHARACTERS + 100


def test_long_words_cannot_widen_what_shows_them() -> None:
    """A break is allowed every ten letters; short words are left alone."""
    assert breakable("short words stay") == "short words stay"
    assert "\u200b" in breakable("x" * 40)


def test_progress_says_what_how_much_and_how_long(shown: list[QWidget]) -> None:
    """And it can be stopped once."""
    holder = QWidget()
    shown.append(holder)
    panel = WorkPanel("work")
    panel.setParent(holder)
    stopped: list[bool] = []
    panel.cancelled.connect(lambda: stopped.append(True))
    panel.start("Fetching")
    panel.show_progress(500_000, 2_000_000, 90)
    assert panel._words.text() == "Fetching: 500 kB of 2 MB"
    assert panel._left.text() == "about 2 minutes left"
    panel.grab()
    panel._cancel.click()
    panel._cancel.click()
    assert stopped == [True]


def test_the_picker_lists_folders_first_and_only_what_fits(
    shown: list[QWidget], tmp_path: Path
) -> None:
    """Names only; a hidden file or another kind is not offered."""
    (tmp_path / "z folder").mkdir()
    for name in ("a.rvbatch", "b.txt", ".hidden.rvbatch"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "z folder" / "c.rvbatch").write_bytes(b"")
    picker = FilePicker()
    shown.append(picker)
    picked: list[Path] = []
    picker.picked.connect(picked.append)
    picker.start(Wanted(suffix=".rvbatch"))
    picker._open_folder(tmp_path)
    rows = [picker._list.item(at).text() for at in range(picker._list.count())]
    assert rows == ["z folder/", "a.rvbatch"]
    picker._list.itemActivated.emit(picker._list.item(0))
    assert [picker._list.item(0).text()] == ["c.rvbatch"]
    picker._list.itemActivated.emit(picker._list.item(0))
    assert picked == [tmp_path / "z folder" / "c.rvbatch"]
    picker._go_up()
    assert picker._where.text() == str(tmp_path)
    picker._open_folder(tmp_path / "gone")
    assert picker._nothing.isVisibleTo(picker)


def test_the_demonstration_can_be_offered(shown: list[QWidget], qtbot: QtBot) -> None:
    """Where it is installed, first run shows a fourth way."""
    screen = FirstRunScreen(lambda: "six words", demo_offered=True)
    shown.append(screen)
    tile = screen.findChild(QAbstractButton, "wayDemo")
    assert isinstance(tile, QAbstractButton)
    with qtbot.waitSignal(screen.demo_wanted):
        tile.click()


def test_a_card_opens_by_pointer(window: Harness) -> None:
    """A click on a batch opens it."""
    window.review()
    window.tap(Qt.Key.Key_H, control=True)
    window.at("homeScreen")
    card = window._card()
    assert card is not None
    window.mouse(card, QEvent.Type.MouseButtonPress, QPointF(20, 20))
    window.mouse(card, QEvent.Type.MouseButtonRelease, QPointF(20, 20))
    window.at("reviewScreen")


def test_options_and_buttons_work_by_pointer(window: Harness) -> None:
    """Everything that has a key can be clicked too; the focus stays on the stage."""
    window.review()
    review = window.shell.review
    assert review is not None
    QTest.mouseClick(review.right.rows[1], Qt.MouseButton.LeftButton)
    assert window.see().lit == "grounds"
    assert QApplication.focusWidget() is review.stage
    QTest.mouseClick(review.right.hand_back, Qt.MouseButton.LeftButton)
    assert window.see().lit == "hand_back"
    QTest.mouseClick(review.right.primary, Qt.MouseButton.LeftButton)
    window.wait(lambda seen: seen.open_count == 7 and not seen.busy)
    QTest.mouseClick(review.right.undo, Qt.MouseButton.LeftButton)
    window.wait(lambda seen: seen.open_count == 8 and not seen.busy)
