"""Who acts on a licence or a measure while a question about it is open says why the answer is not awaited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from penholder.actions.action import perform
from penholder.actions.errors import InvalidError
from penholder.actions.replay import run_replays
from penholder.actions.values import SYSTEM, Actor, ActorKind
from penholder.ledger.door import migration_door
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Entry
from penholder.publication.web.words import field_words as on_the_public_site
from penholder.register import actions as register
from penholder.register.models import Licence
from penholder.register.open_questions import open_questions
from penholder.register.timeline import timeline
from penholder.register.values import LineStatus
from penholder.register.web.questions import rows_of
from penholder.register.web.words import withheld_words
from penholder.restrictions import actions, queries
from penholder.restrictions.actions.gates import GivenGate
from penholder.restrictions.models import Step
from penholder.restrictions.values import StepKind
from penholder.review.models import Circumstance
from penholder.review.models import Decision as DecisionOnChange
from penholder.review.stakes import changes as changes_of
from tests import register_ground as ground
from tests.casework import Casework, SettingsOfTest
from tests.decision_ground import Decision, assessed
from tests.decision_ground import at as on_the_day
from tests.register_ground import enter, issued, suspend, terms

WHY = "The field hospital needs it before the answer is due."
LIMB = "uk-selc-2021/2c"
TODAY = date(2024, 4, 8)


def officer(name: str, *roles: str) -> Actor:
    return Actor(f"P-{name}", ActorKind.PERSON, frozenset(roles))


MINISTER, PENHOLDER = officer("minister", "decider"), officer("penholder", "penholder")
DESK, MANAGER = officer("desk", "reception"), officer("manager", "licensing_manager")
SENIOR, THIRD = officer("senior", "licensing_manager"), officer("third", "licensing_manager")
READER = officer("reader", "auditor")


@pytest.fixture(autouse=True)
def installation(
    casework: Casework, settings_of_test: SettingsOfTest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    settings_of_test.set("PENHOLDER_CLOCK", "tests.case_ground.now")
    settings_of_test.set("PENHOLDER_REACTIONS", "inline")
    for name, actor in (("DESK", DESK), ("MANAGER", MANAGER), ("SENIOR", SENIOR)):
        monkeypatch.setattr(ground, name, actor)
    on_the_day(TODAY)
    return iter([None])


def ask(target: str) -> str:
    """A question about it is open; gives its id."""
    gate = GivenGate(id="GT-" + "1" * 26, target=target, question="Is it so?", since=TODAY, level="owner")
    perform(actions.import_gates, SYSTEM, made_on=TODAY, gates=(gate,))
    return gate.id


def licence_of_velmora(**changes: Any) -> str:
    return issued("GBSIEL/2024/0000001/P", terms(destination="XV", **changes), decided_on=TODAY, valid_from=TODAY)


def reinstated(licence: str, **more: Any) -> Any:
    return perform(
        register.reinstate_lines, THIRD, licence=licence, lines=(1,), reasons=WHY, effective_on=TODAY, **more
    )


def suspended() -> tuple[str, dict[str, Any]]:
    licence = licence_of_velmora()
    suspend(licence, 1, by=MANAGER, effective_on=TODAY, review_by=TODAY + timedelta(days=9))
    return licence, {"expected_version": 3}


def revoked(licence: str, **more: Any) -> Any:
    given: dict[str, Any] = {"lines": (1,), "limb": LIMB, "reasons": WHY, "effective_on": TODAY}
    return perform(register.revoke_lines, THIRD, licence=licence, **given, **more)


def in_force() -> tuple[str, dict[str, Any]]:
    return licence_of_velmora(), {"expected_version": 2}


def amended(licence: str, **more: Any) -> Any:
    new = terms(destination="XV", quantity_limit=Decimal(50))
    given: dict[str, Any] = {"line": 1, "terms": new, "reasons": WHY, "effective_on": TODAY}
    return perform(register.amend_line, THIRD, licence=licence, **given, **more)


def draft() -> tuple[str, dict[str, Any]]:
    licence = enter("GBSIEL/2024/0000001/P", terms(destination="XV"), decided_on=TODAY, valid_from=TODAY)
    return licence, {"expected_version": 1}


def issued_by_third(licence: str, **more: Any) -> Any:
    return perform(register.issue_licence, THIRD, licence=licence, effective_on=TODAY, **more)


REGISTER = [
    (draft, issued_by_third, "LicenceIssued"),
    (suspended, reinstated, "LinesReinstated"),
    (in_force, revoked, "LinesRevoked"),
    (in_force, amended, "LineAmended"),
]


@pytest.mark.parametrize(("ground_of", "act", "event"), REGISTER)
@pytest.mark.parametrize("about", ["licence", "XV"])
def test_an_act_on_a_licence_says_why_it_does_not_wait_for_the_answer(
    ground_of: Any, act: Any, event: str, about: str
) -> None:
    licence, given = ground_of()
    assert open_questions(licence) == ()
    gate = ask(licence if about == "licence" else about)
    assert [g.id for g in open_questions(licence)] == [gate]
    with pytest.raises(InvalidError) as refused:
        act(licence, **given)
    assert dict(refused.value.fields) == {"gate_reasons": f"is needed: a question about it is open: {gate}"}
    with pytest.raises(InvalidError) as refused:
        act(licence, **given, gate_reasons="n/a")
    assert set(refused.value.fields) == {"gate_reasons"}
    assert not Entry.objects.filter(event=f"register.{event}", about=licence).exists()
    act(licence, **given, gate_reasons=WHY)
    (entry,) = Entry.objects.filter(event=f"register.{event}", about=licence)
    assert not {"gates", "gate_reasons"} & set(LedgerEntry.from_bytes(entry.body.encode()).data)
    happened = next(h for h in timeline(viewer=READER, licence=licence) if h.event == f"register.{event}")
    assert (happened.fields["gates"], happened.fields["gate_reasons"]) == ([gate], WHY)
    rows = dict(rows_of(happened.fields))
    assert rows["Questions that were open about it"] == "Is it so? (since 8 April 2024)"
    assert rows["Why their answer was not awaited"] == WHY
    assert list(run_replays()) == []


def test_where_no_question_is_open_about_it_none_is_asked() -> None:
    licence, given = suspended()
    ask("XT")
    reinstated(licence, **given)
    happened = next(h for h in timeline(viewer=READER, licence=licence) if h.event == "register.LinesReinstated")
    assert (happened.fields["gates"], happened.fields["gate_reasons"]) == ([], "")
    assert "Questions that were open about it" not in dict(rows_of(happened.fields))


def test_whoever_may_not_know_of_a_question_reads_only_that_it_is_not_said_whether_one_was_open() -> None:
    """Withheld of every act, with a question and without: the words do not say that there was one."""
    said = {"whether questions were open about it", "if so, why their answer was not awaited"}
    licence, version = suspended()
    reinstated(licence, **version)
    happened = next(
        h for h in timeline(viewer=ground.OWNER, licence=licence) if h.event == "register.LinesReinstated"
    )
    assert set(withheld_words(happened)) >= said
    assert {on_the_public_site(n) for n in ("gates", "gate_reasons")} == said


def test_a_question_about_the_place_to_which_new_terms_go_is_asked_too() -> None:
    licence, given = in_force()
    gate = ask("XN")
    new: dict[str, Any] = {"line": 1, "terms": terms(destination="XV", onward="XN"), "reasons": WHY}
    given |= {"effective_on": TODAY, "licence": licence} | new
    with pytest.raises(InvalidError, match="is open") as refused:
        perform(register.amend_line, THIRD, **given)
    assert gate in refused.value.fields["gate_reasons"]


def test_a_question_about_a_version_of_the_assessment_of_the_place_is_one_about_the_licence() -> None:
    version = assessed("XV")
    on_the_day(TODAY)
    licence, given = suspended()
    gate = ask(version)
    with pytest.raises(InvalidError):
        reinstated(licence, **given)
    reinstated(licence, **given, gate_reasons=WHY)
    assert [g.id for g in open_questions(licence)] == [gate]


def test_a_question_about_the_case_or_its_decision_is_one_about_the_licence() -> None:
    story = Decision().advised()
    story.propose()
    story.sign()
    decision = story.decide()
    licence = Licence.objects.get().public_id
    for target in (story.id, decision):
        gate = ask(target)
        assert [g.id for g in open_questions(licence)] == [gate]
    assert list(changes_of(subjects=frozenset({licence}), places=frozenset(), on=TODAY)) == []
    assert not Circumstance.objects.exists()


def test_the_system_does_what_was_decided_and_is_not_asked() -> None:
    licence, given = in_force()
    gate = ask(licence)
    more: dict[str, Any] = {"lines": (1,), "limb": LIMB, "reasons": WHY, "effective_on": TODAY, **given}
    perform(register.revoke_lines, SYSTEM, licence=licence, **more)
    happened = next(h for h in timeline(viewer=READER, licence=licence) if h.event == "register.LinesRevoked")
    assert (happened.fields["after"], happened.fields["gates"]) == (LineStatus.REVOKED, [gate])


def moratorium() -> str:
    made: str = perform(
        actions.set_moratorium, MINISTER, destinations=("XV",), limb=LIMB, legal_basis="Section 9 of the Act.",
        reasons=WHY, valid_from=TODAY, review_by=TODAY + timedelta(days=90),
    ).result.id  # fmt: skip
    return made


def lifted(measure: str, **more: Any) -> Any:
    given: dict[str, Any] = {"lifted_on": TODAY, "reasons": WHY, "expected_version": 1}
    return perform(actions.lift_moratorium, MINISTER, moratorium=measure, **given, **more)


def enlarged(measure: str, **more: Any) -> Any:
    given: dict[str, Any] = {"effective_on": TODAY, "add": ("XT",), "reasons": WHY, "expected_version": 1}
    return perform(actions.change_moratorium_destinations, MINISTER, moratorium=measure, **given, **more)


def proposed() -> str:
    made: str = perform(
        actions.propose_exemption, PENHOLDER, limb=LIMB, scope="in: {destination: [XV]}", reasons=WHY,
        legal_basis="Section 9 of the Act.", advice_for="Health: the hospital has no power.",
        review_by=TODAY + timedelta(days=60),
    ).result.id  # fmt: skip
    return made


def announced(measure: str, **more: Any) -> Any:
    given: dict[str, Any] = {"announced_on": TODAY, "announced_where": "Statement 114", "expected_version": 1}
    return perform(actions.announce_exemption, MINISTER, exemption=measure, **given, **more)


MEASURES = [
    (moratorium, lifted, StepKind.LIFT),
    (moratorium, enlarged, StepKind.ADD),
    (proposed, announced, StepKind.ANNOUNCE),
]


@pytest.mark.parametrize(("make", "act", "step"), MEASURES)
@pytest.mark.parametrize("about", ["measure", "XV"])
def test_an_act_on_a_measure_says_why_it_does_not_wait_for_the_answer(
    make: Any, act: Any, step: StepKind, about: str
) -> None:
    measure = make()
    gate = ask(measure if about == "measure" else about)
    assert [g.id for g in queries.open_questions(measure)] == [gate]
    with pytest.raises(InvalidError) as refused:
        act(measure)
    assert dict(refused.value.fields) == {"gate_reasons": f"is needed: a question about it is open: {gate}"}
    act(measure, gate_reasons=WHY)
    seen = queries.restriction(viewer=READER, id=measure).steps[-1]
    assert (seen.kind, seen.gates, seen.gate_reasons) == (step, (gate,), WHY)
    public = queries.restriction(viewer=officer("holder", "exporter_reader"), id=measure).steps[-1]
    assert (public.gates, public.gate_reasons) == (None, None)
    entry = Entry.objects.filter(about=measure).order_by("-id")[0]
    assert not {"gates", "gate_reasons"} & set(LedgerEntry.from_bytes(entry.body.encode()).data)
    assert list(run_replays()) == []


def test_the_database_too_refuses_a_step_of_a_measure_that_leaves_an_open_question_without_reasons() -> None:
    measure = proposed()
    gate = ask(measure)
    announced(measure, gate_reasons=WHY)
    written = Step.objects.filter(restriction__public_id=measure, gates=[gate])
    assert written.count() == 1
    with pytest.raises(IntegrityError), migration_door(), transaction.atomic():
        written.update(gate_reasons="")
    with migration_door(), transaction.atomic():
        written.update(gate_reasons="Another reason.")


@pytest.mark.parametrize("table", [Step, DecisionOnChange])
def test_the_tables_of_measures_and_of_changes_have_the_constraint_of_decisions(table: type[models.Model]) -> None:
    rules = [c for c in table._meta.constraints if c.name.endswith("_gate_has_reasons")]
    assert len(rules) == 1
    rules[0].validate(table, table(gates=["GT-1"], gate_reasons=WHY))
    rules[0].validate(table, table(gates=[], gate_reasons=""))
    with pytest.raises(ValidationError):
        rules[0].validate(table, table(gates=["GT-1"], gate_reasons=""))


def test_a_question_about_a_destination_that_is_added_or_about_its_assessment_is_asked() -> None:
    version = assessed("XT")
    on_the_day(TODAY)
    measure = moratorium()
    for target in ("XT", version):
        gate = ask(target)
        with pytest.raises(InvalidError) as refused:
            enlarged(measure)
        assert gate in refused.value.fields["gate_reasons"]
    assert queries.open_questions(measure) == ()
    lifted(measure)
