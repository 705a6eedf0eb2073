"""What an installer listed and is no longer there is named; a checkout has no list."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reviewer.sandbox import installation


def test_what_is_gone_or_cut_short_is_named(tmp_path: Path) -> None:
    """By file name alone; a path may hold a space."""
    (tmp_path / "whole").write_bytes(b"123")
    (tmp_path / "cut").write_bytes(b"12")
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a folder" / "here").write_bytes(b"")
    lines = ["3 whole", "3 cut", "7 lib/gone.so", "0 a folder/here"]
    assert installation.missing_of(lines, tmp_path) == ("cut", "gone.so")


def test_a_checkout_misses_nothing() -> None:
    """Nobody has listed it."""
    assert installation.missing_parts() == ()


def test_an_installation_without_its_list_is_not_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The list is a part too."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert installation.missing_parts() == (installation.LIST,)
