"""From incidents to lines: which lines could have been used in what was reported, with the reasons of a stocktake.

The question is the stocktake's, asked of the chosen incidents: does a place of the line operate the party that is
alleged to have acted (any party of the profile, where none is stated), can the goods reach the means reported (a
means that the party used, where none is stated), is the end user its forces; and can the incident have happened
while the licence was in force (scope in-force) or after it was decided (scope granted)?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from penholder.analysis.stocktake.use import facing_or, pack, truth, unpack
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.kernel.dates import EPOCH
from penholder.kernel.errors import NotKnownError

COLUMNS = ("incident", "starts_on", "ends_on", *WORDS)
AT_ONCE = MAX_PARTIES
"""Groups that are judged at once."""


@dataclass(frozen=True, slots=True)
class IncidentClass:
    """Chosen incidents with the same parties and means: first and last possible days, sorted; and their Kind.

    `further`: means that no goods are known to reach are reported too.
    """

    parties: int
    means: int
    kind: Kind
    further: bool
    start: Array
    end: Array


@dataclass(frozen=True)
class Touched:
    """The lines whose window meets a chosen incident.

    `answer.groups`: bits of the means in which a line could have been used. `asked`: the judge with a group for
    all that was asked. `others`: chosen incidents that the profile does not count. `against`: those attributed to
    a party with means of which the profile says that the party had not used them.
    """

    answer: Stocktake
    asked: Judge
    chosen: int
    others: int
    against: int
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
    Raises: InputError for filters that cannot be read; NotKnownError for an id that does not exist, and where the
        folder holds no incidents or lines.
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
    groups = _groups_of_classes(judge, classes)
    rules = scope_rules(last, scope)
    whole = _judged(reader, judge, rules, _of_all(reported), groups)
    counts = _counts(whole, reported, reader, judge, rules)
    by_means = judge.with_groups(_groups_of_means(judge))
    answer = answer_of(whole, catalogue, reader, by_means, rules, known=known, reported=reported, counts=counts)
    return Touched(
        answer,
        judge.with_groups(tuple(g for g, _ in groups)),
        len(rows),
        len(rows) - len(reported.rows),
        sum(len(c.start) for c in classes if c.parties and _denied(judge, c)),
        _first_day(picked),
        last if len(rows) else None,
    )


def _judged(
    reader: LinesReader,
    judge: Judge,
    rules: ScopeRules,
    every: IncidentClass,
    groups: Sequence[tuple[Group, IncidentClass]],
) -> Evaluated:
    """Judge the lines whose window meets an incident; so many groups at once as have bits, and the OR of them all.

    `groups` of the outcome: bits of means, as in `_groups_of_means`.
    """
    found: Evaluated | None = None
    for first in range(0, max(len(groups), 1), AT_ONCE):
        some = groups[first : first + AT_ONCE]
        asked = judge.with_groups(tuple(g for g, _ in some) or judge.groups)
        window = Window(every, tuple(c for _, c in some), rules.scope)
        gate = window.gate if some else None  # without incidents no line is selected
        parts = reader.each(batch.COLUMNS, partial(evaluate, asked, rules, select=window.select, gate=gate))
        part = joined_parts(parts, reader)
        part = replace(part, groups=_means_of_groups(asked, part))
        found = part if found is None else _either(found, part)
    if found is None:
        raise AssertionError
    return found


def _means_of_groups(judge: Judge, found: Evaluated) -> Array:
    """The means (bits) that the goods of a line reach and that its groups ask about."""
    reach = np.array([judge.goods(*g).reach for g in found.goods_values] or [0], np.uint64).take(found.goods)
    asked = np.zeros(len(found.rows), np.uint64)
    for number, group in enumerate(judge.groups):
        through = (found.groups.astype(np.uint64) >> np.uint64(number)) & np.uint64(1)
        asked |= np.where(through == 1, np.uint64(group.used), np.uint64(0))
    return np.asarray(asked & reach)


def _groups_of_means(judge: Judge) -> tuple[Group, ...]:
    """One group for each means, in the order of their bits."""
    return tuple(Group((), frozenset(), 1 << bit, 0) for bit in range(len(judge.closure.means)))


def _either(one: Evaluated, other: Evaluated) -> Evaluated:
    """OR of two answers for the same lines."""
    codes = facing_or(np.maximum(facing_or(one.codes), facing_or(other.codes)))
    use = truth(codes)
    direct = (one.direct & (truth(one.codes) == use)) | (other.direct & (truth(other.codes) == use))
    return replace(
        one,
        codes=codes,
        direct=direct,
        groups=one.groups | other.groups,
        apart=_apart_of_either(one.apart, other.apart),
    )


def _apart_of_either(one: Array, other: Array) -> Array:
    """Question by question; means and end user only where the operator leaves something open, if anything is."""
    operators = [unpack(apart, 0) for apart in (one, other)]
    shut = np.maximum(*operators) == 0
    further = [
        np.maximum(*(unpack(a, question) * (shut | (o > 0)) for a, o in zip((one, other), operators, strict=True)))
        for question in (1, 2)
    ]
    return pack(np.maximum(*operators), *further)


@dataclass(frozen=True, slots=True)
class Window:
    """Which lines the chosen incidents can meet in time. `every`: all. `owners`: the class of each group."""

    every: IncidentClass
    owners: tuple[IncidentClass, ...]
    scope: Scope

    def select(self, columns: ScopeColumns, rules: ScopeRules) -> InScope:
        """The lines whose window meets any chosen incident."""
        found = lines_in_scope(columns, rules) if self.scope is Scope.GRANTED else lines_decided(columns, rules)
        kept = self._met(columns, rules, found.rows, self.every)
        return InScope(found.rows[kept], found.status[kept], found.flags[kept], found.granted)

    def gate(self, columns: ScopeColumns, rules: ScopeRules, rows: Array) -> list[Array]:
        """For each group: at which lines can an incident of its class have happened in the window?"""
        met = {id(c): self._met(columns, rules, rows, c) for c in self.owners}
        return [met[id(owner)] for owner in self.owners]

    def _met(self, columns: ScopeColumns, rules: ScopeRules, rows: Array, one: IncidentClass) -> Array:
        first, last = columns.decided[rows], last_days(columns, rules, scope=self.scope)[rows]
        return np.asarray(hits(one, first, last) > 0)


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
    columns = (found.parties, found.means, found.kind, found.further)
    keys = sorted({*zip(*(c.tolist() for c in columns), strict=True)})
    classes = []
    for key in keys:
        of = np.logical_and.reduce([c == value for c, value in zip(columns, key, strict=True)])
        parties, means, kind, further = key
        classes.append(
            IncidentClass(parties, means, Kind(kind), further, np.sort(found.start[of]), np.sort(found.end[of]))
        )
    return classes


def _of_all(found: ProfileIncidents) -> IncidentClass:
    """All chosen incidents that the profile counts, for their days."""
    return IncidentClass(0, 0, Kind.OTHER, further=False, start=np.sort(found.start), end=np.sort(found.end))


def _groups_of_classes(judge: Judge, classes: Sequence[IncidentClass]) -> list[tuple[Group, IncidentClass]]:
    """A group for every class and every group of parties in it, with its class.

    The means asked about are those reported. Where nobody is said to have acted, those of which the profile says
    that the party had not used them are left out: the report does not say that it was this party.
    """
    groups = []
    for one in classes:
        for group in judge.groups:
            members = tuple(p for p in group.parties if not one.parties or _bit(judge, p) & one.parties)
            if not members:
                continue
            used, not_known = group.used, group.not_known
            if one.kind is not Kind.MEANS_NOT_STATED:
                used, not_known = one.means if one.parties else one.means & (group.used | group.not_known), 0
            groups.append((Group(members, group.end_users, used, not_known, one.further), one))
    return groups


def _denied(judge: Judge, one: IncidentClass) -> int:
    """The means (bits) of a class of which the profile says that none of its parties had used them."""
    said = 0
    for group in judge.groups:
        if any(_bit(judge, p) & one.parties for p in group.parties):
            said |= group.used | group.not_known
    return one.means & ~said


def _bit(judge: Judge, party: str) -> int:
    return 1 << [p.id for p in judge.profile.parties].index(party)


def hits(one: IncidentClass, first: Array, last: Array) -> Array:
    """How many incidents of the class can have happened in [first, last] of each line; 0 for an empty window."""
    counts = np.searchsorted(one.start, last, side="right") - np.searchsorted(one.end, first, side="left")
    return np.asarray(np.maximum(counts, 0))
