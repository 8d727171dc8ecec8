"""Nothing is written outside an action: the database cursor asks here before every statement.

This is the first wall. Below it the database itself refuses: docs/decisions/0007-guard.md.
"""

from __future__ import annotations

from penholder.actions.errors import WriteOutsideActionError
from penholder.actions.statements import Kind, Statement, read_statement
from penholder.ledger.door import EXEMPT, OWN_TABLES, current_door

__all__ = ["EXEMPT", "OWN_TABLES", "Kind", "Statement", "admit", "read_statement", "touched"]


def admit(sql: str, *, postgresql: bool = False, by: object | None = None) -> Statement:
    """Let a statement through, or refuse it. `by`: key of the connection; a door is open for one only.

    Raises: WriteOutsideActionError where no action is open, or the code of an action writes to the tables of
    the ledger or of the actions themselves.
    """
    statement = read_statement(sql, postgresql=postgresql)
    if statement.kind is Kind.READ or statement.table in EXEMPT:
        return statement
    door = current_door(by=by)
    if door is None:
        raise WriteOutsideActionError(
            f"a write to {statement.table or 'the database'} was refused: it is outside an action",
            hint="change state only through an action: `penholder act --help`, a form of the site, or the API"
            + (f" (the statement is not known to be a read: {statement.why})" if statement.why else ""),
        )
    if door.migrating:
        return statement
    if statement.kind is Kind.OTHER:
        raise WriteOutsideActionError(
            "a statement was refused that is neither a plain read nor a plain INSERT, UPDATE or DELETE: "
            + statement.why,
            hint="write one plain statement at a time; functions that only read: actions/statements.py",
        )
    if not door.own and statement.table.startswith(OWN_TABLES):
        raise WriteOutsideActionError(
            f"a write to {statement.table} was refused: the action does its own book-keeping",
            hint="use run.record(...)",
        )
    return statement


def touched(statement: Statement, rows: int, *, by: object | None = None) -> None:
    """Note rows that a write has changed. Where the driver does not say how many, they count as one.

    Savepoints are followed too: what an action recorded since one goes when it is rolled back.
    """
    if statement.kind is not Kind.WRITE:
        if statement.savepoint and (door := current_door(by=by)):
            door.follow(statement.verb, statement.savepoint)
        return
    rows = max(rows, 1) if statement.returning or rows < 0 else rows
    door = current_door(by=by)
    if not rows or door is None or door.own:
        return
    if statement.table in EXEMPT:
        door.exempt = True
    else:
        door.touched[statement.table] = door.touched.get(statement.table, 0) + rows
