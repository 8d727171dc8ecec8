"""Attacks on releases that once worked: a key that must not sign one, and one that signs no more."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from penholder.actions.values import SYSTEM
from penholder.custody import keyring, rotation
from penholder.ledger.keyring import Keyring
from penholder.ledger.note import Signer, sign_note
from penholder.ledger.verify_receipt import verify_receipt
from penholder.publication.books import books
from penholder.publication.build import build
from penholder.publication.releases import files
from penholder.publication.releases.catalogue import file_facts, read_catalogue, signed_text
from penholder.publication.releases.check import verify_release
from tests.casework import Casework, SettingsOfTest
from tests.ledger_ground import ORIGIN
from tests.publication_ground import TODAY, Ground
from tests.register_ground import at

pytestmark = pytest.mark.slow  # makes a whole release


@pytest.fixture
def ground(casework: Casework, settings_of_test: SettingsOfTest) -> Ground:
    return Ground.of_story(casework, settings_of_test)


def signed_again(folder: Path, to: Path, signer: Signer) -> Path:
    """A release with another limb in one cell, whole again, and signed by this key."""
    bad = to / f"{folder.name}-{signer.name.rpartition('-')[2]}"
    shutil.copytree(folder, bad)
    tables = {name: files.read_lines(folder, name) for name in read_catalogue(folder)[0].tables}
    tables["lines"] = [{**tables["lines"][0], "limb": "made up"}, *tables["lines"][1:]]
    (bad / files.DATABASE).unlink()
    files.write_all(bad, tables)
    old, _ = read_catalogue(folder)
    facts = dict(old.tables["lines"]) | {"sha256": files.rows_sha256(files.SHAPES["lines"], tables["lines"])}
    made = replace(old, tables={**old.tables, "lines": facts}, files=file_facts(bad))
    (bad / "catalogue.json").write_bytes(made.to_bytes())
    sha256 = hashlib.sha256(made.to_bytes()).hexdigest()
    (bad / "catalogue.note").write_text(sign_note(signed_text(made, sha256), [signer]), encoding="utf-8")
    return bad


def test_a_release_that_a_recovery_key_signs_is_none_and_a_retired_key_is_named(
    ground: Ground, tmp_path: Path
) -> None:
    made = build(books(), to=tmp_path / "made", called="first", on=TODAY, actor=SYSTEM)
    current, retired = Signer.generate(ORIGIN), Signer.generate(ORIGIN)
    recovery = Signer.generate(f"{ORIGIN}-recovery")
    keys = Keyring(current.verifier, ((retired.verifier, 9),), (recovery.verifier,))
    forged = verify_release(signed_again(made.folder, tmp_path, recovery), keys=keys)
    assert [p.file for p in forged.problems] == ["catalogue.note"]
    older = verify_release(signed_again(made.folder, tmp_path, retired), keys=keys)
    assert older.signed_by == retired.verifier.text()
    assert any("which is retired" in notice for notice in older.notices)
    assert {p.file for p in older.problems} == {"announced.receipt"}  # who has that key needs the ledger too
    assert verify_release(made.folder, keys=ground.keys).notices == []


def test_a_key_that_was_noted_first_verifies_what_a_later_key_signed_by_the_changes_that_lead_to_it(
    ground: Ground, tmp_path: Path
) -> None:
    first = ground.keys
    for _ in range(2):
        rotation.rotate()
    made = build(books(), to=tmp_path / "made", called="later", on=TODAY, actor=SYSTEM)
    report = verify_release(made.folder, keys=first)
    newest = keyring.newest(ORIGIN).keyring.current
    assert (report.problems, report.signed_by, report.is_pinned) == ([], newest.text(), True)
    assert any("by 2 change(s) of key" in notice for notice in report.notices)
    stranger = Keyring(Signer.generate(ORIGIN).verifier)
    assert [p.file for p in verify_release(made.folder, keys=stranger).problems] == ["catalogue.note"]
    (made.folder / "key-changes" / "001.receipt").unlink()
    broken = verify_release(made.folder, keys=first)
    assert [p.file for p in broken.problems] == ["catalogue.note"]


def test_where_a_release_was_announced_is_proven_by_its_receipt_and_by_no_other(
    ground: Ground, tmp_path: Path
) -> None:
    made = build(books(), to=tmp_path / "made", called="first", on=TODAY, actor=SYSTEM)
    announced = made.folder / "announced.receipt"
    whole = announced.read_bytes()
    assert verify_receipt(whole, keys=ground.keys).is_intact
    at(TODAY + timedelta(days=1))
    later = build(books(), to=tmp_path / "later", called="second", on=TODAY + timedelta(days=1), actor=SYSTEM)
    announced.write_bytes((later.folder / "announced.receipt").read_bytes())
    said = [(p.file, p.message) for p in verify_release(made.folder, keys=ground.keys).problems]
    assert said == [("announced.receipt", "announces another catalogue")]
    announced.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    assert {p.file for p in verify_release(made.folder, keys=ground.keys).problems} == {"announced.receipt"}
    announced.unlink()
    assert [p.file for p in verify_release(made.folder, keys=ground.keys).problems] == ["announced.receipt"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lines.jsonl", b"{{{\n"), ("lines.jsonl", b"[" * 100_000),
        ("lines.csv", b"a,b\n1,2\n"), ("lines.parquet", b"PAR1 junk PAR1"),
        ("release.sqlite3", b"SQLite format 3\x00" + b"x" * 4_000),
    ],
)  # fmt: skip
def test_a_release_that_is_signed_and_cannot_be_read_is_damaged_and_no_crash(
    ground: Ground, tmp_path: Path, name: str, content: bytes
) -> None:
    made = build(books(), to=tmp_path / "made", called="first", on=TODAY, actor=SYSTEM)
    signer = Signer.generate(ORIGIN)
    (made.folder / name).write_bytes(content)
    changed = replace(read_catalogue(made.folder)[0], files=file_facts(made.folder))
    (made.folder / "catalogue.json").write_bytes(changed.to_bytes())
    sha256 = hashlib.sha256(changed.to_bytes()).hexdigest()
    (made.folder / "catalogue.note").write_text(
        sign_note(signed_text(changed, sha256), [signer]), encoding="utf-8"
    )
    report = verify_release(made.folder, keys=Keyring(signer.verifier))
    said = [p.message.partition(" (")[0] for p in report.problems if p.file != "announced.receipt"]
    assert said == ["cannot be read as the catalogue says"]
