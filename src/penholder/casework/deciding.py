"""What lies before whoever proposes or decides: the same for the acts, which refuse by it, and for the page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from penholder.assessment import queries as assessments
from penholder.assessment.values import AcceptedVersion, Finding
from penholder.casework.decision_parts import AgainstAdvice, CitedVersion, Consolidated, Proposal
from penholder.casework.dossier import Dossier, Held
from penholder.casework.gates import Gate, open_gates, targets_of
from penholder.casework.machine import departments
from penholder.casework.parts import Advice
from penholder.casework.policy import decision as policy
from penholder.casework.policy import facts
from penholder.casework.policy.advice import limbs_of
from penholder.casework.policy.difference import changed_since
from penholder.casework.policy.proposal import Assessed, accepted_findings, fits
from penholder.casework.rule_set import rule_set_on
from penholder.casework.values import Outcome, PartKind
from penholder.regime.types import Regime, Rule
from penholder.restrictions.queries import blocks, exemptions_for
from penholder.restrictions.values import Block, LineFacts


@dataclass(frozen=True)
class Ground:
    """Everything that bears on the outcome of one case on a day. findings: those of the proposal that counts."""

    dossier: Dossier
    on: date
    rule_set: Regime
    versions: tuple[AcceptedVersion, ...]
    """Versions of assessments that are cited."""
    consolidated: tuple[Consolidated, ...]

    @cached_property
    def limbs(self) -> dict[str, Rule]:
        """The limbs in force, by id."""
        return limbs_of(self.rule_set, on=self.on)

    @cached_property
    def advice(self) -> tuple[Held[Advice], ...]:
        """The newest of each department."""
        return tuple(self.dossier.newest_advice.values())

    @cached_property
    def changed(self) -> dict[str, tuple[str, ...]]:
        """Id of an advice -> what of that on which it stands is another today."""
        return {row.id: changed_since(self.dossier, row.number) for row in self.advice}

    @cached_property
    def lines(self) -> tuple[LineFacts, ...]:
        """What is known of each goods line."""
        return facts.facts_of(self.dossier)

    @cached_property
    def assessed(self) -> tuple[Assessed, ...]:
        """Clear risks that the cited versions found, and whether the goods have that use."""
        return tuple(
            Assessed(version=v.id, use_class=use, limb=limb, fits=self._fits(use))
            for v in self.versions
            for (use, limb), finding in v.findings.items()
            if finding is Finding.CLEAR_RISK
        )

    def _fits(self, use_class: str) -> bool | None:
        answers = [fits(line.ratings, use_class) for line in self.lines]
        return True if True in answers else None if None in answers or not answers else False

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """Limb -> the finding that counts."""
        return accepted_findings(self.consolidated, advice=self.advice, assessed=self.assessed)

    @cached_property
    def covering(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """Mandatory limb at clear risk -> for each line, the exemptions in force that are known to match it."""
        met = policy.consistent(Outcome.REFUSE, self.findings, self.limbs, {}).met
        return {limb: tuple(exemptions_for(line, limb=limb, on=self.on) for line in self.lines) for limb in met}

    @cached_property
    def exempted(self) -> Mapping[str, tuple[str, ...]]:
        """Mandatory limb at clear risk -> exemptions in force, where each line has one that is known to match."""
        return self.exempted_by(None)

    def exempted_by(self, named: Collection[str] | None) -> Mapping[str, tuple[str, ...]]:
        """The same, by these exemptions alone (None: by all)."""
        found: dict[str, tuple[str, ...]] = {}
        for limb, lines in self.covering.items():
            kept = [[e for e in ids if named is None or e in named] for ids in lines]
            if kept and all(kept):
                found[limb] = tuple(sorted({e for ids in kept for e in ids}))
        return found

    def consistency(self, outcome: Outcome) -> policy.Consistency:
        """How an outcome stands to the findings."""
        return policy.consistent(outcome, self.findings, self.limbs, self.exempted)

    def against(self, outcome: Outcome) -> tuple[AgainstAdvice, ...]:
        """Whose advice an outcome goes against."""
        return policy.against_advice(outcome, self.advice, limbs=self.limbs, departments=departments())

    @cached_property
    def cited(self) -> tuple[CitedVersion, ...]:
        """How old the information of each cited version is, and what came later and is not in it."""
        return tuple(self._cited(v) for v in self.versions)

    def _cited(self, version: AcceptedVersion) -> CitedVersion:
        age = assessments.age(version, on=self.on)
        return CitedVersion(
            version=version.id,
            assessment=version.assessment,
            destination=version.destination,
            cutoff=version.cutoff,
            days=age.days,
            limit=age.limit,
            later=assessments.later_evidence(version, until=self.on),
        )

    @cached_property
    def gates(self) -> tuple[Gate, ...]:
        """Questions that are open about what the decision rests on; of an assessment, about any version of it."""
        about = {v.assessment for v in self.versions}
        return open_gates(
            (*targets_of(self.dossier), *about, *(v for a in about for v in assessments.versions_of(a)))
        )

    @cached_property
    def blocks(self) -> tuple[tuple[Block, ...], ...]:
        """For each goods line, the moratoria that match it, or may match it."""
        return tuple(blocks(line, on=self.on) for line in self.lines)

    def reasons_needed(self, outcome: Outcome) -> dict[str, str]:
        """Which reasons a decision needs beside its own."""
        return policy.reasons_needed(
            outcome,
            consistency=self.consistency(outcome),
            against=self.against(outcome),
            cited=self.cited,
            gates=tuple(g.id for g in self.gates),
        )


def current_versions(dossier: Dossier, on: date) -> tuple[AcceptedVersion, ...]:
    """The versions of assessments that stand on a day, of every place that the goods reach."""
    places = facts.places_of(dossier.application)
    return tuple(v for place in places for v in assessments.all_current_on(place, on))


def ground_of(
    dossier: Dossier, *, on: date, consolidated: tuple[Consolidated, ...], versions: Iterable[AcceptedVersion]
) -> Ground:
    """All that bears on an outcome. Raises: ConfigurationError: no rule set is in force on that day."""
    return Ground(dossier, on, rule_set_on(on), tuple(versions), consolidated)


def newest_proposal(dossier: Dossier) -> Held[Proposal] | None:
    """The proposal that counts."""
    return dossier.last(PartKind.PROPOSAL)
