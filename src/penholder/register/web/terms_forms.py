"""Forms for the terms of lines: boxes for each part of a line, and as many lines as are needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.text import capfirst

from penholder.actions.errors import InvalidError
from penholder.actions.wrong import words_of
from penholder.entry.errors import problem_of
from penholder.entry.forms import ActForm
from penholder.kernel.errors import PenholderError
from penholder.regime.end_users import end_user_classes
from penholder.regime.licence_types import licence_types
from penholder.register.values import WITHOUT_CASE_WORDS, LineTerms

COUNT, MORE = "line_count", "one-more-line"
MOST = 30
"""Lines that one form takes; more come by the API or with a release."""
_HINTS: Mapping[str, tuple[str, str]] = {
    "description": ("Goods", "In the words of the licence."),
    "rating": ("Rating", "Codes of the control lists, for example ML10 or ML10a. Put ; between several."),
    "destination": ("Destination", "Code of two letters, or the name: it is kept as its code."),
    "onward": (
        "Goes on to",
        "Final destinations of goods that are built in or go on: codes or names. Put ; between several.",
    ),
    "end_user": ("Class of the end user", ""),
    "end_user_state": ("State of the end user", "Code of two letters, where it is another than the destination."),
    "programmes": (
        "Programmes",
        "Pools of supply to which the goods go, with ; between several. Write none for none.",
    ),
    "value": ("Value", "As stated, in the currency below."),
    "currency": ("Currency", "Code of three letters, for example GBP."),
    "quantity_limit": ("Most that may leave: quantity", "In the unit below. Empty: no limit is stated."),
    "unit": ("Unit", "For example item, or kg."),
    "value_limit": ("Most that may leave: value", "In the currency above. Empty: no limit is stated."),
}


def term_fields() -> dict[str, forms.Field]:
    """A box for each part of the terms of a line."""
    kinds: dict[str, Any] = {
        "description": lambda **g: forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **g),
        "end_user": lambda **g: forms.ChoiceField(
            choices=[(c.id, c.title) for c in end_user_classes().values()], initial="not_stated", **g
        ),
        "value": forms.DecimalField,
        "quantity_limit": forms.DecimalField,
        "value_limit": forms.DecimalField,
    }
    lengths = {"destination": 400, "currency": 3, "unit": 120, "end_user_state": 20, "rating": 200}
    made: dict[str, forms.Field] = {}
    for name, (label, hint) in _HINTS.items():
        given: dict[str, Any] = {
            "label": label,
            "help_text": hint,
            "required": name in {"description", "destination"},
            "error_messages": {"required": "is needed", "invalid": words_of("decimal_parsing", "", {})},
        }
        if name in kinds:
            made[name] = kinds[name](**given)
        else:
            made[name] = forms.CharField(max_length=lengths.get(name), **given)
    return made


def state_of_terms(terms: LineTerms, prefix: str) -> dict[str, Any]:
    """First values of the boxes of a line."""
    return {f"{prefix}{name}": getattr(terms, name) for name in _HINTS}


class _TermsForm(ActForm):
    """A form in which a parameter with parts has boxes of its own. `prefixes`: path of a part -> of its boxes."""

    prefixes: ClassVar[Mapping[str, str]] = {}

    def boxes(self, prefix: str) -> dict[str, Any]:
        """What was typed into the boxes of one line; what is empty is left out."""
        typed = {name: self.cleaned_data.get(f"{prefix}{name}") for name in _HINTS}
        return {name: value for name, value in typed.items() if value not in (None, "")}

    def refuse(self, error: PenholderError) -> None:
        """Errors of parts stand at their boxes."""
        problem = problem_of(error)
        moved = {self._box(path): words for path, words in problem.fields.items()}
        super().refuse(InvalidError(error.message, hint=error.hint, fields=moved) if moved else error)

    def _box(self, path: str) -> str:
        for part, prefix in self.prefixes.items():
            if path.startswith(f"{part}."):
                return f"{prefix}{path.removeprefix(f'{part}.')}"
        return path


def amend_form(plain: type[ActForm], _request: HttpRequest, **_parts: Any) -> type[ActForm]:
    """The form for new terms of one line."""

    def parameters(self: _TermsForm) -> dict[str, Any]:
        return {**ActForm.parameters(self), "terms": self.boxes("terms_")}

    fields = {f"terms_{name}": field for name, field in term_fields().items()}
    order = [*fields, "effective_on", "reasons", "gate_reasons"]
    return _made(
        plain, without="terms", fields=fields, order=order, parameters=parameters, prefixes={"terms": "terms_"}
    )


def enter_form(plain: type[ActForm], request: HttpRequest, **_parts: Any) -> type[ActForm]:
    """The form for a new licence, with as many lines as the request says."""
    numbers = range(count_of(request))

    def parameters(self: _TermsForm) -> dict[str, Any]:
        return {**ActForm.parameters(self), "lines": [self.boxes(f"line_{n}_") for n in numbers]}

    fields: dict[str, forms.Field | None] = {
        "licence_type": forms.ChoiceField(
            label="Licence type",
            choices=[("", "Choose one"), *((t.id, t.title) for t in licence_types().values() if t.is_licence)],
            error_messages={"required": "is needed"},
        ),
        "without_case": forms.ChoiceField(
            label="Why it comes from no case",
            help_text="What a case grants stands in the register by itself. That there is none is published.",
            choices=[("", "Choose one"), *((w.value, capfirst(s)) for w, s in WITHOUT_CASE_WORDS.items())],
            error_messages={"required": "is needed"},
        ),
        "without_case_words": forms.CharField(
            label="Who decided it, and where that is written",
            help_text="Officials read it.",
            max_length=4_000,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": "is needed"},
        ),
        "case": None,
        COUNT: forms.IntegerField(widget=forms.HiddenInput, initial=len(numbers)),
    }
    for n in numbers:
        fields |= {f"line_{n}_{name}": field for name, field in term_fields().items()}
    order = [
        "reference", "licence_type", "without_case", "without_case_words", "exporter", "decided_on", "valid_from",
        "valid_until",
    ]  # fmt: skip
    prefixes = {f"lines.{n}": f"line_{n}_" for n in numbers}
    return _made(plain, without="lines", fields=fields, order=order, parameters=parameters, prefixes=prefixes)


def count_of(request: HttpRequest) -> int:
    """How many lines the form has: what it had, and one more where that was asked."""
    given = request.POST.get(COUNT, "1")
    had = int(given) if given.isdecimal() and len(given) < 4 else 1
    return max(1, min(MOST, had + (MORE in request.POST)))


def _made(
    plain: type[ActForm],
    *,
    without: str,
    fields: Mapping[str, Any],
    order: list[str],
    parameters: Any,
    prefixes: Any,
) -> type[ActForm]:
    more = {without: None, **fields, "field_order": order, "parameters": parameters, "prefixes": prefixes}
    return type(f"{capfirst(without)}Form", (_TermsForm, plain), more)
