"""A session and its ledger: whose rules bind, from when on, and who is handed it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from reviewer.domain.person import Capacity
from reviewer.domain.preferences import OwnSafeguard, Preferences
from reviewer.domain.times import DAY_MS
from reviewer.errors import Code, ReviewerError
from reviewer.formats.base64 import b64
from reviewer.formats.trust import encode_bundle, sign_config
from reviewer.safeguards.basis import Looks
from reviewer.safeguards.limits import Allowed, Refused
from reviewer.safeguards.restoring import Found
from reviewer.services.session import Session
from tests.architecture.checkout import PACKAGE
from tests.fakes.coordinator import DRAWN, URL, Fault
from tests.fakes.desk import NOT_VIOLATING, PASSPHRASE, Desk
from tests.fakes.exposure import facts
from tests.fakes.sitting import row_of


def tighter(desk: Desk, session: Session, **values: int) -> bytes:
    """Return the trust of this session with a newer config."""
    trust = session._trusting.trust
    config = msgspec.structs.replace(
        trust.latest_config, version=trust.latest_config.version + 1, safeguards=values
    )
    signed = b64(sign_config(desk.coordinator.root, config))
    configs = (*trust.bundle.configs, signed)
    return encode_bundle(msgspec.structs.replace(trust.bundle, configs=configs))


def refusal(act: Callable[[], object]) -> Code:
    with pytest.raises(ReviewerError) as error:
        act()
    return error.value.code


def test_a_newer_config_binds_at_once(desk: Desk) -> None:
    """Whether it came from a file, or with a fetch that brought nothing else."""
    session = desk.enrol()
    severe = row_of(facts(1, 4))
    assert isinstance(session.exposure.may_reveal(severe), Allowed)
    session.take_trust(tighter(desk, session, severe_views_day=0))
    assert isinstance(session.exposure.may_reveal(severe), Refused)
    desk.deal(session)
    desk.coordinator.faults = [Fault.DOWN]
    refusal(session.fetch)
    assert isinstance(session.exposure.may_reveal(severe), Refused)


def test_a_safer_choice_binds_at_once_and_a_laxer_one_never(desk: Desk) -> None:
    session = desk.enrol()
    assert session.exposure.values.concealed_px == 16
    session.put_preferences(Preferences(concealed_px=12))
    assert session.exposure.values.concealed_px == 12
    session.put_preferences(Preferences(concealed_px=400))
    assert session.exposure.values.concealed_px == 24


def test_a_reviewer_may_want_less_than_the_organisation_allows(desk: Desk) -> None:
    """Fewer views at once, never more; a key of another version changes nothing."""
    session = desk.enrol()
    severe = row_of(facts(1, 4))

    def choose(key: str, value: int) -> None:
        own = (OwnSafeguard(key=key, value=value),)
        session.put_preferences(Preferences(safeguards=own))

    choose("severe_views_day", 0)
    assert isinstance(session.exposure.may_reveal(severe), Refused)
    session.lock()
    session = desk.door().unlock(PASSPHRASE)
    desk.sessions.append(session)
    assert isinstance(session.exposure.may_reveal(severe), Refused)
    choose("severe_views_day", 1_000)
    assert session.exposure.values.severe_views_day == 30
    choose("of another version", 1)
    assert session.exposure.values.severe_views_day == 30
    assert isinstance(session.exposure.may_reveal(severe), Allowed)


def test_a_batch_opens_with_the_rules_that_bind(desk: Desk) -> None:
    session, batch = desk.with_batch()
    assert batch.values == session.exposure.values


def test_the_ramp_of_a_late_enrolment_begins_with_it(desk: Desk) -> None:
    """An invitation that lay in a drawer does not use it up."""
    code = desk.coordinator.invite()
    desk.later(6 * DAY_MS)
    session = desk.door().enrol_online(URL, code, PASSPHRASE)
    desk.sessions.append(session)
    assert session.exposure.view().ramp_percent == 25
    assert session.exposure.found is Found.FIRST


@pytest.mark.parametrize("by_days", [-30, 400])
def test_a_laptop_with_a_wrong_clock_has_a_ramp_all_the_same(
    desk: Desk, by_days: int
) -> None:
    """Its start stays within the life of the invitation."""
    session = desk.enrol()
    trust = session._trusting.trust
    device = trust.device(session._keys.device.key_id)
    desk.clock.set_unix_ms(desk.clock.unix_ms() + by_days * DAY_MS)
    assert trust.directory.issued <= device.certified
    assert session.exposure.view().ramp_percent == 25


def test_after_an_enrolment_the_next_unlock_is_whole(desk: Desk) -> None:
    session, _ = desk.with_batch()
    session.exposure.begin_look(row_of(facts(1, 4)))
    session.lock()
    again = desk.door().unlock(PASSPHRASE)
    desk.sessions.append(again)
    assert again.exposure.found is Found.WHOLE
    assert again.exposure.view().today.tally.views[4] == 1
    assert again.exposure._ledger.look is None


def test_a_curtain_keeps_the_ledger_as_a_lock_does(desk: Desk) -> None:
    """Behind a PIN or without one: the next sitting goes on with the same day."""
    session, _ = desk.with_batch()
    door = desk.door()
    session.exposure.opt_out("blood")
    session.curtain()
    again = door.unlock(PASSPHRASE)
    desk.sessions.append(again)
    assert again.exposure.opted_out == {"blood"}


def test_no_choice_of_safeguards_is_an_entry_of_the_journal(desk: Desk) -> None:
    """Looks, breaks, opt-outs, covers and refusals leave the signed journal alone."""
    session, batch = desk.with_batch(DRAWN)
    before = desk.store.head()
    row = batch.rows[0]
    exposure = session.exposure
    exposure.on_input(row)
    exposure.begin_look(row)
    exposure.save()
    exposure.covered()
    exposure.opt_out("flag")
    exposure.begin_break()
    exposure.choose_graphic_free()
    exposure.forget_history()
    exposure.save()
    assert desk.store.head() == before
    session.decide(row.item.id, NOT_VIOLATING, looks=Looks())
    assert desk.store.head().size == before.size + 2  # opened, decided
    assert session.submit_online(Capacity.NONE).verified


@pytest.mark.parametrize(
    "module",
    [
        "acting",
        "deciding",
        "drafting",
        "exchanging",
        "flagging",
        "handing",
        "journaling",
        "submitting",
        "undoing",
    ],
)
def test_who_decides_signs_or_sends_is_handed_no_ledger(module: str) -> None:
    """Neither by import nor by argument."""
    path = Path(PACKAGE) / "services" / f"{module}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        f"{node.module}.{name.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    words = ("ledger", "exposing", "exposure", "limits", "recording")
    assert not {name for name in imported | arguments for word in words if word in name}
