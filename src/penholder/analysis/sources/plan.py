"""Which mapping reads a source, and which of its files hold what. Decided from names and columns alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from penholder.analysis.sources.formats import header_of, refuse_utf16
from penholder.analysis.sources.guess import Guess, columns_shown, guess
from penholder.analysis.sources.mapping import Mapping, TableMapping
from penholder.analysis.sources.mapping_file import GENERIC, read_mapping, shipped, shipped_names
from penholder.analysis.sources.stream import STDIN, Source
from penholder.kernel.errors import MappingError, SourceError
from penholder.rules.records import did_you_mean, nearest

MAX_FILES = 200
_SUFFIXES = {".csv", ".tsv", ".txt", ".json", ".geojson"}
_ORDER = ("points", "onward", "criteria", "notes", "lines", "incidents", "edges", "not_used")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user said about a source."""

    shown: str
    kind: str | None
    mapping: Path | str | None
    encoding: str | None
    confirm: Callable[[Guess], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """The mapping, the files of each of its tables in the order to load them, and what is not read."""

    mapping: Mapping
    files: tuple[tuple[TableMapping, tuple[Source, ...]], ...]
    not_read: tuple[str, ...]


def kinds() -> tuple[str, ...]:
    """All kinds that `import` knows."""
    fixed = (n for n in shipped_names() if shipped(n).kind not in GENERIC)
    return (*fixed, *GENERIC)


def paths_of(source: Path | str) -> tuple[list[Path | str], list[str]]:
    """The files to open, and the names of what a folder holds beside them.

    Raises: SourceError for a folder without tables.
    """
    if str(source) == STDIN:
        return [STDIN], []
    path = Path(source)
    if not path.is_dir():
        return [path], []
    try:
        inside = sorted(p for p in path.iterdir() if not p.name.startswith("."))
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}", hint="check its permissions") from error
    tables = [p for p in inside if p.is_file() and _suffix(p.name) in _SUFFIXES]
    if not tables:
        below = [p.name for p in inside if p.is_dir()]
        hint = f"it has folders: {', '.join(below[:10])}; give one of them" if below else "give another folder"
        raise SourceError(f"the folder {path} holds no tables ({', '.join(sorted(_SUFFIXES))})", hint=hint)
    if len(tables) > MAX_FILES:
        raise SourceError(f"the folder {path} holds {len(tables)} tables", hint=f"at most {MAX_FILES} at a time")
    return list(tables), [p.name + ("/" if p.is_dir() else "") for p in inside if p not in tables]


def make_plan(opened: list[Source], asked: Asked, not_read: list[str]) -> Plan:
    """Choose the mapping, and match each file to one of its tables.

    Raises: SourceError where nothing fits, MappingError for a mapping that is wrong or of another kind.
    """
    mapping = _mapping(asked.kind, asked.mapping)
    if mapping is None:
        found = guess(lambda m: [(s.name, header_of(s, m.tables[0])) for s in opened], asked.shown)
        asked.confirm(found)
        mapping = found.mapping
    if asked.encoding:
        mapping = mapping.with_encoding(asked.encoding)
    files: dict[int, list[Source]] = {}
    unread = list(not_read)
    for one in opened:
        at = next((i for i, t in enumerate(mapping.tables) if t.fits(header_of(one, t))), None)
        if at is not None:
            files.setdefault(at, []).append(one)
        elif len(opened) == 1:
            raise _wrong_kind(one, mapping)
        else:
            unread.append(one.name)
    unread += _check_mains(mapping, files, opened)
    ordered = sorted(files.items(), key=lambda f: (_ORDER.index(mapping.tables[f[0]].holds), f[0]))
    return Plan(mapping, tuple((mapping.tables[at], tuple(some)) for at, some in ordered), tuple(sorted(unread)))


def _suffix(name: str) -> str:
    return Path(name.removesuffix(".gz")).suffix.lower()


def _mapping(kind: str | None, mapping: Path | str | None) -> Mapping | None:
    if kind is not None and kind not in kinds():
        said = did_you_mean(kind, kinds())
        raise SourceError(f"kind {kind!r} is not known; allowed: {', '.join(kinds())}{said}")
    if mapping is None:
        if kind in GENERIC:
            hint = "give --mapping FILE.yaml; see docs/reference/mapping-files.md"
            raise MappingError(f"kind {kind} needs a mapping", hint=hint)
        return shipped(kind) if kind else None
    found = read_mapping(mapping)
    if kind is not None and found.kind != kind:
        raise MappingError(
            f"{mapping} is a mapping for {found.kind}, not for {kind}", hint="give the kind that it says"
        )
    return found


def _check_mains(mapping: Mapping, files: dict[int, list[Source]], opened: list[Source]) -> list[str]:
    """Drop tables that tell the main rows again; gives the names of their files.

    Raises: SourceError where no file holds the main rows, or several hold the same kind that may be there once.
    """
    mains = [at for at in sorted(files) if mapping.tables[at].holds == mapping.main]
    if not mains:
        raise _wrong_kind(opened[0], mapping)
    first = mains[0]
    if not mapping.tables[first].several and len(files[first]) > 1:
        names = ", ".join(s.name for s in files[first])
        raise SourceError(
            f"{len(files[first])} files hold {mapping.main}: {names}",
            hint="each is a release of its own: import them one by one, each with its --released date",
        )
    if mapping.main == "edges":  # each table of edges has its own
        return []
    return [s.name for other in mains[1:] for s in files.pop(other)]


def _wrong_kind(source: Source, mapping: Mapping) -> SourceError:
    refuse_utf16(source)
    mains = [t for t in mapping.tables if t.holds == mapping.main]
    best = min(mains, key=lambda t: len(t.missing(header_of(source, t))))
    header = header_of(source, best)
    named = [h for h in header if h]
    missing = [
        f"{m!r} (did you mean {n!r}?)" if (n := nearest(m, named)) else repr(m) for m in best.missing(header)
    ]
    hint = f"it has: {columns_shown(header)}"
    if len(header) <= 1 and any(c in "".join(header) for c in ";\t|"):
        hint += "; is the delimiter another one? (`delimiter` in a mapping)"
    if not header and not source.peek(1):
        return SourceError(f"{source.shown} is empty", hint="nothing was loaded; get the file again")
    said = f"it has no column {', '.join(missing)}" if missing else "it holds something else"
    looks = [n for n in shipped_names() if n != mapping.name and shipped(n).fits_main(header)]
    hint += f"; it looks like {' or '.join(looks)}" if looks else ""
    return SourceError(f"{source.shown} is no {mapping.name} file: {said}", hint=hint)
