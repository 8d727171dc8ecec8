"""Acts on concerns. There is no act by which an office ends one."""

from penholder.concerns.actions.answering import RepeatedGrounds, propose_answer, sign_answer
from penholder.concerns.actions.filer import (
    accept_answer,
    add_target,
    attach_file,
    contest_points,
    withdraw_concern,
    write_message,
)
from penholder.concerns.actions.filing import raise_concern
from penholder.concerns.actions.handling import (
    acknowledge_concern,
    allocate_concern,
    extend_time,
    finish_measure,
    mark_concern,
    write_to_filer,
)
from penholder.concerns.actions.joining import ask_to_bring, bring_into_concern
from penholder.concerns.actions.reading import read_concern
from penholder.concerns.actions.upkeep import (
    ListedTarget,
    count_empty_answer,
    import_targets,
    make_officer_key,
    note_lapses,
)

__all__ = [
    "ListedTarget",
    "RepeatedGrounds",
    "accept_answer",
    "acknowledge_concern",
    "add_target",
    "allocate_concern",
    "ask_to_bring",
    "attach_file",
    "bring_into_concern",
    "contest_points",
    "count_empty_answer",
    "extend_time",
    "finish_measure",
    "import_targets",
    "make_officer_key",
    "mark_concern",
    "note_lapses",
    "propose_answer",
    "raise_concern",
    "read_concern",
    "sign_answer",
    "withdraw_concern",
    "write_message",
    "write_to_filer",
]
