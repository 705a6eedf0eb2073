"""Acts against helplessness: second opinion, policy unclear, escalate, threat to life.

Each is one key while everything is covered, asks for no look, and is an entry like a
decision. They leave with the next submission; the threat form can also leave at once,
as a signed text-only file that the window writes where the person chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reviewer.crypto.signing import SigningKey
from reviewer.domain.decision import Doubt, Escalation, StandingKind
from reviewer.domain.ids import ItemId
from reviewer.domain.orgconfig import OrgConfig
from reviewer.errors import Code, RefusedError
from reviewer.formats import canonical
from reviewer.formats.base64 import b64
from reviewer.formats.threat import (
    OFFICER_CHARACTERS,
    REF_CHARACTERS,
    WORDS_CHARACTERS,
    filled,
    name_of,
    plain,
    sign_threat,
    words_bytes,
)
from reviewer.formats.wire import (
    Act,
    EscalateBody,
    SecondOpinionBody,
    Threat,
    ThreatWords,
)
from reviewer.services.acting import Acting, Changed

_WORDS_BYTES = 16 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatForm:
    """The form as it was typed; each line at most `WORDS_CHARACTERS` characters."""

    what: str = ""
    who: str = ""
    where: str = ""
    when: str = ""
    how_soon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatFile:
    """A signed file, ready to be written to a stick or read aloud."""

    data: bytes
    name: str
    """A name that says nothing of the item."""
    words: ThreatWords
    """The form as it was signed: one line each, without hidden characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatRecorded:
    """A threat to life that is in the journal, and its file."""

    changed: Changed
    file: ThreatFile


class Flagging:
    """Acts upon items of one unlocked profile, on the store's thread. No network."""

    def __init__(
        self, acting: Acting, *, device: SigningKey, config: Callable[[], OrgConfig]
    ) -> None:
        """Take who acts, the key that signs, and where the duty officer stands."""
        self._acting = acting
        self._device = device
        self._config = config

    def second_opinion(self, item_id: ItemId, *, note: str | None = None) -> Changed:
        """Ask for another person's view; the item leaves this person's pile.

        Raises:
            RefusedError: READ_ONLY, ITEM_UNKNOWN; INPUT_INVALID, a long note.
            UnavailableError: the disk failed; nothing has changed.
        """
        return self._doubt(item_id, Doubt.SECOND_OPINION, note)

    def policy_unclear(self, item_id: ItemId, *, note: str | None = None) -> Changed:
        """Say that the rule book does not answer; raises as `second_opinion` does."""
        return self._doubt(item_id, Doubt.POLICY_UNCLEAR, note)

    def escalate(self, item_id: ItemId, *, note: str | None = None) -> Changed:
        """Tell the duty officer; a decision that stands goes on standing.

        Raises as `second_opinion` does.
        """
        return self._escalated(item_id, Escalation.DUTY_OFFICER, note)

    def threat(self, item_id: ItemId, form: ThreatForm) -> ThreatRecorded:
        """Record a threat to life, and sign the file about it.

        Raises:
            RefusedError: THREAT_EMPTY; INPUT_INVALID, naming the line that is too
                long; READ_ONLY, ITEM_UNKNOWN.
            UnavailableError: the disk failed; nothing has changed.
        """
        words = _words(form)
        note = words_bytes(words).decode()
        changed = self._escalated(item_id, Escalation.THREAT_TO_LIFE, note)
        return ThreatRecorded(changed=changed, file=self.threat_file(item_id))

    def threat_file(self, item_id: ItemId) -> ThreatFile:
        """Make the file about a threat that stands once more, byte for byte the same.

        Raises:
            RefusedError: INPUT_MISSING, no threat stands or its words were erased;
                ITEM_UNKNOWN.
        """
        row = self._acting.store.item(item_id)
        seq = row.standing.seq
        if row.standing.kind is not StandingKind.THREAT_TO_LIFE or seq is None:
            raise RefusedError(Code.INPUT_MISSING, "threat")
        openings = self._acting.store.openings(seq, seq)
        if not openings:
            raise RefusedError(Code.INPUT_MISSING, "words")
        words = canonical.decode(
            openings[0].text.encode(), ThreatWords, max_bytes=_WORDS_BYTES
        )
        stored = next(iter(self._acting.store.entries(seq, seq)))
        entry = self._acting.journal.read(stored.envelope).entry
        officer = self._config().duty_officer
        threat = Threat(
            device=self._device.key_id,
            ref=plain(row.item.ref, limit=REF_CHARACTERS),
            item_sha256=row.item.sha256,
            words=words,
            duty_officer=plain(officer, limit=OFFICER_CHARACTERS),
            at=entry.at,
            salt=b64(openings[0].salt),
        )
        data = sign_threat(threat, key=self._device)
        return ThreatFile(data=data, name=name_of(data), words=words)

    def _doubt(self, item_id: ItemId, reason: Doubt, note: str | None) -> Changed:
        return self._acting.settle(
            item_id,
            Act.SECOND_OPINION,
            lambda fields: SecondOpinionBody(**fields, reason=reason),
            note=note,
        )

    def _escalated(
        self, item_id: ItemId, kind: Escalation, note: str | None
    ) -> Changed:
        return self._acting.settle(
            item_id,
            Act.ESCALATE,
            lambda fields: EscalateBody(**fields, kind=kind),
            note=note,
        )


def _words(form: ThreatForm) -> ThreatWords:
    """Return the form as it may be signed.

    What hides or turns text is taken out, and nothing is cut: in a hurry somebody may
    paste what was hostile, and must neither be refused for it nor lose a word.
    """
    lines = {
        "what": form.what,
        "who": form.who,
        "where": form.where,
        "when": form.when,
        "how_soon": form.how_soon,
    }
    for name, text in lines.items():
        if len(text) > WORDS_CHARACTERS:
            raise RefusedError(Code.INPUT_INVALID, name)
    words = ThreatWords(
        **{name: plain(text, limit=WORDS_CHARACTERS) for name, text in lines.items()}
    )
    if not filled(words):
        raise RefusedError(Code.THREAT_EMPTY)
    return words
