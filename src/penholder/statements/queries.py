"""Questions to the statements. What was said is for everybody; what was held, for who may see assessments."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from pydantic import TypeAdapter

from penholder.actions.behind import took_part
from penholder.actions.errors import AbsentError
from penholder.actions.moment import today
from penholder.actions.values import Actor
from penholder.assessment import queries as assessments
from penholder.assessment.access import may_see
from penholder.assessment.answers import VersionView
from penholder.assessment.values import Area, Aspect
from penholder.entry.paging import USUAL, Page, page_of
from penholder.ledger.known import runs_known
from penholder.statements import policy
from penholder.statements.answers import Beside, Held, PromiseView, StatementRow, StatementView
from penholder.statements.models import Outcome, Promise, Statement
from penholder.statements.values import ATTITUDE, RISK, Claim, PromiseState

_ON_PROMISES = tuple(f"statements.{name}" for name in ("record_promise", "keep_promise", "replace_promise"))
_CLAIMS: TypeAdapter[tuple[Claim, ...]] = TypeAdapter(tuple[Claim, ...])


def statements(
    *, viewer: Actor, destination: str = "", cursor: str | None = None, limit: int = USUAL
) -> Page[StatementRow]:
    """Statements, newest first. They are public: whoever may come in sees all. Two statements."""
    del viewer
    late = Q(promises__outcome__isnull=True, promises__due__lt=today())
    rows = Statement.objects.annotate(
        made=Count("promises", distinct=True), late=Count("promises", filter=late, distinct=True)
    )
    if destination:
        rows = rows.filter(destination=destination)
    page = page_of(rows, order=("-said_on", "public_id"), cursor=cursor, limit=limit)
    return page.map(
        lambda s: StatementRow(
            s.public_id, s.destination, s.said_on, s.place, s.speaker_role, s.words, s.assessed, *_counts(s)
        )
    )


def statement(*, viewer: Actor, id: str, known: datetime | None = None) -> StatementView:  # noqa: A002 - public id
    """What was said, claim by claim beside what was held that day. Raises: AbsentError."""
    row = Statement.objects.filter(public_id=id).first()
    if row is None or (known is not None and not runs_known([row.run], known)):
        raise AbsentError(f"there is no statement {id}", hint="look it up in the list of statements")
    sees = may_see(viewer)
    linked = _linked(viewer, row) if sees and row.assessed else None
    by_now = assessments.current_on(row.destination, row.said_on, known=known)
    claims = _CLAIMS.validate_python(row.claims)
    return StatementView(
        id=row.public_id,
        destination=row.destination,
        said_on=row.said_on,
        place=row.place,
        speaker_role=row.speaker_role,
        words=row.words,
        source=row.source,
        assessment=row.assessment,
        assessed=row.assessed,
        number=linked.number if linked else 0,
        age=linked.age if linked else None,
        by_now=by_now if sees else None,
        is_link_late=(by_now.id if by_now else "") != row.assessed,
        sees_assessment=sees,
        beside=tuple(Beside(n, c, _held(c, linked)) for n, c in enumerate(claims, start=1)),
        promises=tuple(_promise(p, today()) for p in _promises(known).filter(statement=row)),
    )


def promises(
    *,
    viewer: Actor,
    overdue: bool = False,
    on: date | None = None,
    cursor: str | None = None,
    limit: int = USUAL,
) -> Page[PromiseView]:
    """Promises, soonest due first; `overdue`: only those that are late on the day. Public. One statement."""
    del viewer
    day = on or today()
    rows = _promises(None)
    if overdue:
        rows = rows.filter(outcome__isnull=True, due__lt=day)
    page = page_of(rows, order=("due", "public_id"), cursor=cursor, limit=limit)
    return page.map(lambda p: _promise(p, day))


def participants(ids: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Statement -> staff ids of whoever recorded it, its promises, and what became of them."""
    said = took_part(ids, acts=("statements.record_statement",))
    of = dict(
        Promise.objects.filter(statement__public_id__in=ids).values_list("public_id", "statement__public_id")
    )
    made = took_part(of, acts=_ON_PROMISES)
    return {i: said[i].union(*(made[p] for p, statement in of.items() if statement == i)) for i in said}


def overdue_count() -> int:
    """How many promises are late today. Public."""
    return Promise.objects.filter(outcome__isnull=True, due__lt=today()).count()


def promise(*, viewer: Actor, id: str, on: date | None = None) -> PromiseView:  # noqa: A002 - public id
    """One promise. Raises: AbsentError."""
    del viewer
    row = _promises(None).filter(public_id=id).first()
    if row is None:
        raise AbsentError(f"there is no promise {id}", hint="look it up in the list of promises")
    return _promise(row, on or today())


def _counts(row: Any) -> tuple[int, int]:
    """Promises made in a statement, and those of them that are overdue."""
    return row.made, row.late


def _linked(viewer: Actor, row: Statement) -> VersionView:
    return assessments.version(viewer=viewer, id=row.assessed, on=row.said_on)


def _promises(known: datetime | None) -> QuerySet[Promise]:
    rows = Promise.objects.select_related("statement", "outcome", "outcome__by").order_by("due", "public_id")
    if known is None:
        return rows
    return rows.filter(run__in=runs_known(set(rows.values_list("run", flat=True)), known))


def _held(claim: Claim, linked: VersionView | None) -> tuple[Held, ...]:
    if linked is None:
        return tuple(Held(part, "", None, None, ()) for part in claim.about)
    return tuple(held for part in claim.about for held in _of_part(part, linked))


def _of_part(part: str, linked: VersionView) -> tuple[Held, ...]:
    """What the version says of a part; of a use class, under each limb; one row where it says nothing."""
    content = linked.content
    if part == ATTITUDE:
        return (Held(part, "", content.attitude, content.attitude_grounds, content.gaps),)
    first, _, second = part.partition("/")
    if first == RISK:
        found = [r for r in content.risks if r.use_class == second]
        return tuple(Held(part, r.limb, r.finding, r.grounds, r.gaps, r.despite_gaps) for r in found) or (
            Held(part, "", "not_assessed", "", ()),
        )
    cell = content.cell(Area(first), Aspect(second))
    return (Held(part, "", cell.finding, cell.grounds, cell.gaps),)


def _promise(row: Promise, day: date) -> PromiseView:
    ended: Outcome | None = getattr(row, "outcome", None)
    state = PromiseState(ended.state) if ended else PromiseState.OPEN
    return PromiseView(
        id=row.public_id,
        statement=row.statement.public_id,
        destination=row.statement.destination,
        said_on=row.statement.said_on,
        words=row.words,
        due=row.due,
        state=state,
        days_overdue=policy.days_overdue(row.due, state, on=day),
        ended_on=ended.on if ended else None,
        recorded_on=ended.recorded_on if ended else None,
        source=ended.source if ended else "",
        outcome_words=ended.words if ended else "",
        replaced_by=ended.by.public_id if ended and ended.by else "",
        version=row.version,
    )
