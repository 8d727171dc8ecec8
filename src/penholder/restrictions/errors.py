"""What a restriction refuses."""

from __future__ import annotations

from penholder.actions.errors import ConflictError


class MoratoriumError(ConflictError):
    """A moratorium in force matches, or cannot be told not to match, and no exemption lets it through."""

    code = "moratorium"
