"""`reviewer demo`: the main job, end to end, on an embedded coordinator."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from reviewer import compose
from reviewer.cli.output import Exit, say_error
from reviewer.demo import summary as summaries
from reviewer.demo.clock import DemoClock
from reviewer.demo.recording import Recorded, RecordingOpener
from reviewer.demo.scene import Scene
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import Code, RefusedError, ReviewerError
from reviewer.events.crashes import CrashHandler
from reviewer.media.meter import CountingMeter
from reviewer.safeguards.breaks import MINUTE_MS

PROFILE: Final = "profile"
PASSPHRASE_FILE: Final = "passphrase.txt"  # noqa: S105 (a file's name)
SCREENS: Final = "screens"
COPIES_COUNT: Final = 40
BREAK_MS: Final = 15 * MINUTE_MS
"""By so much the demonstration's clock runs on while the curtain is drawn."""


def run(argv: Sequence[str]) -> int:
    """Run the demonstration; 0 only if every item came all the way."""
    args = _parser().parse_args(list(argv))
    if args.offscreen:
        # Before Qt loads: it needs no display then.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    folder = args.keep or Path(tempfile.mkdtemp(prefix="reviewer-demo-"))
    is_kept = args.keep is not None or args.tour
    try:
        compose.harden()
        compose.check_libraries(display=not args.offscreen)
        folder.mkdir(parents=True, exist_ok=True)
        show = _tour if args.tour else _demonstrate
        return show(args, folder)
    except ReviewerError as error:
        return say_error(error, as_json=args.json)
    finally:
        if not is_kept:
            shutil.rmtree(folder, ignore_errors=True)


def _demonstrate(args: argparse.Namespace, folder: Path) -> int:
    return _Demonstration(args, folder).run()


def _tour(args: argparse.Namespace, folder: Path) -> int:
    """Show the three moments; of what was made, only the screens are kept."""
    from reviewer.demo.drive import touring  # noqa: PLC0415 (Qt loads here)

    if args.media is not None:
        raise RefusedError(Code.INPUT_INVALID, "--tour draws its own media")
    clock, passphrase = compose.SystemClock(), compose.suggest_passphrase()
    with tempfile.TemporaryDirectory(prefix="reviewer-tour-") as made:
        scene = Scene(Path(made), clock=clock.unix_ms, passphrase=passphrase)
        try:
            scene.copies = args.copies
            scene.pack(None)
            found = touring.walk_tour(
                Path(made), scene, screens=folder, passphrase=passphrase
            )
        finally:
            scene.close()
    print(found.as_json() if args.json else "\n".join(found.lines()))
    told = sys.stderr if args.json else sys.stdout
    print(f"demo: the screens are in {folder}", file=told)
    return Exit.DONE if found.holds else Exit.REFUSED


class _Demonstration:
    def __init__(self, args: argparse.Namespace, folder: Path) -> None:
        self._args = args
        self._folder = folder
        self._clock = DemoClock()
        self._meter = CountingMeter()
        self._recorded = Recorded()
        self._passphrase = compose.suggest_passphrase()
        self._crashes = CrashHandler(compose.log_of(folder / PROFILE))

    def run(self) -> int:
        scene = Scene(
            self._folder, clock=self._clock.unix_ms, passphrase=self._passphrase
        )
        try:
            packed = scene.pack(self._args.media)
            self._tell(f"packed {packed.items_count} items")
            with self._crashes.installed():
                done = self._open(scene) if self._is_shown() else self._walk(scene)
            if self._args.keep is not None:
                self._keep_passphrase()
            return done
        finally:
            scene.close()

    def _is_shown(self) -> bool:
        return not self._args.offscreen

    def _keep_passphrase(self) -> None:
        """Write it down at the very end, for who keeps everything and asked to.

        A demonstration that is killed leaves no passphrase beside what it opens.
        """
        (self._folder / PASSPHRASE_FILE).write_text(self._passphrase + "\n")

    def _parts(self) -> compose.Parts:
        return compose.Parts(
            meter=self._meter,
            opener=RecordingOpener(
                compose.coordinator_opener(self._clock), self._recorded
            ),
            clock=self._clock,
        )

    def _walk(self, scene: Scene) -> int:
        """Drive the window by key events, then count on both sides."""
        from reviewer.demo.drive import walking  # noqa: PLC0415 (Qt loads here)

        door = compose.entering(self._folder / PROFILE, self._parts())
        batches: list[Path] = []
        walk = walking.walk_window(
            compose.watched(door, self._crashes),
            crashes=self._crashes,
            clock=self._clock,
            invitation=scene.invite(),
            passphrase=self._passphrase,
            deal=lambda: batches.append(scene.deal()),
            rest=lambda: self._clock.pass_by(BREAK_MS),
            screens=self._folder / SCREENS,
            plate=self._args.media is not None,
        )
        summaries.keep(self._folder, scene, self._recorded, batches[0])
        session = door.unlock(self._passphrase)
        try:
            found = summaries.summarise(
                scene=scene,
                session=session,
                walked=walk.walked,
                meter=self._meter,
                screens=tuple(walk.screens),
                receipt=self._folder / summaries.RECEIPT,
            )
        finally:
            session.lock()
        return self._report(found)

    def _open(self, scene: Scene) -> int:
        """Enrol and fetch for the person, then hand over the window."""
        from reviewer.ui import application  # noqa: PLC0415 (Qt loads here)

        door = compose.entering(self._folder / PROFILE, self._parts())
        invitation = scene.invite()
        session = door.enrol_online(invitation.url, invitation.code, self._passphrase)
        scene.deal()
        session.fetch()
        session.lock()
        self._tell(f"the passphrase of this throw-away profile: {self._passphrase}")
        return application.run(
            compose.watched(door, self._crashes),
            clock=self._clock,
            crashes=self._crashes,
        )

    def _report(self, found: summaries.Summary) -> int:
        if self._args.json:
            print(found.as_json())
        else:
            for line in found.lines():
                self._tell(line)
        if found.sandbox_level is not SandboxLevel.FULL:
            self._tell("the full sandbox cannot be had here: nothing was decoded")
            return Exit.UNAVAILABLE
        return Exit.DONE if found.is_complete else Exit.REFUSED

    def _tell(self, words: str) -> None:
        print(f"demo: {words}", file=sys.stderr if self._args.json else sys.stdout)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="reviewer demo",
        description="Run the main job on a throw-away profile and coordinator.",
    )
    parser.add_argument(
        "--media", type=Path, metavar="DIR", help="pack these files, not drawn ones"
    )
    parser.add_argument(
        "--offscreen", action="store_true", help="drive the window, without a display"
    )
    parser.add_argument(
        "--tour", action="store_true", help="show three moments and save their screens"
    )
    parser.add_argument(
        "--copies", type=int, default=COPIES_COUNT, help=argparse.SUPPRESS
    )
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep everything in this folder"
    )
    parser.add_argument(
        "--json", action="store_true", help="end with one JSON object on one line"
    )
    return parser
