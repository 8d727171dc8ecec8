"""All acts of evidence. Importing this room enters them in the registry of actions."""

from penholder.evidence.actions.enter import enter_incident
from penholder.evidence.actions.find import record_finding
from penholder.evidence.actions.gaps import close_gap, open_gap
from penholder.evidence.actions.grade import grade_incident, state_origin
from penholder.evidence.actions.imports import import_incidents
from penholder.evidence.actions.join import join_incidents, separate_incidents
from penholder.evidence.actions.other_side import record_exculpatory_fact, record_explanation
from penholder.evidence.actions.scope import set_scope
from penholder.evidence.actions.sources import register_source

__all__ = [
    "close_gap",
    "enter_incident",
    "grade_incident",
    "import_incidents",
    "join_incidents",
    "open_gap",
    "record_exculpatory_fact",
    "record_explanation",
    "record_finding",
    "register_source",
    "separate_incidents",
    "set_scope",
    "state_origin",
]
