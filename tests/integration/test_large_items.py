"""A bomb, 20 000 frames, 300 megabytes: packed, dealt, opened, concealed, decided.

Each goes the whole way through the real service, vault and decoder. The files are
made sparsely: nothing here holds a large item in memory, and neither does the product.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from reviewer.domain.decision import Basis, Passage, StandingKind
from reviewer.domain.ids import MonoMs
from reviewer.domain.rendition import SHEET_BUDGET_PX, WHOLE_BOX, Extent, Hit, Step
from reviewer.errors import Code
from reviewer.ports import ItemRow
from reviewer.safeguards import basis
from reviewer.safeguards.basis import Looks
from reviewer.safeguards.grant import Grant
from reviewer.services.drafting import Complete
from reviewer.services.session import Session
from reviewer.ui.explanations import explain
from tests.fakes.bench_profile import Organisation, fetched, make_profile, organisation
from tests.fakes.looking import note
from tests.lazy_text import LINE_BYTES, LazyText
from tests.media_samples import gif_of_frames, png_of_zeros
from tests.sandboxed import need_full_sandbox

NOT_VIOLATING: Final = Complete(verdict="NOT_VIOLATING")
TEXT_BYTES: Final = 300 * 1024 * 1024
NEEDLE: Final = "needle in the hay"
MARKED_LINE: Final = TEXT_BYTES // LINE_BYTES // 8
MEMORY_BYTES: Final = 160 * 1024 * 1024
"""What the whole way may add to this process: one item is twice as large."""


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Organisation]:
    need_full_sandbox()
    with organisation(tmp_path / "service") as made:
        yield made


def write_text(path: Path) -> None:
    """Write 300 MB of lines; one far in says something else."""
    lazy = LazyText(LINE_BYTES * 1_024)
    block = lazy.at(0, lazy.size_bytes)
    with path.open("wb") as file:
        for _ in range(TEXT_BYTES // len(block)):
            file.write(block)
        file.seek(MARKED_LINE * LINE_BYTES)
        file.write(f"a {NEEDLE}".ljust(LINE_BYTES - 1).encode())


@pytest.fixture
def session(org: Organisation, tmp_path: Path) -> Iterator[Session]:
    opened = make_profile(org, tmp_path / "laptop").enrol(org)
    yield opened
    opened.lock()


def grant(row: ItemRow) -> Grant:
    return Grant(
        item_id=row.item.id, step=Step.GREY, extent=Extent.WHOLE, given_at=MonoMs(0)
    )


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_large_items_go_the_whole_way(
    org: Organisation, session: Session, tmp_path: Path
) -> None:
    """Import, open, concealed, searched, looked at, decided; memory stays flat."""
    media = tmp_path / "media"
    media.mkdir()
    (media / "a-bomb.png").write_bytes(png_of_zeros(60_000, 60_000, rows=4))
    (media / "b-many.gif").write_bytes(gif_of_frames(20_000, width=400, height=300))
    write_text(media / "c-long.txt")
    before = peak_bytes()
    rows = fetched(org, session, org.pack(media)).rows
    bomb, many, long = sorted(rows, key=lambda row: row.item.size_bytes)
    check_bomb(session, bomb)
    check_many(session, many)
    check_long(session, long)
    for row in rows:
        assert session._store.item(row.item.id).standing.kind is StandingKind.DECIDED
    assert session.verify_journal().entries >= 2 * len(rows)
    assert peak_bytes() - before < MEMORY_BYTES


def check_bomb(session: Session, row: ItemRow) -> None:
    """Refused by its header, explained, and decided all the same."""
    view = session.viewing.concealed(row, strength_px=16, grey=True)
    assert view.refused is Code.MEDIA_TOO_LARGE
    told = explain(view.refused)
    assert told.happened
    assert told.todo
    done = session.decide(row.item.id, NOT_VIOLATING, looks=Looks())
    assert done.row.standing.kind is StandingKind.DECIDED


def check_many(session: Session, row: ItemRow) -> None:
    """A strip within the budget that says how far it reaches, and what was seen."""
    views = session.viewing
    view = views.concealed(row, strength_px=16, grey=True)
    info = view.info
    assert view.refused is None
    assert info.frames_count == 20_000
    assert 12 <= info.frames_reached < 20_000
    pixels = sum(tile.width_px * tile.height_px for tile in view.tiles)
    assert len(view.tiles) == 12
    assert pixels <= SHEET_BUDGET_PX
    note(session.exposure, row)
    looks = Looks()
    for tile in range(len(view.tiles)):
        at_ms = info.duration_ms * tile // len(view.tiles)
        clear = views.clear(
            row.item, grant(row), box=WHOLE_BOX, width_px=64, height_px=64, at_ms=at_ms
        )
        assert max(clear.width_px, clear.height_px) == 64
        looks = basis.saw_frame(
            looks, grant(row), frame=tile, frames_count=info.frames_count
        )
    assert basis.basis_of(looks, row.item) is Basis.PARTIAL_VIEW
    done = session.decide(row.item.id, NOT_VIOLATING, looks=looks)
    assert done.row.standing.kind is StandingKind.DECIDED


def check_long(session: Session, row: ItemRow) -> None:
    """Its first page at once, a page anywhere, a word far in, a marked place."""
    views = session.viewing
    view = views.concealed(row, strength_px=16, grey=True)
    assert view.refused is None
    assert view.info.pages_count > 40_000
    note(session.exposure, row)
    assert "line 0 " in views.text(row.item, grant(row), page=0)
    hit = first_hit(session, row)
    page = views.text(row.item, grant(row), page=hit.page)
    assert page[hit.start : hit.end] == NEEDLE
    marked = Passage(page=hit.page, start=hit.start, end=hit.end)
    complete = replace(NOT_VIOLATING, passages=(marked,))
    looks = basis.saw_page(Looks(), page=0, pages_count=view.info.pages_count)
    assert basis.basis_of(looks, row.item) is Basis.PARTIAL_VIEW
    done = session.decide(row.item.id, complete, looks=looks)
    decision = done.row.standing.decision
    assert decision is not None
    assert decision.passages == (marked,)


def first_hit(session: Session, row: ItemRow) -> Hit:
    """Search as far as it takes, one bounded answer after the other."""
    page: int | None = 0
    while page is not None:
        found = session.viewing.find(row.item, NEEDLE.upper(), first_page=page)
        if found.hits:
            return found.hits[0]
        page = found.next_page
    raise AssertionError("not found")
