"""Traces of a filing on the disk of the running site: what the clock of the file system tells, too."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.contract.test_concerns_site import DAY, Site, hidden, made_home, penholder, raised, served

pytestmark = pytest.mark.slow
FILE = b"What I copied by hand from the first version.\n" * 400


@pytest.fixture(scope="module")
def site_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once; tests copy it."""
    return made_home(tmp_path_factory.mktemp("traces"))[0]


@pytest.fixture
def home(site_home: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "concerns"
    shutil.copytree(site_home, copy)
    return copy


def moments(*paths: Path) -> Iterator[str]:
    """Files and folders whose last change, or last reading, is told finer than the day.

    A folder is looked at before it is listed: that would be its last reading.
    """
    for path in paths:
        stat = path.stat()
        for name, value in (("changed", stat.st_mtime_ns), ("read", stat.st_atime_ns)):
            if value % (DAY * 10**9):
                yield f"{path}: {name}"
        if path.is_dir():
            yield from moments(*sorted(path.iterdir()))


def multipart(**fields: str | bytes) -> tuple[bytes, str]:
    """The body of a form with a file, and its type."""
    body = b""
    for name, value in fields.items():
        is_file = isinstance(value, bytes)
        named = '; filename="planted-name.txt"\r\nContent-Type: text/plain' if is_file else ""
        body += f'--planted\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode()
        body += (value if isinstance(value, bytes) else value.encode()) + b"\r\n"
    return body + b"--planted--\r\n", "multipart/form-data; boundary=planted"


def visited(site: Site) -> None:
    """Raise, come back, write, send a file, look at what is not there, send what nobody can read."""
    codes = raised(site)
    _, html, _ = site.ask("/return", {"locator": codes.locator, "secret": codes.secret})
    ticket = hidden(html, "ticket")
    site.ask("/return", {"ticket": ticket, "do": "message", "message-text": "Any news of this?"})
    body, kind = multipart(ticket=ticket, do="file", **{"file-file": FILE})
    status, html, _ = site.ask("/return", body, **{"Content-Type": kind})
    assert (status, "Your file was kept" in html) == (200, True)
    assert site.ask("/return", {"ticket": ticket, "do": "receipt"})[0] == 200
    asked: list[tuple[str, bytes | None, int]] = [
        ("/raise/nothing", None, 404), ("/raise", b"\xff\xfe", 200), ("/api/v1/concerns/raise", b"{", 415),
        ("/return?x=%00", None, 400), ("/cases", None, 200),
    ]  # fmt: skip
    for path, data, wanted in asked:
        assert site.ask(path, data)[0] == wanted, path


def test_while_the_site_runs_neither_disk_nor_log_tells_when_somebody_was_there(
    home: Path, tmp_path: Path
) -> None:
    # story: no … time finer than a day in any file, log
    log = tmp_path / "server.log"
    with served(home, log) as site:
        time.sleep(1)
        said = log.read_bytes()
        visited(site)
        assert list(moments(home)) == []
        assert log.read_bytes() == said  # whoever collects the log puts a time before each line of it


def temporary(port: int) -> list[str]:
    """Files of the server that have no name: as temporary ones have."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"serve\0--port\0{port}\0".encode() in (process / "cmdline").read_bytes():
                links = [(handle / link).readlink() for handle in [process / "fd"] for link in handle.iterdir()]
                found += [str(p) for p in links if "(deleted)" in str(p)]
    return found


def test_what_is_too_large_is_refused_before_it_is_read_and_never_lies_in_a_file(
    home: Path, tmp_path: Path
) -> None:
    # story: the database and disk alone decrypt nothing
    with served(home, tmp_path / "server.log") as site:
        port = int(site.address.rpartition(":")[2])
        before = temporary(port)
        head = f"POST /return HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {80 << 20}\r\n\r\n"
        with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as sending:
            sending.sendall(head.encode())
            with suppress(OSError):  # it is cut off
                for _ in range(70):
                    sending.sendall(b"What I copied by hand. " * 45_590)
            time.sleep(1)
            assert temporary(port) == before
            with suppress(OSError):
                assert b" 413 " in sending.recv(200).partition(b"\r\n")[0]


def test_the_site_does_not_start_on_a_database_server_which_keeps_the_moment_of_each_change(home: Path) -> None:
    # story: no … time finer than a day in any … table
    toml = home / "penholder.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(f'{text}\n[database]\nname = "concerns"\n', encoding="utf-8")
    done = penholder(home, "doctor")
    assert (done.returncode, "kept in SQLite alone" in done.stderr) == (2, True), done.stderr


def test_backups_leave_no_hour_in_the_folders_that_hold_them(home: Path, tmp_path: Path) -> None:
    # story: no … time finer than a day in any … backup
    with served(home, tmp_path / "server.log") as site:
        raised(site)
    data, keys = tmp_path / "data", tmp_path / "keys"
    done = penholder(home, "backup", "--to", str(data), "--keys-to", str(keys))
    assert done.returncode == 0, done.stderr
    assert [p for p in (*moments(data), *moments(keys)) if p.endswith("changed")] == []
