"""What an event does to a case: which rows it adds and how it moves it. One declaration, for acts and for fsck.

An event that nobody has named here is refused. The acts on decisions name theirs in `decision_effects`, which the
room of the acts imports.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, singledispatch
from typing import Any

from pydantic import TypeAdapter

from penholder.actions.events import Event
from penholder.casework import events, parts
from penholder.casework.values import CaseMove, PartKind

VALUES: dict[PartKind, Any] = {
    PartKind.APPLICATION: parts.Application,
    PartKind.SUBMISSION: parts.Submission,
    PartKind.WITHDRAWAL: parts.Remark,
    PartKind.ACCEPTANCE: parts.Remark,
    PartKind.QUESTION: parts.Question,
    PartKind.ANSWER: parts.Remark,
    PartKind.RATING: parts.Rating,
    PartKind.SCREENING: parts.Screening,
    PartKind.MATCH: parts.Match,
    PartKind.VERDICT: parts.Verdict,
    PartKind.CIRCULATION: parts.Circulation,
    PartKind.ADVICE: parts.Advice,
    PartKind.WAIVER: parts.Waiver,
    PartKind.DISSENT: parts.DissentMark,
}
"""Which value stands in the rows of each kind. `decision_effects` enters those of decisions."""


@dataclass(frozen=True, slots=True)
class NewPart:
    """A row to be added. on: day in the world, where it is not that of the act."""

    kind: PartKind
    value: Any
    public_id: str = ""
    about: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What one event does: at least one row, and how the case moves (None: it stays)."""

    parts: tuple[NewPart, ...]
    move: CaseMove | None = None


@cache
def _adapter(kind: PartKind) -> TypeAdapter[Any]:
    return TypeAdapter(VALUES[kind])


def column_of(kind: PartKind, value: Any) -> Any:
    """A value as JSON values."""
    return _adapter(kind).dump_python(value, mode="json")


def value_of(kind: PartKind, column: Any) -> Any:
    """The value that stands in a row."""
    return _adapter(kind).validate_python(column)


def case_events() -> tuple[type[Event], ...]:
    """Every event that does something to a case."""
    return tuple(e for e in effect_of.registry if issubclass(e, Event) and e is not Event)


@singledispatch
def effect_of(event: Event) -> Effect:
    """Rows and move of an event. Raises: TypeError: nobody has said what it does."""
    msg = f"casework does not know what {event.name} does to a case"
    raise TypeError(msg)


@effect_of.register
def _(event: events.ApplicationStarted) -> Effect:
    return Effect((NewPart(PartKind.APPLICATION, event.application),))


@effect_of.register
def _(event: events.ApplicationSaved) -> Effect:
    return Effect((NewPart(PartKind.APPLICATION, event.application),))


@effect_of.register
def _(event: events.ApplicationSubmitted) -> Effect:
    said = parts.Submission(application=event.application)
    return Effect((NewPart(PartKind.SUBMISSION, said),), CaseMove.SUBMIT)


@effect_of.register
def _(event: events.ApplicationWithdrawn) -> Effect:
    return Effect((NewPart(PartKind.WITHDRAWAL, parts.Remark(text=event.reasons)),), CaseMove.WITHDRAW)


@effect_of.register
def _(event: events.CaseAccepted) -> Effect:
    return Effect((NewPart(PartKind.ACCEPTANCE, parts.Remark(text=event.remark)),), CaseMove.ACCEPT)


@effect_of.register
def _(event: events.ExporterAsked) -> Effect:
    return Effect((NewPart(PartKind.QUESTION, event.asked, event.question),))


@effect_of.register
def _(event: events.QuestionAnswered) -> Effect:
    return Effect((NewPart(PartKind.ANSWER, parts.Remark(text=event.text), about=event.question),))


@effect_of.register
def _(event: events.GoodsRated) -> Effect:
    return Effect(tuple(NewPart(PartKind.RATING, r) for r in event.ratings))


@effect_of.register
def _(event: events.PartiesScreened) -> Effect:
    found = (NewPart(PartKind.MATCH, m, i, event.screening) for i, m in event.matches)
    return Effect((NewPart(PartKind.SCREENING, event.screened, event.screening), *found))


@effect_of.register
def _(event: events.MatchJudged) -> Effect:
    return Effect((NewPart(PartKind.VERDICT, event.judged, about=event.match),))


@effect_of.register
def _(event: events.CaseCirculated) -> Effect:
    return Effect((NewPart(PartKind.CIRCULATION, event.circulation),), CaseMove.CIRCULATE)


@effect_of.register
def _(event: events.AdviceRecorded) -> Effect:
    row = NewPart(PartKind.ADVICE, event.advice, event.advice_id, event.earlier)
    return Effect((row,), CaseMove.COLLECT if event.completes else None)


@effect_of.register
def _(event: events.AdviceWaived) -> Effect:
    return Effect((NewPart(PartKind.WAIVER, event.waiver),), CaseMove.COLLECT if event.completes else None)


@effect_of.register
def _(event: events.DissentRecorded) -> Effect:
    said = parts.DissentMark(target=event.target, digest=event.digest)
    return Effect((NewPart(PartKind.DISSENT, said, event.dissent, event.target),))
