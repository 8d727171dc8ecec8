"""Why one line got its answer: what was published, the three questions by route, the path, the incidents beside
it, what is not known, and what would change the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from penholder.analysis.profile.model import Party
from penholder.analysis.stocktake.cells import NO_DAY, Array, Words
from penholder.analysis.stocktake.flips import NAME, Flip, Formula, flips_of, formula_of, questions_for
from penholder.analysis.stocktake.incidents import Kind, ProfileIncidents
from penholder.analysis.stocktake.judge import Judge, split
from penholder.analysis.stocktake.limbs import limbs_for
from penholder.analysis.stocktake.paths import means_title
from penholder.analysis.stocktake.route import with_finals
from penholder.analysis.stocktake.scope import ScopeColumns, ScopeRules, assumed_expiry, lines_in_scope
from penholder.analysis.stocktake.use import YES_NOT_STATED, causes, decide, unknown, unpack
from penholder.analysis.stocktake.vocabulary import Cause, Exclusion, Status, Use, code_of
from penholder.analysis.tracing.closure import Path
from penholder.kernel.dates import EPOCH
from penholder.kernel.truth import Truth
from penholder.regime.types import LimbQuestion


@dataclass(frozen=True, slots=True)
class PlaceReason:
    """What the profile says of one place and one party on the day, and who says so."""

    place: str
    name: str
    route: str
    party: str
    operates: Truth
    source: str


@dataclass(frozen=True, slots=True)
class MeansReason:
    """One means: do the goods reach it, did the party use it by the day, and who says so."""

    means: str
    title: str
    reached: Truth
    party: str
    used: Truth
    source: str


@dataclass(frozen=True, slots=True)
class BesideIncidents:
    """Incidents of one kind in the window of the line: rows in the table of incidents by date, and months."""

    kind: Kind
    rows: Array
    months: dict[str, int]


@dataclass(frozen=True)
class Why:
    """Everything about one line; `record` are its published columns."""

    record: Mapping[str, Any]
    in_scope: bool
    status: Status | None
    expiry: date | None
    expiry_assumed: bool
    use: Use
    code: int
    cause: Cause | None
    exclusion: Exclusion | None
    direct: bool
    questions: tuple[Truth, Truth, Truth]
    places: tuple[PlaceReason, ...]
    means: tuple[MeansReason, ...]
    path: Path | None
    incidents: tuple[BesideIncidents, ...]
    limbs: tuple[LimbQuestion, ...]
    flips: tuple[Flip, ...]

    @property
    def assumed_forces(self) -> bool:
        """Does the answer rest on a military rating, because the end user is not stated?"""
        return self.code == YES_NOT_STATED


def why_line(
    judge: Judge, rules: ScopeRules, record: Mapping[str, Any], reported: ProfileIncidents, *, name_of: NAME
) -> Why:
    """Explain one line of LICENCE_LINES (a mapping of its columns).

    Args:
        reported: the incidents that the profile counts by the day. name_of: plain name of a place.
    """
    routed = with_finals(record)
    formula = formula_of(judge, routed)
    answer = decide(questions_for(judge, [formula]))
    code, direct = int(answer.codes[0]), bool(answer.direct[0])
    use = Use(code >> 4)
    rating, description = record["rating"], record["description"]
    path = None
    if use is Use.COULD:
        matched = judge.matched(rating, description, groups=int(answer.groups[0]))
        path = judge.best_path(rating, description, means=matched)
    scope = lines_in_scope(scope_of(record), rules)
    expiry, assumed = expiry_of(record, rules)
    end_user = record["end_user"] if direct else routed["onward_end_user"]
    return Why(
        record=record,
        in_scope=bool(len(scope.rows)),
        status=Status(int(scope.status[0])) if len(scope.rows) else None,
        expiry=expiry,
        expiry_assumed=assumed,
        use=use,
        code=code,
        cause=Cause(int(causes(answer.codes)[0])) if use is Use.UNKNOWN else None,
        exclusion=Exclusion(int(causes(answer.codes)[0])) if use is Use.EXCLUDED else None,
        direct=direct,
        questions=_questions(answer.apart),
        places=place_reasons(judge, formula, name_of, segment=judge.segment(record["decided_on"])),
        means=means_reasons(judge, formula),
        path=path,
        incidents=incidents_beside(judge, rules, routed, formula, reported, possible=code != 0),
        limbs=limbs_for(judge.profile, rules, use=use, direct=direct, end_user_stated=end_user != "not_stated"),
        flips=flips_of(judge, formula, name_of),
    )


def _questions(apart: Array) -> tuple[Truth, Truth, Truth]:
    first, second, third = (Truth(int(unpack(apart, number)[0])) for number in range(3))
    return first, second, third


def scope_of(record: Mapping[str, Any]) -> ScopeColumns:
    """The scope columns of one line."""

    def days(name: str) -> Array:
        return np.array([NO_DAY if record[name] is None else (record[name] - EPOCH).days], np.int32)

    def word(name: str) -> Words:
        return Words(np.zeros(1, np.int32), (record[name], None))

    exported = np.array([Truth.of(record["exported_before"])], np.uint8)
    return ScopeColumns(
        days("decided_on"), days("expires_on"), word("licence_type"), word("outcome"), word("suspension"),
        days("suspended_on"), days("reinstated_on"), word("revocation"), days("revoked_on"), exported,
    )  # fmt: skip


def expiry_of(record: Mapping[str, Any], rules: ScopeRules) -> tuple[date | None, bool]:
    """The first day on which the licence no longer runs, and whether it is assumed; None: no end is known."""
    if record["expires_on"] is not None:
        return record["expires_on"], False
    months = rules.assumed_months.get(record["licence_type"])
    if months is None:
        return None, False
    decided = np.array([(record["decided_on"] - EPOCH).days], np.int32)
    last = int(assumed_expiry(decided, np.array([months]))[0])
    return date.fromordinal(min(last + EPOCH.toordinal(), date.max.toordinal())), True


def place_reasons(judge: Judge, formula: Formula, name_of: NAME, *, segment: int = 0) -> tuple[PlaceReason, ...]:
    """What the profile says of every place of the line. `segment`: that of its decision."""
    found = []
    for places, route in ((formula.direct, "direct"), (formula.onward, "onward")):
        for place, bytes_ in places.items():
            for g, group in enumerate(judge.groups):
                for name in group.parties:
                    party = judge.profile.party(name)
                    operates = judge.operates(party, place, segment=segment)
                    if operates is Truth.NO and bytes_[g] == unknown(Cause.DESTINATION_NOT_A_COUNTRY):
                        operates = Truth.UNKNOWN
                    source = _operator_source(judge, party, place, segment)
                    found.append(PlaceReason(place, name_of(place), route, party.name, operates, source))
    return tuple(found)


def _operator_source(judge: Judge, party: Party, place: str, segment: int) -> str:
    operator = judge.operator_of(party, place, segment=segment)
    if operator is not None:
        return source_words(judge, operator.source)
    if party.operators_complete:
        return f"list of operators declared complete: {source_words(judge, party.operators_complete_source)}"
    return "the list of operators is not declared complete"


def source_words(judge: Judge, source: str | None) -> str:
    """A source of the profile in words, with its grade."""
    found = judge.profile.sources.get(source or "")
    return f"{found.title} ({found.grade})" if found else (source or "no source")


def means_reasons(judge: Judge, formula: Formula) -> tuple[MeansReason, ...]:
    """Every means that the goods reach or that a party used, by party."""
    found = []
    for bit, name in enumerate(judge.closure.means):
        one = 1 << bit
        reached = (
            Truth.YES if formula.reach & one else Truth.UNKNOWN if formula.silent or formula.open else Truth.NO
        )
        for group in judge.groups:
            used = Truth.YES if group.used & one else Truth.UNKNOWN if group.not_known & one else Truth.NO
            if reached is Truth.YES or used is Truth.YES:
                parties = " or ".join(judge.profile.party(p).name for p in group.parties)
                source = _means_source(judge, name, group.parties[0])
                found.append(MeansReason(name, means_title(name), reached, parties, used, source))
    return tuple(found)


def _means_source(judge: Judge, means: str, party: str) -> str:
    said = judge.profile.statements(means, party=party)
    if said:
        return source_words(judge, said[0].source)
    if judge.profile.other_means is Truth.NO:
        return f"no other means were used: {source_words(judge, judge.profile.other_means_source)}"
    return "the profile says nothing about these means"


def incidents_beside(
    judge: Judge,
    rules: ScopeRules,
    record: Mapping[str, Any],
    formula: Formula,
    reported: ProfileIncidents,
    *,
    possible: bool,
) -> tuple[BesideIncidents, ...]:
    """The incidents that are counted beside the line, by kind: the same as `incidents.count_for_lines` counts."""
    segment = judge.segment(record["decided_on"])
    parties = judge.place(next(iter(formula.direct)) or None, _kind(record), segment=segment).parties
    parties |= judge.onward(record["onward"], segment=segment).parties
    decided = (record["decided_on"] - EPOCH).days
    ours = (reported.parties & parties) != 0
    ours |= (reported.parties == 0) & possible
    ours &= (reported.end >= decided) & (reported.start <= rules.day)
    reached = (reported.means & np.uint64(formula.reach)) != 0
    found = []
    for kind in (Kind.ATTRIBUTED, Kind.UNATTRIBUTED, Kind.MEANS_NOT_STATED):
        wanted = ours & (reported.kind == kind)
        wanted = wanted if kind is Kind.MEANS_NOT_STATED else wanted & reached
        at = np.flatnonzero(wanted)
        at = at[np.argsort(reported.start[at], kind="stable")]
        found.append(BesideIncidents(kind, reported.rows[at], _months(reported.start[at])))
    return tuple(found)


def _kind(record: Mapping[str, Any]) -> str | None:
    return None if record["corrected_destination"] else record["destination_kind"]


def _months(days: Array) -> dict[str, int]:
    months, counts = np.unique(days.astype("datetime64[D]").astype("datetime64[M]"), return_counts=True)
    return dict(zip(months.astype(str).tolist(), counts.tolist(), strict=True))


def ratings_of(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The rating codes of a line."""
    return split(record["rating"])


def because_word(found: Why) -> str:
    """The code of the reason or the cause; empty for a line that could have been used."""
    if found.exclusion is not None:
        return code_of(found.exclusion)
    return code_of(found.cause) if found.cause is not None else ""
