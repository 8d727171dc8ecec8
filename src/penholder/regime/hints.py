"""Capability hints: by which means goods with a rating could be used. A hint is not a finding.

Source: regime notes, section 2.6 (starter hints), as data in `data/int/hints.yaml`, beside it `means.yaml`.
Neither is law; both may be edited, and every answer cites the hash of what was used (`rules_hash`).
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from pathlib import Path

from penholder.kernel.canonical import sha256_of
from penholder.kernel.errors import RuleError
from penholder.kernel.grade import parse_grade
from penholder.regime import control_lists
from penholder.rules.records import Record, did_you_mean, read_record

_DATA = Path(__file__).parent / "data" / "int"
_SILENT_ROLES = frozenset({"unknown", "inherit"})
_HINT_KEYS = ("row", "rating", "role", "platform", "means", "exhaustive", "by_end_user", "grade", "source", "note")
_PIECE = re.compile(r"[A-Z]+|[0-9]+|[^A-Z0-9]")
_DROPPED = re.compile(r"[\s.()\[\]_-]+")
_HEAD = r"(?:[A-Z]{1,6}[ ._-]?[0-9]{1,4}|[0-9][ .]?[A-Z][ .]?[0-9]{3}|[0-9]{1,4})"
_BELOW = (  # sub-entries: `.a`, `a`, `(a)`, `3`, `(3)`, `ii`. Two codes side by side do not fit.
    r"(?:(?:(?<=[0-9])[ _-]|\.)?[A-Z](?![A-Z])"
    r"| ?\( ?(?:[A-Z]{1,4}|[0-9]{1,3}) ?\)| ?\[ ?(?:[A-Z]{1,4}|[0-9]{1,3}) ?\]"
    r"|(?:\.|(?<![0-9]))[0-9]{1,3}(?![0-9])|(?:(?<=[0-9])|\.)[IVX]{1,4}(?![A-Z]))*"
)
_LISTED = re.compile(rf"{_HEAD}{_BELOW} ?\.?\Z")
_WORDED = re.compile(r"[A-Z]{2,}(?: [A-Z]{1,6}){0,2}\Z")
_JOINING = re.compile(r"\s*[;,/+|&]\s*|\s+(?:and|et|und|y|e)\s+", re.IGNORECASE)
_BARE = re.compile(r"[0-9]{1,3}\Z")


@dataclass(frozen=True, slots=True)
class MeansKind:
    """One means: how an operation is carried out."""

    id: str
    title: str
    covers: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """What goods with a rating could be used for.

    `rating` is a normalised code or the beginning of one. `exhaustive` means that the goods reach no means
    beyond `means`: only such a row may exclude a line. `by_end_user`: the role depends on who uses the goods.
    """

    row: int
    rating: str
    role: str
    platform: str | None
    means: tuple[str, ...]
    exhaustive: bool
    by_end_user: bool
    grade: str
    source: str
    note: str = ""

    @property
    def silent(self) -> bool:
        """Has the rating no role of its own?"""
        return self.role in _SILENT_ROLES


@dataclass(frozen=True, slots=True)
class Absence:
    """A known code that has no row on purpose, and why."""

    code: str
    why: str


def normal_code(code: str) -> str:
    """A control-list code without spaces, dots, brackets and hyphens, in capitals: `ML 10.a` -> `ML10A`."""
    return _DROPPED.sub("", code).upper()


@lru_cache(maxsize=1 << 16)
def is_one_code(text: str) -> bool:
    """Has a text the shape of one whole code? `ML10.a`, `6A003b4`, `HR AII` have; `ML6, ML10` has not."""
    plain = " ".join(text.split()).upper()
    return bool(_LISTED.match(plain) or _WORDED.match(plain))


def written_code(text: str) -> str | None:
    """A code as its list writes it (`ML 10.A`: `ML10a`), what follows a heading in small letters; else None."""
    heading = control_lists.entry(text) if is_one_code(text) else None
    if heading is None:
        return None
    return heading.code + control_lists.folded(text)[len(control_lists.folded(heading.code)) :].lower()


@lru_cache(maxsize=1 << 16)
def split_codes(text: str) -> tuple[str, ...]:
    """The codes of a text that lists several, each once; the text itself where not every part is a whole code.

    They may be joined by `;` `,` `/` `+` `|` `&` or the words and, et, und, y, e. A bare number beside other codes
    (`ML6/10`) is not taken for a code: it does not say of which list it is.
    """
    parts = tuple(dict.fromkeys(p for p in _JOINING.split(text.strip()) if p))
    if not all(is_one_code(p) for p in parts):
        return (text,)
    bare = [bool(_BARE.match(p)) for p in parts]
    return parts if parts and (all(bare) or not any(bare)) else (text,)


def prefixes(code: str) -> tuple[str, ...]:
    """The code and its shorter beginnings, longest first. Numbers and words are never cut in the middle.

    `ML10a3` -> `ML10A3, ML10A, ML10, ML`; `6A003` -> `6A003, 6A, 6`. So `ML10` never falls back to `ML1`.
    What is not one whole code (`ML6, ML10`) has none: it is silent, and never taken for its first part.
    """
    if not is_one_code(code):
        return ()
    pieces = _PIECE.findall(normal_code(code))
    return tuple("".join(pieces[:n]) for n in range(len(pieces), 0, -1))


def hint_for(code: str) -> Hint | None:
    """The row with the longest rating that the code begins with, or None: no row, which counts as silent."""
    rows = _rows_by_rating()
    return next((rows[p] for p in prefixes(code) if p in rows), None)


@cache
def means() -> tuple[MeansKind, ...]:
    """The vocabulary of means, in its fixed order. Raises: RuleError if the table is broken."""
    return read_means(_DATA / "means.yaml")


@cache
def hints() -> tuple[Hint, ...]:
    """The table of capability hints. Raises: RuleError if the table is broken."""
    return read_hints(_DATA / "hints.yaml")


@cache
def absences() -> tuple[Absence, ...]:
    """Known codes that have no row on purpose."""
    table = read_record(_DATA / "hints.yaml", error=RuleError)
    return tuple(
        Absence(code, entry.text("why")) for entry in table.items("absent") for code in entry.words("codes")
    )


@cache
def rules_hash() -> str:
    """sha256 of the content of both tables, for citations."""
    return sha256_of({"hints": [asdict(h) for h in hints()], "means": [asdict(m) for m in means()]})


@cache
def _rows_by_rating() -> dict[str, Hint]:
    return {h.rating: h for h in hints()}


def read_means(path: Path) -> tuple[MeansKind, ...]:
    """Read a table of means. Raises: RuleError with file and line."""
    table = read_record(path, error=RuleError)
    table.refuse_unknown(("table", "source", "means"))
    kinds: dict[str, MeansKind] = {}
    for entry in table.items("means"):
        entry.refuse_unknown(("id", "title", "covers"))
        kind = MeansKind(entry.text("id"), entry.text("title"), entry.text("covers"))
        if kind.id in kinds:
            raise entry.refusal("id", f"means {kind.id!r} is given twice")
        kinds[kind.id] = kind
    return tuple(kinds.values())


def read_hints(path: Path) -> tuple[Hint, ...]:
    """Read a table of hints. Raises: RuleError with file and line.

    Refused: an unknown means, two rows with one number or one rating, means on a silent row, a silent or
    means-less row that claims to be exhaustive, and one platform with two different sets of means.
    """
    table = read_record(path, error=RuleError)
    table.refuse_unknown(("table", "source", "text_status", "grade", "hints", "absent"))
    rows: list[Hint] = []
    for entry in table.items("hints"):
        hint = _hint(entry, grade=table.text("grade"), source=table.text("source"))
        for earlier in rows:
            _refuse_clash(entry, hint, earlier)
        rows.append(hint)
    return tuple(rows)


def _hint(entry: Record, *, grade: str, source: str) -> Hint:
    entry.refuse_unknown(_HINT_KEYS)
    hint = Hint(
        row=entry.integer("row"),
        rating=normal_code(entry.text("rating")),
        role=entry.text("role"),
        platform=entry.opt_text("platform"),
        means=_means_of(entry),
        exhaustive=entry.flag("exhaustive", default=False),
        by_end_user=entry.flag("by_end_user", default=False),
        grade=str(parse_grade(entry.opt_text("grade") or grade)),
        source=f"row {entry.integer('row')}, {entry.opt_text('source') or source}",
        note=entry.opt_text("note") or "",
    )
    if hint.silent and (hint.means or hint.platform):
        raise entry.refusal("role", f"role {hint.role!r} makes the row silent; it may name no means or platform")
    if hint.exhaustive and not hint.means:
        raise entry.refusal("exhaustive", "a row without means cannot be exhaustive: it would exclude everything")
    return hint


def _means_of(entry: Record) -> tuple[str, ...]:
    known = [k.id for k in means()]
    found = entry.opt_words("means")
    for word in found:
        if word not in known:
            said = did_you_mean(word, known)
            raise entry.refusal("means", f"means {word!r} is not known; allowed: {', '.join(known)}{said}")
    return found


def _refuse_clash(entry: Record, hint: Hint, earlier: Hint) -> None:
    if hint.row == earlier.row:
        raise entry.refusal("row", f"row {hint.row} is given twice; a row keeps its number")
    if hint.rating == earlier.rating:
        raise entry.refusal("rating", f"rating {hint.rating!r} already has row {earlier.row}")
    if hint.platform and hint.platform == earlier.platform and set(hint.means) != set(earlier.means):
        raise entry.refusal(
            "means", f"platform {hint.platform!r} has other means in row {earlier.row}; a platform has one set"
        )
