"""What a drafter was told orally to change: recorded by one click, for the independent reviewer alone.

It leaves no row in any table of the assessments and does not change their state: nothing that others see or count
shows that it happened. The ledger has one more sealed entry, as of every sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError
from penholder.assessment.actions.locked import lock_assessment
from penholder.assessment.actions.parameters import AssessmentId
from penholder.assessment.events import InstructionRead, InstructionRecorded
from penholder.assessment.reserved import opened
from penholder.assessment.values import INSTRUCTION, TEXT_LENGTH, AssessmentPermission


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the drafter gets back."""

    instruction: str


@action(permission=AssessmentPermission.RECORD_INSTRUCTION, events=(InstructionRecorded,))
def record_oral_instruction(
    run: Run,
    *,
    assessment: AssessmentId,
    text: Annotated[
        str,
        Field(description="What was said, as far as you wish; may be empty.", max_length=TEXT_LENGTH),
    ] = "",
) -> Recorded:
    """Record that you were told orally to change something. Only the independent reviewer learns of it.

    Not your line, not administrators, not who decides: it stands in no history, count, search or list of theirs.
    """
    version = lock_assessment(run, assessment, expected_version=None).version
    instruction = run.new_id(INSTRUCTION)
    run.record(
        InstructionRecorded(
            instruction=instruction,
            assessment=assessment,
            version=version.public_id,
            number=version.number,
            text=text,
        )
    )
    return Recorded(instruction)


@action(permission=AssessmentPermission.READ_INSTRUCTION, events=(InstructionRead,))
def read_instruction(
    run: Run,
    *,
    instruction: Annotated[str, Field(description="Public id of the record (OI-…).", max_length=40)],
) -> Recorded:
    """Read what a drafter recorded of an oral instruction. That it was read is recorded first.

    It stands in the details of the receipt, once, and is kept nowhere else.
    """
    found = opened(instruction)
    if found is None:
        raise AbsentError("there is no such record", hint="its public id may be mistyped")
    run.record(InstructionRead(instruction=instruction))
    run.details.update(found)
    return Recorded(instruction)
