"""Looking things up on the public site: versions of things of the debate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from penholder.actions.values import Actor
from penholder.debate.queries import moderating

_SEEN: dict[str, Callable[..., Any]] = {
    "comment": moderating.case,
    "member": moderating.member,
    "proposal": moderating.ban,
    "appeal": moderating.appeal,
}


def version_seen(viewer: Actor, given: Mapping[str, Any]) -> int:
    """The version of the thing that the parameters name, as its page shows it to the viewer."""
    name = next(n for n in _SEEN if n in given)
    return int(_SEEN[name](viewer=viewer, id=given[name]).version)


def sought(viewer: Actor, wanted: Mapping[str, Any]) -> str:
    """Nothing of this site is looked up."""
    raise KeyError(wanted["seek"])
