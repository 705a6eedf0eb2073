"""The curtain's PIN: what is refused, what a wrong one costs, and what memory holds."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reviewer.crypto.passphrase import KdfParameters
from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import Code, ReviewerError
from reviewer.keys.vault import HeaderVault
from reviewer.ports import VaultKeys
from reviewer.safeguards.basis import Looks
from reviewer.services.curtaining import (
    META_PIN,
    TRIES_COUNT,
    Curtained,
    PinRecord,
    Pins,
    checked,
    digits,
)
from reviewer.services.entering import Entering
from reviewer.store.opener import SqlStoreOpener
from tests.fakes.clock import StepClock
from tests.fakes.desk import CHEAP, NOT_VIOLATING, PASSPHRASE, Desk
from tests.fakes.key_vault import CHEAP_POLICY, MemorySecrets, vault_keys

PIN = "314159"


def refusal(act: Callable[[], object]) -> Code:
    with pytest.raises(ReviewerError) as error:
        act()
    return error.value.code


@pytest.fixture
def entered(desk: Desk) -> tuple[Entering, Desk]:
    """Return a door behind which a profile was curtained under a PIN."""
    door = desk.door()
    desk.enrol().lock()
    session = door.unlock(PASSPHRASE)
    session.pins.choose(PIN)
    assert session.curtain()
    return door, desk


@pytest.mark.parametrize(
    "weak",
    ["", "1234", "31415", "000000", "7777777", "123456", "987654", "0123456789",
     "31415a", "six six", "٠١٢٣٤٥", "3" * 65],
)  # fmt: skip
def test_weak_pins_are_refused(weak: str) -> None:
    """Too short, one digit alone, a plain run, no digits: none of them is taken."""
    assert refusal(lambda: checked(weak)) is Code.PIN_WEAK


def test_digits_of_every_script_are_the_same_pin() -> None:
    """An Arabic keyboard types the same PIN."""
    assert digits("٣١٤١٥٩") == PIN == checked(" 314159 ")


def test_the_right_pin_brings_the_profile_back(
    entered: tuple[Entering, Desk],
) -> None:
    """The same person, the same journal, and the database is the same."""
    door, desk = entered
    assert not desk.claim.is_held()
    session = door.resume(PIN)
    assert session.journal().entries == 1
    assert desk.claim.is_held()
    session.lock()


def test_a_pin_opens_one_curtain(entered: tuple[Entering, Desk]) -> None:
    """After coming back and locking, only the passphrase opens."""
    door, _ = entered
    door.resume(PIN).lock()
    assert refusal(lambda: door.resume(PIN)) is Code.PIN_SPENT


def test_three_wrong_tries_lock_fully(entered: tuple[Entering, Desk]) -> None:
    """Then not even the right PIN opens; the passphrase does."""
    door, desk = entered
    assert refusal(lambda: door.resume("271828")) is Code.PIN_WRONG
    assert refusal(lambda: door.resume("")) is Code.PIN_WRONG
    assert refusal(lambda: door.resume("161803")) is Code.PIN_SPENT
    assert refusal(lambda: door.resume(PIN)) is Code.PIN_SPENT
    assert not desk.claim.is_held()
    door.unlock(PASSPHRASE).lock()


def test_a_right_pin_gives_the_tries_back() -> None:
    """Two slips today do not add up with one tomorrow."""
    kept, _ = curtained()
    for _ in range(3):
        assert refusal(lambda: kept.open("271828")) is Code.PIN_WRONG
        assert refusal(lambda: kept.open("271828")) is Code.PIN_WRONG
        assert kept.open(PIN).vault_id


def test_every_try_costs_one_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Right or wrong, and none once the tries are spent."""
    from reviewer.crypto import passphrase  # noqa: PLC0415

    kept, _ = curtained()
    made: list[KdfParameters] = []
    derive = passphrase.derive

    def counted(given: str, *, salt: bytes, parameters: KdfParameters) -> bytes:
        made.append(parameters)
        return derive(given, salt=salt, parameters=parameters)

    monkeypatch.setattr(passphrase, "derive", counted)
    kept.open(PIN)
    for _ in range(TRIES_COUNT):
        refusal(lambda: kept.open("271828"))
    assert made == [CHEAP] * (1 + TRIES_COUNT)
    assert refusal(lambda: kept.open(PIN)) is Code.PIN_SPENT
    assert len(made) == 1 + TRIES_COUNT


def test_without_a_pin_the_curtain_keeps_nothing(desk: Desk) -> None:
    """The passphrase opens, as after a lock."""
    door = desk.door()
    desk.enrol().lock()
    session = door.unlock(PASSPHRASE)
    assert not session.pins.is_set()
    assert not session.curtain()
    assert refusal(lambda: door.resume(PIN)) is Code.PIN_SPENT


def test_a_pin_can_be_dropped(entered: tuple[Entering, Desk]) -> None:
    """Then the next curtain asks for the passphrase."""
    door, _ = entered
    session = door.resume(PIN)
    session.pins.forget()
    assert not session.pins.is_set()
    assert not session.curtain()


def test_a_full_lock_forgets_the_curtain(entered: tuple[Entering, Desk]) -> None:
    """After 60 minutes, a suspend or Ctrl+L the PIN opens nothing."""
    door, _ = entered
    door.forget_curtain()
    assert refusal(lambda: door.resume(PIN)) is Code.PIN_SPENT


def test_the_passphrase_ends_a_curtain(entered: tuple[Entering, Desk]) -> None:
    """Whoever unlocks another way leaves no keys waiting."""
    door, _ = entered
    door.unlock(PASSPHRASE).lock()
    assert refusal(lambda: door.resume(PIN)) is Code.PIN_SPENT


def test_the_vault_keeps_no_pin(desk: Desk) -> None:
    """An Argon2id output with its salt, and neither the PIN nor the memory secret."""
    session = desk.enrol()
    session.pins.choose(PIN)
    kept = desk.store.meta(META_PIN)
    assert kept is not None
    assert PIN.encode() not in kept
    assert set(PinRecord.__struct_fields__) == {"kdf", "salt", "derived"}
    session.lock()


def test_a_record_that_cannot_be_read_shuts_the_vault_all_the_same(
    desk: Desk,
) -> None:
    """The curtain falls, the database is closed, and the passphrase opens."""
    session = desk.enrol()
    with desk.store.write() as tx:
        tx.put_meta(META_PIN, b"{}")
    assert not session.curtain()
    assert not desk.claim.is_held()
    desk.door().unlock(PASSPHRASE).lock()


def test_every_key_comes_back() -> None:
    """Whatever a vault yields is wrapped and found again, generation and all."""
    kept, keys = curtained()
    opened = kept.open(PIN)
    assert opened.device.seed == keys.device.seed
    assert replace(opened, device=keys.device) == keys


def test_killed_behind_the_curtain_nothing_is_lost(desk: Desk) -> None:
    """Another process finds the decision that was confirmed before the curtain."""
    door = desk.door()
    session, opened = desk.with_batch()
    session.pins.choose(PIN)
    item = opened.rows[0].item.id
    session.opened(item)
    session.decide(item, NOT_VIOLATING, looks=Looks())
    session.curtain()
    after = desk.door().unlock(PASSPHRASE)
    assert after.open_batch(opened.card.batch_id).rows[0].standing.kind.value != "open"
    assert refusal(lambda: door.resume(PIN)) is Code.PIN_SPENT
    after.lock()


def test_no_plain_key_is_left_in_memory(tmp_path: Path) -> None:
    """Behind the curtain no object that Python can reach holds a key of the vault.

    It walks what the collector knows and what that refers to. Copies that libraries
    made, and memory that was freed and not yet used again, it cannot see: Python
    gives no way to overwrite them.
    """
    vault = HeaderVault(
        tmp_path / "profile",
        device_secrets=MemorySecrets(),
        clock=StepClock(),
        entropy=os.urandom,
        policy=CHEAP_POLICY,
    )
    keys = vault.create(PASSPHRASE, keyring=KeyringMode.OPTIONAL)
    secrets = {keys.database_key, keys.anchor_key, keys.item_key, keys.log_key}
    prints = {hash(each) for each in secrets | {keys.ledger_key, keys.device.seed}}
    store = SqlStoreOpener(tmp_path / "profile").create(keys)
    pins = Pins(store=store, entropy=os.urandom, parameters=CHEAP)
    pins.choose(PIN)
    kept = pins.curtained(keys)
    assert kept is not None
    assert prints & {hash(each) for each in reachable_bytes()}
    store.close()
    vault.forget()  # as a session does when it is left
    del keys, secrets, store, pins
    gc.collect()
    assert not prints & {hash(each) for each in reachable_bytes()}
    assert not [
        one
        for one in gc.get_objects()
        if isinstance(one, VaultKeys) and hash(one.database_key) in prints
    ]
    opened = kept.open(PIN)
    assert hash(opened.database_key) in prints


def curtained() -> tuple[Curtained, VaultKeys]:
    keys = vault_keys()
    salt = os.urandom(16)
    from reviewer.crypto.passphrase import derive  # noqa: PLC0415
    from reviewer.formats.base64 import b64  # noqa: PLC0415

    derived = derive(PIN, salt=salt, parameters=CHEAP)
    record = PinRecord(kdf=CHEAP, salt=b64(salt), derived=b64(derived))
    return Curtained(keys, record, entropy=os.urandom), keys


def reachable_bytes() -> Iterator[bytes]:
    """Yield every bytes object that an object of the collector refers to."""
    for one in gc.get_objects():
        for each in gc.get_referents(one):
            if isinstance(each, bytes):
                yield each
