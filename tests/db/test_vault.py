"""Private fields and files in a real installation: sealed, opened, and erased while the log stands."""

from __future__ import annotations

import io
import shutil
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from django.db import connection

from penholder.actions.action import Run, action, perform
from penholder.actions.errors import NothingRecordedError, WriteOutsideActionError
from penholder.actions.events import Event
from penholder.actions.values import Actor, ActorKind, FieldClass, Visibility
from penholder.ledger import store as ledger
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.merkle import Frontier, leaf_hash
from penholder.ledger.models import Entry, Place
from penholder.vault.erase import erase, pending_erasures
from penholder.vault.errors import FileAbsentError, KeyDestroyedError
from penholder.vault.files import StoredFile
from penholder.vault.journal import ErasureRecord, reapply
from penholder.vault.models import SealedField, VaultFile
from penholder.vault.rows import VaultRows, find_file, keep_file
from penholder.vault.store import keys, open_disclosures, vault
from tests.casework import Casework, SettingsOfTest

AT = datetime(2026, 11, 22, tzinfo=UTC)
OFFICER = Actor("P-officer", ActorKind.PERSON, frozenset({"officer"}))
SECRET = "the witness lives at harbour lane 7"  # noqa: S105 - the text that is to be erased


class Permit(StrEnum):
    HEAR = "tests.hear"


class WitnessHeard(Event, visibility=Visibility.PUBLIC, public=("room",), personal={"said": "person"},
                   official=("person",)):  # fmt: skip
    room: str
    person: str
    said: str


class FileKept(Event, visibility=Visibility.PUBLIC, public=("digest",)):
    digest: str


class WitnessErased(Event, visibility=Visibility.PUBLIC, public=("ground", "rows")):
    ground: str
    rows: int


@action(permission=Permit.HEAR, events=(WitnessHeard,))
def hear(run: Run, *, person: str, said: str) -> None:
    """Hear a witness."""
    run.record(WitnessHeard(room="3", person=person, said=said))


@action(permission=Permit.HEAR, events=(FileKept,))
def keep(run: Run, *, person: str, content: str, silent: bool = False) -> str:
    """Keep a file of a witness."""
    stored = vault().files.put(io.BytesIO(content.encode()), subject=person)
    keep_file(stored, subject=person, field_class=FieldClass.PERSONAL)
    if not silent:
        run.record(FileKept(digest=stored.digest))
    return stored.address


@action(permission=Permit.HEAR, events=(WitnessErased,))
def erase_witness(run: Run, *, erasure: str, person: str, fail: bool = False) -> None:
    """Erase a witness."""
    record = ErasureRecord(erasure, person, "data-subject-request", run.now)
    done = erase(record, vault=vault(), rows=VaultRows())
    if fail:
        raise RuntimeError
    run.record(WitnessErased(ground=record.ground, rows=done.rows))


class OfficersMay:
    """Officers may do all of it."""

    def role_for(self, actor: Actor, permission: str) -> str | None:
        return "officer" if permission == Permit.HEAR else None

    def standing(self, actor: Actor, *, on: date) -> Actor | None:
        return actor

    def may_read(self, actor: Actor, field: FieldClass) -> bool:
        return False


@pytest.fixture(autouse=True)
def officers_may(settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_AUTHORITY", f"{__name__}.OfficersMay")


def bytes_of(folder: Path) -> bytes:
    """Every byte below a folder, and of every table where the database is a server."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            tables = []
        else:
            tables = connection.introspection.table_names()
        rows = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # bytes come as hex digits
            rows += [row[0].encode() for row in cursor.fetchall()]
    return b"\n".join([*rows, *(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())])


def root_from_rows() -> bytes:
    """The root, computed again from the bodies of all entries."""
    bodies = Place.objects.order_by("seq").values_list("entry__body", flat=True)
    frontier = Frontier(0, ())
    for body in bodies:
        frontier, _ = frontier.append(leaf_hash(body.encode()))
    return frontier.root()


def test_after_an_erasure_the_log_stands_and_neither_it_nor_any_file_tells_the_text(casework: Casework) -> None:
    heard = perform(hear, OFFICER, person="P-1", said=SECRET)
    other = perform(hear, OFFICER, person="P-2", said="nothing")
    address = perform(keep, OFFICER, person="P-1", content=SECRET).result
    key = keys().read("P-1")
    bodies = list(Entry.objects.order_by("id").values_list("body", flat=True))
    shutil.copytree(casework.home / "files", casework.home / "old-files")

    perform(erase_witness, OFFICER, erasure="e-1", person="P-1")

    assert {d.name for d in open_disclosures(heard.entries[0])} == {"person", "actor"}
    assert {d.name for d in open_disclosures(other.entries[0])} == {"person", "said", "actor"}
    assert list(Entry.objects.order_by("id").values_list("body", flat=True))[:3] == bodies
    assert ledger.head()[1].root() == root_from_rows()
    digests = LedgerEntry.from_bytes(bodies[0].encode()).sd
    assert len(digests) == 8
    every = bytes_of(casework.home)
    assert digests[0].encode() in every  # control: what is there is found
    assert [t for t in (SECRET.encode(), key) if t in every or t.hex().encode() in every] == []
    with pytest.raises(FileAbsentError):
        find_file(address)
    assert pending_erasures(vault=vault(), rows=VaultRows(), recorded={"e-1"}) == ()


def test_a_backup_of_the_database_and_files_gives_nothing_back(casework: Casework) -> None:
    perform(hear, OFFICER, person="P-1", said=SECRET)
    address = perform(keep, OFFICER, person="P-1", content=SECRET).result
    kept = find_file(address)
    sealed = bytes(SealedField.objects.get(name="said").sealed)
    shutil.copytree(casework.home / "files", casework.home / "old-files")
    perform(erase_witness, OFFICER, erasure="e-1", person="P-1")
    shutil.rmtree(casework.home / "files")
    (casework.home / "old-files").rename(casework.home / "files")
    assert sealed not in SealedField.objects.values_list("sealed", flat=True)
    assert vault().files.exists(address)
    with pytest.raises(KeyDestroyedError):
        vault().files.open(address, subject=kept[1])
    with pytest.raises(KeyDestroyedError):
        perform(hear, OFFICER, person="P-1", said="again")
    assert Entry.objects.count() == 3


def test_an_erasure_whose_transaction_fails_is_pending_and_is_finished_by_doing_it_again(
    casework: Casework,
) -> None:
    perform(hear, OFFICER, person="P-1", said=SECRET)
    with pytest.raises(RuntimeError):
        perform(erase_witness, OFFICER, erasure="e-1", person="P-1", fail=True)
    assert SealedField.objects.filter(subject="P-1").count() == 1  # the row came back, the key did not
    pending = pending_erasures(vault=vault(), rows=VaultRows(), recorded=())
    assert [(r.id, r.subject) for r in pending] == [("e-1", "P-1")]
    assert reapply(keys(), vault().journal).destroyed_again == 0
    assert keys().is_destroyed("P-1")


def test_a_file_is_kept_opened_and_counted(casework: Casework) -> None:
    address = perform(keep, OFFICER, person="P-1", content="a text").result
    stored, subject, field_class = find_file(address)
    digest = LedgerEntry.from_bytes(Entry.objects.get().body.encode()).data["digest"]
    assert stored == StoredFile(address, digest, 6, "text/plain")
    assert (subject, field_class) == ("P-1", "personal")
    assert vault().files.open(address, subject=subject).read() == b"a text"
    assert list(vault().files.addresses()) == [address]
    assert list(VaultFile.objects.values_list("address", flat=True)) == [address]


def test_rows_of_the_vault_are_written_inside_actions_only_and_never_in_silence(casework: Casework) -> None:
    stored = StoredFile("0" * 64, "1" * 64, 1, "text/plain")
    with pytest.raises(WriteOutsideActionError):
        keep_file(stored, subject="P-1", field_class=FieldClass.PERSONAL)
    with pytest.raises(WriteOutsideActionError):
        VaultRows().remove("P-1")
    with pytest.raises(NothingRecordedError, match="vault_vaultfile"):
        perform(keep, OFFICER, person="P-1", content="a text", silent=True)
    assert VaultFile.objects.count() == 0
