"""The tree of a YAML text: scalars as written, lists and mappings, each with its line. See `records`."""

from __future__ import annotations

from dataclasses import dataclass

import yaml
from yaml import events

from penholder.kernel.errors import InputError

MAX_DEPTH = 40
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(slots=True, eq=False)
class Scalar:
    """A single value: the text as written (quotes and escapes resolved)."""

    text: str
    line: int
    is_null: bool


@dataclass(slots=True, eq=False)
class Sequence:
    """A list."""

    entries: list[Node]
    line: int


@dataclass(slots=True, eq=False)
class Table:
    """A mapping, in file order."""

    pairs: dict[str, Node]
    key_lines: dict[str, int]
    line: int


Node = Scalar | Sequence | Table


def parse_tree(text: str, *, name: str, error: type[InputError]) -> Node:
    """The one document in `text`. Raises: `error`, with `name` and the line, for anything else."""
    builder = _Builder(name, error)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except (yaml.YAMLError, UnicodeError) as wrong:
        raise error(_syntax(wrong, name), hint="the file must be plain YAML, indented by spaces") from wrong
    if builder.root is None or is_null(builder.root):
        raise error(f"{name}: the file is empty")
    return builder.root


def is_null(node: Node) -> bool:
    """Is it nothing: empty, `~` or `null`, not in quotes?"""
    return isinstance(node, Scalar) and node.is_null


def kind(node: Node) -> str:
    """What a message calls it."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Table):
        return "a mapping"
    return "nothing" if node.is_null else f"the single value {node.text[:40]!r}"


def _syntax(wrong: Exception, name: str) -> str:
    mark = getattr(wrong, "problem_mark", None)
    problem = getattr(wrong, "problem", None) or str(wrong).splitlines()[0][:120] or type(wrong).__name__
    return f"{name}:{mark.line + 1}: {problem}" if mark else f"{name}: {problem}"


class _Builder:
    """Builds the tree from parser events, without recursion: the composer of libyaml can overflow the stack.

    Refuses aliases (a thing is written where it holds), tags, odd or repeated keys, deep nesting, two documents.
    """

    def __init__(self, name: str, error: type[InputError]) -> None:
        self.name = name
        self.error = error
        self.root: Node | None = None
        self._open: list[Sequence | Table] = []
        self._keys: list[Scalar | None] = []

    def take(self, event: events.Event) -> None:
        """Take the next event of the parser."""
        line = (event.start_mark.line if event.start_mark else 0) + 1
        if isinstance(event, events.NodeEvent):
            self._check(event, line)
        if isinstance(event, events.ScalarEvent):
            plain = event.style is None or event.style == ""
            self._place(Scalar(event.value, line, plain and event.value in _NULLS))
        elif isinstance(event, events.SequenceStartEvent):
            self._enter(Sequence([], line))
        elif isinstance(event, events.MappingStartEvent):
            self._enter(Table({}, {}, line))
        elif isinstance(event, events.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, events.DocumentStartEvent) and self.root is not None:
            raise self._refusal(line, "a second document begins (---); one file holds one record")

    def _check(self, event: events.NodeEvent, line: int) -> None:
        if isinstance(event, events.AliasEvent) or event.anchor is not None:
            raise self._refusal(line, "anchors and aliases (& and *) are not allowed; write the values out")
        if getattr(event, "tag", None) is not None:
            raise self._refusal(line, "tags (!) are not allowed; put the value in quotes if it is a text")

    def _enter(self, node: Sequence | Table) -> None:
        if len(self._open) == MAX_DEPTH:
            raise self._refusal(node.line, f"nested more than {MAX_DEPTH} deep")
        self._place(node)
        self._open.append(node)
        self._keys.append(None)

    def _place(self, node: Node) -> None:
        """Put a finished or just opened node into the innermost open collection."""
        if not self._open:
            self.root = node
            return
        parent, key = self._open[-1], self._keys[-1]
        if isinstance(parent, Sequence):
            parent.entries.append(node)
        elif key is None:
            self._keys[-1] = self._key(parent, node)
        else:
            parent.pairs[key.text] = node
            self._keys[-1] = None

    def _key(self, parent: Table, node: Node) -> Scalar:
        if not isinstance(node, Scalar):
            raise self._refusal(node.line, f"a key must be a single word, not {kind(node)}")
        if node.text in parent.key_lines:
            first = parent.key_lines[node.text]
            raise self._refusal(node.line, f"key {node.text!r} is given twice; first on line {first}")
        parent.key_lines[node.text] = node.line
        return node

    def _refusal(self, line: int, message: str) -> InputError:
        return self.error(f"{self.name}:{line}: {message}")
