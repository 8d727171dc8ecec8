"""The operation profile in plain words, for the report: what it says, on what source, and what it leaves open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from penholder.analysis.profile.model import FORCES, MeansUse, OperationProfile, Party, Source
from penholder.analysis.report.data import ProfileAnswer, SourceOf, Statement
from penholder.analysis.stocktake.paths import means_title
from penholder.analysis.stocktake.words import day_words
from penholder.kernel.dates import Interval
from penholder.kernel.truth import Truth
from penholder.regime.end_users import end_user_classes
from penholder.regime.hints import means

_USED = {Truth.YES: "used", Truth.NO: "not used", Truth.UNKNOWN: "not known whether used"}


def profile_answers(profile: OperationProfile, name_of: Callable[[str], str]) -> tuple[ProfileAnswer, ...]:
    """Whose forces, where, when, by which means, and which reports count as theirs. `name_of`: of a place."""
    return (
        ProfileAnswer("Whose forces acted, and which states operate them?", tuple(_whose(profile, name_of))),
        ProfileAnswer("Where were the operations?", tuple(_where(profile, name_of))),
        ProfileAnswer("When?", (Statement(_period(profile.period)),)),
        ProfileAnswer("By which means, and which were not used?", tuple(_means(profile))),
        ProfileAnswer("Which reported incidents are counted as attributed?", tuple(_attributed(profile))),
    )


def _whose(profile: OperationProfile, name_of: Callable[[str], str]) -> Iterable[Statement]:
    for party in profile.parties:
        alike: dict[tuple[str, str], list[str]] = {}
        for operator in party.operated_by:
            alike.setdefault((_dates(operator.valid), operator.source), []).append(name_of(operator.state))
        for (dates, source), states in alike.items():
            words = f"{party.name}: operated by {_and(sorted(states))}{dates}"
            yield Statement(words, _source(profile, source))
        if not party.operated_by:
            words = f"{party.name}: no state is said to operate these forces"
            yield Statement(words, gap="no line can be one that could have been used")
        if party.operators_complete:
            words = f"{party.name}: no other state operates them"
            yield Statement(words, _source(profile, party.operators_complete_source))
        else:
            words = f"{party.name}: no source says that this list of states is complete"
            yield Statement(words, gap="lines to all other states stay unknown")
        further = [end_user_classes()[c].title for c in party.end_users if c != FORCES]
        if further:
            yield Statement(f"{party.name}: end users that count as these forces, beside forces: {_and(further)}")


def _where(profile: OperationProfile, name_of: Callable[[str], str]) -> Iterable[Statement]:
    for place in profile.territory:
        part = f": {_and(place.admin1)}" if place.admin1 else ""
        yield Statement(f"{name_of(place.place)}{part}", _source(profile, place.source))


def _period(period: Interval) -> str:
    start = f"From {day_words(period.start)}" if period.start else "No first day stated"
    return f"{start}, before {day_words(period.end)}" if period.end else f"{start}; no end stated"


def _means(profile: OperationProfile) -> Iterable[Statement]:
    for use in sorted(profile.means, key=lambda u: (Truth.YES, Truth.NO, Truth.UNKNOWN).index(u.used)):
        gap = "lines that reach only this stay unknown" if use.used is Truth.UNKNOWN else ""
        yield Statement(_means_words(profile, use), _source(profile, use.source), gap)
    if profile.other_means is Truth.NO:
        yield Statement("No other means were used", _source(profile, profile.other_means_source))
        return
    silent = [means_title(m.id) for m in means() if m.id not in profile.means_named()]
    if silent:
        words = f"Nothing is said about {_and(silent)}"
        yield Statement(words, gap="lines that reach only these stay unknown")


def _means_words(profile: OperationProfile, use: MeansUse) -> str:
    whom = f" by {_name_of(profile, use.party)}" if use.party else ""
    title = means_title(use.means)
    return f"{title[:1].upper()}{title[1:]}: {_USED[use.used]}{whom}{_dates(use.valid)}"


def _attributed(profile: OperationProfile) -> Iterable[Statement]:
    for party in profile.parties:
        yield from _attributed_to(profile, party)


def _attributed_to(profile: OperationProfile, party: Party) -> Iterable[Statement]:
    if party.named_in_incidents:
        names = _and(f"“{n}”" for n in party.named_in_incidents)
        yield Statement(f"{party.name}: reports that name {names}")
    for counted in party.counted_by:
        words = f"{party.name}: all reports of the series “{counted.series}”"
        yield Statement(words, _source(profile, counted.source))
    if not party.named_in_incidents and not party.counted_by:
        words = f"{party.name}: none, for the profile gives no name and no series of reports"
        yield Statement(words, gap="no incident is counted as attributed to this party")


def _name_of(profile: OperationProfile, party: str) -> str:
    return profile.party(party).name


def _source(profile: OperationProfile, source: str | None) -> SourceOf | None:
    found: Source | None = profile.sources.get(source or "")
    if found is None:
        return None
    return SourceOf(found.title, str(found.grade), str(found.dated) if found.dated else "", found.ref)


def _dates(valid: Interval) -> str:
    """` from 26 March 2015, before 1 May 2017`; the first day that no longer counts is said as `before`."""
    start = _day(" from ", valid.start)
    return f"{start}{',' if start and valid.end else ''}{_day(' before ', valid.end)}"


def _day(before: str, day: date | None) -> str:
    return f"{before}{day_words(day)}" if day else ""


def _and(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
