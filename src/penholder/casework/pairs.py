"""Question 24: similar cases that ended differently, with the reasons on file."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import combinations

from penholder.actions.values import Actor
from penholder.casework.access import reads_official
from penholder.casework.decided import DECIDED
from penholder.casework.decision_answers import SimilarPair
from penholder.casework.history import dossiers, held_of
from penholder.casework.models import Change, Part
from penholder.casework.policy.facts import end_user_class
from penholder.ledger.known import changes_known

MOST = 1_000


def similar_pairs(*, viewer: Actor, known: datetime | None = None) -> tuple[SimilarPair, ...]:
    """Pairs of decisions with the same ratings, class of the last end user and month, and different outcomes.

    The newest thousand at most, newest month first. For officials; for others nothing is there. A case whose class
    of end user is not stated is compared with none.
    """
    rows = Part.objects.filter(kind__in=DECIDED).select_related("case", "change").order_by("pk")
    if not reads_official(viewer):
        return ()
    if known is not None:
        rows = rows.filter(change_id__in=changes_known(Change, known))
    found = list(rows)
    held = dossiers({r.case_id: r.case for r in found}.values(), known=known)
    alike: dict[tuple[str, tuple[str, ...], str], list[Part]] = defaultdict(list)
    for row in found:
        dossier = held[row.case.public_id]
        kind = end_user_class(dossier.application)
        ratings = {c for r in dossier.ratings.values() for c in r.value.ratings}
        if kind is not None and ratings:
            alike[f"{row.on_day:%Y-%m}", tuple(sorted(ratings)), kind].append(row)
    pairs = [
        _pair(key, one, other)
        for key, group in alike.items()
        for one, other in combinations(group, 2)
        if one.content["outcome"] != other.content["outcome"] and one.case_id != other.case_id
    ]
    return tuple(sorted(pairs, key=lambda p: (p.month, p.decisions), reverse=True)[:MOST])


def _pair(key: tuple[str, tuple[str, ...], str], one: Part, other: Part) -> SimilarPair:
    month, ratings, kind = key
    both = [held_of(r) for r in (one, other)]
    return SimilarPair(
        month=month,
        ratings=ratings,
        end_user_class=kind,
        cases=(one.case.public_id, other.case.public_id),
        decisions=(both[0].id, both[1].id),
        outcomes=(both[0].value.outcome, both[1].value.outcome),
        reasons=(both[0].value.reasons, both[1].value.reasons),
    )
