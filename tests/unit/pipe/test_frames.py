"""Frames survive the pipe; foreign bytes raise FrameError and nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.rendition import Step
from reviewer.pipe import frames
from reviewer.pipe.codes import Mark, Op, Rung, Status, Subject, Wall
from reviewer.pipe.control import (
    CONTROL_BYTES,
    FORK_BYTES,
    Fork,
    check_warm,
    pack_forked,
    pack_warm,
    unpack_forked,
)
from reviewer.pipe.escapes import (
    Attempt,
    Ending,
    Escape,
    Trial,
    unpack_attempts,
)
from reviewer.pipe.frames import FrameError, Hello, ReadCall, Ready, Request, Result

U32 = st.integers(0, 2**32 - 1)
U64 = st.integers(0, 2**64 - 1)
REQUESTS = st.builds(
    Request,
    op=st.sampled_from(Op),
    serial=U32,
    rung=st.sampled_from(Rung),
    is_grey=st.booleans(),
    width_px=U32,
    height_px=U32,
    box_x=U32,
    box_y=U32,
    box_width=U32,
    box_height=U32,
    at_ms=U64,
    page=U32,
    tiles_count=U32,
)
RESULTS = st.builds(
    Result,
    serial=U32,
    status=st.sampled_from(Status),
    has_audio=st.booleans(),
    untrusted_width=U32,
    untrusted_height=U32,
    untrusted_count=U32,
    untrusted_length=U32,
    untrusted_words=U32,
    untrusted_pages=U32,
    untrusted_duration_ms=U64,
)
READS = st.builds(ReadCall, serial=U32, untrusted_offset=U64, untrusted_length=U32)


def test_rungs_are_the_steps_of_the_ladder() -> None:
    """The pipe may not import the domain, so equality is tested."""
    assert {r.name: r.value for r in Rung} == {s.name: s.value for s in Step}


@given(REQUESTS)
def test_requests_survive(request: Request) -> None:
    """A request arrives as it was sent."""
    data = request.pack()
    assert len(data) == frames.REQUEST_BYTES
    assert Request.unpack(data) == request


@given(st.one_of(RESULTS, READS))
def test_replies_survive(reply: Result | ReadCall) -> None:
    """Both kinds of reply have one length and are told apart by their mark."""
    data = reply.pack()
    assert len(data) == frames.REPLY_BYTES
    assert frames.unpack_reply(data) == reply


@given(st.sampled_from(Subject), U32, U64)
def test_greetings_survive(subject: Subject, shared: int, size: int) -> None:
    """Hello and ready arrive as they were sent."""
    hello = Hello(subject=subject, shared_bytes=shared, size_bytes=size)
    assert len(hello.pack()) == frames.HELLO_BYTES
    assert Hello.unpack(hello.pack()) == hello
    for wall in Wall:
        assert Ready.unpack(Ready(wall=wall).pack()) == Ready(wall=wall)


@given(U32)
def test_answers_survive(length: int) -> None:
    """The header before the bytes of a read says how many follow."""
    assert frames.unpack_answer(frames.pack_answer(length)) == length


FORKS = st.builds(
    Fork, subject=st.sampled_from(Subject), without_landlock=st.booleans()
)


@given(FORKS, st.integers(1, 2**22))
def test_control_frames_survive(fork: Fork, pid: int) -> None:
    """What the parent and the zygote say to each other arrives."""
    assert len(fork.pack()) == FORK_BYTES
    assert Fork.unpack(fork.pack()) == fork
    assert unpack_forked(pack_forked(pid)) == pid
    check_warm(pack_warm())


UNPACKERS: dict[str, Callable[[bytes], object]] = {
    "hello": Hello.unpack,
    "ready": Ready.unpack,
    "request": Request.unpack,
    "reply": frames.unpack_reply,
    "answer": frames.unpack_answer,
    "fork": Fork.unpack,
    "forked": unpack_forked,
    "warm": check_warm,
}


@pytest.mark.parametrize("name", UNPACKERS)
@pytest.mark.parametrize(
    "length",
    sorted(
        {
            0,
            frames.HELLO_BYTES,
            frames.READY_BYTES,
            frames.REQUEST_BYTES,
            frames.REPLY_BYTES,
            CONTROL_BYTES,
        }
    ),
)
@given(data=st.data())
def test_foreign_bytes_raise_frame_error(
    name: str, length: int, data: st.DataObject
) -> None:
    """Arbitrary bytes are a frame or a FrameError, whatever their length."""
    untrusted = data.draw(st.binary(min_size=length, max_size=length))
    with contextlib.suppress(FrameError):
        UNPACKERS[name](untrusted)


@pytest.mark.parametrize(
    ("place", "value"), [(0, 0), (0, 0xA1), (1, len(Status)), (1, 255)]
)
def test_unknown_marks_and_statuses_are_refused(place: int, value: int) -> None:
    """A status is one of ours or the child lies."""
    data = bytearray(Result(serial=1, status=Status.OK).pack())
    data[place] = value
    with pytest.raises(FrameError):
        frames.unpack_reply(bytes(data))


def test_marks_differ() -> None:
    """No mark is also the mark of another frame."""
    assert len({mark.value for mark in Mark}) == len(Mark)


ATTEMPTS = st.builds(
    Attempt,
    st.sampled_from(Trial),
    st.sampled_from(Escape),
    st.sampled_from(Ending),
    st.integers(0, 255),
)


@given(st.lists(ATTEMPTS))
def test_attempts_survive(attempts: list[Attempt]) -> None:
    """A canary's report is read back as it was written."""
    data = b"".join(one.pack() for one in attempts)
    assert unpack_attempts(data) == tuple(attempts)


@given(st.binary())
def test_a_foreign_report_raises_value_error(data: bytes) -> None:
    """Anything else than records is refused."""
    with contextlib.suppress(ValueError):
        unpack_attempts(data)
