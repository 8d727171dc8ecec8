"""The table of capability hints: every code has an answer, and only sound rows may exclude."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from penholder.kernel.errors import RuleError
from penholder.regime.hints import (
    absences,
    hint_for,
    hints,
    is_one_code,
    means,
    normal_code,
    prefixes,
    read_hints,
    rules_hash,
    split_codes,
)

MILITARY = tuple(f"ML{n}" for n in range(1, 23))
ONE_PLATFORM = "{{row: {0}, rating: ML{0}, role: a, platform: p, means: [{1}]}}"
HEAD = "table: t\nsource: tests\ntext_status: unverified\ngrade: F6\n"


def test_the_means_are_the_eight_of_the_vocabulary_in_order() -> None:
    assert [m.id for m in means()] == [
        "air_strike", "artillery", "naval_fire", "ground", "siege_obstruction", "detention", "surveillance",
        "internal_security",
    ]  # fmt: skip


@pytest.mark.parametrize("rating", MILITARY)
def test_every_headline_of_the_military_list_has_its_row(rating: str) -> None:
    hint = hint_for(rating)
    assert hint is not None
    assert hint.rating == rating


@pytest.mark.parametrize(
    "rating", ["ML16", "ML17", "ML18", "ML20", "ML21", "ML22", "PL5017", "0E001", "2B350", "3A001"]
)
def test_ratings_without_a_role_are_silent(rating: str) -> None:
    hint = hint_for(rating)
    assert hint is not None
    assert (hint.silent, hint.means, hint.exhaustive) == (True, (), False)


def test_only_these_rows_may_exclude_and_by_these_means() -> None:
    land = {"ground", "artillery", "siege_obstruction", "detention", "surveillance", "internal_security"}
    police = {"internal_security", "detention", "siege_obstruction", "ground"}
    assert {h.rating: set(h.means) for h in hints() if h.exhaustive} == {
        "ML6": land,
        "PL5035": land,
        "PL5001": police,
        "PL5030": police,
        "HRAIII": police,
        "HRAII": {"internal_security", "detention"},
        "HRAIV": {"detention"},
    }


def test_starter_hints_are_unverified_and_say_where_they_come_from() -> None:
    assert {h.grade for h in hints()} == {"F6"}
    assert hints()[9].source == "row 10, starter hints, regime notes 2.6; editable; a hint is not a finding"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ML10a3", ("ML10A3", "ML10A", "ML10", "ML")),
        ("ml 10.a", ("ML10A", "ML10", "ML")),
        ("6A003", ("6A003", "6A", "6")),
        ("HR AIII", ("HRAIII",)),
        ("", ()),
    ],
)
def test_a_code_is_shortened_between_numbers_and_words_only(code: str, expected: tuple[str, ...]) -> None:
    assert prefixes(code) == expected


@pytest.mark.parametrize(
    ("code", "rating"),
    [
        ("ML10a", "ML10"),
        ("ML1a", "ML1"),
        ("6A003b4", "6A"),
        ("6D003", "6"),
        ("5A002a", "5A002"),
        ("HR AII", "HRAII"),
    ],
)
def test_the_longest_row_that_fits_decides(code: str, rating: str) -> None:
    hint = hint_for(code)
    assert hint is not None
    assert hint.rating == rating


@pytest.mark.parametrize("code", ["ML100", "ML", "PL500", "HR A", "MILTA", "0006", "IRN"])
def test_a_code_that_fits_no_row_has_no_hint(code: str) -> None:
    assert hint_for(code) is None


@pytest.mark.parametrize(
    "cell",
    [
        "ML6; ML10", "ML6, ML10", "ML6 and ML10", "ML6/ML10", "ML6+ML10", "ML6|ML10", "ML6-ML10", "ML6 to ML10",
        "ML6-10", "ML6 10", "ML6 e 10", "ML6a-c", "ML6(a)(1) ML10", "ML6ML10", "PL5035 PL5017", "ML22 (for ML10)",
        "1A004a 1A005", "6A0036A004", "ML1 0", "ML6 A0006",
    ],
)  # fmt: skip
def test_what_is_not_one_whole_code_is_silent_and_never_cut_to_its_first_part(cell: str) -> None:
    assert not is_one_code(cell)
    assert prefixes(cell) == ()
    assert hint_for(cell) is None


@pytest.mark.parametrize(
    ("code", "rating"),
    [
        ("ml 10.a", "ML10"), ("ML10 a", "ML10"), ("ML6(a)(1)", "ML6"), ("ML6.a.1.ii", "ML6"), ("ML10a1ii", "ML10"),
        ("ML-10", "ML10"), ("6A003.b.4", "6A"), ("1.A.004", "1A004"), ("FR AI", "FRAI"), ("PL5035", "PL5035"),
    ],
)  # fmt: skip
def test_every_way_to_write_one_code_is_one_code(code: str, rating: str) -> None:
    assert is_one_code(code)
    hint = hint_for(code)
    assert hint is not None
    assert hint.rating == rating


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("ML6; ML10,ML6", ("ML6", "ML10")),
        ("ML6 und ML10 y 6A003", ("ML6", "ML10", "6A003")),
        ("ML6,", ("ML6",)),
        ("1, 2", ("1", "2")),
        ("ML6/10", ("ML6/10",)),
        ("ML6a, b", ("ML6a, b",)),
        ("HR AII & End Use", ("HR AII", "End Use")),
        (" , ", (" , ",)),
    ],
)
def test_a_list_of_codes_is_split_only_where_every_part_is_one(cell: str, codes: tuple[str, ...]) -> None:
    assert split_codes(cell) == codes


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("  - {row: 1, rating: ML1, role: weapon, means: [air_strik]}", "did you mean 'air_strike'"),
        ("  - {row: 1, rating: ML1, role: unknown, means: [ground]}", "makes the row silent"),
        ("  - {row: 1, rating: ML1, role: training, exhaustive: yes}", "would exclude everything"),
        ("  - {row: 1, rating: ML1, role: a}\n  - {row: 1, rating: ML2, role: a}", "row 1 is given twice"),
        ("  - {row: 1, rating: ML1, role: a}\n  - {row: 2, rating: ml 1, role: a}", "already has row 1"),
        (
            f"  - {ONE_PLATFORM.format(1, 'ground')}\n  - {ONE_PLATFORM.format(2, 'artillery')}",
            "a platform has one set",
        ),
        ("  - {row: 1, rating: ML1, role: a, gradee: A1}", "did you mean 'grade'"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(tmp_path: Path, rows: str, said: str) -> None:
    path = tmp_path / "hints.yaml"
    path.write_text(f"{HEAD}hints:\n{rows}\n")
    line = 6 + rows.count("\n")
    with pytest.raises(RuleError, match=rf"hints\.yaml:{line}: .*{said}"):
        read_hints(path)


def test_the_hash_names_the_content() -> None:
    assert len(rules_hash()) == 64


@pytest.mark.real
def test_every_published_rating_has_a_row_or_a_stated_absence(real_data: Path) -> None:
    with (real_data / "control-lists" / "uk-ratings.csv").open(encoding="utf-8", newline="") as stream:
        published = [row["rating"] for row in csv.DictReader(stream)]
    stated = {normal_code(a.code) for a in absences()}
    assert len(published) == 317
    assert [r for r in published if hint_for(r) is None and normal_code(r) not in stated] == []
    assert [r for r in published if not is_one_code(r) or split_codes(r) != (r,)] == []
