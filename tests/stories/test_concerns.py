"""Story part 7: a concern of two points, from the filing to the instance outside, and what nobody can do to it."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client, override_settings

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, SeparationError
from penholder.actions.replay import run_replays
from penholder.actions.values import NOBODY, SYSTEM
from penholder.concerns import actions, cases, exchange, filers, keys, proofs, queries, refusals
from penholder.concerns.codes import Codes, new_codes
from penholder.concerns.errors import ChannelClosedError, CodeError, EmptyAnswerError
from penholder.concerns.events import ConcernRaised
from penholder.concerns.figures import figures
from penholder.concerns.matters import matters
from penholder.concerns.models import Answer, AnsweredPoint, Concern, Filer, Reader, Signature, Step
from penholder.concerns.receipt import verify_concern
from penholder.concerns.values import Disposition, Mark, Purpose, State
from penholder.kernel.ids import random_id
from penholder.ledger.door import own_door
from penholder.ledger.keyring import Keyring
from penholder.ledger.queries import read_entries
from penholder.ledger.store import head
from penholder.people import actions as people
from penholder.restrictions.actions import import_gates
from penholder.restrictions.gates import open_gates
from tests import concerns_ground, ledger_ground, people_ground
from tests.casework import Casework
from tests.concerns_ground import (
    AV,
    DUE,
    GROUNDS,
    LADDER,
    NOTED,
    PASSPHRASE,
    TODAY,
    Ground,
    rejected,
    upheld,
    version_of,
)  # fmt: skip


@pytest.fixture
def ground(casework: Casework) -> Iterator[Ground]:
    made = Ground(casework)
    made.list_targets(of_av=("owner-1",))
    yield made
    made.close()


def shown(codes: Codes) -> Any:
    """What the return area shows."""
    with filers.using(codes):
        return queries.returned(codes)


def where(concern: str) -> tuple[int, State]:
    found = cases.load(concern).standing(concerns_ground.Clock.day)
    return found.level, found.state


# story: an officer raises a two-point concern on the accepted version, confidentially; gets a locator, a return
# story: secret shown once and a receipt
def test_a_concern_of_two_points_gives_codes_once_and_stands_in_the_log_without_a_word_of_it(
    ground: Ground,
) -> None:
    receipt = perform(
        actions.raise_concern, NOBODY, idempotency_key="once", points=concerns_ground.POINTS,
        matter="evidence_left_out", targets=(AV,),
    )  # fmt: skip
    codes = Codes(receipt.details["locator"], receipt.details["secret"])
    assert [p["claim"] for p in shown(codes).points] == [p.claim for p in concerns_ground.POINTS]
    again = perform(
        actions.raise_concern, NOBODY, idempotency_key="once", points=concerns_ground.POINTS,
        matter="evidence_left_out", targets=(AV,),
    )  # fmt: skip
    assert (again.result, again.details) == (receipt.result, {})
    (entry,) = (json.loads(b) for b in read_entries(0, head()[0]) if b'"concerns.ConcernRaised"' in b)
    assert sorted(entry["data"]) == sorted(ConcernRaised.field_classes)
    assert (entry["role"], entry["at"]) == ("public", "2026-01-15T00:00:00Z")
    assert AV not in json.dumps(entry)


# story: a second person joins it unknown to the first, through a staff representative
def test_a_second_person_joins_and_neither_learns_of_the_other(ground: Ground) -> None:
    concern, first = ground.raise_one(targets=(AV,))
    before = shown(first)
    made = ground.bring(concern)
    second = Codes(made.details["locator"], made.details["secret"])
    ground.of_filer(actions.write_message, first, text="I was told not to write it down.")
    ground.of_filer(actions.write_message, second, text="I was in the room.")
    assert [m.text for m in shown(first).messages] == ["I was told not to write it down."]
    assert [m.text for m in shown(second).messages] == ["I was in the room."]
    assert shown(first).standing == before.standing
    ground.of_filer(actions.attach_file, second, content=base64.b64encode(b"What I noted.").decode(), name="n.txt")
    said = [s.words for s in shown(first).steps]
    assert (said.count("A message was left"), said.count("A file was sent")) == (1, 0)
    assert (before.row.version, shown(first).row.version) == (0, 0)
    assert [s.words for s in shown(second).steps].count("A message was left") == 1
    joined = [json.loads(b) for b in read_entries(0, head()[0]) if b'"concerns.ConcernJoined"' in b]
    assert [(e["about"], e["data"]) for e in joined] == [(None, {"on": "2026-01-15"})]
    assert figures(read_entries(0, head()[0]), on=TODAY).joined == 1


def test_who_raised_or_joined_it_reads_on_which_days_which_office_has_opened_it(ground: Ground) -> None:
    concern, first = ground.raise_one()
    second = ground.bring(concern).details
    opens: dict[str, Any] = {"concern": concern, "purpose": Purpose.HANDLE}
    ground.do("owner-2", actions.read_concern, **opens)
    ground.do("owner-3", actions.read_concern, **opens)
    concerns_ground.at(DUE + timedelta(days=1))
    ground.do("nominated-1", actions.read_concern, **opens)
    wanted = [
        (TODAY, "Opened by the Head of the unit that owns the matter"),
        (DUE + timedelta(days=1), "Opened by the Nominated officer"),
    ]
    for codes in (first, Codes(second["locator"], second["secret"])):
        assert [(s.on, s.words) for s in shown(codes).steps if "Opened" in s.words] == wanted


# story: The owner acknowledges and does nothing: the acknowledgement stops no clock, and at the due instant the
# story: concern stands one level up, with every worker stopped.
def test_the_acknowledgement_stops_no_clock_and_the_concern_goes_up_with_every_worker_stopped(
    ground: Ground,
) -> None:
    concern, codes = ground.raise_one(targets=(AV,))
    concerns_ground.later(3)
    ground.do("owner-2", actions.acknowledge_concern, concern=concern, expected_version=1)
    ground.do(
        "owner-2", actions.mark_concern, concern=concern, mark=Mark.HOLD, expected_version=2,
        reasons="The desk is moving to another floor.",
    )  # fmt: skip
    assert shown(codes).standing.due == DUE
    concerns_ground.at(DUE)
    assert where(concern) == (1, State.ACKNOWLEDGED)
    concerns_ground.later(1)
    assert where(concern) == (2, State.ACKNOWLEDGED)
    assert (shown(codes).row.office, shown(codes).standing.due) == ("Nominated officer", DUE + timedelta(days=30))
    with pytest.raises(AbsentError):
        ground.do(
            "owner-2", actions.propose_answer, concern=concern, answers=(upheld(1), rejected(2)),
            expected_version=version_of(concern),
        )  # fmt: skip


# story: "Thank you, we have noted your concerns" is refused as an answer, by … the act behind them all
def test_thank_you_we_have_noted_your_concerns_is_refused_by_the_act_and_counted_in_public(ground: Ground) -> None:
    concern, _ = ground.raise_one(targets=(AV,))
    noted = (upheld(1, grounds=NOTED), rejected(2, grounds=NOTED))
    with pytest.raises(EmptyAnswerError) as empty:
        ground.do("owner-2", actions.propose_answer, concern=concern, answers=noted, expected_version=1)
    assert sorted(empty.value.fields) == ["answers.0.grounds", "answers.1.grounds"]
    assert refusals.record_waiting() == 1
    assert figures(read_entries(0, head()[0]), on=TODAY).empty_refused == 1
    assert Answer.objects.count() == 0


# story: "Thank you, we have noted your concerns" is refused as an answer, by … API
def test_thank_you_we_have_noted_your_concerns_is_refused_by_the_api(ground: Ground) -> None:
    concern, _ = ground.raise_one()
    token = perform(people.issue_token, ground.actor("owner-2"), label="command line", days=30).details["token"]
    answers = [
        {"point": n, "disposition": "not_upheld", "grounds": NOTED, "records": ["AV-1"],
         "no_action_because": "There is nothing to do."}
        for n in (1, 2)
    ]  # fmt: skip
    headers = {
        "Authorization": f"Bearer {token}", "Idempotency-Key": random_id(),
        "Penholder-Passphrase": PASSPHRASE.format("owner-2"),
    }  # fmt: skip
    middleware = [*settings.MIDDLEWARE, "penholder.concerns.web.door.Unlocked"]
    with override_settings(ROOT_URLCONF="penholder.site.urls_concerns", MIDDLEWARE=middleware):
        answer = Client().post(
            "/api/v1/acts/concerns/propose-answer",
            json.dumps({"concern": concern, "answers": answers, "expected_version": 1}),
            content_type="application/json", headers=headers,
        )  # fmt: skip
    said = answer.json()
    assert (answer.status_code, said["code"]) == (422, "empty-answer")
    assert sorted(said["fields"]) == ["answers.0.grounds", "answers.1.grounds"]
    assert refusals.record_waiting() == 0  # the door has counted it already
    assert figures(read_entries(0, head()[0]), on=TODAY).empty_refused == 1


def written(concern: str, **changes: Any) -> Callable[[], object]:
    """An answer of one point, written behind the back of the acts."""
    row = Concern.objects.get(public_id=concern)
    answer = Answer.objects.create(
        public_id=random_id("AN"), concern=row, level=1, person="P-1", points=2, on=TODAY, run="r"
    )
    given: dict[str, Any] = {
        "disposition": "not_upheld", "grounds": b"x" * 120, "more": b"x", "records": 1, "says_none_because": False,
        "has_action": False, "says_no_action_because": True,
    }  # fmt: skip
    return lambda: AnsweredPoint.objects.create(answer=answer, point=1, **{**given, **changes})


def refused(what: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            what()
    except DatabaseError:
        return True
    return False


# story: "Thank you, we have noted your concerns" is refused as an answer, by … database
def test_the_database_itself_refuses_an_empty_answer_and_an_early_end(ground: Ground) -> None:
    concern, codes = ground.raise_one()
    sealed = filers.filer_of(codes)[1].seal_text(keys.GROUNDS, "AN-1:1", NOTED)
    row = Concern.objects.get(public_id=concern)
    step = {"concern": row, "number": 9, "on": TODAY, "run": "r"}
    with own_door(), transaction.atomic():
        assert refused(written(concern)) is False
        for wrong in (
            {"grounds": sealed},
            {"grounds": b""},
            {"disposition": "noted"},
            {"records": 0},
            {"says_no_action_because": False},
            {"disposition": "upheld"},
            {"has_action": True, "says_no_action_because": False},
        ):
            assert refused(written(concern, **wrong)), wrong
        half = Answer.objects.earliest("pk")
        assert refused(lambda: Signature.objects.create(answer=half, person="P-2", on=TODAY, run="r"))
        for move in ("answer", "accept", "contest", "lapse"):
            assert refused(partial(Step.objects.create, **step, move=move)), move
        assert refused(lambda: Step.objects.update(on=DUE))
        assert refused(lambda: Step.objects.all().delete())


# story: The next level upholds one point (action: reissue the assessment) and rejects one with grounds; the raiser
# story: contests that one; it ends at the instance outside.
def test_one_point_is_upheld_one_is_contested_and_it_ends_outside(ground: Ground) -> None:
    concern, codes = ground.raise_one(targets=(AV,))
    concerns_ground.at(DUE + timedelta(days=1))
    ground.answer(concern, "nominated-1", "nominated-2", upheld(1), rejected(2))
    assert shown(codes).standing.contest_until == concerns_ground.Clock.day + timedelta(days=60)
    ground.of_filer(actions.contest_points, codes, points=(2,), text="Two of the three reports were not read.")
    assert where(concern) == (3, State.CONTESTED)
    ground.answer(concern, "instance-1", "instance-2", upheld(2, grounds=GROUNDS[3]))
    found = shown(codes)
    assert [(a.office, [p.disposition for p in a.points]) for a in found.answers] == [
        ("Nominated officer", [Disposition.UPHELD, Disposition.NOT_UPHELD]),
        ("Committee on arms exports", [Disposition.UPHELD]),
    ]
    assert found.answers[0].points[0].action == "Reissue the assessment with the section that was removed."
    with pytest.raises(ConflictError, match="outside the authority has answered"):
        ground.of_filer(actions.contest_points, codes, points=(2,), text="Once more.")
    told = [s.words for s in found.steps]
    assert (
        "The Head of the unit that owns the matter let the due day pass: it went to the Nominated officer" in told
    )
    assert list(run_replays()) == []


# story: The raiser leaves the service in between: access by the secret goes on, the dissent and receipts stand.
def test_access_by_the_secret_goes_on_when_the_raiser_s_account_has_gone(ground: Ground) -> None:
    person = people_ground.invited("officer-9", "penholder")
    key = ledger_ground.found(ground.casework)
    concern, codes = ground.raise_one(targets=(AV,))
    before = proofs.receipt_of(codes)
    perform(
        people.deactivate_person,
        people_ground.administrator(),
        person_id=person,
        expected_version=1,
        why="left the service",
    )
    ground.of_filer(actions.write_message, codes, text="I have left, and I am still here.")
    assert where(concern) == (1, State.RAISED)
    assert "I have left, and I am still here." in [m.text for m in shown(codes).messages]
    contents = []
    for text in (before, proofs.receipt_of(codes)):  # that which they have, and one that they ask for now
        report, content = verify_concern(text.encode(), keys=Keyring(key))
        assert report.is_intact
        contents.append(content)
    assert contents[0] == contents[1]


# story: Conflicts are computed from who wrote, advised and decided.
def test_whoever_took_part_never_hears_it_however_they_come(ground: Ground) -> None:
    concern, _ = ground.raise_one(targets=(AV,))
    conflicted = ground.actor("owner-1")
    assert [r.id for r in queries.cases(viewer=ground.actor("owner-2"))] == [concern]
    assert queries.cases(viewer=conflicted) == ()
    with ground.unlocked("owner-1"), pytest.raises(AbsentError):
        queries.case(viewer=conflicted, id=concern)
    assert not Reader.objects.filter(user__public_id=conflicted.id).exists()


def test_whoever_stands_in_for_somebody_who_took_part_does_not_hear_it_either(ground: Ground) -> None:
    for name, giver in (("deputy-1", "owner-1"), ("deputy-2", "owner-2")):
        ground.people[name] = people_ground.invited(name)
        perform(
            people.delegate, ground.actor(giver), to=ground.people[name], roles=("concern_owner",),
            valid_from=TODAY, valid_until=TODAY + timedelta(days=30),
        )  # fmt: skip
        ground.make_key(name)
    concern, _ = ground.raise_one(targets=(AV,))
    held = set(Reader.objects.filter(concern__public_id=concern).values_list("user__public_id", flat=True))
    assert (ground.people["deputy-1"] in held, ground.people["deputy-2"] in held) == (False, True)


# story: The next decision on the target must record reasons while the concern is open (who decides is not told who
# story: raised it; contest window 60 days).
def test_the_decider_is_asked_a_neutral_question_while_the_concern_is_open_and_told_nothing_else(
    ground: Ground,
) -> None:
    concern, codes = ground.raise_one(targets=(AV,), asks_decider=True)
    other, _ = ground.raise_one(targets=(AV,), asks_decider=True)
    silent, _ = ground.raise_one(targets=(AV,))
    concerns_ground.later(1)
    rows = exchange.open_questions()
    assert [sorted(r) for r in rows] == [["id", "level", "question", "since", "target"]]
    assert not [name for name in (concern, other, silent, codes.locator) if name in json.dumps(rows)]
    perform(import_gates, SYSTEM, made_on=TODAY, gates=rows)
    (gate,) = open_gates([AV])
    assert gate.question == matters()["evidence_left_out"].question
    ground.of_filer(actions.withdraw_concern, codes)
    concerns_ground.later(1)
    assert len(exchange.open_questions()) == 1
    concerns_ground.at(DUE + timedelta(days=400))
    assert exchange.open_questions()[0]["level"] == "Committee on arms exports"


def test_a_ladder_without_anybody_outside_refuses_to_open_the_channel(casework: Casework) -> None:
    # story: a ladder without an instance outside the authority refuses to open the channel
    made = Ground(casework, ladder={n: r for n, r in LADDER.items() if r != "concern_instance"})
    with pytest.raises(ChannelClosedError):
        made.raise_one()
    assert (queries.is_open(), Concern.objects.count()) == (False, 0)
    made.close()


def test_an_answer_is_signed_by_a_second_person(ground: Ground) -> None:
    concern, _ = ground.raise_one()
    made = ground.do(
        "owner-1", actions.propose_answer, concern=concern, answers=(upheld(1), rejected(2)), expected_version=1
    ).result
    with pytest.raises(SeparationError):
        ground.do("owner-1", actions.sign_answer, concern=concern, answer=made.answer, expected_version=2)


def test_a_wrong_and_an_unknown_code_take_equal_time(ground: Ground) -> None:
    _, codes = ground.raise_one()
    wrong = Codes(codes.locator, new_codes().secret)

    def cost(given: Codes) -> float:
        began = time.process_time()
        with pytest.raises(CodeError):
            filers.filer_of(given)
        return time.process_time() - began

    pairs = [(cost(wrong), cost(new_codes())) for _ in range(60)]
    one, other = (median(side) for side in zip(*pairs, strict=True))
    assert 0.6 < one / other < 1.6


def test_the_public_figures_are_a_recount_of_the_public_entries(ground: Ground) -> None:
    first, codes = ground.raise_one()
    ground.raise_one()
    ground.answer(first, "owner-1", "owner-2", upheld(1), rejected(2))
    ground.of_filer(actions.accept_answer, codes)
    concerns_ground.at(DUE + timedelta(days=100))
    perform(actions.note_lapses, SYSTEM)
    found = figures(read_entries(0, head()[0]), on=concerns_ground.Clock.day)
    assert (found.received, found.answered_on_time, found.overdue, found.overdue_at_the_top) == (2, 1, 1, 1)
    assert (found.accepted, found.escalated, found.open_measures, found.by_level) == (1, 1, 1, {3: 1})
    assert {k: v for k, v in found.dispositions.items() if v} == {"upheld": 1, "not_upheld": 1}
    earlier = figures(read_entries(0, head()[0]), on=DUE)
    assert (earlier.overdue, earlier.by_level) == (0, {1: 1})


def test_what_is_changed_behind_the_back_is_found(ground: Ground) -> None:
    concern, _ = ground.raise_one()
    with own_door(), transaction.atomic():
        Concern.objects.filter(public_id=concern).update(commitment="0" * 64)
    (found,) = run_replays()
    assert (found.where, found.what) == (
        f"concern {concern}",
        "the ledger and the tables differ in what was filed",
    )


def test_nothing_of_a_filer_is_in_the_tables_but_a_hash_and_a_public_key(ground: Ground) -> None:
    ground.raise_one()
    row = Filer.objects.get()
    assert sorted(f.name for f in Filer._meta.concrete_fields) == [
        "boxed", "concern", "id", "joined", "lookup", "on", "public",
    ]  # fmt: skip
    assert (len(row.lookup), len(bytes(row.public)), row.joined) == (64, 32, False)
