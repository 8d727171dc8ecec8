"""Words of the statements: permissions, claims, states of a promise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

STATEMENT = "SA"
PROMISE = "PM"
"""Prefixes of public ids."""
ATTITUDE = "attitude"
RISK = "risk"


class StatementPermission(StrEnum):
    """What can be allowed with statements. The role table of `people` says to whom."""

    RECORD = "statements.record"
    PROMISE = "statements.promise"
    KEEP = "statements.keep"
    REPLACE = "statements.replace"


class PromiseState(StrEnum):
    """What became of a promise. Overdue is no state: it is read from the due day."""

    OPEN = "open"
    KEPT = "kept"
    REPLACED = "replaced"


Quote = Annotated[str, Field(min_length=2, max_length=2_000)]
Part = Annotated[str, Field(min_length=1, max_length=120)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing that was said, in the words that were said, and of which parts of an assessment it speaks.

    about: `attitude`, `<area>/<aspect>` or `risk/<use class>`; none: it speaks of no part.
    """

    words: Quote
    about: Annotated[tuple[Part, ...], Field(max_length=20)] = ()
