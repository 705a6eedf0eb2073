"""The closed set of events, and the only way to write one down.

A field is a number, one of our own enumerations, a pseudonym, or a place in our own
code. There is no field of text, so no content, path, name, hash or message of an
exception can be logged by mistake. What a person looks at, breaks off, covers or
takes a rest from is no event: the record of exposure belongs to the person.
"""

from __future__ import annotations

import builtins
import dataclasses
import enum
import json
import re
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import ClassVar, Final

from reviewer.domain.ids import Pseudonym
from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import Code

PACKAGE: Final = "reviewer"
OTHER: Final = "other"
PLACES_COUNT: Final = 24
"""Frames of a crash that are kept, the innermost ones."""
_MAX_NUMBER: Final = 2**53
_HEX_64: Final = re.compile(r"[0-9a-f]{16}")


class EventCode(enum.StrEnum):
    """What can happen; stable, one is added and never renamed."""

    STARTED = "STARTED"
    ENDED = "ENDED"
    ENROLLED = "ENROLLED"
    REQUESTED = "REQUESTED"
    STARTED_OVER = "STARTED_OVER"
    UNLOCKED = "UNLOCKED"
    LOCKED = "LOCKED"
    FETCHED = "FETCHED"
    IMPORTED = "IMPORTED"
    SUBMITTED = "SUBMITTED"
    RECEIPT_TAKEN = "RECEIPT_TAKEN"
    REFUSED = "REFUSED"
    COMMIT_FAILED = "COMMIT_FAILED"
    ITEM_FAILED = "ITEM_FAILED"
    SEALED = "SEALED"
    COMMAND_ENDED = "COMMAND_ENDED"
    QT_SPOKE = "QT_SPOKE"
    CRASHED = "CRASHED"


class Attempt(enum.StrEnum):
    """What was refused."""

    ENROL = "enrol"
    REQUEST = "request"
    ACCEPT = "accept"
    START_OVER = "start_over"
    UNLOCK = "unlock"
    FETCH = "fetch"
    IMPORT = "import"
    OPEN_BATCH = "open_batch"
    SUBMIT = "submit"
    RECEIPT = "receipt"


class Command(enum.StrEnum):
    """What was asked for on the command line."""

    ENROL = "enrol"
    FETCH = "fetch"
    IMPORT = "import"
    LIST = "list"
    SUBMIT = "submit"
    RECEIPT = "receipt"
    VERIFY = "verify"


class Severity(enum.StrEnum):
    """How loud Qt was."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"
    FATAL = "fatal"


class Category(enum.StrEnum):
    """Which part of Qt spoke; a name of its own never gets through."""

    PLATFORM = "qt.qpa"
    GUI = "qt.gui"
    WIDGETS = "qt.widgets"
    CORE = "qt.core"
    TEXT = "qt.text"
    ACCESSIBILITY = "qt.accessibility"
    PYSIDE = "qt.pyside"
    DEFAULT = "default"
    OTHER = "other"


class Hook(enum.StrEnum):
    """Where a fault of our own came out."""

    MAIN = "main"
    THREAD = "thread"
    UNRAISABLE = "unraisable"


@dataclass(frozen=True, slots=True)
class FaultName:
    """The class of an exception: ours, one of Python's own, or `other`."""

    name: str

    @classmethod
    def of(cls, kind: type[BaseException]) -> FaultName:
        """Return the name if the class really stands where it says, else `other`."""
        return cls(kind.__name__ if _is_known(kind) else OTHER)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of our own code."""

    module: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The window opens."""

    code: ClassVar = EventCode.STARTED
    major: int
    minor: int
    patch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The window has closed."""

    code: ClassVar = EventCode.ENDED
    exit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """The profile belongs to an organisation."""

    code: ClassVar = EventCode.ENROLLED
    online: bool
    keyring: KeyringMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """A request file was written."""

    code: ClassVar = EventCode.REQUESTED


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedOver:
    """An enrolment that was never finished was forgotten."""

    code: ClassVar = EventCode.STARTED_OVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """The vault is open."""

    code: ClassVar = EventCode.UNLOCKED
    keyring: KeyringMode
    read_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """The vault is closed, by lock, curtain or end."""

    code: ClassVar = EventCode.LOCKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The coordinator was asked for batches."""

    code: ClassVar = EventCode.FETCHED
    imported: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A batch is in the vault."""

    code: ClassVar = EventCode.IMPORTED
    batch: Pseudonym
    items: int
    missing: int
    late: bool
    already_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """Entries were sent and receipted, or written for a stick."""

    code: ClassVar = EventCode.SUBMITTED
    online: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptTaken:
    """A receipt was verified."""

    code: ClassVar = EventCode.RECEIPT_TAKEN
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Something was tried and refused."""

    code: ClassVar = EventCode.REFUSED
    attempt: Attempt
    why: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitFailed:
    """An act of the reviewer could not be made durable; it came back to the screen."""

    code: ClassVar = EventCode.COMMIT_FAILED
    why: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFailed:
    """A decoder died, lied or was silent, or the media are not what was signed."""

    code: ClassVar = EventCode.ITEM_FAILED
    item: Pseudonym
    why: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An item was sealed, and so many exact copies with it."""

    code: ClassVar = EventCode.SEALED
    item: Pseudonym
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandEnded:
    """A command on a profile is over."""

    code: ClassVar = EventCode.COMMAND_ENDED
    command: Command
    exit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QtSpoke:
    """Qt had something to say; what it said is dropped."""

    code: ClassVar = EventCode.QT_SPOKE
    severity: Severity
    category: Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Crashed:
    """A fault of our own: where, and of which class; never its message or values."""

    code: ClassVar = EventCode.CRASHED
    hook: Hook
    fault: FaultName
    why: Code | None
    """Where the fault was one of our errors that nobody caught."""
    places: tuple[Place, ...]
    """Outermost first; frames of libraries are left out."""


Event = (
    Started
    | Ended
    | Enrolled
    | Requested
    | StartedOver
    | Unlocked
    | Locked
    | Fetched
    | Imported
    | Submitted
    | ReceiptTaken
    | Refused
    | CommitFailed
    | ItemFailed
    | Sealed
    | CommandEnded
    | QtSpoke
    | Crashed
)


class UnknownFieldError(TypeError):
    """Something was about to be logged that is not of the closed set: a bug."""


def render(event: Event, *, number: int, at: str) -> str:
    """Return the one line that stands for an event.

    Args:
        event: One of the closed set; a look-alike is refused.
        number: Rises with each event of a run.
        at: The quarter of the day; the log must not time a person either.

    Raises:
        UnknownFieldError: the event, or a field of it, is not of the closed set.
    """
    if type(event) not in Event.__args__:
        raise UnknownFieldError
    line: dict[str, object] = {"n": number, "at": at, "event": event.code.value}
    for field in dataclasses.fields(event):
        line[field.name] = _value(getattr(event, field.name))
    return json.dumps(line, ensure_ascii=True, separators=(",", ":"))


def places_of(trace: TracebackType | None) -> tuple[Place, ...]:
    """Return where in our own code a fault passed; names of modules and lines only."""
    found: list[Place] = []
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__")
        if isinstance(name, str) and _is_ours(name):
            found.append(Place(module=name, line=trace.tb_lineno))
        trace = trace.tb_next
    return tuple(found[-PLACES_COUNT:])


def _value(value: object) -> object:
    """Return a field as JSON; text is refused, whatever it says."""
    written: object
    match value:
        case None | bool():
            written = value
        case enum.StrEnum() if _is_ours(type(value).__module__):
            written = value.value
        case int() if type(value) is int and 0 <= value < _MAX_NUMBER:
            written = value
        case Pseudonym(hex=text) if _HEX_64.fullmatch(text):
            written = text
        case FaultName(name=name) if name == OTHER or _is_fault_name(name):
            written = name
        case Place(module=module, line=line) if _is_ours(module):
            written = f"{module}:{line:d}"
        case tuple() if all(type(each) is Place for each in value):
            written = [_value(each) for each in value]
        case _:
            raise UnknownFieldError
    return written


def _is_ours(module: str) -> bool:
    """Return whether this is a module of ours that is loaded under that name."""
    return module.partition(".")[0] == PACKAGE and module in sys.modules


def _is_known(kind: type) -> bool:
    """Return whether a class is really the one of that name in our code or Python's.

    A class made on the fly can claim any name and any module.
    """
    module = kind.__module__
    if module != builtins.__name__ and not _is_ours(module):
        return False
    return getattr(sys.modules[module], kind.__name__, None) is kind


def _is_fault_name(name: str) -> bool:
    modules = [builtins, *(m for n, m in list(sys.modules.items()) if _is_ours(n))]
    return any(
        isinstance(found := getattr(module, name, None), type)
        and issubclass(found, BaseException)
        for module in modules
    )
