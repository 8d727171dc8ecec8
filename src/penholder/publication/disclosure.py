"""The disclosure policy: what is shown of each public event, and what is withheld, why, until when. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from penholder.kernel.errors import RuleError
from penholder.rules.records import Record, read_record

_FILE = Path(__file__).parent / "data" / "disclosure.yaml"


@dataclass(frozen=True, slots=True)
class EventPolicy:
    """One event: of what kind of thing it tells, in which words, and the class of each of its fields."""

    kind: str
    says: str
    public: tuple[str, ...]
    after: Mapping[str, int]
    """Field -> days after the entry from which it is shown."""
    aggregate: tuple[str, ...]
    withheld: Mapping[str, str]
    """Field -> reason code."""

    def fields(self) -> tuple[str, ...]:
        """Every field, each once."""
        return (*self.public, *self.after, *self.aggregate, *self.withheld)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the policy. smallest_cell: counts of concerns below it, and above nought, are not shown."""

    id: str
    valid_from: date
    smallest_cell: int


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The whole policy."""

    versions: tuple[Version, ...]
    reasons: Mapping[str, str]
    reviews: Mapping[str, int]
    events: Mapping[str, EventPolicy]

    def version(self, on: date) -> Version:
        """The version in force on a day; before the first, the first."""
        held = [v for v in self.versions if v.valid_from <= on]
        return held[-1] if held else self.versions[0]


@cache
def disclosure() -> Disclosure:
    """The policy as it is shipped. Raises: RuleError with file and line."""
    return read_disclosure(read_record(_FILE, error=RuleError))


def read_disclosure(record: Record) -> Disclosure:
    """The policy that a record holds. Raises: RuleError: something in it is missing, twice or unknown."""
    record.refuse_unknown({"policies", "reasons", "reviews", "events"})
    reasons = record.texts("reasons")
    given = record.child("reviews")
    reviews = {name: given.integer(name) for name in given.keys()}  # noqa: SIM118 - Record is not a dict
    if reviews.keys() != reasons.keys():
        raise record.refusal("reviews", "every reason needs its review, and nothing else has one")
    events = record.child("events")
    made = {name: _event(events.child(name), reasons) for name in events.keys()}  # noqa: SIM118
    versions = tuple(_version(item) for item in record.items("policies"))
    if not versions or list(versions) != sorted(versions, key=lambda v: v.valid_from):
        raise record.refusal("policies", "versions are needed, the oldest first")
    return Disclosure(versions, reasons, reviews, made)


def _version(item: Record) -> Version:
    item.refuse_unknown({"id", "valid_from", "smallest_cell"})
    return Version(item.text("id"), item.day("valid_from"), item.integer("smallest_cell"))


def _event(item: Record, reasons: Mapping[str, str]) -> EventPolicy:
    item.refuse_unknown({"kind", "says", "public", "after", "aggregate", "withheld"})
    withheld = item.texts("withheld") if item.has("withheld") else {}
    for name, reason in withheld.items():
        if reason not in reasons:
            raise item.refusal("withheld", f"{name!r}: {reason!r} is no reason; allowed: {', '.join(reasons)}")
    delays = item.opt_child("after")
    after = {
        name: int(days)
        for days in (delays.keys() if delays else ())
        if delays is not None
        for name in delays.words(days)
    }
    made = EventPolicy(
        kind=item.text("kind"),
        says=item.text("says"),
        public=item.opt_words("public"),
        after=after,
        aggregate=item.opt_words("aggregate"),
        withheld=withheld,
    )
    names = made.fields()
    if twice := sorted({n for n in names if names.count(n) > 1}):
        raise item.refusal(None, f"{', '.join(twice)}: a field stands in one class")
    return made
