"""All that lies before whoever proposes or decides: advice for and against side by side, ages, gates, options."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

from penholder.actions import moment
from penholder.actions.errors import AbsentError
from penholder.actions.values import Actor
from penholder.assessment.queries import citable
from penholder.assessment.values import AcceptedVersion
from penholder.casework.deciding import Ground, current_versions, ground_of, newest_proposal
from penholder.casework.decision_answers import AdviceSide, ForDecision, LimbView, Option, Voice
from penholder.casework.dossier import Dossier
from penholder.casework.machine import departments
from penholder.casework.policy.decision import FAVOURS
from penholder.casework.policy.proposal import open_before_proposal
from penholder.casework.policy.turns import Line, Standing, stops, turns
from penholder.casework.queries import lists_in_force, seen_dossier
from penholder.casework.rule_set import version_of
from penholder.casework.values import Outcome
from penholder.casework.view import holds_of
from penholder.kernel.errors import PenholderError
from penholder.regime.types import Rule


def for_decision(
    *, viewer: Actor, case: str, on: date | None = None, known: datetime | None = None
) -> ForDecision:
    """What bears on the outcome of a case on a day, as known at a moment; for officials. Raises: AbsentError."""
    held, seen = seen_dossier(viewer, case, known=known)
    if not seen.official:
        raise AbsentError(f"there is no case {case}", hint="look it up in the list of cases")
    day = on or moment.today()
    proposal = newest_proposal(held)
    taken = proposal.value.findings if proposal else ()
    versions = _versions(held, proposal.value.assessments if proposal else (), day)
    ground = ground_of(held, on=day, consolidated=taken, versions=versions)
    named = departments()
    limbs = tuple(_limb(ground, rule) for rule in ground.limbs.values())
    return ForDecision(
        case=case,
        on=day,
        rule_set=version_of(ground.rule_set),
        open=open_before_proposal(held, lists=lists_in_force()),
        limbs=limbs,
        advice=_sides(ground),
        waived=tuple((named[d].title if d in named else d, w.value.reasons) for d, w in held.waived.items()),
        cited=ground.cited,
        gates=ground.gates,
        blocks=ground.blocks,
        holds=holds_of(held, day),
        exempted=tuple(ground.exempted.items()),
        dissents=len(held.dissents),
        options=tuple(_option(ground, outcome, limbs) for outcome in Outcome),
        lines=len(held.application.goods),
        values=_values(held),
    )


def _versions(held: Dossier, cited: tuple[str, ...], day: date) -> tuple[AcceptedVersion, ...]:
    """Those that the proposal cites and that may still be cited, and all that stand on the day."""
    found = {v.id: v for v in current_versions(held, day)}
    for version in cited:
        try:
            found.setdefault(version, citable(version, on=day))
        except PenholderError:  # it may be cited no more: the act says so
            continue
    return tuple(found.values())


def leads_of(ground: Ground) -> frozenset[str]:
    """The departments whose advice leads under some limb."""
    roles = {r.lead_adviser_role for r in ground.limbs.values() if r.lead_adviser_role}
    return frozenset(d.id for d in departments().values() if not roles.isdisjoint(d.leads))


def _limb(ground: Ground, rule: Rule) -> LimbView:
    taken = next((c for c in ground.consolidated if c.rule == rule.id), None)
    leads, named = leads_of(ground), departments()
    voices = tuple(
        Voice(
            department=row.value.department,
            title=named[row.value.department].title if row.value.department in named else row.value.department,
            advice=row.id,
            is_lead=row.value.department in leads,
            found=f,
            is_followed=taken is not None and row.id in taken.follows,
            changed=ground.changed[row.id],
        )
        for row in ground.advice
        for f in row.value.findings
        if f.rule == rule.id
    )
    return LimbView(rule=rule, voices=voices, taken=taken, finding=ground.findings.get(rule.id))


def _sides(ground: Ground) -> tuple[AdviceSide, ...]:
    named, leads = departments(), leads_of(ground)
    return tuple(
        AdviceSide(
            department=row.value.department,
            title=named[row.value.department].title if row.value.department in named else row.value.department,
            id=row.id,
            is_lead=row.value.department in leads,
            advice=row.value,
            speaks_for=FAVOURS.get(row.value.recommendation),
        )
        for row in ground.advice
    )


def _option(ground: Ground, outcome: Outcome, limbs: tuple[LimbView, ...]) -> Option:
    standing = _standing(ground, outcome, limbs)
    stopped = {line.number: stops(standing, line) for line in standing.lines}
    return Option(
        outcome=outcome,
        consistency=ground.consistency(outcome),
        against=ground.against(outcome),
        needs=ground.reasons_needed(outcome),
        stopped_by=tuple(dict.fromkeys(s.words for found in stopped.values() for s in found)),
        possible=tuple(number for number, found in stopped.items() if not found),
        turns=turns(standing),
    )


def _standing(ground: Ground, outcome: Outcome, limbs: tuple[LimbView, ...]) -> Standing:
    """All that makes an outcome possible or refused for the lines of the case."""
    proposal = newest_proposal(ground.dossier)
    return Standing(
        outcome=outcome,
        rules=ground.limbs,
        findings=ground.findings,
        others={
            x.rule.id: tuple((v.title, v.found.finding) for v in x.voices if not v.is_followed) for x in limbs
        },
        refusal_limbs=proposal.value.refusal_limbs if proposal else (),
        holds=holds_of(ground.dossier, ground.on),
        lines=tuple(
            Line(
                number=number,
                exempted={limb: lines[number - 1] for limb, lines in ground.covering.items()},
                blocks=found,
            )
            for number, found in enumerate(ground.blocks, start=1)
        ),
    )


def _values(held: Dossier) -> tuple[tuple[str, str], ...]:
    """What the goods are worth, by currency; never added up across currencies."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in held.application.goods:
        sums[line.currency] += line.value
    return tuple((currency, f"{total:,.2f}") for currency, total in sorted(sums.items()))
