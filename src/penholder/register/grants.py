"""What the register granted, amended or reinstated, for restrictions to look at again.

What came with a release is history that others published: it is none of our grants.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Q

from penholder.ledger.known import changes_known
from penholder.register.facts import facts_of
from penholder.register.models import Change, LineVersion, Release, Terms
from penholder.register.rows import terms_of
from penholder.register.values import LineAct, LineStatus
from penholder.restrictions.grants import Grant, tells_grants
from penholder.restrictions.values import LineFacts

_ACTS = (LineAct.ISSUE.value, LineAct.AMEND.value, LineAct.REINSTATE.value)


@tells_grants
def granted_lines(*, since: date, known: datetime | None) -> Iterator[Grant]:
    """Every issue, amendment (of issued lines) and reinstatement that counts, or was recorded, since a day."""
    found = LineVersion.objects.filter(act__in=_ACTS).exclude(change_id__in=Release.objects.values("change_id"))
    found = found.filter(Q(effective_on__gte=since) | Q(change__recorded_at__date__gte=since))
    rows = list(found.exclude(status=LineStatus.DRAFT).select_related("line__licence", "change").order_by("pk"))
    held = None if known is None else changes_known(Change, known, among={r.change_id for r in rows})
    terms = _terms([r.line_id for r in rows])
    for row in rows:
        if held is None or row.change_id in held:
            yield Grant(
                subject=row.line.licence.public_id,
                line=row.line.number,
                act=row.act,
                on=row.effective_on,
                acted_at=row.change.recorded_at,
                facts=_facts(terms[row.line_id], row),
            )


def _terms(lines: list[int]) -> dict[int, list[Terms]]:
    found: dict[int, list[Terms]] = {}
    for row in Terms.objects.filter(line_id__in=lines).order_by("line_id", "effective_on", "pk"):
        found.setdefault(row.line_id, []).append(row)
    return found


def _facts(terms: list[Terms], step: LineVersion) -> LineFacts:
    """By the terms that the act left: the newest of those recorded by then."""
    then = [t for t in terms if t.change_id <= step.change_id] or terms[:1]
    kind = step.line.licence.licence_type
    return facts_of(terms_of(then[-1]), licence_type=kind, published=then[-1].published)
