"""Mappings: small YAML records that say how the columns of a publisher's table become ours.

The keys and their meaning are in docs/reference/mapping-files.md. Every kind that ships is such a mapping too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path

from penholder.analysis.sources.dates import DatePattern
from penholder.analysis.sources.rows import Dialect
from penholder.analysis.sources.stream import check_encoding
from penholder.analysis.sources.targets import HOLDS, TARGETS, Target
from penholder.kernel.canonical import sha256_of
from penholder.kernel.errors import InputError, MappingError
from penholder.rules.records import Record, nearest, parse_record, read_record

_TOP = {"kind", "title", "series", "attribution", "data_licence", "licence_key"}
_STYLE = {"encoding", "delimiter", "quote", "skip_lines", "skip_starting", "decimal", "thousands", "ignore",
          "dates", "months", "null_words", "list_separator"}  # fmt: skip
_TABLE = {"holds", "columns", "fixed", "joins", "repeats", "several", "why_not"}
_RULE = {"column", "columns", "codes", "others", "fold", "dates", "null_words", "list_separator", "open_mark",
         "prefix", "multiply", "round", "flags", "leave_out", "optional",
         "cut_end"}  # fmt: skip
_SERIES = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}\Z")
_DATES = ("YYYY-MM-DD", "YYYY-MM", "YYYY")
MAPPINGS = resources.files("penholder.analysis.sources") / "mappings"


@dataclass(frozen=True, slots=True)
class Style:
    """How numbers, dates and missing values are written in a table."""

    dialect: Dialect = field(default_factory=Dialect)
    decimal: str = "."
    thousands: str = ""
    ignore: tuple[str, ...] = ()
    dates: tuple[DatePattern, ...] = ()
    months: tuple[str, ...] = ()
    null_words: frozenset[str] = frozenset({""})
    list_separator: str = ""


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """How one of our columns is made from the columns of the file.

    `columns` are names of which the first that the file has is read; with `joined` all of them are read.
    """

    target: Target
    columns: tuple[str, ...]
    joined: bool = False
    codes: dict[str, str] = field(default_factory=dict)
    others: str = "refuse"
    fold: bool = False
    dates: tuple[DatePattern, ...] = ()
    null_words: frozenset[str] = frozenset({""})
    list_separator: str = ""
    open_mark: str = ""
    prefix: str = ""
    multiply: Decimal = Decimal(1)
    round: bool = False
    flags: dict[str, str] = field(default_factory=dict)
    leave_out: frozenset[str] = frozenset()
    optional: bool = False
    cut_end: str = ""

    def sources(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """The columns of the file that are read; empty if it has none of them."""
        present = tuple(c for c in self.columns if c in header)
        return present if self.joined else present[:1]


@dataclass(frozen=True, slots=True)
class TableMapping:
    """One kind of table within a source."""

    holds: str
    rules: tuple[ColumnRule, ...]
    fixed: dict[str, str]
    style: Style
    joins: str = "licence"
    keep_repeats: bool = False
    several: bool = True
    why_not: str = ""

    def fits(self, header: tuple[str, ...]) -> bool:
        """Does a file with this header have every column that is needed?"""
        return not self.missing(header)

    def missing(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """The needed columns that the header does not have."""
        needed = [r for r in self.rules if not r.optional]
        absent = [r.columns if r.joined else r.columns[:1] for r in needed if not r.sources(header)]
        absent += [
            tuple(c for c in r.columns if c not in header) for r in needed if r.joined and r.sources(header)
        ]
        return tuple(dict.fromkeys(c for names in absent for c in names))


@dataclass(frozen=True, slots=True)
class Mapping:
    """How one kind of source is read. `tables` in order of preference: the first that fits a file is used."""

    name: str
    kind: str
    title: str
    series: str
    attribution: str
    data_licence: str
    licence_key: str
    tables: tuple[TableMapping, ...]
    sha256: str

    @property
    def main(self) -> str:
        """The data set whose counts are the answer: lines, incidents, edges or notes."""
        return self.tables[0].holds

    def with_encoding(self, encoding: str) -> Mapping:
        """The same, for files in another encoding."""
        codec = check_encoding(encoding)
        tables = tuple(
            replace(t, style=replace(t.style, dialect=replace(t.style.dialect, encoding=codec)))
            for t in self.tables
        )
        return replace(self, tables=tables, sha256=sha256_of([self.sha256, codec]))


@cache
def shipped_names() -> tuple[str, ...]:
    """Names of the mappings that come with Penholder."""
    return tuple(sorted(f.name.removesuffix(".yaml") for f in MAPPINGS.iterdir() if f.name.endswith(".yaml")))


@cache
def shipped(name: str) -> Mapping:
    """A mapping that comes with Penholder. Raises: MappingError for an unknown name."""
    if name not in shipped_names():
        raise MappingError(f"no mapping is called {name!r}", hint=f"there are: {', '.join(shipped_names())}")
    text = (MAPPINGS / f"{name}.yaml").read_text(encoding="utf-8")
    return _mapping(parse_record(text, name=f"{name}.yaml", error=MappingError), name)


def read_mapping(given: Path | str) -> Mapping:
    """A mapping file of the user, or the name of a shipped one. Raises: MappingError with file and line."""
    if str(given) in shipped_names() and not Path(given).exists():
        return shipped(str(given))
    path = Path(given)
    return _mapping(read_record(path, error=MappingError), path.stem)


def _mapping(record: Record, name: str) -> Mapping:
    has_tables = record.has("tables")
    record.refuse_unknown(_TOP | _STYLE | ({"tables"} if has_tables else _TABLE - {"holds"}))
    kind = record.text("kind")
    style = _style(record, Style(dates=_patterns(record, _DATES, ())))
    if has_tables:
        tables = tuple(_table(t, style, own=True) for t in record.items("tables"))
    else:
        tables = (_table(record, style, own=False),)
    if not tables or tables[0].holds not in {"lines", "incidents", "edges", "notes"}:
        raise record.refusal(
            "tables" if has_tables else "kind", "the first table must hold lines, incidents, edges or notes"
        )
    return Mapping(
        name=name,
        kind=kind,
        title=record.opt_text("title") or name,
        series=_series(record, name),
        attribution=record.opt_text("attribution") or "",
        data_licence=record.opt_text("data_licence") or "",
        licence_key=record.opt_text("licence_key") or "",
        tables=tables,
        sha256=sha256_of(_content(record)),
    )


def check_series(name: str) -> str:
    """The name of a series; it becomes part of a folder name. Raises: MappingError."""
    if not _SERIES.match(name):
        raise MappingError(
            f"{name!r} cannot be the name of a series",
            hint="up to 60 letters, digits, dots, hyphens, underscores",
        )
    return name


def _series(record: Record, name: str) -> str:
    given = record.opt_text("series")
    if given is None:
        return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:60] or "list"
    try:
        return check_series(given)
    except MappingError as error:
        raise record.refusal("series", error.message, hint=error.hint) from error


_GENERIC = {"generic-licences": "lines", "generic-incidents": "incidents", "edges": "edges"}


def _table(record: Record, base: Style, *, own: bool) -> TableMapping:
    if own:
        record.refuse_unknown(_STYLE | _TABLE)
        holds, style = record.choice("holds", HOLDS), _style(record, base)
    else:
        holds, style = _GENERIC[record.choice("kind", _GENERIC)], base
    targets = TARGETS[holds]
    rules = _rules(record, targets, style) if record.has("columns") else ()
    fixed = _fixed(record, targets)
    _check_complete(record, targets, rules, fixed, holds)
    return TableMapping(
        holds=holds,
        rules=rules,
        fixed=fixed,
        style=style,
        joins=record.opt_choice("joins", {"licence", "cohort"}) or "licence",
        keep_repeats=record.opt_choice("repeats", {"quarantine", "keep"}) == "keep",
        several=record.flag("several", default=True),
        why_not=record.opt_text("why_not") or "",
    )


def _rules(record: Record, targets: dict[str, Target], style: Style) -> tuple[ColumnRule, ...]:
    columns = record.child("columns")
    if not targets:  # a table that is only counted: its columns say how to know it
        return tuple(ColumnRule(Target(c, "text"), columns.words(c)) for c in columns.keys())  # noqa: SIM118
    columns.refuse_unknown(targets)
    return tuple(_rule(columns, name, targets[name], style) for name in columns.keys())  # noqa: SIM118


def _rule(columns: Record, name: str, target: Target, style: Style) -> ColumnRule:
    base = ColumnRule(
        target, (), dates=style.dates, null_words=style.null_words, list_separator=style.list_separator
    )
    if not columns.is_mapping(name):
        return replace(base, columns=_names(columns, name))
    record = columns.child(name)
    record.refuse_unknown(_RULE)
    flags = record.texts("flags") if record.has("flags") else {}
    joined = record.has("columns") or bool(flags)
    if record.has("column") + record.has("columns") + bool(flags) != 1:
        raise columns.refusal(name, f"column {name!r} needs one of: column, columns, flags")
    codes = record.texts("codes") if record.has("codes") else {}
    for word in codes.values():
        if target.words and word not in target.words:
            near = nearest(word, target.words)
            said = f"; did you mean {near!r}?" if near else ""
            raise record.refusal(
                "codes", f"{word!r} is not allowed for {name}; allowed: {', '.join(sorted(target.words))}{said}"
            )
    fold = record.flag("fold", default=False)
    return replace(
        base,
        columns=tuple(" ".join(c.split()) for c in flags) or _names(record, "columns" if joined else "column"),
        joined=joined,
        codes={folded(k): v for k, v in codes.items()} if fold else codes,
        others=record.opt_choice("others", {"keep", "refuse", "null"}) or ("refuse" if codes else "keep"),
        fold=fold,
        dates=_patterns(record, (), style.months) or style.dates,
        null_words=frozenset(("", *record.opt_words("null_words")))
        if record.has("null_words")
        else style.null_words,
        list_separator=record.verbatim("list_separator") if record.has("list_separator") else style.list_separator,
        open_mark=record.opt_text("open_mark") or "",
        prefix=record.verbatim("prefix") if record.has("prefix") else "",
        multiply=record.decimal("multiply") if record.has("multiply") else Decimal(1),
        round=record.flag("round", default=False),
        flags=flags,
        leave_out=frozenset(record.opt_words("leave_out")),
        optional=record.flag("optional", default=False),
        cut_end=record.opt_text("cut_end") or "",
    )


def _names(record: Record, key: str) -> tuple[str, ...]:
    return tuple(" ".join(n.split()) for n in record.words(key))


def _fixed(record: Record, targets: dict[str, Target]) -> dict[str, str]:
    if not record.has("fixed"):
        return {}
    record.child("fixed").refuse_unknown(targets)
    return record.texts("fixed")


def _check_complete(
    record: Record, targets: dict[str, Target], rules: tuple[ColumnRule, ...], fixed: dict[str, str], holds: str
) -> None:
    given = {r.target.name for r in rules}
    both = sorted(given & set(fixed))
    if both:
        raise record.refusal("fixed", f"{both[0]!r} is given both under `columns` and under `fixed`")
    lacking = [t.name for t in targets.values() if t.needed and t.name not in given | set(fixed)]
    if lacking:
        raise record.refusal(
            "columns", f"{lacking[0]!r} is needed for {holds}",
            hint="give under `columns` the column that holds it, or one value for all rows under `fixed`",
        )  # fmt: skip
    if not targets and not rules:
        raise record.refusal(None, "key 'columns' is missing: it says by which columns the table is known")


def _style(record: Record, base: Style) -> Style:
    dialect = base.dialect
    months = record.opt_words("months") or base.months
    if months and len(months) != 12:
        raise record.refusal("months", f"key 'months': twelve names are needed, not {len(months)}")
    try:
        encoding = check_encoding(record.opt_text("encoding") or dialect.encoding)
    except InputError as error:
        raise record.refusal("encoding", error.message, hint=error.hint) from error
    return Style(
        dialect=Dialect(
            encoding=encoding,
            delimiter=_character(record, "delimiter", dialect.delimiter),
            quote=_character(record, "quote", dialect.quote),
            skip_lines=record.opt_integer("skip_lines") or dialect.skip_lines,
            skip_starting=record.opt_words("skip_starting") or dialect.skip_starting,
        ),
        decimal=_character(record, "decimal", base.decimal),
        thousands=record.verbatim("thousands") if record.has("thousands") else base.thousands,
        ignore=record.opt_words("ignore") or base.ignore,
        dates=_patterns(record, (), months) or base.dates,
        months=months,
        null_words=frozenset(("", *record.opt_words("null_words"))) | base.null_words,
        list_separator=record.verbatim("list_separator") if record.has("list_separator") else base.list_separator,
    )


def _character(record: Record, key: str, default: str) -> str:
    value = record.verbatim(key) if record.has(key) else default
    value = {"tab": "\t", "\\t": "\t"}.get(value, value)
    if len(value) != 1 or value in "\r\n\0":
        raise record.refusal(key, f"key {key!r}: one character is needed (or the word tab), not {value!r}")
    return value


def _patterns(record: Record, default: tuple[str, ...], months: tuple[str, ...]) -> tuple[DatePattern, ...]:
    try:
        return tuple(DatePattern.of(p, months=months) for p in record.opt_words("dates") or default)
    except InputError as error:
        raise record.refusal("dates", error.message, hint=error.hint) from error


def folded(text: str) -> str:
    """One spelling for texts that differ only in case, spaces, hyphens and underscores."""
    return "_".join(text.replace("_", " ").replace("-", " ").casefold().split())


def _content(record: Record) -> str:
    return repr(record.nodes)
