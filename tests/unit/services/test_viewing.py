"""Viewing and reading: few children, refusals as values, bytes only if authentic."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from reviewer.crypto.age import AgeIdentity, encrypt_stream
from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.padding import padme
from reviewer.domain.ids import MonoMs
from reviewer.domain.item import Item, Kind
from reviewer.domain.rendition import WHOLE_BOX, Aim, Extent, SandboxLevel, Step
from reviewer.errors import Code, MediaError, ReviewerError
from reviewer.ports import ItemRow
from reviewer.safeguards.grant import Grant
from reviewer.services.reading import ItemReader
from reviewer.services.viewing import SESSIONS_COUNT, Viewing
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import (
    FakeDecoderPool,
    fake_clip,
    fake_still,
    fake_text,
)
from tests.fakes.desk import Desk
from tests.fakes.entries import new_item
from tests.fakes.looking import note

AIM = Aim(step=Step.GREY, box=WHOLE_BOX, width_px=64, height_px=48)
STILL = DrawnItem(data=fake_still(640, 480))
CLIP = DrawnItem(
    data=fake_clip(640, 480, 5_000), kind=Kind.CLIP, declared_type="video/mp4"
)
WORDS = DrawnItem(
    data=fake_text("some words"), kind=Kind.TEXT, declared_type="text/plain"
)
UNRATED_WORDS = replace(WORDS, severity=None)
BROKEN = DrawnItem(data=b"no media at all")
UNSUPPORTED = DrawnItem(data=b"x", kind=Kind.UNSUPPORTED)


def grant(row: ItemRow) -> Grant:
    return Grant(
        item_id=row.item.id,
        step=Step.COLOUR,
        extent=Extent.WHOLE,
        given_at=MonoMs(0),
    )


def refusal(act: Callable[[], object]) -> Code:
    with pytest.raises(ReviewerError) as error:
        act()
    return error.value.code


def test_each_kind_is_concealed_in_its_way(desk: Desk) -> None:
    """A still, a sheet of tiles, no pixels of a text; refusals are values."""
    session, batch = desk.with_batch([STILL, CLIP, WORDS, BROKEN, UNSUPPORTED])
    still, clip, words, broken, unsupported = (
        session.viewing.concealed(row, strength_px=16, grey=True) for row in batch.rows
    )
    assert still.still is not None
    assert still.still.width_px == 16
    assert still.tiles == ()
    assert len(clip.tiles) == 12
    assert (words.still, words.tiles, words.info.words_count) == (None, (), 2)
    assert broken.refused is Code.MEDIA_UNSUPPORTED
    assert unsupported.refused is Code.MEDIA_UNSUPPORTED
    assert batch.rows[4].item.id not in desk.pools[0].opened


def test_preparing_decodes_and_gives_nothing_out(desk: Desk) -> None:
    """At key-down the child decodes; a broken item is refused then already."""
    session, batch = desk.with_batch([STILL, BROKEN])
    session.viewing.prepare(batch.rows[0].item, AIM)
    broken = batch.rows[1].item
    code = refusal(lambda: session.viewing.prepare(broken, AIM))
    assert code is Code.MEDIA_UNSUPPORTED


def test_at_most_four_children_live(desk: Desk) -> None:
    """The least recently used one ends when a fifth is wanted."""
    session, batch = desk.with_batch([STILL] * 6)
    for row in batch.rows:
        session.viewing.concealed(row, strength_px=16, grey=True)
    alive = [one for one in desk.pools[0].sessions if not one._is_closed]
    assert len(alive) == SESSIONS_COUNT
    session.viewing.concealed(batch.rows[5], strength_px=16, grey=True)
    assert len(desk.pools[0].opened) == 6  # still there: not opened again
    session.viewing.concealed(batch.rows[0], strength_px=16, grey=True)
    assert len(desk.pools[0].opened) == 7


def test_covering_ends_every_child(desk: Desk) -> None:
    """Curtain and lock leave nobody who holds a clear pixel."""
    session, batch = desk.with_batch([STILL, CLIP])
    for row in batch.rows:
        session.viewing.concealed(row, strength_px=16, grey=True)
    session.viewing.cover()
    assert all(one._is_closed for one in desk.pools[0].sessions)
    again = session.viewing.concealed(batch.rows[0], strength_px=16, grey=True)
    assert again.refused is None


def test_clear_needs_the_grant_of_that_item(desk: Desk) -> None:
    """Another item's leave is none; with its own the picture is large."""
    session, batch = desk.with_batch([STILL, WORDS])
    still, words = batch.rows

    def clear(with_grant: Grant) -> int:
        return session.viewing.clear(
            still.item, with_grant, box=WHOLE_BOX, width_px=320, height_px=240
        ).width_px

    note(session.exposure, still)
    assert refusal(lambda: clear(grant(words))) is Code.REVEAL_REFUSED
    assert clear(grant(still)) > 48
    text = session.viewing.text(words.item, grant(words), page=0)
    assert text == "some words"


def test_without_a_look_in_the_ledger_nothing_clear_is_asked_for(desk: Desk) -> None:
    """Whatever grant is held; not before it is written, and not after it is over."""
    session, batch = desk.with_batch([STILL, UNRATED_WORDS])
    still, words = batch.rows

    def clear() -> int:
        return session.viewing.clear(
            still.item, grant(still), box=WHOLE_BOX, width_px=320, height_px=240
        ).width_px

    def read() -> str:
        return session.viewing.text(words.item, grant(words), page=0)

    assert refusal(clear) is Code.REVEAL_REFUSED
    session.exposure.begin_look(still)
    assert refusal(clear) is Code.REVEAL_REFUSED
    session.exposure.save()
    assert clear() > 48
    assert refusal(read) is Code.REVEAL_REFUSED
    session.exposure.end_look()
    assert refusal(clear) is Code.REVEAL_REFUSED
    assert desk.pools[0].sessions != []


def test_a_mild_text_is_read_without_a_look(desk: Desk) -> None:
    """It opens readable; one that somebody rated down after the fact does not."""
    session, batch = desk.with_batch([WORDS, UNRATED_WORDS])
    free, unrated = batch.rows
    assert session.viewing.text(free.item, grant(free), page=0) == "some words"
    session.set_severity(unrated.item.id, 0)

    def read() -> str:
        return session.viewing.text(unrated.item, grant(unrated), page=0)

    assert refusal(read) is Code.REVEAL_REFUSED


def test_a_failing_child_costs_one_item(desk: Desk) -> None:
    """It is let go, so that another try starts another child."""
    session, batch = desk.with_batch([STILL, STILL])
    row, other = batch.rows
    desk.pools[0]._failures[row.item.id] = Code.DECODER_DIED
    view = session.viewing.concealed(row, strength_px=16, grey=True)
    assert view.refused is Code.DECODER_DIED
    assert desk.pools[0].sessions[-1]._is_closed
    desk.pools[0]._failures.clear()
    assert session.viewing.concealed(row, strength_px=16, grey=True).refused is None
    assert session.viewing.concealed(other, strength_px=16, grey=True).refused is None


def test_without_a_sandbox_nothing_is_decoded(desk: Desk) -> None:
    """Every item says so, and every item can be decided."""
    session, batch = desk.with_batch([STILL])
    session.viewing._pool = FakeDecoderPool(level=SandboxLevel.NONE)
    view = session.viewing.concealed(batch.rows[0], strength_px=16, grey=True)
    assert view.refused is Code.SANDBOX_UNAVAILABLE
    assert session.viewing.level is SandboxLevel.NONE
    assert session.hand_back(batch.rows[0].item.id).seq > 0


def test_two_threads_share_a_child(desk: Desk) -> None:
    """Whoever came second to open an item ends its own child at once."""
    session, batch = desk.with_batch([STILL])
    pool = FakeDecoderPool()
    row = batch.rows[0]
    viewing = Viewing(pool, session._readers.of, is_noted=session.exposure.holds)
    open_child = pool.open

    def slow(*args: object, **more: object) -> object:
        pool.open = open_child  # type: ignore[method-assign]
        viewing._session(row.item)  # the other thread, in between
        return open_child(*args, **more)  # type: ignore[arg-type]

    pool.open = slow  # type: ignore[assignment,method-assign]
    kept = viewing._session(row.item)
    assert kept is pool.sessions[0]
    assert [one._is_closed for one in pool.sessions] == [False, True]


# Reading -------------------------------------------------------------------------


def sealed(
    folder: Path, data: bytes, *, kind: Kind = Kind.IMAGE, padding: bytes | None = None
) -> tuple[Path, Item, bytes]:
    """Seal bytes as a batch does; `padding` replaces the zeros behind them."""
    identity = AgeIdentity.generate(os.urandom)
    out = io.BytesIO()
    out.write(b"another item before")
    offset = out.tell()
    whole = data if padding is None else data + padding
    made = encrypt_stream(
        io.BytesIO(whole),
        out,
        recipient=identity.recipient,
        length=len(whole),
        padded_to=padme(len(data)),
    )
    path = folder / "media"
    path.write_bytes(out.getvalue())
    item = msgspec.structs.replace(
        new_item(1),
        kind=kind,
        sha256=sha256_hex(data),
        size_bytes=len(data),
        offset_bytes=offset,
        sealed_bytes=made.sealed_bytes,
    )
    return path, item, identity.raw


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.CLIP])
@pytest.mark.parametrize("size", [1, 1_000, 65_536, 200_000])
def test_bytes_come_out_as_they_went_in(tmp_path: Path, kind: Kind, size: int) -> None:
    """Whole or in pieces, short only at the end, nothing of the padding."""
    data = os.urandom(size)
    reader = ItemReader(*sealed(tmp_path, data, kind=kind))
    assert reader.size_bytes == size
    assert reader.read(0, size + 100) == data
    assert reader.read(size // 2, 10) == data[size // 2 : size // 2 + 10]
    assert reader.read(size - 1, 10) == data[-1:]
    assert reader.read(size, 10) == b""
    reader.verify_whole()
    reader.close()


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.CLIP])
def test_a_changed_byte_is_found(tmp_path: Path, kind: Kind) -> None:
    """A still before its first byte is given, a clip at the chunk or in the hash."""
    path, item, identity = sealed(tmp_path, os.urandom(200_000), kind=kind)
    data = bytearray(path.read_bytes())
    data[-100_000] ^= 1
    path.write_bytes(bytes(data))
    reader = ItemReader(path, item, identity)
    refusal(reader.verify_whole)
    if kind is Kind.IMAGE:
        refusal(lambda: reader.read(0, 1))
    reader.close()


def test_another_hash_is_found(tmp_path: Path) -> None:
    """Authentic, but not what the batch promised."""
    path, item, identity = sealed(tmp_path, b"bytes" * 100)
    other = msgspec.structs.replace(item, sha256="ab" * 32)
    reader = ItemReader(path, other, identity)
    assert refusal(lambda: reader.read(0, 1)) is Code.HASH_MISMATCH
    reader.close()


def test_a_clip_of_another_hash_is_found_behind(tmp_path: Path) -> None:
    """Its chunks are authentic; the background hash says that it is another clip."""
    path, item, identity = sealed(tmp_path, b"bytes" * 100, kind=Kind.CLIP)
    other = msgspec.structs.replace(item, sha256="ab" * 32)
    reader = ItemReader(path, other, identity)
    assert reader.read(0, 5) == b"bytes"
    assert refusal(reader.verify_whole) is Code.HASH_MISMATCH
    reader.close()


def test_padding_that_is_not_zero_is_found(tmp_path: Path) -> None:
    """Nothing may hide behind the true size."""
    size = 100_000
    padding = bytes(padme(size) - size - 1) + b"\x01"
    reader = ItemReader(*sealed(tmp_path, bytes(size), padding=padding))
    assert refusal(lambda: reader.read(0, 1)) is Code.HASH_MISMATCH
    reader.close()


def test_a_wrong_size_is_found(tmp_path: Path) -> None:
    """The age file holds another length than the batch says."""
    path, item, identity = sealed(tmp_path, bytes(100_000))
    other = msgspec.structs.replace(item, size_bytes=50_000)
    reader = ItemReader(path, other, identity)
    assert refusal(lambda: reader.read(0, 1)) is Code.HASH_MISMATCH
    reader.close()


def test_a_missing_file(tmp_path: Path) -> None:
    """Said as an item's matter."""
    path, item, identity = sealed(tmp_path, b"bytes")
    path.unlink()
    with pytest.raises(MediaError) as error:
        ItemReader(path, item, identity).read(0, 1)
    assert error.value.code is Code.MEDIA_MISSING


def test_a_closed_reader_can_be_read_again(tmp_path: Path) -> None:
    """Closing forgets the bytes, not the item."""
    reader = ItemReader(*sealed(tmp_path, b"bytes"))
    assert reader.read(0, 5) == b"bytes"
    reader.close()
    assert reader._whole is None
    assert reader.read(0, 5) == b"bytes"
    reader.close()


def test_the_wrong_identity_opens_nothing(tmp_path: Path) -> None:
    """Each item has its own."""
    path, item, _ = sealed(tmp_path, b"bytes")
    reader = ItemReader(path, item, AgeIdentity.generate(os.urandom).raw)
    refusal(lambda: reader.read(0, 1))
    reader.close()


def test_marking_an_item_ends_the_child_that_the_window_uses(desk: Desk) -> None:
    """The first C drops every buffer: not a child of some other pool of views."""
    session, batch = desk.with_batch([STILL])
    row = batch.rows[0]
    session.viewing.concealed(row, strength_px=16, grey=True)
    assert not desk.pools[0].sessions[-1]._is_closed
    session.sealing.mark(row.item.id)
    assert desk.pools[0].sessions[-1]._is_closed
