"""What the assessments ask of the evidence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from importlib import import_module
from typing import Any

from penholder.actions.errors import InvalidError


def check_evidence(ids: Collection[str], *, field: str) -> None:
    """Every id names something that is there. Raises: InvalidError naming those that do not."""
    there = frozenset(_queries().exists(ids)) if ids else frozenset()
    missing = tuple(i for i in ids if i not in there)
    if missing:
        raise InvalidError(
            f"there is no evidence {', '.join(missing[:5])}{' and others' if len(missing) > 5 else ''}",
            hint="give public ids of incidents and sources, as their pages show them",
            fields={field: f"there is no {', '.join(missing[:5])}"},
        )


def recorded_between(destination: str, after: date, before: date) -> tuple[str, ...]:
    """Ids of the incidents at a destination that were recorded after one day and before another, in that order."""
    return tuple(_queries().recorded_between(destination=destination, after=after, before=before))


def _queries() -> Any:
    return import_module("penholder.evidence.queries")
