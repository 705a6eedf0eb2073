"""The demonstration and its tour, as they are typed, without a display."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image

from reviewer.demo.summary import BATCH, RECEIPT, SUBMISSION, TRUST
from tests.e2e.commands import ROOT, environment, reviewer
from tests.media_samples import still_path
from tests.sandboxed import need_full_sandbox

PATIENCE_S: Final = 600
COPIES: Final = 12
"""Of which the ninth and the tenth come from the news."""
OF_THE_LEDGER: Final = (b"clear_ms", b"views", b"breaks_count", b"cap_refusals")


def demo(*arguments: str | Path) -> dict[str, Any]:
    """Run it; return its one line of JSON."""
    need_full_sandbox()
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", "demo", *map(str, arguments), "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment() | {"QT_QPA_PLATFORM": "offscreen"},
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    (line,) = done.stdout.splitlines()
    value = json.loads(line)
    assert isinstance(value, dict)
    return value


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for everything that the demonstration makes."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def said(kept: Path) -> dict[str, Any]:
    """Run the demonstration once."""
    return demo("--offscreen", "--keep", kept)


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Show the three moments once, with fewer copies."""
    folder = tmp_path_factory.mktemp("tour")
    return demo("--tour", "--offscreen", "--copies", str(COPIES), "--keep", folder)


def test_every_item_comes_all_the_way(said: dict[str, Any]) -> None:
    """Decided or handed back, accepted, receipted; one decision was taken back."""
    assert said["items"] == said["accepted"] == said["decided"] + said["handed_back"]
    assert (said["undone"], said["handed_back"]) == (1, 1)
    assert said["receipt_verified"]
    assert said["sandbox_level"] == "full"


def test_nothing_clear_before_a_reveal(said: dict[str, Any]) -> None:
    """Measured from the pixels that came to the parent."""
    assert said["clear_renditions_before_reveal"] == 0
    assert said["clear_renditions_after_reveal"] > 0


def test_the_ledger_has_looks_and_a_break(said: dict[str, Any]) -> None:
    """Three concealed items, all severe ones up to the first limit, and one rest."""
    assert said["views"] > 3
    assert said["clear_ms_total"] > 0
    assert said["breaks"] == 1
    assert said["cap_refusals"] == 1
    assert 0 < said["items_decided_without_reveal"] < said["decided"]


def test_copies_were_decided_together(said: dict[str, Any]) -> None:
    """Two stacks; what came from the news and what is near to no verdict stayed."""
    assert said["stacks"] == 2
    assert said["members_decided_by_stack"] == 4
    assert said["contexts_confirmed"] == 5


def test_what_was_sent_verifies_and_tells_nothing_of_looks(
    said: dict[str, Any], kept: Path
) -> None:
    """The exposure ledger is read for the summary, and is in no file that leaves."""
    assert said["entries"] > 0
    for name in (BATCH, SUBMISSION, RECEIPT):
        ran = reviewer("verify", kept / name, "--trust", kept / TRUST, "--json")
        assert ran.json["valid"], ran
        assert not [
            word for word in OF_THE_LEDGER if word in (kept / name).read_bytes()
        ]


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    """Copies are found by what they show, and the decided ones are not in the way."""
    _own(tmp_path / "own")
    said = demo("--offscreen", "--media", tmp_path / "own", "--keep", tmp_path / "kept")
    assert said["items"] == said["accepted"] == 6
    assert said["receipt_verified"]
    assert (said["stacks"], said["members_decided_by_stack"]) == (1, 3)
    assert said["clear_renditions_before_reveal"] == 0
    assert (said["cap_refusals"], said["breaks"]) == (0, 1)


def _own(folder: Path) -> None:
    """Write a photograph four times, to the byte and not, a text, and neither."""
    folder.mkdir()
    with Image.open(still_path("chelsea.png")) as photograph:
        plain = photograph.convert("RGB")
    plain.save(folder / "a.jpg", quality=90)
    plain.save(folder / "b.jpg", quality=50)
    plain.resize((plain.width // 2, plain.height // 2)).save(folder / "c.webp")
    (folder / "d.jpg").write_bytes((folder / "a.jpg").read_bytes())
    (folder / "e.txt").write_text("Plain words. " * 40, encoding="utf-8")
    (folder / "f.bin").write_bytes(b"neither")


def test_all_three_moments_hold(toured: dict[str, Any]) -> None:
    """And each says so in sentences."""
    assert toured["holds"]
    first, second, third = toured["moments"]
    assert [len(one["checks"]) for one in (first, second, third)] == [2, 3, 5]
    assert all(check["said"].endswith((".", ")")) for check in third["checks"])


def test_one_look_decides_the_copies(toured: dict[str, Any]) -> None:
    """All but those from the news, which stayed unticked."""
    counts = toured["moments"][0]["counts"]
    assert counts["looks"] == 1
    assert counts["unticked"] == 2
    assert counts["items"] == COPIES - counts["unticked"]
    assert counts["contexts"] == 5
    assert counts["keys"] == 4


def test_no_frame_was_caught(toured: dict[str, Any]) -> None:
    """Frames were looked at after each of the three events."""
    counts = toured["moments"][1]["counts"]
    assert counts["frames"] >= 3
    assert counts["clear_frames"] == 0


def test_the_screens_are_kept(toured: dict[str, Any]) -> None:
    """Four of the first moment, four of the second, two of the third."""
    paths = [Path(one) for one in toured["screens"]]
    assert [path.name[0] for path in paths] == [*"1111222233"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)


def test_the_tour_draws_its_own_media(tmp_path: Path) -> None:
    """With a folder beside it, it is used wrongly: exit code 2."""
    ran = reviewer("demo", "--tour", "--offscreen", "--media", tmp_path, "--json")
    assert (ran.code, ran.json["code"]) == (2, "INPUT_INVALID")
