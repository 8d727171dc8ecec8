"""What can stand in the way of an act on a case, beyond what every act can meet."""

from __future__ import annotations

from collections.abc import Mapping

from penholder.actions.errors import ConflictError


class IncompleteError(ConflictError):
    """Something that the next step needs is missing; `fields` says what, part by part."""

    code = "incomplete"

    def __init__(self, message: str, *, hint: str = "", fields: Mapping[str, str]) -> None:
        super().__init__(message, hint=hint, fields=dict(fields))
        self.fields = dict(fields)


class HeldError(ConflictError):
    """Work on cases of this destination stands still."""

    code = "held"


class InconsistentError(ConflictError):
    """A grant contradicts a finding that leaves nothing to weigh; `limbs` says which."""

    code = "inconsistent"
