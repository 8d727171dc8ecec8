"""The tables of people are what the log amounts to; a row that was changed behind its back is found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from penholder.actions.action import perform
from penholder.actions.replay import run_replays
from penholder.kernel import clock
from penholder.ledger.door import migration_door
from penholder.people import actions as people
from penholder.people.models import Absence, Membership, Organisation, OrganisationMember, RoleGrant, Task, User
from tests.casework import Casework
from tests.people_ground import actor, administrator, invited, known_by, officer

TODAY = clock.today()
WEEK = timedelta(days=7)
pytestmark = pytest.mark.usefixtures("casework")


def busy_office() -> str:
    """Something of everything; gives the id of one exporter."""
    boss = administrator()
    one, two, gone = officer("officer-1", "decider"), invited("officer-2", "penholder"), invited("officer-3")
    perform(people.grant_role, boss, person_id=gone, role="penholder", valid_from=TODAY + WEEK)
    perform(people.delegate, one, to=two, roles=("decider",), valid_from=TODAY, valid_until=TODAY + WEEK)
    team = perform(people.create_team, boss, name="Northern desk").result
    perform(people.join_team, boss, team_id=team, person_id=two)
    firms = [perform(people.create_organisation, boss, name=f"Exporter {n}").result for n in (1, 2, 3)]
    clerk = invited("export-clerk-1", "exporter")
    perform(people.add_member, boss, organisation_id=firms[0], person_id=clerk)
    perform(people.remove_member, boss, organisation_id=firms[0], person_id=clerk)
    perform(people.add_member, boss, organisation_id=firms[0], person_id=clerk)
    perform(people.leave_team, boss, team_id=team, person_id=two)
    perform(people.join_team, boss, team_id=team, person_id=two)
    absence = perform(people.record_absence, one, valid_from=TODAY + WEEK).result
    perform(people.end_absence, one, absence=absence)
    perform(people.change_title, boss, person_id=two, title="Desk officer 2", expected_version=1)
    agency = perform(people.appoint_agent, boss, agent=firms[0], exporter=firms[1]).result
    perform(people.end_agency, boss, agency=agency)
    token = perform(people.issue_token, one, label="laptop").result
    perform(people.withdraw_token, one, token=token)
    perform(people.issue_token, actor(gone), label="laptop")
    perform(people.deactivate_person, boss, person_id=gone, expected_version=1, why="left the office")
    task = perform(people.add_task, one, text="Look at this", role="penholder").result
    perform(people.finish_task, actor(two), task=task, expected_version=1)
    return str(firms[1])


def test_the_tables_are_what_the_log_amounts_to_after_an_erasure_too() -> None:
    firm = busy_office()
    assert list(run_replays()) == []
    boss = administrator()
    for subject in (known_by("officer-1").public_id, firm):
        perform(people.erase_subject, boss, subject=subject, ground="request-of-the-person")
    assert list(run_replays()) == []


def test_a_row_that_was_changed_behind_the_log_is_found(casework: Casework) -> None:
    if casework.vendor != "sqlite":
        pytest.skip("the application's database user cannot change a row here")
    busy_office()
    grant = RoleGrant.objects.get(role="penholder", valid_until__isnull=True)
    with migration_door():
        RoleGrant.objects.filter(id=grant.id).update(role="licensing_manager")
        Task.objects.update(state="open")
        Organisation.objects.order_by("id").last().delete()  # type: ignore[union-attr]
        Membership.objects.update(valid_until=TODAY)
        OrganisationMember.objects.all().delete()
        Absence.objects.update(valid_until=TODAY + 2 * WEEK)
        one, other = User.objects.order_by("id")[:2]
        User.objects.filter(id=other.id).update(title=one.title)  # sealed for another row
        made = User.objects.create(public_id="P-back-door", email="x@ardenia.invalid", title="x")
    found = {(d.where.split()[0], d.what) for d in run_replays()}
    assert found == {
        ("people_rolegrant", "the table says something else than the log: role"),
        ("people_task", "the table says something else than the log: state"),
        ("people_user", "the table has it, the log has not"),
        ("people_user", "the table says something else than the log: title"),
        ("people_membership", "the table says something else than the log: valid_until"),
        ("people_organisationmember", "the log has it, the table has not"),
        ("people_absence", "the table says something else than the log: valid_until"),
    } | {("people_organisation", "the log has it, the table has not")}
    assert made.public_id in {d.where.split()[1] for d in run_replays()}
