"""Publication with a reader, a full disk, or an intruder in the folder: what is out there always verifies."""

from __future__ import annotations

import errno
import itertools
import os
import random
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from penholder.custody import rotation
from penholder.custody.errors import PublicationError
from penholder.custody.publish import publish
from penholder.custody.published import read_entries, read_published
from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.folder import FolderReader
from penholder.ledger.keyring import Keyring
from penholder.ledger.note import COSIGNATURE_V1, Signer, Verifier
from penholder.ledger.witness import begin, check_head
from tests.casework import Casework
from tests.ledger_ground import checked, problems, told

WITNESSES = [Signer.generate(f"w{n}.invalid", algorithm=COSIGNATURE_V1).verifier.text() for n in range(4)]
_numbers = itertools.count()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def new_policy() -> None:
    number = next(_numbers)
    named = {f"w{number}-{n}": text for n, text in enumerate(WITNESSES)}
    rotation.name_witnesses(named, needed=1 + number % 4)


def publish_to_a_full_disk(out: Path, after: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Every write but the first ones fails; gives whether the publication did."""
    true, left = os.write, iter(range(after))

    def write(handle: int, data: bytes) -> int:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        return true(handle, data)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", write)
        try:
            publish(out)
        except PublicationError:
            return True
    return False


@pytest.mark.parametrize(
    "what", ["both", pytest.param("key", marks=pytest.mark.slow), pytest.param("policy", marks=pytest.mark.slow)]
)
def test_a_disk_that_is_full_at_any_moment_leaves_a_folder_that_verifies(
    casework: Casework, first: Verifier, out: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if casework.vendor != "sqlite":
        pytest.skip("the files are the same with both databases")
    told(250)
    new_policy()
    publish(out)
    failed = 0
    for after in range(11):
        if what != "policy":
            rotation.rotate()
        if what != "key":
            new_policy()
        failed += publish_to_a_full_disk(out, after, monkeypatch)
        report = checked(out, first)
        assert (report.problems, report.pinned) == ([], True), after
        publish(out)
        report = checked(out, first)
        assert (report.problems, [n for n in report.notices if "next/" in n or ".part" in n]) == ([], [])
        assert {p.name for p in out.iterdir()} == {"checkpoint", "verifier-keys", "policy", "README.txt", "tile"}
    assert 7 <= failed < 11


def follow(first: Verifier, out: Path, *, seconds: float, seed: int) -> int:
    """Publish in one thread; verify, read and witness in this one, all the time. Gives how often it was read."""
    rng, failures = random.Random(seed), list[BaseException]()
    end = time.monotonic() + seconds

    def write() -> None:
        try:
            while time.monotonic() < end:
                told(rng.choice((1, 7, 90)))
                rng.choice((rotation.rotate, new_policy, time.monotonic, time.monotonic))()
                publish(out)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    reader, keys, rounds = FolderReader(out), Keyring(first), 0
    state = begin(reader, keys=keys)
    thread = threading.Thread(target=write)
    thread.start()
    while thread.is_alive():
        assert problems(out, first) == []
        state, _ = check_head(reader, state)
        seen = read_published(out, trusted=keys)
        assert sum(1 for _ in read_entries(seen, 0)) == seen.head.size
        rounds += 1
    thread.join()
    assert failures == []
    assert check_head(reader, state)[0].size == checked(out, first).facts.entries
    return rounds


def test_a_folder_that_is_being_published_is_never_called_damaged(
    casework: Casework, first: Verifier, out: Path
) -> None:
    if casework.vendor != "sqlite":
        pytest.skip("the files are the same with both databases; the long test takes both")
    told(200)
    publish(out)
    assert follow(first, out, seconds=1.2, seed=random.randrange(2**32)) > 3


@pytest.mark.slow
def test_a_folder_that_is_being_published_for_long_is_never_called_damaged(first: Verifier, out: Path) -> None:
    told(200)
    publish(out)
    assert follow(first, out, seconds=12, seed=random.randrange(2**32)) > 10


EDGE = {  # size of the log -> the files that the next publication builds upon
    300: ("tile/entries/001.p/44", "tile/0/001.p/44", "tile/1/000.p/1"),
    512: ("tile/entries/001", "tile/0/001", "tile/1/000.p/2"),
}


@pytest.mark.parametrize("size", EDGE)
def test_nothing_is_built_upon_files_that_somebody_changed(first: Verifier, out: Path, size: int) -> None:
    told(size - 2)
    publish(out)
    told(1)
    head = (out / "checkpoint").read_bytes()
    for name in EDGE[size]:
        whole = (out / name).read_bytes()
        for damaged in (whole[:-1] + bytes([whole[-1] ^ 1]), whole[:-1], None):
            (out / name).unlink()
            if damaged is not None:
                (out / name).write_bytes(damaged)
            with pytest.raises(LedgerIntegrityError, match="was changed by somebody"):
                publish(out)
            (out / name).write_bytes(whole)
    assert (out / "checkpoint").read_bytes() == head
    publish(out)
    assert problems(out, first) == []


def test_an_older_file_that_somebody_changed_is_found_by_verify(first: Verifier, out: Path) -> None:
    told(600)
    publish(out)
    path = out / "tile/entries/000"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    told(1)
    publish(out)
    assert problems(out, first) == ["tile/entries/000: this entry is not what the tree has"]


def test_there_is_no_head_to_hold_where_nothing_was_published(first: Verifier, out: Path) -> None:
    told(2)
    with pytest.raises(PublicationError, match="has no head to hold"):
        publish(out, hold=True)
    assert list(out.iterdir()) == []
