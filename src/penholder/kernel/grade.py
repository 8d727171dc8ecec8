"""Source grades: reliability A-F and credibility 1-6, judged apart (the Admiralty code)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from penholder.kernel.errors import InputError

_SHAPE = re.compile(r"[A-F][1-6]\Z")


@dataclass(frozen=True, slots=True, order=True)
class Grade:
    """Ordered from strongest (A1) to weakest (F6): first by reliability of the source, then by credibility.

    The order only says which of two paths to show first. It is never turned into a number or a cut-off.
    F and 6 mean "cannot be judged"; they sort last because nothing stronger can be claimed for them.
    """

    reliability: str
    credibility: str

    def __str__(self) -> str:
        return self.reliability + self.credibility


def parse_grade(text: str) -> Grade:
    """Read `B2`. Raises InputError for anything that is not A-F followed by 1-6."""
    cleaned = text.strip().upper()
    if not _SHAPE.match(cleaned):
        raise InputError(f"not a source grade: {text!r}", hint="write A to F and 1 to 6, for example B2")
    return Grade(cleaned[0], cleaned[1])
