"""Inbox, directory, organisations, and one's own account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from penholder.actions import moment
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.people import queries, resets
from penholder.people.roles import role_book, role_name
from penholder.people.values import PeoplePermission

_OWN = "shows the caller's own account, and nobody else's"
_DIRECTORY = "the staff see each other; people of exporters those of their own organisations"


def _may(viewer: Actor) -> dict[str, bool]:
    """What the viewer may do to people, by the last word of the permission."""
    wanted = {
        "invite": PeoplePermission.INVITE,
        "grant": PeoplePermission.GRANT,
        "deactivate": PeoplePermission.DEACTIVATE,
        "arrange": PeoplePermission.ARRANGE,
        "organise": PeoplePermission.ORGANISE,
        "erase": PeoplePermission.ERASE,
        "add_task": PeoplePermission.ADD_TASK,
    }
    return {name: authority().role_for(viewer, p) is not None for name, p in wanted.items()}


def roles_for(permission: str) -> tuple[str, ...]:
    """Names of the roles that give a permission."""
    book = role_book()
    return tuple(r.name for r in book.roles.values() if permission in r.may and r.id != "system")


_SUBJECTS = {
    "L": "Licence", "P": "Person", "O": "Organisation", "D": "Loan of roles", "S": "Reset of a sign-in",
    "CC": "Change of circumstances", "AP": "Case", "AS": "Assessment", "SA": "Statement", "PM": "Promise",
    "MO": "Moratorium", "EX": "Exemption", "HO": "Hold", "SO": "Statement of reasons", "AL": "Appeal",
    "CT": "Debate", "RP": "Report",
}  # fmt: skip


def subject_words(public_id: str) -> str:
    """What kind of thing the subject of a task is: `Case`; an id of no known kind stays as it is."""
    return _SUBJECTS.get(public_id.partition("-")[0], public_id)


def subject_address(public_id: str) -> str | None:
    """Where the subject of a task has a page; None where it has none."""
    routes = {
        "L": "licence",
        "P": "person",
        "O": "organisation",
        "D": "me",
        "S": "sign-in-reset",
        "CC": "change",
        "AP": "case",
        "AS": "assessment",
        "SA": "statement",
        "PM": "promise",
        "MO": "restriction",
        "EX": "restriction",
        "HO": "restriction",
        "SO": "debate-statement",
        "AL": "debate-appeal",
        "CT": "debate-thread",
        "RP": "debate-mine",
    }
    prefix, _, rest = public_id.partition("-")
    name = routes.get(prefix) if rest else None
    if name is None:
        return None
    try:
        return reverse(name, args=[] if name in {"me", "debate-mine"} else [public_id])
    except NoReverseMatch:
        return None


@requires(SIGNED_IN, why="shows only the caller's own tasks, and those of their teams and roles")
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for the caller."""
    viewer = actor_of_request(request)
    page = queries.inbox(viewer=viewer, cursor=request.GET.get("cursor"))
    context = {
        "page": page,
        "late": sum(t.is_overdue for t in page.items),
        "subject_address": subject_address,
        "subject_words": subject_words,
        "may": _may(viewer),
        "as_of": moment.today(),
        "next": f"?cursor={page.next_cursor}" if page.next_cursor else None,
    }
    return render(request, "people/inbox.html", context)


@requires(SIGNED_IN, why=_DIRECTORY)
def directory(request: HttpRequest) -> HttpResponse:
    """The people whom the caller may know of."""
    viewer = actor_of_request(request)
    page = queries.directory(viewer=viewer, cursor=request.GET.get("cursor"))
    may = _may(viewer)
    context = {
        "page": page,
        "may": may,
        "failed": queries.failed_sign_ins(viewer=viewer) if may["invite"] else None,
        "role_name": role_name,
        "as_of": moment.today(),
        "next": f"?cursor={page.next_cursor}" if page.next_cursor else None,
    }
    return render(request, "people/directory.html", context)


@requires(SIGNED_IN, why=_DIRECTORY)
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """One person."""
    viewer = actor_of_request(request)
    found = queries.person(viewer=viewer, id=public_id)
    own = public_id == viewer.id
    may = {name: allowed and not own for name, allowed in _may(viewer).items()}
    context = {"person": found, "may": may, "own": own, "role_name": role_name, "as_of": moment.today()}
    return render(request, "people/person.html", context)


@requires(SIGNED_IN, why="shows resets of the caller's own sign-in; to administrators, all")
def sign_in_reset(request: HttpRequest, public_id: str) -> HttpResponse:
    """A reset that a second administrator must confirm, or had to."""
    viewer = actor_of_request(request)
    found = resets.reset_asked(viewer=viewer, id=public_id)
    why = resets.why_asked(viewer=viewer, id=public_id)
    return render(request, "people/reset.html", {"reset": found, "why": why, "as_of": moment.today()})


@requires(SIGNED_IN, why=_DIRECTORY)
def teams(request: HttpRequest) -> HttpResponse:
    """Teams share an inbox."""
    viewer = actor_of_request(request)
    context = {"teams": queries.teams(viewer=viewer), "may": _may(viewer), "as_of": moment.today()}
    return render(request, "people/teams.html", context)


@requires(SIGNED_IN, why=_DIRECTORY)
def organisations(request: HttpRequest) -> HttpResponse:
    """Exporters, and firms that act for them."""
    viewer = actor_of_request(request)
    page = queries.organisations(viewer=viewer, cursor=request.GET.get("cursor"))
    nxt = f"?cursor={page.next_cursor}" if page.next_cursor else None
    context = {"page": page, "may": _may(viewer), "as_of": moment.today(), "next": nxt}
    return render(request, "people/organisations.html", context)


@requires(SIGNED_IN, why=_DIRECTORY)
def organisation(request: HttpRequest, public_id: str) -> HttpResponse:
    """One organisation."""
    viewer = actor_of_request(request)
    found = queries.organisation(viewer=viewer, id=public_id)
    context = {"firm": found, "may": _may(viewer), "as_of": moment.today()}
    return render(request, "people/organisation.html", context)


@requires(SIGNED_IN, why=_OWN)
def me(request: HttpRequest) -> HttpResponse:
    """One's own account: roles, delegations, absences, tokens, sign-ins."""
    viewer = actor_of_request(request)
    links: list[tuple[str, str]] = [
        ("Authenticator app, security keys and recovery codes", "mfa_index"),
        ("Change the password", "account_change_password"),
    ]
    context: dict[str, Any] = {
        "person": queries.person(viewer=viewer, id=viewer.id),
        "roles_now": [role_name(r) for r in sorted(viewer.roles)],
        "delegations": queries.delegations(viewer=viewer),
        "absences": queries.absences(viewer=viewer),
        "tokens": queries.tokens(viewer=viewer),
        "sign_ins": queries.last_sign_ins(viewer=viewer),
        "viewer_id": viewer.id,
        "named": lambda roles: ", ".join(role_name(r) for r in roles),
        "links": [(text, reverse(name)) for text, name in links],
        "as_of": moment.today(),
    }
    return render(request, "people/me.html", context)
