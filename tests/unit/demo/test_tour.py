"""The tour holds only if everything that was tried held, and says which did not."""

from __future__ import annotations

import json
from pathlib import Path

from reviewer.demo.tour import Check, Moment, Tour

GOOD = Check(said="Nothing was lost.", holds=True)
BAD = Check(said="A frame was clear.", holds=False)


def moment(*checks: Check) -> Moment:
    return Moment(name="Try it", checks=checks, counts={"frames": 3})


def test_it_holds_when_every_moment_does() -> None:
    """One check that fails is enough, and so is nothing that was tried."""
    assert Tour(moments=(moment(GOOD), moment(GOOD, GOOD)), screens=()).holds
    assert not Tour(moments=(moment(GOOD), moment(GOOD, BAD)), screens=()).holds
    assert not Tour(moments=(moment(),), screens=()).holds
    assert not Tour(moments=(), screens=()).holds


def test_the_story_marks_what_failed() -> None:
    """A title for each moment and a line for each check."""
    told = Tour(moments=(moment(GOOD, BAD),), screens=()).lines()
    assert told == (
        "Try it:",
        "  holds: Nothing was lost.",
        "  FAILS: A frame was clear.",
    )


def test_json_is_one_line() -> None:
    """With what was counted, and where the screens lie."""
    tour = Tour(moments=(moment(GOOD),), screens=(Path("a") / "b.png",))
    said = json.loads(tour.as_json())
    assert "\n" not in tour.as_json()
    assert said["holds"] is True
    assert said["moments"][0]["counts"] == {"frames": 3}
    assert said["moments"][0]["checks"][0]["holds"] is True
    assert said["screens"] == [str(Path("a") / "b.png")]
