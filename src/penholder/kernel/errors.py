"""The one base error, and the exit codes that the command line gives for each kind of error."""

from __future__ import annotations

from typing import ClassVar

EXIT_DONE = 0
EXIT_FINDINGS = 1
EXIT_CANNOT = 2
EXIT_INTEGRITY = 3


class PenholderError(Exception):
    """Something that the user can mend.

    The message says what was given and where, and what is allowed; `hint` says how to mend it.
    Messages and context hold no personal data and no text taken from an incident.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = EXIT_CANNOT

    def __init__(self, message: str, *, hint: str = "", **context: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.context = context

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class InputError(PenholderError):
    """A file, record or option that cannot be read as what it was given as."""

    code = "input"


class SourceError(InputError):
    """A source file cannot be loaded at all (empty, wrong kind, cut short, not readable)."""

    code = "source"


class MappingError(InputError):
    """A mapping file says something that is not allowed."""

    code = "mapping"


class ProfileError(InputError):
    """An operation profile is incomplete or contradicts itself."""

    code = "profile"


class RuleError(InputError):
    """A rule record, control list or hint table says something that is not allowed."""

    code = "rule"


class FolderError(PenholderError):
    """The data folder is missing, not a folder, locked by another import, or of another format."""

    code = "folder"


class NotKnownError(PenholderError):
    """Nothing had been released by the asked date, or the asked line or incident does not exist."""

    code = "not-known"


class TraceError(InputError):
    """The tracing graph has a cycle or an edge to something that does not exist."""

    code = "trace"


class MissingExtraError(PenholderError):
    """An optional package is needed for what was asked."""

    code = "missing-extra"


class OutputError(PenholderError):
    """An answer cannot be written: no space left, no permission, a format that cannot hold it."""

    code = "output"


class ConfigurationError(PenholderError):
    """The installation is not set up, or its configuration says something that is not allowed."""

    code = "configuration"


class StorageError(PenholderError):
    """The database cannot store or give what was asked: full, locked for too long, or away."""

    code = "storage"


class IntegrityError(PenholderError):
    """Stored bytes are not what the catalogue says they are."""

    code = "integrity"
    exit_code = EXIT_INTEGRITY
