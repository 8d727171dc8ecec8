"""What an account reads about itself: measures on it and their reasons, its reports and outcomes, its data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from penholder.actions import moment
from penholder.actions.errors import AbsentError, ConflictError
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.debate import models
from penholder.debate.answers import AppealView, Mine, ReportView, StatementView
from penholder.debate.configuration import check_enabled
from penholder.debate.models import Acceptance, Appeal, Comment, Edition, Member, Statement
from penholder.debate.policy.clocks import is_overdue
from penholder.debate.policy.machine import member_state
from penholder.debate.queries.views import box_id, names_of, rule_of
from penholder.debate.rows import holding, member_of, rules_in_force
from penholder.debate.sealing import Box, Place, open_text, open_texts
from penholder.debate.values import (
    EDIT_WINDOW,
    CommentState,
    DebatePermission,
    Ended,
    Kind,
    Measure,
    MemberState,
    Outcome,
    Redress,
    Scope,
    Source,
)

_WITH = ("restriction", "restriction__comment", "restriction__appeal", "rules", "member")


def mine(*, viewer: Actor) -> Mine:
    """All that the debate has about the account that looks. It is there while suspended and banned, too."""
    check_enabled()
    now = moment.now()
    try:
        rules = rules_in_force(now.date())
    except ConflictError:
        rules = None
    row = member_of(viewer.id)
    version = rules.version if rules else ""
    if row is None:
        return Mine("", None, MemberState.ACTIVE, None, version, False, (), (), ())  # noqa: FBT003 - has_accepted
    held = list(holding(row, now=now))
    return Mine(
        member=row.public_id,
        name=names_of([row])[row.pk],
        state=member_state(Measure(m.measure) for m in held),
        until=max((m.until for m in held if m.until), default=None),
        version=version,
        has_accepted=rules is not None and Acceptance.objects.filter(member=row, rules=rules).exists(),
        statements=_statements(row, now),
        reports=_reports(row),
        appeals=_appeals(row, now),
    )


def own_on(*, viewer: Actor, kind: Kind, page: str) -> dict[str, bool]:
    """The viewer's own comments on a page: id -> can it be changed still, as far as the time goes?"""
    rows = Comment.objects.filter(kind=kind, page=page, person=viewer.id)
    now = moment.now()
    return {
        id_: state == CommentState.VISIBLE and now - at <= EDIT_WINDOW
        for id_, state, at in rows.values_list("public_id", "state", "posted_at")
    }


def waiting(*, viewer: Actor) -> int:
    """How many measures hold against the viewer that can still be appealed against: the number in the menu."""
    row = member_of(viewer.id)
    if row is None:
        return 0
    open_to = row.measures.filter(
        statement__isnull=False, ended_at__isnull=True, appeal__isnull=True,
        statement__appeal_until__gte=moment.today(),
    )  # fmt: skip
    return open_to.count()


def statement(*, viewer: Actor, id: str) -> StatementView:  # noqa: A002 - public id
    """A statement of reasons: for the account that it was given to, the present one of the member, and moderators.

    Raises: AbsentError.
    """
    check_enabled()
    row = Statement.objects.select_related(*_WITH).filter(public_id=id).first()
    moderates = authority().role_for(viewer, DebatePermission.MODERATE) is not None
    if row is None or not (moderates or viewer.id in {row.person, row.member.person}):
        raise AbsentError(f"there is no statement of reasons {id}", hint="yours stand on “My debate”")
    return statement_views([row], moment.now())[0]


def statement_views(rows: list[Statement], now: datetime) -> tuple[StatementView, ...]:
    """Statements in words; the texts of the comments with them."""
    facts = open_texts(Place.FACTS, (Box(r.public_id, r.person, r.facts) for r in rows))
    texts = texts_of([r.restriction.comment for r in rows if r.restriction.comment])
    return tuple(_statement(r, facts[r.public_id], texts, now) for r in rows)


def texts_of(comments: list[Comment]) -> dict[int, str | None]:
    """Key of the comment -> its present text; None: erased. For its author and for moderators alone."""
    wanted = {c.pk: c for c in comments}
    found = {
        e.comment_id: Box(box_id(wanted[e.comment_id], e.number), wanted[e.comment_id].person, e.text)
        for e in Edition.objects.filter(comment__in=wanted)
        if e.number == wanted[e.comment_id].edition
    }
    opened = open_texts(Place.TEXT, found.values())
    return {key: opened[box.id] for key, box in found.items()}


def text_of(*, viewer: Actor, id: str) -> tuple[str, int]:  # noqa: A002 - public id
    """The text of one's own comment as it was typed, and its version, to change it. Raises: AbsentError."""
    check_enabled()
    row = Comment.objects.filter(public_id=id, person=viewer.id).first()
    text = texts_of([row])[row.pk] if row else None
    if row is None or text is None:
        raise AbsentError(f"there is no comment {id} of yours", hint="its id may be mistyped")
    return text, row.version


def appeal_view(row: Appeal, now: datetime) -> AppealView:
    """An appeal in words; rows with measure, its comment, statement and member."""
    grounds = open_text(Place.GROUNDS, Box(row.public_id, row.person, row.grounds))
    reasons = open_text(Place.REASONS, Box(row.public_id, row.person, row.reasons))
    measure = row.measure
    return AppealView(
        id=row.public_id,
        measure=Measure(measure.measure),
        measure_id=measure.public_id,
        statement=measure.statement.public_id if measure.statement else "",
        comment=measure.comment.public_id if measure.comment else "",
        member=measure.member.public_id,
        lodged_at=row.lodged_at,
        grounds=grounds,
        outcome=Outcome(row.outcome) if row.outcome else None,
        decided_at=row.decided_at,
        reasons=reasons,
        is_overdue=is_overdue(row.lodged_at, row.decided_at, now=now),
        version=row.version,
    )


def export(*, viewer: Actor) -> dict[str, Any]:
    """All that the account has in the debate, as JSON values: own texts, hidden ones too, and what was decided."""
    check_enabled()
    row = member_of(viewer.id)
    found = mine(viewer=viewer)
    rows = list(row.comments.filter(person=viewer.id).order_by("posted_at", "id")) if row else []
    texts = texts_of(rows)
    return {
        "as_of": moment.now().isoformat(),
        "member": found.member,
        "name": found.name,
        "state": found.state.value,
        "accepted": _accepted(row),
        "comments": [
            {
                "id": c.public_id,
                "kind": c.kind,
                "page": c.page,
                "posted_at": c.posted_at.isoformat(),
                "state": c.state,
                "text": texts.get(c.pk),
            }
            for c in rows
        ],
        "statements": [_plain(s) for s in found.statements],
        "reports": [_plain(r) for r in found.reports],
        "appeals": [_plain(a) for a in found.appeals],
    }


def _plain(value: Any) -> dict[str, Any]:
    dumped: dict[str, Any] = TypeAdapter(type(value)).dump_python(value, mode="json")
    return dumped


def _accepted(row: Member | None) -> list[dict[str, str]]:
    rows = row.acceptances.select_related("rules").order_by("at") if row else []
    return [{"version": a.rules.version, "at": a.at.isoformat()} for a in rows]


def _statement(row: Statement, facts: str | None, texts: dict[int, str | None], now: datetime) -> StatementView:
    measure: models.Measure = row.restriction
    appeal: Appeal | None = getattr(measure, "appeal", None)
    open_to = measure.ended_at is None and appeal is None and now.date() <= row.appeal_until
    return StatementView(
        id=row.public_id,
        measure_id=measure.public_id,
        measure=Measure(row.measure),
        scope=Scope(row.scope),
        at=row.at,
        until=row.until,
        facts=facts,
        source=Source(row.source),
        found_by_machine=row.found_by_machine,
        decided_by_machine=row.decided_by_machine,
        rule=rule_of(row.rules, row.rule),
        version=row.rules.version,
        redress=Redress(row.redress),
        appeal_until=row.appeal_until,
        comment=measure.comment.public_id if measure.comment else "",
        text=texts.get(measure.comment.pk) if measure.comment else None,
        ended_at=measure.ended_at,
        ended=measure.ended,
        appeal=appeal.public_id if appeal else "",
        may_appeal=open_to,
    )


def _statements(row: Member, now: datetime) -> tuple[StatementView, ...]:
    rows = row.statements.select_related(*_WITH).order_by("-at", "-id")
    return statement_views(list(rows), now)


def _reports(row: Member) -> tuple[ReportView, ...]:
    rows = row.reports.select_related("comment", "measure").order_by("-at", "-id")
    return tuple(
        ReportView(
            r.public_id,
            r.comment.public_id,
            r.rule,
            r.at,
            Measure(r.measure.measure) if r.measure else None,
            r.measure.at if r.measure else None,
            bool(r.measure and r.measure.ended == Ended.APPEAL),
        )
        for r in rows
    )


def _appeals(row: Member, now: datetime) -> tuple[AppealView, ...]:
    rows = Appeal.objects.filter(measure__member=row)
    rows = rows.select_related("measure__comment", "measure__statement", "measure__member")
    return tuple(appeal_view(r, now) for r in rows.order_by("-lodged_at", "-id"))
