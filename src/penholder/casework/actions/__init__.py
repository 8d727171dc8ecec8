"""All acts on cases. Importing this room enters them in the registry of actions."""

from penholder.casework.actions.advice import record_advice
from penholder.casework.actions.apply import (
    declare_application,
    set_goods,
    set_parties,
    set_route,
    start_application,
    state_end_use,
)
from penholder.casework.actions.circulation import circulate_case, waive_advice
from penholder.casework.actions.dissent import read_dissent, record_dissent
from penholder.casework.actions.questions import answer_question, ask_exporter
from penholder.casework.actions.rating import rate_goods
from penholder.casework.actions.screening import judge_match, load_list, screen_parties
from penholder.casework.actions.submit import accept_case, submit_application, withdraw_application

__all__ = [
    "accept_case",
    "answer_question",
    "ask_exporter",
    "circulate_case",
    "declare_application",
    "judge_match",
    "load_list",
    "rate_goods",
    "read_dissent",
    "record_advice",
    "record_dissent",
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
