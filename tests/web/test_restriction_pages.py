"""Pages of the restrictions: exact words by role, forms, what a moratorium matches, and that nothing leaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from penholder.people.addresses import pseudonym_of  # noqa: F401 - people_ground needs it
from penholder.restrictions.models import Restriction
from tests import people_ground, register_ground
from tests.register_ground import TODAY
from tests.web.pages_ground import Ground
from tests.web.test_register_pages import buttons, day, filled, page, rows, words

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

WHY = "Strikes on homes in Velmora are reported every day since 12 November."
MORATORIUM: dict[str, Any] = {
    "destinations": "XB, XC",
    "limb": "uk-selc-2021/2c",
    "legal_basis": "Undertaking to the court of 20 November.",
    "reasons": WHY,
    "scope": "in: {end_user_class: [forces]}",
    **day("valid_from", 2024, 6, 1),
    **day("review_by", 2025, 2, 20),
}
EXEMPTION: dict[str, Any] = {
    "limb": "uk-selc-2021/2c",
    "scope": "under: {ratings: [ML13]}",
    "legal_basis": "Specific measure, part 3 of the criteria.",
    "reasons": "Body armour for journalists protects and cannot strike.",
    "advice_for": "Foreign affairs: protection of civilians.",
    "conditions": "Counted on return.",
    **day("review_by", 2025, 1, 20),
}


@pytest.fixture
def ground(tmp_path: Any) -> Iterator[Ground]:
    made = Ground.copied(tmp_path / "home")
    register_ground.at(TODAY, 11)
    made.people["penholder-1"] = people_ground.invited("penholder-1", "penholder")
    yield made
    made.close()


def send(ground: Ground, name: str, address: str, /, **typed: Any) -> Any:
    browser = ground.browser(name)
    return browser.post(address, filled(browser, address, **typed))


def set_moratorium(ground: Ground) -> str:
    answer = send(ground, "decider-1", "/restrictions/moratoria/new", **MORATORIUM)
    assert answer.status_code == 303, answer.content.decode()
    return str(Restriction.objects.get(kind="moratorium").public_id)


def test_an_empty_list_says_so_and_offers_what_one_may_set(ground: Ground) -> None:
    html = page(ground, "decider-1", "/restrictions")
    assert "There is none of this kind." in words(html)
    assert buttons(html) == ["Set a moratorium", "Place a hold"]
    assert buttons(page(ground, "auditor-1", "/restrictions")) == []
    assert buttons(page(ground, "penholder-1", "/restrictions")) == ["Propose an exemption"]


def test_a_moratorium_is_set_by_form_and_its_page_says_what_matches(ground: Ground) -> None:
    made = set_moratorium(ground)
    html = page(ground, "decider-1", f"/restrictions/{made}")
    said = words(html)
    assert "No line to XB, XC that matches is granted, amended or reinstated since 1 June 2024." in said
    assert "Review by 20 February 2025." in said
    assert rows(html, "Destinations</caption>") == [["XB", "1 June 2024", "none: it lasts"], [
        "XC", "1 June 2024", "none: it lasts"]]  # fmt: skip
    matched = rows(html, "Grants that match or may match</caption>")
    licences = ground.licences
    assert [(r[0], *r[1:5]) for r in matched] == [
        (f"{licences[name]}, line {line}", "Issue", "1 June 2024", "yes", "yes")
        for name, line in sorted((licences_of(ground)), key=lambda pair: (licences[pair[0]], pair[1]))
    ]
    assert buttons(html) == ["Change the destinations", "Lift it"]


def licences_of(ground: Ground) -> list[tuple[str, int]]:
    """Lines to the forces of XB and XC that were issued since June."""
    return [("issued", 1), ("issued", 3), ("suspended", 1)]


def test_an_exporter_reads_what_is_public_and_no_text(ground: Ground) -> None:
    made = set_moratorium(ground)
    html = page(ground, "exporter-1", f"/restrictions/{made}")
    said = words(html)
    assert "withheld: lines of licences are for officials" in said
    for text in (MORATORIUM["legal_basis"], WHY, ground.licences["issued"]):
        assert str(text) not in html
    assert "Change the destinations: Licensing manager, Decider (minister or authority)" in said


def test_the_register_refuses_by_form_with_the_words_of_the_moratorium(ground: Ground) -> None:
    made = set_moratorium(ground)
    licence = ground.licences["draft"]
    answer = send(ground, "manager-1", f"/register/{licence}/issue", **day("effective_on", 2024, 11, 22))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert f"Issue is refused by moratorium {made}: it matches: destination is XB" in words(html)


def test_an_exemption_is_proposed_by_one_and_announced_by_another(ground: Ground) -> None:
    assert send(ground, "penholder-1", "/restrictions/exemptions/new", **EXEMPTION).status_code == 303
    made = str(Restriction.objects.get().public_id)
    html = page(ground, "penholder-1", f"/restrictions/{made}")
    assert "It is proposed and lets nothing through." in words(html)
    assert page(ground, "exporter-1", f"/restrictions/{made}", status=404)
    empty = send(
        ground,
        "decider-1",
        f"/restrictions/exemptions/{made}/announce",
        announced_where="n/a",
        **day("announced_on", 2024, 11, 22),
    )
    assert empty.status_code == 422
    where = "Written statement 114 to the parliament of Ardenia"
    answer = send(
        ground,
        "decider-1",
        f"/restrictions/exemptions/{made}/announce",
        announced_where=where,
        **day("announced_on", 2024, 11, 22),
    )
    assert answer.status_code == 303, answer.content.decode()
    html = page(ground, "decider-1", f"/restrictions/{made}")
    said = words(html)
    assert "It lets through what it matches since 22 November 2024" in said
    assert f"22 November 2024, {where}" in said
    assert "none: none on file" in said
    assert "rating ML13" in words(page(ground, "exporter-1", f"/restrictions/{made}"))


def test_a_scope_that_cannot_be_computed_stands_at_its_box(ground: Ground) -> None:
    answer = send(
        ground, "decider-1", "/restrictions/moratoria/new", **MORATORIUM | {"scope": "in: {colour: [red]}"}
    )
    assert answer.status_code == 422
    assert "'colour' is not a fact; allowed: destination" in words(answer.content.decode())


def test_the_api_gives_the_same_and_keeps_the_same_back(ground: Ground) -> None:
    made = set_moratorium(ground)
    ours = ground.browser("decider-1").get(f"/api/v1/restrictions/{made}").json()
    theirs = ground.browser("exporter-1").get(f"/api/v1/restrictions/{made}").json()
    assert (ours["destinations"], theirs["destinations"]) == (["XB", "XC"], ["XB", "XC"])
    assert (ours["reasons"], theirs["reasons"], theirs["withheld"][:2]) == (WHY, None, ["legal_basis", "reasons"])
    assert ours["members"][0] == {"destination": "XB", "valid_from": "2024-06-01", "valid_until": None}
    grants = ground.browser("decider-1").get(f"/api/v1/restrictions/{made}/grants").json()
    assert (grants["looked_at"], len(grants["found"])) == (7, 3)
    assert {f["is_breach"] for f in grants["found"]} == {True}
    assert ground.browser("exporter-1").get(f"/api/v1/restrictions/{made}/grants").status_code == 404


BOXES: dict[str, Any] = {
    "scope": "",
    "scope_places": "xn; XB",
    "scope_ratings": "ml 10.a; 6A002",
    "scope_end_users": ["forces", "law_enforcement"],
    "scope_licence_types": ["standard_temporary"],
}


def test_a_scope_is_chosen_in_boxes_and_said_in_words(ground: Ground) -> None:
    answer = send(ground, "penholder-1", "/restrictions/exemptions/new", **EXEMPTION | BOXES)
    assert answer.status_code == 303, answer.content.decode()
    (made,) = Restriction.objects.all()
    assert made.scope == (
        'all: [{in: {destination: ["XN", "XB"]}}, {under: {ratings: ["ML10a", "6A002"]}}, '
        '{in: {end_user_class: ["forces", "law_enforcement"]}}, {in: {licence_type: ["standard_temporary"]}}]'
    )
    shown = words(page(ground, "penholder-1", answer["Location"]))
    assert "Lines that it matches destination XN or XB, and rating ML10a or 6A002, and end user armed" in shown


def test_what_was_done_says_a_short_scope_in_words(ground: Ground) -> None:
    typed = {"scope": "", "scope_end_users": ["commercial"], "destinations": "XB"}
    browser = ground.browser("decider-1")
    address = "/restrictions/moratoria/new"
    answer = browser.post(address, filled(browser, address, **MORATORIUM | typed))
    assert answer.status_code == 303, answer.content.decode()
    assert Restriction.objects.get().scope == 'in: {end_user_class: ["commercial"]}'
    shown = words(browser.get(answer["Location"]).content.decode())
    assert "Or write the scope yourself: end user civilian or commercial" in shown


@pytest.mark.parametrize(
    ("typed", "box", "said"),
    [
        (BOXES | {"scope": "in: {destination: [XB]}"}, "scope", "is given twice: by the boxes above and here"),
        (BOXES | {"scope_places": "Nowhere at all"}, "scope_places", "no place that is known: Nowhere at all"),
        (BOXES | {"scope_ratings": "pumps; ML10"}, "scope_ratings", "no code of the control lists: pumps"),
        ({"scope": "", "scope_ratings": " ; "}, "scope_ratings", "no code of the control lists: ;"),
        ({"scope": ""}, "scope", "is needed"),
    ],
)
def test_a_scope_that_cannot_be_read_is_refused_at_its_box(
    ground: Ground, typed: dict[str, Any], box: str, said: str
) -> None:
    answer = send(ground, "penholder-1", "/restrictions/exemptions/new", **EXEMPTION | typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_{box}"' in html
    assert said in words(html)
    assert not Restriction.objects.exists()
