"""Profiles of a shared laptop: the first where it was, others beside it, by a word."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reviewer.errors import Code, RefusedError
from reviewer.store.opener import DATABASE
from reviewer.store.profiles import ALIAS, Profiles


def set_up(folder: Path) -> None:
    """Make a folder look like a profile that somebody uses."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATABASE).write_bytes(b"")


def test_a_fresh_laptop_has_its_first_profile(tmp_path: Path) -> None:
    """Nothing is made, and nothing has to be chosen."""
    profiles = Profiles(tmp_path / "profile")
    (only,) = profiles.known()
    assert only.folder == tmp_path / "profile"
    assert (only.alias, only.is_set_up) == ("", False)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_profile_stays_where_it_is(tmp_path: Path) -> None:
    """Its folder is the first, whoever comes beside it."""
    set_up(tmp_path / "profile")
    profiles = Profiles(tmp_path / "profile")
    made = profiles.add("Heron")
    first, second = profiles.known()
    assert first.folder == tmp_path / "profile"
    assert first.is_set_up
    assert second == made
    assert (second.alias, second.is_set_up) == ("Heron", False)
    set_up(made.folder)
    assert profiles.known()[1].is_set_up


def test_a_folder_says_nothing_of_its_person(tmp_path: Path) -> None:
    """The word is inside; only its owner may enter."""
    made = Profiles(tmp_path / "profile", entropy=os.urandom).add("Heron")
    assert "eron" not in made.folder.name
    assert made.folder.stat().st_mode & 0o077 == 0
    assert [path.name for path in made.folder.iterdir()] == [ALIAS]


@pytest.mark.parametrize(
    "alias", ["", "a", "x" * 25, "../up", "two\nlines", "-dash", "a/b", "\u202eabc"]
)
def test_a_word_that_is_none_is_refused(tmp_path: Path, alias: str) -> None:
    """Letters and digits, so that a list of them cannot mislead."""
    with pytest.raises(RefusedError) as error:
        Profiles(tmp_path / "profile").add(alias)
    assert error.value.code is Code.INPUT_INVALID
    assert list(tmp_path.iterdir()) == []


def test_the_same_word_is_taken_once(tmp_path: Path) -> None:
    """Whatever its case and composition."""
    profiles = Profiles(tmp_path / "profile")
    profiles.add("Ibis été")
    for again in ("ibis été", "IBIS e\u0301te\u0301"):
        with pytest.raises(RefusedError):
            profiles.add(again)


def test_an_unreadable_word_costs_nobody_the_profile(tmp_path: Path) -> None:
    """It is listed without one."""
    profiles = Profiles(tmp_path / "profile")
    made = profiles.add("Heron")
    (made.folder / ALIAS).write_bytes(b"\xff\xfe")
    assert profiles.known()[0].alias == ""
