"""Every event renders without content, and nothing of another kind can be logged."""

from __future__ import annotations

import dataclasses
import enum
import json
import typing
from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewer.domain.ids import Pseudonym
from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import Code, UnavailableError
from reviewer.events import kinds
from reviewer.events.kinds import (
    Attempt,
    Category,
    Command,
    Crashed,
    Event,
    EventCode,
    FaultName,
    Hook,
    Place,
    Severity,
    UnknownFieldError,
    places_of,
    render,
)

MARKER = "marker-9f27c1 of an item"
SAMPLES: dict[object, object] = {
    bool: True,
    int: 7,
    Pseudonym: Pseudonym("0123456789abcdef"),
    KeyringMode: KeyringMode.REQUIRED,
    Code: Code.DISK_FULL,
    Code | None: None,
    Attempt: Attempt.UNLOCK,
    Command: Command.LIST,
    Severity: Severity.WARNING,
    Category: Category.PLATFORM,
    Hook: Hook.MAIN,
    FaultName: FaultName.of(KeyError),
    tuple[Place, ...]: (Place(module="reviewer.errors", line=12),),
}
EVENTS: tuple[type[Event], ...] = typing.get_args(Event)

every_event = pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)


class ForeignError(Exception):
    """Its class is of no module of ours."""


def sample(kind: type[Event]) -> Event:
    """Return an event with every field filled in."""
    hints = typing.get_type_hints(kind)
    fields = {each.name: SAMPLES[hints[each.name]] for each in dataclasses.fields(kind)}
    make = typing.cast("typing.Callable[..., Event]", kind)
    return make(**fields)


def rendered(event: object) -> str:
    return render(typing.cast("Event", event), number=3, at="2026-11-21T18")


@every_event
def test_every_event_renders_as_one_line_of_plain_fields(kind: type[Event]) -> None:
    """Its number, its quarter, its code, and the closed fields; nothing else."""
    line = rendered(sample(kind))
    assert "\n" not in line
    assert line.isascii()
    read = json.loads(line)
    names = [each.name for each in dataclasses.fields(kind)]
    assert list(read) == ["n", "at", "event", *names]
    assert read["event"] == kind.code.value


def test_every_code_has_one_event() -> None:
    """A code without an event, or two events of one code, would tell nothing."""
    assert sorted(kind.code for kind in EVENTS) == sorted(EventCode)


@every_event
def test_no_event_has_a_field_of_text(kind: type[Event]) -> None:
    """Every field is of a closed kind: that is what the samples stand for."""
    hints = typing.get_type_hints(kind)
    for each in dataclasses.fields(kind):
        assert hints[each.name] in SAMPLES


@every_event
def test_no_field_can_be_added(kind: type[Event]) -> None:
    """An unknown field is refused when the event is made."""
    make = typing.cast("typing.Callable[..., Event]", kind)
    fields = dataclasses.asdict(sample(kind))
    with pytest.raises(TypeError):
        make(**fields, note=MARKER)


@every_event
@pytest.mark.parametrize(
    "content",
    [MARKER, MARKER.encode(), Path(MARKER), 1.5, -1, 2**60, [MARKER]],
    ids=["text", "bytes", "path", "real", "negative", "huge", "list"],
)
def test_content_in_any_field_is_refused(kind: type[Event], content: object) -> None:
    """Typed wrongly on purpose: the field is refused, and not even quoted."""
    for each in dataclasses.fields(kind):
        event = sample(kind)
        object.__setattr__(event, each.name, content)
        with pytest.raises(UnknownFieldError) as caught:
            rendered(event)
        assert MARKER not in str(caught.value)


def test_look_alikes_are_refused() -> None:
    """An event, an enumeration, a pseudonym or a place that is not ours."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Told:
        code: typing.ClassVar = EventCode.LOCKED

    class Foreign(enum.StrEnum):
        WORD = MARKER

    for event in (
        Told(),
        kinds.Refused(attempt=typing.cast("Attempt", Foreign.WORD), why=Code.LOCKED),
        kinds.ItemFailed(item=Pseudonym(MARKER), why=Code.DECODER_DIED),
        kinds.ItemFailed(item=Pseudonym("ab"), why=Code.DECODER_DIED),
        crash(places=(Place(module=MARKER, line=1),)),
        crash(places=(Place(module="reviewer.no_such_module", line=1),)),
        crash(fault=FaultName(MARKER)),
    ):
        with pytest.raises(UnknownFieldError):
            rendered(event)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (KeyError, "KeyError"),
        (UnavailableError, "UnavailableError"),
        (UnknownFieldError, "UnknownFieldError"),
        (ForeignError, "other"),
        (json.JSONDecodeError, "other"),
        (type(MARKER, (Exception,), {"__module__": "builtins"}), "other"),
        (type(MARKER, (Exception,), {"__module__": "reviewer.errors"}), "other"),
    ],
    ids=["python", "ours", "new", "of a test", "of a library", "claims", "claims ours"],
)
def test_only_our_faults_and_pythons_are_named(
    kind: type[BaseException], name: str
) -> None:
    """A class made on the fly could carry content in its name."""
    assert FaultName.of(kind).name == name
    assert MARKER not in rendered(crash(fault=FaultName.of(kind)))


def test_places_are_of_our_own_modules_only() -> None:
    """Frames of tests and libraries are left out; lines of ours are kept."""
    try:
        render(typing.cast("Event", MARKER), number=0, at="")
    except UnknownFieldError as error:
        places = places_of(error.__traceback__)
    else:
        pytest.fail("not refused")
    assert [place.module for place in places] == ["reviewer.events.kinds"]
    assert places_of(None) == ()


def crash(*, fault: FaultName | None = None, places: tuple[Place, ...] = ()) -> Crashed:
    return Crashed(
        hook=Hook.MAIN, fault=fault or FaultName.of(KeyError), why=None, places=places
    )
