"""Copies: one decision for all, in words and by keys, compared only concealed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtWidgets import QWidget

from reviewer.domain.decision import Outcome, StandingKind
from reviewer.domain.item import Context, Kind
from reviewer.ui.desk.stacks import Stacks
from reviewer.ui.widgets.compare_view import Canvas
from reviewer.ui.words import stacks as words
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import fake_still
from tests.ui.harness import Harness
from tests.ui.test_reveal import clear_images

_Key = Qt.Key
A, B = Context(source="Channel A", account="@a"), Context(source="Channel B")
NEWS = Context(source="Sample news site")
REMOVE = (_Key.Key_2, _Key.Key_1, _Key.Key_Return, _Key.Key_0, _Key.Key_1)


def still(
    like: str,
    context: Context,
    *,
    turned: int = 0,
    width: int = 640,
    severity: int | None = 2,
) -> DrawnItem:
    return DrawnItem(
        data=fake_still(width, 480, like=like, turned=turned),
        context=context,
        severity=severity,
    )


DRAWN = (
    still("hills", A),
    still("hills", A),
    still("sea", A),
    still("hills", B),
    still("hills", NEWS, turned=9, width=600),
    still("hills", B, turned=20, width=500),
    still("sand", B),
)


def review(window: Harness, drawn: tuple[DrawnItem, ...] = DRAWN) -> None:
    """Open the batch and wait until every copy is known."""
    window.review(drawn)
    window.bot.waitUntil(lambda: stacks(window).stack is not None, timeout=10_000)
    window.settle()


def stacks(window: Harness) -> Stacks:
    desk = window.shell.desk
    assert desk is not None
    return next(one for one in desk.context.parts if isinstance(one, Stacks))


def standings(window: Harness) -> str:
    """Return a letter for each item: open or decided."""
    desk = window.shell.desk
    assert desk is not None
    window.settle()
    return "".join(row.standing.kind.value[0] for row in desk.place.rows)


def visible(window: Harness, name: str) -> str:
    """Return the words of a label."""
    return str(window.find(name).property("text"))


def test_the_left_zone_counts_the_copies(window: Harness) -> None:
    """Before anything is decided, one line says what one decision could cover."""
    review(window)
    assert visible(window, "itemCopies") == words.copies(2, 2)
    window.go_to(2)
    window.settle()
    assert not window.find("itemCopies").isVisible()


def test_one_look_decides_the_copies(window: Harness) -> None:
    """A verdict lights the contexts; Enter commits for what is ticked."""
    review(window)
    window.tap(_Key.Key_1)
    seen = window.wait(lambda seen: seen.lit == "contexts")
    assert seen.index == 0
    assert standings(window) == "ooooooo"
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.index == 2 and not seen.busy)
    # What came from the news stays until somebody has said so.
    assert standings(window) == "ddododo"


def test_a_context_is_ticked_by_its_digit(window: Harness) -> None:
    """News is not ticked to begin with; a person may."""
    review(window)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.lit == "contexts")
    rows = [
        row
        for row in window.shell.window.findChildren(QWidget)
        if row.objectName().startswith("choice") and row.isVisible()
    ]
    names = [row.accessibleName() for row in rows]
    assert [name.endswith(", chosen") for name in names] == [True, True, False]
    assert "news" in rows[2].accessibleDescription()
    window.tap(_Key.Key_3, _Key.Key_Return)
    window.wait(lambda seen: seen.open_count == 2)
    assert standings(window) == "ddodddo"


def test_a_near_copy_elsewhere_is_not_removed_unasked(window: Harness) -> None:
    """For a removal, a near copy from another source waits for a tick."""
    review(window)
    window.tap(*REMOVE)
    window.wait(lambda seen: seen.lit == "ready")
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.lit == "contexts")
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: not seen.busy and seen.open_count == 5)
    assert standings(window) == "ddooooo"
    desk = window.shell.desk
    assert desk is not None
    decision = desk.place.rows[1].standing.decision
    assert decision is not None
    # Nobody looked: a removal is proposed, and goes to second review.
    assert decision.outcome is Outcome.PROPOSED


def test_undo_takes_back_the_whole_act(window: Harness) -> None:
    """U brings the item back, and its copies with it."""
    review(window)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.lit == "contexts")
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.index == 2 and not seen.busy)
    window.tap(_Key.Key_U)
    window.wait(lambda seen: seen.index == 0 and not seen.busy)
    assert standings(window) == "ooooooo"


def test_backspace_leaves_everything_open(window: Harness) -> None:
    """One back from the contexts decides nothing."""
    review(window)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.lit == "contexts")
    window.tap(_Key.Key_Backspace)
    window.wait(lambda seen: seen.lit == "verdict")
    assert standings(window) == "ooooooo"


def test_comparing_shows_concealed_pictures_in_turn(window: Harness) -> None:
    """Space shows the other one; neither is clear, and the reveal stays shut."""
    review(window)
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare")
    assert words.SHOWING_ITEM in visible(window, "compareShown")
    window.down(_Key.Key_Space)
    window.later(5_000)
    window.up(_Key.Key_Space)
    seen = window.settle()
    assert words.SHOWING_COPY in visible(window, "compareShown")
    assert (seen.stage, seen.holds_clear) == ("concealed", False)
    window.tap(_Key.Key_Right, _Key.Key_Right)
    window.settle()
    assert "9 of 256" in visible(window, "compareLikeness") or "20 of 256" in visible(
        window, "compareLikeness"
    )
    assert not clear_images()
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.lit == "verdict")


def test_esc_takes_the_comparison_away(window: Harness) -> None:
    """Nothing of it stays under a cover."""
    review(window)
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare" and not seen.busy)
    window.tap(_Key.Key_Escape)
    seen = window.wait(lambda seen: seen.lit == "verdict")
    assert seen.stage == "covered"
    assert not stacks(window).comparing.is_open


def test_x_takes_one_copy_out(window: Harness) -> None:
    """In the comparison, one key leaves a copy as it is; a context says how many."""
    review(window)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.lit == "contexts")
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare")
    window.tap(_Key.Key_X)
    assert window.find("compareOut").isVisible()
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: seen.lit == "contexts")
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: not seen.busy and seen.lit == "verdict")
    assert standings(window)[1] == "o"
    assert standings(window)[3] == "d"


def test_x_without_a_verdict_parts_a_copy_from_its_stack(window: Harness) -> None:
    """What is no copy to a person stands alone from then on."""
    review(window)
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare")
    window.tap(_Key.Key_X)
    window.bot.waitUntil(
        lambda: visible(window, "itemCopies") == words.copies(1, 2), timeout=10_000
    )


def test_an_item_alone_is_decided_at_once(window: Harness) -> None:
    """Nothing is asked where there is nothing to confirm."""
    review(window)
    window.go_to(2)
    window.tap(_Key.Key_1)
    seen = window.wait(lambda seen: not seen.busy and seen.open_count == 6)
    assert seen.lit == "verdict"


def test_the_pointer_compares_too(window: Harness) -> None:
    """A press upon the picture shows the other one."""
    review(window)
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare")
    at = QPointF(20, 20)
    window.mouse(window.find("compareView"), QEvent.Type.MouseButtonPress, at)
    assert words.SHOWING_COPY in visible(window, "compareShown")


def test_what_nobody_may_see_is_not_compared(window: Harness) -> None:
    """A tag that a person opted out of is no picture here either."""
    drawn = (
        still("hills", A),
        DrawnItem(
            data=fake_still(600, 480, like="hills", turned=4),
            context=B,
            tags=("blood",),
        ),
    )
    review(window, drawn)
    desk = window.shell.desk
    assert desk is not None
    desk.context.exposure.opt_out("blood")
    window.tap(_Key.Key_D, control=True)
    window.wait(lambda seen: seen.lit == "compare")
    asked = len(window.desk.pools[-1].opened)
    window.tap(_Key.Key_Space)
    window.settle()
    assert words.SHOWING_COPY in visible(window, "compareShown")
    assert len(window.desk.pools[-1].opened) == asked


def test_texts_with_the_same_words_are_copies_too(window: Harness) -> None:
    """Exact copies need no fingerprint."""
    text = DrawnItem(
        data=b"FAKE text\nSame words.", kind=Kind.TEXT, declared_type="text/plain"
    )
    window.review((text, text))
    window.bot.waitUntil(lambda: stacks(window).stack is not None, timeout=10_000)
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.lit == "contexts")
    window.tap(_Key.Key_Return)
    window.wait(lambda seen: not seen.busy and seen.open_count == 0)
    desk = window.shell.desk
    assert desk is not None
    assert {row.standing.kind for row in desk.place.rows} == {StandingKind.DECIDED}


def test_what_was_seen_before_follows_the_decision(window: Harness) -> None:
    """An item whose copy was just decided does not call that copy open."""
    review(window, (still("hills", A), still("hills", A), still("sea", B)))
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.lit == "contexts")
    window.tap(_Key.Key_1, _Key.Key_Return)  # the item alone
    window.wait(lambda seen: seen.open_count == 2 and not seen.busy)
    window.go_to(1)
    window.settle()
    assert "still open" not in visible(window, "itemMatch")
    window.go_to(0)
    window.tap(_Key.Key_U)
    window.wait(lambda seen: seen.open_count == 3 and not seen.busy)
    window.go_to(1)
    assert "still open" in visible(window, "itemMatch")


def test_the_picture_stands_in_the_middle_whatever_the_window_is(
    window: Harness,
) -> None:
    """Opened for the first time, and after the window became larger."""
    review(window)
    for size in ((1366, 768), (1920, 1080)):
        window.shell.window.resize(*size)
        window.settle()
        if not stacks(window).comparing.is_open:
            window.tap(_Key.Key_D, control=True)
        window.wait(lambda seen: seen.lit == "compare" and not seen.busy)
        window.app.processEvents()
        canvas = window.find("compareCanvas")
        assert isinstance(canvas, Canvas)
        beside = canvas.area.center() - canvas.rect().center()
        assert beside.manhattanLength() <= 2
