"""Entering: enrolment online and by two files, unlocking, and every way it fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from reviewer.domain.ids import KeyId
from reviewer.domain.orgconfig import KeyringMode
from reviewer.domain.rendition import SandboxLevel
from reviewer.domain.times import DAY_MS
from reviewer.errors import Code, RefusedError, ReviewerError, UnavailableError
from reviewer.formats.invitecode import fingerprint_words
from reviewer.ports import DecoderPool
from reviewer.services.entering import META_ENROLMENT, ProfileState
from reviewer.services.policies import default_config
from reviewer.services.submitting import STOCK_COUNT
from tests.fakes.coordinator import URL, FakeCoordinator, Fault
from tests.fakes.desk import PASSPHRASE, WORDS, Desk, device_of, make_desk
from tests.fakes.limits import small_files

OPTIONAL = msgspec.structs.replace(default_config(), keyring=KeyringMode.OPTIONAL)


def refusal(act: Callable[[], object]) -> Code:
    with pytest.raises(ReviewerError) as error:
        act()
    return error.value.code


def assert_empty(desk: Desk) -> None:
    """Nothing of a profile is left, and nobody holds it."""
    assert not desk.vault.exists()
    assert desk.stores.store is None
    assert not desk.claim.is_held()
    assert desk.door().state() is ProfileState.EMPTY


def test_enrolment_online(desk: Desk) -> None:
    """A code, a passphrase: the person is known, and the profile locks and unlocks."""
    door = desk.door()
    assert door.state() is ProfileState.EMPTY
    session = desk.enrol()
    assert session.person.subject == "reviewer-1"
    assert session.home().online
    assert desk.claim.is_held()
    session.lock()
    assert not desk.claim.is_held()
    assert desk.door().state() is ProfileState.LOCKED
    again = door.unlock(PASSPHRASE)
    assert again.person == session.person
    assert again.journal().entries == 1


def test_a_second_enrolment_is_refused(desk: Desk) -> None:
    """One profile is one person; an earlier one is never written over."""
    desk.enrol().lock()
    assert refusal(desk.enrol) is Code.ALREADY_ENROLLED
    assert desk.door().unlock(PASSPHRASE).journal().entries == 1


def test_a_wrong_passphrase_keeps_the_door_shut(desk: Desk) -> None:
    """Uniformly refused; the profile is free again, and the right one opens."""
    desk.enrol().lock()
    assert refusal(lambda: desk.door().unlock("wrong words here")) is (
        Code.PASSPHRASE_WRONG
    )
    assert not desk.claim.is_held()
    assert desk.door().unlock(PASSPHRASE).journal().entries == 1


def test_a_second_instance_is_refused(desk: Desk) -> None:
    """Whoever comes second is told so, and touches nothing."""
    desk.enrol().lock()
    desk.claim.taken_by_other = True
    assert refusal(lambda: desk.door().unlock(PASSPHRASE)) is Code.PROFILE_IN_USE


def test_no_profile(desk: Desk) -> None:
    """There is nothing to unlock."""
    assert refusal(lambda: desk.door().unlock(PASSPHRASE)) is Code.PROFILE_MISSING
    assert not desk.claim.is_held()


def test_a_weak_passphrase(desk: Desk) -> None:
    """Refused before anything is made; the invitation is not used up."""
    code = desk.coordinator.invite()
    door = desk.door()
    assert refusal(lambda: door.enrol_online(URL, code, "secret")) is (
        Code.PASSPHRASE_WEAK
    )
    assert_empty(desk)
    assert "enrol" not in desk.coordinator.calls
    assert door.enrol_online(URL, code, PASSPHRASE).person.subject == "reviewer-1"


def test_a_wrong_code(desk: Desk) -> None:
    """A mistyped code fails its checksum before anybody is asked."""
    code = desk.coordinator.invite()
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    door = desk.door()
    assert refusal(lambda: door.enrol_online(URL, wrong, PASSPHRASE)) is (
        Code.INVITATION_INVALID
    )
    assert desk.coordinator.calls == []
    assert_empty(desk)


def test_another_organisation_answers(desk: Desk) -> None:
    """The code names the root; a coordinator of another one is not believed."""
    code = FakeCoordinator(unix_ms=desk.coordinator.unix_ms).invite()
    door = desk.door()
    assert refusal(lambda: door.enrol_online(URL, code, PASSPHRASE)) is (
        Code.ROOT_MISMATCH
    )
    assert_empty(desk)


def test_a_used_invitation(desk: Desk, tmp_path: Path) -> None:
    """The first laptop has it; the second leaves no trace of its try."""
    code = desk.coordinator.invite()
    desk.door().enrol_online(URL, code, PASSPHRASE)
    second = make_desk(tmp_path / "second")
    second.coordinator = desk.coordinator
    door = second.door()
    assert refusal(lambda: door.enrol_online(URL, code, PASSPHRASE)) is (
        Code.INVITATION_USED
    )
    assert_empty(second)


def test_an_unknown_invitation(desk: Desk) -> None:
    """Right root, but never issued."""
    code = desk.coordinator.invite()
    desk.coordinator._invitations.clear()
    door = desk.door()
    assert refusal(lambda: door.enrol_online(URL, code, PASSPHRASE)) is (
        Code.INVITATION_INVALID
    )
    assert_empty(desk)


@pytest.mark.parametrize("at_call", range(2))
@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.REFUSED, Fault.LIED])
def test_a_failed_enrolment_can_be_repeated(
    desk: Desk, fault: Fault, at_call: int
) -> None:
    """Down, refusing or lying before anything is sent: nothing stays; then it works."""
    code = desk.coordinator.invite()
    door = desk.door()
    desk.coordinator.faults = _at(at_call, fault)
    refusal(lambda: door.enrol_online(URL, code, PASSPHRASE))
    assert_empty(desk)
    desk.coordinator.faults = []
    assert door.enrol_online(URL, code, PASSPHRASE).journal().entries == 1


@pytest.mark.parametrize(
    "fault", [Fault.DOWN, Fault.REFUSED, Fault.LIED, Fault.LOST_REPLY]
)
def test_an_enrolment_without_an_answer_goes_on(desk: Desk, fault: Fault) -> None:
    """It may have arrived: the same code and passphrase send the same bytes again."""
    code = desk.coordinator.invite()
    door = desk.door()
    desk.coordinator.faults = _at(2, fault)
    refusal(lambda: door.enrol_online(URL, code, PASSPHRASE))
    assert not desk.claim.is_held()
    assert door.state() is ProfileState.BEGUN
    sent = desk.vault.unlock(PASSPHRASE).device.key_id
    desk.coordinator.faults = []
    session = desk.door().enrol_online(URL, code, PASSPHRASE)
    assert session.journal().entries == 1
    assert list(desk.coordinator._devices) == [device_of(session)] == [sent]
    assert len(desk.store.seal_keys()) == STOCK_COUNT
    assert door.state() is ProfileState.LOCKED


def test_going_on_needs_the_same_passphrase(desk: Desk) -> None:
    """Another one opens nothing, and throws nothing away."""
    code = _cut_off(desk)
    door = desk.door()
    assert refusal(
        lambda: door.enrol_online(URL, code, "other words than those before")
    ) is (Code.PASSPHRASE_WRONG)
    assert not desk.claim.is_held()
    assert door.enrol_online(URL, code, PASSPHRASE).journal().entries == 1


def test_a_new_code_begins_anew(desk: Desk) -> None:
    """The person was given another code: the old device is forgotten."""
    _cut_off(desk)
    before = desk.vault.unlock(PASSPHRASE).device.key_id
    session = desk.enrol()
    assert session.journal().entries == 1
    assert device_of(session) != before


def test_a_refused_code_goes_on_as_it_was(desk: Desk) -> None:
    """An older enrolment is not forgotten because the service says no today."""
    code = _cut_off(desk)
    desk.coordinator._invitations.clear()
    door = desk.door()
    assert refusal(lambda: door.enrol_online(URL, code, PASSPHRASE)) is (
        Code.INVITATION_INVALID
    )
    assert door.state() is ProfileState.BEGUN


def test_a_request_can_be_written_again(desk: Desk, tmp_path: Path) -> None:
    """The stick was lost: the same bytes, for the same single-use keys."""
    code = desk.coordinator.invite()
    first, second = tmp_path / "first", tmp_path / "second"
    asked = desk.door().enrol_request(code, PASSPHRASE, first)
    again = desk.door().enrol_request(code, PASSPHRASE, second)
    assert first.read_bytes() == second.read_bytes()
    assert asked == again
    assert desk.door().enrol_online(URL, code, PASSPHRASE).home().online


def test_what_was_begun_online_ends_by_file(desk: Desk, tmp_path: Path) -> None:
    """The connection is gone for good: the same enrolment goes by stick."""
    code = _cut_off(desk)
    request, answer = tmp_path / "request", tmp_path / "answer"
    desk.door().enrol_request(code, PASSPHRASE, request)
    answer.write_bytes(desk.coordinator.enrol(request.read_bytes()))
    assert desk.door().enrol_accept(answer, PASSPHRASE).journal().entries == 1


def test_starting_over_forgets_what_was_never_finished(desk: Desk) -> None:
    """Without the passphrase: it may be what was lost."""
    _cut_off(desk)
    desk.door().start_over()
    assert_empty(desk)
    desk.door().start_over()
    assert desk.enrol().journal().entries == 1


def test_starting_over_never_forgets_an_entry(desk: Desk) -> None:
    """A profile that was used stays, whoever asks."""
    desk.enrol().lock()
    assert refusal(desk.door().start_over) is Code.ALREADY_ENROLLED
    assert not desk.claim.is_held()
    assert desk.door().unlock(PASSPHRASE).journal().entries == 1


def test_a_lost_answer_is_asked_for_again(desk: Desk) -> None:
    """The service enrolled us and its answer was lost: the same bytes once more."""
    desk.coordinator.faults = [None, None, Fault.LOST_REPLY]
    session = desk.enrol()
    assert session.journal().entries == 1
    assert desk.coordinator.calls.count("enrol") == 2
    assert len(desk.coordinator._devices) == 1


def test_a_full_disk_at_enrolment_leaves_nothing(desk: Desk) -> None:
    """The first commit fails: no header is left that nobody could use."""
    code = desk.coordinator.invite()
    create = desk.stores.create

    def failing(keys: object) -> object:
        store = create(keys)  # type: ignore[arg-type]
        desk.store.fail_next = UnavailableError(Code.DISK_FULL)
        return store

    desk.stores.create = failing  # type: ignore[assignment,method-assign]
    door = desk.door()
    assert refusal(lambda: door.enrol_online(URL, code, PASSPHRASE)) is Code.DISK_FULL
    assert_empty(desk)


def test_a_database_that_cannot_be_made_leaves_no_header(desk: Desk) -> None:
    """The header was there first, and goes again."""

    def failing(_: object) -> object:
        raise UnavailableError(Code.DISK_FULL)

    desk.stores.create = failing  # type: ignore[assignment,method-assign]
    assert refusal(desk.enrol) is Code.DISK_FULL
    assert_empty(desk)


def test_the_answer_to_another_request_of_this_key(desk: Desk, tmp_path: Path) -> None:
    """The device is listed, but by an enrolment that we did not write."""
    request, answer = tmp_path / "request", tmp_path / "answer"
    door = desk.door()
    door.enrol_request(desk.coordinator.invite(), PASSPHRASE, request)
    answer.write_bytes(desk.coordinator.enrol(request.read_bytes()))
    desk.store.reopen()
    with desk.store.write() as tx:
        tx.put_meta(META_ENROLMENT, b"another")
    assert refusal(lambda: door.enrol_accept(answer, PASSPHRASE)) is (
        Code.INVITATION_INVALID
    )


def test_a_header_without_a_database_is_no_profile(desk: Desk) -> None:
    """The process died between the two: the next enrolment clears it away."""
    desk.vault.create(PASSPHRASE, keyring=KeyringMode.REQUIRED)
    door = desk.door()
    assert door.state() is ProfileState.EMPTY
    code = desk.coordinator.invite()
    session = door.enrol_online(URL, code, "other words than those before")
    assert session.journal().entries == 1


def test_a_database_without_an_enrolment_is_begun_anew(desk: Desk) -> None:
    """The process died before the enrolment was signed, or what is kept is none."""
    for kept in (None, b"not an enrolment"):
        store = desk.stores.create(
            desk.vault.create(PASSPHRASE, keyring=KeyringMode.REQUIRED)
        )
        if kept is not None:
            with store.write() as tx:
                tx.put_meta(META_ENROLMENT, kept)
        store.close()
        door = desk.door()
        assert door.state() is ProfileState.BEGUN
        assert refusal(lambda: desk.door().unlock(PASSPHRASE)) is Code.NOT_ENROLLED
        session = desk.enrol()
        assert session.journal().entries == 1
        session.lock()
        desk.stores.destroy()
        desk.vault.destroy()


def test_an_answer_that_was_taken_before_the_end(desk: Desk) -> None:
    """The process died after the commit and before its anchor: nothing is redone."""
    code = desk.coordinator.invite()
    desk.door().enrol_online(URL, code, PASSPHRASE).lock()
    desk.stores.claims_empty = True
    calls = desk.coordinator.calls.count("enrol")
    assert desk.door().enrol_online(URL, code, PASSPHRASE).journal().entries == 1
    assert desk.coordinator.calls.count("enrol") == calls
    desk.claim.release()
    assert refusal(desk.enrol) is Code.ALREADY_ENROLLED
    assert not desk.claim.is_held()


def test_a_rolled_back_database_is_never_cleared_away(desk: Desk) -> None:
    """An old copy without trust, behind its anchor: the identity stays."""
    desk.enrol().lock()
    desk.store._state.meta.clear()
    desk.store.is_read_only = True
    assert refusal(lambda: desk.door().unlock(PASSPHRASE)) is Code.NOT_ENROLLED
    assert desk.vault.exists()
    assert desk.stores.store is not None
    assert not desk.claim.is_held()


def test_by_two_files(desk: Desk, tmp_path: Path) -> None:
    """Request, answer, accept; the issuer hears the words that the request spells."""
    request, answer = tmp_path / "request", tmp_path / "answer"
    door = desk.door()
    asked = door.enrol_request(desk.coordinator.invite(), PASSPHRASE, request)
    assert not desk.claim.is_held()
    assert asked.fingerprint == fingerprint_words(
        request.read_bytes(), count=6, words=WORDS
    )
    assert refusal(lambda: door.unlock(PASSPHRASE)) is Code.NOT_ENROLLED
    assert desk.vault.exists()
    answer.write_bytes(desk.coordinator.enrol(request.read_bytes()))
    session = door.enrol_accept(answer, PASSPHRASE)
    assert not session.home().online
    assert session.journal().entries == 1
    assert refusal(session.fetch) is Code.NOT_ENROLLED
    session.lock()
    assert refusal(lambda: door.enrol_accept(answer, PASSPHRASE)) is (
        Code.ALREADY_ENROLLED
    )
    assert not desk.claim.is_held()
    assert door.unlock(PASSPHRASE).journal().entries == 1


def test_without_the_trust_file_the_stricter_keyring_rule_holds(
    tmp_path: Path,
) -> None:
    """No keyring here, and the organisation would permit that: it has to say so."""
    desk = make_desk(tmp_path, config=OPTIONAL, keyring_accepted=False)
    code, door = desk.coordinator.invite(), desk.door()
    request = tmp_path / "request"
    assert refusal(lambda: door.enrol_request(code, PASSPHRASE, request)) is (
        Code.KEYRING_MISSING
    )
    assert_empty(desk)
    trust = desk.coordinator.trust()
    door.enrol_request(code, PASSPHRASE, request, trust=trust)
    assert door.keyring_mode() is KeyringMode.OPTIONAL


def test_a_trust_file_of_another_organisation(desk: Desk, tmp_path: Path) -> None:
    """It cannot lower the rule: its root is not the one in the code."""
    other = FakeCoordinator(unix_ms=desk.coordinator.unix_ms)
    other.set_config(OPTIONAL)
    code, door = desk.coordinator.invite(), desk.door()
    assert (
        refusal(
            lambda: door.enrol_request(
                code, PASSPHRASE, tmp_path / "request", trust=other.trust()
            )
        )
        is Code.ROOT_MISMATCH
    )
    assert_empty(desk)


def test_a_mode_without_keyring_needs_leave(tmp_path: Path) -> None:
    """Made without a keyring under one rule book, answered by a stricter one."""
    desk = make_desk(tmp_path, config=OPTIONAL, keyring_accepted=False)
    request, answer = tmp_path / "request", tmp_path / "answer"
    door = desk.door()
    door.enrol_request(
        desk.coordinator.invite(), PASSPHRASE, request, trust=desk.coordinator.trust()
    )
    desk.coordinator.set_config(default_config())
    answer.write_bytes(desk.coordinator.enrol(request.read_bytes()))
    assert refusal(lambda: door.enrol_accept(answer, PASSPHRASE)) is (
        Code.KEYRING_MISSING
    )
    assert refusal(lambda: door.unlock(PASSPHRASE)) is Code.NOT_ENROLLED


def test_the_answer_to_somebody_else(desk: Desk, tmp_path: Path) -> None:
    """Genuine and of our organisation, but this device is not in it."""
    request, answer = tmp_path / "request", tmp_path / "answer"
    door = desk.door()
    door.enrol_request(desk.coordinator.invite(), PASSPHRASE, request)
    other = make_desk(tmp_path / "other")
    other.coordinator = desk.coordinator
    other.enrol()
    answer.write_bytes(desk.coordinator.trust())
    assert refusal(lambda: door.enrol_accept(answer, PASSPHRASE)) is Code.KEY_UNKNOWN
    assert not desk.claim.is_held()
    answer.write_bytes(desk.coordinator.enrol(request.read_bytes()))
    assert door.enrol_accept(answer, PASSPHRASE).journal().entries == 1


def test_the_answer_of_another_organisation(desk: Desk, tmp_path: Path) -> None:
    """The root that the code named is kept until the answer comes."""
    request, answer = tmp_path / "request", tmp_path / "answer"
    door = desk.door()
    door.enrol_request(desk.coordinator.invite(), PASSPHRASE, request)
    other = make_desk(tmp_path / "other")
    other.enrol()
    answer.write_bytes(other.coordinator.trust())
    assert refusal(lambda: door.enrol_accept(answer, PASSPHRASE)) is Code.ROOT_MISMATCH
    assert not desk.claim.is_held()


@pytest.mark.parametrize("answer", [b"", b"{}", b"RVB1\n", bytes(100)])
def test_no_answer_at_all(desk: Desk, tmp_path: Path, answer: bytes) -> None:
    """Nonsense is refused, and the true answer can still be taken."""
    request, file = tmp_path / "request", tmp_path / "answer"
    door = desk.door()
    door.enrol_request(desk.coordinator.invite(), PASSPHRASE, request)
    file.write_bytes(answer)
    refusal(lambda: door.enrol_accept(file, PASSPHRASE))
    file.write_bytes(desk.coordinator.enrol(request.read_bytes()))
    assert door.enrol_accept(file, PASSPHRASE).journal().entries == 1


def test_an_answer_that_is_not_there(desk: Desk, tmp_path: Path) -> None:
    """A wrong path is said to be one."""
    door = desk.door()
    door.enrol_request(desk.coordinator.invite(), PASSPHRASE, tmp_path / "request")
    missing = tmp_path / "missing"
    assert refusal(lambda: door.enrol_accept(missing, PASSPHRASE)) is Code.INPUT_MISSING


def test_a_request_that_cannot_be_written(desk: Desk, tmp_path: Path) -> None:
    """A full stick: no request, no profile, and a second try works."""
    code, door = desk.coordinator.invite(), desk.door()
    request = tmp_path / "request"
    with small_files(1_000):
        assert refusal(lambda: door.enrol_request(code, PASSPHRASE, request)) is (
            Code.DISK_FULL
        )
    assert_empty(desk)
    assert not list(tmp_path.glob("request*"))
    door.enrol_request(code, PASSPHRASE, request)


def test_a_revoked_device_does_not_open(desk: Desk) -> None:
    """What the vault holds as trust is asked at every unlock."""
    session = desk.enrol()
    device = session._keys.device.key_id
    session.lock()
    desk.store.reopen()
    with desk.store.write() as tx:
        tx.put_meta("trust", _without(desk, device))
    assert refusal(lambda: desk.door().unlock(PASSPHRASE)) is Code.KEY_UNKNOWN
    assert not desk.claim.is_held()


def test_a_pool_that_cannot_be_made_leaves_the_door_shut(desk: Desk) -> None:
    """The store is closed and the profile free again."""
    desk.enrol().lock()
    door = desk.door()

    def no_pool(_: SandboxLevel) -> DecoderPool:
        raise UnavailableError(Code.SANDBOX_UNAVAILABLE)

    door._pools = no_pool
    assert refusal(lambda: door.unlock(PASSPHRASE)) is Code.SANDBOX_UNAVAILABLE
    assert not desk.claim.is_held()


def test_plain_http_beyond_loopback(desk: Desk) -> None:
    """Refused by the client before a byte is sent."""
    code, door = desk.coordinator.invite(), desk.door()
    with pytest.raises(RefusedError):
        door.enrol_online("http://example.org", code, PASSPHRASE)
    assert_empty(desk)


def test_a_lapsed_invitation(desk: Desk) -> None:
    """Told before any key is made; nothing stays behind."""
    code = desk.coordinator.invite()
    desk.later(15 * DAY_MS)
    door = desk.door()
    assert refusal(lambda: door.enrol_online(URL, code, PASSPHRASE)) is (
        Code.INVITATION_INVALID
    )
    assert "enrol" not in desk.coordinator.calls
    assert_empty(desk)


def test_passphrases_are_suggested(desk: Desk) -> None:
    """The words come from the generator that was given."""
    assert desk.door().suggest_passphrase() == PASSPHRASE


def _cut_off(desk: Desk) -> str:
    """Begin an enrolment whose answer is lost; return its code."""
    code = desk.coordinator.invite()
    desk.coordinator.faults = _at(2, Fault.LOST_REPLY)
    refusal(lambda: desk.door().enrol_online(URL, code, PASSPHRASE))
    desk.coordinator.faults = []
    return code


def _at(call: int, fault: Fault) -> list[Fault | None]:
    """Place a fault at a call, and at a second try of it."""
    return [*[None] * call, fault, fault]


def _without(desk: Desk, device: KeyId) -> bytes:
    del desk.coordinator._devices[device]
    return desk.coordinator.trust()
