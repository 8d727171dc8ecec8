"""What a door says where an act was refused."""

from __future__ import annotations

from collections.abc import Mapping

from penholder.kernel.errors import PenholderError


class DoorError(Exception):
    """An act was refused. code: of the error. fields: the parameters that it names, each with why."""

    def __init__(self, code: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{code}: {message} {dict(fields or {}) or ''}".strip())
        self.code, self.fields = code, dict(fields or {})


def refusal_of(error: PenholderError) -> DoorError:
    """The same as an error of the house."""
    return DoorError(error.code, error.message, getattr(error, "fields", None))
