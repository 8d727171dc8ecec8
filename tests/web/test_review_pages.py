"""Pages of reviews: the whole way by forms, without a script; what each role sees; figures that lead to rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from penholder.register.models import CustomsMessage
from penholder.restrictions.models import Restriction
from penholder.review.models import Circumstance
from tests import people_ground, register_ground
from tests.db.test_review_acts import PROFILE
from tests.register_ground import TODAY
from tests.web.pages_ground import Ground
from tests.web.test_register_pages import buttons, day, filled, page, rows, words
from tests.web.test_restriction_pages import EXEMPTION

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

WHY = "Strikes on homes in Belmora are reported every day since 12 November."
BELMORA = PROFILE.replace("state: XV", "state: XB").replace("Velmora", "Belmora").replace("velmora", "belmora")


@pytest.fixture
def ground(tmp_path: Any) -> Iterator[Ground]:
    made = Ground.copied(tmp_path / "home")
    register_ground.at(TODAY, 11)
    made.people["penholder-1"] = people_ground.invited("penholder-1", "penholder")
    yield made
    made.close()


def send(ground: Ground, name: str, address: str, /, status: int = 303, **typed: Any) -> str:
    browser = ground.browser(name)
    answer = browser.post(address, filled(browser, address, **typed))
    html = str(answer.content.decode())
    assert answer.status_code == status, words(html) if html else answer.status_code
    return html


def proposed(ground: Ground) -> str:
    send(
        ground,
        "penholder-1",
        "/changes/new",
        trigger="new_conflict",
        destinations="XB",
        words=WHY,
        status=303,
        **day("happened_on", 2024, 11, 12),
    )
    return str(Circumstance.objects.get().public_id)


def stocktaken(ground: Ground) -> str:
    change = proposed(ground)
    send(ground, "manager-1", f"/changes/{change}/accept", reasons=WHY)
    send(ground, "manager-1", f"/changes/{change}/hold", status=303, reasons=WHY, **day("review_by", 2024, 12, 20))
    send(
        ground, "manager-1", f"/changes/{change}/stocktake", status=303, profile=BELMORA, **day("on", 2024, 11, 22)
    )
    return change


def test_a_trigger_is_proposed_by_form_and_waits_for_its_answer(ground: Ground) -> None:
    change = proposed(ground)
    html = page(ground, "penholder-1", f"/changes/{change}")
    assert "Proposed for XB. The licensing manager accepts or declines it by 27 November 2024." in words(html)
    assert buttons(html) == []
    assert buttons(page(ground, "manager-1", f"/changes/{change}")) == ["Accept it", "Decline it"]
    assert f'href="/changes/{change}"' in page(ground, "manager-1", "/inbox")
    register_ground.at(TODAY + timedelta(days=6), 11)
    late = ground.browser("manager-1").get("/changes").content.decode()
    assert "1 trigger has no answer in time: New conflict: XB, 12 November 2024" in words(late)
    page(ground, "exporter-1", f"/changes/{change}", status=404)
    assert "your roles show none" in words(page(ground, "exporter-1", "/changes"))


def test_the_stocktake_shows_counts_that_lead_to_the_lines(ground: Ground) -> None:
    change = stocktaken(ground)
    html = page(ground, "manager-1", f"/changes/{change}")
    assert rows(html, "Lines by what the stocktake says") == [
        ["Could have been used", "2", "1", "3"],
        ["Unknown", "0", "0", "0"],
        ["Excluded", "3", "0", "4"],
    ]
    assert "2 lines wait for a person's answer." in words(html)
    lines = rows(page(ground, "manager-1", f"/changes/{change}/lines?engine=could"), "Lines</caption>")
    assert [(r[0], r[2].split(" ML")[0], r[3]) for r in lines] == [
        ("GBSIEL/2024/0000002/P, line 1", "Could have been used", "not known: nobody has said"),
        ("GBSIEL/2024/0000002/P, line 3", "Could have been used", "not known: nobody has said"),
    ]
    run = Circumstance.objects.get().stocktakes.get().public_id
    answer = ground.browser("manager-1").get(f"/changes/{change}/stocktakes/{run}")
    found = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert (answer.status_code, answer["Content-Disposition"]) == (200, f'attachment; filename="{run}.csv"')
    assert len([r for r in found if r["use"] == "could" and r["scope"] == "granted"]) == 3
    assert ground.browser("exporter-1").get(f"/changes/{change}/stocktakes/{run}").status_code == 404


def test_the_page_of_a_line_says_which_facts_would_change_the_answer(ground: Ground) -> None:
    change = stocktaken(ground)
    name = f"{ground.licences['issued']}:1"
    found = rows(page(ground, "manager-1", f"/changes/{change}/lines/{name}"), "What would change the answer")
    assert found[1] == [
        "the goods can reach: air strikes",
        "yes",
        "could have been used",
        "unknown",
        "whoever traces what goods can become",
    ]
    said = ground.browser("manager-1").get(f"/api/v1/changes/{change}/lines/{name}/facts").json()
    assert (said["use"], said["is_as_run"], len(said["facts"])) == ("could", True, len(found))
    assert said["facts"][1] == {
        "fact": "the goods can reach: air strikes",
        "now": "yes",
        "if_yes": "could",
        "if_no": "unknown",
        "changes": True,
        "ask": "tracing",
    }
    assert ground.browser("exporter-1").get(f"/api/v1/changes/{change}/lines/{name}/facts").status_code == 404


def classify(ground: Ground, change: str) -> list[str]:
    names = [
        f"{ground.licences['issued']}:1",
        f"{ground.licences['issued']}:3",
    ]
    address = f"/changes/{change}/classify?engine=could"
    html = page(ground, "penholder-1", address)
    assert all(f'value="{name}"' in html for name in names)
    missing = send(ground, "penholder-1", address, status=422, lines=names, use="yes", reasons="n/a")
    assert "says nothing; write what happened and why" in words(missing)
    assert missing.count(" checked") >= 2  # what was chosen stays chosen
    send(ground, "penholder-1", address, lines=names, use="yes", reasons="Parts for strike aircraft and bombs.")
    return names


def optioned(ground: Ground) -> str:
    change = stocktaken(ground)
    early = send(ground, "manager-1", f"/changes/{change}/assess", status=409, words="Done with it.")
    assert "2 lines in force are not classified by a person" in words(early)
    classify(ground, change)
    send(ground, "manager-1", f"/changes/{change}/assess", words="Two lines could be used.")
    send(
        ground,
        "manager-1",
        f"/changes/{change}/options",
        recommended="suspend_those_that_might_be_used",
        advice="The risk is clear on 2c.",
    )
    return change


DECISION: dict[str, Any] = {
    "option": "suspend_those_that_might_be_used",
    "reasons": "There is a clear risk that these goods might be used in strikes.",
    "power": "statute",
    "terms": register_ground.TERMS,
    **day("review_by", 2025, 2, 20),
}


def test_the_decider_sees_every_option_and_the_advice_and_decides_with_reasons(ground: Ground) -> None:
    change = optioned(ground)
    html = page(ground, "decider-1", f"/changes/{change}/decide")
    assert [r[:4] for r in rows(html, "What each option would do")] == [
        ["Suspend nothing, keep under review", "0", "0", "0"],
        ["Suspend those that might be used Recommended", "2", "1", "0"],
        ["Suspend all", "2", "1", "0"],
        ["Revoke those that might be used", "2", "1", "0"],
    ]
    assert "The risk is clear on 2c." in words(html)
    assert "there is no accepted assessment of these destinations" in words(html)
    against = send(
        ground,
        "decider-1",
        f"/changes/{change}/decide",
        status=422,
        **DECISION | {"option": "keep_under_review", "power": "", "terms": ""},
    )
    assert "is needed: the advice is “suspend those that might be used”" in words(against)


def test_the_page_says_what_was_decided_done_and_not_yet_acknowledged(ground: Ground) -> None:
    send(
        ground, "penholder-1", "/restrictions/exemptions/new", **EXEMPTION | {"scope": "under: {ratings: [ML10]}"}
    )
    exemption = str(Restriction.objects.get().public_id)
    send(
        ground,
        "decider-1",
        f"/restrictions/exemptions/{exemption}/announce",
        status=303,
        announced_where="Written statement 114",
        **day("announced_on", 2024, 11, 22),
    )
    change = optioned(ground)
    register_ground.at(TODAY, 12)
    send(
        ground,
        "decider-1",
        f"/changes/{change}/decide",
        **DECISION,
        exemptions=[exemption],
        moratorium_destinations="XB",
        moratorium_limb="uk-selc-2021/2c",
        moratorium_basis="Undertaking to the court of 20 November.",
    )
    register_ground.at(TODAY + timedelta(days=4), 11)
    html = ground.browser("decider-1").get(f"/changes/{change}").content.decode()
    said = words(html)
    assert (
        "Decided on 22 November 2024: Suspend those that might be used. 1 line stopped, 1 left by exemption."
        in said
    )
    (row,) = rows(html, "From the decision to the border")
    assert (row[0], row[1], row[3].split(" due")[0], row[4]) == (
        "GBSIEL/2024/0000002/P",
        "3",
        "! Overdue",
        "none: none reported",
    )
    assert CustomsMessage.objects.filter(kind="suspend", acknowledged_at=None).count() == 2
    (left,) = rows(html, "Lines left by an exemption")
    assert left[:2] == ["GBSIEL/2024/0000002/P, line 1", "Exemption for rating ML10"]
    days = ground.browser("decider-1").get(f"/restrictions/{exemption}/days").content.decode()
    assert "it leaves 1 line of 1 licence that would otherwise be stopped: GBP 50,000.00." in words(days)
    assert rows(days, "Day by day")[0][:2] == ["22 November 2024 to 26 November 2024", "1"]
    every = ground.browser("decider-1").get(f"/restrictions/{exemption}/days?every=day").content.decode()
    assert len(rows(every, "Day by day")) == 5
    from tests.web.page_checks import faults

    assert [faults(h) for h in (html, days, every)] == [[], [], []]


def test_the_bridge_has_no_remainder_and_leads_to_the_licences(ground: Ground) -> None:
    html = page(ground, "manager-1", "/changes/count-bridge?first=2024-11-01&last=2024-11-22")
    assert rows(html, "Lines</caption>") == [
        ["On 1 November 2024", "0", "-", "-"],
        ["Suspended", "-", "1", "0"],
        ["On 22 November 2024", "1", "-", "-"],
        ["Remainder that no move explains", "0", "-", "-"],
    ]
    assert f'href="/register/{ground.licences["suspended"]}"' in html
    page(ground, "exporter-1", "/changes/count-bridge", status=404)


def test_the_api_tells_the_same(ground: Ground) -> None:
    change = optioned(ground)
    browser = ground.browser("decider-1")
    found = browser.get(f"/api/v1/changes/{change}").json()
    assert (found["state"], found["may"], found["pending"]) == ("options", ["decide"], {"XB": []})
    assert found["classified"]["by_person"] == {"yes": 2, "no": 0, "unknown": 0}
    lines = browser.get(f"/api/v1/changes/{change}/lines?person=yes&in_force=true").json()["items"]
    assert [x["number"] for x in lines] == [1, 3]
    bridge = browser.get("/api/v1/count-bridge?first=2024-11-01&last=2024-11-22").json()
    assert (bridge["lines"]["last"], bridge["lines"]["remainder"]) == (1, 0)
    assert [x["id"] for x in browser.get("/api/v1/changes").json()["items"]] == [change]
    assert ground.browser("exporter-1").get(f"/api/v1/changes/{change}").status_code == 404
    assert ground.browser("exporter-1").get("/api/v1/changes").json()["items"] == []
