"""What stands in the parameters of a step, made real: references, days, people, files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

LATEST = "latest"
_DAY = re.compile(r"@([+-]\d+)(T[0-9:]+Z)?")
_DAY_INSIDE = re.compile(r"\{@([+-]\d+)\}")
_SITE_INSIDE = re.compile(r"\{(site:[a-z]+)\}")
_NAMED = re.compile(r"\$([a-z0-9_]+(?:\.[a-z_]+)?)")
_NAMED_INSIDE = re.compile(r"\{\$([a-z0-9_]+(?:\.[a-z_]+)?)\}")


@dataclass(frozen=True, slots=True)
class Reader:
    """Makes the parameters of an act out of those of a step.

    results: name of a step, or of what was found -> what it gave; of a command the text that it printed, which has
    fields where it is JSON. ids: `who:key`, `firm:key` -> public id; `site:name` -> folder of its home.
    send: stores a file of a kind, gives its handle. version: of the thing that the parameters name.
    """

    today: date
    results: Mapping[str, Any]
    ids: Mapping[str, str]
    send: Callable[[str, bytes], str]
    version: Callable[[Mapping[str, Any]], int]

    def given(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters, with the version last: it is that of a thing which the others name."""
        made = {name: self.real(value) for name, value in wanted.items() if value != LATEST}
        return made | {name: self.version(made) for name, value in wanted.items() if value == LATEST}

    def real(self, value: Any) -> Any:
        """Any value, however deep."""
        if isinstance(value, list):
            return [self.real(v) for v in value]
        if isinstance(value, dict):
            if value.keys() == {"send", "text"}:
                return self.send(value["send"], self._text(value["text"]).encode())
            return {name: self.real(v) for name, v in value.items()}
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> Any:
        if text in self.ids:
            return self.ids[text]
        if found := _NAMED.fullmatch(text):
            return self._result(found[1])
        if found := _DAY.fullmatch(text):
            return f"{self._day(found[1])}{found[2] or ''}"
        text = _SITE_INSIDE.sub(lambda m: self.ids[m[1]], text)
        text = _DAY_INSIDE.sub(lambda m: self._day(m[1]), text)
        return _NAMED_INSIDE.sub(lambda m: str(self._result(m[1])), text)

    def _day(self, offset: str) -> str:
        return (self.today + timedelta(days=int(offset))).isoformat()

    def _result(self, path: str) -> Any:
        return found_in(self.results, path)


def found_in(results: Mapping[str, Any], path: str) -> Any:
    """What a name stands for, or with a point behind it one of its fields; of a printed text that is JSON, too."""
    name, _, field = path.partition(".")
    found = results[name]
    if not field:
        return found
    return (json.loads(found) if isinstance(found, str) else found)[field]


def text_of(text: str, today: date) -> Any:
    """A text of a step that names nothing but days."""

    def nothing(*_: Any) -> Any:
        raise KeyError(text)

    return Reader(today=today, results={}, ids={}, send=nothing, version=nothing).real(text)
