"""A list of parties from a file: which rows are entries, and which are kept out and why.

CSV in UTF-8: the columns `key`, `name`, and where they are there `other_names` (joined by `;`), `place`, `kind`.
Rows of persons are kept out: parties to a case are organisations, and no names of persons are stored for nothing.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from penholder.actions.errors import InvalidError
from penholder.analysis.sources.places import PlaceKind, resolve
from penholder.casework.policy.screening import words_of
from penholder.kernel.canonical import sha256_of

MOST_ROWS = 100_000
_LONGEST = 400
_NEEDED = ("key", "name")
_COLUMNS = frozenset({*_NEEDED, "other_names", "place", "kind"})
_PERSONS = frozenset({"person", "individual", "natural person"})


@dataclass(frozen=True, slots=True)
class ListRow:
    """One entry. spellings: the name first. place: a code; empty: not stated, or not known here."""

    key: str
    spellings: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class ReadList:
    """What became of every row: read = len(rows) + len(refused). refused: (line of the file, reason)."""

    read: int
    rows: tuple[ListRow, ...]
    refused: tuple[tuple[int, str], ...]

    @property
    def reasons(self) -> Mapping[str, int]:
        """Reason -> how many rows were kept out for it."""
        return dict(sorted(Counter(reason for _, reason in self.refused).items()))

    @property
    def data_sha256(self) -> str:
        """Of the entries, in their order."""
        return data_hash(self.rows)


def data_hash(rows: tuple[ListRow, ...]) -> str:
    """SHA-256 of the canonical JSON of some entries."""
    return sha256_of([[r.key, list(r.spellings), r.place] for r in rows])


def read_list(stream: BinaryIO, *, as_of: date) -> ReadList:
    """Read a whole list. Raises: InvalidError (field `file`): it is no such table, or has no entry."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        table = csv.DictReader(text, strict=True)
        _check_columns(table.fieldnames or ())
        found = _read(table, as_of)
    except (UnicodeDecodeError, csv.Error) as error:
        raise _invalid(f"is no table of UTF-8 text: {error}") from error
    finally:
        text.detach()
    if not found.rows:
        raise _invalid(f"has no entry that can be taken in; {found.read} rows were read")
    return found


def _read(table: csv.DictReader[str], as_of: date) -> ReadList:
    rows: list[ListRow] = []
    refused: list[tuple[int, str]] = []
    keys: set[str] = set()
    for row in table:
        if len(rows) + len(refused) >= MOST_ROWS:
            raise _invalid(f"has more than {MOST_ROWS:,} rows")
        made = _row(row, keys, as_of)
        if isinstance(made, ListRow):
            keys.add(made.key)
            rows.append(made)
        else:
            refused.append((table.line_num, made))
    return ReadList(len(rows) + len(refused), tuple(rows), tuple(refused))


def _row(row: Mapping[str | None, str | list[str] | None], keys: set[str], as_of: date) -> ListRow | str:
    """The entry, or why the row is kept out."""
    if None in row or None in row.values():
        return "wrong_number_of_columns"
    said = {str(name): " ".join(str(value).split()) for name, value in row.items()}
    names = [said["name"], *(n.strip() for n in said.get("other_names", "").split(";"))]
    spellings = tuple(dict.fromkeys(n for n in names if n))
    wrong = {
        "of_a_person": said.get("kind", "").casefold() in _PERSONS,
        "no_key": not said["key"],
        "no_name": not said["name"],
        "key_given_twice": said["key"] in keys,
        "too_long": max(map(len, (said["key"], *spellings))) > _LONGEST,
        "name_without_words": not any(words_of(s) for s in spellings),
        "unreadable_sign": any(c < " " or c == "\x7f" for s in (said["key"], *spellings) for c in s),
    }
    reason = next((name for name, found in wrong.items() if found), None)
    return reason or ListRow(said["key"], spellings, _place(said.get("place", ""), as_of))


def _place(given: str, as_of: date) -> str:
    """A code. A place that no table knows counts as not stated: its row is screened all the same."""
    if not given:
        return ""
    found = resolve(given, on=as_of)
    return "" if found.kind is PlaceKind.UNRECOGNISED else found.code


def _check_columns(names: Sequence[str]) -> None:
    lacking = [n for n in _NEEDED if n not in names]
    strange = [n for n in names if n not in _COLUMNS]
    if lacking or strange or len(set(names)) != len(names):
        said = f"lacks {', '.join(lacking)}" if lacking else f"has columns that are not read: {', '.join(strange)}"
        raise _invalid(f"{said}; allowed are {', '.join(sorted(_COLUMNS))}")


def _invalid(words: str) -> InvalidError:
    return InvalidError(
        "the file cannot be read as a list of parties",
        hint="docs/reference/casework.md shows the columns",
        fields={"file": words},
    )
