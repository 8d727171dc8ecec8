"""What is said of an outcome before it is decided. Never which outcome it should be: officers decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from penholder.actions.words import says_nothing
from penholder.assessment.values import Finding
from penholder.casework.decision_parts import AgainstAdvice, CitedVersion
from penholder.casework.dossier import Held
from penholder.casework.machine import Department
from penholder.casework.parts import Advice
from penholder.casework.policy.proposal import SUPPORTS_REFUSAL
from penholder.casework.values import Outcome, Recommendation
from penholder.regime.types import Rule

MANDATORY = "must_refuse"
"""Consequence of the limbs under which a clear risk leaves nothing to weigh."""
_NUMBER = re.compile(r"[0-9]+")
FAVOURS = {
    Recommendation.APPROVE: Outcome.GRANT,
    Recommendation.PROVISO: Outcome.GRANT,
    Recommendation.REFUSE: Outcome.REFUSE,
}


@dataclass(frozen=True, slots=True)
class Consistency:
    """How an outcome stands to the findings that were accepted. It is no advice.

    unanswered: limbs under which nothing was found. unanswered_mandatory, insufficient: those that must refuse,
    and of which nothing, or not enough, is known. met: mandatory limbs at clear risk. contradicted: those of them
    that a grant contradicts because no exemption covers them. exempted: (limb, exemptions).
    """

    outcome: Outcome
    unanswered: tuple[str, ...]
    unanswered_mandatory: tuple[str, ...]
    insufficient: tuple[str, ...]
    met: tuple[str, ...]
    contradicted: tuple[str, ...]
    exempted: tuple[tuple[str, tuple[str, ...]], ...]
    is_consistent: bool
    said: str

    @property
    def not_known(self) -> tuple[str, ...]:
        """Mandatory limbs of which nothing, or not enough, is known."""
        return (*self.unanswered_mandatory, *self.insufficient)


def consistent(
    outcome: Outcome,
    findings: Mapping[str, Finding],
    rule_set: Mapping[str, Rule],
    exemptions: Mapping[str, Sequence[str]],
) -> Consistency:
    """Is an outcome consistent with the findings?

    Nothing that a weighing limb says changes what a mandatory limb says. A grant contradicts each mandatory limb
    at clear risk that no exemption covers; a refusal that no finding carries is inconsistent.

    Args:
        findings: limb -> what was accepted. rule_set: the limbs in force, by id.
        exemptions: limb -> exemptions in force from it whose scope is known to match every goods line.
    """
    mandatory = [r for r, rule in rule_set.items() if rule.consequence == MANDATORY]
    met = tuple(r for r in mandatory if findings.get(r) is Finding.CLEAR_RISK)
    exempted = tuple((r, tuple(exemptions[r])) for r in met if exemptions.get(r))
    contradicted = tuple(r for r in met if not exemptions.get(r)) if outcome is Outcome.GRANT else ()
    carried = any(findings.get(r) in SUPPORTS_REFUSAL for r in rule_set)
    is_consistent = not contradicted if outcome is Outcome.GRANT else carried
    return Consistency(
        outcome=outcome,
        unanswered=tuple(r for r in rule_set if r not in findings),
        unanswered_mandatory=tuple(r for r in mandatory if r not in findings),
        insufficient=tuple(r for r in mandatory if findings.get(r) is Finding.INSUFFICIENT_INFORMATION),
        met=met,
        contradicted=contradicted,
        exempted=exempted,
        is_consistent=is_consistent,
        said=_said(outcome, contradicted, exempted, is_consistent=is_consistent),
    )


def _said(
    outcome: Outcome,
    contradicted: tuple[str, ...],
    exempted: tuple[tuple[str, tuple[str, ...]], ...],
    *,
    is_consistent: bool,
) -> str:
    """The sentence of the decision page."""
    if contradicted:
        limbs = " and on ".join(contradicted)
        return (
            f"A grant would contradict the finding clear risk on {limbs}; it needs an exemption or a new finding."
        )
    if outcome is Outcome.GRANT and exempted:
        limbs = "; ".join(f"{limb} by {', '.join(ids)}" for limb, ids in exempted)
        return f"A grant rests on an exemption from a limb at clear risk: {limbs}."
    if outcome is Outcome.GRANT:
        return "A grant contradicts no mandatory finding that was accepted."
    if is_consistent:
        return "A refusal is consistent with the findings: at least one of them carries it."
    return "A refusal would contradict the findings: none of them is a clear risk or insufficient information."


def against_advice(
    outcome: Outcome,
    advice: Iterable[Held[Advice]],
    *,
    limbs: Mapping[str, Rule],
    departments: Mapping[str, Department],
) -> tuple[AgainstAdvice, ...]:
    """The departments whose newest advice an outcome goes against.

    By what they recommend; and a grant also goes against a clear risk that they found under a mandatory limb.
    Whose advice leads is said by the rules; where they say it of nobody who advised, every department counts as a
    lead.
    """
    rows = list(advice)
    roles = {rule.lead_adviser_role for rule in limbs.values() if rule.lead_adviser_role}
    led = {row.value.department for row in rows if _leads(departments.get(row.value.department), roles)}
    found = []
    for row in rows:
        contradicted = _contradicted(outcome, row.value, limbs)
        favours = FAVOURS.get(row.value.recommendation)
        if contradicted or (favours is not None and favours is not outcome):
            department = row.value.department
            found.append(
                AgainstAdvice(
                    department=department,
                    advice=row.id,
                    is_lead=department in led or not led,
                    limbs=contradicted,
                )
            )
    return tuple(found)


def _leads(department: Department | None, roles: set[str]) -> bool:
    return department is not None and not roles.isdisjoint(department.leads)


def _contradicted(outcome: Outcome, advice: Advice, limbs: Mapping[str, Rule]) -> tuple[str, ...]:
    if outcome is Outcome.REFUSE:
        return ()
    return tuple(
        f.rule
        for f in advice.findings
        if f.finding is Finding.CLEAR_RISK and f.rule in limbs and limbs[f.rule].consequence == MANDATORY
    )


def reasons_needed(
    outcome: Outcome,
    *,
    consistency: Consistency,
    against: Iterable[AgainstAdvice],
    cited: Iterable[CitedVersion],
    gates: Iterable[str],
) -> dict[str, str]:
    """Which reasons a decision needs beside its own: name of the parameter -> why."""
    needed: dict[str, str] = {}
    leads = [a.department for a in against if a.is_lead]
    if leads:
        needed["against_reasons"] = f"it goes against the advice of {', '.join(leads)}"
    old = [f"{c.version} ({c.days} days, limit {c.limit})" for c in cited if c.is_over]
    if old:
        needed["stale_reasons"] = f"its information is older than the limit: {', '.join(old)}"
    if outcome is Outcome.GRANT and consistency.not_known:
        limbs = ", ".join(consistency.not_known)
        needed["unknown_reasons"] = f"nothing, or not enough, is known under {limbs}, where a clear risk refuses"
    if list(gates):
        needed["gate_reasons"] = f"a question about it is open: {', '.join(gates)}"
    return needed


def lacking(needed: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Of the reasons that are needed those that say nothing, by parameter."""
    return {
        name: f"is needed: {why}; write why it is decided so now all the same"
        for name, why in needed.items()
        if says_nothing(given.get(name, ""))
    }


def criterion_of(limb: str) -> str:
    """`uk-selc-2021/2c` -> `2`."""
    name = limb.rpartition("/")[2]
    found = _NUMBER.match(name)
    return found[0] if found else name
