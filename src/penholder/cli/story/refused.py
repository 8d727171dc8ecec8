"""What a door says where an act was refused."""

from __future__ import annotations

from penholder.kernel.errors import PenholderError


class DoorError(Exception):
    """An act was refused. code: of the error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


def refusal_of(error: PenholderError) -> DoorError:
    """The same as an error of the house."""
    fields = dict(getattr(error, "fields", {}))
    return DoorError(error.code, f"{error.message} {fields or ''}".strip())
