"""Appeals: lodged by the exporter, taken or declined where late, decided by somebody who took part in nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, RefusedError, SeparationError
from penholder.actions.words import check_words
from penholder.casework.actions.countersign import proposal_of
from penholder.casework.actions.decide import (
    AgainstReasons,
    Decided,
    GateReasons,
    Provisos,
    StaleReasons,
    UnknownReasons,
    ValidUntil,
    Why,
    decide,
)
from penholder.casework.actions.locked import Locked, lock_case
from penholder.casework.actions.parameters import CaseId, Expected, Reasons
from penholder.casework.actions.propose import Assessments, Findings, RefusalLimbs, ground_for
from penholder.casework.decision_events import (
    AppealAssigned,
    AppealLodged,
    CaseGranted,
    CaseRefused,
    LateAppealAnswered,
)
from penholder.casework.decision_parts import Answered, Assigned, Lodged
from penholder.casework.dossier import Held
from penholder.casework.involved import involved_in
from penholder.casework.policy import appeal as policy
from penholder.casework.values import (
    APPEAL,
    CaseMove,
    CaseStatus,
    CaseworkPermission,
    Changed,
    LateAnswer,
    LongText,
    Outcome,
    Text,
)
from penholder.casework.working_days import calendar
from penholder.people.desks import may_on


@action(permission=CaseworkPermission.LODGE_APPEAL, events=(AppealLodged,))
def lodge_appeal(
    run: Run,
    *,
    case: CaseId,
    arguments: Annotated[
        LongText,
        Field(description="New arguments, or new information: what the authority did not have."),
    ],
    information: Annotated[
        tuple[Text, ...], Field(description="New information, piece by piece.", max_length=50)
    ] = (),
) -> Changed:
    """Appeal against a refusal, within 28 days of the notice, with something new.

    An appeal that comes later is taken down as late, and waits until the authority takes it or declines it, with
    reasons.
    """
    locked = lock_case(run, case, expected_version=None)
    if locked.row.exporter not in run.actor.organisations:
        raise RefusedError("only the applicant appeals", hint="your own page names your organisations")
    locked.check_move(CaseMove.APPEAL)
    check_words(arguments=arguments)
    refused, notice = policy.refusal(locked.dossier), policy.refusal_notice(locked.dossier)
    waiting = policy.waits(locked.dossier)
    if refused is None or waiting is not None:
        raise ConflictError(
            f"an appeal against the refusal of {case} waits already",
            hint="the authority answers it; nothing needs to be done",
        )
    days = calendar()
    today = days.day_of(run.now)
    due = policy.last_day(notice.at, calendar=days) if notice else None
    made = Lodged(
        decision=refused.id,
        notice=notice.id if notice else "",
        arguments=arguments,
        information=information,
        due_on=due,
        days=(today - days.day_of(notice.at)).days if notice else 0,
        is_late=due is not None and today > due,
    )
    appeal = run.new_id(APPEAL)
    locked.record(AppealLodged(case=case, appeal_id=appeal, appeal=made))
    said = (f"it came after {due}: the authority takes it or declines it, with reasons",) if made.is_late else ()
    return Changed(case, locked.dossier.drafted.number, appeal, said)


@action(permission=CaseworkPermission.ASSIGN_APPEAL, events=(LateAppealAnswered,))
def answer_late_appeal(
    run: Run,
    *,
    case: CaseId,
    answer: Annotated[LateAnswer, Field(description="Take it although it is late, or decline it.")],
    reasons: Reasons,
    expected_version: Expected,
) -> Changed:
    """Take an appeal that came too late, or decline it, and say why. Neither happens silently."""
    locked = lock_case(run, case, expected_version=expected_version)
    waiting = policy.waits(locked.dossier)
    if waiting is None:
        raise ConflictError(f"no late appeal on {case} waits for an answer", hint="look at the case again")
    check_words(reasons=reasons)
    said = Answered(answer=answer, reasons=reasons)
    locked.record(LateAppealAnswered(case=case, appeal_id=waiting.id, answered=said))
    return locked.changed(waiting.id)


@action(permission=CaseworkPermission.ASSIGN_APPEAL, events=(AppealAssigned,))
def assign_appeal(
    run: Run,
    *,
    case: CaseId,
    person: Annotated[
        str,
        Field(description="Public id of who decides it (P-…).", max_length=40),
    ],
    expected_version: Expected,
) -> Changed:
    """Give an appeal to somebody who decides it. Whoever took part in anything of the case is refused."""
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_in(CaseStatus.UNDER_APPEAL, what="appeals are assigned")
    appeal = _appeal(locked)
    if not may_on(person, CaseworkPermission.DECIDE_APPEAL, locked.today):
        raise InvalidError(
            "this person cannot decide appeals",
            hint="name an active person with a role that decides appeals",
            fields={"person": "has no role that decides appeals"},
        )
    if person in involved_in(locked.dossier):
        raise SeparationError(
            "an appeal is decided by somebody who took part in nothing of the case; this person did",
            hint="name somebody else",
        )
    locked.record(AppealAssigned(case=case, appeal_id=appeal.id, assigned=Assigned(person=person)))
    return locked.changed(appeal.id)


@action(permission=CaseworkPermission.DECIDE_APPEAL, events=(CaseGranted, CaseRefused))
def decide_appeal(
    run: Run,
    *,
    case: CaseId,
    outcome: Annotated[Outcome, Field(description="Grant after all, or refuse again.")],
    reasons: Why,
    expected_version: Expected,
    refusal_limbs: RefusalLimbs = (),
    findings: Findings = (),
    assessments: Assessments = (),
    against_reasons: AgainstReasons = "",
    stale_reasons: StaleReasons = "",
    unknown_reasons: UnknownReasons = "",
    gate_reasons: GateReasons = "",
    provisos: Provisos = "",
    valid_until: ValidUntil = None,
) -> Changed:
    """Decide an appeal: for whom it was assigned to, and who took part in nothing of the case.

    Departments can advise again while it is under appeal. The findings that were signed count, unless others are
    given; either follow the newest advice. What refuses a grant refuses it here, too.
    """
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_in(CaseStatus.UNDER_APPEAL, what="appeals are decided")
    locked.refuse_if_held()
    appeal, proposal = _appeal(locked), proposal_of(locked)
    _check_decider(locked, appeal)
    given = Decided(
        outcome=outcome,
        reasons=reasons,
        refusal_limbs=refusal_limbs or proposal.value.refusal_limbs,
        texts={
            "against_reasons": against_reasons,
            "stale_reasons": stale_reasons,
            "unknown_reasons": unknown_reasons,
            "gate_reasons": gate_reasons,
        },
        provisos=provisos,
        valid_until=valid_until,
    )
    ground = ground_for(
        locked,
        findings=findings or proposal.value.findings,
        assessments=assessments or proposal.value.assessments,
    )
    _check_decider(locked, appeal, cited=[v.id for v in ground.versions])
    return locked.changed(decide(locked, ground, proposal, given, appeal=appeal.id))


def _appeal(locked: Locked) -> Held[Lodged]:
    """The appeal that is under way. Raises: AbsentError."""
    found = policy.lodged(locked.dossier)
    if found is None:
        raise AbsentError(f"there is no appeal on {locked.row.public_id}", hint="look at the case again")
    return found


def _check_decider(locked: Locked, appeal: Held[Lodged], *, cited: Sequence[str] = ()) -> None:
    """Raises: ConflictError: nobody is to decide it. RefusedError: somebody else is. SeparationError."""
    named = policy.assigned(locked.dossier, appeal.id)
    if named is None:
        raise ConflictError(f"{appeal.id} is given to nobody yet", hint="let it be assigned first")
    actor = locked.run.actor
    if actor.id != named.value.person:
        raise RefusedError("this appeal is another person's to decide", hint="let it be assigned to you")
    if policy.kept_from(actor.id, actor.stands_in_for, involved_in(locked.dossier, cited=cited)):
        raise SeparationError(
            "an appeal is decided by somebody who took part in nothing of the case",
            hint="let it be assigned to somebody else",
        )
