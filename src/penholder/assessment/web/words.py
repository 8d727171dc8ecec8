"""Assessments in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from penholder.assessment.values import Age, Area, Aspect, Concern, Finding, Move, Status
from penholder.regime.hints import means
from penholder.regime.regimes import rule_words

AREAS = {
    Area.CONDUCT_OF_HOSTILITIES: "Conduct of hostilities",
    Area.HUMANITARIAN_RELIEF: "Humanitarian relief",
    Area.DETAINEES: "Detainees",
}
ASPECTS = {Aspect.CAPABILITY: "Capability", Aspect.COMMITMENT: "Commitment", Aspect.RECORD: "Record"}
COLOURS: Mapping[str, tuple[str, str]] = {
    Concern.NO_CONCERN: ("green", "○"),
    Concern.SOME_CONCERN: ("yellow", "◐"),
    Concern.SERIOUS_CONCERN: ("red", "●"),
    Finding.INSUFFICIENT_INFORMATION: ("grey", "?"),
    Concern.NOT_ASSESSED: ("grey", "-"),
    Finding.NOT_ENGAGED: ("grey", "○"),
    Finding.NO_CLEAR_RISK: ("green", "○"),
    Finding.CLEAR_RISK: ("red", "●"),
    Status.DRAFTING: ("grey", "○"),
    Status.LEGAL_CHECK: ("blue", "→"),
    Status.COUNTERSIGN: ("blue", "→"),
    Status.SUBMITTED: ("purple", "→"),
    Status.ACCEPTED: ("green", "●"),
    Status.RETURNED: ("orange", "↩"),
    Status.SUPERSEDED: ("grey", "■"),
}
STATUSES = {
    Status.DRAFTING: "with the drafter",
    Status.LEGAL_CHECK: "with the legal adviser",
    Status.COUNTERSIGN: "with the countersigner",
    Status.SUBMITTED: "before the decider",
    Status.ACCEPTED: "accepted",
    Status.RETURNED: "returned",
    Status.SUPERSEDED: "superseded",
}
ACTS: Mapping[Move, tuple[str, str]] = {
    Move.SAVE: ("Write the next version", "assessment-save"),
    Move.SEND: ("Send it to the legal check", "assessment-send"),
    Move.CHECK: ("Finish the legal check", "assessment-check"),
    Move.COUNTERSIGN: ("Countersign it", "assessment-countersign"),
    Move.ACCEPT: ("Accept it", "assessment-accept"),
    Move.REQUEST_CHANGE: ("Return it with a change request", "assessment-return"),
}


_WAY = (
    (Status.DRAFTING, "Draft"),
    (Status.LEGAL_CHECK, "Legal check"),
    (Status.COUNTERSIGN, "Countersign"),
    (Status.SUBMITTED, "Decide"),
)


def way(status: Status, days: Mapping[Status, date] | None = None) -> list[dict[str, str]]:
    """The steps of a version: done, now, later. days: from when it stood where, as far as that is known."""
    known = {s: day_words(day) for s, day in (days or {}).items()}
    if status in {Status.RETURNED, Status.SUPERSEDED}:
        made = [{"text": text, "state": "done", "note": known[s]} for s, text in _WAY if s in known]
        return [*made, {"text": STATUSES[status].capitalize(), "state": "stopped", "note": known.get(status, "")}]
    order = [s for s, _ in _WAY]
    here = order.index(status) if status in order else len(order)
    made = [
        {"text": text, "state": "now" if n == here else "done" if n < here else "later", "note": known.get(s, "")}
        for n, (s, text) in enumerate(_WAY)
    ]
    accepted = {"text": "Accepted", "state": "now" if here == len(order) else "later"}
    return [*made, {**accepted, "note": known.get(Status.ACCEPTED, "")}]


def plain(word: object) -> str:
    """`no_clear_risk` -> `no clear risk`."""
    return str(word).replace("_", " ")


def use_words(use_class: str) -> str:
    """The title of a use class."""
    return {m.id: m.title for m in means()}.get(use_class, plain(use_class))


def part_words(part: str) -> str:
    """`detainees/record` -> `Detainees: record`; `risk/air_strike/uk-selc-2021/2c` -> `Air strikes: Serious …`."""
    first, _, rest = part.partition("/")
    if first == "risk":
        use, _, limb = rest.partition("/")
        return f"{use_words(use)}{f': {rule_words(limb)}' if limb else ''}"
    if not rest:
        return {"attitude": "Attitude as a whole", "version": "The version"}.get(part, plain(part))
    return f"{AREAS[Area(first)]}: {rest}"


def day_words(value: date | str) -> str:
    """`2 September 2024`."""
    day = value if isinstance(value, date) else date.fromisoformat(value[:10])
    return f"{day.day} {day:%B} {day.year}"


def age_words(age: Age) -> str:
    """`Cut-off 28 January 2024, 71 days before …`, and whether that is over the limit."""
    days = (
        "today" if age.days == 0 else f"{age.days:,} day{'' if age.days == 1 else 's'} before {day_words(age.on)}"
    )
    over = f"; over the limit of {age.limit} days: a decision that cites it needs reasons" if age.is_over else ""
    return f"Cut-off {day_words(age.cutoff)}, {days}{over}"


def count_words(number: int, one: str, many: str = "") -> str:
    """`1 gap`, `2 gaps`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _saved(f: Mapping[str, Any]) -> str:
    lost = f.get("dropped", ())
    said = f"; it no longer cites {count_words(len(lost), 'piece', 'pieces')} of evidence" if lost else ""
    return f"Version {f.get('number', '')} saved{said}"


_EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "assessment.AssessmentStarted": lambda _: "Started",
    "assessment.VersionSaved": _saved,
    "assessment.VersionSent": lambda f: f"Version {f.get('number', '')} sent to the legal check",
    "assessment.VersionChecked": lambda f: f"Legal check of version {f.get('number', '')} done",
    "assessment.VersionCountersigned": lambda f: (
        f"Version {f.get('number', '')} countersigned and put before the decider"
    ),
    "assessment.ChangeRequested": lambda f: (
        f"Version {f.get('number', '')} returned at the request of {f.get('requested_by', 'somebody')}"
    ),
    "assessment.VersionAccepted": lambda f: (
        f"Version {f['number']} accepted from {day_words(f['accepted_on'])} on, "
        f"after {count_words(f['loops'], 'return')}"
    ),
    "assessment.VersionSuperseded": lambda f: f"Version {f['number']} superseded",
    "assessment.DissentLinked": lambda f: f"Dissent note {f.get('dissent', '')} linked",
    "assessment.GistPublished": lambda f: f"Gist of version {f['number']} published",
}


def event_words(event: str, fields: Mapping[str, Any]) -> str:
    """One event as a sentence without its stop."""
    return _EVENTS[event](fields)
