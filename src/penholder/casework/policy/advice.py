"""What advice must say: findings that hold together, gaps that are named, and the limbs that nobody addressed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from penholder.actions.errors import InvalidError
from penholder.actions.words import says_nothing
from penholder.assessment.values import Finding, RiskView, UseView
from penholder.casework.dossier import Dossier, Held
from penholder.casework.parts import Advice, LimbFinding
from penholder.casework.values import Recommendation
from penholder.regime.types import Regime, Rule
from penholder.rules.records import did_you_mean

NOT_FOUND_UNDER = frozenset({"context", "exemption"})
"""Rules with these consequences say how the others are used: nobody finds anything under them."""
_SAYS_NOTHING = "says nothing; write what it rests on"


def limbs_of(regime: Regime, *, on: date) -> dict[str, Rule]:
    """The limbs of a rule set under which something is to be found on a day, by id."""
    return {r.id: r for r in regime.rules if r.consequence not in NOT_FOUND_UNDER and r.valid.covers(on)}


def check_advice(
    *,
    recommendation: Recommendation,
    summary: str,
    provisos: str,
    findings: tuple[LimbFinding, ...],
    limbs: Collection[str],
    today: date,
) -> None:
    """What a department says holds together. Raises: InvalidError, by field.

    Args: limbs: ids of the limbs in force.
    """
    wrong: dict[str, str] = {}
    if says_nothing(summary):
        wrong["summary"] = _SAYS_NOTHING
    if recommendation is Recommendation.PROVISO and says_nothing(provisos):
        wrong["provisos"] = "says nothing; write the terms under which you advise to grant"
    if recommendation in {Recommendation.APPROVE, Recommendation.PROVISO, Recommendation.REFUSE} and not findings:
        wrong["findings"] = "is needed: advice to grant or refuse rests on a finding under at least one limb"
    grave = {Finding.CLEAR_RISK, Finding.INSUFFICIENT_INFORMATION}
    if recommendation is Recommendation.REFUSE and findings and not grave & {f.finding for f in findings}:
        wrong["findings"] = "none is a clear risk or insufficient information: say on which limb you would refuse"
    ids = [f.rule for f in findings]
    for number, finding in enumerate(findings):
        for name, words in _wrong_with(finding, limbs=limbs, today=today).items():
            wrong[f"findings.{number}.{name}"] = words
        if ids.index(finding.rule) != number:
            wrong[f"findings.{number}.rule"] = "is given twice"
    if wrong:
        raise InvalidError("the advice cannot be recorded as it is", hint="mend the named parts", fields=wrong)


def _wrong_with(finding: LimbFinding, *, limbs: Collection[str], today: date) -> dict[str, str]:
    """What does not hold together in one finding, by field."""
    wrong: dict[str, str] = {}
    if finding.rule not in limbs:
        wrong["rule"] = f"is no limb of the rule set in force{did_you_mean(finding.rule, limbs)}"
    if says_nothing(finding.grounds):
        wrong["grounds"] = _SAYS_NOTHING
    if finding.cutoff is not None and finding.cutoff > today:
        wrong["cutoff"] = "must not be in the future"
    clear, unknown = finding.risk is RiskView.CLEAR, finding.risk is RiskView.CANNOT_SAY
    match finding.finding:
        case Finding.CLEAR_RISK if not clear or finding.use is UseView.WOULD_NOT:
            wrong["finding"] = "a clear risk needs a risk that is clear, of a use that is possible"
        case Finding.NO_CLEAR_RISK if unknown or (clear and finding.use is not UseView.WOULD_NOT):
            wrong["finding"] = "contradicts the view of the risk: what nobody can say is insufficient information"
        case Finding.NO_CLEAR_RISK if finding.gaps and says_nothing(finding.gap_reasons):
            wrong["gap_reasons"] = "something is not known: write why “no clear risk” holds all the same"
        case Finding.INSUFFICIENT_INFORMATION if not finding.gaps:
            wrong["gaps"] = "say what is not known: the information is insufficient for something"
    return wrong


@dataclass(frozen=True, slots=True)
class Addressed:
    """What one department found under a limb, on what, and what is not known."""

    department: str
    advice: str
    number: int
    """Version of the department's advice."""
    finding: Finding
    risk: RiskView
    use: UseView
    grounds: str
    evidence: tuple[str, ...]
    gaps: tuple[str, ...]
    gap_reasons: str
    cutoff: date | None


@dataclass(frozen=True, slots=True)
class Limb:
    """One limb of the rule set in force, and who addressed it in a case. caution: its text is not verified."""

    rule: str
    title: str
    consequence: str
    threshold: str
    use_modality: str
    text_status: str
    caution: str
    addressed: tuple[Addressed, ...]

    @property
    def is_addressed(self) -> bool:
        """Did anybody find anything under it? Insufficient information is a finding, too."""
        return bool(self.addressed)

    @property
    def differs(self) -> bool:
        """Do departments find different things?"""
        return len({a.finding for a in self.addressed}) > 1


def addressed_limbs(dossier: Dossier, limbs: Mapping[str, Rule]) -> tuple[Limb, ...]:
    """Every limb in force, and what the newest advice of each department found under it."""
    newest = list(dossier.newest_advice.values())
    return tuple(_limb(rule, newest) for rule in limbs.values())


def _limb(rule: Rule, newest: Iterable[Held[Advice]]) -> Limb:
    found = tuple(
        Addressed(
            department=row.value.department,
            advice=row.id,
            number=row.value.number,
            finding=f.finding,
            risk=f.risk,
            use=f.use,
            grounds=f.grounds,
            evidence=f.evidence,
            gaps=f.gaps,
            gap_reasons=f.gap_reasons,
            cutoff=f.cutoff,
        )
        for row in newest
        for f in row.value.findings
        if f.rule == rule.id
    )
    return Limb(
        rule=rule.id,
        title=rule.title,
        consequence=rule.consequence,
        threshold=rule.threshold,
        use_modality=rule.use_modality,
        text_status=rule.text_status.value,
        caution=rule.text_status.caution,
        addressed=found,
    )
