"""Acts of the register: what they write, record and refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, SeparationError
from penholder.actions.replay import run_replays
from penholder.actions.values import SYSTEM, Actor, ActorKind
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Entry
from penholder.register import actions
from penholder.register.models import Condition, CustomsMessage, Draw, Licence, Line, LineVersion
from penholder.register.schedule import expire_what_ran_out
from penholder.register.values import Completeness, ConditionTiming, DrawOrigin, Power, SurrenderReason
from tests import register_ground as ground
from tests.casework import SettingsOfTest
from tests.register_ground import (
    NO_CASE,
    TODAY,
    draw,
    enter,
    issued,
    reinstate,
    revoke,
    surrender,
    suspend,
    terms,
)

pytestmark = pytest.mark.usefixtures("register")


def events_about(licence: str) -> list[str]:
    return [e.event.removeprefix("register.") for e in Entry.objects.filter(about=licence).order_by("id")]


def test_a_licence_is_entered_as_a_draft_and_issued_by_somebody_else() -> None:
    licence = enter()
    line = Line.objects.get()
    assert (line.status, line.quantity_limit_milli, line.used_quantity_milli) == ("draft", 100_000, 0)
    with pytest.raises(SeparationError):
        perform(
            actions.issue_licence, ground.DESK, licence=licence, effective_on=date(2024, 6, 1), expected_version=1
        )
    assert Line.objects.get().status == "draft"
    receipt = perform(
        actions.issue_licence, ground.MANAGER, licence=licence, effective_on=date(2024, 6, 1), expected_version=1
    )
    assert (receipt.result.version, receipt.result.lines) == (2, (1,))
    assert Line.objects.get().status == "issued"
    assert events_about(licence) == ["LicenceEntered", "LicenceIssued", "CustomsMessageSent"]


def test_what_is_public_of_an_act_stands_in_the_ledger_and_nothing_else() -> None:
    licence = issued()
    suspend(licence)
    entry = Entry.objects.get(event="register.LinesSuspended")
    data = LedgerEntry.from_bytes(entry.body.encode()).data
    assert data == {
        "licence": licence,
        "lines": [1],
        "effective_on": "2024-11-22",
        "power": "statute",
        "review_by": "2024-12-20",
        "before": "issued",
        "after": "suspended",
    }
    entered = Entry.objects.get(event="register.LicenceEntered")
    assert LedgerEntry.from_bytes(entered.body.encode()).data == {}
    assert LedgerEntry.from_bytes(entered.body.encode()).late


def test_a_suspension_goes_to_customs_and_is_lifted_by_somebody_else() -> None:
    licence = issued()
    suspend(licence)
    message = CustomsMessage.objects.get(kind="suspend")
    assert (message.lines, message.due, message.acknowledged_at) == ([1], date(2024, 11, 24), None)
    with pytest.raises(SeparationError):
        reinstate(licence, by=ground.MANAGER)
    reinstate(licence)
    line = Line.objects.get()
    assert (line.status, line.suspended_on, line.review_by, line.power, line.version) == (
        "issued",
        None,
        None,
        "",
        4,
    )
    steps = LineVersion.objects.order_by("version").values_list("act", "status")
    assert list(steps) == [
        ("enter", "draft"),
        ("issue", "issued"),
        ("suspend", "suspended"),
        ("reinstate", "issued"),
    ]
    assert list(CustomsMessage.objects.order_by("pk").values_list("kind", flat=True)) == [
        "issue",
        "suspend",
        "reinstate",
    ]


def test_only_the_named_lines_are_suspended() -> None:
    licence = issued("GBSIEL/2024/0000002/P", terms(), terms(destination="XC"), terms(destination="XD"))
    suspend(licence, 1, 3)
    assert list(Line.objects.order_by("number").values_list("status", flat=True)) == [
        "suspended",
        "issued",
        "suspended",
    ]
    with pytest.raises(InvalidError, match="has no line 4"):
        suspend(licence, 2, 4, version=3)
    with pytest.raises(ConflictError, match=r"line 1 of L-\w+ is suspended; suspend is not allowed"):
        suspend(licence, 1, 2, version=3)
    assert Line.objects.get(number=2).status == "issued"


@pytest.mark.parametrize("words", ["", "  ", "n/a", "As discussed.", "TBC", "-", "policy reasons"])
def test_a_suspension_without_reasons_or_terms_is_refused(words: str) -> None:
    licence = issued()
    for field in ("reasons", "terms"):
        with pytest.raises(InvalidError) as refused:
            suspend(licence, **{field: words})  # type: ignore[arg-type]
        assert list(refused.value.fields) == [field]
    assert Line.objects.get().status == "issued"


def test_a_review_lies_ahead_and_the_day_of_the_act_does_not() -> None:
    licence = issued()
    with pytest.raises(InvalidError, match="review_by 2024-11-22 is not after"):
        suspend(licence, review_by=TODAY)
    with pytest.raises(InvalidError, match="effective_on 2024-11-23 is in the future"):
        suspend(licence, effective_on=date(2024, 11, 23))
    with pytest.raises(InvalidError, match="effective_on 2024-05-31 is before 2024-06-01"):
        suspend(licence, effective_on=date(2024, 5, 31))


def test_a_suspension_past_its_review_stays() -> None:
    licence = issued()
    suspend(licence, review_by=date(2024, 12, 1))
    ground.at(date(2025, 6, 1))
    perform(actions.expire_lines, SYSTEM, on=date(2025, 6, 1))
    assert Line.objects.get().status == "suspended"
    with pytest.raises(ConflictError, match="was suspended on that day"):
        draw(licence, "m1", "1")


def test_a_revocation_names_a_limb_in_force_and_is_final() -> None:
    licence = issued()
    with pytest.raises(InvalidError, match="no rule 'uk-selc-2021/2z' was in force") as refused:
        revoke(licence, limb="uk-selc-2021/2z")
    assert list(refused.value.fields) == ["limb"]
    for person in (ground.DESK, ground.MANAGER):
        with pytest.raises(SeparationError):
            revoke(licence, by=person)
    revoke(licence)
    assert LineVersion.objects.get(act="revoke").limb == "uk-selc-2021/2c"
    with pytest.raises(ConflictError, match=r"is revoked; suspend is not allowed\. Allowed: draw"):
        suspend(licence, version=3)


def test_the_holder_surrenders_own_lines_and_nobody_elses() -> None:
    licence = issued()
    with pytest.raises(AbsentError):
        surrender(licence, by=ground.STRANGER)
    with pytest.raises(InvalidError):
        surrender(licence, reason=SurrenderReason.OTHER, words="other")
    surrender(licence)
    assert Line.objects.get().status == "surrendered"


def test_an_act_on_what_has_changed_is_a_conflict() -> None:
    licence = issued()
    suspend(licence)
    with pytest.raises(ConflictError, match="it is at version 3, not 2"):
        revoke(licence)
    assert Line.objects.get().status == "suspended"


def test_terms_are_amended_and_what_was_stays() -> None:
    licence = issued()
    draw(licence, "m1", "60", value=Decimal("30000"))
    given: dict[str, Any] = {
        "licence": licence,
        "line": 1,
        "reasons": "The buyer reduced its order.",
        "effective_on": TODAY,
    }
    with pytest.raises(InvalidError, match="below what was used"):
        perform(
            actions.amend_line,
            ground.MANAGER,
            terms=terms(quantity_limit=Decimal(59)),
            expected_version=2,
            **given,
        )
    perform(
        actions.amend_line, ground.MANAGER, terms=terms(quantity_limit=Decimal(80)), expected_version=2, **given
    )
    line = Line.objects.get()
    assert (line.status, line.quantity_limit_milli) == ("issued", 80_000)
    assert list(line.all_terms.order_by("pk").values_list("quantity_milli", flat=True)) == [100_000, 80_000]
    perform(
        actions.amend_line, ground.MANAGER, terms=terms(quantity_limit=Decimal(60)), expected_version=3, **given
    )
    assert Line.objects.get().status == "exhausted"
    assert events_about(licence)[-3:] == ["LineAmended", "LineExhausted", "CustomsMessageSent"]


def amend(licence: str, by: Actor, version: int, **changes: Any) -> Any:
    return perform(
        actions.amend_line,
        by,
        licence=licence,
        line=1,
        terms=terms(**changes),
        reasons="The holder asked for it in a letter.",
        effective_on=TODAY,
        expected_version=version,
    )


def test_wider_terms_of_an_issued_line_take_somebody_who_had_no_part_in_it() -> None:
    """Else whoever enters or issues a modest licence makes another one of it afterwards."""
    licence = issued()
    wider = {"description": "bombs", "destination": "XC", "quantity_limit": Decimal(400)}
    for part in (ground.DESK, ground.MANAGER, replace(ground.SENIOR, stands_in_for=frozenset({ground.DESK.id}))):
        with pytest.raises(SeparationError, match="wider than those that were issued: description, destination"):
            amend(licence, part, 2, **wider)
    assert Line.objects.get().destination == "XB"
    amend(licence, ground.MANAGER, 2, quantity_limit=Decimal(90))  # less: by anybody
    amend(licence, ground.SENIOR, 3, **wider)
    entry = Entry.objects.filter(event="register.LineAmended").order_by("-id")[0]
    data = LedgerEntry.from_bytes(entry.body.encode()).data
    assert data["wider"] == ["description", "destination", "quantity_limit"]
    with pytest.raises(SeparationError, match=r"did register\.amend_line on L-.* \(the new terms are wider"):
        amend(licence, ground.SENIOR, 4, quantity_limit=Decimal(500), description="bombs", destination="XC")
    amend(licence, ground.official("another"), 4, **wider | {"quantity_limit": Decimal(500)})


def test_a_draft_is_amended_behind_the_closed_door() -> None:
    """The published log does not say which terms of something that was never granted were changed."""
    licence = enter()
    amend(licence, ground.DESK, 1, destination="XC")  # who issues it is somebody else anyway
    assert events_about(licence) == ["LicenceEntered", "DraftAmended"]
    entry = Entry.objects.get(event="register.DraftAmended")
    found = LedgerEntry.from_bytes(entry.body.encode())
    assert (found.data, found.visibility) == ({}, "official")
    assert CustomsMessage.objects.count() == 0
    assert Line.objects.get().destination == "XC"
    assert [d for d in run_replays() if d.is_wrong] == []


def test_usage_never_passes_the_limit_and_a_message_counts_once() -> None:
    licence = issued()
    first = draw(licence, "m1", "60", completeness=Completeness.COMPLETE).result
    assert (first.used_quantity, first.status, first.repeated) == (Decimal("60.000"), "issued", False)
    again = draw(licence, "m1", "60", completeness=Completeness.COMPLETE)
    assert (again.result.repeated, again.result.used_quantity, again.entries) == (True, Decimal("60.000"), ())
    with pytest.raises(ConflictError, match="was recorded already, and said something else"):
        draw(licence, "m1", "61", completeness=Completeness.COMPLETE)
    with pytest.raises(ConflictError, match=r"quantity 40.001 is more than is left: 40"):
        draw(licence, "m2", "40.001")
    assert (Draw.objects.count(), Line.objects.get().used_quantity_milli) == (1, 60_000)
    last = draw(licence, "m3", "40").result
    assert (last.used_quantity, last.status) == (Decimal("100.000"), "exhausted")
    assert events_about(licence)[-2:] == ["LineDrawn", "LineExhausted"]


def test_a_draw_says_how_much_and_counts_by_the_day_of_shipment() -> None:
    licence = issued()
    with pytest.raises(InvalidError, match="does not say how much"):
        draw(licence, "m1", "0", value=Decimal(1))
    suspend(licence, effective_on=date(2024, 11, 20))
    with pytest.raises(ConflictError, match="was suspended on that day"):
        draw(licence, "m2", "1", happened_on=date(2024, 11, 20))
    late = draw(licence, "m3", "1", happened_on=date(2024, 11, 19)).result
    assert (late.used_quantity, late.status) == (Decimal("1.000"), "suspended")
    with pytest.raises(InvalidError, match="in the future"):
        draw(licence, "m4", "1", happened_on=date(2024, 11, 23))


def test_a_late_report_can_leave_a_suspended_line_full_and_it_is_exhausted_when_reinstated() -> None:
    licence = issued()
    suspend(licence)
    draw(licence, "m1", "100", happened_on=date(2024, 11, 1))
    assert Line.objects.get().status == "suspended"
    reinstate(licence)
    assert Line.objects.get().status == "exhausted"


def test_the_holder_reports_returns_and_cannot_speak_for_customs(settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    licence = perform(
        actions.enter_licence,
        Actor("P-r", ActorKind.PERSON, frozenset({"reception"})),
        reference="GBOIEL/2024/1",
        licence_type="open_individual",
        decided_on=date(2024, 6, 1),
        valid_from=date(2024, 6, 1),
        exporter="O-1",
        lines=(terms(quantity_limit=None),),
        **NO_CASE,
    ).result.licence
    manager = Actor("P-m", ActorKind.PERSON, frozenset({"licensing_manager"}))
    perform(actions.issue_licence, manager, licence=licence, effective_on=date(2024, 6, 1), expected_version=1)
    given: dict[str, Any] = {
        "licence": licence,
        "line": 1,
        "source": "return",
        "happened_on": TODAY,
        "value": Decimal("10.50"),
    }
    with pytest.raises(InvalidError, match="not the holder's to give"):
        perform(actions.record_draw, ground.OWNER, message="r1", origin=DrawOrigin.CUSTOMS, **given)
    done = perform(actions.record_draw, ground.OWNER, message="r1", origin=DrawOrigin.RETURN, **given)
    assert done.result.used_value == Decimal("10.50")
    assert Draw.objects.get().source == "O-1/return"
    with pytest.raises(AbsentError):
        perform(actions.record_draw, ground.STRANGER, message="r2", origin=DrawOrigin.RETURN, **given)


def test_lines_run_out_by_themselves() -> None:
    first = issued("GBSIEL/2024/0000003/P", terms(), terms(), valid_until=date(2024, 12, 1))
    issued("GBSIEL/2024/0000004/P", valid_until=date(2024, 12, 2))
    suspend(first, 2)
    ground.at(date(2024, 12, 1))
    done = perform(actions.expire_lines, SYSTEM, on=date(2024, 12, 1), limit=1).result
    assert (done.licences, done.lines, done.more) == (1, 2, False)
    statuses = Line.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["expired", "expired_while_suspended", "issued"]
    entry = Entry.objects.get(event="register.LinesExpired")
    data = LedgerEntry.from_bytes(entry.body.encode()).data
    assert (data["before"], data["after"]) == (["issued", "suspended"], ["expired", "expired_while_suspended"])
    again = perform(actions.expire_lines, SYSTEM, on=date(2024, 12, 1))
    assert (again.result.lines, again.entries) == (0, ())


def test_a_line_that_ran_out_is_expired_before_the_sweep_came_by() -> None:
    licence = issued(valid_until=date(2024, 11, 22))
    with pytest.raises(ConflictError, match="is expired; suspend is not allowed"):
        suspend(licence)


def test_a_reference_is_used_once() -> None:
    enter("GBSIEL/2024/0000005/P")
    with pytest.raises(ConflictError, match="a licence with this reference"):
        enter("GBSIEL/2024/0000005/P")
    assert Licence.objects.count() == 1


def test_what_cannot_be_entered_is_named() -> None:
    with pytest.raises(InvalidError) as refused:
        enter("R-1", terms(currency="", unit=""))
    assert list(refused.value.fields) == ["lines.0.currency", "lines.0.unit"]
    with pytest.raises(
        InvalidError, match="there is no licence type 'standard_permanet'; did you mean 'standard_permanent'"
    ):
        enter("R-1", licence_type="standard_permanet")
    with pytest.raises(InvalidError, match="would end"):
        enter("R-1", valid_until=date(2024, 6, 1))


def test_conditions_are_added_and_met() -> None:
    licence = issued()
    given: dict[str, Any] = {"licence": licence, "timing": ConditionTiming.AFTER, "due": date(2024, 12, 31)}
    with pytest.raises(InvalidError, match="phrase that says nothing"):
        perform(actions.add_condition, ground.MANAGER, text="n/a", expected_version=2, **given)
    text = "Send proof of delivery to the end user."
    condition = perform(actions.add_condition, ground.MANAGER, text=text, expected_version=2, **given).result
    done: dict[str, Any] = {
        "licence": licence,
        "condition": condition,
        "done_on": TODAY,
        "remark": "Delivery note of 20 November.",
    }
    perform(actions.fulfil_condition, ground.DESK, expected_version=3, **done)
    assert Condition.objects.get().done_on == TODAY
    with pytest.raises(ConflictError, match="was met on 2024-11-22 already"):
        perform(actions.fulfil_condition, ground.DESK, expected_version=4, **done)


def test_customs_acknowledge_in_the_minute_in_which_they_were_told() -> None:
    """The form says minutes; a message is sent at a second."""
    ground.later(seconds=40)
    licence = issued()
    suspend(licence)
    message = CustomsMessage.objects.get(kind="suspend")
    minute = ground.Clock.moment.replace(second=0)
    given: dict[str, Any] = {"message": message.public_id, "their_reference": "C-1"}
    early = minute - timedelta(minutes=1)
    with pytest.raises(InvalidError, match="cannot have been taken in"):
        perform(actions.acknowledge_customs_message, ground.DESK, acknowledged_at=early, **given)
    perform(actions.acknowledge_customs_message, ground.DESK, acknowledged_at=minute, **given)
    assert CustomsMessage.objects.get(kind="suspend").acknowledged_at == minute


def test_customs_acknowledge_once() -> None:
    licence = issued()
    suspend(licence)
    message = CustomsMessage.objects.get(kind="suspend").public_id
    given: dict[str, Any] = {"message": message, "their_reference": "CDS-1"}
    ground.later(hours=5)
    moment = ground.Clock.moment
    with pytest.raises(InvalidError, match="cannot have been taken in at"):
        perform(
            actions.acknowledge_customs_message, ground.DESK, acknowledged_at=moment.replace(year=2023), **given
        )
    perform(actions.acknowledge_customs_message, ground.DESK, acknowledged_at=moment, **given)
    again = perform(actions.acknowledge_customs_message, ground.DESK, acknowledged_at=moment, **given)
    assert again.entries == ()
    with pytest.raises(ConflictError):
        perform(
            actions.acknowledge_customs_message,
            ground.DESK,
            message=message,
            their_reference="CDS-2",
            acknowledged_at=moment,
        )


def test_powers_are_words_of_the_table() -> None:
    licence = issued()
    with pytest.raises(InvalidError):
        suspend(licence, power="because")
    suspend(licence, power=Power.SANCTIONS)
    assert Line.objects.get().power == "sanctions"


def test_the_daily_job_sweeps_all_that_ran_out_and_large_licences_in_parts() -> None:
    issued("GBSIEL/2024/0000006/P", *[terms() for _ in range(501)], valid_until=date(2024, 11, 22))
    expire_what_ran_out(ground.Clock.moment)
    assert set(Line.objects.values_list("status", flat=True)) == {"expired"}
    sizes = [len(LedgerEntry.from_bytes(e.body.encode()).data["lines"]) for e in Entry.objects.filter(
        event="register.LinesExpired"
    ).order_by("id")]  # fmt: skip
    assert sizes == [500, 1]
    assert Licence.objects.get().version == 4
