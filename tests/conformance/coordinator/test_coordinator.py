"""The HTTP client on the real service, and the fake: one suite for both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from reviewer.coordinator.service import Service
from reviewer.coordinator.serving import Server
from reviewer.domain.ids import BatchId, KeyId
from reviewer.sync.client import HttpOpener
from tests.conformance.coordinator.suite import CoordinatorSuite, World
from tests.fakes.coordinator import FakeCoordinator
from tests.fakes.service_home import Made, invite, make_service, packed


@dataclass(frozen=True, slots=True)
class ServiceOffice:
    """The administrator of a real service."""

    service: Service
    pack_id: str

    def invite(self, subject: str) -> str:
        return invite(self.service, subject)

    def deal(self, device: KeyId) -> BatchId:
        return self.service.deal(self.pack_id, device).batch_id


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Made, ServiceOffice]]:
    folder = tmp_path_factory.mktemp("service")
    made = make_service(folder / "home")
    pack_id = packed(made.service, folder).pack_id
    yield made, ServiceOffice(made.service, pack_id)
    made.service.close()


class TestHttpCoordinator(CoordinatorSuite):
    @pytest.fixture
    def world(self, made: tuple[Made, ServiceOffice]) -> Iterator[World]:
        server = Server(made[0].service)
        server.start()
        yield World(HttpOpener(clock=made[0].clock)(server.url), made[1])
        server.stop()


class TestFakeCoordinator(CoordinatorSuite):
    @pytest.fixture
    def world(self) -> World:
        fake = FakeCoordinator()
        return World(fake, fake)
