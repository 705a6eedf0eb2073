"""A rating of one's own opens no text that the limits would have counted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from reviewer.domain.item import Context, Kind
from reviewer.ui.widgets.text_section import TextSection
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import fake_text
from tests.ui.harness import Harness

_Key = Qt.Key
UNRATED = 6


@pytest.mark.parametrize(("signed", "counted"), [(None, UNRATED), (3, 3), (5, 5)])
def test_a_text_that_was_rated_down_is_read_as_a_look(
    window: Harness, signed: int | None, counted: int
) -> None:
    """It stays one line until it is opened, and opening counts as before."""
    drawn = DrawnItem(
        data=fake_text("Words that were rated down."),
        kind=Kind.TEXT,
        declared_type="text/plain",
        severity=signed,
    )
    window.review([drawn])
    window.tap(_Key.Key_V, _Key.Key_0)
    window.settle()
    seen = window.see()
    assert not seen.holds_clear
    if seen.stage == "covered":
        window.tap(_Key.Key_Space)
    window.tap(_Key.Key_D)
    window.later(300)
    window.wait(lambda now: now.holds_clear)
    desk = window.shell.desk
    assert desk is not None
    assert desk.looking.looks.pages == {0}
    window.tap(_Key.Key_Escape)
    work = window.shell.sitting.work
    assert work is not None
    assert work.exposure.view().today.tally.views[counted] == 1


@pytest.mark.parametrize("signed", [None, 3, 5])
def test_no_rating_down_opens_what_is_beside_the_stage(
    window: Harness, signed: int | None
) -> None:
    """A caption, say: at a cap it would be a way around."""
    caption = "a caption that was rated down"
    context = Context(caption=caption)
    items = [
        DrawnItem(data=bytes(range(256)) * size, severity=signed, context=context)
        for size in (20, 21)
    ]
    window.review(items)
    assert not open_texts(window)
    window.tap(_Key.Key_V, _Key.Key_0)
    window.settle()
    window.tap(_Key.Key_J, _Key.Key_PageUp)
    window.settle()
    assert not open_texts(window)


def open_texts(window: Harness) -> list[TextSection]:
    """Return the texts beside the stage that can be read now."""
    sections = window.shell.window.findChildren(TextSection)
    return [section for section in sections if section.is_open]
