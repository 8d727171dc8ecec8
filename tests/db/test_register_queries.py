"""Who sees what of the register, as of which day, as known when, and in how few statements."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, InvalidError
from penholder.actions.values import NOBODY
from penholder.register import actions, queries
from penholder.register.answers import LicenceView
from penholder.register.timeline import overdue, timeline
from penholder.register.values import LineAct, LineStatus
from tests import register_ground as ground
from tests.register_ground import MANAGER, OWNER, STRANGER, TODAY, draw, enter, issued, reinstate, suspend, terms

pytestmark = pytest.mark.usefixtures("register")


def statuses(view: LicenceView) -> list[str]:
    return [line.status.value for line in view.lines]


def test_the_public_sees_public_fields_alone() -> None:
    licence = issued()
    draw(licence, "m1", "10")
    suspend(licence)
    view = queries.licence(viewer=NOBODY, id=licence)
    line = view.lines[0]
    assert (view.reference, view.exporter, line.terms, line.used_quantity, line.left_quantity) == (None,) * 5
    assert (line.status, line.suspended_on, line.power) == (LineStatus.SUSPENDED, TODAY, "statute")
    assert (line.may, view.withheld[:2]) == ((), ("reference", "exporter"))
    row = queries.licences(viewer=NOBODY).items[0]
    assert (row.id, row.reference, row.destinations, row.lines) == (licence, None, None, 1)


def test_holders_see_their_own_and_others_only_what_is_public() -> None:
    licence = issued()
    draw(licence, "m1", "10")
    own = queries.licence(viewer=OWNER, id=licence)
    assert own.lines[0].left_quantity == Decimal("90.000")
    assert own.lines[0].may == (LineAct.SURRENDER,)
    assert own.reference == "GBSIEL/2024/0000001/P"
    assert queries.licences(viewer=STRANGER).items == ()
    assert queries.lines(viewer=STRANGER).items == ()
    with pytest.raises(AbsentError):
        queries.licence(viewer=STRANGER, id=licence)


def test_a_draft_is_there_for_its_people_alone() -> None:
    licence = enter()
    assert statuses(queries.licence(viewer=OWNER, id=licence)) == ["draft"]
    for viewer in (NOBODY, STRANGER):
        with pytest.raises(AbsentError):
            queries.licence(viewer=viewer, id=licence)
        with pytest.raises(AbsentError):
            timeline(viewer=viewer, licence=licence)
        assert queries.licences(viewer=viewer).items == ()
        assert queries.lines(viewer=viewer).items == ()


def test_filters_do_not_tell_what_fields_do_not() -> None:
    licence = issued()
    for viewer, found in ((MANAGER, [licence]), (OWNER, [licence]), (STRANGER, []), (NOBODY, [])):
        for given in ({"destination": "XB"}, {"reference": "GBSIEL/2024/0000001/P"}, {"exporter": "O-1"}):
            assert [r.id for r in queries.licences(viewer=viewer, **given).items] == found  # type: ignore[arg-type]
        assert [line.licence for line in queries.lines(viewer=viewer, destination="XB").items] == found
    assert queries.licences(viewer=MANAGER, destination="XC").items == ()


def test_two_times_answer_what_was_so_and_what_was_known() -> None:
    licence = issued()
    ground.at(date(2024, 11, 25))
    suspend(licence, effective_on=TODAY)
    before = datetime(2024, 11, 24, 12, tzinfo=UTC)
    assert statuses(queries.licence(viewer=NOBODY, id=licence)) == ["suspended"]
    assert statuses(queries.licence(viewer=NOBODY, id=licence, on=date(2024, 11, 21))) == ["issued"]
    assert statuses(queries.licence(viewer=NOBODY, id=licence, on=TODAY)) == ["suspended"]
    assert statuses(queries.licence(viewer=NOBODY, id=licence, on=TODAY, known=before)) == ["issued"]
    assert [h.event for h in timeline(viewer=NOBODY, licence=licence, known=before)] == [
        "register.LicenceIssued",
        "register.CustomsMessageSent",
    ]
    with pytest.raises(AbsentError):
        queries.licence(viewer=NOBODY, id=licence, known=datetime(2024, 11, 21, tzinfo=UTC))
    with pytest.raises(AbsentError):
        queries.licence(viewer=NOBODY, id=licence, on=date(2024, 5, 31))


def test_usage_and_terms_are_as_of_a_day_too() -> None:
    licence = issued()
    draw(licence, "m1", "10", happened_on=date(2024, 7, 1))
    draw(licence, "m2", "15", happened_on=date(2024, 8, 1))
    perform(
        actions.amend_line,
        MANAGER,
        licence=licence,
        line=1,
        terms=terms(quantity_limit=Decimal(50)),
        reasons="The buyer reduced its order.",
        effective_on=date(2024, 9, 1),
        expected_version=2,
    )
    asked = {day: queries.licence(viewer=MANAGER, id=licence, on=day).lines[0] for day in (
        date(2024, 7, 1), date(2024, 8, 31), date(2024, 9, 1)
    )}  # fmt: skip
    assert [(v.used_quantity, v.left_quantity) for v in asked.values()] == [
        (Decimal("10.000"), Decimal("90.000")),
        (Decimal("25.000"), Decimal("75.000")),
        (Decimal("25.000"), Decimal("25.000")),
    ]
    assert {v.since for v in asked.values()} == {date(2024, 6, 1)}


def test_a_line_is_expired_on_its_day_before_the_sweep() -> None:
    issued(valid_until=date(2024, 11, 22))
    row = queries.licences(viewer=NOBODY).items[0]
    assert [(c.status, c.lines) for c in row.statuses] == [(LineStatus.EXPIRED, 1)]
    assert queries.licences(viewer=NOBODY, status=LineStatus.ISSUED).items == ()
    assert queries.licences(viewer=NOBODY, status=LineStatus.EXPIRED).items == (row,)
    view = queries.licence(viewer=MANAGER, id=row.id).lines[0]
    assert (view.status, view.since, view.may) == (LineStatus.EXPIRED, TODAY, (LineAct.DRAW,))


def test_the_timeline_shows_both_times_and_names_what_is_withheld() -> None:
    licence = issued()
    suspend(licence, effective_on=date(2024, 11, 20))
    seen = {h.event: h for h in timeline(viewer=MANAGER, licence=licence)}
    told = seen["register.LinesSuspended"]
    assert (told.recorded_at, told.claimed_at, told.late) == (ground.Clock.moment, "2024-11-20", True)
    assert (told.fields["reasons"], told.withheld) == (ground.REASONS, ("actor",))
    assert seen["register.LicenceEntered"].fields["reference"] == "GBSIEL/2024/0000001/P"
    public = {h.event: h for h in timeline(viewer=NOBODY, licence=licence)}
    assert "register.LicenceEntered" not in public
    assert public["register.LinesSuspended"].withheld == ("terms", "reasons", "actor")
    assert "reasons" not in public["register.LinesSuspended"].fields
    own = {h.event: h for h in timeline(viewer=OWNER, licence=licence)}
    assert own["register.LinesSuspended"].withheld == ("actor",)
    assert own["register.LicenceEntered"].fields["exporter"] == "O-1"


def test_what_is_overdue_stays_until_it_is_done() -> None:
    licence = issued()
    suspend(licence, review_by=date(2024, 12, 1))
    on = date(2024, 12, 3)
    found = overdue(viewer=MANAGER, on=on)
    assert [(o.kind, o.lines, o.due, o.days, o.what) for o in found] == [
        ("customs", (1,), date(2024, 11, 24), 9, "issue"),
        ("customs", (1,), date(2024, 11, 24), 9, "suspend"),
        ("review", (1,), date(2024, 12, 1), 2, "statute"),
    ]
    assert overdue(viewer=OWNER, on=on) == found[2:]
    assert overdue(viewer=STRANGER, on=on) == overdue(viewer=NOBODY, on=on) == ()
    assert queries.licence(viewer=NOBODY, id=licence, on=on).lines[0].overdue
    reinstate(licence)
    assert [o.kind for o in overdue(viewer=MANAGER, on=on)] == ["customs"] * 3


def test_lists_come_in_pages() -> None:
    made = [issued(f"GBSIEL/2024/{n:07}/P", decided_on=date(2024, 6, n)) for n in range(1, 6)]
    first = queries.licences(viewer=NOBODY, limit=3)
    second = queries.licences(viewer=NOBODY, limit=3, cursor=first.next_cursor)
    assert [r.id for r in (*first.items, *second.items)] == list(reversed(made))
    assert second.next_cursor is None
    with pytest.raises(InvalidError):
        queries.licences(viewer=NOBODY, cursor="made-up")


def test_few_statements_however_much_there_is(small_folder: Path) -> None:
    ground.load_release(small_folder)
    with CaptureQueriesContext(
        connection,
    ) as listed:
        page = queries.licences(viewer=MANAGER, limit=25)
    assert (len(page.items), len(listed)) == (25, 3)
    licence = issued("GBSIEL/2024/0000001/P", *[terms() for _ in range(30)])
    for number in range(1, 31):
        draw(licence, f"m{number}", "1", line=number)
    known = ground.Clock.moment
    ground.later(seconds=3)
    with CaptureQueriesContext(connection) as shown:
        view = queries.licence(viewer=MANAGER, id=licence, known=known)
        happened = timeline(viewer=MANAGER, licence=licence)
    assert (len(view.lines), len(happened)) == (30, 33)
    most = 20 if connection.vendor == "sqlite" else 22  # two of them wait for whoever is inside
    assert len(shown) <= most


def test_published_lines_are_public(small_folder: Path) -> None:
    ground.load_release(small_folder)
    row = queries.licences(viewer=NOBODY, limit=1).items[0]
    view = queries.licence(viewer=NOBODY, id=row.id)
    assert row.reference is not None
    assert view.lines[0].terms is not None
    assert [h.event for h in timeline(viewer=NOBODY, licence=row.id)] == [
        "register.ReleaseAnnounced",
        "register.ReleaseLoaded",
    ]
