"""One explanation for every error code: what happened, what is safe, what to do.

Shown together with the code itself, so that a person can phone about it
(look.md). Nothing here, and nothing put into it, carries content.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reviewer.errors import Code


@dataclass(frozen=True, slots=True)
class Explanation:
    """Three plain sentences."""

    happened: str
    safe: str
    todo: str


_KEPT: Final = "Your decisions and batches are as they were."
_NOTHING: Final = "Nothing was taken in."
_ITEM: Final = "The rest of the batch is not affected."
_ASK: Final = "Tell the person who sent you this, with the code below."
_DECIDE: Final = "Decide from the context, or hand the item back."
_RETRY: Final = "Try again in a moment."


def explain(code: Code) -> Explanation:
    """Return what to say about a code; every code has its own."""
    return _EXPLANATIONS[code]


_EVIDENCE: Final = {
    Code.FORMAT_UNKNOWN: Explanation(
        "This is not a file that this program knows.", _NOTHING, _ASK
    ),
    Code.TOO_LARGE: Explanation("The file is larger than allowed.", _NOTHING, _ASK),
    Code.MALFORMED: Explanation("The file is cut short or damaged.", _NOTHING, _ASK),
    Code.NOT_CANONICAL: Explanation(
        "The file is not in the one form that is allowed.", _NOTHING, _ASK
    ),
    Code.SIGNATURE_INVALID: Explanation(
        "A signature does not match: the file was changed, or is not genuine.",
        _NOTHING,
        _ASK,
    ),
    Code.KEY_UNKNOWN: Explanation(
        "The file is signed by a key that your organisation does not list.",
        _NOTHING,
        _ASK,
    ),
    Code.KEY_REVOKED: Explanation(
        "The file is signed by a key that was withdrawn.", _NOTHING, _ASK
    ),
    Code.KEY_EXPIRED: Explanation(
        "The file is signed by a key that is out of date.", _NOTHING, _ASK
    ),
    Code.WRONG_ROLE: Explanation(
        "The file is signed by a key that may not sign such files.", _NOTHING, _ASK
    ),
    Code.WRONG_TYPE: Explanation(
        "This is another kind of file than the one expected here.",
        _NOTHING,
        "Choose the file again.",
    ),
    Code.WRONG_AUDIENCE: Explanation(
        "This file was made for another laptop.", _NOTHING, _ASK
    ),
    Code.SEQUENCE_FORK: Explanation(
        "Two different batches carry the same number.",
        "The first one is kept, with proof of the second.",
        _ASK,
    ),
    Code.SEQUENCE_REPLAY: Explanation(
        "This batch is older than one that is already here.", _NOTHING, _ASK
    ),
    Code.EXPIRED: Explanation("The file is past its last day.", _NOTHING, _ASK),
    Code.TIME_IMPLAUSIBLE: Explanation(
        "The times in the file and the clock of this laptop do not fit together.",
        _NOTHING,
        "Check the date of this laptop, then try again.",
    ),
    Code.HASH_MISMATCH: Explanation(
        "The content is not what the batch says it is.",
        "It was not shown.",
        _DECIDE,
    ),
    Code.BINDING_MISMATCH: Explanation(
        "Two parts of the file do not belong together.", _NOTHING, _ASK
    ),
    Code.SEAL_KEY_UNKNOWN: Explanation(
        "The batch is sealed to a key that this laptop no longer holds.",
        _NOTHING,
        "Submit once, so that fresh keys go out, and ask for a new batch.",
    ),
    Code.UNSEAL_FAILED: Explanation("The seal could not be opened.", _NOTHING, _ASK),
    Code.POLICY_UNKNOWN: Explanation(
        "The rules that this batch names are not on this laptop.",
        _NOTHING,
        "Fetch once while connected, then import again.",
    ),
    Code.NO_TRUST_ROOT: Explanation(
        "There is nothing to check the file against.", _NOTHING, "Enrol first."
    ),
    Code.ROOT_MISMATCH: Explanation(
        "The file belongs to another organisation.", _NOTHING, _ASK
    ),
    Code.VERSION_ROLLBACK: Explanation(
        "The file is older than what this laptop has seen.", _NOTHING, _ASK
    ),
    Code.CHAIN_BROKEN: Explanation(
        "The journal does not hold together.",
        "Nothing was deleted. This profile is open for reading only.",
        "Stop work on this laptop and tell your supervisor.",
    ),
    Code.CHAIN_GAP: Explanation(
        "Entries are missing from the journal.",
        "Nothing was deleted. This profile is open for reading only.",
        "Stop work on this laptop and tell your supervisor.",
    ),
    Code.CHAIN_FORK: Explanation(
        "The journal has two versions of the same entry.",
        "Both are kept as proof.",
        "Stop work on this laptop and tell your supervisor.",
    ),
    Code.RECEIPT_MISMATCH: Explanation(
        "The receipt does not fit what was sent.",
        "Everything you sent is still here and counts as not yet sent.",
        _ASK,
    ),
    Code.INVITATION_INVALID: Explanation(
        "This code does not belong to a valid invitation.",
        "Nothing was made on this laptop.",
        "Check each group of the code, or ask for a new one.",
    ),
    Code.INVITATION_USED: Explanation(
        "This code was already used.",
        "Nothing was made on this laptop.",
        "Ask for a new code, and say that it was used.",
    ),
    Code.ITEM_REPEATED: Explanation(
        "The batch holds an item that is already on this laptop.", _NOTHING, _ASK
    ),
    Code.ITEM_NOT_FOR_LAPTOPS: Explanation(
        "The batch holds an item that must not go to laptops.", _NOTHING, _ASK
    ),
    Code.APP_TOO_OLD: Explanation(
        "The batch needs a newer version of this program.",
        _NOTHING,
        "Update the program, then import again.",
    ),
    Code.CONFIG_BELOW_LIMIT: Explanation(
        "The organisation's settings are less safe than this program allows.",
        _NOTHING,
        _ASK,
    ),
}

_MEDIA: Final = {
    Code.MEDIA_BROKEN: Explanation(
        "The content is damaged and cannot be shown.", _ITEM, _DECIDE
    ),
    Code.MEDIA_UNSUPPORTED: Explanation(
        "This kind of content cannot be shown here.", _ITEM, _DECIDE
    ),
    Code.MEDIA_TOO_LARGE: Explanation(
        "The content is too large to be shown safely.", _ITEM, _DECIDE
    ),
    Code.MEDIA_TIMEOUT: Explanation(
        "The content took too long to read and was stopped.", _ITEM, _DECIDE
    ),
    Code.MEDIA_MISSING: Explanation(
        "The content is no longer on this laptop.", _ITEM, _DECIDE
    ),
    Code.DECODER_DIED: Explanation(
        "The content ended the closed-off program that reads it.",
        "Nothing else was reached. " + _ITEM,
        _DECIDE,
    ),
    Code.DECODER_LIED: Explanation(
        "The content misbehaved while it was read, and was dropped.",
        "Nothing of it was shown. " + _ITEM,
        _DECIDE,
    ),
}

_WORLD: Final = {
    Code.NETWORK_DOWN: Explanation(
        "The coordinator cannot be reached.",
        _KEPT,
        "Check the connection and try again, or use a file on a stick.",
    ),
    Code.COORDINATOR_REFUSED: Explanation(
        "The coordinator answered, but refused.", _KEPT, _ASK
    ),
    Code.COORDINATOR_LIED: Explanation(
        "The coordinator's answer does not stand up to checking.",
        "It was not used. " + _KEPT,
        _ASK,
    ),
    Code.DISK_FULL: Explanation(
        "The disk is full.",
        "What was confirmed is safe. The last step was not taken.",
        "Free some space, then try again.",
    ),
    Code.DISK_FAILED: Explanation(
        "The disk did not do what was asked.",
        "What was confirmed is safe. The last step was not taken.",
        "Try again. If it stays, stop and have the laptop looked at.",
    ),
    Code.KEYRING_LOCKED: Explanation(
        "The system's keyring is locked.",
        _KEPT,
        "Unlock the keyring of this system, then try again.",
    ),
    Code.KEYRING_MISSING: Explanation(
        "This system offers no keyring that keeps secrets safe.",
        _KEPT,
        "Ask your administrator to set one up.",
    ),
    Code.DATABASE_DAMAGED: Explanation(
        "The vault is damaged.",
        "Your identity is kept apart from it and is safe.",
        "Stop, and tell your administrator.",
    ),
    Code.PROFILE_IN_USE: Explanation(
        "This profile is already open in another window.",
        _KEPT,
        "Use the window that is open, or close it first.",
    ),
    Code.PROFILE_MISSING: Explanation(
        "There is no profile here yet.", "Nothing was changed.", "Enrol first."
    ),
    Code.PROFILE_DAMAGED: Explanation(
        "The profile is damaged.",
        "Nothing was changed.",
        "Tell your administrator. Sent decisions are with the coordinator.",
    ),
    Code.PROFILE_NEWER: Explanation(
        "The profile was made by a newer version of this program.",
        _KEPT,
        "Update the program.",
    ),
    Code.PROFILE_NOT_MADE: Explanation(
        "The folder of the profile cannot be made here.",
        "Nothing was changed.",
        "Ask your administrator for a home folder, or choose another folder.",
    ),
    Code.SANDBOX_UNAVAILABLE: Explanation(
        "Content cannot be shown safely on this system.",
        "Nothing of it was opened.",
        _DECIDE,
    ),
    Code.SYSTEM_LIBRARY_MISSING: Explanation(
        "A part of the system that this program needs is missing.",
        _KEPT,
        "Ask your administrator to run the check named doctor.",
    ),
    Code.DISPLAY_MISSING: Explanation(
        "There is no display to open a window on.",
        _KEPT,
        "Start the program from a desktop, or use its commands.",
    ),
    Code.PROGRAM_INCOMPLETE: Explanation(
        "A part of this program is missing.",
        _KEPT,
        "Install the program again.",
    ),
    Code.DEMO_NOT_INSTALLED: Explanation(
        "The demonstration is not part of this installation.",
        "Nothing was changed.",
        "Enrol with a code instead.",
    ),
    Code.NO_SEAL_KEY: Explanation(
        "The coordinator has no fresh key of this laptop left.",
        _KEPT,
        "Submit once; fresh keys travel along.",
    ),
}

_RULES: Final = {
    Code.PASSPHRASE_WRONG: Explanation(
        "That did not open the vault.", _KEPT, "Check the passphrase and try again."
    ),
    Code.PASSPHRASE_WEAK: Explanation(
        "This passphrase could be guessed.",
        "Nothing was made on this laptop.",
        "Use the six words offered, or a longer one.",
    ),
    Code.PIN_WEAK: Explanation(
        "This PIN could be guessed.",
        "Nothing was changed.",
        "Take six digits or more, not one alone and not a plain run.",
    ),
    Code.PIN_WRONG: Explanation(
        "That is not the PIN.", _KEPT, "Try again, or use your passphrase."
    ),
    Code.PIN_SPENT: Explanation(
        "Three wrong PINs: the vault is fully locked.",
        _KEPT,
        "Unlock it with your passphrase.",
    ),
    Code.ALREADY_ENROLLED: Explanation(
        "This profile is already enrolled.", _KEPT, "Unlock it instead."
    ),
    Code.NOT_ENROLLED: Explanation(
        "This profile is not enrolled yet.",
        "Nothing was changed.",
        "Open the enrolment file that answers your request.",
    ),
    Code.NOT_AUTHORISED: Explanation(
        "Your authorisation does not cover this, or is over.",
        _KEPT,
        "Ask your supervisor for a new authorisation.",
    ),
    Code.LOCKED: Explanation(
        "The vault is locked.", _KEPT, "Unlock it with your passphrase."
    ),
    Code.READ_ONLY: Explanation(
        "This profile is older than its own record, so it is open for reading only.",
        "Nothing was deleted.",
        "Tell your supervisor: a signed file opens it again.",
    ),
    Code.BATCH_CLOSED: Explanation(
        "This batch is closed.", _KEPT, "Go back to your batches."
    ),
    Code.ITEM_UNKNOWN: Explanation(
        "This item is no longer here.", _KEPT, "Go on with the next one."
    ),
    Code.ITEM_SEALED: Explanation(
        "This item is sealed, because a minor may be shown.",
        "It is never shown again; the next submission tells the coordinator.",
        "Go on with the next one.",
    ),
    Code.REVEAL_REFUSED: Explanation(
        "This cannot be shown clearer now.", "It stays concealed.", _DECIDE
    ),
    Code.DECISION_INCOMPLETE: Explanation(
        "The decision is not complete yet.",
        "Your fields are kept.",
        "Answer the group that is lit.",
    ),
    Code.NOTHING_TO_UNDO: Explanation(
        "There is nothing left to undo here.",
        _KEPT,
        "What was sent can be corrected by deciding again.",
    ),
    Code.ALREADY_SENT: Explanation(
        "This was sent and cannot be undone.",
        "The history stays as it is.",
        "Decide the item again: the new decision replaces the old one.",
    ),
    Code.CORRECTION_LATE: Explanation(
        "This was sent some time ago, and the item is no longer on this laptop.",
        "The decision stands.",
        "Ask for a correction in words, by the item's reference.",
    ),
    Code.NOTHING_TO_HAND_OVER: Explanation(
        "Every item of this batch has an answer.", _KEPT, "There is nothing to return."
    ),
    Code.THREAT_EMPTY: Explanation(
        "The form is empty.",
        "Nothing was recorded yet.",
        "Write one line in your own words, or call the duty officer.",
    ),
    Code.NOTHING_TO_SUBMIT: Explanation(
        "Everything is already sent.", _KEPT, "There is nothing to do."
    ),
    Code.NOTHING_TO_FETCH: Explanation(
        "No new batch is waiting.", _KEPT, "Look again later."
    ),
    Code.TABLE_INVALID: Explanation(
        "The table has rows that cannot be used.",
        "Nothing was packed.",
        "Correct the rows that are named.",
    ),
    Code.INPUT_MISSING: Explanation(
        "Something is still missing.", "Nothing was changed.", "Fill in what is empty."
    ),
    Code.INPUT_INVALID: Explanation(
        "One of the fields cannot be used as it is.",
        "Nothing was changed.",
        "Check the field and try again.",
    ),
    Code.CANCELLED: Explanation(
        "Stopped, as you asked.", "Nothing was lost.", "Start again when you like."
    ),
}

_EXPLANATIONS: Final = {**_EVIDENCE, **_MEDIA, **_WORLD, **_RULES}
