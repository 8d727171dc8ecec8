"""What refuses an outcome for a goods line as things stand, and what would turn that.

One fact at a time is taken to be otherwise, and the line is judged again by the same rules, as the workbench of
the review does for a line of its stocktake. Which outcome it should be is never said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from penholder.assessment.values import Finding
from penholder.casework.policy.decision import MANDATORY, consistent
from penholder.casework.policy.proposal import SUPPORTS_REFUSAL
from penholder.casework.values import Outcome
from penholder.regime.types import Rule
from penholder.restrictions.values import Block, Hold

_NEW = "new"
"""An exemption that there is not yet."""


class Bearing(StrEnum):
    """What bears on whether an outcome is possible for a line."""

    FINDING = "finding"
    ADVICE = "advice"
    EXEMPTION = "exemption"
    MORATORIUM = "moratorium"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One goods line. exempted: limb at clear risk -> exemptions in force from it that are known to match."""

    number: int
    exempted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All that makes an outcome possible or refused. rules: the limbs in force, by id.

    findings: those that count. others: limb -> (department, finding) of each advice that is not followed.
    refusal_limbs: on which the refusal that is proposed rests; empty: none is proposed.
    """

    outcome: Outcome
    rules: Mapping[str, Rule]
    findings: Mapping[str, Finding]
    others: Mapping[str, tuple[tuple[str, Finding], ...]] = field(default_factory=dict)
    refusal_limbs: tuple[str, ...] = ()
    holds: tuple[Hold, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """What refuses an outcome. id: a limb, or the public id of a restriction."""

    bearing: Bearing
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Flip:
    """One fact as it is, and as it would be."""

    bearing: Bearing
    id: str
    now: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A fact that turns the answer for some lines, or takes away one of several things that refuse them.

    ids: limbs or restrictions of which the same is to be said. is_possible: as things stand. left: how many things
    would refuse it if this were otherwise; none: it would be possible.
    """

    bearing: Bearing
    ids: tuple[str, ...]
    lines: tuple[int, ...]
    now: str
    otherwise: str
    is_possible: bool
    left: int


def stops(standing: Standing, line: Line) -> tuple[Stop, ...]:
    """What refuses the outcome for a line as things stand; empty: it is possible."""
    found = [
        Stop(Bearing.HOLD, h.id, f"work on cases of {h.destination} stands still ({h.id})") for h in standing.holds
    ]
    if standing.outcome is Outcome.REFUSE:
        return (*found, *_carried_by_nothing(standing))
    exempted = {limb: ids for limb, ids in line.exempted.items() if ids}
    contradicted = consistent(standing.outcome, standing.findings, standing.rules, exempted).contradicted
    found += [Stop(Bearing.FINDING, r, f"clear risk on {r}, and no exemption covers it") for r in contradicted]
    for block in line.blocks:
        if not block.exemptions:
            may = "matches" if block.truth else "may match"
            said = f"moratorium {block.moratorium} {may} line {line.number}"
            found.append(Stop(Bearing.MORATORIUM, block.moratorium, said))
    return tuple(found)


def _carried_by_nothing(standing: Standing) -> Iterator[Stop]:
    """Limbs on which the refusal rests and which do not carry it; of none that is proposed: if no limb does."""
    for limb in standing.refusal_limbs:
        if standing.findings.get(limb) not in SUPPORTS_REFUSAL:
            yield Stop(Bearing.FINDING, limb, f"{limb} carries no refusal: it is {_said(standing, limb)}")
    if not standing.refusal_limbs and not _carrying(standing):
        yield Stop(Bearing.FINDING, "", "no limb carries a refusal: none is at clear risk, or not known enough")


def _carrying(standing: Standing) -> tuple[str, ...]:
    limbs = standing.refusal_limbs or standing.rules
    return tuple(r for r in limbs if standing.findings.get(r) in SUPPORTS_REFUSAL)


def flips(standing: Standing, line: Line) -> Iterator[tuple[Flip, Standing, Line]]:
    """Each fact that bears on a line, taken to be otherwise: the fact, and all as it would stand then."""
    for hold in standing.holds:
        flip = Flip(Bearing.HOLD, hold.id, f"stands still since {hold.since}", "it is lifted")
        yield flip, replace(standing, holds=tuple(h for h in standing.holds if h != hold)), line
    limbs = standing.refusal_limbs or _carrying(standing) or tuple(standing.rules)
    if standing.outcome is Outcome.GRANT:
        limbs = tuple(r for r, rule in standing.rules.items() if rule.consequence == MANDATORY)
        yield from _restrictions(standing, line)
    for limb in limbs:
        for flip, finding in _findings(standing, limb):
            yield flip, replace(standing, findings={**standing.findings, limb: finding}), line


def _findings(standing: Standing, limb: str) -> Iterator[tuple[Flip, Finding]]:
    """Another finding under a limb: of an advice that is not followed; where there is none, one that is new."""
    bears = _bears(standing)
    counts = standing.findings.get(limb) in bears
    now, heard = _said(standing, limb), False
    for department, finding in standing.others.get(limb, ()):
        if (finding in bears) is not counts:
            heard = True
            said = f"the advice of {department} is followed: {_plain(finding)}"
            yield Flip(Bearing.ADVICE, limb, now, said), finding
    if not heard:
        new, said = (Finding.NO_CLEAR_RISK, "no") if counts else (Finding.CLEAR_RISK, "a")
        yield Flip(Bearing.FINDING, limb, now, f"a department finds {said} clear risk"), new


def _bears(standing: Standing) -> frozenset[Finding]:
    """The findings that a grant contradicts, or that carry a refusal."""
    return frozenset({Finding.CLEAR_RISK}) if standing.outcome is Outcome.GRANT else SUPPORTS_REFUSAL


def _restrictions(standing: Standing, line: Line) -> Iterator[tuple[Flip, Standing, Line]]:
    for limb in consistent(standing.outcome, standing.findings, standing.rules, {}).met:
        if not line.exempted.get(limb):
            flip = Flip(Bearing.EXEMPTION, limb, "none covers the line", "one that matches is in force")
            yield flip, standing, replace(line, exempted={**line.exempted, limb: (_NEW,)})
    through = [e for ids in line.exempted.values() for e in ids] + [e for b in line.blocks for e in b.exemptions]
    for exemption in dict.fromkeys(through):
        flip = Flip(Bearing.EXEMPTION, exemption, "lets the line through", "it ends")
        yield flip, standing, _without(line, exemption)
    for block in line.blocks:
        if not block.exemptions:
            yield (
                Flip(Bearing.MORATORIUM, block.moratorium, _match(block), _let_through(block)),
                standing,
                replace(line, blocks=tuple(b for b in line.blocks if b != block)),
            )


def _without(line: Line, exemption: str) -> Line:
    def left(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(e for e in ids if e != exemption)

    return replace(
        line,
        exempted={limb: left(ids) for limb, ids in line.exempted.items()},
        blocks=tuple(replace(b, exemptions=left(b.exemptions)) for b in line.blocks),
    )


def _match(block: Block) -> str:
    if block.truth:
        return "matches"
    return f"may match: {', '.join(block.missing)} not known"


def _let_through(block: Block) -> str:
    said = f"it is lifted, or an exemption from {block.limb} that matches is in force"
    return said if block.truth else f"what is missing is stated, and it does not match; or {said}"


def turns(standing: Standing) -> tuple[Turn, ...]:
    """What would turn the answer; what is the same for several lines, or under several limbs, is said once."""
    found: dict[tuple[Bearing, str, str, bool, int], dict[str, list[int]]] = {}
    for line in standing.lines:
        before = stops(standing, line)
        for flip, changed, changed_line in flips(standing, line):
            after = stops(changed, changed_line)
            if set(after) < set(before) or (after and not before):
                key = (flip.bearing, flip.now, flip.otherwise, not before, len(after))
                found.setdefault(key, {}).setdefault(flip.id, []).append(line.number)
    return tuple(turn for key, numbers in found.items() for turn in _merged(key, numbers))


def _merged(key: tuple[Bearing, str, str, bool, int], numbers: Mapping[str, list[int]]) -> Iterator[Turn]:
    bearing, now, otherwise, is_possible, left = key
    by_lines: dict[tuple[int, ...], list[str]] = {}
    for name, lines in numbers.items():
        by_lines.setdefault(tuple(lines), []).append(name)
    for same, ids in by_lines.items():
        yield Turn(bearing, tuple(ids), same, now, otherwise, is_possible, left)


def _said(standing: Standing, limb: str) -> str:
    finding = standing.findings.get(limb)
    return _plain(finding) if finding else "not answered"


def _plain(finding: Finding) -> str:
    return finding.value.replace("_", " ")
