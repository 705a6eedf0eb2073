"""The whole way by stick and then online, in commands."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reviewer import compose
from reviewer.safeguards.basis import Looks
from reviewer.services.drafting import Complete
from tests.e2e.commands import PASSPHRASE, Folder, Ran, done, reviewer, serving

VERDICT_KEYS = {"valid", "kind", "code", "depth", "key_id"}


@dataclass(slots=True)
class Walked:
    """What every command of the way said."""

    folder: Folder
    said: dict[str, dict[str, Any]] = field(default_factory=dict)

    def verify(self, name: str, *rest: str | Path) -> Ran:
        return reviewer("verify", self.folder / name, *rest, "--json")


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """Walk from init to export once; the tests look at what was said."""
    folder = Folder(tmp_path_factory.mktemp("stick"))
    way = Walked(folder)
    said = way.said
    said["init"] = folder.found()
    code = folder.invite()
    said["trust"] = folder.service("trust", "--to", folder / "early.json")
    said["request"] = folder.laptop(
        "enrol",
        *("--request", folder / "request", "--invite", code),
        *("--trust", folder / "early.json"),
    )
    said["enrol"] = folder.service(
        "enrol", folder / "request", "--to", folder / "trust.json"
    )
    said["accept"] = folder.laptop("enrol", "--accept", folder / "trust.json")
    said["pack"] = folder.pack()
    said["deal"] = folder.service("deal", "--to", folder / "a.rvbatch")
    twice = (folder / "a.rvbatch", folder / "a.rvbatch")
    said["import"] = folder.laptop("import", *twice)
    said["list"] = folder.laptop("list")
    _decide(folder / "profile")
    said["submit"] = folder.laptop("submit", "--to", folder / "out.rvsub")
    said["take"] = folder.service(
        "accept", folder / "out.rvsub", "--to", folder / "receipt.json"
    )
    said["receipt"] = folder.laptop("receipt", folder / "receipt.json")
    said["journal"] = folder.laptop("verify", "--journal")
    said["export"] = folder.service("export", "--csv", folder / "out.csv")
    return way


def _decide(profile: Path) -> None:
    session = compose.entering(profile).unlock(PASSPHRASE)
    try:
        card = session.home().batches[0]
        batch = session.open_batch(card.batch_id)
        first, second, third = (row.item.id for row in batch.rows)
        fine = Complete(verdict="NOT_VIOLATING")
        session.decide(first, fine, looks=Looks(), note="=a note, not a formula")
        session.decide(second, fine, looks=Looks())
        session.undo(card.batch_id)
        session.decide(second, Complete(verdict="NOT_OUR_REMIT"), looks=Looks())
        session.hand_back(third, reason="CANNOT_BE_SHOWN")
    finally:
        session.lock()


def test_founding_names_the_root(walked: Walked) -> None:
    """Its hash is what everybody compares with."""
    founded = walked.said["init"]
    assert founded["organisation"] == "Example organisation"
    assert founded["root_sha256"] == walked.said["trust"]["root_sha256"]


def test_enrolment_by_two_files(walked: Walked) -> None:
    """A fingerprint of six words to read aloud; then the person, by pseudonym."""
    assert walked.said["request"]["requested"]
    assert len(walked.said["request"]["fingerprint"].split()) == 6
    assert walked.said["accept"] == {
        "enrolled": True,
        "subject": "reviewer-1",
        "organisation": "Example organisation",
        "authorised_until": "2099-12-31T00:00:00Z",
        "keyring": "optional",
    }


def test_import_and_list(walked: Walked) -> None:
    """One batch of three items; the same file again is no news."""
    first, again = walked.said["import"]["imported"]
    assert (first["items"], first["already_here"], first["missing"]) == (3, False, [])
    assert again["already_here"]
    (batch,) = walked.said["list"]["batches"]
    assert batch["batch_id"] == first["batch_id"] == walked.said["deal"]["batch"]
    assert (batch["open"], batch["decided"], batch["handed_back"]) == (3, 0, 0)
    assert walked.said["list"]["subject"] == "reviewer-1"


def test_the_receipt_covers_the_submission(walked: Walked) -> None:
    """Verified on the laptop; the journal holds together and says the same."""
    receipt, journal = walked.said["receipt"], walked.said["journal"]
    assert receipt["receipt_verified"]
    assert journal["valid"]
    assert journal["receipts"] == 1
    assert journal["receipted"] == receipt["entries"]
    assert journal["entries"] == receipt["entries"] + 1


def test_the_table_comes_back_with_what_was_decided(walked: Walked) -> None:
    """The rows that went in, the results beside; the undone verdict is gone."""
    text = (walked.folder / "out.csv").read_text(encoding="utf-8")
    rows = {row["file"]: row for row in csv.DictReader(text.splitlines())}
    assert rows["photo.png"]["caption"] == "a cat"
    assert sorted(row["verdict"] for row in rows.values()) == [
        "",
        "NOT_OUR_REMIT",
        "NOT_VIOLATING",
    ]
    assert "handed_back" in {row["outcome"] for row in rows.values()}
    decided = [row for row in rows.values() if row["verdict"]]
    assert len({row["receipt"] for row in decided}) == 1
    assert {row["basis"] for row in decided} == {"CONTEXT_ONLY"}
    assert all(len(row["date"]) == len("2026-11-21T18") for row in decided)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.rvbatch", "batch"), ("out.rvsub", "submission"), ("receipt.json", "receipt")],
)
def test_the_files_verify(walked: Walked, name: str, kind: str) -> None:
    """With the organisation's trust: valid, exit 0; exactly the promised keys."""
    root = str(walked.said["init"]["root_sha256"])
    trust = walked.folder / "trust.json"
    ran = walked.verify(name, "--trust", trust, "--root", root)
    assert ran.code == 0, ran
    assert set(ran.json) == VERDICT_KEYS
    assert (ran.json["valid"], ran.json["kind"]) == (True, kind)
    assert ran.json["code"] is None
    assert len(ran.json["key_id"]) == 64


def test_without_trust_there_is_no_verdict(walked: Walked) -> None:
    """NO_TRUST_ROOT, exit 1."""
    ran = walked.verify("a.rvbatch")
    assert ran.code == 1
    assert set(ran.json) == VERDICT_KEYS
    assert (ran.json["valid"], ran.json["code"]) == (False, "NO_TRUST_ROOT")


def test_refused_is_one(walked: Walked) -> None:
    """In words: one line with the code on standard error, nothing else."""
    ran = reviewer("list", *walked.folder.profile(), words="not the words")
    assert (ran.code, ran.out) == (1, "")
    assert "PASSPHRASE_WRONG" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_usage_is_two() -> None:
    """A command that does not exist."""
    assert reviewer("nothing").code == 2


def test_unavailable_is_three(tmp_path: Path) -> None:
    """No profile here, said as JSON, and no folder is made by asking."""
    folder = Folder(tmp_path / "none")
    ran = reviewer("list", *folder.profile(), "--json")
    assert (ran.code, ran.json["code"]) == (3, "PROFILE_MISSING")
    assert not folder.path.exists()


def test_online_by_commands(walked: Walked, tmp_path: Path) -> None:
    """A second laptop of the same organisation: enrol, fetch and submit over HTTP."""
    code = walked.folder.invite()
    laptop = Folder(tmp_path)
    with serving(walked.folder) as url:
        joined = laptop.laptop("enrol", "--coordinator", url, "--invite", code)
        assert joined["enrolled"]
        devices = walked.folder.service("list")["devices"]
        walked.folder.service("deal", "--device", devices[-1])
        (fetched,) = laptop.laptop("fetch")["imported"]
        assert fetched["items"] == 3
        sent = laptop.laptop("submit", "--capacity", "low")
        assert sent["receipt_verified"]
    down = reviewer("fetch", *laptop.profile(), "--json")
    assert (down.code, down.json["code"]) == (3, "NETWORK_DOWN")
    assert done("verify", "--journal", *laptop.profile())["receipts"] == 1
