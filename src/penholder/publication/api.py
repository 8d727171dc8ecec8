"""What the public site lets be read as JSON. Everything is read-only and for everybody."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from penholder.entry.access import PUBLIC, requires
from penholder.kernel.clock import stamp
from penholder.publication.figures import FigureKind
from penholder.publication.fold import shown
from penholder.publication.sentences import sentence
from penholder.publication.values import AUTHORITY, Fact, Licence
from penholder.publication.web.downloads import figure_document
from penholder.publication.web.figures import figure_of
from penholder.publication.web.looking import WHY, Look, absent, look

router = Router(tags=["public"], auth=None)
MOST = 200


class FigureAsked(Schema):
    """What a figure is asked for. on, since: days. known, then: a day, or a number of entries."""

    on: str = ""
    known: str = ""
    destination: str = ""
    rating: str = ""
    since: str = ""
    then: str = ""


def _fact(fact: Fact, at: Look) -> dict[str, Any]:
    return {
        "log": fact.log,
        "number": fact.number,
        "event": fact.event,
        "about": fact.about or None,
        "recorded_at": stamp(fact.at),
        "claimed_at": fact.claimed_at,
        "late": fact.late,
        "role": fact.role,
        "rules": fact.rules,
        "words": sentence(at.books.policy.events[fact.event].says, fact.fields),
        "fields": dict(fact.fields),
        "withheld": [asdict(w) for w in fact.withheld],
    }


def _licence(one: Licence, at: Look) -> dict[str, Any]:
    lines = [s for line in one.lines if (s := shown(line, at.seen.on)) is not None]
    return {
        "licence": one.id,
        "licence_type": one.licence_type,
        "issued_on": one.issued_on,
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
        "case": one.case or None,
        "without_case": one.without_case,
        "lines": [
            {
                "line": s.number,
                "status": s.standing.value,
                "since": s.step.on,
                "review_by": s.step.review_by,
                "power": s.step.power or None,
                "limb": s.step.limb or None,
                "goods": asdict(s.goods) if s.goods else None,
            }
            for s in lines
        ],
    }


def _basis(at: Look) -> dict[str, Any]:
    return {
        "on": at.seen.on,
        "known_entries": at.seen.size,
        "logs": {
            log: {"origin": h.origin, "size": h.size, "root": h.root, "witnessed": h.witnessed}
            for log, h in at.books.heads.items()
        },
    }


@router.get("/published/licences", summary="Licences of the published log")
@requires(PUBLIC, why=WHY)
def licences(request: HttpRequest, on: str = "", known: str = "", after: str = "") -> dict[str, Any]:
    """At most 200 licences after `after`, by their ids. on: a day; known: a day, or a number of entries."""
    at = look(request)
    held = at.books.licences(at.seen.size)
    names = [name for name in sorted(held) if name > after]
    return {
        **_basis(at),
        "items": [_licence(held[name], at) for name in names[:MOST]],
        "next_after": names[MOST - 1] if len(names) > MOST else None,
    }


@router.get("/published/licences/{name}", summary="One licence of the published log, with its entries")
@requires(PUBLIC, why=WHY)
def licence(request: HttpRequest, name: str, on: str = "", known: str = "") -> dict[str, Any]:
    """How it stands on a day, and every public entry about it."""
    at = look(request)
    found = at.books.licence(name, at.seen.size)
    if found is None:
        raise absent("this licence")
    return {**_basis(at), **_licence(found, at), "entries": [_fact(f, at) for f in found.facts]}


@router.get("/published/figures/{kind}", summary="A figure with the rows behind it")
@requires(PUBLIC, why=WHY)
def figure(request: HttpRequest, kind: FigureKind, asked: Query[FigureAsked]) -> dict[str, Any]:
    """The same as its page: sentence, count, rows, and with `since` what moved it."""
    at = look(request)
    return figure_document(figure_of(at, kind), at)


@router.get("/published/entries", summary="Public entries of the published log, the newest first")
@requires(PUBLIC, why=WHY)
def entries(request: HttpRequest, before: int | None = None, about: str = "") -> dict[str, Any]:
    """At most 200, below `before`; about: those that name a thing."""
    at = look(request)
    found = at.books.source.facts(log=AUTHORITY, size=at.books.size, before=before, newest=MOST, thing=about)
    return {
        **_basis(at),
        "items": [_fact(f, at) for f in found],
        "next_before": found[-1].number if len(found) == MOST else None,
    }
