"""What happens when the program itself is at fault: one event, no content.

The message of an exception may quote what it failed on, and a traceback quotes
lines and values. Neither is written anywhere: an event says which class of fault,
and where in our own modules. Qt hands what a slot or a handler raises to the same
hook as Python does.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Final

from reviewer.errors import ReviewerError
from reviewer.events.kinds import Crashed, FaultName, Hook, Place, places_of
from reviewer.events.log import Log

SENTENCE: Final = (
    "reviewer: the program stopped at a fault of its own; "
    "what was confirmed is kept, and the log of events says where"
)

_Kind = type[BaseException]


class CrashHandler:
    """Notes faults, and tells the window once for each."""

    def __init__(self, log: Log, *, development: bool = False) -> None:
        """Take the log.

        Args:
            log: Where faults are noted.
            development: Also let Python print the whole traceback, with its message.
                Only a harness passes it; no option or variable leads here.
        """
        self.log = log
        self.development = development
        self._busy = threading.local()
        self._tell: Callable[[], None] | None = None

    def on_crash(self, tell: Callable[[], None] | None) -> None:
        """Have `tell` called after each fault, in whatever thread it happened."""
        self._tell = tell

    def note(
        self,
        hook: Hook,
        kind: _Kind,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the event, then tell the window.

        A fault in here is dropped: were it raised, Python would print it together
        with the first one, messages and all.
        """
        if getattr(self._busy, "inside", False):
            return
        self._busy.inside = True
        try:
            with contextlib.suppress(Exception):
                self.log.write(_event(hook, kind, value, trace))
            with contextlib.suppress(Exception):
                if self._tell is None:
                    _say(kind, places_of(trace))
                else:
                    self._tell()
        finally:
            self._busy.inside = False

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """Take the three hooks of Python, and give them back at the end."""
        before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._main
        threading.excepthook = self._thread
        sys.unraisablehook = self._unraisable
        try:
            yield
        finally:
            sys.excepthook, threading.excepthook, sys.unraisablehook = before

    def _main(
        self, kind: _Kind, value: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        self.note(Hook.MAIN, kind, value, trace)
        if self.development:
            sys.__excepthook__(kind, value, trace)

    def _thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_type is SystemExit:
            return
        self.note(Hook.THREAD, args.exc_type, args.exc_value, args.exc_traceback)
        if self.development:
            threading.__excepthook__(args)

    def _unraisable(self, args: sys.UnraisableHookArgs) -> None:
        self.note(Hook.UNRAISABLE, args.exc_type, args.exc_value, args.exc_traceback)
        if self.development:
            sys.__unraisablehook__(args)


def _event(
    hook: Hook,
    kind: _Kind,
    value: BaseException | None,
    trace: TracebackType | None,
) -> Crashed:
    return Crashed(
        hook=hook,
        fault=FaultName.of(kind),
        why=value.code if isinstance(value, ReviewerError) else None,
        places=places_of(trace),
    )


def _say(kind: _Kind, places: tuple[Place, ...]) -> None:
    """Write a sentence of ours to standard error, if there is one."""
    where = "".join(f" {place.module}:{place.line}" for place in places[-1:])
    if sys.stderr is not None:
        sys.stderr.write(f"{SENTENCE} ({FaultName.of(kind).name}{where})\n")
