"""Pages of the statements: side by side, promises with days overdue, and what is withheld from whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from penholder.statements.models import Promise, Statement
from tests import assessment_ground, people_ground, register_ground
from tests.register_ground import TODAY
from tests.web.page_checks import faults
from tests.web.pages_ground import Ground
from tests.web.test_assessment_pages import STAFF, on, send, start, submit, typed
from tests.web.test_register_pages import buttons, page, rows, words

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

WORDS = "All licences are in line with the criteria. An update will follow when the review is complete."


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


def record(ground: Ground, **changes: Any) -> str:
    given: dict[str, Any] = {
        "destination": "XV",
        **on("said_on", 2024, 11, 22),
        "place": "Parliament, oral answers",
        "speaker_role": "Decider",
        "words": WORDS,
        "claim_0_words": "in line with the criteria",
        "claim_0_about": ["attitude", "risk/air_strike"],
    }
    send(ground, "manager-1", "/statements/new", **given | changes)
    return str(Statement.objects.order_by("-pk").values_list("public_id", flat=True)[0])


def accept(ground: Ground) -> None:
    made = start(ground)
    send(ground, "penholder-1", f"/assessments/{made}/versions/new", **typed(assessment_ground.evidence(1)))
    submit(ground, made)
    send(ground, "decider-1", f"/assessments/{made}/accept", **on("accepted_on", 2024, 11, 22))


def promise(ground: Ground, statement: str, *, month: int = 12) -> str:
    send(
        ground, "manager-1", f"/statements/{statement}/promise",
        words="An update will follow when the review is complete", **on("due", 2024, month, 1),
    )  # fmt: skip
    return str(Promise.objects.order_by("-pk").values_list("public_id", flat=True)[0])


def test_a_claim_stands_beside_what_was_found(ground: Ground) -> None:
    accept(ground)
    made = record(ground)
    html = page(ground, "auditor-1", f"/statements/{made}")
    assert "Version 1 of the assessment was accepted that day; its information was 53 days old." in words(html)
    assert [r[:3] for r in rows(html, "Claim by claim</caption>")] == [
        ["“in line with the criteria”", "Attitude as a whole", "● Serious concern"],
        [
            "“in line with the criteria”",
            "Air strikes: Serious violation of international humanitarian law (uk-selc-2021/2c)",
            "● Clear risk",
        ],
    ]


def test_an_exporter_reads_what_was_said_and_nothing_of_what_was_held(ground: Ground) -> None:
    accept(ground)
    made = record(ground)
    html = page(ground, "exporter-1", f"/statements/{made}")
    assert "A version of the assessment was accepted that day." in words(html)
    assert "Serious concern" not in html
    assert "The record on hostilities" not in html
    assert "withheld: for officials" in words(html)
    assert "/assessments" not in html
    assert WORDS in html


def test_where_none_was_accepted_the_page_says_so(ground: Ground) -> None:
    made = record(ground)
    assert "No assessment of XV was accepted that day." in words(page(ground, "auditor-1", f"/statements/{made}"))


def later(ground: Ground, address: str) -> str:
    """A page as an exporter sees it at the moment of the test."""
    html = str(ground.browser("exporter-1").get(address).content.decode())
    assert faults(html) == []
    return html


def test_a_promise_is_overdue_on_its_page_in_the_list_and_in_the_menu(ground: Ground) -> None:
    made = promise(ground, record(ground))
    assert "Open" in words(page(ground, "exporter-1", f"/promises/{made}"))
    register_ground.at(date(2024, 12, 4))
    assert "3 days overdue" in words(later(ground, f"/promises/{made}"))
    listed = rows(later(ground, "/promises?show=overdue"), "Promises</caption>")
    assert [r[2] for r in listed] == ["! 3 days overdue"]
    assert "1 overdue" in words(later(ground, "/statements"))
    send(
        ground, "manager-1", f"/promises/{made}/kept", source="Written statement 41", **on("kept_on", 2024, 12, 3)
    )
    html = later(ground, f"/promises/{made}")
    assert "Kept on 3 December 2024, recorded on 4 December 2024" in words(html)
    assert "overdue" not in words(html)


def test_a_promise_is_replaced_by_form(ground: Ground) -> None:
    statement = record(ground)
    first, second = promise(ground, statement), promise(ground, statement, month=12)
    send(
        ground, "manager-1", f"/promises/{first}/replaced", by=second, reasons="The review takes longer.",
        **on("replaced_on", 2024, 11, 22),
    )  # fmt: skip
    html = page(ground, "auditor-1", f"/promises/{first}")
    assert f'href="/promises/{second}"' in html
    assert buttons(html) == []


def test_errors_of_claims_stand_at_their_boxes(ground: Ground) -> None:
    given = {
        "destination": "XV",
        **on("said_on", 2024, 11, 22),
        "place": "Parliament",
        "speaker_role": "Decider",
        "words": WORDS,
        "claim_3_words": "no risk at all",
    }
    html = send(ground, "manager-1", "/statements/new", status=422, **given)
    assert 'href="#id_claim_3_words"' in html


def test_every_page_is_sound(ground: Ground) -> None:
    for address in ("/statements", "/promises", "/promises?show=overdue"):
        for name in ("exporter-1", "auditor-1", "manager-1"):
            page(ground, name, address)
    made = record(ground)
    one = promise(ground, made)
    page(ground, "manager-1", "/statements/new")
    page(ground, "manager-1", f"/statements/{made}/promise")
    page(ground, "manager-1", f"/promises/{one}/kept")
    page(ground, "manager-1", f"/promises/{one}/replaced")


def test_the_api_gives_the_two_sides_and_what_is_overdue(ground: Ground) -> None:
    accept(ground)
    made = record(ground)
    late = promise(ground, made)
    found = ground.browser("auditor-1").get(f"/api/v1/statements/{made}").json()
    assert (found["number"], found["age_days"], found["is_link_late"]) == (1, 53, False)
    assert [h["finding"] for h in found["beside"][0]["held"]] == ["serious_concern", "clear_risk"]
    seen = ground.browser("exporter-1").get(f"/api/v1/statements/{made}").json()
    assert (seen["words"], seen["age_days"], seen["by_now"]) == (WORDS, None, None)
    assert {h["finding"] for h in seen["beside"][0]["held"]} == {None}
    listed = ground.browser("exporter-1").get("/api/v1/promises?overdue=true&on=2024-12-11").json()["items"]
    assert [(p["id"], p["days_overdue"]) for p in listed] == [(late, 10)]
