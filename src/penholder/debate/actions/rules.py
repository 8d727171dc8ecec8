"""House rules, memberships, and taking part under a name."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.conf import settings
from django.db.models import Q, QuerySet
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.debate import house_rules, memberships
from penholder.debate.configuration import check_enabled
from penholder.debate.errors import StandingError
from penholder.debate.events import (
    MemberJoined,
    MemberMoved,
    MembershipEnded,
    MembershipEntered,
    RulesAccepted,
    RulesBroughtInForce,
)
from penholder.debate.memberships import Claim, key_of
from penholder.debate.models import Acceptance, EnteredMembership, HouseRules, Member
from penholder.debate.policy.names import checked_name, skeleton
from penholder.debate.rows import acting_member, rules_in_force
from penholder.debate.sealing import Place, seal_text
from penholder.debate.values import MEMBER, DebatePermission
from penholder.people.accounts import verified_address
from penholder.people.actions.rows import PersonId
from penholder.people.addresses import blind

MembershipId = Annotated[
    str, Field(min_length=3, max_length=80, description="Number of the membership, as the member's card has it.")
]
Version = Annotated[
    str, Field(min_length=1, max_length=30, description="Version of the house rules, as their file names it.")
]


@action(permission=DebatePermission.RULES, events=(RulesBroughtInForce,))
def bring_rules_in_force(
    run: Run,
    *,
    version: Version,
    valid_from: Annotated[date | None, Field(description="First day; empty: today.")] = None,
) -> str:
    """Bring a version of the house rules in force. Its text is copied and published, and never changes.

    From that day on nobody posts who has not accepted it.
    """
    found = house_rules.edition(version, file=check_enabled().rules)
    day = valid_from or run.now.date()
    if day < run.now.date():
        raise InvalidError(
            f"rules do not come in force on a day that is over: {day}",
            hint="give today or a later day",
            fields={"valid_from": "must be today or later"},
        )
    if HouseRules.objects.filter(version=version).exists():
        raise ConflictError(
            f"version {version} was brought in force already", hint="give a changed text a new version"
        )
    HouseRules.objects.create(
        version=version, content=found.content, sha256=found.sha256, valid_from=day, run=run.id
    )
    run.record(
        RulesBroughtInForce(version=version, rules=tuple(found.content), sha256=found.sha256, valid_from=day)
    )
    return version


@action(permission=DebatePermission.MEMBERSHIP, events=(MembershipEntered, MembershipEnded))
def enter_membership(
    run: Run,
    *,
    membership: MembershipId,
    person_id: PersonId,
    valid_from: Annotated[date | None, Field(description="First day; empty: today.")] = None,
    valid_until: Annotated[
        date | None, Field(description="First day on which it is active no longer; empty: until further notice.")
    ] = None,
) -> str:
    """Enter that a person has a membership. Where it was another account's, that row ends: the number stays.

    Only a pseudonym of the number is kept.
    """
    check_enabled()
    if verified_address(person_id) is None:
        raise AbsentError("there is no such active person", hint="its public id may be mistyped")
    day = valid_from or run.now.date()
    if valid_until is not None and valid_until <= day:
        raise InvalidError(
            "the membership ends before it begins", fields={"valid_until": "must be after the first day"}
        )
    key = key_of(membership)
    for row in _running(key, day).select_for_update():
        _end(run, row, day)
    EnteredMembership.objects.create(
        key=key, person=person_id, valid_from=day, valid_until=valid_until, run=run.id
    )
    run.record(
        MembershipEntered(
            key=key, person=person_id, membership=membership, valid_from=day, valid_until=valid_until
        )
    )
    return person_id


@action(permission=DebatePermission.MEMBERSHIP, events=(MembershipEnded,))
def end_membership(run: Run, *, membership: MembershipId) -> str:
    """End an entered membership today. Its member reads on, has their own data, and can appeal."""
    check_enabled()
    today = run.now.date()
    row = _running(key_of(membership), today).select_for_update().first()
    if row is None:
        raise AbsentError("no such membership is entered, or it is over", hint="its number may be mistyped")
    _end(run, row, today)
    return row.person


def _running(key: str, day: date) -> QuerySet[EnteredMembership]:
    runs_on = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    return EnteredMembership.objects.filter(runs_on, key=key)


def _end(run: Run, row: EnteredMembership, day: date) -> None:
    until = max(day, row.valid_from)
    EnteredMembership.objects.filter(pk=row.pk).update(valid_until=until)
    run.record(MembershipEnded(key=row.key, valid_until=until))


@action(permission=DebatePermission.JOIN, events=(MemberJoined, MemberMoved))
def join_debate(
    run: Run,
    *,
    membership: MembershipId,
    name: Annotated[
        str,
        Field(min_length=3, max_length=40, description="Name beside your comments; everybody reads it."),
    ],
) -> str:
    """Take part with one's membership, under a name that nobody else has or seems to have.

    A membership that took part before comes with all that was decided about it: a new address changes nothing.
    """
    check_enabled()
    shown = checked_name(name, reserved=(settings.PENHOLDER_NAME,))
    key = key_of(membership)
    address = verified_address(run.actor.id)
    if address is None:
        raise StandingError("this account has no verified address", hint="ask an administrator for an invitation")
    if not memberships.is_active(Claim(key, run.actor.id, address), run.now.date()):
        raise StandingError(
            "no active membership of this number is known for this account",
            hint="check the number; whoever keeps the memberships must know your address",
        )
    known = Member.objects.select_for_update().filter(key=key).first()
    if Member.objects.filter(person=run.actor.id).exclude(key=key).exists():
        raise ConflictError("this account takes part with another membership", hint="one account has one")
    name_key = blind("debate name", skeleton(shown))
    if Member.objects.filter(name_key=name_key).exclude(key=key).exists():
        raise InvalidError(
            "this name is taken, or looks like one that is",
            hint="choose another one",
            fields={"name": "is taken, or looks like one that is"},
        )
    if known is not None:
        return _moved(run, known, shown, name_key)
    public_id = run.new_id(MEMBER)
    Member.objects.create(
        public_id=public_id,
        key=key,
        person=run.actor.id,
        name=seal_text(Place.NAME, shown, id=public_id, person=run.actor.id),
        name_key=name_key,
        joined_at=run.now,
    )
    run.record(MemberJoined(member=public_id, person=run.actor.id, called=shown))
    return public_id


def _moved(run: Run, row: Member, shown: str, name_key: str) -> str:
    if row.person == run.actor.id:
        raise ConflictError("this account takes part already", hint="nothing needs to be done")
    Member.objects.filter(pk=row.pk).update(
        person=run.actor.id,
        name=seal_text(Place.NAME, shown, id=row.public_id, person=run.actor.id),
        name_key=name_key,
        version=row.version + 1,
    )
    run.record(MemberMoved(member=row.public_id, person=run.actor.id, called=shown))
    return row.public_id


@action(permission=DebatePermission.POST, events=(RulesAccepted,))
def accept_rules(run: Run, *, version: Version) -> str:
    """Accept the house rules that are in force. Without that nothing can be posted."""
    member = acting_member(run)
    rules = rules_in_force(run.now.date())
    if version != rules.version:
        raise ConflictError(
            f"version {rules.version} is in force, not {version}", hint="read the version in force, and accept it"
        )
    if Acceptance.objects.filter(member=member, rules=rules).exists():
        return version
    Acceptance.objects.create(member=member, rules=rules, at=run.now)
    run.record(RulesAccepted(member=member.public_id, version=version, person=run.actor.id))
    return version
