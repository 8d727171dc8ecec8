"""All incidents of a file, as one act that names every record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.values import FieldClass
from penholder.actions.words import check_words
from penholder.evidence import policy
from penholder.evidence.access import require_sight
from penholder.evidence.actions.locked import change_of, find_source
from penholder.evidence.actions.parameters import IsCredible, IsReliable, SourceId, WhyCredible, WhyReliable
from penholder.evidence.events import IncidentsImported
from penholder.evidence.files import MEDIA_TYPE, handle_of, opened
from penholder.evidence.models import Change, Import, Incident, QuarantinedRow, Source
from penholder.evidence.reading import OWN, ReadFile, data_hash, read_file, without
from penholder.evidence.rows import Judged, NewReport, write_reports
from penholder.evidence.values import INCIDENT, EvidencePermission
from penholder.kernel.canonical import sha256_of
from penholder.vault.files import StoredFile
from penholder.vault.staged import HANDLE, Handle, keep_staged

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of every row of a file: read = loaded + quarantined. imported: public id (IR-…)."""

    imported: str
    read: int
    loaded: int
    quarantined: int
    reasons: dict[str, int]
    data_sha256: str


@action(permission=EvidencePermission.IMPORT, events=(IncidentsImported,))
def import_incidents(
    run: Run,
    *,
    file: Annotated[
        str,
        Field(description="The file that was sent: its handle (IR-….…), from the form, the API or "
              "`penholder evidence send`.", pattern=HANDLE),
    ],
    source: SourceId,
    received_on: Annotated[date, Field(description="Day on which the file reached the authority.")],
    reliability: IsReliable,
    reliability_reason: WhyReliable,
    credibility: IsCredible,
    credibility_reason: WhyCredible,
    layout: Annotated[
        str, Field(description="How the columns are called: docs/reference/evidence.md.", max_length=200)
    ] = OWN,
) -> Imported:  # fmt: skip
    """Take in every row of a file of incidents, or keep it out with a reason.

    All of them get the grade that is given here; each can be graded anew. A row whose number the source has given
    before is kept out, so that nothing counts twice. A file with columns about persons is refused as a whole.
    """
    require_sight(run.actor)
    check_words(reliability_reason=reliability_reason, credibility_reason=credibility_reason)
    policy.check_texts(reliability_reason=reliability_reason, credibility_reason=credibility_reason)
    policy.check_day(received_on, name="received_on", today=run.now.date())
    body, handle = find_source(source), handle_of(file)
    found = _read(handle, body, layout, received_on)
    ids = tuple(run.new_id(INCIDENT) for _ in found.rows)
    facts = tuple(f for _, f in found.rows)
    change = change_of(run)
    stored = keep_staged(handle, field_class=FieldClass.OFFICIAL, media_type=MEDIA_TYPE)
    sha256 = data_hash(facts)
    row = _row(found, handle, body, stored, received_on=received_on, sha256=sha256, change=change)
    judged = Judged(reliability.value, credibility.value, reliability_reason, credibility_reason)
    reports = [NewReport(i, n, f) for n, (i, f) in enumerate(zip(ids, facts, strict=True), start=1)]
    write_reports(reports, source=body, imported=row, judged=judged, change=change)
    event = IncidentsImported(
        imported=row.public_id, read=found.read, loaded=len(ids), quarantined=len(found.refused),
        reasons=dict(found.reasons),
        first_day=min(f.starts_on for f in facts), last_day=max(f.ends_on for f in facts),
        file_digest=stored.digest, data_sha256=sha256, incidents_sha256=sha256_of(list(ids)), source=source,
        layout=layout, received_on=received_on, incidents=ids, reliability=reliability, credibility=credibility,
        reliability_reason=reliability_reason, credibility_reason=credibility_reason, file=stored.address,
    )  # fmt: skip
    run.record(event, claimed_at=received_on)
    return Imported(row.public_id, found.read, len(ids), len(found.refused), dict(found.reasons), sha256)


def _read(handle: Handle, source: Source, layout: str, received_on: date) -> ReadFile:
    """The file without what was recorded before. Raises: InvalidError; ConflictError: nothing in it is new."""
    with opened(handle) as stream:
        found = read_file(stream, layout=layout, received_on=received_on)
    found = without(found, recorded_keys(source, found))
    if not found.rows:
        raise ConflictError(
            f"every row of the file is recorded already, or cannot be taken in: {found.read:,} read, "
            + ", ".join(f"{n:,} {r.replace('_', ' ')}" for r, n in found.reasons.items()),
            hint="nothing is left to do",
        )
    return found


def recorded_keys(source: Source, found: ReadFile) -> frozenset[str]:
    """The numbers of these rows that the source has given before."""
    asked = [f.key for _, f in found.rows]
    known: set[str] = set()
    for start in range(0, len(asked), _BATCH):
        rows = Incident.objects.filter(source=source, key__in=asked[start : start + _BATCH])
        known |= set(rows.values_list("key", flat=True))
    return frozenset(known)


def _row(
    found: ReadFile,
    handle: Handle,
    source: Source,
    stored: StoredFile,
    *,
    received_on: date,
    sha256: str,
    change: Change,
) -> Import:
    if Import.objects.filter(public_id=handle.subject).exists():
        raise InvalidError(
            "this file was taken in already",
            hint="send it again to read it anew",
            fields={"file": "is used already"},
        )
    made: Import = Import.objects.create(
        public_id=handle.subject,
        source=source,
        layout=found.layout,
        received_on=received_on,
        read=found.read,
        loaded=len(found.rows),
        quarantined=len(found.refused),
        reasons=dict(found.reasons),
        file=stored.address,
        file_digest=stored.digest,
        data_sha256=sha256,
        change=change,
    )
    QuarantinedRow.objects.bulk_create(
        [QuarantinedRow(imported=made, line=r.line, column=r.column, reason=r.reason) for r in found.refused],
        batch_size=_BATCH,
    )
    return made
