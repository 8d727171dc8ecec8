"""PostgreSQL by its own client programs: dump, restore, and reading the ledger out of a dump."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from penholder.custody.errors import BackupError, DamagedBackupError

_TABLES = ("ledger_entry", "ledger_place", "ledger_head")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_COPY = re.compile(r"COPY public\.(\w+) \(([^)]*)\) FROM stdin;")
_NO_PASSWORD = "no password supplied"  # noqa: S105 - what libpq says
_PUT_BACK = (
    "nothing was changed; put the password back into its file under secrets/ (a restore needs that of the owner), "
    "or into the file that PGPASSFILE names"
)
_ESCAPED = re.compile(r"\\(.)")


def program(name: str) -> str:
    """The path of a client program. Raises: BackupError: it is not installed."""
    found = shutil.which(name)
    if found is None:
        places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[-3]))
        found = str(places[-1]) if places else None
    if found is None:
        raise BackupError(
            f"{name} is not on this machine, and a PostgreSQL database cannot be copied without it",
            hint="install the PostgreSQL client programs, of the version of the server or later",
        )
    return found


def dump(database: dict[str, Any], target: Path) -> None:
    """Write a dump in the custom format. `database`: as in Django's settings. Raises: BackupError.

    As the application: it may read everything (`ledger.grants`), and the owner's password need not be there.
    """
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", database=database)


def restore(database: dict[str, Any], source: Path) -> None:
    """Put a dump in place of what is in the database: all of it, or nothing. As the owner. Raises: BackupError."""
    _run(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={database['NAME']}",
        str(source),
        database=_as_owner(database),
    )


def _as_owner(database: dict[str, Any]) -> dict[str, Any]:
    owner = database.get("PENHOLDER_OWNER")
    password = database.get("PENHOLDER_OWNER_PASSWORD", "")
    return database | {"USER": owner, "PASSWORD": password} if owner else database


def ledger_of(source: Path, target: Path) -> None:
    """Read the whole dump, and put the tables of the ledger that are in it into an SQLite file.

    Raises: DamagedBackupError: it cannot be read to its end.
    """
    _run("pg_restore", f"--file={os.devnull}", str(source), database={}, wrong=DamagedBackupError)
    with closing(sqlite3.connect(target)) as made:
        made.execute("CREATE TABLE ledger_entry (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        made.execute("CREATE TABLE ledger_place (seq INTEGER PRIMARY KEY, entry_id INTEGER NOT NULL)")
        made.execute("CREATE TABLE ledger_head (size INTEGER PRIMARY KEY, root BLOB NOT NULL)")
        for table, row in _rows(source):
            _insert(made, table, row)
        made.commit()


def _insert(made: sqlite3.Connection, table: str, row: dict[str, str]) -> None:
    if table == "ledger_entry":
        made.execute("INSERT INTO ledger_entry VALUES (?, ?)", (int(row["id"]), row["body"]))
    elif table == "ledger_place":
        made.execute("INSERT INTO ledger_place VALUES (?, ?)", (int(row["seq"]), int(row["entry_id"])))
    elif table == "ledger_head":
        root = bytes.fromhex(row["root"].removeprefix("\\x"))
        made.execute("INSERT INTO ledger_head VALUES (?, ?)", (int(row["size"]), root))


def _rows(source: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of the tables, out of the COPY blocks of the dump as text (PostgreSQL manual, COPY)."""
    chosen = [f"--table={name}" for name in _TABLES]
    command = [program("pg_restore"), "--data-only", "--file=-", *chosen, str(source)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:  # noqa: S603 - our own arguments, no shell
        assert running.stdout is not None  # noqa: S101 - PIPE was asked for
        table, columns = "", []
        for data in running.stdout:
            line = data.decode()
            begun = _COPY.match(line)
            if begun:
                table, columns = begun[1], [c.strip(' "') for c in begun[2].split(",")]
            elif line == "\\.\n":
                table = ""
            elif table:
                values = [_ESCAPED.sub(_plain, v) for v in line.rstrip("\n").split("\t")]
                yield table, dict(zip(columns, values, strict=True))
    if running.returncode:
        raise DamagedBackupError("the dump cannot be read to its end", hint="use another backup")


def _plain(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[1], found[1])


def _run(
    name: str,
    *arguments: str,
    database: dict[str, Any],
    wrong: type[BackupError] | type[DamagedBackupError] = BackupError,
) -> None:
    given = {
        "PGDATABASE": database.get("NAME", ""),
        "PGHOST": database.get("HOST", ""),
        "PGPORT": str(database.get("PORT", "")),
        "PGUSER": database.get("USER", ""),
        "PGPASSWORD": database.get("PASSWORD", ""),
    }
    environment = os.environ | {key: value for key, value in given.items() if value}
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [program(name), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        hint = _PUT_BACK if _NO_PASSWORD in done.stderr else "nothing was changed; mend it"
        raise wrong(f"{name} failed: {said[-1] if said else done.returncode}", hint=hint)
