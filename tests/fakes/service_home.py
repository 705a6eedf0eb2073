"""A real service in a temporary folder, with a cheap passphrase and a drawn pack."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from reviewer.coordinator.packs import Packed
from reviewer.coordinator.service import Service
from reviewer.crypto.passphrase import KdfParameters
from reviewer.domain.ids import UnixMs, UtcTime
from reviewer.domain.orgconfig import OrgConfig
from reviewer.domain.person import Authorisation, Role
from reviewer.domain.policy import PolicyPack
from reviewer.settings import resource
from tests.fakes.clock import START_UNIX_MS
from tests.fakes.laptop import Laptop

CHEAP = KdfParameters(memory_kib=64, passes=1, lanes=1)
PASSPHRASE = "a passphrase for tests only"  # noqa: S105 (of a temporary folder)
AUTHORISATION = Authorisation(
    person="reviewer-1",
    employer="Example",
    purpose="Moderation of terrorist content",
    jurisdiction="EU",
    expires=UtcTime("2027-12-31T00:00:00Z"),
)
PIXELS = bytes(range(256)) * 20
TEXT = b"A text that was drawn for a test."


class ServiceClock:
    """The service's time under the test's hand."""

    def __init__(self) -> None:
        self.unix_ms = START_UNIX_MS

    def __call__(self) -> UnixMs:
        return UnixMs(self.unix_ms)


@dataclass(frozen=True, slots=True)
class Made:
    """A service and how to reach into it."""

    service: Service
    folder: Path
    clock: ServiceClock


def make_service(folder: Path) -> Made:
    """Found an organisation under `folder`."""
    clock = ServiceClock()
    service = Service.create(
        folder,
        passphrase=PASSPHRASE,
        config=default_config(),
        policies=[default_policy()],
        parameters=CHEAP,
        clock=clock,
    )
    return Made(service, folder, clock)


def reopen(made: Made) -> Made:
    """Close the service and open it again from its folder."""
    made.service.close()
    service = Service.open(
        made.folder, passphrase=PASSPHRASE, least=CHEAP, clock=made.clock
    )
    return Made(service, made.folder, made.clock)


def default_config() -> OrgConfig:
    data = resource("policy/default_config.json").read_bytes()
    return msgspec.json.decode(data, type=OrgConfig)


def default_policy() -> PolicyPack:
    data = resource("policy/default_policy.json").read_bytes()
    return msgspec.json.decode(data, type=PolicyPack)


def invite(service: Service, subject: str = "reviewer-1") -> str:
    """Return a fresh invitation code."""
    invited = service.invite(
        subject=subject,
        role=Role.REVIEWER,
        authorisation=AUTHORISATION,
        root_passphrase=PASSPHRASE,
    )
    return invited.code


def enrolled(service: Service, subject: str = "reviewer-1", keys: int = 3) -> Laptop:
    """Return a laptop that the service has taken in."""
    laptop = Laptop(subject)
    service.enrol(laptop.enrolment(invite(service, subject), keys_count=keys))
    laptop.begin()
    return laptop


def drawn_media(folder: Path) -> Path:
    """Write two files that no decoder has to read."""
    media = folder / "media-in"
    media.mkdir()
    (media / "still.jpg").write_bytes(PIXELS)
    (media / "words.txt").write_bytes(TEXT)
    return media


def packed(service: Service, folder: Path) -> Packed:
    """Pack the drawn media."""
    return service.pack(drawn_media(folder), name="Drawn")
