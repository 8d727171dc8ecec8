"""Story, parts 1 and 2: apply, ask, rate, screen, advise, dissent."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner
from django.apps import apps

from penholder.actions.action import perform
from penholder.actions.errors import (
    AbsentError,
    ConflictError,
    InvalidError,
    RefusedError,
)
from penholder.assessment.values import Finding
from penholder.casework import actions, queries
from penholder.casework.assurances import Promise, assurances
from penholder.casework.clock import clock_rules
from penholder.casework.errors import IncompleteError
from penholder.casework.machine import departments, machine
from penholder.casework.parts import Rating
from penholder.casework.signatures import second_rules
from penholder.casework.values import (
    CaseStatus,
    Incorporated,
    MatchVerdict,
    PartyRole,
    PlaceMatch,
    Recommendation,
)
from penholder.cli.cases import command
from penholder.kernel.home import VARIABLE
from penholder.ledger.models import Entry
from penholder.people import actions as people
from penholder.people.models import User
from penholder.restrictions import actions as restrictions
from tests import case_ground as ground
from tests import people_ground
from tests.case_ground import (
    ADMINISTRATOR,
    ASSESSOR,
    AUDITOR,
    COMPLIANCE,
    CUSTOMS,
    DECIDER,
    EXPORTER,
    FIRM,
    LIMB,
    MANAGER,
    RECEPTION,
    REVIEWER,
    START,
    STRANGER,
    Story,
    finding,
)
from tests.casework import Casework

pytestmark = pytest.mark.usefixtures("cases", "tables_are_what_the_ledger_says")


# story: An exporter drafts and submits a standard individual application: two goods lines, a party with an
# undertaking (a file), a route by way of a third state that incorporates the goods.
def test_an_exporter_drafts_and_submits_an_application() -> None:
    story = Story().submit()
    seen = story.seen(EXPORTER)
    assert seen.status is CaseStatus.SUBMITTED
    assert [g.description for g in seen.application.goods] == [
        "Pump parts for patrol aircraft",
        "Test sets for pumps",
    ]
    assert [(leg.place, leg.act) for leg in seen.application.route] == [("XN", "incorporate"), ("XV", "deliver")]
    assert seen.application.parties[0].undertaking.file.startswith("UN-")
    assert seen.missing == ()
    assert [v.number for v in seen.versions] == [1, 2, 3, 4, 5, 6]
    assert [v.number for v in seen.versions if v.is_submitted] == [6]


# story: Missing answers are listed before submission.
# story: submit is refused while answers are missing, with the same list
def test_missing_answers_are_listed_and_submitting_is_refused_with_the_same_list() -> None:
    story = Story()
    story.export(actions.set_goods, goods=(ground.line(incorporated=Incorporated.NOT_KNOWN),))
    listed = {m.field: m.words for m in story.seen(EXPORTER).missing}
    assert listed["goods.1.incorporated"] == "line 1: say whether the goods become part of another product"
    assert {"parties.end_user", "route", "end_use.intended", "declaration"} <= listed.keys()
    with pytest.raises(IncompleteError) as refused:
        story.export(actions.submit_application)
    assert refused.value.fields == listed
    assert story.seen(EXPORTER).status is CaseStatus.DRAFT


# story: types other than standard individual are refused by name
def test_other_licence_types_are_refused_by_name() -> None:
    with pytest.raises(InvalidError) as refused:
        Story(licence_type="open_individual")
    assert refused.value.fields == {"licence_type": "Open individual export licence is not yet handled"}
    assert "Standard individual export licence, temporary (standard_temporary)" in refused.value.message


def test_every_change_is_a_version_and_takes_the_declaration_back() -> None:
    story = Story().fill()
    story.export(actions.declare_application)
    assert story.seen(EXPORTER).application.declared
    changed = (replace(ground.goods()[0], quantity=Decimal(20)), ground.goods()[1])
    story.export(actions.set_goods, goods=changed)
    assert [m.field for m in story.seen(EXPORTER).missing] == ["declaration"]
    diff = queries.application_difference(viewer=EXPORTER, case=story.id, before=6, after=7)
    assert [(c.field, c.before, c.after) for c in diff.changes] == [
        ("goods.1.quantity", "12", "20"),
        ("declared", "yes", "no"),
    ]


def test_an_application_that_says_the_same_makes_no_version() -> None:
    story = Story().fill()
    with pytest.raises(ConflictError, match="says this already"):
        story.export(actions.set_goods, goods=ground.goods())


def test_two_people_of_the_exporter_do_not_overwrite_each_other() -> None:
    story = Story()
    story.export(actions.set_goods, goods=ground.goods())
    with pytest.raises(ConflictError, match="it is at version 2, not 1"):
        story.export(actions.set_goods, goods=(), expected_version=1)


# Need to know.


def test_a_draft_is_the_exporters_alone() -> None:
    story = Story().fill()
    for viewer in (STRANGER, MANAGER, AUDITOR, DECIDER, RECEPTION):
        with pytest.raises(AbsentError):
            story.seen(viewer)
        assert queries.cases(viewer=viewer).items == ()
    assert [c.id for c in queries.cases(viewer=EXPORTER).items] == [story.id]


def test_another_exporter_never_learns_of_a_case_and_cannot_act_on_it() -> None:
    story = Story().submit()
    with pytest.raises(AbsentError):
        story.seen(STRANGER)
    for act, given in (
        (actions.set_goods, {"goods": ()}),
        (actions.withdraw_application, {"reasons": "No longer needed by us."}),
        (actions.submit_application, {}),
    ):
        with pytest.raises(AbsentError):
            story.export(act, STRANGER, **given)


def test_nobody_applies_for_a_firm_for_which_they_do_not_act() -> None:
    with pytest.raises(InvalidError) as refused:
        perform(
            actions.start_application,
            STRANGER,
            licence_type="standard_permanent",
            title="Pumps",
            organisation=FIRM,
        )
    assert list(refused.value.fields) == ["organisation"]


# story: An exporter cannot see internal advice
def test_the_exporter_sees_neither_advice_nor_where_the_case_stands_inside() -> None:
    story = Story().circulate()
    story.advise("foreign_affairs", finding(Finding.CLEAR_RISK), recommendation=Recommendation.REFUSE)
    seen = story.seen(EXPORTER)
    assert (seen.inside, seen.status) == (None, CaseStatus.UNDER_REVIEW)
    assert seen.version == seen.application_version
    assert "clear" not in repr(seen).replace("clearances", "")
    row = queries.cases(viewer=EXPORTER).items[0]
    assert (row.awaited, row.unjudged, row.status) == ((), 0, CaseStatus.UNDER_REVIEW)
    for status in (CaseStatus.DEPARTMENTS_ADVISING, CaseStatus.FOR_DECISION):
        assert queries.cases(viewer=EXPORTER, status=status).items == ()
    assert len(queries.cases(viewer=EXPORTER, status=CaseStatus.UNDER_REVIEW).items) == 1
    with pytest.raises(AbsentError):
        queries.limbs(viewer=EXPORTER, case=story.id)
    customs = story.seen(CUSTOMS)
    assert (customs.inside, customs.status) == (None, CaseStatus.UNDER_REVIEW)


def test_a_file_of_another_case_is_not_taken_over() -> None:
    first = Story().fill()
    file = first.seen(EXPORTER).application.parties[0].undertaking.file
    other = Story("Other goods")
    party = replace(ground.parties()[0], undertaking=ground.undertaking(file=file))
    with pytest.raises(InvalidError) as refused:
        other.export(actions.set_parties, parties=(party,))
    assert refused.value.fields == {"parties.0.undertaking.file": "is the file of another act: send it again"}
    party = replace(party, undertaking=ground.undertaking(file=f"UN-{'b' * 26}.{'0' * 64}"))
    with pytest.raises(InvalidError):
        other.export(actions.set_parties, parties=(party,))


# Questions and clocks.


# story: A question to the exporter pauses the clock.
def test_a_question_pauses_the_clock_and_elapsed_days_go_on() -> None:
    story = Story().accept()
    ground.at(date(2024, 4, 10), 12)  # Wednesday of the first week: Monday and Tuesday count
    assert (story.seen().clock.counted, story.seen().clock.elapsed) == (2, 2)
    story.do(actions.ask_exporter, RECEPTION, text="Which aircraft are the pumps for?")
    ground.at(date(2024, 4, 17), 12)
    clock = story.seen().clock
    assert (clock.counted, clock.paused, clock.elapsed, clock.state) == (2, 5, 9, "paused")
    question = story.seen(EXPORTER).questions[0]
    assert (question.text, question.due_on) == ("Which aircraft are the pumps for?", date(2024, 5, 7))
    perform(actions.answer_question, EXPORTER, case=story.id, question=question.id, text="Eight of type PA-3.")
    ground.at(date(2024, 4, 19), 12)
    clock = story.seen().clock
    assert (clock.counted, clock.paused, clock.elapsed, clock.state) == (4, 5, 11, "running")
    assert clock.due_on == date(2024, 5, 10)


def test_the_last_day_for_an_answer_is_bounded() -> None:
    story = Story().accept()
    last = date(2024, 6, 28)  # Monday 8 April is the first of sixty working days
    for far in (last + timedelta(days=1), date(9999, 12, 31)):
        with pytest.raises(InvalidError) as refused:
            story.do(actions.ask_exporter, RECEPTION, text="Which aircraft are the pumps for?", due_on=far)
        assert refused.value.message == f"the last day for the answer, {far}, is more than 60 working days ahead"
        assert refused.value.fields == {"due_on": f"must be {last} or before"}
    with pytest.raises(InvalidError) as refused:
        story.do(actions.ask_exporter, RECEPTION, text="Which aircraft are the pumps for?", due_on=START)
    assert refused.value.fields == {"due_on": "must be after today"}
    story.do(actions.ask_exporter, RECEPTION, text="Which aircraft are the pumps for?", due_on=last)
    assert story.seen(EXPORTER).questions[0].due_on == last


def test_from_the_day_after_the_last_day_for_an_answer_the_clock_goes_on_answered_or_not() -> None:
    story = Story().accept()
    ground.at(date(2024, 4, 10), 12)  # Monday and Tuesday count
    story.do(actions.ask_exporter, RECEPTION, text="Which aircraft are the pumps for?", due_on=date(2024, 4, 16))
    ground.at(date(2024, 4, 16), 20)  # the last day, after the cut-off
    clock = story.seen().clock
    assert (clock.counted, clock.paused, clock.state) == (2, 5, "paused")
    ground.at(date(2024, 4, 17), 0)
    assert story.seen().clock.state == "running"
    ground.at(date(2024, 4, 18), 20)
    clock = story.seen().clock
    assert (clock.counted, clock.paused, clock.state) == (4, 5, "running")
    question = story.seen().questions[0]
    assert question.is_overdue
    perform(actions.answer_question, EXPORTER, case=story.id, question=question.id, text="Eight of type PA-3.")
    ground.at(date(2024, 4, 19), 20)
    clock = story.seen().clock
    assert (clock.counted, clock.paused, clock.state) == (5, 5, "running")


# story: questions in turn stop the clock of a case for so many days, and no longer
def test_question_after_question_stops_the_clock_no_longer_than_the_table_allows() -> None:
    story = Story().accept()
    # Each question is open from the 10th of a month to the 8th of the next: 20 working days, as good as all.
    for month in (4, 5, 6):
        ground.at(date(2024, month, 10), 12)
        said = story.do(actions.ask_exporter, RECEPTION, text="Which aircraft are the pumps for?").said
        assert said == ()
        ground.at(date(2024, month + 1, 9), 12)
        question = story.seen().questions[-1].id
        perform(actions.answer_question, EXPORTER, case=story.id, question=question, text="Eight of type PA-3.")
    ground.at(date(2024, 7, 9), 20)
    clock = story.seen().clock
    assert (clock.paused, clock.most_paused, clock.state, clock.is_paused_out) == (60, 60, "running", True)
    counted = clock.counted
    said = story.do(actions.ask_exporter, RECEPTION, text="Which aircraft are the pumps for?").said
    assert said == ("the clock runs on: questions have stopped it for 60 working days, as long as they may",)
    ground.at(date(2024, 7, 12), 20)
    clock = story.seen().clock
    assert (clock.counted - counted, clock.paused, clock.state) == (3, 60, "running")


def test_tables_of_casework_are_read_at_start() -> None:
    tables = (clock_rules, second_rules, machine, departments)
    for table in tables:
        table.cache_clear()
    apps.get_app_config("casework").ready()
    assert [table.cache_info().currsize for table in tables] == [1, 1, 1, 1]


def test_an_overdue_question_is_shown_and_its_answer_is_taken_all_the_same() -> None:
    story = Story().accept()
    story.do(actions.ask_exporter, RECEPTION, text="Which aircraft are the pumps for?", due_on=date(2024, 4, 12))
    ground.at(date(2024, 4, 12), 20)
    assert not story.seen().questions[0].is_overdue
    ground.at(date(2024, 4, 13))
    assert story.seen().questions[0].is_overdue
    assert queries.cases(viewer=MANAGER).items[0].overdue_questions == 1
    question = story.seen().questions[0].id
    perform(actions.answer_question, EXPORTER, case=story.id, question=question, text="Eight of type PA-3.")
    answered = story.seen().questions[0]
    assert (answered.is_overdue, answered.answer) == (False, "Eight of type PA-3.")
    with pytest.raises(ConflictError, match="answered already"):
        perform(actions.answer_question, EXPORTER, case=story.id, question=question, text="Nine of them.")


def test_a_submitted_application_changes_only_while_a_question_is_open_and_must_be_declared_again() -> None:
    story = Story().accept()
    more = (*ground.goods(), ground.line(description="Seals for pumps"))
    with pytest.raises(ConflictError, match="only while a question to you is open"):
        story.export(actions.set_goods, goods=more)
    story.do(actions.ask_exporter, RECEPTION, text="Are seals among the goods?")
    story.export(actions.set_goods, goods=more)
    question = story.seen(EXPORTER).questions[0].id
    with pytest.raises(IncompleteError) as refused:
        perform(actions.answer_question, EXPORTER, case=story.id, question=question, text="Yes, line 3.")
    assert list(refused.value.fields) == ["declaration"]
    story.export(actions.declare_application)
    perform(actions.answer_question, EXPORTER, case=story.id, question=question, text="Yes, line 3.")
    with pytest.raises(ConflictError):
        story.export(actions.set_goods, goods=ground.goods())


# Rating.


# story: A technical assessor rates the goods
def test_a_rating_may_differ_from_what_was_stated_and_then_needs_why() -> None:
    story = Story().accept()
    rating = Rating(line=1, ratings=("ML10a",), summary="Components for combat aircraft")
    with pytest.raises(InvalidError) as refused:
        story.do(actions.rate_goods, ASSESSOR, ratings=(rating,))
    assert list(refused.value.fields) == ["ratings.0.differs"]
    story.do(actions.rate_goods, ASSESSOR, ratings=(replace(rating, differs="The pumps fit no civil aircraft."),))
    seen = story.seen().inside.ratings[0]
    assert (seen.stated, seen.rating.ratings, seen.differs) == (("ML10",), ("ML10a",), True)
    assert [f.ratings for f in queries.case_facts(story.id)] == [("ML10a",), None]


# story: the technical assessor may not decide
def test_the_assessor_rates_and_does_nothing_else() -> None:
    story = Story().accept()
    rating = Rating(line=1, ratings=("ML10",), summary="Pumps")
    for act, given in (
        (actions.circulate_case, {"departments": ("defence",), "due_on": date(2024, 5, 1)}),
        (actions.screen_parties, {}),
        (actions.accept_case, {}),
    ):
        with pytest.raises(RefusedError):
            story.do(act, ASSESSOR, **given)
    with pytest.raises(RefusedError):
        story.do(actions.rate_goods, RECEPTION, ratings=(rating,))


def test_a_rating_counts_only_for_the_line_as_it_was_rated() -> None:
    story = Story().accept().rate()
    story.do(actions.ask_exporter, RECEPTION, text="How many are there?")
    changed = (replace(ground.goods()[0], quantity=Decimal(20)), ground.goods()[1])
    story.export(actions.set_goods, goods=changed)
    assert [r.is_current for r in story.seen().inside.ratings] == [False, True]
    assert [f.ratings for f in queries.case_facts(story.id)] == [None, ("ML14",)]


# Screening.


def test_a_list_is_loaded_as_one_act_that_counts_every_row() -> None:
    loaded = ground.load_list().result
    assert (loaded.read, loaded.loaded) == (5, 2)
    assert loaded.reasons == {"key_given_twice": 1, "no_name": 1, "of_a_person": 1}
    assert loaded.read == loaded.loaded + sum(loaded.reasons.values())
    found = queries.party_lists(viewer=AUDITOR)[0]
    assert (found.name, found.in_force, found.reasons) == ("Denials of partner states", True, loaded.reasons)
    assert queries.party_lists(viewer=EXPORTER) == ()


# story: parties are screened against a list (rapidfuzz, explained score, decided by a person)
def test_a_match_explains_itself_and_a_person_decides() -> None:
    story = Story().accept().rate()
    ground.load_list()
    story.do(actions.screen_parties, MANAGER)
    screening = story.seen().inside.screening
    found = screening.matches[0].match
    assert (found.party, found.role, found.spelling, found.score) == (
        "Tarn Air Works Ltd", PartyRole.CONSIGNEE, "Tarn Air Works", 100,
    )  # fmt: skip
    assert (found.same_words, found.other_words) == (("tarn", "air", "works"), ())
    assert (found.entry, found.entry_place, found.place) == ("D1", "XV", PlaceMatch.OTHER)
    assert (len(screening.matches), screening.unjudged, screening.matches[0].verdict) == (1, 1, None)
    with pytest.raises(InvalidError) as refused:
        story.judge(screening.matches[0].id, reasons="n/a")
    assert list(refused.value.fields) == ["reasons"]
    story.judge(screening.matches[0].id, MatchVerdict.CANNOT_SAY, reasons="The register of firms is closed.")
    assert story.seen().inside.screening.matches[0].verdict.verdict is MatchVerdict.CANNOT_SAY


# story: unjudged matches block the move to departments
def test_a_case_cannot_go_to_departments_while_a_match_is_not_judged() -> None:
    story = Story().accept().rate()
    story.desks = ground.Desks()
    asked = {"departments": ("defence",), "due_on": date(2024, 5, 2)}
    with pytest.raises(IncompleteError) as refused:
        story.do(actions.circulate_case, MANAGER, **asked)
    assert refused.value.fields == {"screening": "the parties were not screened"}
    ground.load_list()
    story.do(actions.screen_parties, MANAGER)
    with pytest.raises(IncompleteError) as refused:
        story.do(actions.circulate_case, MANAGER, **asked)
    assert list(refused.value.fields) == ["matches"]
    story.judge(story.seen().inside.screening.matches[0].id)
    story.do(actions.circulate_case, MANAGER, **asked)
    assert story.seen().status is CaseStatus.DEPARTMENTS_ADVISING


def test_a_new_list_asks_for_a_new_screening_and_verdicts_stand() -> None:
    story = Story().accept().rate().screen()
    judged = story.seen().inside.screening.matches[0].id
    ground.load_list(by=COMPLIANCE, as_of=date(2024, 4, 7))
    assert [o.what for o in story.seen().inside.open] == ["screening"]
    said = story.do(actions.screen_parties, COMPLIANCE).said
    assert said == ("no possible match waits",)
    screening = story.seen().inside.screening
    assert [(m.id, m.verdict.verdict) for m in screening.matches] == [(judged, MatchVerdict.OTHER)]
    assert story.seen().inside.open == ()


# Advice.


# story: two departments advise per criterion limb: one finds a clear risk on 2c, one does not
def test_two_departments_advise_and_differ() -> None:
    story = Story().circulate()
    story.advise("foreign_affairs", finding(Finding.CLEAR_RISK), recommendation=Recommendation.REFUSE)
    assert story.seen().status is CaseStatus.DEPARTMENTS_ADVISING
    assert story.seen().inside.awaited == ("defence",)
    story.advise("defence", finding(Finding.NO_CLEAR_RISK))
    seen = story.seen()
    assert seen.status is CaseStatus.FINAL_REVIEW
    limb = next(x for x in seen.inside.limbs if x.rule == LIMB)
    assert [(a.department, a.finding) for a in limb.addressed] == [
        ("foreign_affairs", Finding.CLEAR_RISK), ("defence", Finding.NO_CLEAR_RISK),
    ]  # fmt: skip
    assert limb.differs


# story: nobody edits another department's advice
def test_a_department_writes_its_own_advice_alone() -> None:
    story = Story().circulate()
    assert story.desks is not None
    for by in (story.desks["foreign_affairs"], ground.person("other", "adviser")):
        with pytest.raises(RefusedError, match="only members of the team Defence write its advice"):
            story.advise("defence", by=by)
    with pytest.raises(ConflictError, match="energy was not asked"):
        story.advise("energy", by=story.desks["defence"])


def test_new_advice_is_the_next_version_and_both_are_readable() -> None:
    story = Story().circulate()
    first = story.advise("defence", finding(Finding.NO_CLEAR_RISK))
    second = story.advise("defence", finding(Finding.INSUFFICIENT_INFORMATION))
    department = next(d for d in story.seen().inside.departments if d.id == "defence")
    assert [(v.id, v.advice.number, v.is_newest) for v in department.versions] == [
        (first, 1, False), (second, 2, True),
    ]  # fmt: skip
    assert department.versions[0].advice.findings[0].finding is Finding.NO_CLEAR_RISK


# story: "no clear risk" with open gaps needs reasons
def test_no_clear_risk_with_open_gaps_needs_reasons() -> None:
    story = Story().circulate()
    gaps = ("Which squadron would fly them is not known.",)
    with pytest.raises(InvalidError) as refused:
        story.advise("defence", finding(Finding.NO_CLEAR_RISK, gaps=gaps))
    assert list(refused.value.fields) == ["findings.0.gap_reasons"]
    story.advise("defence", finding(Finding.NO_CLEAR_RISK, gaps=gaps, gap_reasons="No squadron there is armed."))


# story: insufficient information is its own finding, never "no clear risk"
def test_insufficient_information_is_a_finding_of_its_own_and_names_what_is_not_known() -> None:
    story = Story().circulate()
    with pytest.raises(InvalidError) as refused:
        story.advise("defence", finding(Finding.INSUFFICIENT_INFORMATION, gaps=()))
    assert list(refused.value.fields) == ["findings.0.gaps"]
    unknown = replace(finding(Finding.INSUFFICIENT_INFORMATION), finding=Finding.NO_CLEAR_RISK, gaps=())
    with pytest.raises(InvalidError) as refused:
        story.advise("defence", unknown)
    assert list(refused.value.fields) == ["findings.0.finding"]


def test_evidence_that_is_not_there_cannot_be_cited() -> None:
    story = Story().circulate()
    with pytest.raises(InvalidError) as refused:
        story.advise("defence", finding(evidence=("IN-none", "AV-none")))
    said = refused.value.fields["findings.0.evidence"]
    assert said.startswith("there is no IN-none; AV-none cannot be cited")


def test_advice_is_waived_for_reasons_and_the_case_goes_on() -> None:
    story = Story().circulate()
    story.advise("foreign_affairs")
    with pytest.raises(InvalidError):
        story.do(actions.waive_advice, MANAGER, department="defence", reasons="tbc")
    ground.at(date(2024, 5, 3))
    assert [d.is_overdue for d in story.seen().inside.departments] == [False, True]
    story.do(actions.waive_advice, MANAGER, department="defence", reasons="No answer after two reminders.")
    seen = story.seen()
    assert (seen.status, seen.inside.departments[1].waived) == (
        CaseStatus.FINAL_REVIEW, "No answer after two reminders.",
    )  # fmt: skip


# story: For every limb of the rule set in force: addressed by whom, on what evidence; unaddressed limbs are listed
def test_question_9_lists_every_limb_and_those_that_nobody_addressed() -> None:
    story = Story().circulate()
    story.advise("defence", finding(), finding(Finding.NOT_ENGAGED, "uk-selc-2021/7"))
    found = queries.limbs(viewer=AUDITOR, case=story.id)
    assert found.rule_set == "uk-selc-2021"
    addressed = {x.rule: [(a.department, a.finding) for a in x.addressed] for x in found.limbs if x.is_addressed}
    assert addressed == {
        LIMB: [("defence", Finding.NO_CLEAR_RISK)], "uk-selc-2021/7": [("defence", Finding.NOT_ENGAGED)],
    }  # fmt: skip
    assert len(found.unaddressed) == len(found.limbs) - 2 == 16
    by_rule = {x.rule: x for x in found.limbs}
    assert by_rule[LIMB].caution == ""
    assert by_rule["uk-selc-2021/7"].caution == "text not verified against the official source"
    assert queries.limbs(viewer=AUDITOR, case=story.id, on=date(2014, 5, 1)).rule_set == "uk-cc-2014"


# Dissent.


# story: an officer records a dissent and gets a receipt
def test_a_dissent_is_in_the_ledger_at_once_and_its_author_gets_what_proves_it() -> None:
    story = Story().circulate()
    advice = story.advise("foreign_affairs", finding(Finding.CLEAR_RISK), recommendation=Recommendation.REFUSE)
    text = "The strikes of January are not in the advice."
    receipt = perform(actions.record_dissent, ASSESSOR, case=story.id, target=advice, text=text)
    entry = Entry.objects.get(id=receipt.entries[0])
    assert f'"digest":"{receipt.result.digest}"' in entry.body
    assert text not in entry.body
    salt = receipt.details["salt"]
    assert hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest() == receipt.result.digest
    marks = story.seen().inside.dissents
    assert [(d.target, d.digest) for d in marks] == [(advice, receipt.result.digest)]
    assert text not in repr(story.seen())


# story: a dissent is readable by decider, reviewer and auditor
def test_a_dissent_is_read_by_decider_reviewer_and_auditor_and_each_read_is_recorded() -> None:
    story = Story().submit()
    text = "Nobody asked who flies these aircraft."
    dissent = perform(actions.record_dissent, RECEPTION, case=story.id, text=text).result.dissent
    for reader in (DECIDER, REVIEWER, AUDITOR):
        receipt = perform(actions.read_dissent, reader, dissent=dissent)
        assert receipt.details["text"] == text
        assert len(receipt.entries) == 1
    for other in (MANAGER, COMPLIANCE, ADMINISTRATOR, EXPORTER):
        with pytest.raises(RefusedError):
            perform(actions.read_dissent, other, dissent=dissent)


# story: The raiser leaves the service in between: … the dissent and receipts stand.
def test_a_dissent_stands_when_its_author_has_left_the_service() -> None:
    story = Story().submit()
    author = people_ground.officer("author-1", "technical_assessor")
    text = "Nobody asked who flies these aircraft."
    made = perform(actions.record_dissent, author, case=story.id, text=text)
    entry = Entry.objects.get(id=made.entries[0]).body
    why: dict[str, Any] = {
        "expected_version": User.objects.get(public_id=author.id).version,
        "why": "left the service",
    }
    perform(people.deactivate_person, people_ground.administrator(), person_id=author.id, **why)
    assert perform(actions.read_dissent, DECIDER, dissent=made.result.dissent).details["text"] == text
    assert [d.digest for d in story.seen().inside.dissents] == [made.result.digest]
    assert Entry.objects.get(id=made.entries[0]).body == entry


def test_exporters_and_those_who_see_no_advice_do_not_dissent() -> None:
    story = Story().submit()
    for who in (EXPORTER, CUSTOMS, AUDITOR):
        with pytest.raises(RefusedError):
            perform(actions.record_dissent, who, case=story.id, text="I would not grant it.")


# What the core asks.


def test_facts_of_a_case_go_onward_to_where_the_goods_end() -> None:
    story = Story().accept().rate()
    first, second = queries.case_facts(story.id)
    assert (first.destination, first.onward, first.end_user_class) == ("XN", ("XV",), "forces")
    assert (first.ratings, first.programmes, first.licence_type) == (("ML10",), (), "standard_permanent")
    assert second.ratings == ("ML14",)


def test_pending_cases_of_a_destination_are_found_by_every_place_that_goods_reach() -> None:
    draft, story = Story("Draft").fill(), Story().submit()
    assert [p.id for p in queries.pending("XV")] == [story.id]
    assert [p.id for p in queries.pending("XN")] == [story.id]
    assert queries.pending("XT") == ()
    story.export(actions.withdraw_application, reasons="The order was cancelled.")
    assert queries.pending("XV") == ()
    assert draft.seen(EXPORTER).status is CaseStatus.DRAFT


def test_pending_cases_are_known_as_our_books_held_them() -> None:
    story = Story().submit()
    ground.later(hours=1)
    before = ground.now()
    ground.later(hours=1)
    story.export(actions.withdraw_application, reasons="The order was cancelled.")
    assert [p.id for p in queries.pending("XV", known=before)] == [story.id]
    assert story.seen(known=before).status is CaseStatus.SUBMITTED


def test_a_hold_is_shown_on_every_case_that_reaches_the_place() -> None:
    story = Story().submit()
    hold = perform(
        restrictions.place_hold,
        DECIDER,
        destination="XV",
        reasons="Reports of 7 April are being assessed.",
        review_by=date(2024, 5, 1),
    ).result.id
    assert [h.id for h in story.seen().holds] == [hold]
    assert queries.cases(viewer=MANAGER).items[0].is_held


def test_participants_are_who_did_what() -> None:
    story = Story().circulate()
    assert story.desks is not None
    advice = story.advise("defence")
    found = queries.participants(story.id)
    assert found.wrote == {ASSESSOR.id, MANAGER.id}
    assert found.advised == {story.desks["defence"].id}
    assert queries.participants(advice).all == {story.desks["defence"].id}
    with pytest.raises(AbsentError):
        queries.participants("DE-none")


# story: question 16: which end users were assured to do or not to do something, and what checks were made: none
def test_question_16_what_was_undertaken_and_that_no_check_was_made() -> None:
    draft, story = Story("Draft").fill(), Story().submit()
    found = assurances(viewer=AUDITOR, promise=Promise.NO_RE_EXPORT_WITHOUT_CONSENT)
    assert [(a.case, a.party, a.place, a.signed_on, a.checks) for a in found] == [
        (story.id, "Norland Aircraft Yard", "XN", date(2024, 3, 1), "none made")
    ]
    assert found[0].promises == (Promise.NO_RE_EXPORT_WITHOUT_CONSENT, Promise.FINAL_USE_STATED)
    assert assurances(viewer=AUDITOR, promise=Promise.NO_WEAPONS_OF_MASS_DESTRUCTION) == ()
    assert assurances(viewer=STRANGER) == ()
    assert [a.case for a in assurances(viewer=EXPORTER)] == [story.id]
    assert draft.id not in {a.case for a in found}


def test_questions_9_and_16_are_one_command_each(casework: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(casework.home))
    story = Story().circulate()
    advice = story.advise("defence", finding())
    limbs = CliRunner().invoke(command, ["limbs", story.id, "--on", "2024-04-08"], catch_exceptions=False).output
    assert (
        f"    defence: no clear risk, risk not clear, use might, version 1 ({advice}); no evidence cited" in limbs
    )
    assert limbs.splitlines()[-1] == "18 limbs of uk-selc-2021 on 2024-04-08: 17 not addressed"
    said = CliRunner().invoke(command, ["assurances"], catch_exceptions=False).output.splitlines()
    assert said[0] == (
        f"{story.id} (departments_advising)  Norland Aircraft Yard, XN, signed 2024-03-01; "
        "checks after export: none made"
    )
    assert said[-1] == "1 undertaking; checks made after export: none"
