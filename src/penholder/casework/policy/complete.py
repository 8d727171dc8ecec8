"""What is missing of an application. Complete for standard individual licences; other types are refused by name.

Source: regime notes, section 3.2 (the validator of the real system), as far as the fields exist here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from penholder.actions.errors import InvalidError
from penholder.actions.words import says_nothing
from penholder.casework.parts import Application, Party
from penholder.casework.policy.facts import parties_as
from penholder.casework.values import Incorporated, PartyRole, RouteAct
from penholder.regime.end_users import NOT_STATED
from penholder.regime.licence_types import licence_types

PERMANENT, TEMPORARY = "standard_permanent", "standard_temporary"
HANDLED = (PERMANENT, TEMPORARY)
"""Licence types that can be applied for."""
GOODS, PARTIES, ROUTE, END_USE, DECLARATION = "goods", "parties", "route", "end_use", "declaration"
PARTS = (GOODS, PARTIES, ROUTE, END_USE, DECLARATION)


@dataclass(frozen=True, slots=True)
class Missing:
    """One answer that is missing. part: one of PARTS; field: within it (`goods.1.incorporated`)."""

    part: str
    field: str
    words: str


def check_type(licence_type: str) -> None:
    """Can this type be applied for? Raises: InvalidError naming the type and those that are handled."""
    if licence_type in HANDLED:
        return
    known = licence_types().get(licence_type)
    handled = ", ".join(f"{licence_types()[h].title} ({h})" for h in HANDLED)
    said = f"{known.title} is not yet handled" if known else f"there is no licence type {licence_type!r}"
    raise InvalidError(
        f"{said}; handled are: {handled}",
        hint="apply for a type that is handled, or on paper",
        fields={"licence_type": said},
    )


def missing(application: Application) -> tuple[Missing, ...]:
    """Every answer that is missing before it can be submitted, part by part. Raises: InvalidError: the type."""
    check_type(application.licence_type)
    found = [
        *_goods(application),
        *_parties(application),
        *_route(application),
        *_end_use(application),
    ]
    if not application.declared:
        found.append(Missing(DECLARATION, "declaration", "declare that the application is true and complete"))
    return tuple(found)


def is_incorporated(application: Application) -> bool:
    """Does any of the goods become part of something else?"""
    return any(line.incorporated is Incorporated.YES for line in application.goods)


def _goods(application: Application) -> Iterator[Missing]:
    if not application.goods:
        yield Missing(GOODS, "goods", "say what goods are to be exported: at least one line")
    for number, line in enumerate(application.goods, start=1):
        if line.incorporated is Incorporated.NOT_KNOWN:
            words = f"line {number}: say whether the goods become part of another product"
            yield Missing(GOODS, f"goods.{number}.incorporated", words)
        if line.programmes is None:
            words = f"line {number}: say to which pools of supply the goods go, or that they go to none"
            yield Missing(GOODS, f"goods.{number}.programmes", words)


def _parties(application: Application) -> Iterator[Missing]:
    ends = parties_as(application, PartyRole.END_USER)
    if len(ends) != 1:
        words = "name the end user" if not ends else f"name one end user, not {len(ends)}"
        yield Missing(PARTIES, "parties.end_user", words)
    for party in ends:
        yield from _end_user(party, is_permanent=application.licence_type == PERMANENT)
    if not _is_direct(application) and not parties_as(application, PartyRole.CONSIGNEE):
        words = "name a consignee: the goods do not go straight to the end user"
        yield Missing(PARTIES, "parties.consignee", words)
    yield from _ultimate(application, {p.name.casefold() for p in ends})


def _end_user(party: Party, *, is_permanent: bool) -> Iterator[Missing]:
    if party.end_user_class == NOT_STATED:
        yield Missing(PARTIES, "parties.end_user.end_user_class", "say of which class the end user is")
    has_paper = party.undertaking is not None or not says_nothing(party.no_undertaking_because)
    if is_permanent and not has_paper:
        words = "give the undertaking of the end user, or say why there is none"
        yield Missing(PARTIES, "parties.end_user.undertaking", words)


def _ultimate(application: Application, ends: set[str]) -> Iterator[Missing]:
    ultimate = parties_as(application, PartyRole.ULTIMATE_END_USER)
    if is_incorporated(application) and not ultimate:
        words = "name the ultimate end user: goods become part of another product"
        yield Missing(PARTIES, "parties.ultimate_end_user", words)
    if any(p.name.casefold() in ends for p in ultimate):
        words = "the ultimate end user must be another than the end user"
        yield Missing(PARTIES, "parties.ultimate_end_user", words)
    if any(p.end_user_class == NOT_STATED for p in ultimate):
        words = "say of which class the ultimate end user is"
        yield Missing(PARTIES, "parties.ultimate_end_user.end_user_class", words)


def _is_direct(application: Application) -> bool:
    """One stage, which delivers: to the end user, or to nobody else by name."""
    if len(application.route) != 1:
        return not application.route
    leg = application.route[0]
    ends = {p.name for p in parties_as(application, PartyRole.END_USER)}
    return leg.act is RouteAct.DELIVER and (not leg.party or leg.party in ends)


def _route(application: Application) -> Iterator[Missing]:
    if not application.route:
        yield Missing(ROUTE, "route", "say by which places the goods go")
        return
    named = {p.name for p in application.parties}
    for number, leg in enumerate(application.route, start=1):
        if leg.party and leg.party not in named:
            words = f"stage {number}: {leg.party} is no party of the application"
            yield Missing(ROUTE, f"route.{number}.party", words)
    if application.route[-1].act is not RouteAct.DELIVER:
        yield Missing(ROUTE, f"route.{len(application.route)}.act", "the last stage must deliver the goods")
    incorporates = any(leg.act is RouteAct.INCORPORATE for leg in application.route)
    if is_incorporated(application) and not incorporates:
        yield Missing(ROUTE, "route", "say where the goods become part of another product")


def _end_use(application: Application) -> Iterator[Missing]:
    said = application.end_use
    if says_nothing(said.intended):
        yield Missing(END_USE, "end_use.intended", "say what the goods are intended for")
    questions = (
        ("military", said.military, "say whether the end use is military"),
        ("told_of_wmd", said.told_of_wmd, "say whether you were told of a use for weapons of mass destruction"),
        ("suspects_wmd", said.suspects_wmd, "say whether you suspect a use for weapons of mass destruction"),
        ("security_approvals", said.security_approvals, "say which security approvals there are, or that none"),
        ("harm_of_disclosure", said.harm_of_disclosure, "say what would harm you if it became public, or nothing"),
    )
    for name, answer, words in questions:
        if answer is None:
            yield Missing(END_USE, f"end_use.{name}", words)
    if application.licence_type == TEMPORARY and said.temporary is None:
        words = "say why the goods leave for a time only, who controls them, and when they are back"
        yield Missing(END_USE, "end_use.temporary", words)
