"""The tables of a release: their columns, their keys, and their rows from plain values. Pure.

Cells are texts, whole numbers, or nothing (not known, not stated, too small to be shown). Several values in one
cell are joined by `;`. Days are ISO 8601. A row is there from the day on which it became true. The definition of
the tables has a version: a change of it is a reason of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from penholder.concerns.policy.counts import ConcernCounts
from penholder.kernel.clock import stamp
from penholder.publication.figures import PlaceCount, by_place
from penholder.publication.fold import shown
from penholder.publication.measures import Measure
from penholder.publication.promises import Assessed, Decision, Promise, Statement
from penholder.publication.sentences import sentence
from penholder.publication.values import Fact, Licence

Cell = str | int | None
Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What the tables of one release are made from: as on a day, as known at the sizes of the logs."""

    on: date
    licences: Mapping[str, Licence]
    measures: Mapping[str, Measure]
    statements: Mapping[str, Statement]
    promises: Mapping[str, Promise]
    assessments: Mapping[str, Assessed]
    decisions: Mapping[str, Decision]
    facts: tuple[Fact, ...]
    says: Mapping[str, str]
    """Event -> its sentence."""
    concerns: ConcernCounts | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table. integers: columns of whole numbers; all others are texts."""

    name: str
    means: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    integers: frozenset[str]
    rows: Callable[[Material], Iterable[Row]]
    definition: int = 1
    """Version of what the columns mean and how they are made. Whoever changes that counts it up: else the next
    release is refused, because cells would be others without a reason."""

    def made(self, material: Material) -> list[Row]:
        """The rows, by their key. An empty text is nothing: CSV could not tell them apart."""
        found = [{c: None if cell == "" else cell for c, cell in row.items()} for row in self.rows(material)]
        return sorted(found, key=lambda row: [(isinstance(row[k], str), row[k] or 0) for k in self.key])

    def key_of(self, row: Row) -> str:
        """The key as one text: `L-…;2`."""
        return ";".join(str(row[k]) for k in self.key)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _many(words: Iterable[Any]) -> str | None:
    return ";".join(str(w) for w in words) or None


def _yes(value: bool) -> str:  # noqa: FBT001 - converts the value itself
    return "yes" if value else "no"


def _lines(m: Material) -> Iterable[Row]:
    for licence in m.licences.values():
        for line in licence.lines:
            found = shown(line, m.on)
            if found is None:
                continue
            goods = found.goods
            yield {
                "licence": licence.id,
                "line": line.number,
                "licence_type": licence.licence_type,
                "issued_on": _day(licence.issued_on),
                "valid_from": _day(licence.valid_from),
                "valid_until": _day(line.valid_until),
                "case": licence.case or None,
                "without_case": licence.without_case.value if licence.without_case else None,
                "status": found.standing.value,
                "since": _day(found.step.on),
                "review_by": _day(found.step.review_by),
                "power": found.step.power or None,
                "limb": found.step.limb or None,
                "destination": goods.destination if goods else None,
                "onward": _many(goods.onward) if goods else None,
                "end_user": goods.end_user if goods else None,
                "end_user_state": (goods.end_user_state or None) if goods else None,
                "ratings": _many(goods.ratings) if goods else None,
            }


def _destinations(m: Material) -> Iterable[Row]:
    lines = [line for licence in m.licences.values() for line in licence.lines]
    goods = [s.goods for line in lines if (s := shown(line, m.on)) is not None]
    counts, unknown = by_place(m.licences.values(), on=m.on)
    for place in sorted({g.destination for g in goods if g is not None}):
        found = counts.get(place, PlaceCount(0, 0))
        yield {
            "destination": place,
            "licences_in_force": found.count,
            "of_them_suspended": found.suspended,
            "not_known": len(unknown),
        }


def _measures(m: Material) -> Iterable[Row]:
    for one in (x for x in m.measures.values() if x.valid_from <= m.on):
        yield {
            "measure": one.id,
            "kind": one.kind,
            "limb": one.limb or None,
            "destinations": _many(one.places),
            "valid_from": _day(one.valid_from),
            "valid_until": _day(one.valid_until),
            "review_by": _day(one.review_by),
            "in_force": _yes(one.holds_on(m.on)),
            "cause": one.cause or None,
        }


def _decisions(m: Material) -> Iterable[Row]:
    for one in (x for x in m.decisions.values() if x.decided_on <= m.on):
        yield {
            "case": one.case,
            "outcome": one.outcome,
            "decided_on": _day(one.decided_on),
            "rule_set": one.rule_set,
            "findings": _many(f"{limb}={found}" for limb, found in one.findings),
            "refused_on": _many(one.limbs),
            "exemptions": _many(one.exemptions),
            "against_lead_advice": _yes(one.against_lead),
            "on_appeal": _yes(one.on_appeal),
            "information_days": one.information_days,
            "dissents": len(one.dissents),
            "licence": one.licence or None,
        }


def _assessments(m: Material) -> Iterable[Row]:
    for one in (x for x in m.assessments.values() if x.accepted_on <= m.on):
        gone = one.superseded_on is not None and one.superseded_on <= m.on
        yield {
            "version": one.version,
            "assessment": one.assessment,
            "number": one.number,
            "destination": one.destination,
            "cutoff": _day(one.cutoff),
            "accepted_on": _day(one.accepted_on),
            "superseded_on": _day(one.superseded_on) if gone else None,
            "loops": one.loops,
            "attitude": one.attitude or None,
            "findings": _many(f"{use}/{limb}={found}" for use, limb, found in one.findings),
            "gist": one.gist or None,
            "published_on": _day(one.published_on),
        }


def _statements(m: Material) -> Iterable[Row]:
    for one in (x for x in m.statements.values() if x.said_on <= m.on):
        yield {
            "statement": one.id,
            "destination": one.destination,
            "said_on": _day(one.said_on),
            "place": one.place,
            "speaker_role": one.speaker_role,
            "words": one.words,
            "source": one.source,
            "assessment_version": one.version or None,
        }


def _promises(m: Material) -> Iterable[Row]:
    for one in m.promises.values():
        of = m.statements.get(one.statement)
        if of is None or of.said_on > m.on:
            continue
        ended = one.ended_on is not None and one.ended_on <= m.on
        yield {
            "promise": one.id,
            "statement": one.statement,
            "words": one.words,
            "due": _day(one.due),
            "state": one.state if ended else "open",
            "ended_on": _day(one.ended_on) if ended else None,
            "overdue": _yes(one.is_overdue(m.on)),
            "replaced_by": (one.replaced_by or None) if ended else None,
        }


def _concerns(m: Material) -> Iterable[Row]:
    if m.concerns is None:
        return
    k = m.concerns
    yield {"part": "received", "name": "received", "number": k.received}
    for part, cells in (("state", k.states), ("standing", k.standing), ("disposition", k.dispositions),
                        ("other", k.others)):  # fmt: skip
        yield from ({"part": part, "name": cell.name, "number": cell.count} for cell in cells)


def _entries(m: Material) -> Iterable[Row]:
    for fact in (f for f in m.facts if f.at.date() <= m.on):
        yield {
            "number": fact.number,
            "recorded_at": stamp(fact.at),
            "event": fact.event,
            "kind": fact.kind,
            "about": fact.about or None,
            "role": fact.role,
            "claimed_at": fact.claimed_at,
            "words": sentence(m.says[fact.event], fact.fields),
        }


def _table(
    name: str, means: str, columns: str, rows: Callable[[Material], Iterable[Row]], *, definition: int = 1
) -> Table:
    """columns: keys before the bar; whole numbers with a star."""
    key, _, rest = columns.partition("|")
    names = [*key.split(), *rest.split()]
    plain = tuple(n.rstrip("*") for n in names)
    integers = frozenset(n.rstrip("*") for n in names if n.endswith("*"))
    return Table(name, means, plain[: len(key.split())], plain, integers, rows, definition)


TABLES: tuple[Table, ...] = (
    _table(
        "lines",
        "one row per licence line that was issued, as it stands on the day; lines that were taken in from a "
        "release of another series are not among them: the log counts them (entries of register.ReleaseLoaded)",
        "licence line* | licence_type issued_on valid_from valid_until case without_case status since "
        "review_by power limb destination onward end_user end_user_state ratings",
        _lines,
    ),
    _table(
        "destinations",
        "licences in force by the destination to which their goods go first; those taken in from a release of "
        "another series are not counted",
        "destination | licences_in_force* of_them_suspended* not_known*",
        _destinations,
    ),
    _table(
        "measures",
        "moratoria, exemptions and holds",
        "measure | kind limb destinations valid_from valid_until review_by in_force cause",
        _measures,
    ),
    _table(
        "decisions",
        "decided cases, with the findings by limb",
        "case | outcome decided_on rule_set findings refused_on exemptions against_lead_advice on_appeal "
        "information_days* dissents* licence",
        _decisions,
    ),
    _table(
        "assessments",
        "accepted versions of assessments, with their gists",
        "version | assessment number* destination cutoff accepted_on superseded_on loops* attitude findings gist "
        "published_on",
        _assessments,
    ),
    _table(
        "statements",
        "what was said in public",
        "statement | destination said_on place speaker_role words source assessment_version",
        _statements,
    ),
    _table(
        "promises",
        "what was promised in statements",
        "promise | statement words due state ended_on overdue replaced_by",
        _promises,
    ),
    _table(
        "concerns",
        "concerns in aggregate, by the rule on small numbers; states, and where concerns stand, sum to received",
        "part name | number*",
        _concerns,
        definition=2,
    ),
    _table(
        "entries",
        "every public entry of the authority's log, in words",
        "number* | recorded_at event kind about role claimed_at words",
        _entries,
    ),
)


DEFINITIONS: Mapping[str, int] = {t.name: t.definition for t in TABLES}
"""Table -> version of its definition."""


def made_tables(material: Material) -> dict[str, list[Row]]:
    """Name -> rows."""
    return {table.name: table.made(material) for table in TABLES}
