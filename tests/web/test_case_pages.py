"""Pages of casework: what each role sees, the forms without JavaScript, and that nothing internal leaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from penholder.actions.action import perform
from penholder.analysis.sources.places import call_places
from penholder.assessment.values import Finding
from penholder.casework import actions as casework
from penholder.casework import queries
from penholder.casework.models import Case
from penholder.casework.values import Recommendation
from penholder.regime.regimes import rule_words
from penholder.restrictions import actions as restrictions
from tests import assessment_ground, case_ground, people_ground, register_ground
from tests.case_ground import LIMB, Story, finding
from tests.register_ground import TODAY
from tests.web.page_checks import faults, offered
from tests.web.pages_ground import Ground
from tests.web.test_register_pages import buttons, day, filled, page, rows, words

pytestmark = pytest.mark.slow  # pages and long runs: `make check`


@pytest.fixture
def ground(tmp_path: Any) -> Iterator[Ground]:
    made = Ground.copied(tmp_path / "home")
    made.settings.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    register_ground.at(TODAY, 11)
    made.people["assessor-1"] = people_ground.invited("assessor-1", "technical_assessor")
    yield made
    made.close()


def story(ground: Ground) -> Story:
    return Story(exporter=ground.actor("exporter-1"))


def send(ground: Ground, name: str, address: str, /, **typed: Any) -> Any:
    browser = ground.browser(name)
    return browser.post(address, filled(browser, address, **typed))


def sent(ground: Ground, name: str, address: str, /, **typed: Any) -> None:
    answer = send(ground, name, address, **typed)
    assert answer.status_code == 303, words(answer.content.decode())


def test_an_exporter_applies_by_forms_alone(ground: Ground) -> None:
    sent(ground, "exporter-1", "/cases/new", licence_type="standard_permanent", title="Pump parts",
         organisation=ground.firms["exporter-1"])  # fmt: skip
    case = Case.objects.get().public_id
    html = page(ground, "exporter-1", f"/cases/{case}")
    assert "10 answers are missing before the application can be submitted." in words(html)
    goods = {
        "row_0_description": "Pump parts", "row_0_quantity": "12", "row_0_unit": "item", "row_0_value": "48000.00",
        "row_0_currency": "GBP", "row_0_stated_ratings": "ML10", "row_0_incorporated": "yes",
        "row_0_programmes": "none",
    }  # fmt: skip
    sent(ground, "exporter-1", f"/cases/{case}/goods/edit", row_count="1", **goods)
    parties = {
        "row_0_name": "Aircraft Yard", "row_0_role": "end_user", "row_0_place": "XN",
        "row_0_end_user_class": "commercial", "row_1_name": "Air force of Velmora",
        "row_1_role": "ultimate_end_user", "row_1_place": "XV", "row_1_state": "XV",
        "row_1_end_user_class": "forces", "row_2_name": "Forwarder", "row_2_role": "consignee",
        "row_2_place": "XN",
    }  # fmt: skip
    sent(ground, "exporter-1", f"/cases/{case}/parties/edit", row_count="3", **parties)
    browser = ground.browser("exporter-1")
    upload = f"/cases/{case}/parties/1/undertaking/send"
    file = SimpleUploadedFile("undertaking.txt", b"We undertake not to re-export.\n")
    answer = browser.post(upload, {**filled(browser, upload), "file": file})
    assert answer.status_code == 303
    sent(ground, "exporter-1", answer["Location"], signatory_position="Head of procurement", language="en",
         no_re_export_without_consent="on", **day("signed_on", 2024, 11, 1))  # fmt: skip
    route = {"row_0_place": "XN", "row_0_act": "incorporate", "row_0_party": "Aircraft Yard", "row_1_place": "XV",
             "row_1_act": "deliver", "row_1_party": "Air force of Velmora"}  # fmt: skip
    sent(ground, "exporter-1", f"/cases/{case}/route/edit", row_count="2", **route)
    sent(ground, "exporter-1", f"/cases/{case}/end-use", intended="Maintenance of eight aircraft.", military="yes",
         told_of_wmd="no", suspects_wmd="no", security_approvals="none", harm_of_disclosure="none")  # fmt: skip
    html = page(ground, "exporter-1", f"/cases/{case}")
    assert buttons(html)[0] == "Answer: declare that the application is true and complete"
    sent(ground, "exporter-1", f"/cases/{case}/declare")
    assert "Every answer is given." in words(page(ground, "exporter-1", f"/cases/{case}/submit"))
    sent(ground, "exporter-1", f"/cases/{case}/submit")
    said = words(page(ground, "exporter-1", f"/cases/{case}"))
    assert "The authority has it: reception looks at it first. When it asks something of you" in said
    seen = queries.case(viewer=ground.actor("manager-1"), id=case)
    assert seen.missing == ()
    assert seen.application.parties[0].undertaking is not None
    assert seen.application.end_use.harm_of_disclosure == ""
    assert [g.programmes for g in seen.application.goods] == [()]


def test_another_row_is_added_without_recording_anything_and_a_row_is_removed(ground: Ground) -> None:
    made = story(ground).fill()
    address = f"/cases/{made.id}/goods/edit"
    browser, before = ground.browser("exporter-1"), made.version
    html = browser.get(address).content.decode()
    boxes = dict(re.findall(r'name="(row_\d_\w+)" type="text"[^>]*?value="([^"]*)"', html))
    assert (boxes["row_0_quantity"], boxes["row_1_quantity"]) == ("12", "2")
    assert re.search(r'type="hidden" [^>]*name="row_count" value="3"', html)
    typed = filled(browser, address, row_count="3", **{"one-more-row": "1", "row_2_description": "Seals"})
    again = browser.post(address, typed)
    assert faults(again.content.decode()) == []
    assert 'name="row_3_description"' in again.content.decode()
    assert "Seals" in again.content.decode()
    assert made.version == before


def test_a_row_without_its_first_box_is_refused_and_what_was_typed_is_kept(ground: Ground) -> None:
    made = story(ground).fill()
    address, before = f"/cases/{made.id}/goods/edit", made.version
    browser = ground.browser("exporter-1")
    more = {"row_2_quantity": "7", "row_2_unit": "item", "row_2_value": "900", "row_2_currency": "GBP"}
    answer = browser.post(address, filled(browser, address, **more))
    html = answer.content.decode()
    assert (answer.status_code, made.version) == (422, before)
    assert re.search(r'id="id_row_2_description-error"[^<]*(<[^>]*>[^<]*)*?This is needed', html), faults(html)
    assert re.search(r'name="row_2_quantity"[^>]*value="7"', html)


@pytest.mark.parametrize("typed", ["EUROEN", "eur", "E1"])
def test_a_currency_that_is_no_code_is_refused_in_one_sentence(ground: Ground, typed: str) -> None:
    made = story(ground).fill()
    browser, address = ground.browser("exporter-1"), f"/cases/{made.id}/goods/edit"
    answer = browser.post(address, filled(browser, address, row_0_currency=typed))
    assert answer.status_code == 422
    said = words(answer.content.decode())
    assert said.count("his must be a code of 3 capital letters, for example EUR") == 2, said


def test_submitting_too_early_says_what_is_missing(ground: Ground) -> None:
    made = story(ground)
    html = page(ground, "exporter-1", f"/cases/{made.id}/submit")
    assert "10 answers are missing; it will be refused" in words(html)
    answer = send(ground, "exporter-1", f"/cases/{made.id}/submit")
    assert answer.status_code == 409
    said = words(answer.content.decode())
    assert "Goods: say what goods are to be exported: at least one line" in said, said
    assert "parties.end_user" not in said


@pytest.mark.parametrize("tab", ["", "/goods", "/parties", "/documents", "/timeline"])
def test_every_part_of_a_case_is_a_page_for_exporters_and_officials(ground: Ground, tab: str) -> None:
    made = story(ground).circulate()
    for name in ("exporter-1", "manager-1", "auditor-1", "decider-1"):
        assert "Pump parts" in words(page(ground, name, f"/cases/{made.id}{tab}"))


def test_advice_stands_side_by_side_and_differences_are_marked(ground: Ground) -> None:
    made = story(ground).circulate()
    made.advise("foreign_affairs", finding(Finding.CLEAR_RISK), recommendation=Recommendation.REFUSE)
    made.advise("defence", finding(Finding.NO_CLEAR_RISK))
    made.advise("defence", finding(Finding.NO_CLEAR_RISK), summary="As before, with the reports of March.")
    html = page(ground, "decider-1", f"/cases/{made.id}/advice")
    assert [r[:3] for r in rows(html, "Advice</caption>")] == [
        ["Foreign affairs", "Refuse", "v1"],
        ["Defence", "Grant", "v2"],
    ]
    assert rows(html, "Where they differ")[0] == [
        rule_words(LIMB),
        "Foreign affairs",
        "● Clear risk",
        "clear",
        "might",
    ]
    assert "Version 1 of Defence" in words(html)


def test_the_table_of_findings_shows_every_limb_and_cautions(ground: Ground) -> None:
    made = story(ground).circulate()
    made.advise("defence", finding())
    html = page(ground, "auditor-1", f"/cases/{made.id}/findings")
    assert "Of 18 limbs of the rule set uk-selc-2021, in force today, 1 is addressed and 17 are not." in words(
        html
    )
    found = {r[0].split(":")[0]: r for r in rows(html, "Findings, limb by department")}
    assert found[LIMB][1:3] == [
        "none: not addressed",
        "○ No clear risk risk not clear, use might; 0 pieces of evidence",
    ]
    assert [
        r[1].endswith("(not verified)")
        for r in rows(html, "Limbs that nobody addressed")
        if r[0] == "uk-selc-2021/7"
    ] == [True]
    assert len(rows(html, "Limbs that nobody addressed")) == 17


def test_an_exporter_finds_nothing_of_what_the_authority_thinks(ground: Ground) -> None:
    made = story(ground).circulate()
    made.advise("foreign_affairs", finding(Finding.CLEAR_RISK), recommendation=Recommendation.REFUSE)
    browser = ground.browser("exporter-1")
    for tab in ("advice", "findings"):
        assert browser.get(f"/cases/{made.id}/{tab}").status_code == 404
    for tab in ("", "/goods", "/parties", "/documents", "/timeline"):
        said = words(page(ground, "exporter-1", f"/cases/{made.id}{tab}")).casefold()
        for word in (
            "advice",
            "advis",
            "department",
            "screening",
            "match",
            "clear risk",
            "foreign affairs",
            "dissent",
        ):
            assert word not in said, (tab, word)
    assert "Under review" in words(page(ground, "exporter-1", "/cases"))
    assert browser.get(f"/cases/{made.id}/rate").status_code == 403
    assert ground.browser("exporter-2").get(f"/cases/{made.id}").status_code == 404


def test_the_right_column_says_what_comes_next_and_who_waits_for_whom(ground: Ground) -> None:
    made = story(ground).accept()
    assert buttons(page(ground, "assessor-1", f"/cases/{made.id}"))[0] == "Rate the goods"
    manager = words(page(ground, "manager-1", f"/cases/{made.id}"))
    assert "Rate the goods: waits for Technical assessor" in manager
    assert "1 working day counted of 20; 0 days have passed" not in manager
    assert "Before departments are asked" in manager


def test_the_clock_says_for_how_long_questions_stopped_it_and_when_none_does_any_more(ground: Ground) -> None:
    made = story(ground).accept()
    ground.settings.set("PENHOLDER_CLOCK", "tests.case_ground.now")
    stopped = "questions have stopped the clock for {} of at most 60 working days"
    runs_on = "the clock runs on: questions have stopped it for as long as they may"
    for days in (0, 20, 40, 60):
        case_ground.later(days=30 if days else 3)
        made.do(casework.ask_exporter, ground.actor("manager-1"), text="By which way do they go?")
        for name in ("exporter-1", "manager-1"):
            said = words(ground.browser(name).get(f"/cases/{made.id}").content.decode())
            assert stopped.format(days) in said
            assert (runs_on in said) is (days == 60)


def test_goods_are_rated_and_a_match_is_judged_by_forms(ground: Ground) -> None:
    made = story(ground).accept()
    case_ground.load_list()
    rated = {"row_0_ratings": "ML10", "row_0_summary": "Components for aircraft", "row_1_ratings": "ML14",
             "row_1_summary": "Test equipment", "row_count": "2"}  # fmt: skip
    sent(ground, "assessor-1", f"/cases/{made.id}/rate", **rated)
    sent(ground, "manager-1", f"/cases/{made.id}/screen")
    match = made.seen().inside.screening.matches[0].id
    html = page(ground, "manager-1", f"/cases/{made.id}/matches/{match}/judge")
    assert "100 of 100" in words(html)
    judge = f"/cases/{made.id}/matches/{match}/judge"
    assert send(ground, "manager-1", judge, verdict="other", reasons="n/a").status_code == 422
    sent(ground, "manager-1", judge, verdict="other", reasons="Another firm, by the register of Norland.")
    assert made.seen().inside.open == ()


def test_advice_is_written_by_its_form_and_errors_stand_at_their_boxes(ground: Ground) -> None:
    made = story(ground).circulate()
    assert made.desks is not None
    ground.people["defence-1"] = made.desks["defence"].id
    address = f"/cases/{made.id}/advise/defence"
    typed = {
        "recommendation": "approve", "summary": "Maintenance alone.", "row_count": "1", "row_0_rule": LIMB,
        "row_0_finding": "no_clear_risk", "row_0_risk": "not_clear", "row_0_use": "might",
        "row_0_grounds": "Reports of January.", "row_0_gaps": "Which squadron flies them.",
    }  # fmt: skip
    answer = send(ground, "defence-1", address, **typed)
    assert answer.status_code == 422
    assert 'href="#id_row_0_gap_reasons"' in answer.content.decode()
    sent(ground, "defence-1", address, **typed, row_0_gap_reasons="No squadron there is armed.")
    assert "version 1, which stays readable" in words(page(ground, "defence-1", address))
    made.advise("foreign_affairs", finding(Finding.NO_CLEAR_RISK))
    assert (made.seen().inside.status, made.seen().inside.awaited) == ("final_review", ())
    assert f'href="{address}">Advise anew for Defence</a>' in page(ground, "defence-1", f"/cases/{made.id}")
    assert "Advise anew" not in words(page(ground, "manager-1", f"/cases/{made.id}"))


def test_evidence_of_an_advice_is_chosen_from_reports_and_assessments_of_its_places(ground: Ground) -> None:
    made = story(ground).circulate()
    assessment_ground.make_evidence()
    version = assessment_ground.accepted("XV", assessment_ground.content()).versions[-1]
    assert made.desks is not None
    ground.people["defence-1"] = made.desks["defence"].id
    address = f"/cases/{made.id}/advise/defence"
    html = page(ground, "defence-1", address)
    found = offered(html, "row_0_evidence")
    reports = [assessment_ground.evidence(n) for n in (4, 3, 2, 1)]
    assert version in [value for value, _, _ in found]
    assert [value for value, _, _ in found if value in reports] == reports
    typed = {
        "recommendation": "approve", "summary": "Maintenance alone.", "row_count": "1", "row_0_rule": LIMB,
        "row_0_finding": "no_clear_risk", "row_0_risk": "not_clear", "row_0_use": "might",
        "row_0_grounds": "Reports of January.", "row_0_evidence": [version, reports[1]],
        "row_0_evidence_more": reports[3],
    }  # fmt: skip
    sent(ground, "defence-1", address, **typed)
    (advice,) = [d.newest for d in made.seen().inside.departments if d.newest is not None]
    assert advice.advice.findings[0].evidence == (version, reports[1], reports[3])
    ticked = [
        value for value, _, is_ticked in offered(page(ground, "defence-1", address), "row_0_evidence") if is_ticked
    ]
    assert ticked == [version, reports[1], reports[3]]


def test_a_dissent_shows_its_salt_once_and_is_read_by_an_act(ground: Ground) -> None:
    made = story(ground).submit()
    answer = send(
        ground, "reception-1", f"/cases/{made.id}/dissent", text="Nobody asked who flies these aircraft."
    )
    assert answer.status_code == 200
    assert "salt" in words(answer.content.decode()).casefold()
    dissent = made.seen().inside.dissents[0].id
    for name, may in (("decider-1", True), ("manager-1", False)):
        html = page(ground, name, f"/cases/{made.id}")
        assert (f"/dissents/{dissent}/read" in html) is may
        assert "who flies these aircraft" not in html
        assert [row[2] for row in rows(html, "Dissent</caption>")] == ["The case"]
    read = send(ground, "decider-1", f"/dissents/{dissent}/read")
    assert "Nobody asked who flies these aircraft." in words(read.content.decode())


def test_an_undertaking_is_handed_out_as_a_download_to_who_may_read_it(ground: Ground) -> None:
    made = story(ground).submit()
    address = f"/cases/{made.id}/parties/1/undertaking/file"
    for name in ("exporter-1", "manager-1"):
        answer = ground.browser(name).get(address)
        assert (answer.status_code, answer.content) == (200, b"We undertake not to re-export without consent.\n")
        assert answer["Content-Disposition"] == f'attachment; filename="{made.id}-undertaking-1.txt"'
    for name in ("exporter-2", "newcomer-1"):
        assert ground.browser(name).get(address).status_code == 404


def test_a_list_is_counted_before_it_is_taken_in(ground: Ground) -> None:
    browser = ground.browser("manager-1")
    file = SimpleUploadedFile("denials.csv", case_ground.DENIALS.encode())
    answer = browser.post("/party-lists/new", {**filled(browser, "/party-lists/new"), "file": file})
    html = page(ground, "manager-1", answer["Location"])
    assert "5 rows read = 2 that can be taken in + 3 kept out." in words(html)
    sent(ground, "manager-1", answer["Location"], name="Denials", kind="denial", source="Notices",
         **day("as_of", 2024, 11, 1))  # fmt: skip
    listed = rows(page(ground, "manager-1", "/party-lists"), "Loads")
    assert [r[:6] for r in listed] == [["Denials", "Denial", "● In force", "1 November 2024", "5", "2"]]
    assert ground.browser("exporter-1").get("/party-lists").status_code == 404


def test_lists_of_cases_mine_late_and_all(ground: Ground) -> None:
    made = story(ground).submit()
    draft = Story("Sights", exporter=ground.actor("exporter-1"))
    assert [r[0] for r in rows(page(ground, "reception-1", "/cases?show=mine"), "Cases")] == ["Pump parts"]
    assert "There is none of this kind." in words(page(ground, "decider-1", "/cases?show=mine"))
    assert "There is none of this kind." in words(page(ground, "manager-1", "/cases?show=late"))
    ground.settings.set("PENHOLDER_CLOCK", "tests.case_ground.now")
    case_ground.later(days=60)
    listed = ground.browser("manager-1").get("/cases?show=late").content.decode()
    assert [r[0] for r in rows(listed, "Cases")] == ["Pump parts"]
    own = ground.browser("exporter-1").get("/cases").content.decode()
    assert [r[0] for r in rows(own, "Cases")] == ["Sights", "Pump parts"]
    assert draft.id not in listed
    assert made.id in listed


def test_the_api_gives_officials_the_limbs_and_exporters_nothing_inside(ground: Ground) -> None:
    made = story(ground).circulate()
    made.advise("defence", finding())
    official, own = ground.browser("auditor-1"), ground.browser("exporter-1")
    limbs = official.get(f"/api/v1/cases/{made.id}/limbs").json()
    addressed = {x["rule"]: [a["department"] for a in x["addressed"]] for x in limbs["limbs"]}
    assert (addressed[LIMB], limbs["rule_set"]) == (["defence"], "uk-selc-2021")
    assert sum(not a for a in addressed.values()) == 17
    assert official.get(f"/api/v1/cases/{made.id}").json()["inside"]["awaited"] == ["foreign_affairs"]
    seen = own.get(f"/api/v1/cases/{made.id}").json()
    assert (seen["inside"], seen["status"], seen["application"]["goods"][0]["quantity"]) == (
        None, "under_review", "12",
    )  # fmt: skip
    assert own.get(f"/api/v1/cases/{made.id}/limbs").status_code == 404
    assert [c["id"] for c in own.get("/api/v1/cases").json()["items"]] == [made.id]
    assert ground.browser("exporter-2").get("/api/v1/cases").json()["items"] == []
    last = own.get(f"/api/v1/cases/{made.id}/difference").json()
    assert [c["field"] for c in last["changes"]] == ["declared"]
    happened = {h["event"] for h in own.get(f"/api/v1/cases/{made.id}/timeline").json()}
    assert happened == {
        "casework.ApplicationStarted", "casework.ApplicationSaved", "casework.ApplicationSubmitted",
        "casework.CaseAccepted",
    }  # fmt: skip


def test_the_home_page_says_which_cases_wait_for_whoever_looks_and_what_is_late(ground: Ground) -> None:
    made = story(ground).circulate()
    assert made.desks is not None
    ground.people["defence-1"] = made.desks["defence"].id
    home = page(ground, "defence-1", "/")
    due = "16 December 2024"
    assert rows(home, "Cases that wait for you") == [["Pump parts", "Advise for Defence", due]]
    assert rows(home, "Your tasks") == [
        ["Advise for Defence, limb by limb", "Pump parts", "team: Defence", due],
    ]
    assert f'href="/cases/{made.id}"' in home
    assert "1 case waits for you" in words(home)
    assert "No case waits for you." in words(page(ground, "decider-1", "/"))
    assert "Cases that wait for you" not in words(page(ground, "exporter-1", "/"))
    register_ground.at(TODAY - timedelta(days=20))
    held = perform(
        restrictions.place_hold, ground.actor("manager-1"), destination="XB", review_by=TODAY - timedelta(days=9),
        reasons="Strikes since March are being looked into.",
    ).result  # fmt: skip
    assert rows(page(ground, "decider-1", "/"), "Late: cases, triggers, measures and promises") == [
        [held.id, "The hold is in force past the day of its review", "13 November 2024"]
    ]


def test_places_are_called_as_the_installation_calls_them(ground: Ground) -> None:
    made = story(ground).circulate()
    call_places({"XV": "Velmora", "XN": "Norland"})
    try:
        for address in ("/cases", f"/cases/{made.id}", f"/cases/{made.id}/parties"):
            said = words(page(ground, "manager-1", address))
            assert "Norland (XN)" in said, address
            assert "Velmora (XV)" in said, address
            assert not re.search(r"(?<!\()\bX[NV]\b", said), address
    finally:
        call_places({})
