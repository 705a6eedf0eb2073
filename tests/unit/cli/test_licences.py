"""`reviewer licences`: the list that an installer gathered, or that nothing is."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from reviewer.cli import licences
from reviewer.cli.output import Exit
from reviewer.errors import Code, RefusedError


def asked(name: str | None = None, *, as_json: bool = False) -> argparse.Namespace:
    """Return the arguments as the parser gives them."""
    return argparse.Namespace(name=name, json=as_json)


@pytest.fixture
def gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of notices with one package in it."""
    notice = {
        "name": "drawn",
        "version": "1",
        "licence": "MIT",
        "texts": ["drawn/LICENSE"],
    }
    (tmp_path / "drawn").mkdir()
    (tmp_path / "drawn" / "LICENSE").write_text("Do as you like", encoding="utf-8")
    (tmp_path / "notices.json").write_text(json.dumps([notice]), encoding="utf-8")
    monkeypatch.setattr(licences, "resource", lambda _: tmp_path)
    return tmp_path


def test_a_checkout_has_nothing_inside(capsys: pytest.CaptureFixture[str]) -> None:
    """Only our own licence is ours to name."""
    assert licences.run(asked(as_json=True)) is Exit.DONE
    assert json.loads(capsys.readouterr().out)["bundled"] == []


def test_the_list_is_printed(
    gathered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line a package; all of it as JSON."""
    assert licences.run(asked()) is Exit.DONE
    assert "drawn 1: MIT" in capsys.readouterr().out
    assert licences.run(asked(as_json=True)) is Exit.DONE
    assert json.loads(capsys.readouterr().out)["bundled"][0]["name"] == "drawn"


def test_texts_are_printed(gathered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Word for word; a name that is not inside is refused."""
    assert licences.run(asked("drawn")) is Exit.DONE
    assert "Do as you like" in capsys.readouterr().out
    with pytest.raises(RefusedError) as refused:
        licences.run(asked("absent"))
    assert refused.value.code is Code.INPUT_INVALID
