"""Whose sign-in was reset lately: the person sees it, and so does every administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from penholder.actions import moment
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.ledger.models import Entry
from penholder.people.models import User
from penholder.people.sealed import titles_of
from penholder.people.values import PeoplePermission

SHOWN_FOR = timedelta(days=14)
MOST = 20


@dataclass(frozen=True, slots=True)
class Reset:
    """A sign-in that an administrator reset."""

    person: str
    title: str
    at: datetime
    is_own: bool


def resets(*, viewer: Actor) -> tuple[Reset, ...]:
    """Resets of the last 14 days, newest first: the viewer's own; all, for whoever may reset sign-ins. At most 20.

    It stands against one administrator who takes over an account: docs/threat-model.md.
    """
    since = moment.now() - SHOWN_FOR
    rows = Entry.objects.filter(event="people.SignInReset", recorded_at__gte=since)
    if authority().role_for(viewer, PeoplePermission.INVITE) is None:
        rows = rows.filter(about=viewer.id)
    found = list(rows.order_by("-id").values_list("about", "recorded_at")[:MOST])
    titles = titles_of(User.objects.filter(public_id__in={about for about, _ in found})) if found else {}
    return tuple(Reset(about, titles.get(about, about), at, about == viewer.id) for about, at in found)
