"""Erasure of one person or organisation: its key is destroyed, and with it every text that was sealed under it."""

from __future__ import annotations

import json
from typing import Annotated

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.ledger.models import Entry
from penholder.people.actions.accounts import end_everything, forget_sign_in
from penholder.people.actions.grants import check_an_administrator_stays
from penholder.people.actions.rows import PublicId
from penholder.people.addresses import random_pseudonym
from penholder.people.events import SubjectErased
from penholder.people.models import CacheRow, Organisation, Task, User
from penholder.people.values import ErasureGround, PeoplePermission
from penholder.vault import store
from penholder.vault.erase import erase, pending_erasures
from penholder.vault.journal import ErasureRecord
from penholder.vault.rows import VaultRows

_GONE = ""
"""What a column of sealed texts holds where the text was erased."""


@action(permission=PeoplePermission.ERASE, events=(SubjectErased,))
def erase_subject(
    run: Run,
    *,
    subject: Annotated[PublicId, Field(description="Public id of a person or an organisation")],
    ground: Annotated[ErasureGround, Field(description="Why; it stands in the public ledger")],
) -> str:
    """Erase a person or an organisation for ever: nothing sealed under its key opens again.

    The ledger says that something was erased, when, and on what ground; not what. Root, entries and old proofs
    still verify. Account data are overwritten. An erasure that was begun and not finished is finished, under the
    id and the ground that it has. Licences are not erased: they are records that the law keeps for its time.
    Gives the id of the erasure.
    """
    if subject in {run.actor.id, *run.actor.stands_in_for}:
        raise ConflictError("nobody erases themself: the act could not be recorded", hint="ask a colleague")
    user = User.objects.select_for_update().filter(public_id=subject).first()
    firm = Organisation.objects.select_for_update().filter(public_id=subject).first()
    begun = _begun(subject, is_left=any(row and not _is_erased(row) for row in (user, firm)))
    if begun is None:
        _check_may_be_erased(subject, user, firm)
    if user is not None:
        check_an_administrator_stays(without=user, today=run.now.date())
        _overwrite_person(run, user)
    if firm is not None:
        Organisation.objects.filter(id=firm.id).update(name=_GONE, is_active=False, version=firm.version + 1)
    record = begun or ErasureRecord(run.new_id("X"), subject, ground.value, run.now)
    erase(record, vault=store.vault(), rows=VaultRows())
    run.record(SubjectErased(erasure=record.id, ground=ErasureGround(record.ground)))
    return record.id


def _begun(subject: str, *, is_left: bool) -> ErasureRecord | None:
    """The erasure of this subject that was begun and is not wholly done; None: there is none."""
    records = [r for r in store.vault().journal.records() if r.subject == subject]
    if not records or is_left:
        return records[-1] if records else None
    done = set(Entry.objects.filter(about__in=[r.id for r in records]).values_list("about", flat=True))
    pending = pending_erasures(vault=store.vault(), rows=VaultRows(), recorded=done)
    return next((r for r in reversed(pending) if r.subject == subject), None)


def _check_may_be_erased(subject: str, user: User | None, firm: Organisation | None) -> None:
    """Raises: ConflictError: it is done. AbsentError: there is no such subject. InvalidError: another kind."""
    row = user or firm
    if row is not None and not _is_erased(row):
        return
    if row is not None or store.keys().is_destroyed(subject):
        raise ConflictError("this subject was erased already", hint="nothing needs to be done")
    if not store.keys().exists(subject):
        raise AbsentError("nothing is kept about such a subject", hint="its public id may be mistyped")
    raise InvalidError(
        "only people and organisations are erased; licences, cases and other records are kept for their time",
        hint="erase the person or the organisation that the record names",
        fields={"subject": "must be the public id of a person or an organisation"},
    )


def _is_erased(row: User | Organisation) -> bool:
    said: str = row.title if isinstance(row, User) else row.name
    return said == _GONE


def _overwrite_person(run: Run, user: User) -> None:
    """Take the account apart. Its public id stays: acts point to it, and nothing else does."""
    forget_sign_in(user)
    end_everything(user, now=run.now)
    forget_sessions(user)
    CacheRow.objects.all().delete()  # counters of failed sign-ins know the old pseudonym
    EmailAddress.objects.filter(user_id=user.id).delete()
    Task.objects.filter(user=user).update(text=_GONE)
    user.tokens.update(label=_GONE)
    User.objects.filter(id=user.id).update(
        email=random_pseudonym(), address=_GONE, title=_GONE, is_active=False, version=user.version + 1
    )


def forget_sessions(user: User) -> None:
    """Delete the sessions of a person: from now on they have to sign in again."""
    for session in Session.objects.iterator():
        said = session.get_decoded()
        if said.get("_auth_user_id") == str(user.pk) or user.email in json.dumps(said):
            session.delete()
