"""What a department advises, limb by limb. Its next advice is the next version; nobody else's is ever touched."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError, RefusedError
from penholder.assessment.queries import citable
from penholder.assessment.values import VERSION
from penholder.casework.actions.locked import Locked, lock_case
from penholder.casework.actions.parameters import CaseId, Expected
from penholder.casework.events import AdviceRecorded
from penholder.casework.machine import departments
from penholder.casework.parts import Advice, LimbFinding
from penholder.casework.policy.advice import check_advice
from penholder.casework.rule_set import limbs_in_force
from penholder.casework.values import (
    ADVICE,
    CaseStatus,
    CaseworkPermission,
    Changed,
    DepartmentId,
    LongText,
    Recommendation,
)
from penholder.evidence.links import unknown_links
from penholder.kernel.errors import PenholderError
from penholder.people.desks import members_on


@action(permission=CaseworkPermission.ADVISE, events=(AdviceRecorded,))
def record_advice(
    run: Run,
    *,
    case: CaseId,
    department: Annotated[DepartmentId, Field(description="Your department: foreign_affairs, defence, …")],
    recommendation: Annotated[Recommendation, Field(description="What it advises.")],
    summary: Annotated[LongText, Field(description="The strongest reasons, as who decides reads them.")],
    expected_version: Expected,
    findings: Annotated[
        tuple[LimbFinding, ...],
        Field(description="One for each limb that it addresses: finding, how clear the risk is, how likely the "
              "use is, grounds, evidence, gaps, last day looked at.", max_length=100),
    ] = (),
    provisos: Annotated[
        str, Field(description="Terms under which it advises to grant.", max_length=20_000)
    ] = "",
) -> Changed:  # fmt: skip
    """Record the advice of your department, or its next version; the versions before stay readable.

    "No clear risk" while something is not known needs reasons; "insufficient information" is a finding of its own.
    """
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_in(
        CaseStatus.DEPARTMENTS_ADVISING,
        CaseStatus.FINAL_REVIEW,
        CaseStatus.UNDER_APPEAL,
        what="departments advise",
    )
    _check_department(locked, department)
    check_advice(
        recommendation=recommendation,
        summary=summary,
        provisos=provisos,
        findings=findings,
        limbs=limbs_in_force(locked.today),
        today=locked.today,
    )
    _check_evidence(findings, on=locked.today)
    before = locked.dossier.advice.get(department, ())
    advice = Advice(
        department=department,
        number=len(before) + 1,
        application=locked.dossier.drafted.number,
        recommendation=recommendation,
        summary=summary,
        provisos=provisos,
        findings=findings,
    )
    awaited = locked.dossier.awaited
    locked.record(
        AdviceRecorded(
            case=case,
            advice_id=run.new_id(ADVICE),
            advice=advice,
            earlier=before[-1].id if before else "",
            completes=locked.status is CaseStatus.DEPARTMENTS_ADVISING and awaited == (department,),
        )
    )
    return locked.changed(locked.dossier.newest_advice[department].id)


def _check_department(locked: Locked, department: str) -> None:
    """Raises: ConflictError: it was not asked. RefusedError: the actor is not of it."""
    if department not in locked.dossier.asked:
        asked = ", ".join(locked.dossier.asked) or "nobody"
        raise ConflictError(f"{department} was not asked for advice; asked: {asked}", hint="name your department")
    team = departments()[department].team
    persons = {locked.run.actor.id, *locked.run.actor.stands_in_for}
    if not persons & members_on(team, locked.today):
        raise RefusedError(
            f"only members of the team {team} write its advice",
            hint="advise for your own department; nobody edits the advice of another",
        )


def _check_evidence(findings: tuple[LimbFinding, ...], *, on: date) -> None:
    """What is cited is there; assessments in a version that may be cited. Raises: InvalidError, by finding."""
    wrong: dict[str, str] = {}
    for number, finding in enumerate(findings):
        versions = [e for e in finding.evidence if e.startswith(f"{VERSION}-")]
        missing = unknown_links([e for e in finding.evidence if e not in versions])
        said = [f"there is no {e}" for e in missing]
        for version in versions:
            try:
                citable(version, on=on)
            except PenholderError as error:
                said.append(f"{version} cannot be cited: {error.message}")
        if said:
            wrong[f"findings.{number}.evidence"] = "; ".join(said)
    if wrong:
        raise InvalidError(
            "some evidence cannot be cited",
            hint="give public ids of incidents, of sources, and of accepted versions of assessments",
            fields=wrong,
        )
