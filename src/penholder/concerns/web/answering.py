"""The form of an answer: a box of questions for each point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest

from penholder.actions.errors import InvalidError
from penholder.concerns import queries, words
from penholder.concerns.errors import EmptyAnswerError
from penholder.entry.actor import actor_of_request
from penholder.entry.date_parts import DateParts
from penholder.entry.errors import problem_of
from penholder.entry.form_fields import NO_DAY
from penholder.entry.forms import ActForm
from penholder.kernel.errors import PenholderError

_TEXT = ("grounds", "none_because", "action", "action_owner", "no_action_because", "referred_to")
_ALL = ("disposition", *_TEXT, "records", "action_due", "repeated")


class AnswerForm(ActForm):
    """A form with a group of fields for each point that is open."""

    open_points: ClassVar[tuple[int, ...]] = ()

    def parameters(self) -> dict[str, Any]:
        """What was typed, point by point."""
        given = ActForm.parameters(self)
        marked = [{"point": n, "why": why} for n in self.open_points if (why := self._typed(n, "repeated"))]
        return {**given, "answers": [self._answer(n) for n in self.open_points], "repeated": marked}

    def _answer(self, point: int) -> dict[str, Any]:
        said: dict[str, Any] = {name: self._typed(point, name) for name in _TEXT}
        records = [part.strip() for part in self._typed(point, "records").split(",") if part.strip()]
        due = self.cleaned_data.get(f"p{point}_action_due") if said["action"] else None
        return said | {
            "point": point,
            "disposition": self._typed(point, "disposition"),
            "records": records,
            "action_due": due.isoformat() if due else None,
        }

    def _typed(self, point: int, name: str) -> str:
        return str(self.cleaned_data.get(f"p{point}_{name}") or "").strip()

    def refuse(self, error: PenholderError) -> None:
        """Errors of a point stand at its boxes."""
        fields = problem_of(error).fields
        moved = {self._box(path): said for path, said in fields.items()}
        super().refuse(InvalidError(error.message, hint=error.hint, fields=moved) if moved else error)
        if isinstance(error, EmptyAnswerError):
            self.add_error(None, "This does not answer the concern: thanking and noting is no answer.")

    def _box(self, path: str) -> str:
        first, _, rest = path.partition(".")
        number, _, name = rest.partition(".")
        if first == "answers" and number.isdecimal() and name.partition(".")[0] in _ALL:
            return f"p{self.open_points[int(number)]}_{name.partition('.')[0]}"
        return "all" if first == "answers" else path

    def groups(self) -> list[tuple[int, list[Any]]]:
        """Number of the point -> its fields."""
        return [(n, [self[f"p{n}_{name}"] for name in _FIELDS]) for n in self.open_points]


_NEEDED = {"required": "is needed"}
_FIELDS: Mapping[str, Any] = {
    "disposition": lambda: forms.ChoiceField(
        label="What you find", choices=[(d.value, w) for d, w in words.DISPOSITIONS.items()],
        widget=forms.RadioSelect, error_messages={"required": "is needed"},
    ),
    "grounds": lambda: _text(
        "Grounds", 8_000, "What was looked at and what follows from it. Whoever raised it reads this.", needed=True
    ),
    "records": lambda: _text(
        "Records that were looked at", 4_000, "References, with commas between them.", long=False
    ),
    "none_because": lambda: _text("Or: why none was looked at", 400, "", long=False),
    "action": lambda: _text("What will be done", 400, "Needed where the point is upheld.", long=False),
    "action_owner": lambda: _text("By which office", 120, "", long=False),
    "action_due": lambda: forms.DateField(
        label="By which day", required=False, widget=DateParts, input_formats=["%Y-%m-%d"],
        error_messages={"invalid": NO_DAY},
    ),
    "no_action_because": lambda: _text("Or: why nothing will be done", 400, "", long=False),
    "referred_to": lambda: _text("Referred to which office, which has accepted", 120, "", long=False),
    "repeated": lambda: _text(
        "Where these grounds were used before: why they are true here too", 400, "Counted in public.", long=False
    ),
}  # fmt: skip


def _text(label: str, longest: int, hint: str, *, long: bool = True, needed: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 6}) if long else forms.TextInput()
    given: dict[str, Any] = {"max_length": longest, "help_text": hint, "widget": widget, "error_messages": _NEEDED}
    return forms.CharField(label=label, required=needed, **given)


def answer_form(plain: type[ActForm], request: HttpRequest, **parts: Any) -> type[ActForm]:
    """The form of the open points of a concern. Raises: AbsentError."""
    points = queries.standing_of(viewer=actor_of_request(request), id=str(parts["concern"])).open_points
    fields = {f"p{n}_{name}": make() for n in points for name, make in _FIELDS.items()}
    more = {"answers": None, "repeated": None, "open_points": points}
    return type("AnswerForm", (AnswerForm, plain), {**more, **fields})
