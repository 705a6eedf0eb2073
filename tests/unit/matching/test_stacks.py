"""Copies fall into stacks around one representative each."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.fingerprint import Fingerprint
from reviewer.domain.ids import ItemId, Sha256Hex
from reviewer.domain.item import Item, Kind
from reviewer.matching.likeness import DISTANCE_BITS
from reviewer.matching.stacks import Copy, Likeness, Stack, copies_of, stacks_of
from tests.fakes.entries import item_id, new_item
from tests.fakes.prints import bits_of, flipped, print_of

BASE = bits_of("base")
EXACT, NEAR = Likeness.EXACT, Likeness.NEAR


@dataclass(slots=True)
class Drawn:
    """Items and their fingerprints, added one after the other."""

    items: list[Item] = field(default_factory=list)
    prints: dict[ItemId, Fingerprint] = field(default_factory=dict)

    def add(
        self,
        content: str,
        *frames: int,
        kind: Kind = Kind.IMAGE,
        pixels: int = 1,
        quality: int = 100,
    ) -> ItemId:
        """Add an item of these bytes and frames; no frames, no fingerprint."""
        item = msgspec.structs.replace(
            new_item(len(self.items)),
            sha256=Sha256Hex(f"{bits_of(content):064x}"),
            kind=kind,
        )
        self.items.append(item)
        if frames:
            made = print_of(*frames, pixels_count=pixels, quality=quality)
            self.prints[item.id] = made
        return item.id

    def stacks(self, *apart: ItemId) -> tuple[Stack, ...]:
        return stacks_of(self.items, self.prints, apart=apart)


def copy(item: ItemId, likeness: Likeness, bits: int = 0) -> Copy:
    return Copy(item_id=item, likeness=likeness, distance_bits=bits)


def test_exact_copies_need_no_fingerprint() -> None:
    """Texts, broken files and what is not fingerprinted yet stack by their hash."""
    drawn = Drawn()
    one, other, again = (drawn.add(name, kind=Kind.TEXT) for name in ("a", "b", "a"))
    (stack,) = drawn.stacks()
    assert stack == Stack(representative=one, copies=(copy(again, EXACT),))
    assert other not in stack.members


def test_the_same_bytes_of_two_kinds_are_two_things() -> None:
    """A file packed under two endings is decoded in two ways."""
    drawn = Drawn()
    drawn.add("a", kind=Kind.IMAGE)
    drawn.add("a", kind=Kind.TEXT)
    assert drawn.stacks() == ()


def test_near_copies_join_the_clearest() -> None:
    """Most pixels lead, wherever in the batch; copies stay in the batch's order."""
    drawn = Drawn()
    small = drawn.add("small", flipped(BASE, 12), pixels=100)
    clear = drawn.add("clear", BASE, pixels=9_000)
    drawn.add("other", bits_of("other"), pixels=9_999)
    again = drawn.add("small", flipped(BASE, 12), pixels=100)
    assert drawn.stacks() == (
        Stack(
            representative=clear, copies=(copy(small, NEAR, 12), copy(again, NEAR, 12))
        ),
    )


def test_of_equals_the_first_leads() -> None:
    """The place in the batch decides at last."""
    drawn = Drawn()
    one, two = (drawn.add(name, BASE) for name in ("a", "b"))
    assert drawn.stacks()[0].representative == one
    assert drawn.stacks()[0].copies == (copy(two, NEAR),)


def test_likeness_does_not_travel_along_a_chain() -> None:
    """What resembles a copy, but not the representative, stands alone."""
    drawn = Drawn()
    one = drawn.add("a", BASE, pixels=3)
    two = drawn.add("b", flipped(BASE, 20), pixels=2)
    drawn.add("c", flipped(flipped(BASE, 20), 20, start=5), pixels=1)
    assert drawn.stacks() == (Stack(representative=one, copies=(copy(two, NEAR, 20),)),)


def test_a_still_and_a_clip_never_share_a_stack() -> None:
    """One frame of a clip is not the clip."""
    drawn = Drawn()
    drawn.add("a", BASE)
    drawn.add("b", BASE, kind=Kind.CLIP)
    assert drawn.stacks() == ()


def test_clips_join_by_four_frames_of_five() -> None:
    """And not by three."""
    frames = [bits_of(name) for name in "abcde"]
    drawn = Drawn()
    one = drawn.add("a", *frames, kind=Kind.CLIP, pixels=9)
    two = drawn.add("b", *frames[:4], bits_of("x"), kind=Kind.CLIP)
    three = [*frames[:3], bits_of("y"), bits_of("z")]
    drawn.add("c", *three, kind=Kind.CLIP)
    (stack,) = drawn.stacks()
    assert stack.members == (one, two)


def test_even_pictures_stack_only_exactly() -> None:
    """Two black pictures are not copies of each other, whatever their hashes."""
    drawn = Drawn()
    drawn.add("a", 0, quality=3)
    drawn.add("b", 0, quality=3)
    drawn.add("b", 0, quality=3)
    (stack,) = drawn.stacks()
    assert [each.likeness for each in stack.copies] == [EXACT]


def test_what_was_taken_out_stands_alone() -> None:
    """The rest stays together; a stack of one is none."""
    drawn = Drawn()
    one, two, three = (drawn.add(name, BASE) for name in ("a", "a", "b"))
    assert drawn.stacks(two)[0].members == (one, three)
    assert drawn.stacks(one)[0].members == (two, three)
    assert drawn.stacks(two, three) == ()


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.integers(0, 40), st.integers(1, 3)),
        max_size=12,
    )
)
def test_every_member_resembles_its_representative(
    rows: list[tuple[str, int, int]],
) -> None:
    """Whatever the batch, an item is in one stack at most, and near its head."""
    drawn = Drawn()
    for number, (name, turned, pixels) in enumerate(rows):
        bits = flipped(bits_of(name), turned)
        drawn.add(f"{name}{turned}{number % 2}", bits, pixels=pixels)
    stacks = drawn.stacks()
    members = [member for stack in stacks for member in stack.members]
    assert len(members) == len(set(members))
    for stack in stacks:
        assert stack.copies
        assert all(each.distance_bits <= DISTANCE_BITS for each in stack.copies)


def test_copies_are_measured_from_the_item_that_is_asked_about() -> None:
    """Two members may both resemble the representative and not each other."""
    drawn = Drawn()
    head = drawn.add("head", BASE, pixels=9)
    low = drawn.add("low", flipped(BASE, 20), pixels=2)
    high = drawn.add("high", flipped(BASE, 20, start=5), pixels=1)
    low_again = drawn.add("low", flipped(BASE, 20), pixels=2)
    (stack,) = drawn.stacks()
    assert set(stack.members) == {head, low, high, low_again}
    subject = drawn.items[1]
    assert copies_of(subject, drawn.items, drawn.prints) == (
        copy(head, NEAR, 20),
        copy(low_again, EXACT),
    )


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.UNSUPPORTED])
def test_only_pictures_and_clips_have_near_copies(kind: Kind) -> None:
    """A fingerprint of anything else is not looked at."""
    drawn = Drawn()
    drawn.add("a", BASE, kind=kind)
    drawn.add("b", BASE, kind=kind)
    assert drawn.stacks() == ()
    assert copies_of(drawn.items[0], drawn.items, drawn.prints) == ()
    assert item_id(0) == drawn.items[0].id
