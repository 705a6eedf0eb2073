"""A throw-away organisation for the demonstration: real parts, one machine.

A coordinator on loopback with its encrypted database, a root-signed invitation, a
pack of drawn media or of the files that the person names. Nothing of it is a mock.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from reviewer.coordinator.packs import Packed
from reviewer.coordinator.service import Service
from reviewer.coordinator.serving import Server
from reviewer.crypto.passphrase import FLOOR
from reviewer.domain import times
from reviewer.domain.ids import ItemId, KeyId, UnixMs, UtcTime
from reviewer.domain.orgconfig import KeyringMode, OrgConfig
from reviewer.domain.person import Authorisation, Role
from reviewer.domain.policy import PolicyPack
from reviewer.errors import Code, RefusedError, UnavailableError
from reviewer.sandbox import launch, processes
from reviewer.services.policies import default_config, default_policy

TABLE_NAME: Final = "items.csv"
SUBJECT: Final = "demonstration-1"
AUTHORISED_DAYS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What a person would get from the organisation."""

    url: str
    code: str


class Scene:
    """The coordinator's side of the demonstration. Close it when done."""

    def __init__(
        self, folder: Path, *, clock: Callable[[], UnixMs], passphrase: str
    ) -> None:
        """Found the organisation in an empty folder and serve it on loopback."""
        self._folder = folder
        self._clock = clock
        self._passphrase = passphrase
        self.service = Service.create(
            folder / "coordinator",
            passphrase=passphrase,
            config=_config(),
            policies=[_policy()],
            parameters=FLOOR,
        )
        self._server = Server(self.service)
        self._server.start()
        self.copies: int | None = None
        """Where it is set, so many copies of one picture are packed, not all sorts."""
        self._packed: Packed | None = None
        self._batch: Path | None = None

    def invite(self) -> Invitation:
        """Sign an invitation for the one reviewer of the demonstration."""
        until = times.utc_of(UnixMs(self._clock() + AUTHORISED_DAYS * times.DAY_MS))
        invited = self.service.invite(
            subject=SUBJECT,
            role=Role.REVIEWER,
            authorisation=_authorisation(until),
            root_passphrase=self._passphrase,
        )
        return Invitation(url=self._server.url, code=invited.code)

    def pack(self, media: Path | None) -> Packed:
        """Pack the person's folder, or media drawn by a process of its own.

        Raises:
            RefusedError: INPUT_MISSING, the folder has nothing in it.
        """
        table: Path | None = None
        if media is None:
            media = self._folder / "drawn"
            _draw(media, self.copies)
            table = media / TABLE_NAME
        elif not media.is_dir():
            raise RefusedError(Code.INPUT_MISSING, "--media")
        self._packed = self.service.pack(media, name="Demonstration", table=table)
        return self._packed

    def deal(self) -> Path:
        """Deal the pack to the device that has enrolled; return the batch file."""
        device = self.device()
        if self._packed is None:
            raise RefusedError(Code.NOTHING_TO_FETCH)
        dealt = self.service.deal(self._packed.pack_id, device)
        self._batch = self.service.batch_file(device, dealt.batch_id)
        return self._batch

    def device(self) -> KeyId:
        """Return the one device; raise NOT_ENROLLED before it has enrolled."""
        devices = self.service.devices()
        if not devices:
            raise RefusedError(Code.NOT_ENROLLED)
        return devices[-1]

    def file_names(self) -> dict[ItemId, str]:
        """Return the file that each item was packed from."""
        return self.service.file_names()

    def close(self) -> None:
        """Stop serving and close the database."""
        self._server.stop()
        self.service.close()


def _config() -> OrgConfig:
    # The demonstration may run where there is no keyring and no disk encryption.
    return msgspec.structs.replace(
        default_config(),
        organisation="Demonstration",
        keyring=KeyringMode.OPTIONAL,
        accept_unencrypted_disk=True,
    )


def _policy() -> PolicyPack:
    return default_policy()


def _authorisation(until: UtcTime) -> Authorisation:
    return Authorisation(
        person=SUBJECT,
        employer="Demonstration",
        purpose="Trying the program on drawn or own media",
        jurisdiction="none",
        expires=until,
    )


def _draw(folder: Path, copies: int | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    count = () if copies is None else (str(copies),)
    if processes.start([*_drawing(), str(folder), *count]).wait() != 0:
        raise UnavailableError(Code.INPUT_MISSING, "the media could not be drawn")


def _drawing() -> list[str]:
    """Return the program that draws: beside ours where we come from an installer."""
    if launch.is_installed():
        return [str(Path(sys.executable).with_name("reviewer-draw"))]
    return [sys.executable, "-m", "reviewer.demo.draw"]
