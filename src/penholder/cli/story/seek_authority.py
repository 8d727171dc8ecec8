"""Looking things up on the site of the authority."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from penholder.actions.values import Actor
from penholder.assessment import queries as assessments
from penholder.casework import queries as casework
from penholder.casework.decided import decisions_of
from penholder.evidence import queries as evidence
from penholder.register import queries as register
from penholder.restrictions import queries as restrictions
from penholder.review import queries as reviews

_SEEN: dict[str, Callable[..., Any]] = {
    "case": casework.case,
    "assessment": assessments.assessment,
    "incident": evidence.incident,
    "change": reviews.change,
    "licence": register.licence,
    "exemption": restrictions.restriction,
    "moratorium": restrictions.restriction,
    "hold": restrictions.restriction,
}


def version_seen(viewer: Actor, given: Mapping[str, Any]) -> int:
    """The version of the thing that the parameters name, as its page shows it to the viewer."""
    name = next(n for n in _SEEN if n in given)
    found = _SEEN[name](viewer=viewer, id=given[name])
    return int(found.version)


def sought(viewer: Actor, wanted: Mapping[str, Any]) -> str:
    """The public id of what is sought, as the viewer finds it on its page."""
    return _WAYS[wanted["seek"]](viewer, wanted)


def _match(viewer: Actor, wanted: Mapping[str, Any]) -> str:
    inside = casework.case(viewer=viewer, id=wanted["case"]).inside
    assert inside is not None  # noqa: S101 - the story asks as an official
    assert inside.screening is not None  # noqa: S101 - the story asks after a screening
    return next(m.id for m in inside.screening.matches if m.verdict is None)


def _licence(viewer: Actor, wanted: Mapping[str, Any]) -> str:
    return decisions_of(viewer=viewer, case=wanted["case"]).licence


def _incident(viewer: Actor, wanted: Mapping[str, Any]) -> str:
    found = evidence.incidents(viewer=viewer).items
    return next(i.id for i in found if i.facts.key == wanted["key"])


def _message(viewer: Actor, wanted: Mapping[str, Any]) -> str:
    found = register.licence(viewer=viewer, id=wanted["licence"]).messages
    return next(m.id for m in found if m.kind == wanted["kind"])


def _restriction(viewer: Actor, wanted: Mapping[str, Any]) -> str:
    found = restrictions.restrictions(viewer=viewer, cause=wanted["cause"]).items
    return next(r.id for r in found if r.kind == wanted["kind"])


_WAYS: dict[str, Callable[[Actor, Mapping[str, Any]], str]] = {
    "match": _match,
    "licence": _licence,
    "incident": _incident,
    "message": _message,
    "restriction": _restriction,
}
