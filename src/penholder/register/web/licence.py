"""The page of one licence: how it stands, its lines, what happened, and what may be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from penholder.actions.errors import AbsentError
from penholder.actions.events import EVENTS
from penholder.actions.moment import now
from penholder.actions.permissions import authority
from penholder.actions.registry import ACTIONS
from penholder.actions.values import Actor, FieldClass
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.views import title_of
from penholder.people import queries as people
from penholder.people.roles import role_name
from penholder.people.values import PeoplePermission
from penholder.people.web.pages import roles_for
from penholder.regime.end_users import end_user_classes
from penholder.regime.licence_types import licence_types
from penholder.register.access import is_official, is_own, may_act_on
from penholder.register.answers import Happening, LicenceView, LineView
from penholder.register.history import Usage, steps, usage
from penholder.register.life_cycle import life_cycle
from penholder.register.lines_shown import PERMISSIONS
from penholder.register.place_names import place_names
from penholder.register.policy import Left, left_before_met
from penholder.register.queries import MOST_LINES, licence, lines
from penholder.register.separation import kept_from
from penholder.register.timeline import timeline
from penholder.register.told import told_of
from penholder.register.touched import touched
from penholder.register.values import (
    TIMING_WORDS,
    WITHOUT_CASE_WORDS,
    ConditionTiming,
    LineAct,
    RegisterPermission,
    WithoutCase,
)
from penholder.register.web.asked import AsOfForm
from penholder.register.web.bars import picture_of
from penholder.register.web.questions import rows_of
from penholder.register.web.words import (
    event_words,
    field_words,
    message_words,
    numbers,
    plain,
    status_line,
    status_word,
    touched_words,
    withheld_words,
)
from penholder.restrictions.web.words import title as restriction_title

_WHY = "shows officials every licence, and others those of the organisations for which they act"
_OFFERED = (
    LineAct.ISSUE,
    LineAct.SUSPEND,
    LineAct.REINSTATE,
    LineAct.REVOKE,
    LineAct.SURRENDER,
    LineAct.AMEND,
    LineAct.DRAW,
)
_ACTS = {
    LineAct.ISSUE: "Issue the draft lines",
    LineAct.SUSPEND: "Suspend lines",
    LineAct.REINSTATE: "Reinstate lines",
    LineAct.REVOKE: "Revoke lines",
    LineAct.SURRENDER: "Give lines back",
    LineAct.AMEND: "Amend a line",
    LineAct.DRAW: "Record usage",
}

_WORDS = {
    "status_word": status_word,
    "numbers": numbers,
    "message_words": message_words,
    "plain": plain,
    "timing_words": TIMING_WORDS,
}
"""What the page says things with."""


@dataclass(frozen=True, slots=True)
class Possible:
    """An act that the life cycle allows now: on which lines, for which roles; `href` where the viewer may."""

    text: str
    lines: str
    roles: tuple[str, ...]
    href: str | None
    why_not: str = ""
    """Of an act that the roles of the viewer give, and that must be somebody else's here."""


def seen(viewer: Actor, public_id: str, **as_of: Any) -> LicenceView:
    """The licence, for officials and for its holder. Raises: AbsentError for everybody else."""
    found = licence(viewer=viewer, id=public_id, **as_of)
    if is_official(viewer) or is_own(viewer, found.exporter or ""):
        return found
    raise AbsentError(f"there is no licence {public_id}", hint="look it up in the register")


@requires(SIGNED_IN, why=_WHY)
def licence_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """One licence, as on a day and as known at a moment."""
    viewer = actor_of_request(request)
    form = AsOfForm(request.GET)
    form.is_valid()
    on, known = form.cleaned_data.get("on"), form.cleaned_data.get("known")
    try:
        found = seen(viewer, public_id, on=on, known=known)
    except AbsentError:
        if on is None and known is None:
            raise
        return _not_then(request, seen(viewer, public_id), form)
    is_now = known is None and found.on == now().date()
    shipped = usage(viewer=viewer, licence=public_id, on=found.on, known=known)
    happened = timeline(viewer=viewer, licence=public_id, known=known)
    context = {
        "licence": found,
        "form": form,
        "is_now": is_now,
        "is_changed": bool(request.GET.get("on") or request.GET.get("known")),
        "sentences": status_line(found.lines),
        "type_title": _type(found.licence_type),
        "assumed": _assumed(found.licence_type),
        "exporter": _exporter(viewer, found),
        "usage": shipped,
        "touched": _touched(viewer, found),
        "too_early": _too_early(found, shipped),
        "items": [_item(h, public_id, viewer) for h in reversed(happened)],
        "picture": picture_of(steps(viewer=viewer, licence=public_id, on=found.on, known=known), on=found.on),
        "told": [*_no_case(found), *_told(viewer, found)],
        "possible": possible(viewer, found) if is_now else (),
        "may": _may(viewer, found) if is_now else {},
        "withheld": _withheld(found),
        "recovered": sum(h.recovered == "open" for h in happened),
        "end_users": {c.id: c.title for c in end_user_classes().values()},
        "places": places_of(found.lines),
        **_WORDS,
        "as_of": found.on,
        "known_at": known,
    }
    return render(request, "register/licence.html", context)


def _told(viewer: Actor, found: LicenceView) -> list[tuple[str, dict[str, str]]]:
    """What others say of it, as rows; of the past they say nothing here."""
    said = told_of(viewer, found.id) if found.known is None else ()
    return [(t.label, {"text": t.text, "href": reverse(t.route, args=[t.about])}) for t in said]


def _touched(viewer: Actor, found: LicenceView) -> list[dict[str, str]] | None:
    """The exemptions and moratoria that touch the lines; None: the viewer is told nothing of them."""
    by = touched(viewer, found)
    if by is None:
        return None
    return [
        {
            "text": restriction_title(one.by),
            "href": reverse("restriction", args=[one.by.id]),
            "how": touched_words(one),
        }
        for one in by
    ]


def _too_early(found: LicenceView, shipped: Usage | None) -> list[tuple[int, tuple[Left, ...]]]:
    """Of each condition, by its number on the page, what left although it was to be met before."""
    left = [(s.line, s.happened_on, s.quantity) for s in shipped.shipments] if shipped else []
    of = [
        (
            number,
            left_before_met(
                left, timing=ConditionTiming(c.timing), lines=c.lines, put_on=c.put_on, done_on=c.done_on
            ),
        )
        for number, c in enumerate(found.conditions, start=1)
    ]
    return [(number, early) for number, early in of if early]


def _no_case(found: LicenceView) -> list[tuple[str, str]]:
    """Of a licence that was entered without a case: that there is none and why, and where it was decided."""
    if not found.without_case:
        return []
    why = WITHOUT_CASE_WORDS[WithoutCase(found.without_case)]
    said = f"none here: {why}. The register knows of no advice and of no finding under a limb."
    words = found.without_case_words
    return [("Case", said), *([("Decided where, and by whom", words)] if words else [])]


def _not_then(request: HttpRequest, found: LicenceView, form: AsOfForm) -> HttpResponse:
    """The viewer may know of the licence: at that day or moment it was not there."""
    context = {
        "licence": found,
        "form": form,
        "as_of": form.cleaned_data.get("on") or now().date(),
        "known_at": form.cleaned_data.get("known"),
    }
    return render(request, "register/not_then.html", context)


def _type(given: str) -> str:
    return licence_types()[given].title if given in licence_types() else plain(given)


def _assumed(given: str) -> str:
    """What a stocktake takes for the end of a licence of this type where none is stated."""
    months = licence_types()[given].assumed_months if given in licence_types() else None
    if months is None:
        return "for this type a stocktake has no figure to assume"
    return f"a stocktake assumes {months} months for this type, and says so"


def _exporter(viewer: Actor, found: LicenceView) -> dict[str, str] | None:
    """Name and address of the holder; empty: none is stated; None: withheld."""
    if found.exporter is None:
        return None
    if not found.exporter:
        return {}
    name = people.organisation_names(viewer=viewer, ids=[found.exporter]).get(found.exporter, found.exporter)
    return {"text": name, "href": reverse("organisation", args=[found.exporter])}


def possible(viewer: Actor, found: LicenceView) -> tuple[Possible, ...]:
    """What may be done to the lines now, and by whom."""
    made = []
    apart = kept_from(viewer, found.id)
    for act in _OFFERED:
        able = [line for line in found.lines if act in life_cycle().allowed_from(line.status)]
        if not able:
            continue
        mine = [line for line in able if act in line.may]
        which, roles = numbers(x.number for x in able), roles_for(PERMISSIONS[act])
        if mine and act in apart:
            made.append(Possible(_ACTS[act], which, roles, None, why_not=_done(apart[act])))
        else:
            made.append(Possible(_ACTS[act], which, roles, _form(act, mine)))
    return tuple(made)


def _done(names: Sequence[str]) -> str:
    """What the viewer did here, in the names of the acts."""
    return " and ".join(f"“{title_of(ACTIONS[n])}”" for n in names)


def _form(act: LineAct, mine: Sequence[LineView]) -> str | None:
    """The address of the form of an act; where it takes one line and several are possible, of the choice."""
    if not mine:
        return None
    if act in {LineAct.AMEND, LineAct.DRAW}:
        if len(mine) > 1:
            return reverse("register-choose-line", args=[mine[0].licence, act.value])
        return reverse(f"register-{act.value}", args=[mine[0].licence, mine[0].number])
    return reverse(f"register-{act.value}", args=[mine[0].licence])


def _may(viewer: Actor, found: LicenceView) -> Mapping[str, bool]:
    """Acts that are not on lines."""
    if not may_act_on(viewer, found.exporter or ""):
        return {}
    wanted = {
        "condition": RegisterPermission.ADD_CONDITION,
        "fulfil": RegisterPermission.FULFIL_CONDITION,
        "acknowledge": RegisterPermission.ACKNOWLEDGE_CUSTOMS_MESSAGE,
        "tell": RegisterPermission.SEND_CUSTOMS_MESSAGE,
    }
    return {name: authority().role_for(viewer, p) is not None for name, p in wanted.items()}


def _item(h: Happening, public_id: str, viewer: Actor) -> dict[str, Any]:
    """One item of the timeline."""
    return {
        "title": event_words(h.event, h.fields),
        "href": reverse("register-act", args=[public_id, h.run]),
        "at": h.recorded_at,
        "by": "the system" if h.role == "system" else role_name(h.role),
        "claimed_at": h.claimed_at if h.late else None,
        "rows": rows_of(h.fields, brief=True),
        "withheld": withheld_words(h),
        "lost": [field_words(n) for n in h.lost],
        "recovered": h.recovered,
        "read": readable_by_act(h, public_id, viewer),
        "place": h.place,
    }


def readable_by_act(h: Happening, public_id: str, viewer: Actor) -> str | None:
    """The form by which the viewer may read what is withheld, each time with a reason; None where they may not."""
    table = authority()
    if table.role_for(viewer, PeoplePermission.READ_PRIVATE) is None or not may_read_by_act(h, viewer):
        return None
    return None if h.place is None else reverse("register-read", args=[public_id, h.place])


def may_read_by_act(h: Happening, viewer: Actor) -> list[str]:
    """Names of the withheld fields that a role of the viewer gives after a reason was said."""
    kinds = {**EVENTS[h.event].field_classes, "actor": FieldClass.PERSONAL}
    return [n for n in h.withheld if authority().may_read(viewer, kinds.get(n, FieldClass.PERSONAL))]


def _withheld(found: LicenceView) -> list[str]:
    words = {
        "reference": "reference",
        "exporter": "holder",
        "terms": "goods, destinations and values",
        "usage": "what was used",
        "conditions.text": "texts of conditions",
        "messages.reference": "references of customs",
        "without_case_words": "who decided it without a case",
    }
    return [words.get(name, plain(name)) for name in found.withheld]


@requires(SIGNED_IN, why=_WHY)
def more_lines(request: HttpRequest, public_id: str) -> HttpResponse:
    """All lines of a licence with very many, in pages, as they stand today."""
    viewer = actor_of_request(request)
    found = seen(viewer, public_id)
    page = lines(viewer=viewer, licence=public_id, cursor=request.GET.get("cursor"), limit=MOST_LINES)
    shipped = usage(viewer=viewer, licence=public_id, on=found.on)
    context = {
        "licence": found,
        "page": page,
        "reported": shipped.lines if shipped else None,
        "end_users": {c.id: c.title for c in end_user_classes().values()},
        "places": places_of(page.items),
        "as_of": found.on,
        "plain": plain,
        "status_word": status_word,
    }
    return render(request, "register/lines.html", context)


@requires(SIGNED_IN, why=_WHY)
def choose_line(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Which line is to be amended, or was used: those for which the act is possible."""
    viewer = actor_of_request(request)
    found = seen(viewer, public_id)
    able = [line for line in found.lines if act in line.may]
    if act not in {LineAct.AMEND, LineAct.DRAW} or not able:
        raise AbsentError("there is no line for this", hint="look at the licence again")
    context = {
        "licence": found,
        "lines": able,
        "route": f"register-{act}",
        "title": {"amend": "Which line do you want to amend?", "draw": "Under which line was it shipped?"}[act],
        "as_of": now().date(),
        "status_word": status_word,
    }
    return render(request, "register/choose_line.html", context)


def places_of(lines: Sequence[LineView]) -> Mapping[str, str]:
    """The places that the lines name, as people call them."""
    return place_names(
        code for x in lines if x.terms for code in (x.terms.destination, *x.terms.onward.split(";"))
    )


def line_label(line: LineView, places: Mapping[str, str]) -> str:
    """A line in a list to choose from. places: code -> name and code."""
    goods = (
        f": {line.terms.rating.replace(';', ', ')} {line.terms.description[:80]}, "
        f"{places.get(line.terms.destination, line.terms.destination)}"
        if line.terms
        else ""
    )
    return f"Line {line.number}{goods} ({status_word(line.standing)})"
