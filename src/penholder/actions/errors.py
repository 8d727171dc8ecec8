"""What can stand in the way of an act. `entry.errors` maps each code to HTTP, forms and exit codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from penholder.kernel.errors import PenholderError
from penholder.ledger.errors import WriteOutsideActionError

__all__ = [
    "AbsentError",
    "BrokenActError",
    "ConflictError",
    "InvalidError",
    "NothingRecordedError",
    "RefusedError",
    "RepeatedKeyError",
    "SeparationError",
    "UndeclaredEventError",
    "WriteOutsideActionError",
]


class NothingRecordedError(PenholderError):
    """An action changed rows and recorded no event; it was rolled back."""

    code = "nothing-recorded"


class BrokenActError(PenholderError):
    """The code of an action took hold of its transaction: ended it, broke it, or left something for after it."""

    code = "broken-act"


class UndeclaredEventError(PenholderError):
    """An action recorded an event that it does not declare."""

    code = "undeclared-event"


class RefusedError(PenholderError):
    """The actor may not do this."""

    code = "refused"


class SeparationError(RefusedError):
    """The actor did an earlier act on the same subject that has to be another person's."""

    code = "separation-of-duties"


class AbsentError(PenholderError):
    """There is no such thing, or the actor may not know of it: the two are told apart nowhere."""

    code = "absent"


class ConflictError(PenholderError):
    """Somebody else was faster, or the state of the subject does not allow the act."""

    code = "conflict"


class RepeatedKeyError(ConflictError):
    """An idempotency key was used again for another request."""

    code = "repeated-key"


class InvalidError(PenholderError):
    """Some of the given values are not allowed; `fields` says which and why."""

    code: ClassVar[str] = "invalid"

    def __init__(self, message: str, *, hint: str = "", fields: Mapping[str, str]) -> None:
        super().__init__(message, hint=hint, fields=dict(fields))
        self.fields = dict(fields)
