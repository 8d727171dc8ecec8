"""No licence stands in the register without a case, but with a reason that everybody can see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from penholder.actions.action import perform
from penholder.actions.errors import InvalidError
from penholder.actions.values import NOBODY, SYSTEM
from penholder.ledger.door import migration_door
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Entry
from penholder.register import actions, queries
from penholder.register.models import Licence
from penholder.register.origin import without_case, without_case_said
from penholder.register.search import Wanted, search
from penholder.register.values import Origin, WithoutCase
from penholder.register.web.words import event_words
from tests import register_ground as ground
from tests.register_ground import DESK, MANAGER, NO_CASE, OWNER, TODAY, enter, issued, terms

WORDS = NO_CASE["without_case_words"]


pytestmark = pytest.mark.usefixtures("register")


def entered(by: Any = DESK, **origin: Any) -> Any:
    given: dict[str, Any] = {
        "licence_type": "standard_permanent",
        "decided_on": TODAY,
        "valid_from": TODAY,
        "lines": (terms(),),
    }
    return perform(actions.enter_licence, by, reference="R/1", exporter="O-1", **given | origin).result.licence


def public(event: str) -> Any:
    return LedgerEntry.from_bytes(Entry.objects.get(event=f"register.{event}").body.encode()).data


@pytest.mark.parametrize(
    ("origin", "box"),
    [
        ({}, "without_case"),
        ({"case": "AP-1"}, "case"),
        ({"case": "AP-1", **NO_CASE}, "case"),
        ({"without_case_words": WORDS}, "without_case"),
        ({"without_case": "paper"}, "without_case_words"),
        ({"without_case": "paper", "without_case_words": "n/a"}, "without_case_words"),
        ({"without_case": "because", "without_case_words": WORDS}, "without_case"),
    ],
)
def test_nobody_enters_a_licence_that_says_neither_case_nor_why_there_is_none(
    origin: dict[str, Any], box: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        entered(**origin)
    assert box in refused.value.fields
    assert not Licence.objects.exists()


@pytest.mark.parametrize(
    "origin", [{}, {"case": "AP-1", **NO_CASE}, {"case": "AP-1", "without_case_words": WORDS}]
)
def test_the_system_says_one_of_the_two(origin: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        entered(SYSTEM, **origin)
    assert not Licence.objects.exists()


def test_that_there_is_no_case_is_public_once_it_is_issued_and_the_words_are_official() -> None:
    licence = issued()
    assert public("LicenceEntered") == {}
    said = public("LicenceIssued")
    assert (said["case"], said["without_case"]) == ("", "paper")
    assert WORDS not in Entry.objects.get(event="register.LicenceEntered").body
    assert event_words("register.LicenceIssued", said) == (
        "Line 1 issued with effect from 1 June 2024, valid from 1 June 2024 until 1 June 2026, "
        "without a case here: taken over from paper"
    )
    for viewer, words in ((MANAGER, WORDS), (OWNER, None), (NOBODY, None)):
        seen = queries.licence(viewer=viewer, id=licence)
        assert (seen.case, seen.without_case, seen.without_case_words) == ("", "paper", words)
        assert ("without_case_words" in seen.withheld) is (words is None)


def test_what_the_system_enters_names_its_case() -> None:
    licence = entered(SYSTEM, case="AP-1")
    perform(actions.issue_licence, MANAGER, licence=licence, effective_on=TODAY, expected_version=1)
    said = public("LicenceIssued")
    assert (said["case"], said["without_case"]) == ("AP-1", None)
    seen = queries.licence(viewer=NOBODY, id=licence)
    assert (seen.case, seen.without_case, seen.without_case_words) == ("AP-1", "", None)
    assert "without_case_words" not in seen.withheld


def test_the_register_is_filtered_by_where_licences_come_from_and_counts_them(small_folder: Path) -> None:
    assert (without_case(), without_case_said()) == ({}, "")
    of_case = entered(SYSTEM, case="AP-1")
    paper = [issued(f"GBSIEL/2024/{n}") for n in range(2)]
    other = enter("GBSIEL/2024/9", without_case=WithoutCase.OTHER)
    ground.load_release(small_folder)
    for origin, ids in {Origin.CASE: {of_case}, Origin.WITHOUT_CASE: {*paper, other}}.items():
        assert {r.id for r in queries.licences(viewer=MANAGER, origin=origin).items} == ids
        assert {r.id for r in search(viewer=MANAGER, wanted=Wanted(origin=origin)).items} == ids
    loaded = queries.licences(viewer=MANAGER, origin=Origin.RELEASE).items
    assert {(bool(r.release), r.case, r.without_case) for r in loaded} == {(True, "", "")}
    found = search(viewer=MANAGER, wanted=Wanted(origin=Origin.RELEASE)).items
    assert found
    assert not {r.id for r in found} & {of_case, *paper, other}
    assert without_case() == {WithoutCase.PAPER: 2, WithoutCase.OTHER: 1}
    assert without_case_said() == "3 licences come from no case: 2 taken over from paper, 1 for another reason"


@pytest.mark.parametrize(
    "changes", [{"without_case": ""}, {"without_case_words": ""}, {"case": "AP-1"}, {"without_case": "because"}]
)
def test_the_database_keeps_no_licence_that_does_not_say_where_it_comes_from(changes: dict[str, str]) -> None:
    licence = issued()
    with pytest.raises(IntegrityError), migration_door(), transaction.atomic():
        Licence.objects.filter(public_id=licence).update(**changes)
