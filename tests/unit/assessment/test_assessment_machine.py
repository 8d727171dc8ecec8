"""The life of a version as data: every path of moves, and what is refused from where."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.actions.errors import ConflictError
from penholder.assessment import policy
from penholder.assessment.machine import limits_of, machine, read_machine
from penholder.assessment.values import Conflict, Finding, Move, Status
from penholder.kernel.errors import ConfigurationError, RuleError
from penholder.rules.records import parse_record

_SEND = "move: send\n    from: [drafting]\n    to: "
MOVES = [m for m in Move if m is not Move.SAVE]


def test_the_way_from_the_drafter_to_the_decider_is_the_only_one() -> None:
    way = [Move.SEND, Move.CHECK, Move.COUNTERSIGN, Move.ACCEPT, Move.SUPERSEDE]
    status = machine().begins
    seen = [status]
    for move in way:
        status = policy.next_status(move, status, version="v")
        seen.append(status)
    assert [str(s) for s in seen] == [
        "drafting", "legal_check", "countersign", "submitted", "accepted", "superseded",
    ]  # fmt: skip


def test_a_version_can_be_returned_wherever_others_look_at_it_and_nowhere_else() -> None:
    returnable = {s for s in Status if (Move.REQUEST_CHANGE, s) in machine().moves}
    assert returnable == {Status.LEGAL_CHECK, Status.COUNTERSIGN, Status.SUBMITTED}
    assert machine().saved_after == {Status.DRAFTING, Status.RETURNED, Status.ACCEPTED}


@given(st.lists(st.sampled_from(MOVES), max_size=12))
def test_only_a_version_that_was_checked_signed_and_submitted_is_ever_accepted(moves: list[Move]) -> None:
    status, done = machine().begins, []
    for move in moves:
        try:
            status = policy.next_status(move, status, version="v")
        except ConflictError:
            continue
        done.append(move)
    if Move.ACCEPT in done:
        assert done[:4] == [Move.SEND, Move.CHECK, Move.COUNTERSIGN, Move.ACCEPT]
    if status in {Status.RETURNED, Status.SUPERSEDED}:
        assert not [m for m in MOVES if (m, status) in machine().moves]


def test_what_is_refused_says_what_is_allowed() -> None:
    with pytest.raises(ConflictError, match=r"v is drafting; accept is not allowed\. Allowed: save, send, super"):
        policy.next_status(Move.ACCEPT, Status.DRAFTING, version="v")
    with pytest.raises(ConflictError, match="nothing: this status is final"):
        policy.next_status(Move.SEND, Status.SUPERSEDED, version="v")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("move: send\n    from: [nowhere]\n    to: legal_check", "is no status"),
        ("move: fly\n    from: [drafting]\n    to: legal_check", "is not allowed"),
        ("move: send\n    from: [drafting]\n    to: moon", "is not allowed"),
        (f"{_SEND}accepted\n  - {_SEND}returned", "given twice"),
    ],
)  # fmt: skip
def test_a_table_with_a_wrong_word_is_refused(text: str, said: str) -> None:
    whole = f"begins: drafting\ncitable: accepted\nsaved_after: [drafting]\nmoves:\n  - {text}\n"
    with pytest.raises(RuleError, match=said):
        read_machine(parse_record(whole, name="machine.yaml", error=RuleError))


def test_the_limits_are_14_days_in_active_conflict_and_90_otherwise() -> None:
    assert limits_of({}) == {Conflict.ACTIVE: 14, Conflict.NOT_ACTIVE: 90, Conflict.NOT_KNOWN: 14}
    assert limits_of({"not_active": 60})[Conflict.NOT_ACTIVE] == 60


@pytest.mark.parametrize(
    "given", [{"active": 0}, {"active": "14"}, {"active": True}, {"peace": 90}, {"active": 4000}]
)
def test_a_limit_that_is_none_stops_the_start(given: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="staleness"):
        limits_of(given)


def test_staleness_is_days_from_the_cutoff_to_the_decision() -> None:
    assert policy.staleness(date(2024, 1, 28), date(2024, 4, 8)) == 71


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 400), st.sampled_from(list(Conflict)))
def test_information_is_over_the_limit_one_day_after_it(cutoff: date, days: int, conflict: Conflict) -> None:
    limits = limits_of({})
    age = policy.age_of(cutoff, conflict, on=cutoff + timedelta(days=days), limits=limits)
    assert (age.days, age.is_over) == (days, days > limits[conflict])


@given(st.lists(st.sampled_from(list(Finding)), min_size=1))
def test_an_unknown_is_never_better_than_a_known_no(found: list[Finding]) -> None:
    worst = policy.gravest(found)
    if Finding.CLEAR_RISK in found:
        assert worst is Finding.CLEAR_RISK
    elif Finding.INSUFFICIENT_INFORMATION in found:
        assert worst is Finding.INSUFFICIENT_INFORMATION
