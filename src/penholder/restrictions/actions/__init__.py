"""All acts on restrictions. Importing this room enters them in the registry of actions."""

from penholder.restrictions.actions.exemptions import announce_exemption, end_exemption, propose_exemption
from penholder.restrictions.actions.gates import GivenGate, import_gates
from penholder.restrictions.actions.holds import lift_hold, place_hold
from penholder.restrictions.actions.moratoria import (
    change_moratorium_destinations,
    lift_moratorium,
    set_moratorium,
)

__all__ = [
    "GivenGate",
    "announce_exemption",
    "change_moratorium_destinations",
    "end_exemption",
    "import_gates",
    "lift_hold",
    "lift_moratorium",
    "place_hold",
    "propose_exemption",
    "set_moratorium",
]
