"""The tables of people are what the log amounts to; a row that was changed behind its back is found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from penholder.actions.action import perform
from penholder.actions.replay import run_replays
from penholder.kernel import clock
from penholder.ledger.door import migration_door
from penholder.people import actions as people
from penholder.people.models import Organisation, RoleGrant, Task, User
from tests.casework import Casework
from tests.people_ground import actor, administrator, invited, officer

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
    for subject in (User.objects.get(email="officer-1@ardenia.invalid").public_id, firm):
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
        Organisation.objects.filter(name="Exporter 3").delete()
        made = User.objects.create(public_id="P-back-door", email="x@ardenia.invalid", title="x")
    found = {(d.where.split()[0], d.what) for d in run_replays()}
    assert found == {
        ("people_rolegrant", "the table says something else than the log: role"),
        ("people_task", "the table says something else than the log: state"),
        ("people_user", "the table has it, the log has not"),
    } | {("people_organisation", "the log has it, the table has not")}
    assert made.public_id in {d.where.split()[1] for d in run_replays()}
