"""Acts on concerns: from filing to the instance outside, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, RefusedError, SeparationError
from penholder.actions.models import Act
from penholder.actions.recording import event_of_entry
from penholder.actions.values import SYSTEM
from penholder.concerns import actions, cases, filers, queries
from penholder.concerns.actions import ListedTarget
from penholder.concerns.codes import Codes, new_codes
from penholder.concerns.errors import ChannelClosedError, CodeError, EmptyAnswerError, LockedError, UnopenedError
from penholder.concerns.events import ConcernRead
from penholder.concerns.models import Answer, Concern, LapseNote, Message, Reader, Signature
from penholder.concerns.values import Mark, State
from penholder.ledger.door import own_door
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Entry
from penholder.people import actions as people
from tests import concerns_ground
from tests.casework import Casework
from tests.concerns_ground import (
    AV,
    DE,
    DUE,
    GROUNDS,
    LADDER,
    NOTED,
    POINTS,
    TODAY,
    Ground,
    rejected,
    upheld,
    version_of,
)  # fmt: skip


@pytest.fixture
def ground(casework: Casework) -> Iterator[Ground]:
    made = Ground(casework)
    made.list_targets(of_av=("owner-1",), of_de=("nominated-1",))
    yield made
    made.close()


def level(concern: str) -> int:
    return cases.load(concern).standing(concerns_ground.Clock.day).level


def readers(concern: str) -> dict[str, int]:
    rows = Reader.objects.filter(concern__public_id=concern).select_related("user")
    return {r.user.public_id: r.level for r in rows}


def test_a_concern_is_sealed_to_everybody_of_the_ladder_who_took_no_part(ground: Ground) -> None:
    concern, codes = ground.raise_one(targets=(AV,))
    conflicted = ground.people["owner-1"]
    assert set(readers(concern)) == set(ground.people.values()) - {conflicted}
    filer, key = filers.filer_of(codes)
    assert (filer.concern.public_id, key.concern) == (concern, concern)


def test_an_officer_with_an_account_cannot_raise_one_under_it(ground: Ground) -> None:
    with pytest.raises(RefusedError):
        perform(actions.raise_concern, ground.actor("owner-1"), points=POINTS, matter="record")
    assert Concern.objects.count() == 0


def test_without_two_people_outside_the_channel_is_closed(casework: Casework) -> None:
    made = Ground(casework, ladder={n: r for n, r in LADDER.items() if n != "instance-2"})
    with pytest.raises(ChannelClosedError):
        made.raise_one()
    assert Concern.objects.count() == 0
    made.close()


def test_a_level_that_is_wholly_in_conflict_is_skipped(ground: Ground) -> None:
    ground.list_targets(of_av=("owner-1",), of_de=("owner-1", "owner-2"))
    concern, _ = ground.raise_one(targets=(DE,))
    assert level(concern) == 2


def test_whoever_took_part_finds_no_such_concern(ground: Ground) -> None:
    concern, _ = ground.raise_one(targets=(AV,))
    for wrong in (concern, "CN-" + "0" * 26):
        with pytest.raises(AbsentError) as said:
            ground.do("owner-1", actions.acknowledge_concern, concern=wrong, expected_version=1)
        assert said.value.message == "there is no such concern"


def test_a_target_that_is_added_takes_the_concern_from_who_took_part_in_it(ground: Ground) -> None:
    concern, codes = ground.raise_one(targets=(AV,))
    before = {r.user.public_id: bytes(r.boxed) for r in Reader.objects.select_related("user")}
    ground.of_filer(actions.attach_file, codes, content="UmVwb3J0IG9mIDMgRGVjZW1iZXIK", name="report.txt")
    ground.of_filer(actions.add_target, codes, target=DE)
    after = {r.user.public_id: bytes(r.boxed) for r in Reader.objects.select_related("user")}
    assert set(before) - set(after) == {ground.people["nominated-1"]}
    assert not set(before.values()) & set(after.values())
    assert version_of(concern) == 3
    ground.do("owner-2", actions.acknowledge_concern, concern=concern, expected_version=3)


def test_a_list_that_names_an_officer_later_takes_the_concern_and_the_key_changes(ground: Ground) -> None:
    concern, codes = ground.raise_one(targets=(AV,))
    ground.list_targets(of_av=("owner-1", "nominated-2"))
    assert ground.people["nominated-2"] not in readers(concern)
    assert Concern.objects.get().has_stale_key
    key = filers.filer_of(codes)[1]
    ground.of_filer(actions.write_message, codes, text="Is there any news?")
    assert not Concern.objects.get().has_stale_key
    assert filers.filer_of(codes)[1].key != key.key
    ground.do("owner-2", actions.acknowledge_concern, concern=concern, expected_version=2)


def test_without_the_passphrase_nothing_can_be_done(ground: Ground) -> None:
    concern, _ = ground.raise_one()
    with pytest.raises(LockedError):
        perform(actions.acknowledge_concern, ground.actor("owner-1"), concern=concern, expected_version=1)
    with ground.unlocked("somebody else"), pytest.raises(LockedError):
        perform(actions.acknowledge_concern, ground.actor("owner-1"), concern=concern, expected_version=1)


def test_nothing_an_office_does_beside_answering_moves_the_due_day(ground: Ground) -> None:
    concern, codes = ground.raise_one()
    other, _ = ground.raise_one()
    acts: tuple[tuple[Any, dict[str, Any]], ...] = (
        (actions.acknowledge_concern, {}),
        (actions.mark_concern, {"mark": Mark.HOLD, "reasons": "The desk is moving to another floor."}),
        (actions.write_to_filer, {"text": "We are reading it."}),
        (actions.allocate_concern, {"person_id": ground.people["owner-2"]}),
        (actions.mark_concern, {"mark": Mark.RESUME, "reasons": "The desk has moved."}),
        (actions.mark_concern, {"mark": Mark.MERGE, "reasons": "Both are of one day.", "merged_with": other}),
    )
    for act, given in acts:
        concerns_ground.later(1)
        ground.do("owner-1", act, concern=concern, expected_version=version_of(concern), **given)
    ground.of_filer(actions.write_message, codes, text="Is there any news?")
    found = cases.load(concern).standing(concerns_ground.Clock.day)
    assert (found.due, found.level, found.state) == (DUE, 1, State.ACKNOWLEDGED)


def test_at_the_end_of_the_due_day_the_level_has_lost_the_concern(ground: Ground) -> None:
    concern, _ = ground.raise_one()
    concerns_ground.at(DUE)
    ground.do("owner-1", actions.acknowledge_concern, concern=concern, expected_version=1)
    concerns_ground.later(1)
    assert level(concern) == 2
    for act, given in (
        (actions.propose_answer, {"answers": (upheld(1), rejected(2))}),
        (actions.write_to_filer, {"text": "We will answer next week."}),
    ):
        with pytest.raises(AbsentError):
            ground.do("owner-1", act, concern=concern, expected_version=2, **given)
    ground.answer(concern, "nominated-1", "nominated-2", upheld(1), rejected(2))


def test_the_next_level_gives_more_time_once_and_before_the_due_day(ground: Ground) -> None:
    concern, _ = ground.raise_one()
    given = {"concern": concern, "until": DUE + timedelta(days=30), "reasons": "Two archives are abroad."}
    with pytest.raises(RefusedError):
        ground.do("owner-1", actions.extend_time, expected_version=1, **given)
    with pytest.raises(AbsentError):
        ground.do("instance-1", actions.extend_time, expected_version=1, **given)
    ground.do("nominated-1", actions.extend_time, expected_version=1, **given)
    assert cases.load(concern).standing(TODAY).due == DUE + timedelta(days=30)
    later = given | {"until": DUE + timedelta(days=60)}
    with pytest.raises(ConflictError):
        ground.do("nominated-1", actions.extend_time, expected_version=2, **later)


def test_more_time_comes_too_late_after_the_due_day(ground: Ground) -> None:
    concern, _ = ground.raise_one()
    concerns_ground.at(DUE + timedelta(days=1))
    with pytest.raises(AbsentError):
        ground.do(
            "nominated-1", actions.extend_time, concern=concern, until=DUE + timedelta(days=30),
            reasons="Two archives are abroad.", expected_version=1,
        )  # fmt: skip


def test_an_answer_counts_once_another_person_signs_it(ground: Ground) -> None:
    concern, _ = ground.raise_one()
    made = ground.do(
        "owner-1", actions.propose_answer, concern=concern, answers=(upheld(1), rejected(2)), expected_version=1
    ).result
    assert cases.load(concern).standing(TODAY).state is State.RAISED
    sign = {"concern": concern, "answer": made.answer, "expected_version": 2}
    with pytest.raises(SeparationError):
        ground.do("owner-1", actions.sign_answer, **sign)
    with pytest.raises(AbsentError):
        ground.do("nominated-1", actions.sign_answer, **sign)
    ground.do("owner-2", actions.sign_answer, **sign)
    assert cases.load(concern).standing(TODAY).state is State.ANSWERED


def test_an_answer_that_was_proposed_below_cannot_be_signed_after_the_due_day(ground: Ground) -> None:
    concern, _ = ground.raise_one()
    made = ground.do(
        "owner-1", actions.propose_answer, concern=concern, answers=(upheld(1), rejected(2)), expected_version=1
    ).result
    concerns_ground.at(DUE + timedelta(days=1))
    with pytest.raises(ConflictError):
        ground.do("nominated-1", actions.sign_answer, concern=concern, answer=made.answer, expected_version=2)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ((upheld(1),), {"answers"}),
        ((upheld(1, grounds=NOTED), rejected(2)), {"answers.0.grounds"}),
        ((upheld(1), rejected(2, grounds="see policy")), {"answers.1.grounds"}),
        ((upheld(1), rejected(2, grounds=GROUNDS[0])), {"answers"}),
    ],
)
def test_what_answers_nothing_is_refused(ground: Ground, given: tuple[object, ...], fields: set[str]) -> None:
    concern, _ = ground.raise_one()
    with pytest.raises(InvalidError) as said:
        ground.do("owner-1", actions.propose_answer, concern=concern, answers=given, expected_version=1)
    assert set(said.value.fields) == fields
    assert version_of(concern) == 1


def test_grounds_of_another_concern_are_refused_unless_marked(ground: Ground) -> None:
    first, _ = ground.raise_one()
    ground.answer(first, "owner-1", "owner-2", upheld(1), rejected(2))
    second, _ = ground.raise_one()
    nearly = GROUNDS[0].replace("versions 1 and 3", "Versions 1 and 4")
    answers = (upheld(1, grounds=nearly), rejected(2, grounds=GROUNDS[2]))
    with pytest.raises(EmptyAnswerError, match="point 1"):
        ground.do("owner-2", actions.propose_answer, concern=second, answers=answers, expected_version=1)
    marked = (actions.RepeatedGrounds(point=1, why="Both concerns are about the same removed section."),)
    ground.do(
        "owner-2", actions.propose_answer, concern=second, answers=answers, expected_version=1, repeated=marked
    )


def test_contested_points_go_up_to_somebody_who_had_no_part(ground: Ground) -> None:
    concern, codes = ground.raise_one()
    given = {"concern": concern, "until": DUE + timedelta(days=9), "reasons": "Two archives are abroad."}
    ground.do("nominated-1", actions.extend_time, expected_version=1, **given)
    ground.answer(concern, "owner-1", "owner-2", upheld(1), rejected(2))
    ground.of_filer(actions.contest_points, codes, points=(2,), text="The reports were not read to their end.")
    found = cases.load(concern).standing(TODAY)
    assert (found.level, found.open_points, found.state) == (2, (2,), State.CONTESTED)
    again = rejected(2, grounds=GROUNDS[2])
    now = {"concern": concern, "answers": (again,), "expected_version": version_of(concern)}
    with pytest.raises(SeparationError):
        ground.do("nominated-1", actions.propose_answer, **now)
    ground.answer(concern, "nominated-2", "nominated-3", again)
    ground.of_filer(actions.contest_points, codes, points=(2,), text="The minutes say otherwise.")
    assert level(concern) == 3
    ground.answer(concern, "instance-1", "instance-2", upheld(2, grounds=GROUNDS[3]))
    with pytest.raises(ConflictError, match="outside"):
        ground.of_filer(actions.contest_points, codes, points=(2,), text="Once more.")
    ground.of_filer(actions.accept_answer, codes)
    assert cases.load(concern).standing(TODAY).is_closed is False
    for point, who in ((1, "instance-1"), (2, "instance-2")):
        ground.do(
            who, actions.finish_measure, concern=concern, point=point, words="Reissued as version 4 of 1 June.",
            expected_version=version_of(concern),
        )  # fmt: skip
    assert cases.load(concern).standing(TODAY).is_closed is True


def test_a_level_whose_people_all_had_a_part_is_passed_by_a_contest(casework: Casework) -> None:
    made = Ground(casework, ladder={n: r for n, r in LADDER.items() if n != "nominated-3"})
    concern, codes = made.raise_one()
    made.do(
        "nominated-1", actions.extend_time, concern=concern, until=DUE + timedelta(days=9),
        reasons="Two archives are abroad.", expected_version=1,
    )  # fmt: skip
    made.answer(concern, "owner-1", "owner-2", upheld(1), rejected(2))
    made.of_filer(actions.contest_points, codes, points=(2,), text="The reports were not read to their end.")
    assert level(concern) == 3
    made.close()


def test_a_second_person_joins_through_a_representative_unknown_to_the_first(ground: Ground) -> None:
    concern, first = ground.raise_one()
    joined = ground.bring(concern)
    second = Codes(joined.details["locator"], joined.details["secret"])
    assert filers.filer_of(second)[1].key == filers.filer_of(first)[1].key
    ground.of_filer(actions.write_message, second, text="I was in the room too.")
    assert Message.objects.get().filer == filers.filer_of(second)[0]
    ground.answer(concern, "owner-1", "owner-2", upheld(1), rejected(2))
    for act, given in ((actions.accept_answer, {}), (actions.contest_points, {"points": (1,), "text": "No."})):
        with pytest.raises(ConflictError):
            ground.of_filer(act, second, **given)
    with pytest.raises(RefusedError):
        ground.do("representative-1", actions.acknowledge_concern, concern=concern, expected_version=3)


def test_a_wrong_secret_and_an_unknown_locator_are_told_in_the_same_words(ground: Ground) -> None:
    _, codes = ground.raise_one()
    for wrong in (Codes(codes.locator, new_codes().secret), new_codes()):
        with pytest.raises(CodeError) as said:
            ground.of_filer(actions.withdraw_concern, wrong)
        assert said.value.message == "this locator and this secret do not belong together, or are not known"


def test_only_the_code_of_the_filer_withdraws(ground: Ground) -> None:
    concern, codes = ground.raise_one()
    ground.of_filer(actions.withdraw_concern, Codes(codes.locator.lower().replace("-", " "), codes.secret.lower()))
    assert cases.load(concern).standing(TODAY).state is State.WITHDRAWN


def test_after_ten_days_without_a_worker_each_lapse_is_noted_once_with_its_day(ground: Ground) -> None:
    concern, _ = ground.raise_one()
    concerns_ground.at(DUE + timedelta(days=41))
    assert perform(actions.note_lapses, SYSTEM).result == 2
    assert perform(actions.note_lapses, SYSTEM).result == 0
    noted = LapseNote.objects.filter(concern__public_id=concern).order_by("due")
    assert [(n.level, n.due) for n in noted] == [(1, DUE), (2, DUE + timedelta(days=30))]


def test_nobody_can_be_kept_out_of_the_whole_top(ground: Ground) -> None:
    with pytest.raises(ChannelClosedError):
        ground.raise_one(kept_out=(ground.people["instance-1"],))
    concern, _ = ground.raise_one(kept_out=(ground.people["owner-1"],))
    assert ground.people["owner-1"] not in readers(concern)


def test_nothing_in_a_concern_is_read_before_an_access_entry_says_who_what_for_and_on_which_day(
    ground: Ground,
) -> None:
    concern, _ = ground.raise_one(targets=())
    viewer = ground.actor("owner-1")
    with ground.unlocked("owner-1"), pytest.raises(UnopenedError):
        queries.case(viewer=viewer, id=concern)
    with pytest.raises(LockedError):
        perform(actions.read_concern, viewer, concern=concern, purpose="answer")
    assert Act.objects.filter(act="concerns.read_concern").count() == 0
    before = version_of(concern)
    receipt = ground.do("owner-1", actions.read_concern, concern=concern, purpose="answer")
    act = Act.objects.get(act="concerns.read_concern")
    assert (act.actor, act.about, act.at, version_of(concern)) == (
        viewer.id,
        concern,
        concerns_ground.now(),
        before,
    )
    (entry,) = receipt.entries
    assert event_of_entry(entry) == ConcernRead(concern=concern, purpose="answer")
    leaf = LedgerEntry.from_bytes(Entry.objects.get(pk=entry).body.encode())
    assert (leaf.event, leaf.about, leaf.data) == (
        "actions.Sealed",
        None,
        {},
    )  # the log says that something was done
    with ground.unlocked("owner-1"):
        assert queries.case(viewer=viewer, id=concern).points[0]["claim"].startswith("The section on strikes")
    other = ground.actor("owner-2")
    with ground.unlocked("owner-2"), pytest.raises(UnopenedError):  # it is for one person
        queries.case(viewer=other, id=concern)
    concerns_ground.later(1)
    with ground.unlocked("owner-1"), pytest.raises(UnopenedError):  # and for one day
        queries.case(viewer=viewer, id=concern)


def test_who_may_not_hear_a_concern_makes_no_access_entry(ground: Ground) -> None:
    concern, _ = ground.raise_one(targets=(AV,))
    for name in ("owner-1", "nominated-1"):
        with pytest.raises(AbsentError):
            ground.do(name, actions.read_concern, concern=concern, purpose="oversee")
    assert Act.objects.filter(act="concerns.read_concern").count() == 0


def test_the_database_itself_refuses_a_signature_behind_which_its_author_stands(ground: Ground) -> None:
    perform(
        people.delegate, ground.actor("owner-3"), to=ground.people["owner-2"], roles=("concern_owner",),
        valid_from=TODAY, valid_until=TODAY + timedelta(days=7),
    )  # fmt: skip
    concern, _ = ground.raise_one(targets=())
    given: dict[str, Any] = {"concern": concern, "answers": (upheld(1), rejected(2)), "expected_version": 1}
    made = ground.do("owner-2", actions.propose_answer, **given).result
    answer = Answer.objects.get(public_id=made.answer)
    owner = {n: ground.people[f"owner-{n}"] for n in (1, 2, 3)}

    def sign(person: str, stood_in_for: str = "") -> None:
        Signature.objects.create(answer=answer, person=person, stood_in_for=stood_in_for, on=TODAY, run="r")

    other = f"P-{'0' * 26}"
    with own_door(), transaction.atomic():
        for person, stood_in_for in (
            (owner[2], ""),
            (owner[3], ""),
            (owner[1], owner[3]),
            (owner[1], f"{other} {owner[3]}"),
            (owner[1], f"{owner[2]} {owner[3]}"),
        ):
            with pytest.raises(DatabaseError, match="another person than its author"), transaction.atomic():
                sign(person, stood_in_for)
        sign(owner[1], other)
        assert Signature.objects.count() == 1


def test_who_hears_a_concern_sees_how_many_dissents_there_are_and_nobody_else_does(ground: Ground) -> None:
    row = ListedTarget(id=DE, kind="decision", title="Decision on case 17", dissents=2)
    perform(actions.import_targets, SYSTEM, made_on=TODAY, targets=(row,))
    concern, codes = ground.raise_one(targets=(DE,))
    ground.do("owner-1", actions.read_concern, concern=concern, purpose="answer")
    with ground.unlocked("owner-1"):
        found = queries.case(viewer=ground.actor("owner-1"), id=concern)
    assert [t.dissents for t in found.targets] == [2]
    assert [t.dissents for t in queries.returned(codes).targets] == [0]
    assert {t.dissents for t in queries.known_targets()} == {0}
