"""A child that renders ahead: nothing clear is where the parent could read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from reviewer.decoder import stills
from reviewer.decoder.channel import Channel, ParentGoneError
from reviewer.decoder.pictures import Pixels
from reviewer.decoder.serving import Server
from reviewer.pipe.codes import Op, Rung, Status, Subject
from reviewer.pipe.frames import Hello, Request, Result
from reviewer.pipe.sizes import BOX_UNIT
from tests.media_samples import still_path

PHOTOGRAPH = still_path("astronaut.png").read_bytes()
LENS = Request(
    op=Op.FRAME,
    serial=1,
    rung=Rung.SOFTENED,
    width_px=120,
    height_px=90,
    box_x=BOX_UNIT // 4,
    box_y=BOX_UNIT // 4,
    box_width=BOX_UNIT // 2,
    box_height=BOX_UNIT // 2,
)
AHEAD = replace(LENS, op=Op.PREPARE)


class Asked(Channel):
    """Asks one question after another, and keeps what is answered."""

    def __init__(self, requests: Iterator[Request]) -> None:
        """Take the questions; they are asked as they are drawn."""
        super().__init__(-1)
        self._requests = requests
        self.answers: list[Result] = []

    def next_request(self) -> Request:
        """Return the next question, or hang up."""
        try:
            return next(self._requests)
        except StopIteration as error:
            raise ParentGoneError from error

    def send(self, result: Result) -> None:
        """Keep an answer."""
        self.answers.append(result)

    def read_at(self, offset: int, length: int) -> bytes:
        """Read the photograph."""
        return PHOTOGRAPH[offset : offset + length]


@pytest.fixture(autouse=True)
def codecs() -> None:
    """Set the codecs up as a child has them."""
    stills.set_up()


def served(*requests: Request) -> tuple[list[Result], list[bytes]]:
    """Return the answers, and what lay in the shared memory after each."""
    shared = bytearray(64_000)
    seen: list[bytes] = []

    def asked() -> Iterator[Request]:
        for number, request in enumerate(requests):
            yield replace(request, serial=number)
            seen.append(bytes(shared))

    channel = Asked(asked())
    hello = Hello(
        subject=Subject.STILL, shared_bytes=len(shared), size_bytes=len(PHOTOGRAPH)
    )
    with pytest.raises(ParentGoneError):
        Server(channel, memoryview(shared), hello).run()
    return channel.answers, seen


def test_what_is_ready_is_not_in_the_shared_memory() -> None:
    """Only the question itself brings pixels out, and then the same ones."""
    (ready, _), (after_ready, after_look) = served(AHEAD, LENS)
    assert (ready.status, ready.untrusted_length) == (Status.OK, 0)
    assert not any(after_ready)
    _, (plain,) = served(LENS)
    assert after_look == plain


@pytest.mark.parametrize(
    "other",
    [
        replace(LENS, box_x=0),
        replace(LENS, box_height=BOX_UNIT // 4),
        replace(LENS, width_px=60, height_px=45),
        replace(LENS, rung=Rung.GREY),
        replace(LENS, rung=Rung.COLOUR, is_grey=False),
    ],
)
def test_another_look_is_rendered_afresh(other: Request) -> None:
    """A lens that was moved, or another step, shows what it asks for."""
    _, seen = served(AHEAD, other, LENS)
    _, plain = served(other, LENS)
    assert seen[1:] == plain


def test_what_is_ready_is_not_rendered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The softening is done once, during the intent time."""
    done: list[int] = []
    soften = stills.softened

    def softened(pixels: Pixels, *, share: float = 1.0) -> Pixels:
        done.append(1)
        return soften(pixels, share=share)

    monkeypatch.setattr(stills, "softened", softened)
    served(AHEAD, LENS, AHEAD, LENS)
    assert len(done) == 1


def test_a_look_that_cannot_be_made_ready_is_refused_as_the_look_is() -> None:
    """And nothing of an earlier one is left to answer with."""
    bad = replace(AHEAD, box_width=0)
    answers, seen = served(AHEAD, bad, replace(bad, op=Op.FRAME))
    assert [one.status for one in answers[1:]] == [Status.BAD_REQUEST] * 2
    assert not any(seen[-1])
