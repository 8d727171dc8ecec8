"""What moderators read: the queue, cases, members, proposed bans, appeals. What is about themself is left out."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from penholder.actions import moment, permissions
from penholder.actions.behind import acts_of, behind
from penholder.actions.errors import AbsentError
from penholder.actions.models import Act
from penholder.actions.values import Actor
from penholder.debate import models
from penholder.debate.answers import (
    AppealView,
    BanRow,
    CaseView,
    EditionView,
    MeasureRow,
    MemberView,
    QueueRow,
    ReportedView,
)
from penholder.debate.configuration import check_enabled
from penholder.debate.models import Appeal, BanProposal, Comment, Member
from penholder.debate.policy.machine import member_state
from penholder.debate.queries.own import appeal_view
from penholder.debate.queries.reading import EVERYTHING
from penholder.debate.queries.views import box_id, comment_views, hours, measure_row, names_of
from penholder.debate.rows import holding
from penholder.debate.sealing import Box, Place, open_text, open_texts
from penholder.debate.values import BanState, CommentState, DebatePermission, Kind, Measure
from penholder.entry.paging import USUAL, Page, page_of


def queue(*, viewer: Actor, cursor: str | None = None, limit: int = USUAL) -> Page[QueueRow]:
    """Comments that wait for a moderator, longest first. Raises: RefusedError for all but moderators."""
    _check(viewer)
    now = moment.now()
    rows = _waiting(viewer).prefetch_related("reports")
    return page_of(rows, order=("queued_at", "public_id"), cursor=cursor, limit=limit).map(
        lambda row: _queued(row, now)
    )


def waiting(*, viewer: Actor) -> int:
    """How many comments, proposed bans and appeals wait: the number in the menu."""
    bans = BanProposal.objects.filter(state=BanState.PROPOSED).exclude(member__person=viewer.id)
    appeals = Appeal.objects.filter(outcome="").exclude(measure__member__person=viewer.id)
    return _waiting(viewer).count() + bans.count() + appeals.count()


def case(*, viewer: Actor, id: str) -> CaseView:  # noqa: A002 - public id
    """A comment with its texts, reports (without who made them) and measures.

    Raises: AbsentError, RefusedError.
    """
    _check(viewer)
    row = Comment.objects.select_related(*EVERYTHING).filter(public_id=id).first()
    if row is None or viewer.id in {row.person, row.member.person}:
        raise AbsentError(f"there is no case {id}", hint="its id may be mistyped; others decide about yours")
    return CaseView(
        comment=comment_views([row])[0],
        state=CommentState(row.state),
        version=row.version,
        member=row.member.public_id,
        editions=_editions(row),
        reports=_reports(row),
        measures=_measures(row.measures.all()),
    )


def member(*, viewer: Actor, id: str) -> MemberView:  # noqa: A002 - public id
    """A member and what was decided about them. Raises: AbsentError, RefusedError."""
    _check(viewer)
    row = Member.objects.filter(public_id=id).first()
    if row is None or row.person == viewer.id:
        raise AbsentError(f"there is no member {id}", hint="its id may be mistyped; others decide about you")
    proposed = row.ban_proposals.filter(state=BanState.PROPOSED).select_related("member", "rules").first()
    return MemberView(
        id=row.public_id,
        name=names_of([row])[row.pk],
        state=member_state(Measure(m.measure) for m in holding(row, now=moment.now())),
        joined_at=row.joined_at,
        comments=row.comments.count(),
        measures=_measures(row.measures.filter(comment__isnull=True)),
        proposal=_ban(proposed, viewer) if proposed else None,
        version=row.version,
    )


def bans(*, viewer: Actor) -> tuple[BanRow, ...]:
    """Proposed bans, oldest first. Raises: RefusedError for all but moderators."""
    _check(viewer)
    rows = BanProposal.objects.filter(state=BanState.PROPOSED).exclude(member__person=viewer.id)
    return tuple(_ban(r, viewer) for r in rows.select_related("member", "rules").order_by("at", "id"))


def ban(*, viewer: Actor, id: str) -> BanRow:  # noqa: A002 - public id
    """One proposal. Raises: AbsentError, RefusedError."""
    _check(viewer)
    row = BanProposal.objects.select_related("member", "rules").filter(public_id=id).first()
    if row is None or viewer.id in {row.person, row.member.person}:
        raise AbsentError(f"there is no proposed ban {id}", hint="its id may be mistyped")
    return _ban(row, viewer)


def appeals(
    *, viewer: Actor, decided: bool = False, cursor: str | None = None, limit: int = USUAL
) -> Page[AppealView]:
    """Appeals, longest waiting first. Raises: RefusedError for all but moderators."""
    _check(viewer)
    now = moment.now()
    rows = _appeals().exclude(measure__member__person=viewer.id)
    rows = rows.exclude(outcome="") if decided else rows.filter(outcome="")
    page = page_of(rows, order=("lodged_at", "public_id"), cursor=cursor, limit=limit)
    return page.map(lambda row: appeal_view(row, now))


def appeal(*, viewer: Actor, id: str) -> AppealView:  # noqa: A002 - public id
    """One appeal: for moderators, and for whoever lodged it. Raises: AbsentError."""
    check_enabled()
    row = _appeals().filter(public_id=id).first()
    own = row is not None and row.measure.member.person == viewer.id
    if row is None or not (own or permissions.authority().role_for(viewer, DebatePermission.DECIDE_APPEAL)):
        raise AbsentError(f"there is no appeal {id}", hint="its id may be mistyped")
    return appeal_view(row, moment.now())


def _check(viewer: Actor) -> None:
    check_enabled()
    permissions.require(viewer, DebatePermission.MODERATE)


def _waiting(viewer: Actor) -> QuerySet[Comment]:
    mine = Q(person=viewer.id) | Q(member__person=viewer.id)
    return Comment.objects.filter(queued_at__isnull=False).exclude(mine)


def _queued(row: Comment, now: datetime) -> QueueRow:
    since = row.queued_at or now
    waits = [r for r in row.reports.all() if r.measure_id is None]
    return QueueRow(
        comment=row.public_id,
        page=row.page,
        kind=Kind(row.kind),
        state=CommentState(row.state),
        since=since,
        hours=hours(since, now),
        reports=len(waits),
        rules=tuple(sorted({r.rule for r in waits})),
    )


def _editions(row: Comment) -> tuple[EditionView, ...]:
    rows = list(row.editions.order_by("number"))
    texts = open_texts(Place.TEXT, (Box(box_id(row, e.number), row.person, e.text) for e in rows))
    return tuple(EditionView(e.number, e.at, texts[box_id(row, e.number)]) for e in rows)


def _reports(row: Comment) -> tuple[ReportedView, ...]:
    rows = list(row.reports.select_related("rules").order_by("at", "id"))
    texts = open_texts(Place.REPORT, (Box(r.public_id, r.person, r.text) for r in rows))
    return tuple(
        ReportedView(r.public_id, r.rule, r.rules.version, r.at, texts[r.public_id], r.measure_id is None)
        for r in rows
    )


def _measures(rows: QuerySet[models.Measure]) -> tuple[MeasureRow, ...]:
    found = rows.select_related("comment", "rules", "appeal").order_by("at", "id")
    return tuple(measure_row(r) for r in found)


def _ban(row: BanProposal, viewer: Actor) -> BanRow:
    persons = behind(viewer)
    acts = Act.objects.filter(about=row.public_id, act="debate.propose_ban")
    proposed = next(acts_of(persons, acts), None) is not None
    return BanRow(
        id=row.public_id,
        member=row.member.public_id,
        name=names_of([row.member])[row.member_id],
        rule=row.rule,
        version_of_rules=row.rules.version,
        facts=open_text(Place.PROPOSED, Box(row.public_id, row.person, row.facts)),
        state=BanState(row.state),
        at=row.at,
        version=row.version,
        may_confirm=not proposed and row.member.person not in persons,
    )


def _appeals() -> QuerySet[Appeal]:
    return Appeal.objects.select_related("measure__comment", "measure__statement", "measure__member")


__all__ = ["appeal", "appeals", "ban", "bans", "case", "member", "queue", "waiting"]
