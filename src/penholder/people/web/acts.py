"""Forms of the acts on people: choices instead of ids to type, and back to the page where they began."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse

from penholder.actions import moment
from penholder.actions.errors import AbsentError
from penholder.actions.values import Actor, ActorKind, Receipt
from penholder.entry.actor import actor_of_request
from penholder.entry.forms import ActForm
from penholder.entry.paging import MOST
from penholder.entry.views import ActPage, act_view
from penholder.people import actions, queries
from penholder.people.answers import AbsenceRow, DelegationRow, TokenRow
from penholder.people.roles import role_book, role_name

Parts = Mapping[str, Any]


def to(name: str, *parts: str) -> Callable[..., str]:
    """The address of a page, from the parts of the address of the form."""
    return lambda *_receipt, **given: reverse(name, args=[given[p] for p in parts])


def people_choices(request: HttpRequest) -> list[tuple[str, str]]:
    """Everybody active whom the caller may know of, but the caller: at most 200."""
    viewer = actor_of_request(request)
    rows = queries.directory(viewer=viewer, limit=MOST).items
    return [(p.id, f"{p.title} ({p.id})") for p in rows if p.is_active and p.id != viewer.id]


def _person_field(name: str) -> Callable[..., Parts]:
    return lambda request, **_parts: {name: people_choices(request)}


def role_choices() -> list[tuple[str, str]]:
    """The roles that can be granted, with what they may."""
    return [(r.id, f"{r.name}: {r.words_may}") for r in role_book().roles.values() if r.is_granted]


def _own_roles(request: HttpRequest, **_parts: Any) -> Parts:
    viewer = actor_of_request(request)
    roles = [(r, role_name(r)) for r in _granted(viewer)]
    if not roles:
        raise AbsentError("you hold no role that you could lend", hint="only granted roles are lent")
    return {"to": people_choices(request), "roles": roles}


def _granted(actor: Actor) -> tuple[str, ...]:
    """The roles that were granted to the actor: others are not lent."""
    grants = queries.person(viewer=actor, id=actor.id).grants if actor.kind is ActorKind.PERSON else ()
    return tuple(dict.fromkeys(g.role for g in grants))


def _organisation_choices(request: HttpRequest, **parts: Any) -> Parts:
    firms = queries.organisations(viewer=actor_of_request(request), limit=MOST).items
    return {"agent": [(f.id, f.name) for f in firms if f.id != parts["exporter"]]}


def _version(request: HttpRequest, **parts: Any) -> Parts:
    person = queries.person(viewer=actor_of_request(request), id=parts["person_id"])
    return {"expected_version": person.row.version}


def _version_and_title(request: HttpRequest, **parts: Any) -> Parts:
    row = queries.person(viewer=actor_of_request(request), id=parts["person_id"]).row
    return {"expected_version": row.version, "title": row.title}


def _must_be(things: Iterable[AbsenceRow | DelegationRow | TokenRow], wanted: str) -> Parts:
    """No first values. Raises: AbsentError where the form is about something that is not the caller's."""
    if wanted not in {thing.id for thing in things}:
        raise AbsentError("there is nothing of yours at this address", hint="it may have ended already")
    return {}


def _own_delegation(request: HttpRequest, **parts: Any) -> Parts:
    return _must_be(queries.delegations(viewer=actor_of_request(request)), parts["delegation"])


def _own_absence(request: HttpRequest, **parts: Any) -> Parts:
    return _must_be(queries.absences(viewer=actor_of_request(request)), parts["absence"])


def _own_agency(request: HttpRequest, **parts: Any) -> Parts:
    firm = queries.organisation(viewer=actor_of_request(request), id=parts["organisation_id"])
    if parts["agency"] not in firm.agencies.values():
        raise AbsentError("there is no such agency of this organisation", hint="it may have ended already")
    return {}


def _own_token(request: HttpRequest, **parts: Any) -> Parts:
    return _must_be(queries.tokens(viewer=actor_of_request(request)), parts["token"])


def _today(_request: HttpRequest, **_parts: Any) -> Parts:
    return {"valid_from": moment.today()}


def person_named(request: HttpRequest, **parts: Any) -> Parts:
    """Raises: AbsentError: not for this viewer."""
    row = queries.person(viewer=actor_of_request(request), id=parts["person_id"]).row
    return {"caption": row.title}


def _role_of(request: HttpRequest, **parts: Any) -> Parts:
    """Whose role is withdrawn, and which. Raises: AbsentError: not for this viewer."""
    found = queries.person(viewer=actor_of_request(request), id=parts["person_id"])
    names = [g.name for g in found.grants if g.grant == parts["grant"]]
    return {"caption": f"{found.row.title}: {names[0]}" if names else found.row.title}


_IN_THE_LEDGER = "The ledger says that something was erased, when and on what ground, not what."
_ERASES = (
    "This cannot be undone, by anybody or from any backup: the address, the function, every text that was written "
    "about this person, the means of signing in. What they did stays on record under their id, without a name; "
    f"licences stay. {_IN_THE_LEDGER} To stop somebody from signing in, deactivate them instead: that can be "
    "mended."
)
_ERASES_FIRM = (
    "This cannot be undone, by anybody or from any backup: the name of the organisation, and every text that is "
    "sealed under its key. Its people keep their accounts, and are erased one by one where they shall be; its "
    f"licences stay, with its id where its name was. {_IN_THE_LEDGER}"
)


def _erased(request: HttpRequest, **parts: Any) -> Parts:
    found = queries.person(viewer=actor_of_request(request), id=parts["subject"]).row
    return {"caption": f"{found.title} ({found.id})", "description": _ERASES}


def _erased_firm(request: HttpRequest, **parts: Any) -> Parts:
    found = queries.organisation(viewer=actor_of_request(request), id=parts["subject"])
    return {"caption": f"{found.name} ({found.id})", "description": _ERASES_FIRM}


def _typed_again(plain: type[ActForm], request: HttpRequest, **parts: Any) -> type[ActForm]:
    """The form of an act that nobody can undo: the id is typed once more."""
    what = (
        "person"
        if request.resolver_match and request.resolver_match.url_name == "person-erase"
        else "organisation"
    )

    def clean_again(form: ActForm) -> str:
        typed = str(form.cleaned_data["again"]).strip()
        if typed != parts["subject"]:
            raise ValidationError(f"is not the id that will be erased: type {parts['subject']}")
        return typed

    again = forms.CharField(
        label=f"Type the id of the {what}",
        help_text=f"{parts['subject']}, so that nothing is erased by one click.",
        max_length=40,
        error_messages={"required": "is needed"},
    )
    return type("Erasure", (plain,), {"again": again, "clean_again": clean_again})


def _organisation(request: HttpRequest, **parts: Any) -> Parts:
    public_id = parts.get("organisation_id") or parts["exporter"]
    return {"caption": queries.organisation(viewer=actor_of_request(request), id=public_id).name}


def _member_of(request: HttpRequest, **parts: Any) -> Parts:
    """Who is to act for it no longer, and for whom. Raises: AbsentError: not for this viewer."""
    firm = queries.organisation(viewer=actor_of_request(request), id=parts["organisation_id"])
    names = [p.name for p in firm.members if p.id == parts["person_id"]]
    return {"caption": f"{names[0]}, {firm.name}" if names else firm.name}


def _person_of_invitation(receipt: Receipt[Any], **_parts: Any) -> str:
    return reverse("person", args=[receipt.result])


_FUNCTION = {"title": ("Function", "What colleagues see, never a name: Licensing officer 3, for example.")}
_INVITES = (
    "The account has no role yet: grant one afterwards. The receipt shows a link, once, by which the person sets "
    "a password. Hand it over yourself: by that you vouch that the address belongs to this person."
)
_of_person: dict[str, Any] = {
    "context": person_named,
    "back": to("person", "person_id"),
    "then": to("person", "person_id"),
}
_mine: dict[str, Any] = {"back": to("me"), "then": to("me")}
_of_firm: dict[str, Any] = {
    "context": _organisation,
    "back": to("organisation", "organisation_id"),
    "then": to("organisation", "organisation_id"),
}
_of_team: dict[str, Any] = {"back": to("teams"), "then": to("teams"), "choices": _person_field("person_id")}

PAGES: Mapping[str, tuple[str, Any, ActPage]] = {
    "person-invite": (
        "people/invite",
        actions.invite_person,
        ActPage(
            title="Invite a person",
            button="Invite the person",
            words=_FUNCTION,
            context=lambda _request, **_parts: {"description": _INVITES},
            back=to("people"),
            then=_person_of_invitation,
        ),
    ),
    "person-title": (
        "people/<str:person_id>/title",
        actions.change_title,
        ActPage(
            title="Change the function",
            button="Change the function",
            state=_version_and_title,
            words=_FUNCTION,
            **_of_person,
        ),
    ),
    "person-grant": (
        "people/<str:person_id>/grant",
        actions.grant_role,
        ActPage(
            title="Grant a role",
            button="Grant the role",
            state=_today,
            choices=lambda _request, **_parts: {"role": role_choices()},
            **_of_person,
        ),
    ),
    "person-withdraw": (
        "people/<str:person_id>/grants/<str:grant>/withdraw",
        actions.withdraw_role,
        ActPage(
            title="Withdraw a role",
            button="Withdraw the role",
            is_final=True,
            **{**_of_person, "context": _role_of},
        ),
    ),
    "person-deactivate": (
        "people/<str:person_id>/deactivate",
        actions.deactivate_person,
        ActPage(
            title="Let a person sign in no more",
            button="Deactivate the account",
            state=_version,
            is_final=True,
            **_of_person,
        ),
    ),
    "person-erase": (
        "people/<str:subject>/erase",
        actions.erase_subject,
        ActPage(
            title="Erase a person for ever",
            button="Erase for ever",
            is_final=True,
            form=_typed_again,
            context=_erased,
            back=to("person", "subject"),
            then=to("people"),
        ),
    ),
    "organisation-erase": (
        "organisations/<str:subject>/erase",
        actions.erase_subject,
        ActPage(
            title="Erase an organisation for ever",
            button="Erase for ever",
            is_final=True,
            form=_typed_again,
            context=_erased_firm,
            back=to("organisation", "subject"),
            then=to("organisations"),
        ),
    ),
    "team-create": (
        "people/teams/new",
        actions.create_team,
        ActPage(title="Make a team", button="Make the team", back=to("teams"), then=to("teams")),
    ),
    "team-join": (
        "people/teams/<str:team_id>/join",
        actions.join_team,
        ActPage(title="Put a person into a team", button="Put them into the team", **_of_team),
    ),
    "team-leave": (
        "people/teams/<str:team_id>/leave",
        actions.leave_team,
        ActPage(title="Take a person out of a team", button="Take them out of the team", **_of_team),
    ),
    "organisation-create": (
        "organisations/new",
        actions.create_organisation,
        ActPage(
            title="Enter an organisation",
            button="Enter the organisation",
            back=to("organisations"),
            then=to("organisations"),
        ),
    ),
    "organisation-add": (
        "organisations/<str:organisation_id>/add",
        actions.add_member,
        ActPage(
            title="Let a person act for the organisation",
            button="Let them act for it",
            choices=_person_field("person_id"),
            **_of_firm,
        ),
    ),
    "organisation-remove": (
        "organisations/<str:organisation_id>/remove/<str:person_id>",
        actions.remove_member,
        ActPage(
            title="Let a person act for the organisation no longer",
            button="Remove the person",
            is_final=True,
            **{**_of_firm, "context": _member_of},
        ),
    ),
    "organisation-agent": (
        "organisations/<str:exporter>/agents/new",
        actions.appoint_agent,
        ActPage(
            title="Appoint an agent",
            button="Appoint the agent",
            state=_today,
            choices=_organisation_choices,
            context=_organisation,
            back=to("organisation", "exporter"),
            then=to("organisation", "exporter"),
        ),
    ),
    "organisation-agent-end": (
        "organisations/<str:organisation_id>/agents/<str:agency>/end",
        actions.end_agency,
        ActPage(title="End an agency today", button="End the agency", state=_own_agency, **_of_firm),
    ),
    "delegate": (
        "me/delegations/new",
        actions.delegate,
        ActPage(
            title="Lend roles for a time",
            button="Lend the roles",
            state=_today,
            choices=_own_roles,
            offered=lambda actor: bool(_granted(actor)),
            **_mine,
        ),
    ),
    "delegation-end": (
        "me/delegations/<str:delegation>/end",
        actions.end_delegation,
        ActPage(title="End a loan of roles today", button="End the loan", state=_own_delegation, **_mine),
    ),
    "absence": (
        "me/absences/new",
        actions.record_absence,
        ActPage(
            title="Say that you are absent",
            button="Record the absence",
            state=_today,
            form=lambda plain, _request, **_parts: type("OwnAbsence", (plain,), {"person_id": None}),
            **_mine,
        ),
    ),
    "absence-end": (
        "me/absences/<str:absence>/end",
        actions.end_absence,
        ActPage(title="Be back from today on", button="I am back", state=_own_absence, **_mine),
    ),
    "token": (
        "me/tokens/new",
        actions.issue_token,
        ActPage(title="Make a token", button="Make the token", **_mine),
    ),
    "token-withdraw": (
        "me/tokens/<str:token>/withdraw",
        actions.withdraw_token,
        ActPage(title="Withdraw a token", button="Withdraw the token", state=_own_token, **_mine),
    ),
}
"""Name of the route -> address, action, page."""


def act_urls(pages: Mapping[str, tuple[str, Any, ActPage]] = PAGES) -> list[URLPattern]:
    """The addresses of the forms."""
    return [path(address, act_view(act, page), name=name) for name, (address, act, page) in pages.items()]
