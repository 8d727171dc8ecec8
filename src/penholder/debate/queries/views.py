"""Rows as values: a comment as everybody sees it, the same for everybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from penholder.debate import models
from penholder.debate.answers import CommentView, MeasureRow, RulesView, Shown, Tombstone
from penholder.debate.house_rules import Rule
from penholder.debate.models import Comment, Edition, HouseRules, Member
from penholder.debate.policy.machine import machines
from penholder.debate.sealing import Box, Place, open_texts
from penholder.debate.values import CommentState, Kind, Measure, Outcome, Source


def comment_views(rows: Iterable[Comment]) -> tuple[CommentView, ...]:
    """Comments as everybody sees them; rows with member, parent, measure, its rules. Two statements more."""
    found = list(rows)
    html = html_of([r for r in found if r.state in machines().shown])
    names = names_of({r.member for r in found})
    return tuple(_comment(r, html.get(r.pk), names) for r in found)


def html_of(rows: Collection[Comment]) -> dict[int, str | None]:
    """Key of the comment -> HTML of its present edition; None: erased."""
    wanted = {r.pk: r for r in rows}
    editions = Edition.objects.filter(comment__in=wanted).only("comment_id", "number", "html")
    kept = [e for e in editions if e.number == wanted[e.comment_id].edition]
    boxes = {
        e.comment_id: Box(box_id(wanted[e.comment_id], e.number), wanted[e.comment_id].person, e.html)
        for e in kept
    }
    opened = open_texts(Place.HTML, boxes.values())
    return {key: opened[box.id] for key, box in boxes.items()}


def names_of(members: Iterable[Member]) -> dict[int, str | None]:
    """Key of the member -> name; None: erased."""
    found = {m.pk: Box(m.public_id, m.person, m.name) for m in members}
    opened = open_texts(Place.NAME, found.values())
    return {key: opened[box.id] for key, box in found.items()}


def box_id(row: Comment, number: int) -> str:
    """To what an edition is bound."""
    return f"{row.public_id}/{number}"


def _comment(row: Comment, html: str | None, names: dict[int, str | None]) -> CommentView:
    shown = _shown(row, html)
    return CommentView(
        id=row.public_id,
        kind=Kind(row.kind),
        page=row.page,
        parent=row.parent.public_id if row.parent else "",
        depth=row.depth,
        name=names[row.member_id] if shown is not Shown.ERASED else None,
        posted_at=row.posted_at,
        is_edited=row.edition > 1,
        shown=shown,
        html=html if shown is Shown.TEXT else None,
        tombstone=tombstone(row.measure) if row.measure and shown in {Shown.HELD, Shown.REMOVED} else None,
        restored_on=row.restored_at.date() if row.restored_at and shown is Shown.TEXT else None,
    )


def _shown(row: Comment, html: str | None) -> Shown:
    if row.state == CommentState.HELD:
        return Shown.HELD
    if row.state == CommentState.REMOVED:
        return Shown.REMOVED
    return Shown.TEXT if html is not None else Shown.ERASED


def tombstone(measure: models.Measure) -> Tombstone:
    """What stands in the place of the text."""
    found = rule_of(measure.rules, measure.rule)
    return Tombstone(measure.public_id, found.id, found.title, measure.rules.version, measure.at)


def rule_of(rules: HouseRules, rule: str) -> Rule:
    """A rule of a version. A version is never changed, so it is there."""
    return next(Rule(**r) for r in rules.content if r["id"] == rule)


def rules_view(row: HouseRules) -> RulesView:
    """A version in words."""
    return RulesView(row.version, tuple(Rule(**r) for r in row.content), row.sha256, row.valid_from)


def measure_row(row: models.Measure) -> MeasureRow:
    """A measure in the public list; rows with comment, rules and appeal."""
    appeal: models.Appeal | None = getattr(row, "appeal", None)
    return MeasureRow(
        id=row.public_id,
        measure=Measure(row.measure),
        rule=row.rule,
        version=row.rules.version,
        source=Source(row.source),
        at=row.at,
        until=row.until,
        comment=row.comment.public_id if row.comment else "",
        ended=row.ended,
        ended_at=row.ended_at,
        appeal=(Outcome(appeal.outcome).value if appeal.outcome else "open") if appeal else "",
    )


def hours(since: datetime, now: datetime) -> int:
    """Whole hours."""
    return int((now - since).total_seconds() // 3600)
