"""What the course of a case asks of somebody waits until the step is taken, and no longer."""

from __future__ import annotations

import pytest

from penholder.actions.action import perform
from penholder.actions.values import Actor
from penholder.casework import actions
from penholder.casework.values import LateAnswer, Signature
from penholder.people.actions import add_task
from penholder.people.queries import inbox
from tests import decision_ground as ground
from tests.case_ground import DECIDER, MANAGER
from tests.decision_ground import OTHER_MANAGER, SIGNER, Decision

SIGN = "Countersign the proposal, or reject it, with reasons"


pytestmark = pytest.mark.usefixtures("cases")


def wait(*viewers: Actor) -> list[list[str]]:
    return [sorted(task.text for task in inbox(viewer=viewer).items) for viewer in viewers]


def test_a_task_of_the_case_ends_with_the_step_that_it_asks_for() -> None:
    story = Decision().advised()
    story.propose()
    assert wait(MANAGER, SIGNER, DECIDER) == [[], [SIGN], []]
    story.sign(Signature.REJECT)
    assert wait(MANAGER, SIGNER, DECIDER) == [["Propose anew: a countersigner rejected the proposal"], [], []]
    story.propose()
    story.sign()
    assert wait(MANAGER, SIGNER, DECIDER) == [[], [], ["Decide the case: the proposal is countersigned"]]
    story.decide()
    assert wait(MANAGER, SIGNER, DECIDER) == [["Issue the notice of the grant, with reasons"], [], []]
    story.tell()
    assert wait(MANAGER, SIGNER, DECIDER) == [[], [], []]


def test_what_a_person_asked_in_other_words_goes_on_waiting() -> None:
    story = Decision().advised()
    perform(add_task, MANAGER, text="Ring the yard", subject=story.id, role="countersigner")
    story.propose()
    assert wait(SIGNER) == [[SIGN, "Ring the yard"]]
    story.sign()
    assert wait(SIGNER) == [["Ring the yard"]]


@pytest.mark.parametrize("answer", LateAnswer)
def test_a_late_appeal_waits_for_its_answer_and_then_for_who_decides_it(answer: LateAnswer) -> None:
    story = Decision().refused()
    story.tell()
    ground.later(days=90)
    story.appeal()
    assert wait(OTHER_MANAGER)[0] == ["Take the late appeal, or decline it, with reasons"]
    reasons = "The firm was in hospital care of its archive until May; the order is new."
    story.do(actions.answer_late_appeal, MANAGER, answer=answer, reasons=reasons)
    wanted = ["Assign the appeal to somebody who took no part"] if answer is LateAnswer.TAKE else []
    assert wait(OTHER_MANAGER) == [wanted]
