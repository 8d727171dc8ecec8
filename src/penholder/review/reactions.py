"""What must happen because of a review: holds are placed, and what was decided is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from penholder.actions.action import perform
from penholder.actions.outbox import Happened, on
from penholder.actions.values import SYSTEM
from penholder.people.actions import add_task, finish_task
from penholder.people.desks import open_tasks_that_say
from penholder.register.actions import revoke_lines, suspend_lines
from penholder.register.standing import lines_now, stopped_since
from penholder.register.values import LineStatus
from penholder.restrictions.actions import place_hold, set_moratorium
from penholder.review import events
from penholder.review.actions.execute import record_execution
from penholder.review.loading import key_of, name_of
from penholder.review.models import Circumstance, Decision
from penholder.review.values import LineKey, Option

_ANSWERS = "licensing_manager"
_ASK = "Accept or decline the trigger of a change of circumstances, with reasons"


@on(events.TriggerProposed)
def ask_for_an_answer(happened: Happened) -> None:
    """Whoever answers for licences finds it in the inbox, with the day by which."""
    event: Any = happened.event
    perform(
        add_task,
        SYSTEM,
        idempotency_key=happened.key,
        text=_ASK,
        subject=event.change,
        role=_ANSWERS,
        due_on=event.answer_by,
    )


@on(events.ChangeOpened)
def nothing_waits_when_accepted(happened: Happened) -> None:
    """The trigger was answered."""
    _answered(happened)


@on(events.TriggerDeclined)
def nothing_waits_when_declined(happened: Happened) -> None:
    """The trigger was answered."""
    _answered(happened)


def _answered(happened: Happened) -> None:
    event: Any = happened.event
    for task, version in open_tasks_that_say({_ASK}, about=event.change):
        perform(finish_task, SYSTEM, task=task, expected_version=version, remark="It was answered.")


@on(events.HoldOrdered)
def hold_pending_cases(happened: Happened) -> None:
    """A hold on pending cases of each destination."""
    event: Any = happened.event
    for destination in event.destinations:
        perform(
            place_hold,
            SYSTEM,
            idempotency_key=f"{happened.key}:{destination}",
            destination=destination,
            reasons=event.reasons,
            review_by=event.review_by,
            cause=event.change,
        )


@on(events.ChangeDecided)
def do_what_was_decided(happened: Happened) -> None:
    """Suspend or revoke, licence by licence; set the moratorium; say what was done.

    The moratorium comes first: from then on nothing new is granted. Every step is done once, however often this is
    tried; lines that are no longer issued by then are left, and named.
    """
    event: Any = happened.event
    circumstance = Circumstance.objects.get(public_id=event.change)
    decision = Decision.objects.get(circumstance=circumstance)
    moratorium = _set_moratorium(circumstance, decision, happened)
    done, skipped = _stop(decision, happened)
    perform(
        record_execution,
        SYSTEM,
        idempotency_key=f"{happened.key}:done",
        change=circumstance.public_id,
        stopped=[name_of(k) for k in done],
        skipped=[name_of(k) for k in skipped],
        moratorium=moratorium,
    )


def _set_moratorium(circumstance: Circumstance, decision: Decision, happened: Happened) -> str:
    """Gives its id; empty: none was decided."""
    asked: Mapping[str, Any] | None = decision.moratorium
    if not asked:
        return ""
    receipt = perform(
        set_moratorium,
        SYSTEM,
        idempotency_key=f"{happened.key}:moratorium",
        **asked,
        reasons=decision.reasons,
        valid_from=decision.decided_on,
        review_by=decision.review_by,
        cause=circumstance.public_id,
    )
    result: Any = receipt.result
    return str(result["id"] if isinstance(result, Mapping) else result.id)


def _stop(decision: Decision, happened: Happened) -> tuple[list[LineKey], list[LineKey]]:
    """The lines that were stopped, and those that were no longer issued."""
    keys = [key_of(name) for name in decision.stopped]
    by_licence: dict[str, list[int]] = defaultdict(list)
    now = lines_now(keys, on=happened.at.date())
    done_before = stopped_since(keys, decision.decided_at)
    done, skipped = [], []
    for key in keys:
        if key in done_before:
            done.append(key)
        elif key in now and now[key].status is LineStatus.ISSUED:
            by_licence[key[0]].append(key[1])
            done.append(key)
        else:
            skipped.append(key)
    for licence, numbers in sorted(by_licence.items(), key=lambda x: (now[x[0], x[1][0]].reference, x[1], x[0])):
        _stop_licence(decision, licence, numbers, version=now[licence, numbers[0]].version, happened=happened)
    return done, skipped


def _stop_licence(
    decision: Decision, licence: str, numbers: Sequence[int], *, version: int, happened: Happened
) -> None:
    said: dict[str, Any] = {
        "licence": licence,
        "lines": tuple(numbers),
        "reasons": decision.reasons,
        "effective_on": decision.decided_on,
        "expected_version": version,
    }
    key = f"{happened.key}:{licence}:{version}"
    if Option(decision.option) is Option.REVOKE:
        asked = {"gate_reasons": decision.gate_reasons}
        perform(revoke_lines, SYSTEM, idempotency_key=key, limb=decision.limb, **asked, **said)
        return
    more = {"power": decision.power, "terms": decision.terms, "review_by": decision.review_by}
    perform(suspend_lines, SYSTEM, idempotency_key=key, **said, **more)
