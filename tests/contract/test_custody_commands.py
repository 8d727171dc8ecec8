"""The commands of custody as an operator runs them: each in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.grounds import BOTH, require_postgresql
from tests.postgresql import ROLES, Cluster, cluster

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

ORIGIN = "ledger.ardenia.invalid/log"
FOUND = ["init", "--origin", ORIGIN, "--authority", "Authority of Ardenia"]


class Machine:
    """A machine with one home."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.folder = folder
        self.environment = os.environ | {
            "PENHOLDER_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": "penholder.site.settings.authority",
        }

    def run(self, *words: str | Path, code: int = 0) -> str:
        """Run a command; gives what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "penholder.cli.main", *map(str, words)],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        assert "Traceback" not in said
        return said

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command that runs until it is stopped."""
        return subprocess.Popen(
            [sys.executable, "-m", "penholder.cli.main", *words], env=self.environment, stderr=subprocess.DEVNULL
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """What `init` is told of the database."""
    if request.param == "sqlite":
        yield []
        return
    require_postgresql()
    name = cluster().create()
    host = quote(str(cluster().folder), safe="")
    address = f"postgresql://{ROLES.application}@{host}/{name}"
    yield ["--database-url", address, "--database-owner", ROLES.owner, "--database-writer", ROLES.writer]
    cluster().drop(name)


def test_what_cannot_be_is_refused_and_leaves_nothing(machine: Machine) -> None:
    said = machine.run("ledger", "publish", code=2)
    assert "is not a Penholder home" in said
    assert "run `penholder init`" in said
    said = machine.run(*FOUND[:2], "https://ardenia.invalid", *FOUND[3:], code=2)
    assert "is not a host name with a path" in said
    said = machine.run(*FOUND, "--administrator", "nomail", code=2)
    assert "--administrator nomail is no e-mail address" in said
    assert list(machine.folder.iterdir()) == []
    machine.home.mkdir()
    (machine.home / "letter.txt").write_text("dear")
    assert "exists and is not empty" in machine.run(*FOUND, code=2)
    assert [p.name for p in machine.home.iterdir()] == ["letter.txt"]


def test_a_database_that_is_away_leaves_no_home(machine: Machine) -> None:
    said = machine.run(*FOUND, "--database-url", "postgresql://nobody@127.0.0.1:1/none", code=2)
    assert "the database" in said
    assert list(machine.folder.iterdir()) == []


def test_a_password_in_the_address_of_the_database_is_refused(machine: Machine) -> None:
    address = "postgresql://penholder_app:hunter2@db.ardenia.invalid/penholder"
    said = machine.run(*FOUND, "--database-url", address, code=2)
    assert "holds a password" in said
    assert "--database-password-file FILE" in said
    assert "hunter2" not in said
    assert list(machine.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "what"), [("", "has no password, or more than one line"), (None, "No such file or directory")]
)
def test_a_password_file_that_is_none_is_refused(machine: Machine, content: str | None, what: str) -> None:
    file = machine.folder / "password"
    file.write_text(content) if content is not None else None
    there = [p.name for p in machine.folder.iterdir()]
    address = "postgresql://penholder_app@127.0.0.1:1/none"
    said = machine.run(*FOUND, "--database-url", address, "--database-password-file", file, code=2)
    assert what in said
    assert [p.name for p in machine.folder.iterdir()] == there


@pytest.fixture
def guarded() -> Iterator[tuple[Cluster, str]]:
    """A durable server of its own, and a database that asks for passwords."""
    require_postgresql()
    server = Cluster(durable=True)
    name = server.create()
    server.require_passwords(name, {ROLES.application: "of-app", ROLES.owner: "of-owner"})
    yield server, name
    server.stop()


@pytest.mark.slow
@pytest.mark.postgresql
def test_postgresql_with_passwords_as_the_document_says(machine: Machine, guarded: tuple[Cluster, str]) -> None:
    run, home = machine.run, machine.home
    server, name = guarded
    address = f"postgresql://{ROLES.application}@{quote(str(server.folder), safe='')}/{name}"
    wanted = [*FOUND, "--environment", "production", "--database-url", address]
    wanted += ["--database-owner", ROLES.owner, "--database-writer", ROLES.writer]
    said = run(*wanted, code=2)
    assert "no password supplied" in said
    assert "use-postgresql.md" in said
    for file, password in (("app", "of-app"), ("owner", "of-owner")):
        (machine.folder / file).write_text(password + "\n")
    run(*wanted, "--database-password-file", "app", "--owner-password-file", "owner")
    secret = home / "secrets" / "database-owner-password"
    assert {oct(p.stat().st_mode & 0o777) for p in (home / "secrets").iterdir()} == {"0o600"}
    assert "the password of the owner of the tables is in secrets/" in run("doctor")
    secret.unlink()
    assert "the password of the owner" not in run("doctor")
    run("ledger", "publish")
    folder = run("backup", "--to", "data").splitlines()[0].removeprefix("backup: ")
    assert "(a restore needs that of the owner)" in run("restore", folder, code=2)
    assert "no password supplied" in run("upgrade", code=2)
    secret.write_text("of-owner\n")
    secret.chmod(0o600)
    assert "restored 2 entries" in run("restore", folder)
    run("upgrade")
    secret.unlink()
    assert run("fsck") == "all agrees\n"
    run("backup", "--to", "again")


@pytest.mark.slow
@pytest.mark.postgresql
def test_postgresql_with_a_password_file_of_libpq(machine: Machine, guarded: tuple[Cluster, str]) -> None:
    server, name = guarded
    passwords = machine.folder / "pgpass"
    passwords.write_text(f"*:*:*:{ROLES.application}:of-app\n*:*:*:{ROLES.owner}:of-owner\n")
    passwords.chmod(0o600)
    machine.environment["PGPASSFILE"] = str(passwords)
    address = f"postgresql://{ROLES.application}@{quote(str(server.folder), safe='')}/{name}"
    roles = ["--database-owner", ROLES.owner, "--database-writer", ROLES.writer]
    machine.run(*FOUND, "--database-url", address, *roles)
    folder = machine.run("backup", "--to", "data").splitlines()[0].removeprefix("backup: ")
    assert "restored 2 entries" in machine.run("restore", folder)
    assert not (machine.home / "secrets" / "database-password").exists()


@pytest.mark.slow
def test_a_year_of_an_installation(machine: Machine, database: list[str]) -> None:
    run, home, out = machine.run, machine.home, machine.folder / "out"
    said = run(*FOUND, *database, "--administrator", "administrator-1@ardenia.invalid")
    assert "/account/password/reset/key/" in said
    assert {oct(p.stat().st_mode & 0o777) for p in (home / "secrets").iterdir()} == {"0o600"}
    first = (home / "verifier-key").read_text()
    assert "nothing was changed" in run(*FOUND, code=2)
    assert (home / "verifier-key").read_text() == first
    run("ledger", "publish", "--to", out)
    kept = machine.folder / "kept"
    kept.write_bytes((out / "checkpoint").read_bytes())
    made = run("backup", "--to", machine.folder / "data", "--keys-to", machine.folder / "keys")
    folder = made.splitlines()[0].removeprefix("backup: ")
    run("ledger", "rotate-key")
    run("ledger", "publish", "--to", out)
    assert "INTACT" in run("verify", out, "--key", home / "verifier-key", "--since", kept)
    run("restore", folder, code=3)
    said = run("restore", folder, "--recover-from-published", out)
    assert "1 entries came back" in said
    assert run("fsck") == "all agrees\n"
    run("ledger", "rotate-key")
    run("ledger", "publish", "--to", out)
    assert "INTACT" in run("verify", out, "--key", home / "verifier-key", "--since", kept)
    run("ledger", "receipt", "2", "-o", machine.folder / "r.tlog-proof")
    assert "INTACT" in run("verify", machine.folder / "r.tlog-proof", "--key", out / "verifier-keys")
    assert "tables are up to date" in run("upgrade")
    run("work", "--once")
    found = [json.loads(line) for line in run("doctor", "--json", code=0).splitlines()]
    assert {f["level"] for f in found} <= {"attend"}


@pytest.mark.slow
def test_the_site_is_served_and_a_restore_waits_for_its_end(machine: Machine) -> None:
    machine.run(*FOUND)
    machine.run("backup", "--to", "data")
    folder = next((machine.folder / "data").iterdir())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = machine.start("serve", "--port", str(port))
    try:
        assert _answer(f"http://127.0.0.1:{port}/healthz") == b"ok\n"
        assert "is in use" in machine.run("restore", folder, code=2)
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
    assert "restored 2 entries" in machine.run("restore", folder)


def _answer(address: str) -> bytes:
    for _ in range(150):
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own address
                return bytes(answer.read())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(address)
