"""Story, part 3: reported incidents come in, are joined, and are found upon; the other side has its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from penholder.actions.action import perform, spec_of
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.events import Event
from penholder.actions.registry import ACTIONS
from penholder.actions.replay import run_replays
from penholder.actions.values import FieldClass
from penholder.cli.main import main
from penholder.evidence import actions, events, queries
from penholder.evidence.models import Incident
from penholder.evidence.values import Axis, Credibility
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Entry
from tests import evidence_ground as ground
from tests import register_ground
from tests.casework import Casework, SettingsOfTest
from tests.evidence_ground import ANALYST, DESK, PARTY, TABLE, WHY, act, enter, find, scope, source, take_in


@pytest.fixture(autouse=True)
def installation(casework: Casework, settings_of_test: SettingsOfTest) -> Iterator[None]:
    register_ground.at(register_ground.TODAY)
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    settings_of_test.set("PENHOLDER_CLOCK", "tests.register_ground.now")
    settings_of_test.set("PENHOLDER_ACTORS", "tests.evidence_ground")
    yield
    assert [d for d in run_replays() if d.is_wrong] == []


def entries() -> list[dict[str, Any]]:
    """What stands in the log, for everybody and for ever."""
    found = [LedgerEntry.from_bytes(e.body.encode()) for e in Entry.objects.order_by("id")]
    return [
        {"event": e.event, "act": e.act, "role": e.role, "claimed_at": e.claimed_at, "data": e.data} for e in found
    ]


# story: Incidents come in from a file (one act that names every record)
def test_incidents_come_in_from_a_file_by_one_act_that_names_every_record() -> None:
    result = take_in(source()).result
    assert (result.read, result.loaded + result.quarantined) == (5, 5)
    named = [e for e in entries() if e["event"] == "evidence.IncidentsImported"]
    assert len(named) == 1
    assert named[0]["data"]["loaded"] == Incident.objects.count() == 3
    happened = queries.imported(viewer=ANALYST, id=result.imported)
    assert [(line, reason) for line, _, reason in happened.refused] == [(4, "not_a_date"), (6, "repeated_id")]


# story: … and by hand, with source, two-axis grade, precision, protected-object class, casualty range
def test_an_incident_entered_by_hand_has_source_grade_precision_class_and_range() -> None:
    body = source()
    row = queries.incident(viewer=DESK, id=enter(body, happened="2024-05")).row
    facts = row.facts
    assert (row.source, row.grade) == (body, "B2")
    assert (facts.date_precision, facts.place_precision, facts.object_class) == ("month", "locality", "hospital")
    assert [(c.harm, c.status, c.least, c.most) for c in facts.casualties] == [("killed", "unknown", 3, 5)]
    for name in (
        "source",
        "reliability",
        "reliability_reason",
        "credibility",
        "credibility_reason",
        "place_precision",
    ):
        assert spec_of(actions.enter_incident).parameters.model_fields[name].is_required(), name


# story: two reports of one event are joined by a person
def test_two_reports_of_one_event_are_joined_by_a_person_and_count_once() -> None:
    one, two = enter(source()), enter(source("Radio Tarsis"))
    assert queries.suggestions(viewer=ANALYST, id=two)[0].id == one
    assert queries.counts(viewer=ANALYST).received == 2
    with pytest.raises(InvalidError):
        act(actions.join_incidents, two, same_as=one, reason="n/a")
    act(actions.join_incidents, two, same_as=one, reason="Same hour, same building.")
    assert queries.counts(viewer=ANALYST).received == 1
    act(actions.separate_incidents, two, reason="The second was the day after.")
    assert queries.counts(viewer=ANALYST).received == 2


# story: each incident gets the four separate findings, "insufficient" among them
def test_each_incident_gets_four_findings_apart_and_insufficient_is_counted_as_such() -> None:
    one = enter(source())
    scope(one)
    find(one, Axis.LEGAL, "insufficient")
    counted = queries.counts(viewer=DESK, party=PARTY)
    assert (counted.insufficient, counted.unlikely, counted.not_looked_at) == (1, 0, 0)
    found = queries.incident(viewer=DESK, id=one).findings
    assert {axis: len(answers) for axis, answers in found.items()} == {
        Axis.OCCURRENCE: 0, Axis.ATTRIBUTION: 0, Axis.LEGAL: 1, Axis.SERIOUSNESS: 0,
    }  # fmt: skip
    with pytest.raises(InvalidError):
        find(one, Axis.LEGAL, "unlikely")
    find(one, Axis.LEGAL, "unlikely", reason="The depot next to it was seen.")
    assert [f.number for f in queries.incident(viewer=DESK, id=one).findings[Axis.LEGAL]] == [2, 1]


# story: the party's own explanation and exculpatory facts have their place
def test_the_partys_explanation_and_exculpatory_facts_have_their_place() -> None:
    one = enter(source())
    judged: dict[str, Any] = {"credibility": Credibility.POSSIBLE, "credibility_reason": "One account."}
    added = act(
        actions.record_explanation, one, DESK, party=PARTY, kind="investigation", position="says_mistake",
        given_on=date(2024, 8, 1), text="Another building was meant.", **judged,
    )  # fmt: skip
    fact = act(actions.record_exculpatory_fact, one, DESK, kind="warning_given", text="Leaflets.", **judged)
    find(one, Axis.LEGAL, "possible", evidence=(added.id, fact.id))
    view = queries.incident(viewer=DESK, id=one)
    assert (len(view.explanations), len(view.facts)) == (1, 1)
    assert view.findings[Axis.LEGAL][0].evidence == (added.id, fact.id)


# story: no names of victims anywhere
def test_no_field_takes_the_name_of_a_victim_and_files_with_names_are_refused() -> None:
    of_people = {"name", "names", "victim", "victims", "age", "sex", "phone", "email", "address", "contact"}
    for name, spec in ACTIONS.items():
        if name.startswith("evidence.") and name != "evidence.register_source":
            assert not of_people & set(spec.parameters.model_fields), name
    columns = {f.name for m in apps.get_app_config("evidence").get_models() for f in m._meta.concrete_fields}
    assert columns & of_people == {"name"}  # of sources and of parties
    with pytest.raises(InvalidError, match="columns about persons: victim name"):
        take_in(source(), "incident,starts_on,place,victim name\n1,2024-05-01,XV,somebody\n")


# story: … text fields are official and never published
def test_no_text_of_evidence_is_published() -> None:
    words = (
        "reason",
        "grounds",
        "text",
        "question",
        "answer",
        "disputed",
        "party",
        "called",
        "note",
        "source",
        "origin",
    )
    kinds: tuple[type[Event], ...] = (events.SourceRegistered, events.IncidentsImported, *events.OF_INCIDENTS)
    for event in kinds:
        for name, kind in event.field_classes.items():
            if any(w in name for w in words) and name not in {"reasons", "is_answered"}:
                assert kind is FieldClass.OFFICIAL, f"{event.name}.{name}"
    one = enter(source(), munition="guided bomb")
    scope(one)
    find(one, Axis.ATTRIBUTION, "likely")
    log = json.dumps(entries())
    for said in ("Monitors", "guided bomb", PARTY, ground.REASON, "Satellite", *WHY.values()):
        assert said not in log


# story: the count is of events, as known at any moment (question 11)
def test_question_11_is_answered_as_known_then_and_now() -> None:
    take_in(source())
    ids = [r.id for r in queries.incidents(viewer=DESK).items]
    for one, value in zip(ids, ("possible", "insufficient", "insufficient"), strict=True):
        scope(one)
        find(one, Axis.LEGAL, value)
    then = register_ground.Clock.moment
    register_ground.later(days=30)
    find(ids[1], Axis.LEGAL, "unlikely", reason="Pictures of the day came in.")
    shares = [
        (c.received, c.in_scope, c.possible, c.unlikely, c.insufficient)
        for c in (queries.counts(viewer=DESK, known=known) for known in (then, None))
    ]
    assert shares == [(3, 3, 1, 0, 2), (3, 3, 1, 1, 1)]


# The same by three doors.

Do = Callable[[str, dict[str, Any]], Any]


def by_python(name: str, given: dict[str, Any]) -> Any:
    return json.loads(json.dumps(_plain(perform(name, ANALYST, **given).result)))


def _plain(result: Any) -> Any:
    return result if isinstance(result, str) else asdict(result)


def by_http(name: str, given: dict[str, Any]) -> Any:
    client = Client(
        headers={"Authorization": f"Bearer {ANALYST.id}", "Idempotency-Key": f"k{Entry.objects.count()}"}
    )
    address = f"/api/v1/acts/{name.replace('.', '/').replace('_', '-')}"
    answer = client.post(address, json.dumps(given), content_type="application/json")
    assert answer.status_code == 201, answer.content
    return answer.json()["result"]


def play(do: Do, send: Callable[[], str]) -> list[dict[str, Any]]:
    """The part once; what stands in the log, with ids in the order in which they came."""
    body = do("evidence.register_source", {"name": "Monitors of Tarsis", "kind": "ngo"})
    given = {"received_on": "2024-11-20", "reliability": "C", "credibility": "3", **WHY}
    do("evidence.import_incidents", {"file": send(), "source": body, **given})
    place = {"happened": "2024-05-03", "place": "XV", "place_precision": "locality", "place_name": "Talin"}
    ranges = [{"harm": "killed", "least": 3, "most": 5}]
    one = do(
        "evidence.enter_incident",
        {"source": body, **given, **place, "object_class": "hospital", "casualties": ranges, "actors": [PARTY]},
    )["incident"]
    other = Incident.objects.get(key="A1").public_id
    reason = {"reason": "Same hour, same building.", "expected_version": 1}
    do("evidence.join_incidents", {"incident": other, "same_as": one, **reason})
    do("evidence.set_scope", {"incident": one, "in_scope": True, **reason})
    grounds = {"grounds": "The crater was measured.", "confidence": "low", "expected_version": 2}
    do("evidence.record_finding", {"incident": one, "axis": "legal", "value": "insufficient", **grounds})
    text = json.dumps(entries())
    ids = [one, other, body, *Incident.objects.order_by("pk").values_list("public_id", flat=True)]
    for n, public_id in enumerate(dict.fromkeys(ids)):
        text = text.replace(public_id, f"id-{n}")
    made: list[dict[str, Any]] = json.loads(text)
    for entry in made:
        for random in ("imported", "file_digest", "incidents_sha256"):
            entry["data"].pop(random, None)
    return made


# story: played through Python, HTTP and CLI with the same ledger leaves up to random bytes
def test_the_part_is_the_same_by_python_http_and_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "incidents.csv").write_text(TABLE, encoding="utf-8")
    monkeypatch.setenv("PENHOLDER_TOKEN", ANALYST.id)
    for module in ("act", "evidence"):
        monkeypatch.setattr(
            f"penholder.cli.{module}.start", lambda **_: None
        )  # Django is set up, on this installation

    def run(*words: str) -> str:
        with pytest.raises(SystemExit) as left:
            main(words)
        said = capsys.readouterr()
        assert left.value.code in {0, None}, said.err
        return said.out

    def by_command(name: str, given: dict[str, Any]) -> Any:
        (tmp_path / "given.json").write_text(json.dumps(given), encoding="utf-8")
        return json.loads(run("act", name.replace("_", "-"), "--json", str(tmp_path / "given.json")))["result"]

    def by_upload() -> str:
        client = Client(headers={"Authorization": f"Bearer {ANALYST.id}"})
        answer = client.post("/api/v1/evidence/files", TABLE.encode(), content_type="text/csv")
        assert answer.status_code == 200, answer.content
        handle: str = answer.json()["file"]
        return handle

    played = []
    for n, (do, send) in enumerate(
        (
            (by_python, ground.sent),
            (by_http, by_upload),
            (by_command, lambda: run("evidence", "send", str(tmp_path / "incidents.csv")).strip()),
        )
    ):
        home = Casework(tmp_path / f"home-{n}").open()
        played.append(play(do, send))
        counted = json.loads(run("evidence", "counts", "--party", PARTY, "--json"))
        assert (counted["received"], counted["reports"], counted["insufficient"]) == (2, 3, 1)
        home.close()
    assert played[0] == played[1] == played[2]
    assert len(played[0]) == 6
    Casework(tmp_path / "last").open()


def test_a_conflict_names_the_newer_version() -> None:
    one = enter(source())
    scope(one)
    with pytest.raises(ConflictError, match="it is at version 2, not 1"):
        act(actions.set_scope, one, in_scope=False, reason=ground.REASON, expected_version=1)
