"""What must happen because of a decision: the licence, the notice, and the next person's task."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from penholder.actions.action import perform
from penholder.actions.outbox import Happened, on
from penholder.actions.values import SYSTEM
from penholder.assessment.actions import link_dissent
from penholder.casework import decision_events as events
from penholder.casework.actions.grants import link_licence
from penholder.casework.actions.notices import issue_licence_notice
from penholder.casework.dissents import unlinked
from penholder.casework.events import AdviceRecorded, CaseCirculated, DissentRecorded
from penholder.casework.granted import licence_of
from penholder.casework.history import dossier
from penholder.casework.machine import departments
from penholder.casework.models import Case
from penholder.casework.values import LateAnswer, NoticeKind, Signature
from penholder.ledger.models import Entry
from penholder.people.actions import add_task, finish_task
from penholder.people.desks import open_tasks, open_tasks_that_say, team_named
from penholder.register import events as register
from penholder.register.actions import add_condition, enter_licence, issue_licence
from penholder.register.values import ConditionTiming

_MANAGER, _SIGNER, _DECIDER, _ADVISER = "licensing_manager", "countersigner", "decider", "adviser"


class Ask(StrEnum):
    """What the course of a case asks of somebody."""

    SIGN = "Countersign the proposal, or reject it, with reasons"
    SIGN_SECOND = "Countersign the proposal as the second person, or reject it"
    PROPOSE_REJECTED = "Propose anew: a countersigner rejected the proposal"
    PROPOSE_RETURNED = "Propose anew: whoever decides sent the proposal back"
    DECIDE = "Decide the case: the proposal is countersigned"
    NOTICE_OF_GRANT = "Issue the notice of the grant, with reasons"
    NOTICE_OF_REFUSAL = "Issue the notice of the refusal, with reasons"
    LATE_APPEAL = "Take the late appeal, or decline it, with reasons"
    ASSIGN_APPEAL = "Assign the appeal to somebody who took no part"
    DECIDE_APPEAL = "Decide the appeal"


_SIGNING = frozenset({Ask.SIGN, Ask.SIGN_SECOND})
_PROPOSING = frozenset({Ask.PROPOSE_REJECTED, Ask.PROPOSE_RETURNED})
_UNTIL_DECIDED = _SIGNING | _PROPOSING | {Ask.DECIDE, Ask.DECIDE_APPEAL}
_DONE_BY: Mapping[type, frozenset[Ask]] = {
    events.OutcomeProposed: _PROPOSING | _SIGNING,
    events.ProposalSigned: _SIGNING,
    events.ProposalReturned: frozenset({Ask.DECIDE}),
    events.CaseGranted: _UNTIL_DECIDED,
    events.CaseRefused: _UNTIL_DECIDED,
    events.CaseNoticeIssued: frozenset({Ask.NOTICE_OF_GRANT, Ask.NOTICE_OF_REFUSAL}),
    events.LateAppealAnswered: frozenset({Ask.LATE_APPEAL}),
    events.AppealAssigned: frozenset({Ask.ASSIGN_APPEAL}),
}
"""Event -> what nobody has to do any more once it happened."""


@on(events.CaseGranted)
def enter_granted_licence(happened: Happened) -> None:
    """The licence is entered and issued in the register, with the terms of the grant, and linked to the case.

    Every step is done once, however often this is tried.
    """
    event: Any = happened.event
    made = licence_of(event.case, event.decision, decided_on=event.decided_on)
    entered = perform(enter_licence, SYSTEM, idempotency_key=f"{happened.key}:enter", **made.terms).result
    licence, version = _licence(entered)
    if made.conditions:
        perform(
            add_condition,
            SYSTEM,
            idempotency_key=f"{happened.key}:condition",
            licence=licence,
            text=made.conditions,
            timing=ConditionTiming.NOT_STATED,
            expected_version=version,
        )
        version += 1
    perform(
        issue_licence,
        SYSTEM,
        idempotency_key=f"{happened.key}:issue",
        licence=licence,
        effective_on=event.decided_on,
        expected_version=version,
    )
    perform(
        link_licence,
        SYSTEM,
        idempotency_key=f"{happened.key}:link",
        case=event.case,
        decision=event.decision_id,
        licence=licence,
    )


def _licence(result: Any) -> tuple[str, int]:
    """Of a receipt, or of a repeated one: the licence and its version."""
    found = result if isinstance(result, dict) else {"licence": result.licence, "version": result.version}
    return str(found["licence"]), int(found["version"])


@on(events.CaseGranted)
def ask_for_notice_of_grant(happened: Happened) -> None:
    """The applicant is told in writing."""
    _task(happened, _MANAGER, Ask.NOTICE_OF_GRANT)


@on(events.CaseRefused)
def ask_for_notice_of_refusal(happened: Happened) -> None:
    """The applicant is told in writing; until then no day to appeal has passed."""
    _task(happened, _MANAGER, Ask.NOTICE_OF_REFUSAL)


@on(CaseCirculated)
def ask_departments(happened: Happened) -> None:
    """Each department that is asked finds it in the inbox of its team, with the day; advisers do where none is."""
    event: Any = happened.event
    for name in event.circulation.departments:
        department = departments()[name]
        team = team_named(department.team)
        perform(
            add_task,
            SYSTEM,
            idempotency_key=f"{happened.key}:{name}",
            text=f"Advise for {department.title}, limb by limb",
            subject=event.case,
            due_on=event.circulation.due_on,
            **({"team_id": team} if team else {"role": _ADVISER}),
        )


@on(AdviceRecorded)
def nothing_waits_for_who_advised(happened: Happened) -> None:
    """The task of the department is done."""
    event: Any = happened.event
    for task, version in open_tasks(departments()[event.advice.department].team, about=event.case):
        perform(finish_task, SYSTEM, task=task, expected_version=version, remark="The advice is recorded.")


@on(DissentRecorded)
def link_dissent_to_versions(happened: Happened) -> None:
    """Whoever reads an assessment on which rests what somebody dissents from sees that there is a dissent."""
    _link_dissents(happened)


@on(events.OutcomeProposed)
def link_earlier_dissents(happened: Happened) -> None:
    """A proposal cites versions: dissents from the case, which were there before it, are about them, too."""
    _link_dissents(happened)


def _link_dissents(happened: Happened) -> None:
    event: Any = happened.event
    held = dossier(Case.objects.get(public_id=event.case))
    assert held is not None  # noqa: S101 - something happened to it
    for assessment, version, dissent in unlinked(held):
        key = f"{happened.key}:{version}:{dissent}"
        given = {"assessment": assessment, "version": version, "dissent": dissent}
        perform(link_dissent, SYSTEM, idempotency_key=key, **given)


@on(events.OutcomeProposed)
def ask_for_signature(happened: Happened) -> None:
    """Somebody who wrote none of it looks at the proposal."""
    _task(happened, _SIGNER, Ask.SIGN)


@on(events.ProposalSigned)
def ask_for_what_follows(happened: Happened) -> None:
    """The decision, another signature, or the next proposal."""
    event: Any = happened.event
    if event.completes:
        _task(happened, _DECIDER, Ask.DECIDE)
    elif event.signed.signature is Signature.ACCEPT:
        _task(happened, _SIGNER, Ask.SIGN_SECOND)
    else:
        _task(happened, _MANAGER, Ask.PROPOSE_REJECTED)


@on(events.ProposalReturned)
def ask_for_another_proposal(happened: Happened) -> None:
    """The case officer proposes anew."""
    _task(happened, _MANAGER, Ask.PROPOSE_RETURNED)


@on(events.AppealLodged)
def ask_who_decides_appeal(happened: Happened) -> None:
    """An appeal in time is assigned; a late one is answered first."""
    event: Any = happened.event
    _task(happened, _MANAGER, Ask.LATE_APPEAL if event.appeal.is_late else Ask.ASSIGN_APPEAL)


@on(events.LateAppealAnswered)
def ask_who_decides_late_appeal(happened: Happened) -> None:
    """A late appeal that is taken is assigned as any other."""
    event: Any = happened.event
    if event.answered.answer is LateAnswer.TAKE:
        _task(happened, _MANAGER, Ask.ASSIGN_APPEAL)
    else:
        _nothing_waits(happened)


@on(events.CaseNoticeIssued)
def nothing_waits_when_told(happened: Happened) -> None:
    """The applicant was told."""
    _nothing_waits(happened)


@on(events.AppealAssigned)
def ask_for_decision_of_appeal(happened: Happened) -> None:
    """Whoever it was assigned to finds it in the inbox."""
    event: Any = happened.event
    _nothing_waits(happened)
    perform(
        add_task,
        SYSTEM,
        idempotency_key=happened.key,
        text=Ask.DECIDE_APPEAL,
        subject=event.case,
        person_id=event.assigned.person,
    )


@on(register.LinesSuspended)
def tell_holder_of_suspension(happened: Happened) -> None:
    """The holder is told at once, with the terms and reasons of the act itself."""
    event: Any = happened.event
    more = {"terms": event.terms, "power": event.power, "review_by": event.review_by}
    _tell_holder(happened, NoticeKind.SUSPENSION, more)


@on(register.LinesRevoked)
def tell_holder_of_revocation(happened: Happened) -> None:
    """The holder is told at once, with the reasons of the act itself and its limb."""
    event: Any = happened.event
    _tell_holder(happened, NoticeKind.REVOCATION, {"limb": event.limb})


def _tell_holder(happened: Happened, kind: NoticeKind, more: dict[str, Any]) -> None:
    event: Any = happened.event
    perform(
        issue_licence_notice,
        SYSTEM,
        idempotency_key=happened.key,
        licence=event.licence,
        kind=kind,
        lines=event.lines,
        cause=Entry.objects.get(pk=happened.entry).run,
        decided_on=event.effective_on,
        reasons=event.reasons,
        **more,
    )


def _task(happened: Happened, role: str, ask: Ask) -> None:
    """Ask whoever holds a role, instead of whoever was asked for the step before."""
    event: Any = happened.event
    _nothing_waits(happened, but=ask)
    perform(add_task, SYSTEM, idempotency_key=happened.key, text=ask, subject=event.case, role=role)


def _nothing_waits(happened: Happened, *, but: Ask | None = None) -> None:
    """What this event has settled waits for nobody. but: what it asks anew (repeated, it keeps its own task)."""
    event: Any = happened.event
    done = _DONE_BY.get(type(event), frozenset()) - {but}
    for task, version in open_tasks_that_say(done, about=event.case):
        perform(finish_task, SYSTEM, task=task, expected_version=version, remark="The next step was taken.")
