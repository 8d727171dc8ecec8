"""The case officer takes the advice over, limb by limb, and proposes an outcome. What was not followed stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import InvalidError
from penholder.actions.words import says_nothing
from penholder.assessment.queries import citable
from penholder.assessment.values import AcceptedVersion
from penholder.casework.actions.locked import Locked, lock_case
from penholder.casework.actions.parameters import CaseId, Expected, PartId
from penholder.casework.deciding import Ground, current_versions, ground_of, newest_proposal
from penholder.casework.decision_events import OutcomeProposed
from penholder.casework.decision_parts import Consolidated, MaybeText, Proposal
from penholder.casework.errors import IncompleteError, InconsistentError
from penholder.casework.policy import proposal as policy
from penholder.casework.policy.decision import MANDATORY, Consistency, consistent
from penholder.casework.queries import lists_in_force
from penholder.casework.rule_set import version_of
from penholder.casework.signatures import second_rules
from penholder.casework.values import PROPOSAL, CaseMove, CaseworkPermission, Changed, LongText, Outcome, RuleId
from penholder.kernel.errors import PenholderError

Findings = Annotated[
    tuple[Consolidated, ...],
    Field(description="One for each limb that was advised on: the finding, the advice that it follows, and "
          "where they differ why.", max_length=100),
]  # fmt: skip
Assessments = Annotated[
    tuple[PartId, ...],
    Field(description="Accepted versions of assessments on which it rests (AV-…): at least those that stand today "
          "for the places that the goods reach.", max_length=50),
]  # fmt: skip
Exemptions = Annotated[
    tuple[PartId, ...], Field(description="Exemptions on which a grant rests (EX-…).", max_length=20)
]
RefusalLimbs = Annotated[
    tuple[RuleId, ...], Field(description="Of a refusal: the limbs on which it rests.", max_length=50)
]


@action(permission=CaseworkPermission.PROPOSE, events=(OutcomeProposed,))
def propose_outcome(
    run: Run,
    *,
    case: CaseId,
    outcome: Annotated[Outcome, Field(description="What you propose.")],
    summary: Annotated[LongText, Field(description="Why, for those who sign and decide.")],
    expected_version: Expected,
    findings: Findings = (),
    refusal_limbs: RefusalLimbs = (),
    assessments: Assessments = (),
    exemptions: Exemptions = (),
    provisos: Annotated[MaybeText, Field(description="Terms of the licence; empty: none.")] = "",
    valid_until: Annotated[
        date | None, Field(description="Of a grant: first day on which the licence is no longer valid.")
    ] = None,
    contributors: Annotated[
        tuple[PartId, ...],
        Field(description="Staff who wrote parts of it beside you (P-…): none of them signs.", max_length=50),
    ] = (),
) -> Changed:  # fmt: skip
    """Propose to grant or to refuse, with a finding under each limb that was advised on.

    Refused while a question is open, a possible match is not judged, a department is waited for, or work on one of
    the places stands still; a grant that contradicts a mandatory finding without an exemption that covers it; and
    where an advice is older than a change of what it stands on, unless you say why it holds all the same.
    """
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_move(CaseMove.PROPOSE)
    locked.refuse_if_held()
    _refuse_if_open(locked)
    ground = ground_for(locked, findings=findings, assessments=assessments)
    run.rules = version_of(ground.rule_set)
    check_outcome(
        ground,
        outcome=outcome,
        texts={"summary": summary},
        refusal_limbs=refusal_limbs,
        exemptions=exemptions,
        valid_until=valid_until,
    )
    refuse_if_contradicted(case, _cited_only(ground, outcome, exemptions), ground)
    second = _second(ground, outcome)
    before = newest_proposal(locked.dossier)
    made = Proposal(
        number=before.value.number + 1 if before else 1,
        application=locked.dossier.drafted.number,
        outcome=outcome,
        findings=findings,
        refusal_limbs=refusal_limbs,
        assessments=assessments,
        exemptions=exemptions,
        summary=summary,
        provisos=provisos,
        valid_until=valid_until,
        advice=tuple(a.id for a in ground.advice),
        rule_set=run.rules,
        signatures=2 if second else 1,
        second_because=second,
        contributors=contributors,
    )
    proposal = run.new_id(PROPOSAL)
    earlier = before.id if before else ""
    locked.record(OutcomeProposed(case=case, proposal_id=proposal, proposal=made, earlier=earlier))
    said = ("two people countersign it",) if second else ()
    return locked.changed(proposal, said=said)


def _refuse_if_open(locked: Locked) -> None:
    """Raises: IncompleteError."""
    left = policy.open_before_proposal(locked.dossier, lists=lists_in_force())
    if left:
        raise IncompleteError(
            f"no outcome of {locked.row.public_id} can be proposed: {'; '.join(o.words for o in left)}",
            hint="do what is listed first",
            fields={o.what: o.words for o in left},
        )


def ground_for(locked: Locked, *, findings: tuple[Consolidated, ...], assessments: Collection[str]) -> Ground:
    """All that bears on the outcome, by these findings and these versions. Raises: InvalidError."""
    versions = _versions(locked, assessments)
    ground = ground_of(locked.dossier, on=locked.today, consolidated=findings, versions=versions)
    wrong = policy.wrong_with_findings(
        findings,
        advice=ground.advice,
        limbs=ground.limbs,
        assessed=ground.assessed,
        changed=ground.changed,
    )
    if wrong:
        raise _invalid(wrong)
    return ground


def _versions(locked: Locked, assessments: Collection[str]) -> tuple[AcceptedVersion, ...]:
    """The versions that are cited. Raises: InvalidError: one cannot be, or one that stands today is left out."""
    found: list[AcceptedVersion] = []
    wrong: list[str] = []
    for version in assessments:
        try:
            found.append(citable(version, on=locked.today))
        except PenholderError as error:
            wrong.append(f"{version} cannot be cited: {error.message}")
    left = [v for v in current_versions(locked.dossier, locked.today) if v.id not in set(assessments)]
    wrong += [f"{v.id} stands today for {v.destination} ({v.party}): cite it" for v in left]
    if wrong:
        raise _invalid({"assessments": "; ".join(wrong)})
    return tuple(found)


def check_outcome(
    ground: Ground,
    *,
    outcome: Outcome,
    texts: Mapping[str, str],
    refusal_limbs: tuple[str, ...],
    exemptions: Iterable[str],
    valid_until: date | None,
) -> None:
    """Does an outcome hold together? texts: those that must say something. Raises: InvalidError, by field."""
    wrong = policy.wrong_with_outcome(
        outcome,
        findings=ground.findings,
        refusal_limbs=refusal_limbs,
        valid_until=valid_until,
        today=ground.on,
    )
    wrong |= {n: "says nothing; write what it rests on" for n, t in texts.items() if says_nothing(t)}
    covers = {e for ids in ground.exempted.values() for e in ids}
    strange = [e for e in exemptions if e not in covers]
    if strange:
        wrong["exemptions"] = (
            f"{strange[0]} is no exemption in force from a limb at clear risk that is known to match every line"
        )
    if wrong:
        raise _invalid(wrong)


def _cited_only(ground: Ground, outcome: Outcome, exemptions: Iterable[str]) -> Consistency:
    """By the exemptions that are cited, and no others."""
    return consistent(outcome, ground.findings, ground.limbs, ground.exempted_by(set(exemptions)))


def refuse_if_contradicted(case: str, found: Consistency, ground: Ground) -> None:
    """A grant never contradicts a mandatory finding unsaid. Raises: InconsistentError."""
    if not found.contradicted:
        return
    limbs = ", ".join(found.contradicted)
    known = sorted({e for limb in found.contradicted for e in ground.exempted.get(limb, ())})
    raise InconsistentError(
        f"a grant of {case} contradicts the finding clear risk on {limbs}, and no exemption covers it",
        hint=f"cite {', '.join(known)}" if known else "it needs an exemption or a new finding",
        limbs=list(found.contradicted),
    )


def _second(ground: Ground, outcome: Outcome) -> tuple[str, ...]:
    mandatory = [r for r, rule in ground.limbs.items() if rule.consequence == MANDATORY]
    facts = policy.signature_facts(ground.dossier, outcome=outcome, findings=ground.findings, mandatory=mandatory)
    return policy.second_because(second_rules(), facts)


def _invalid(wrong: Mapping[str, str]) -> InvalidError:
    return InvalidError("the outcome cannot be taken as it is", hint="mend the named parts", fields=dict(wrong))
