"""Every action, by name. A declaration that leaves something open is refused when its module is imported."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model

from penholder.actions.errors import InvalidError
from penholder.actions.events import Event
from penholder.actions.given import check_numbers, cleaned
from penholder.actions.names import name_in_capability
from penholder.actions.values import Door
from penholder.actions.wrong import words_of


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """What is known of one action."""

    name: str
    """Capability and function: `register.suspend_lines`."""
    permission: str
    events: tuple[type[Event], ...]
    function: Callable[..., Any]
    parameters: type[BaseModel]
    """Typed parameters: the doors read, check and describe what they are given by this alone."""
    result: TypeAdapter[Any]
    apart_from: tuple[str, ...]
    """Acts on the same subject that must have been another person's."""
    summary: str
    description: str
    doors: frozenset[Door] = frozenset(Door)
    """Where it is offered."""
    apart_if: tuple[str, ...] = ()
    """The same, where the code of the act says so (`Run.must_be_another`)."""
    asks_again: bool = False
    """Must who does it have signed in, or shown again that it is they, a few minutes ago?"""

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Check and convert parameters. Raises: InvalidError with one message per field."""
        try:
            model = self.parameters.model_validate(cleaned(given))
        except ValidationError as error:
            raise InvalidError(
                f"{self.name} cannot be done with what was given",
                hint="mend the named fields",
                fields=messages(error),
            ) from error
        read = dict(model.__dict__)  # pydantic keeps the fields there, in order, and nothing else
        check_numbers(read)
        return read


ACTIONS: dict[str, ActionSpec] = {}
UNKNOWN = "(unknown)"
"""Stands for what was given as the name of a field, and looks like none."""


def messages(error: ValidationError) -> dict[str, str]:
    """Field path -> what is wrong with it. What was given is not repeated: it may be personal.

    Nor is a name that looks like none of a field: a text may have been given as one.
    """
    return {
        ".".join(_named(str(p)) for p in e["loc"]) or "all": words_of(e["type"], e["msg"], e.get("ctx", {}))
        for e in error.errors(include_url=False, include_input=False)
    }


def _named(part: str) -> str:
    return part if re.fullmatch("[a-z0-9_]{1,40}", part) else UNKNOWN


def register_action(
    function: Callable[..., Any],
    *,
    permission: StrEnum,
    events: tuple[type[Event], ...],
    apart_from: tuple[str, ...] = (),
    apart_if: tuple[str, ...] = (),
    doors: Collection[Door] = tuple(Door),
    asks_again: bool = False,
) -> ActionSpec:
    """Enter an action. Raises: TypeError where it declares too little or the wrong thing."""
    name = name_in_capability(function)
    doc = inspect.getdoc(function) or ""
    problems = {
        "a permission (a member of a StrEnum)": isinstance(permission, StrEnum),
        "its events (at least one)": bool(events) and all(issubclass(e, Event) for e in events),
        "a docstring": bool(doc.strip()),
        "a name of its own": name not in ACTIONS,
        "the site as its only door, where it asks again": not asks_again or set(doors) == {Door.SITE},
    }
    for what, present in problems.items():
        if not present:
            msg = f"action {name} does not declare {what}"
            raise TypeError(msg)
    hints = get_type_hints(function, include_extras=True)
    spec = ActionSpec(
        name=name,
        permission=str(permission),
        events=events,
        function=function,
        parameters=_parameters(function, name, hints),
        result=TypeAdapter(hints["return"]),
        apart_from=apart_from,
        apart_if=apart_if,
        summary=doc.split("\n", 1)[0].strip(),
        description=doc,
        doors=frozenset(doors),
        asks_again=asks_again,
    )
    ACTIONS[name] = spec
    return spec


def check_separation(specs: Mapping[str, ActionSpec]) -> None:
    """Check `apart_from` and `apart_if` of all actions, once all are registered.

    Raises: TypeError: an act that there is not, or an event that is about nothing, so that no subject could be
    compared.
    """
    for spec in specs.values():
        earlier = (*spec.apart_from, *spec.apart_if)
        for name in earlier:
            if name not in specs:
                msg = f"action {spec.name} is apart from {name}, which is no action"
                raise TypeError(msg)
        for each in (spec, *(specs[n] for n in earlier)) if earlier else ():
            without = [e.name for e in each.events if not e.about_field]
            if without:
                msg = f"action {spec.name}: {each.name} records {', '.join(without)}, which is about nothing"
                raise TypeError(msg)


def _parameters(function: Callable[..., Any], name: str, hints: dict[str, Any]) -> type[BaseModel]:
    first, *rest = inspect.signature(function).parameters.values()
    if first.name != "run" or any(p.kind is not inspect.Parameter.KEYWORD_ONLY for p in rest):
        msg = f"action {name}: the first parameter is `run`, all others are keyword-only"
        raise TypeError(msg)
    untyped = [p.name for p in rest if p.name not in hints]
    if untyped:
        msg = f"action {name}: {', '.join(untyped)} have no type"
        raise TypeError(msg)
    fields: dict[str, Any] = {
        p.name: (hints[p.name], ... if p.default is inspect.Parameter.empty else p.default) for p in rest
    }
    title = "".join(w.capitalize() for w in name.replace(".", "_").split("_"))
    return create_model(title, __config__=ConfigDict(extra="forbid", str_strip_whitespace=True), **fields)
