"""The tour: one throw-away profile, three moments, driven by keys."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from reviewer import compose
from reviewer.demo.drive import walking
from reviewer.demo.drive.catching import Catching
from reviewer.demo.drive.copies import decide_copies
from reviewer.demo.drive.pulling import Given, Pulling
from reviewer.demo.hands import Hands
from reviewer.demo.scene import Scene
from reviewer.demo.tour import Moment, Tour
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import Code, UnavailableError
from reviewer.sandbox import launch
from reviewer.ui.shell import Shell

PROFILE: Final = "profile"


def walk_tour(folder: Path, scene: Scene, *, screens: Path, passphrase: str) -> Tour:
    """Show the three moments on what the scene has packed.

    Raises:
        StuckError: a window did not do what it should.
        UnavailableError: SANDBOX_UNAVAILABLE, nothing can be decoded here;
            DEMO_NOT_INSTALLED, an installed program has no child to be killed.
    """
    if launch.is_installed():
        raise UnavailableError(Code.DEMO_NOT_INSTALLED, "tour")
    profile = folder / PROFILE
    door = compose.entering(profile)
    invitation = scene.invite()
    session = door.enrol_online(invitation.url, invitation.code, passphrase)
    batch = scene.deal()
    session.fetch()
    level = session.viewing.level
    session.lock()
    if level is SandboxLevel.NONE:
        raise UnavailableError(Code.SANDBOX_UNAVAILABLE)
    moments: list[Moment] = []
    shown: list[Path] = []

    def go(shell: Shell) -> None:
        hands = Hands(shell, plate=False)
        hands.begin()
        walking.open_batch(shell, hands, passphrase)
        moments.append(decide_copies(shell, hands, screens))
        moments.append(Catching(shell, hands, screens).go())
        shown.extend(dict.fromkeys(hands.screens))

    walking.in_window(door, go, clock=compose.SystemClock())
    pulling = Pulling(
        Given(
            folder=folder,
            profile=profile,
            passphrase=passphrase,
            batch=batch,
            trust=scene.service.trust(),
            screens=screens,
        )
    )
    moments.append(pulling.go())
    return Tour(moments=tuple(moments), screens=(*shown, *pulling.screens))
