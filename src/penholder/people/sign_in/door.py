"""The pages of the sign-in behind the one door: whatever they write is written inside `people.change_sign_in`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import unstash_login
from allauth.account.utils import url_str_to_user_pk
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from penholder.actions import moment
from penholder.actions.action import perform
from penholder.actions.values import NOBODY, Actor
from penholder.ledger.door import current_door, is_open
from penholder.people.actions.sign_in import Outcome, change_sign_in, page_open
from penholder.people.actor import actor_of
from penholder.people.models import User
from penholder.people.sign_in.pages import FACTOR_PAGES
from penholder.people.values import SignInChange

View = Callable[..., HttpResponseBase]
ARRIVED = "penholder_signed_in"
"""Attribute of the request: the user who signed in with it, set by the adapter."""


def through_the_door(view: View, *, page: str, change: SignInChange | None) -> View:
    """The view of a page, run inside the action where it writes; signing in is recorded in either case."""

    @wraps(view)
    def visited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_open():  # a page that goes on where another was interrupted (allauth's re-authentication)
            return view(request, *args, **kwargs)
        if change is not None:
            return _inside(view, request, page, change, *args, **kwargs)
        response = view(request, *args, **kwargs)
        _record_arrival(request, page)
        return response

    return visited


def _inside(
    view: View, request: HttpRequest, page: str, change: SignInChange, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    given: list[HttpResponseBase] = []
    later: list[Callable[[], object]] = []
    before = _known_person(request, kwargs)

    def body() -> Outcome | None:
        given.append(view(request, *args, **kwargs))
        later.extend(_taken_hooks())
        door = current_door()
        touched = bool(door and door.touched)
        if touched and settings.PENHOLDER_KEEPS_DAYS:
            _keep_days()
        arrived: User | None = getattr(request, ARRIVED, None)
        person = arrived.public_id if arrived else before
        if touched and page in FACTOR_PAGES and request.user.is_authenticated:
            record_authentication(request, request.user, method="mfa", type="set-up")
        methods = _methods(request, arrived) if arrived else ()
        if arrived:
            delattr(request, ARRIVED)
        return Outcome(person, (change,) if touched else (), methods) if touched or arrived else None

    try:
        with page_open(body):
            perform(change_sign_in, _actor(request), page=page)
    except Exception:
        if hasattr(request, ARRIVED) or given:
            logout(request)
        raise
    for told in later:
        told()
    return given[0]


def _keep_days() -> None:
    """allauth notes when a factor was made and used last; where only days are kept, the day of it."""
    day = moment.kept()
    Authenticator.objects.filter(created_at__gt=day).update(created_at=day)
    Authenticator.objects.filter(last_used_at__gt=day).update(last_used_at=day)


def _taken_hooks() -> list[Callable[[], object]]:
    """What allauth wants to do after the commit (messages to the person): an action may leave no such thing."""
    taken: list[Callable[[], object]] = [hook[1] for hook in connection.run_on_commit]
    connection.run_on_commit.clear()
    return taken


def _record_arrival(request: HttpRequest, page: str) -> None:
    """Record who signed in on a page that wrote nothing else. Who cannot be recorded is not signed in."""
    arrived: User | None = getattr(request, ARRIVED, None)
    if arrived is None:
        return
    delattr(request, ARRIVED)
    outcome = Outcome(arrived.public_id, methods=_methods(request, arrived))
    try:
        with page_open(lambda: outcome):
            perform(change_sign_in, actor_of(arrived, on=moment.today()), page=page)
    except Exception:
        logout(request)
        raise


def _methods(request: HttpRequest, user: User) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(r.get("method")) for r in get_authentication_records(request, user)))


def _known_person(request: HttpRequest, kwargs: dict[str, Any]) -> str:
    """Whose account the page is about: of who is signed in, or half-way, or was sent the link. Else ""."""
    user = request.user if request.user.is_authenticated else None
    if user is None:
        login = unstash_login(request, peek=True)
        user = login.user if login else None
    if user is None and "uidb36" in kwargs:
        try:
            user = User.objects.filter(pk=url_str_to_user_pk(kwargs["uidb36"])).first()
        except ValueError:
            user = None
    return user.public_id if isinstance(user, User) else ""


def _actor(request: HttpRequest) -> Actor:
    if request.user.is_authenticated and isinstance(request.user, User):
        return actor_of(request.user, on=moment.today())
    return NOBODY
