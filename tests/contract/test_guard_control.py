"""Whatever the guard takes for a read changes nothing when a bare connection runs it: random statements."""

# ruff: noqa: E501 - a list of parts

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator

import psycopg
import pytest

from penholder.actions.statements import Kind, read_statement
from tests.grounds import require_postgresql

PARTS = """
SELECT|SELECT|SELECT|WITH a AS|WITH RECURSIVE a(n) AS|VALUES (1)|EXPLAIN|EXPLAIN ANALYZE|EXPLAIN QUERY PLAN|*|1|x|count(*)
|FROM t|FROM a|FROM u|WHERE x = 1|INTO v|(SELECT 1)|(SELECT x FROM t)|(DELETE FROM t RETURNING x)
|(INSERT INTO t VALUES (9) RETURNING x)|(UPDATE t SET x = 2 RETURNING x)|DELETE FROM t|INSERT INTO t VALUES (7)
|INSERT INTO t SELECT 8|REPLACE INTO t VALUES (7)|UPDATE t SET x = 5|UPDATE t SET x = 5 FROM u|DROP TABLE u
|CREATE TABLE w (x)|CREATE TABLE w (x int)|CREATE TABLE w AS SELECT 1 AS x|ALTER TABLE u RENAME TO w|TRUNCATE t
|MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE|ON CONFLICT DO NOTHING|ON CONFLICT (x) DO UPDATE SET x = 3
|RETURNING x|;|;|--|-- x
|/*|*/|/* x */|'|''|'x'|E'|E'\\'|\\|'\\'|"|"t"|"delete"|[|]|[t]|`|`t`|$$|$a$|$1|U&'x'|U&"t"|,|(|)|AS x|UNION ALL|LIMIT 1
|FOR UPDATE|FOR SHARE|COPY t FROM STDIN|COPY t TO STDOUT|DO $$ BEGIN DELETE FROM t; END $$|CALL p()
|nextval('s')|setval('s', 7)|"setval"('s', 7)|pg_catalog.setval('s', 7)|SELECT lo_create(0)|lo_from_bytea(0, 'x')
|set_config('x.y', '1', false)|SET ROLE NONE|RESET ALL|SET x.y = 1|NOTIFY t|LISTEN t|ANALYZE|VACUUM|REINDEX
|PRAGMA user_version = 3|PRAGMA user_version|PRAGMA user_version(3)|PRAGMA journal_mode = DELETE|PRAGMA table_info(t)
|FROM pragma_user_version(3)|load_extension('x')|ATTACH ':memory:' AS z|SAVEPOINT p|RELEASE p|COMMIT|BEGIN|END
|PREPARE q AS DELETE FROM t|EXECUTE q|LOCK TABLE t|TABLE t|SHOW x|REFRESH MATERIALIZED VIEW m|COMMENT ON TABLE t IS 'x'
|p()|public.p()|(t).x|query_to_xml('DELETE FROM t', true, false, '')|NULL|OFFSET setval('s', 3)|ORDER BY x|AS MATERIALIZED
|CASE WHEN|CAST(x AS text)|::text|::regclass|DECLARE c CURSOR FOR SELECT 1|FETCH ALL FROM c|\n|\t|\f|\x0b|\u00a0|%s|%%|'%s'
""".replace("\n|", "|").strip("\n").split("|")  # fmt: skip


def statements(seed: int, number: int) -> Iterator[str]:
    rng = random.Random(seed)
    for _ in range(number):
        chosen = rng.choices(PARTS, k=rng.randint(1, 7))
        if rng.random() < 0.6:
            chosen.insert(
                0, rng.choice(("SELECT", "SELECT 1", "WITH a AS", "SELECT * FROM t", "EXPLAIN", "PRAGMA"))
            )
        yield rng.choice((" ", " ", " ", "")).join(chosen)


def test_what_is_a_read_on_sqlite_changes_nothing() -> None:
    bare = sqlite3.connect(":memory:", isolation_level=None)
    bare.executescript(
        "CREATE TABLE t (x UNIQUE); CREATE TABLE u (x); INSERT INTO t VALUES (1); INSERT INTO u VALUES (1)"
    )
    state = (
        "PRAGMA schema_version",
        "PRAGMA user_version",
        "SELECT total(x), count(*) FROM t",
        "SELECT count(*) FROM u",
    )
    before = [bare.execute(q).fetchall() for q in state], bare.total_changes
    ran = 0
    for sql in statements(seed=1, number=20_000):
        if read_statement(sql).kind is not Kind.READ or sql.split()[0].upper() in {
            "BEGIN",
            "SAVEPOINT",
            "RELEASE",
        }:
            continue
        try:
            bare.execute(sql).fetchall()
            ran += 1
        except (sqlite3.Error, sqlite3.Warning):
            continue
        assert ([bare.execute(q).fetchall() for q in state], bare.total_changes) == before, sql
    assert ran > 100


def test_writes_are_written_by_the_control_connection() -> None:
    # The statements above are no straw men: many of them do write where nobody guards.
    bare = sqlite3.connect(":memory:", isolation_level=None)
    wrote = 0
    for sql in statements(seed=1, number=10_000):
        bare.executescript(
            "DROP TABLE IF EXISTS t; DROP TABLE IF EXISTS w; CREATE TABLE t (x UNIQUE); INSERT INTO t VALUES (1)"
        )
        before = bare.total_changes
        try:
            bare.execute(sql).fetchall()
        except (sqlite3.Error, sqlite3.Warning):
            continue
        if bare.total_changes != before:
            wrote += 1
            assert read_statement(sql).kind is not Kind.READ, sql
        if bare.in_transaction:
            bare.execute("ROLLBACK")
    assert wrote > 20


@pytest.mark.slow
@pytest.mark.postgresql
def test_what_is_a_read_on_postgresql_runs_in_a_transaction_that_is_read_only() -> None:
    require_postgresql()
    from tests.postgresql import cluster

    server = cluster()
    name = server.create()
    ran = 0
    with server.connect(name) as bare:
        bare.execute("CREATE TABLE t (x int UNIQUE); CREATE TABLE u (x int); CREATE SEQUENCE s")
        bare.execute("CREATE PROCEDURE p() LANGUAGE sql AS 'DELETE FROM t'")
        bare.execute("SET default_transaction_read_only = on; SET statement_timeout = 500")
        for sql in statements(seed=2, number=20_000):
            if read_statement(sql, postgresql=True).kind is not Kind.READ:
                continue
            try:
                with bare.transaction(force_rollback=True):
                    bare.execute(sql.encode(errors="replace"))  # as one text: several statements would run
                ran += 1
            except psycopg.errors.ReadOnlySqlTransaction:
                assert " FOR " in sql.upper(), sql  # a lock of rows, which changes no row
            except psycopg.Error:
                continue
    server.drop(name)
    assert ran > 100
