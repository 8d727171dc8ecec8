"""Everything that changes something in the debate."""

from penholder.debate.actions.appeals import decide_appeal, lodge_appeal
from penholder.debate.actions.comments import edit_comment, post_comment, report_comment
from penholder.debate.actions.erasure import forget_members
from penholder.debate.actions.moderation import hold_comment, keep_comment, remove_comment
from penholder.debate.actions.rules import (
    accept_rules,
    bring_rules_in_force,
    end_membership,
    enter_membership,
    join_debate,
)
from penholder.debate.actions.sanctions import (
    confirm_ban,
    propose_ban,
    suspend_member,
    warn_member,
    withdraw_ban,
)

__all__ = [
    "accept_rules",
    "bring_rules_in_force",
    "confirm_ban",
    "decide_appeal",
    "edit_comment",
    "end_membership",
    "enter_membership",
    "forget_members",
    "hold_comment",
    "join_debate",
    "keep_comment",
    "lodge_appeal",
    "post_comment",
    "propose_ban",
    "remove_comment",
    "report_comment",
    "suspend_member",
    "warn_member",
    "withdraw_ban",
]
