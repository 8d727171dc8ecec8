"""Publication: files that verify, one history, and nothing signed that does not extend what is out already."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from penholder.actions.action import perform
from penholder.actions.values import SYSTEM
from penholder.custody import keyring, rotation, signing
from penholder.custody.actions import rotate_key
from penholder.custody.errors import LedgerKeyError, PublicationError, RollbackError
from penholder.custody.publish import publish
from penholder.custody.receipts import receipts_of
from penholder.ledger import queries, store
from penholder.ledger.cosignature import cosign
from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.keyring import Keyring
from penholder.ledger.models import Checkpoint, Head
from penholder.ledger.note import COSIGNATURE_V1, Signer, Verifier
from penholder.ledger.verify_receipt import verify_receipt
from tests.casework import Casework
from tests.ledger_ground import checked, meddle, problems, told


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_is_published_verifies_and_grows_to_the_same_files(
    first: Verifier, out: Path, tmp_path: Path
) -> None:
    for count in (1, 250, 3, 280):  # within a tile, over its edge, within, over the next edge
        told(count)
        publish(out)
        assert problems(out, first) == []
    publish(tmp_path / "fresh")
    grown, fresh = files_of(out), files_of(tmp_path / "fresh")
    assert fresh.items() <= grown.items()
    assert {name for name in grown.keys() - fresh.keys() if ".p/" not in name} == set()
    assert "tile/0/000" in grown
    assert not (out / "tile/0/000.p").exists()
    assert store.head()[0] == 1 + 2 + 251 + 4 + 281


def test_publishing_again_without_growth_changes_no_byte(first: Verifier, out: Path) -> None:
    told(5)
    publish(out)
    before = files_of(out)
    assert publish(out).files == 0
    assert (files_of(out), Checkpoint.objects.count()) == (before, 1)


def test_everybody_can_read_what_is_published(first: Verifier, out: Path) -> None:
    told()
    before = os.umask(0o077)
    try:
        publish(out)
    finally:
        os.umask(before)
    assert {p.stat().st_mode & 0o777 for p in out.rglob("*")} == {0o644, 0o755}


def test_an_older_database_signs_nothing(casework: Casework, first: Verifier, out: Path, tmp_path: Path) -> None:
    told(3)
    publish(out)
    head = settings.PENHOLDER_HOME / "published-head"
    other = Casework(tmp_path / "other", database=casework.vendor).open()
    try:
        for name in ("secrets", "verifier-key"):
            source = casework.home / name
            shutil.rmtree(other.home / name, ignore_errors=True)
            (shutil.copytree if source.is_dir() else shutil.copyfile)(source, other.home / name)
        told(2)
        before = files_of(out)
        with pytest.raises(RollbackError, match="older than what was published: it has 3 entries"):
            publish(out)
        assert (files_of(out), Checkpoint.objects.count()) == (before, 0)
        told(7)  # longer now than what is published, and another history
        with pytest.raises(RollbackError, match="this database is not the one that was published"):
            publish(out)
        shutil.copyfile(head, other.home / "published-head")
        with pytest.raises(RollbackError):  # also where the folder is another: the home remembers
            publish(tmp_path / "elsewhere")
        with pytest.raises(RollbackError):
            rotation.rotate()
        assert (files_of(out), Checkpoint.objects.count()) == (before, 0)
    finally:
        other.close()
        casework.use()


def test_two_publishers_make_one_history(first: Verifier, tmp_path: Path) -> None:
    told(2)
    folders = [tmp_path / "one", tmp_path / "two"]
    notes: list[str] = []

    def run(folder: Path) -> None:
        try:
            for _ in range(4):
                told(1)
                publish(folder)
                notes.append((folder / "checkpoint").read_text())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(f,)) for f in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = list(Checkpoint.objects.values_list("size", "note"))
    assert len(notes) == 8
    assert set(notes) <= {note for _, note in stored}
    assert len({size for size, _ in stored}) == len(stored)
    for folder in folders:
        publish(folder)
        assert problems(folder, first) == []


def test_the_second_publisher_gets_the_stored_note(first: Verifier) -> None:
    told()
    with signing.publisher_lock():
        head = signing.head_of_tree()
        one = signing.sign_head(head)
        signing._store_note(head, "another note\n")
        assert signing.sign_head(head) == one
    assert Checkpoint.objects.count() == 1


def test_a_changed_entry_is_not_published(casework: Casework, first: Verifier, out: Path) -> None:
    if casework.vendor != "sqlite":
        pytest.skip("the intruder writes to the SQLite file")
    told(2)
    publish(out)
    told(2)
    meddle(
        casework.database,
        "UPDATE ledger_entry SET body = replace(body, '\"number\":1', '\"number\":7') WHERE id = 6",
    )
    before = files_of(out)
    with pytest.raises(LedgerIntegrityError, match="entry 5 is not the one that was entered in the tree"):
        publish(out)
    assert files_of(out) == before


def full_disk(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """From now on every write fails after so many that succeed."""
    true, left = os.write, iter(range(after))

    def write(handle: int, data: bytes) -> int:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        return true(handle, data)

    monkeypatch.setattr(os, "write", write)


@pytest.mark.parametrize("after", [0, 1, 3, 4, 5, 6])
def test_a_full_disk_leaves_the_published_head_and_nothing_partial(
    first: Verifier, out: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(3)
    publish(out)
    told(3)
    with monkeypatch.context() as patched:
        full_disk(patched, after)
        if after < 4:  # two tiles; the head and the memory of it
            with pytest.raises(PublicationError, match="there is no space left"):
                publish(out)
    assert [name for name in files_of(out) if name.endswith(".part")] == []
    assert problems(out, first) == []
    publish(out)
    assert problems(out, first) == []
    assert checked(out, first).facts.entries == store.head()[0]


def test_a_folder_of_something_else_is_refused(first: Verifier, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("dear")
    with pytest.raises(PublicationError, match="holds other files and no published ledger: letter"):
        publish(tmp_path / "letters")


def test_whoever_trusts_the_first_key_follows_two_changes_of_it(first: Verifier, out: Path) -> None:
    told()
    publish(out)
    for _ in range(2):
        old = keyring.secret_key(keyring.LEDGER_KEY)
        done = rotation.rotate()
        told()
        publish(out)
        new = keyring.secret_key(keyring.LEDGER_KEY)
        assert new is not None
        assert new.verifier.text() == done.new_key
        assert new != old
    report = checked(out, first)
    assert new is not None
    assert (report.problems, report.pinned, report.signed_by) == ([], True, new.verifier)
    assert not (settings.PENHOLDER_HOME / "secrets" / keyring.NEXT_KEY).exists()
    stranger = Signer.generate(first.name).verifier
    assert "is not signed by the key that was given" in problems(out, stranger)[0]


def test_a_change_of_key_that_a_crash_cut_short_is_finished_by_the_next_publication(
    first: Verifier, out: Path
) -> None:
    new = rotation._make_next_key()
    perform(rotate_key, SYSTEM, old_key=first.text(), new_key=new.verifier.text())
    told()
    publish(out)  # signed by both
    assert keyring.secret_key(keyring.LEDGER_KEY) == new
    told()
    publish(out)
    assert problems(out, first) == []


def test_a_new_key_that_had_no_time_to_take_over_does_so_at_the_next_publication(
    first: Verifier, out: Path
) -> None:
    old = keyring.secret_key(keyring.LEDGER_KEY)
    rotation.rotate()
    secrets = settings.PENHOLDER_HOME / "secrets"
    (secrets / keyring.LEDGER_KEY).rename(secrets / keyring.NEXT_KEY)  # a crash came before it
    assert old is not None
    (secrets / keyring.LEDGER_KEY).write_text(old.text())
    told()
    publish(out)
    assert problems(out, first) == []
    assert keyring.secret_key(keyring.LEDGER_KEY) != old


def test_a_stolen_key_does_not_seal_its_own_replacement(first: Verifier, out: Path) -> None:
    publish(out)
    new = rotation._make_next_key()
    perform(rotate_key, SYSTEM, old_key=first.text(), new_key=new.verifier.text(), recovery=True)
    with pytest.raises(LedgerKeyError, match="by the recovery key is not finished"):
        publish(out)
    rotation.rotate(settings.PENHOLDER_HOME / "secrets" / keyring.RECOVERY_KEY)
    publish(out)
    assert problems(out, first) == []


def test_a_lost_key_is_replaced_with_the_recovery_key(first: Verifier, out: Path, tmp_path: Path) -> None:
    told()
    publish(out)
    (settings.PENHOLDER_HOME / "secrets" / keyring.LEDGER_KEY).unlink()
    told()
    with pytest.raises(LedgerKeyError, match="is not the key that signs now"):
        publish(out)
    forged = tmp_path / "forged"
    forged.write_text(Signer.generate(f"{first.name}-recovery").text())
    with pytest.raises(LedgerKeyError, match="not a recovery key that the ledger announced"):
        rotation.rotate(forged)
    done = rotation.rotate(settings.PENHOLDER_HOME / "secrets" / keyring.RECOVERY_KEY)
    assert done.vouched_by == "the recovery key"
    told()
    publish(out)
    assert problems(out, first) == []
    assert checked(out, first).pinned


def test_a_head_is_unwitnessed_until_the_witnesses_of_the_policy_have_signed(
    first: Verifier, out: Path, tmp_path: Path
) -> None:
    witnesses = {name: Signer.generate(name, algorithm=COSIGNATURE_V1) for name in ("library", "archive", "ngo")}
    rotation.name_witnesses({n: w.verifier.text() for n, w in witnesses.items() if n != "ngo"}, needed=2)
    given = tmp_path / "given"
    given.mkdir()
    assert not publish(out, cosignatures=given).verdict.witnessed
    note = (out / "checkpoint").read_text()
    for name in ("library", "ngo"):
        (given / name).write_text(cosign(note, witnesses[name], timestamp=1_795_000_000))
    done = publish(out, cosignatures=given)
    assert (done.verdict.witnessed, done.verdict.signed, len(done.left_out)) == (False, ("library",), 1)
    (given / "archive").write_text(cosign(note, witnesses["archive"], timestamp=1_795_000_000))
    told()
    done = publish(out, cosignatures=given, hold=True)
    assert (done.verdict.witnessed, done.verdict.signed) == (True, ("library", "archive"))
    report = checked(out, first)
    assert (report.problems, report.verdict.witnessed) == ([], True)
    assert publish(out).head.size == store.head()[0]
    assert not checked(out, first).verdict.witnessed


def test_a_receipt_verifies_by_itself(first: Verifier, out: Path) -> None:
    told(3)
    run = queries.entries_about("T-1")[0].run
    with pytest.raises(Exception, match="no published head has the act"):
        receipts_of(run)
    publish(out)
    told(300)
    found_receipts = receipts_of(run)
    assert [place for place, _ in found_receipts] == [1, 2, 3, 4]
    for _, text in found_receipts:
        assert verify_receipt(text.encode(), keys=Keyring(first)).problems == []


def test_what_was_known_then_is_a_size(first: Verifier) -> None:
    told()
    moment = Head.objects.order_by("-size").values_list("recorded_at", flat=True)[0]
    assert queries.size_at(moment) == 3
    assert queries.size_at(moment.replace(year=2000)) == 0
    assert [e.place for e in queries.entries_about("T-1", size=2)] == [1]
