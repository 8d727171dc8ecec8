"""The operation profile: whose forces acted, who operates them, where, when, by which means, and who says so.

Pure values without input or output. A profile states what sources report; it never says that anything was
unlawful, and it names no doer beyond what its sources name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from penholder.kernel.dates import Interval, PartialDate
from penholder.kernel.grade import Grade
from penholder.kernel.truth import Truth

FORCES = "forces"
_STATE = re.compile(r"[A-Z]{2}\Z")


@dataclass(frozen=True, slots=True)
class Source:
    """A source that statements of a profile refer to."""

    id: str
    title: str
    grade: Grade
    ref: str
    dated: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """A state that operates forces of a party, while `valid`."""

    state: str
    valid: Interval
    source: str


@dataclass(frozen=True, slots=True)
class Series:
    """A series of incident reports, all of whose incidents are counted as alleged of one party."""

    series: str
    source: str


@dataclass(frozen=True, slots=True)
class Party:
    """Forces that took part in the operations."""

    id: str
    name: str
    operated_by: tuple[Operator, ...]
    operators_complete: bool
    """Does a source say that no other state operates them? Only then can a destination be excluded."""
    operators_complete_source: str | None = None
    named_in_incidents: tuple[str, ...] = ()
    """Names under which incident reports allege acts of this party, as published."""
    counted_by: tuple[Series, ...] = ()
    end_users: tuple[str, ...] = (FORCES,)
    """Classes of end users that count as its forces."""

    def operated_in(self, place: str, *, on: date) -> Truth:
        """Does the state `place` (ISO alpha-2) operate these forces on that day?

        YES: it is listed and the record covers the day. NO: the list is declared complete, and the place is a
        country that is not on it that day. UNKNOWN: the list is not declared complete, or `place` is no country
        code (a published name that is not a country).
        """
        if any(o.state == place and o.valid.covers(on) for o in self.operated_by):
            return Truth.YES
        complete = self.operators_complete and _STATE.match(place) is not None
        return Truth.NO if complete else Truth.UNKNOWN


@dataclass(frozen=True, slots=True)
class Territory:
    """A state or territory in which the operations were carried out; `admin1` empty: all of it."""

    place: str
    admin1: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class MeansUse:
    """What a source says about one means: used, not used, or not known, while `valid`; `party` None: all."""

    means: str
    used: Truth
    valid: Interval
    party: str | None
    source: str


@dataclass(frozen=True, slots=True)
class OperationProfile:
    """One set of operations under review. Dates of intervals: start inclusive, end exclusive."""

    id: str
    title: str
    concern: tuple[str, ...]
    """Objects of rules that are asked about, for example `serious_violation_ihl`. A question, not a finding."""
    period: Interval
    parties: tuple[Party, ...]
    territory: tuple[Territory, ...]
    means: tuple[MeansUse, ...]
    other_means: Truth
    """NO: a source says that no means beside those listed were used. UNKNOWN: nobody says so."""
    other_means_source: str | None
    sources: Mapping[str, Source]
    sha256: str

    @property
    def operators_complete(self) -> bool:
        """Is the list of operating states declared complete for every party?"""
        return all(p.operators_complete for p in self.parties)

    def party(self, party: str) -> Party:
        """The party of that id. KeyError if there is none."""
        return next(p for p in self.parties if p.id == party)

    def operates(self, place: str, *, on: date) -> tuple[tuple[str, Truth], ...]:
        """For each party, in order: does the state `place` operate its forces on that day?"""
        return tuple((p.id, p.operated_in(place, on=on)) for p in self.parties)

    def states(self, *, on: date) -> tuple[str, ...]:
        """The states that operate forces of any party on that day, sorted."""
        return tuple(sorted({o.state for p in self.parties for o in p.operated_by if o.valid.covers(on)}))

    def means_used(self, means: str, *, party: str, by: date) -> Truth:
        """Had the party used the means by that day (the day included)?

        Statements about this party go before statements about all. YES: one says used, since that day or
        earlier. UNKNOWN: one says not known, or none covers the time up to `by`. NO: statements of non-use cover
        the time from the start of the period to `by`, or no use is stated by then and a source says that the
        listed means are all (`other_means` NO).
        """
        said = [s for s in self.statements(means, party=party) if self._begun(s, by=by)]
        if any(s.used is Truth.YES for s in said):
            return Truth.YES
        if any(s.used is Truth.UNKNOWN for s in said):
            return Truth.UNKNOWN
        denied = any(s.used is Truth.NO and self._covers_until(s, by=by) for s in said)
        return Truth.NO if denied or (self.other_means is Truth.NO and not said) else Truth.UNKNOWN

    def statements(self, means: str, *, party: str) -> tuple[MeansUse, ...]:
        """What is said about the means for that party: its own statements, or those about all parties."""
        own = tuple(s for s in self.means if s.means == means and s.party == party)
        return own or tuple(s for s in self.means if s.means == means and s.party is None)

    def means_named(self) -> tuple[str, ...]:
        """Every means that the profile says something about, in file order, each once."""
        return tuple(dict.fromkeys(s.means for s in self.means))

    def means_groups(self) -> tuple[tuple[str, ...], ...]:
        """Parties with the same record of means, as ids; groups and members in file order."""
        groups: dict[tuple[tuple[object, ...], ...], list[str]] = {}
        for party in self.parties:
            groups.setdefault(self._record_of(party.id), []).append(party.id)
        return tuple(tuple(members) for members in groups.values())

    def _record_of(self, party: str) -> tuple[tuple[object, ...], ...]:
        return tuple(
            (means, *sorted((s.used, str(s.valid.start), str(s.valid.end)) for s in said))
            for means in sorted(self.means_named())
            if (said := self.statements(means, party=party))
        )

    def _begun(self, said: MeansUse, *, by: date) -> bool:
        start = said.valid.start or self.period.start
        return start is None or start <= by

    def _covers_until(self, said: MeansUse, *, by: date) -> bool:
        from_the_start = said.valid.start is None or (
            self.period.start is not None and said.valid.start <= self.period.start
        )
        return from_the_start and (said.valid.end is None or by < said.valid.end)
