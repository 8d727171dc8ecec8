"""Backups: verified, without keys; a rolled-back history is refused, then recovered from the published files."""

from __future__ import annotations

import errno
import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from penholder.actions.action import perform, spec_of
from penholder.actions.errors import AbsentError, ConflictError, SeparationError
from penholder.actions.lost import lost_act
from penholder.actions.values import RECOVERED, SYSTEM, Actor, ActorKind
from penholder.custody import rotation
from penholder.custody.actions import settle_recovered
from penholder.custody.backup import Backup, backup
from penholder.custody.doctor import examine
from penholder.custody.errors import BackupError, DamagedBackupError, RollbackError
from penholder.custody.fsck import fsck
from penholder.custody.in_use import using
from penholder.custody.publish import publish
from penholder.custody.recover import recover
from penholder.custody.recovered import recovered_about
from penholder.custody.restore import Order, prepare, restore_files
from penholder.custody.restore_server import restore_server
from penholder.custody.signing import send_head
from penholder.custody.values import Level, Settlement
from penholder.ledger import store
from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.models import Entry
from penholder.ledger.note import Verifier
from penholder.vault.journal import ErasureJournal, ErasureRecord
from penholder.vault.keys import KeyStore
from penholder.vault.store import keys
from tests.casework import Casework
from tests.ledger_ground import Told, answer, found, problems, tell, told

OFFICER = Actor("P-2", ActorKind.PERSON, frozenset({"official"}))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def put_back(casework: Casework, made: Backup, **options: Path) -> Path | None:
    """What the command does, in this process."""
    prepared = prepare(Order(made.folder, casework.home, **options))
    if casework.vendor == "postgresql":
        return restore_server(prepared)
    connection.close()

    def recovered(draft: Path) -> int:
        assert prepared.published is not None
        connection.settings_dict["NAME"] = str(draft / "casework.sqlite3")
        try:
            found = recover(prepared.published)
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return found
        finally:
            connection.close()
            connection.settings_dict["NAME"] = str(casework.database)

    return restore_files(prepared, recover=recovered)


def test_a_backup_has_the_data_and_not_the_keys(casework: Casework, first: Verifier, tmp_path: Path) -> None:
    told(3)
    made = backup(tmp_path / "data", keys_to=tmp_path / "keys")
    names = {p.name for p in made.folder.rglob("*") if p.is_file()}
    database = "casework.sqlite3" if casework.vendor == "sqlite" else "casework.dump"
    assert names == {database, "manifest.json", "penholder.toml", "verifier-key"}
    assert (made.manifest.size, made.manifest.root) == (5, store.head()[1].root().hex())
    assert made.keys is not None
    assert {p.name for p in made.keys.rglob("*") if p.is_file()} == {
        "keys.sqlite3",
        "manifest.json",
        "ledger-key",
        "lookup-key",
        "recovery-key",
        "secret-key",
    }
    secret = (casework.home / "secrets" / "ledger-key").read_bytes().strip()
    assert not any(secret in p.read_bytes() for p in made.folder.rglob("*") if p.is_file())
    assert {p.stat().st_mode & 0o077 for p in (tmp_path / "data").glob("*")} == {0}


def test_keys_beside_the_data_are_refused(first: Verifier, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="keys beside the data would undo every erasure"):
        backup(tmp_path, keys_to=tmp_path / "keys")
    assert list(tmp_path.glob("2*")) == []


def test_what_is_put_back_is_what_was_there(casework: Casework, first: Verifier, tmp_path: Path) -> None:
    told(3)
    made = backup(tmp_path / "data")
    root = store.head()[1].root()
    told(2)
    aside = put_back(casework, made)
    assert (store.head()[0], store.head()[1].root()) == (5, root)
    assert list(fsck()) == []
    assert aside is not None
    assert [p.stem for p in aside.iterdir()] == ["casework"]
    told(1)  # and it goes on
    assert list(fsck()) == []


def test_yesterdays_backup_is_refused_and_then_recovered_from_the_published_files(
    casework: Casework, first: Verifier, out: Path, tmp_path: Path
) -> None:
    told(300)
    publish(out)
    made = backup(tmp_path / "data")
    told(2, "T-2")
    told(1, "T-3")
    publish(out)
    size, frontier = store.head()
    with pytest.raises(RollbackError, match=r"than what was published: 302 entries, .*published-head has 307"):
        put_back(casework, made)
    assert store.head()[0] == size
    put_back(casework, made, recover_from=out)
    assert (store.head()[0], store.head()[1].root()) == (size, frontier.root())
    assert {(f.level, f.where) for f in fsck()} == {
        *((Level.REDO, f"place {n}, {Told.name}, about T-{t}")
          for n, t in ((302, 2), (303, 2), (305, 3))),
        (Level.REDO, "place 304, actions.Sealed"),
        (Level.REDO, "place 306, actions.Sealed"),
    }  # fmt: skip
    told(1)
    publish(out)
    assert problems(out, first) == []


def test_whose_act_came_back_is_lost_until_somebody_does_it_again(
    casework: Casework, first: Verifier, out: Path, tmp_path: Path
) -> None:
    told(1, "T-1")
    made = backup(tmp_path / "data")
    told(1, "T-1")
    told(2, "T-2")
    publish(out)
    put_back(casework, made, recover_from=out)
    name = spec_of(tell).name
    for thing in ("T-1", "T-2"):
        lost = lost_act({thing}, {name})
        assert lost is not None
        assert (lost.actor, lost.about, lost.act) == (RECOVERED, thing, name)
    assert lost_act({"T-1", "T-2"}, {"register.enter_licence"}) is None
    assert lost_act({"T-3"}, {name}) is None
    told(1, "T-2")
    assert lost_act({"T-2"}, {name}) is None
    assert lost_act({"T-1", "T-2"}, {name}) is not None


def test_a_lost_act_is_said_until_it_is_settled(
    casework: Casework, first: Verifier, out: Path, tmp_path: Path
) -> None:
    told(1, "T-1")
    made = backup(tmp_path / "data")
    told(2, "T-2")
    told(1, "T-3")
    publish(out)
    put_back(casework, made, recover_from=out)
    name = spec_of(tell).name
    place, other = (recovered_about([thing])[0].place for thing in ("T-2", "T-3"))
    assert (place, other) == (3, 6)
    (found,) = [f for f in examine() if f.where == "recovered"]
    assert found.level is Level.REDO
    assert found.what == (
        "2 acts came back from the published log without what they did to tables, and are not settled "
        f"(place 3: {name} on T-2; place 4: {name} on T-2; place 5: actions.sealed; place 6: {name} on T-3; "
        "place 7: actions.sealed)"
    )
    with pytest.raises(AbsentError, match="no recovered act stands at place 1"):
        settle(1, Settlement.NOT_NEEDED)
    with pytest.raises(ConflictError, match=f"nobody has done {name} on T-2 again"):
        settle(3, Settlement.REDONE)
    told(2, "T-2")
    settle(5, Settlement.REDONE)  # by its sealed entry: it is the same act
    settle(6, Settlement.NOT_NEEDED)
    with pytest.raises(ConflictError, match="was settled before: redone"):
        settle(3, Settlement.NOT_NEEDED)
    assert list(fsck()) == []
    assert [f for f in examine() if f.where == "recovered"] == []
    assert [e.settled for e in recovered_about(["T-2", "T-3"])] == ["redone", "redone", "not_needed"]
    publish(out)
    assert problems(out, first) == []


def settle(place: int, how: Settlement) -> None:
    perform(settle_recovered, SYSTEM, place=place, how=how, why="The minutes of the day say so")


def test_what_must_be_anothers_act_is_refused_while_the_first_actor_is_lost(
    casework: Casework, first: Verifier, out: Path, tmp_path: Path
) -> None:
    told(1, "T-1")
    made = backup(tmp_path / "data")
    told(1, "T-1")
    publish(out)
    put_back(casework, made, recover_from=out)
    with pytest.raises(SeparationError, match="who that was is lost"):
        perform(answer, OFFICER, thing="T-1")
    told(1, "T-1")
    assert perform(answer, OFFICER, thing="T-1").entries
    perform(tell, OFFICER, count=1, thing="T-1")
    with pytest.raises(SeparationError, match="who did ledger_ground"):
        perform(answer, OFFICER, thing="T-1")


def test_a_published_folder_that_is_damaged_recovers_nothing(
    casework: Casework, first: Verifier, out: Path, tmp_path: Path
) -> None:
    told(3)
    made = backup(tmp_path / "data")
    told(2)
    publish(out)
    bundle = next((out / "tile" / "entries").rglob("8"))
    bundle.write_bytes(bundle.read_bytes().replace(b'"number":0', b'"number":5'))
    with pytest.raises(LedgerIntegrityError, match="tile/entries"):
        put_back(casework, made, recover_from=out)
    assert store.head()[0] == 8


def test_another_ledgers_published_files_are_refused(
    casework: Casework, first: Verifier, out: Path, tmp_path: Path
) -> None:
    told(3)
    made = backup(tmp_path / "data")
    other = Casework(tmp_path / "other").open()
    try:
        found(other)
        told(9)
        publish(out)
    finally:
        other.close()
        casework.use()
    with pytest.raises(LedgerIntegrityError, match="is not signed by the key that was given"):
        put_back(casework, made, recover_from=out)
    with pytest.raises(RollbackError):
        put_back(casework, made, published=out)


def test_who_has_a_retired_first_key_offers_no_tail_to_an_older_backup(
    casework: Casework, first: Verifier, out: Path, tmp_path: Path
) -> None:
    """The backup knows of no change of key yet; but the secrets of the home hold the key that signs now."""
    told(3)
    publish(out)
    made = backup(tmp_path / "data")
    secrets, retired = casework.home / "secrets", (casework.home / "secrets" / "ledger-key").read_text()
    rotation.rotate()
    publish(out)
    current = (secrets / "ledger-key").read_text()
    assert current != retired
    remembered = (casework.home / "published-head").read_text()
    forged = tmp_path / "forged"
    put_back(casework, made, recover_from=out)  # the genuine tail is taken
    (casework.home / "published-head").unlink()
    put_back(casework, made)
    (secrets / "ledger-key").write_text(retired)  # the thief has the old backup, and the old key
    told(4)
    publish(forged)
    assert problems(forged, first) == []
    (secrets / "ledger-key").write_text(current)
    (casework.home / "published-head").unlink()
    put_back(casework, made)
    with pytest.raises(LedgerIntegrityError, match="is not signed by the key that was given"):
        put_back(casework, made, recover_from=forged)
    (casework.home / "published-head").write_text(remembered)
    put_back(casework, made, recover_from=out)


def test_a_head_that_left_in_a_receipt_alone_is_remembered(
    casework: Casework, first: Verifier, out: Path, tmp_path: Path
) -> None:
    told(3)
    publish(out)
    made = backup(tmp_path / "data")
    told(2)
    send_head()  # in a receipt, and never published
    with pytest.raises(RollbackError, match=r"published: 5 entries, .*sent-head has 8"):
        put_back(casework, made)
    sent = (casework.home / "sent-head").read_text()
    (casework.home / "sent-head").unlink()
    put_back(casework, made)
    (casework.home / "sent-head").write_text(sent)
    told(4)  # longer now than what was sent, and another history
    before = (out / "checkpoint").read_bytes()
    with pytest.raises(RollbackError, match=r"the first .* entries of the head of the last receipt are others"):
        publish(out)
    assert (out / "checkpoint").read_bytes() == before


def test_erasures_after_the_backup_are_applied_again(casework: Casework, first: Verifier, tmp_path: Path) -> None:
    told(1, "T-9")
    made = backup(tmp_path / "data", keys_to=tmp_path / "keys")
    record = ErasureRecord("X-1", "T-9", "retention-expired", made_at(made))
    ErasureJournal(casework.home / "erasures.jsonl").append(record)
    keys().destroy("T-9")
    keys().close()
    assert made.keys is not None
    (casework.home / "keys.sqlite3").unlink()  # the store is lost, and an older copy is put back
    shutil.copyfile(made.keys / "keys.sqlite3", casework.home / "keys.sqlite3")
    (casework.home / "keys.sqlite3").chmod(0o600)
    assert KeyStore(casework.home / "keys.sqlite3").exists("T-9")
    put_back(casework, made)
    assert KeyStore(casework.home / "keys.sqlite3").is_destroyed("T-9")


def made_at(made: Backup) -> datetime:
    return datetime.fromisoformat(made.manifest.made_at)


def test_a_new_machine_needs_both_folders(casework: Casework, first: Verifier, tmp_path: Path) -> None:
    if casework.vendor != "sqlite":
        pytest.skip("a home for PostgreSQL is made by init")
    told(2)
    made = backup(tmp_path / "data", keys_to=tmp_path / "keys")
    order = Order(made.folder, tmp_path / "new")
    with pytest.raises(BackupError, match="has no keys, and a backup of data holds none"):
        restore_files(prepare(order), recover=lambda _: 0)
    assert not (tmp_path / "new").exists()
    restore_files(prepare(Order(made.folder, tmp_path / "new", keys_from=made.keys)), recover=lambda _: 0)
    assert {"casework.sqlite3", "keys.sqlite3", "penholder.toml", "secrets", "verifier-key"} <= {
        p.name for p in (tmp_path / "new").iterdir()
    }
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["casework.*", "verifier-key", "manifest.json"])
def test_a_damaged_backup_is_refused(casework: Casework, first: Verifier, tmp_path: Path, name: str) -> None:
    told(2)
    made = backup(tmp_path / "data")
    path = next(made.folder.glob(name))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedBackupError):
        prepare(Order(made.folder, casework.home))


def test_a_manifest_cannot_vouch_for_another_tree(casework: Casework, first: Verifier, tmp_path: Path) -> None:
    made = backup(tmp_path / "data")
    manifest = json.loads((made.folder / "manifest.json").read_text())
    (made.folder / "manifest.json").write_text(json.dumps(manifest | {"root": "00" * 32}))
    with pytest.raises(BackupError, match="says another head than the entries give"):
        prepare(Order(made.folder, casework.home))


def test_nobody_serves_while_a_backup_is_put_back(casework: Casework, first: Verifier, tmp_path: Path) -> None:
    made = backup(tmp_path / "data")
    with using(casework.home), pytest.raises(BackupError, match="is in use"):
        put_back(casework, made)


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("call", ["os.sync", "os.fsync", "shutil.copyfile"])
def test_a_full_disk_leaves_no_half_backup(
    first: Verifier, tmp_path: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, full)
    with pytest.raises(BackupError, match="there is no space left"):
        backup(tmp_path / "data")
    monkeypatch.undo()
    assert list((tmp_path / "data").iterdir()) == []
    assert backup(tmp_path / "data").folder.is_dir()


def test_a_full_disk_while_putting_back_changes_nothing(
    casework: Casework, first: Verifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if casework.vendor != "sqlite":
        pytest.skip("the server's own transaction")
    told(1)
    made = backup(tmp_path / "data")
    told(1)
    prepared = prepare(Order(made.folder, casework.home))
    monkeypatch.setattr("shutil.copyfile", full)
    with pytest.raises(BackupError, match="nothing was restored"):
        restore_files(prepared, recover=lambda _: 0)
    monkeypatch.undo()
    assert Entry.objects.count() == 5
    assert [p.name for p in casework.home.parent.iterdir() if "restore" in p.name] == []
