"""Everything that changes accounts, roles, teams, organisations, tokens and inboxes."""

from penholder.people.actions.absences import end_absence, record_absence
from penholder.people.actions.accounts import (
    bootstrap_administrator,
    change_title,
    deactivate_person,
    invite_person,
)
from penholder.people.actions.delegations import delegate, end_delegation
from penholder.people.actions.erasure import erase_subject
from penholder.people.actions.grants import grant_role, withdraw_role
from penholder.people.actions.organisations import (
    add_member,
    appoint_agent,
    create_organisation,
    end_agency,
    remove_member,
)
from penholder.people.actions.reading import read_private
from penholder.people.actions.resets import (
    ask_sign_in_reset,
    confirm_sign_in_reset,
    confirm_sign_in_reset_on_server,
    lapse_sign_in_resets,
    refuse_sign_in_reset,
    reset_sign_in,
)
from penholder.people.actions.sign_in import change_sign_in
from penholder.people.actions.tasks import add_task, finish_task
from penholder.people.actions.teams import create_team, join_team, leave_team
from penholder.people.actions.tokens import issue_token, withdraw_token

__all__ = [
    "add_member",
    "add_task",
    "appoint_agent",
    "ask_sign_in_reset",
    "bootstrap_administrator",
    "change_sign_in",
    "change_title",
    "confirm_sign_in_reset",
    "confirm_sign_in_reset_on_server",
    "create_organisation",
    "create_team",
    "deactivate_person",
    "delegate",
    "end_absence",
    "end_agency",
    "end_delegation",
    "erase_subject",
    "finish_task",
    "grant_role",
    "invite_person",
    "issue_token",
    "join_team",
    "lapse_sign_in_resets",
    "leave_team",
    "read_private",
    "record_absence",
    "refuse_sign_in_reset",
    "remove_member",
    "reset_sign_in",
    "withdraw_role",
    "withdraw_token",
]
