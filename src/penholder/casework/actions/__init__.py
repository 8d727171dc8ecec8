"""All acts on cases. Importing this room enters them in the registry of actions."""

import penholder.casework.decision_effects  # noqa: F401 - what the events of decisions do to a case
from penholder.casework.actions.advice import record_advice
from penholder.casework.actions.appeal import answer_late_appeal, assign_appeal, decide_appeal, lodge_appeal
from penholder.casework.actions.apply import (
    declare_application,
    set_goods,
    set_parties,
    set_route,
    start_application,
    state_end_use,
)
from penholder.casework.actions.circulation import circulate_case, waive_advice
from penholder.casework.actions.countersign import countersign_proposal
from penholder.casework.actions.decide import decide_case, return_proposal
from penholder.casework.actions.dissent import read_dissent, record_dissent
from penholder.casework.actions.grants import link_licence
from penholder.casework.actions.notices import issue_licence_notice, issue_notice
from penholder.casework.actions.propose import propose_outcome
from penholder.casework.actions.questions import answer_question, ask_exporter
from penholder.casework.actions.rating import rate_goods
from penholder.casework.actions.screening import judge_match, load_list, screen_parties
from penholder.casework.actions.submit import accept_case, submit_application, withdraw_application

__all__ = [
    "accept_case",
    "answer_late_appeal",
    "answer_question",
    "ask_exporter",
    "assign_appeal",
    "circulate_case",
    "countersign_proposal",
    "decide_appeal",
    "decide_case",
    "declare_application",
    "issue_licence_notice",
    "issue_notice",
    "judge_match",
    "link_licence",
    "load_list",
    "lodge_appeal",
    "propose_outcome",
    "rate_goods",
    "read_dissent",
    "record_advice",
    "record_dissent",
    "return_proposal",
    "screen_parties",
    "set_goods",
    "set_parties",
    "set_route",
    "start_application",
    "state_end_use",
    "submit_application",
    "waive_advice",
    "withdraw_application",
]
