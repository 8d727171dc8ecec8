"""The tables of evidence against what was recorded: for `penholder fsck`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from penholder.actions.replay import Difference, Recorded, replays
from penholder.evidence import events
from penholder.evidence.models import (
    ExculpatoryFact,
    Explanation,
    Finding,
    Gap,
    GapClosing,
    Grade,
    Import,
    Incident,
    Joining,
    Origin,
    Scope,
    Source,
)
from penholder.evidence.reading import data_hash
from penholder.evidence.rows import facts_of

Key = tuple[str, ...]
Row = tuple[Any, ...]
_BATCH = 500
_AXES = (("reliability", "reliability_reason"), ("credibility", "credibility_reason"))


class Fold:
    """Every row that the events amount to, by kind and id; and the version of each incident."""

    def __init__(self) -> None:
        self.rows: dict[Key, Row] = {}
        self.versions: Counter[str] = Counter()
        self.erased: set[str] = set()
        self._numbers: Counter[Key] = Counter()

    def apply(self, event: Any) -> None:
        """One more event."""
        match event:
            case events.SourceRegistered():
                self.rows["source", event.source] = (event.called, event.kind.value, event.note)
                return
            case events.IncidentsImported():
                self._import(event)
                return
            case events.IncidentEntered():
                self.rows["incident", event.incident] = (event.source, "", data_hash((event.facts,)))
                self._graded(event.incident, event)
        self.versions[event.incident] += 1
        self._versioned(event)
        self._added(event)

    def _import(self, event: events.IncidentsImported) -> None:
        counts = (event.read, event.loaded, event.quarantined, dict(event.reasons))
        self.rows["import", event.imported] = (
            *counts,
            event.source,
            event.file,
            event.data_sha256,
            event.incidents,
        )
        for incident in event.incidents:
            self.versions[incident] += 1
            self._graded(incident, event)

    def _graded(self, incident: str, event: Any) -> None:
        for axis, reason in _AXES:
            self._add("grade", incident, axis, row=(getattr(event, axis).value, getattr(event, reason)))

    def _add(self, kind: str, incident: str, *more: str, row: Row) -> None:
        self._numbers[kind, incident, *more] += 1
        self.rows[kind, incident, *more, str(self._numbers[kind, incident, *more])] = row

    def _versioned(self, e: Any) -> None:
        """What is said anew: one more number."""
        match e:
            case events.IncidentGraded():
                self._add("grade", e.incident, e.axis.value, row=(e.value, e.reason))
            case events.OriginStated():
                self._add("origin", e.incident, row=(e.origin, e.reason))
            case events.IncidentsJoined():
                self._add("joining", e.incident, row=(e.same_as, e.reason))
            case events.IncidentsSeparated():
                self._add("joining", e.incident, row=("", e.reason))
            case events.ScopeSet():
                self._add("scope", e.incident, row=(e.in_scope, e.reason))
            case events.FindingRecorded():
                row = (e.value, e.confidence.value, e.party, e.grounds, tuple(e.evidence), e.reason)
                self._add("finding", e.incident, e.axis.value, row=row)

    def _added(self, e: Any) -> None:
        """What stands beside: an id of its own."""
        match e:
            case events.ExplanationRecorded():
                codes = (e.kind.value, e.position.value, e.given_on, e.credibility.value)
                texts = (e.party, e.source, e.text, e.credibility_reason)
                self.rows["explanation", e.incident, e.explanation] = (*codes, *texts)
            case events.ExculpatoryFactRecorded():
                row = (e.kind.value, e.credibility.value, e.source, e.text, e.disputed, e.credibility_reason)
                self.rows["fact", e.incident, e.fact] = row
            case events.GapOpened():
                self.rows["gap", e.incident, e.gap] = (e.axis.value, e.question, e.due)
            case events.GapClosed():
                self.rows["gap closing", e.incident, e.gap] = (e.is_answered, e.answer)


@replays(events.SourceRegistered, events.IncidentsImported, *events.OF_INCIDENTS)
def incidents(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every row as the events leave it, and as the tables have it; what an import took in by its hash."""
    fold = Fold()
    for record in recorded:
        if record.event is None:
            fold.erased.add(record.about)
        else:
            fold.apply(record.event)
    left = {key for key in fold.rows if not fold.erased & set(key)}
    for key, row in _held():
        left.discard(key)
        if fold.erased & set(key):
            continue
        if key not in fold.rows:
            yield Difference(_named(key), "is in the tables and not in the ledger")
        elif fold.rows[key] != row:
            yield Difference(_named(key), "the ledger and the tables differ")
    for key in sorted(left):
        yield Difference(_named(key), "is in the ledger and not in the tables")
    yield from _versions(fold)


def _versions(fold: Fold) -> Iterator[Difference]:
    for public_id, version in Incident.objects.values_list("public_id", "version").iterator(chunk_size=10_000):
        if public_id not in fold.erased and fold.versions[public_id] != version:
            yield Difference(f"incident {public_id}", "its version is not what the ledger makes it")


def _named(key: Key) -> str:
    return f"{key[0]} {', '.join(key[1:])}"


def _held() -> Iterator[tuple[Key, Row]]:
    """Every row of the tables, as the fold spells it."""
    for s in Source.objects.order_by("pk"):
        yield ("source", s.public_id), (s.name, s.kind, s.note)
    yield from _reports()
    yield from _imports()
    for g in _of(Grade):
        yield ("grade", g.incident.public_id, g.axis, str(g.number)), (g.value, g.reason)
    for o in _of(Origin, "origin"):
        yield ("origin", o.incident.public_id, str(o.number)), (o.origin.public_id if o.origin else "", o.reason)
    for j in _of(Joining, "same_as"):
        to = j.same_as.public_id if j.same_as else ""
        yield ("joining", j.incident.public_id, str(j.number)), (to, j.reason)
    for c in _of(Scope):
        yield ("scope", c.incident.public_id, str(c.number)), (c.in_scope, c.reason)
    yield from _found()


def _found() -> Iterator[tuple[Key, Row]]:
    for f in _of(Finding):
        row = (f.value, f.confidence, f.party, f.grounds, tuple(f.evidence), f.reason)
        yield ("finding", f.incident.public_id, f.axis, str(f.number)), row
    for e in _of(Explanation, "source"):
        texts = (e.party, _id(e.source), e.text, e.credibility_reason)
        yield (
            ("explanation", e.incident.public_id, e.public_id),
            (e.kind, e.position, e.given_on, e.credibility, *texts),
        )
    for x in _of(ExculpatoryFact, "source"):
        row = (x.kind, x.credibility, _id(x.source), x.text, x.disputed, x.credibility_reason)
        yield ("fact", x.incident.public_id, x.public_id), row
    for g in _of(Gap):
        yield ("gap", g.incident.public_id, g.public_id), (g.axis, g.question, g.due)
    for c in GapClosing.objects.select_related("gap__incident").order_by("pk").iterator(chunk_size=_BATCH):
        yield ("gap closing", c.gap.incident.public_id, c.gap.public_id), (c.is_answered, c.answer)


def _of(model: Any, *more: str) -> Any:
    rows = model.objects.select_related("incident", *more).order_by("pk")
    return rows.iterator(chunk_size=2_000)


def _id(source: Source | None) -> str:
    return source.public_id if source else ""


def _reports() -> Iterator[tuple[Key, Row]]:
    """What was entered by hand, each by its hash."""
    rows = Incident.objects.filter(imported=None).select_related("source").order_by("pk")
    for batch in _batches(rows):
        facts = facts_of(batch)
        for r in batch:
            yield ("incident", r.public_id), (r.source.public_id, "", data_hash((facts[r.pk],)))


def _imports() -> Iterator[tuple[Key, Row]]:
    """What came with files, all rows of a file by one hash."""
    for i in Import.objects.select_related("source").order_by("pk"):
        ids, facts = [], []
        for batch in _batches(Incident.objects.filter(imported=i).order_by("row")):
            said = facts_of(batch)
            ids += [r.public_id for r in batch]
            facts += [said[r.pk] for r in batch]
        counts = (i.read, i.loaded, i.quarantined, i.reasons)
        yield ("import", i.public_id), (*counts, i.source.public_id, i.file, data_hash(tuple(facts)), tuple(ids))


def _batches(rows: Any) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows.iterator(chunk_size=_BATCH):
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
