"""Turn what a user writes after --where into the values that the data hold; near ones where there is none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from penholder.analysis.sources.places import PlaceKind, name_of, resolve
from penholder.analysis.statistics.dimensions import CATEGORIES, ROUTES, dimension
from penholder.analysis.statistics.question import Filter
from penholder.kernel.errors import InputError

NOT_STATED = "not_stated"
_FIXED = {"route": ROUTES, "military": CATEGORIES, "outcome": ("issued", "refused", "revoked")}
_SHAPES = {
    "year": (re.compile(r"\d{4}\Z"), "write a year, YYYY"),
    "quarter": (re.compile(r"\d{4}-Q[1-4]\Z"), "write YYYY-Qn, for example 2014-Q1"),
    "month": (re.compile(r"\d{4}-(0[1-9]|1[0-2])\Z"), "write YYYY-MM"),
}
_PLACES = ("destination", "onward")
_WORD_IS_A_VALUE = ("end_user", "licence_type")
_ALIASES = {"dual-use": "dual_use"}


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen. `present(dimension)`: the values in the data (None: not stated), asked where needed.

    `own_places`: code -> name of places that the data folder defines itself. `known`: dimension -> values that are
    allowed although the data may not hold them (control-list codes, licence types, end-user classes).
    """

    present: Callable[[str], Iterable[str | int | None]]
    own_places: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_code: Callable[[str], bool] = field(default=lambda _: False)
    """Is it a code of a control list?"""

    def stated(self, name: str) -> list[str]:
        """The values of a dimension that lines state, sorted."""
        return sorted(str(v) for v in self.present(name) if v is not None)

    def name(self, code: str) -> str:
        """Plain name of a place."""
        return self.own_places.get(code) or name_of(code)


def read_filters(texts: Iterable[str], choices: Choices) -> tuple[Filter, ...]:
    """`dimension=value` texts as filters; several of one dimension are alternatives.

    Raises: InputError for a text without `=`, an unknown dimension, or a value that nothing has.
    """
    named: dict[str, list[str]] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InputError(
                f"--where {text!r} has no '='", hint="write dimension=value, for example --where outcome=refused"
            )
        named.setdefault(dimension(name.strip()).name, []).append(value.strip())
    return tuple(_filter(name, values, choices) for name, values in named.items())


def _filter(name: str, texts: Sequence[str], choices: Choices) -> Filter:
    values: list[str | int | None] = []
    prefixes: list[str] = []
    words: list[str] = []
    for text in texts:
        if name == "rating" and text.endswith("*") and len(text) > 1:
            prefixes.append(text[:-1])
            continue
        value, word = _value(name, text, choices)
        values.append(value)
        words.append(word)
    words += [f"beginning with {prefix}" for prefix in prefixes]
    return Filter(name, tuple(values), tuple(prefixes), tuple(words))


def _value(name: str, text: str, choices: Choices) -> tuple[str | int | None, str]:
    if text in ("", NOT_STATED, "not stated") and name not in _WORD_IS_A_VALUE:
        return None, "not stated"
    if name in _SHAPES:
        shape, hint = _SHAPES[name]
        if not shape.match(text):
            raise InputError(f"--where {name}={text}: not a {name}", hint=hint)
        return (int(text) if name == "year" else text), text
    if name in _FIXED:
        wanted = _ALIASES.get(text.lower(), text.lower())
        if wanted not in _FIXED[name]:
            raise InputError(f"--where {name}={text}: no such value", hint=f"allowed: {', '.join(_FIXED[name])}")
        return wanted, wanted.replace("_", "-")
    if name in _PLACES:
        return _place(name, text, choices)
    return _listed(name, text, choices)


def _place(name: str, text: str, choices: Choices) -> tuple[str, str]:
    own = {own_name.casefold(): code for code, own_name in choices.own_places.items()}
    code = text.upper() if text.upper() in choices.own_places else own.get(text.casefold())
    found = resolve(text)
    if code is None and found.kind is PlaceKind.COUNTRY:
        code = found.code
    if code is not None:
        return code, _labelled(code, choices)
    # Final destinations too: with the route, a destination is one of them.
    held = {v.casefold(): v for place in _PLACES for v in choices.stated(place)}
    for spelling in (text, found.code):
        if spelling.casefold() in held:
            value = held[spelling.casefold()]
            return value, _labelled(value, choices)
    names = {choices.name(v): v for v in held.values()} | {v: v for v in held.values()}
    raise InputError(f"--where {name}={text}: no such place", hint=_near(text, names))


def _labelled(code: str, choices: Choices) -> str:
    name = choices.name(code)
    return f"{name} ({code})" if name != code else code


def _listed(name: str, text: str, choices: Choices) -> tuple[str, str]:
    held = {v.casefold(): v for v in (*choices.known.get(name, ()), *choices.stated(name))}
    if text.casefold() in held:
        value = held[text.casefold()]
        return value, value
    if name == "rating" and choices.is_code(text):
        return text, text
    raise InputError(f"--where {name}={text}: no such value", hint=_near(text, held.values()))


def absent(condition: Filter, present: Iterable[str | int | None]) -> tuple[str, ...]:
    """The words of those alternatives of a filter that are not among `present`, the values in the data."""
    held = set(present)
    spelled = [v.casefold() for v in held if isinstance(v, str)]
    found = [value in held for value in condition.values]
    found += [any(v.startswith(p.casefold()) for v in spelled) for p in condition.prefixes]
    return tuple(word for word, is_there in zip(condition.words, found, strict=True) if not is_there)


def _near(text: str, values: Iterable[str]) -> str:
    known = {v.casefold(): v for v in sorted(values)}
    near = [known[k] for k in difflib.get_close_matches(text.casefold(), known, n=5, cutoff=0.5)]
    near += [v for k, v in known.items() if text.casefold() in k and v not in near][:5]
    if near:
        return f"near ones: {', '.join(near)}"
    some = list(known.values())[:12]
    return f"the data have {len(known)}: {', '.join(some)}{', ...' if len(known) > len(some) else ''}"
