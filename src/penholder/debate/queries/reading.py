"""What everybody reads: threads, house rules, the list of measures, the figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, F, Max, QuerySet, Window
from django.db.models.functions import RowNumber

from penholder.actions import moment
from penholder.actions.errors import AbsentError
from penholder.actions.values import Actor
from penholder.debate import models
from penholder.debate.answers import CommentView, MeasureRow, ModerationReport, PageRow, RulesView, ThreadView
from penholder.debate.configuration import check_enabled, configuration
from penholder.debate.models import Appeal, Comment, HouseRules, Report
from penholder.debate.policy import tally
from penholder.debate.queries.views import comment_views, measure_row, rules_view
from penholder.debate.values import Kind, Measure, Outcome
from penholder.entry.paging import USUAL, Page, page_of

ROOTS = 20
FIRST_REPLIES = 5
LATELY = 20
EVERYTHING = ("member", "parent", "measure", "measure__rules")


def is_on() -> bool:
    """Is there a debate on this site?"""
    return configuration().enabled


def threads(
    *, viewer: Actor, kind: Kind, page: str, oldest: bool = False, cursor: str | None = None, limit: int = ROOTS
) -> Page[ThreadView]:
    """The threads of a page, newest first, each with its first replies; the same for every viewer.

    Raises: AbsentError: the debate is off. InvalidError: cursor, limit.
    """
    del viewer
    check_enabled()
    order = ("posted_at", "public_id") if oldest else ("-posted_at", "public_id")
    rows = Comment.objects.filter(kind=kind, page=page, root__isnull=True).select_related(*EVERYTHING)
    found = page_of(rows, order=order, cursor=cursor, limit=limit)
    replies = _first_replies(found.items)
    numbers = _numbers(found.items)
    views = {v.id: v for v in comment_views([*found.items, *(r for part in replies.values() for r in part)])}
    return found.map(
        lambda root: ThreadView(
            views[root.public_id],
            tuple(views[r.public_id] for r in replies[root.pk]),
            numbers.get(root.pk, 0) - len(replies[root.pk]),
        )
    )


def thread(
    *,
    viewer: Actor,
    id: str,  # noqa: A002 - public id
    cursor: str | None = None,
    limit: int = USUAL,
) -> tuple[CommentView, Page[CommentView]]:
    """The thread of a comment: its first comment, and all replies in their places. Raises: AbsentError."""
    del viewer
    check_enabled()
    row = _comment(id)
    root = row.root or row
    rows = Comment.objects.filter(root=root).select_related(*EVERYTHING)
    found = page_of(rows, order=("path",), cursor=cursor, limit=limit)
    whole = Comment.objects.select_related(*EVERYTHING).get(pk=root.pk)
    views = comment_views([whole, *found.items])
    return views[0], Page(views[1:], found.next_cursor)


def comment(*, viewer: Actor, id: str) -> CommentView:  # noqa: A002 - public id
    """One comment as everybody sees it. Raises: AbsentError."""
    del viewer
    check_enabled()
    return comment_views([_comment(id)])[0]


def lately(*, viewer: Actor, limit: int = LATELY) -> tuple[PageRow, ...]:
    """The pages with the newest comments, the newest first. Raises: AbsentError: the debate is off."""
    del viewer
    check_enabled()
    rows = Comment.objects.order_by().values("kind", "page").annotate(number=Count("pk"), newest=Max("posted_at"))
    found = rows.order_by("-newest", "kind", "page")[:limit]
    return tuple(PageRow(Kind(r["kind"]), r["page"], r["number"], r["newest"]) for r in found)


def count_on(*, kind: Kind, page: str) -> int:
    """How many comments a page has, hidden ones among them. For the page itself."""
    return Comment.objects.filter(kind=kind, page=page).count()


def rules_in_force(*, viewer: Actor, on: date | None = None) -> RulesView:
    """The house rules of a day. Raises: AbsentError: none, or no debate."""
    del viewer
    check_enabled()
    day = on or moment.today()
    row = HouseRules.objects.filter(valid_from__lte=day).order_by("-valid_from", "-id").first()
    if row is None:
        raise AbsentError(f"there were no house rules in force on {day}", hint="nobody could post then")
    return rules_view(row)


def versions(*, viewer: Actor) -> tuple[RulesView, ...]:
    """Every version that was brought in force, newest first."""
    del viewer
    check_enabled()
    return tuple(rules_view(r) for r in HouseRules.objects.order_by("-valid_from", "-id"))


def measures(
    *,
    viewer: Actor,
    measure: Measure | None = None,
    rule: str = "",
    first: date | None = None,
    last: date | None = None,
    cursor: str | None = None,
    limit: int = USUAL,
) -> Page[MeasureRow]:
    """Every measure, newest first: what, by which rule, when, and what became of it. No person and no text."""
    del viewer
    check_enabled()
    rows = models.Measure.objects.select_related("comment", "rules", "appeal")
    if measure is not None:
        rows = rows.filter(measure=measure)
    if rule:
        rows = rows.filter(rule=rule)
    rows = between(rows, "at", first, last)
    return page_of(rows, order=("-at", "public_id"), cursor=cursor, limit=limit).map(measure_row)


def report(*, viewer: Actor, first: date | None = None, last: date | None = None) -> ModerationReport:
    """The public figures of some days (by default: all), counted from the tables.

    `policy.tally.recount` counts the same from the public log.
    """
    del viewer
    check_enabled()
    now = moment.now()
    start, end = first or date(1970, 1, 1), last or now.date()
    counts: tally.Counts = Counter()
    counts[tally.POSTED, ""] = between(Comment.objects.all(), "posted_at", start, end).count()
    _by(counts, between(Report.objects.all(), "at", start, end), lambda _row: tally.REPORTED)
    _by(counts, between(models.Measure.objects.all(), "at", start, end), lambda row: str(row["measure"]))
    counts[tally.APPEALED, ""] = between(Appeal.objects.all(), "lodged_at", start, end).count()
    for outcome in Outcome:
        decided = between(Appeal.objects.filter(outcome=outcome), "decided_at", start, end)
        counts[outcome.value, ""] = decided.count()
    times = Appeal.objects.values_list("lodged_at", "decided_at")
    tally.count_appeals(counts, times, first=start, last=end, now=now)
    answered = between(Report.objects.filter(measure__isnull=False), "measure__at", start, end)
    minutes = [int((b - a).total_seconds() // 60) for a, b in answered.values_list("at", "measure__at")]
    return ModerationReport(start, end, now, tally.figures_of(counts, minutes))


def _by(counts: tally.Counts, rows: QuerySet[models.Measure] | QuerySet[Report], name: object) -> None:
    """Add rows by rule. name: row -> figure."""
    fields = ("measure", "rule") if rows.model is models.Measure else ("rule",)
    for row in rows.order_by().values(*fields).annotate(number=Count("pk")):
        figure = name(row)  # type: ignore[operator]
        counts[figure, ""] += row["number"]
        if row["rule"]:
            counts[figure, row["rule"]] += row["number"]


def between(rows, field: str, first: date | None, last: date | None):  # type: ignore[no-untyped-def]
    """Rows of the days first to last, UTC."""
    if first is not None:
        rows = rows.filter(**{f"{field}__gte": datetime.combine(first, time(), UTC)})
    if last is not None:
        rows = rows.filter(**{f"{field}__lt": datetime.combine(last, time(), UTC) + timedelta(days=1)})
    return rows


def _comment(public_id: str) -> Comment:
    row = Comment.objects.select_related(*EVERYTHING, "root").filter(public_id=public_id).first()
    if row is None:
        raise AbsentError(f"there is no comment {public_id}", hint="its id may be mistyped")
    return row


def _first_replies(roots: tuple[Comment, ...]) -> dict[int, list[Comment]]:
    """Key of the root -> its first replies in their places. One statement."""
    number = Window(RowNumber(), partition_by=F("root"), order_by="path")
    rows = Comment.objects.filter(root__in=roots).annotate(number=number).filter(number__lte=FIRST_REPLIES)
    found: dict[int, list[Comment]] = defaultdict(list)
    for row in rows.select_related(*EVERYTHING).order_by("path"):
        if row.root_id is not None:
            found[row.root_id].append(row)
    return found


def _numbers(roots: tuple[Comment, ...]) -> dict[int, int]:
    rows = Comment.objects.filter(root__in=roots).order_by().values_list("root").annotate(Count("pk"))
    return dict(rows)
