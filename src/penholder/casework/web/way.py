"""Where a case stands on its way, and the line of facts at its head."""

from __future__ import annotations

from collections.abc import Mapping

from penholder.casework.answers import CaseView
from penholder.casework.values import CaseStatus
from penholder.casework.web.words import plain

_INSIDE: tuple[tuple[str, frozenset[CaseStatus]], ...] = (
    ("Draft", frozenset({CaseStatus.DRAFT})),
    ("Take in", frozenset({CaseStatus.SUBMITTED})),
    ("Rate and screen", frozenset({CaseStatus.UNDER_REVIEW})),
    ("Departments advise", frozenset({CaseStatus.DEPARTMENTS_ADVISING})),
    ("Propose an outcome", frozenset({CaseStatus.FINAL_REVIEW})),
    ("Countersign", frozenset({CaseStatus.COUNTERSIGN})),
    ("Decide", frozenset({CaseStatus.FOR_DECISION})),
)
_OUTSIDE: tuple[tuple[str, frozenset[CaseStatus]], ...] = (
    ("Draft", frozenset({CaseStatus.DRAFT})),
    ("Sent in", frozenset({CaseStatus.SUBMITTED})),
    ("Looked at by the authority", frozenset({CaseStatus.UNDER_REVIEW})),
    ("Decided", frozenset()),
)
"""What is done in which status: a step is done once the case has left its statuses."""
_AT_THE_AUTHORITY: Mapping[CaseStatus, str] = {
    CaseStatus.SUBMITTED: "The authority has it: reception looks at it first.",
    CaseStatus.UNDER_REVIEW: "The authority looks at it.",
}
"""For the exporter: who has the case. Where it stands inside is not told."""
_APPEALED = frozenset({CaseStatus.UNDER_APPEAL, CaseStatus.GRANTED_ON_APPEAL, CaseStatus.REFUSED_ON_APPEAL})
_LAST = {"Decide": "Decided"}
_PARTS = ("end_user", "ultimate_end_user")


def steps(seen: CaseView) -> list[Mapping[str, str]]:
    """The steps of a case: done, now, later; of a case that was withdrawn the first one says so."""
    if seen.status is CaseStatus.WITHDRAWN:
        return [{"text": "Withdrawn by the exporter", "state": "stopped"}]
    named = [*(_OUTSIDE if seen.inside is None else _INSIDE)]
    here = next((n for n, (_, statuses) in enumerate(named) if seen.status in statuses), len(named))
    made: list[Mapping[str, str]] = [{"text": text, "state": _state(n, here)} for n, (text, _) in enumerate(named)]
    if seen.status in _APPEALED:
        made.append({"text": "Appeal", "state": "now" if seen.status is CaseStatus.UNDER_APPEAL else "done"})
    if here == len(named) and made[-1]["state"] == "done":
        made[-1] = {
            "state": "now",
            "text": f"{_LAST.get(made[-1]['text'], made[-1]['text'])}: {_outcome(seen.status)}",
        }
    return made


def _state(number: int, here: int) -> str:
    return "now" if number == here else "done" if number < here else "later"


def _outcome(status: CaseStatus) -> str:
    return plain(status).removesuffix(" on appeal")


def nothing_to_do(seen: CaseView) -> str:
    """What stands where nobody who is named here has to do anything."""
    held = _AT_THE_AUTHORITY.get(seen.status) if seen.inside is None else None
    return f"{held} When it asks something of you, that stands here." if held else "Nothing is to be done now."


def facts(seen: CaseView, exporter: str, places: Mapping[str, str]) -> list[str]:
    """Who, to whom, by which way: as far as it is stated."""
    application = seen.application
    said = [f"Exporter {exporter}"] if exporter else []
    said += [
        f"{plain(party.role)} {party.name}, {places[party.place]}"
        for party in application.parties
        if party.role in _PARTS
    ]
    route = " → ".join(f"{places[leg.place]}, {plain(leg.act)}" for leg in application.route)
    made = [f"{'; '.join(said)}."] if said else []
    return [*made, f"Route: {route}."] if route else made
