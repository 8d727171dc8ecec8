"""From incidents to lines: which lines could have been used in what was reported, with the reasons of a stocktake.

The question is the stocktake's, asked of the chosen incidents: does a place of the line operate the party that is
alleged to have acted (any party of the profile, where none is stated), can the goods reach the means reported (a
means that the party used, where none is stated), is the end user its forces; and can the incident have happened
while the licence was in force (scope in-force) or after it was decided (scope granted)?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa

from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.stocktake import batch
from penholder.analysis.stocktake.batch import Evaluated, evaluate, scope_columns
from penholder.analysis.stocktake.cells import Array
from penholder.analysis.stocktake.choose import WORDS, chosen, with_id
from penholder.analysis.stocktake.incidents import Kind, LineCounts, ProfileIncidents, select_incidents
from penholder.analysis.stocktake.judge import MAX_PARTIES, Group, Judge
from penholder.analysis.stocktake.reader import LinesReader
from penholder.analysis.stocktake.run import (
    Stocktake,
    answer_of,
    count_within,
    joined_parts,
    judge_of,
    lines_of,
    scope_rules,
)
from penholder.analysis.stocktake.scope import (
    InScope,
    ScopeColumns,
    ScopeRules,
    last_days,
    lines_decided,
    lines_in_scope,
)
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.kernel.dates import EPOCH
from penholder.kernel.errors import InputError, NotKnownError

COLUMNS = ("incident", "starts_on", "ends_on", *WORDS)
MAX_CLASSES = MAX_PARTIES


@dataclass(frozen=True, slots=True)
class IncidentClass:
    """Chosen incidents with the same parties and means: first and last possible days, sorted; and their Kind."""

    parties: int
    means: int
    kind: Kind
    start: Array
    end: Array


@dataclass(frozen=True)
class Touched:
    """The lines whose window meets a chosen incident. `answer.groups`: bits of the classes through which a line
    could have been used; `others`: chosen incidents that the profile does not count."""

    answer: Stocktake
    chosen: int
    others: int
    first: date | None
    last: date | None


def touches(
    catalogue: Catalogue,
    profile: OperationProfile,
    *,
    incident: str | None = None,
    where: Sequence[str] = (),
    scope: Scope = Scope.IN_FORCE,
    known: date | None = None,
) -> Touched:
    """The lines that the chosen incidents touch.

    Args:
        incident: one id; or where: filters, as in `choose.chosen`. scope: the window of a line, as above.
    Shape: one element per line whose window meets a chosen incident.
    Raises: InputError for filters that cannot be read or choose too many different kinds of incidents;
        NotKnownError for an id that does not exist, and where the folder holds no incidents or lines.
    """
    if not catalogue.holding("incidents"):
        raise NotKnownError(f"{catalogue.folder} holds no incidents", hint="import some first: penholder import")
    reader = lines_of(catalogue, known=known)
    table = read_rows(catalogue, "incidents", columns=COLUMNS, known=known)
    rows = with_id(table, incident) if incident else chosen(table, where)
    picked = table.take(pa.array(rows))
    last = _last_day(picked)
    judge = judge_of(catalogue, profile, on=last, scope=scope, known=known)
    reported = select_incidents(picked, profile, on=last, means=judge.closure.means)
    classes = _classes(reported)
    asked, owners = _judge_of_classes(judge, classes)
    rules = scope_rules(last, scope)
    window = Window(tuple(classes), tuple(owners), scope)
    gate = window.gate if classes else None  # without classes no line is selected
    parts = reader.each(batch.COLUMNS, partial(evaluate, asked, rules, select=window.select, gate=gate))
    whole = joined_parts(parts, reader)
    counts = _counts(whole, reported, reader, asked, rules)
    answer = answer_of(whole, catalogue, reader, asked, rules, known=known, reported=reported, counts=counts)
    others = len(rows) - len(reported.rows)
    return Touched(answer, len(rows), others, _first_day(picked), last if len(rows) else None)


@dataclass(frozen=True, slots=True)
class Window:
    """Which lines the chosen incidents can meet in time, and by which class. `owners`: the class of each group."""

    classes: tuple[IncidentClass, ...]
    owners: tuple[int, ...]
    scope: Scope

    def select(self, columns: ScopeColumns, rules: ScopeRules) -> InScope:
        """The lines whose window meets any chosen incident."""
        found = lines_in_scope(columns, rules) if self.scope is Scope.GRANTED else lines_decided(columns, rules)
        kept = np.logical_or.reduce([np.zeros(len(found.rows), bool), *self._met(columns, rules, found.rows)])
        return InScope(found.rows[kept], found.status[kept], found.flags[kept], found.granted)

    def gate(self, columns: ScopeColumns, rules: ScopeRules, rows: Array) -> list[Array]:
        """For each group: at which lines can an incident of its class have happened in the window?"""
        met = self._met(columns, rules, rows)
        return [met[owner] for owner in self.owners]

    def _met(self, columns: ScopeColumns, rules: ScopeRules, rows: Array) -> list[Array]:
        first, last = columns.decided[rows], last_days(columns, rules, scope=self.scope)[rows]
        return [hits(one, first, last) > 0 for one in self.classes]


def _counts(
    whole: Evaluated, reported: ProfileIncidents, reader: LinesReader, judge: Judge, rules: ScopeRules
) -> LineCounts:
    """How many of the chosen incidents count for each line, by kind."""
    table = reader.take(batch.SCOPE_COLUMNS, whole.rows).combine_chunks()
    last = whole.decided
    if table.num_rows:
        last = last_days(scope_columns(table.to_batches()[0]), rules, scope=rules.scope)
    return count_within(judge, reported, whole, last=last, threads=reader.threads)


def _last_day(incidents: pa.Table) -> date:
    days = [d for d in incidents.column("ends_on").to_pylist() if d]
    return max(days, default=EPOCH)


def _first_day(incidents: pa.Table) -> date | None:
    return min((d for d in incidents.column("starts_on").to_pylist() if d), default=None)


def _classes(found: ProfileIncidents) -> list[IncidentClass]:
    """The chosen incidents by parties and means."""
    keys = sorted({*zip(found.parties.tolist(), found.means.tolist(), found.kind.tolist(), strict=True)})
    if len(keys) > MAX_CLASSES:
        raise InputError(
            f"the chosen incidents name {len(keys)} combinations of parties and means; at most {MAX_CLASSES}",
            hint="choose fewer, for example with --where means=.. or --where date=..",
        )
    classes = []
    for parties, means, kind in keys:
        of = (found.parties == parties) & (found.means == means) & (found.kind == kind)
        classes.append(IncidentClass(parties, means, Kind(kind), np.sort(found.start[of]), np.sort(found.end[of])))
    return classes


def _judge_of_classes(judge: Judge, classes: Sequence[IncidentClass]) -> tuple[Judge, list[int]]:
    """The same judge with one group for every class and every group of parties in it; and the class of each."""
    groups: list[Group] = []
    owners: list[int] = []
    for number, one in enumerate(classes):
        for group in judge.groups:
            members = tuple(p for p in group.parties if not one.parties or _bit(judge, p) & one.parties)
            if members:
                stated = one.kind is not Kind.MEANS_NOT_STATED
                used, open_ = (one.means, 0) if stated else (group.used, group.not_known)
                groups.append(Group(members, group.end_users, used, open_))
                owners.append(number)
    if len(groups) > MAX_CLASSES:
        raise InputError(
            f"the chosen incidents need {len(groups)} combinations of parties and means; at most {MAX_CLASSES}",
            hint="choose fewer, for example with --where means=.. or --where actors=..",
        )
    asked = tuple(groups) or judge.groups
    return judge.with_groups(asked), owners


def _bit(judge: Judge, party: str) -> int:
    return 1 << [p.id for p in judge.profile.parties].index(party)


def hits(one: IncidentClass, first: Array, last: Array) -> Array:
    """How many incidents of the class can have happened in [first, last] of each line; 0 for an empty window."""
    counts = np.searchsorted(one.start, last, side="right") - np.searchsorted(one.end, first, side="left")
    return np.asarray(np.maximum(counts, 0))
