"""All acts of reviews. Importing this room enters them in the registry of actions."""

from penholder.review.actions.decide import decide_change
from penholder.review.actions.execute import record_execution, review_change
from penholder.review.actions.lines import assess_change, classify_lines, set_options
from penholder.review.actions.stocktake import run_stocktake
from penholder.review.actions.trigger import accept_trigger, decline_trigger, hold_pending, propose_trigger

__all__ = [
    "accept_trigger",
    "assess_change",
    "classify_lines",
    "decide_change",
    "decline_trigger",
    "hold_pending",
    "propose_trigger",
    "record_execution",
    "review_change",
    "run_stocktake",
    "set_options",
]
