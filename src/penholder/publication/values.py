"""What pages and releases are made of: plain values, wherever the rows come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from penholder.register.values import LineStatus, Standing, WithoutCase

RELEASE = "PR"
"""Prefix of public ids of releases of the public site."""
AUTHORITY, CONCERNS = "authority", "concerns"
LOGS = (AUTHORITY, CONCERNS)
"""The published ledgers that the public site shows."""


class PublicationPermission(StrEnum):
    """What can be allowed with publication. The role table of `people` says to whom."""

    ANNOUNCE = "publication.announce_release"


@dataclass(frozen=True, slots=True)
class Withheld:
    """A field that is not shown: why, and when that is looked at again (None: never)."""

    name: str
    reason: str
    review: date | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One public entry of a published ledger, as the disclosure policy shows it.

    number: place in its log, from 0. kind: of the thing that it is about. claimed_at: as the entry has it.
    """

    log: str
    number: int
    event: str
    kind: str
    about: str
    at: datetime
    claimed_at: str | None
    late: bool
    role: str
    run: str
    rules: str | None
    fields: Mapping[str, Any]
    withheld: tuple[Withheld, ...] = ()

    @property
    def name(self) -> str:
        """Name of the event without its capability."""
        return self.event.rpartition(".")[2]

    def day(self, name: str) -> date | None:
        """A field that is a day."""
        given = self.fields.get(name)
        return date.fromisoformat(given) if given else None

    def words(self, name: str) -> tuple[str, ...]:
        """A field that is a list of texts."""
        return tuple(str(w) for w in self.fields.get(name) or ())


@dataclass(frozen=True, slots=True)
class Head:
    """The signed head of a published ledger that is shown, and what was found when it was verified."""

    log: str
    origin: str
    size: int
    root: str
    """base64, as `penholder verify` says it."""
    note: str
    witnessed: bool
    signed: tuple[str, ...]
    needed: int
    last_at: datetime | None
    loaded_at: datetime
    key: str
    """Public key that signed the head."""
    is_pinned: bool
    """Was the chain of keys followed from a key that came from elsewhere than the folder?"""
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Visibility -> entries that are not public: that they are there is all that is known."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How somebody looks: as on a day in the world, as known at a size of the authority's log.

    until: moment of the last entry that is known. is_now: neither day nor size was asked for. is_ahead: the day is
    still to come.
    """

    on: date
    size: int
    until: datetime | None
    newest: int
    is_now: bool = True
    is_ahead: bool = False

    @property
    def is_newest(self) -> bool:
        """Is everything known that was loaded?"""
        return self.size >= self.newest


@dataclass(frozen=True, slots=True)
class Goods:
    """What a line is for, as far as it is public. None: not published. Empty: not stated."""

    destination: str
    onward: tuple[str, ...] = ()
    end_user: str = "not_stated"
    end_user_state: str = ""
    ratings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A line took a status. number: of the entry that says so; None: no entry, a day came (it ran out)."""

    on: date
    status: LineStatus
    by: str
    number: int | None
    review_by: date | None = None
    power: str = ""
    limb: str = ""
    exemptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a licence: its steps and its goods (from which day on), oldest first."""

    licence: str
    number: int
    steps: tuple[Step, ...] = ()
    goods: tuple[tuple[date, Goods], ...] = ()
    valid_until: date | None = None
    end_is_stated: bool = True

    @property
    def id(self) -> str:
        """`L-…:2`."""
        return f"{self.licence}:{self.number}"


@dataclass(frozen=True, slots=True)
class LineShown:
    """How one line stands on a day."""

    number: int
    standing: Standing
    status: LineStatus
    step: Step
    goods: Goods | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence as its public entries leave it."""

    id: str
    licence_type: str
    issued_on: date
    valid_from: date
    valid_until: date | None
    lines: tuple[Line, ...]
    facts: tuple[Fact, ...]
    case: str = ""
    """Public id of the case that granted it."""
    without_case: WithoutCase | None = None
    """Why it comes from no case."""
