"""Acts of evidence: what they write, record and refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, RefusedError
from penholder.evidence import actions, queries
from penholder.evidence.models import Casualties, Finding, Import, Incident, Joining, QuarantinedRow
from penholder.evidence.values import Axis, CasualtyRange, Credibility, GradeAxis, Harm, PersonStatus
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Entry
from penholder.vault.models import VaultFile
from penholder.vault.rows import find_file
from penholder.vault.store import open_disclosures
from tests import evidence_ground as ground
from tests import register_ground
from tests.casework import Casework, SettingsOfTest
from tests.evidence_ground import ANALYST, DESK, HEADER, PARTY, REASON, act, enter, find, scope, source, take_in


@pytest.fixture(autouse=True)
def evidence(casework: Casework, settings_of_test: SettingsOfTest) -> Iterator[None]:
    register_ground.at(register_ground.TODAY)
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    settings_of_test.set("PENHOLDER_CLOCK", "tests.register_ground.now")
    return iter([None])


def public(event: str) -> dict[str, Any]:
    """The public fields of the newest entry of an event."""
    entry = Entry.objects.filter(event=f"evidence.{event}").order_by("-id")[0]
    return dict(LedgerEntry.from_bytes(entry.body.encode()).data)


def private(event: str) -> dict[str, Any]:
    """Its private fields."""
    entry = Entry.objects.filter(event=f"evidence.{event}").order_by("-id")[0]
    return {d.name: d.value for d in open_disclosures(entry.id)}


def test_a_report_publishes_codes_days_and_counts_and_no_text() -> None:
    body = source()
    one = enter(body, latitude="12.345678", longitude="45.1", munition="guided bomb")
    assert public("IncidentEntered") == {
        "incident": one,
        "received_on": "2024-05-10",
        "starts_on": "2024-05-03",
        "ends_on": "2024-05-03",
        "date_precision": "day",
        "place": "XV",
        "place_precision": "locality",
        "named": ["North", "Tarn", "Talin"],
        "means": ["air_strike"],
        "object_class": "hospital",
        "casualties": [["killed", "unknown", 3, 5]],
    }
    row = Incident.objects.get()
    assert (row.latitude_micro, row.longitude_micro, row.munition) == (12_345_678, 45_100_000, "guided bomb")


@pytest.mark.parametrize(
    ("precision", "named"),
    [("district", ["North", "Tarn"]), ("region", ["North"]), ("territory", []), ("unknown", [])],
)
def test_a_place_is_published_no_finer_than_it_is_stated(precision: str, named: list[str]) -> None:
    enter(source(), place_precision=precision)
    assert public("IncidentEntered")["named"] == named


@pytest.mark.parametrize(
    ("happened", "until", "days", "precision"),
    [
        ("2024-05", "", ("2024-05-01", "2024-05-31"), "month"),
        ("2023", "", ("2023-01-01", "2023-12-31"), "year"),
        ("2024-05-01", "2024-05-07", ("2024-05-01", "2024-05-07"), "range"),
    ],
)
def test_a_day_is_kept_as_finely_as_it_is_known(
    happened: str, until: str, days: tuple[str, str], precision: str
) -> None:
    enter(source(), happened=happened, until=until, received_on=date(2024, 6, 30))
    row = Incident.objects.get()
    assert (str(row.starts_on), str(row.ends_on), row.date_precision) == (*days, precision)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"happened": "yesterday"}, "happened"),
    ({"happened": "2024-05-03", "until": "2024-05-01"}, "until"),
    ({"happened": "2025-01-01", "received_on": date(2024, 11, 1)}, "happened"),
    ({"received_on": date(2025, 1, 1)}, "received_on"),
    ({"received_on": date(2024, 5, 1)}, "received_on"),
    ({"place": "Nowhere at all"}, "place"),
    ({"object_class": "hospitals"}, "object_class"),
    ({"latitude": "12.5"}, "latitude"),
    ({"latitude": "12.5", "longitude": "3", "place_precision": "district"}, "place_precision"),
    ({"casualties": [{"harm": "killed", "least": 5, "most": 3}]}, "casualties.0.most"),
    ({"casualties": [{"harm": "killed", "status": "civilian", "least": 5}]}, "casualties.0.status_source"),
    ({"casualties": [{"harm": "killed", "least": 1}, {"harm": "killed", "least": 2}]}, "casualties.1.status"),
    ({"credibility_reason": "n/a"}, "credibility_reason"),
    ({"reliability_reason": "Ask desk-1@ardenia.invalid"}, "reliability_reason"),
    ({"munition": "call +49 30 1234567"}, "munition"),
    ({"of": "SR-none"}, "source"),
    ({"victims": "somebody"}, "victims"),
]


def test_a_report_that_cannot_be_used_is_refused_at_its_field() -> None:
    body = source()
    for changes, field in WRONG:
        with pytest.raises(InvalidError) as said:
            enter(**{"of": body} | changes)
        assert list(said.value.fields) == [field]
    assert Incident.objects.count() == 0


def test_a_status_of_people_needs_its_own_source() -> None:
    body = source()
    ranges = (
        CasualtyRange(harm=Harm.KILLED, status=PersonStatus.CIVILIAN, least=2, most=2, status_source=body),
        CasualtyRange(harm=Harm.KILLED, least=3, most=None),
    )
    enter(body, casualties=ranges)
    assert list(Casualties.objects.order_by("place").values_list("status", "least", "most", "status_source")) == [
        ("civilian", 2, 2, body),
        ("unknown", 3, None, ""),
    ]
    with pytest.raises(InvalidError):
        enter(
            body,
            casualties=(
                CasualtyRange(harm=Harm.KILLED, status=PersonStatus.CIVILIAN, least=1, status_source="SR-x"),
            ),
        )


def test_an_import_takes_in_every_row_or_says_why_not() -> None:
    body = source()
    result = take_in(body).result
    assert (result.read, result.loaded, result.quarantined) == (5, 3, 2)
    assert result.reasons == {"not_a_date": 1, "repeated_id": 1}
    row = Import.objects.get(public_id=result.imported)
    assert (row.read, row.loaded, row.quarantined) == (5, 3, 2)
    assert list(QuarantinedRow.objects.order_by("line").values_list("line", "column", "reason")) == [
        (4, "starts_on", "not_a_date"),
        (6, "", "repeated_id"),
    ]
    rows = Incident.objects.order_by("row").values_list(
        "key", "starts_on", "ends_on", "date_precision", "place_precision", "object_class"
    )
    assert list(rows) == [
        ("A1", date(2024, 5, 3), date(2024, 5, 3), "day", "locality", "hospital"),
        ("A2", date(2024, 6, 1), date(2024, 6, 30), "month", "district", "school"),
        ("A4", date(2024, 5, 1), date(2024, 5, 31), "month", "territory", "commercial_property"),
    ]


def test_one_event_names_every_record_of_an_import() -> None:
    result = take_in(source()).result
    ids = list(Incident.objects.order_by("row").values_list("public_id", flat=True))
    assert Entry.objects.filter(event="evidence.IncidentsImported").count() == 1
    data = public("IncidentsImported")
    stored, subject, kind = find_file(private("IncidentsImported")["file"])
    assert (subject, kind) == (result.imported, "official")
    assert data == {
        "imported": result.imported,
        "read": 5,
        "loaded": 3,
        "quarantined": 2,
        "reasons": {"not_a_date": 1, "repeated_id": 1},
        "first_day": "2024-05-01",
        "last_day": "2024-06-30",
        "file_digest": stored.digest,
        "data_sha256": result.data_sha256,
        "incidents_sha256": data["incidents_sha256"],
    }
    assert private("IncidentsImported")["incidents"] == ids


def test_a_row_that_the_source_has_given_before_does_not_come_twice() -> None:
    body = source()
    take_in(body)
    with pytest.raises(ConflictError, match="recorded already"):
        take_in(body)
    more = f"{HEADER}\nA1,2024-05-03,XV,,,,,,,\nA9,2024-07-01,XV,,,,,,,\n"
    result = take_in(body, more).result
    assert (result.read, result.loaded, result.reasons) == (2, 1, {"already_recorded": 1})
    assert Incident.objects.count() == 4
    assert take_in(source("Another list"), more).result.loaded == 2


def test_the_same_handle_is_taken_in_once() -> None:
    body, handle = source(), ground.sent()
    take_in(body, file=handle)
    with pytest.raises((InvalidError, ConflictError)):
        take_in(source("Another list"), file=handle)
    with pytest.raises(InvalidError) as said:
        take_in(body, file=f"IR-{'0' * 26}.{'0' * 64}")
    assert list(said.value.fields) == ["file"]


COLUMNS = (
    "victim_name", "Name of victims", "name", "Full Name", "phone", "phone_no", "E-mail", "contact", "witnessName",
    "date of birth", "passport", "survivor contact", "الاسم",
)  # fmt: skip


def test_a_file_with_a_column_about_persons_is_refused_and_nothing_is_kept() -> None:
    body = source()
    for column in COLUMNS:
        with pytest.raises(InvalidError) as said:
            take_in(body, f"incident,starts_on,place,{column}\nA1,2024-05-03,XV,somebody\n")
        assert column in said.value.message
        assert "delete these columns" in said.value.hint
        assert list(said.value.fields) == ["file"]
    assert (Incident.objects.count(), Import.objects.count(), VaultFile.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("cell", ["ask desk-1@ardenia.invalid", "tel. +49 (30) 1234-567"])
def test_a_file_with_a_way_to_reach_somebody_in_a_row_is_refused(cell: str) -> None:
    with pytest.raises(InvalidError, match="line 2 of the file") as said:
        take_in(source(), f"incident,starts_on,place,remarks\nA1,2024-05-03,XV,{cell}\n")
    assert cell not in json.dumps([said.value.message, said.value.hint, said.value.fields])


def test_a_file_that_cannot_be_read_is_refused_at_its_field() -> None:
    with pytest.raises(InvalidError) as said:
        take_in(source(), "a,b\n1,2\n")
    assert list(said.value.fields) == ["file"]
    with pytest.raises(InvalidError) as said:
        take_in(source("Another"), layout="none")
    assert list(said.value.fields) == ["layout"]


def test_the_two_axes_of_a_grade_are_judged_apart() -> None:
    one = enter(source())
    act(actions.grade_incident, one, axis=GradeAxis.CREDIBILITY, value="1", reason="A third report bears it out.")
    view = queries.incident(viewer=ANALYST, id=one)
    assert view.row.grade == "B1"
    assert [(g.number, g.value) for g in view.grades["credibility"]] == [(2, "1"), (1, "2")]
    assert [(g.number, g.value) for g in view.grades["reliability"]] == [(1, "B")]
    for axis, value in ((GradeAxis.RELIABILITY, "1"), (GradeAxis.CREDIBILITY, "B"), (GradeAxis.CREDIBILITY, "7")):
        with pytest.raises(InvalidError):
            act(actions.grade_incident, one, axis=axis, value=value, reason=REASON)
    with pytest.raises(ConflictError, match="is 1 already"):
        act(actions.grade_incident, one, axis=GradeAxis.CREDIBILITY, value="1", reason=REASON)


def test_joined_reports_count_once_until_they_are_separated() -> None:
    one, two = enter(source()), enter(source("Radio Tarsis"))
    assert queries.counts(viewer=ANALYST).received == 2
    act(actions.join_incidents, two, same_as=one, reason="Same hour, same building.")
    counted = queries.counts(viewer=ANALYST)
    assert (counted.received, counted.reports, counted.ids) == (1, 2, (one,))
    assert queries.incident(viewer=ANALYST, id=two).row.stands_for_it == one
    with pytest.raises(ConflictError, match="already"):
        act(actions.join_incidents, one, same_as=two, reason=REASON)
    with pytest.raises(ConflictError, match="separate it first"):
        act(actions.join_incidents, two, same_as=one, reason=REASON)
    act(actions.separate_incidents, two, reason="The second was the day after.")
    assert queries.counts(viewer=ANALYST).received == 2
    assert list(Joining.objects.order_by("number").values_list("number", "same_as__public_id")) == [
        (1, one),
        (2, None),
    ]
    with pytest.raises(ConflictError, match="not joined"):
        act(actions.separate_incidents, two, reason=REASON)
    with pytest.raises(InvalidError):
        act(actions.join_incidents, one, same_as=one, reason=REASON)


def test_four_findings_each_with_its_own_scale_and_versions() -> None:
    one = enter(source())
    scope(one)
    for axis, value in ((Axis.OCCURRENCE, "likely"), (Axis.ATTRIBUTION, "likely"), (Axis.LEGAL, "insufficient"),
                        (Axis.SERIOUSNESS, "insufficient")):  # fmt: skip
        find(one, axis, value)
    assert queries.incident(viewer=DESK, id=one).row.stage == "assessed"
    with pytest.raises(InvalidError) as said:
        find(one, Axis.LEGAL, "possible")
    assert list(said.value.fields) == ["reason"]
    find(one, Axis.LEGAL, "possible", reason="The second video shows the marking.", evidence=(one,))
    rows = (
        Finding.objects.filter(axis="legal")
        .order_by("number")
        .values_list("number", "value", "reason", "evidence")
    )
    assert list(rows) == [
        (1, "insufficient", "", []),
        (2, "possible", "The second video shows the marking.", [one]),
    ]
    assert public("FindingRecorded") == {
        "incident": one, "version": ground.version(one), "axis": "legal", "number": 2, "value": "possible",
        "confidence": "moderate",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("axis", "value", "changes", "field"),
    [
        (Axis.LEGAL, "likely", {}, "value"),
        (Axis.SERIOUSNESS, "possible", {}, "value"),
        (Axis.ATTRIBUTION, "likely", {"party": ""}, "party"),
        (Axis.LEGAL, "possible", {"party": PARTY}, "party"),
        (Axis.LEGAL, "possible", {"grounds": "as discussed"}, "grounds"),
        (Axis.LEGAL, "possible", {"evidence": ("IN-none",)}, "evidence"),
    ],
)
def test_a_finding_off_its_scale_is_refused(axis: Axis, value: str, changes: dict[str, Any], field: str) -> None:
    one = enter(source())
    with pytest.raises(InvalidError) as said:
        find(one, axis, value, **changes)
    assert list(said.value.fields) == [field]


def test_the_other_side_has_its_place() -> None:
    one = enter(source())
    given: dict[str, Any] = {"credibility": Credibility.DOUBTFUL, "credibility_reason": "It names no witness."}
    added = act(
        actions.record_explanation, one, DESK, party=PARTY, kind="investigation", position="says_mistake",
        given_on=date(2024, 8, 1), text="The board found that another building was meant.", **given,
    )  # fmt: skip
    fact = act(
        actions.record_exculpatory_fact, one, DESK, kind="military_use_alleged", text="The party says so.",
        disputed="The monitors saw none.", **given,
    )  # fmt: skip
    view = queries.incident(viewer=DESK, id=one)
    assert [(e.id, e.position, e.credibility) for e in view.explanations] == [(added.id, "says_mistake", "4")]
    assert [(f.id, f.kind, f.disputed) for f in view.facts] == [
        (fact.id, "military_use_alleged", "The monitors saw none.")
    ]
    assert public("ExculpatoryFactRecorded").keys() == {"incident", "version", "fact", "kind", "credibility"}
    assert queries.exists((one, added.id, fact.id, "XF-none")) == {one, added.id, fact.id}


def test_gaps_are_opened_and_closed() -> None:
    one = enter(source())
    scope(one)
    gap = act(actions.open_gap, one, axis=Axis.LEGAL, question="Was a warning given?", due=date(2024, 11, 1)).id
    view = queries.incident(viewer=DESK, id=one)
    assert (view.row.stage, view.gaps[0].is_overdue) == ("open_gaps", True)
    act(actions.close_gap, one, gap=gap, is_answered=False, answer="Nobody who was there can be asked.")
    closed = queries.incident(viewer=DESK, id=one).gaps[0]
    assert (closed.is_answered, closed.is_overdue, closed.answer) == (
        False,
        False,
        "Nobody who was there can be asked.",
    )
    with pytest.raises(ConflictError, match="closed already"):
        act(actions.close_gap, one, gap=gap, is_answered=True, answer="There was one, after all.")
    with pytest.raises(AbsentError):
        act(actions.close_gap, one, gap="GA-none", is_answered=True, answer="There was one, after all.")


def test_an_act_on_another_version_is_refused() -> None:
    one = enter(source())
    scope(one)
    with pytest.raises(ConflictError, match="it is at version 2, not 1"):
        act(actions.set_scope, one, in_scope=False, reason=REASON, expected_version=1)


def test_evidence_is_absent_for_whom_it_is_not() -> None:
    one = enter(source())
    for viewer in (ground.EXPORTER, ground.STATISTICIAN):
        with pytest.raises(AbsentError):
            queries.incident(viewer=viewer, id=one)
        with pytest.raises(AbsentError):
            queries.incidents(viewer=viewer)
        with pytest.raises(AbsentError):
            queries.counts(viewer=viewer)
        with pytest.raises(RefusedError):
            act(actions.set_scope, one, viewer, in_scope=True, reason=REASON)
    with pytest.raises(RefusedError):
        enter_by_decider()


def enter_by_decider() -> None:
    perform(actions.register_source, ground.DECIDER, name="Somebody else's list", kind="list")
