"""The key store: durable before use, shared by threads and processes; a destroyed key leaves no byte behind."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from penholder.vault.errors import (
    KeyDestroyedError,
    KeyMissingError,
    KeyStoreError,
    VaultError,
    VaultIntegrityError,
)
from penholder.vault.keys import KeyStore


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore.create(tmp_path / "home" / "keys.sqlite3")


def raw(store: KeyStore) -> bytes:
    """Every byte of every file of the store."""
    return b"".join(p.read_bytes() for p in sorted(store._path.parent.iterdir()))


def test_a_subject_keeps_its_key_and_no_two_share_one(store: KeyStore) -> None:
    first = store.key_for("s-1")
    assert len(first) == 32
    assert store.key_for("s-1") == store.read("s-1") == first
    assert store.key_for("s-2") != first
    assert (store.exists("s-1"), store.exists("s-9"), store.count()) == (True, False, 2)


def test_a_new_object_reads_what_another_has_made(store: KeyStore) -> None:
    made = store.keys_for(["s-1", "s-2", "s-1"])
    assert KeyStore(store._path).keys_for(("s-2", "s-1")) == made
    assert sorted(made) == ["s-1", "s-2"]


def test_reading_never_makes_a_key(store: KeyStore) -> None:
    with pytest.raises(KeyMissingError):
        store.read("s-1")
    assert store.read_living(["s-1"]) == {}
    assert store.count() == 0


def test_a_destroyed_key_is_refused_for_ever(store: KeyStore) -> None:
    store.keys_for(["s-1", "s-2"])
    assert store.destroy("s-1") is True
    assert store.destroy("s-1") is False
    for again in (KeyStore(store._path), store):
        for use in (again.key_for, again.read):
            with pytest.raises(KeyDestroyedError):
                use("s-1")
        with pytest.raises(KeyDestroyedError):
            again.keys_for(["s-3", "s-1"])
        assert list(again.read_living(["s-1", "s-2"])) == ["s-2"]
        assert (again.is_destroyed("s-1"), again.exists("s-1"), again.exists("s-3"), again.count()) == (
            True, False, False, 1)  # fmt: skip


def test_a_subject_without_a_key_can_be_destroyed_too_and_gets_none(store: KeyStore) -> None:
    assert store.destroy("s-1") is False
    with pytest.raises(KeyDestroyedError):
        store.key_for("s-1")


def test_no_byte_of_a_destroyed_key_is_left_in_any_file(store: KeyStore) -> None:
    order = random.Random(5)
    names = [f"s-{order.getrandbits(64):x}" for _ in range(3_000)]
    keys: dict[str, bytes] = {}
    for start in range(0, len(names), 100):  # many transactions: pages are filled, split, and journalled
        keys |= store.keys_for(names[start : start + 100])
    assert all(key in raw(store) for key in keys.values())
    gone = order.sample(names, 500)
    for name in gone[:20]:
        store.destroy(name)
    store.destroy_all(gone[20:])
    left = raw(store)
    assert [n for n in gone if keys[n] in left or keys[n][:8] in left] == []
    assert all(keys[n] in left for n in names if n not in gone)
    assert store.count() == 2_500


def test_no_journal_is_left_after_a_transaction(store: KeyStore) -> None:
    store.key_for("s-1")
    store.destroy("s-1")
    assert sorted(p.name for p in store._path.parent.iterdir()) == ["keys.sqlite3", "keys.sqlite3.lock"]


def test_the_journal_is_overwritten_before_it_is_unlinked(store: KeyStore) -> None:
    # A hard link keeps what an unlinked journal leaves on the disk.
    key = store.key_for("s-1")
    spare = store._path.with_name("spare")
    seen: list[bytes] = []
    unlink = Path.unlink

    def watched(path: Path, missing_ok: bool = False) -> None:
        if path.name.endswith("-journal"):
            os.link(path, spare)
            seen.append(path.read_bytes())
        unlink(path, missing_ok)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "unlink", watched)
        store.destroy("s-1")
    assert len(seen) == 1
    assert len(seen[0]) > 4_096  # it had held the page with the key
    assert not any(seen[0])
    assert key not in spare.read_bytes()


def test_a_journal_left_by_a_killed_process_is_wiped_at_the_next_start(store: KeyStore) -> None:
    key = store.key_for("s-1")
    with sqlite3.connect(store._path) as other:
        other.execute("PRAGMA journal_mode=PERSIST")
        other.execute("UPDATE secret SET bytes = zeroblob(32)")
        other.execute("UPDATE subject SET destroyed = 1")
    other.close()
    assert key in raw(store)  # in the journal: what a kill between commit and wiping leaves
    assert key not in raw(KeyStore(store._path))


def test_settings_are_those_that_make_keys_durable_and_deletions_thorough(store: KeyStore) -> None:
    with store._reading() as connection:
        found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in
                 ("journal_mode", "synchronous", "secure_delete")]  # fmt: skip
    assert found == ["persist", 3, 1]


def test_files_and_folder_are_private(store: KeyStore) -> None:
    store.key_for("s-1")
    assert oct(store._path.stat().st_mode & 0o777) == "0o600"
    assert oct(store._path.parent.stat().st_mode & 0o777) == "0o700"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_store_that_others_can_read_is_refused(store: KeyStore, mode: int) -> None:
    store._path.chmod(mode)
    with pytest.raises(KeyStoreError, match="can be read by other users"):
        KeyStore(store._path)


def test_a_missing_store_is_not_made_anew(tmp_path: Path) -> None:
    with pytest.raises(KeyStoreError, match="cannot be opened"):
        KeyStore(tmp_path / "keys.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_creating_twice_keeps_the_first(store: KeyStore) -> None:
    key = store.key_for("s-1")
    assert KeyStore.create(store._path).read("s-1") == key


def test_another_database_and_a_damaged_one_are_refused(tmp_path: Path, store: KeyStore) -> None:
    foreign = tmp_path / "foreign.sqlite3"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    foreign.chmod(0o600)
    with pytest.raises(KeyStoreError, match="no key store of this version"):
        KeyStore(foreign)
    store.close()
    store._path.write_bytes(b"not a database" * 999)
    with pytest.raises(VaultIntegrityError):
        KeyStore(store._path)


@pytest.mark.parametrize("subject", ["", "x" * 201, "a\nb"])
def test_a_subject_that_is_no_id_is_refused(store: KeyStore, subject: str) -> None:
    for use in (store.key_for, store.destroy):
        with pytest.raises(VaultError, match="printable characters"):
            use(subject)
    assert store.count() == 0


def test_a_copy_has_the_same_keys_and_is_private(store: KeyStore, tmp_path: Path) -> None:
    key = store.key_for("s-1")
    copy = tmp_path / "copy.sqlite3"
    store.copy_to(copy)
    store.destroy("s-1")
    assert KeyStore(copy).read("s-1") == key
    assert oct(copy.stat().st_mode & 0o777) == "0o600"
    with pytest.raises(KeyStoreError, match="exists already"):
        store.copy_to(copy)


def test_many_threads_agree_on_every_key(store: KeyStore) -> None:
    found: list[dict[str, bytes]] = [{} for _ in range(6)]

    def ask(mine: dict[str, bytes]) -> None:
        for number in range(25):
            mine[f"s-{number}"] = store.key_for(f"s-{number}")

    threads = [threading.Thread(target=ask, args=(mine,)) for mine in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(mine == found[0] for mine in found)
    assert store.count() == 25


FORKING = """
import os, sys
from pathlib import Path
from penholder.vault.keys import KeyStore
store = KeyStore(Path(sys.argv[1]))
key = store.key_for("s-1")
child = os.fork()
if child == 0:
    os._exit(0 if store.read("s-1") == key and len(store.key_for("s-2")) == 32 else 1)
assert os.waitpid(child, 0)[1] == 0
assert store.exists("s-2")
"""


def test_a_forked_process_uses_connections_of_its_own(store: KeyStore) -> None:
    subprocess.run([sys.executable, "-c", FORKING, store._path], check=True)


WRITER = """
import sys
from pathlib import Path
from penholder.vault.keys import KeyStore
store = KeyStore(Path(sys.argv[1]))
for number in range(100_000):
    name = f"{sys.argv[2]}-{number}"
    print(name, store.key_for(name).hex(), flush=True)
    if number % 3 == 2:
        store.destroy(name)
        print(name, "destroyed", flush=True)
"""


def said_until_killed(store: KeyStore, turn: int) -> list[str]:
    """What two writers said in whole lines, killed when each had said eight."""
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, store._path, f"{turn}{w}"], stdout=subprocess.PIPE)
        for w in "ab"
    ]
    lines = []
    for writer in writers:
        assert writer.stdout is not None
        lines += [writer.stdout.readline().decode() for _ in range(8)]  # progress
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
    for writer in writers:
        lines += writer.communicate()[0].decode().splitlines(keepends=True)
    return [line for line in lines if line.endswith("\n")]


def test_a_killed_writer_loses_no_key_and_brings_none_back(store: KeyStore) -> None:
    said = [line.split() for turn in range(3) for line in said_until_killed(store, turn)]
    keys = {name: bytes.fromhex(word) for name, word in said if word != "destroyed"}
    destroyed = {name for name, word in said if word == "destroyed"}
    again = KeyStore(store._path)
    left = raw(again)
    for name, key in keys.items():
        gone = again.is_destroyed(name)
        assert gone or name not in destroyed
        assert gone or again.read(name) == key  # it may be gone where the writer was killed before it said so
        assert (key in left) is not gone
    assert (len(keys) >= 30, len(destroyed) >= 12, again._journal_path.exists()) == (True, True, False)


@pytest.mark.slow
def test_reading_a_key_takes_at_most_30_microseconds(store: KeyStore) -> None:
    names = [f"s-{n}" for n in range(2_000)]
    store.keys_for(names)
    turns = []
    for _ in range(5):
        begun = time.perf_counter()
        for name in names:
            store.read(name)
        turns.append((time.perf_counter() - begun) / len(names))
    assert min(turns) <= 30e-6
