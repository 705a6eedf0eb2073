"""The service's own keys: one signs, one opens submissions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviewer.coordinator.models import OwnKey
from reviewer.coordinator.state import State
from reviewer.crypto.sealing import SealPrivateKey
from reviewer.crypto.signing import SigningKey
from reviewer.errors import Code, UnavailableError

ONLINE: Final = "online"
SEAL: Final = "seal"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKeys:
    """The keys in use; secret."""

    online: SigningKey
    seal: SealPrivateKey


def make_keys(state: State, session: Session) -> OwnKeys:
    """Make both keys and store them wrapped."""
    keys = OwnKeys(
        online=SigningKey.generate(state.entropy),
        seal=SealPrivateKey.generate(state.entropy),
    )
    for purpose, key_id, secret in (
        (ONLINE, keys.online.key_id, keys.online.seed),
        (SEAL, keys.seal.key_id, keys.seal.raw),
    ):
        wrapped = state.key.wrap(secret, purpose=f"{purpose} {key_id}")
        session.add(OwnKey(key_id=key_id, purpose=purpose, wrapped=wrapped))
    return keys


def load_keys(state: State, session: Session) -> OwnKeys:
    """Open both keys.

    Raises:
        UnavailableError: PROFILE_MISSING, the service was never initialised.
        VerificationError: UNSEAL_FAILED, the row was tampered with.
    """
    return OwnKeys(
        online=SigningKey.from_seed(_secret(state, session, ONLINE)),
        seal=SealPrivateKey.from_raw(_secret(state, session, SEAL)),
    )


def _secret(state: State, session: Session, purpose: str) -> bytes:
    row = session.scalar(select(OwnKey).where(OwnKey.purpose == purpose))
    if row is None:
        raise UnavailableError(Code.PROFILE_MISSING, "coordinator keys")
    return state.key.unwrap(row.wrapped, purpose=f"{purpose} {row.key_id}")
