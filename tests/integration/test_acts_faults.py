"""Wrong bodies are refused whole, and a hostile coordinator changes nothing here."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from reviewer.coordinator.service import Service
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import Doubt, Escalation, HandOver
from reviewer.domain.ids import BatchId, ItemId
from reviewer.domain.item import Item
from reviewer.errors import Code, ReviewerError
from reviewer.formats import canonical, envelope
from reviewer.formats.base64 import b64
from reviewer.formats.places import pack_places
from reviewer.formats.trust import verify_trust
from reviewer.formats.wire import (
    FORMAT_ENTRY,
    Act,
    EscalateBody,
    HandOverBody,
    Opening,
    SecondOpinionBody,
    UndoBody,
)
from tests.fakes.laptop import AT, MOMENT, PLAUSIBLE, Laptop
from tests.fakes.service_home import enrolled, make_service, packed


@dataclass(slots=True)
class Desk:
    """A service, and a laptop that has taken a batch of two items."""

    service: Service
    laptop: Laptop
    items: tuple[Item, ...]
    pack_id: str

    @property
    def batch_id(self) -> BatchId:
        assert self.laptop.opened is not None
        return self.laptop.opened.outer.batch_id

    def upon(self, place: int = 0) -> dict[str, Any]:
        item = self.items[place]
        return {
            "moment": MOMENT,
            "clock_trust": PLAUSIBLE,
            "batch_id": self.batch_id,
            "item_id": item.id,
            "item_sha256": item.sha256,
        }

    def hand_over(self, **changes: Any) -> HandOverBody:  # noqa: ANN401
        body = HandOverBody(
            moment=MOMENT,
            clock_trust=PLAUSIBLE,
            batch_id=self.batch_id,
            items=pack_places((0, 1)),
            items_count=2,
            reason=HandOver.REQUESTED,
        )
        return msgspec.structs.replace(body, **changes)

    def opinion(self, **changes: Any) -> SecondOpinionBody:  # noqa: ANN401
        body = SecondOpinionBody(**self.upon(), reason=Doubt.SECOND_OPINION)
        return msgspec.structs.replace(body, **changes)

    def call(self, **changes: Any) -> EscalateBody:  # noqa: ANN401
        body = EscalateBody(**self.upon(), kind=Escalation.THREAT_TO_LIFE)
        return msgspec.structs.replace(body, **changes)

    def forge(self, act: Act, body: object, **changes: object) -> None:
        """Sign an entry that our own program would not."""
        laptop = self.laptop
        entry = {
            "v": FORMAT_ENTRY,
            "device": laptop.device,
            "epoch": 0,
            "seq": len(laptop.entries),
            "prev": sha256_hex(laptop.entries[-1]),
            "at": AT,
            "actor": laptop.subject,
            "act": act.value,
            "body": {**msgspec.to_builtins(body), **changes},
        }
        laptop.entries.append(
            envelope.sign(
                canonical.encode(entry),
                payload_type=envelope.TYPE_ENTRY,
                keys=[laptop.key],
            )
        )

    def send(self, laptop: Laptop | None = None) -> bytes:
        by = laptop or self.laptop
        data = by.submission(self.service.trust())
        return self.service.accept(data, sender=by.device)

    def refusal(self, laptop: Laptop | None = None) -> Code:
        with pytest.raises(ReviewerError) as caught:
            self.send(laptop)
        return caught.value.code

    def exported(self) -> str:
        out = io.BytesIO()
        self.service.export_csv(out)
        return out.getvalue().decode()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_service(tmp_path / "home")
    laptop = enrolled(made.service, keys=5)
    pack_id = packed(made.service, tmp_path).pack_id
    dealt = made.service.deal(pack_id, laptop.device)
    trust = verify_trust(made.service.trust(), root_sha256=None, now=None)
    items = laptop.take_batch(dealt.file.read_bytes(), trust)
    yield Desk(made.service, laptop, items, pack_id)
    made.service.close()


def _foreign_batch(desk: Desk) -> None:
    desk.laptop.append(Act.HAND_OVER, desk.hand_over(batch_id=BatchId("0" * 32)))


def _batch_of_another(desk: Desk) -> None:
    other = enrolled(desk.service, "reviewer-2")
    dealt = desk.service.deal(desk.pack_id, other.device)
    desk.laptop.append(Act.HAND_OVER, desk.hand_over(batch_id=dealt.batch_id))


def _place_beyond(desk: Desk) -> None:
    body = desk.hand_over(items=pack_places((0, 2)))
    desk.laptop.append(Act.HAND_OVER, body)


def _other_count(desk: Desk) -> None:
    desk.forge(Act.HAND_OVER, desk.hand_over(), items_count=1)


def _no_items(desk: Desk) -> None:
    desk.forge(Act.HAND_OVER, desk.hand_over(), items="", items_count=0)


def _padded_bits(desk: Desk) -> None:
    desk.forge(Act.HAND_OVER, desk.hand_over(), items=b64(b"\3\0"))


def _body_of_another_act(desk: Desk) -> None:
    desk.forge(Act.ESCALATE, desk.opinion())


def _unknown_reason(desk: Desk) -> None:
    desk.forge(Act.SECOND_OPINION, desk.opinion(), reason="tired")


def _text_in_the_entry(desk: Desk) -> None:
    desk.forge(Act.ESCALATE, desk.call(), words="in clear")


def _item_never_dealt(desk: Desk) -> None:
    desk.laptop.append(Act.ESCALATE, desk.call(item_id=ItemId("0" * 32)))


def _note_that_was_not_committed_to(desk: Desk) -> None:
    seq = len(desk.laptop.entries)
    desk.laptop.append(Act.SECOND_OPINION, desk.opinion())
    desk.laptop.openings.append(Opening(seq=seq, salt=b64(bytes(16)), text="a note"))


WRONG: dict[Callable[[Desk], None], Code] = {
    _foreign_batch: Code.BINDING_MISMATCH,
    _batch_of_another: Code.BINDING_MISMATCH,
    _place_beyond: Code.BINDING_MISMATCH,
    _other_count: Code.MALFORMED,
    _no_items: Code.MALFORMED,
    _padded_bits: Code.NOT_CANONICAL,
    _body_of_another_act: Code.MALFORMED,
    _unknown_reason: Code.MALFORMED,
    _text_in_the_entry: Code.MALFORMED,
    _item_never_dealt: Code.BINDING_MISMATCH,
    _note_that_was_not_committed_to: Code.HASH_MISMATCH,
}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda act: act.__name__)
def test_a_submission_with_a_wrong_body_is_refused_whole(
    desk: Desk, wrong: Callable[[Desk], None]
) -> None:
    """A true decision beside it is not taken either; the true journal is, after."""
    good = desk.laptop.clone()
    before = desk.exported()
    desk.laptop.decide(desk.items[0])
    wrong(desk)
    assert desk.refusal() is WRONG[wrong]
    assert desk.exported() == before
    good.decide(desk.items[0])
    assert desk.send(good)
    assert "violates" in desk.exported()


def test_an_undo_of_what_never_was_takes_nothing_back(desk: Desk) -> None:
    """It names another device's entry, or none: what stands goes on standing."""
    desk.laptop.append(Act.HAND_OVER, desk.hand_over())
    stray = UndoBody(**desk.upon(), undoes=sha256_hex(b"nothing"))
    desk.laptop.append(Act.UNDO, stray)
    desk.send()
    assert desk.exported().count("handed_over") == 2


def test_an_undo_of_a_hand_over_means_all_whichever_item_it_names(desk: Desk) -> None:
    """A device that names the second item is no less clear."""
    over = desk.laptop.append(Act.HAND_OVER, desk.hand_over())
    desk.send()
    assert desk.exported().count("handed_over") == 2
    desk.laptop.receipted = len(desk.laptop.entries)
    undo = UndoBody(**desk.upon(1), undoes=sha256_hex(over))
    desk.laptop.append(Act.UNDO, undo)
    desk.send()
    assert "handed_over" not in desk.exported()


def test_devices_do_not_touch_each_others_work(desk: Desk) -> None:
    """Each its own row; an undo of another device's entry is nothing."""
    other = enrolled(desk.service, "reviewer-2")
    dealt = desk.service.deal(desk.pack_id, other.device)
    trust = verify_trust(desk.service.trust(), root_sha256=None, now=None)
    items = other.take_batch(dealt.file.read_bytes(), trust)
    decided = desk.laptop.decide(desk.items[0])
    desk.send()
    other.undo(items[0], decided)
    other.append(Act.ESCALATE, desk.call(batch_id=dealt.batch_id))
    desk.send(other)
    rows = desk.exported().splitlines()[1:]
    assert len(rows) == 3
    assert "threat_to_life" in rows[0] + rows[1]
    assert "violates" in rows[0] + rows[1]
