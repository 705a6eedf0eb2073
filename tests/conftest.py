"""The harness: nothing leaks, nothing warns, and every run can be repeated.

After each test: no thread, child process, file, socket or visible window is left
behind, and no log record of WARNING or worse was written unexpectedly. Fixtures of
a wider scope are set up before these and are therefore not counted.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import hypothesis
import psutil
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_PATIENCE_S: Final = 5
_DESCRIPTORS: Final = Path("/proc/self/fd")
_NOT_OURS: Final = ("anon_inode:", "/dev/", "/proc/", "/sys/", "/usr/", "/etc/")
"""Descriptors that Qt, the interpreter or the test runner opens once and keeps."""

hypothesis.settings.register_profile(
    "default",
    deadline=None,
    max_examples=50,
    derandomize="CI" in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "long",
    deadline=None,
    max_examples=2_000,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("default")


def pytest_collection_finish() -> None:
    """Leave what was collected out of every later look for garbage and leaks.

    Thousands of tests are millions of objects, and each window test looks over all.
    """
    gc.collect()
    gc.freeze()


class _Warnings(logging.Handler):
    """Keeps every record of WARNING or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _no_logged_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on an unexpected warning in the log."""
    handler = _Warnings()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    expected = request.node.get_closest_marker("logs_warnings") is not None
    found = [f"{record.name}: {record.getMessage()}" for record in handler.records]
    if found and not expected:
        pytest.fail(f"logged: {found}")


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fail on a leaked thread, child process, descriptor or visible window."""
    threads = set(threading.enumerate())
    children = _children()
    descriptors = _descriptors()
    windows = _visible_windows()
    yield
    leaks = [
        *(f"window {name}" for name in _visible_windows() - windows),
        *_leaked_threads(threads),
        *_leaked_children(children),
        *_leaked_descriptors(descriptors),
    ]
    if leaks:
        pytest.fail(f"left behind: {leaks}")


def _leaked_threads(before: set[threading.Thread]) -> list[str]:
    for thread in set(threading.enumerate()) - before:
        thread.join(_PATIENCE_S)
    return [f"thread {t.name}" for t in set(threading.enumerate()) - before]


def _leaked_children(before: set[psutil.Process]) -> list[str]:
    started = _children() - before
    if not started:
        return []
    _, alive = psutil.wait_procs(started, timeout=_PATIENCE_S)
    return [f"child {process.pid}" for process in alive]


def _children() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def _leaked_descriptors(before: set[str]) -> list[str]:
    if _descriptors() <= before:
        return []
    gc.collect()
    return [f"descriptor {name}" for name in sorted(_descriptors() - before)]


def _visible_windows() -> set[str]:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return set()
    return {
        f"{type(widget).__name__} {id(widget):x}"
        for widget in widgets.QApplication.topLevelWidgets()
        if widget.isVisible()
    }


def _descriptors() -> set[str]:
    """Return `number target` of every open descriptor that could be a leak."""
    found: set[str] = set()
    if not _DESCRIPTORS.is_dir():
        return found
    for name in os.listdir(_DESCRIPTORS):  # noqa: PTH208 (no descriptor of its own)
        try:
            target = str((_DESCRIPTORS / name).readlink())
        except OSError:
            continue
        if int(name) > 2 and not target.startswith(_NOT_OURS):
            found.add(f"{name} {target}")
    return found
