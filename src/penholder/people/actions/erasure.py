"""Erasure of one subject: its key is destroyed, and with it every text that was sealed under it."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError
from penholder.people.actions.accounts import end_everything, forget_sign_in
from penholder.people.actions.grants import check_an_administrator_stays
from penholder.people.actions.rows import PublicId
from penholder.people.events import SubjectErased
from penholder.people.models import Organisation, Task, User
from penholder.people.values import ErasureGround, PeoplePermission
from penholder.vault import store
from penholder.vault.erase import erase
from penholder.vault.journal import ErasureRecord
from penholder.vault.rows import VaultRows

ERASED = "erased"


@action(permission=PeoplePermission.ERASE, events=(SubjectErased,))
def erase_subject(run: Run, *, subject: PublicId, ground: ErasureGround) -> str:
    """Erase a person, an organisation or another subject for ever: nothing sealed under its key opens again.

    The ledger says that something was erased, when, and on what ground; not what. Root, entries and old proofs
    still verify. The account data of a person are overwritten. Gives the id of the erasure.
    """
    if subject in {run.actor.id, *run.actor.stands_in_for}:
        raise ConflictError("nobody erases themself: the act could not be recorded", hint="ask a colleague")
    user = User.objects.select_for_update().filter(public_id=subject).first()
    if user is None and not store.keys().exists(subject):
        raise AbsentError("nothing is kept about such a subject", hint="its public id may be mistyped")
    if user is not None:
        check_an_administrator_stays(without=user, today=run.now.date())
        _overwrite(run, user)
    Organisation.objects.filter(public_id=subject).update(name=ERASED, is_active=False)
    record = ErasureRecord(run.new_id("X"), subject, ground.value, run.now)
    erase(record, vault=store.vault(), rows=VaultRows())
    run.record(SubjectErased(erasure=record.id, ground=ground))
    return record.id


def _overwrite(run: Run, user: User) -> None:
    """Take the account apart. Its public id stays: acts point to it, and nothing else does."""
    forget_sign_in(user)
    end_everything(user, now=run.now)
    EmailAddress.objects.filter(user_id=user.id).delete()
    Task.objects.filter(user=user).update(text=ERASED)
    user.tokens.update(label=ERASED)
    User.objects.filter(id=user.id).update(
        email=f"{user.public_id.lower()}@erased.invalid", title=ERASED, is_active=False, version=user.version + 1
    )
