"""Appeals against measures: open for six months, to banned people too, and decided by somebody not involved."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError
from penholder.actions.words import check_words
from penholder.debate import models
from penholder.debate.actions.comments import Expected
from penholder.debate.configuration import check_enabled
from penholder.debate.events import AppealDecided, AppealLodged, CommentRestored, MeasureLifted
from penholder.debate.models import Appeal, Comment, Member
from penholder.debate.policy.clocks import check_appeal_in_time
from penholder.debate.policy.machine import machines
from penholder.debate.reasons import tell
from penholder.debate.rows import check_not_oneself, check_version, locked_comment
from penholder.debate.sealing import Place, is_erased, seal_text
from penholder.debate.values import APPEAL, CommentMove, CommentState, DebatePermission, Ended, Outcome
from penholder.people.events import TaskAdded

MeasureId = Annotated[str, Field(min_length=3, max_length=40, description="Public id of the measure (MS-…).")]
AppealId = Annotated[str, Field(min_length=3, max_length=40, description="Public id of the appeal (AL-…).")]
INVOLVED = (
    "debate.post_comment",
    "debate.edit_comment",
    "debate.report_comment",
    "debate.hold_comment",
    "debate.remove_comment",
    "debate.keep_comment",
    "debate.warn_member",
    "debate.suspend_member",
    "debate.propose_ban",
    "debate.confirm_ban",
    "debate.withdraw_ban",
    "debate.decide_appeal",
)
"""Every act on a comment or on a measure: whoever did one of them does not decide on the appeal."""


@action(permission=DebatePermission.APPEAL, events=(AppealLodged,))
def lodge_appeal(
    run: Run,
    *,
    measure: MeasureId,
    grounds: Annotated[
        str, Field(min_length=10, max_length=4_000, description="Why it should be decided otherwise.")
    ],
) -> str:
    """Appeal against a measure on oneself: once, for six months, also while suspended or banned.

    A moderator decides who has had nothing to do with it. Gives the id of the appeal.
    """
    check_enabled()
    check_words(grounds=grounds)
    row = _measure(measure)
    if row is None or row.statement is None or row.member.person != run.actor.id:
        raise AbsentError(f"there is no measure {measure} on you", hint="your measures stand on “My debate”")
    if row.ended_at is not None:
        raise ConflictError("this measure has ended already", hint="there is nothing to appeal against")
    if Appeal.objects.filter(measure=row).exists():
        raise ConflictError("you appealed against this already", hint="an appeal is lodged once")
    check_appeal_in_time(row.at.date(), today=run.now.date())
    public_id = run.new_id(APPEAL)
    Appeal.objects.create(
        public_id=public_id,
        measure=row,
        person=run.actor.id,
        grounds=seal_text(Place.GROUNDS, grounds, id=public_id, person=run.actor.id),
        lodged_at=run.now,
    )
    run.record(AppealLodged(appeal=public_id, measure=measure, person=run.actor.id, grounds=grounds))
    return public_id


@action(
    permission=DebatePermission.DECIDE_APPEAL,
    events=(AppealDecided, CommentRestored, MeasureLifted, TaskAdded),
    apart_from=INVOLVED,
)
def decide_appeal(
    run: Run,
    *,
    appeal: AppealId,
    outcome: Annotated[Outcome, Field(description="Granted: the measure ends.")],
    reasons: Annotated[
        str, Field(min_length=20, max_length=2_000, description="Why; whoever appealed reads this.")
    ],
    expected_version: Expected,
) -> str:
    """Decide an appeal, as a moderator with no part in the case. Where it is granted, the measure ends at once.

    A comment is shown again in its place, with a note. Whoever appealed is told, and so are those who had reported
    the comment. Gives the id of the appeal.
    """
    check_enabled()
    check_words(reasons=reasons)
    row = Appeal.objects.select_for_update().filter(public_id=appeal).first()
    if row is None:
        raise AbsentError(f"there is no appeal {appeal}", hint="its id may be mistyped")
    check_version(appeal, row.version, expected_version)
    if row.outcome:
        raise ConflictError("this appeal was decided already", hint="it is decided once")
    measure = row.measure
    check_not_oneself(run, {row.person, measure.member.person})
    if is_erased(row.person):
        raise ConflictError("the account that appealed was erased", hint="nothing needs to be done")
    _decide(run, row, measure, outcome, reasons)
    if outcome is Outcome.GRANTED:
        _undo(run, row, measure)
    granted = "granted" if outcome is Outcome.GRANTED else "dismissed"
    tell(run, measure.member.person, f"Your appeal was {granted}: read the reasons", subject=appeal)
    return appeal


def _decide(run: Run, row: Appeal, measure: models.Measure, outcome: Outcome, reasons: str) -> None:
    Appeal.objects.filter(pk=row.pk).update(
        outcome=outcome,
        decided_at=run.now,
        reasons=seal_text(Place.REASONS, reasons, id=row.public_id, person=row.person),
        version=row.version + 1,
    )
    subject = measure.comment.public_id if measure.comment else measure.public_id
    run.record(
        AppealDecided(
            appeal=row.public_id,
            measure=measure.public_id,
            subject=subject,
            outcome=outcome,
            person=row.person,
            reasons=reasons,
        )
    )


def _undo(run: Run, row: Appeal, measure: models.Measure) -> None:
    """End the measure. What it hid is shown again where it stood."""
    models.Measure.objects.filter(pk=measure.pk).update(
        ended_at=run.now, ended=Ended.APPEAL, version=measure.version + 1
    )
    if measure.comment is None:
        Member.objects.filter(pk=measure.member_id).update(version=measure.member.version + 1)
        run.record(MeasureLifted(measure=measure.public_id, appeal=row.public_id))
        return
    comment = locked_comment(measure.comment.public_id)
    state = machines().comment.after(CommentMove.RESTORE, CommentState(comment.state), what="the comment")
    Comment.objects.filter(pk=comment.pk).update(
        state=state, measure=None, restored_at=run.now, queued_at=None, version=comment.version + 1
    )
    run.record(CommentRestored(comment=comment.public_id, measure=measure.public_id, appeal=row.public_id))
    for report in measure.answered.select_related("member"):
        text = "A comment that you reported is shown again: an appeal was granted"
        tell(run, report.member.person, text, subject=report.public_id)


def _measure(public_id: str) -> models.Measure | None:
    rows = models.Measure.objects.select_for_update(of=("self",)).select_related("member", "statement")
    return rows.filter(public_id=public_id).first()
