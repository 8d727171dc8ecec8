"""Changing the signing key, and naming witnesses: the acts and the files that go with them, in the safe order."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from penholder.actions.action import perform
from penholder.actions.values import SYSTEM
from penholder.custody import keyring, signing
from penholder.custody.actions import announce_policy, rotate_key
from penholder.custody.errors import LedgerKeyError
from penholder.custody.files import write_whole
from penholder.ledger.errors import NoteError
from penholder.ledger.note import Signer, Verifier
from penholder.ledger.policy import policy_text


@dataclass(frozen=True, slots=True)
class Rotation:
    """A finished change of key."""

    new_key: str
    sealed_at: int
    """Size of the head that the old key (or the recovery key) and the new one signed."""
    vouched_by: str


def rotate(recovery_file: Path | None = None) -> Rotation:
    """Change the signing key. What a crash has left half done is finished by calling it again, or by publishing.

    Order: the new key is on the disk, its announcement is in the log, the old key signs that head, the new key
    takes over. Raises: LedgerKeyError; RollbackError; ConflictError.
    """
    recovery = _read(recovery_file) if recovery_file else None
    with signing.publisher_lock():
        signing.adopt_next_key()
        keys = keyring.newest(settings.PENHOLDER_ORIGIN)
        if recovery is not None and recovery.verifier.text() not in keyring.recovery_keys():
            raise LedgerKeyError(
                f"{recovery_file} is not a recovery key that the ledger announced", hint="give the right file"
            )
        if keys.pending is None:
            if recovery is None:
                _check_old_key(keys.current)
            new = _make_next_key()
            perform(
                rotate_key,
                SYSTEM,
                old_key=keys.current.text(),
                new_key=new.verifier.text(),
                recovery=recovery is not None,
            )
        return _seal(recovery)


def _seal(recovery: Signer | None) -> Rotation:
    head = signing.head_of_tree()
    pending = keyring.newest(settings.PENHOLDER_ORIGIN).pending
    if pending is None:
        raise LedgerKeyError("no change of key waits to be sealed", hint="run `penholder fsck`")
    if pending.data["recovery"]:
        if recovery is None:
            raise LedgerKeyError(
                "a change of key by the recovery key is not finished", hint="give --recovery-key FILE again"
            )
        signing.seal_with_recovery_key(head, recovery)
    else:
        signing.sign_head(head)
    by = "the recovery key" if pending.data["recovery"] else "the old key"
    return Rotation(pending.data["new_key"], head.size, by)


def _make_next_key() -> Signer:
    """A new key, durable before anybody hears of it; one that a crash has left is used."""
    left = keyring.secret_key(keyring.NEXT_KEY)
    if left is not None:
        return left
    made = Signer.generate(settings.PENHOLDER_ORIGIN)
    path = settings.PENHOLDER_HOME / "secrets" / keyring.NEXT_KEY
    write_whole(path, f"{made.text()}\n".encode(), mode=0o600)
    return made


def _check_old_key(current: Verifier) -> None:
    signer = keyring.secret_key(keyring.LEDGER_KEY)
    if signer is None or signer.verifier != current:
        raise LedgerKeyError(
            f"secrets/{keyring.LEDGER_KEY} is not the key that signs now, {current.text()}",
            hint="restore it from its copy; where it is lost, give --recovery-key FILE",
        )


def _read(path: Path) -> Signer:
    try:
        return Signer.parse(path.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise LedgerKeyError(
            f"{path} cannot be read: {os.strerror(error.errno or 0)}", hint="give a file"
        ) from error
    except NoteError as error:
        raise LedgerKeyError(f"{path}: {error.message}", hint="give the file recovery-key of `init`") from error


def name_witnesses(named: dict[str, str], *, needed: int) -> None:
    """Announce the witnesses (name -> vkey), and how many of them must sign. Raises: LedgerKeyError."""
    keys = keyring.newest(settings.PENHOLDER_ORIGIN)
    try:
        witnesses = {name: Verifier.parse(text) for name, text in named.items()}
        text = policy_text(logs=[keys.current], witnesses=witnesses, threshold=needed)
    except NoteError as error:
        raise LedgerKeyError(f"the witnesses cannot be named so: {error.message}", hint=error.hint) from error
    perform(announce_policy, SYSTEM, policy=text)
