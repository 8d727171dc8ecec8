"""What happened to concerns. No text of anybody is ever a field: texts are sealed under the key of the case.

What is public is enough for anybody to recompute, from the published log alone, which concerns were answered in
time,
by which level, and which are overdue (policy.tally). It says nothing of who, of what, or to which decision.
"""

from __future__ import annotations

from datetime import date

from penholder.actions.events import Event
from penholder.actions.values import Visibility


class ConcernRaised(
    Event,
    visibility=Visibility.PUBLIC,
    about="concern",
    public=("concern", "policy", "levels", "points", "commitment"),
):
    """A concern was raised. commitment: without the receipt it confirms nothing."""

    concern: str
    policy: str
    levels: tuple[int, ...]
    """Levels that can hear it: those that are wholly in conflict are left out."""
    points: int
    commitment: str


class ConcernJoined(Event, visibility=Visibility.PUBLIC, public=("on",), restricted=("concern",)):
    """Somebody joined a concern. Which one, the log does not say."""

    on: date
    concern: str


class JoiningAsked(Event, visibility=Visibility.SEALED, about="concern", restricted=("concern",)):
    """A staff representative asked that somebody join a concern."""

    concern: str


class ConcernAcknowledged(Event, visibility=Visibility.PUBLIC, about="concern", public=("concern", "level")):
    """An office said that it has a concern. It stops no clock."""

    concern: str
    level: int


class ConcernAllocated(
    Event,
    visibility=Visibility.OFFICIAL,
    about="concern",
    official=("concern", "level"),
    personal={"person": "person"},
):
    """Somebody of the level has taken a concern on, or was given it. It stops no clock."""

    concern: str
    level: int
    person: str


class ConcernMarked(
    Event,
    visibility=Visibility.PUBLIC,
    about="concern",
    public=("concern", "level", "mark"),
    restricted=("merged_with",),
):
    """A concern was put on hold, taken up again, or is dealt with together with another. It stops no clock."""

    concern: str
    level: int
    mark: str
    merged_with: str


class MessageLeft(Event, visibility=Visibility.SEALED, about="concern", restricted=("concern", "message")):
    """A message was left, by the filer or an office."""

    concern: str
    message: str


class FileAttached(Event, visibility=Visibility.SEALED, about="concern", restricted=("concern", "attachment")):
    """The filer sent a file."""

    concern: str
    attachment: str


class TargetAdded(
    Event,
    visibility=Visibility.PUBLIC,
    about="concern",
    public=("concern", "levels"),
    restricted=("target",),
):
    """The filer said what else the concern is about. Whoever took part in that loses the concern."""

    concern: str
    levels: tuple[int, ...]
    target: str


class TimeExtended(Event, visibility=Visibility.PUBLIC, about="concern", public=("concern", "level", "until")):
    """The next level gave the level that owes the answer more time. The filer reads why."""

    concern: str
    level: int
    until: date


class ConcernRead(Event, visibility=Visibility.SEALED, about="concern", restricted=("concern", "purpose")):
    """An officer opened what is sealed in a concern, and said what for. Who, is in the entry as the actor."""

    concern: str
    purpose: str


class AnswerProposed(
    Event, visibility=Visibility.OFFICIAL, about="concern", official=("concern", "answer", "level")
):
    """An answer was written. It is none until another person signs it."""

    concern: str
    answer: str
    level: int


class AnswerIssued(
    Event,
    visibility=Visibility.PUBLIC,
    about="concern",
    public=("concern", "level", "dispositions", "measures", "repeated"),
    official=("answer",),
):
    """A second person signed an answer: it counts, and the days to contest it begin."""

    concern: str
    level: int
    dispositions: dict[str, str]
    """Number of the point -> what the answer says of it."""
    measures: tuple[int, ...]
    """Points for which something is promised."""
    repeated: int
    """Points whose grounds were marked as those of another answer."""
    answer: str


class PointsContested(
    Event,
    visibility=Visibility.PUBLIC,
    about="concern",
    public=("concern", "points", "level", "levels"),
):
    """The filer contests points of an answer: they go to the next level, to somebody who had no part in it."""

    concern: str
    points: tuple[int, ...]
    level: int
    levels: tuple[int, ...]


class AnswerAccepted(Event, visibility=Visibility.PUBLIC, about="concern", public=("concern",)):
    """The filer accepts the answer."""

    concern: str


class ConcernWithdrawn(Event, visibility=Visibility.PUBLIC, about="concern", public=("concern",)):
    """The filer has withdrawn the concern, with their own code."""

    concern: str


class MeasureFinished(Event, visibility=Visibility.PUBLIC, about="concern", public=("concern", "points")):
    """What was promised for a point was done."""

    concern: str
    points: tuple[int, ...]


class LapseNoted(Event, visibility=Visibility.PUBLIC, about="concern", public=("concern", "level", "to", "due")):
    """A due day passed without an answer. This only notes it: the level changed at the end of that day."""

    concern: str
    level: int
    to: int
    """0: there is no level above."""
    due: date


class EmptyAnswerRefused(Event, visibility=Visibility.PUBLIC, public=("level",)):
    """Somebody tried to answer with nothing, and was refused."""

    level: int


class OfficerKeyMade(Event, visibility=Visibility.OFFICIAL, official=("replaces",), personal={"person": "person"}):
    """Somebody made a key by which concerns can be sealed to them, or gave it another passphrase."""

    person: str
    replaces: bool


class TargetsImported(Event, visibility=Visibility.OFFICIAL, official=("made_on", "targets")):
    """The list of what concerns can be about, and of who took part, came from the authority."""

    made_on: date
    targets: int
