"""What the guard takes for a read, for a write of one table, and for neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.actions.statements import Kind, read_statement

READS = [
    "SELECT 1",
    'SELECT "people_user"."id" FROM "people_user" WHERE "people_user"."title" = %s LIMIT 21',
    "SELECT COUNT(*) AS \"__count\" FROM (SELECT DISTINCT a FROM t WHERE x LIKE %s ESCAPE '\\') subquery",
    "SELECT 1 AS a FROM people_user WHERE id IN (1, 2) LIMIT 1",
    "select * from t where note = 'DELETE FROM t; -- not a comment'",
    'SELECT "update", "into" FROM t',
    "SELECT x FROM t FOR UPDATE OF t SKIP LOCKED",
    "SELECT x FROM t FOR NO KEY UPDATE",
    "WITH a AS (SELECT 1) SELECT * FROM a;",
    "WITH RECURSIVE a (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 3) SELECT sum(n) FROM a",
    "VALUES (1, 2)",
    "EXPLAIN QUERY PLAN SELECT * FROM t",
    "SELECT REPLACE(a, 'x', 'y') FROM t",
    "SELECT CAST(a AS numeric(10, 2)) FROM t",
    "PRAGMA table_info(%s)",
    "PRAGMA foreign_key_check",
    "PRAGMA journal_mode",
    "BEGIN IMMEDIATE",
    'SAVEPOINT "s1_x1"',
    'RELEASE SAVEPOINT "s1_x1"',
    'ROLLBACK TO SAVEPOINT "s1_x1"',
    "SET CONSTRAINTS ALL IMMEDIATE",
    "SHOW server_version",
]
WRITES = {
    'INSERT INTO "people_user" ("public_id") VALUES (%s) RETURNING "people_user"."id"': "people_user",
    "insert or replace into People_User (id) values (1)": "people_user",
    "REPLACE INTO people_user VALUES (1)": "people_user",
    "INSERT INTO a (x) VALUES (1) ON CONFLICT (x) DO UPDATE SET x = excluded.x": "a",
    "INSERT INTO a (x) VALUES (1) ON CONFLICT DO NOTHING": "a",
    "INSERT INTO a DEFAULT VALUES": "a",
    'INSERT INTO "public"."a" SELECT * FROM b': "a",
    "UPDATE a SET x = lower(b.x) FROM b WHERE b.id = a.id": "a",
    "UPDATE OR IGNORE main.a SET x = 1": "a",
    "UPDATE ONLY a SET x = 1": "a",
    "DELETE FROM ONLY a USING b WHERE a.id = b.id": "a",
    "DELETE FROM `a`": "a",
    "DELETE FROM [a]": "a",
}
NEITHER = [
    "",
    ";",
    "SELECT 1; DELETE FROM t",
    "DELETE FROM t; DELETE FROM u",
    "/* SELECT */ DELETE FROM t",
    "-- SELECT\nDELETE FROM t",
    "SELECT 1 -- ; ",
    "SELECT/**/1",
    "SELECT * INTO u FROM t",
    "CREATE TABLE u AS SELECT 1",
    "WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d",
    "WITH d AS (SELECT 1) INSERT INTO t SELECT * FROM d",
    "INSERT INTO django_session WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d",
    "UPDATE django_session SET x = (SELECT setval('s', 1))",
    "EXPLAIN ANALYZE DELETE FROM t",
    "EXPLAIN (ANALYZE, BUFFERS) SELECT 1",
    "EXPLAIN UPDATE t SET x = 1",
    "SELECT setval('t_id_seq', 1)",
    "SELECT \"setval\"('t_id_seq', 1)",
    "SELECT pg_catalog.setval('t_id_seq', 1)",
    "SELECT nextval('t_id_seq')",
    "SELECT set_config('session_replication_role', 'replica', false)",
    "SELECT lo_create(0)",
    "SELECT lo_unlink(1)",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_write_file('a', 'b', false)",
    "SELECT pg_read_file('a')",
    "SELECT * FROM dblink('dbname=x', 'DELETE FROM t') AS d(x int)",
    "SELECT query_to_xml('DELETE FROM t', true, false, '')",
    "SELECT pg_terminate_backend(1)",
    "SELECT load_extension('x')",
    "SELECT writefile('x', 'y')",
    "SELECT penholder_anything()",
    "SELECT '%s'",
    "SELECT U&'\\0027' FROM t",
    "COPY t FROM STDIN",
    "COPY (DELETE FROM t RETURNING *) TO STDOUT",
    "DO $$ BEGIN DELETE FROM t; END $$",
    "CALL clean()",
    "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE",
    "TRUNCATE t",
    "TABLE t",
    "PREPARE p AS DELETE FROM t",
    "EXECUTE p",
    "DECLARE c CURSOR FOR SELECT 1",
    "LOCK TABLE t",
    "NOTIFY t",
    "SET ROLE penholder_owner",
    "SET SESSION AUTHORIZATION postgres",
    "SET session_replication_role = replica",
    "SET synchronous_commit = off",
    "SET LOCAL ROLE penholder_writer",
    "SET TRANSACTION READ WRITE",
    "RESET ROLE",
    "COMMIT",
    "END",
    "ROLLBACK",
    "ABORT",
    "PREPARE TRANSACTION 'x'",
    "PRAGMA user_version = 5",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA journal_mode(DELETE)",
    "PRAGMA synchronous = OFF",
    "PRAGMA query_only(0)",
    "PRAGMA writable_schema = ON",
    "PRAGMA optimize",
    "PRAGMA foreign_keys = OFF",
    "SELECT * FROM pragma_user_version(3)",
    "ATTACH DATABASE 'x' AS y",
    "DETACH DATABASE y",
    "VACUUM",
    "VACUUM INTO 'x'",
    "REINDEX",
    "ANALYZE",
    "DROP TABLE t",
    "ALTER TABLE t RENAME TO u",
    "CREATE TRIGGER a BEFORE INSERT ON t BEGIN DELETE FROM u; END",
    "CREATE TEMP TABLE django_session (x)",
    "GRANT ALL ON t TO PUBLIC",
    "DELETE FROM temp.django_session",
    "DELETE FROM other.django_session",
    "DELETE FROM main.other.django_session",
    'DELETE FROM U&"t"',
    "SELECT 'open",
    'SELECT "open',
    "SELECT \x00",
    "\u00a0DELETE FROM t",
    "b'DELETE FROM t'",
    "SQL('DELETE FROM t')",
]


@pytest.mark.parametrize("sql", READS)
@pytest.mark.parametrize("postgresql", [False, True])
def test_reads_are_let_through(sql: str, *, postgresql: bool) -> None:
    assert read_statement(sql, postgresql=postgresql).kind is Kind.READ


@pytest.mark.parametrize("sql", WRITES)
def test_a_write_names_its_table(sql: str) -> None:
    found = read_statement(sql)
    assert (found.kind, found.table) == (Kind.WRITE, WRITES[sql])


@pytest.mark.parametrize("sql", NEITHER)
@pytest.mark.parametrize("postgresql", [False, True])
def test_what_is_not_sure_is_neither(sql: str, *, postgresql: bool) -> None:
    assert read_statement(sql, postgresql=postgresql).kind is Kind.OTHER


def test_a_backslash_hides_nothing() -> None:
    # PostgreSQL ends the first text at \' only with an E before it; SQLite never.
    hidden = r"SELECT E'\'; DELETE FROM t; --'"
    assert read_statement(hidden, postgresql=True).kind is Kind.READ  # one text, to the end
    assert read_statement(hidden).kind is Kind.OTHER
    plain = r"SELECT '\'; DELETE FROM t; --'"
    assert read_statement(plain, postgresql=True).kind is Kind.OTHER


def test_a_dollar_quote_is_not_told() -> None:
    assert read_statement("SELECT $$; DELETE FROM t; $$", postgresql=True).kind is Kind.OTHER
    assert read_statement("SELECT $a$ x $a$", postgresql=True).kind is Kind.OTHER


def test_brackets_are_names_on_sqlite_and_places_on_postgresql() -> None:
    assert read_statement("SELECT [delete] FROM t").kind is Kind.READ
    assert read_statement("SELECT a[1] FROM t", postgresql=True).kind is Kind.READ
    assert read_statement("SELECT [' FROM t WHERE x = '] FROM t").kind is Kind.READ
    assert read_statement("SELECT [a'] ; DELETE FROM t WHERE x = '", postgresql=False).kind is Kind.OTHER
    assert read_statement("SELECT `a` FROM t", postgresql=True).kind is Kind.OTHER


def test_a_long_statement_is_read_too() -> None:
    sql = "INSERT INTO t (x) VALUES " + ", ".join(["(%s)"] * 10_000)
    assert (read_statement(sql).kind, read_statement(sql + "; DELETE FROM t").kind) == (Kind.WRITE, Kind.OTHER)


@given(st.text(max_size=60), st.booleans())
def test_any_text_is_judged_without_an_error(sql: str, postgresql: bool) -> None:
    found = read_statement(sql, postgresql=postgresql)
    assert found.kind is not Kind.OTHER or found.why


@given(
    st.sampled_from([s for s in NEITHER if "%" not in s]),
    st.sampled_from(["", " ", "\n", "\t "]),
    st.sampled_from(["", ";", " ;\n"]),
)
def test_space_and_case_change_nothing(sql: str, before: str, after: str) -> None:
    assert read_statement(before + sql.swapcase() + after).kind is Kind.OTHER
