"""What is known of a line, as restrictions and reviews ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from penholder.regime.end_users import NOT_STATED as NO_CLASS
from penholder.regime.licence_types import NOT_STATED as NO_TYPE
from penholder.register.models import Line, Terms
from penholder.register.published import read_further
from penholder.register.rows import terms_of
from penholder.register.values import LineTerms
from penholder.restrictions.policy import roles_of
from penholder.restrictions.queries import refuse_if_blocked
from penholder.restrictions.values import LineFacts

_LIST = ";"
NO_POOL = "none"
"""In the terms: it is known that the goods go to no pool."""


def facts_of(terms: LineTerms, *, licence_type: str, published: str = "") -> LineFacts:
    """The facts that terms state; what they do not state is not known.

    onward: the places to which the goods go on, and the state of the end user; none stated: there is none. But
    where they go to stock, to a pool or to a place that the source does not name (`published`: the rest of the
    row of a release), it is not known.
    """
    ratings = _words(terms.rating) or None
    return LineFacts(
        destination=terms.destination or None,
        onward=None if _is_open(published) else _words(f"{terms.onward};{terms.end_user_state}"),
        ratings=ratings,
        end_user_class=None if terms.end_user == NO_CLASS else terms.end_user,
        licence_type=None if licence_type == NO_TYPE else licence_type,
        roles=roles_of(ratings),
        programmes=() if terms.programmes == NO_POOL else _words(terms.programmes) or None,
    )


def _is_open(published: str) -> bool:
    said: Mapping[str, Any] = read_further(published) if published else {}
    return bool(said.get("pooled") or said.get("onward_open"))


def _words(text: str) -> tuple[str, ...]:
    return tuple(w.strip() for w in text.split(_LIST) if w.strip())


def newest_terms(line: Line) -> LineTerms:
    """The newest terms of a line."""
    return terms_of(_newest(line))


def _newest(line: Line) -> Terms:
    row: Terms = Terms.objects.filter(line=line).order_by("-effective_on", "-id")[0]
    return row


def newest_facts(line: Line) -> LineFacts:
    """The facts of a line by its newest terms."""
    row = _newest(line)
    return facts_of(terms_of(row), licence_type=line.licence.licence_type, published=row.published)


def let_through(lines: Sequence[Line], *, on: date, act: str) -> tuple[str, ...]:
    """Ask the restrictions before lines are issued or reinstated: gives the exemptions that the act records.

    Raises: MoratoriumError: one of the lines matches a moratorium, or may match it.
    """
    return tuple(sorted({e for line in lines for e in refuse_if_blocked(newest_facts(line), on=on, act=act)}))
