"""From incidents to lines: one incident at a time in plain Python, and the words of a filter."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from penholder.analysis.profile.model import MeansUse
from penholder.analysis.stocktake.choose import chosen, with_id
from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.incidents import Kind
from penholder.analysis.stocktake.run import stocktake
from penholder.analysis.stocktake.touches import AT_ONCE, Touched, touches
from penholder.analysis.stocktake.touches_result import touches_result
from penholder.analysis.stocktake.vocabulary import Scope, Status, Use, code_of
from penholder.kernel.dates import Interval
from penholder.kernel.errors import InputError, NotKnownError
from penholder.kernel.truth import Truth
from penholder.regime.hints import means as means_kinds
from tests.contract.stocktake_world import ON, folder_of, incidents_table, profile_of

STRIKE = {"starts_on": date(2020, 3, 1), "ends_on": date(2020, 3, 2)}
LINES: list[dict[str, Any]] = [
    {},  # 1: ML10 to XA in 2019
    {"rating": "ML6"},  # 2: vehicles: their list of means is complete and holds no air strike
    {"destination": "XV"},  # 3: operates nobody
    {"decided_on": date(2020, 3, 3)},  # 4: decided after the incident
    {"decided_on": date(2018, 3, 1)},  # 5: expired the day before it can have happened
    {"decided_on": date(2018, 3, 2)},  # 6: runs on its first possible day
    {"destination": "XB"},  # 7: operates the other party
    {"rating": "ML22"},  # 8: no role
    {"revocation": "dated", "revoked_on": date(2020, 3, 1)},  # 9: revoked on the first day
    {"revocation": "dated", "revoked_on": date(2020, 3, 2)},  # 10: in force on the first day
    {"revocation": "dated", "revoked_on": date(2019, 12, 1), "exported_before": False},  # 11: never shipped
    {"outcome": "refused"},  # 12
    {"end_user": "commercial"},  # 13
]


def means_ids() -> list[str]:
    return [m.id for m in means_kinds()]


def uses(found: Touched) -> dict[str, str]:
    """Line number -> use, of the lines that are in time."""
    ids = found.answer.columns("licence").column(0).to_pylist()
    return dict(zip(ids, [code_of(Use(u)) for u in found.answer.use.tolist()], strict=True))


def test_lines_in_force_when_the_incident_can_have_happened(tmp_path: Path) -> None:
    catalogue = folder_of(tmp_path, LINES, [STRIKE])

    found = touches(catalogue, profile_of(), incident="i1")

    assert uses(found) == {
        "1": "could", "2": "excluded", "3": "excluded", "6": "could", "7": "excluded", "8": "unknown",
        "10": "could", "13": "excluded",
    }  # fmt: skip
    assert (found.chosen, found.others, found.first, found.last) == (1, 0, date(2020, 3, 1), date(2020, 3, 2))


def test_lines_granted_by_then_stay_after_they_expired(tmp_path: Path) -> None:
    catalogue = folder_of(tmp_path, LINES, [STRIKE])

    found = touches(catalogue, profile_of(), incident="i1", scope=Scope.GRANTED)

    assert {n for n, use in uses(found).items() if use == "could"} == {"1", "5", "6", "9", "10"}
    status = dict(zip(uses(found), found.answer.status.tolist(), strict=True))
    assert status["5"] == Status.EXPIRED
    assert "11" not in status


def test_an_incident_without_actor_asks_about_every_party(tmp_path: Path) -> None:
    catalogue = folder_of(tmp_path, LINES[:7:6], [STRIKE | {"actors": None}])

    found = touches(catalogue, profile_of(), incident="i1")

    assert uses(found) == {"1": "could", "2": "could"}
    assert found.answer.counts.unattributed.tolist() == [1, 1]
    assert found.answer.counts.attributed.tolist() == [0, 0]


def test_means_that_the_profile_denies_are_asked_about_where_an_incident_reports_them(tmp_path: Path) -> None:
    catalogue = folder_of(tmp_path, [{"rating": "ML2"}, {"rating": "ML6"}], [STRIKE | {"means": "artillery"}])

    assert uses(touches(catalogue, profile_of(), incident="i1")) == {"1": "could", "2": "could"}


@pytest.mark.parametrize(("actors", "use"), [("Forces of Ardenia", "could"), (None, "excluded")])
def test_what_nobody_is_said_to_have_done_does_not_go_against_the_profile(
    tmp_path: Path, actors: str | None, use: str
) -> None:
    catalogue = folder_of(tmp_path, [{"rating": "ML6"}], [STRIKE | {"means": "artillery", "actors": actors}])

    found = touches(catalogue, profile_of(), incident="i1")

    assert stocktake(catalogue, profile_of(), on=date(2020, 3, 1)).use.tolist() == [Use.EXCLUDED]
    assert uses(found) == {"1": use}
    said = "1 of the chosen incidents report means of which the profile says that the party had not used them"
    notices = touches_result(found, asked="incident i1").notices
    assert any(n.startswith(said) for n in notices) == (actors is not None)


def test_what_nobody_is_said_to_have_done_is_asked_of_each_party_by_its_own_record(tmp_path: Path) -> None:
    second = (MeansUse("artillery", Truth.YES, Interval(None, None), "belmora", "s"),)
    cells = [{"rating": "ML6"}, {"rating": "ML6", "destination": "XB"}]
    catalogue = folder_of(tmp_path, cells, [STRIKE | {"means": "artillery", "actors": None}])

    assert uses(touches(catalogue, profile_of(second=second), incident="i1")) == {"1": "excluded", "2": "could"}


@pytest.mark.parametrize("means", ["AIR_STRIKE", "Luftangriff", "chemical", "artillery;chemical"])
def test_means_that_no_goods_are_known_to_reach_never_exclude(tmp_path: Path, means: str) -> None:
    catalogue = folder_of(tmp_path, [{}, {"rating": "PL5001"}, {"destination": "XV"}], [STRIKE | {"means": means}])

    found = touches(catalogue, profile_of(), incident="i1")

    assert uses(found) == {"1": "unknown", "2": "unknown", "3": "excluded"}


def test_many_combinations_of_parties_and_means_are_asked_about_in_parts(tmp_path: Path) -> None:
    means = means_ids()
    sets = [";".join(m for i, m in enumerate(means) if n >> i & 1) for n in range(1, 1 << len(means))]
    reports = [STRIKE | {"means": cell} for cell in sets]
    cells = [*LINES, {"rating": "ML22", "destination": "XB"}, {"destination": "XV", "onward": "XA"}]
    catalogue = folder_of(tmp_path, cells, reports)

    whole = touches(catalogue, profile_of(), where=["place=XC"])

    assert len(reports) > 2 * AT_ONCE
    assert whole.answer.incidents.count(Kind.ATTRIBUTED) == len(reports)
    alone = [touches(catalogue, profile_of(), incident=f"i{n + 1}").answer for n in range(0, len(reports), 7)]
    few = touches(folder_of(tmp_path / "few", cells, reports[::7]), profile_of(), where=["place=XC"]).answer
    assert few.use.tolist() == np.max([a.use for a in alone], axis=0).tolist()
    assert whole.answer.use.tolist() == [2, 2, 0, 2, 0, 1, 2, 0, 0, 2]
    assert whole.answer.direct.tolist() == [True] * 9 + [False]
    assert Figures(whole.answer).paths.lines().sum() == 5


def test_the_parts_together_are_the_answer_to_all_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports: list[dict[str, Any]] = [
        STRIKE, STRIKE | {"actors": None, "means": "ground"}, STRIKE | {"actors": "Forces of Belmora"},
        STRIKE | {"means": None}, STRIKE | {"means": "detention"},
    ]  # fmt: skip
    cells = [*LINES, {"destination": "XV", "onward": "XB"}, {"end_user": "government"}, {"pooled": True}]
    catalogue = folder_of(tmp_path, cells, reports)
    at_once = touches(catalogue, profile_of(complete=False), where=["place=XC"]).answer
    monkeypatch.setattr("penholder.analysis.stocktake.touches.AT_ONCE", 1)

    in_parts = touches(catalogue, profile_of(complete=False), where=["place=XC"]).answer

    for name in ("rows", "codes", "direct", "groups", "apart", "status"):
        assert getattr(in_parts, name).tolist() == getattr(at_once, name).tolist(), name


def test_several_incidents_do_not_lend_one_another_their_party_or_time(tmp_path: Path) -> None:
    reports: list[dict[str, Any]] = [
        STRIKE | {"means": "detention"},  # Ardenia detains: ML10 is open, so unknown
        STRIKE | {"actors": "Forces of Belmora"},  # Belmora strikes: not for goods to XA
        {"starts_on": date(2019, 3, 1), "ends_on": date(2019, 3, 1)},  # Ardenia strikes, before the decision
    ]
    catalogue = folder_of(tmp_path, [{}], reports)

    found = touches(catalogue, profile_of(), where=["place=XC"])

    assert uses(found) == {"1": "unknown"}
    assert found.answer.counts.attributed.tolist() == [0]


@pytest.mark.parametrize("incident", ["i1", "i2", "i3"])
def test_touches_is_the_counting_of_the_stocktake_turned_round(tmp_path: Path, incident: str) -> None:
    reports: list[dict[str, Any]] = [STRIKE, STRIKE | {"actors": None}, STRIKE | {"actors": "Forces of Belmora"}]
    catalogue = folder_of(tmp_path, LINES, [reports[int(incident[1]) - 1] | {"incident": incident}])

    counted = stocktake(catalogue, profile_of(), on=date(2020, 3, 1))
    touched = touches(catalogue, profile_of(), incident=incident)

    could = counted.use == Use.COULD
    total = counted.counts.attributed + counted.counts.unattributed
    of_stocktake = {r for r, n in zip(counted.rows[could].tolist(), total[could].tolist(), strict=True) if n}
    of_incident = set(touched.answer.rows[touched.answer.use == Use.COULD].tolist())
    assert of_incident == of_stocktake
    assert len(of_incident) == {"i1": 3, "i2": 4, "i3": 1}[incident]


def test_incidents_that_the_profile_does_not_count_touch_nothing(tmp_path: Path) -> None:
    catalogue = folder_of(tmp_path, LINES, [STRIKE | {"actors": "Others"}])

    result = touches_result(touches(catalogue, profile_of(), incident="i1"), asked="incident i1")

    assert (result.document["incidents"], result.document["lines"], result.document["rows"]) == (1, 0, [])
    assert result.document["incidents_by_kind"] == {
        "attributed": 0, "unattributed": 0, "means_not_stated": 0, "others": 1
    }  # fmt: skip


def test_the_document_lists_could_and_unknown_and_counts_excluded(tmp_path: Path) -> None:
    catalogue = folder_of(tmp_path, LINES, [STRIKE])

    result = touches_result(touches(catalogue, profile_of(), incident="i1"), asked="incident i1")

    assert result.document["use"] == {"could": 3, "excluded": 4, "unknown": 1}
    assert [r["line"] for r in result.document["rows"]] == ["1:1", "6:1", "8:1", "10:1"]
    assert result.document["excluded_because"] == {
        "destination_operates_no_party": 2, "no_such_means": 1, "stated_civil_end_user": 1
    }  # fmt: skip
    assert result.rows().num_rows == 4


def test_filters_are_alternatives_within_a_field_and_all_of_different_ones() -> None:
    table = incidents_table(
        [
            {"place": "XC", "starts_on": date(2020, 1, 1), "ends_on": date(2020, 1, 31)},
            {"place": "XD", "starts_on": date(2020, 2, 1), "ends_on": date(2020, 2, 1)},
            {"place": None, "means": "ground;artillery"},
        ]
    )

    assert chosen(table, ["place=xc", "place=XD"]).tolist() == [0, 1]
    assert chosen(table, ["place=XC", "date=2020-02"]).tolist() == []
    assert chosen(table, ["date=2020-01-31..2020-02-01"]).tolist() == [0, 1]
    assert chosen(table, ["date=2020-01-10"]).tolist() == [0, 2]
    assert chosen(table, ["place=not_stated"]).tolist() == [2]
    assert chosen(table, ["means=artillery"]).tolist() == [2]


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (["plac=XC"], "did you mean 'place'?"),
        (["place"], "write FIELD=VALUE"),
        (["date=31 March"], "not a date"),
        (["date=2020-02-01..2020-01-01"], "the range ends before it begins"),
    ],
)
def test_a_filter_that_cannot_be_read_says_what_is_allowed(filters: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said.replace("?", r"\?")):
        chosen(incidents_table([{}]), filters)


def test_an_id_of_two_series_needs_the_series() -> None:
    table = incidents_table([{"incident": "7", "series": "a"}, {"incident": "7", "series": "b"}])

    with pytest.raises(InputError, match="used in 2 series: a, b"):
        with_id(table, "7")
    assert with_id(table, "b/7").tolist() == [1]
    with pytest.raises(NotKnownError, match="no incident 'c/7'"):
        with_id(table, "c/7")


def test_without_incidents_there_is_nothing_to_ask(tmp_path: Path) -> None:
    with pytest.raises(NotKnownError, match="holds no incidents"):
        touches(folder_of(tmp_path, [{}], None), profile_of(), incident="i1")


def test_the_profile_is_asked_about_the_day_of_the_incident(tmp_path: Path) -> None:
    reports = [STRIKE | {"actors": "Forces of Belmora"}, STRIKE | {"actors": "Forces of Belmora"}]
    reports[1] |= {"starts_on": date(2019, 12, 30), "ends_on": date(2019, 12, 31)}
    catalogue = folder_of(tmp_path, [{"destination": "XB"}], reports)

    # Belmora operates its forces from 2020 on; on 31 December 2019 the complete list does not have it.
    assert uses(touches(catalogue, profile_of(), incident="i1")) == {"1": "could"}
    assert uses(touches(catalogue, profile_of(), incident="i2")) == {"1": "excluded"}
    assert stocktake(catalogue, profile_of(), on=ON).use.tolist() == [Use.COULD]
