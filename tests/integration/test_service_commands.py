"""`reviewer coordinator …` from init to export, with files in between."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewer.coordinator.commands import run
from reviewer.coordinator.table import example
from reviewer.crypto.hashes import sha256_hex
from reviewer.formats.trust import verify_trust
from reviewer.sync.client import HttpOpener
from tests.fakes.laptop import Laptop
from tests.fakes.service_home import PASSPHRASE, drawn_media


@dataclass(slots=True)
class Shell:
    """Runs commands on one home, with the passphrase in a file."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def run(self, act: str, *rest: str | Path) -> tuple[int, dict[str, object]]:
        """Run with `--json` and return the exit code and the answer."""
        common = ["--home", str(self.folder / "home"), "--json"]
        common += ["--passphrase-file", str(self.folder / "passphrase")]
        code = run([act, *map(str, rest), *common])
        out = self.capture.readouterr().out
        return code, json.loads(out.splitlines()[-1])

    def done(self, act: str, *rest: str | Path) -> dict[str, object]:
        code, answer = self.run(act, *rest)
        assert code == 0, answer
        return answer

    def invite(self) -> str:
        answer = self.done(
            "invite",
            *("--subject", "reviewer-1", "--employer", "Example"),
            *("--purpose", "Moderation", "--jurisdiction", "EU"),
            *("--expires", "2099-12-31T00:00:00Z"),
        )
        return str(answer["code"])


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return Shell(tmp_path, capsys)


def test_from_init_to_export(shell: Shell) -> None:
    """The whole road by files alone, as an organisation without a network walks it."""
    folder = shell.folder
    founded = shell.done("init", "--organisation", "Example organisation")
    media = drawn_media(folder)
    (folder / "items.csv").write_text(
        "file,source,severity\nstill.jpg,a forum,3\n", encoding="utf-8"
    )
    packed = shell.done(
        "pack", "--media", media, "--table", folder / "items.csv", "--name", "Drawn"
    )
    assert (packed["items"], packed["refused"]) == (2, [])
    laptop = Laptop()
    (folder / "request").write_bytes(laptop.enrolment(shell.invite()))
    shell.done("enrol", folder / "request", "--to", folder / "answer")
    bundle = (folder / "answer").read_bytes()
    trust = verify_trust(bundle, root_sha256=None, now=None)
    assert trust.root_sha256 == founded["root_sha256"]
    assert trust.organisation == "Example organisation"
    laptop.begin()
    dealt = shell.done("deal", "--to", folder / "one.rvbatch")
    assert (dealt["device"], dealt["seq"]) == (laptop.device, 0)
    items = laptop.take_batch((folder / "one.rvbatch").read_bytes(), trust)
    laptop.decide(items[0])
    (folder / "one.rvsub").write_bytes(laptop.submission(trust))
    shell.done("accept", folder / "one.rvsub", "--to", folder / "receipt")
    laptop.take_receipt((folder / "receipt").read_bytes(), trust)
    assert shell.done("export", "--csv", folder / "out.csv")["rows"] == 2
    still, words = _rows(folder / "out.csv")
    assert (still["source"], still["verdict"]) == ("a forum", "violates")
    assert still["receipt"] == sha256_hex((folder / "receipt").read_bytes())
    assert (words["file"], words["verdict"]) == ("words.txt", "")
    shell.done("trust", "--to", folder / "trust.json")
    assert (folder / "trust.json").read_bytes() == bundle


def test_revoking(shell: Shell) -> None:
    """A revoked device stays in the list and is dealt nothing."""
    shell.done("init")
    laptop = Laptop()
    (shell.folder / "request").write_bytes(laptop.enrolment(shell.invite()))
    shell.done("enrol", shell.folder / "request", "--to", shell.folder / "answer")
    shell.done("pack", "--media", drawn_media(shell.folder))
    shell.done("revoke", laptop.device)
    assert shell.run("deal")[1]["code"] == "KEY_REVOKED"
    listed = shell.done("list")
    assert (listed["devices"], listed["forks"]) == ([laptop.device], [])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_refusals_have_exit_codes(shell: Shell) -> None:
    """1 refused or false, 2 usage, 3 unavailable; each with its code."""
    assert shell.run("list")[0] == 3
    shell.done("init")
    assert shell.run("init") == (
        1,
        {"code": "ALREADY_ENROLLED", "detail": "coordinator", "problems": []},
    )
    code, answer = shell.run("deal")
    assert (code, answer["code"]) == (2, "INPUT_MISSING")
    code, answer = shell.run("accept", shell.folder / "none", "--to", shell.folder)
    assert (code, answer["code"]) == (2, "INPUT_MISSING")
    (shell.folder / "junk").write_bytes(b"RVS1\nand nothing else")
    code, answer = shell.run("accept", shell.folder / "junk", "--to", shell.folder)
    assert (code, answer["code"]) == (1, "TOO_LARGE")
    (shell.folder / "passphrase").write_text("quite another passphrase\n")
    code, answer = shell.run("list")
    assert (code, answer["code"]) == (1, "PASSPHRASE_WRONG")
    (shell.folder / "passphrase").write_text("")
    assert shell.run("list")[1]["code"] == "INPUT_MISSING"


def test_weak_passphrase(shell: Shell) -> None:
    """A short passphrase founds nothing, and leaves nothing behind."""
    (shell.folder / "passphrase").write_text("short\n")
    code, answer = shell.run("init")
    assert (code, answer["code"]) == (1, "PASSPHRASE_WEAK")
    assert not (shell.folder / "home").exists()


def test_wrong_rows_are_named(shell: Shell) -> None:
    """A table with wrong rows packs nothing and names each of them."""
    shell.done("init")
    media = drawn_media(shell.folder)
    table = shell.folder / "items.csv"
    table.write_text("file,severity\nstill.jpg,9\nabsent.jpg,1\n", encoding="utf-8")
    code, answer = shell.run("pack", "--media", media, "--table", table)
    assert (code, answer["code"]) == (1, "TABLE_INVALID")
    assert isinstance(answer["problems"], list)
    assert len(answer["problems"]) == 2
    assert shell.done("list")["packs"] == []


@pytest.mark.skipif(os.name == "nt", reason="signals are for POSIX here")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serving_until_a_signal(shell: Shell, number: signal.Signals) -> None:
    """The service says where it listens, answers, and ends cleanly when told to."""
    shell.done("init")
    command = [sys.executable, "-m", "reviewer", "coordinator", "serve", "--json"]
    command += ["--home", str(shell.folder / "home"), "--port", "0"]
    command += ["--passphrase-file", str(shell.folder / "passphrase")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            url = json.loads(process.stdout.readline())["url"]
            bundle = HttpOpener()(url).trust()
            process.send_signal(number)
            assert json.loads(process.stdout.readline()) == {"stopped": url}
            assert process.wait(60) == 0
        finally:
            process.kill()
    assert verify_trust(bundle, root_sha256=None, now=None).coordinators()


def test_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """A command line that is none is exit code 2; help is 0."""
    assert run([]) == 2
    assert run(["nothing"]) == 2
    assert run(["serve"]) == 2
    assert run(["--help"]) == 0
    assert "Exit codes" in capsys.readouterr().out


def test_template_needs_no_service(capsys: pytest.CaptureFixture[str]) -> None:
    """The template of the table is printed as it is."""
    assert run(["pack", "--example"]) == 0
    assert capsys.readouterr().out == example()
    assert run(["pack"]) == 2


def test_words_for_people(shell: Shell) -> None:
    """Without `--json`, a refusal is a sentence with its code, and no trace."""
    code = run(
        [
            "list",
            *("--home", str(shell.folder / "home")),
            *("--passphrase-file", str(shell.folder / "passphrase")),
        ]
    )
    said = shell.capture.readouterr()
    assert code == 3
    assert said.out == ""
    assert said.err.startswith("There is no finished service in this folder. PROF")


def test_no_secret_is_printed(shell: Shell) -> None:
    """Passphrase, keys and identities stay in; the files say nothing in clear."""
    shell.done("init")
    shell.done("pack", "--media", drawn_media(shell.folder), "--name", "Markername")
    for path in (shell.folder / "home").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert PASSPHRASE.encode() not in data
            assert b"Markername" not in data
            assert b"still.jpg" not in data
            assert b"Organisation to be named" not in data
            assert not data.startswith(b"SQLite format 3")
