"""Between rows of the tables and values: the facts of a report, written and read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from penholder.evidence.models import Actor, Casualties, Change, Grade, Import, Incident, Means, Source
from penholder.evidence.values import (
    CasualtyRange,
    Facts,
    GradeAxis,
    Harm,
    PersonStatus,
    PlacePrecision,
)

_BATCH = 500
_COLUMNS = (
    "key", "received_on", "starts_on", "ends_on", "date_precision", "place", "admin1", "admin2", "place_name",
    "munition", "object_class", "object_words", "attacks_least", "attacks_most", "certainty",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report to be written: its public id, its place in the file (None: by hand), what it says."""

    public_id: str
    row: int | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class Judged:
    """The grade that reports come with: both axes, each with its reason."""

    reliability: str
    credibility: str
    reliability_reason: str
    credibility_reason: str


def write_reports(
    reports: Sequence[NewReport], *, source: Source, imported: Import | None, judged: Judged, change: Change
) -> None:
    """Insert reports with their actors, means, ranges and first grades."""
    made = Incident.objects.bulk_create(
        [_incident(r, source=source, imported=imported, change=change) for r in reports], batch_size=_BATCH
    )
    pairs = list(zip(made, (r.facts for r in reports), strict=True))
    actors = [Actor(incident=i, place=n, name=a) for i, f in pairs for n, a in enumerate(f.actors)]
    means = [Means(incident=i, place=n, means=m) for i, f in pairs for n, m in enumerate(f.means)]
    ranges = [_casualties(i, n, c) for i, f in pairs for n, c in enumerate(f.casualties)]
    axes = (
        (GradeAxis.RELIABILITY, judged.reliability, judged.reliability_reason),
        (GradeAxis.CREDIBILITY, judged.credibility, judged.credibility_reason),
    )
    grades = [
        Grade(incident=i, axis=axis.value, number=1, value=value, reason=reason, change=change)
        for i in made
        for axis, value, reason in axes
    ]
    for model, rows in ((Actor, actors), (Means, means), (Casualties, ranges), (Grade, grades)):
        manager: Any = model._default_manager  # noqa: SLF001 - Django's documented name
        manager.bulk_create(rows, batch_size=_BATCH)


def _incident(report: NewReport, *, source: Source, imported: Import | None, change: Change) -> Incident:
    facts = report.facts
    return Incident(
        public_id=report.public_id,
        source=source,
        imported=imported,
        row=report.row,
        place_precision=facts.place_precision.value,
        latitude_micro=facts.latitude,
        longitude_micro=facts.longitude,
        change=change,
        **{name: getattr(facts, name) for name in _COLUMNS},
    )


def _casualties(incident: Incident, place: int, given: CasualtyRange) -> Casualties:
    return Casualties(
        incident=incident,
        place=place,
        harm=given.harm.value,
        status=given.status.value,
        least=given.least,
        most=given.most,
        status_source=given.status_source,
    )


def facts_of(incidents: Iterable[Incident]) -> dict[int, Facts]:
    """What each of these reports says, by primary key. Three statements for some hundred."""
    rows = list(incidents)
    ids = [r.pk for r in rows]
    actors, means, ranges = _names(Actor, "name", ids), _names(Means, "means", ids), _ranges(ids)
    return {
        r.pk: Facts(
            place_precision=PlacePrecision(r.place_precision),
            latitude=r.latitude_micro,
            longitude=r.longitude_micro,
            actors=tuple(actors[r.pk]),
            means=tuple(means[r.pk]),
            casualties=tuple(ranges[r.pk]),
            **{name: getattr(r, name) for name in _COLUMNS},
        )
        for r in rows
    }


def _names(model: Any, column: str, ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = model.objects.filter(incident__in=ids).order_by("incident_id", "place")
    for incident, name in rows.values_list("incident_id", column):
        found[incident].append(name)
    return found


def _ranges(ids: Collection[int]) -> dict[int, list[CasualtyRange]]:
    found: dict[int, list[CasualtyRange]] = defaultdict(list)
    for c in Casualties.objects.filter(incident__in=ids).order_by("incident_id", "place"):
        found[c.incident_id].append(
            CasualtyRange(
                harm=Harm(c.harm),
                status=PersonStatus(c.status),
                least=c.least,
                most=c.most,
                status_source=c.status_source,
            )
        )
    return found
