"""Statements of reasons: made with the measure, told in the same act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from penholder.actions.action import Run
from penholder.debate import models
from penholder.debate.models import Comment, HouseRules, Member, Report, Statement
from penholder.debate.policy.clocks import appeal_until
from penholder.debate.sealing import Place, seal_text
from penholder.debate.values import MEASURE, STATEMENT, Measure, Redress, Scope, Source
from penholder.people.accounts import is_active
from penholder.people.actions.tasks import put_task

_SCOPES = {Measure.HOLD: Scope.COMMENT, Measure.REMOVE: Scope.COMMENT, Measure.WARN: Scope.RECORD}
_TOLD = {
    Measure.HOLD: "Your comment is held: read why, and what you can do",
    Measure.REMOVE: "Your comment was removed: read why, and what you can do",
    Measure.WARN: "You were warned in the debate: read why, and what you can do",
    Measure.SUSPEND: "You were suspended from the debate: read why, until when, and what you can do",
    Measure.BAN: "You were banned from the debate: read why, and what you can do",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a moderator found: which rule of which version, the facts, and where they come from."""

    rules: HouseRules
    rule: str
    facts: str
    source: Source


def restrict(
    run: Run,
    measure: Measure,
    finding: Finding,
    *,
    member: Member,
    comment: Comment | None = None,
    until: datetime | None = None,
    public_id: str = "",
) -> models.Measure:
    """A measure with its statement of reasons, which stands in the inbox of the person when this act is done."""
    person = comment.person if comment else member.person
    statement = _state(run, measure, finding, member=member, person=person, until=until)
    row = models.Measure.objects.create(
        public_id=public_id or run.new_id(MEASURE),
        measure=measure,
        member=member,
        comment=comment,
        statement=statement,
        rule=finding.rule,
        rules=finding.rules,
        source=finding.source,
        at=run.now,
        until=until,
    )
    # To the account that the member has now: the person may have come back under a new address.
    tell(run, member.person, _TOLD[measure], subject=statement.public_id)
    return row


def tell(run: Run, person: str, text: str, *, subject: str) -> None:
    """Into the inbox of a person, in this act; not where the account is gone. The act declares TaskAdded."""
    if is_active(person):
        put_task(run, text=text, subject=subject, person_id=person)


def answer_reports(run: Run, comment: Comment, measure: models.Measure, text: str) -> tuple[str, ...]:
    """Every open report of a comment gets its outcome, every reporter is told. Gives the ids of the reports."""
    waiting = list(open_reports(comment).select_related("member"))
    for report in waiting:
        tell(run, report.member.person, text, subject=report.public_id)
    comment.reports.filter(pk__in=[r.pk for r in waiting]).update(measure=measure)
    return tuple(r.public_id for r in waiting)


def open_reports(comment: Comment) -> QuerySet[Report]:
    """Those that got no outcome yet, oldest first."""
    return comment.reports.filter(measure__isnull=True).order_by("at", "id")


def _state(
    run: Run, measure: Measure, finding: Finding, *, member: Member, person: str, until: datetime | None
) -> Statement:
    public_id = run.new_id(STATEMENT)
    return Statement.objects.create(
        public_id=public_id,
        member=member,
        person=person,
        measure=measure,
        scope=_SCOPES.get(measure, Scope.ACCOUNT),
        at=run.now,
        until=until,
        facts=seal_text(Place.FACTS, finding.facts, id=public_id, person=person),
        source=finding.source,
        rule=finding.rule,
        rules=finding.rules,
        redress=Redress.APPEAL,
        appeal_until=appeal_until(run.now.date()),
    )
