"""Texts of accounts under the keys of their subjects: no table holds one in clear.

A column of the type `models.SealedText` holds what `seal_text` gives. It is opened on reading, some 8 us each;
for lists `open_texts` asks the key store once. Where the key was destroyed the word ERASED stands instead.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from penholder.people.models import ApiToken, Organisation, Task, User
from penholder.vault import store
from penholder.vault.crypto import Binding, seal, unseal
from penholder.vault.errors import VaultIntegrityError

ERASED = "erased"
"""Shown for a text that was erased."""


class Column(StrEnum):
    """Which column a text is bound to: it opens in no other."""

    ADDRESS = "people_user.address"
    TITLE = "people_user.title"
    ORGANISATION = "people_organisation.name"
    TOKEN = "people_apitoken.label"  # noqa: S105 - a column
    TASK = "people_task.text"
    SECURITY_KEY = "mfa_authenticator.data.name"


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed text: the public id of its row, whose key it is under, and what the column holds."""

    id: str
    subject: str
    text: str


def seal_text(column: Column, text: str, *, id: str, subject: str = "") -> str:  # noqa: A002 - of the row
    """What the column holds of a text: base64. `subject`: whose key, by default that of the row itself.

    The key is made, durably, where there is none. Raises: KeyDestroyedError where the subject was erased.
    """
    whose = subject or id
    sealed = seal(text.encode(), key=store.keys().key_for(whose), binding=Binding(column, id, whose))
    return base64.b64encode(sealed).decode("ascii")


def open_texts(column: Column, rows: Iterable[Sealed]) -> dict[str, str]:
    """Id of the row -> text. Shape: one look into the key store, whatever the number of rows.

    Raises: VaultIntegrityError where a text was changed, or belongs to another row.
    """
    found = list(rows)
    subjects = {r.subject for r in found if r.text}
    keys = store.keys().read_living(subjects) if subjects else {}
    return {r.id: _opened(column, r, keys[r.subject]) if r.subject in keys else ERASED for r in found}


def open_text(column: Column, row: Sealed) -> str:
    """One text. Raises: VaultIntegrityError."""
    return open_texts(column, (row,))[row.id]


def open_sound(column: Column, rows: Iterable[Sealed]) -> dict[str, str]:
    """As `open_texts`, without those that do not open: for `penholder fsck`."""
    found = list(rows)
    keys = store.keys().read_living({r.subject for r in found})
    opened: dict[str, str] = {}
    for row in found:
        if row.subject in keys:
            with suppress(VaultIntegrityError):
                opened[row.id] = _opened(column, row, keys[row.subject])
    return opened


def titles_of(users: Iterable[User]) -> dict[str, str]:
    """Public id -> function."""
    return open_texts(Column.TITLE, (Sealed(u.public_id, u.public_id, u.title) for u in users))


def title_of(user: User) -> str:
    """The function of one person."""
    return titles_of((user,))[user.public_id]


def address_of(user: User) -> str | None:
    """The address of one person; None where it was erased."""
    found = open_text(Column.ADDRESS, Sealed(user.public_id, user.public_id, user.address))
    return None if found == ERASED else found


def names_of(firms: Iterable[Organisation]) -> dict[str, str]:
    """Public id -> name."""
    return open_texts(Column.ORGANISATION, (Sealed(f.public_id, f.public_id, f.name) for f in firms))


def labels_of(tokens: Iterable[ApiToken], *, owner: str) -> dict[str, str]:
    """Public id -> what the token is for; all of one owner."""
    return open_texts(Column.TOKEN, (Sealed(t.public_id, owner, t.label) for t in tokens))


def texts_of(tasks: Iterable[Task]) -> dict[str, str]:
    """Public id -> text. Under the key of the person whose task it is, else under that of the task itself."""
    return open_texts(
        Column.TASK,
        (Sealed(t.public_id, t.user.public_id if t.user else t.public_id, t.text) for t in tasks),
    )


def _opened(column: Column, row: Sealed, key: bytes) -> str:
    if not row.text:
        return ERASED
    try:
        sealed = base64.b64decode(row.text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise VaultIntegrityError(
            f"a text in {column} was not sealed", hint="restore the row from a backup"
        ) from error
    return unseal(sealed, key=key, binding=Binding(column, row.id, row.subject)).decode()
