"""What a concern can be about, and the neutral question to the next decider: data/matters.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from penholder.concerns.policy.machine import data


@dataclass(frozen=True, slots=True)
class Matter:
    """One row."""

    id: str
    name: str
    question: str


@cache
def matters() -> Mapping[str, Matter]:
    """All, by id, in order. Raises: RuleError."""
    record = data("matters.yaml")
    record.refuse_unknown({"matters"})
    found = {}
    for row in record.items("matters"):
        row.refuse_unknown({"id", "name", "question"})
        found[row.text("id")] = Matter(row.text("id"), row.text("name"), row.text("question"))
    return found
