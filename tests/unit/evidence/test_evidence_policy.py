"""Decisions about evidence from given facts alone: counting, joining, origins, likeness, what is personal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.actions.errors import ConflictError, InvalidError
from penholder.evidence.counting import Asked, Report, count
from penholder.evidence.policy import (
    Told,
    check_change,
    check_joining,
    has_contact,
    independent_origins,
    similarity,
    stage_of,
    stands_for,
)
from penholder.evidence.tables import class_of, object_classes, personal_columns, scales
from penholder.evidence.values import INSUFFICIENT, NOT_LOOKED_AT, Axis, Facts, PlacePrecision, Stage

DAY = date(2024, 5, 3)
FACTS = Facts(
    key="1", received_on=DAY, starts_on=DAY, ends_on=DAY, date_precision="day", place="XV",
    place_precision=PlacePrecision.LOCALITY, admin1="North", admin2="Tarn", place_name="Talin",
    means=("air_strike",), object_class="hospital",
)  # fmt: skip


def report(name: str, **changes: object) -> Report:
    first = Report(name, DAY, DAY, "", None, {}, frozenset())
    return replace(first, **changes)  # type: ignore[arg-type]


@st.composite
def some_reports(draw: st.DrawFn) -> list[Report]:
    """Reports of which some are joined to earlier ones, so that no joining goes round."""
    made: list[Report] = []
    for n in range(draw(st.integers(0, 12))):
        to = draw(st.sampled_from(["", *(r.id for r in made)]))
        findings = {
            axis: draw(st.sampled_from(list(scales()[axis].values))) for axis in Axis if draw(st.booleans())
        }
        day = DAY + timedelta(days=draw(st.integers(-400, 400)))
        scope = draw(st.sampled_from([None, True, False]))
        parties = draw(st.frozensets(st.sampled_from(["A", "B"])))
        made.append(report(f"R{n:02}", joined_to=to, findings=findings, in_scope=scope, parties=parties,
                           starts_on=day, ends_on=day + timedelta(days=draw(st.integers(0, 40)))))  # fmt: skip
    return made


@given(some_reports())
def test_joined_reports_never_count_twice(reports: list[Report]) -> None:
    counted = count(reports, Asked())
    assert counted.received == sum(not r.joined_to for r in reports)
    assert counted.reports == len(reports)
    assert counted.received == counted.in_scope + counted.out_of_scope + counted.scope_not_set
    for values in counted.by_axis.values():
        assert sum(values.values()) == counted.in_scope
    assert sum(sum(m.values.values()) for m in counted.by_month) == counted.in_scope
    assert counted.in_scope == counted.possible + counted.unlikely + counted.insufficient + counted.not_looked_at


@given(some_reports(), st.dates(date(2023, 3, 1), date(2025, 6, 1)))
def test_two_periods_that_meet_hold_every_event_once(reports: list[Report], border: date) -> None:
    before = count(reports, Asked(end=border - timedelta(days=1)))
    after = count(reports, Asked(start=border))
    assert sorted((*before.ids, *after.ids)) == sorted(count(reports, Asked()).ids)


@given(some_reports(), st.randoms())
def test_the_order_of_reports_does_not_matter(reports: list[Report], random: object) -> None:
    mixed = list(reports)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert count(mixed, Asked("a")) == count(reports, Asked("a"))


def test_an_event_is_of_a_party_where_any_of_its_reports_names_it() -> None:
    reports = [report("R1"), report("R2", joined_to="R1", parties=frozenset({"Forces of A"}))]
    assert count(reports, Asked("forces of a")).ids == ("R1",)
    assert count(reports, Asked("forces")).received == 0


def test_insufficient_is_an_answer_and_not_looked_at_is_none() -> None:
    for scale in scales().values():
        assert INSUFFICIENT in scale.values
        assert NOT_LOOKED_AT not in scale.values
    counted = count(
        [report("R1", in_scope=True), report("R2", in_scope=True, findings={Axis.LEGAL: "insufficient"})], Asked()
    )
    assert (counted.insufficient, counted.not_looked_at) == (1, 1)
    assert [(m.month, m.answered) for m in counted.by_month] == [("2024-05", 1)]


def test_joinings_do_not_go_round() -> None:
    assert stands_for({"C": "B", "B": "A"}, "C") == "A"
    with pytest.raises(ConflictError, match="they count once"):
        check_joining({"B": "A"}, "A", "B")
    with pytest.raises(ConflictError, match="separate it first"):
        check_joining({"B": "A"}, "B", "C")
    with pytest.raises(InvalidError):
        check_joining({}, "A", "A")
    check_joining({"B": "A"}, "A", "C")
    with pytest.raises(ConflictError, match="lead back to themselves"):
        stands_for({"A": "B", "B": "A"}, "A")


@pytest.mark.parametrize(
    ("told", "origins"),
    [
        ([Told("A"), Told("B")], {"A", "B"}),
        ([Told("A"), Told("B", "A")], {"A"}),
        ([Told("A", "B"), Told("B", "C")], {"C"}),
        ([Told("A", "B"), Told("B", "A")], {"A"}),
        ([Told("A", "X"), Told("B", "X")], {"X"}),
        ([Told("A", "B"), Told("B", "C"), Told("B")], {"B", "C"}),
        ([], set()),
    ],
)
def test_reports_that_quote_one_another_are_one_origin(told: list[Told], origins: set[str]) -> None:
    assert independent_origins(told) == origins


@given(st.lists(st.builds(Told, st.sampled_from("ABCD"), st.sampled_from(["", *"ABCD"])), max_size=6))
def test_there_are_never_more_origins_than_sources(told: list[Told]) -> None:
    named = {t.source for t in told} | {t.origin for t in told if t.origin}
    found = independent_origins(told)
    assert found <= named
    assert bool(found) == bool(told)


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 11),
        ({"starts_on": DAY + timedelta(days=1), "ends_on": DAY + timedelta(days=1)}, 8),
        ({"ends_on": DAY + timedelta(days=9)}, 9),
        ({"starts_on": DAY + timedelta(days=4), "ends_on": DAY + timedelta(days=4)}, 0),
        ({"place": "XN"}, 0),
        ({"place_name": "Ost"}, 0),
        ({"place_name": "", "admin2": "Other"}, 0),
        ({"place_name": "", "admin2": ""}, 9),
        ({"object_class": "school"}, 9),
        ({"object_class": "not_stated", "means": ()}, 8),
    ],
)
def test_likeness_is_explained_and_the_same_both_ways(changes: dict[str, object], points: int) -> None:
    other = replace(FACTS, **changes)  # type: ignore[arg-type]
    one, back = similarity(FACTS, other), similarity(other, FACTS)
    assert (one.points, back.points) == (points, points)
    assert bool(one.because) == bool(points)


def test_coordinates_decide_where_both_are_known_finely() -> None:
    here = replace(FACTS, latitude=12_000_000, longitude=45_000_000, place_name="")
    near = replace(here, latitude=12_040_000)
    far = replace(here, longitude=46_000_000)
    assert similarity(here, near).because[1] == "at most a twentieth of a degree apart"
    assert similarity(here, far).points == 0
    coarse = replace(far, place_precision=PlacePrecision.DISTRICT)
    assert similarity(here, coarse).because[1] == "the same district: Tarn"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to desk-1@ardenia.invalid", True),
        ("+49 30 1234567", True),
        ("tel. 0049 (30) 12 34 567", True),
        ("2024-05-03 00:00:00", False),
        ("+12.345678", False),
        ("UKR009508,2022-12-31", False),
        ("ML10; 6A002 @ 3 km", False),
        ("00123456789012", False),
    ],
)
def test_ways_to_reach_somebody_are_found(text: str, found: bool) -> None:
    assert has_contact(text) is found


def test_columns_about_persons_are_known_and_others_let_through() -> None:
    fine = ("incident", "place_name", "conflict_name", "Patient Arrest", "Child fatalities", "Civilian Casualties",
            "source_headline", "Min Air Raids", "HW Abduction", "number of victims",
            "Type of Facility")  # fmt: skip
    assert personal_columns(fine) == ()
    assert personal_columns((*fine, "Victim Name", "telephone_2")) == ("Victim Name", "telephone_2")


@pytest.mark.parametrize(
    ("words", "kind"),
    [("Residential", "home"), ("health care: facilities", "hospital"), ("Military_Security_Target", "military"),
     ("water tank", "water"), ("", "not_stated"), ("something else", "other"), ("school", "school")],
)  # fmt: skip
def test_the_words_of_lists_have_a_class(words: str, kind: str) -> None:
    assert class_of(words) == kind
    assert kind in object_classes()


def test_a_changed_finding_needs_a_reason() -> None:
    check_change(1, "")
    check_change(2, "A second video came in.")
    with pytest.raises(InvalidError):
        check_change(2, "  ")


def test_the_stages_of_an_incident() -> None:
    said = [
        stage_of(is_joined=False, in_scope=None, answered=0, open_gaps=0),
        stage_of(is_joined=False, in_scope=False, answered=4, open_gaps=1),
        stage_of(is_joined=False, in_scope=True, answered=3, open_gaps=0),
        stage_of(is_joined=False, in_scope=True, answered=4, open_gaps=0),
        stage_of(is_joined=False, in_scope=True, answered=4, open_gaps=1),
        stage_of(is_joined=True, in_scope=True, answered=4, open_gaps=0),
    ]
    assert said == [
        Stage.RECEIVED,
        Stage.OUT_OF_SCOPE,
        Stage.IN_SCOPE,
        Stage.ASSESSED,
        Stage.OPEN_GAPS,
        Stage.JOINED,
    ]
