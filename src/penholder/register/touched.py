"""Exemptions and moratoria in force that touch the lines of a licence, for officials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from penholder.actions.values import Actor
from penholder.register.answers import LicenceView
from penholder.register.life_cycle import life_cycle
from penholder.register.standing import lives_of
from penholder.register.values import LineAct
from penholder.restrictions import policy
from penholder.restrictions.answers import RestrictionView
from penholder.restrictions.queries import exemption_rules, moratoria_rules, reads_official, restriction
from penholder.restrictions.values import Block, Exemption, LineFacts

_Facts = list[tuple[int, LineFacts]]
"""Number of the line, what is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One restriction in force, and numbers of lines: which it matches, and of which that is not known.

    missing: what would have to be known of those. through: of all these, the lines that an exemption lets through.
    """

    by: RestrictionView
    lines: tuple[int, ...]
    not_known: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    through: tuple[int, ...] = ()


def touched(viewer: Actor, found: LicenceView) -> tuple[Touched, ...] | None:
    """Exemptions that match lines of the licence, then moratoria that match or may match, as of the day shown.

    Nothing is said of lines that can be granted, amended or reinstated no more, nor of those that the view leaves
    to other pages.
    None: the viewer may not know, as of `restrictions.queries.matching`.
    """
    if not reads_official(viewer) or "terms" in found.withheld:
        return None
    facts, exemptions = _facts(found), exemption_rules(known=found.known)
    return (*_let(viewer, found, facts, exemptions), *_refused(viewer, found, facts, exemptions))


def _facts(found: LicenceView) -> _Facts:
    open_ = [x.number for x in found.lines if LineAct.AMEND in life_cycle().allowed_from(x.status)]
    lives = lives_of([(found.id, number) for number in open_], known=found.known)
    return [(n, lives[found.id, n].terms_on(found.on)[0]) for n in open_ if (found.id, n) in lives]


def _let(viewer: Actor, found: LicenceView, facts: _Facts, exemptions: tuple[Exemption, ...]) -> Iterator[Touched]:
    """An unknown lets nothing through, so only what is known to match is said."""
    for rule in exemptions:
        lines = tuple(n for n, of in facts if policy.exempt(of, (rule,), limb=rule.limb, on=found.on))
        if lines:
            yield Touched(by=_seen(viewer, found, rule.id), lines=lines)


def _refused(
    viewer: Actor, found: LicenceView, facts: _Facts, exemptions: tuple[Exemption, ...]
) -> Iterator[Touched]:
    moratoria = moratoria_rules(known=found.known)
    of: dict[str, list[tuple[int, Block]]] = {}
    for number, known in facts:
        for block in policy.blocks(known, moratoria=moratoria, exemptions=exemptions, on=found.on):
            of.setdefault(block.moratorium, []).append((number, block))
    for name in sorted(of):
        yield Touched(
            by=_seen(viewer, found, name),
            lines=tuple(n for n, b in of[name] if b.truth),
            not_known=tuple(n for n, b in of[name] if not b.truth),
            missing=tuple(sorted({m for _, b in of[name] if not b.truth for m in b.missing})),
            through=tuple(n for n, b in of[name] if b.exemptions),
        )


def _seen(viewer: Actor, found: LicenceView, public_id: str) -> RestrictionView:
    return restriction(viewer=viewer, id=public_id, on=found.on, known=found.known)
