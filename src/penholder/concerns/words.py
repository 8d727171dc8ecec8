"""Concerns in words: for pages, commands and the timeline."""

from __future__ import annotations

from collections.abc import Mapping

from penholder.concerns.values import Disposition, Mark, Move, Purpose, State

STATES: Mapping[State, tuple[str, str, str]] = {
    State.RAISED: ("Raised", "blue", "○"),
    State.ACKNOWLEDGED: ("Acknowledged", "blue", "○"),
    State.ANSWERED: ("Answered", "green", "●"),
    State.CONTESTED: ("Contested", "orange", "↑"),
    State.ACCEPTED: ("Answer accepted", "green", "●"),
    State.LAPSED: ("Answered, not contested", "grey", "■"),
    State.WITHDRAWN: ("Withdrawn by who raised it", "grey", "↩"),
}
"""Words, colour and sign of a tag."""
DISPOSITIONS: Mapping[Disposition, str] = {
    Disposition.UPHELD: "Upheld",
    Disposition.PARTLY: "Partly upheld",
    Disposition.NOT_UPHELD: "Not upheld",
    Disposition.CANNOT_BE_ESTABLISHED: "Cannot be established",
    Disposition.REFERRED: "Referred, with acceptance",
    Disposition.NOT_FOR_THIS_BODY: "Not for this body",
}
PURPOSES: Mapping[Purpose, str] = {
    Purpose.ANSWER: "To answer it",
    Purpose.SIGN: "To sign what a colleague answered",
    Purpose.HANDLE: "To give it to somebody, or to write to whoever raised it",
    Purpose.FOLLOW_UP: "To see to what was promised",
    Purpose.OVERSEE: "To see how it is dealt with",
}
MARKS: Mapping[Mark, str] = {
    Mark.HOLD: "Put it on hold",
    Mark.RESUME: "Take it up again",
    Mark.MERGE: "Deal with it together with another",
}
KINDS: Mapping[str, str] = {
    "assessment": "Assessments",
    "case": "Cases",
    "decision": "Decisions",
    "licence": "Licences",
    "destination": "Destinations",
    "change": "Changes of circumstances",
    "statement": "What was said in public",
}
"""Kinds of what a concern can be about, in the order of the page."""
MOVES: Mapping[Move, str] = {
    Move.RAISE: "Raised",
    Move.ACKNOWLEDGE: "Acknowledged by the {office}",
    Move.ALLOCATE: "Given to somebody at the {office}",
    Move.HOLD: "Put on hold by the {office}; the due day stays",
    Move.RESUME: "Taken up again by the {office}",
    Move.MERGE: "Dealt with together with another concern by the {office}; the due day stays",
    Move.MESSAGE: "A message was left",
    Move.ATTACH: "A file was sent",
    Move.ADD_TARGET: "What it is about was added to",
    Move.EXTEND: "More time was given by the {office}: until {until}",
    Move.PROPOSE: "The {office} wrote an answer; it waits for a second person",
    Move.ANSWER: "Answered by the {office}",
    Move.CONTEST: "The answer to point {points} was contested",
    Move.ACCEPT: "The answer was accepted",
    Move.WITHDRAW: "Withdrawn",
    Move.FINISH_MEASURE: "What was promised for point {points} was done",
}
"""What stands in the timeline; a move that is not here is not told."""


def kind_words(kind: str) -> str:
    """The heading of a kind; one that a newer list has is called as it is there."""
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


def days(number: int) -> str:
    """`1 day`, `31 days`."""
    return f"{number:,} day{'' if abs(number) == 1 else 's'}"


def left(number: int) -> tuple[str, str, str]:
    """Words, colour and sign of what is left until the due day."""
    if number < 0:
        return f"{days(-number)} overdue, in public", "red", "!"
    return f"{days(number)} left", "yellow" if number <= 7 else "grey", "○"
