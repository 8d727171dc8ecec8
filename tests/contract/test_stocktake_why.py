"""One line explained: the same answer as the stocktake, and flips that are true when the data are changed so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from penholder.analysis.profile.model import MeansUse, OperationProfile
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.index import DataIndex
from penholder.analysis.stocktake.run import stocktake
from penholder.analysis.stocktake.table import rows_of
from penholder.analysis.stocktake.vocabulary import Cause, Scope, Use, code_of
from penholder.analysis.stocktake.why import Why, why_line
from penholder.analysis.stocktake.why_result import find_line, line_question, why_result
from penholder.kernel.dates import Interval
from penholder.kernel.errors import InputError, NotKnownError
from penholder.kernel.truth import Truth
from tests.contract.stocktake_world import ON, add_lines, folder_of, profile_of


def explained(
    catalogue: Catalogue,
    line: str = "1:1",
    profile: OperationProfile | None = None,
    scope: Scope = Scope.IN_FORCE,
) -> Why:
    question = line_question(catalogue, profile or profile_of(), on=ON, scope=scope, known=None)
    return why_line(question.judge, question.rules, find_line(catalogue, line), question.reported, name_of=str)


def flips(found: Why) -> dict[str, tuple[str, str, str]]:
    return {f.fact: (f.now.word, code_of(f.if_yes), code_of(f.if_no)) for f in found.flips}


CELLS: list[dict[str, Any]] = [
    {},
    {"rating": "ML22"},
    {"rating": "6A003"},
    {"destination": "XV", "onward": "XA;XB"},
    {"destination": "Continental Shelf", "destination_kind": "non_country"},
    {"end_user": "commercial", "pooled": True},
    {"rating": "ML6"},
    {"end_user": "government"},
    {"description": "components for combat aircraft", "end_user": "forces"},
    {"destination": "XV", "corrected_destination": "XA"},
    {"end_user": "commercial", "onward_end_user": "forces"},
    {"end_user": "commercial", "onward_end_user": "forces", "onward": "XV"},
    {"destination": "XV", "onward_open": True},
    {"destination": "XV", "onward_open": True, "end_user_state": "XW", "end_user": "commercial"},
    {"destination": "XW", "decided_on": date(2020, 2, 1)},
    {"destination": "XW", "decided_on": date(2019, 12, 1)},
]


@pytest.mark.parametrize("scope", list(Scope))
def test_every_line_is_explained_as_the_stocktake_answers(tmp_path: Path, scope: Scope) -> None:
    catalogue = folder_of(tmp_path, CELLS, [{}, {"actors": None}, {"means": None}], edges=True)
    profile = profile_of(ended=(date(2019, 1, 1), date(2020, 1, 15)))
    answer = stocktake(catalogue, profile, on=ON, scope=scope)

    for row in range(len(CELLS)):
        found = explained(catalogue, f"{row + 1}:1", profile, scope=scope)
        assert (found.code, found.direct) == (int(answer.codes[row]), bool(answer.direct[row]))
        counts = answer.counts
        assert [len(b.rows) for b in found.incidents] == [
            counts.attributed[row], counts.unattributed[row], counts.means_not_stated[row]
        ]  # fmt: skip


def test_a_line_without_a_role_flips_both_ways(tmp_path: Path) -> None:
    found = explained(folder_of(tmp_path, [{"rating": "ML22"}]))

    assert flips(found)["the goods can reach any of the means that were used"] == ("unknown", "could", "excluded")
    assert flips(found)["the goods can reach: air strikes"] == ("unknown", "could", "unknown")
    assert flips(found)["XA operates forces of: Forces of Ardenia or Forces of Belmora"] == (
        "yes", "unknown", "excluded"
    )  # fmt: skip


def test_an_open_end_user_flips_both_ways(tmp_path: Path) -> None:
    found = explained(folder_of(tmp_path, [{"rating": "6A003", "end_user": "government"}]))

    assert flips(found)["the end user in the stated destination is its forces"] == ("unknown", "could", "excluded")


@pytest.mark.parametrize(
    ("cells", "fact", "changed"),
    [
        ({}, "the end user in the stated destination is its forces", {"end_user": "commercial"}),
        ({"destination": "XV"}, "the goods go on to a state that operates a party", {"onward": "XA"}),
        ({"end_user": "commercial"}, "the goods go on to a state that operates a party", {"onward": "XA"}),
    ],
)
def test_a_flip_is_what_the_changed_data_give(
    tmp_path: Path, cells: dict[str, Any], fact: str, changed: dict[str, Any]
) -> None:
    before = explained(folder_of(tmp_path / "before", [cells]))
    after = explained(folder_of(tmp_path / "after", [cells | changed]))

    now, if_yes, if_no = flips(before)[fact]
    assert code_of(after.use) == (if_yes if now == "no" else if_no) != code_of(before.use)


def test_an_unnamed_final_destination_leaves_a_line_unknown_and_its_flip_says_where_it_can_go(
    tmp_path: Path,
) -> None:
    found = explained(folder_of(tmp_path, [{"destination": "XV", "onward_open": True}]))

    assert (found.use, found.cause) == (Use.UNKNOWN, Cause.ONWARD_PLACE_NOT_STATED)
    assert flips(found)["the goods go on to a state that operates a party"] == ("unknown", "could", "excluded")


def test_an_operator_that_ended_counts_for_what_was_granted_while_it_was_one(tmp_path: Path) -> None:
    cells = [{"destination": "XV", "decided_on": date(2020, 1, d)} for d in (14, 15)]
    catalogue = folder_of(tmp_path, cells)
    profile = profile_of(ended=(date(2020, 1, 15),))

    uses = {s: stocktake(catalogue, profile, on=ON, scope=s).use.tolist() for s in Scope}

    assert uses == {Scope.IN_FORCE: [Use.EXCLUDED] * 2, Scope.GRANTED: [Use.COULD, Use.EXCLUDED]}
    places = explained(catalogue, "1:1", profile, scope=Scope.GRANTED).places
    assert {p.party: p.operates for p in places} == {
        "Forces of Ardenia": Truth.NO, "Forces of Belmora": Truth.YES
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "use", "cause"),
    [
        ({"onward_end_user": "forces"}, Use.COULD, None),
        ({"onward_end_user": "government"}, Use.UNKNOWN, Cause.GOVERNMENT_BRANCH_NOT_STATED),
        ({"onward_end_user": "forces", "onward": "XV"}, Use.UNKNOWN, Cause.END_USER_NOT_STATED),
        ({"onward_end_user": "government", "onward": "XV"}, Use.UNKNOWN, Cause.GOVERNMENT_BRANCH_NOT_STATED),
        ({"onward_end_user": "forces", "onward_open": True}, Use.UNKNOWN, Cause.ONWARD_PLACE_NOT_STATED),
        ({"onward_end_user": "academic"}, Use.EXCLUDED, None),
        ({"onward_end_user": "academic", "onward": "XV"}, Use.EXCLUDED, None),
    ],
)
def test_a_civil_user_excludes_only_without_a_final_user_that_is_not(
    tmp_path: Path, cells: dict[str, Any], use: Use, cause: Cause | None
) -> None:
    found = explained(folder_of(tmp_path, [{"end_user": "commercial"} | cells]))

    assert (found.use, found.cause) == (use, cause)


@pytest.mark.parametrize(
    "cells", [{"onward": "“ZZ”"}, {"corrected_destination": "“ZZ”"}, {"end_user_state": "“ZZ”"}]
)
def test_a_quoted_name_is_no_country_and_never_excludes(tmp_path: Path, cells: dict[str, Any]) -> None:
    found = explained(folder_of(tmp_path, [{"destination": "XV"} | cells]))

    assert (found.use, found.cause) == (Use.UNKNOWN, Cause.DESTINATION_NOT_A_COUNTRY)


def test_a_line_of_a_series_is_found_by_its_series(tmp_path: Path) -> None:
    folder_of(tmp_path, [{"licence": "7"}, {"licence": "8"}])
    catalogue = add_lines(tmp_path, "other", [{"licence": "7", "rating": "ML6"}])
    index = DataIndex(catalogue, profile_of(), on=ON)

    def of_index(line: str) -> Why:
        return index.why(line, name_of=str)

    for ask in (partial(explained, catalogue), of_index):
        with pytest.raises(InputError, match="'7:1' is used in 2 series: licences, other") as refused:
            ask("7:1")
        assert refused.value.hint == "write licences/7:1"
        assert [(w.record["rating"], w.record["series"]) for w in (ask("licences/7:1"), ask("other/7:1"))] == [
            ("ML10", "licences"), ("ML6", "other")
        ]  # fmt: skip
        assert (ask("8:1").record["series"], ask("licences/8:1").record["line"]) == ("licences", "8:1")
        with pytest.raises(NotKnownError, match="no line 'other/8:1'"):
            ask("other/8:1")


def test_licences_of_several_series_are_told_apart(tmp_path: Path) -> None:
    folder_of(tmp_path, [{"licence": "7"}, {"licence": "7"}, {"licence": "8"}])
    catalogue = add_lines(tmp_path, "other", [{"licence": "7"}, {"licence": "9", "rating": "ML6"}])

    answer = stocktake(catalogue, profile_of(), on=ON)

    assert Figures(answer).licences == {"all": 4, "could": 3, "excluded": 1, "unknown": 0}
    rows = rows_of(answer, Figures(answer).paths)
    assert rows.column_names[-1] == "series"
    assert rows.column("series").to_pylist() == ["licences"] * 3 + ["other"] * 2


def test_an_unclear_user_is_said_to_be_so(tmp_path: Path) -> None:
    catalogue = folder_of(tmp_path, [{"end_user": "unclear"}, {}])
    question = line_question(catalogue, profile_of(), on=ON, scope=Scope.IN_FORCE, known=None)
    said = "            a note names a civil user, but may speak of other goods or another licence of this key"

    words = [why_result(question, find_line(catalogue, line)).words for line in ("1:1", "2:1")]

    assert [said in w for w in words] == [True, False]


def test_a_changed_profile_gives_what_the_flip_said(tmp_path: Path) -> None:
    catalogue = folder_of(tmp_path, [{"rating": "ML6"}])
    artillery = MeansUse("artillery", Truth.YES, Interval(None, None), None, "s")
    honest = profile_of()
    changed = profile_of(second=(artillery,))

    before = explained(catalogue, profile=honest)

    fact = "Forces of Ardenia or Forces of Belmora used: artillery, rockets and missiles from the ground"
    assert before.use is Use.EXCLUDED
    assert flips(before)[fact] == ("no", "could", "excluded")
    assert explained(catalogue, profile=changed).use is Use.COULD


def test_the_reasons_name_who_says_so(tmp_path: Path) -> None:
    found = explained(folder_of(tmp_path, [{"destination": "XV", "onward": "XB"}]))

    places = {(p.place, p.route, p.party): p.operates for p in found.places}
    assert places["XB", "onward", "Forces of Belmora"] is Truth.YES
    assert places["XB", "onward", "Forces of Ardenia"] is Truth.NO
    assert places["XV", "direct", "Forces of Ardenia"] is Truth.NO
    assert {m.means: (m.reached, m.used) for m in found.means}["air_strike"] == (Truth.YES, Truth.YES)
    assert [s.to_id for s in found.path.steps if found.path] == ["military aircraft", "air_strike"]  # type: ignore[union-attr]


def test_the_document_has_the_published_row_and_pages_of_incidents(tmp_path: Path) -> None:
    reports = [{"starts_on": date(2020, m, 5), "ends_on": date(2020, m, 5)} for m in (3, 1, 2, 2)]
    catalogue = folder_of(tmp_path, [{"value": Decimal("12.50")}], reports)
    question = line_question(catalogue, profile_of(), on=ON, scope=Scope.IN_FORCE, known=None)

    first = why_result(question, find_line(catalogue, "1:1"), limit=3).document
    second = why_result(question, find_line(catalogue, "1:1"), limit=3, cursor=3).document

    assert first["published"]["value"] == Decimal("12.50")
    assert (first["published"]["source"], first["published"]["source_line"]) == ("lines.csv", 2)
    beside = first["incidents"]["attributed"]
    assert beside["by_month"] == {"2020-01": 1, "2020-02": 2, "2020-03": 1}
    assert [i["incident"] for i in beside["listed"]] == ["i2", "i3", "i4"]
    assert (beside["count"], beside["next_cursor"]) == (4, 3)
    later = second["incidents"]["attributed"]
    assert ([i["incident"] for i in later["listed"]], later["next_cursor"]) == (["i1"], None)
    assert (first["expires_on"], first["expiry_assumed"]) == (date(2021, 9, 1), True)


def test_a_line_out_of_scope_is_explained_and_said_to_be_in_no_figure(tmp_path: Path) -> None:
    catalogue = folder_of(tmp_path, [{"decided_on": date(2016, 1, 1)}])
    question = line_question(catalogue, profile_of(), on=ON, scope=Scope.IN_FORCE, known=None)

    result = why_result(question, find_line(catalogue, "1:1"))

    assert (result.document["in_scope"], result.document["use"]) == (False, "could")
    assert f"the line is not in force on {ON}: it is in no figure of that stocktake" in result.notices


def test_a_line_that_does_not_exist_is_refused_with_the_shape_of_an_id(tmp_path: Path) -> None:
    with pytest.raises(NotKnownError, match="no line '9:9'") as error:
        find_line(folder_of(tmp_path, [{}]), "9:9")
    assert "LICENCE:POSITION" in error.value.hint
