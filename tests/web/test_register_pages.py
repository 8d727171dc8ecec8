"""The register's pages: exact content by role, filters in the address, forms, conflicts, receipts, the past."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from penholder.ledger.models import Entry
from penholder.register.queries import licence
from tests.register_ground import TERMS, terms
from tests.web.page_checks import faults, read_page
from tests.web.pages_ground import REASONS, Ground

pytestmark = pytest.mark.slow  # pages and long runs: `make check`


@pytest.fixture
def ground() -> Iterator[Ground]:
    """One register for the tests that only read."""
    made = Ground.shared()
    yield made
    made.close()


@pytest.fixture
def fresh(tmp_path: Any) -> Iterator[Ground]:
    """A register of its own, for a test that changes it."""
    made = Ground.copied(tmp_path / "home")
    yield made
    made.close()


def page(ground: Ground, name: str, address: str, *, status: int = 200) -> str:
    """What a person sees at an address; checked for faults."""
    ground.use()
    answer = ground.browser(name).get(address)
    html = str(answer.content.decode())
    assert (answer.status_code, faults(html)) == (status, [])
    return html


def words(html: str) -> str:
    """The words of the main part, with single spaces."""
    elements, _ = read_page(html)
    return " ".join(next(e.text for e in elements if e.name == "main").replace("\xa0", " ").split())


def buttons(html: str) -> list[str]:
    """Buttons and links that look like buttons, in the main part."""
    elements, _ = read_page(html)
    found = [e for e in elements if "govuk-button" in e.attributes.get("class", "").split() and "main" in e.inside]
    return [e.text.strip() for e in found]


def rows(html: str, caption: str) -> list[list[str]]:
    """The cells of a table."""
    table = next(t for t in re.findall(r"<table.*?</table>", html, re.DOTALL) if caption in t)
    found = []
    for row in re.findall(r"<tr.*?</tr>", table.split("<tbody")[1], re.DOTALL):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        plain = (re.sub(r"<[^>]+>", " ", c).replace("&nbsp;", " ") for c in cells)
        found.append([" ".join(c.split()) for c in plain])
    return found


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found[1]


def filled(browser: Client, address: str, /, **typed: Any) -> dict[str, Any]:
    """The form at an address, as a browser would send it: hidden values, and what is typed."""
    html = browser.get(address).content.decode()
    names = [n for n in ("idempotency_key", "form_made_at", "expected_version") if f'name="{n}"' in html]
    return {n: hidden(html, n) for n in names} | typed


def day(name: str, year: int, month: int, number: int) -> dict[str, str]:
    return {f"{name}_day": str(number), f"{name}_month": str(month), f"{name}_year": str(year)}


SUSPENSION = {
    "lines": ["1", "2"],
    "power": "statute",
    "terms": TERMS,
    "reasons": REASONS,
    **day("review_by", 2024, 12, 20),
    **day("effective_on", 2024, 11, 22),
}


def test_the_list_has_the_newest_first_with_counts_that_are_links(ground: Ground) -> None:
    html = page(ground, "manager-1", "/register")
    listed = rows(html, "Licences</caption>")
    assert sorted(r[0] for r in listed) == [
        "GBSIEL/2022/0000005/P",
        *(f"GBSIEL/2024/000000{n}/P" for n in (1, 2, 3, 4)),
    ]
    assert listed[-1] == [
        "GBSIEL/2022/0000005/P",
        "■ Expired",
        "Ostvale Works",
        "XC",
        "ML5, 6A002",
        "1 March 2022 until 1 March 2024",
        "GBP 1.2 m",
    ]
    third = next(r for r in listed if r[0] == "GBSIEL/2024/0000003/P")
    assert third[1] == "‖ Suspended × 1 ● In force × 1 ! Review overdue"  # noqa: RUF001 - the sign for "times"
    counted = re.findall(r'ph-counts__number" href="\?status=(\w+)">(\d+)<', html)
    assert counted == [("draft", "1"), ("issued", "3"), ("suspended", "1"), ("expired", "1")]
    assert buttons(html) == ["Enter a licence", "Apply"]


def test_an_exporter_sees_their_own_licences_alone(ground: Ground) -> None:
    html = page(ground, "exporter-1", "/register")
    assert "GBSIEL/2024/0000004/P" not in html
    assert len(rows(html, "Licences</caption>")) == 4
    assert buttons(html) == ["Apply"]
    page(ground, "exporter-1", f"/register/{ground.licences['foreign']}", status=404)
    assert "Your roles show no licences" in page(ground, "newcomer-1", "/register")
    assert "Your roles show no licences" in page(ground, "administrator-1", "/register")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=suspended", ["3"]),
        ("status=draft", ["1"]),
        ("text=body+armour", ["3", "4"]),
        ("text=0000004", ["4"]),
        ("rating=6A002", ["1", "2", "5"]),
        ("destination=xd", ["3", "4"]),
        ("destination=XD&status=suspended", []),
        ("decided_to=2023-01-01", ["5"]),
        ("decided_from=1+January+2023&rating=ML4", ["2", "3"]),
        ("overdue=review", ["3"]),
        ("overdue=customs", ["3"]),
        ("overdue=condition", ["2"]),
        ("licence_type=standard_permanent&status=expired", ["5"]),
        ("on=2024-11-03&status=suspended", []),
        ("on=2024-11-04&status=suspended", ["3"]),
        ("on=2023-01-01", ["5"]),
        ("on=2023-01-01&status=issued", ["5"]),
        ("on=2024-11-22&known=2024-11-10+09:00", []),
    ],
)
def test_filters_are_the_address(ground: Ground, query: str, found: list[str]) -> None:
    html = page(ground, "manager-1", f"/register?{query}")
    listed = rows(html, "Licences</caption>") if "<table" in html else []
    assert sorted(r[0].split("/")[2].lstrip("0") for r in listed) == found
    if not found:
        assert "No licence fits all of these filters" in html


def test_a_filter_that_cannot_be_read_is_said_at_its_box(ground: Ground) -> None:
    html = page(ground, "manager-1", "/register?on=rubbish&status=suspended")
    assert "Enter a day, like 2024-09-02 or 2 September 2024." in html
    assert len(rows(html, "Licences</caption>")) == 1


def test_the_list_needs_few_statements(ground: Ground) -> None:
    ground.use()
    browser = ground.browser("manager-1")
    browser.get("/register")
    with CaptureQueriesContext(connection) as asked:
        browser.get("/register")
    ours = [q["sql"] for q in asked if '"register_' in q["sql"]]
    # Three of the register, one for names of codes that no table names (only of invented states), one for names of
    # holders; three for the session, the person with all that bears on what they may do, and the inbox. Then the
    # menus of other capabilities: one for each that shows a number.
    of_menus = [q["sql"] for q in asked if '"statements_promise"' in q["sql"]]
    assert (len(ours), len(asked) - len(of_menus), len(of_menus)) == (4, 9, 1)


def test_pages_follow_each_other_by_cursor(fresh: Ground) -> None:
    for n in range(30):
        fresh.enter(f"GBSIEL/2024/00001{n:02}/P", 3)
    first = page(fresh, "manager-1", "/register?status=draft")
    following = re.search(r'href="(\?[^"]*cursor=[^"]*)" rel="next"', first)
    assert following
    second = page(fresh, "manager-1", "/register" + following[1].replace("&amp;", "&"))
    both = [r[0] for html in (first, second) for r in rows(html, "Licences</caption>")]
    assert (len(both), len(set(both))) == (31, 31)


def test_the_licence_says_first_how_it_stands(ground: Ground) -> None:
    html = page(ground, "manager-1", f"/register/{ground.licences['suspended']}")
    said = words(html)
    assert (
        "Line 1 is suspended since 4 November 2024. The review was due by 20 November 2024 and is overdue; the "
        "suspension stays." in said
    )
    assert "Line 2 is in force since 1 June 2024, until 1 June 2026 (exclusive)." in said
    lines = rows(html, "Lines</caption>")
    assert lines[0] == [
        "1",
        "‖ Suspended ! Review overdue since 4 November 2024 power: statute review by 20 November 2024",
        "ML4 bombs, missiles and their components",
        "XB Armed forces, or a government user said to be military",
        "400 items",
        "not reported",
        "GBP 9,200,000",
        "1 June 2026",
    ]
    assert "As of:" in html
    assert "22 November 2024" in html


def test_reported_usage_is_apart_from_what_is_not_reported(ground: Ground) -> None:
    html = page(ground, "manager-1", f"/register/{ground.licences['issued']}")
    assert [line[5] for line in rows(html, "Lines</caption>")] == [
        "40 items 60 items left",
        "not reported",
        "not reported",
    ]
    assert rows(html, "Usage</caption>") == [
        ["1 November 2024", "1", "40 items", "not known: not said", "customs", "not stated", "customs-gateway m-1"]
    ]
    assert rows(html, "Conditions</caption>")[0][:5] == [
        "1",
        "Deliveries are reported within 30 days.",
        "the whole licence",
        "after shipment",
        "1 November 2024",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "manager-2",
            ["Suspend lines", "Reinstate lines", "Revoke lines", "Amend a line", "Add a condition", "Show"],
        ),
        # Who issued and suspended may neither revoke nor reinstate.
        ("manager-1", ["Suspend lines", "Amend a line", "Add a condition", "Show"]),
        ("decider-1", ["Suspend lines", "Revoke lines", "Show"]),
        ("auditor-1", ["Show"]),
        ("customs-1", ["Record usage", "Tell customs", "Show"]),
        ("exporter-1", ["Give lines back", "Record usage", "Show"]),
        ("reception-1", ["Show"]),
    ],
)
def test_each_role_has_the_buttons_that_it_may_use(ground: Ground, name: str, expected: list[str]) -> None:
    html = page(ground, name, f"/register/{ground.licences['suspended']}")
    assert buttons(html) == expected
    assert "Revoke lines (1, 2): Licensing manager, Decider (minister or authority)" in words(html)


def test_what_a_role_does_not_give_is_named_as_withheld(ground: Ground) -> None:
    said = words(page(ground, "customs-1", f"/register/{ground.licences['issued']}"))
    assert "withheld: your roles do not give: references of customs" in said
    assert "Deliveries are reported" in said
    held = words(page(ground, "exporter-1", f"/register/{ground.licences['issued']}"))
    assert "Deliveries are reported" in held  # whoever must fulfil a condition can read it
    suspended = words(page(ground, "customs-1", f"/register/{ground.licences['suspended']}"))
    assert "withheld: who acted" in suspended
    assert TERMS in suspended
    assert REASONS in suspended
    own = words(page(ground, "exporter-1", f"/register/{ground.licences['suspended']}"))
    assert REASONS in own
    assert REASONS in words(page(ground, "auditor-1", f"/register/{ground.licences['suspended']}"))


def test_the_timeline_has_both_times_and_says_late(ground: Ground) -> None:
    html = page(ground, "manager-1", f"/register/{ground.licences['suspended']}")
    item = next(i for i in html.split('class="moj-timeline__item"') if "review by 20 November 2024</h3>" in i)
    said = " ".join(re.sub(r"<[^>]+>", " ", item).split()).replace(" ;", ";")
    assert (
        "Line 1 suspended with effect from 4 November 2024 under the power “statute”, review by 20 November 2024 "
        "by Licensing manager recorded 10 November 2024, 10:00 UTC Late: said to be of 4 November 2024; recorded "
        "more than 24 hours from then." in said
    )
    assert "/acts/" in item


def test_the_picture_stands_with_its_table(ground: Ground) -> None:
    html = page(ground, "manager-1", f"/register/{ground.licences['suspended']}")
    assert html.count('<svg class="ph-bars__bar"') == 2
    assert "ph-bars__part--suspended" in html
    assert rows(html, "Statuses of each line</caption>") == [
        ["1", "● In force", "1 June 2024", "4 November 2024"],
        ["1", "‖ Suspended", "4 November 2024", "none: it lasts"],
        ["2", "● In force", "1 June 2024", "none: it lasts"],
    ]


def test_the_past_is_shown_with_a_banner_and_without_acts(ground: Ground) -> None:
    address = f"/register/{ground.licences['suspended']}"
    html = page(ground, "manager-1", f"{address}?on=2024-11-03")
    assert "As on 3 November 2024, with all that is recorded today." in words(html)
    assert "All 2 lines are in force since 1 June 2024" in words(html)
    assert buttons(html) == ["Show"]
    known = page(ground, "manager-1", f"{address}?on=2024-11-22&known=2024-11-22+10:30")
    assert "As it was known on 22 November 2024, 10:30 UTC, as on 22 November 2024." in words(known)
    gone = page(ground, "manager-1", f"{address}?known=2023-01-01")
    assert "Our books did not hold this licence at 1 January 2023, 23:59 UTC." in words(gone)


def test_what_is_overdue_leads_to_its_licences(ground: Ground) -> None:
    html = page(ground, "manager-1", "/register/overdue")
    assert [r[:2] + r[3:] for r in rows(html, "Overdue, oldest first")] == [
        ["GBSIEL/2024/0000002/P", "Condition (after shipment)", "1 November 2024", "21"],
        ["GBSIEL/2024/0000003/P", "Acknowledgement by customs of the suspension", "12 November 2024", "10"],
        ["GBSIEL/2024/0000003/P", "Review of a suspension (power: statute)", "20 November 2024", "2"],
    ]
    assert len(rows(page(ground, "exporter-1", "/register/overdue?kind=review"), "Overdue, oldest first")) == 1
    assert "Nothing is overdue." in page(ground, "exporter-2", "/register/overdue")


@pytest.mark.parametrize("name", ["manager-1", "auditor-1", "exporter-1", "administrator-1", "newcomer-1"])
def test_home_says_what_needs_the_person(ground: Ground, name: str) -> None:
    said = words(page(ground, name, "/"))
    assert said.startswith(f"{'Administrator' if name == 'administrator-1' else name} What needs you")
    assert ("1 open task 1 late" if name == "manager-1" else "0 open tasks") in said
    sees = name not in {"administrator-1", "newcomer-1"}
    assert ("1 review of suspensions past due 1 condition past due" in said) is sees
    assert ("1 acknowledgement by customs overdue" in said) is (name in {"manager-1", "auditor-1"})
    assert ("You hold no role yet" in said) is (name == "newcomer-1")


def test_lines_are_suspended_by_the_form_and_the_receipt_says_so(fresh: Ground) -> None:
    address = f"/register/{fresh.licences['issued']}"
    browser = fresh.browser("manager-1")
    form = browser.get(f"{address}/suspend?line=2").content.decode()
    assert faults(form) == []
    assert "Line 2: ML5, 6A002 targeting equipment and imaging cameras, XC (in force)" in form
    assert re.findall(r'name="lines" type="checkbox" value="(\d)" checked', form) == ["2"]
    answer = browser.post(f"{address}/suspend", filled(browser, f"{address}/suspend", **SUSPENSION))
    assert answer.status_code == 303, words(answer.content.decode())
    receipt = browser.get(answer["Location"]).content.decode()
    assert faults(receipt) == []
    said = words(receipt)
    assert "Recorded: suspend lines" in said
    assert (
        "Lines 1, 2 suspended with effect from 22 November 2024 under the power “statute”, review by "
        "20 December 2024." in said
    )
    assert "Not yet published" in said
    assert browser.get(answer["Location"] + "/1").status_code == 404
    shown = words(browser.get(address).content.decode())
    assert "Lines 1, 2 are suspended since 22 November 2024. Review by 20 December 2024." in shown


def test_errors_of_the_form_stand_at_their_boxes(fresh: Ground) -> None:
    address = f"/register/{fresh.licences['issued']}/suspend"
    browser = fresh.browser("manager-1")
    before = Entry.objects.count()
    wrong = SUSPENSION | {"reasons": "n/a", **day("review_by", 2024, 2, 31)}
    answer = browser.post(address, filled(browser, address, **wrong))
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (422, [])
    said = "Review by: this is no day of the calendar: give day, month and year in numbers, like 2 9 2026"
    assert said in words(html)
    assert f">\n{REASONS[:0]}n/a</textarea>" in html
    again = browser.post(address, filled(browser, address, **SUSPENSION | {"reasons": "n/a"}))
    assert "says nothing; write what happened and why" in again.content.decode()
    assert Entry.objects.count() == before


def test_a_conflict_says_what_changed_and_keeps_what_was_typed(fresh: Ground) -> None:
    address = f"/register/{fresh.licences['issued']}"
    browser = fresh.browser("manager-2")
    stale = filled(
        browser, f"{address}/suspend", **SUSPENSION | {"reasons": "My own long reason, typed with care."}
    )
    fresh.suspend(fresh.licences["issued"], 3, expected_version=3)
    answer = browser.post(f"{address}/suspend", stale)
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (409, [])
    assert "was changed since you looked: it is at version 4, not 3" in html
    assert "What changed since you opened this form" in html
    assert "Lines suspended, 22 November 2024, 11:00 UTC" in words(html)
    assert "My own long reason, typed with care." in html
    assert hidden(html, "expected_version") == "4"
    again = stale | {n: hidden(html, n) for n in ("idempotency_key", "form_made_at", "expected_version")}
    assert browser.post(f"{address}/suspend", again).status_code == 303


def test_an_act_that_no_line_allows_has_no_form(ground: Ground) -> None:
    html = page(ground, "manager-1", f"/register/{ground.licences['issued']}/reinstate", status=409)
    assert "You may now: amend, revoke, suspend." in html
    assert '<h1 class="govuk-heading-l">This cannot be done now</h1>' in html
    assert f'<a class="govuk-link" href="/register/{ground.licences["issued"]}">The licence</a>' in html
    none = page(ground, "manager-1", f"/register/{ground.licences['suspended']}/issue", status=409)
    assert "stands so that you could issue it" in none


def test_an_act_of_other_roles_is_refused_by_their_names(ground: Ground) -> None:
    html = words(page(ground, "manager-1", f"/register/{ground.licences['issued']}/surrender", status=403))
    assert "None of your roles (Licensing manager) allows it. It is for: Exporter. An administrator grants" in html
    assert "register.surrender" not in html


@pytest.mark.parametrize("act", ["banana", "suspend"])
def test_a_line_is_chosen_for_acts_that_take_one_alone(ground: Ground, act: str) -> None:
    page(ground, "manager-1", f"/register/{ground.licences['issued']}/choose-line-to/{act}", status=404)


def test_all_lines_say_what_is_not_reported_as_the_licence_does(ground: Ground) -> None:
    html = page(ground, "manager-1", f"/register/{ground.licences['suspended']}/lines")
    assert rows(html, "Lines</caption>")[0][5] == "not reported"


def test_hints_over_choices_do_not_ask_for_ids(ground: Ground) -> None:
    licence = ground.licences["issued"]
    for act in ("revoke", "suspend", "conditions/new"):
        html = page(ground, "manager-1", f"/register/{licence}/{act}")
        assert "Numbers of the lines" not in html
        assert "Id of the rule" not in html
    assert "None chosen: the whole licence." in html


def test_places_stand_with_their_names(fresh: Ground) -> None:
    licence = fresh.enter("GBSIEL/2024/0000777/P", lines=(terms(destination="NO"),))
    for name in (licence, f"{licence}/lines", f"{licence}/lines/1/amend"):
        assert "Norway (NO)" in page(fresh, "manager-1", f"/register/{name}")
    assert rows(page(fresh, "manager-1", "/register?text=0000777"), "Licences</caption>")[0][3] == "Norway (NO)"


def test_forms_of_others_are_refused_or_absent(ground: Ground) -> None:
    page(ground, "auditor-1", f"/register/{ground.licences['issued']}/suspend", status=403)
    page(ground, "exporter-1", f"/register/{ground.licences['foreign']}/surrender", status=404)
    page(ground, "exporter-1", f"/register/{ground.licences['foreign']}/lines", status=404)
    page(ground, "manager-1", "/register/L-none", status=404)
    page(ground, "manager-1", f"/register/{ground.licences['issued']}/lines/9/amend", status=404)
    page(ground, "manager-1", f"/register/{ground.licences['issued']}/acts/nothing", status=404)


def test_a_licence_is_entered_with_two_lines(fresh: Ground) -> None:
    browser = fresh.browser("reception-1")
    line = {"description": "pumps for patrol vessels", "destination": "XB", "end_user": "forces", "rating": "ML9"}
    typed = {
        "reference": "GBSIEL/2024/0000099/P",
        "licence_type": "standard_permanent",
        "exporter": fresh.firms["exporter-1"],
        "line_count": "1",
        "without_case": "earlier_register",
        "without_case_words": "Entry 1,204 of the register that was kept until 2023.",
        **day("decided_on", 2024, 11, 20),
        **day("valid_from", 2024, 11, 21),
        **{f"line_0_{n}": v for n, v in line.items()},
    }
    more = browser.post("/register/enter", filled(browser, "/register/enter", **typed) | {"one-more-line": "1"})
    html = more.content.decode()
    assert (more.status_code, faults(html)) == (200, [])
    assert re.findall(r"<legend[^>]*>(Line \d)</legend>", html) == ["Line 1", "Line 2"]
    assert "Names of places are kept as their codes" in html
    first = re.search(r'<button type="submit"[^>]*>([^<]*)<', html.partition("<main")[2])
    assert first  # what the key Enter presses
    assert first[1].strip() == "Enter the licence"
    assert 'value="GBSIEL/2024/0000099/P"' in html
    assert 'name="decided_on_day" type="text" inputmode="numeric" value="20"' in html
    second = {f"line_1_{n}": v for n, v in line.items()} | {"line_count": "2", "line_1_value": "12.50"}
    wrong = browser.post("/register/enter", filled(browser, "/register/enter", **typed) | second)
    assert wrong.status_code == 422
    assert 'href="#id_line_1_currency"' in wrong.content.decode()
    done = browser.post(
        "/register/enter", filled(browser, "/register/enter", **typed) | second | {"line_1_currency": "GBP"}
    )
    assert done.status_code == 303
    shown = words(browser.get(done["Location"]).content.decode())
    assert "Entered as a draft with 2 lines" in shown


def test_a_line_is_amended_with_what_it_was_in_the_boxes(fresh: Ground) -> None:
    address = f"/register/{fresh.licences['issued']}/lines/2/amend"
    browser = fresh.browser("manager-1")
    html = browser.get(address).content.decode()
    assert faults(html) == []
    assert 'name="terms_quantity_limit" type="text" value="12.000"' in html
    typed = {
        "terms_description": "targeting equipment and imaging cameras",
        "terms_rating": "ML5;6A002",
        "terms_destination": "XC",
        "terms_end_user": "law_enforcement",
        "terms_value": "1250000.00",
        "terms_currency": "GBP",
        "terms_quantity_limit": "10",
        "terms_unit": "item",
        "reasons": "Two cameras were returned to the maker before delivery.",
        **day("effective_on", 2024, 11, 22),
    }
    answer = browser.post(address, filled(browser, address, **typed))
    assert answer.status_code == 303, words(answer.content.decode())
    view = licence(viewer=fresh.actor("manager-1"), id=fresh.licences["issued"])
    assert view.lines[1].terms is not None
    assert str(view.lines[1].terms.quantity_limit) == "10.000"
    wider = browser.post(address, filled(browser, address, **typed | {"terms_quantity_limit": "11"}))
    said = words(wider.content.decode())
    assert wider.status_code == 403
    assert (
        "You did “Issue the draft lines of a licence” here, so this must be done by somebody else: the new terms "
        "are wider than those that were issued: quantity limit." in said
    )
    other = fresh.browser("manager-2")
    assert other.post(address, filled(other, address, **typed | {"terms_quantity_limit": "11"})).status_code == 303


def test_customs_acknowledge_and_usage_is_recorded(fresh: Ground) -> None:
    address = f"/register/{fresh.licences['suspended']}"
    browser = fresh.browser("customs-1")
    link = re.search(r'href="([^"]*/acknowledged)"', browser.get(address).content.decode())
    assert link
    typed = {"their_reference": "C-77", "acknowledged_at": "2024-11-22 10:00"}
    answer = browser.post(link[1], filled(browser, link[1], **typed))
    assert answer.status_code == 303, words(answer.content.decode())
    assert "Customs acknowledged the " in words(browser.get(answer["Location"]).content.decode())
    use = f"{address}/lines/2/usage"
    shipment = {
        "source": "gateway",
        "message": "m-2",
        "origin": "customs",
        "quantity": "5",
        "value": "",
        **day("happened_on", 2024, 11, 21),
    }
    assert browser.post(use, filled(browser, use, **shipment, completeness="complete")).status_code == 303
    assert "5 items 245 items left" in rows(browser.get(address).content.decode(), "Lines</caption>")[1]


def test_a_licence_without_a_stated_end_is_not_said_to_be_in_force(fresh: Ground) -> None:
    open_ended = fresh.issue("GBSIEL/2024/0000077/P", 0, valid_until=None)
    browser = fresh.browser("manager-1")
    html = browser.get(f"/register/{open_ended}").content.decode()
    assert faults(html) == []
    assert "The only line is issued since 1 June 2024, end not stated." in words(html)
    said = "until a day that is not stated: a stocktake assumes 24 months for this type, and says so"
    assert said in words(html)
    assert "In force" not in rows(html, "Lines</caption>")[0][1]
    assert rows(html, "Lines</caption>")[0][1].startswith("? Issued, end not stated")
    listed = browser.get("/register").content.decode()
    assert faults(listed) == []
    counts = re.findall(r'status=(\w+)"[^>]*>([\d,]+)<', listed)
    assert dict(counts)["issued_end_not_stated"] == "1"
    assert dict(counts)["issued"] == "3"
    for status, found in (("issued_end_not_stated", True), ("issued", False)):
        page_ = browser.get(f"/register?status={status}").content.decode()
        assert ("GBSIEL/2024/0000077/P" in page_) is found
    assert "status=issued_end_not_stated" in browser.get("/").content.decode()


def test_a_moment_before_the_books_held_it_is_said_so(ground: Ground) -> None:
    address = f"/register/{ground.licences['issued']}"
    said = words(page(ground, "manager-1", f"{address}?known=2024-11-21+10:00"))
    assert "Our books did not hold this licence at 21 November 2024, 10:00 UTC." in said
    assert "No line of this licence was there on 1 May 2024." in words(
        page(ground, "manager-1", f"{address}?on=2024-05-01")
    )
    page(ground, "exporter-2", f"{address}?known=2024-11-21+10:00", status=404)


def test_limbs_are_chosen_from_the_rules_with_their_titles(fresh: Ground) -> None:
    address = f"/register/{fresh.licences['issued']}/revoke"
    browser = fresh.browser("manager-2")
    html = browser.get(address).content.decode()
    assert faults(html) == []
    assert re.search(r'<option value="uk-selc-2021/2c"[^>]*>[^<]+\(uk-selc-2021/2c\)</option>', html)
    typed = {"lines": ["1"], "reasons": REASONS, "limb": "2c", **day("effective_on", 2024, 11, 22)}
    wrong = browser.post(address, filled(browser, address, **typed))
    assert wrong.status_code == 422
    assert "is not the id of a rule" in wrong.content.decode()
    done = browser.post(address, filled(browser, address, **typed | {"limb": "uk-selc-2021/2c"}))
    assert done.status_code == 303, words(done.content.decode())


def test_small_words_of_the_register(ground: Ground) -> None:
    html = page(ground, "manager-1", f"/register/{ground.licences['issued']}")
    assert "Value: not said" in words(html)
    assert "by the system" in words(html)
    system = html.partition("by the system")[2].partition("moj-timeline__item")[0]
    assert "who acted" not in system
    form = page(ground, "exporter-1", f"/register/{ground.licences['issued']}/lines/2/usage")
    assert ('value="customs"' in form, 'value="return"' in form) == (False, True)


def test_home_says_what_waits_for_the_role(ground: Ground) -> None:
    customs = page(ground, "customs-1", "/")
    assert "5 messages to customs to acknowledge" in words(customs)
    listed = page(ground, "customs-1", "/register/overdue?kind=waiting")
    assert len(re.findall(r'href="/register/L-\w+/customs/M-\w+/acknowledged"', listed)) == 5
    table = rows(listed, "Messages that customs have not acknowledged, oldest first</caption>")
    assert [len(r) for r in table] == [4] * 5
    assert ("Days late" in listed, "What is overdue" in listed) == (False, False)
    assert {r[1] for r in table} == {
        "The issue: customs were told, and have not said that they took it in",
        "The suspension: customs were told, and have not said that they took it in",
    }
    assert "1 licence with drafts to issue" in words(page(ground, "manager-1", "/"))
    assert "drafts to issue" not in words(page(ground, "customs-1", "/"))


def test_the_holder_sees_on_home_what_was_done_to_its_licences(ground: Ground) -> None:
    html = page(ground, "exporter-1", "/")
    assert rows(html, "Done to your licences in the last 30 days</caption>") == [
        ["GBSIEL/2024/0000003/P", "Line 1 suspended with effect from 4 November 2024"]
    ]
    link = re.search(r'href="(/register/[^"]*/acts/[^"]*)"', html)
    assert link
    receipt = words(page(ground, "exporter-1", link[1]))
    assert TERMS in receipt
    assert REASONS in receipt
    assert "customs" not in words(html).partition("Your tasks")[0]
    assert "Done to your licences" not in page(ground, "exporter-2", "/")
    told = words(page(ground, "customs-1", f"/register/{ground.licences['suspended']}"))
    assert TERMS in told


def test_the_same_again_leads_to_the_first_receipt(fresh: Ground) -> None:
    address = f"/register/{fresh.licences['issued']}"
    browser = fresh.browser("customs-1")
    use = f"{address}/lines/2/usage"
    shipment = {"source": "gateway", "message": "m-9", "origin": "customs", "quantity": "5", "value": ""}
    shipment |= {"completeness": "complete", **day("happened_on", 2024, 11, 21)}
    first = browser.post(use, filled(browser, use, **shipment))
    browser.get(first["Location"])
    again = browser.post(use, filled(browser, use, **shipment))
    assert (again.status_code, again["Location"]) == (303, first["Location"])
    shown = browser.get(again["Location"])
    assert shown.status_code == 200
    said = shown.content.decode()
    assert "<strong>Notice:</strong> This was recorded already." in said
    assert "<strong>Done:</strong>" not in said
    link = re.search(r'href="([^"]*/acknowledged)"', browser.get(address).content.decode())
    assert link
    taken = {"their_reference": "C-78", "acknowledged_at": "2024-11-22 10:00"}
    one = browser.post(link[1], filled(browser, link[1], **taken))
    two = browser.post(link[1], filled(browser, link[1], **taken))
    assert (two.status_code, two["Location"]) == (303, one["Location"])
    assert browser.get(two["Location"]).status_code == 200


def test_a_limit_is_an_error_at_its_box_and_no_conflict(fresh: Ground) -> None:
    use = f"/register/{fresh.licences['issued']}/lines/1/usage"
    browser = fresh.browser("customs-1")
    shipment = {"source": "gateway", "message": "m-1", "origin": "customs", "quantity": "61", "value": ""}
    shipment |= {"completeness": "complete", **day("happened_on", 2024, 11, 21)}
    answer = browser.post(use, filled(browser, use, **shipment))
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (409, [])
    assert 'href="#id_quantity"' in html
    assert "61 is more than is left: 60" in html
    assert "What changed since you opened this form" not in html
    assert "The only line is" not in html
    assert "Line 1 is in force" in words(html)


def test_what_separation_forbids_is_not_offered_and_refused_in_words(fresh: Ground) -> None:
    address = f"/register/{fresh.licences['suspended']}"
    suspender = fresh.browser("manager-1")
    html = suspender.get(address).content.decode()
    assert "Reinstate lines" not in buttons(html)
    assert "Revoke lines" not in buttons(html)
    assert "Reinstate lines: this must be somebody else's here, because you did “Suspend lines”." in words(html)
    assert "Reinstate lines" in buttons(fresh.browser("manager-2").get(address).content.decode())
    form = f"{address}/reinstate"
    typed = {"lines": ["1"], "reasons": REASONS, **day("effective_on", 2024, 11, 22)}
    refused = suspender.post(form, filled(suspender, form, **typed))
    html = refused.content.decode()
    assert (refused.status_code, faults(html)) == (403, [])
    assert "You did “Suspend lines” here, so this must be done by somebody else." in words(html)
    assert "register.suspend_lines" not in html
    assert 'value="2"' not in html.partition("What will be recorded")[0].partition('name="lines"')[2][:600]


def test_what_is_withheld_is_read_once_and_with_a_reason(fresh: Ground) -> None:
    address = f"/register/{fresh.licences['suspended']}"
    auditor = fresh.browser("auditor-1")
    html = auditor.get(address).content.decode()
    link = re.search(r'href="([^"]*/entries/\d+/read)"', html)
    assert link
    assert "/read" not in fresh.browser("manager-1").get(address).content.decode()
    form = auditor.get(link[1]).content.decode()
    assert faults(form) == []
    assert "Who acted" in form or "who acted" in form
    answer = auditor.post(link[1], filled(auditor, link[1], fields=["actor"], why="The committee asks who acted."))
    shown = answer.content.decode()
    assert (answer.status_code, faults(shown)) == (200, [])
    assert re.search(r"P-\w+|system", words(shown))
    assert Entry.objects.order_by("-id")[0].event == "people.PrivateRead"
    foreign = fresh.browser("exporter-1").get(link[1])
    assert foreign.status_code == 403


def test_nobody_is_warned_that_private_fields_of_a_licence_were_read(fresh: Ground) -> None:
    address = f"/register/{fresh.licences['suspended']}"
    auditor = fresh.browser("auditor-1")
    before = {
        n: fresh.browser(n).get(f"/api/v1/licences{address[9:]}/timeline").json()
        for n in ("exporter-1", "manager-1")
    }
    link = re.search(r'href="([^"]*/entries/\d+/read)"', auditor.get(address).content.decode())
    assert link
    auditor.post(link[1], filled(auditor, link[1], fields=["actor"], why="The committee asks who acted."))
    run = Entry.objects.get(event="people.PrivateRead").run
    for name in ("exporter-1", "manager-1", "customs-1", "exporter-2"):
        browser = fresh.browser(name)
        seen = (
            browser.get(address).content.decode()
            + browser.get(f"/api/v1/licences{address[9:]}/timeline").content.decode()
        )
        assert not re.search(f"{run}|sealed|Private|private", seen), name
        assert browser.get(f"{address}/acts/{run}").status_code == 404
        if name in before:
            assert browser.get(f"/api/v1/licences{address[9:]}/timeline").json() == before[name]
    said = words(auditor.get(address).content.decode())
    assert "Private fields of an entry were read, with a reason (sealed in the log)" in said


def test_forms_and_receipts_name_an_entry_by_its_place_in_the_log(fresh: Ground) -> None:
    address = f"/register/{fresh.licences['suspended']}"
    auditor = fresh.browser("auditor-1")
    link = re.search(r'href="([^"]*/entries/(\d+)/read)"', auditor.get(address).content.decode())
    assert link
    entry = Entry.objects.get(place__seq=int(link[2]))
    assert entry.about == fresh.licences["suspended"]
    receipt = auditor.get(f"{address}/acts/{entry.run}").content.decode()
    assert f"Place {int(link[2]):,} in the log" in words(receipt)
    form = auditor.get("/acts/people/read-private").content.decode()
    assert "Place of the entry in the log, as receipts and timelines show it" in form


def test_a_filter_by_a_place_that_nobody_knows_says_so(ground: Ground) -> None:
    html = page(ground, "manager-1", "/register?destination=Nowhereland")
    assert "no place of this name is known" in words(html)
    assert "Give a code, like XB, or a name" in words(html)
    assert faults(html) == []
    for known in ("XB", "france", "no"):
        assert "no place of this name is known" not in page(ground, "manager-1", f"/register?destination={known}")


def test_a_filter_by_holder_is_shown_by_name_to_who_may_know_it(ground: Ground) -> None:
    firm = ground.firms["exporter-1"]
    address = f"/register?exporter={firm}"
    assert "Holder: Ostvale Works" in words(page(ground, "manager-1", address))
    assert f"Holder: {firm}" in words(page(ground, "exporter-2", address))


def test_a_page_of_a_list_that_there_is_not_is_said_in_words_of_pages(ground: Ground) -> None:
    for address in ("/register?cursor=made-up", "/inbox?cursor=made-up", "/people?cursor=x"):
        html = page(ground, "manager-1", address, status=422)
        assert "There is no such page of this list" in words(html)
        assert "cursor" not in words(html)


def test_a_licence_without_a_case_says_so_and_the_list_is_filtered_by_it(ground: Ground) -> None:
    licence = ground.licences["issued"]
    shown = words(page(ground, "manager-1", f"/register/{licence}"))
    assert "Case none here: taken over from paper." in shown
    assert "Decided where, and by whom Granted on paper by the ministry; the file is in cabinet 3." in shown
    own = words(page(ground, "exporter-1", f"/register/{licence}"))
    assert "Case none here: taken over from paper." in own
    assert "cabinet 3" not in own
    listed = page(ground, "manager-1", "/register?origin=without_case")
    assert f'href="/register/{licence}' in listed
    assert "Comes from: No case: entered with a reason" in words(listed)
    assert f'href="/register/{licence}' not in page(ground, "manager-1", "/register?origin=case")
