"""The rows behind the figures of the public report: all that is counted, one by one, as the public log has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from penholder.actions import moment
from penholder.actions.errors import AbsentError
from penholder.actions.values import Actor
from penholder.debate.answers import FigureRow
from penholder.debate.configuration import check_enabled
from penholder.debate.models import Appeal, Comment, Report
from penholder.debate.policy import tally
from penholder.debate.queries.reading import between
from penholder.debate.values import APPEAL_DUE, Outcome
from penholder.entry.paging import USUAL, Page, page_of

LISTED = (
    tally.POSTED, tally.REPORTED, tally.MEDIAN, tally.APPEALED, *(o.value for o in Outcome), tally.OPEN,
    tally.OVERDUE,
)  # fmt: skip
"""Figures with rows here; those of measures have theirs in `reading.measures`."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which days, and which part of the list."""

    first: date | None = None
    last: date | None = None
    cursor: str | None = None
    limit: int = USUAL


def rows(*, viewer: Actor, figure: str, rule: str = "", part: Part) -> Page[FigureRow]:
    """What a figure counts, newest first. Raises: AbsentError: no such figure, or no debate."""
    del viewer
    check_enabled()
    if figure not in LISTED:
        raise AbsentError(f"there is no figure {figure!r} with rows", hint=f"figures: {', '.join(LISTED)}")
    if figure == tally.POSTED:
        return _page(
            between(Comment.objects.all(), "posted_at", part.first, part.last), "posted_at", _posted, part
        )
    if figure in {tally.REPORTED, tally.MEDIAN}:
        day = "at" if figure == tally.REPORTED else "measure__at"
        reports = Report.objects.filter(rule=rule) if rule else Report.objects.all()
        found = between(reports.select_related("comment"), day, part.first, part.last)
        return _page(found.filter(measure__isnull=False) if day != "at" else found, "at", _reported, part)
    appeals, day = _appeals(figure)
    found = between(appeals.select_related("measure__comment"), day, part.first, part.last)
    return _page(found, day, _appealed(day), part)


def _appeals(figure: str) -> tuple[QuerySet[Appeal], str]:
    """Which appeals, and by which of their days."""
    everything = Appeal.objects.all()
    if figure in list(Outcome):
        return everything.filter(outcome=figure), "decided_at"
    if figure == tally.OPEN:
        return everything.filter(outcome=""), "lodged_at"
    if figure == tally.OVERDUE:
        waits = Q(decided_at__isnull=True, lodged_at__lt=moment.now() - APPEAL_DUE)
        return everything.filter(waits | Q(decided_at__gt=F("lodged_at") + APPEAL_DUE)), "lodged_at"
    return everything, "lodged_at"


def _page(found: Any, at: str, row: Callable[[Any], FigureRow], part: Part) -> Page[FigureRow]:
    page: Page[Any] = page_of(found, order=(f"-{at}", "public_id"), cursor=part.cursor, limit=part.limit)
    return page.map(row)


def _posted(row: Comment) -> FigureRow:
    return FigureRow(row.public_id, row.public_id, "", row.posted_at)


def _reported(row: Report) -> FigureRow:
    return FigureRow(row.public_id, row.comment.public_id, row.rule, row.at)


def _appealed(day: str) -> Callable[[Appeal], FigureRow]:
    def row_of(row: Appeal) -> FigureRow:
        comment = row.measure.comment
        return FigureRow(row.public_id, comment.public_id if comment else "", row.measure.rule, getattr(row, day))

    return row_of
