"""Where shipped files are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer import settings


def test_a_checkout_has_its_resources_at_the_top() -> None:
    """Next to the package."""
    found = settings.resource("policy/default_policy.json")
    assert found.is_file()
    assert found.parts[-3:] == ("resources", "policy", "default_policy.json")


def test_a_wheel_carries_them_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The packaged file wins over one beside the package."""
    packaged = tmp_path / "_resources"
    packaged.mkdir()
    (packaged / "policy").mkdir()
    monkeypatch.setattr(settings, "_PACKAGED", packaged)
    assert settings.resource("policy") == packaged / "policy"


def test_a_missing_file_is_a_broken_installation() -> None:
    """It is a bug, so it is none of our errors."""
    with pytest.raises(FileNotFoundError):
        settings.resource("policy/nothing.json")
