"""Small YAML records (rules, profiles, mappings), read strictly: a complaint says file, line and what is allowed.

Only the structure of YAML is used. Scalars stay the text that was written, so `NO` is Norway and not False,
`2014-03` is a month and not a subtraction, and `0.10` keeps its nought. Typed getters give them a meaning.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from penholder.kernel.dates import PartialDate, parse_day, parse_partial
from penholder.kernel.errors import InputError
from penholder.rules.yaml_tree import Node, Scalar, Sequence, Table, is_null, kind, parse_tree

MAX_BYTES = 4 << 20
"""Records are written by people; a larger file is something else given by mistake."""
_INTEGER = re.compile(r"[+-]?\d{1,18}\Z")
_DECIMAL = re.compile(r"[+-]?\d{1,30}(\.\d{1,12})?\Z")
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, eq=False)
class Record:
    """One mapping of a YAML file. `where` is `file:line`; all getters raise `error` with the line of the key.

    A key that is absent, empty, `~` or `null` is "not given": the plain getters refuse it, the `opt_` ones
    return None (or an empty tuple).
    """

    name: str
    line: int
    error: type[InputError]
    nodes: Mapping[str, Node]
    lines: Mapping[str, int]

    @property
    def where(self) -> str:
        """`file:line` of the mapping."""
        return f"{self.name}:{self.line}"

    def has(self, key: str) -> bool:
        """Is the key given, and not null?"""
        node = self.nodes.get(key)
        return node is not None and not is_null(node)

    def keys(self) -> tuple[str, ...]:
        """All keys, in file order."""
        return tuple(self.nodes)

    def refuse_unknown(self, allowed: Collection[str]) -> None:
        """Raise for the first key that is not in `allowed`, with the nearest allowed one."""
        for key in self.nodes:
            if key not in allowed:
                raise self.refusal(key, f"key {key!r} is not allowed; {_allowed(key, allowed)}")

    def refusal(self, key: str | None, message: str, *, hint: str = "") -> InputError:
        """The error to raise about `key` (None: about the whole record): `file:line: message`."""
        line = self.line if key is None else self.lines.get(key, self.line)
        return self.error(f"{self.name}:{line}: {message}", hint=hint)

    def text(self, key: str) -> str:
        """The text of a scalar, stripped, exactly as written otherwise."""
        value = self._scalar(key).strip()
        if not value:
            raise self.refusal(key, f"key {key!r} is empty; a text is needed")
        return value

    def verbatim(self, key: str) -> str:
        """The text of a scalar with its spaces (a tab as delimiter, for example); may be empty if quoted."""
        return self._scalar(key)

    def opt_text(self, key: str) -> str | None:
        """As `text`, or None where not given."""
        return self.text(key) if self.has(key) else None

    def choice(self, key: str, allowed: Collection[str]) -> str:
        """A text that is one of `allowed`."""
        value = self.text(key)
        if value not in allowed:
            raise self.refusal(key, f"key {key!r}: {value!r} is not allowed; {_allowed(value, allowed)}")
        return value

    def opt_choice(self, key: str, allowed: Collection[str]) -> str | None:
        """As `choice`, or None where not given."""
        return self.choice(key, allowed) if self.has(key) else None

    def day(self, key: str) -> date:
        """A date `YYYY-MM-DD`."""
        try:
            return parse_day(self.text(key))
        except InputError as error:
            raise self._restated(key, error) from error

    def opt_day(self, key: str) -> date | None:
        """As `day`, or None where not given."""
        return self.day(key) if self.has(key) else None

    def partial(self, key: str) -> PartialDate:
        """A date of any precision: `2014`, `2014-03` or `2014-03-25`."""
        try:
            return parse_partial(self.text(key))
        except InputError as error:
            raise self._restated(key, error) from error

    def opt_partial(self, key: str) -> PartialDate | None:
        """As `partial`, or None where not given."""
        return self.partial(key) if self.has(key) else None

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """yes/no or true/false. `default` is returned where not given; without one the key is needed."""
        if default is not None and not self.has(key):
            return default
        value = self.text(key).lower()
        if value not in _FLAGS:
            raise self.refusal(key, f"key {key!r}: {value!r} is not allowed; allowed: yes, no, true, false")
        return _FLAGS[value]

    def opt_flag(self, key: str) -> bool | None:
        """As `flag`, or None where not given."""
        return self.flag(key) if self.has(key) else None

    def integer(self, key: str) -> int:
        """A whole number of at most 18 digits."""
        value = self.text(key)
        if not _INTEGER.match(value):
            raise self.refusal(key, f"key {key!r}: a whole number is needed, not {value[:40]!r}")
        return int(value)

    def opt_integer(self, key: str) -> int | None:
        """As `integer`, or None where not given."""
        return self.integer(key) if self.has(key) else None

    def decimal(self, key: str) -> Decimal:
        """A plain decimal number, without exponent."""
        value = self.text(key)
        if not _DECIMAL.match(value):
            raise self.refusal(key, f"key {key!r}: a number is needed, not {value[:40]!r}")
        return Decimal(value)

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text alone counts as a list of one. Repeats and empty entries are refused."""
        node = self._node(key)
        nodes = node.entries if isinstance(node, Sequence) else [node]
        found = tuple(self._word(key, n) for n in nodes)
        if len(set(found)) < len(found):
            twice = next(w for w in found if found.count(w) > 1)
            raise self.refusal(key, f"key {key!r}: {twice!r} is given twice")
        return found

    def opt_words(self, key: str) -> tuple[str, ...]:
        """As `words`, or an empty tuple where not given."""
        return self.words(key) if self.has(key) else ()

    def items(self, key: str) -> list[Record]:
        """A list of mappings."""
        node = self._node(key)
        if not isinstance(node, Sequence):
            raise self.refusal(key, f"key {key!r}: a list is needed, not {kind(node)}")
        return [_record(n, name=self.name, error=self.error, role=f"an entry of {key!r}") for n in node.entries]

    def opt_items(self, key: str) -> list[Record]:
        """As `items`, or an empty list where not given."""
        return self.items(key) if self.has(key) else []

    def child(self, key: str) -> Record:
        """A mapping inside this one."""
        return _record(self._node(key), name=self.name, error=self.error, role=f"key {key!r}")

    def opt_child(self, key: str) -> Record | None:
        """As `child`, or None where not given."""
        return self.child(key) if self.has(key) else None

    def texts(self, key: str) -> dict[str, str]:
        """A mapping of texts to texts, for example a table of translations."""
        child = self.child(key)
        return {k: child.text(k) for k in child.keys()}  # noqa: SIM118 - Record is not a dict

    def is_mapping(self, key: str) -> bool:
        """Is the key given as a mapping?"""
        return isinstance(self.nodes.get(key), Table)

    def _node(self, key: str) -> Node:
        if not self.has(key):
            near = difflib.get_close_matches(key, [k for k in self.nodes if k != key], n=1)
            said = f"; did you mean it with {near[0]!r}?" if near else ""
            raise self.refusal(key, f"key {key!r} is missing{said}")
        return self.nodes[key]

    def _scalar(self, key: str) -> str:
        node = self._node(key)
        if not isinstance(node, Scalar):
            raise self.refusal(key, f"key {key!r}: a single value is needed, not {kind(node)}")
        return node.text

    def _word(self, key: str, node: Node) -> str:
        if not isinstance(node, Scalar) or node.is_null:
            said = "nothing" if is_null(node) else kind(node)
            raise self.error(f"{self.name}:{node.line}: key {key!r}: a text is needed in the list, not {said}")
        return node.text.strip()

    def _restated(self, key: str, error: InputError) -> InputError:
        return self.refusal(key, f"key {key!r}: {error.message}", hint=error.hint)


def read_record(path: Path, *, error: type[InputError] = InputError) -> Record:
    """The mapping that a YAML file holds.

    Raises: `error` if the file cannot be read, is too large, is not UTF-8, or is not one plain YAML mapping.
    """
    try:
        if path.is_dir():
            raise error(f"{path}: is a folder; a file is needed")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError as missing:
        raise error(f"{path}: there is no such file") from missing
    except (OSError, ValueError) as unreadable:  # ValueError: a NUL in the name
        raise error(f"{path}: cannot be read ({getattr(unreadable, 'strerror', unreadable)})") from unreadable
    if len(content) > MAX_BYTES:
        raise error(f"{path}: larger than {MAX_BYTES >> 20} MB; a YAML record is a small file written by a person")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        raise error(f"{path}:{line}: not UTF-8", hint="save the file as UTF-8") from wrong
    return parse_record(text, name=str(path), error=error)


def parse_record(text: str, *, name: str, error: type[InputError] = InputError) -> Record:
    """The mapping that `text` holds; `name` is the file name that messages show. Raises: `error`."""
    return _record(parse_tree(text, name=name, error=error), name=name, error=error, role="the file")


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that looks most like `word`, or None."""
    found = difflib.get_close_matches(word, list(allowed), n=1)
    return found[0] if found else None


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """The end of a message: `; did you mean 'x'?`, or nothing where no allowed word looks like it."""
    near = nearest(word, allowed)
    return f"; did you mean {near!r}?" if near else ""


def _allowed(word: str, allowed: Collection[str]) -> str:
    return f"allowed: {', '.join(sorted(allowed))}{did_you_mean(word, allowed)}"


def _record(node: Node, *, name: str, error: type[InputError], role: str) -> Record:
    if not isinstance(node, Table):
        said = f"{role} must be a mapping (key: value), not {kind(node)}"
        raise error(f"{name}:{node.line}: {said}")
    return Record(name=name, line=node.line, error=error, nodes=node.pairs, lines=node.key_lines)
