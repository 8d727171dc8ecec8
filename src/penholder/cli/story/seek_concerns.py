"""Looking things up on the site of concerns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penholder.actions.values import Actor
from penholder.concerns.cases import load


def version_seen(viewer: Actor, given: Mapping[str, Any]) -> int:
    """The state of the concern that the parameters name: who may not hear it is refused by the act."""
    del viewer
    return int(load(given["concern"]).row.version)


def sought(viewer: Actor, wanted: Mapping[str, Any]) -> str:
    """Nothing of this site is looked up."""
    raise KeyError(wanted["seek"])
