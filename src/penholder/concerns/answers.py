"""What questions to the concerns give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from penholder.concerns.policy.clocks import Standing
from penholder.concerns.values import Disposition


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of an officer's list: nothing of what was written."""

    id: str
    raised_on: date
    matter: str
    level: int
    office: str
    state: str
    due: date | None
    days_left: int
    """Negative: the top has let its day pass."""
    needs_acknowledgement: bool
    version: int


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message. office: who wrote it; "" for the filer."""

    on: date
    office: str
    text: str
    by_joined: bool = False


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of the filer."""

    id: str
    name: str
    media_type: str
    size: int
    on: date


@dataclass(frozen=True, slots=True)
class AnsweredView:
    """The answer to one point."""

    point: int
    disposition: Disposition
    grounds: str
    records: tuple[str, ...]
    none_because: str
    action: str
    action_owner: str
    action_due: date | None
    no_action_because: str
    referred_to: str
    repeated_because: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer; without `signed_on` it is a proposal."""

    id: str
    level: int
    office: str
    on: date
    signed_on: date | None
    by_viewer: bool
    points: tuple[AnsweredView, ...]


@dataclass(frozen=True, slots=True)
class TargetView:
    """What a concern is about. state: what became of it, by the authority's list.

    dissents: how many are on record at the authority; 0 for all but officers who hear a concern about it.
    """

    id: str
    kind: str
    title: str
    state: str
    state_on: date | None
    dissents: int = 0


@dataclass(frozen=True, slots=True)
class StepView:
    """One thing that happened, in words."""

    on: date
    words: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A concern with all that is sealed in it, for who may open it now."""

    row: CaseRow
    standing: Standing
    points: tuple[Mapping[str, Any], ...]
    targets: tuple[TargetView, ...]
    messages: tuple[MessageView, ...]
    files: tuple[FileView, ...]
    answers: tuple[AnswerView, ...]
    steps: tuple[StepView, ...]
    question: str
    """The neutral question to the next decider; "": it is not asked."""
    is_joined: bool = False
    """The viewer came later, through a staff representative."""
    next_office: str = ""
    """Who gets it, and on which day, where the due day passes without an answer."""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the ladder, by function."""

    id: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class LevelView:
    """One level as everybody may know it: how many people of it have a key."""

    number: int
    name: str
    outside: bool
    people: int
