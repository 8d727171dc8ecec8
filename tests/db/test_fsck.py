"""`fsck` finds what an intruder changed, and says where; `doctor` says what is not well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from penholder.actions.action import perform
from penholder.actions.models import OutboxRow, ScheduledRun
from penholder.actions.replay import REPLAYS, Difference, Recorded, read_recorded, replays
from penholder.actions.schedule import SCHEDULE, every, run_due
from penholder.actions.values import SYSTEM, ActorKind
from penholder.custody import keyring
from penholder.custody.doctor import examine
from penholder.custody.fsck import fsck
from penholder.custody.publish import publish
from penholder.custody.values import Finding, Level
from penholder.kernel import clock
from penholder.ledger.door import own_door
from penholder.ledger.models import Entry
from penholder.ledger.note import Verifier
from penholder.vault.journal import ErasureJournal, ErasureRecord
from penholder.vault.store import keys, open_disclosures
from tests.casework import Casework
from tests.ledger_ground import Told, meddle, tell, told
from tests.postgresql import cluster


@pytest.fixture
def sqlite(casework: Casework) -> Path:
    if casework.vendor != "sqlite":
        pytest.skip("the intruder writes to the SQLite file")
    return casework.database


def said(findings: Iterator[Finding]) -> list[str]:
    return [f"{f.where}: {f.what}" for f in findings]


def test_sound_books_agree(first: Verifier, tmp_path: Path) -> None:
    told(600)
    publish(tmp_path / "out")
    told(2)
    assert said(fsck()) == []


TAMPERED = {
    "UPDATE ledger_entry SET body = replace(body, '\"number\":1', '\"number\":9') WHERE id = 3": (
        "place 2: the entry is not the one whose hash is in the tree"
    ),
    "UPDATE ledger_entry SET event = 'test.Other' WHERE id = 3": (
        "place 2: the columns of the entry say something else than the entry: event"
    ),
    "UPDATE ledger_entry SET recorded_at = '2020-01-01 00:00:00' WHERE id = 3": (
        "place 2: the columns of the entry say something else than the entry: recorded_at"
    ),
    "UPDATE actions_act SET role = 'decider' WHERE entry_id = 3": (
        "place 2: the index of acts say something else than the entry: role"
    ),
    "DELETE FROM actions_act WHERE entry_id = 3": "place 2: is not in the index of acts",
    "UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 0 AND position = 2": (
        "place 2: the entry is not the one whose hash is in the tree"
    ),
    "UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 1 AND position = 1": (
        "hash of level 1, position 1: is not the one over places 2 to 3"
    ),
    "INSERT INTO ledger_node VALUES (9, 0, zeroblob(32))": (
        "hashes of the tree: there are 9, a tree of 5 entries has 8"
    ),
    "UPDATE ledger_head SET root = zeroblob(32) WHERE size = 5": (
        "head of size 5: is not the root of the 5 entries before it"
    ),
    "UPDATE ledger_head SET recorded_at = '2020-01-01 00:00:00' WHERE size = 5": (
        "head of size 5: is dated before its last entry"
    ),
    "DELETE FROM ledger_place WHERE seq = 2": "place 2: has no entry; what follows was not checked",
    "DELETE FROM ledger_place WHERE seq = 4": "head of size 5: is the newest, but there are 4 places",
    "UPDATE ledger_checkpoint SET root = zeroblob(32)": (
        "signed head of size 5: is not the root of the entries before it"
    ),
    "UPDATE ledger_checkpoint SET note = replace(note, '\n5\n', '\n4\n')": (
        "signed head of size 5: its signature: "
        "the signature of ledger.ardenia.invalid/log is not right for this text"
    ),
    "UPDATE vault_sealedfield SET name = 'how' WHERE entry_id = 3 AND name = 'why'": (
        "private field how of entry 3: cannot be opened: a sealed field was changed, or belongs to another row, "
        "name or subject"
    ),
    "UPDATE actions_act SET actor = 'P-else' WHERE entry_id = 3": (
        "act of entry 3: the index of acts names another than the entry does"
    ),
    "UPDATE actions_act SET stood_in_for = 'P-else' WHERE entry_id = 3": (
        "act of entry 3: the index of acts says otherwise than the entry for whom they stood in"
    ),
    "DELETE FROM vault_sealedfield WHERE entry_id = 3 AND name = 'actor'": (
        "private field actor of entry 3: is missing, and nobody erased it"
    ),
    "DELETE FROM vault_sealedfield WHERE entry_id = 3 AND name = 'why'": (
        "private field why of entry 3: is missing, and nobody erased it"
    ),
}


@pytest.mark.parametrize("statement", TAMPERED)
def test_what_was_changed_is_named_with_its_place(
    first: Verifier, sqlite: Path, statement: str, tmp_path: Path
) -> None:
    told(3)
    publish(tmp_path / "out")
    meddle(sqlite, statement)
    assert TAMPERED[statement] in said(fsck())


def test_a_private_field_without_key_is_a_finding_only_if_nobody_erased_it(first: Verifier) -> None:
    told(1, "T-7")
    keys().destroy("T-7")
    assert said(fsck()) == []
    assert [r.event for r in read_recorded((Told.name,))] == [None]


def test_in_whose_place_somebody_acted_is_in_the_entry_and_is_compared(first: Verifier, sqlite: Path) -> None:
    """Separation of duties rests on it: neither may it be dropped from the index, nor shown without."""
    deputy = replace(SYSTEM, id="P-deputy", kind=ActorKind.PERSON, stands_in_for=frozenset({"P-one", "P-another"}))
    entry = perform(tell, deputy, thing="T-2").entries[0]
    opened = {d.name: d.value for d in open_disclosures(entry)}
    assert opened["actor"] == {"id": "P-deputy", "stood_in_for": ["P-another", "P-one"]}
    alone = perform(tell, SYSTEM, thing="T-3").entries[0]
    assert {d.name: d.value for d in open_disclosures(alone)}["actor"] == "system"
    assert said(fsck()) == []
    meddle(sqlite, f"UPDATE actions_act SET stood_in_for = '' WHERE entry_id = {entry}")
    assert said(fsck()) == [
        f"act of entry {entry}: the index of acts says otherwise than the entry for whom they stood in"
    ]


def test_the_tables_are_compared_with_what_the_events_amount_to(first: Verifier) -> None:
    told(700)

    @replays(Told)
    def numbers(recorded: Iterator[Recorded]) -> Iterator[Difference]:
        total = sum(r.event.number for r in recorded if isinstance(r.event, Told))
        if total != 244_651:
            yield Difference("numbers", f"the events amount to {total}, the tables to 244651")

    try:
        assert said(fsck()) == ["numbers: the events amount to 244650, the tables to 244651"]
    finally:
        del REPLAYS["test_fsck.numbers"]


def test_a_job_runs_once_when_it_is_due_and_again_after_a_failure(first: Verifier) -> None:
    runs: list[datetime] = []

    @every("day")
    def daily(now: datetime) -> None:
        runs.append(now)
        if len(runs) == 1:
            raise ValueError("first time")

    begin = clock.now().replace(hour=12, minute=0, second=0)
    others = {name: SCHEDULE.pop(name) for name in list(SCHEDULE) if name != "test_fsck.daily"}
    try:
        at = [begin, begin + timedelta(minutes=1), begin + timedelta(minutes=5), begin + timedelta(hours=3)]
        results = [[(r.name, r.failure) for r in run_due(moment)] for moment in [*at, begin + timedelta(hours=13)]]
        assert results == [
            [("test_fsck.daily", "ValueError")],
            [],
            [("test_fsck.daily", "")],
            [],
            [("test_fsck.daily", "")],
        ]
        assert runs == [at[0], at[2], begin + timedelta(hours=13)]
        assert ScheduledRun.objects.get().failure == ""
    finally:
        del SCHEDULE["test_fsck.daily"]
        SCHEDULE.update(others)


def test_doctor_finds_nothing_wrong_with_a_sound_installation(first: Verifier, tmp_path: Path) -> None:
    told()
    publish(tmp_path / "out")
    for path in (settings.PENHOLDER_HOME, *settings.PENHOLDER_HOME.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert [f for f in examine() if f.level is not Level.ATTEND and f.where != "disk"] == []


def test_doctor_says_what_is_wrong(casework: Casework, first: Verifier, tmp_path: Path) -> None:
    told()
    entry = Entry.objects.first()
    assert entry is not None
    with own_door(), transaction.atomic():
        OutboxRow.objects.create(
            entry=entry, event="x.Y", reaction="x.answer", due_at=clock.now(), attempts=8, failure="conflict: busy"
        )
        ScheduledRun.objects.create(
            name="register.expire_what_ran_out", ran_at=clock.now() - timedelta(days=3), failure=""
        )
    secret = casework.home / "secrets" / keyring.LEDGER_KEY
    secret.chmod(0o644)
    wrong = [f"{f.where}: {f.what}" for f in examine() if f.level is Level.WRONG]
    assert any("x.answer to x.Y (entry 1) failed 8 times, given up: conflict: busy" in w for w in wrong)
    assert any(w.startswith("schedule: register.expire_what_ran_out ran last at") for w in wrong)
    assert f"keys: {secret} can be read by others" in wrong
    secret.unlink()
    (casework.home / "published-head").write_text("not a note")
    wrong = [f"{f.where}: {f.what}" for f in examine() if f.level is Level.WRONG]
    assert any(w.startswith("start: a stored head cannot be read") for w in wrong)
    assert "keys: secrets/ledger-key is not the key that signs now" in wrong


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("lookup-key", "nobody can sign in, and no address is found"),
        ("secret-key", "sessions and links of invitations cannot be checked"),
    ],
)
def test_doctor_misses_the_secrets_of_the_site(casework: Casework, first: Verifier, name: str, lost: str) -> None:
    told()
    secret = casework.home / "secrets" / name
    text = secret.read_text()
    secret.write_text("\n")
    assert f"secrets: secrets/{name} is not what `penholder init` made: {lost}" in said(examine())
    secret.unlink()
    found = [f for f in examine() if f.where == "secrets"]
    assert [f"{f.what} | {f.level.value}" for f in found] == [
        f"secrets/{name} is not there, or cannot be read: {lost} | {Level.WRONG.value}"
    ]
    assert "`penholder backup --keys-to`" in found[0].hint
    secret.write_text(text)
    assert [f for f in examine() if f.where == "secrets"] == []


def test_doctor_misses_a_trigger(first: Verifier, sqlite: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(sqlite)) as connection:
        connection.execute("DROP TRIGGER ledger_node_no_update")
    assert "tables: trigger ledger_node_no_update is not there" in said(examine())
    assert "trigger ledger_node_no_update: is not there: rows could be changed" in said(fsck())


def test_doctor_sees_an_erasure_that_has_no_entry(casework: Casework, first: Verifier) -> None:
    told(1, "T-7")
    record = ErasureRecord("X-1", "T-7", "retention-expired", clock.now())
    ErasureJournal(casework.home / "erasures.jsonl").append(record)
    keys().destroy("T-7")
    assert any("1 erasures are not finished" in line and "X-1" in line for line in said(examine()))


def test_doctor_says_where_the_log_of_the_server_could_hold_private_values(first: Verifier) -> None:
    """psycopg sends values inside statements, and the server logs statements that fail."""
    if connection.vendor == "sqlite":
        pytest.skip("there is no server")
    assert [f for f in examine() if f.where == "database"] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolconfig FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone()[0] == ["log_min_error_statement=panic"]


def test_doctor_reads_the_settings_of_the_log(first: Verifier) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("there is no server")
    connection.close()
    with cluster().connect(connection.settings_dict["NAME"]) as server:
        server.execute(f"ALTER ROLE {connection.settings_dict['USER']} RESET log_min_error_statement")
    try:
        noted = [f for f in examine() if f.where == "database"]
    finally:
        connection.close()
        with cluster().connect(connection.settings_dict["NAME"]) as server:
            server.execute(f"ALTER ROLE {connection.settings_dict['USER']} SET log_min_error_statement = panic")
    assert [(f.level, f.what) for f in noted] == [
        (Level.ATTEND, "log_min_error_statement is error: the log of the server can hold values of private fields")
    ]
