from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.sources.cells import JOIN, CellFault, OpenEnd, parser, shown
from penholder.analysis.sources.mapping import ColumnRule, Style
from penholder.analysis.sources.targets import INCIDENTS, LINES


def cell(name: str, text: str, *, style: Style | None = None, **rule: Any) -> Any:
    target = LINES.get(name) or INCIDENTS[name]
    return parser(ColumnRule(target, ("x",), **rule), style or Style())(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3540", Decimal("3540.00")),
        (" 12.5 ", Decimal("12.50")),
        ("1e5", Decimal("100000.00")),
        ("0", Decimal("0.00")),
        ("", None),
        ("-1", CellFault("negative_value")),
        ("1e400", CellFault("number_out_of_range")),
        ("1e999999", CellFault("number_out_of_range")),
        ("-1e400", CellFault("number_out_of_range")),
        ("9" * 17, CellFault("number_out_of_range")),
        ("nan", CellFault("not_a_number")),
        ("inf", CellFault("not_a_number")),
        ("12 or so", CellFault("not_a_number")),
        ("1,000", CellFault("not_a_number")),
        ("٣", CellFault("not_a_number")),
        ("0.125", CellFault("too_precise")),
    ],
)
def test_values_are_read_exactly_or_not_at_all(text: str, expected: object) -> None:
    assert cell("value", text) == expected


CONTINENTAL = Style(decimal=",", thousands=".")
SPACED = Style(decimal=",", thousands=" ")
ENGLISH = Style(thousands=",", ignore=("£",))


@pytest.mark.parametrize(
    ("style", "text", "expected"),
    [
        (CONTINENTAL, "1.234.567,89", Decimal("1234567.89")),
        (CONTINENTAL, "1234,5", Decimal("1234.50")),
        (CONTINENTAL, "1.5", CellFault("not_a_number")),
        (CONTINENTAL, "12.34.567", CellFault("not_a_number")),
        (SPACED, "1 234 567,89", Decimal("1234567.89")),
        (SPACED, "1\u00a0234\u202f567", Decimal("1234567.00")),
        (SPACED, "1.5", CellFault("not_a_number")),
        (ENGLISH, "£1,234.50", Decimal("1234.50")),
        (ENGLISH, "1.234,50", CellFault("not_a_number")),
        (Style(decimal=","), "1.5", CellFault("not_a_number")),
        (Style(decimal=","), "1,5", Decimal("1.50")),
    ],
)
def test_number_styles_are_read_strictly_so_that_no_amount_changes_its_size(
    style: Style, text: str, expected: object
) -> None:
    assert cell("value", text, style=style) == expected


@given(st.decimals(0, 10**14, places=2, allow_nan=False))
def test_an_amount_written_in_any_style_is_the_same_amount(amount: Decimal) -> None:
    english = f"{amount:,}"
    continental = english.translate(str.maketrans(",.", ".,"))
    assert cell("value", english, style=Style(thousands=",")) == amount
    assert cell("value", continental, style=CONTINENTAL) == amount


def test_amounts_in_thousands_are_multiplied_exactly() -> None:
    assert cell("value", "1.234567", multiply=Decimal(1000), round=True) == Decimal("1234.57")
    assert cell("value", "1.234567", multiply=Decimal(1000)) == CellFault("too_precise")
    assert cell("value", "2.5", multiply=Decimal(1_000_000)) == Decimal("2500000.00")


def test_an_open_bound_is_read_only_where_the_mapping_says_how_it_is_marked() -> None:
    assert cell("attacks_max", "10+", open_mark="+") == OpenEnd(10)
    assert cell("attacks_max", "10", open_mark="+") == 10
    assert cell("attacks_max", "10+") == CellFault("not_a_number")
    assert cell("attacks_max", "-3+", open_mark="+") == CellFault("negative_value")


def test_codes_are_translated_and_unknown_ones_are_refused_kept_or_dropped_as_declared() -> None:
    codes = {"0": "issued", "1": "refused"}
    assert cell("outcome", "1", codes=codes) == "refused"
    assert cell("outcome", "2", codes=codes) == CellFault("unknown_code")
    assert cell("unit", "kg", codes={"st": "pieces"}, others="keep") == "kg"
    assert cell("unit", "kg", codes={"st": "pieces"}, others="null") is None


def test_a_needed_cell_that_is_empty_or_a_null_word_is_missing() -> None:
    assert cell("outcome", " ") == CellFault("missing_required")
    assert cell("destination", "n/a", null_words=frozenset({"", "n/a"})) == CellFault("missing_required")


def test_entries_of_a_list_are_split_translated_one_by_one_and_kept_once() -> None:
    rule: dict[str, Any] = {"list_separator": "/", "codes": {"A": "ML1", "B": "ML2"}}
    assert cell("rating", "A / B/A", **rule) == "ML1;ML2"
    assert cell("rating", "A/C", **rule) == CellFault("unknown_code")
    assert cell("rating", '["ML1", "ML2;x"]', list_separator="json") == "ML1;ML2,x"
    assert cell("actors", f"Northern army{JOIN}Civilians", joined=True, leave_out=frozenset({"Civilians"})) == (
        "Northern army"
    )


def test_flags_become_the_words_of_the_columns_that_say_yes() -> None:
    flags = {"Hit transport": "transport", "Hit people": "people"}
    assert cell("object", f"YES{JOIN}NO", flags=flags, joined=True) == "transport"
    assert cell("object", f"NO{JOIN}Unknown", flags=flags, joined=True) is None


def test_spellings_are_folded() -> None:
    assert cell("object", "Medical_Facility ", fold=True) == cell("object", "medical facility", fold=True)


def test_end_users_are_classes_of_the_table() -> None:
    assert cell("end_user", "Heer", codes={"Heer": "forces"}) == "forces"
    assert cell("end_user", "somebody") == CellFault("unknown_code")


def test_degrees_stay_on_the_globe() -> None:
    assert cell("latitude", "13.5") == 13.5
    assert cell("latitude", "91") == CellFault("number_out_of_range")
    assert cell("longitude", "180") == 180.0


def test_what_the_quarantine_shows_is_one_line_and_cut() -> None:
    assert shown("a\nb" + "x" * 200) == "a b" + "x" * 77


@given(st.text(max_size=40), st.sampled_from(sorted(LINES)))
def test_any_text_in_any_column_is_a_value_none_or_a_fault(text: str, name: str) -> None:
    cell(name, text, list_separator=";")
