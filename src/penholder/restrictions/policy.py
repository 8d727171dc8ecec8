"""What restrictions match, decided from given facts alone; and what the steps of a restriction amount to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache, lru_cache

from penholder.kernel.dates import Interval
from penholder.kernel.errors import RuleError
from penholder.regime.end_users import NOT_STATED, end_user_classes
from penholder.regime.hints import hint_for, hints
from penholder.regime.licence_types import licence_types
from penholder.restrictions.values import Block, Exemption, LineFacts, Member, Moratorium, StepKind
from penholder.rules.explain import Finding, explain
from penholder.rules.expr import AllOf, AnyOf, Expr, Fact, FactKind, In, leaves
from penholder.rules.loader import load_expr
from penholder.rules.records import parse_record

EVERYTHING = AllOf(())
"""The scope of a restriction that reaches every line."""
PLACES = ("destination", "onward")


@cache
def scope_facts() -> Mapping[str, Fact]:
    """What a scope may ask for: the names of `LineFacts`."""
    words = FactKind.WORDS
    roles = tuple(sorted({h.role for h in hints() if not h.silent}))
    classes = tuple(c for c in end_user_classes() if c != NOT_STATED)
    facts = (
        Fact("destination", words, "where the goods go first"),
        Fact("onward", words, "where they go on to, incorporated or not"),
        Fact("ratings", words, "codes of the control lists"),
        Fact("end_user_class", words, "class of the end user", classes),
        Fact("licence_type", words, "id of the licence type", tuple(licence_types())),
        Fact("roles", words, "what goods of these ratings are for, by the hints", roles),
        Fact("programmes", words, "pools of supply to which the goods go"),
    )
    return {f.name: f for f in facts}


@lru_cache(maxsize=1_000)
def read_scope(text: str) -> Expr:
    """The condition that a scope holds: YAML or JSON as `rules.loader` reads it; empty: every line.

    Raises: RuleError with the line: no such fact or word, or a free text (`source`), which would be published.
    """
    if not text.strip():
        return EVERYTHING
    found = load_expr(parse_record(text, name="scope", error=RuleError), facts=scope_facts())
    if any(leaf.source for leaf in leaves(found)):
        raise RuleError("scope: `source` is not allowed; scopes are published", hint="put it into the legal basis")
    return found


def places_in(scope: Expr) -> tuple[str, ...]:
    """The places that a scope names, each once."""
    found = [v for leaf in leaves(scope) if isinstance(leaf, In) and leaf.fact in PLACES for v in leaf.values]
    return tuple(dict.fromkeys(found))


def roles_of(ratings: Sequence[str] | None) -> tuple[str, ...] | None:
    """What goods of these ratings are for, by the capability hints.

    None (not known): no rating is known, one of them has no role of its own, or its role hangs on who uses it.
    """
    found = [hint_for(code) for code in ratings or ()]
    if not found or any(h is None or h.silent or h.by_end_user for h in found):
        return None
    return tuple(sorted({h.role for h in found if h is not None}))


def matches(facts: LineFacts, scope: Expr) -> Finding:
    """Does a line lie in a scope? Three-valued."""
    return explain(scope, asdict(facts))


def reaches(facts: LineFacts, moratorium: Moratorium, *, on: date) -> Finding:
    """Does a moratorium match a line by the destinations of a day? Whether it is in force is not asked here."""
    places = moratorium.destinations_on(on)
    where = AnyOf((In("destination", places), In("onward", places)) if places else ())
    return explain(AllOf((where, moratorium.scope)), asdict(facts))


def blocks(
    facts: LineFacts, *, moratoria: Iterable[Moratorium], exemptions: Sequence[Exemption], on: date
) -> tuple[Block, ...]:
    """Every moratorium in force on a day that matches, or may match, with what lets it through."""
    found = []
    for moratorium in moratoria:
        finding = reaches(facts, moratorium, on=on)
        if moratorium.valid.covers(on) and finding.truth is not False:
            through = exempt(facts, exemptions, limb=moratorium.limb, on=on)
            found.append(
                Block(
                    moratorium=moratorium.id,
                    limb=moratorium.limb,
                    truth=finding.truth,
                    because=finding.because,
                    missing=finding.missing,
                    exemptions=through,
                )
            )
    return tuple(found)


def exempt(facts: LineFacts, exemptions: Iterable[Exemption], *, limb: str, on: date) -> tuple[str, ...]:
    """The exemptions in force from a limb whose scope is known to match; an unknown lets nothing through."""
    return tuple(
        e.id for e in exemptions if e.limb == limb and e.valid.covers(on) and matches(facts, e.scope).truth is True
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the life of a restriction: from which day on, in the world."""

    kind: StepKind
    on: date
    destination: str = ""


def members_of(steps: Iterable[Step]) -> tuple[Member, ...]:
    """The dated set of destinations. A destination that left on the day on which it came never was a member."""
    open_: dict[str, date] = {}
    found = []
    for step in steps:
        if step.kind is StepKind.ADD:
            open_.setdefault(step.destination, step.on)
        elif step.kind is StepKind.REMOVE:
            begun = open_.pop(step.destination, step.on)
            if begun < step.on:
                found.append(Member(destination=step.destination, valid=Interval(begun, step.on)))
    found += [Member(destination=d, valid=Interval(begun, None)) for d, begun in open_.items()]
    return tuple(sorted(found, key=lambda m: (m.destination, m.valid.start)))


def valid_of(steps: Sequence[Step], *, until: date | None = None) -> Interval | None:
    """From which day until which (exclusive) a restriction is in force; None: never.

    until: the end that it was given from the beginning. An exemption is in force once it is announced.
    """
    begins = [s.on for s in steps if s.kind in {StepKind.SET, StepKind.ANNOUNCE, StepKind.PLACE}]
    ends = [s.on for s in steps if s.kind in {StepKind.LIFT, StepKind.END}]
    end = min([d for d in (*ends, until) if d is not None], default=None)
    if not begins or (end is not None and end <= begins[0]):
        return None
    return Interval(begins[0], end)
