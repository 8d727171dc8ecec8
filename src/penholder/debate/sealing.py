"""Texts of the debate under the keys of their persons: opened on reading; where the key is gone, they are gone."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from penholder.vault import store
from penholder.vault.crypto import Binding, seal, unseal


class Place(StrEnum):
    """Which column a text is bound to: it opens in no other."""

    NAME = "debate_member.name"
    TEXT = "debate_edition.text"
    HTML = "debate_edition.html"
    REPORT = "debate_report.text"
    FACTS = "debate_statement.facts"
    PROPOSED = "debate_banproposal.facts"
    GROUNDS = "debate_appeal.grounds"
    REASONS = "debate_appeal.reasons"


class Box(NamedTuple):
    """A sealed text: the id of its row, whose key it is under, and the bytes."""

    id: str
    person: str
    sealed: bytes | memoryview | None


def seal_text(place: Place, text: str, *, id: str, person: str) -> bytes:  # noqa: A002 - of the row
    """Raises: KeyDestroyedError where the person was erased."""
    return seal(text.encode(), key=store.keys().key_for(person), binding=Binding(place, id, person))


def open_texts(place: Place, boxes: Iterable[Box]) -> dict[str, str | None]:
    """Id -> text; None: it was erased, or there was none. Shape: one look into the key store.

    Raises: VaultIntegrityError: a text was changed, or belongs to another row.
    """
    found = list(boxes)
    keys = store.keys().read_living({b.person for b in found if b.sealed})
    return {b.id: _opened(place, b, keys.get(b.person)) for b in found}


def open_text(place: Place, box: Box) -> str | None:
    """One text."""
    return open_texts(place, (box,))[box.id]


def is_erased(person: str) -> bool:
    """Was the key of this person destroyed?"""
    return store.keys().is_destroyed(person)


def _opened(place: Place, box: Box, key: bytes | None) -> str | None:
    if not box.sealed or key is None:
        return None
    return unseal(bytes(box.sealed), key=key, binding=Binding(place, box.id, box.person)).decode()
