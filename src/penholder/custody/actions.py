"""Acts on the ledger itself: its keys, its witnesses, and what was lost of it. They change the log, no table."""

from __future__ import annotations

import hashlib
from typing import Annotated

from django.conf import settings
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.custody import keyring
from penholder.custody.events import KeyRotated, PolicyAnnounced, RecoveredActSettled, RecoveryKeyAnnounced
from penholder.custody.recovered import is_done_again, recovered_run
from penholder.custody.values import CustodyPermission, Settlement
from penholder.ledger.errors import NoteError
from penholder.ledger.note import ED25519, Verifier
from penholder.ledger.policy import Policy

Vkey = Annotated[str, Field(min_length=20, max_length=400, description="A public key: name+id+base64.")]

Recovery = Annotated[bool, Field(description="The signing key is lost: a recovery key signs instead")]
PolicyText = Annotated[
    str, Field(min_length=10, max_length=30_000, description="Text of the policy: docs/reference/ledger-format.md")
]

Place = Annotated[
    int, Field(ge=0, description="Place of the act in the log, as `penholder fsck` and timelines say")
]
How = Annotated[Settlement, Field(description="Was it done again, or is that not needed?")]
Why = Annotated[str, Field(min_length=3, max_length=400, description="Why, in a sentence; it stays on record")]


@action(permission=CustodyPermission.KEEP_KEYS, events=(KeyRotated,))
def rotate_key(run: Run, *, old_key: Vkey, new_key: Vkey, recovery: Recovery = False) -> str:
    """Announce the key that signs the ledger from now on.

    The next head is signed by the old key (with `recovery`: by a recovery key) and by the new one.
    """
    current = keyring.newest(settings.PENHOLDER_ORIGIN)
    if current.pending is not None or current.current.text() != old_key:
        raise ConflictError(
            "the old key is not the one that signs now, or an earlier change of key is not finished",
            hint="run `penholder ledger publish`, then try again",
        )
    _check_key("new_key", new_key, name=settings.PENHOLDER_ORIGIN)
    if new_key in {key.text() for key in current.everyone}:
        raise InvalidError("this key was in use before", fields={"new_key": "must be a key that was never used"})
    run.record(KeyRotated(old_key=old_key, new_key=new_key, recovery=recovery))
    return new_key


@action(permission=CustodyPermission.KEEP_KEYS, events=(RecoveryKeyAnnounced,))
def announce_recovery_key(run: Run, *, recovery_key: Vkey) -> str:
    """Announce a key that may name a new signing key when the signing key is lost."""
    key = _check_key("recovery_key", recovery_key)
    if key.name == settings.PENHOLDER_ORIGIN:
        raise InvalidError(
            "a recovery key needs a name of its own", fields={"recovery_key": "must not bear the ledger's name"}
        )
    if recovery_key in keyring.recovery_keys():
        raise ConflictError("this recovery key was announced before", hint="nothing is left to do")
    run.record(RecoveryKeyAnnounced(recovery_key=recovery_key))
    return recovery_key


@action(permission=CustodyPermission.KEEP_KEYS, events=(PolicyAnnounced,))
def announce_policy(run: Run, *, policy: PolicyText) -> str:
    """Announce whose cosignatures a head of the ledger needs (C2SP tlog-policy)."""
    text = policy.strip() + "\n"
    try:
        Policy.parse(text)
    except NoteError as error:
        raise InvalidError("this is no policy of witnesses", fields={"policy": error.message}) from error
    if text == keyring.policy_at(None):
        raise ConflictError("this is the policy that holds now", hint="nothing is left to do")
    digest = hashlib.sha256(text.encode()).hexdigest()
    run.record(PolicyAnnounced(policy=text, policy_sha256=digest))
    return digest


@action(permission=CustodyPermission.SETTLE, events=(RecoveredActSettled,))
def settle_recovered(run: Run, *, place: Place, how: How, why: Why) -> int:
    """Settle an act that came back from the published files without what it did to the tables.

    All entries of the act are settled together; gives how many there are. It does not bring anything back.
    """
    found = recovered_run(place)
    if not found:
        raise AbsentError(
            f"no recovered act stands at place {place}", hint="`penholder fsck` lists them, with their places"
        )
    if found[0].settled:
        raise ConflictError(f"this act was settled before: {found[0].settled}", hint="nothing is left to do")
    missing = next((e for e in found if not is_done_again(e)), None)
    if how is Settlement.REDONE and missing is not None:
        on = f" on {missing.about}" if missing.about else ""
        raise ConflictError(
            f"nobody has done {missing.act}{on} again since it was lost",
            hint=f"do it again first; where it need not be done, say so: {Settlement.NOT_NEEDED.value}",
        )
    run.record(RecoveredActSettled(settled=found[0].run, place=place, how=how.value, why=why))
    return len(found)


def _check_key(field: str, text: str, *, name: str = "") -> Verifier:
    try:
        key = Verifier.parse(text)
    except NoteError as error:
        raise InvalidError("this is no public key", fields={field: error.message}) from error
    if key.algorithm != ED25519 or (name and key.name != name):
        raise InvalidError("this is no key for this ledger", fields={field: f"must be an Ed25519 key of {name}"})
    return key
