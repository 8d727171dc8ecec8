"""Exemptions ("specific measures"): one person proposes, another announces."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.words import check_words
from penholder.restrictions.actions.parameters import (
    Cause,
    LegalBasis,
    Reasons,
    ReviewBy,
    ScopeText,
    Version,
)
from penholder.restrictions.actions.rows import Changed, check_not_ahead, check_review, lock, make
from penholder.restrictions.events import ExemptionAnnounced, ExemptionEnded, ExemptionProposed
from penholder.restrictions.gates import GateReasons
from penholder.restrictions.given import read_scope
from penholder.restrictions.limbs import check_limb
from penholder.restrictions.values import EXEMPTION, Kind, RestrictionPermission, StepKind

ExemptionId = Annotated[str, Field(description="Public id of the exemption (EX-…).", min_length=1, max_length=40)]


@action(permission=RestrictionPermission.PROPOSE_EXEMPTION, events=(ExemptionProposed,))
def propose_exemption(
    run: Run,
    *,
    limb: Annotated[
        str,
        Field(
            description="Id of the rule that would otherwise require refusal, for example uk-selc-2021/2c.",
            min_length=1,
            max_length=120,
        ),
    ],
    scope: ScopeText,
    legal_basis: LegalBasis,
    reasons: Reasons,
    advice_for: Annotated[
        str, Field(description="The strongest advice for it, and whose.", min_length=1, max_length=4_000)
    ],
    review_by: ReviewBy,
    advice_against: Annotated[
        str,
        Field(description="The strongest advice against it, and whose; empty: none on file.", max_length=4_000),
    ] = "",
    conditions: Annotated[
        str,
        Field(
            description="Conditions, in words; what they exclude must also stand in the scope.", max_length=4_000
        ),
    ] = "",
    cause: Cause = "",
) -> Changed:
    """Propose an exemption. It lets nothing through before somebody else has announced it."""
    check_words(legal_basis=legal_basis, reasons=reasons, advice_for=advice_for)
    check_limb(limb, on=run.now.date())
    check_review(review_by, after=run.now.date())
    kept = read_scope(scope)
    if not kept:
        raise InvalidError(
            "an exemption without a scope would let everything through",
            hint="say which lines, as a condition that can be computed",
            fields={"scope": "is needed"},
        )
    said: dict[str, Any] = {
        "limb": limb,
        "scope": kept,
        "legal_basis": legal_basis,
        "reasons": reasons,
        "advice_for": advice_for,
        "advice_against": advice_against,
        "conditions": conditions,
        "review_by": review_by,
        "cause": cause,
    }
    made = make(run, Kind.EXEMPTION, EXEMPTION, **said)
    made.step(StepKind.PROPOSE, on=run.now.date())
    run.record(ExemptionProposed(exemption=made.row.public_id, proposed_on=run.now.date(), **said))
    return Changed(made.row.public_id, 1)


@action(
    permission=RestrictionPermission.ANNOUNCE_EXEMPTION,
    events=(ExemptionAnnounced,),
    apart_from=("restrictions.propose_exemption",),
)
def announce_exemption(
    run: Run,
    *,
    exemption: ExemptionId,
    announced_on: Annotated[date, Field(description="Day on which it was announced; it is in force from then.")],
    announced_where: Annotated[
        str,
        Field(
            description="Where it was announced, so that others find it there. This is published.",
            min_length=1,
            max_length=1_000,
        ),
    ],
    expected_version: Version,
    gate_reasons: GateReasons = "",
) -> Changed:
    """Authorise an exemption by announcing it. Whoever proposed it cannot do that.

    While a question about it is open, it says why the answer is not awaited.
    """
    check_words(announced_where=announced_where)
    found = lock(run, Kind.EXEMPTION, exemption, expected_version=expected_version)
    if found.held.valid is not None:
        raise ConflictError(f"{exemption} is announced already", hint="nothing is left to do")
    check_not_ahead(announced_on, name="announced_on", today=run.now.date())
    row = found.row
    check_review(row.review_by, after=run.now.date())
    gates = found.ask(gate_reasons)
    found.step(StepKind.ANNOUNCE, on=announced_on, where=announced_where)
    run.record(
        ExemptionAnnounced(
            exemption=exemption,
            limb=row.limb,
            scope=row.scope,
            announced_on=announced_on,
            review_by=row.review_by,
            cause=row.cause,
            announced_where=announced_where,
            gates=gates,
            gate_reasons=gate_reasons,
        ),
        claimed_at=announced_on,
    )
    return found.changed()


@action(permission=RestrictionPermission.END_EXEMPTION, events=(ExemptionEnded,))
def end_exemption(
    run: Run,
    *,
    exemption: ExemptionId,
    ended_on: Annotated[date, Field(description="First day on which it lets nothing through; today or later.")],
    reasons: Reasons,
    expected_version: Version,
) -> Changed:
    """End an exemption, or turn a proposal down. What it let through stays granted; see its page."""
    check_words(reasons=reasons)
    found = lock(run, Kind.EXEMPTION, exemption, expected_version=expected_version)
    if ended_on < run.now.date():
        raise InvalidError(
            f"ended_on {ended_on} lies in the past: what was let through since was let through",
            fields={"ended_on": "must be today or later"},
        )
    found.step(StepKind.END, on=ended_on, reasons=reasons)
    run.record(ExemptionEnded(exemption=exemption, ended_on=ended_on, reasons=reasons))
    return found.changed()
