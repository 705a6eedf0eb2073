"""The third moment: pull the plug in a commit, then bend one byte of what was kept."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from reviewer import compose
from reviewer.demo.drive import walking
from reviewer.demo.drive.pulled import Orders
from reviewer.demo.hands import Hands
from reviewer.demo.tour import Check, Moment
from reviewer.domain.decision import Standing, StandingKind
from reviewer.domain.ids import ItemId
from reviewer.errors import Code, ReviewerError
from reviewer.sandbox import processes
from reviewer.services.verifying import verify_file
from reviewer.store.faults import Point
from reviewer.store.opener import DATABASE
from reviewer.ui.explanations import explain
from reviewer.ui.shell import Shell

NAME: Final = "Pull the plug, bend a byte"
PULLED: Final = "reviewer.demo.drive.pulled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the moment needs."""

    folder: Path
    profile: Path
    passphrase: str
    batch: Path
    """The batch file as it was dealt."""
    trust: bytes
    screens: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What a profile holds, read after it was opened anew."""

    entries: int
    """Of the journal, whose chain and signatures were verified."""
    item_id: ItemId
    """The item that the batch opens at."""
    standings: Mapping[ItemId, Standing]

    @property
    def here(self) -> Standing:
        """Return how that item stands."""
        return self.standings[self.item_id]

    def others(self) -> dict[ItemId, Standing]:
        """Return how all others stand."""
        return {key: one for key, one in self.standings.items() if key != self.item_id}


class Pulling:
    """Kills a child twice, and bends two copies."""

    def __init__(self, given: Given) -> None:
        """Take where everything lies."""
        self._given = given
        self.screens: list[Path] = []

    def go(self) -> Moment:
        """Do it.

        Raises:
            StuckError: a window did not do what it should.
        """
        first = self._read()
        killed_before = self._kill(Point.BEFORE_COMMIT)
        second = self._read()
        killed_after = self._kill(Point.AFTER_COMMIT)
        third = self._read()
        checks = (
            _not_there(first, second, killed=killed_before),
            _all_there(second, third, killed=killed_after),
            self._reopened(third),
            self._bent_batch(),
            self._bent_vault(),
        )
        counts = {"kills": killed_before + killed_after, "entries": third.entries}
        return Moment(name=NAME, checks=checks, counts=counts)

    # The plug -------------------------------------------------------------------

    def _kill(self, point: Point) -> bool:
        """Let a child decide until it is killed in the commit."""
        orders = Orders(
            profile=str(self._given.profile),
            passphrase=self._given.passphrase,
            point=point,
        )
        reading, writing = os.pipe()
        try:
            process = processes.start(
                [sys.executable, "-m", PULLED, str(reading)], kept_fds=(reading,)
            )
        finally:
            os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(msgspec.json.encode(orders))
        return process.wait() == -signal.SIGKILL

    def _read(self) -> _Kept:
        session = compose.entering(self._given.profile).unlock(self._given.passphrase)
        try:
            entries = session.verify_journal().entries
            (card,) = session.home().batches
            opened = session.open_batch(card.batch_id)
            return _Kept(
                entries=entries,
                item_id=opened.rows[opened.position].item.id,
                standings={row.item.id: row.standing for row in opened.rows},
            )
        finally:
            session.lock()

    def _reopened(self, kept: _Kept) -> Check:
        """Open the window again, and see the item that it comes back to."""
        seen: list[str] = []

        def go(shell: Shell) -> None:
            hands = self._hands(shell)
            walking.open_batch(shell, hands, self._given.passphrase)
            hands.wait("the picture", lambda now: now.painted and not now.busy)
            now = hands.see()
            is_hidden = now.stage in {"covered", "concealed"} and not now.holds_clear
            seen.append(now.item_id if is_hidden else "")
            self._save(hands, "3-pulled-reopened.png")

        self._window(self._given.profile, go)
        return Check(
            said="The window opened again on the same item, concealed or covered.",
            holds=seen == [kept.item_id],
        )

    # The byte -------------------------------------------------------------------

    def _bent_batch(self) -> Check:
        path = self._given.folder / "bent.rvbatch"
        shutil.copyfile(self._given.batch, path)
        bend(path)
        try:
            code = verify_file(path, trust=self._given.trust).code
        except ReviewerError as error:
            code = error.code
        return _refused("the batch file", code)

    def _bent_vault(self) -> Check:
        """Bend the vault that the journal lies in, and try to open it."""
        profile = self._given.folder / "bent-profile"
        shutil.copytree(self._given.profile, profile)
        bend(profile / DATABASE)
        codes: list[str] = []

        def go(shell: Shell) -> None:
            hands = self._hands(shell)
            walking.unlock(hands, "unlockScreen", self._given.passphrase)
            seen = hands.wait(
                "an answer",
                lambda now: (
                    not now.busy and (bool(now.error) or now.screen == "homeScreen")
                ),
            )
            self._save(hands, "3-bent-vault.png")
            codes.append(seen.error)

        self._window(profile, go)
        code = codes[0] if codes else ""
        return _refused("the vault with the journal", Code(code) if code else None)

    # ----------------------------------------------------------------------------

    def _window(self, profile: Path, go: walking.Go) -> None:
        door = compose.entering(profile)
        walking.in_window(door, go, clock=compose.SystemClock())

    def _hands(self, shell: Shell) -> Hands:
        hands = Hands(shell, plate=False)
        hands.begin()
        return hands

    def _save(self, hands: Hands, name: str) -> None:
        path = self._given.screens / name
        hands.save(path)
        self.screens.append(path)


def bend(path: Path) -> None:
    """Change one byte in the middle of a file."""
    with path.open("r+b") as file:
        middle = path.stat().st_size // 2
        file.seek(middle)
        (value,) = file.read(1)
        file.seek(middle)
        file.write(bytes([value ^ 1]))


def _not_there(before: _Kept, after: _Kept, *, killed: bool) -> Check:
    """Say that a decision that was not committed is not there at all."""
    return Check(
        said=(
            "Killed just before the commit: the same item is open, nothing is half "
            "decided, and every other decision stands."
        ),
        holds=killed and after == before,
    )


def _all_there(before: _Kept, after: _Kept, *, killed: bool) -> Check:
    """Say that a committed decision is there once, with every field."""
    decision = after.here.decision
    is_whole = (
        after.here.kind is StandingKind.DECIDED
        and decision is not None
        and len(decision.grounds) == len(decision.reasons) == 1
        and decision.protected_purpose is not None
        and decision.note_commitment is not None
    )
    is_once = (
        after.entries == before.entries + 1
        and after.item_id == before.item_id
        and after.others() == before.others()
    )
    return Check(
        said=(
            "Killed just after the commit: the same item is decided once, with its "
            "ground, purpose, reason and note; no other is lost or doubled."
        ),
        holds=killed and is_whole and is_once,
    )


def _refused(what: str, code: Code | None) -> Check:
    if code is None:
        return Check(said=f"One byte of {what} was changed: taken.", holds=False)
    words = explain(code).happened
    return Check(
        said=f"One byte of {what} was changed: “{words}” ({code.value})", holds=True
    )
