"""Licence types and control-list headings."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from penholder.kernel.errors import RuleError
from penholder.regime.control_lists import entry, headline, is_military, known_ratings, list_entries
from penholder.regime.licence_types import licence_types
from penholder.regime.types import TextStatus
from penholder.rules.records import parse_record


def test_validity_to_assume() -> None:
    months = {k: t.assumed_months for k, t in licence_types().items() if t.assumed_months is not None}
    assert months == {"standard_permanent": 24, "standard_temporary": 12}
    assert licence_types()["not_stated"].assumed_months is None
    assert licence_types()["open_individual"].stated_range == "36 to 60 months"
    assert not licence_types()["security_clearance"].is_licence


@pytest.mark.parametrize(
    ("code", "military"),
    [
        ("ML1", True), ("ML22", True), ("ML23", None), ("ML0", None), ("ML100", None), ("ML10a", True),
        ("ml10.a.1", True), ("PL5017", True), ("PL5099", True), ("PL5001b", True), ("PL50", None),
        ("PL8001", False), ("PL9002", False), ("PL7001", None), ("6A003", False), ("6A003b4", False),
        ("6A", False), ("6", False),
        ("6F003", None), ("6A03", None), ("HR AII", False), ("HR AIIX", None), ("End Use", False), ("MEND", False),
        ("nonsense", None), ("", None),
    ],
)  # fmt: skip
def test_military_by_heading(code: str, military: bool | None) -> None:
    assert is_military(code) is military
    assert (headline(code) is None) is (military is None)


def test_headings() -> None:
    assert headline("ML10b") == "aircraft, unmanned aircraft, aero-engines and related equipment for military use"
    assert headline("6A003") == "sensors and lasers: systems, equipment and components"
    assert {f"ML{n}" for n in range(1, 23)} < set(known_ratings())
    assert {f"{c}{s}" for c in "0123456789" for s in "ABCDE"} < set(known_ratings())
    found = entry("ML4")
    assert found is not None
    assert (found.text_status, found.where) == (TextStatus.UNVERIFIED, "uk/control_lists/military.yaml:10")


def test_entries_are_dated_by_their_own_days() -> None:
    text = """
list: x
text_status: unverified
source: s
entries:
- {code: XX1, title: old, military: no, valid_until: 2014-01-01}
- {code: XX1, title: new, military: yes, valid_from: 2014-01-01}
"""
    old, new = list_entries(parse_record(text, name="x.yaml", error=RuleError))
    assert (old.valid.covers(date(2013, 12, 31)), old.valid.covers(date(2014, 1, 1))) == (True, False)
    assert (new.valid.start, new.is_military, new.source) == (date(2014, 1, 1), True, "s")


def test_headings_of_the_list_hold_on_any_day() -> None:
    assert headline("ML4", on=date(2008, 1, 1)) == headline("ML4", on=date(2025, 1, 1)) == headline("ML4")


@pytest.mark.real
def test_military_flags_of_the_published_table(real_data: Path) -> None:
    with (real_data / "control-lists" / "uk-ratings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 317
    wrong = [r["rating"] for r in rows if is_military(r["rating"]) is not (r["military"] == "1")]
    assert wrong == []
