"""Every kind of bare write is refused, by the guard and below it, and leaves every table as it was."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from penholder.actions.action import Run, action, perform
from penholder.actions.errors import NothingRecordedError, WriteOutsideActionError
from penholder.actions.events import Event
from penholder.actions.values import Actor, ActorKind, FieldClass, Visibility
from penholder.custody.check_tree import check_tree
from penholder.custody.doctor import examine
from penholder.custody.selfcheck import check_at_start
from penholder.kernel.errors import ConfigurationError
from penholder.ledger.door import migration_door
from penholder.ledger.triggers import IMMUTABLE, trigger_faults
from penholder.people.models import User
from tests.casework import Casework, SettingsOfTest


class Permit(StrEnum):
    TRY = "tests.try_it"


class TitleSet(Event, visibility=Visibility.PUBLIC, about="person", public=("person",), official=("title",)):
    person: str
    title: str


@action(permission=Permit.TRY, events=(TitleSet,))
def set_title(run: Run, *, person: str, title: str, trick: str = "") -> int:
    """Set a title, making the person where there is none; or try a trick."""
    TRICKS[trick]()
    User.objects.get_or_create(public_id=person, defaults={"email": f"{person}@ardenia.invalid", "title": title})
    User.objects.select_for_update().get(public_id=person)
    changed = User.objects.filter(public_id=person).update(title=title)
    run.record(TitleSet(person=person, title=title))
    return changed


@action(permission=Permit.TRY, events=(TitleSet,))
def find_nobody(run: Run, *, person: str) -> int:
    """Change a person who does not exist."""
    return User.objects.filter(public_id=person).update(title="nobody")


class AllMay:
    """An authority for these tests."""

    def role_for(self, actor: Actor, permission: str) -> str | None:
        return "officer"

    def standing(self, actor: Actor, *, on: date) -> Actor | None:
        return actor

    def may_read(self, actor: Actor, field: FieldClass) -> bool:
        return False


OFFICER = Actor("P-officer", ActorKind.PERSON, frozenset({"officer"}))


@pytest.fixture(autouse=True)
def one_person(casework: Casework, settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_AUTHORITY", f"{__name__}.AllMay")
    perform(set_title, OFFICER, person="P-1", title="Licensing officer 1")


def contents(casework: Casework) -> dict[str, list[str]]:
    """Every row of every table, as an intruder with the file or as the superuser reads it."""
    if casework.vendor == "sqlite":
        with closing(sqlite3.connect(casework.database)) as bare:
            return _rows(bare, "SELECT name FROM sqlite_master WHERE type = 'table'")
    from tests.postgresql import cluster

    with cluster().connect(casework.name) as server:
        return _rows(
            server, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )


def _rows(bare: Any, tables: str) -> dict[str, list[str]]:
    names = sorted(str(row[0]) for row in bare.execute(tables).fetchall())
    return {n: sorted(repr(r) for r in bare.execute(f'SELECT * FROM "{n}"').fetchall()) for n in names}


def person() -> User:
    return User(public_id="P-2", email="p-2@ardenia.invalid", title="x")


def first() -> User:
    return User.objects.get(public_id="P-1")


def changed(**values: object) -> User:
    found = first()
    for name, value in values.items():
        setattr(found, name, value)
    return found


def run_sql(sql: str, *params: str) -> object:
    with connection.cursor() as cursor:
        return cursor.execute(sql, params or None)


def save_in_admin() -> None:
    from django.contrib.admin import AdminSite, ModelAdmin

    ModelAdmin(User, AdminSite()).save_model(None, changed(title="x"), None, change=True)  # type: ignore[arg-type]


def delete_in_admin() -> None:
    from django.contrib.admin import AdminSite, ModelAdmin

    ModelAdmin(User, AdminSite()).delete_model(None, first())  # type: ignore[arg-type]


def delete_chosen_in_admin() -> None:
    from django.contrib.admin import AdminSite, ModelAdmin

    ModelAdmin(User, AdminSite()).delete_queryset(None, User.objects.all())  # type: ignore[arg-type]


def in_the_shell() -> None:
    call_command(
        "shell", command="from penholder.people.models import User; User.objects.update(title='x')", verbosity=0
    )


def load_data() -> None:
    from django.conf import settings

    file = Path(settings.PENHOLDER_HOME) / "rows.json"
    fields = {"public_id": "P-3", "email": "p-3@ardenia.invalid", "title": "x", "password": ""}
    file.write_text(json.dumps([{"model": "people.user", "pk": 99, "fields": fields}]))
    call_command("loaddata", str(file), verbosity=0)


def in_a_transaction() -> None:
    with transaction.atomic():
        User.objects.update(title="x")


def with_a_trick_of_the_cursor() -> None:
    connection.cursor().cursor.execute("DELETE FROM people_user")


def from_the_result_of_a_read() -> None:
    connection.cursor().execute("SELECT 1").connection.execute("DELETE FROM people_user")


BARE: dict[str, Callable[[], object]] = {
    "create": lambda: User.objects.create(public_id="P-2", email="p-2@ardenia.invalid", title="x"),
    "save a new one": lambda: person().save(),
    "save a change": lambda: changed(title="x").save(),
    "save one field": lambda: changed(title="x").save(update_fields=["title"]),
    "delete one": lambda: first().delete(),
    "delete all": lambda: User.objects.all().delete(),
    "raw delete": lambda: User.objects.all()._raw_delete("default"),
    "update": lambda: User.objects.update(title="x"),
    "update with F()": lambda: User.objects.update(version=F("version") + 1),
    "update with a function": lambda: User.objects.update(title=Concat(F("title"), Value("x"))),
    "bulk create": lambda: User.objects.bulk_create([person()]),
    "bulk create, conflicts ignored": lambda: User.objects.bulk_create([person()], ignore_conflicts=True),
    "bulk create, conflicts updated": lambda: User.objects.bulk_create(
        [User(public_id="P-1", email="p-1@ardenia.invalid", title="x")],
        update_conflicts=True,
        update_fields=["title"],
        unique_fields=["public_id"],
    ),
    "bulk update": lambda: User.objects.bulk_update([changed(title="x")], ["title"]),
    "get or create": lambda: User.objects.get_or_create(public_id="P-2", defaults={"email": "e@ardenia.invalid"}),
    "update or create": lambda: User.objects.update_or_create(public_id="P-1", defaults={"title": "x"}),
    "inside a transaction": in_a_transaction,
    "raw queryset": lambda: list(User.objects.raw("DELETE FROM people_user RETURNING *")),
    "iterator of a raw queryset": lambda: list(
        User.objects.raw("UPDATE people_user SET title = 'x' RETURNING *").iterator()
    ),
    "cursor": lambda: run_sql("DELETE FROM people_user"),
    "cursor with values": lambda: run_sql("UPDATE people_user SET title = %s", "x"),
    "cursor, executemany": lambda: connection.cursor().executemany("UPDATE people_user SET title = %s", [("x",)]),
    "cursor, executescript": lambda: connection.cursor().executescript("DELETE FROM people_user"),
    "cursor, copy": lambda: connection.cursor().copy("COPY people_user FROM STDIN"),
    "cursor, callproc": lambda: connection.cursor().callproc("setval", ["people_user_id_seq", 1]),
    "two statements": lambda: run_sql("SELECT 1; DELETE FROM people_user"),
    "behind a comment": lambda: run_sql("/* SELECT */ DELETE FROM people_user"),
    "in a WITH": lambda: run_sql("WITH d AS (DELETE FROM people_user RETURNING *) SELECT * FROM d"),
    "after a WITH": lambda: run_sql("WITH d AS (SELECT 1) DELETE FROM people_user"),
    "explain analyze": lambda: run_sql("EXPLAIN ANALYZE DELETE FROM people_user"),
    "select into": lambda: run_sql("SELECT * INTO copy_of_users FROM people_user"),
    "create as": lambda: run_sql("CREATE TABLE copy_of_users AS SELECT * FROM people_user"),
    "replace into": lambda: run_sql("REPLACE INTO people_user (id) VALUES (1)"),
    "on conflict": lambda: run_sql(
        "INSERT INTO people_user (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET title = 'x'"
    ),
    "setval": lambda: run_sql("SELECT setval('people_user_id_seq', 1000)"),
    "set role": lambda: run_sql("SET ROLE penholder_writer"),
    "drop": lambda: run_sql("DROP TABLE people_user"),
    "truncate": lambda: run_sql("TRUNCATE people_user"),
    "vacuum": lambda: run_sql("VACUUM"),
    "pragma": lambda: run_sql("PRAGMA user_version = 7"),
    "attach": lambda: run_sql("ATTACH DATABASE ':memory:' AS other"),
    "bare cursor under the cursor": with_a_trick_of_the_cursor,
    "connection of a result": from_the_result_of_a_read,
    "admin, save": save_in_admin,
    "admin, delete": delete_in_admin,
    "admin, delete chosen": delete_chosen_in_admin,
    "shell": in_the_shell,
    "flush": lambda: call_command("flush", interactive=False, verbosity=0),
    "loaddata": load_data,
    "ledger entry": lambda: run_sql("UPDATE ledger_entry SET body = 'x'"),
    "act": lambda: run_sql("DELETE FROM actions_act"),
    "sealed field": lambda: run_sql("DELETE FROM vault_sealedfield"),
}


@pytest.mark.parametrize("way", BARE)
def test_a_bare_write_is_refused_and_nothing_has_changed(casework: Casework, way: str) -> None:
    before = contents(casework)
    with pytest.raises((WriteOutsideActionError, AttributeError, CommandError, ProgrammingError)) as refused:
        BARE[way]()
    if (
        refused.type is ProgrammingError
    ):  # it begins with SELECT ... FOR UPDATE, for which a bare user has no right
        assert (casework.vendor, way) == ("postgresql", "update or create")
    if refused.type is CommandError:
        assert isinstance(refused.value.__cause__, WriteOutsideActionError)
    assert refused.type is not AttributeError or way == "bare cursor under the cursor"
    assert contents(casework) == before


def on_the_bare_connection() -> None:
    connection.ensure_connection()
    connection.connection.execute("UPDATE people_user SET title = 'x'")
    connection.connection.commit()


def in_another_program() -> None:
    """A shell of the database, as the application's own user."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(settings["NAME"])) as file, file:
            file.execute("UPDATE people_user SET title = 'x'")
        return
    with psycopg.connect(host=settings["HOST"], dbname=settings["NAME"], user=settings["USER"]) as bare:
        bare.execute("UPDATE people_user SET title = 'x'")


@pytest.mark.parametrize("way", [on_the_bare_connection, in_another_program])
def test_the_database_refuses_below_the_guard(casework: Casework, way: Callable[[], None]) -> None:
    before = contents(casework)
    with pytest.raises(
        (sqlite3.Error, psycopg.Error), match=r"outside an action|penholder_door|permission denied"
    ):
        way()
    assert contents(casework) == before


TRICKS: dict[str, Callable[[], object]] = {
    "": lambda: None,
    "commit": lambda: run_sql("COMMIT"),
    "rollback": lambda: run_sql("ROLLBACK"),
    "django commit": transaction.commit,
    "ledger": lambda: run_sql("INSERT INTO ledger_waiting (entry_id) VALUES (1)"),
    "ledger by a model": lambda: _entry().objects.create(
        body="{}", run="r", event="e", recorded_at="2026-01-01T00:00Z"
    ),
    "act": lambda: run_sql("UPDATE actions_act SET actor = 'P-9'"),
    "ledger in capitals": lambda: run_sql('INSERT INTO "Ledger_Head" (size) VALUES (7)'),
    "unsure": lambda: run_sql("SELECT lo_create(0)"),
    "another thread": lambda: _in_a_thread(lambda: User.objects.update(title="x")),
    "act inside an act": lambda: perform(set_title, OFFICER, person="P-5", title="x"),
}


def _entry() -> Any:
    from penholder.ledger.models import Entry

    return Entry


def _in_a_thread(work: Callable[[], object]) -> None:
    import contextvars

    found: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            found.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=contextvars.copy_context().run, args=(run,))
    thread.start()
    thread.join()
    raise found[0]


@pytest.mark.parametrize("trick", [t for t in TRICKS if t])
def test_code_of_an_action_cannot_leave_it(casework: Casework, trick: str) -> None:
    before = contents(casework)
    with pytest.raises((WriteOutsideActionError, transaction.TransactionManagementError, RuntimeError)):
        perform(set_title, OFFICER, person="P-9", title="x", trick=trick)
    assert contents(casework) == before


def test_an_action_that_changed_no_row_need_not_record(casework: Casework) -> None:
    before = contents(casework)
    assert perform(find_nobody, OFFICER, person="P-absent").result == 0
    assert contents(casework) == before
    with pytest.raises(NothingRecordedError):
        perform(find_nobody, OFFICER, person="P-1")
    assert contents(casework) == before


@pytest.mark.parametrize("table", IMMUTABLE)
@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
def test_rows_of_the_ledger_are_fixed_for_the_application_and_the_owner(
    casework: Casework, table: str, change: str
) -> None:
    column = {
        "ledger_entry": "body",
        "ledger_place": "entry_id",
        "ledger_checkpoint": "note",
        "actions_act": "actor",
    }.get(table, "size")
    sql = change.format(table, "hash" if table == "ledger_node" else column)
    if casework.vendor == "sqlite" and "TRUNCATE" in sql:
        return  # SQLite has none
    before = contents(casework)
    for connect in _users(casework):
        bare = connect()
        if table != "ledger_checkpoint" or casework.vendor == "postgresql":  # it has no row yet
            with pytest.raises(
                (sqlite3.Error, psycopg.Error), match=r"never changed|permission denied|cannot truncate"
            ):
                bare.execute(sql)
        bare.close()
    assert contents(casework) == before


def _users(casework: Casework) -> list[Callable[[], Any]]:
    if casework.vendor == "sqlite":
        return [lambda: sqlite3.connect(casework.database)]
    from tests.postgresql import ROLES, cluster

    server = cluster()
    as_user = [lambda u=user: server.connect(casework.name, user=u) for user in (ROLES.owner, ROLES.application)]
    return [*as_user, lambda: _as_writer(casework)]


def _as_writer(casework: Casework) -> Any:
    """The application, which takes the role that it takes in an act."""
    from tests.postgresql import ROLES, cluster

    bare = cluster().connect(casework.name, user=ROLES.application)
    bare.execute(f"SET ROLE {ROLES.writer}")
    return bare


def test_no_row_of_the_ledger_can_be_replaced(casework: Casework) -> None:
    if casework.vendor != "sqlite":
        return  # PostgreSQL has no REPLACE, and ON CONFLICT DO UPDATE needs the right to update
    bare = sqlite3.connect(casework.database)
    bare.create_function("penholder_door", 1, lambda own: 1)
    for table in ("ledger_entry", "ledger_place", "ledger_node", "ledger_head"):
        with pytest.raises(sqlite3.Error, match="never changed"):
            bare.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    bare.close()


def faults() -> list[str]:
    return [f"{fault.name} {fault.what}" for fault in trigger_faults(connection)]


def as_intruder(casework: Casework, *statements: str) -> None:
    """Whoever writes to the SQLite file, or is superuser of the server."""
    if casework.vendor == "sqlite":
        with closing(sqlite3.connect(casework.database)) as file:
            for statement in statements:
                file.execute(statement)
            file.commit()
        return
    from tests.postgresql import cluster

    with cluster().connect(casework.name) as server:
        for statement in statements:
            server.execute(statement)


CHANGED = {
    "sqlite": {
        ("DROP TRIGGER ledger_entry_no_update",): ["ledger_entry_no_update is not there"],
        (
            "DROP TRIGGER ledger_entry_no_update",
            "CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT 1; END",
        ): ["ledger_entry_no_update is another than ours"],
        (
            "DROP TRIGGER ledger_entry_no_update",
            (
                "CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_waiting "
                "BEGIN SELECT RAISE(ABORT, 'rows of ledger_entry are never changed or deleted'); END"
            ),
        ): ["ledger_entry_no_update is another than ours"],
        (
            (
                "CREATE TRIGGER quiet AFTER INSERT ON register_line "
                "BEGIN UPDATE register_line SET status = 'issued' WHERE id = NEW.id; END"
            ),
        ): ["quiet is none of ours"],
    },
    "postgresql": {
        ("DROP TRIGGER ledger_entry_no_update ON ledger_entry",): ["ledger_entry_no_update is not there"],
        ("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_no_update",): [
            "ledger_entry_no_update is switched off"
        ],
        ("ALTER TABLE ledger_entry ENABLE REPLICA TRIGGER ledger_entry_no_update",): [
            "ledger_entry_no_update is switched off"
        ],
        (
            (
                "CREATE OR REPLACE TRIGGER ledger_entry_no_update BEFORE UPDATE OF run ON ledger_entry "
                "FOR EACH STATEMENT EXECUTE FUNCTION penholder_refuse()"
            ),
        ): ["ledger_entry_no_update is another than ours"],
        (
            (
                "CREATE OR REPLACE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry "
                "FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION penholder_refuse()"
            ),
        ): ["ledger_entry_no_update is another than ours"],
        (
            (
                "CREATE OR REPLACE FUNCTION penholder_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "'BEGIN RETURN NULL; END'"
            ),
        ): ["penholder_refuse is a function that is another than ours"],
        (
            "CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER quiet BEFORE INSERT ON register_line FOR EACH ROW EXECUTE FUNCTION quiet()",
        ): ["quiet is none of ours"],
        ("CREATE RULE quiet AS ON UPDATE TO register_line DO INSTEAD NOTHING",): ["quiet is none of ours"],
    },
}


@pytest.mark.parametrize("number", range(8))
def test_a_changed_trigger_is_seen_and_put_back(casework: Casework, number: int) -> None:
    """Its name is not enough: whoever owns the tables can leave it, and change what it does."""
    from penholder.actions.shape import upgrade_tables

    cases = list(CHANGED[casework.vendor].items())
    if number >= len(cases):
        pytest.skip("the other database has more of them")
    statements, said = cases[number]
    assert faults() == []
    as_intruder(casework, *statements)
    assert faults() == said
    with pytest.raises(ConfigurationError, match=f"not as they were made: {said[0]}"):
        check_at_start()
    assert [f"{f.where}: {f.what}" for f in examine() if f.where == "tables"] == [f"tables: trigger {said[0]}"]
    first = next(check_tree())
    name, _, what = said[0].partition(" ")
    assert (first.where, first.what) == (f"trigger {name}", f"{what}: rows could be changed")
    connection.close()
    upgrade_tables()
    assert faults() == [fault for fault in said if "none of ours" in fault]


def test_sessions_can_be_written_without_an_act(casework: Casework) -> None:
    session = SessionStore()
    session["seen"] = 1
    session.save()
    assert SessionStore(session.session_key)["seen"] == 1
    session.delete()


def test_queries_that_are_logged_are_guarded_too(casework: Casework) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        assert User.objects.count() == 1
        with pytest.raises(WriteOutsideActionError):
            User.objects.update(title="x")
    assert "COUNT" in seen.captured_queries[0]["sql"]


def test_in_a_migration_all_is_open(casework: Casework) -> None:
    with migration_door():
        assert connection.introspection.table_names()
