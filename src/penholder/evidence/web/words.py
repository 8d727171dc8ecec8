"""Evidence in words: codes, places, days, ranges, and what happened, as sentences for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from penholder.analysis.sources.places import name_of
from penholder.evidence.answers import IncidentRow
from penholder.evidence.tables import object_classes, scales
from penholder.evidence.values import NOT_LOOKED_AT, Axis, CasualtyRange, Facts, PersonStatus, Stage

Fields = Mapping[str, Any]
NOT_LOOKED = "Nobody has looked yet"
STAGES: Mapping[Stage, tuple[str, str]] = {
    Stage.RECEIVED: ("Received, scope not said", "yellow"),
    Stage.OUT_OF_SCOPE: ("Out of scope", "grey"),
    Stage.IN_SCOPE: ("In scope, being assessed", "blue"),
    Stage.ASSESSED: ("Assessed", "green"),
    Stage.OPEN_GAPS: ("Open gaps", "orange"),
    Stage.JOINED: ("Another report of an event", "purple"),
}
"""Stage -> its words, the colour of its tag."""
SCOPES = (("in", "In scope"), ("out", "Out of scope"), ("not_set", "Not said yet"))
_SOURCES = {"un": "United Nations", "ngo": "Non-governmental organisation", "own": "Own"}
_PRECISIONS = {"day": "", "month": "known to the month", "year": "known to the year", "range": "within these days"}


def plain(word: object) -> str:
    """`military_use_alleged` -> `military use alleged`."""
    return str(word).replace("_", " ")


def kind_words(kind: str) -> str:
    """The kind of a source."""
    return _SOURCES.get(kind, plain(kind).capitalize())


def value_words(axis: Axis, value: str) -> str:
    """An answer in the words of its scale."""
    return NOT_LOOKED if value == NOT_LOOKED_AT else scales()[axis].values.get(value, plain(value))


def object_words(facts: Facts) -> str:
    """The class of the object, and the words of the report where they say more."""
    return object_classes()[facts.object_class].title


def precision_words(facts: Facts) -> str:
    """How finely the day is known; empty: to the day."""
    return _PRECISIONS.get(facts.date_precision, plain(facts.date_precision))


def place_words(facts: Facts) -> str:
    """`Talin, Tarn, North, XV`; empty: not stated."""
    state = name_of(facts.place) if facts.place else ""
    return ", ".join(p for p in (facts.place_name, facts.admin2, facts.admin1, state) if p)


def range_words(given: CasualtyRange) -> str:
    """`3 to 5 killed`, `at least 10 injured`."""
    if given.most is None:
        number = f"at least {given.least:,}"
    else:
        number = f"{given.least:,}" if given.least == given.most else f"{given.least:,} to {given.most:,}"
    who = "" if given.status is PersonStatus.UNKNOWN else f" {given.status.value}{'' if given.most == 1 else 's'}"
    return f"{number}{who} {given.harm.value}"


def means_words(facts: Facts) -> str:
    """The means, with commas."""
    return ", ".join(plain(m) for m in facts.means)


def day_words(day: date) -> str:
    """`2 September 2024`."""
    return f"{day.day} {day:%B} {day.year}"


def month_words(month: str, *, short: bool = False) -> str:
    """`2026-09` -> `September 2026`, short `Sep 2026`; empty: not known."""
    return date.fromisoformat(f"{month}-01").strftime("%b %Y" if short else "%B %Y") if month else ""


def brief(facts: Facts) -> str:
    """`School or university, Orsa, Tarn, XV, 9 May 2026`: what a report is called wherever it is cited."""
    fine = f" ({precision_words(facts)})" if precision_words(facts) else ""
    day = day_words(facts.starts_on)
    return f"{object_words(facts)}, {place_words(facts) or 'place not stated'}, {day}{fine}"


def label(row: IncidentRow) -> str:
    """A report in a list to choose from."""
    return f"{brief(row.facts)} ({row.source_called})"


def _found(f: Fields) -> str:
    axis = Axis(f["axis"])
    said = f"{scales()[axis].title}: {value_words(axis, f['value']).lower()} ({f['confidence']} confidence)"
    return said if f["number"] == 1 else f"{said}; version {f['number']}"


_EVENTS: Mapping[str, Callable[[Fields], str]] = {
    "evidence.IncidentEntered": lambda _: "Entered by hand",
    "evidence.IncidentsImported": lambda f: f"Came with a file: {f['loaded']:,} of {f['read']:,} rows taken in",
    "evidence.IncidentGraded": lambda f: f"Graded anew: {f['axis']} {f['value']}",
    "evidence.OriginStated": lambda f: (
        "Said to repeat another source's account" if f["origin"] else "Said to be its own source's account"
    ),
    "evidence.IncidentsJoined": lambda _: "Joined to the report that stands for the event: they count once",
    "evidence.IncidentsSeparated": lambda _: (
        "Separated from the report that it was joined to: it counts by itself"
    ),
    "evidence.ScopeSet": lambda f: "Taken into scope" if f["in_scope"] else "Left out of scope",
    "evidence.FindingRecorded": _found,
    "evidence.ExplanationRecorded": lambda f: f"The party's {plain(f['kind'])}: {plain(f['position'])}",
    "evidence.ExculpatoryFactRecorded": lambda f: f"Can speak for the party: {plain(f['kind'])}",
    "evidence.GapOpened": lambda f: f"Gap opened ({f['axis']})",
    "evidence.GapClosed": lambda f: f"Gap closed: {'answered' if f['is_answered'] else 'no answer can be had'}",
    "people.PrivateRead": lambda _: "Private fields of an entry were read, with a reason",
}
_TEXTS = ("reason", "grounds", "party", "text", "disputed", "question", "answer", "reliability_reason",
          "credibility_reason")  # fmt: skip


def event_words(event: str, fields: Fields) -> str:
    """One event as a sentence without its stop."""
    said = _EVENTS.get(event)
    return said(fields) if said else plain(event.rpartition(".")[2])


def text_rows(fields: Fields) -> list[tuple[str, str]]:
    """The official texts of an event: name in words, text."""
    return [(plain(n).capitalize(), str(fields[n])) for n in _TEXTS if fields.get(n)]
