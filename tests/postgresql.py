"""A PostgreSQL server for tests and benches: a cluster in a temporary folder, stopped when the process ends.

Three roles, as docs/how-to/use-postgresql.md says: an owner of the tables, the application, and the role that
the application takes only while an act is open. Databases are made fresh, or as copies of a template.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from penholder.ledger.grants import Roles

ROLES = Roles(owner="penholder_owner", application="penholder_app", writer="penholder_writer")
SUPERUSER = "postgres"
_FORGETFUL = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",  # the folder may lie in memory
    "autovacuum": "off",
}
_SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest version first; None where there is none."""
    on_path = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    found = [p for p in folders if (p / "initdb").exists()]
    return found[0] if found else Path(on_path).parent if on_path else None


class Cluster:
    """One running server. `durable=False` does not wait for the disk: for tests alone."""

    def __init__(self, *, durable: bool) -> None:
        found = programs()
        if found is None:
            msg = "no PostgreSQL on this machine: tools/install_system_packages.sh installs it"
            raise FileNotFoundError(msg)
        self._programs = found
        self._user = SUPERUSER if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="penholder-pg-"))
        if self._user:
            shutil.chown(self.folder, self._user)
        self._run("initdb", "-D", str(self.data), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start(durable=durable)
        self._make_roles()
        self._made = 0

    @property
    def data(self) -> Path:
        """The data folder of the server."""
        return self.folder / "data"

    def start(self, *, durable: bool) -> None:
        """Start the server and wait until it answers."""
        given = _SETTINGS | ({} if durable else _FORGETFUL) | {"unix_socket_directories": f"'{self.folder}'"}
        options = " ".join(f"-c {name}={value}" for name, value in given.items())
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Stop it and remove its folder."""
        self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)

    def crash(self) -> None:
        """Stop it in the middle of everything: nothing is written any more. `start` recovers what was promised."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")

    def check_pages(self, database: str) -> None:
        """Look through all tables and indexes of a database (pg_amcheck). Raises: RuntimeError: damaged."""
        options = ("--install-missing", "--heapallindexed", "-h", str(self.folder), "-U", SUPERUSER)
        self._run("pg_amcheck", *options, "-d", database)

    def connect(
        self, database: str = "postgres", *, user: str = SUPERUSER
    ) -> psycopg.Connection[tuple[object, ...]]:
        """A bare connection, in autocommit, as nobody but a test or an intruder has it."""
        return psycopg.connect(host=str(self.folder), dbname=database, user=user, autocommit=True)

    def require_passwords(self, database: str, passwords: dict[str, str]) -> None:
        """From now on a database is open to these roles with these passwords (SCRAM-SHA-256), to others not."""
        rules = self.data / "pg_hba.conf"
        rules.write_text(f"local {database} all scram-sha-256\n{rules.read_text()}")
        with self.connect() as connection:
            for role, password in passwords.items():
                named = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
                connection.execute(named)
        self._run("pg_ctl", "-D", str(self.data), "restart", "-w", "-m", "fast")

    def create(self, *, template: str | None = None) -> str:
        """A new database, empty or a copy of another. Gives its name."""
        self._made += 1
        name = f"casework_{self._made}"
        owner = sql.Identifier(ROLES.owner)
        made = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), owner)
        with self.connect() as connection:
            if template:
                made += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
                if connection.info.server_version >= 150_000:  # before, there was no other way
                    made += sql.SQL(" STRATEGY FILE_COPY")
            connection.execute(made)
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _make_roles(self) -> None:
        with self.connect() as connection:
            for statement in ROLES.creation():
                connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            user=self._user,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            log = self.folder / "log"
            said = log.read_text(errors="replace")[-2_000:] if log.exists() else ""
            msg = f"{program} failed: {done.stderr.decode(errors='replace')}{said}"
            raise RuntimeError(msg)


@cache
def cluster() -> Cluster:
    """The server of this process, for tests: started on first use."""
    made = Cluster(durable=False)
    atexit.register(made.stop)
    return made
