"""What the assessments ask of the evidence."""

from __future__ import annotations

from collections.abc import Collection

from penholder.actions.errors import InvalidError
from penholder.evidence.links import recorded_between, unknown_links

__all__ = ["check_evidence", "recorded_between"]


def check_evidence(ids: Collection[str], *, field: str) -> None:
    """Every id names something that is there. Raises: InvalidError naming those that do not."""
    missing = unknown_links(ids)
    if missing:
        raise InvalidError(
            f"there is no evidence {', '.join(missing[:5])}{' and others' if len(missing) > 5 else ''}",
            hint="give public ids of incidents and sources, as their pages show them",
            fields={field: f"there is no {', '.join(missing[:5])}"},
        )
