"""What the page of a licence says of exemptions and moratoria in force, and of goods that left too early."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from penholder.actions.action import perform
from penholder.regime.regimes import rule_words
from penholder.register import actions
from penholder.register.queries import licence
from penholder.register.values import ConditionTiming, DrawOrigin
from penholder.restrictions.models import Restriction
from tests import people_ground, register_ground
from tests.register_ground import TODAY
from tests.web.pages_ground import Ground
from tests.web.test_register_pages import day, page, rows, words
from tests.web.test_restriction_pages import EXEMPTION, MORATORIUM, send, set_moratorium

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

NONE = "None that is in force on 22 November 2024 matches a line that may still be used, or may match it."
SINCE = "In force since 22 November 2024."
HEADING = "Exemptions and moratoria that touch the lines"


@pytest.fixture
def ground(tmp_path: Any) -> Iterator[Ground]:
    made = Ground.copied(tmp_path / "home")
    register_ground.at(TODAY, 11)
    made.people["penholder-1"] = people_ground.invited("penholder-1", "penholder")
    yield made
    made.close()


def announced(ground: Ground, **changes: Any) -> str:
    """An exemption that is in force since the day of the test."""
    send(ground, "penholder-1", "/restrictions/exemptions/new", **EXEMPTION | changes)
    made = str(Restriction.objects.get(kind="exemption").public_id)
    said = {"announced_where": "Written statement 114", **day("announced_on", 2024, 11, 22)}
    answer = send(ground, "decider-1", f"/restrictions/exemptions/{made}/announce", **said)
    assert answer.status_code == 303, answer.content.decode()
    return made


def asked(on: date) -> str:
    """The query that asks for a day."""
    return f"on={on}"


def items(html: str) -> list[tuple[str, str]]:
    """The address and the words of each item under the heading."""
    listed = html.partition('id="touches"')[2].partition("</ul>")[0]
    found = re.findall(r'<li><a class="govuk-link" href="([^"]+)">(.*?)</li>', listed, re.DOTALL)
    return [(href, " ".join(re.sub(r"<[^>]+>", "", text).split())) for href, text in found]


def test_what_is_in_force_stands_below_the_lines_with_its_title(ground: Ground) -> None:
    address = f"/register/{ground.licences['suspended']}"
    assert f"{HEADING} {NONE}" in words(page(ground, "manager-1", address))
    moratorium, exemption = set_moratorium(ground), announced(ground, scope="under: {ratings: [ML4]}")
    html = page(ground, "manager-1", address)
    limb = rule_words("uk-selc-2021/2c")
    assert items(html) == [
        (
            f"/restrictions/{exemption}",
            f"Exemption for rating ML4 matches line 1, where {limb} would otherwise refuse. {SINCE}",
        ),
        (
            f"/restrictions/{moratorium}",
            "Moratorium on XB, XC matches line 1; an exemption lets through line 1. In force since 1 June 2024.",
        ),
    ]


def test_a_line_that_may_match_says_what_would_have_to_be_known(ground: Ground) -> None:
    send(ground, "decider-1", "/restrictions/moratoria/new", **MORATORIUM | {"destinations": "XD"})
    made, missing = Restriction.objects.get().public_id, "end user class"
    assert items(page(ground, "manager-1", f"/register/{ground.licences['suspended']}")) == [
        (
            f"/restrictions/{made}",
            f"Moratorium on XD may match line 2: {missing} would have to be known. In force since 1 June 2024.",
        )
    ]


def test_it_is_as_of_the_day_and_of_lines_that_are_not_over(ground: Ground) -> None:
    set_moratorium(ground)
    address = f"/register/{ground.licences['issued']}"
    announced(ground, scope="under: {ratings: [ML10]}")
    assert [href.split("/")[-1][:2] for href, _ in items(page(ground, "manager-1", address))] == ["EX", "MO"]
    before = items(page(ground, "manager-1", f"{address}?{asked(date(2024, 11, 21))}"))
    assert [text for _, text in before] == ["Moratorium on XB, XC matches lines 1, 3. In force since 1 June 2024."]
    assert NONE in words(page(ground, "manager-1", f"/register/{ground.licences['ended']}"))


@pytest.mark.parametrize("name", ["exporter-1", "customs-1"])
def test_which_lines_match_is_for_officials(ground: Ground, name: str) -> None:
    made = set_moratorium(ground)
    html = page(ground, name, f"/register/{ground.licences['issued']}")
    assert (HEADING in html, made in html) == (False, False)


def condition(ground: Ground, text: str, **given: Any) -> None:
    seen = licence(viewer=ground.actor("manager-1"), id=ground.licences["issued"])
    what: dict[str, Any] = {
        "timing": ConditionTiming.BEFORE,
        "licence": seen.id,
        "expected_version": seen.version,
    } | given
    perform(actions.add_condition, ground.actor("manager-1"), text=text, **what)


def draw(ground: Ground, message: str, line: int, on: date, quantity: int) -> None:
    perform(
        actions.record_draw,
        ground.actor("customs-1"),
        licence=ground.licences["issued"],
        line=line,
        source="customs-gateway",
        message=message,
        happened_on=on,
        origin=DrawOrigin.CUSTOMS,
        quantity=Decimal(quantity),
    )


def test_a_condition_that_was_to_be_met_first_and_is_not_is_flagged(ground: Ground) -> None:
    address = f"/register/{ground.licences['issued']}"
    condition(ground, "The certificate of the end user is on file.")
    condition(ground, "The end user is visited.", lines=(3,))
    assert "was to be met before the first shipment" not in words(page(ground, "manager-1", address))
    register_ground.at(date(2024, 11, 25), 11)
    draw(ground, "m-2", 2, date(2024, 11, 23), 4)
    draw(ground, "m-3", 2, date(2024, 11, 24), 2)
    # `page` puts the clock back, before the shipments: the day is asked for.
    html = page(ground, "manager-1", f"{address}?{asked(date(2024, 11, 25))}")
    (flagged,) = re.findall(r"Condition \d+ was to be met[^.]*\.", words(html))
    assert flagged == (
        "Condition 2 was to be met before the first shipment; 4 items left under line 2 on 23 November 2024, more "
        "has left since, and it is not recorded as met."
    )
    assert [r[:2] for r in rows(html, "Conditions</caption>")] == [
        ["1", "Deliveries are reported within 30 days."],
        ["2", "The certificate of the end user is on file."],
        ["3", "The end user is visited."],
    ]
