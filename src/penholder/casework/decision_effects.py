"""What the events of decisions do to a case: entered into `effects`, which knows them once this is imported."""

from __future__ import annotations

from penholder.casework import decision_events as events
from penholder.casework import decision_parts as parts
from penholder.casework.effects import VALUES, Effect, NewPart, effect_of
from penholder.casework.values import CaseMove, LateAnswer, PartKind, Signature

VALUES.update(
    {
        PartKind.PROPOSAL: parts.Proposal,
        PartKind.SIGNATURE: parts.Signed,
        PartKind.RETURN: parts.Returned,
        PartKind.DECISION: parts.Decision,
        PartKind.APPEAL_DECISION: parts.Decision,
        PartKind.LICENCE: parts.LicenceLink,
        PartKind.NOTICE: parts.NoticeMark,
        PartKind.APPEAL: parts.Lodged,
        PartKind.LATE_ANSWER: parts.Answered,
        PartKind.ASSIGNMENT: parts.Assigned,
    }
)


@effect_of.register
def _(event: events.OutcomeProposed) -> Effect:
    row = NewPart(PartKind.PROPOSAL, event.proposal, event.proposal_id, event.earlier)
    return Effect((row,), CaseMove.PROPOSE)


@effect_of.register
def _(event: events.ProposalSigned) -> Effect:
    move = CaseMove.SIGN if event.completes else None
    if event.signed.signature is Signature.REJECT:
        move = CaseMove.SEND_BACK
    return Effect((NewPart(PartKind.SIGNATURE, event.signed, about=event.proposal_id),), move)


@effect_of.register
def _(event: events.ProposalReturned) -> Effect:
    return Effect((NewPart(PartKind.RETURN, event.returned, about=event.proposal_id),), CaseMove.SEND_BACK)


@effect_of.register
def _(event: events.CaseGranted) -> Effect:
    move = CaseMove.GRANT_ON_APPEAL if event.on_appeal else CaseMove.GRANT
    return Effect((_decided(event),), move)


@effect_of.register
def _(event: events.CaseRefused) -> Effect:
    move = CaseMove.REFUSE_ON_APPEAL if event.on_appeal else CaseMove.REFUSE
    return Effect((_decided(event),), move)


def _decided(event: events.CaseGranted | events.CaseRefused) -> NewPart:
    made = event.decision
    kind = PartKind.APPEAL_DECISION if event.on_appeal else PartKind.DECISION
    return NewPart(kind, made, event.decision_id, made.appeal or made.proposal)


@effect_of.register
def _(event: events.LicenceLinked) -> Effect:
    said = parts.LicenceLink(licence=event.licence)
    return Effect((NewPart(PartKind.LICENCE, said, about=event.decision),))


@effect_of.register
def _(event: events.CaseNoticeIssued) -> Effect:
    said = parts.NoticeMark(kind=event.kind, decision=event.decision)
    return Effect((NewPart(PartKind.NOTICE, said, event.notice_id, event.decision, event.issued_on),))


@effect_of.register
def _(event: events.AppealLodged) -> Effect:
    row = NewPart(PartKind.APPEAL, event.appeal, event.appeal_id, event.appeal.decision)
    return Effect((row,), None if event.appeal.is_late else CaseMove.APPEAL)


@effect_of.register
def _(event: events.LateAppealAnswered) -> Effect:
    move = CaseMove.APPEAL if event.answered.answer is LateAnswer.TAKE else None
    return Effect((NewPart(PartKind.LATE_ANSWER, event.answered, about=event.appeal_id),), move)


@effect_of.register
def _(event: events.AppealAssigned) -> Effect:
    return Effect((NewPart(PartKind.ASSIGNMENT, event.assigned, about=event.appeal_id),))
