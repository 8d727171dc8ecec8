"""What can be wrong with keys, sealed texts and stored files."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from penholder.kernel.errors import EXIT_INTEGRITY, PenholderError


class VaultError(PenholderError):
    """Something in the vault cannot be done as asked. Messages name no subject: its id is personal data."""

    code = "vault"


class VaultStorageError(VaultError):
    """The disk refused: full, read-only, or no permission. Nothing is half-written."""

    code = "vault-storage"


class KeyStoreError(VaultError):
    """The key store is missing, readable by others, busy, or of another format."""

    code = "key-store"


class KeyMissingError(VaultError):
    """There is no key for this subject, and reading never makes one."""

    code = "key-missing"


class KeyDestroyedError(VaultError):
    """The key of this subject was destroyed by an erasure. It cannot come back, and gets no successor."""

    code = "key-destroyed"


class FileAbsentError(VaultError):
    """No file has this address (any more)."""

    code = "file-absent"


class VaultIntegrityError(VaultError):
    """Stored bytes are not what was sealed: changed, cut, reordered, or moved from another place."""

    code = "vault-integrity"
    exit_code = EXIT_INTEGRITY


class ErasureJournalError(VaultError):
    """The journal of erasures is damaged before its last line, or says two things under one id."""

    code = "erasure-journal"
    exit_code = EXIT_INTEGRITY


class Refusal(StrEnum):
    """Why an upload was not taken. docs/reference/files.md explains each."""

    TOO_LARGE = "too-large"
    EMPTY = "empty"
    BROKEN_OFF = "broken-off"
    TYPE_NOT_ALLOWED = "type-not-allowed"
    TYPE_NOT_AS_SAID = "type-not-as-said"
    NOT_UTF8 = "not-utf8"
    CONTROL_CHARACTERS = "control-characters"
    NOT_A_TABLE = "not-a-table"
    MARKUP = "markup"
    MIXED_TYPES = "mixed-types"
    TRAILING_DATA = "trailing-data"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_MANY_MEMBERS = "too-many-members"
    INFLATES_TOO_FAR = "inflates-too-far"
    SIZE_NOT_AS_SAID = "size-not-as-said"
    NESTED_ARCHIVE = "nested-archive"
    UNSAFE_NAME = "unsafe-name"
    LINK = "link"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    EMBEDDED_OBJECT = "embedded-object"
    ENTITIES = "entities"
    COMPRESSION = "compression"


class UploadError(VaultError):
    """An upload was refused; `reason` says why. The subclasses say which kind of answer fits."""

    code: ClassVar[str] = "upload"

    def __init__(self, reason: Refusal, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint, reason=reason.value)
        self.reason = reason


class UploadTooLargeError(UploadError):
    """More bytes than are allowed (HTTP 413)."""

    code = "upload-too-large"


class UploadTypeError(UploadError):
    """The content is of no allowed type, or of another than was said (HTTP 415)."""

    code = "upload-type"


class UploadContentError(UploadError):
    """The type is allowed, but the content is damaged, mixed or dangerous (HTTP 422)."""

    code = "upload-content"
