"""Trust bundles: each of the six steps broken alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest

from reviewer.domain.ids import KeyId, Sha256Hex, UtcTime
from reviewer.domain.person import Role
from reviewer.errors import Code, VerificationError
from reviewer.formats import envelope
from reviewer.formats import trust as trusts
from reviewer.formats.base64 import b64
from reviewer.formats.wire import (
    EnrolledDevice,
    Enrolment,
    Revocation,
    Revocations,
    TrustBundle,
)
from tests.vectors.organisation import (
    ISSUED,
    NAME,
    NOT_AFTER,
    UNTIL,
    Organisation,
    key_id_of,
    org_config,
    policy_pack,
    published,
    seal_key,
    signing_key,
)

OURS = Organisation()
THEIRS = Organisation("magpie")
LATER = UtcTime("2029-01-01T00:00:00Z")
EARLIER = UtcTime("2026-01-01T00:00:00Z")


def code_of(call: Callable[[], object]) -> Code:
    with pytest.raises(VerificationError) as caught:
        call()
    return caught.value.code


def bundle_code(**changes: Any) -> Code:  # noqa: ANN401
    return code_of(lambda: OURS.trust(**changes))


def device(invitation: bytes, enrolment: bytes) -> tuple[EnrolledDevice, ...]:
    return (EnrolledDevice(invitation=b64(invitation), enrolment=b64(enrolment)),)


def revocations(*key_ids: KeyId, at: UtcTime = ISSUED, by: Organisation = OURS) -> str:
    value = Revocations(
        version=1,
        issued=ISSUED,
        revoked=tuple(Revocation(key_id=one, revoked_at=at) for one in key_ids),
    )
    return b64(trusts.sign_revocations(by.online, value))


def test_a_bundle_tells_what_its_root_vouches_for() -> None:
    """Organisation, keys, rule books, devices."""
    trust = OURS.trust()
    assert (trust.organisation, trust.version) == (NAME, 1)
    assert trust.root_sha256 == Sha256Hex(OURS.root.key_id)
    assert trust.root == OURS.root.verifying_key
    assert trust.latest_config == org_config()
    assert trust.policy(trust.latest_policy_sha256) == policy_pack()
    assert [one.subject for one in trust.coordinators()] == ["coordinator-1"]
    found = trust.device(OURS.device.key_id)
    assert (found.subject, found.role) == ("reviewer-7", Role.REVIEWER)
    assert found.invitation_id == "1f" * 16
    assert [key.key_id for key in found.seal_keys] == [key.key_id for key in OURS.stock]
    assert found.authorisation.expires == UNTIL


def test_a_bundle_is_trusted_only_by_the_hash_of_its_root() -> None:
    """Another root is refused; with no hash the bundle's own is taken."""
    data = THEIRS.bundle()
    root = Sha256Hex(OURS.root.key_id)
    assert (
        code_of(lambda: trusts.verify_trust(data, root_sha256=root, now=None))
        is Code.ROOT_MISMATCH
    )
    assert trusts.verify_trust(data, root_sha256=None, now=None).version == 1


def test_versions_only_rise() -> None:
    """A directory below the one last seen is a rollback."""
    data = OURS.bundle()
    for least, refused in ((1, False), (2, True)):
        if refused:
            code = code_of(
                lambda: trusts.verify_trust(
                    data, root_sha256=None, now=None, at_least_version=2
                )
            )
            assert code is Code.VERSION_ROLLBACK
        else:
            trusts.verify_trust(
                data, root_sha256=None, now=None, at_least_version=least
            )


def test_every_changed_byte_of_a_bundle_is_refused() -> None:
    """Sampled here over all of it; the envelopes' own tests are exhaustive."""
    data = OURS.bundle()
    root = Sha256Hex(OURS.root.key_id)
    for place in range(0, len(data), 131):
        wrong = bytearray(data)
        wrong[place] ^= 1
        with pytest.raises(VerificationError):
            trusts.verify_trust(bytes(wrong), root_sha256=root, now=None)


def test_a_bundle_of_another_format_is_refused() -> None:
    """The format is part of what is read."""
    value = msgspec.json.decode(OURS.bundle(), type=TrustBundle)
    wrong = msgspec.structs.replace(value, format="rv-trust/2")
    data = trusts.encode_bundle(wrong)
    assert (
        code_of(lambda: trusts.verify_trust(data, root_sha256=None, now=None))
        is Code.FORMAT_UNKNOWN
    )


# Directory ---------------------------------------------------------------------


def test_a_directory_by_another_root_is_refused() -> None:
    """Only the root makes coordinators."""
    forged = b64(trusts.sign_directory(THEIRS.root, OURS.directory()))
    assert bundle_code(directory=forged) is Code.KEY_UNKNOWN


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key_id": key_id_of("x")}, Code.BINDING_MISMATCH),
        ({"public_key": b64(bytes(31))}, Code.MALFORMED),
        ({"seal_key": b64(bytes(31))}, Code.MALFORMED),
        ({"valid_until": "2028"}, Code.MALFORMED),
    ],
)
def test_a_directory_must_agree_with_itself(
    changes: dict[str, Any], code: Code
) -> None:
    """Each id is its key's hash, each key loads."""
    signed = b64(trusts.sign_directory(OURS.root, OURS.directory(**changes)))
    assert bundle_code(directory=signed) is code


def test_a_key_stands_in_the_directory_once() -> None:
    """Else which dates would hold."""
    value = OURS.directory()
    twice = msgspec.structs.replace(value, keys=value.keys * 2)
    signed = b64(trusts.sign_directory(OURS.root, twice))
    assert bundle_code(directory=signed) is Code.BINDING_MISMATCH


def changed(**changes: Any) -> trusts.VerifiedTrust:  # noqa: ANN401
    signed = b64(trusts.sign_directory(OURS.root, OURS.directory(**changes)))
    return OURS.trust(directory=signed)


def test_a_coordinator_key_is_asked_for_at_a_moment() -> None:
    """Unknown, of another role, without seal key, too early, too late."""
    key = OURS.online.key_id
    trust = OURS.trust()
    assert trust.coordinator(key, at=ISSUED).key.key_id == key
    assert code_of(lambda: trust.coordinator(key_id_of("x"))) is Code.KEY_UNKNOWN
    for at in (EARLIER, LATER):
        assert code_of(partial(trust.coordinator, key, at=at)) is Code.KEY_EXPIRED
    reviewer = changed(role=Role.REVIEWER)
    assert code_of(lambda: reviewer.coordinator(key)) is Code.WRONG_ROLE
    assert reviewer.coordinators() == ()
    without = changed(seal_key=None)
    assert code_of(lambda: without.coordinator(key)) is Code.WRONG_ROLE
    assert without.coordinators() == ()


def test_now_asks_only_whether_a_key_has_lapsed() -> None:
    """A device's clock may lag behind the day a key began."""
    key = OURS.online.key_id
    for now, code in ((EARLIER, None), (LATER, Code.KEY_EXPIRED)):
        trust = trusts.verify_trust(OURS.bundle(), root_sha256=None, now=now)
        if code is None:
            assert trust.coordinator(key).subject == "coordinator-1"
        else:
            assert code_of(partial(trust.coordinator, key)) is code
            assert trust.coordinator_ever(key).subject == "coordinator-1"


# Revocation --------------------------------------------------------------------


def test_a_revoked_key_no_longer_counts() -> None:
    """By the directory or by revocations, for coordinators and devices."""
    online, mine = OURS.online.key_id, OURS.device.key_id
    assert code_of(lambda: changed(revoked_at=ISSUED).coordinator(online)) is (
        Code.KEY_REVOKED
    )
    trust = OURS.trust(revocations=revocations(mine))
    assert code_of(lambda: trust.device(mine)) is Code.KEY_REVOKED
    assert trust.coordinator(online).subject == "coordinator-1"
    assert code_of(lambda: OURS.trust().device(key_id_of("x"))) is Code.KEY_UNKNOWN


def test_the_earlier_of_two_revocations_holds() -> None:
    """Revocations only take trust away."""
    signed = b64(trusts.sign_directory(OURS.root, OURS.directory(revoked_at=LATER)))
    data = OURS.bundle(
        directory=signed, revocations=revocations(OURS.online.key_id, at=ISSUED)
    )
    trust = trusts.verify_trust(data, root_sha256=None, now=NOT_AFTER)
    assert code_of(lambda: trust.coordinator(OURS.online.key_id)) is Code.KEY_REVOKED


def test_a_revocation_in_the_future_does_not_count_yet() -> None:
    """Where a moment is given."""
    signed = b64(trusts.sign_directory(OURS.root, OURS.directory(revoked_at=LATER)))
    data = OURS.bundle(directory=signed)
    trust = trusts.verify_trust(data, root_sha256=None, now=ISSUED)
    assert trust.coordinator(OURS.online.key_id).subject == "coordinator-1"


def test_revocations_need_a_coordinator_of_the_directory() -> None:
    """Neither a stranger nor a key of another role may take trust away."""
    forged = revocations(OURS.device.key_id, by=THEIRS)
    assert bundle_code(revocations=forged) is Code.KEY_UNKNOWN
    directory = b64(
        trusts.sign_directory(OURS.root, OURS.directory(role=Role.SUPERVISOR))
    )
    mine = revocations(OURS.device.key_id)
    assert bundle_code(directory=directory, revocations=mine) is Code.WRONG_ROLE


# Rule books --------------------------------------------------------------------


def test_rule_books_are_the_roots_and_rise() -> None:
    """By another root, twice, or of another organisation: refused."""
    stranger = b64(trusts.sign_policy(OURS.online, policy_pack()))
    assert bundle_code(policies=(stranger,)) is Code.KEY_UNKNOWN
    packs = tuple(
        b64(trusts.sign_policy(OURS.root, policy_pack(version=version, name=name)))
        for version, name in ((2, "a"), (1, "b"), (2, "b"))
    )
    assert len(OURS.trust(policies=packs).policies) == 3
    assert bundle_code(policies=packs[::-1]) is Code.VERSION_ROLLBACK
    config = b64(OURS.config)
    assert bundle_code(configs=(config, config)) is Code.VERSION_ROLLBACK
    other = b64(trusts.sign_config(OURS.root, org_config(organisation="Magpie")))
    assert bundle_code(configs=(other,)) is Code.BINDING_MISMATCH
    as_policy = b64(OURS.config)
    assert bundle_code(policies=(as_policy,)) is Code.WRONG_TYPE


def test_an_unknown_rule_book_is_not_a_bug_but_a_refusal() -> None:
    """For a hash, and where the bundle has none."""
    trust = OURS.trust(policies=(), configs=())
    unknown = Sha256Hex("00" * 32)
    for call in (
        lambda: trust.policy(unknown),
        lambda: trust.config(unknown),
        lambda: trust.latest_config,
        lambda: trust.latest_policy_sha256,
    ):
        assert code_of(call) is Code.POLICY_UNKNOWN


def test_the_newest_config_is_the_latest() -> None:
    """The last of the bundle."""
    newer = trusts.sign_config(OURS.root, org_config(version=2))
    trust = OURS.trust(configs=(b64(OURS.config), b64(newer)))
    assert trust.latest_config.version == 2


# Devices -----------------------------------------------------------------------


def test_an_invitation_needs_the_root() -> None:
    """An online coordinator can make none."""
    forged = trusts.sign_invitation(
        OURS.online, msgspec.json.decode(_payload(OURS.invitation()))
    )
    enrolment = OURS.enrolment()
    assert bundle_code(devices=device(forged, enrolment)) is Code.KEY_UNKNOWN


def _payload(envelope_bytes: bytes) -> bytes:
    return envelope.parse(envelope_bytes, max_bytes=1 << 20).untrusted_payload


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": Role.COORDINATOR}, Code.INVITATION_INVALID),
        ({"organisation": "Magpie"}, Code.BINDING_MISMATCH),
        ({"expires": EARLIER}, Code.INVITATION_INVALID),
        ({"invitation_key": b64(signing_key("x").verifying_key.raw)}, "signer"),
    ],
)
def test_an_invitation_must_fit(changes: dict[str, Any], code: Code | str) -> None:
    """Role, organisation, time and key."""
    expected = Code.INVITATION_INVALID if code == "signer" else code
    made = device(OURS.invitation(**changes), OURS.enrolment())
    assert bundle_code(devices=made) is expected


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"invitation": key_id_of("x")}, Code.INVITATION_INVALID),
        ({"requested": LATER}, Code.INVITATION_INVALID),
        ({"device_key": b64(signing_key("x").verifying_key.raw)}, Code.KEY_UNKNOWN),
        ({"format": "rv-enrolment/2"}, Code.FORMAT_UNKNOWN),
        ({"seal_keys": (published(OURS.stock[0]),) * 2}, Code.BINDING_MISMATCH),
        ({"seal_keys": (published(seal_key("x")),) * 65}, Code.TOO_LARGE),
    ],
)
def test_an_enrolment_must_fit(changes: dict[str, Any], code: Code) -> None:
    """Invitation, time, device key, format and stock."""
    made = device(OURS.invitation(), OURS.enrolment(**changes))
    assert bundle_code(devices=made) is code


def test_a_seal_key_under_another_id_is_refused() -> None:
    """So that nobody can swap the key to which a batch is sealed."""
    wrong = msgspec.structs.replace(
        published(OURS.stock[0]), key_id=OURS.stock[1].key_id
    )
    made = device(OURS.invitation(), OURS.enrolment(seal_keys=(wrong,)))
    assert bundle_code(devices=made) is Code.BINDING_MISMATCH


def test_an_enrolment_needs_both_signatures() -> None:
    """The invitation key's first, then the device's."""
    value = msgspec.json.decode(_payload(OURS.enrolment()), type=Enrolment)
    stranger = signing_key("x")
    for one_time, mine, code in (
        (stranger, OURS.device, Code.INVITATION_INVALID),
        (OURS.one_time, stranger, Code.KEY_UNKNOWN),
    ):
        forged = trusts.sign_enrolment(value, invitation_key=one_time, device_key=mine)
        assert bundle_code(devices=device(OURS.invitation(), forged)) is code


def test_an_invitation_lets_one_device_in() -> None:
    """The same device twice in a bundle is one too many."""
    made = device(OURS.invitation(), OURS.enrolment())
    assert bundle_code(devices=made * 2) is Code.INVITATION_USED
