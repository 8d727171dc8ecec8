"""Exporters' organisations, the people who act for them, and the firms that act for exporters."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Q
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, RefusedError
from penholder.people.actions.grants import overlapping_with
from penholder.people.actions.rows import (
    Ends,
    OrganisationId,
    PersonId,
    PublicId,
    Starts,
    check_period,
    locked,
    organisation,
    person,
)
from penholder.people.events import AgencyEnded, AgentAppointed, MemberAdded, MemberRemoved, OrganisationCreated
from penholder.people.models import Agent, Organisation, OrganisationMember
from penholder.people.roles import role_book
from penholder.people.sealed import Column, seal_text
from penholder.people.values import PeoplePermission

Name = Annotated[str, Field(min_length=2, max_length=200, description="As it stands in its papers")]


@action(permission=PeoplePermission.ORGANISE, events=(OrganisationCreated,))
def create_organisation(run: Run, *, name: Name) -> str:
    """Enter an exporter, or a firm that acts for exporters. Gives its id."""
    firm_id = run.new_id("O")
    row = Organisation.objects.create(public_id=firm_id, name=seal_text(Column.ORGANISATION, name, id=firm_id))
    run.record(OrganisationCreated(organisation=row.public_id, called=name))
    return row.public_id


@action(permission=PeoplePermission.ORGANISE, events=(MemberAdded,))
def add_member(run: Run, *, organisation_id: OrganisationId, person_id: PersonId) -> str:
    """Let a person act for an organisation, from today on. Nobody from the authority's own side."""
    firm, user = organisation(organisation_id), person(person_id)
    book = role_book()
    today = run.now.date()
    held = user.grants.filter(overlapping_with(today, None)).values_list("role", flat=True)
    if inside := sorted(role for role in held if book.roles[role].family != "outside"):
        raise RefusedError(
            f"a person with the role {inside[0]} does not act for an exporter",
            hint="withdraw the role first, or choose another person",
        )
    if firm.members.filter(user=user, valid_until__isnull=True).exists():
        raise ConflictError("the person acts for this organisation already", hint="nothing needs to be done")
    OrganisationMember.objects.create(organisation=firm, user=user, valid_from=today)
    run.record(MemberAdded(organisation=firm.public_id, valid_from=today, person=user.public_id))
    return firm.public_id


@action(permission=PeoplePermission.ORGANISE, events=(MemberRemoved,))
def remove_member(run: Run, *, organisation_id: OrganisationId, person_id: PersonId) -> str:
    """A person acts for an organisation no longer, from today on."""
    firm, user = organisation(organisation_id), person(person_id)
    row = locked(
        OrganisationMember.objects.all(), "member", organisation=firm, user=user, valid_until__isnull=True
    )
    row.valid_until = run.now.date()
    row.save(update_fields=["valid_until"])
    run.record(MemberRemoved(organisation=firm.public_id, valid_until=row.valid_until, person=user.public_id))
    return firm.public_id


@action(permission=PeoplePermission.ORGANISE, events=(AgentAppointed,))
def appoint_agent(
    run: Run,
    *,
    agent: Annotated[PublicId, Field(description="Public id of the organisation that acts")],
    exporter: Annotated[PublicId, Field(description="Public id of the organisation it acts for")],
    valid_from: Starts = None,
    valid_until: Ends = None,
) -> str:
    """Let the people of one organisation act for another, from a day (else today) until a day (exclusive).

    Not passed on: an agent's agent does not act for the exporter.
    """
    firm, client = organisation(agent), organisation(exporter)
    start = valid_from or run.now.date()
    check_period(start, valid_until, today=run.now.date())
    if firm.id == client.id:
        raise ConflictError("an organisation is not its own agent", hint="name two organisations")
    if Agent.objects.filter(overlapping_with(start, valid_until), agent=firm, exporter=client).exists():
        raise ConflictError("it acts for this exporter in that time already", hint="end that agency first")
    row = Agent.objects.create(
        public_id=run.new_id("Y"), agent=firm, exporter=client, valid_from=start, valid_until=valid_until
    )
    run.record(
        AgentAppointed(
            agency=row.public_id,
            agent=firm.public_id,
            exporter=client.public_id,
            valid_from=start,
            valid_until=valid_until,
        )
    )
    return row.public_id


@action(permission=PeoplePermission.ORGANISE, events=(AgencyEnded,))
def end_agency(run: Run, *, agency: Annotated[PublicId, Field(description="Public id of an agency")]) -> str:
    """End an agency today."""
    today = run.now.date()
    running = Agent.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=today))
    row = locked(running, "agency", public_id=agency)
    row.valid_until = max(today, row.valid_from)
    row.save(update_fields=["valid_until"])
    run.record(AgencyEnded(agency=row.public_id, valid_until=row.valid_until))
    return row.public_id
