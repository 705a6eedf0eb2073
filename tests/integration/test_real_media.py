"""Real photographs and clips go the whole way, broken and unsupported ones too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from reviewer.coordinator.packs import Packed
from reviewer.domain.decision import Basis, StandingKind
from reviewer.domain.ids import ItemId
from reviewer.domain.item import Kind
from reviewer.domain.person import Capacity
from reviewer.domain.rendition import (
    CONCEALED_CEILING_PX,
    SHEET_BUDGET_PX,
    WHOLE_BOX,
    Rendition,
)
from reviewer.errors import Code
from reviewer.ports import ItemRow
from reviewer.safeguards.basis import Looks, saw_page, saw_picture
from reviewer.services.drafting import Complete
from reviewer.services.session import OpenBatch, Session
from reviewer.services.viewing import ConcealedView
from tests.fakes.bench_profile import (
    BenchProfile,
    Organisation,
    fetched,
    make_profile,
    organisation,
)
from tests.fakes.looking import grant_for, note
from tests.media_samples import write_hostile, write_real
from tests.sandboxed import need_full_sandbox

STILLS = (
    "rocket.jpg",
    "chelsea.png",
    "camera.png",
    "page.png",
    "no_time_for_that_tiny.gif",
)
CLIPS = ("bikes.mp4", "carphone_pristine.mp4")
NOT_VIOLATING = Complete(verdict="NOT_VIOLATING")
CANNOT_BE_JUDGED = Complete(verdict="CANNOT_BE_JUDGED")


@dataclass(frozen=True, slots=True)
class Desk:
    """One session with every kind of file in its batch, and what each was called."""

    org: Organisation
    profile: BenchProfile
    packed: Packed
    session: Session
    batch: OpenBatch
    names: dict[ItemId, str]
    hostile: frozenset[str]

    def row(self, name: str) -> ItemRow:
        return next(row for row in self.batch.rows if self.names[row.item.id] == name)

    def concealed(self, row: ItemRow) -> ConcealedView:
        return self.session.viewing.concealed(row, strength_px=16, grey=True)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    need_full_sandbox()
    folder = tmp_path_factory.mktemp("real")
    media = folder / "media"
    media.mkdir()
    write_real(media, stills=STILLS, clips=CLIPS)
    hostile = frozenset(path.name for path in write_hostile(media))
    with organisation(folder / "coordinator") as org:
        profile = make_profile(org, folder / "profile")
        session = profile.enrol(org)
        try:
            packed = org.pack(media)
            batch = fetched(org, session, packed)
            names = org.service.file_names()
            made = Desk(org, profile, packed, session, batch, names, hostile)
            made.concealed(made.row(STILLS[0]))  # starts what the tests share
            session.viewing.cover()
            yield made
        finally:
            session.lock()


def test_every_file_became_an_item(desk: Desk) -> None:
    """Whatever was in the folder: nothing stopped the batch, nothing was left out."""
    assert desk.packed.items_count == len(desk.batch.rows)
    assert desk.hostile < set(desk.names.values())
    assert {*STILLS, *CLIPS, f"again-{STILLS[0]}", "note.txt"} < set(
        desk.names.values()
    )
    assert {one.code for one in desk.packed.refused} == {Code.MEDIA_UNSUPPORTED}


def test_everything_is_concealed_or_says_why_not(desk: Desk) -> None:
    """Nothing above the ceiling, and a code for each item that cannot be shown."""
    for row in desk.batch.rows:
        view = desk.concealed(row)
        name = desk.names[row.item.id]
        shown = [view.still] if view.still is not None else []
        for one in (*shown, *view.tiles):
            assert max(one.width_px, one.height_px) <= CONCEALED_CEILING_PX
        assert _area(view.tiles) <= SHEET_BUDGET_PX
        if name not in desk.hostile:
            assert view.refused is None, name
        if view.refused is not None:
            assert view.refused.value.startswith(("MEDIA_", "DECODER_")), name
            assert not shown
        desk.session.viewing.release(row.item.id)
    assert desk.profile.meter.clear_before_reveal == 0
    assert desk.profile.meter.recorded > 0


@pytest.mark.parametrize("name", STILLS)
def test_a_photograph_is_revealed_with_a_grant(desk: Desk, name: str) -> None:
    """Clear only after the state machine gave leave; then larger than the ceiling."""
    row = desk.row(name)
    before = desk.profile.meter.clear_after_reveal
    grant = grant_for(row, values=desk.batch.values, clock=desk.org.clock)
    note(desk.session.exposure, row)
    clear = desk.session.viewing.clear(
        row.item, grant, box=WHOLE_BOX, width_px=320, height_px=320
    )
    assert max(clear.width_px, clear.height_px) > CONCEALED_CEILING_PX
    assert len(clear.pixels) == 3 * clear.width_px * clear.height_px
    assert clear.step is grant.step
    assert desk.profile.meter.clear_after_reveal == before + 1
    desk.session.viewing.release(row.item.id)


@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_has_tiles_and_a_frame(desk: Desk, name: str) -> None:
    """A sheet of twelve concealed tiles, then one clear frame; hashed behind."""
    row = desk.row(name)
    view = desk.concealed(row)
    assert 1 < len(view.tiles) <= 12
    assert view.info.duration_ms > 0
    grant = grant_for(row, values=desk.batch.values, clock=desk.org.clock)
    note(desk.session.exposure, row)
    clear = desk.session.viewing.clear(
        row.item, grant, box=WHOLE_BOX, width_px=160, height_px=160, at_ms=500
    )
    assert clear.width_px > CONCEALED_CEILING_PX
    desk.session.viewing.verify(row.item)
    desk.session.viewing.release(row.item.id)


def test_a_text_is_read_with_a_grant(desk: Desk) -> None:
    """Latin, Cyrillic and Arabic come out as they went in."""
    row = desk.row("note.txt")
    assert row.item.kind is Kind.TEXT
    grant = grant_for(row, values=desk.batch.values, clock=desk.org.clock)
    note(desk.session.exposure, row)
    text = desk.session.viewing.text(row.item, grant, page=0)
    assert "Просто записка." in text
    assert "ملاحظة" in text
    desk.session.viewing.release(row.item.id)


def test_all_of_it_is_decided_submitted_and_receipted(desk: Desk) -> None:
    """Every item: those that cannot be shown are decided from context."""
    done = {}
    for row in desk.batch.rows:
        name = desk.names[row.item.id]
        if name in desk.hostile:
            changed = desk.session.decide(row.item.id, CANNOT_BE_JUDGED, looks=Looks())
        else:
            looks = _looked_at(desk, row)
            changed = desk.session.decide(row.item.id, NOT_VIOLATING, looks=looks)
        done[name] = changed.row.standing
    assert all(one.kind is StandingKind.DECIDED for one in done.values())
    seen = done[STILLS[0]].decision
    assert seen is not None
    assert seen.basis is Basis.FULL_VIEW
    path = desk.org.folder / "out.rvsub"
    desk.session.submit_to_file(path, Capacity.OK)
    view = desk.session.take_receipt(desk.org.service.accept(path.read_bytes()))
    assert view.verified
    home = desk.session.home()
    assert home.batches[0].counts.decided == len(desk.batch.rows)
    assert home.journal.unsent == 0
    assert desk.session.verify_journal().receipted == view.size


def _looked_at(desk: Desk, row: ItemRow) -> Looks:
    grant = grant_for(row, values=desk.batch.values, clock=desk.org.clock)
    note(desk.session.exposure, row)
    if row.item.kind is Kind.TEXT:
        return saw_page(Looks(), page=0, pages_count=1)
    return saw_picture(Looks(), grant, shown_ms=1_500)


def _area(tiles: tuple[Rendition, ...]) -> int:
    return sum(tile.width_px * tile.height_px for tile in tiles)
