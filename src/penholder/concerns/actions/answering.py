"""An answer, point by point: written by one officer of the level, signed by another. Only then it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from penholder.actions.action import Run, action
from penholder.actions.behind import behind
from penholder.actions.errors import ConflictError, SeparationError
from penholder.concerns import keys, refusals, sealing, unlocked
from penholder.concerns.actions.handling import Desk, Expected, Handled, at_desk, handled
from penholder.concerns.cases import add_step, behind_runs
from penholder.concerns.errors import EmptyAnswerError
from penholder.concerns.events import AnswerIssued, AnswerProposed
from penholder.concerns.models import Answer, AnsweredPoint, Reader, Signature
from penholder.concerns.policy.answers import check_answer, promises, refuse_repeated
from penholder.concerns.policy.clocks import check_points
from penholder.concerns.sealing import CaseKey
from penholder.concerns.values import ANSWER, MOST_POINTS, ConcernId, ConcernPermission, Move, PointAnswer
from penholder.vault.errors import VaultIntegrityError

_MORE: TypeAdapter[PointAnswer] = TypeAdapter(PointAnswer)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedGrounds:
    """The grounds of a point are those of another answer, and why they are true here too."""

    point: Annotated[int, Field(ge=1, le=MOST_POINTS)]
    why: Annotated[str, Field(min_length=10, max_length=400)]


@dataclass(frozen=True, slots=True)
class Proposed:
    """The answer, and the state of the concern after the act."""

    id: str
    version: int
    answer: str


@action(permission=ConcernPermission.ANSWER, events=(AnswerProposed,))
def propose_answer(
    run: Run,
    *,
    concern: ConcernId,
    answers: Annotated[
        tuple[PointAnswer, ...],
        Field(
            description="For every point: disposition, grounds, records, action.",
            min_length=1,
            max_length=MOST_POINTS,
        ),
    ],
    expected_version: Expected,
    repeated: Annotated[
        tuple[RepeatedGrounds, ...],
        Field(
            description="Points whose grounds are those of another answer, each with why.", max_length=MOST_POINTS
        ),
    ] = (),
) -> Proposed:
    """Write the answer, point by point. It counts once a second person has signed it.

    For each point: what you find, grounds, what was looked at, and what will be done or why not. Thanking and
    noting answers nothing and is refused.
    """
    desk = at_desk(run, concern, expected_version)
    points = desk.case.standing(run.now.date()).open_points
    if not points:
        raise ConflictError("nobody owes an answer to this concern now", hint="look at it again")
    try:
        found = check_answer(answers, points=points, policy=desk.case.policy, earlier=_earlier(run, desk))
        refuse_repeated(found, marked={r.point: r.why for r in repeated})
    except EmptyAnswerError:
        refusals.note(desk.level)
        raise
    public_id = run.new_id(ANSWER)
    row = Answer.objects.create(
        public_id=public_id,
        concern=desk.case.row,
        level=desk.level,
        person=run.actor.id,
        points=len(points),
        on=run.now.date(),
        run=run.id,
    )
    why = {r.point: r.why for r in repeated}
    for one in answers:
        _write(row, desk.seats.key, one, repeated=why.get(one.point, "") if one.point in found else "")
    add_step(run, desk.case, Move.PROPOSE, points=points, level=desk.level)
    run.record(AnswerProposed(concern=concern, answer=public_id, level=desk.level))
    return Proposed(concern, desk.case.row.version, public_id)


def _write(row: Answer, key: CaseKey, one: PointAnswer, *, repeated: str) -> None:
    place = f"{row.public_id}:{one.point}"
    more: dict[str, Any] = _MORE.dump_python(one, mode="json") | {"repeated_because": repeated}
    del more["grounds"]
    has_action = promises(one)
    AnsweredPoint.objects.create(
        answer=row,
        point=one.point,
        disposition=one.disposition.value,
        grounds=key.seal_text(keys.GROUNDS, place, one.grounds),
        more=key.seal(keys.MORE, place, more),
        records=len(one.records),
        says_none_because=not one.records,
        has_action=has_action,
        action_due=one.action_due if has_action else None,
        says_no_action_because=not has_action,
        is_repeated=bool(repeated),
    )


def _earlier(run: Run, desk: Desk) -> Iterator[str]:
    """Grounds of all answers that this officer's key opens: of this case, and of others. None is kept."""
    private = unlocked.private_of(run.actor)
    boxes = {
        r.concern_id: r for r in Reader.objects.filter(user__public_id=run.actor.id).select_related("concern")
    }
    rows = AnsweredPoint.objects.filter(answer__concern__in=boxes).select_related("answer__concern").order_by("pk")
    known: dict[int, CaseKey] = {desk.case.row.pk: desk.seats.key}
    for row in rows:
        concern = row.answer.concern
        try:
            if concern.pk not in known:
                binding = sealing.of_case(concern.public_id, run.actor.id)
                key = sealing.unbox(bytes(boxes[concern.pk].boxed), private=private, binding=binding)
                known[concern.pk] = CaseKey(concern.public_id, key)
            place = f"{row.answer.public_id}:{row.point}"
            yield known[concern.pk].open_text(keys.GROUNDS, place, bytes(row.grounds))
        except VaultIntegrityError:  # a box of an earlier key: the case has another since
            continue


@action(permission=ConcernPermission.ANSWER, events=(AnswerIssued,))
def sign_answer(
    run: Run,
    *,
    concern: ConcernId,
    answer: Annotated[str, Field(description="Public id of the answer (AN-…) that you have read.", max_length=40)],
    expected_version: Expected,
) -> Handled:
    """Sign an answer that a colleague wrote: it is issued, and the days to contest it begin."""
    desk = at_desk(run, concern, expected_version)
    row = Answer.objects.filter(concern=desk.case.row, public_id=answer, level=desk.level, signature=None).first()
    if row is None:
        raise ConflictError(
            "there is no such answer of the level that has the concern now", hint="look at the concern again"
        )
    if behind(run.actor) & behind_runs([row.run]):
        raise SeparationError("who wrote an answer does not sign it", hint="ask a colleague of the same level")
    answered = list(row.answered.order_by("point"))
    points = tuple(a.point for a in answered)
    check_points(points, desk.case.standing(run.now.date()).open_points, field="answer")
    measures = tuple(a.point for a in answered if a.has_action)
    Signature.objects.create(
        answer=row,
        person=run.actor.id,
        stood_in_for=" ".join(sorted(run.actor.stands_in_for)),
        on=run.now.date(),
        run=run.id,
    )
    add_step(run, desk.case, Move.ANSWER, points=points, measures=measures, level=desk.level)
    run.record(
        AnswerIssued(
            concern=concern,
            level=desk.level,
            dispositions={str(a.point): a.disposition for a in answered},
            measures=measures,
            repeated=sum(a.is_repeated for a in answered),
            answer=answer,
        )
    )
    return handled(desk)
