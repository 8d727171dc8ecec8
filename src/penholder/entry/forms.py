"""Forms made from the declarations of actions. They read what was typed; the action's own types judge it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from penholder.actions import moment
from penholder.actions.registry import ActionSpec
from penholder.entry.errors import add_to_form
from penholder.entry.form_fields import Choices, field_for
from penholder.kernel import clock
from penholder.kernel.errors import PenholderError
from penholder.kernel.ids import random_id

KEY, SEEN = "idempotency_key", "form_made_at"
_MOST_KEY = 200


class ActForm(forms.Form):
    """A form for one action. Beside the parameters it holds a name for the request, and when it was made."""

    spec: ClassVar[ActionSpec]
    use_required_attribute = False

    @property
    def key(self) -> str:
        """The idempotency key of this request."""
        return str(self.cleaned_data[KEY])

    def clean(self) -> dict[str, Any]:
        """Refuse texts that no database takes."""
        found = super().clean() or {}
        for name, value in found.items():
            if isinstance(value, str) and any("\ud800" <= c <= "\udfff" or c == "\0" for c in value):
                self.add_error(name, ValidationError("holds characters that are no text"))
        return found

    def parameters(self) -> dict[str, Any]:
        """What was typed, for `perform`: what was left empty is left out, so that its default counts."""
        typed = {n: v for n, v in self.cleaned_data.items() if n in self.spec.parameters.model_fields}
        return {n: v for n, v in typed.items() if v not in (None, "", [])}

    def refuse(self, error: PenholderError) -> None:
        """Show an error of the act at its fields, or above the form."""
        add_to_form(error, self)


def form_for(
    spec: ActionSpec,
    *,
    without: Collection[str] = (),
    choices: Mapping[str, Choices] | None = None,
    words: Mapping[str, tuple[str, str]] | None = None,
) -> type[ActForm]:
    """The form of an action.

    Args:
        without: parameters that are not asked for, because the page knows them.
        choices: parameter -> the values that there are (the lines of this licence).
        words: parameter -> label and hint, where the page says it better than the declaration.
    """
    fields: dict[str, Any] = {
        name: field_for(name, info, choices=(choices or {}).get(name), words=(words or {}).get(name))
        for name, info in spec.parameters.model_fields.items()
        if name not in without
    }
    fields[KEY] = forms.CharField(widget=forms.HiddenInput, max_length=_MOST_KEY, initial=random_id)
    fields[SEEN] = forms.DateTimeField(widget=forms.HiddenInput, initial=_now)
    return type(f"{spec.name}.Form", (ActForm,), fields | {"spec": spec})


def _now() -> str:
    return clock.stamp(moment.now())
