"""After one person is erased: proofs stand, no stored byte tells their texts, and no guess matches a stored hash.

Nothing here is made for the test alone but a file: people act through their own actions and pages.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from penholder.actions.action import Run, action, perform
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.actions.events import Event
from penholder.actions.values import SYSTEM, Actor, FieldClass, Visibility
from penholder.custody.backup import backup
from penholder.custody.publish import publish
from penholder.custody.receipts import receipts_of
from penholder.kernel import clock
from penholder.kernel.canonical import canonical_json
from penholder.ledger import store as ledger
from penholder.ledger.keyring import Keyring
from penholder.ledger.merkle import Frontier, leaf_hash
from penholder.ledger.models import Entry, Place
from penholder.ledger.note import Verifier
from penholder.ledger.queries import place_of
from penholder.ledger.verify_receipt import verify_receipt
from penholder.people import actions as people
from penholder.people import queries
from penholder.people.addresses import pseudonym_of
from penholder.people.authority import RoleTable
from penholder.people.models import CacheRow, User
from penholder.vault.journal import ErasureRecord
from penholder.vault.rows import keep_file
from penholder.vault.store import keys, vault
from tests.casework import Casework, SettingsOfTest
from tests.ledger_ground import found, problems
from tests.people_ground import actor, administrator, invited, officer
from tests.postgresql import cluster, programs

MARK = "quuxmark7"
ADDRESS, TITLE, FIRM = f"z.{MARK}@ardenia.invalid", f"Reader {MARK}", f"Trading house {MARK}"
CONTROL = "controlmark9"
PASSWORD = f"a long password of {MARK}"
GUESSES = 100_000


class Permit(StrEnum):
    FILE = "tests.file"


class PaperFiled(
    Event, visibility=Visibility.PUBLIC, public=("digest",), personal={"said": "person", "person": "person"}
):
    digest: str
    person: str
    said: str


@action(permission=Permit.FILE, events=(PaperFiled,))
def file_paper(run: Run, *, person: str, content: str) -> str:
    """Keep a paper about a person."""
    stored = vault().files.put(io.BytesIO(content.encode()), subject=person)
    keep_file(stored, subject=person, field_class=FieldClass.PERSONAL)
    run.record(PaperFiled(digest=stored.digest, person=person, said=content))
    return stored.address


class TableAndPapers(RoleTable):
    """The role table; everybody may file papers."""

    def role_for(self, actor: Actor, permission: str) -> str | None:
        return "tester" if permission == Permit.FILE else super().role_for(actor, permission)


@pytest.fixture
def first(casework: Casework, settings_of_test: SettingsOfTest) -> Verifier:
    settings_of_test.set("PENHOLDER_AUTHORITY", f"{__name__}.TableAndPapers")
    settings_of_test.set("EMAIL_FILE_PATH", str(casework.home / "mail"))
    settings_of_test.set("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
    settings_of_test.set("PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])
    return found(casework)


@dataclass
class Office:
    """A person about whom, and by whom, there is something of everything."""

    person: str
    firm: str
    runs: list[str]


def busy_office() -> Office:
    """Every place of an installation where a text about a person can stand."""
    boss = administrator()
    made = perform(people.invite_person, boss, idempotency_key="i", address=ADDRESS, title=f"Old {MARK}")
    person: str = made.result
    perform(people.change_title, boss, person_id=person, title=TITLE, expected_version=1, idempotency_key="t")
    firm = perform(people.create_organisation, boss, name=FIRM, idempotency_key="f").result
    grant = perform(people.grant_role, boss, person_id=person, role="exporter_reader").result
    perform(people.add_member, boss, organisation_id=firm, person_id=person)
    perform(people.create_team, boss, name=f"Desk {CONTROL}")
    _sign_in(made.details["invitation"])
    runs = [made.run, *_acts_by(person), *_acts_about(person, firm, grant)]
    return Office(person, firm, runs)


def _sign_in(invitation: str) -> None:
    browser = Client(SERVER_NAME="localhost")
    form = browser.get(invitation)
    browser.post(form["Location"], {"password1": PASSWORD, "password2": PASSWORD})
    for password in (f"wrong {MARK}", PASSWORD):
        browser.post("/account/login/", {"login": ADDRESS.upper(), "password": password})
    assert TITLE in browser.get("/me").content.decode()
    Client(SERVER_NAME="localhost").post("/account/password/reset/", {"email": ADDRESS})


def _acts_by(person: str) -> list[str]:
    who = actor(person)
    day = clock.today() + timedelta(days=3)
    token = perform(people.issue_token, who, label=f"laptop {MARK}", idempotency_key="k")
    away = perform(people.record_absence, who, valid_from=day, idempotency_key="a")
    task = perform(people.add_task, SYSTEM, text=f"Ask {MARK} about it", person_id=person).result
    done = perform(people.finish_task, who, task=task, expected_version=1, remark=f"{MARK} said so")
    return [token.run, away.run, done.run]


def _acts_about(person: str, firm: str, grant: str) -> list[str]:
    boss = administrator()
    auditor = officer("auditor-1", "auditor")
    place = place_of(Entry.objects.get(event="people.PersonInvited", about=person).id)
    read = perform(
        people.read_private,
        auditor,
        place=place,
        fields=("address",),
        why=f"complaint of {MARK}",
        idempotency_key="r",
    )
    assert read.details == {"values": {"address": ADDRESS}}
    perform(people.add_task, SYSTEM, text=f"Call {MARK}", person_id=person, subject=firm)
    ended = perform(people.withdraw_role, boss, grant=grant, why=f"{MARK} left the desk")
    paper = perform(file_paper, boss, person=person, content=f"What {MARK} wrote.\n" * 50)
    return [read.run, ended.run, paper.run]


def forms_of(text: str) -> list[bytes]:
    """How a text may stand in bytes: UTF-8, UTF-16, hexadecimal, base64 at each of its three offsets."""
    plain = text.encode()
    made = [plain, plain.upper(), text.encode("utf-16-le"), plain.hex().encode(), plain.hex().upper().encode()]
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + plain)
        made.append(coded[4 if offset else 0 : -4])
    return made


def files_of(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Every byte below the folders; dumps of a server as SQL."""
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            try:
                content = path.read_bytes()
            except FileNotFoundError:  # the server removes old files of its log
                continue
            yield str(path), _as_sql(path) if path.suffix == ".dump" else content


def _as_sql(dump: Path) -> bytes:
    found = programs()
    assert found is not None
    return subprocess.run([found / "pg_restore", "-f", "-", dump], capture_output=True, check=True).stdout


def tells(word: str, *folders: Path) -> list[str]:
    """The files in which the word stands in any form."""
    forms = forms_of(word)
    return [name for name, content in files_of(*folders) if any(form in content for form in forms)]


def places(casework: Casework, *more: Path) -> list[Path]:
    """Where the bytes of an installation are."""
    if casework.vendor == "sqlite":
        return [casework.home, *more]
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute("SELECT pg_relation_filepath('people_user')")
        base = Path(cluster().data / cursor.fetchone()[0]).parent
    return [casework.home, base, cluster().data / "pg_wal", *more]


def hashes_in(values: Iterator[object]) -> set[bytes]:
    """The first 16 bytes of whatever may be a digest: hexadecimal, base64, and blocks of 32 bytes."""
    made: set[bytes] = set()
    for value in values:
        raw = bytes(value) if isinstance(value, bytes | memoryview) else b""
        made |= {raw[start : start + 16] for start in range(0, len(raw), 32)}
        text = raw.decode("latin-1") if raw else str(value)
        made |= {bytes.fromhex(h[:32]) for h in re.findall(r"[0-9a-fA-F]{32,}", text)}
        made |= {base64.urlsafe_b64decode(b[:24] + "==")[:16] for b in re.findall(r"[A-Za-z0-9_-]{43}", text)}
    return made


def stored_values() -> Iterator[object]:
    """Every value of every table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield from row


def values_of_copy(database: Path) -> Iterator[object]:
    """The same of a copy of an SQLite database."""
    with closing(sqlite3.connect(database)) as copy:
        for (table,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in copy.execute(f'SELECT * FROM "{table}"'):
                yield from row


def guesses() -> Iterator[str]:
    """100,000 addresses and functions; the true ones are among them."""
    yield from (ADDRESS, TITLE, FIRM, "Exporter", f"laptop {MARK}")
    for number in range(GUESSES - 5):
        yield f"z.{number}@ardenia.invalid"


def hashes_of(guess: str) -> Iterator[bytes]:
    """What one tries who has no key: the usual digests of the text, and of what our own parts make of it."""
    plain = guess.encode()
    yield from (hashlib.new(name, plain).digest()[:16] for name in ("md5", "sha1", "sha256", "sha512", "blake2b"))
    for made in (f'"{guess}"', f"localhost:{guess}", canonical_json({"address": guess, "title": TITLE})):
        yield hashlib.sha256(made.encode()).digest()[:16]


def blind_of(guess: str) -> bytes:
    """What one tries who has the lookup key."""
    return bytes.fromhex(pseudonym_of(guess)[:32])


def root_from_rows() -> bytes:
    frontier = Frontier(0, ())
    for body in Place.objects.order_by("seq").values_list("entry__body", flat=True):
        frontier, _ = frontier.append(leaf_hash(body.encode()))
    return frontier.root()


def test_after_an_erasure_proofs_stand_and_nothing_stored_tells_the_texts(
    casework: Casework, first: Verifier, tmp_path: Path
) -> None:
    office = busy_office()
    out = tmp_path / "published"
    publish(out)
    receipts = [text for run in office.runs for _, text in receipts_of(run)]
    bodies = list(Entry.objects.order_by("id").values_list("body", flat=True))
    before = backup(tmp_path / "backups")
    letters = [name for name in tells(MARK, casework.home) if "/mail/" in name]
    assert len(letters) == 1  # the one place where an address must stand in clear
    assert tells(MARK, *places(casework, out, before.folder)) == letters
    assert len(tells(CONTROL, *places(casework, out, before.folder))) >= 2  # what is in clear is found

    boss = administrator()
    for subject in (office.person, office.firm):
        perform(
            people.erase_subject, boss, subject=subject, ground="request-of-the-person", idempotency_key=subject
        )

    assert tells(MARK, *places(casework, out, before.folder)) == []
    assert queries.person(viewer=boss, id=office.person).row.title == "erased"
    assert queries.organisation(viewer=boss, id=office.firm).name == "erased"
    assert list(Entry.objects.order_by("id").values_list("body", flat=True))[: len(bodies)] == bodies
    assert ledger.head()[1].root() == root_from_rows()
    assert problems(out, first) == []
    publish(out)
    assert problems(out, first) == []
    assert len(receipts) == len(office.runs) == 7
    assert [verify_receipt(text.encode(), keys=Keyring(first)).problems for text in receipts] == [[]] * len(
        receipts
    )


@pytest.mark.slow
def test_a_hundred_thousand_guesses_match_no_stored_hash(
    casework: Casework, first: Verifier, tmp_path: Path
) -> None:
    office = busy_office()
    publish(tmp_path / "published")
    before = backup(tmp_path / "backups")
    living = hashes_in(stored_values())
    assert blind_of(ADDRESS) in living  # control: with the lookup key the right guess is seen
    perform(people.erase_subject, administrator(), subject=office.person, ground="request-of-the-person")
    assert CacheRow.objects.count() == 0
    after = hashes_in(stored_values())
    files = hashes_in(content for _, content in files_of(tmp_path / "published"))
    copy = hashes_in(values_of_copy(before.folder / "casework.sqlite3")) if casework.vendor == "sqlite" else living
    assert len(after) > 300
    anywhere = living | after | files | copy
    assert [guess for guess in guesses() if any(made in anywhere for made in hashes_of(guess))] == []
    assert [guess for guess in guesses() if blind_of(guess) in after | files] == []


def _begun(subject: str) -> str:
    """An erasure whose transaction was lost: the key is gone, and the ledger does not say so."""
    record = ErasureRecord("X-begun", subject, "court-order", clock.now())
    vault().journal.append(record)
    keys().destroy(subject)
    return record.id


@pytest.mark.parametrize("kind", ["person", "organisation", "licence"])
def test_an_erasure_that_was_begun_is_finished_under_its_own_id(
    casework: Casework, first: Verifier, kind: str
) -> None:
    boss = administrator()
    firm = perform(people.create_organisation, boss, name="Exporter 1").result
    subject = {"person": invited("officer-1"), "organisation": firm, "licence": "L-of-an-older-version"}[kind]
    _begun(subject)
    done = perform(people.erase_subject, boss, subject=subject, ground="retention-expired")
    assert done.result == "X-begun"
    assert '"ground":"court-order"' in Entry.objects.get(id=done.entries[0]).body
    with pytest.raises(ConflictError, match="erased already"):
        perform(people.erase_subject, boss, subject=subject, ground="retention-expired")


def test_a_database_that_was_put_back_is_erased_again(casework: Casework, first: Verifier, tmp_path: Path) -> None:
    if casework.vendor != "sqlite":
        pytest.skip("the file of the database is put back")
    boss, person = administrator(), invited("officer-1")
    made = backup(tmp_path / "backups")
    erasure = perform(people.erase_subject, boss, subject=person, ground="retention-expired").result
    casework.close()
    for name in ("casework.sqlite3-wal", "casework.sqlite3-shm"):
        (casework.home / name).unlink(missing_ok=True)
    shutil.copyfile(made.folder / "casework.sqlite3", casework.database)
    casework.use()
    assert User.objects.get(public_id=person).is_active
    assert queries.person(viewer=boss, id=person).row.title == "erased"  # and yet nobody can read it
    assert perform(people.erase_subject, boss, subject=person, ground="retention-expired").result == erasure
    assert not User.objects.get(public_id=person).is_active


def test_only_people_and_organisations_are_erased(casework: Casework, first: Verifier) -> None:
    boss = administrator()
    team = perform(people.create_team, boss, name="Northern desk").result
    with pytest.raises(InvalidError, match="licences, cases and other records are kept") as refused:
        perform(people.erase_subject, boss, subject=team, ground="retention-expired")
    assert refused.value.fields == {"subject": "must be the public id of a person or an organisation"}
    with pytest.raises(AbsentError, match="nothing is kept"):
        perform(people.erase_subject, boss, subject="L-unknown", ground="retention-expired")
    assert keys().exists(team)


def test_an_address_is_free_again_after_an_erasure(casework: Casework, first: Verifier) -> None:
    boss, person = administrator(), invited("officer-1")
    with pytest.raises(ConflictError, match="an account with this address"):
        perform(people.invite_person, boss, address="OFFICER-1@Ardenia.invalid", title="Officer 1")
    perform(people.erase_subject, boss, subject=person, ground="entered-by-mistake")
    assert invited("officer-1") != person
