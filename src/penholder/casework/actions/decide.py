"""The decision: by somebody who neither proposed nor signed, with every reason that it needs, or not at all."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, cast

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.words import check_words
from penholder.casework.actions.countersign import WROTE, proposal_of, refuse_contributors
from penholder.casework.actions.locked import Locked, lock_case
from penholder.casework.actions.parameters import CaseId, Expected
from penholder.casework.actions.propose import RefusalLimbs, check_outcome, ground_for, refuse_if_contradicted
from penholder.casework.deciding import Ground
from penholder.casework.decision_events import CaseGranted, CaseRefused, ProposalReturned
from penholder.casework.decision_parts import Decision, MaybeText, Proposal, Returned
from penholder.casework.dossier import Held
from penholder.casework.policy import decision as policy
from penholder.casework.rule_set import version_of
from penholder.casework.values import DECISION, CaseStatus, CaseworkPermission, Changed, LongText, Outcome
from penholder.regime.licence_types import licence_types
from penholder.restrictions.queries import refuse_if_blocked

Why = Annotated[LongText, Field(description="Why: the reasons of the decision.")]
AgainstReasons = Annotated[
    MaybeText,
    Field(description="Of a decision against the advice of a lead adviser: why it is decided so all the same."),
]
StaleReasons = Annotated[
    MaybeText,
    Field(description="Of a decision on information older than the limit: why newer information is not awaited."),
]
UnknownReasons = Annotated[
    MaybeText,
    Field(description="Of a grant while nothing, or not enough, is known under a limb that must refuse: why."),
]
GateReasons = Annotated[
    MaybeText,
    Field(description="Of a decision while a question about it is open: why it does not wait for the answer."),
]
Provisos = Annotated[MaybeText, Field(description="Terms of the licence; empty: those that were proposed.")]
ValidUntil = Annotated[
    date | None,
    Field(description="Of a grant: first day on which it is no longer valid; empty: as proposed."),
]


@action(
    permission=CaseworkPermission.DECIDE,
    events=(CaseGranted, CaseRefused),
    apart_from=(*WROTE, "casework.countersign_proposal"),
)
def decide_case(
    run: Run,
    *,
    case: CaseId,
    outcome: Annotated[Outcome, Field(description="What you decide.")],
    reasons: Why,
    expected_version: Expected,
    refusal_limbs: RefusalLimbs = (),
    against_reasons: AgainstReasons = "",
    stale_reasons: StaleReasons = "",
    unknown_reasons: UnknownReasons = "",
    gate_reasons: GateReasons = "",
    provisos: Provisos = "",
    valid_until: ValidUntil = None,
) -> Changed:
    """Grant or refuse. Whoever rated, advised, proposed, contributed or countersigned cannot.

    Needs further reasons where it goes against the advice of a lead adviser, rests on information older than the
    limit, grants while something mandatory is not known, or is taken while a question about it is open. A grant
    that contradicts a mandatory finding, or that a moratorium may match, is refused without an exemption.
    """
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_in(CaseStatus.FOR_DECISION, what="cases are decided")
    locked.refuse_if_held()
    refuse_contributors(locked, what="a case is decided")
    proposal = proposal_of(locked)
    said = proposal.value
    same = outcome is said.outcome
    given = Decided(
        outcome=outcome,
        reasons=reasons,
        refusal_limbs=refusal_limbs or (said.refusal_limbs if same else ()),
        texts={
            "against_reasons": against_reasons,
            "stale_reasons": stale_reasons,
            "unknown_reasons": unknown_reasons,
            "gate_reasons": gate_reasons,
        },
        provisos=provisos or said.provisos,
        valid_until=valid_until or (said.valid_until if same else None),
    )
    ground = _ground(locked, proposal)
    decision = decide(locked, ground, proposal, given)
    return locked.changed(decision)


class Decided:
    """What whoever decides has said. texts: the further reasons, by parameter."""

    def __init__(
        self,
        *,
        outcome: Outcome,
        reasons: str,
        refusal_limbs: tuple[str, ...],
        texts: dict[str, str],
        provisos: str,
        valid_until: date | None,
    ) -> None:
        self.outcome = outcome
        self.reasons = reasons
        self.refusal_limbs = refusal_limbs if outcome is Outcome.REFUSE else ()
        self.texts = texts
        self.provisos = provisos if outcome is Outcome.GRANT else ""
        self.valid_until = valid_until if outcome is Outcome.GRANT else None


def _ground(locked: Locked, proposal: Held[Proposal]) -> Ground:
    """What bears on the decision today, by the findings that were signed. Raises: ConflictError: they are void."""
    try:
        return ground_for(locked, findings=proposal.value.findings, assessments=proposal.value.assessments)
    except InvalidError as error:
        raise ConflictError(
            f"what {proposal.id} rests on holds no longer: {'; '.join(error.fields.values())}",
            hint="send the proposal back, so that it is made anew",
        ) from error


def decide(locked: Locked, ground: Ground, proposal: Held[Proposal], given: Decided, *, appeal: str = "") -> str:
    """Check and record a decision; gives its id. Raises: InvalidError, InconsistentError, MoratoriumError."""
    run, case, outcome = locked.run, locked.row.public_id, given.outcome
    run.rules = version_of(ground.rule_set)
    exemptions = _exemptions(locked, ground, outcome)
    check_outcome(
        ground,
        outcome=outcome,
        texts={"reasons": given.reasons},
        refusal_limbs=given.refusal_limbs,
        exemptions=(),
        valid_until=given.valid_until,
    )
    _check_reasons(ground, given)
    consistency, against = ground.consistency(outcome), ground.against(outcome)
    decision, texts = run.new_id(DECISION), cast("dict[str, Any]", given.texts)
    made = Decision(
        outcome=outcome,
        proposal=proposal.id,
        appeal=appeal,
        rule_set=run.rules,
        reasons=given.reasons,
        limbs=given.refusal_limbs,
        findings=tuple(ground.findings.items()),
        taken=ground.consolidated,
        is_against_proposal=outcome is not proposal.value.outcome,
        against=against,
        is_against_lead=any(a.is_lead for a in against),
        cited=ground.cited,
        unknown=consistency.not_known,
        gates=tuple(g.id for g in ground.gates),
        exemptions=exemptions,
        provisos=given.provisos,
        valid_until=given.valid_until,
        reference=reference_of(locked, decision) if outcome is Outcome.GRANT else "",
        **texts,
    )
    locked.record(event_of(case, decision, made, on=locked.today))
    return decision


def _exemptions(locked: Locked, ground: Ground, outcome: Outcome) -> tuple[str, ...]:
    """What lets a grant through, limbs and moratoria alike. Raises: MoratoriumError; InconsistentError."""
    if outcome is Outcome.REFUSE:
        return ()
    past = {e for line in ground.lines for e in refuse_if_blocked(line, on=ground.on, act="grant")}
    found = ground.consistency(outcome)
    refuse_if_contradicted(locked.row.public_id, found, ground)
    return tuple(sorted(past | {e for _, ids in found.exempted for e in ids}))


def _check_reasons(ground: Ground, given: Decided) -> None:
    """Raises: InvalidError: a reason that is needed says nothing."""
    needed = ground.reasons_needed(given.outcome)
    wrong = policy.lacking(needed, given.texts)
    if wrong:
        raise InvalidError(
            f"the decision needs further reasons: {'; '.join(needed[n] for n in wrong)}",
            hint="write them: they stand with the decision for ever",
            fields=wrong,
        )


def reference_of(locked: Locked, decision: str) -> str:
    """The reference of the licence: its type, the year, letters that nobody else gets, permanent or temporary."""
    kind = licence_types()[locked.dossier.application.licence_type]
    letters = decision.partition("-")[2][:12].upper()
    return f"{kind.code}/{locked.today.year}/{letters}/{'T' if kind.id.endswith('temporary') else 'P'}"


def event_of(case: str, decision: str, made: Decision, *, on: date) -> CaseGranted | CaseRefused:
    """The event of a decision."""
    shared: dict[str, Any] = {
        "case": case,
        "decision_id": decision,
        "rule_set": made.rule_set,
        "findings": made.findings,
        "decided_on": on,
        "on_appeal": bool(made.appeal),
        "is_against_lead": made.is_against_lead,
        "information_days": max((c.days for c in made.cited), default=None),
        "decision": made,
    }
    if made.outcome is Outcome.GRANT:
        return CaseGranted(exemptions=made.exemptions, valid_until=made.valid_until, **shared)
    return CaseRefused(limbs=made.limbs, **shared)


@action(
    permission=CaseworkPermission.DECIDE,
    events=(ProposalReturned,),
    apart_from=(*WROTE, "casework.countersign_proposal"),
)
def return_proposal(run: Run, *, case: CaseId, reasons: Why, expected_version: Expected) -> Changed:
    """Send a proposal back to the case officer instead of deciding: for another finding, or for better grounds."""
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_in(CaseStatus.FOR_DECISION, what="proposals are sent back by whoever decides")
    check_words(reasons=reasons)
    proposal = proposal_of(locked)
    locked.record(ProposalReturned(case=case, proposal_id=proposal.id, returned=Returned(reasons=reasons)))
    return locked.changed(proposal.id)
