"""The tables of the assessments against what was recorded: for `penholder fsck`."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.errors import ConflictError
from penholder.actions.replay import Difference, Recorded, replays
from penholder.assessment import events
from penholder.assessment.history import Life, lives
from penholder.assessment.models import Assessment, Gist
from penholder.assessment.policy import Fold, Folded


@replays(
    events.AssessmentStarted,
    events.VersionSaved,
    events.VersionSent,
    events.VersionChecked,
    events.VersionCountersigned,
    events.ChangeRequested,
    events.VersionAccepted,
    events.VersionSuperseded,
    events.DissentLinked,
    events.GistPublished,
)
def assessments(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every assessment as the events leave it, and as its rows say: statuses, contents, requests, state."""
    fold = Fold()
    erased: set[str] = set()
    for record in recorded:
        if record.event is None:
            erased.add(record.about)
        elif record.about not in erased:
            yield from _apply(fold, record)
    yield from _compare(fold, erased)
    if erased:
        yield Difference(
            f"{len(erased)} assessments",
            "were not compared with their events, because private fields of them were erased",
            is_wrong=False,
        )


def _apply(fold: Fold, record: Recorded) -> Iterator[Difference]:
    try:
        fold.apply(record.event)  # type: ignore[arg-type]  # the caller has seen that it is whole
    except ConflictError as error:
        yield Difference(f"{record.about}, entry {record.number}", f"{record.name}: {error.message}")


def _compare(fold: Fold, erased: set[str]) -> Iterator[Difference]:
    left = set(fold.assessments) - erased
    for row in Assessment.objects.order_by("pk").iterator(chunk_size=200):
        left.discard(row.public_id)
        if row.public_id in erased:
            continue
        folded = fold.assessments.get(row.public_id)
        where = f"assessment {row.public_id}"
        if folded is None:
            yield Difference(where, "is in the tables and not in the ledger")
        elif said := _said(folded, row, lives(row)):
            yield Difference(where, f"the ledger and the tables differ in {said}")
    for public_id in sorted(left):
        yield Difference(f"assessment {public_id}", "is in the ledger and not in the tables")


def _named(about: Folded | Assessment) -> tuple[str, str, str]:
    return about.destination, about.party, about.conflict


def _said(folded: Folded, row: Assessment, found: list[Life]) -> str:
    """Names of what differs."""
    requests = [r.public_id for x in found for r in x.requests]
    gists = set(Gist.objects.filter(version__assessment=row).values_list("version__public_id", flat=True))
    compared = {
        "its name": (folded.destination, folded.party, folded.conflict)
        == (row.destination, row.party, row.conflict),
        "its state": folded.version == row.version,
        "its versions": list(folded.statuses) == [x.row.public_id for x in found],
        "a status": list(folded.statuses.values()) == [x.status for x in found],
        "what a version says": list(folded.contents.values()) == [x.content for x in found],
        "its requests": sorted(folded.requests) == sorted(requests),
        "its links": folded.dissents == {(x.row.public_id, d) for x in found for d in x.dissents},
        "what was published": folded.gists == gists,
    }
    return ", ".join(name for name, same in compared.items() if not same)
