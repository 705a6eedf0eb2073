"""Run the program as a subprocess and read what it says."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from reviewer.coordinator.commands import run
from reviewer.domain.orgconfig import KeyringMode
from reviewer.services.policies import default_config
from tests.media_samples import still_path

ROOT = Path(__file__).parents[2]
PASSPHRASE = "orange kettle window march snow"  # noqa: S105 (of a test)
PATIENCE_S = 120
TABLE = """file,source,language,severity,caption
photo.png,a forum,en,2,a cat
words.txt,a letter,uk,,
broken.jpg,a forum,,4,
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left: its exit code and its words."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Return the JSON object on the last line."""
        value = json.loads(self.out.splitlines()[-1])
        assert isinstance(value, dict)
        return value


def environment() -> dict[str, str]:
    """Return our environment without anything that names a desktop's keyring."""
    kept = dict(os.environ)
    kept.pop("DBUS_SESSION_BUS_ADDRESS", None)
    kept["PYTHONWARNINGS"] = "error"
    return kept


def reviewer(*arguments: str | Path, words: str = PASSPHRASE) -> Ran:
    """Run one command; `words` go to standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", *map(str, arguments)],
        input=words + "\n",
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment(),
        timeout=PATIENCE_S,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


def done(*arguments: str | Path, words: str = PASSPHRASE) -> dict[str, Any]:
    """Run a command that must succeed, with `--json`; return its answer."""
    ran = reviewer(*arguments, "--json", words=words)
    assert ran.code == 0, ran
    return ran.json


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the organisation, the laptop and the stick lie."""

    path: Path

    def __truediv__(self, name: str) -> Path:
        """Name a file in it."""
        return self.path / name

    def service(self, act: str, *rest: str | Path) -> dict[str, Any]:
        """Run a command of the service that must succeed, in this process.

        As a subprocess, each would load the service's libraries anew.
        """
        (self / "words").write_text(PASSPHRASE + "\n", encoding="utf-8")
        home = ("--home", self / "home", "--passphrase-file", self / "words")
        out = io.StringIO()
        with redirect_stdout(out):
            code = run([act, *map(str, (*rest, *home)), "--json"])
        assert code == 0, out.getvalue()
        value = json.loads(out.getvalue().splitlines()[-1])
        assert isinstance(value, dict)
        return value

    def at_home(self) -> tuple[str | Path, ...]:
        return ("--home", self / "home", "--passphrase-file", "-")

    def laptop(self, *command: str | Path) -> dict[str, Any]:
        """Run a command on the laptop's profile that must succeed."""
        return done(*command, *self.profile())

    def profile(self) -> tuple[str | Path, ...]:
        return ("--profile", self / "profile", "--passphrase-file", "-")

    def invite(self) -> str:
        answer = self.service(
            "invite",
            *("--subject", "reviewer-1", "--employer", "Example"),
            *("--purpose", "Moderation", "--jurisdiction", "EU"),
            *("--expires", "2099-12-31T00:00:00Z"),
        )
        return str(answer["code"])

    def found(self) -> dict[str, Any]:
        """Found an organisation that permits profiles without a keyring."""
        config = msgspec.structs.replace(
            default_config(),
            organisation="Example organisation",
            keyring=KeyringMode.OPTIONAL,
        )
        (self / "config.json").write_bytes(msgspec.json.encode(config))
        given = ("--config", self / "config.json", *self.at_home())
        return done("coordinator", "init", *given)

    def fill(self) -> Path:
        """Write a photograph, a text, a broken file, and a table over them."""
        media = self / "media"
        media.mkdir()
        (media / "photo.png").write_bytes(still_path("chelsea.png").read_bytes())
        (media / "words.txt").write_text("Просто слова.\n", encoding="utf-8")
        (media / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
        (self / "items.csv").write_text(TABLE, encoding="utf-8")
        return media

    def pack(self) -> dict[str, Any]:
        """Pack the folder with its table."""
        media = self.fill()
        return self.service("pack", "--media", media, "--table", self / "items.csv")


@contextmanager
def serving(folder: Folder) -> Iterator[str]:
    """Serve on loopback in a process of its own; give its address."""
    argv = [sys.executable, "-m", "reviewer", "coordinator", "serve", "--port", "0"]
    with subprocess.Popen(
        [*argv, "--json", *map(str, folder.at_home())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
    ) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(PASSPHRASE + "\n")
            process.stdin.close()
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
