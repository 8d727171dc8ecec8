"""Accounts: who may sign in at all."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, RefusedError
from penholder.people.actions.grants import check_an_administrator_stays
from penholder.people.actions.rows import Address, PersonId, Version, Why, check_version, person
from penholder.people.addresses import pseudonym_of
from penholder.people.events import PersonDeactivated, PersonInvited, RoleGranted, TitleChanged
from penholder.people.models import RoleGrant, User
from penholder.people.sealed import Column, seal_text
from penholder.people.values import PeoplePermission

Title = Annotated[
    str, Field(min_length=3, max_length=120, description='What colleagues see: a function ("Licensing officer 3")')
]
ADMINISTRATOR = "administrator"


@action(permission=PeoplePermission.BOOTSTRAP, events=(PersonInvited, RoleGranted), doors=())
def bootstrap_administrator(run: Run, *, address: Address, title: Title = "Administrator") -> str:
    """Make the first administrator of an installation that has nobody yet.

    The invitation (the path of a one-time link) stands in the details of the receipt, once.
    """
    if User.objects.exists():
        raise RefusedError(
            "there are people already; the first administrator was made when there were none",
            hint="ask an administrator for an invitation",
        )
    user = _invite(run, address, title)
    grant = RoleGrant.objects.create(
        public_id=run.new_id("G"), user=user, role=ADMINISTRATOR, valid_from=run.now.date()
    )
    run.record(
        RoleGranted(
            grant=grant.public_id,
            role=ADMINISTRATOR,
            valid_from=grant.valid_from,
            valid_until=None,
            person=user.public_id,
        )
    )
    return user.public_id


@action(permission=PeoplePermission.INVITE, events=(PersonInvited,))
def invite_person(run: Run, *, address: Address, title: Title) -> str:
    """Make an account for a person, without any role, and an invitation to set a password.

    The invitation (the path of a one-time link) stands in the details of the receipt, once. By making it the
    administrator vouches that the address belongs to this person.
    """
    email = pseudonym_of(address)
    if EmailAddress.objects.filter(email=email).exists() or User.objects.filter(email=email).exists():
        raise ConflictError(
            "there is an account with this address already", hint="grant roles to it, or reset its sign-in"
        )
    return _invite(run, address, title).public_id


@action(permission=PeoplePermission.INVITE, events=(TitleChanged,))
def change_title(run: Run, *, person_id: PersonId, title: Title, expected_version: Version) -> str:
    """Change what colleagues see of a person: their function."""
    user = person(person_id)
    check_version(user.version, expected_version)
    user.title, user.version = seal_text(Column.TITLE, title, id=user.public_id), user.version + 1
    user.save(update_fields=["title", "version"])
    run.record(TitleChanged(person=user.public_id, title=title))
    return user.public_id


@action(permission=PeoplePermission.DEACTIVATE, events=(PersonDeactivated,))
def deactivate_person(run: Run, *, person_id: PersonId, expected_version: Version, why: Why) -> str:
    """Let a person sign in no more: their roles, memberships and tokens end today.

    What they did stays on record.
    """
    user = person(person_id)
    check_another(run, user)
    check_version(user.version, expected_version)
    check_an_administrator_stays(without=user, today=run.now.date())
    forget_sign_in(user)
    end_everything(user, now=run.now)
    User.objects.filter(id=user.id).update(is_active=False, version=user.version + 1)
    run.record(PersonDeactivated(person=user.public_id, why=why))
    return user.public_id


def forget_sign_in(user: User) -> None:
    """Take away all means of signing in. A changed password ends every session of the person."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user_id=user.id).delete()
    SocialAccount.objects.filter(user_id=user.id).delete()


def end_everything(user: User, *, now: datetime) -> None:
    """End grants, memberships, delegations and tokens of a person."""
    today = now.date()
    for rows in (
        user.grants,
        user.memberships,
        user.organisations,
        user.delegations_given,
        user.delegations_taken,
    ):
        rows.filter(valid_from__gt=today).update(valid_from=today, valid_until=today)
        rows.filter(valid_until__isnull=True).update(valid_until=today)
        rows.filter(valid_until__gt=today).update(valid_until=today)
    user.tokens.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)


def invitation_path(user: User) -> str:
    """The path of a link with which the person sets a password: once, and for a limited time
    (settings.PASSWORD_RESET_TIMEOUT)."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


def _invite(run: Run, address: str, title: str) -> User:
    person_id = run.new_id("P")
    user = User(
        public_id=person_id,
        email=pseudonym_of(address),
        address=seal_text(Column.ADDRESS, address, id=person_id),
        title=seal_text(Column.TITLE, title, id=person_id),
    )
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    run.record(PersonInvited(person=user.public_id, address=address, title=title))
    run.details["invitation"] = invitation_path(user)
    return user


def check_another(run: Run, user: User) -> None:
    """Raises: RefusedError for one's own account, and that of whom one stands in for."""
    if user.public_id in {run.actor.id, *run.actor.stands_in_for}:
        raise RefusedError("nobody does this to their own account", hint="ask another administrator")
