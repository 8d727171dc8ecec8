"""Where the goods of an application go, and what restrictions ask of its lines."""

from __future__ import annotations

from penholder.casework.dossier import Dossier
from penholder.casework.parts import Application, GoodsLine, Party
from penholder.casework.values import Incorporated, PartyRole
from penholder.regime.end_users import NOT_STATED
from penholder.restrictions.policy import roles_of
from penholder.restrictions.values import LineFacts


def parties_as(application: Application, *roles: PartyRole) -> tuple[Party, ...]:
    """The parties in these roles, in order."""
    return tuple(p for p in application.parties if p.role in roles)


def direct_destination(application: Application) -> str | None:
    """Where the end user is; None: not stated."""
    return next((p.place for p in parties_as(application, PartyRole.END_USER)), None)


def onward_places(application: Application) -> tuple[str, ...]:
    """Every other place that the goods reach.

    Stages of the route; where consignees, end users and whoever else a stage names are, and whose bodies they
    are. A stage may say another place than its party is at: then both count.
    """
    reaching = {PartyRole.END_USER, PartyRole.ULTIMATE_END_USER, PartyRole.CONSIGNEE}
    named = {leg.party for leg in application.route}
    gets = [p for p in application.parties if p.role in reaching or p.name in named]
    found = [*(leg.place for leg in application.route), *(p.place for p in gets), *(p.state for p in gets)]
    direct = direct_destination(application)
    return tuple(dict.fromkeys(p for p in found if p and p != direct))


def places_of(application: Application) -> tuple[str, ...]:
    """Every place that the goods reach, that of the end user first."""
    direct = direct_destination(application)
    return (*((direct,) if direct else ()), *onward_places(application))


def end_user_class(application: Application, line: GoodsLine | None = None) -> str | None:
    """Class of whoever has the goods in the end; None: not stated, or there are several.

    Of goods that become part of something it is the ultimate end user; of others the end user has them, too.
    line: the line that is asked about; None: one that becomes part of something, if there is one.
    """
    ultimate = parties_as(application, PartyRole.ULTIMATE_END_USER)
    asked = application.goods if line is None else (line,)
    built_in = any(g.incorporated is Incorporated.YES for g in asked)
    ends = () if ultimate and built_in else parties_as(application, PartyRole.END_USER)
    found = {p.end_user_class for p in (*ends, *ultimate)}
    only = next(iter(found)) if len(found) == 1 else NOT_STATED
    return None if only == NOT_STATED else only


def facts_of(dossier: Dossier) -> tuple[LineFacts, ...]:
    """What is known of each goods line, in order. Ratings are the assessor's; before there are any: not known.

    onward: not known while no route is stated, or it is not said whether the goods become part of something.
    """
    application = dossier.application
    onward = onward_places(application) if application.route else None
    made = []
    for number, line in enumerate(application.goods, start=1):
        rated = dossier.ratings.get(number)
        ratings = rated.value.ratings if rated else None
        stated = rated.value.roles if rated else None
        made.append(
            LineFacts(
                destination=direct_destination(application),
                onward=None if line.incorporated is Incorporated.NOT_KNOWN else onward,
                ratings=ratings,
                end_user_class=end_user_class(application, line),
                licence_type=application.licence_type,
                roles=stated if stated is not None else roles_of(ratings),
                programmes=line.programmes,
            )
        )
    return tuple(made)
