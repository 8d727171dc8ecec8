"""Pages of decisions: what bears on them, the forms without JavaScript, notices, appeals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from penholder.actions.action import perform
from penholder.actions.values import SYSTEM
from penholder.assessment.values import Finding
from penholder.casework import actions as casework
from penholder.casework import decided
from penholder.casework.values import Outcome
from penholder.restrictions import actions as restrictions
from penholder.restrictions.actions.gates import GivenGate
from tests import decision_ground, people_ground, register_ground
from tests.case_ground import LIMB
from tests.decision_ground import DIVERSION, Decision
from tests.register_ground import TODAY
from tests.web.pages_ground import Ground
from tests.web.test_register_pages import buttons, day, filled, page, rows, words

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

CLEAR, NOT_CLEAR = Finding.CLEAR_RISK, Finding.NO_CLEAR_RISK


@pytest.fixture
def ground(tmp_path: Any) -> Iterator[Ground]:
    made = Ground.copied(tmp_path / "home")
    made.settings.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    made.settings.set("PENHOLDER_REACTIONS", "inline")
    register_ground.at(TODAY, 11)
    made.people["signer-1"] = people_ground.invited("signer-1", "countersigner")
    made.people["signer-2"] = people_ground.invited("signer-2", "countersigner")
    made.people["fresh-1"] = people_ground.invited("fresh-1", "decider")
    yield made
    made.close()


def story(ground: Ground) -> Decision:
    return Decision(exporter=ground.actor("exporter-1"))


def send(ground: Ground, name: str, address: str, /, **typed: Any) -> Any:
    browser = ground.browser(name)
    return browser.post(address, filled(browser, address, **typed))


def sent(ground: Ground, name: str, address: str, /, **typed: Any) -> Any:
    answer = send(ground, name, address, **typed)
    assert answer.status_code == 303, words(answer.content.decode())
    return answer


def test_a_case_is_proposed_signed_decided_and_told_by_forms_alone(ground: Ground) -> None:
    made = story(ground).advised(CLEAR, NOT_CLEAR)
    html = page(ground, "manager-1", f"/cases/{made.id}")
    assert buttons(html)[0] == "Propose an outcome"
    address = f"/cases/{made.id}/propose"
    page(ground, "manager-1", address)
    answer = send(ground, "manager-1", address, outcome="grant", summary="Small.", row_0_finding="no_clear_risk",
                  row_0_follows=[made.defence], **day("valid_until", 2026, 11, 22))  # fmt: skip
    assert answer.status_code == 422
    assert "departments differ here: write whose advice you follow, and why" in words(answer.content.decode())
    typed = {"outcome": "grant", "summary": "Small.", "row_0_finding": "no_clear_risk",
             "row_0_follows": [made.defence], "row_0_why": "Defence saw it."}  # fmt: skip
    sent(ground, "manager-1", address, **typed, **day("valid_until", 2026, 11, 22))
    for signer in ("signer-1", "signer-2"):
        assert buttons(page(ground, signer, f"/cases/{made.id}"))[0] == "Countersign the proposal"
        page(ground, signer, f"/cases/{made.id}/countersign")
        sent(ground, signer, f"/cases/{made.id}/countersign", signature="accept", reasons="Both were read.")
        assert "Countersign the proposal" not in buttons(page(ground, signer, f"/cases/{made.id}"))
    html = page(ground, "decider-1", f"/cases/{made.id}/decision")
    said = words(html)
    assert (
        "Countersignatures 2 of 2. Two are needed: a grant although nothing, or not enough, is known under a limb "
        "that must refuse" in said
    )
    assert "Goes against the advice of foreign affairs, a lead adviser: clear risk on 2c." in said
    assert "A grant contradicts no mandatory finding that was accepted." in said
    assert "2 lines worth GBP 57,000.00 may leave under a licence." in said
    assert "No assessment stands for any place that the goods reach: its risk was not assessed." in said
    assert said.index("For a grant") < said.index("Against a grant")
    found = rows(html, "Limbs that were answered")
    assert [r[0] for r in found] == [f"Serious violation of international humanitarian law ({LIMB})"]
    page(ground, "decider-1", f"/cases/{made.id}/decide")
    typed = {"outcome": "grant", "reasons": "The need is shown.", **day("valid_until", 2026, 11, 22)}
    answer = send(ground, "decider-1", f"/cases/{made.id}/decide", **typed)
    assert answer.status_code == 422
    sent(ground, "decider-1", f"/cases/{made.id}/decide", **typed, against_reasons="The yard takes the parts.",
         unknown_reasons="Looked at in January.")  # fmt: skip
    assert buttons(page(ground, "manager-1", f"/cases/{made.id}"))[0] == "Issue the notice"
    page(ground, "manager-1", f"/cases/{made.id}/notice")
    answer = send(ground, "manager-1", f"/cases/{made.id}/notice", reasons="n/a")
    assert answer.status_code == 422
    answer = sent(ground, "manager-1", f"/cases/{made.id}/notice", reasons="The need is shown.")
    for name in ("manager-1", "exporter-1", "auditor-1"):
        assert "The need is shown." in words(page(ground, name, answer["Location"]))
        document: Any = ground.browser(name).get(f"{answer['Location']}/pdf")
        assert document["Content-Type"] == "application/pdf"
        assert document["Content-Disposition"].startswith('attachment; filename="NO-')
        assert b"/StructTreeRoot" in b"".join(document.streaming_content)
    assert ground.browser("exporter-2").get(answer["Location"]).status_code == 404
    assert ground.browser("exporter-2").get(f"{answer['Location']}/pdf").status_code == 404
    licence = decided.decisions_of(viewer=ground.actor("manager-1"), case=made.id).licence
    assert f"Case {made.id}" in words(page(ground, "manager-1", f"/register/{licence}"))


# story: what would change the answer stands line by line before whoever proposes and decides
def test_what_would_change_the_answer_stands_on_the_pages_of_the_proposal_and_of_the_decision(
    ground: Ground,
) -> None:
    made = story(ground).advised(CLEAR, NOT_CLEAR)
    made.propose(Outcome.GRANT, made.takes(made.defence, NOT_CLEAR, why="Defence saw the yard in March."))
    made.sign()
    caption = "What would change the answer to a grant"
    followed = ["Finding under 2c", "every line", "no clear risk",
                "The advice of Foreign affairs is followed: clear risk", "■ Refused"]  # fmt: skip
    for tab in ("decision", "decide", "return"):
        html = page(ground, "decider-1", f"/cases/{made.id}/{tab}")
        assert "Possible as things stand for every line." in words(html)
        found = rows(html, caption)
        assert followed in found
        (unanswered,) = [r for r in found if r[2] == "not answered"]
        assert unanswered[0].startswith("Finding under 1")
        assert unanswered[3:] == ["A department finds a clear risk", "■ Refused"]
        assert len(found) == 2
        assert rows(html, "What would change the answer to a refusal")
    stopped = decision_ground.stop("XV")
    html = page(ground, "decider-1", f"/cases/{made.id}/decide")
    assert "Possible as things stand for no line." in words(html)
    assert rows(html, caption) == [
        ["Moratorium on XV", "every line", "matches",
         "It is lifted, or an exemption from 2c that matches is in force", "● Possible"]
    ]  # fmt: skip
    assert stopped not in rows(html, caption)[0][0]
    assert ground.browser("exporter-1").get(f"/cases/{made.id}/decide").status_code in {403, 404}
    assert caption not in words(page(ground, "exporter-1", f"/cases/{made.id}/decision"))


def test_an_exporter_sees_the_outcome_and_nothing_of_how_it_came_about(ground: Ground) -> None:
    made = story(ground).refused()
    made.tell()
    said = words(page(ground, "exporter-1", f"/cases/{made.id}/decision"))
    assert "Refused under Serious violation of international humanitarian law (uk-selc-2021/2c)" in said
    for inside in ("Decided by", "Foreign affairs", "Countersign", "The need is shown", "Proposal"):
        assert inside not in said
    assert ground.browser("exporter-2").get(f"/cases/{made.id}/decision").status_code == 404


def test_an_appeal_is_lodged_assigned_and_decided_by_forms_alone(ground: Ground) -> None:
    made = story(ground).refused()
    made.tell()
    assert buttons(page(ground, "exporter-1", f"/cases/{made.id}"))[0] == "Appeal against the refusal"
    until = "in time until the end of 20 December 2024."
    assert f"An appeal is {until}" in words(page(ground, "exporter-1", f"/cases/{made.id}/decision"))
    assert f"An appeal is {until}" in words(page(ground, "exporter-1", f"/cases/{made.id}/appeal"))
    sent(ground, "exporter-1", f"/cases/{made.id}/appeal", arguments="The squadron was moved in March.")
    assert buttons(page(ground, "manager-2", f"/cases/{made.id}"))[0] == "Assign the appeal"
    page(ground, "manager-2", f"/cases/{made.id}/appeal/assign")
    sent(ground, "manager-2", f"/cases/{made.id}/appeal/assign", person=ground.people["fresh-1"])
    assert buttons(page(ground, "fresh-1", f"/cases/{made.id}"))[0] == "Decide the appeal"
    page(ground, "fresh-1", f"/cases/{made.id}/appeal/decide")
    sent(ground, "fresh-1", f"/cases/{made.id}/appeal/decide", outcome="refuse", reasons="It is of another unit.",
         refusal_limbs=[LIMB], row_0_finding="clear_risk", row_0_follows=[made.foreign],
         row_0_why="It names the squadron.")  # fmt: skip
    assert "Decision on the appeal" in words(page(ground, "exporter-1", f"/cases/{made.id}/decision"))


def test_a_late_appeal_is_answered_on_its_page(ground: Ground) -> None:
    made = story(ground).refused()
    made.tell()
    decision_ground.later(days=29)
    was = "An appeal was in time until the end of 20 December 2024."
    assert was in words(ground.browser("exporter-1").get(f"/cases/{made.id}/decision").content.decode())
    made.appeal()
    answer = ground.browser("manager-2").get(f"/cases/{made.id}")
    assert buttons(answer.content.decode())[0] == "Answer the late appeal"
    typed = {"answer": "decline", "reasons": "It brings nothing new."}
    sent(ground, "manager-2", f"/cases/{made.id}/appeal/late", **typed)
    said = words(ground.browser("exporter-1").get(f"/cases/{made.id}/decision").content.decode())
    assert "Declined: It brings nothing new." in said


def test_the_page_says_what_a_grant_would_contradict(ground: Ground) -> None:
    made = story(ground).advised(CLEAR, CLEAR)
    made.propose(Outcome.REFUSE)
    said = words(page(ground, "decider-1", f"/cases/{made.id}/decision"))
    assert "A grant would contradict the finding clear risk on 2c; it needs an exemption or a new finding." in said
    assert f"end use ({DIVERSION}); text not verified" in said
    for tab in ("", "/timeline"):
        page(ground, "manager-1", f"/cases/{made.id}{tab}")


def test_a_decision_page_says_how_old_the_information_is(ground: Ground) -> None:
    version = decision_ground.assessed("XV")
    made = story(ground).advised()
    made.propose(
        Outcome.GRANT,
        made.takes(made.foreign, NOT_CLEAR, despite_assessment="The coast guard flies unarmed aircraft."),
        assessments=(version,),
        valid_until=date(2026, 11, 22),
    )
    html = page(ground, "decider-1", f"/cases/{made.id}/decision")
    (row,) = rows(html, "How old the information is")
    assert row[0] == "assessment of XV, version 1"
    assert row[1].startswith("cut-off 28 January 2024, 299 days ago; over")
    page(ground, "manager-1", f"/cases/{made.id}/propose")


def test_a_case_page_says_in_words_what_was_open_and_what_was_dissented_from(ground: Ground) -> None:
    made = story(ground).advised(CLEAR, CLEAR)
    made.propose(Outcome.REFUSE)
    made.sign()
    gate = GivenGate(
        id=f"GT-{'0' * 26}", target=made.id, question="Was the wing asked about?", since=TODAY, level="second"
    )
    perform(restrictions.import_gates, SYSTEM, made_on=TODAY, gates=(gate,))
    decision = made.decide(Outcome.REFUSE, gate_reasons="The ship sails on Friday.")
    perform(restrictions.import_gates, SYSTEM, made_on=TODAY, gates=())
    for target in (decision, made.defence):
        perform(casework.record_dissent, ground.actor("manager-1"), case=made.id, target=target, text="Not so.")
    said = words(page(ground, "manager-1", f"/cases/{made.id}/decision"))
    assert "open about it Was the wing asked about? (since 22 November 2024) Why their answer was not" in said
    assert "GT-" not in said
    html = page(ground, "manager-1", f"/cases/{made.id}")
    assert sorted(row[2] for row in rows(html, "Dissent</caption>")) == [
        "Decision of 22 November 2024", "Defence, version 1 of its advice"
    ]  # fmt: skip


def test_decisions_notices_and_figures_are_read_over_http(ground: Ground) -> None:
    made = story(ground).refused()
    notice = made.tell()
    official, applicant = ground.browser("auditor-1"), ground.browser("exporter-1")
    before = official.get(f"/api/v1/cases/{made.id}/before-decision").json()
    limb = next(x for x in before["limbs"] if x["rule"] == LIMB)
    assert [(v["department"], v["is_lead"], v["found"]["finding"]) for v in limb["voices"]] == [
        ("foreign_affairs", True, "clear_risk"),
        ("defence", False, "no_clear_risk"),
    ]
    assert DIVERSION in before["unanswered"]
    assert [o["consistency"]["is_consistent"] for o in before["options"]] == [False, True]
    assert applicant.get(f"/api/v1/cases/{made.id}/before-decision").status_code == 404
    found = official.get("/api/v1/decisions?against_lead=false").json()["items"]
    assert [(d["case"], d["outcome"], d["decision"]["limbs"]) for d in found] == [(made.id, "refuse", [LIMB])]
    assert applicant.get("/api/v1/decisions").json()["items"] == []
    one = official.get(f"/api/v1/decisions/{found[0]['id']}/information").json()
    assert (one["case"], one["by"]) == (made.id, ["P-decider"])
    assert official.get(f"/api/v1/decisions/{found[0]['id']}").json()["notice"] == notice
    seen = applicant.get(f"/api/v1/cases/{made.id}/decisions").json()
    assert (seen["proposals"], seen["decisions"][0]["decision"], seen["notices"][0]["id"]) == ([], None, notice)
    assert official.get("/api/v1/refusals-by-limb?criterion=2").json()["refusals"] == 1
    told = official.get("/api/v1/told-holders").json()
    assert {(t["licence"] in ground.licences.values(), t["kind"]) for t in told} == {(True, "suspension")}
    assert official.get("/api/v1/similar-decisions").json() == []
    assert applicant.get(f"/api/v1/notices/{notice}").json()["notice"]["rules"][0]["id"] == LIMB
    assert applicant.get(f"/api/v1/notices?subject={made.id}").json()[0]["kind"] == "refusal"
    document: Any = applicant.get(f"/api/v1/notices/{notice}/pdf")
    assert b"".join(document.streaming_content).startswith(b"%PDF-")
    assert ground.browser("exporter-2").get(f"/api/v1/notices/{notice}").status_code == 404
