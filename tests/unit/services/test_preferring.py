"""The reviewer's own settings: kept, bounded, and never in the way."""

from __future__ import annotations

import pytest

from reviewer.domain.preferences import (
    DEFAULT,
    Binding,
    Hand,
    Look,
    Preferences,
    own_safeguards,
)
from reviewer.errors import Code, RefusedError
from reviewer.safeguards.values import resolve
from reviewer.services.preferring import META_PREFERENCES, Preferring
from tests.fakes.key_vault import vault_keys
from tests.fakes.memory_store import MemoryStore

SET = Preferences(
    hand=Hand.LEFT,
    bindings=(Binding(act="next", keys=("Ctrl+N", "Page down")),),
    single_keys=False,
    toggle=True,
    concealed_px=12,
    concealed_grey=True,
    look=Look.DARK,
    text_scale_percent=150,
)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(vault_keys())


def test_what_was_set_comes_back(store: MemoryStore) -> None:
    """And a new profile has the defaults."""
    preferring = Preferring(store)
    assert preferring.get() == DEFAULT
    preferring.put(SET)
    assert Preferring(store).get() == SET
    assert not preferring.take_lost()


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff", b"[]", b'{"hand":"third"}', b'{"unknown":1}',
     b'{"text_scale_percent":5000}', b"[" * 100_000],
)  # fmt: skip
def test_damaged_settings_are_the_defaults_and_told_once(
    store: MemoryStore, data: bytes
) -> None:
    """Never a refusal, and no second word about it, also not after a restart."""
    with store.write() as tx:
        tx.put_meta(META_PREFERENCES, data)
    preferring = Preferring(store)
    assert preferring.get() == DEFAULT
    assert preferring.take_lost()
    assert not preferring.take_lost()
    again = Preferring(store)
    assert again.get() == DEFAULT
    assert not again.take_lost()


def test_a_store_that_takes_no_writing_still_gives_the_defaults(
    store: MemoryStore,
) -> None:
    """Damage in a vault that was rolled back changes nothing there."""
    with store.write() as tx:
        tx.put_meta(META_PREFERENCES, b"{")
    store.is_read_only = True
    assert Preferring(store).get() == DEFAULT


def test_values_beyond_their_bounds_are_refused(store: MemoryStore) -> None:
    """Nothing is kept that would be lost at the next reading."""
    with pytest.raises(RefusedError) as caught:
        Preferring(store).put(Preferences(text_scale_percent=500))
    assert caught.value.code is Code.INPUT_INVALID
    assert Preferring(store).get() == DEFAULT


def test_own_settings_move_concealing_to_the_safer_side_only() -> None:
    """Fewer pixels and grey hold; more pixels and colour do not."""
    organisation = {"concealed_px": 16, "concealed_grey": 1}
    bold = Preferences(concealed_px=48, concealed_grey=False)
    values = resolve(organisation, own_safeguards(bold))
    assert (values.concealed_px, values.concealed_grey) == (16, 1)
    careful = Preferences(concealed_px=12)
    values = resolve({"concealed_px": 24}, own_safeguards(careful))
    assert (values.concealed_px, values.concealed_grey) == (12, 1)
