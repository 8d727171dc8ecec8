"""Questions about people. The first keyword is who looks; answers hold only what that viewer may see.

The directory (functions, roles, teams) is for the staff; people of exporters see those of their own organisations.
Addresses are given to nobody but their owner: whoever needs one reads it by `people.read_private`, which leaves an
entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet

from penholder.actions import moment
from penholder.actions.errors import AbsentError, RefusedError
from penholder.actions.permissions import authority
from penholder.actions.values import Actor, ActorKind, FieldClass
from penholder.entry.paging import USUAL, Page, page_of, page_of_values
from penholder.ledger.models import Entry
from penholder.people.actor import holds_on
from penholder.people.answers import (
    AbsenceRow,
    DelegationRow,
    HeldRole,
    NamedThing,
    NewToken,
    OrganisationView,
    PersonRow,
    PersonView,
    SignInRow,
    TaskRow,
    TokenRow,
)
from penholder.people.events import SignedIn
from penholder.people.models import (
    Absence,
    Agent,
    ApiToken,
    Delegation,
    Membership,
    Organisation,
    OrganisationMember,
    RoleGrant,
    Task,
    Team,
    User,
)
from penholder.people.resets import SHOWN_FOR, needs_two
from penholder.people.roles import role_name
from penholder.people.sealed import address_of, labels_of, names_of, texts_of, titles_of
from penholder.people.sign_in.adapters import failures_key
from penholder.people.values import PeoplePermission, TaskState
from penholder.vault import store as vault

MOST_NEW = 5
"""So many new tokens are told."""


def inbox(*, viewer: Actor, cursor: str | None = None, limit: int = USUAL) -> Page[TaskRow]:
    """Open tasks of the viewer, of their teams, and of the roles that they hold now; oldest first."""
    today = moment.today()
    rows = _mine(viewer).select_related("team", "user")
    page = page_of(rows, order=("created_at", "public_id"), cursor=cursor, limit=limit)
    texts = texts_of(page.items)
    return page.map(lambda row: _task(row, texts[row.public_id], today))


def waiting(*, viewer: Actor) -> int:
    """How many tasks the viewer has, up to 100: the number beside "Inbox"."""
    return _mine(viewer)[:100].count()


def directory(*, viewer: Actor, cursor: str | None = None, limit: int = USUAL) -> Page[PersonRow]:
    """The people whom the viewer may know of, by function. Functions are sealed: all are opened to be sorted."""
    users = {user.public_id: user for user in _known(viewer)}
    named = _sorted(titles_of(users.values()))
    page = page_of_values(named, order=("name", "id"), cursor=cursor, limit=limit)
    rows = _person_rows((users[row.id] for row in page.items), moment.today())
    return page.map(lambda row: rows[row.id])


def person(*, viewer: Actor, id: str) -> PersonView:  # noqa: A002 - the name of a public id everywhere
    """One person. Raises: AbsentError where the viewer may not know of them."""
    user = _known(viewer).filter(public_id=id).first()
    if user is None:
        raise AbsentError("there is no such person", hint="the id may be mistyped")
    today = moment.today()
    return PersonView(
        row=_person_rows([user], today)[user.public_id],
        grants=_grants(user, today),
        teams=_teams_named(Team.objects.filter(holds_on_of("memberships", today), memberships__user=user)),
        organisations=_firms_named(Organisation.objects.filter(holds_on_of("members", today), members__user=user)),
        address=address_of(user) if viewer.id == user.public_id else None,
        has_second_factor=Authenticator.objects.filter(user_id=user.id).exists(),
        needs_two_for_reset=needs_two(user, on=today),
    )


def titles(ids: Collection[str]) -> dict[str, str]:
    """Public id of a person -> function, for pages that show who did something to viewers who may know who."""
    found = titles_of(User.objects.filter(public_id__in=set(ids)))
    return found | {"system": "The system", "nobody": "Not signed in"}


def teams(*, viewer: Actor) -> tuple[NamedThing, ...]:
    """All teams, for the staff."""
    return _teams_named(Team.objects.all()) if _is_staff(viewer) else ()


def organisations(*, viewer: Actor, cursor: str | None = None, limit: int = USUAL) -> Page[NamedThing]:
    """Organisations by name: all for the staff, their own for people of exporters."""
    return page_of_values(_firms_named(_firms(viewer)), order=("name", "id"), cursor=cursor, limit=limit)


def organisation_names(*, viewer: Actor, ids: Collection[str]) -> dict[str, str]:
    """Public id -> name, of those among `ids` that the viewer may know of."""
    return names_of(_firms(viewer).filter(public_id__in=set(ids)))


def organisation(*, viewer: Actor, id: str) -> OrganisationView:  # noqa: A002 - the name of a public id everywhere
    """One organisation, its people and its agents. Raises: AbsentError where the viewer may not know of it."""
    firm = _firms(viewer).filter(public_id=id).first()
    if firm is None:
        raise AbsentError("there is no such organisation", hint="the id may be mistyped")
    today = moment.today()
    running = Agent.objects.filter(holds_on(today))
    return OrganisationView(
        id=firm.public_id,
        name=names_of((firm,))[firm.public_id],
        is_active=firm.is_active,
        members=_sorted(
            titles_of(User.objects.filter(holds_on_of("organisations", today), organisations__organisation=firm))
        ),
        agents=_firms_named(Organisation.objects.filter(acts_for__in=running.filter(exporter=firm))),
        acts_for=_firms_named(Organisation.objects.filter(agents__in=running.filter(agent=firm))),
        agencies=dict(running.filter(exporter=firm).values_list("agent__public_id", "public_id")),
    )


def delegations(*, viewer: Actor) -> tuple[DelegationRow, ...]:
    """What the viewer lends and is lent, today and later."""
    mine = Q(giver__public_id=viewer.id) | Q(taker__public_id=viewer.id)
    rows = Delegation.objects.filter(mine, valid_until__gt=moment.today()).select_related("giver", "taker")
    found = list(rows.order_by("valid_from", "id"))
    named = titles_of({user.id: user for row in found for user in (row.giver, row.taker)}.values())
    return tuple(_delegation(row, named) for row in found)


def absences(*, viewer: Actor) -> tuple[AbsenceRow, ...]:
    """The viewer's own absences, today and later."""
    still = Q(valid_until__isnull=True) | Q(valid_until__gt=moment.today())
    rows = Absence.objects.filter(still, user__public_id=viewer.id).order_by("valid_from", "id")
    return tuple(AbsenceRow(r.public_id, r.valid_from, r.valid_until) for r in rows)


def tokens(*, viewer: Actor) -> tuple[TokenRow, ...]:
    """The viewer's own tokens that still count."""
    rows = ApiToken.objects.filter(
        user__public_id=viewer.id, withdrawn_at__isnull=True, expires_at__gt=moment.now()
    ).order_by("expires_at", "id")
    labels = labels_of(rows, owner=viewer.id)
    return tuple(TokenRow(r.public_id, labels[r.public_id], r.created_at, r.expires_at) for r in rows)


def new_tokens(*, viewer: Actor) -> tuple[NewToken, ...]:
    """The viewer's tokens of the last 14 days, newest first, at most 5: so that they see what was not them.

    Those that were withdrawn, or ran out, too: somebody may have used them.
    """
    rows = ApiToken.objects.filter(user__public_id=viewer.id, created_at__gte=moment.now() - SHOWN_FOR)
    found = list(rows.order_by("-created_at", "-id")[:MOST_NEW])
    labels = labels_of(found, owner=viewer.id)
    return tuple(
        NewToken(labels[r.public_id], r.created_at, r.withdrawn_at is None and r.expires_at > moment.now())
        for r in found
    )


def last_sign_ins(*, viewer: Actor, limit: int = 10) -> tuple[SignInRow, ...]:
    """When and how the viewer signed in, newest first: so that they see what was not them."""
    rows = Entry.objects.filter(event=SignedIn.name, about=viewer.id).order_by("-id")[:limit]
    return tuple(SignInRow(row.recorded_at, _methods(row.id)) for row in rows)


def failed_sign_ins(*, viewer: Actor) -> int:
    """How many sign-ins failed today. Raises: RefusedError for all but those who invite people."""
    if authority().role_for(viewer, PeoplePermission.INVITE) is None:
        raise RefusedError("failed sign-ins are shown to administrators", hint="ask one")
    return int(cache.get(failures_key(), 0))


def _mine(viewer: Actor) -> QuerySet[Task]:
    teams = Membership.objects.filter(holds_on(moment.today()), user__public_id=viewer.id, team=OuterRef("team"))
    mine = Q(user__public_id=viewer.id) | Q(Exists(teams)) | Q(role__in=sorted(viewer.roles))
    return Task.objects.filter(mine, state=TaskState.OPEN)


def holds_on_of(relation: str, day: date) -> Q:
    """Rows that have a related row, by `relation`, that holds on that day."""
    open_end = Q(**{f"{relation}__valid_until__isnull": True}) | Q(**{f"{relation}__valid_until__gt": day})
    return Q(**{f"{relation}__valid_from__lte": day}) & open_end


def _is_staff(viewer: Actor) -> bool:
    may_read = authority().may_read
    known = (FieldClass.OFFICIAL, FieldClass.COMMERCIAL, FieldClass.PERSONAL)
    return viewer.kind is ActorKind.SYSTEM or any(may_read(viewer, c) for c in known)


def _known(viewer: Actor) -> QuerySet[User]:
    """The people whom the viewer may know of."""
    if _is_staff(viewer):
        return User.objects.all()
    colleagues = OrganisationMember.objects.filter(
        holds_on(moment.today()), user=OuterRef("pk"), organisation__public_id__in=viewer.organisations
    )
    return User.objects.filter(Q(public_id=viewer.id) | Q(Exists(colleagues)))


def _firms(viewer: Actor) -> QuerySet[Organisation]:
    if _is_staff(viewer):
        return Organisation.objects.all()
    return Organisation.objects.filter(public_id__in=viewer.organisations)


def _person_rows(users: Iterable[User], today: date) -> dict[str, PersonRow]:
    """By public id."""
    found = list(users)
    functions = titles_of(found)
    ids = [user.id for user in found]
    roles: dict[int, list[str]] = defaultdict(list)
    granted = RoleGrant.objects.filter(holds_on(today), user_id__in=ids).order_by("role")
    for user_id, role in granted.values_list("user_id", "role"):
        roles[user_id].append(role)
    away = set(Absence.objects.filter(holds_on(today), user_id__in=ids).values_list("user_id", flat=True))
    elsewhere = set(SocialAccount.objects.filter(user_id__in=ids).values_list("user_id", flat=True))
    return {
        user.public_id: PersonRow(
            user.public_id,
            functions[user.public_id],
            user.is_active,
            user.version,
            tuple(roles[user.id]),
            user.id in away,
            user.is_active and not user.has_usable_password() and user.id not in elsewhere,
        )
        for user in found
    }


def _grants(user: User, today: date) -> tuple[HeldRole, ...]:
    still = user.grants.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=today)).order_by(
        "valid_from", "role"
    )
    return tuple(
        HeldRole(
            g.public_id,
            g.role,
            role_name(g.role),
            g.valid_from,
            g.valid_until,
        )
        for g in still
    )


def _teams_named(rows: QuerySet[Team]) -> tuple[NamedThing, ...]:
    return _sorted(dict(rows.values_list("public_id", "name")))


def _firms_named(rows: QuerySet[Organisation]) -> tuple[NamedThing, ...]:
    return _sorted(names_of(rows))


def _sorted(names: dict[str, str]) -> tuple[NamedThing, ...]:
    return tuple(NamedThing(*pair) for pair in sorted(names.items(), key=lambda pair: (pair[1], pair[0])))


def _task(row: Task, text: str, today: date) -> TaskRow:
    if row.team is not None:
        whose, who = "team", row.team.name
    elif row.role:
        whose, who = "role", role_name(row.role)
    else:
        whose, who = "person", ""
    return TaskRow(
        id=row.public_id,
        text=text,
        subject=row.about,
        whose=whose,
        who=who,
        due_on=row.due_on,
        is_overdue=row.due_on is not None and row.due_on < today,
        created_at=row.created_at,
        version=row.version,
    )


def _delegation(row: Delegation, titles: dict[str, str]) -> DelegationRow:
    return DelegationRow(
        row.public_id,
        NamedThing(row.giver.public_id, titles[row.giver.public_id]),
        NamedThing(row.taker.public_id, titles[row.taker.public_id]),
        tuple(row.roles),
        row.valid_from,
        row.valid_until or row.valid_from,  # the database refuses a delegation without an end
    )


def _methods(entry: int) -> tuple[str, ...]:
    found = {d.name: d.value for d in vault.open_disclosures(entry)}
    return tuple(str(m) for m in found.get("methods", ()))
