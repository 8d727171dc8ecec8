"""The rows of the vault in the database: of stored files, and what an erasure deletes.

They are written inside actions only. The guard keeps the code of actions from these tables; the functions here
open the door for one statement, and count it as a change of the action, which must then record an event.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from penholder.ledger.door import current_door, own_door
from penholder.vault.errors import FileAbsentError
from penholder.vault.files import StoredFile
from penholder.vault.models import SealedField, VaultFile

_BATCH = 500


def keep_file(stored: StoredFile, *, subject: str, field_class: str) -> None:
    """Say that a stored file belongs to a subject. Without such a row, a file is a left-over."""
    with _writing(VaultFile):
        VaultFile.objects.create(
            address=stored.address,
            subject=subject,
            digest=stored.digest,
            field_class=str(field_class),
            media_type=stored.media_type,
            size=stored.size,
        )


def find_file(address: str) -> tuple[StoredFile, str, str]:
    """A kept file, the subject whose key it is under, and its class. Raises: FileAbsentError."""
    row = VaultFile.objects.filter(address=address).first()
    if row is None:
        raise FileAbsentError("there is no such file", hint="it was never kept, or its subject was erased")
    return StoredFile(row.address, row.digest, row.size, row.media_type), row.subject, row.field_class


class VaultRows:
    """What an erasure needs of the database (erase.SubjectRows)."""

    def addresses_of(self, subject: str) -> Collection[str]:
        """The addresses of the subject's files."""
        return tuple(VaultFile.objects.filter(subject=subject).values_list("address", flat=True))

    def remove(self, subject: str) -> int:
        """Delete the subject's rows; gives how many. Inside an action only."""
        removed = 0
        for model in (VaultFile, SealedField):
            with _writing(model):
                removed += model.objects.filter(subject=subject).delete()[0]
        return removed

    def remaining(self, subjects: Collection[str]) -> Collection[str]:
        """Those of `subjects` that have rows."""
        asked, found = sorted(subjects), set()
        for start in range(0, len(asked), _BATCH):
            for model in (VaultFile, SealedField):
                rows = model.objects.filter(subject__in=asked[start : start + _BATCH])
                found |= set(rows.values_list("subject", flat=True).distinct())
        return found


@contextmanager
def _writing(model: type[SealedField] | type[VaultFile]) -> Iterator[None]:
    door = current_door()
    if door is None:  # the guard refuses what comes now
        yield
        return
    with own_door():
        yield
    table = model._meta.db_table  # noqa: SLF001 - Django's documented name
    door.touched[table] = door.touched.get(table, 0) + 1
