"""A real organisation and an enrolled laptop in a folder, for the measurements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reviewer import compose
from reviewer.demo.scene import Scene
from reviewer.services.session import Session
from tests.bench.opening import PASSPHRASE


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """A coordinator on loopback and an unlocked profile."""

    scene: Scene
    session: Session
    profile: Path


@contextmanager
def workplace(folder: Path, media: Path) -> Iterator[Workplace]:
    """Found, enrol, pack; deal and import are the caller's."""
    clock = compose.SystemClock()
    scene = Scene(folder, clock=clock.unix_ms, passphrase=PASSPHRASE)
    try:
        invitation = scene.invite()
        scene.pack(media)
        profile = folder / "profile"
        door = compose.entering(profile)
        session = door.enrol_online(invitation.url, invitation.code, PASSPHRASE)
        try:
            yield Workplace(scene=scene, session=session, profile=profile)
        finally:
            session.lock()
    finally:
        scene.close()
