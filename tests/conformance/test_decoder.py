"""Every pool keeps the suite: the fake, forks of a zygote, and fresh programs."""

from __future__ import annotations

from reviewer.media.launchers import ForkLauncher, SpawnLauncher
from reviewer.media.meter import CountingMeter
from reviewer.media.pool import LinuxDecoderPool
from reviewer.ports import DecoderPool
from tests.conformance.decoder import DecoderPoolSuite
from tests.drawn_media import drawn_clip, drawn_still
from tests.fakes.decoder import FakeDecoderPool, fake_clip, fake_still, fake_text
from tests.sandboxed import need_full_sandbox


class TestFakePool(DecoderPoolSuite):
    """The fake that other tests stand on."""

    @classmethod
    def make_pool(cls, meter: CountingMeter | None) -> DecoderPool:
        return FakeDecoderPool(meter=meter)

    @classmethod
    def still(cls, width_px: int, height_px: int) -> bytes:
        return fake_still(width_px, height_px)

    @classmethod
    def clip(cls, width_px: int, height_px: int) -> bytes:
        return fake_clip(width_px, height_px, 5_000)

    @classmethod
    def text_item(cls, text: str) -> bytes:
        return fake_text(text)


class RealMedia(DecoderPoolSuite):
    """Media for the pools that decode."""

    __test__ = False

    @classmethod
    def still(cls, width_px: int, height_px: int) -> bytes:
        return drawn_still(width_px, height_px)

    @classmethod
    def clip(cls, width_px: int, height_px: int) -> bytes:
        return drawn_clip(width_px, height_px)

    @classmethod
    def text_item(cls, text: str) -> bytes:
        return text.encode("utf-8")


class TestForkedPool(RealMedia):
    """Locked children forked from a zygote."""

    __test__ = True

    @classmethod
    def make_pool(cls, meter: CountingMeter | None) -> DecoderPool:
        need_full_sandbox()
        return LinuxDecoderPool(meter=meter, launcher=ForkLauncher())


class TestSpawnedPool(RealMedia):
    """The same walls and protocol in a fresh interpreter per item."""

    __test__ = True

    @classmethod
    def make_pool(cls, meter: CountingMeter | None) -> DecoderPool:
        need_full_sandbox()
        return LinuxDecoderPool(meter=meter, launcher=SpawnLauncher())
