"""The window at work: next item, hold and Esc, against a bare repaint of that size.

The window is the real one over a real vault and real decoders, on whatever platform
Qt runs (offscreen unless told otherwise). A key is timed from its press to the end
of the paint that answers it. The bare window repaints itself whole on a key, which
is the least that any program does. The other baseline decodes and blurs the next
picture in the UI thread, as a plain viewer would. A hold is timed from the end of its
intent time, which is the policy's and no delay of ours, to the clear lens.
"""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from reviewer import compose
from reviewer.demo.hands import Hands
from reviewer.domain.rendition import WHOLE_BOX, Extent, Step
from reviewer.errors import ReviewerError
from reviewer.ports import ItemRow
from reviewer.safeguards.grant import Grant
from reviewer.safeguards.reveal import State
from reviewer.services.viewing import Viewing
from reviewer.ui import application
from reviewer.ui.facade import Views
from reviewer.ui.shell import Shell
from reviewer.ui.tokens import Theme
from tests.bench.opening import open_batch
from tests.bench.rows import Row, at_most, median, quantile
from tests.bench.stills import large_photograph
from tests.bench.workplace import workplace

ITEMS_COUNT = 40
ESCAPES_COUNT = 100
HOLDS_COUNT = 100
HELD_ITEMS_COUNT = 20  # under what a first day allows of unrated items
LOAD_THREADS = 2
BLUR_PX = 36
_Key = Qt.Key


class Painted(QObject):
    """Notices that a widget has been painted."""

    def __init__(self, widget: QWidget) -> None:
        """Watch one widget."""
        super().__init__()
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Count paints; never stop one."""
        if event.type() is QEvent.Type.Paint:
            self.count += 1
        return super().eventFilter(watched, event)


class Shown(QObject):
    """Notices the first paint of a widget while something holds."""

    def __init__(self, widget: QWidget, holds: Callable[[], bool]) -> None:
        """Watch one widget; `holds` is asked at each of its paints."""
        super().__init__()
        self.seen = False
        self._holds = holds
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Look at paints; never stop one."""
        if event.type() is QEvent.Type.Paint and self._holds():
            self.seen = True
        return super().eventFilter(watched, event)


class Bare(QWidget):
    """A window that paints itself whole on every key."""

    def __init__(self) -> None:
        super().__init__()
        self._tone = 0

    def keyPressEvent(self, _event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Ask for a repaint."""
        self._tone = (self._tone + 16) % 256
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Fill, and write a line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._tone, 128, 128))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "bare")
        painter.end()


class Viewer(Bare):
    """Decodes and blurs a photograph in the UI thread on every key."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data
        self._image = QImage()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Decode, shrink to the window, blur, repaint."""
        import cv2  # noqa: PLC0415 (the naive way; never in the window's process)
        import numpy as np  # noqa: PLC0415
        from PIL import Image  # noqa: PLC0415

        with Image.open(io.BytesIO(self._data)) as image:
            image.thumbnail((self.width(), self.height()))
            pixels = np.asarray(image.convert("RGB"))
        blurred = cv2.GaussianBlur(pixels, (0, 0), BLUR_PX)
        height, width, _ = blurred.shape
        self._image = QImage(
            blurred.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888
        ).copy()
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint the blurred picture over the fill."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.drawImage(0, 0, self._image)
        painter.end()


def rows(folder: Path) -> tuple[Row, ...]:
    """Measure next item and Esc in one window."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = application.make_application()
    photograph = large_photograph()
    media = folder / "media"
    media.mkdir()
    for number in range(ITEMS_COUNT):
        # Different bytes, the same picture: trailing bytes are no part of a JPEG.
        (media / f"{number:02}.jpg").write_bytes(photograph + bytes([number]))
    with workplace(folder, media) as place:
        place.scene.deal()
        place.session.fetch()
        profile = place.profile
    shell = application.build(
        app, compose.entering(profile), compose.SystemClock(), theme=Theme.LIGHT
    )
    try:
        return _measured(shell, photograph)
    finally:
        shell.window.hide()
        shell.end()


def _measured(shell: Shell, photograph: bytes) -> tuple[Row, ...]:
    shell.window.show()
    shell.begin()
    hands = open_batch(shell)
    bare, viewer = Bare(), Viewer(photograph)
    for widget in (bare, viewer):
        widget.resize(shell.window.size())
        widget.show()
    nexts, repaints, naive = _next_items(shell, hands, bare, viewer)
    holds, calm = _holds(shell, hands, bare)
    escapes, loaded = _escapes(shell, hands, bare)
    for widget in (bare, viewer):
        widget.hide()
    against_repaint = at_most(
        "next item, concealed, against a bare repaint",
        list(zip(nexts, repaints, strict=True)),
        goal=3,
    )
    faster = median(naive) / median(nexts)
    hold_p99 = quantile(holds, 0.99) / quantile(calm, 0.99)
    p99 = quantile(escapes, 0.99) / quantile(loaded, 0.99)
    return (
        against_repaint,
        Row(
            name="next item, times faster than decode and blur in the UI thread",
            ours=median(nexts),
            baseline=median(naive),
            ratio=faster,
            goal=">= 10",
            met=faster >= 10,
        ),
        Row(
            name="end of intent time to clear lens painted, p99 against a bare repaint",
            ours=quantile(holds, 0.99),
            baseline=quantile(calm, 0.99),
            ratio=hold_p99,
            goal="<= 4",
            met=hold_p99 <= 4,
            note=f"median {median(holds) / median(calm):.1f} x",
        ),
        Row(
            name="Esc to all covered, decoder saturated, p99 against a bare repaint",
            ours=quantile(escapes, 0.99),
            baseline=quantile(loaded, 0.99),
            ratio=p99,
            goal="<= 2",
            met=p99 <= 2,
        ),
    )


def _next_items(
    shell: Shell, hands: Hands, bare: Bare, viewer: Viewer
) -> tuple[list[float], list[float], list[float]]:
    review, desk = shell.review, shell.desk
    if review is None or desk is None:
        raise AssertionError("no batch is open")
    painted = Painted(review.stage)
    nexts, repaints, naive = [], [], []
    for _ in range(ITEMS_COUNT - 1):
        before = hands.wait("prefetch", lambda seen: seen.painted and not seen.busy)

        def arrived(item: str = before.item_id) -> bool:
            is_another = desk.place.row.item.id != item
            return is_another and review.stage.is_painted and painted.count > 0

        painted.count = 0
        nexts.append(_key_to(arrived, shell.window, _Key.Key_PageDown))
        repaints.append(_repaint(bare))
        naive.append(_repaint(viewer))
    return nexts, repaints, naive


def _holds(shell: Shell, hands: Hands, bare: Bare) -> tuple[list[float], list[float]]:
    """Hold Space on one item after another, each decoded by a look before."""
    review, desk = shell.review, shell.desk
    if review is None or desk is None:
        raise AssertionError("no batch is open")
    holds, calm = [], []
    for number in range(HOLDS_COUNT):
        back = number // HELD_ITEMS_COUNT % 2 == 0
        hands.tap(_Key.Key_PageUp if back else _Key.Key_PageDown)
        hands.wait("prefetch", lambda seen: seen.painted and not seen.busy)
        reveal = desk.looking.reveal
        if reveal is None:
            raise AssertionError("no item is open")
        intent_s = reveal.measures.intent_ms / 1_000
        hands.down(_Key.Key_Space)
        hands.wait("a look", lambda seen: seen.holds_clear and not seen.busy)
        hands.up(_Key.Key_Space)
        hands.tap(_Key.Key_Escape)  # a second look would have no intent time
        hands.wait("cover", lambda seen: seen.stage == "covered" and not seen.busy)
        shown = Shown(review.stage, lambda: review.stage.holds_clear)
        start = time.perf_counter()
        hands.down(_Key.Key_Space)
        _until(lambda: shown.seen)  # noqa: B023 (called before the next turn)
        holds.append(time.perf_counter() - start - intent_s)
        hands.up(_Key.Key_Space)
        review.stage.removeEventFilter(shown)
        hands.wait("concealment", lambda seen: not seen.holds_clear)
        calm.append(_repaint(bare))
    return holds, calm


def _escapes(shell: Shell, hands: Hands, bare: Bare) -> tuple[list[float], list[float]]:
    review, desk = shell.review, shell.desk
    if review is None or desk is None:
        raise AssertionError("no batch is open")
    painted = Painted(review.stage)
    escapes, loaded = [], []
    rows = desk.place.rows
    viewing = desk.viewing
    for _ in range(ESCAPES_COUNT):
        if hands.see().stage == "covered":
            hands.tap(_Key.Key_Space)
        hands.down(_Key.Key_F)
        hands.wait("a look", lambda seen: seen.holds_clear)
        with _saturated(viewing, rows):
            painted.count = 0
            escapes.append(
                _key_to(
                    lambda: (
                        desk.looking.reveal is not None
                        and desk.looking.reveal.state is State.COVERED
                        and painted.count > 0
                    ),
                    shell.window,
                    _Key.Key_Escape,
                )
            )
            loaded.append(_repaint(bare))
        hands.up(_Key.Key_F)
    return escapes, loaded


@contextmanager
def _saturated(viewing: Views, rows: Sequence[ItemRow]) -> Iterator[None]:
    """Keep every decoder busy with whole clear pictures."""
    stop = threading.Event()
    # Several clear pictures at once are no look: the wall behind the window is open.
    assert isinstance(viewing, Viewing)
    viewing._is_noted = lambda _: True

    def work(row: ItemRow) -> None:
        grant = Grant(
            item_id=row.item.id,
            step=Step.COLOUR,
            extent=Extent.WHOLE,
            given_at=compose.SystemClock().mono_ms(),
        )
        while not stop.is_set():
            try:
                viewing.clear(
                    row.item, grant, box=WHOLE_BOX, width_px=960, height_px=960
                )
            except ReviewerError:
                return

    threads = [
        threading.Thread(target=work, args=(rows[number],))
        for number in range(LOAD_THREADS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _repaint(widget: Bare) -> float:
    painted = Painted(widget)
    widget.activateWindow()
    seconds = _key_to(lambda: painted.count > 0, widget, _Key.Key_A)
    widget.removeEventFilter(painted)
    return seconds


def _key_to(done: Callable[[], bool], window: QWidget, key: Qt.Key) -> float:
    """Return the seconds from a key press to the end of the answering paint."""
    focused = QApplication.focusWidget()
    target = window if focused is None else focused
    start = time.perf_counter()
    QTest.keyPress(target, key)
    _until(done)
    seconds = time.perf_counter() - start
    QTest.keyRelease(target, key)
    return seconds


def _until(done: Callable[[], bool]) -> None:
    """Let the window work until something is so; it sleeps in between, as it does.

    A loop that asks again and again would take the processor from the children.
    """
    app = QApplication.instance()
    while not done():
        if app is not None:
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
