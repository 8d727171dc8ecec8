"""Accounts, roles, delegations, absences, organisations, tokens, inboxes: who may, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, RefusedError, SeparationError
from penholder.actions.values import SYSTEM, FieldClass
from penholder.kernel import clock
from penholder.ledger.models import Entry
from penholder.ledger.queries import place_of
from penholder.people import actions as people
from penholder.people import queries
from penholder.people.actor import actor_of, actor_of_token
from penholder.people.addresses import LOOKUP_KEY, pseudonym_of
from penholder.people.authority import may_read_of
from penholder.people.checks import check_lookup_key
from penholder.people.errors import IncompatibleRolesError, TokenError
from penholder.people.models import ApiToken, RoleGrant, Task, User
from penholder.people.secret_keys import read_key
from penholder.people.sign_in.backend import AccountBackend
from penholder.register import actions as register
from penholder.register.separation import kept_from
from penholder.register.values import LineAct
from penholder.vault.errors import KeyDestroyedError
from tests import register_ground
from tests.casework import Casework, SettingsOfTest
from tests.people_ground import actor, administrator, first_administrator, invited, officer
from tests.register_ground import NO_CASE, terms

TODAY = clock.today()
WEEK = timedelta(days=7)
pytestmark = pytest.mark.usefixtures("casework")


def test_the_first_administrator_is_made_once() -> None:
    first = first_administrator()
    assert actor(first.result).roles == {"administrator"}
    assert first.details["invitation"].startswith("/account/password/reset/key/")
    with pytest.raises(RefusedError, match="there are people already"):
        perform(people.bootstrap_administrator, SYSTEM, address="other@ardenia.invalid")


def test_an_invited_person_has_no_role_and_one_account() -> None:
    person = invited("officer-1")
    assert actor(person).roles == frozenset()
    with pytest.raises(ConflictError, match="an account with this address"):
        perform(people.invite_person, administrator(), address="OFFICER-1@ardenia.invalid", title="Officer 1")


def test_nobody_grants_a_role_to_themself() -> None:
    boss = administrator()
    with pytest.raises(RefusedError, match="nobody grants a role to themself"):
        perform(people.grant_role, boss, person_id=boss.id, role="auditor")


def test_nobody_grants_to_whom_they_stand_in_for() -> None:
    boss, deputy = administrator(), invited("deputy-1")
    perform(people.delegate, boss, to=deputy, roles=("administrator",), valid_from=TODAY, valid_until=TODAY + WEEK)
    with pytest.raises(RefusedError, match="nobody grants a role to themself"):
        perform(people.grant_role, actor(deputy), person_id=boss.id, role="penholder")


@pytest.mark.parametrize(
    ("held", "new", "why"),
    [
        ("exporter", "licensing_manager", "nobody decides on their own licences"),
        ("licensing_manager", "exporter", "nobody decides on their own licences"),
        ("auditor", "penholder", "who audits changes nothing"),
        ("administrator", "decider", "who hands out roles decides nothing"),
        ("nominated_officer", "decider", "who hears a concern is not in the line of decision"),
    ],
)
def test_incompatible_roles_are_refused(held: str, new: str, why: str) -> None:
    person = invited("officer-1", held)
    with pytest.raises(IncompatibleRolesError, match=why):
        perform(people.grant_role, administrator(), person_id=person, role=new)
    assert [g.role for g in RoleGrant.objects.filter(user__public_id=person)] == [held]


def test_a_role_that_nobody_is_granted_is_refused_by_name() -> None:
    person = invited("officer-1")
    with pytest.raises(InvalidError) as refused:
        perform(people.grant_role, administrator(), person_id=person, role="system")
    assert refused.value.fields["role"].startswith("no role that can be granted; allowed: exporter, ")


def test_a_withdrawn_role_ends_today_and_one_administrator_stays() -> None:
    boss = administrator()
    person = invited("officer-1", "penholder")
    grant = RoleGrant.objects.get(role="penholder").public_id
    perform(people.withdraw_role, boss, grant=grant, why="moved to another desk")
    assert actor(person).roles == frozenset()
    own = RoleGrant.objects.get(role="administrator").public_id
    with pytest.raises(ConflictError, match="the last administrator"):
        perform(people.withdraw_role, boss, grant=own, why="tired of it")


def test_lent_roles_count_for_both_and_only_for_the_time() -> None:
    giver, taker = officer("officer-1", "licensing_manager"), invited("officer-2", "penholder")
    perform(
        people.delegate,
        giver,
        to=taker,
        roles=("licensing_manager",),
        valid_from=TODAY + WEEK,
        valid_until=TODAY + 2 * WEEK,
    )
    assert actor(taker).roles == {"penholder"}
    during = actor(taker, on=TODAY + WEEK)
    assert during.roles == {"penholder", "licensing_manager"}
    assert during.stands_in_for == {giver.id}
    assert actor(taker, on=TODAY + 2 * WEEK).roles == {"penholder"}


def test_what_is_lent_is_not_passed_on_and_rests_with_its_giver() -> None:
    boss, giver = administrator(), officer("officer-1", "licensing_manager")
    taker, third = invited("officer-2"), invited("officer-3")
    time: dict[str, Any] = {"valid_from": TODAY, "valid_until": TODAY + WEEK}
    perform(people.delegate, giver, to=taker, roles=("licensing_manager",), **time)
    with pytest.raises(RefusedError, match="were not granted to you"):
        perform(people.delegate, actor(taker), to=third, roles=("licensing_manager",), **time)
    grant = RoleGrant.objects.get(role="licensing_manager").public_id
    perform(people.withdraw_role, boss, grant=grant, why="moved to another desk")
    assert actor(taker).roles == frozenset()


def test_nobody_is_lent_a_role_that_they_may_not_hold() -> None:
    giver, auditor = officer("officer-1", "licensing_manager"), invited("auditor-1", "auditor")
    with pytest.raises(IncompatibleRolesError, match="who audits changes nothing"):
        perform(
            people.delegate,
            giver,
            to=auditor,
            roles=("licensing_manager",),
            valid_from=TODAY,
            valid_until=TODAY + WEEK,
        )


def test_a_lent_role_stands_in_the_way_of_a_grant() -> None:
    giver, taker = officer("officer-1", "decider"), invited("officer-2")
    perform(people.delegate, giver, to=taker, roles=("decider",), valid_from=TODAY, valid_until=TODAY + WEEK)
    with pytest.raises(IncompatibleRolesError):
        perform(people.grant_role, administrator(), person_id=taker, role="auditor")


def test_roles_are_lent_for_a_year_at_most() -> None:
    giver, taker = officer("officer-1", "decider"), invited("officer-2")
    with pytest.raises(InvalidError, match="for a year at most"):
        perform(
            people.delegate,
            giver,
            to=taker,
            roles=("decider",),
            valid_from=TODAY,
            valid_until=TODAY + timedelta(days=400),
        )


def test_roles_rest_while_a_person_is_absent_and_delegations_do_not() -> None:
    giver, taker = officer("officer-1", "decider"), invited("officer-2")
    perform(people.delegate, giver, to=taker, roles=("decider",), valid_from=TODAY, valid_until=TODAY + WEEK)
    absence = perform(people.record_absence, giver, valid_from=TODAY, valid_until=TODAY + WEEK).result
    assert actor(giver.id).roles == frozenset()
    assert actor(taker).roles == {"decider"}
    perform(people.end_absence, actor(giver.id), absence=absence)
    assert actor(giver.id).roles == {"decider"}


def test_absence_of_others_is_recorded_by_administrators_only() -> None:
    one, other = officer("officer-1", "penholder"), officer("officer-2", "penholder")
    with pytest.raises(RefusedError, match="whoever grants roles"):
        perform(people.record_absence, one, valid_from=TODAY, person_id=other.id)
    perform(people.record_absence, administrator(), valid_from=TODAY, person_id=other.id)
    assert actor(other.id).roles == frozenset()


def test_agents_act_for_their_exporters_and_no_further() -> None:
    boss = administrator()
    firm, client, third = (
        perform(people.create_organisation, boss, name=n).result for n in ("Agent 1", "Exporter 1", "Exporter 2")
    )
    person = invited("export-clerk-1", "exporter")
    perform(people.add_member, boss, organisation_id=firm, person_id=person)
    agency = perform(people.appoint_agent, boss, agent=firm, exporter=client).result
    perform(people.appoint_agent, boss, agent=client, exporter=third)
    clerk = actor(person)
    assert clerk.organisations == {firm, client}
    assert may_read_of(clerk, FieldClass.COMMERCIAL, client)
    assert not may_read_of(clerk, FieldClass.COMMERCIAL, third)
    assert not may_read_of(clerk, FieldClass.OFFICIAL, client)
    perform(people.end_agency, boss, agency=agency)
    assert actor(person).organisations == {firm}


def test_officials_do_not_act_for_exporters() -> None:
    boss, person = administrator(), invited("officer-1", "penholder")
    firm = perform(people.create_organisation, boss, name="Exporter 1").result
    with pytest.raises(RefusedError, match="does not act for an exporter"):
        perform(people.add_member, boss, organisation_id=firm, person_id=person)


def test_a_token_is_shown_once_and_only_its_hash_is_kept() -> None:
    who = officer("officer-1", "penholder")
    receipt = perform(people.issue_token, who, idempotency_key="k", label="laptop")
    text = receipt.details["token"]
    assert text.startswith("pnh_")
    assert len(text) == 47
    assert actor_of_token(text).roles == {"penholder"}
    again = perform(people.issue_token, who, idempotency_key="k", label="laptop")
    assert (again.result, again.details) == (receipt.result, {})
    assert text not in str(list(ApiToken.objects.values()))
    perform(people.withdraw_token, who, token=receipt.result)
    with pytest.raises(TokenError, match="not known, expired or withdrawn"):
        actor_of_token(text)


def test_a_token_gives_the_roles_of_now() -> None:
    who = officer("officer-1", "penholder")
    text = perform(people.issue_token, who, label="laptop").details["token"]
    grant = RoleGrant.objects.get(role="penholder").public_id
    perform(people.withdraw_role, administrator(), grant=grant, why="moved to another desk")
    assert actor_of_token(text).roles == frozenset()


@pytest.mark.parametrize(("role", "stays"), [("exporter_reader", True), ("exporter", False)])
def test_a_token_made_with_one_factor_ends_when_a_role_asks_for_two(role: str, stays: bool) -> None:
    person = invited("export-clerk-1")
    text = perform(people.issue_token, actor(person), label="laptop").details["token"]
    perform(people.grant_role, administrator(), person_id=person, role=role)
    if stays:
        assert actor_of_token(text).roles == {role}
    else:
        with pytest.raises(TokenError):
            actor_of_token(text)
        assert actor_of_token(perform(people.issue_token, actor(person), label="pc").details["token"]).roles == {
            role
        }


def test_a_deactivated_person_has_nothing_left() -> None:
    who = officer("officer-1", "penholder")
    text = perform(people.issue_token, who, label="laptop").details["token"]
    boss = administrator()
    with pytest.raises(ConflictError, match="version 1, not 7"):
        perform(people.deactivate_person, boss, person_id=who.id, expected_version=7, why="left the office")
    perform(people.deactivate_person, boss, person_id=who.id, expected_version=1, why="left the office")
    assert actor(who.id).roles == frozenset()
    with pytest.raises(TokenError):
        actor_of_token(text)
    with pytest.raises(AbsentError):
        perform(people.grant_role, boss, person_id=who.id, role="penholder")


def test_tasks_reach_a_person_a_team_or_a_role_and_are_finished_once() -> None:
    boss, one, other = administrator(), officer("officer-1", "penholder"), officer("officer-2", "reception")
    team = perform(people.create_team, boss, name="Northern desk").result
    perform(people.join_team, boss, team_id=team, person_id=one.id)
    task = perform(people.add_task, SYSTEM, text="Look at this", subject="L-1", team_id=team).result
    with pytest.raises(AbsentError):
        perform(people.finish_task, other, task=task, expected_version=1)
    perform(people.finish_task, one, task=task, expected_version=1)
    with pytest.raises(ConflictError, match="done already"):
        perform(people.finish_task, one, task=task, expected_version=2)
    by_role = perform(people.add_task, one, text="Rate these goods", role="reception").result
    perform(people.finish_task, other, task=by_role, expected_version=1)
    assert list(Task.objects.order_by("id").values_list("state", flat=True)) == ["done", "done"]
    with pytest.raises(InvalidError, match="exactly one of"):
        perform(people.add_task, SYSTEM, text="For nobody")


def test_private_fields_are_read_with_a_reason_and_leave_an_entry() -> None:
    person = invited("officer-1", "penholder")
    entry = Entry.objects.filter(event="people.PersonInvited", about=person).get().id
    auditor = officer("auditor-1", "auditor")
    receipt = perform(
        people.read_private,
        auditor,
        place=place_of(entry),
        fields=("address",),
        why="complaint 4",
        idempotency_key="r",
    )
    assert receipt.result == ("address",)
    assert receipt.details == {"values": {"address": "officer-1@ardenia.invalid"}}
    row = Entry.objects.get(id=receipt.entries[0])
    assert (row.event, row.about) == ("people.PrivateRead", person)
    assert person not in row.body
    assert "complaint" not in row.body
    again = perform(
        people.read_private,
        auditor,
        place=place_of(entry),
        fields=("address",),
        why="complaint 4",
        idempotency_key="r",
    )
    assert (again.result, again.details) == (("address",), {})


def test_who_may_not_read_a_class_is_refused_or_knows_of_nothing() -> None:
    boss, person = administrator(), invited("officer-1", "penholder")
    sealed = Entry.objects.get(event="people.PersonInvited", about=person).id
    grant = Entry.objects.get(
        event="people.RoleGranted", about=RoleGrant.objects.get(role="penholder").public_id
    ).id
    manager = officer("manager-1", "licensing_manager")
    with pytest.raises(AbsentError, match="no such entry"):
        perform(people.read_private, manager, place=place_of(sealed), fields=("address",), why="curious about it")
    with pytest.raises(RefusedError, match="fields of the class personal"):
        perform(people.read_private, manager, place=place_of(grant), fields=("person",), why="curious about it")
    with pytest.raises(AbsentError, match="no such private field: password"):
        perform(people.read_private, manager, place=place_of(grant), fields=("password",), why="curious about it")
    with pytest.raises(RefusedError, match=r"people\.read_private"):
        perform(
            people.read_private, actor(person), place=place_of(grant), fields=("role",), why="curious about it"
        )
    assert boss.roles == {"administrator"}
    assert not Entry.objects.filter(event="people.PrivateRead").exists()


def test_erasure_of_a_person_leaves_their_acts_and_nothing_of_them() -> None:
    who = officer("officer-1", "penholder")
    perform(people.add_task, who, text="Look at this", role="reception")
    boss = administrator()
    receipt = perform(people.erase_subject, boss, subject=who.id, ground="retention-expired")
    user = User.objects.get(public_id=who.id)
    assert (user.address, user.title, user.is_active) == ("", "", False)
    assert user.email != pseudonym_of("officer-1@ardenia.invalid")
    assert queries.person(viewer=boss, id=who.id).row.title == "erased"
    with pytest.raises(ConflictError, match="erased already"):
        perform(people.erase_subject, boss, subject=who.id, ground="retention-expired")
    entry = Entry.objects.get(id=receipt.entries[0])
    assert (entry.event, entry.about) == ("people.SubjectErased", receipt.result)
    assert who.id not in entry.body
    invited_at = Entry.objects.get(event="people.PersonInvited", about=who.id).id
    auditor = officer("auditor-1", "auditor")
    with pytest.raises(KeyDestroyedError):
        perform(people.read_private, auditor, place=place_of(invited_at), fields=("address",), why="complaint 4")
    with pytest.raises(AbsentError, match="nothing is kept"):
        perform(people.erase_subject, boss, subject="P-unknown", ground="retention-expired")


def test_what_a_deputy_does_counts_as_done_by_both() -> None:
    giver, taker = officer("officer-1", "licensing_manager"), invited("officer-2")
    third = officer("officer-3", "licensing_manager")
    perform(
        people.delegate, giver, to=taker, roles=("licensing_manager",), valid_from=TODAY, valid_until=TODAY + WEEK
    )
    given: dict[str, Any] = {
        "valid_from": TODAY,
        "decided_on": TODAY,
        "licence_type": "standard_permanent",
    } | NO_CASE
    given |= {"valid_until": TODAY + WEEK, "lines": (terms(),), "exporter": "O-1"}
    for number, (first, second) in enumerate(((actor(taker), giver), (giver, actor(taker)))):
        licence = perform(register.enter_licence, first, reference=f"GBSIEL/2024/{number:07}/P", **given)
        issue: dict[str, Any] = {"licence": licence.result.licence, "effective_on": TODAY, "expected_version": 1}
        with pytest.raises(SeparationError):
            perform(register.issue_licence, second, **issue)
        perform(register.issue_licence, third, **issue)


def test_two_deputies_of_one_person_are_not_two_people() -> None:
    giver, third = officer("officer-1", "licensing_manager"), officer("officer-4", "licensing_manager")
    deputies = [invited("officer-2"), invited("officer-3")]
    for taker in deputies:
        lent: dict[str, Any] = {"roles": ("licensing_manager",), "valid_from": TODAY, "valid_until": TODAY + WEEK}
        perform(people.delegate, giver, to=taker, **lent)
    one, other = (actor(taker) for taker in deputies)
    given: dict[str, Any] = {
        "valid_from": TODAY,
        "decided_on": TODAY,
        "licence_type": "standard_permanent",
    } | NO_CASE
    given |= {"valid_until": TODAY + WEEK, "lines": (terms(),), "exporter": "O-1"}
    licence = perform(register.enter_licence, one, reference="GBSIEL/2024/0000001/P", **given).result.licence
    issue: dict[str, Any] = {"licence": licence, "effective_on": TODAY, "expected_version": 1}
    for who in (one, other, giver):
        assert kept_from(who, licence) == {
            LineAct.ISSUE: ("register.enter_licence",),
            LineAct.REVOKE: ("register.enter_licence",),
        }
        with pytest.raises(SeparationError, match=r"other than the one who did register\.enter_licence"):
            perform(register.issue_licence, who, **issue)
    with pytest.raises(SeparationError, match="what a deputy does counts as done by both"):
        perform(register.issue_licence, other, **issue)
    assert kept_from(third, licence) == {}
    perform(register.issue_licence, third, **issue)


def test_tokens_absences_and_loans_are_those_of_the_clock_of_the_installation(
    settings_of_test: SettingsOfTest,
) -> None:
    boss, other = administrator(), invited("officer-1")
    text = perform(people.issue_token, boss, label="laptop", days=2).details["token"]
    perform(people.record_absence, boss, valid_from=TODAY, valid_until=TODAY + timedelta(days=2))
    perform(
        people.delegate,
        boss,
        to=other,
        roles=("administrator",),
        valid_from=TODAY,
        valid_until=TODAY + timedelta(days=2),
    )
    assert [len(ask(viewer=boss)) for ask in (queries.tokens, queries.absences, queries.delegations)] == [1, 1, 1]
    settings_of_test.set("PENHOLDER_CLOCK", "tests.register_ground.now")
    register_ground.at(TODAY + timedelta(days=3))
    assert [len(ask(viewer=boss)) for ask in (queries.tokens, queries.absences, queries.delegations)] == [0, 0, 0]
    with pytest.raises(TokenError):
        actor_of_token(text)


def test_whoever_acts_is_read_in_one_statement() -> None:
    boss, other = administrator(), invited("officer-1", "penholder")
    for n in range(3):
        start = TODAY + n * WEEK
        given: dict[str, Any] = {"valid_from": start, "valid_until": start + WEEK}
        perform(people.delegate, boss, to=other, roles=("administrator",), **given)
        perform(people.record_absence, actor(other), valid_from=start + 30 * WEEK, valid_until=start + 31 * WEEK)
    user = User.objects.get(public_id=other)
    with CaptureQueriesContext(connection) as asked:
        found = actor_of(user, on=TODAY)
    assert len(asked) == 1
    assert found.roles == {"penholder", "administrator"}
    assert found.stands_in_for == {boss.id}
    with CaptureQueriesContext(connection) as asked:
        arrived = AccountBackend().get_user(user.pk)
        assert arrived is not None
        assert actor_of(arrived, on=TODAY) == found
    assert len(asked) == 1
    away = TODAY + 30 * WEEK
    assert (actor_of(user, on=away).roles, actor_of(user, on=away).stands_in_for) == (frozenset(), frozenset())


def test_agents_act_for_exporters_while_both_memberships_and_agencies_hold() -> None:
    boss, clerk = administrator(), invited("export-clerk-1", "exporter")
    agent, exporter, other = (perform(people.create_organisation, boss, name=f"Firm {n}").result for n in range(3))
    perform(people.add_member, boss, organisation_id=agent, person_id=clerk)
    perform(people.appoint_agent, boss, agent=agent, exporter=exporter, valid_until=TODAY + WEEK)
    perform(people.appoint_agent, boss, agent=agent, exporter=other, valid_from=TODAY + WEEK)
    assert actor(clerk).organisations == {agent, exporter}
    assert actor(clerk, on=TODAY + WEEK).organisations == {agent, other}
    perform(people.remove_member, boss, organisation_id=agent, person_id=clerk)
    assert actor(clerk).organisations == frozenset()


def test_another_lookup_key_of_the_right_shape_is_noticed(casework: Casework) -> None:
    assert list(check_lookup_key()) == []  # nobody is there
    invited("officer-1")
    assert list(check_lookup_key()) == []
    secret = casework.home / "secrets" / LOOKUP_KEY
    before = secret.read_text()
    try:
        secret.write_text("ab" * 32)
        read_key.cache_clear()
        (found,) = check_lookup_key()
        assert found.where == "secrets/lookup-key"
        assert found.what.startswith("is another than the one under which addresses are kept: nobody can sign in")
    finally:
        secret.write_text(before)
        read_key.cache_clear()
