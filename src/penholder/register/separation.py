"""Whom an earlier act on a licence keeps from a later one: known before they fill in a form."""

from __future__ import annotations

from collections.abc import Mapping

from penholder.actions.behind import acts_of, behind
from penholder.actions.models import Act
from penholder.actions.registry import ACTIONS
from penholder.actions.values import Actor
from penholder.register.values import LineAct

_NAMES: Mapping[LineAct, str] = {
    LineAct.ISSUE: "register.issue_licence",
    LineAct.REINSTATE: "register.reinstate_lines",
    LineAct.REVOKE: "register.revoke_lines",
}


def kept_from(viewer: Actor, licence: str) -> Mapping[LineAct, tuple[str, ...]]:
    """Acts that must be somebody else's -> names of the acts that the viewer did here. One statement.

    As `actions.action` judges it: what was done while standing in for another counts as done by both, and two who
    stand in for the same person are not two people.
    """
    done = {act.act for act in acts_of(behind(viewer), Act.objects.filter(about=licence))}
    found = {act: tuple(n for n in ACTIONS[name].apart_from if n in done) for act, name in _NAMES.items()}
    return {act: names for act, names in found.items() if names}
