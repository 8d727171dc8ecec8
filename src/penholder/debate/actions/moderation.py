"""What moderators decide on a comment: keep, hold, remove. Each is told at once, with its reasons."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError
from penholder.actions.words import check_words
from penholder.debate import models
from penholder.debate.actions.comments import CommentId, Expected
from penholder.debate.configuration import check_enabled
from penholder.debate.events import CommentKept, CommentRestricted
from penholder.debate.models import Comment
from penholder.debate.policy.machine import machines
from penholder.debate.reasons import Finding, answer_reports, open_reports, restrict, tell
from penholder.debate.rows import check_not_oneself, check_rule, locked_comment, rules_in_force
from penholder.debate.sealing import is_erased
from penholder.debate.values import (
    MEASURE,
    CommentMove,
    CommentState,
    DebatePermission,
    Ended,
    Measure,
    Redress,
    RuleId,
    Scope,
    Source,
)
from penholder.people.events import TaskAdded

Facts = Annotated[
    str,
    Field(
        min_length=20,
        max_length=2_000,
        description="What was written or done, and why the rule forbids it; its author reads this.",
    ),
]
BrokenRule = Annotated[RuleId, Field(description="The house rule that was broken.")]
NOT_BY = ("debate.post_comment", "debate.report_comment")
"""Whoever wrote or reported a comment does not decide on it."""
HID = ("debate.hold_comment", "debate.remove_comment")
"""Whoever hid a comment that an appeal restored does not hide it again."""
_OUTCOME = {
    Measure.REMOVE: "You reported a comment: it was removed",
    Measure.KEEP: "You reported a comment: it stays, because no rule was found broken",
}


@action(
    permission=DebatePermission.MODERATE,
    events=(CommentRestricted, TaskAdded),
    apart_from=NOT_BY,
    apart_if=HID,
)
def hold_comment(
    run: Run, *, comment: CommentId, rule: BrokenRule, facts: Facts, expected_version: Expected
) -> str:
    """Hide a comment while it is looked at. Its author is told at once, with the statement of reasons.

    Who reported it is told the outcome later: it is kept or removed. Gives the id of the measure.
    """
    return _restrict(run, Measure.HOLD, comment, rule=rule, facts=facts, expected=expected_version)


@action(
    permission=DebatePermission.MODERATE,
    events=(CommentRestricted, TaskAdded),
    apart_from=NOT_BY,
    apart_if=HID,
)
def remove_comment(
    run: Run, *, comment: CommentId, rule: BrokenRule, facts: Facts, expected_version: Expected
) -> str:
    """Remove a comment. In its place stand the rule and the day; replies stay.

    Its author is told at once, with the statement of reasons, and can appeal for six months. Everybody who
    reported it is told. Gives the id of the measure.
    """
    return _restrict(run, Measure.REMOVE, comment, rule=rule, facts=facts, expected=expected_version)


@action(permission=DebatePermission.MODERATE, events=(CommentKept, TaskAdded), apart_from=NOT_BY)
def keep_comment(
    run: Run,
    *,
    comment: CommentId,
    grounds: Annotated[
        str, Field(min_length=10, max_length=1_000, description="Why no rule is broken; moderators read this.")
    ],
    expected_version: Expected,
) -> str:
    """Let a comment stand that was reported or held. Everybody who reported it is told.

    Gives the id of the measure.
    """
    check_words(grounds=grounds)
    row, state = _case(run, comment, CommentMove.KEEP, expected_version)
    rules = rules_in_force(run.now.date())
    held = row.measure
    kept = models.Measure.objects.create(
        public_id=run.new_id(MEASURE),
        measure=Measure.KEEP,
        member=row.member,
        comment=row,
        rule="",
        rules=rules,
        source=_source(row),
        at=run.now,
    )
    reports = answer_reports(run, row, kept, _OUTCOME[Measure.KEEP])
    if held is not None:
        _end(run, held, Ended.KEPT)
        tell(run, row.member.person, "Your comment is shown again: no rule was found broken", subject=comment)
    _settle(row, state, None)
    run.record(
        CommentKept(
            comment=comment,
            measure=kept.public_id,
            reports=reports,
            ended=held.public_id if held else None,
            grounds=grounds,
        )
    )
    return kept.public_id


def _restrict(run: Run, measure: Measure, comment: str, *, rule: str, facts: str, expected: int) -> str:
    check_words(facts=facts)
    row, state = _case(run, comment, CommentMove(measure.value), expected)
    if row.restored_at is not None:
        run.must_be_another("an appeal restored it")
    rules = rules_in_force(run.now.date())
    check_rule(rules, rule)
    finding = Finding(rules, rule, facts, _source(row))
    made = restrict(run, measure, finding, member=row.member, comment=row)
    before = row.measure
    if before is not None:
        _end(run, before, Ended.SUPERSEDED)
    final = measure is Measure.REMOVE
    reports = answer_reports(run, row, made, _OUTCOME[measure]) if final else ()
    _settle(row, state, made, queued_at=None if final else row.queued_at or run.now)
    statement = made.statement
    assert statement is not None  # noqa: S101 - a constraint of the database says so
    run.record(
        CommentRestricted(
            comment=comment,
            measure=made.public_id,
            kind=measure,
            statement=statement.public_id,
            scope=Scope(statement.scope),
            source=finding.source,
            rule=rule,
            version=rules.version,
            redress=Redress(statement.redress),
            appeal_until=statement.appeal_until,
            reports=reports,
            superseded=before.public_id if before else None,
            found_by_machine=False,
            decided_by_machine=False,
            person=row.person,
            facts=facts,
        )
    )
    return made.public_id


def _case(run: Run, comment: str, move: CommentMove, expected: int) -> tuple[Comment, CommentState]:
    """The comment, and its state after the move. Raises: SeparationError, ConflictError, AbsentError."""
    check_enabled()
    row = locked_comment(comment, expected)
    check_not_oneself(run, {row.person, row.member.person, *row.reports.values_list("member__person", flat=True)})
    if is_erased(row.person):
        raise ConflictError("the text of this comment was erased", hint="nothing needs to be done")
    if row.measure is not None and models.Appeal.objects.filter(measure=row.measure, outcome="").exists():
        raise ConflictError("an appeal against the measure is open", hint="it must be decided first")
    return row, machines().comment.after(move, CommentState(row.state), what="the comment")


def _source(row: Comment) -> Source:
    return Source.REPORT if open_reports(row).exists() else Source.OWN_INITIATIVE


def _end(run: Run, measure: models.Measure, how: Ended) -> None:
    models.Measure.objects.filter(pk=measure.pk).update(ended_at=run.now, ended=how, version=measure.version + 1)


def _settle(
    row: Comment, state: CommentState, measure: models.Measure | None, *, queued_at: object = None
) -> None:
    Comment.objects.filter(pk=row.pk).update(
        state=state, measure=measure, queued_at=queued_at, version=row.version + 1
    )
