"""Counts of decisions and notices: refusals by limb, and how soon holders were told. Each with its rows."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from penholder.actions.values import Actor
from penholder.analysis.releases.catalogue import read_catalogue_or_empty
from penholder.analysis.releases.read import read_rows
from penholder.analysis.schemas import LICENCE_LINES
from penholder.casework.access import reads_official
from penholder.casework.decided import DECIDED
from penholder.casework.decision_answers import LimbCount, Refusals, Told
from penholder.casework.models import Change, Part
from penholder.casework.models import Notice as NoticeTable
from penholder.casework.policy.decision import criterion_of
from penholder.casework.values import NoticeKind, Outcome
from penholder.kernel.errors import NotKnownError
from penholder.ledger.known import changes_known
from penholder.regime.regimes import regimes
from penholder.register.stops import stops

_DATA = "data"
_REFUSED = "refused"


def refusals_by_limb(
    *,
    viewer: Actor,
    criterion: str = "",
    since: date | None = None,
    until: date | None = None,
    known: datetime | None = None,
) -> Refusals:
    """Question 19: on which limbs refusals rest. Published data that were imported name a criterion and no limb.

    Args:
        criterion: its number, for example "2"; empty: all limbs. since, until: days of decision, the second
            exclusive.
    For officials; for others nothing is there.
    """
    rows = Part.objects.filter(kind__in=DECIDED, content__outcome=Outcome.REFUSE.value)
    rows = rows if reads_official(viewer) else rows.none()
    if since is not None:
        rows = rows.filter(on_day__gte=since)
    if until is not None:
        rows = rows.filter(on_day__lt=until)
    if known is not None:
        rows = rows.filter(change_id__in=changes_known(Change, known))
    counted: Counter[str] = Counter()
    ids = []
    for public_id, limbs in rows.order_by("pk").values_list("public_id", "content__limbs"):
        named = [x for x in limbs if not criterion or criterion_of(x) == criterion]
        counted.update(named)
        if named:
            ids.append(public_id)
    titles = {r.id: r.title for found in regimes() for r in found.rules}
    return Refusals(
        criterion=criterion,
        since=since,
        until=until,
        known=known,
        refusals=len(ids),
        by_limb=tuple(LimbCount(r, titles.get(r, ""), n) for r, n in sorted(counted.items())),
        decisions=tuple(ids),
        imported_unknown=_imported(criterion, since=since, until=until, known=known) if criterion else None,
    )


def _imported(criterion: str, *, since: date | None, until: date | None, known: datetime | None) -> int:
    """Lines of published refusals under a criterion, in the data folder of the installation. Limb: unknown."""
    folder = Path(settings.PENHOLDER_HOME) / _DATA
    if not folder.is_dir():
        return 0
    catalogue = read_catalogue_or_empty(folder)
    try:
        day = known.date() if known else None
        table = read_rows(catalogue, LICENCE_LINES.name, columns=("outcome", "criteria", "decided_on"), known=day)
    except NotKnownError:
        return 0
    found = 0
    for row in table.to_pylist():
        named = {c.strip() for c in (row["criteria"] or "").split(";")}
        is_in = (since is None or row["decided_on"] >= since) and (until is None or row["decided_on"] < until)
        found += row["outcome"] == _REFUSED and criterion in named and is_in
    return found


def told_holders(*, viewer: Actor, known: datetime | None = None) -> tuple[Told, ...]:
    """Question 18: each suspension and revocation, when it was entered, and when its holder was told.

    Oldest first. For officials; for others nothing is there.
    """
    if not reads_official(viewer):
        return ()
    kinds = {"suspend": NoticeKind.SUSPENSION, "revoke": NoticeKind.REVOCATION}
    rows = NoticeTable.objects.filter(kind__in=[k.value for k in kinds.values()]).select_related("change")
    if known is not None:
        rows = rows.filter(change_id__in=changes_known(Change, known))
    told = {(r.subject, r.about): r for r in rows}
    found = []
    for stop in stops(known=known):
        row = told.get((stop.licence, stop.run))
        found.append(
            Told(
                licence=stop.licence,
                lines=stop.lines,
                kind=kinds[stop.act],
                decided_on=stop.effective_on,
                recorded_at=stop.recorded_at,
                notice=row.public_id if row else "",
                told_at=row.change.recorded_at if row else None,
            )
        )
    return tuple(found)
