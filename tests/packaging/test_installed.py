"""Installed into a clean Debian, used, upgraded and removed, without any source."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from reviewer.cli.output import Exit
from reviewer.errors import Code
from tests.packaging.lifecycle import HOME, Life, live
from tests.packaging.roots import KEPT, CleanRoot, why_not

# The demonstration brings files that nobody can open.
EXPECTED_REFUSALS: Final = {
    Code.MEDIA_UNSUPPORTED,
    Code.MEDIA_BROKEN,
    Code.MEDIA_TOO_LARGE,
    Code.DECODER_DIED,
}
# A library of the system, where nobody has a folder: not ours to silence.
_OF_FONTCONFIG: Final = "Fontconfig error: No writable cache"
# What Debian itself writes beside the files of packages, and keeps.
_OF_THE_SYSTEM: Final = ("/var/lib/", "/var/cache/", "/var/log/", "/etc/ld.so.cache")

pytestmark = [
    pytest.mark.packaging,
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "it can be run"),
]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """Play the life of an installation once; keep a picture of its window."""
    root = CleanRoot(KEPT / "root")
    try:
        yield live(root, tmp_path_factory.mktemp("older"))
        picture = root.folder / HOME.lstrip("/") / "window.xwd"
        if picture.is_file():
            shutil.copyfile(picture, KEPT / "window.xwd")
    finally:
        shutil.rmtree(root.folder, ignore_errors=True)


def test_the_main_job_works_end_to_end(life: Life) -> None:
    """Every item comes all the way, behind all walls, nothing clear before reveal."""
    assert life.demo["receipt_verified"] is True
    assert life.demo["accepted"] == life.demo["items"] > 0
    assert life.demo["sandbox_level"] == "full"
    assert life.demo["clear_renditions_before_reveal"] == 0
    assert life.demo["views"] > 0
    assert {one["code"] for one in life.demo["refused"]} <= EXPECTED_REFUSALS


def test_doctor_proves_the_walls(life: Life) -> None:
    """All escapes are stopped by the installed canary; the database is encrypted."""
    sandbox = life.doctor["sandbox"]
    assert sandbox["level"] == "full"
    assert sandbox["escapes_blocked"] == sandbox["escapes_tried"] > 0
    assert life.doctor["database"]["encrypted"] is True
    assert life.doctor["versions"]["av"] != "absent"
    assert life.doctor_exit in {0, 1}


def test_preflight_looks_at_everything(life: Life) -> None:
    """Without a profile; what stops here is said with what to do."""
    checks = {one["name"]: one for one in life.preflight["checks"]}
    for name in ("installation", "libraries", "kernel", "landlock", "sandbox"):
        assert checks[name]["state"] == "ok", checks[name]
    assert checks["keyring"]["state"] == "attention"
    assert life.preflight_exit == (0 if life.preflight["ready"] else 1)
    assert all(one["todo"] for one in checks.values() if one["state"] == "stop")


@pytest.mark.parametrize(
    ("trouble", "code", "words"),
    [
        ("no home, a window", 3, "PROFILE_NOT_MADE"),
        ("nobody", 3, "PROFILE_NOT_MADE"),
        ("no right to write, a window", 3, "PROFILE_NOT_MADE"),
        ("no library of the system", 3, "SYSTEM_LIBRARY_MISSING: libseccomp2"),
        ("no keyring", 3, "KEYRING_MISSING"),
        ("newer header", 3, "PROFILE_NEWER"),
        ("newer header, a window", 3, "PROFILE_NEWER"),
        ("newer database", 3, "PROFILE_NEWER"),
        ("a codec is gone", 1, "half installed, missing: "),
        ("a library is gone", 3, "PROGRAM_INCOMPLETE: "),
        ("an early library is gone", 3, "PROGRAM_INCOMPLETE"),
        ("Qt is gone", 3, "PROGRAM_INCOMPLETE: QtGui.abi3.so"),
        ("a plugin of Qt is gone", 3, "PROGRAM_INCOMPLETE"),
        ("words are gone", 3, "PROGRAM_INCOMPLETE: "),
        ("no Landlock", 1, "the kernel does not offer it"),
        ("no Landlock, doctor", 1, '"level": "reduced"'),
        ("no display", 3, "DISPLAY_MISSING"),
        ("no home", 1, "there is no home folder"),
        ("no right to write", 1, "no right to write"),
        ("synced folder", 1, "its bytes leave this machine"),
        ("no profile", 3, "PROFILE_MISSING"),
        ("no decoder", 1, "missing: reviewer-decoder reviewer-canary"),
        ("no demonstration", 3, "DEMO_NOT_INSTALLED"),
    ],
)
def test_a_bad_machine_gets_one_clear_sentence(
    life: Life, trouble: str, code: int, words: str
) -> None:
    """No trace of a fault, and the exit code that belongs to it."""
    found = life.troubles[trouble]
    assert words in found.words
    assert found.exit == code
    assert "Traceback" not in found.words
    assert "fault of its own" not in found.words
    if code == Exit.UNAVAILABLE:
        lines = found.words.splitlines()
        ours = [line for line in lines if not line.startswith(_OF_FONTCONFIG)]
        assert len(ours) == 1, found.words


def test_without_landlock_nothing_is_decoded(life: Life) -> None:
    """The organisation of the demonstration asks for full walls."""
    found = life.troubles["no Landlock, the main job"]
    assert found.exit != 0
    assert "Traceback" not in found.words
    assert "fault of its own" not in found.words
    for line in found.words.splitlines():
        if line.startswith("{") and "items" in (said := json.loads(line)):
            assert said["views"] == 0
            assert said["clear_renditions_after_reveal"] == 0
            assert said["sandbox_level"] != "full"


def test_no_source_is_there(life: Life) -> None:
    """What ran came from the archive of the built program."""
    assert life.sources_found == ""


def test_a_window_opens(life: Life) -> None:
    """Under an X server, with what the package depends on and nothing else."""
    assert int(life.window["WIDTH"]) >= 640
    assert int(life.window["HEIGHT"]) >= 480


def test_an_upgrade_keeps_the_profile(life: Life) -> None:
    """A profile of the older build opens, lists the same and verifies."""
    assert life.had_stale_file
    assert not life.has_stale_file
    assert json.loads(life.listed_after_upgrade)
    assert life.listed_after_upgrade == life.listed_before_upgrade
    assert life.journal_exit == 0


def test_licences_are_shown(life: Life) -> None:
    """The program names what is inside, and under which licence."""
    for name in ("pyside6-essentials", "av", "cryptography", "python"):
        assert name in life.licences
    assert "/usr/share/doc/reviewer/licences/Decoder.md" in life.installed


def test_menu_type_and_icon_are_installed(life: Life) -> None:
    """The desktop finds the program, the batch's type and the icon."""
    assert {
        "/usr/share/applications/reviewer.desktop",
        "/usr/share/mime/packages/reviewer.xml",
        "/usr/share/icons/hicolor/scalable/apps/reviewer.svg",
    } <= life.installed


def test_only_profiles_are_left(life: Life) -> None:
    """After removal nothing of ours is there but what belongs to the person."""
    left = {
        path
        for path in life.left - life.bare
        if not path.startswith((*_OF_THE_SYSTEM, f"{HOME}/"))
    }
    assert left == set()
    assert Path(HOME, "kept/profile/vault.db").as_posix() in life.left
    ours = {path for path in life.left if "/reviewer" in path}
    outside = {path for path in ours if not path.startswith(f"{HOME}/")}
    assert outside == set()
