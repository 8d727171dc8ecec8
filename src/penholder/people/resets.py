"""Resets of sign-ins, asked for or made lately: the person sees them, and every administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from penholder.actions import moment
from penholder.actions.behind import behind, behind_act
from penholder.actions.errors import AbsentError
from penholder.actions.models import Act
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.ledger.models import Entry
from penholder.people import policy
from penholder.people.actor import holds_on
from penholder.people.events import RoleGranted, SignInReset, SignInResetAsked
from penholder.people.models import Delegation, ResetRequest, RoleGrant, User
from penholder.people.roles import role_book
from penholder.people.sealed import titles_of
from penholder.people.values import PeoplePermission, ResetState
from penholder.vault import store as vault

SHOWN_FOR = timedelta(days=14)
MOST = 20
_ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Reset:
    """A sign-in that was reset."""

    person: str
    title: str
    at: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class ResetAsked:
    """A reset that a second administrator must confirm, or had to."""

    id: str
    person: str
    title: str
    """Function of the person."""
    asked_by: str
    asked_by_title: str
    asked_at: datetime
    lapses_at: datetime
    state: ResetState
    is_own: bool
    """Is it of the viewer's own sign-in?"""
    may_confirm: bool
    may_refuse: bool
    is_for_the_server: bool
    """There are no two administrators to do it: `penholder confirm-reset` does."""


def resets(*, viewer: Actor) -> tuple[Reset, ...]:
    """Resets of the last 14 days, newest first, at most 20: the viewer's own; for administrators, all."""
    rows = Entry.objects.filter(event=SignInReset.name, recorded_at__gte=moment.now() - SHOWN_FOR)
    if not _sees_all(viewer):
        rows = rows.filter(about=viewer.id)
    found = list(rows.order_by("-id").values_list("about", "recorded_at")[:MOST])
    titles = titles_of(User.objects.filter(public_id__in={about for about, _ in found})) if found else {}
    return tuple(Reset(about, titles.get(about, about), at, about == viewer.id) for about, at in found)


def resets_waiting(*, viewer: Actor) -> tuple[ResetAsked, ...]:
    """What was asked for and waits, oldest first, at most 20: of the viewer's own; for administrators, all."""
    after = moment.now() - policy.RESET_WAITS
    rows = _asked_of(viewer).filter(state=ResetState.WAITING, asked_at__gt=after)
    return _asked(rows.order_by("asked_at", "id")[:MOST], viewer)


def reset_asked(*, viewer: Actor, id: str) -> ResetAsked:  # noqa: A002 - the name of a public id everywhere
    """One of them, settled or not. Raises: AbsentError where the viewer may not know of it."""
    found = _asked(_asked_of(viewer).filter(public_id=id), viewer)
    if not found:
        raise AbsentError("there is no such reset", hint="the id may be mistyped")
    return found[0]


def why_asked(*, viewer: Actor, id: str) -> str:  # noqa: A002
    """The reason that the first administrator gave, for whoever has to decide on it; empty where it was erased."""
    reset_asked(viewer=viewer, id=id)
    entry = Entry.objects.filter(event=SignInResetAsked.name, about=id).first()
    private = vault.open_disclosures(entry.id) if entry else []
    return next((str(d.value) for d in private if d.name == "why"), "")


def needs_two(user: User, *, on: date) -> bool:
    """Does the sign-in of this person need two administrators for a reset? By roles, own or lent, of that day, of
    later, and of the 30 days before: taking a role away first does not help."""
    since = on - policy.ROLES_LINGER
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gt=since)
    held = set(user.grants.filter(lasting).values_list("role", flat=True))
    for roles in Delegation.objects.filter(lasting, taker=user).values_list("roles", flat=True):
        held |= set(roles)
    return role_book().needs_two_for_reset(held)


def seasoned_administrators(*, now: datetime) -> frozenset[str]:
    """Ids of the administrators of today whose grant has been on record for 7 days."""
    grants = RoleGrant.objects.filter(holds_on(now.date()), role=_ADMINISTRATOR, user__is_active=True)
    whose = dict(grants.values_list("public_id", "user__public_id"))
    recorded = Entry.objects.filter(
        event=RoleGranted.name, about__in=whose, recorded_at__lte=now - policy.SEASONED
    )
    return frozenset(whose[grant] for grant in recorded.values_list("about", flat=True))


def asked_by(reset: str) -> frozenset[str]:
    """Ids of who asked for a reset, and of whoever they stood in for."""
    return _selves_of(_asker(reset))


def _sees_all(viewer: Actor) -> bool:
    return authority().role_for(viewer, PeoplePermission.INVITE) is not None


def _asked_of(viewer: Actor) -> QuerySet[ResetRequest]:
    rows = ResetRequest.objects.select_related("user")
    return rows if _sees_all(viewer) else rows.filter(user__public_id=viewer.id)


def _asked(rows: QuerySet[ResetRequest], viewer: Actor) -> tuple[ResetAsked, ...]:
    found = list(rows)
    if not found:
        return ()
    now = moment.now()
    seasoned = seasoned_administrators(now=now)
    by = {row.public_id: _asker(row.public_id) for row in found}
    known = {a.actor for a in by.values() if a} | {row.user.public_id for row in found}
    titles = titles_of(User.objects.filter(public_id__in=known))
    sees_all = _sees_all(viewer)
    return tuple(_shown(row, by[row.public_id], _Seen(viewer, sees_all, seasoned, titles, now)) for row in found)


@dataclass(frozen=True, slots=True)
class _Seen:
    viewer: Actor
    sees_all: bool
    seasoned: frozenset[str]
    titles: dict[str, str]
    now: datetime


def _shown(row: ResetRequest, by: Act | None, seen: _Seen) -> ResetAsked:
    person, who = row.user.public_id, by.actor if by else ""
    lapsed = policy.has_lapsed(row.asked_at, now=seen.now) and row.state == ResetState.WAITING
    state = ResetState.LAPSED if lapsed else ResetState(row.state)
    selves = behind(seen.viewer)
    confirmers = policy.who_may_confirm(seen.seasoned, asked_by=_selves_of(by), person=person)
    waits, concerned = state is ResetState.WAITING, person in selves or bool(selves & _selves_of(by))
    return ResetAsked(
        id=row.public_id,
        person=person,
        title=seen.titles[person],
        asked_by=who,
        asked_by_title=seen.titles.get(who, who),
        asked_at=row.asked_at,
        lapses_at=row.asked_at + policy.RESET_WAITS,
        state=state,
        is_own=person == seen.viewer.id,
        may_confirm=waits and seen.sees_all and not concerned and bool(selves & confirmers),
        may_refuse=waits,
        is_for_the_server=waits and policy.is_for_the_server(seen.seasoned, person=person),
    )


def _asker(reset: str) -> Act | None:
    return Act.objects.filter(act="people.ask_sign_in_reset", about=reset).order_by("entry_id").first()


def _selves_of(act: Act | None) -> frozenset[str]:
    return behind_act(act) if act else frozenset()
