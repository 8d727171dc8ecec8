"""Texts of accounts: found by a pseudonym, sealed for one row of one column, sorted in memory."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from penholder.actions.errors import InvalidError
from penholder.entry.paging import page_of_values
from penholder.kernel.errors import ConfigurationError
from penholder.people.addresses import pseudonym_of, random_pseudonym
from penholder.people.sealed import ERASED, Column, Sealed, open_sound, open_text, open_texts, seal_text
from penholder.vault.errors import KeyDestroyedError, VaultIntegrityError
from penholder.vault.store import keys
from tests.casework import Casework

pytestmark = pytest.mark.usefixtures("casework")


def test_all_ways_of_writing_an_address_have_one_pseudonym() -> None:
    # HMAC-SHA256 under 5a…5a of "penholder address v1\0officer-1@ardenia.invalid", the first 40 digits
    wanted = "c6959741c3a669be3fbc491ef23a9e4611dcbf12@sealed.invalid"
    ways = ("officer-1@ardenia.invalid", " Officer-1@ARDENIA.invalid", "\uff4f\uff46\uff46icer-1@ardenia.invalid")
    assert {pseudonym_of(way) for way in ways} == {wanted}
    assert pseudonym_of("stra\u00dfe@ardenia.invalid") == pseudonym_of("STRASSE@ardenia.invalid")
    assert pseudonym_of("officer-2@ardenia.invalid") != wanted
    assert pseudonym_of(wanted) != wanted  # a pseudonym that leaks is no name to sign in with
    assert len({random_pseudonym() for _ in range(100)}) == 100
    assert len(random_pseudonym()) == len(wanted)


@pytest.mark.parametrize("content", [None, "", "5a" * 31, "not hexadecimal"])
def test_without_the_lookup_key_nobody_is_looked_for(casework: Casework, content: str | None) -> None:
    path = casework.home / "secrets" / "lookup-key"
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(ConfigurationError, match="lookup key"):
        pseudonym_of("officer-1@ardenia.invalid")


def test_a_text_opens_in_its_own_row_and_column_alone() -> None:
    sealed = seal_text(Column.TITLE, "Licensing officer 3", id="P-1")
    seal_text(Column.TITLE, "another", id="P-2")
    assert open_text(Column.TITLE, Sealed("P-1", "P-1", sealed)) == "Licensing officer 3"
    assert seal_text(Column.TITLE, "Licensing officer 3", id="P-1") != sealed
    for column, row in (
        (Column.ADDRESS, Sealed("P-1", "P-1", sealed)),
        (Column.TITLE, Sealed("P-2", "P-2", sealed)),
        (Column.TITLE, Sealed("P-1", "P-1", "Licensing officer 3")),
        (Column.TITLE, Sealed("P-1", "P-1", sealed[:-4])),
    ):
        with pytest.raises(VaultIntegrityError):
            open_text(column, row)
        assert open_sound(column, (row,)) == {}


def test_a_text_whose_key_was_destroyed_is_shown_as_erased() -> None:
    rows = [Sealed(p, p, seal_text(Column.TITLE, f"Officer {p}", id=p)) for p in ("P-1", "P-2")]
    keys().destroy("P-1")
    assert open_texts(Column.TITLE, [*rows, Sealed("P-3", "P-3", "")]) == {
        "P-1": ERASED, "P-2": "Officer P-2", "P-3": ERASED,
    }  # fmt: skip
    with pytest.raises(KeyDestroyedError):
        seal_text(Column.TITLE, "again", id="P-1")


@dataclass(frozen=True)
class Named:
    name: str
    id: str


def test_values_in_memory_are_paged_like_rows() -> None:
    values = [Named(n, str(i)) for i, n in enumerate(("b", "a", "c", "a", "d"))]
    seen, cursor = [], None
    while True:
        page = page_of_values(values, order=("name", "id"), cursor=cursor, limit=2)
        seen += [f"{v.name}{v.id}" for v in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
        values.append(Named("0", "9"))  # before the place: it moves nothing
    assert seen == ["a1", "a3", "b0", "c2", "d4"]
    assert page_of_values([], order=("name", "id"), cursor=None).items == ()
    for given in ({"cursor": "made up"}, {"cursor": None, "limit": 201}):
        with pytest.raises(InvalidError):
            page_of_values(values, order=("name", "id"), **given)
