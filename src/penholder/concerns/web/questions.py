"""The questions of the form by which a concern is raised: one a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from penholder.concerns import queries
from penholder.concerns.answers import TargetView
from penholder.concerns.matters import matters
from penholder.concerns.officers import BRINGS
from penholder.concerns.values import MOST_POINTS
from penholder.concerns.web.draft import Draft
from penholder.concerns.words import kind_words

_NEEDED = {"required": "is needed"}
_ID = re.compile(r" \((?:case )?[A-Z]{1,3}-[0-9a-z]{20,}\)")
"""An id in brackets, in a title."""
YES_NO = (("yes", "Yes"), ("no", "No"))


class Question(forms.Form):
    """One page."""

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        """Refuse texts that no database takes."""
        found = super().clean() or {}
        for name, value in found.items():
            if isinstance(value, str) and any("\ud800" <= c <= "\udfff" or c == "\0" for c in value):
                self.add_error(name, "holds characters that are no text")
        return found


class About(Question):
    """What it is about."""

    targets = forms.MultipleChoiceField(
        label="What is your concern about?", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Choose several, one or none; you can add more later. Whoever wrote, advised on or decided what "
        "you choose never sees the concern.",
    )  # fmt: skip
    named = forms.CharField(
        label="Is it something else that you work on?", required=False, max_length=1_000,
        help_text="Only what everybody may know of is listed here. Name a case, a draft or anything else of the "
        "authority by its id, as its page there has it; several with commas between them.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["targets"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = by_kind(queries.known_targets())

    def clean_named(self) -> str:
        """Refuse here what would be refused at the end: an id that the authority has not listed."""
        said: str = self.cleaned_data["named"]
        named = ids_in(said)
        listed = queries.titles_of(named)
        if unknown := [n for n in named if n not in listed]:
            raise forms.ValidationError(
                f"names {', '.join(unknown)}, which the authority has not listed here. Look at the id again; what "
                "is new is listed once a day. Or leave it out, and say it in a point"
            )
        return said


def by_kind(targets: Iterable[TargetView]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices under the headings of their kinds."""
    listed = list(targets)
    titles = titles_in_words(listed)
    found: dict[str, list[tuple[str, str]]] = {}
    for target in listed:
        found.setdefault(kind_words(target.kind), []).append((target.id, titles[target.id]))
    return list(found.items())


def titles_in_words(targets: Iterable[TargetView]) -> dict[str, str]:
    """Id -> title. The id stands in it only where two would read alike without."""
    listed = list(targets)
    short = {t.id: _ID.sub("", t.title) for t in listed}
    often = Counter(short.values())
    return {t.id: short[t.id] if often[short[t.id]] == 1 else t.title for t in listed}


class Matter(Question):
    """What kind of matter."""

    matter = forms.ChoiceField(
        label="What kind of matter is it?", widget=forms.RadioSelect, error_messages=_NEEDED,
        help_text="It decides nothing but the neutral question that may be asked later.",
        choices=[(m.id, m.name) for m in matters().values()],
    )  # fmt: skip


class Claim(Question):
    """One point."""

    claim = forms.CharField(
        label="What is wrong?", widget=forms.Textarea, min_length=10, max_length=8_000,
        error_messages={**_NEEDED, "min_length": "says too little to be answered"},
        help_text="One thing only; there is a page for each. Say what happened, when, and how it can be seen. "
        "Leave out what shows who you are. The way in which you write can show it too.",
    )  # fmt: skip


class Basis(Question):
    """On what the point rests."""

    criterion = forms.CharField(
        label="Which rule or criterion does it touch?", required=False, max_length=400,
        help_text="For example criterion 2(c). Leave it empty where you do not know.",
    )  # fmt: skip
    evidence = forms.CharField(
        label="Which records show it?", required=False, max_length=2_000,
        help_text="Their references, with commas between them. Files can be sent later.",
    )  # fmt: skip


class More(Question):
    """Another point?"""

    more = forms.ChoiceField(
        label="Is there another point?", widget=forms.RadioSelect, choices=YES_NO, error_messages=_NEEDED,
        help_text="Every point is answered on its own, with grounds, and can be contested on its own.",
    )  # fmt: skip


class People(Question):
    """Who must not see it."""

    kept_out = forms.MultipleChoiceField(
        label="Is there anybody who must not see it?", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Choose nobody, or some. Whoever took part in what it is about is kept out already. Nobody "
        "is told whom you choose.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kept_out"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        names = {BRINGS: "lets others join"} | {level.number: level.name for level in queries.levels()}
        field.choices = [(p.id, f"{p.title} ({names[p.level]})") for p in queries.people_of_the_ladder()]


class Decider(Question):
    """Is the next decider asked?"""

    asks = forms.ChoiceField(
        label="Must whoever decides on this next answer a question about it?", widget=forms.RadioSelect,
        choices=YES_NO, error_messages=_NEEDED,
        help_text="They must record what they answer. They are not told who asks; in a small team the question "
        "itself can be a hint.",
    )  # fmt: skip


class Check(Question):
    """Nothing more to ask."""


@dataclass(frozen=True, slots=True)
class Step:
    """A page: its form, what of the draft stands in it, and what is done with what was said."""

    form: type[Question]
    first: Callable[[Draft], Mapping[str, Any]]
    take: Callable[[Draft, Mapping[str, Any]], None]


def _take_claim(draft: Draft, said: Mapping[str, Any]) -> None:
    point = {**draft.point(), "claim": said["claim"]}
    draft.points[draft.place : draft.place + 1] = [point]


def _take_basis(draft: Draft, said: Mapping[str, Any]) -> None:
    evidence = [part.strip() for part in said["evidence"].split(",") if part.strip()]
    draft.points[draft.place] |= {"criterion": said["criterion"], "evidence": evidence}


def ids_in(text: str) -> list[str]:
    """What was typed, as ids."""
    return [part for part in re.split(r"[\s,;]+", text) if part]


def _first_targets(draft: Draft) -> Mapping[str, Any]:
    listed = {t.id for t in queries.known_targets()}
    return {"targets": draft.targets, "named": ", ".join(t for t in draft.targets if t not in listed)}


def _take_targets(draft: Draft, said: Mapping[str, Any]) -> None:
    draft.targets = list(dict.fromkeys([*said["targets"], *ids_in(said["named"])]))


def _set(name: str, of: str = "", *, flag: bool = False) -> Callable[[Draft, Mapping[str, Any]], None]:
    def take(draft: Draft, said: Mapping[str, Any]) -> None:
        value = said[of or name]
        setattr(draft, name, value == "yes" if flag else value)

    return take


def _nothing(_draft: Draft, _said: Mapping[str, Any]) -> None:
    """The page of a question whose answer only leads on."""


STEPS: Mapping[str, Step] = {
    "about": Step(About, _first_targets, _take_targets),
    "matter": Step(Matter, lambda d: {"matter": d.matter}, _set("matter")),
    "claim": Step(Claim, lambda d: {"claim": d.point().get("claim", "")}, _take_claim),
    "basis": Step(
        Basis,
        lambda d: {
            "criterion": d.point().get("criterion", ""),
            "evidence": ", ".join(d.point().get("evidence", [])),
        },
        _take_basis,
    ),
    "more": Step(More, lambda _d: {}, _nothing),
    "people": Step(People, lambda d: {"kept_out": d.kept_out}, _set("kept_out")),
    "decider": Step(Decider, lambda _d: {}, _set("asks_decider", "asks", flag=True)),
    "check": Step(Check, lambda _d: {}, _nothing),
}
"""In their order."""


def following(step: str, draft: Draft, said: Mapping[str, Any]) -> str:
    """The next page. A further point leads back to the page of points; a draft without targets asks no decider."""
    if step == "more" and said["more"] == "yes" and len(draft.points) < MOST_POINTS:
        draft.place = len(draft.points)
        return "claim"
    if step == "people" and not draft.targets:
        return "check"
    names = list(STEPS)
    return names[names.index(step) + 1]


def before(step: str, draft: Draft) -> str:
    """The page before."""
    if step == "claim" and draft.place > 0:
        draft.place -= 1
        return "more"
    if step == "check" and not draft.targets:
        return "people"
    if step == "people":
        draft.place = max(0, len(draft.points) - 1)
    names = list(STEPS)
    return names[max(0, names.index(step) - 1)]
