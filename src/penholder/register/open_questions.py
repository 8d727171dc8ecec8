"""Questions that are open elsewhere about a licence, the places of its lines, and what acts on it rest on."""

from __future__ import annotations

from collections.abc import Iterable

from penholder.actions.moment import today
from penholder.register.models import Line, Terms
from penholder.register.values import LineTerms
from penholder.restrictions.gates import Gate, open_about


def places_of_lines(lines: Iterable[Line], *new: LineTerms) -> frozenset[str]:
    """Every place that lines name or ever named, and those of new terms. One statement."""
    rows = Terms.objects.filter(line__in=lines).values_list("destination", "onward", "end_user_state")
    texts = {text for row in rows for text in row}
    texts |= {text for t in new for text in (t.destination, t.onward, t.end_user_state)}
    return frozenset(place.strip() for text in texts for place in text.split(";")) - {""}


def open_questions(licence: str) -> tuple[Gate, ...]:
    """The open questions about a licence, for whoever may act on it; of all its lines, whatever their status."""
    lines = Line.objects.filter(licence__public_id=licence)
    return open_about((licence,), places=places_of_lines(lines), on=today())
