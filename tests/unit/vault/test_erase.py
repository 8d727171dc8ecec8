"""Erasure: after a crash between any two steps it is pending and can be finished; nothing gives the text back."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

import pytest

from penholder.ledger.disclosure import Disclosure
from penholder.vault.crypto import Binding, seal, unseal
from penholder.vault.erase import Erased, Vault, erase, pending_erasures
from penholder.vault.errors import KeyDestroyedError, VaultIntegrityError
from penholder.vault.files import FileStore
from penholder.vault.journal import ErasureJournal, ErasureRecord, reapply
from penholder.vault.keys import KeyStore
from tests.unit.vault.documents import TEXT

RECORD = ErasureRecord("e-1", "s-1", "data-subject-request", datetime(2026, 11, 22, tzinfo=UTC))
PLACE = Binding("field", "12:officer", "s-1")
SECRET = b"officer-37 of the third desk"


class Rows:
    """Rows in memory: sealed fields and addresses by subject."""

    def __init__(self) -> None:
        self.fields: dict[str, list[bytes]] = {}
        self.files: dict[str, list[str]] = {}

    def addresses_of(self, subject: str) -> Collection[str]:
        return tuple(self.files.get(subject, ()))

    def remove(self, subject: str) -> int:
        return len(self.fields.pop(subject, ())) + len(self.files.pop(subject, ()))

    def remaining(self, subjects: Collection[str]) -> Collection[str]:
        return {s for s in subjects if s in self.fields or s in self.files}


class Crash(BaseException):
    """The process dies here."""


class DyingKeys(KeyStore):
    def destroy(self, subject: str) -> bool:
        raise Crash


class DyingFiles(FileStore):
    def remove(self, address: str) -> bool:
        raise Crash


class DyingRows(Rows):
    def remove(self, subject: str) -> int:
        raise Crash


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    keys = KeyStore.create(tmp_path / "keys.sqlite3")
    return Vault(keys, FileStore(tmp_path / "files", keys=keys), ErasureJournal(tmp_path / "erasures.jsonl"))


@pytest.fixture
def rows(vault: Vault) -> Rows:
    """Two subjects with a sealed field and a file each."""
    made = Rows()
    for subject in ("s-1", "s-2"):
        key = vault.keys.key_for(subject)
        made.fields[subject] = [seal(SECRET, key=key, binding=Binding("field", "12:officer", subject))]
        made.files[subject] = [vault.files.put(io.BytesIO(TEXT), subject=subject).address]
    return made


def test_one_subject_is_erased_and_the_other_is_untouched(vault: Vault, rows: Rows) -> None:
    kept = rows.files["s-2"][0]
    assert erase(RECORD, vault=vault, rows=rows) == Erased(key_was_living=True, files=1, rows=2)
    assert erase(RECORD, vault=vault, rows=rows) == Erased(key_was_living=False, files=0, rows=0)
    assert list(vault.files.addresses()) == [kept]
    assert vault.files.open(kept, subject="s-2").read() == TEXT
    assert pending_erasures(vault=vault, rows=rows, recorded={"e-1"}) == ()


@pytest.mark.parametrize("dies_at", ["key", "files", "rows", "commit"])
def test_a_crash_between_two_steps_leaves_it_pending_and_it_can_be_finished(
    vault: Vault, rows: Rows, dies_at: str
) -> None:
    dying_rows = DyingRows()
    dying_rows.fields, dying_rows.files = rows.fields, rows.files
    dying = Vault(
        DyingKeys(vault.keys._path) if dies_at == "key" else vault.keys,
        DyingFiles(vault.files.folder, keys=vault.keys) if dies_at == "files" else vault.files,
        vault.journal,
    )
    before, address = (dict(rows.fields), dict(rows.files)), rows.files["s-1"][0]
    if dies_at == "commit":  # all done, then the transaction with the ledger's entry fails
        erase(RECORD, vault=dying, rows=rows)
        rows.fields, rows.files = before
    else:
        with pytest.raises(Crash):
            erase(RECORD, vault=dying, rows=dying_rows if dies_at == "rows" else rows)
    assert pending_erasures(vault=vault, rows=rows, recorded=()) == (RECORD,)
    erase(RECORD, vault=vault, rows=rows)
    assert pending_erasures(vault=vault, rows=rows, recorded=()) == (RECORD,)  # the ledger does not say it yet
    assert pending_erasures(vault=vault, rows=rows, recorded={"e-1"}) == ()
    assert (vault.keys.is_destroyed("s-1"), vault.files.exists(address)) == (True, False)


def test_the_whole_vault_of_yesterday_does_not_give_the_text_back(
    vault: Vault, rows: Rows, tmp_path: Path
) -> None:
    field, address = rows.fields["s-1"][0], rows.files["s-1"][0]
    shutil.copytree(tmp_path / "files", tmp_path / "backup")  # files and rows, without the keys
    erase(RECORD, vault=vault, rows=rows)
    shutil.rmtree(tmp_path / "files")
    shutil.copytree(tmp_path / "backup", tmp_path / "files")
    rows.fields["s-1"], rows.files["s-1"] = [field], [address]
    with pytest.raises(KeyDestroyedError):
        vault.files.open(address, subject="s-1")
    with pytest.raises(KeyDestroyedError):
        vault.keys.read("s-1")
    for other in (vault.keys.read("s-2"), bytes(32)):
        with pytest.raises(VaultIntegrityError):
            unseal(field, key=other, binding=PLACE)
    every = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()) + field
    assert SECRET not in every
    assert TEXT not in every
    assert pending_erasures(vault=vault, rows=rows, recorded={"e-1"}) == (RECORD,)
    assert erase(RECORD, vault=vault, rows=rows) == Erased(key_was_living=False, files=1, rows=2)


def test_keys_restored_from_a_backup_are_destroyed_again(vault: Vault, rows: Rows, tmp_path: Path) -> None:
    key = vault.keys.read("s-1")
    vault.keys.copy_to(tmp_path / "yesterday")
    erase(RECORD, vault=vault, rows=rows)
    vault.keys.close()
    shutil.copy(tmp_path / "yesterday", tmp_path / "keys.sqlite3")
    assert vault.keys.read("s-1") == key  # a restore alone would undo the erasure
    assert pending_erasures(vault=vault, rows=rows, recorded={"e-1"}) == (RECORD,)
    assert reapply(vault.keys, vault.journal).destroyed_again == 1
    assert pending_erasures(vault=vault, rows=rows, recorded={"e-1"}) == ()
    assert key not in (tmp_path / "keys.sqlite3").read_bytes()


def test_a_hundred_thousand_guesses_match_no_digest_of_an_erased_value() -> None:
    digest = Disclosure.make("officer", "officer-37").digest()
    matches = guesses = 0
    for number in range(100_000):
        bare = hashlib.sha256(b"officer-%d" % number).digest()
        array = b'["%s", "officer", "officer-%d"]' % (b"A" * 22, number)  # a salt of noughts
        salted = hashlib.sha256(base64.urlsafe_b64encode(array).rstrip(b"=")).digest()
        matches += digest in {base64.urlsafe_b64encode(d).rstrip(b"=").decode() for d in (bare, salted)}
        guesses += 1
    assert (matches, guesses) == (0, 100_000)
    unsalted = Disclosure(
        "A" * 22, "officer", "officer-37"
    ).digest()  # control: the guesser can find what it should
    array = b'["%s", "officer", "officer-37"]' % (b"A" * 22)
    found = hashlib.sha256(base64.urlsafe_b64encode(array).rstrip(b"=")).digest()
    assert base64.urlsafe_b64encode(found).rstrip(b"=").decode() == unsalted
