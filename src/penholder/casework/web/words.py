"""Cases in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from penholder.assessment.values import Finding
from penholder.casework.clock import ClockState, Reading
from penholder.casework.machine import departments
from penholder.casework.values import CaseStatus, MatchVerdict, PlaceMatch, Recommendation
from penholder.regime.end_users import end_user_classes
from penholder.regime.licence_types import licence_types

STATUSES: Mapping[CaseStatus, str] = {
    CaseStatus.DRAFT: "draft",
    CaseStatus.SUBMITTED: "submitted",
    CaseStatus.UNDER_REVIEW: "under review",
    CaseStatus.DEPARTMENTS_ADVISING: "departments advising",
    CaseStatus.FINAL_REVIEW: "final review",
    CaseStatus.COUNTERSIGN: "with the countersigner",
    CaseStatus.FOR_DECISION: "before the decider",
    CaseStatus.GRANTED: "granted",
    CaseStatus.REFUSED: "refused",
    CaseStatus.UNDER_APPEAL: "under appeal",
    CaseStatus.GRANTED_ON_APPEAL: "granted on appeal",
    CaseStatus.REFUSED_ON_APPEAL: "refused on appeal",
    CaseStatus.WITHDRAWN: "withdrawn",
}
COLOURS: Mapping[str, tuple[str, str]] = {
    CaseStatus.DRAFT: ("grey", "○"),
    CaseStatus.SUBMITTED: ("blue", "→"),
    CaseStatus.UNDER_REVIEW: ("blue", "→"),
    CaseStatus.DEPARTMENTS_ADVISING: ("blue", "→"),
    CaseStatus.FINAL_REVIEW: ("blue", "→"),
    CaseStatus.COUNTERSIGN: ("purple", "→"),
    CaseStatus.FOR_DECISION: ("purple", "→"),
    CaseStatus.GRANTED: ("green", "●"),
    CaseStatus.GRANTED_ON_APPEAL: ("green", "●"),
    CaseStatus.REFUSED: ("red", "×"),  # noqa: RUF001 - a sign
    CaseStatus.REFUSED_ON_APPEAL: ("red", "×"),  # noqa: RUF001 - a sign
    CaseStatus.UNDER_APPEAL: ("orange", "↩"),
    CaseStatus.WITHDRAWN: ("grey", "■"),
}
FINDING_COLOURS: Mapping[str, tuple[str, str]] = {
    Finding.NOT_ENGAGED: ("grey", "○"),
    Finding.NO_CLEAR_RISK: ("green", "○"),
    Finding.CLEAR_RISK: ("red", "●"),
    Finding.INSUFFICIENT_INFORMATION: ("grey", "?"),
}
VERDICTS = {
    MatchVerdict.SAME: "the same",
    MatchVerdict.OTHER: "another",
    MatchVerdict.CANNOT_SAY: "cannot be said",
}
PLACES = {
    PlaceMatch.SAME: "same place",
    PlaceMatch.OTHER: "another place",
    PlaceMatch.NOT_STATED: "place not stated",
}
RECOMMENDATIONS = {
    Recommendation.APPROVE: "grant",
    Recommendation.PROVISO: "grant under terms",
    Recommendation.REFUSE: "refuse",
    Recommendation.NO_LICENCE_REQUIRED: "no licence is required",
    Recommendation.NO_VIEW: "no view",
}
CONSEQUENCES = {
    "must_refuse": "it must be refused",
    "special_caution": "special caution is needed",
    "weigh": "it is weighed",
}
"""What a clear risk on a limb means."""
PARTS = {
    "goods": "Goods",
    "parties": "Parties",
    "route": "Route",
    "end_use": "End use",
    "declaration": "Declaration",
}


def plain(word: object) -> str:
    """`no_clear_risk` -> `no clear risk`."""
    return str(word).replace("_", " ")


def type_words(licence_type: str) -> str:
    """The title of a licence type."""
    found = licence_types().get(licence_type)
    return found.title if found else plain(licence_type)


def end_user_words(end_user_class: str) -> str:
    """The title of a class of end users."""
    found = end_user_classes().get(end_user_class)
    return found.title if found else plain(end_user_class)


def department_words(department: str) -> str:
    """The title of a department."""
    found = departments().get(department)
    return found.title if found else plain(department).capitalize()


def days_words(number: int, unit: str = "day") -> str:
    """`1 day`, `2 days`."""
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def clock_words(clock: Reading) -> str:
    """`11 working days counted of 20; 21 days have passed; questions have stopped the clock for 3 of …`."""
    unit = plain(clock.unit).removesuffix("s")
    said = f"{days_words(clock.counted, unit)} counted of {clock.target}"
    said += f"; {days_words(clock.elapsed)} have passed"
    if clock.paused or clock.is_paused:
        most = days_words(clock.most_paused, unit)
        said += f"; questions have stopped the clock for {clock.paused:,} of at most {most}"
    return said


STATES = {
    ClockState.RUNNING: ("running", "green", "▸"),
    ClockState.PAUSED: ("stands still", "yellow", "‖"),
    ClockState.LATE: ("late", "red", "!"),
    ClockState.ENDED: ("ended in time", "grey", "■"),
    ClockState.ENDED_LATE: ("ended late", "orange", "■"),
}


def day_words(value: date | str) -> str:
    """`2 September 2024`."""
    day = value if isinstance(value, date) else date.fromisoformat(value[:10])
    return f"{day.day} {day:%B} {day.year}"


def field_words(path: str) -> str:
    """`goods.1.quantity` -> `Goods, 1: quantity`."""
    first, *rest = path.split(".")
    head = PARTS.get(first, plain(first).capitalize())
    if rest and rest[0].isdecimal():
        head, rest = f"{head}, {rest[0]}", rest[1:]
    return f"{head}: {' '.join(plain(r) for r in rest)}" if rest else head


def _parts_words(fields: Mapping[str, Any]) -> str:
    return PARTS.get(str(fields.get("part")), "Application")


_EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "casework.ApplicationStarted": lambda _: "Application started",
    "casework.ApplicationSaved": lambda f: f"{_parts_words(f)} saved",
    "casework.ApplicationSubmitted": lambda _: "Application submitted",
    "casework.ApplicationWithdrawn": lambda _: "Application withdrawn",
    "casework.CaseAccepted": lambda _: "Taken in",
    "casework.ExporterAsked": lambda f: f"The exporter was asked: {f['asked']['text']}",
    "casework.QuestionAnswered": lambda f: f"The exporter answered: {f['text']}",
    "casework.GoodsRated": lambda f: f"{days_words(len(f['ratings']), 'line')} rated",
    "casework.PartiesScreened": lambda f: (
        f"Parties screened: {len(f['matches'])} new possible {'match' if len(f['matches']) == 1 else 'matches'}"
    ),
    "casework.MatchJudged": lambda f: f"A match was judged: {VERDICTS[MatchVerdict(f['judged']['verdict'])]}",
    "casework.CaseCirculated": lambda f: (
        f"Asked for advice: {', '.join(department_words(d) for d in f['circulation']['departments'])}, "
        f"by {day_words(f['circulation']['due_on'])}"
    ),
    "casework.AdviceRecorded": lambda f: (
        f"{department_words(f['advice']['department'])} advised (version {f['advice']['number']}): "
        f"{RECOMMENDATIONS[Recommendation(f['advice']['recommendation'])]}"
    ),
    "casework.AdviceWaived": lambda f: f"Gone on without {department_words(f['waiver']['department'])}",
    "casework.DissentRecorded": lambda _: "An officer dissented",
}


def event_words(event: str, fields: Mapping[str, Any]) -> str:
    """One event as a sentence without its stop; of an event without words of its own, its name."""
    words = _EVENTS.get(event)
    if words is not None:
        return words(fields)
    name = event.rpartition(".")[2]
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip().capitalize()
