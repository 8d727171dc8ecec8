"""Tables of evidence that are data: the scales of findings, the classes of objects, the columns about persons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from penholder.evidence.values import INSUFFICIENT, Axis
from penholder.kernel.errors import RuleError
from penholder.rules.records import Record, parse_record

ATTRIBUTED = "attributed"
OTHER, NOT_STATED = "other", "not_stated"
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Scale:
    """One axis: what is asked, and value -> its words. attributed: values that count as attributed."""

    axis: Axis
    title: str
    question: str
    values: Mapping[str, str]
    attributed: frozenset[str]


@dataclass(frozen=True, slots=True)
class ObjectClass:
    """A class of objects or people. words: how published lists call it."""

    id: str
    title: str
    words: tuple[str, ...]


@cache
def scales() -> Mapping[Axis, Scale]:
    """The four axes, in their order. Raises: RuleError."""
    record = _data("scales.yaml")
    record.refuse_unknown({"table", "source", "axes"})
    found = {s.axis: s for s in map(_scale, record.items("axes"))}
    missing = [a.value for a in Axis if a not in found]
    if missing:
        raise record.refusal("axes", f"there is no scale for {', '.join(missing)}")
    return MappingProxyType(found)


def _scale(entry: Record) -> Scale:
    entry.refuse_unknown({"id", "title", "question", "values"})
    rows = entry.items("values")
    for row in rows:
        row.refuse_unknown({"id", "title", "counts_as"})
        row.opt_choice("counts_as", {ATTRIBUTED})
    values = {r.text("id"): r.text("title") for r in rows}
    if INSUFFICIENT not in values or len(values) != len(rows):
        raise entry.refusal("values", f"each value once, and {INSUFFICIENT!r} among them")
    counted = frozenset(r.text("id") for r in rows if r.has("counts_as"))
    axis = Axis(entry.choice("id", list(Axis)))
    return Scale(axis, entry.text("title"), entry.text("question"), MappingProxyType(values), counted)


@cache
def object_classes() -> Mapping[str, ObjectClass]:
    """Id -> class, in the order of the table. Raises: RuleError."""
    record = _data("object_classes.yaml")
    record.refuse_unknown({"table", "source", "text_status", "classes"})
    found = {}
    for entry in record.items("classes"):
        entry.refuse_unknown({"id", "title", "topic", "words"})
        found[entry.text("id")] = ObjectClass(entry.text("id"), entry.text("title"), tuple(entry.words("words")))
    if not {OTHER, NOT_STATED} <= found.keys():
        raise record.refusal("classes", f"{OTHER!r} and {NOT_STATED!r} must be there")
    return MappingProxyType(found)


def class_of(words: str) -> str:
    """The class of an object as a list calls it: the longest known word that stands in the text; else `other`."""
    said = f" {plain(words)} "
    if not said.strip():
        return NOT_STATED
    if words in object_classes():
        return words
    found = [
        (len(w), i, c.id) for i, c in enumerate(object_classes().values()) for w in _plain_words(c) if w in said
    ]
    return max(found, key=lambda f: (f[0], -f[1]))[2] if found else OTHER


def _plain_words(kind: ObjectClass) -> tuple[str, ...]:
    return tuple(f" {plain(w)} " for w in kind.words)


def personal_columns(header: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a file that are about persons: names, ways to reach them, numbers that identify them."""
    whole, anywhere, person, part = _personal()
    found = []
    for column in header:
        said = plain(_spaced(column))
        words = set(said.split())
        if said in whole or words & anywhere or (words & person and words & part):
            found.append(column)
    return tuple(found)


@cache
def _personal() -> tuple[frozenset[str], ...]:
    record = _data("personal_columns.yaml")
    lists = ("columns", "anywhere", "person", "part")
    record.refuse_unknown({"table", "source", *lists})
    return tuple(frozenset(map(plain, record.words(n))) for n in lists)


def plain(text: str) -> str:
    """Lower case, words only, one space between them."""
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def _spaced(name: str) -> str:
    """`victimName` -> `victim Name`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def mapping_file() -> Path:
    """The layout of tables that are written in our own columns."""
    return _path("incidents.yaml")


def _data(name: str) -> Record:
    return parse_record(_path(name).read_text(encoding="utf-8"), name=name, error=RuleError)


def _path(name: str) -> Path:
    return Path(str(resources.files("penholder.evidence").joinpath("data", name)))
