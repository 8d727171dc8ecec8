"""What was said in public and what became of it. All of it is public: the words were said in public.

Speakers are named by their function, never by name; words are those of a published text.
"""

from __future__ import annotations

from datetime import date

from penholder.actions.events import Event
from penholder.actions.values import Visibility
from penholder.statements.values import Claim


class StatementRecorded(
    Event,
    visibility=Visibility.PUBLIC,
    about="statement",
    public=(
        "statement", "destination", "said_on", "place", "speaker_role", "words", "source", "claims", "assessment",
        "version",
    ),
):  # fmt: skip
    """Something was said in public. assessment, version: what was accepted that day; empty: nothing was."""

    statement: str
    destination: str
    said_on: date
    place: str
    speaker_role: str
    words: str
    source: str
    claims: tuple[Claim, ...]
    assessment: str
    version: str


class PromiseRecorded(
    Event, visibility=Visibility.PUBLIC, about="promise", public=("promise", "statement", "words", "due")
):
    """Something was promised in a statement, by a day."""

    promise: str
    statement: str
    words: str
    due: date


class PromiseKept(
    Event, visibility=Visibility.PUBLIC, about="promise", public=("promise", "kept_on", "source", "words")
):
    """A promise was kept: where that can be seen."""

    promise: str
    kept_on: date
    source: str
    words: str


class PromiseReplaced(
    Event,
    visibility=Visibility.PUBLIC,
    about="promise",
    public=("promise", "replaced_on", "by", "reasons"),
):
    """A promise was replaced by another one, and why."""

    promise: str
    replaced_on: date
    by: str
    reasons: str
