"""Pages of the concerns: for everybody, for who raises one, and for the officers of the ladder."""

from __future__ import annotations

from django.urls import path

from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.concerns import queries
from penholder.concerns.values import ConcernPermission
from penholder.concerns.web import cases
from penholder.concerns.web.public import figures_page, ladder_page
from penholder.concerns.web.raising import front, raise_page
from penholder.concerns.web.returning import leave, return_page

urlpatterns = [
    path("", front, name="home"),
    path("raise", raise_page, name="raise"),
    path("return", return_page, name="return"),
    path("leave", leave, name="leave"),
    path("ladder", ladder_page, name="ladder"),
    path("figures", figures_page, name="figures"),
    *cases.urls(),
]


def menu(actor: Actor) -> list[tuple[str, str, int | None]]:
    """The officers' list, with how many wait for an answer."""
    places: list[tuple[str, str, int | None]] = []
    if authority().role_for(actor, ConcernPermission.HANDLE):
        owed = sum(row.due is not None for row in queries.cases(viewer=actor))
        places.append(("Concerns", "cases", owed or None))
    if authority().role_for(actor, ConcernPermission.BRING):
        places.append(("Let somebody join", "case-join", None))
    return places
