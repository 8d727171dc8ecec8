"""Reviews in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from penholder.restrictions.web.words import day_words, places_words
from penholder.review.answers import ChangeRow, ChangeView
from penholder.review.values import EngineUse, Move, Option, State, Trigger, Use

__all__ = [
    "ASKS",
    "MOVES",
    "OPTIONS",
    "STATES",
    "TRIGGERS",
    "USES",
    "day_words",
    "money",
    "plain",
    "sentence",
    "title",
]
TRIGGERS = {
    Trigger.NEW_CONFLICT: "New conflict",
    Trigger.EMBARGO: "Embargo",
    Trigger.COURT_ORDER: "Court order",
    Trigger.MINISTERIAL_COMMITMENT: "Ministerial commitment",
    Trigger.NEW_FINDING: "New finding",
    Trigger.DIVERSION_REPORT: "Report of diversion",
    Trigger.COUP: "Coup",
    Trigger.OTHER: "Other",
}
STATES = {
    State.PROPOSED: ("Proposed", "yellow"),
    State.DECLINED: ("Declined", "grey"),
    State.OPENED: ("Opened", "blue"),
    State.HOLD: ("On hold", "blue"),
    State.STOCKTAKE: ("Lines are looked at", "blue"),
    State.ASSESSED: ("Assessed", "blue"),
    State.OPTIONS: ("Options put", "purple"),
    State.DECIDED: ("Decided", "orange"),
    State.EXECUTED: ("Executed", "green"),
    State.REVIEWED: ("Reviewed", "green"),
}
MOVES = {
    Move.PROPOSE: "Proposed",
    Move.ACCEPT: "Accepted",
    Move.DECLINE: "Declined",
    Move.HOLD: "Pending cases held",
    Move.STOCKTAKE: "Stocktake run",
    Move.CLASSIFY: "Lines classified",
    Move.ASSESS: "Assessment closed",
    Move.OPTIONS: "Options put",
    Move.DECIDE: "Decided",
    Move.EXECUTE: "Done",
    Move.REVIEW: "Reviewed",
}
OPTIONS = {
    Option.KEEP: "Suspend nothing, keep under review",
    Option.SUSPEND_POSSIBLE: "Suspend those that might be used",
    Option.SUSPEND_ALL: "Suspend all",
    Option.REVOKE: "Revoke those that might be used",
}
ASKS: Mapping[str, str] = {
    "exporter": "the exporter",
    "licensing authority": "the authority, from the application",
    "profile": "whoever keeps the operation profile",
    "tracing": "whoever traces what goods can become",
}
"""Who can say whether a fact holds."""
RESTS_ON = {"hint": "a hint: what goods of this rating usually serve", "finding": "a finding about these goods"}
"""On what a path rests."""
USES: Mapping[Use | EngineUse, str] = {
    Use.YES: "could be used",
    Use.NO: "could not be used",
    Use.UNKNOWN: "not known",
    EngineUse.COULD: "could have been used",
    EngineUse.UNKNOWN: "unknown",
    EngineUse.EXCLUDED: "excluded",
}


_WAY: tuple[tuple[str, State, Move], ...] = (
    ("Propose", State.DECLINED, Move.PROPOSE),
    ("Accept", State.PROPOSED, Move.ACCEPT),
    ("Hold cases", State.OPENED, Move.HOLD),
    ("Take stock", State.HOLD, Move.STOCKTAKE),
    ("Look at lines", State.STOCKTAKE, Move.ASSESS),
    ("Put options", State.ASSESSED, Move.OPTIONS),
    ("Decide", State.OPTIONS, Move.DECIDE),
    ("Carry out", State.DECIDED, Move.EXECUTE),
    ("Review", State.EXECUTED, Move.REVIEW),
)
"""Step, where a change stands while it is to be done, the move that does it. No change stands before the first."""


def way(view: ChangeView) -> list[dict[str, str]]:
    """The steps of a change: done, with the day, now, later; one that was declined ends there."""
    days = {step.move: day_words(step.on) for step in view.steps}
    if view.state is State.DECLINED:
        return [
            {"text": "Propose", "state": "done", "note": days.get(Move.PROPOSE, "")},
            {"text": "Declined", "state": "stopped", "note": days.get(Move.DECLINE, "")},
        ]
    here = next((n for n, (_, state, _) in enumerate(_WAY) if state is view.state), len(_WAY))
    made = [
        {
            "text": text,
            "state": "now" if n == here else "done" if n < here else "later",
            "note": days.get(move, "") if n < here else "",
        }
        for n, (text, _, move) in enumerate(_WAY)
    ]
    return made if here < len(_WAY) else [*made[:-1], {**made[-1], "text": "Reviewed", "state": "now"}]


def plain(word: object) -> str:
    """`hint_not_exhaustive` -> `hint not exhaustive`."""
    return str(word).replace("_", " ")


def money(values: Mapping[str, Decimal], *, unvalued: int = 0) -> str:
    """`GBP 1,000.00; EUR 20.00; 2 lines without a value`."""
    said = [f"{currency} {value:,.2f}" for currency, value in values.items()]
    if unvalued:
        said.append(f"{unvalued} line{'' if unvalued == 1 else 's'} without a value")
    return "; ".join(said) or "none"


def title(view: ChangeView | ChangeRow) -> str:
    """`New conflict: Norland (XN), 15 July 2026`."""
    return f"{TRIGGERS[view.trigger]}: {places_words(view.destinations)}, {day_words(view.happened_on)}"


def sentence(view: ChangeView, *, on: date) -> str:
    """The answer first: where it stands, and what is waited for."""
    where = places_words(view.destinations)
    if view.state is State.PROPOSED:
        by = day_words(view.answer_by)
        late = f"; that was due by {by} and is overdue" if view.answer_by < on else f" by {by}"
        return f"Proposed for {where}. The licensing manager accepts or declines it{late}."
    if view.state is State.DECLINED:
        return f"Declined for {where}. It can be proposed again with something new."
    if view.decision is None:
        return f"Licences and pending cases of {where} are looked at again. {_next(view)}"
    decision = view.decision
    did = OPTIONS[decision.option]
    against = ", against the advice of officials" if decision.option is not decision.recommended else ""
    number = len(decision.stopped)
    stopped = f"{number} {'line' if number == 1 else 'lines'} stopped, {len(decision.left)} left by exemption"
    late = " and is overdue" if decision.review_by < on and view.state is not State.REVIEWED else ""
    review = f"Review by {day_words(decision.review_by)}{late}."
    return f"Decided on {day_words(decision.decided_on)}{against}: {did}. {stopped}. {review}"


def _next(view: ChangeView) -> str:
    waits = {
        State.OPENED: "Next: hold pending cases.",
        State.HOLD: "Next: run the stocktake.",
        State.ASSESSED: "Next: put the options to the decider.",
        State.OPTIONS: "The options wait for the decider.",
    }
    if view.state is State.STOCKTAKE and view.classified is not None:
        waiting = view.classified.waiting
        if waiting:
            return f"{waiting} line{' waits' if waiting == 1 else 's wait'} for a person's answer."
        return "Every line in force has a person's answer. Next: close the assessment."
    return waits.get(view.state, "")
