"""The journal of erasures: which keys were destroyed, and why. It lives beside the keys, outside every dump.

One line per erasure, canonical JSON with a check sum, appended and synced before anything is destroyed. After an
older copy of the key store is restored, `reapply` destroys again what had been destroyed. A last line that a power
cut tore is no record: its erasure had not begun. Every other damage is refused.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from penholder.kernel import clock
from penholder.kernel.canonical import canonical_json
from penholder.vault.durable import sync_folder, write_all
from penholder.vault.errors import ErasureJournalError, VaultError, VaultStorageError

if TYPE_CHECKING:
    from penholder.vault.keys import KeyStore

_FORMAT = 1
_KEYS = {"v", "id", "subject", "ground", "at", "sum"}
_ID = re.compile(r"[0-9A-Za-z-]{1,80}\Z")
_GROUND = re.compile(r"[a-z][a-z0-9-]{0,63}\Z")
_SUM_DIGITS = 16


@dataclass(frozen=True, slots=True)
class ErasureRecord:
    """One erasure: its public id, the subject, the ground as a code word (never a free text), and when."""

    id: str
    subject: str
    ground: str
    at: datetime

    def __post_init__(self) -> None:
        if not _ID.match(self.id) or not _GROUND.match(self.ground) or not self.subject:
            raise VaultError(
                f"an erasure needs an id, a subject and a ground; {self.id!r} and {self.ground!r} were given",
                hint="the ground is one code word of small letters and hyphens, for example retention-expired",
            )
        if self.at.tzinfo is None or self.at.microsecond:
            raise VaultError("the time of an erasure is in UTC and whole seconds", hint="use kernel.clock.now()")

    def to_line(self) -> bytes:
        """The line of the journal, with its end."""
        content = {"v": _FORMAT, "id": self.id, "subject": self.subject, "ground": self.ground}
        content["at"] = clock.stamp(self.at)
        return canonical_json(content | {"sum": _sum(content)}).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Reapplied:
    """What `reapply` found: erasures in the journal, and keys that had come back and were destroyed again."""

    known: int
    destroyed_again: int


class ErasureJournal:
    """An append-only file. May be used by several processes at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, record: ErasureRecord) -> None:
        """Write one record; it is on the disk when this returns. The same record twice is harmless.

        Raises: ErasureJournalError if its id stands for another erasure, or the journal is damaged;
        VaultStorageError.
        """
        try:
            handle = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _storage(self._path, error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            content = self._content()
            records, end = _parse(content, self._path)
            if _same(records, record, self._path):
                os.fsync(handle)  # whoever wrote it may have died before
                return
            if end < len(content):
                os.ftruncate(handle, end)
            mended = b"\n" if end and content[end - 1 : end] != b"\n" else b""
            write_all(handle, mended + record.to_line())
            os.fsync(handle)
            sync_folder(self._path.parent)
        except OSError as error:
            raise _storage(self._path, error) from error
        finally:
            os.close(handle)

    def records(self) -> tuple[ErasureRecord, ...]:
        """All erasures, oldest first; none where there is no journal yet. Raises: ErasureJournalError."""
        return _parse(self._content(), self._path)[0]

    def _content(self) -> bytes:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return b""


def reapply(store: KeyStore, journal: ErasureJournal) -> Reapplied:
    """Destroy every key that the journal says is destroyed. Run after each restore, and at each start.

    Shape: n records -> at most n keys destroyed, in one durable transaction. Repeating is harmless.
    """
    subjects = dict.fromkeys(record.subject for record in journal.records())
    missing = [s for s in subjects if not store.is_destroyed(s)]
    return Reapplied(len(subjects), store.destroy_all(missing))


def _parse(content: bytes, path: Path) -> tuple[tuple[ErasureRecord, ...], int]:
    """The records, and where the sound part ends."""
    records: dict[str, ErasureRecord] = {}
    end = 0
    lines = content.split(b"\n")
    for number, line in enumerate(lines, start=1):
        last = number == len(lines)
        if last and not line:
            break
        record = _record(line)
        if record is None:
            if last:  # torn by a power cut: never acknowledged
                break
            raise ErasureJournalError(
                f"{path}:{number}: not a record of an erasure",
                hint="restore the journal from its copy; do not go on without: erased data could come back",
            )
        if _same(tuple(records.values()) if record.id in records else (), record, path):
            end += len(line) + 1
            continue
        records[record.id] = record
        end += len(line) + (0 if last else 1)
    return tuple(records.values()), min(end, len(content))


def _record(line: bytes) -> ErasureRecord | None:
    """The record of a line, or None where it is not exactly one that we wrote."""
    try:
        content = json.loads(line)
        if not isinstance(content, dict) or set(content) != _KEYS or content["v"] != _FORMAT:
            return None
        at = datetime.strptime(content["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        record = ErasureRecord(content["id"], content["subject"], content["ground"], at)
    except (ValueError, TypeError, RecursionError, VaultError):  # ValueError: no JSON, no UTF-8, no such time
        return None
    return record if record.to_line() == line + b"\n" else None


def _same(records: tuple[ErasureRecord, ...], record: ErasureRecord, path: Path) -> bool:
    """Is the record there already?"""
    for known in records:
        if known.id == record.id:
            if known == record:
                return True
            raise ErasureJournalError(
                f"{path}: two different erasures have the id {record.id}", hint="give each erasure a new random id"
            )
    return False


def _sum(content: dict[str, object]) -> str:
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()[:_SUM_DIGITS]


def _storage(path: Path, error: OSError) -> VaultStorageError:
    return VaultStorageError(f"{path} cannot be written: {error.strerror}", hint="see disk space and permissions")
