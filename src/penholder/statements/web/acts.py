"""The forms of the acts on statements and promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse

from penholder.actions.errors import InvalidError
from penholder.actions.moment import today
from penholder.actions.values import Receipt
from penholder.assessment.web.words import part_words
from penholder.entry.actor import actor_of_request
from penholder.entry.errors import problem_of
from penholder.entry.forms import ActForm
from penholder.entry.views import ActPage, act_view
from penholder.kernel.errors import PenholderError
from penholder.statements import actions, policy, queries
from penholder.statements.answers import PromiseView
from penholder.statements.values import PromiseState
from penholder.statements.web import words

CLAIMS = range(6)
"""Claims that the form takes; more come by the API."""


class StatementForm(ActForm):
    """A form with boxes for a few claims."""

    def parameters(self) -> dict[str, Any]:
        """What was typed; a claim without words is left out."""
        given = ActForm.parameters(self)
        said = [{"words": self.cleaned_data[f"claim_{n}_words"], "about": self._about(n)} for n in self.filled]
        return {**given, "claims": said}

    @property
    def filled(self) -> list[int]:
        """Numbers of the claims that say something."""
        return [n for n in CLAIMS if self.cleaned_data.get(f"claim_{n}_words")]

    def _about(self, n: int) -> list[str]:
        return list(self.cleaned_data[f"claim_{n}_about"])

    def refuse(self, error: PenholderError) -> None:
        """Errors of claims stand at their boxes."""
        moved = {self._box(path): said for path, said in problem_of(error).fields.items()}
        super().refuse(InvalidError(error.message, hint=error.hint, fields=moved) if moved else error)

    def _box(self, path: str) -> str:
        first, _, rest = path.partition(".")
        number, _, name = rest.partition(".")
        return f"claim_{self.filled[int(number)]}_{name}" if first == "claims" and number.isdecimal() else path


def _with_claims(plain: type[ActForm], _request: HttpRequest, **_parts: Any) -> type[ActForm]:
    fields: dict[str, Any] = {}
    parts = [(p, part_words(p)) for p in policy.parts()]
    for n in CLAIMS:
        fields[f"claim_{n}_words"] = forms.CharField(
            label="Claim", required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}),
            help_text="Quoted from the words above.",
        )  # fmt: skip
        fields[f"claim_{n}_about"] = forms.MultipleChoiceField(
            label="Of what it speaks", required=False, choices=parts, widget=forms.CheckboxSelectMultiple
        )
    return type("StatementForm", (StatementForm, plain), {"claims": None, **fields})


def _seen(request: HttpRequest, **parts: Any) -> PromiseView:
    """The promise. Raises: AbsentError."""
    return queries.promise(viewer=actor_of_request(request), id=str(parts["promise"]))


def _promise_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {"expected_version": _seen(request, **parts).version, "kept_on": today(), "replaced_on": today()}


def _promise_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    seen = _seen(request, **parts)
    return {
        "caption": f"Promise of {seen.said_on:%-d %B %Y}",
        "quote": seen.words,
        "words": words,
        "statement": seen.statement,
    }


def _statement_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    seen = queries.statement(viewer=actor_of_request(request), id=str(parts["statement"]))
    return {"caption": f"{seen.place}, {seen.said_on:%-d %B %Y}", "quote": seen.words}


def _others(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """Promises that can replace this one: made on the same day or later."""
    seen = _seen(request, **parts)
    found = queries.promises(viewer=actor_of_request(request), limit=200).items
    later = [p for p in found if p.id != seen.id and p.said_on >= seen.said_on and p.state is PromiseState.OPEN]
    return {
        "by": [
            *([] if later else [("", "There is none yet")]),
            *((p.id, f"{p.words[:80]} (due {p.due:%-d %B %Y})") for p in later),
        ]
    }


def _to_promise(receipt: Receipt[Any], **_parts: Any) -> str:
    return reverse("promise", args=[receipt.result.id])


def _of_promise(title: str, button: str, **more: Any) -> ActPage:
    given: dict[str, Any] = {
        "state": _promise_state,
        "context": _promise_context,
        "back": lambda **parts: reverse("promise", args=[parts["promise"]]),
        "then": _to_promise,
    } | more
    return ActPage("statements/act.html", title, button, **given)


PAGES: Mapping[str, tuple[str, Any, ActPage]] = {
    "statement-new": (
        "statements/new",
        actions.record_statement,
        ActPage(
            "statements/record.html",
            "Record a public statement",
            "Record it, and publish it",
            state=lambda request, **_parts: {"destination": request.GET.get("destination", "")},
            form=_with_claims,
            words={
                "destination": ("Destination", "Of which it speaks: a name, or a code of two letters."),
                "place": ("Where it was said", "For example: Parliament, answer to question 12."),
                "speaker_role": ("Who said it", "The function, never a name."),
                "words": ("What was said", "In the words as published."),
                "source": ("Where the text is", "An address or a reference by which anybody can find it."),
            },
            back=lambda **_parts: reverse("statements"),
            then=lambda receipt, **_parts: reverse("statement", args=[receipt.result.id]),
        ),
    ),
    "promise-new": (
        "statements/<str:statement>/promise",
        actions.record_promise,
        ActPage(
            "statements/act.html",
            "Record a promise",
            "Record it, and publish it",
            context=_statement_context,
            words={
                "words": ("What was promised", "Quoted."),
                "due": ("By when", "From the next day on it is overdue, in public."),
            },
            back=lambda **parts: reverse("statement", args=[parts["statement"]]),
            then=_to_promise,
        ),
    ),
    "promise-keep": (
        "promises/<str:promise>/kept",
        actions.keep_promise,
        _of_promise(
            "Say that a promise was kept",
            "Record that it was kept",
            words={
                "source": ("Where that can be seen", "An address or a reference."),
                "words": ("How it was kept", "In words; published."),
            },
        ),
    ),
    "promise-replace": (
        "promises/<str:promise>/replaced",
        actions.replace_promise,
        _of_promise(
            "Say that a promise was replaced",
            "Record that it was replaced",
            choices=_others,
            words={"by": ("Which promise replaces it?", ""), "reasons": ("Why it was replaced", "Published.")},
        ),
    ),
}
"""Name of the route -> address, action, page."""


def act_urls() -> list[URLPattern]:
    """The addresses of the forms."""
    return [path(address, act_view(act, page), name=name) for name, (address, act, page) in PAGES.items()]
