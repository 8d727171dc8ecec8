"""The tables of casework against what was recorded: for `penholder fsck`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import penholder.casework.actions  # noqa: F401 - every event of a case has its effect declared
from penholder.actions.replay import Difference, Recorded, replays
from penholder.casework.actions.locked import columns_of
from penholder.casework.decision_events import CaseNoticeIssued, LicenceNoticeIssued
from penholder.casework.effects import case_events, column_of, effect_of
from penholder.casework.events import PartyListLoaded
from penholder.casework.machine import machine
from penholder.casework.models import Case, ListEntry, Notice, Part, PartyList
from penholder.casework.reading import ListRow, data_hash
from penholder.casework.values import CaseStatus, PartKind
from penholder.kernel.canonical import sha256_of

Row = tuple[int, int, str, str, str, str, date, str]
"""number, place, kind, id, about, status, day, hash of the content."""
_BATCH = 200


@dataclass(slots=True)
class Folded:
    """A case as its events leave it."""

    exporter: str = ""
    status: CaseStatus = field(default_factory=lambda: machine().begins)
    version: int = 0
    rows: list[Row] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)

    def apply(self, record: Recorded) -> str:
        """One more event. Gives what is wrong with it, or nothing."""
        effect = effect_of(record.event)  # type: ignore[arg-type]  # the caller has seen that it is whole
        after = self.status
        if effect.move is not None:
            after = machine().moves.get((effect.move, self.status), after)
            if (effect.move, self.status) not in machine().moves:
                return f"{record.name}: {effect.move} is not allowed while the case is {self.status}"
        self.status, self.version = after, self.version + 1
        self.exporter = record.values.get("exporter", self.exporter)
        for place, new in enumerate(effect.parts, start=1):
            if new.kind is PartKind.APPLICATION:
                self.columns = columns_of(new.value)
            content = sha256_of(column_of(new.kind, new.value))
            day = new.on or record.at.date()
            self.rows.append(
                (self.version, place, new.kind.value, new.public_id, new.about, after.value, day, content)
            )
        return ""


@replays(*case_events())
def cases(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every case as the events leave it, and as its rows say."""
    folded: dict[str, Folded] = {}
    erased: set[str] = set()
    for record in recorded:
        if record.event is None:
            erased.add(record.about)
        elif record.about not in erased:
            wrong = folded.setdefault(record.about, Folded()).apply(record)
            if wrong:
                yield Difference(f"{record.about}, entry {record.number}", wrong)
    yield from _compare(folded, erased)
    if erased:
        yield Difference(
            f"{len(erased)} cases",
            "were not compared with their events, because private fields of them were erased",
            is_wrong=False,
        )


def _compare(folded: dict[str, Folded], erased: set[str]) -> Iterator[Difference]:
    left = set(folded) - erased
    for row in Case.objects.order_by("pk").iterator(chunk_size=_BATCH):
        left.discard(row.public_id)
        if row.public_id in erased:
            continue
        found, where = folded.get(row.public_id), f"case {row.public_id}"
        if found is None:
            yield Difference(where, "is in the tables and not in the ledger")
        elif said := _said(found, row):
            yield Difference(where, f"the ledger and the tables differ in {said}")
    for public_id in sorted(left):
        yield Difference(f"case {public_id}", "is in the ledger and not in the tables")


def _said(folded: Folded, row: Case) -> str:
    """Names of what differs."""
    submitted = any(r[2] == PartKind.SUBMISSION for r in folded.rows)
    compared = {
        "its exporter": folded.exporter == row.exporter,
        "its status": folded.status == row.status,
        "its version": folded.version == row.version,
        "that it was submitted": submitted == (row.submitted_at is not None),
        "what stands in its row": all(getattr(row, n) == v for n, v in folded.columns.items()),
        "its parts": folded.rows == list(_rows(row)),
    }
    return ", ".join(name for name, same in compared.items() if not same)


def _rows(case: Case) -> Iterator[Row]:
    for p in Part.objects.filter(case=case).order_by("number", "place"):
        yield p.number, p.place, p.kind, p.public_id, p.about, p.status, p.on_day, sha256_of(p.content)


@replays(PartyListLoaded)
def party_lists(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every list that was loaded: what it is called, its counts, and every entry."""
    said = {r.about: r.values for r in recorded}
    for row in PartyList.objects.order_by("pk"):
        values, where = said.pop(row.public_id, None), f"list {row.public_id}"
        if values is None:
            yield Difference(where, "is in the tables and not in the ledger")
        elif wrong := _wrong(row, values):
            yield Difference(where, f"the ledger and the tables differ in {wrong}")
    for public_id in sorted(said):
        yield Difference(f"list {public_id}", "is in the ledger and not in the tables")


def _wrong(row: PartyList, values: dict[str, Any]) -> str:
    """Names of what differs. Fields that were erased are not compared."""
    held: dict[str, Any] = {
        "called": row.name,
        "kind": row.kind,
        "source": row.source,
        "as_of": row.as_of.isoformat(),
        "read": row.read,
        "loaded": row.loaded,
        "file": row.file,
        "file_digest": row.file_digest,
        "data_sha256": _hash_of(row),
    }
    wrong = [name for name, value in held.items() if name in values and values[name] != value]
    if row.data_sha256 != held["data_sha256"] or row.read != row.loaded + len(row.refused):
        wrong.append("its own row")
    return ", ".join(wrong)


def _hash_of(row: PartyList) -> str:
    entries = ListEntry.objects.filter(party_list=row).order_by("pk")
    found = entries.values_list("key", "spellings", "place")
    return data_hash(tuple(ListRow(key, tuple(spellings), place) for key, spellings, place in found))


@replays(CaseNoticeIssued, LicenceNoticeIssued)
def notices(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every notice: what it says, of what, and where its PDF is."""
    said = {str(r.values["notice_id"]): r.values for r in recorded}
    for row in Notice.objects.order_by("pk").iterator(chunk_size=_BATCH):
        values, where = said.pop(row.public_id, None), f"notice {row.public_id}"
        if values is None:
            yield Difference(where, "is in the tables and not in the ledger")
            continue
        held: dict[str, Any] = {
            "kind": row.kind,
            "notice": row.content,
            "file": row.file,
            "file_digest": row.file_digest,
            "decided_on": row.decided_on.isoformat(),
            "issued_on": row.issued_on.isoformat(),
        }
        wrong = [name for name, value in held.items() if name in values and values[name] != value]
        if wrong:
            yield Difference(where, f"the ledger and the tables differ in {', '.join(wrong)}")
    for public_id in sorted(said):
        yield Difference(f"notice {public_id}", "is in the ledger and not in the tables")
