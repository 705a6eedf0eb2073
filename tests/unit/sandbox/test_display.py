"""Whether a window can be opened is known before Qt is asked, who would abort."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from reviewer.sandbox.system import has_display, wanted_platforms

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="not run: only on Linux may a display be missing"
)


@pytest.mark.parametrize(
    ("variable", "platforms"),
    [
        ("", ("xcb", "wayland")),
        ("offscreen", ("offscreen",)),
        ("vnc:size=800x600", ("vnc",)),
        ("wayland;xcb", ("wayland", "xcb")),
    ],
)
def test_platforms_are_read_as_qt_reads_them(
    variable: str, platforms: tuple[str, ...]
) -> None:
    """Several, with options; none means both display servers."""
    assert wanted_platforms({"QT_QPA_PLATFORM": variable}) == platforms
    assert has_display({"QT_QPA_PLATFORM": "offscreen"})


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ""},
        {"QT_QPA_PLATFORM": "xcb"},
        {"QT_QPA_PLATFORM": "wayland"},
        {"WAYLAND_DISPLAY": "wayland-0"},
        {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/nowhere"},
    ],
    ids=str,
)
def test_without_a_display_there_is_none(environment: dict[str, str]) -> None:
    """Variables alone make no display: something has to answer."""
    assert not has_display(environment)


def test_a_display_number_that_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is set and the server is gone."""
    monkeypatch.setenv("DISPLAY", ":9471")
    assert not has_display({"DISPLAY": ":9471"})


@pytest.mark.parametrize("is_listening", [True, False])
def test_wayland_answers_where_a_socket_does(
    tmp_path: Path, *, is_listening: bool
) -> None:
    """A socket that is left over from a crash is no display."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "wayland-0"))
        if is_listening:
            server.listen()
        found = has_display(
            {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
        )
    assert found is is_listening
