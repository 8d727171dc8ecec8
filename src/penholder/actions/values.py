"""Who acts, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

T = TypeVar("T")
RECOVERED = "recovered"
"""Stands for the actor of an act that came back from the published files: who it was is not known any more."""


class ActorKind(StrEnum):
    """What kind of actor."""

    PERSON = "person"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


class Door(StrEnum):
    """Where the outside can call an action."""

    SITE = "site"
    API = "api"
    COMMAND = "command"
    """The command line, on the machine itself: the only one for actions that take paths of its files."""


class Visibility(StrEnum):
    """Who may know that an event happened. Private fields never stand in the ledger, whatever this says."""

    PUBLIC = "public"
    OFFICIAL = "official"
    SEALED = "restricted"
    """The ledger shows only that something happened: not what, to what, or in which role."""


class FieldClass(StrEnum):
    """Need to know: who may read a private field."""

    PUBLIC = "public"
    COMMERCIAL = "commercial"
    """The exporter's own people, and officials."""
    OFFICIAL = "official"
    RESTRICTED = "restricted"
    """Roles that the table names; each read makes an access entry."""
    PERSONAL = "personal"
    """As restricted; under the key of the person, and erasable."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts or looks: a person in their roles, or the system itself."""

    id: str
    kind: ActorKind
    roles: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    """Public ids of the exporters for which this person may act."""
    stands_in_for: frozenset[str] = frozenset()
    """Ids of the people whose delegation these roles include: their acts count as this person's."""


SYSTEM = Actor("system", ActorKind.SYSTEM, frozenset({"system"}))
NOBODY = Actor("nobody", ActorKind.ANONYMOUS)


@dataclass(frozen=True, slots=True)
class Receipt(Generic[T]):
    """What an act gives back: its result, and where it stands in the ledger."""

    result: T
    run: str
    act: str
    at: datetime
    entries: tuple[int, ...]
    """Numbers of the ledger entries (not their places in the log: see `ledger.queries.place_of`)."""
    replayed: bool = False
    """True where an earlier request with the same idempotency key had done it."""
    details: dict[str, Any] = field(default_factory=dict)
    """What is shown this once and kept nowhere: the text of a token, an invitation, values that were asked for."""
