"""The HTTP client on the real service, and the fake: one suite for both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewer.coordinator.service import Service
from reviewer.coordinator.serving import Server
from reviewer.domain.ids import BatchId, KeyId
from reviewer.sync.client import HttpOpener
from tests.conformance.coordinator.suite import CoordinatorSuite, World
from tests.fakes.coordinator import FakeCoordinator
from tests.fakes.service_home import invite, make_service, packed


@dataclass(frozen=True, slots=True)
class ServiceOffice:
    """The administrator of a real service."""

    service: Service
    pack_id: str

    def invite(self, subject: str) -> str:
        return invite(self.service, subject)

    def deal(self, device: KeyId) -> BatchId:
        return self.service.deal(self.pack_id, device).batch_id


class TestHttpCoordinator(CoordinatorSuite):
    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[World]:
        made = make_service(tmp_path / "home")
        office = ServiceOffice(made.service, packed(made.service, tmp_path).pack_id)
        server = Server(made.service)
        server.start()
        yield World(HttpOpener(clock=made.clock)(server.url), office)
        server.stop()
        made.service.close()


class TestFakeCoordinator(CoordinatorSuite):
    @pytest.fixture
    def world(self) -> World:
        fake = FakeCoordinator()
        return World(fake, fake)
