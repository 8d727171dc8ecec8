"""Write a profile as YAML with the five questions as comments: filled in, or as an empty form."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field

from penholder.regime.hints import means
from penholder.regime.regimes import concerns

HEAD = """\
# Operation profile. See docs/reference/operation-profile.md.
# State what sources report, in neutral words (alleged, reported); nothing here says that an act was unlawful.
# Every statement names one of the sources at the end. Dates: YYYY-MM-DD, or YYYY-MM for `from`.
# `from` is the first day that counts, `until` the first day that no longer counts.
"""


@dataclass(slots=True)
class SourceDraft:
    """A source as given: `grade` A1 to F6."""

    id: str
    title: str
    grade: str
    ref: str = ""
    date: str = ""


@dataclass(slots=True)
class PartyDraft:
    """A party as given: `states` are (code, from or empty, source), `counted_by` (series, source)."""

    id: str
    name: str
    states: list[tuple[str, str, str]] = field(default_factory=list)
    actors: list[str] = field(default_factory=list)
    counted_by: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class ProfileDraft:
    """Answers to the five questions; whatever is empty is left as a form to fill in.

    territory: (code, source). means: (means, yes | no | unknown, from or empty, source). complete, no_other_means:
    the source that says so, or empty.
    """

    id: str = ""
    title: str = ""
    concern: list[str] = field(default_factory=list)
    period_from: str = ""
    period_until: str = ""
    parties: list[PartyDraft] = field(default_factory=list)
    complete: str = ""
    territory: list[tuple[str, str]] = field(default_factory=list)
    means: list[tuple[str, str, str, str]] = field(default_factory=list)
    no_other_means: str = ""
    sources: list[SourceDraft] = field(default_factory=list)
    last_source: str = ""
    """Id of the source that was named last: the likely one for the next statement."""
    series_found: list[str] = field(default_factory=list)
    """Series of incident reports in a data folder, offered in the form."""


def render(draft: ProfileDraft) -> str:
    """The draft as YAML text. An empty draft gives a commented form that `penholder profile check` refuses."""
    return "\n".join((HEAD, *_head(draft), *_whose(draft), *_where(draft), *_how(draft), *_on_what(draft), ""))


def _head(draft: ProfileDraft) -> Iterable[str]:
    yield f"profile: {_text(draft.id)}".rstrip() + (
        "" if draft.id else "  # a short id, for example northern-campaign"
    )
    yield f"title: {_text(draft.title)}".rstrip() + ("" if draft.title else "  # one line in neutral words")
    yield "# What rules are asked about. Allowed:"
    yield from textwrap.wrap(", ".join(concerns()), 100, initial_indent="#   ", subsequent_indent="#   ")
    yield f"concern: [{', '.join(draft.concern)}]"
    yield ""
    yield "# 3. When? Leave `until` empty while the operations go on."
    yield "period:"
    yield f"  from: {draft.period_from}".rstrip()
    yield f"  until: {draft.period_until}".rstrip()


def _whose(draft: ProfileDraft) -> Iterable[str]:
    yield from ("", "# 1. Whose forces acted, and which states operate them?", "parties:")
    for party in draft.parties:
        yield f"  - id: {_text(party.id)}"
        yield f"    name: {_text(party.name)}"
        yield "    operated_by:" if party.states else "    operated_by: []"
        for state, start, source in party.states:
            dated = f", from: {start}" if start else ""
            yield f"      - {{state: {state}{dated}, source: {_text(source)}}}"
        yield "    # Names under which incident reports allege acts of this party, as published."
        yield f"    named_in_incidents: [{', '.join(_text(a) for a in party.actors)}]"
        if party.counted_by:
            yield "    # Series of reports all of whose incidents are alleged of this party."
            yield "    counted_by:"
        for series, source in party.counted_by:
            yield f"      - {{series: {_text(series)}, source: {_text(source)}}}"
    if not draft.parties:
        yield "#  - id: ardenia"
        yield "#    name: Air force of Ardenia"
        yield "#    operated_by:"
        yield "#      - {state: XA, from: 2015-03-26, source: s1}"
        yield "#    named_in_incidents: [Armed forces of Ardenia]"
        yield "#    # Series of reports all of whose incidents are alleged of this party:"
        if draft.series_found:
            listed = f"In these data: {', '.join(map(_text, draft.series_found))}"
            yield from textwrap.wrap(listed, 100, initial_indent="#    # ", subsequent_indent="#    # ")
        yield f"#    counted_by: [{{series: {_example(draft.series_found)}, source: s1}}]"
        yield "#    end_users: [forces]  # add law_enforcement where police act as its forces"
    yield "# Does a source say that no other state operates them? Only then can other destinations be excluded."
    yield f"operators_complete: {_sourced('value', 'yes', draft.complete)}"


def _example(series: list[str]) -> str:
    return _text(series[0]) if series else "a-series-of-reports"


def _where(draft: ProfileDraft) -> Iterable[str]:
    yield from ("", "# 2. Where were the operations?", "territory:")
    for place, source in draft.territory:
        yield f"  - {{place: {place}, source: {_text(source)}}}"
    if not draft.territory:
        yield "#  - {place: XC, admin1: [North], source: s1}  # admin1 may be left out: all of it"


def _how(draft: ProfileDraft) -> Iterable[str]:
    yield from ("", "# 4. By which means, since when, and which were not used?")
    yield f"# Allowed: {', '.join(m.id for m in means())}"
    yield "# A means that nobody says was not used keeps lines unknown; only `used: no` can exclude them."
    yield "means:"
    for name, used, start, source in draft.means:
        dated = f", from: {start}" if start else ""
        yield f"  - {{means: {name}, used: {used}{dated}, source: {_text(source)}}}"
    if not draft.means:
        yield "#  - {means: air_strike, used: yes, from: 2015-03-26, source: s1}"
        yield "#  - {means: naval_fire, used: no, source: s1}"
        yield "#  - {means: surveillance, used: unknown, source: s1}"
    yield "# Does a source say that no other means were used?"
    yield f"other_means: {_sourced('used', 'no', draft.no_other_means, otherwise='unknown')}"


def _on_what(draft: ProfileDraft) -> Iterable[str]:
    yield from ("", "# 5. On what sources? Grade: reliability A to F, credibility 1 to 6.", "sources:")
    for source in draft.sources:
        yield f"  {source.id}:"
        yield f"    title: {_text(source.title)}"
        yield f"    grade: {source.grade}"
        yield from [f"    ref: {_text(source.ref)}"] if source.ref else []
        yield from [f"    date: {source.date}"] if source.date else []
    if not draft.sources:
        yield "#  s1:"
        yield "#    title: Report of the mission"
        yield "#    grade: B2"
        yield "#    ref: address or archive number"
        yield "#    date: 2016-01"


def _sourced(key: str, value: str, source: str, *, otherwise: str = "no") -> str:
    return f"{{{key}: {value}, source: {_text(source)}}}" if source else otherwise


def _text(text: str) -> str:
    """A YAML scalar: JSON strings are YAML, and keep colons, hashes and quotes from meaning anything."""
    return json.dumps(text, ensure_ascii=False) if text else ""
