"""The forms of an exporter: the parts of an application, its declaration and submission, answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse

from penholder.actions.errors import AbsentError
from penholder.casework import actions
from penholder.casework.parts import EndUse, GoodsLine, Leg, Party
from penholder.casework.policy.complete import HANDLED
from penholder.casework.web import words
from penholder.casework.web.rows_form import Rows, Values, case_routes
from penholder.casework.web.shared import context, on_case, seen_case, state
from penholder.casework.web.undertakings import kept_undertaking, undertaking_urls
from penholder.entry.actor import actor_of_request
from penholder.entry.date_parts import DateParts
from penholder.entry.forms import ActForm
from penholder.entry.views import ActPage, act_view
from penholder.people import queries as people
from penholder.regime.end_users import end_user_classes

_ROWS = "casework/rows.html"
NONE = "none"
_CURRENCY = "must be a code of 3 capital letters, for example EUR"
_NONE_HINT = "Put ; between several. Write none where there is none. Empty: not answered."


def several(text: str | None) -> list[str] | None:
    """A box of several answers: `none` is an answer, an empty box is none."""
    if not text or not text.strip():
        return None
    if text.strip().casefold() == NONE:
        return []
    return [part.strip() for part in text.split(";") if part.strip()]


def several_words(held: tuple[str, ...] | None) -> str:
    """The same the other way."""
    return "" if held is None else "; ".join(held) or NONE


def text_box(*, rows: int = 3, limit: int = 20_000) -> forms.Field:
    """A box of several lines."""
    return forms.CharField(max_length=limit, widget=forms.Textarea(attrs={"rows": rows}))


def _line_box(limit: int = 400) -> forms.Field:
    return forms.CharField(max_length=limit)


def _goods_shown(line: GoodsLine) -> Values:
    return {"stated_ratings": "; ".join(line.stated_ratings), "programmes": several_words(line.programmes)}


def _goods_read(typed: Values, _held: Any) -> Values:
    made = typed | {"stated_ratings": several(typed.get("stated_ratings")) or []}
    return made | {"programmes": several(typed.get("programmes"))}


def _currency_box() -> forms.Field:
    box = forms.RegexField(r"^[A-Z]{3}$", error_messages={"invalid": _CURRENCY})
    box.max_length = 3  # as wide as that; one error is enough for a code that is too long
    return box


GOODS = Rows(
    parameter="goods",
    kind=GoodsLine,
    legend="Line",
    held=lambda request, **parts: seen_case(request, **parts).application.goods,
    only=(
        "description", "quantity", "unit", "value", "currency", "stated_ratings", "incorporated", "programmes",
    ),
    words={
        "description": ("Goods", "What they are and what they are for."),
        "quantity": ("Quantity", ""),
        "unit": ("Unit", "For example item, or kg."),
        "value": ("Value", "In the currency below."),
        "currency": ("Currency", "Code of three letters, for example GBP."),
        "stated_ratings": ("Rating, as you see it", "Codes, for example ML10. Put ; between several."),
        "incorporated": ("Do they become part of another product?", ""),
        "programmes": (
            "Pools of supply to which they go",
            f"Stocks that several states share, from which anybody may be supplied. {_NONE_HINT}",
        ),
    },
    boxes={
        "description": text_box,
        "stated_ratings": _line_box,
        "programmes": _line_box,
        "currency": _currency_box,
    },
    shown=_goods_shown,
    read=_goods_read,
)  # fmt: skip


def _party_read(typed: Values, held: Any) -> Values:
    """The undertaking of a party stays with it; it is given on a page of its own."""
    return typed | {"undertaking": kept_undertaking(held, typed.get("name", ""))}


PARTIES = Rows(
    parameter="parties",
    kind=Party,
    legend="Party",
    held=lambda request, **parts: seen_case(request, **parts).application.parties,
    only=("name", "role", "place", "state", "end_user_class", "no_undertaking_because"),
    words={
        "name": ("Name of the organisation", "Never a private person."),
        "role": ("Its part", ""),
        "place": ("Where it is", "Name of the place, or its code of two letters."),
        "state": ("Whose body it is", "The state that it belongs to, such as an army; empty: to none."),
        "end_user_class": ("Class of the end user", "Of an end user alone."),
        "no_undertaking_because": ("Why there is no undertaking", "For an end user whose undertaking you lack."),
    },
    choices=lambda _request, **_parts: {
        "end_user_class": [(c.id, c.title) for c in end_user_classes().values()],
    },
    boxes={
        "name": _line_box,
        "place": _line_box,
        "state": _line_box,
        "no_undertaking_because": lambda: text_box(rows=2, limit=4_000),
    },
    read=_party_read,
)
ROUTE = Rows(
    parameter="route",
    kind=Leg,
    legend="Stage",
    held=lambda request, **parts: seen_case(request, **parts).application.route,
    only=("place", "act", "party"),
    words={
        "place": ("Place", "Name of the place, or its code of two letters."),
        "act": ("What happens there", ""),
        "party": ("To which party", "One that you have named; empty: to nobody named."),
    },
    choices=lambda request, **parts: {
        "party": [(p.name, p.name) for p in seen_case(request, **parts).application.parties]
    },
    boxes={"place": _line_box},
)


def _yes_no(name: str) -> forms.Field:
    label, hint = _END_USE[name]
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        required=False,
        choices=[("", "Not answered"), ("yes", "Yes"), ("no", "No")],
    )


_END_USE = {
    "intended": ("What are the goods intended for?", ""),
    "military": ("Is the end use military?", ""),
    "told_of_wmd": ("Were you told that they may serve weapons of mass destruction?", ""),
    "suspects_wmd": ("Do you suspect that they may serve weapons of mass destruction?", ""),
    "security_approvals": ("Security approvals that there are", _NONE_HINT),
    "harm_of_disclosure": (
        "What would harm you if it became public?",
        "Write none where nothing would. Empty: not answered.",
    ),
}
_TEMPORARY = {
    "why": ("Why do the goods leave for a time only?", "For temporary licences alone."),
    "control": ("Who controls them in that time?", ""),
    "return_by": ("Back by", ""),
}
_QUESTIONS = ("military", "told_of_wmd", "suspects_wmd")


class EndUseForm(ActForm):
    """The questions on the end use. A question that is not answered is left out."""

    def parameters(self) -> dict[str, Any]:
        """What was answered."""
        typed = self.cleaned_data
        made: Values = {"expected_version": typed["expected_version"], "intended": typed["intended"]}
        made |= {n: typed[n] == "yes" for n in _QUESTIONS if typed[n]}
        approvals = several(typed["security_approvals"])
        if approvals is not None:
            made["security_approvals"] = approvals
        harm = typed["harm_of_disclosure"].strip()
        if harm:
            made["harm_of_disclosure"] = "" if harm.casefold() == NONE else harm
        temporary = {n: typed.get(f"temporary_{n}") for n in _TEMPORARY if typed.get(f"temporary_{n}")}
        return made | ({"temporary": temporary} if temporary else {})


def _end_use_form(plain: type[ActForm], request: HttpRequest, **parts: Any) -> type[ActForm]:
    made: dict[str, Any] = {n: _yes_no(n) for n in _QUESTIONS}
    made["intended"] = text_box()
    made["security_approvals"] = forms.CharField(max_length=400)
    made["harm_of_disclosure"] = text_box(rows=2, limit=4_000)
    for name in ("intended", "security_approvals", "harm_of_disclosure"):
        made[name].label, made[name].help_text = _END_USE[name]
        made[name].required = False
    is_temporary = seen_case(request, **parts).application.licence_type == "standard_temporary"
    if is_temporary:
        made["temporary_why"], made["temporary_control"] = text_box(rows=2), text_box(rows=2)
        made["temporary_return_by"] = forms.DateField(widget=DateParts, input_formats=["%Y-%m-%d"])
        for name, (label, hint) in _TEMPORARY.items():
            box = made[f"temporary_{name}"]
            box.label, box.help_text, box.required = label, hint, False
    order = [*_END_USE, *(f"temporary_{n}" for n in _TEMPORARY)]
    return type("EndUseForm", (EndUseForm, plain), {**made, "temporary": None, "field_order": order})


def _end_use_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    said: EndUse = seen_case(request, **parts).application.end_use
    shown: Values = {n: {True: "yes", False: "no", None: ""}[getattr(said, n)] for n in _QUESTIONS}
    shown |= {"intended": said.intended, "security_approvals": several_words(said.security_approvals)}
    shown["harm_of_disclosure"] = "" if said.harm_of_disclosure is None else said.harm_of_disclosure or NONE
    if said.temporary is not None:
        shown |= {f"temporary_{n}": getattr(said.temporary, n) for n in _TEMPORARY}
    return {**state(request, **parts), **shown}


def _start_choices(request: HttpRequest, **_parts: Any) -> Mapping[str, Any]:
    viewer = actor_of_request(request)
    named = people.organisation_names(viewer=viewer, ids=viewer.organisations)
    return {
        "licence_type": [(t, words.type_words(t)) for t in HANDLED],
        "organisation": sorted(named.items(), key=lambda pair: pair[1]),
    }


def _start_state(request: HttpRequest, **_parts: Any) -> Mapping[str, Any]:
    mine = sorted(actor_of_request(request).organisations)
    return {"organisation": mine[0]} if len(mine) == 1 else {}


def _answer_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = seen_case(request, **parts)
    question = next((q for q in found.questions if q.id == parts["question"]), None)
    if question is None:
        raise AbsentError("there is no such question", hint="look at the case")
    return {**context(request, **parts), "question": question}


_START = ActPage(
    "entry/act.html",
    "Apply for a licence",
    "Start the application",
    state=_start_state,
    choices=_start_choices,
    words={
        "title": ("What it is about", "A few words by which you find it again, for example: pump parts, Norland."),
        "organisation": ("For which organisation", ""),
        "licence_type": ("Type of licence", "Other types are not yet handled here: apply on paper."),
    },
    back=lambda **_parts: reverse("cases"),
    then=lambda receipt, **_parts: reverse("case", args=[receipt.result.case]),
)
ACTS: Mapping[str, tuple[str, Any, ActPage]] = {
    "case-end-use": (
        "end-use",
        actions.state_end_use,
        on_case("End use", "Save the answers", "casework/end_use.html", state=_end_use_state, form=_end_use_form),
    ),
    "case-declare": (
        "declare",
        actions.declare_application,
        on_case(
            "Declare the application", "I declare that it is true and complete", template="casework/declare.html"
        ),
    ),
    "case-submit": (
        "submit",
        actions.submit_application,
        on_case("Submit the application", "Submit it", template="casework/submit.html"),
    ),
    "case-withdraw": (
        "withdraw",
        actions.withdraw_application,
        on_case("Withdraw the application", "Withdraw it"),
    ),
    "case-answer": (
        "questions/<str:question>/answer",
        actions.answer_question,
        on_case(
            "Answer a question",
            "Send the answer",
            template="casework/answer.html",
            context=_answer_context,
            words={"text": ("Your answer", "What the application must say is changed there.")},
        ),
    ),
}
"""Name of the route -> address below the case, act, page."""
ROWS: Mapping[str, tuple[str, Any, ActPage, Rows]] = {
    "case-goods": ("goods/edit", actions.set_goods, on_case("Goods", "Save the goods", _ROWS), GOODS),
    "case-parties": (
        "parties/edit",
        actions.set_parties,
        on_case(
            "Parties",
            "Save the parties",
            _ROWS,
            context=lambda request, **parts: {
                **context(request, **parts),
                "description": "All that take part: end users, consignees, agents. The undertaking of an end user "
                "is sent from the page of the parties, once the end user is saved.",
            },
        ),
        PARTIES,
    ),
    "case-route": ("route/edit", actions.set_route, on_case("Route", "Save the route", _ROWS), ROUTE),
}


def exporter_urls() -> list[URLPattern]:
    """The addresses of these forms."""
    start = path("cases/new", act_view(actions.start_application, _START), name="case-new")
    return [start, *case_routes(ACTS, ROWS), *undertaking_urls()]
