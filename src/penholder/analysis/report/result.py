"""The shape of every answer: a document (JSON), rows (a table), words (the terminal), and how to cite it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from penholder import __version__


@dataclass(frozen=True, slots=True)
class Citation:
    """Enough to compute the same answer again."""

    predicate: str
    """What was counted, in one plain sentence."""
    data: str
    """sha256 of the rows in use (Catalogue.data_hash), or of the file."""
    on: str = ""
    """As-of date in the world (ISO), or empty."""
    known: str = ""
    """Moment (ISO, UTC) or day whose knowledge was used."""
    profile: str = ""
    """sha256 of the operation profile, or empty."""
    rules: str = ""
    """sha256 of the rule and hint tables that were used, or empty."""
    attribution: tuple[str, ...] = ()
    version: str = __version__

    def document(self) -> dict[str, Any]:
        """As JSON, without empty fields."""
        pairs = {
            "predicate": self.predicate, "data": self.data, "on": self.on, "known": self.known,
            "profile": self.profile, "rules": self.rules, "version": self.version,
            "attribution": list(self.attribution),
        }  # fmt: skip
        return {k: v for k, v in pairs.items() if v}

    def line(self) -> str:
        """One line for a terminal or a foot of a page."""
        parts = [f"data {_short(self.data)}"]
        parts += [f"profile {_short(self.profile)}"] if self.profile else []
        parts += [f"Penholder {self.version}"]
        parts += [f"on {self.on}"] if self.on else []
        parts += [f"known {self.known}"] if self.known else []
        return "Cite: " + ", ".join(parts)


def _short(digest: str) -> str:
    return f"{digest[:8]}…{digest[-4:]}" if len(digest) > 16 else digest


@dataclass(frozen=True, slots=True)
class Result:
    """An answer in all its forms.

    `document` is the JSON form, whose field names are fixed; `table` are its rows; `words` are the lines for a
    terminal (empty: the table is drawn). `citation` goes into every format.
    """

    title: str
    document: dict[str, Any]
    table: pa.Table | Callable[[], pa.Table]
    """The rows, or a function that builds them when a format asks for them. Read it with `rows()`."""
    citation: Citation
    words: tuple[str, ...] = ()
    notices: tuple[str, ...] = field(default=())
    """Short remarks for standard error: assumptions made, data sets that are missing."""
    reads_as_words: bool = False
    """The words are the answer and the rows only a part of it: a pipe and a plain page get the words."""
    html: Callable[[], str] | None = None
    """Builds the full page; None: a plain page with the table."""

    def rows(self) -> pa.Table:
        """The table, built now if it was given as a function."""
        return self.table() if callable(self.table) else self.table
