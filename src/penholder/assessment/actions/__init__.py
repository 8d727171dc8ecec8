"""All acts on assessments. Importing this room enters them in the registry of actions."""

from penholder.assessment.actions.draft import save_version, start_assessment
from penholder.assessment.actions.instructions import read_instruction, record_oral_instruction
from penholder.assessment.actions.more import link_dissent, publish_gist
from penholder.assessment.actions.moves import (
    accept_version,
    countersign_version,
    finish_legal_check,
    request_change,
    send_version,
)

__all__ = [
    "accept_version",
    "countersign_version",
    "finish_legal_check",
    "link_dissent",
    "publish_gist",
    "read_instruction",
    "record_oral_instruction",
    "request_change",
    "save_version",
    "send_version",
    "start_assessment",
]
