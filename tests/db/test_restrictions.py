"""Moratoria, exemptions and holds: what they refuse, who lets something through, what is looked at again."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections, transaction

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, RefusedError, SeparationError
from penholder.actions.replay import run_replays
from penholder.actions.values import Actor, ActorKind
from penholder.ledger.door import action_door
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Entry
from penholder.register import actions as register
from penholder.register.models import Line
from penholder.restrictions import actions, queries
from penholder.restrictions.errors import MoratoriumError
from penholder.restrictions.models import Restriction
from penholder.restrictions.values import Kind
from tests import register_ground as ground
from tests.casework import Casework
from tests.register_ground import TODAY, draw, enter, issued, reinstate, suspend, terms

LIMB = "uk-selc-2021/2c"
BASIS = "Section 9 of the Act; undertaking to the court of 20 November."
WHY = "Strikes on homes in Velmora are reported every day since 12 November."


def officer(name: str, *roles: str) -> Actor:
    return Actor(f"P-{name}", ActorKind.PERSON, frozenset(roles))


MINISTER, OTHER_MINISTER = officer("minister", "decider"), officer("minister-2", "decider")
BOTH = officer("both", "decider", "penholder")
DESK, MANAGER = officer("desk", "reception", "customs_liaison"), officer("manager", "licensing_manager")
SENIOR = officer("senior", "licensing_manager")
PENHOLDER = officer("penholder", "penholder")
READER = officer("reader", "exporter_reader")


@pytest.fixture(autouse=True)
def installation(staff: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.at(TODAY)
    for name, actor in (("DESK", DESK), ("MANAGER", MANAGER), ("SENIOR", SENIOR)):
        monkeypatch.setattr(ground, name, actor)


def moratorium(*destinations: str, by: Actor = MINISTER, **changes: Any) -> Any:
    given: dict[str, Any] = {
        "destinations": destinations or ("XV",),
        "limb": LIMB,
        "legal_basis": BASIS,
        "reasons": WHY,
        "valid_from": TODAY,
        "review_by": TODAY + timedelta(days=90),
        "scope": "in: {end_user_class: [forces]}",
    }
    return perform(actions.set_moratorium, by, **given | changes).result


def proposal(by: Actor = PENHOLDER, **changes: Any) -> str:
    given: dict[str, Any] = {
        "limb": LIMB,
        "scope": "in: {licence_type: [standard_temporary]}",
        "legal_basis": "Specific measure, part 3 of the criteria.",
        "reasons": "Goods for an exhibition come back within a month.",
        "advice_for": "Foreign affairs: they are never handed over.",
        "advice_against": "Defence: two exhibits did not come back in 2022.",
        "conditions": "Returned within 30 days.",
        "review_by": TODAY + timedelta(days=60),
    }
    exemption: str = perform(actions.propose_exemption, by, **given | changes).result.id
    return exemption


def announce(exemption: str, by: Actor = MINISTER, **changes: Any) -> Any:
    given: dict[str, Any] = {
        "announced_on": TODAY,
        "announced_where": "Written statement 114 to the parliament of Ardenia",
        "expected_version": 1,
    }
    return perform(actions.announce_exemption, by, exemption=exemption, **given | changes)


def issue(licence: str, **changes: Any) -> Any:
    given: dict[str, Any] = {"effective_on": TODAY, "expected_version": 1}
    return perform(register.issue_licence, MANAGER, licence=licence, **given | changes)


def draft(reference: str = "GBSIEL/2024/0000009/P", **changes: Any) -> str:
    return enter(reference, terms(**{"destination": "XV"} | changes))


def test_a_grant_that_matches_a_moratorium_is_refused_by_the_core() -> None:
    made = moratorium()
    licence = draft()
    with pytest.raises(MoratoriumError) as refused:
        issue(licence)
    assert refused.value.message == (
        f"issue is refused by moratorium {made.id}: it matches: destination is XV; end_user_class is forces"
    )
    assert (refused.value.code, Line.objects.get().status) == ("moratorium", "draft")
    assert not Entry.objects.filter(event="register.LicenceIssued").exists()


def test_an_unknown_is_refused_as_a_match_is_and_what_is_missing_is_named() -> None:
    moratorium()
    licence = draft(end_user="not_stated")
    with pytest.raises(MoratoriumError, match="not known whether it matches: end user class would have to be"):
        issue(licence)
    assert issue(draft("GBSIEL/2024/0000010/P", end_user="commercial")).result.version == 2


def test_a_day_in_the_past_leads_round_no_moratorium() -> None:
    licence = draft()
    moratorium()
    with pytest.raises(MoratoriumError):
        issue(licence, effective_on=date(2024, 6, 1))
    ground.at(TODAY + timedelta(days=1))
    perform(
        actions.lift_moratorium,
        MINISTER,
        moratorium=Restriction.objects.get().public_id,
        lifted_on=TODAY + timedelta(days=1),
        reasons="The court released us from the undertaking.",
        expected_version=1,
    )
    with pytest.raises(MoratoriumError):
        issue(licence)  # effective on a day on which it was in force
    assert issue(licence, effective_on=TODAY + timedelta(days=1)).result.version == 2


def test_goods_that_go_on_to_a_destination_match_too_and_so_does_the_state_of_the_end_user() -> None:
    moratorium()
    for number, changes in enumerate(({"onward": "XN;XV"}, {"end_user_state": "XV"})):
        licence = draft(f"GBSIEL/2024/000002{number}/P", destination="XN", **changes)
        with pytest.raises(MoratoriumError, match="onward is"):
            issue(licence)


def test_amendment_and_reinstatement_are_refused_and_narrowing_away_from_it_is_not() -> None:
    licence = issued("GBSIEL/2024/0000003/P", terms(destination="XV"), terms(destination="XV"))
    suspend(licence, 1, by=MANAGER)
    moratorium()
    with pytest.raises(MoratoriumError, match="reinstate is refused"):
        reinstate(licence, by=SENIOR)
    amended = terms(destination="XV", quantity_limit=200)
    given: dict[str, Any] = {"licence": licence, "line": 2, "reasons": WHY, "effective_on": TODAY}
    given["expected_version"] = 3
    with pytest.raises(MoratoriumError, match="amend is refused"):
        perform(register.amend_line, SENIOR, terms=amended, **given)
    moved = perform(register.amend_line, SENIOR, terms=terms(destination="XN"), **given)
    assert moved.result.version == 4
    draw(licence, "m-1", "10", line=2)  # what is in force goes on: a moratorium is on grants


def test_an_exemption_in_force_lets_through_and_the_act_names_it() -> None:
    moratorium()
    licence = enter("GBSIEL/2024/0000004/T", terms(destination="XV"), licence_type="standard_temporary")
    exemption = proposal()
    with pytest.raises(MoratoriumError):
        issue(licence)  # proposed is not announced
    announce(exemption)
    issue(licence)
    entry = Entry.objects.get(event="register.LicenceIssued")
    assert LedgerEntry.from_bytes(entry.body.encode()).data["exemptions"] == [exemption]
    perform(
        actions.end_exemption,
        MINISTER,
        exemption=exemption,
        ended_on=TODAY,
        reasons="The exhibition was called off.",
        expected_version=2,
    )
    other = enter("GBSIEL/2024/0000005/T", terms(destination="XV"), licence_type="standard_temporary")
    with pytest.raises(MoratoriumError):
        issue(other)


def test_an_exemption_from_another_limb_lets_nothing_through() -> None:
    moratorium()
    announce(proposal(limb="uk-selc-2021/2a"))
    licence = enter("GBSIEL/2024/0000004/T", terms(destination="XV"), licence_type="standard_temporary")
    with pytest.raises(MoratoriumError):
        issue(licence)


def test_nobody_announces_what_they_proposed_and_only_the_decider_announces() -> None:
    exemption = proposal(by=BOTH)
    with pytest.raises(SeparationError):
        announce(exemption, by=BOTH)
    with pytest.raises(RefusedError):
        announce(exemption, by=MANAGER)
    with pytest.raises(RefusedError):
        moratorium(by=MANAGER)
    announce(exemption, by=OTHER_MINISTER)
    with pytest.raises(ConflictError, match="announced already"):
        announce(exemption, by=MINISTER, expected_version=2)


@pytest.mark.parametrize("field", ["legal_basis", "reasons", "advice_for"])
def test_an_exemption_needs_its_texts_and_a_scope(field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        proposal(PENHOLDER, **{field: "n/a"})
    assert list(refused.value.fields) == [field]
    with pytest.raises(InvalidError, match="would let everything through"):
        proposal(scope="")
    with pytest.raises(InvalidError, match="no rule 'uk-selc-2021/9z'"):
        proposal(limb="uk-selc-2021/9z")
    with pytest.raises(InvalidError) as refused:
        proposal(scope="in: {destination: [Velmora]}")
    assert list(refused.value.fields) == ["scope"]


def test_changing_the_destinations_looks_again_at_what_was_granted_since_the_beginning() -> None:
    ground.at(TODAY - timedelta(days=10))
    before = issued("GBSIEL/2024/0000001/P", terms(destination="XN"))
    ground.at(TODAY)
    made = moratorium()
    assert (made.looked_at, made.matching) == (0, ())
    ground.later(days=3)
    after = draft("GBSIEL/2024/0000002/P", destination="XN")
    issue(after, effective_on=TODAY + timedelta(days=3))
    unknown = draft("GBSIEL/2024/0000003/P", destination="XN", end_user="not_stated")
    issue(unknown, effective_on=TODAY + timedelta(days=3))
    ground.later(days=7)
    changed = perform(
        actions.change_moratorium_destinations,
        MANAGER,
        moratorium=made.id,
        add=("XN",),
        effective_on=TODAY + timedelta(days=2),
        reasons="Norland joined the operations on 24 November; we learnt it on 2 December.",
        expected_version=1,
    ).result
    assert (changed.looked_at, changed.matching, changed.not_known, changed.let_through) == (
        2,
        (f"{after}:1",),
        (f"{unknown}:1",),
        (),
    )
    entry = Entry.objects.get(event="restrictions.MoratoriumDestinationsChanged")
    data = LedgerEntry.from_bytes(entry.body.encode()).data
    assert (data["added"], data["matching"], data["not_known"]) == (["XN"], [f"{after}:1"], [f"{unknown}:1"])
    found = queries.matching(viewer=MINISTER, moratorium=made.id)
    said = [(m.subject, m.act, m.then, m.now, m.is_breach) for m in found.found]
    assert said == [(m, "issue", t, t, True) for m, t in sorted([(after, True), (unknown, None)])]
    early = queries.matching(viewer=MINISTER, moratorium=made.id, known=None, on=TODAY)
    assert {m.now for m in early.found} == {False}
    assert before not in {m.subject for m in found.found}
    with pytest.raises(AbsentError):
        queries.matching(viewer=READER, moratorium=made.id)


def test_a_later_member_leaves_earlier_grants_as_no_breach() -> None:
    made = moratorium()
    licence = draft("GBSIEL/2024/0000002/P", destination="XN")
    issue(licence)
    ground.later(days=5)
    changed = perform(
        actions.change_moratorium_destinations,
        MANAGER,
        moratorium=made.id,
        add=("XN",),
        effective_on=TODAY + timedelta(days=5),
        reasons="Norland joined the operations today.",
        expected_version=1,
    ).result
    assert changed.matching == (f"{licence}:1",)
    (match,) = queries.matching(viewer=MINISTER, moratorium=made.id).found
    assert (match.then, match.now, match.is_breach) == (False, True, False)


def test_the_set_of_destinations_is_dated_and_as_known() -> None:
    made = moratorium("XV", "XT")
    then = ground.now()
    ground.later(days=10)
    perform(
        actions.change_moratorium_destinations,
        MINISTER,
        moratorium=made.id,
        add=("XN",),
        remove=("XT",),
        effective_on=TODAY + timedelta(days=5),
        reasons="Tarsis left and Norland joined on 27 November.",
        expected_version=1,
    )
    seen = queries.restriction(viewer=READER, id=made.id)
    assert (seen.destinations, seen.legal_basis, seen.withheld[0]) == (("XN", "XV"), None, "legal_basis")
    assert queries.restriction(viewer=MINISTER, id=made.id, on=TODAY).destinations == ("XT", "XV")
    ground.later(seconds=5)
    day = TODAY + timedelta(days=10)
    assert queries.restriction(viewer=MINISTER, id=made.id, on=day, known=then).destinations == ("XT", "XV")
    assert queries.restriction(viewer=MINISTER, id=made.id, on=day).legal_basis == BASIS


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"add": ("XV",)}, "add"),
        ({"remove": ("XN",)}, "remove"),
        ({"add": ("Nowhereland",)}, "add"),
        ({}, "add"),
        ({"add": ("XN",), "effective_on": TODAY - timedelta(days=1)}, "effective_on"),
    ],
)
def test_a_set_of_destinations_is_not_changed_into_nonsense(changes: dict[str, Any], field: str) -> None:
    made = moratorium()
    given = {"effective_on": TODAY, "reasons": WHY, "expected_version": 1, "moratorium": made.id}
    with pytest.raises(InvalidError) as refused:
        perform(actions.change_moratorium_destinations, MINISTER, **given | changes)
    assert list(refused.value.fields) == [field]


def test_a_destination_is_taken_out_by_whoever_may_lift_the_moratorium() -> None:
    made = moratorium("XV", "XT")
    given: dict[str, Any] = {"moratorium": made.id, "effective_on": TODAY, "reasons": WHY, "expected_version": 1}
    with pytest.raises(RefusedError, match=r"restrictions\.lift_moratorium"):
        perform(actions.change_moratorium_destinations, MANAGER, remove=("XT",), **given)
    perform(actions.change_moratorium_destinations, MINISTER, remove=("XT",), **given)


def test_a_hold_stands_on_pending_cases_until_it_is_lifted_and_shows_when_overdue() -> None:
    hold = perform(
        actions.place_hold, MANAGER, destination="XV", reasons=WHY, review_by=TODAY + timedelta(days=7)
    ).result
    (held,) = queries.held("XV", TODAY)
    assert (held.id, held.since, queries.held("XN", TODAY)) == (hold.id, TODAY, ())
    with pytest.raises(ConflictError, match="are held for this already"):
        perform(actions.place_hold, MANAGER, destination="XV", reasons=WHY, review_by=TODAY + timedelta(days=9))
    ground.later(days=8)
    assert queries.overdue() == ((hold.id, Kind.HOLD, TODAY + timedelta(days=7)),)
    assert queries.held("XV", TODAY + timedelta(days=8)) == (held,)
    perform(actions.lift_hold, MANAGER, hold=hold.id, reasons="The review is done.", expected_version=1)
    assert queries.held("XV", TODAY + timedelta(days=8)) == ()
    assert queries.held("XV", TODAY) == (held,)
    with pytest.raises(ConflictError, match="is over already"):
        perform(actions.lift_hold, MANAGER, hold=hold.id, reasons="Once more.", expected_version=2)


def test_a_proposed_exemption_is_known_to_officials_alone() -> None:
    exemption = proposal()
    assert queries.restriction(viewer=MINISTER, id=exemption).in_force is False
    with pytest.raises(AbsentError):
        queries.restriction(viewer=READER, id=exemption)
    assert queries.restrictions(viewer=READER).items == ()
    announce(exemption)
    seen = queries.restriction(viewer=READER, id=exemption)
    assert (seen.in_force, seen.reasons, seen.scope_words) == (
        True,
        None,
        "licence_type is standard_temporary",
    )
    assert [r.id for r in queries.restrictions(viewer=READER).items] == [exemption]


def test_the_tables_are_what_the_events_make_of_them() -> None:
    made = moratorium("XV", "XT")
    perform(
        actions.change_moratorium_destinations,
        MINISTER,
        moratorium=made.id,
        remove=("XT",),
        effective_on=TODAY,
        reasons="Tarsis takes no part.",
        expected_version=1,
    )
    announce(proposal())
    perform(actions.place_hold, MANAGER, destination="XV", reasons=WHY, review_by=TODAY + timedelta(days=7))
    assert list(run_replays()) == []
    found = [d.where for d in _changed(made.id)]
    assert found == [f"restriction {made.id}"]


def _changed(moratorium_id: str) -> list[Any]:
    """What fsck says once a row was changed behind its back."""
    with action_door(), transaction.atomic():
        Restriction.objects.filter(public_id=moratorium_id).update(scope="")
    return list(run_replays())


def test_whoever_issues_waits_for_whoever_sets_a_moratorium(casework: Casework) -> None:
    """Either the licence was issued before the moratorium was set, or it was refused: never both allowed."""
    licences = [draft(f"GBSIEL/2024/000003{n}/P") for n in range(4)]
    results: list[str] = []
    start = threading.Barrier(5)

    def work(task: Any) -> None:
        start.wait()
        try:
            task()
            results.append("issued")
        except MoratoriumError:
            results.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(lambda one=one: issue(one),)) for one in licences]

    def set_it() -> None:
        start.wait()
        moratorium()
        connections.close_all()

    setter = threading.Thread(target=set_it)
    for thread in (*threads, setter):
        thread.start()
    for thread in (*threads, setter):
        thread.join()
    order = list(
        Entry.objects.filter(event__in=("register.LicenceIssued", "restrictions.MoratoriumSet"))
        .order_by("place__seq")
        .values_list("event", flat=True)
    )
    assert len(results) == 4
    assert "register.LicenceIssued" not in order[order.index("restrictions.MoratoriumSet") + 1 :]
    assert order.count("register.LicenceIssued") == results.count("issued")


def test_what_was_granted_earlier_on_its_first_day_was_not_under_it() -> None:
    licence = draft()
    issue(licence)
    ground.later(hours=1)
    made = moratorium()
    assert made.matching == (f"{licence}:1",)
    (match,) = queries.matching(viewer=MINISTER, moratorium=made.id).found
    assert (match.then, match.now, match.is_breach) == (False, True, False)
