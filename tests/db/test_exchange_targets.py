"""What the authority lists for the site of concerns: every kind of thing, and who took part in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from penholder.actions.action import perform
from penholder.actions.values import SYSTEM, Actor
from penholder.analysis.sources.places import call_places
from penholder.casework import actions as casework
from penholder.casework import decided
from penholder.cli.exchange_targets import targets
from penholder.concerns.actions import ListedTarget, import_targets
from penholder.concerns.models import KnownTarget
from penholder.people.staff import references_of
from penholder.register import actions as register
from penholder.register.queries import licence as licence_view
from penholder.restrictions import actions as restrictions
from penholder.review import actions as reviews
from penholder.review.values import Trigger
from penholder.statements import actions as statements
from tests import decision_ground as ground
from tests.case_ground import RECEPTION, START
from tests.casework import Casework
from tests.concerns_ground import EXCHANGE_KEY
from tests.decision_ground import Decision


@pytest.fixture(autouse=True)
def installation(cases: None, casework: Casework) -> Iterator[None]:
    (casework.home / "secrets" / "exchange-key").write_text(EXCHANGE_KEY + "\n", encoding="ascii")
    call_places({"XV": "Velmora"})
    yield
    call_places({})


def of(*persons: Actor) -> list[str]:
    return sorted(references_of({p.id for p in persons}).values())


def listed() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in targets():
        found.setdefault(row["kind"], []).append(row)
    return found


def test_a_decision_and_its_licence_are_listed_with_all_who_worked_on_them() -> None:
    signer, decider = ground.officer("signer", "countersigner"), ground.officer("decider", "decider")
    other = ground.officer("other", "licensing_manager")
    story = Decision().advised()
    story.propose()
    story.sign(by=signer)
    story.sign(by=ground.SECOND_SIGNER)
    decision = story.decide(by=decider)
    assert story.desks is not None
    advisers = story.desks.people.values()
    licence = decided.decisions_of(viewer=decider, case=story.id).licence
    held = licence_view(viewer=other, id=licence)
    assert held.lines[0].terms is not None
    perform(
        register.amend_line,
        other,
        licence=licence,
        line=1,
        terms=replace(held.lines[0].terms, quantity_limit=Decimal(1)),
        reasons="The order was cut in April.",
        effective_on=START,
        expected_version=held.version,
    )
    perform(casework.record_dissent, RECEPTION, case=story.id, text="The wing was lent to the air force in March.")
    found = listed()
    assert sorted(found) == ["case", "decision", "licence"]
    assert found["decision"] == [
        {
            "id": decision,
            "kind": "decision",
            "title": f"Granted on 8 April 2024, licence for XN (case {story.id})",
            "state": "granted",
            "state_on": "2024-04-08",
            "dissents": 1,
            "open": True,
            "people": of(*advisers, signer, decider),
        }
    ]
    assert found["licence"] == [
        {
            "id": licence,
            "kind": "licence",
            "title": f"Licence for XN of 8 April 2024 ({licence})",
            "dissents": 1,
            "open": True,
            "people": of(*advisers, signer, decider, other),
        }
    ]
    assert [(r["title"], r["dissents"], r["people"]) for r in found["case"]] == [
        (
            f"Application for a licence {story.id}, submitted on 8 April 2024, destination XN",
            1,
            of(*advisers, signer, decider),
        )
    ]


def test_a_destination_is_listed_with_all_who_worked_on_what_is_about_it() -> None:
    speaker, setter = ground.officer("speaker", "licensing_manager"), ground.officer("setter", "decider")
    holder, drafter = ground.officer("holder", "licensing_manager"), ground.officer("drafter", "penholder")
    said = perform(
        statements.record_statement, speaker, destination="XV", said_on=START, place="Parliament",
        speaker_role="Decider", words="All licences are in line with the criteria.",
    ).result  # fmt: skip
    perform(
        restrictions.set_moratorium, setter, destinations=("XV",), scope="", limb="uk-selc-2021/2c",
        legal_basis="Undertaking to the court.", reasons="Strikes on homes are reported every day.",
        valid_from=START, review_by=date(2024, 6, 1),
    )  # fmt: skip
    perform(
        restrictions.place_hold, holder, destination="XV", reasons="Strikes since March are being looked into.",
        review_by=date(2024, 6, 1),
    )  # fmt: skip
    change = perform(
        reviews.propose_trigger, drafter, trigger=Trigger.NEW_CONFLICT, destinations=("XT",),
        happened_on=START, words="Strikes are reported every day.",
    ).result  # fmt: skip
    found = listed()
    assert [(r["id"], r["title"], r["people"]) for r in found["statement"]] == [
        (said.id, "Statement of 8 April 2024, Parliament, about Velmora (XV)", of(speaker))
    ]
    assert [(r["id"], r["state"], r["open"]) for r in found["change"]] == [(change.id, "", False)]
    assert found["change"][0]["people"] == of(drafter)
    assert [(r["id"], r["open"]) for r in found["destination"]] == [("XT", False), ("XV", True)]
    assert [(r["id"], r["title"], r["people"]) for r in found["destination"]] == [
        ("XT", "XT: its assessments, the measures about it and what was said of it", of(drafter)),
        (
            "XV",
            "Velmora (XV): its assessments, the measures about it and what was said of it",
            of(speaker, setter, holder),
        ),
    ]
    rows = [ListedTarget(**{**row, "people": tuple(row["people"])}) for row in targets()]
    assert perform(import_targets, SYSTEM, made_on=START, targets=tuple(rows)).result == 4
    assert set(KnownTarget.objects.values_list("kind", flat=True)) == {"statement", "change", "destination"}
