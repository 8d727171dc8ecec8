"""All acts of the register. Importing this room enters them in the registry of actions."""

from penholder.register.actions.amend import amend_line
from penholder.register.actions.conditions import add_condition, fulfil_condition
from penholder.register.actions.customs import acknowledge_customs_message, send_customs_message
from penholder.register.actions.draw import record_draw
from penholder.register.actions.enter import enter_licence
from penholder.register.actions.expire import expire_lines
from penholder.register.actions.life import (
    issue_licence,
    reinstate_lines,
    revoke_lines,
    surrender_lines,
    suspend_lines,
)
from penholder.register.actions.release import announce_release, load_release

__all__ = [
    "acknowledge_customs_message",
    "add_condition",
    "amend_line",
    "announce_release",
    "enter_licence",
    "expire_lines",
    "fulfil_condition",
    "issue_licence",
    "load_release",
    "record_draw",
    "reinstate_lines",
    "revoke_lines",
    "send_customs_message",
    "surrender_lines",
    "suspend_lines",
]
