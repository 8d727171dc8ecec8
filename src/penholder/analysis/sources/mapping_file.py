"""Read mapping files: the shipped ones and the user's own. Every complaint says file, line and what is allowed."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path

from penholder.analysis.sources.dates import DatePattern
from penholder.analysis.sources.mapping import ColumnRule, Mapping, Style, TableMapping, folded
from penholder.analysis.sources.rows import Dialect
from penholder.analysis.sources.stream import check_encoding
from penholder.analysis.sources.targets import HOLDS, TARGETS, Target
from penholder.kernel.canonical import sha256_of
from penholder.kernel.errors import InputError, MappingError
from penholder.rules.records import Record, did_you_mean, parse_record, read_record

GENERIC = {"generic-licences": "lines", "generic-incidents": "incidents", "edges": "edges"}
"""Kinds that a user's mapping may have, and what their first table holds."""
TOP = {"kind", "title", "series", "attribution", "data_licence", "licence_key"}
STYLE = {"encoding", "delimiter", "quote", "skip_lines", "skip_starting", "decimal", "thousands", "ignore",
          "dates", "months", "null_words", "list_separator"}  # fmt: skip
TABLE = {"holds", "columns", "fixed", "joins", "repeats", "several", "why_not"}
RULE = {"column", "columns", "codes", "others", "fold", "dates", "null_words", "list_separator", "open_mark",
         "prefix", "multiply", "round", "flags", "leave_out", "optional",
         "cut_end"}  # fmt: skip
_SERIES = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}\Z")
_MAX_SKIP = 1000
_DATES = ("YYYY-MM-DD", "YYYY-MM", "YYYY")
MAPPINGS = resources.files("penholder.analysis.sources") / "mappings"


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
    record = read_record(path, error=MappingError)
    record.choice("kind", GENERIC)
    return _mapping(record, path.stem)


def _mapping(record: Record, name: str) -> Mapping:
    has_tables = record.has("tables")
    record.refuse_unknown(TOP | STYLE | ({"tables"} if has_tables else TABLE - {"holds"}))
    kind = record.text("kind")
    style = _style(record, Style(dates=_patterns(record, _DATES, ())))
    if has_tables:
        tables = tuple(_table(t, style, own=True) for t in record.items("tables"))
    else:
        tables = (_table(record, style, own=False),)
    if not tables or tables[0].holds != GENERIC.get(kind, tables[0].holds):
        raise record.refusal("tables", f"the first table of {kind} must hold {GENERIC.get(kind, 'its main rows')}")
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


def _table(record: Record, base: Style, *, own: bool) -> TableMapping:
    if own:
        record.refuse_unknown(STYLE | TABLE)
        holds, style = record.choice("holds", HOLDS), _style(record, base)
    else:
        holds, style = GENERIC[record.choice("kind", GENERIC)], base
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
    record.refuse_unknown(RULE)
    flags = record.texts("flags") if record.has("flags") else {}
    joined = record.has("columns") or bool(flags)
    if record.has("column") + record.has("columns") + bool(flags) != 1:
        raise columns.refusal(name, f"column {name!r} needs one of: column, columns, flags")
    codes = record.texts("codes") if record.has("codes") else {}
    for word in codes.values():
        _check_word(record, "codes", target, word)
    fold = record.flag("fold", default=False)
    nulls = frozenset(("", *record.opt_words("null_words"))) if record.has("null_words") else style.null_words
    separator = record.verbatim("list_separator") if record.has("list_separator") else style.list_separator
    return replace(
        base,
        columns=tuple(" ".join(c.split()) for c in flags) or _names(record, "columns" if joined else "column"),
        joined=joined,
        codes={folded(k): v for k, v in codes.items()} if fold else codes,
        others=record.opt_choice("others", {"keep", "refuse", "null"}) or ("refuse" if codes else "keep"),
        fold=fold,
        dates=_patterns(record, (), style.months) or style.dates,
        null_words=nulls,
        list_separator=separator,
        open_mark=record.opt_text("open_mark") or "",
        prefix=record.verbatim("prefix") if record.has("prefix") else "",
        multiply=record.decimal("multiply") if record.has("multiply") else Decimal(1),
        round=record.flag("round", default=False),
        flags=flags,
        leave_out=frozenset(record.opt_words("leave_out")),
        optional=record.flag("optional", default=False),
        cut_end=record.opt_text("cut_end") or "",
    )


def _check_word(record: Record, key: str, target: Target, word: str) -> None:
    if target.words and word not in target.words:
        said = did_you_mean(word, target.words)
        allowed = ", ".join(sorted(target.words))
        raise record.refusal(key, f"{word!r} is not allowed for {target.name!r}; allowed: {allowed}{said}")


def _names(record: Record, key: str) -> tuple[str, ...]:
    return tuple(" ".join(n.split()) for n in record.words(key))


def _fixed(record: Record, targets: dict[str, Target]) -> dict[str, str]:
    if not record.has("fixed"):
        return {}
    record.child("fixed").refuse_unknown(targets)
    fixed = record.texts("fixed")
    for name, word in fixed.items():
        _check_word(record.child("fixed"), name, targets[name], word)
    return fixed


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
            skip_lines=_skip_lines(record, dialect.skip_lines),
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


def _skip_lines(record: Record, default: int) -> int:
    given = record.opt_integer("skip_lines")
    if given is not None and not 0 <= given <= _MAX_SKIP:
        raise record.refusal("skip_lines", f"key 'skip_lines': 0 to {_MAX_SKIP} are allowed, not {given}")
    return default if given is None else given


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


def _content(record: Record) -> str:
    return repr(record.nodes)
