"""Questions to evidence: counts as known at a moment, suggestions, origins, the past, snapshot, fsck."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from penholder.actions.errors import AbsentError
from penholder.actions.replay import run_replays
from penholder.analysis.profile.read import read_profile
from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.sample.write import write_sample
from penholder.analysis.stocktake.incidents import Kind
from penholder.analysis.stocktake.run import stocktake
from penholder.custody.fsck import fsck
from penholder.custody.values import Level
from penholder.evidence import actions, queries
from penholder.evidence.timeline import timeline
from penholder.evidence.values import Axis, Credibility, GradeAxis, SourceKind
from penholder.kernel.errors import NotKnownError
from penholder.ledger.door import action_door
from tests import register_ground
from tests.casework import Casework, SettingsOfTest
from tests.evidence_ground import ANALYST, DESK, PARTY, REASON, act, enter, find, scope, source, take_in

TODAY = register_ground.TODAY


@pytest.fixture(autouse=True)
def evidence(casework: Casework, settings_of_test: SettingsOfTest) -> Iterator[None]:
    register_ground.at(TODAY)
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    settings_of_test.set("PENHOLDER_CLOCK", "tests.register_ground.now")
    return iter([None])


def moment() -> Any:
    """Now; and from here on it is an hour later."""
    found = register_ground.Clock.moment
    register_ground.later(hours=1)
    return found


def test_counts_are_those_of_the_moment() -> None:
    one, two = enter(source()), enter(source("Radio Tarsis"))
    first = moment()
    scope(one)
    find(one, Axis.LEGAL, "insufficient")
    second = moment()
    find(one, Axis.LEGAL, "possible", reason="A second video came in.")
    act(actions.join_incidents, two, same_as=one, reason="Same hour, same building.")
    said = [
        (c.received, c.in_scope, c.insufficient, c.possible)
        for c in (queries.counts(viewer=ANALYST, known=known) for known in (first, second, None))
    ]
    assert said == [(2, 0, 0, 0), (2, 1, 1, 0), (1, 1, 0, 1)]
    assert queries.incident(viewer=ANALYST, id=one, known=first).row.findings == {}
    assert queries.incident(viewer=ANALYST, id=one, known=second).row.findings == {Axis.LEGAL: "insufficient"}
    with pytest.raises(AbsentError):
        queries.incident(viewer=ANALYST, id=one, known=first - timedelta(hours=1))


def test_the_counts_of_a_party_and_period() -> None:
    body = source()
    enter(body)
    other = enter(body, actors=("Local group",), happened="2024-06-02", received_on=date(2024, 7, 1))
    silent = enter(body, actors=(), happened="2024-05-20", until="2024-06-04", received_on=date(2024, 7, 1))
    scope(silent)
    find(silent, Axis.ATTRIBUTION, "established")
    counted = queries.counts(viewer=ANALYST, party=PARTY.upper(), end=date(2024, 5, 31))
    assert (counted.received, counted.attributed, counted.crosses_border) == (2, 1, 1)
    assert other not in counted.ids
    assert counted.by_axis[Axis.ATTRIBUTION] == {
        "established": 1, "likely": 0, "unlikely": 0, "insufficient": 0, "not_looked_at": 0,
    }  # fmt: skip
    assert [m.month for m in counted.by_month] == [""]
    assert queries.counts(viewer=ANALYST).received == 3


def test_counting_takes_few_statements() -> None:
    take_in(source())
    with CaptureQueriesContext(connection) as asked:
        queries.counts(viewer=ANALYST)
    assert len(asked) == 3
    with CaptureQueriesContext(connection) as asked:
        queries.incidents(viewer=ANALYST)
    assert len(asked) <= 8


def test_suggestions_are_explained_and_decide_nothing() -> None:
    body = source()
    one = enter(body)
    near = enter(source("Radio Tarsis"), happened="2024-05-04", place_name="")
    enter(body, happened="2024-05-03", place="XN")
    enter(body, happened="2024-05-30", received_on=date(2024, 6, 30))
    found = queries.suggestions(viewer=ANALYST, id=one)
    assert [(s.id, s.points, s.because) for s in found] == [
        (
            near,
            7,
            (
                "1 day apart",
                "the same district: Tarn",
                "the same class of object: hospital or clinic",
                "the same means: air strike",
            ),
        )
    ]
    assert queries.counts(viewer=ANALYST).received == 4
    act(actions.join_incidents, near, same_as=one, reason="Same building; the radio had the wrong day.")
    assert queries.suggestions(viewer=ANALYST, id=one) == ()


def test_reports_that_quote_one_another_are_one_origin() -> None:
    monitors, radio, daily = (
        source(),
        source("Radio Tarsis", SourceKind.MEDIA),
        source("The Daily", SourceKind.MEDIA),
    )
    one, two, three = enter(monitors), enter(radio), enter(daily)
    for other in (two, three):
        act(actions.join_incidents, other, same_as=one, reason="Same hour, same building.")
    assert len(queries.incident(viewer=DESK, id=one).origins) == 3
    act(actions.state_origin, three, origin=radio, reason="It quotes the radio.")
    act(actions.state_origin, two, origin=monitors, reason="It read out their statement.")
    assert [s.id for s in queries.incident(viewer=DESK, id=three).origins] == [monitors]
    act(actions.state_origin, two, reason="It had its own reporter there.")
    assert len(queries.incident(viewer=DESK, id=one).origins) == 2


def test_the_timeline_has_the_import_and_no_name() -> None:
    take_in(source())
    one = queries.incidents(viewer=ANALYST).items[0].id
    scope(one)
    found = timeline(viewer=ANALYST, incident=one)
    assert [h.event for h in found] == ["evidence.IncidentsImported", "evidence.ScopeSet"]
    assert "incidents" not in found[0].fields
    assert found[1].fields["reason"] == REASON


def test_the_list_comes_in_pages() -> None:
    take_in(source())
    first = queries.incidents(viewer=ANALYST, limit=2)
    rest = queries.incidents(viewer=ANALYST, limit=2, cursor=first.next_cursor)
    keys = [r.facts.key for r in (*first.items, *rest.items)]
    assert (keys, rest.next_cursor) == (["A2", "A1", "A4"], None)


def test_a_stocktake_runs_on_live_evidence(tmp_path: Path) -> None:
    folder = tmp_path / "trial"
    write_sample(folder, lines=200, incidents=0, seed=1)
    with pytest.raises(NotKnownError):
        queries.snapshot(folder)
    body = source()
    given: dict[str, Any] = {
        "place": "XC",
        "actors": ("Armed forces of Ardenia",),
        "received_on": date(2020, 6, 1),
    }
    one = enter(body, happened="2020-05-03", **given)
    two = enter(source("Radio Tarsis"), happened="2020-05-03", **given)
    act(actions.join_incidents, two, same_as=one, reason="Same hour, same building.")
    out = enter(body, happened="2020-05-04", **given)
    scope(out, inside=False)
    known = moment()
    enter(body, happened="2020-05-05", **given)
    made = queries.snapshot(folder, known)
    assert (made.series, made.released, made.files[0].loaded) == ("evidence", "2024-11-22", 1)
    table = read_rows(read_catalogue(folder), "incidents")
    assert table.to_pylist()[0]["incident"] == one
    assert queries.snapshot(folder, known).data_sets == made.data_sets
    assert [r.series for r in read_catalogue(folder).holding("incidents")].count("evidence") == 1
    profile = read_profile(folder / "profiles" / "northern-campaign.yaml")
    answer = stocktake(read_catalogue(folder), profile, on=date(2020, 6, 30))
    assert (answer.incidents.count(Kind.ATTRIBUTED), int(answer.counts.attributed.max())) == (1, 1)


def differences() -> list[str]:
    return [f"{d.where}: {d.what}" for d in run_replays() if not d.where.startswith(("person", "user"))]


def a_busy_desk() -> str:
    body = source()
    one, two = enter(body), enter(source("Radio Tarsis"))
    take_in(body)
    scope(one)
    find(one, Axis.ATTRIBUTION, "likely")
    find(one, Axis.LEGAL, "insufficient")
    find(one, Axis.LEGAL, "possible", reason="A second video came in.", evidence=(two,))
    act(actions.grade_incident, one, axis=GradeAxis.CREDIBILITY, value="1", reason="A third report bears it out.")
    act(actions.state_origin, two, origin=body, reason="It quotes them.")
    act(actions.join_incidents, two, same_as=one, reason="Same hour.")
    act(actions.separate_incidents, two, reason="Not the same day, after all.")
    judged: dict[str, Any] = {"credibility": Credibility.DOUBTFUL, "credibility_reason": "It names no witness."}
    act(
        actions.record_explanation, one, DESK, party=PARTY, kind="statement", position="says_lawful",
        given_on=date(2024, 8, 1), text="The ministry calls the building a depot.", **judged,
    )  # fmt: skip
    act(actions.record_exculpatory_fact, one, DESK, kind="warning_given", text="Leaflets were dropped.", **judged)
    gap = act(actions.open_gap, one, axis=Axis.LEGAL, question="Was a warning given?").id
    act(actions.close_gap, one, gap=gap, is_answered=True, answer="Leaflets, the day before.")
    return one


def test_the_tables_are_what_the_events_amount_to() -> None:
    a_busy_desk()
    assert differences() == []
    assert [f for f in fsck() if f.level is Level.WRONG and f.where != "keys of the ledger"] == []


BEHIND = {
    "UPDATE evidence_finding SET value = 'unlikely' WHERE axis = 'legal' AND number = 2": "finding",
    "UPDATE evidence_incident SET place = 'XN' WHERE imported_id IS NULL": "incident",
    "UPDATE evidence_incident SET place = 'XN' WHERE imported_id IS NOT NULL": "import",
    "UPDATE evidence_incident SET version = 99": "its version is not what the ledger makes it",
    "UPDATE evidence_casualties SET least = 4 WHERE least = 3": "the ledger and the tables differ",
    "UPDATE evidence_scope SET reason = 'Another.'": "scope",
    "UPDATE evidence_grade SET value = 'A' WHERE axis = 'reliability'": "grade",
    "DELETE FROM evidence_gapclosing": "is in the ledger and not in the tables",
    "UPDATE evidence_source SET name = 'Another' WHERE kind = 'ngo' AND name = 'Monitors of Tarsis'": "source",
    "UPDATE evidence_explanation SET text = 'Another.'": "explanation",
    "UPDATE evidence_exculpatoryfact SET disputed = 'Another.'": "fact",
    "UPDATE evidence_joining SET same_as_id = NULL WHERE number = 1": "joining",
    "UPDATE evidence_origin SET origin_id = NULL": "origin",
}


def test_a_change_behind_the_back_is_found() -> None:
    a_busy_desk()
    for statement, found in BEHIND.items():
        with action_door(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            assert found in " ".join(differences()), statement
            transaction.set_rollback(True)
    assert differences() == []
