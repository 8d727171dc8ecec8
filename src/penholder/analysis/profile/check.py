"""The five questions of a profile: what it answers, what it leaves open, and what that makes unknown later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from penholder.analysis.profile.model import FORCES, OperationProfile, Party
from penholder.analysis.sources.places import PlaceKind, resolve
from penholder.kernel.dates import Interval
from penholder.kernel.truth import Truth
from penholder.regime.hints import means
from penholder.rules.records import did_you_mean

QUESTIONS = (
    "Whose forces acted, and which states operate them?",
    "Where were the operations?",
    "When?",
    "By which means, since when, and which were not used?",
    "On what sources?",
)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the profile leaves open, and what it makes unknown in a stocktake."""

    words: str
    makes: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the profile says to one of the five questions (`number` from 1)."""

    number: int
    question: str
    known: tuple[str, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is probably a mistake. `number`: the question that it is about."""

    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Occurrences:
    """What occurs in a data folder: codes of destinations, and of incidents places, divisions, actors, series."""

    destinations: frozenset[str]
    places: frozenset[str]
    admin1: frozenset[str]
    actors: frozenset[str]
    series: frozenset[str]


def answers(profile: OperationProfile) -> tuple[Answer, ...]:
    """The five questions, in order."""
    parts = (_whose(profile), _where(profile), _when(profile), _by_which_means(profile), _on_what(profile))
    return tuple(Answer(i + 1, QUESTIONS[i], tuple(known), tuple(gaps)) for i, (known, gaps) in enumerate(parts))


def _whose(profile: OperationProfile) -> tuple[list[str], list[Gap]]:
    known, gaps = [], []
    for party in profile.parties:
        states = ", ".join(f"{o.state}{_dates(o.valid)} [{o.source}]" for o in party.operated_by)
        known.append(f"{party.name} ({party.id}): operated by {states or 'nobody stated'}")
        if party.operators_complete:
            known.append(f"{party.id}: no other state operates them [{party.operators_complete_source}]")
        else:
            said = f"{party.id}: no source says that the list of operating states is complete"
            gaps.append(Gap(said, "lines to all other destinations stay unknown (operators_not_complete)"))
        known += _reports(party)
        if not party.named_in_incidents and not party.counted_by:
            said = f"{party.id}: no name in incident reports and no series of reports is given"
            gaps.append(Gap(said, "no incident is counted as attributed to this party"))
    return known, gaps


def _reports(party: Party) -> Iterator[str]:
    """Which reports count as alleged of the party, and which end users count as its forces."""
    if party.named_in_incidents:
        yield f"{party.id}: reports that name {' or '.join(party.named_in_incidents)} are counted as its"
    for counted in party.counted_by:
        yield f"{party.id}: all reports of series {counted.series} are counted as its [{counted.source}]"
    if party.end_users != (FORCES,):
        yield f"{party.id}: end users that count as its forces: {', '.join(party.end_users)}"


def _where(profile: OperationProfile) -> tuple[list[str], list[Gap]]:
    return [
        f"{t.place}{': ' + ', '.join(t.admin1) if t.admin1 else ''} [{t.source}]" for t in profile.territory
    ], []


def _when(profile: OperationProfile) -> tuple[list[str], list[Gap]]:
    start, end = profile.period.start, profile.period.end
    return [f"from {start}, " + (f"before {end}" if end else "no end stated: still going on")], []


def _by_which_means(profile: OperationProfile) -> tuple[list[str], list[Gap]]:
    known, gaps = [], []
    words = {Truth.YES: "used", Truth.NO: "not used"}
    for use in profile.means:
        whom = f" by {use.party}" if use.party else ""
        if use.used is Truth.UNKNOWN:
            gaps.append(_silent(f"{use.means}{whom}: it is not known whether it was used"))
        else:
            known.append(f"{use.means}{whom}: {words[use.used]}{_dates(use.valid)} [{use.source}]")
    if profile.other_means is Truth.NO:
        known.append(f"no other means [{profile.other_means_source}]")
        return known, gaps
    unnamed = [m.id for m in means() if m.id not in profile.means_named()]
    if unnamed:
        gaps.append(_silent(f"nothing is said about: {', '.join(unnamed)}"))
    return known, gaps


def _silent(said: str) -> Gap:
    return Gap(said, "lines that reach only this stay unknown (profile_silent_on_means)")


def _on_what(profile: OperationProfile) -> tuple[list[str], list[Gap]]:
    known, gaps = [], []
    for source in profile.sources.values():
        dated = f", {source.dated}" if source.dated else ""
        known.append(f"{source.id}: {source.title} ({source.grade}{dated})")
        if not source.ref:
            gaps.append(Gap(f"{source.id}: no address or reference is given", "readers cannot follow this source"))
    return known, gaps


def _dates(valid: Interval) -> str:
    start = f" from {valid.start}" if valid.start else ""
    return start + (f" before {valid.end}" if valid.end else "")


def findings(profile: OperationProfile) -> tuple[Finding, ...]:
    """What is probably a mistake in the profile by itself."""
    return (*_of_parties(profile), *_of_places(profile), *_of_means(profile), *_of_sources(profile))


def _of_parties(profile: OperationProfile) -> Iterator[Finding]:
    for party in profile.parties:
        if not party.operated_by:
            yield Finding(
                1, f"{party.id}: no state is said to operate these forces, so that no line can be `could`"
            )
        for operator in party.operated_by:
            if not operator.valid.overlaps(profile.period):
                when = _dates(operator.valid).strip()
                yield Finding(1, f"{party.id}: {operator.state} operates it only outside the period ({when})")
    for name, parties in _shared_names(profile.parties).items():
        yield Finding(1, f"{name!r} stands for several parties in incident reports: {', '.join(parties)}")


def _shared_names(parties: Iterable[Party]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for party in parties:
        for name in party.named_in_incidents:
            found.setdefault(name, []).append(party.id)
    return {name: ids for name, ids in found.items() if len(ids) > 1}


def _of_places(profile: OperationProfile) -> Iterator[Finding]:
    operators = {o.state: 1 for p in profile.parties for o in p.operated_by}
    for code, number in {**{t.place: 2 for t in profile.territory}, **operators}.items():
        if resolve(code).kind is not PlaceKind.COUNTRY:
            yield Finding(number, f"{code} is not a country code in use (ISO 3166-1 alpha-2, or XA to XZ)")


def _of_means(profile: OperationProfile) -> Iterator[Finding]:
    if all(use.used is not Truth.YES for use in profile.means):
        yield Finding(4, "no means is said to be used, so that no line can be `could`")
    for use in profile.means:
        if use.used is Truth.YES and not use.valid.overlaps(profile.period):
            yield Finding(4, f"{use.means}: used only outside the period ({_dates(use.valid).strip()})")


def _of_sources(profile: OperationProfile) -> Iterator[Finding]:
    used = {t.source for t in profile.territory} | {m.source for m in profile.means} | {profile.other_means_source}
    for party in profile.parties:
        used |= {o.source for o in party.operated_by} | {c.source for c in party.counted_by}
        used.add(party.operators_complete_source)
    for name in profile.sources:
        if name not in used:
            yield Finding(5, f"{name}: no statement names this source")


def findings_in(profile: OperationProfile, data: Occurrences) -> tuple[Finding, ...]:
    """Places, actors and series that the profile names and that do not occur in a data folder."""
    return tuple(_absences(profile, data))


def _absences(profile: OperationProfile, data: Occurrences) -> Iterator[Finding]:
    for party in profile.parties:
        for state in dict.fromkeys(o.state for o in party.operated_by):
            yield from _absent(1, state, data.destinations, "as a destination of any line")
        for name in party.named_in_incidents:
            yield from _absent(1, name, data.actors, "as an actor of any incident")
        for counted in party.counted_by:
            yield from _absent(1, counted.series, data.series, "as a series of incidents")
    for territory in profile.territory:
        yield from _absent(2, territory.place, data.places, "as the place of any incident")
        for division in territory.admin1:
            yield from _absent(2, division, data.admin1, "as a division (admin1) of any incident")


def _absent(number: int, word: str, occurring: frozenset[str], role: str) -> Iterator[Finding]:
    if word not in occurring:
        near = did_you_mean(word, occurring) if len(word) > 2 else ""
        yield Finding(number, f"{word!r} does not occur {role}{near}")
