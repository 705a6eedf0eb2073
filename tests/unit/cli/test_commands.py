"""The commands over a desk in memory: what they print, and their exit codes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reviewer.cli import doctor, parser, profiles, verify
from reviewer.cli.output import Exit, exit_of, say, say_error
from reviewer.cli.passphrases import read_passphrase
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import (
    Code,
    MediaError,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.safeguards.basis import Looks
from reviewer.sandbox.system import AtRest
from reviewer.services.examining import (
    DatabaseFacts,
    DiskFacts,
    Examination,
    KeyringFacts,
    SandboxFacts,
)
from tests.fakes.coordinator import URL, Fault
from tests.fakes.desk import NOT_VIOLATING, PASSPHRASE, Desk, make_desk


@dataclass(slots=True)
class Shell:
    """Types commands at a desk and reads what they print."""

    desk: Desk
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def __truediv__(self, name: str) -> Path:
        """Name a file."""
        return self.folder / name

    def run(self, *arguments: str | Path) -> tuple[int, dict[str, Any]]:
        """Run a command with `--json`; errors become what `__main__` makes of them."""
        words = self.folder / "words"
        words.write_text(PASSPHRASE + "\n", encoding="utf-8")
        typed = [*map(str, arguments), "--json", "--passphrase-file", str(words)]
        args = parser.build().parse_args(typed)
        run = verify.run if args.command == "verify" else profiles.run
        try:
            code = run(args, self.desk.door())
        except ReviewerError as error:
            code = say_error(error, as_json=True)
        said = json.loads(self.capsys.readouterr().out)
        return int(code), said

    def enrolled(self) -> None:
        code = self.desk.coordinator.invite()
        assert self.run("enrol", "--coordinator", URL, "--invite", code)[0] == 0

    def device(self) -> Any:  # noqa: ANN401 (a key id)
        return next(iter(self.desk.coordinator._devices))

    def dealt(self) -> Path:
        """Deal a batch and write its file."""
        batch_id = self.desk.coordinator.deal(self.device())
        held = self.desk.coordinator._devices[self.device()].batches
        path = self / f"{batch_id}.rvbatch"
        path.write_bytes(held[-1][1])
        return path


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    yield Shell(made := make_desk(tmp_path), tmp_path, capsys)
    made.close()


def decide_one(shell: Shell) -> None:
    session = shell.desk.door().unlock(PASSPHRASE)
    batch = session.open_batch(session.home().batches[0].batch_id)
    session.decide(batch.rows[0].item.id, NOT_VIOLATING, looks=Looks())
    session.lock()


def test_online(shell: Shell) -> None:
    """Enrol, fetch, list, submit, verify the journal."""
    shell.enrolled()
    shell.dealt()
    code, fetched = shell.run("fetch")
    assert (code, len(fetched["imported"]), fetched["refused"]) == (0, 1, [])
    decide_one(shell)
    _, listed = shell.run("list")
    assert listed["batches"][0]["decided"] == 1
    assert listed["journal"] == {"entries": 4, "read_only": False, "unsent": 1}
    code, sent = shell.run("submit", "--capacity", "none")
    assert (code, sent["receipt_verified"], sent["entries"]) == (0, True, 5)
    code, journal = shell.run("verify", "--journal")
    assert (code, journal["valid"], journal["receipts"]) == (0, True, 1)
    assert shell.run("submit") == (1, {"code": "NOTHING_TO_SUBMIT", "detail": ""})


def test_by_two_files_and_by_stick(shell: Shell) -> None:
    """Request, accept, import, submit to a file, take the receipt."""
    invite = shell.desk.coordinator.invite()
    request = ("--request", shell / "request", "--invite", invite)
    code, asked = shell.run("enrol", *request)
    assert (code, len(asked["fingerprint"].split())) == (0, 6)
    answer = shell.desk.coordinator.enrol((shell / "request").read_bytes())
    (shell / "trust.json").write_bytes(answer)
    accepted = shell.run("enrol", "--accept", shell / "trust.json")
    assert (accepted[0], accepted[1]["enrolled"]) == (0, True)
    path = shell.dealt()
    code, said_import = shell.run("import", path, shell / "trust.json", path)
    assert code == 0
    assert [one.get("already_here") for one in said_import["imported"]] == [
        False,
        None,
        True,
    ]
    decide_one(shell)
    assert shell.run("submit", "--to", shell / "out.rvsub") == (0, {"written": True})
    session = shell.desk.door().unlock(PASSPHRASE)
    data = (shell / "out.rvsub").read_bytes()
    frozen = session._store.pending()
    assert frozen is not None
    receipt = shell.desk.coordinator.submit(session._keys.device, data, frozen.sha256)
    session.lock()
    (shell / "receipt").write_bytes(receipt)
    code, taken = shell.run("receipt", shell / "receipt")
    assert (code, taken["receipt_verified"]) == (0, True)
    for name in (path, shell / "out.rvsub", shell / "receipt"):
        code, verdict = shell.run("verify", name, "--profile", shell / "profile")
        assert (code, verdict["valid"]) == (0, True)


def test_enrolling_wants_a_code(shell: Shell) -> None:
    """Usage, not refusal."""
    code, said = shell.run("enrol", "--coordinator", URL)
    assert (code, said["code"], said["detail"]) == (2, "INPUT_MISSING", "--invite")


def test_fetch_tells_what_was_refused(shell: Shell) -> None:
    """Exit 1 when any batch was not taken in; 3 when nobody answers."""
    shell.enrolled()
    shell.dealt()
    shell.desk.coordinator.faults = [None, None, Fault.LIED]
    code, said = shell.run("fetch")
    assert (code, said["imported"]) == (1, [])
    assert said["refused"][0]["code"] == "HASH_MISMATCH"
    shell.desk.coordinator.faults = [Fault.DOWN]
    assert shell.run("fetch")[0] == 3


def test_import_goes_on_after_a_bad_file(shell: Shell) -> None:
    """Each file has its own answer; the exit code is that of the gravest."""
    shell.enrolled()
    good = shell.dealt()
    bad = shell / "bad.rvbatch"
    bad.write_bytes(good.read_bytes()[:-1])
    code, said = shell.run("import", bad, good)
    assert code == 1
    assert said["refused"] == [{"code": "MALFORMED", "file": "bad.rvbatch"}]
    assert len(said["imported"]) == 1
    assert shell.run("import", shell / "not there")[0] == 2


def test_verify_wants_a_file_and_trust(shell: Shell) -> None:
    """No file is usage; no trust is a verdict; a key file that is none is usage."""
    assert shell.run("verify")[1]["code"] == "INPUT_MISSING"
    shell.enrolled()
    path = shell.dealt()
    assert shell.run("verify", path)[1]["code"] == "NO_TRUST_ROOT"
    (shell / "key").write_bytes(b"no key")
    code, said = shell.run("verify", path, "--open-with", shell / "key")
    assert (code, said["code"]) == (2, "INPUT_INVALID")
    missing = shell.run("verify", shell / "not there")
    assert (missing[0], missing[1]["code"]) == (2, "INPUT_MISSING")


def test_a_journal_that_does_not_verify(shell: Shell) -> None:
    """A verdict with the code of what is wrong, exit 1."""
    shell.enrolled()
    shell.dealt()
    shell.run("fetch")
    entries = shell.desk.store._state.entries
    entries[0], entries[1] = entries[1], entries[0]
    code, said = shell.run("verify", "--journal")
    assert (code, said["valid"], said["kind"]) == (1, False, "journal")
    assert said["code"].startswith("CHAIN_")


def test_every_command_gives_the_profile_free(shell: Shell) -> None:
    """Locked again after success and after failure."""
    shell.enrolled()
    for command in (("list",), ("fetch",), ("submit",), ("verify", "--journal")):
        shell.run(*command)
        assert not shell.desk.claim.is_held()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (VerificationError(Code.MALFORMED), Exit.REFUSED),
        (RefusedError(Code.LOCKED), Exit.REFUSED),
        (RefusedError(Code.INPUT_INVALID), Exit.USAGE),
        (UnavailableError(Code.DISK_FULL), Exit.UNAVAILABLE),
        (MediaError(Code.MEDIA_BROKEN), Exit.BAD_MEDIA),
        (ReviewerError(Code.LOCKED), Exit.REFUSED),
    ],
)
def test_exit_codes(error: ReviewerError, code: Exit) -> None:
    """Each branch of the error tree has its own."""
    assert exit_of(error) is code


def test_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Without `--json`: a line a field; errors on standard error."""
    value = {
        "a_field": None,
        "yes": True,
        "no": False,
        "many": [1, 2],
        "none": [],
        "inner": {"key": "value"},
    }
    say(value, as_json=False)
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "a field: none"
    assert out[1:3] == ["yes: yes", "no: no"]
    assert out[3:] == ["many: 1; 2", "none: none", "inner: key value"]
    say_error(UnavailableError(Code.DISK_FULL, "errno 28"), as_json=False)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "reviewer: DISK_FULL: errno 28\n")


def test_passphrases_come_from_files_or_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first line, whatever its end; nothing to read is usage."""
    path = tmp_path / "words"
    path.write_bytes("ünï wörds\r\nsecond line\n".encode())
    assert read_passphrase(str(path)) == "ünï wörds"
    monkeypatch.setattr("sys.stdin", io.StringIO("from a pipe\n"))
    assert read_passphrase("-") == "from a pipe"
    for source in (None, "-", str(tmp_path / "missing"), str(tmp_path)):
        with pytest.raises(RefusedError) as error:
            read_passphrase(source)
        assert error.value.code is Code.INPUT_MISSING


def test_a_file_that_is_too_large_is_usage(tmp_path: Path) -> None:
    """A sparse file of 65 MiB is not read."""
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(RefusedError) as error:
        profiles.read_file(path)
    assert error.value.code is Code.INPUT_INVALID


@pytest.mark.parametrize("broken", [(), ("media are not decoded",)])
def test_doctor(capsys: pytest.CaptureFixture[str], broken: tuple[str, ...]) -> None:
    """Exit 1 if a promise cannot be kept; the promised keys as JSON."""
    examination = Examination(
        sandbox=SandboxFacts(
            mechanism="seccomp+landlock",
            level=SandboxLevel.FULL,
            escapes_tried=18,
            escapes_blocked=18,
        ),
        database=DatabaseFacts(cipher_version="4.19", encrypted=True),
        keyring=KeyringFacts(backend="none", accepted=False, permitted=True),
        disk=DiskFacts(encrypted=True, swap=AtRest.NONE),
        versions={"python": "3.11"},
        broken_promises=broken,
    )
    args = parser.build().parse_args(["doctor", "--json"])
    code = doctor.run(args, examination)
    assert code is (Exit.REFUSED if broken else Exit.DONE)
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {
        "sandbox",
        "database",
        "keyring",
        "disk",
        "capture",
        "versions",
    }
    assert said["sandbox"]["level"] == "full"
    doctor.run(parser.build().parse_args(["doctor"]), examination)
    assert all(word in capsys.readouterr().out for word in broken)
