"""Pages of the assessments: by forms from the first draft to the diff, and the click that one person sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from penholder.actions.action import perform
from penholder.assessment import actions, queries
from penholder.assessment.models import Assessment
from penholder.assessment.values import Area, Aspect
from tests import assessment_ground, people_ground, register_ground
from tests.register_ground import TODAY
from tests.web.page_checks import offered
from tests.web.pages_ground import Ground
from tests.web.test_register_pages import buttons, day, filled, page, rows, words

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

STAFF = {
    "penholder-1": "penholder",
    "legal-1": "legal_adviser",
    "signer-1": "countersigner",
    "reviewer-1": "nominated_officer",
    "analyst-1": "evidence_analyst",
}


@pytest.fixture
def ground(tmp_path: Any) -> Iterator[Ground]:
    made = Ground.copied(tmp_path / "home")
    register_ground.at(date(2024, 11, 20))
    for name, role in STAFF.items():
        made.people[name] = people_ground.invited(name, role)
    made.settings.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    assessment_ground.make_evidence()
    made.settings.set("PENHOLDER_AUTHORITY", "penholder.people.authority.RoleTable")
    register_ground.at(TODAY, 11)
    yield made
    made.close()


def send(ground: Ground, name: str, address: str, /, *, status: int = 303, **typed: Any) -> str:
    browser = ground.browser(name)
    answer = browser.post(address, filled(browser, address, **typed))
    html = str(answer.content.decode())
    assert answer.status_code == status, words(html)
    return html


def on(name: str, year: int, month: int, number: int) -> dict[str, Any]:
    """A day in three boxes."""
    return dict(day(name, year, month, number))


def start(ground: Ground) -> str:
    """An assessment without a version; gives its id."""
    send(ground, "penholder-1", "/assessments/start", destination="XV", party="Armed forces of Velmora")
    return str(Assessment.objects.get().public_id)


def typed(*cited: str, **changes: Any) -> dict[str, Any]:
    """A whole draft as it is typed."""
    found: dict[str, Any] = {
        "kind": "baseline",
        **on("cutoff", 2024, 9, 30),
        "conflict": "active",
        "attitude": "serious_concern",
        "attitude_grounds": "Commitment is stated and not shown.",
        "gaps": "No report from the north.\n\nNo visit since May.",
        "risk_count": "2",
        "risk_0_use_class": "air_strike",
        "risk_0_limb": assessment_ground.LIMB,
        "risk_0_finding": "clear_risk",
        "risk_0_risk": "clear",
        "risk_0_use": "might",
        "risk_0_grounds": "The record on hostilities.",
        "risk_0_evidence": list(cited),
    }
    for area in Area:
        for aspect in Aspect:
            found[f"cell_{area}_{aspect}_finding"] = "some_concern"
            found[f"cell_{area}_{aspect}_grounds"] = f"Reports on {aspect}."
    return found | changes


def submit(ground: Ground, made: str) -> None:
    send(ground, "penholder-1", f"/assessments/{made}/send")
    send(ground, "legal-1", f"/assessments/{made}/check", note="The method is sound.")
    send(ground, "signer-1", f"/assessments/{made}/countersign")


def test_an_empty_list_says_so_and_offers_to_start(ground: Ground) -> None:
    html = page(ground, "penholder-1", "/assessments")
    assert "Nothing has been assessed yet. Start an assessment." in words(html)
    assert buttons(html) == ["Start an assessment"]
    assert buttons(page(ground, "decider-1", "/assessments")) == []
    for name in ("exporter-1", "administrator-1", "newcomer-1"):
        page(ground, name, "/assessments", status=404)


def test_from_the_first_draft_to_the_accepted_version_through_forms(ground: Ground) -> None:
    made = start(ground)
    first, second = assessment_ground.evidence(1), assessment_ground.evidence(2)
    address = f"/assessments/{made}"
    assert buttons(page(ground, "penholder-1", address)) == ["Write the first version"]
    page(ground, "penholder-1", f"{address}/versions/new")
    send(ground, "penholder-1", f"{address}/versions/new", **typed(first, second))
    submit(ground, made)
    empty = send(
        ground, "decider-1", f"{address}/return", status=422, requested_by="Private office", what="n/a", why="tbc"
    )
    assert "says nothing; write what happened and why" in words(empty)
    send(
        ground, "decider-1", f"{address}/return", requested_by="Private office", what="Leave out the strike.",
        why="It is disputed.", drops=second,
    )  # fmt: skip
    html = page(ground, "penholder-1", address)
    assert rows(html, "Change requests</caption>")[0][:2] == ["Version 1", "Private office"]
    form = page(ground, "penholder-1", f"{address}/versions/new")
    for cited in (first, second):
        assert f'name="risk_0_evidence" type="checkbox" value="{cited}" checked' in form
    answered = queries.assessment(viewer=ground.actor("auditor-1"), id=made).requests[0].id
    assert f'<option value="{answered}" selected>' in form or f'value="{answered}" checked' in form
    send(ground, "penholder-1", f"{address}/versions/new", **typed(first))
    html = page(ground, "penholder-1", address)
    assert "! 1 dropped" in rows(html, "Versions</caption>")[0]
    submit(ground, made)
    send(ground, "decider-1", f"{address}/accept", **on("accepted_on", 2024, 11, 22))
    html = page(ground, "auditor-1", address)
    said = words(html)
    assert (
        "Version 2 may be cited. Cut-off 30 September 2024, 53 days before 22 November 2024; over the limit of 14 "
        "days: a decision that cites it needs reasons." in said
    )
    assert "Returned 1 time in all." in said
    assert [r[0] for r in rows(html, "Findings of version 2</caption>")] == [
        "Conduct of hostilities", "Humanitarian relief", "Detainees",
    ]  # fmt: skip
    assert buttons(html) == []
    newest = queries.assessment(viewer=ground.actor("auditor-1"), id=made).newest
    assert newest is not None
    assert newest.content.gaps == ("No report from the north.", "No visit since May.")


def test_the_diff_names_what_is_gone_before_any_wording(ground: Ground) -> None:
    made = start(ground)
    first, second = assessment_ground.evidence(1), assessment_ground.evidence(2)
    address = f"/assessments/{made}/versions/new"
    send(ground, "penholder-1", address, **typed(first, second))
    unknown = {"finding": "insufficient_information", "risk": "cannot_say", "gaps": "Which unit."}
    changed = {f"risk_0_{name}": value for name, value in unknown.items()}
    changed["attitude_grounds"] = "Commitment is stated and partly shown."
    send(ground, "penholder-1", address, **typed(first, **changed))
    found = queries.assessment(viewer=ground.actor("auditor-1"), id=made)
    html = page(ground, "auditor-1", f"/assessments/{made}/diff/{found.versions[0].id}/{found.versions[1].id}")
    assert "Version 2 no longer cites 1 piece of evidence that version 1 cites." in words(html)
    assert [r[1:] for r in rows(html, "Findings that changed</caption>")] == [
        ["finding", "clear risk", "insufficient information"],
        ["risk", "clear", "cannot say"],
    ]
    assert [r[0] for r in rows(html, "Evidence links dropped</caption>")] == [
        "Hospital or clinic, Talin, Tarn, North, XV, 10 January 2024"
    ]
    assert f'href="/evidence/{second}"' in html
    assert html.index("Evidence links dropped") < html.index("Wording</h2>")
    assert "<ins>" in html
    assert "<del>" in html


def test_errors_of_a_version_stand_at_their_boxes(ground: Ground) -> None:
    made = start(ground)
    html = send(
        ground, "penholder-1", f"/assessments/{made}/versions/new", status=422,
        **typed("IN-000", risk_0_use_class="", risk_1_use_class="detention", risk_1_limb=assessment_ground.LIMB,
                risk_1_finding="clear_risk", risk_1_risk="not_clear", risk_1_use="might", risk_1_grounds="tbc",
                cell_detainees_record_grounds=""),
    )  # fmt: skip
    for box in ("risk_1_finding", "risk_1_grounds", "cell_detainees_record_grounds"):
        assert f'href="#id_{box}"' in html
    again = send(ground, "penholder-1", f"/assessments/{made}/versions/new", status=422, **typed("IN-000"))
    assert "there is no IN-000" in again


def test_one_more_risk_keeps_what_was_typed_and_records_nothing(ground: Ground) -> None:
    made = start(ground)
    address = f"/assessments/{made}/versions/new"
    html = send(ground, "penholder-1", address, status=200, **typed("IN-000", **{"one-more-risk": "1"}))
    assert 'name="risk_2_use_class"' in html
    assert "Commitment is stated and not shown." in html
    assert queries.assessment(viewer=ground.actor("auditor-1"), id=made).versions == ()


def test_an_oral_instruction_is_one_click_and_shows_to_the_reviewer_alone(ground: Ground) -> None:
    made = start(ground)
    address = f"/assessments/{made}"
    send(ground, "penholder-1", f"{address}/versions/new", **typed(assessment_ground.evidence(1)))
    before = {name: page(ground, name, address) for name in ("auditor-1", "decider-1", "legal-1", "signer-1")}
    form = page(ground, "penholder-1", address)
    assert "Record an oral instruction" in buttons(form)
    browser = ground.browser("penholder-1")
    typed_in = filled(browser, address)
    answer = browser.post(f"{address}/oral-instruction", typed_in | {"text": ""})
    assert answer.status_code == 303
    assert "instructions" not in page(ground, "auditor-1", "/")
    for name, html in before.items():
        assert words(page(ground, name, address)) == words(html)
        page(ground, name, "/assessments/instructions", status=403)
    page(ground, "administrator-1", "/assessments/instructions", status=403)
    found = page(ground, "reviewer-1", "/assessments/instructions")
    assert [r[1] for r in rows(found, "Recorded</caption>")] == ["● Not read yet"]
    assert "Instructions" in page(ground, "reviewer-1", "/")
    instruction = re.findall(r"/assessments/instructions/(OI-\w+)/read", found)[0]
    shown = send(ground, "reviewer-1", f"/assessments/instructions/{instruction}/read", status=200)
    assert made in words(shown)
    assert [r[1] for r in rows(page(ground, "reviewer-1", "/assessments/instructions"), "Recorded</caption>")] == [
        "○ Read"
    ]


def test_the_legal_note_is_read_by_an_act_of_its_own(ground: Ground) -> None:
    made = start(ground)
    send(ground, "penholder-1", f"/assessments/{made}/versions/new", **typed(assessment_ground.evidence(1)))
    submit(ground, made)
    html = page(ground, "decider-1", f"/assessments/{made}")
    assert "The method is sound." not in html
    address = next(p for p in html.split('"') if p.startswith(f"/assessments/{made}/entries/"))
    shown = send(ground, "decider-1", address, status=200, fields=["note"], why="It bears on the decision today.")
    assert "The method is sound." in shown


def test_every_page_is_sound_for_everybody_who_may_see_it(ground: Ground) -> None:
    made = start(ground)
    send(ground, "penholder-1", f"/assessments/{made}/versions/new", **typed(assessment_ground.evidence(1)))
    version = queries.assessment(viewer=ground.actor("auditor-1"), id=made).versions[0].id
    for address in ("/assessments", f"/assessments/{made}", f"/assessments/{made}/versions/{version}"):
        for name in ("penholder-1", "decider-1", "auditor-1", "reviewer-1"):
            page(ground, name, address)
        if address != "/assessments":
            page(ground, "exporter-1", address, status=404)
    for act in ("send", "versions/new", f"versions/{version}/dissent"):
        page(ground, "penholder-1", f"/assessments/{made}/{act}")


def test_a_gist_is_published_by_form(ground: Ground) -> None:
    made = start(ground)
    send(ground, "penholder-1", f"/assessments/{made}/versions/new", **typed(assessment_ground.evidence(1)))
    submit(ground, made)
    send(ground, "decider-1", f"/assessments/{made}/accept", **on("accepted_on", 2024, 11, 22))
    version = queries.assessment(viewer=ground.actor("auditor-1"), id=made).versions[0].id
    gist = "Possible breaches were found; on hostilities the information did not suffice."
    send(ground, "manager-1", f"/assessments/{made}/versions/{version}/gist", gist=gist)
    assert gist in page(ground, "penholder-1", f"/assessments/{made}/versions/{version}")


def test_an_act_of_another_capability_finds_it_by_command_too(ground: Ground) -> None:
    made = start(ground)
    given = assessment_ground.content(date(2024, 9, 30))
    receipt = perform(
        actions.save_version, ground.actor("penholder-1"), assessment=made, content=given, expected_version=1
    )
    assert receipt.result.version == 2


def test_the_api_gives_what_the_pages_give_to_who_may_see_it(ground: Ground) -> None:
    made = start(ground)
    first, second = assessment_ground.evidence(1), assessment_ground.evidence(2)
    send(ground, "penholder-1", f"/assessments/{made}/versions/new", **typed(first, second))
    send(ground, "penholder-1", f"/assessments/{made}/versions/new", **typed(first))
    auditor = ground.browser("auditor-1")
    whole = auditor.get(f"/api/v1/assessments/{made}").json()
    assert [(v["number"], v["status"]) for v in whole["versions"]] == [(1, "superseded"), (2, "drafting")]
    one, two = (v["id"] for v in whole["versions"])
    assert auditor.get(f"/api/v1/assessment-versions/{two}").json()["risk"] == {"air_strike": "clear_risk"}
    assert auditor.get(f"/api/v1/assessment-diffs/{one}/{two}").json()["diff"]["gone"] == [second]
    assert auditor.get(f"/api/v1/assessments/{made}/kept-diff").json()["shown_to_decider"] is None
    assert [a["id"] for a in auditor.get("/api/v1/assessments?destination=XV").json()["items"]] == [made]
    exporter = ground.browser("exporter-1")
    assert exporter.get(f"/api/v1/assessments/{made}").status_code == 404
    assert exporter.get("/api/v1/assessments").json()["items"] == []
    for name in ("auditor-1", "decider-1", "administrator-1", "penholder-1"):
        assert ground.browser(name).get("/api/v1/instructions").status_code == 403
    assert ground.browser("reviewer-1").get("/api/v1/instructions").json() == []


def test_evidence_is_chosen_from_the_newest_reports_of_the_place_and_others_are_typed(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = start(ground)
    address = f"/assessments/{made}/versions/new"
    reports = [assessment_ground.evidence(n) for n in (4, 3, 2, 1)]
    elsewhere = assessment_ground.evidence(5)
    html = page(ground, "penholder-1", address)
    for box in ("risk_0_evidence", "risk_1_evidence", "cell_conduct_of_hostilities_capability_evidence"):
        assert [value for value, _, _ in offered(html, box)] == reports
    assert offered(html, "risk_0_evidence")[0][1:] == (
        "Hospital or clinic, Talin, Tarn, North, XV, 24 January 2024 (Monitors of Tarsis), grade B2", False
    )  # fmt: skip
    monkeypatch.setattr("penholder.evidence.web.choose.MOST", 2)
    html = page(ground, "penholder-1", address)
    assert [value for value, _, _ in offered(html, "risk_0_evidence")] == reports[:2]
    more = {"risk_0_evidence_more": f"{elsewhere}, {reports[3]} {reports[0]}"}
    send(ground, "penholder-1", address, **typed(reports[0], **more))
    newest = queries.assessment(viewer=ground.actor("auditor-1"), id=made).newest
    assert newest is not None
    assert newest.content.risks[0].evidence == (reports[0], elsewhere, reports[3])
    html = page(ground, "penholder-1", address)
    assert [(value, ticked) for value, _, ticked in offered(html, "risk_0_evidence")] == [
        (reports[0], True), (elsewhere, True), (reports[3], True), (reports[1], False),
    ]  # fmt: skip
    assert not any(ticked for _, _, ticked in offered(html, "cell_conduct_of_hostilities_capability_evidence"))
    assert "Evidence (3 chosen)" in html
