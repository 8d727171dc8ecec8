"""Days on which a person does not act."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.db.models import Q
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import RefusedError
from penholder.actions.permissions import authority
from penholder.people.actions.rows import Ends, PersonId, PublicId, check_period, locked, person
from penholder.people.events import AbsenceEnded, AbsenceRecorded
from penholder.people.models import Absence
from penholder.people.values import PeoplePermission


@action(permission=PeoplePermission.ABSENCE, events=(AbsenceRecorded,))
def record_absence(
    run: Run,
    *,
    valid_from: Annotated[date, Field(description="First day of the absence")],
    valid_until: Ends = None,
    person_id: Annotated[PersonId | None, Field(description="Public id of who is absent; empty: oneself")] = None,
) -> str:
    """Say that oneself does not act from a day until a day (exclusive). Own roles rest; what was lent counts.

    Whoever grants roles may say it of somebody else.
    """
    user = person(_whose(run, person_id or run.actor.id))
    check_period(valid_from, valid_until, today=run.now.date())
    row = Absence.objects.create(
        public_id=run.new_id("B"), user=user, valid_from=valid_from, valid_until=valid_until
    )
    run.record(
        AbsenceRecorded(
            absence=row.public_id, valid_from=valid_from, valid_until=valid_until, person=user.public_id
        )
    )
    return row.public_id


@action(permission=PeoplePermission.ABSENCE, events=(AbsenceEnded,))
def end_absence(run: Run, *, absence: Annotated[PublicId, Field(description="Public id of an absence")]) -> str:
    """Be back from today on."""
    today = run.now.date()
    rows = Absence.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=today))
    if not _may_grant(run):
        rows = rows.filter(user__public_id=run.actor.id)
    row = locked(rows, "absence", public_id=absence)
    row.valid_until = max(today, row.valid_from)
    row.save(update_fields=["valid_until"])
    run.record(AbsenceEnded(absence=row.public_id, valid_until=row.valid_until))
    return row.public_id


def _whose(run: Run, person_id: str) -> str:
    if person_id != run.actor.id and not _may_grant(run):
        raise RefusedError(
            "the absence of somebody else is recorded by whoever grants roles", hint="ask an administrator"
        )
    return person_id


def _may_grant(run: Run) -> bool:
    return authority().role_for(run.actor, PeoplePermission.GRANT) is not None
