"""The site of concerns as it runs: a concern is raised through the real server, then every file is searched."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from penholder.concerns.codes import Codes
from penholder.kernel.ids import random_id

pytestmark = pytest.mark.slow
AGENT = "Mosaic/7.3 (planted agent)"
CLAIM = "The section on the water works was taken out between versions one and three."
PASSWORDS = "five plain words of {}"
SECRET = re.compile(r"\b([0-9A-Z]{5}(?:-[0-9A-Z]{5})+)\b")
DAY = 24 * 60 * 60
PEOPLE = {
    "owner-1": "concern_owner", "owner-2": "concern_owner", "nominated-1": "nominated_officer",
    "nominated-2": "nominated_officer", "instance-1": "concern_instance", "instance-2": "concern_instance",
}  # fmt: skip
FILL = """
import json, sys
from pathlib import Path
from penholder.cli.casework import start
start()
from penholder.actions import moment
from penholder.actions.action import perform
from penholder.concerns import actions, unlocked
from penholder.people import actions as people
from penholder.people.actor import actor_of
from penholder.people.models import User
def actor(person):
    return actor_of(User.objects.get(public_id=person), on=moment.today())
by = actor(User.objects.order_by("id").first().public_id)
for name, role in json.loads(sys.argv[1]).items():
    person = perform(people.invite_person, by, address=f"{name}@ardenia.invalid", title=name).result
    perform(people.grant_role, by, person_id=person, role=role)
    with unlocked.using(unlocked.Source(passphrase=lambda: f"five plain words of {name}")):
        perform(actions.make_officer_key, actor(person))
    token = perform(people.issue_token, actor(person), label="command line", days=30)
    print(name, token.details["token"])
"""


def penholder(home: Path, *arguments: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """A command on a home, in a process of its own."""
    environment = {**os.environ, "PENHOLDER_HOME": str(home), **more}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "penholder.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, input=given)


def made_home(folder: Path) -> tuple[Path, dict[str, str]]:
    """A home of the site of concerns with its whole ladder; the tokens of the people."""
    home = folder / "concerns"
    done = penholder(
        home, "init", "--home", str(home), "--site", "concerns", "--outside", "Committee on arms exports",
        "--origin", "concerns.ardenia.invalid/log", "--authority", "Concerns of Ardenia",
        "--administrator", "administrator-1@ardenia.invalid",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    environment = {**os.environ, "PENHOLDER_HOME": str(home)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    filled = subprocess.run(
        [sys.executable, "-c", FILL, json.dumps(PEOPLE)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert filled.returncode == 0, filled.stderr
    return home, dict(line.split() for line in filled.stdout.splitlines())


class Site:
    """The running server."""

    def __init__(self, home: Path, port: int, log: Path) -> None:
        self.home, self.address, self.log = home, f"http://127.0.0.1:{port}", log
        self.cookies: list[str] = []

    def ask(self, path: str, data: dict[str, Any] | bytes | None = None, **headers: str) -> tuple[int, str, Any]:
        """Status, body and headers."""
        body = urllib.parse.urlencode(data, doseq=True).encode() if isinstance(data, dict) else data
        request = urllib.request.Request(  # noqa: S310 - our own server
            self.address + path, body, {"User-Agent": AGENT, "Referer": "http://intranet.invalid/desk", **headers}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                found = answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as error:
            found = error.code, error.read().decode(), error.headers
        self.cookies += found[2].get_all("Set-Cookie") or []
        return found


@contextmanager
def served(home: Path, log: Path) -> Iterator[Site]:
    """`penholder serve` on a free port, its output in a file."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {**os.environ, "PENHOLDER_HOME": str(home)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "penholder.cli.main", "serve", "--port", str(port)],
            stdout=output, stderr=output, env=environment,
        )  # fmt: skip
        site = Site(home, port, log)
        try:
            for _ in range(300):
                time.sleep(0.1)
                try:
                    if site.ask("/healthz")[0] == 200:
                        break
                except OSError:
                    continue
            yield site
        finally:
            server.terminate()
            server.wait(20)


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, (name, html[:4_000])
    return unescape(found[1])


def raised(site: Site, claim: str = CLAIM) -> Codes:
    """Through the pages, as somebody who types."""
    _, html, _ = site.ask("/raise")
    said: list[dict[str, Any]] = [
        {}, {"matter": "evidence_left_out"}, {"claim": claim}, {"criterion": "", "evidence": "IN-17"},
        {"more": "no"}, {}, {},
    ]  # fmt: skip
    for given in said:
        carried = {"draft": hidden(html, "draft"), "step": hidden(html, "step")}
        status, html, headers = site.ask("/raise", {**carried, **given})
        assert status == 200, html
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "script" not in headers["Content-Security-Policy"]
        assert "<script" not in html
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
    locator, secret = SECRET.findall(text)[:2]
    return Codes(locator, secret)


@pytest.fixture(scope="module")
def site_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Made once; tests copy it."""
    return made_home(tmp_path_factory.mktemp("site"))


@pytest.fixture
def home(site_home: tuple[Path, dict[str, str]], tmp_path: Path) -> Path:
    copy = tmp_path / "concerns"
    shutil.copytree(site_home[0], copy)
    return copy


def files_under(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (p for p in sorted(folder.rglob("*")) if p.is_file())


def rows_of(database: Path) -> Iterator[tuple[str, Any]]:
    """Every value of every table."""
    with closing(sqlite3.connect(database)) as connection:
        tables = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            cursor = connection.execute(f'SELECT * FROM "{table}"')
            names = [c[0] for c in cursor.description]
            for row in cursor:
                yield from ((f"{table}.{name}", value) for name, value in zip(names, row, strict=True))


_TIME = re.compile(rb"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?")
_STAMP = re.compile(r"20\d\d-?\d\d-?\d\d[T ](\d\d):?(\d\d):?(\d\d)?")


def test_after_a_filing_no_file_knows_who_or_when_beyond_the_day(home: Path, tmp_path: Path) -> None:
    # story: After the concern's filing: no address, agent, account, or time finer than a day in any file, log,
    # story: table or backup.
    began = int(time.time())
    log = tmp_path / "server.log"
    with served(home, log) as site:
        codes = raised(site)
        status, html, _ = site.ask("/return", {"locator": codes.locator, "secret": codes.secret})
        assert status == 200
        ticket = hidden(html, "ticket")
        _, html, _ = site.ask("/return", {"ticket": ticket, "do": "message", "message-text": "Any news of this?"})
        assert "Any news of this?" in html
        assert site.cookies == []
    for command in (["work", "--once"], ["ledger", "publish"], ["backup", "--keys-to", str(tmp_path / "keys")]):
        done = penholder(home, *command)
        assert done.returncode == 0, (command, done.stderr)
    ended = int(time.time())
    wrong = [*_dated(home, tmp_path)]  # first: whoever opens the database makes files beside it
    wrong += [*_words(home, tmp_path), *_times(home, tmp_path), *_numbers(home, began, ended)]
    kinds = sorted({re.sub(r"[0-9a-f]{8,}", "…", w.partition(": ")[0]) for w in wrong})
    assert kinds == [], wrong[:20]


def _words(home: Path, tmp_path: Path) -> Iterator[str]:
    """The address, the agent, where they came from, what they wrote and their codes: in no file."""
    planted = [
        AGENT.encode(),
        b"planted agent",
        b"127.0.0.1:",
        b"intranet.invalid",
        b"water works",
        b"Any news of",
    ]
    for path in files_under(home, tmp_path):
        content = path.read_bytes()
        yield from (f"{path.name}: {p!r}" for p in planted if p in content and not _is_ours(path, p))


def _is_ours(path: Path, planted: bytes) -> bool:
    """The server says where it listens: that is no visitor's address."""
    return path.name == "server.log" and planted == b"127.0.0.1:"


def _times(home: Path, tmp_path: Path) -> Iterator[str]:
    """No text with an hour in it but midnight."""
    for path in files_under(home, tmp_path):
        for found in _TIME.findall(path.read_bytes()):
            if not re.search(rb"[T ]00:00", found):
                yield f"{path.name}: {found!r}"
    for database in home.rglob("*.sqlite3"):
        for where, value in rows_of(database):
            text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
            for hour, minute, second in _STAMP.findall(text):
                if (hour, minute, second or "00") != ("00", "00", "00"):
                    yield f"{where}: {text[:60]!r}"


def _numbers(home: Path, began: int, ended: int) -> Iterator[str]:
    """No number that is a moment of the filing: in seconds or milliseconds, alone or within a text."""
    number = re.compile(rb"(?<![0-9])1[0-9]{9}(?:[0-9]{3})?(?![0-9])")
    for path in files_under(home):
        for found in number.findall(path.read_bytes()):
            if began - 5 <= int(found[:10]) <= ended + 5:
                yield f"{path.name}: {found!r}"
    for database in home.rglob("*.sqlite3"):
        for where, value in rows_of(database):
            if isinstance(value, int | float) and began - 5 <= value <= ended + 5:
                yield f"{where}: {value}"
            if isinstance(value, str) and value.startswith("gAAAA"):
                made = int.from_bytes(base64.urlsafe_b64decode(value[:12])[1:9], "big")
                if made:
                    yield f"{where}: a sealed text with the moment {made}"


def _dated(home: Path, tmp_path: Path) -> Iterator[str]:
    """Files and folders are of midnight."""
    for path in [home, *home.rglob("*"), *(tmp_path / "keys").rglob("*")]:
        found = path.stat()
        if int(found.st_mtime) % DAY:
            moment = datetime.fromtimestamp(found.st_mtime, UTC)
            yield f"{path.relative_to(tmp_path)}: changed at {moment:%H:%M:%S}"


def test_all_that_is_at_rest_together_decrypts_nothing(home: Path, tmp_path: Path) -> None:
    # story: the database and disk alone decrypt nothing
    with served(home, tmp_path / "server.log") as site:
        raised(site)
    keys = _all_keys(home)
    assert len(keys) > 20
    boxes = [v for where, v in rows_of(home / "casework.sqlite3") if where.startswith("concerns_") and _sealed(v)]
    assert len(boxes) > 10
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    opened = 0
    for sealed in boxes:
        for cut in (0, 16, 32):
            body = sealed[cut + 1 :]
            for key in keys:
                for bound in (b"", *_bindings(home)):
                    try:
                        AESGCM(key).decrypt(body[:12], body[12:], bound)
                    except (InvalidTag, ValueError):
                        continue
                    opened += 1
    assert opened == 0


def _sealed(value: Any) -> bool:
    return isinstance(value, bytes) and len(value) > 40


def _all_keys(home: Path) -> set[bytes]:
    """Whatever could be a key: the key store, the secrets, 32 bytes of any row, and hashes of all of them."""
    import hashlib

    found: set[bytes] = set()
    for _, value in rows_of(home / "keys.sqlite3"):
        if isinstance(value, bytes) and len(value) == 32:
            found.add(value)
    for path in files_under(home / "secrets"):
        text = path.read_bytes().strip()
        found |= {hashlib.sha256(text).digest(), text.ljust(32, b"\0")[:32]}
        if re.fullmatch(rb"[0-9a-f]{64}", text):
            found.add(bytes.fromhex(text.decode()))
    for where, value in rows_of(home / "casework.sqlite3"):
        if where.startswith("concerns_") and isinstance(value, bytes) and len(value) == 32:
            found.add(value)
    return found | {hashlib.sha256(k).digest() for k in found}


def _bindings(home: Path) -> list[bytes]:
    """Bindings of the content of a concern, as the program makes them."""
    from penholder.vault.crypto import Binding

    ids = {v for where, v in rows_of(home / "casework.sqlite3") if where == "concerns_concern.public_id"}
    return [Binding("concern content", str(i), str(i)).to_bytes() for i in ids]


def test_two_sites_that_differ_in_what_was_said_publish_alike(home: Path, tmp_path: Path) -> None:
    # story: two runs that differ only in the concern's text publish alike but for random bytes
    other = tmp_path / "other"
    shutil.copytree(home, other)
    published = []
    claims = ("Short claim here.", "A much longer claim that names persons, places and days. " * 20)
    for folder, claim in zip((home, other), claims, strict=True):
        file = tmp_path / "concern.json"
        file.write_text(json.dumps({"points": [{"claim": claim}], "matter": "record"}), encoding="utf-8")
        done = penholder(folder, "concerns", "raise", str(file))
        assert done.returncode == 0, done.stderr
        assert penholder(folder, "ledger", "publish").returncode == 0
        published.append(_without_random(folder / "published"))
    assert published[0] == published[1]


def _without_random(folder: Path) -> dict[str, str]:
    """Every published file: its name, and its content without what is random."""
    found = {}
    for path in files_under(folder):
        text = path.read_bytes().decode("latin-1")
        if "tile" in path.parts and "entries" not in path.parts:
            text = str(len(text))  # hashes alone
        text = re.sub(r"[A-Za-z0-9+/_=-]{26,}", lambda m: f"<{len(m[0])} random>", text)
        found[str(path.relative_to(folder))] = text
    return found


def test_the_commands_raise_follow_prove_and_count(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "concern.json"
    file.write_text(json.dumps({"points": [{"claim": CLAIM}], "matter": "record"}), encoding="utf-8")
    receipt = tmp_path / "concern.receipt"
    done = penholder(home, "concerns", "raise", str(file), "--receipt", str(receipt))
    assert done.returncode == 0, done.stderr
    codes = json.loads(done.stdout)
    typed = f"{codes['locator']}\n{codes['secret']}\n"
    shown = json.loads(penholder(home, "concerns", "return", given=typed).stdout)
    assert (shown["row"]["office"], shown["points"][0]["claim"]) == (
        "Head of the unit that owns the matter",
        CLAIM,
    )
    note = tmp_path / "note.txt"
    note.write_text("Any news of this?", encoding="utf-8")
    assert penholder(home, "concerns", "message", str(note), given=typed).returncode == 0
    verified = penholder(home, "verify", str(receipt), "--key", str(home / "verifier-key"))
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "INTACT"), verified.stderr
    assert "concern:   1 point; the entry commits to what this receipt holds" in verified.stdout
    assert penholder(home, "ledger", "publish").returncode == 0
    counted = penholder(tmp_path, "concerns", "recount", str(home / "published"))
    assert json.loads(counted.stdout)["received"] == 1
    assert penholder(home, "concerns", "withdraw", given=typed).returncode == 0
    wrong = penholder(home, "concerns", "return", given=f"{codes['locator']}\n{random_id()[:20]}\n")
    assert (wrong.returncode, "do not belong together" in wrong.stderr) == (2, True)


def test_the_api_raises_follows_and_proves_without_a_token(home: Path, tmp_path: Path) -> None:
    def post(site: Site, name: str, **given: Any) -> tuple[int, dict[str, Any]]:
        body = json.dumps(given).encode()
        status, text, _ = site.ask(f"/api/v1/concerns/{name}", body, **{"Content-Type": "application/json"})
        return status, json.loads(text)

    with served(home, tmp_path / "server.log") as site:
        status, made = post(site, "raise", points=[{"claim": CLAIM}], matter="record")
        assert status == 201, made
        codes = {"locator": made["locator"], "secret": made["secret"]}
        status, found = post(site, "return", **codes)
        assert (status, found["points"][0]["claim"]) == (200, CLAIM)
        assert post(site, "message", **codes, text="Any news of this?")[0] == 200
        assert post(site, "receipt", **codes)[1]["receipt"] == made["receipt"]
        assert post(site, "raise", points=[], matter="record")[1]["code"] == "invalid"
        wrong = post(site, "return", locator=codes["locator"], secret=codes["secret"][::-1])
        assert (wrong[0], wrong[1]["code"]) == (403, "code")
        assert post(site, "withdraw", **codes)[0] == 200
        assert site.cookies == []
    receipt = tmp_path / "concern.receipt"
    receipt.write_text(made["receipt"], encoding="utf-8")
    assert penholder(home, "verify", str(receipt), "--key", str(home / "verifier-key")).returncode == 0


def officer_with_a_concern(home: Path, token: str, folder: Path) -> tuple[str, dict[str, str]]:
    """A concern of one point, and what the commands of an officer need: token, and passphrase in a file."""
    file, passphrase = folder / "concern.json", folder / "passphrase"
    file.write_text(json.dumps({"points": [{"claim": CLAIM}], "matter": "record"}), encoding="utf-8")
    passphrase.write_text(PASSWORDS.format("owner-1") + "\n", encoding="utf-8")
    concern = json.loads(penholder(home, "concerns", "raise", str(file)).stdout)["concern"]
    return concern, {"PENHOLDER_TOKEN": token, "PENHOLDER_PASSPHRASE_FILE": str(passphrase)}


# story: "Thank you, we have noted your concerns" is refused as an answer, by … command
def test_thank_you_we_have_noted_your_concerns_is_refused_by_the_command(
    site_home: tuple[Path, dict[str, str]], home: Path, tmp_path: Path
) -> None:
    concern, officer = officer_with_a_concern(home, site_home[1]["owner-1"], tmp_path)
    given = {"concern": concern, "expected_version": 1, "answers": [
        {"point": 1, "disposition": "not_upheld", "grounds": "Thank you, we have noted your concerns.",
         "records": ["AV-1"], "no_action_because": "There is nothing to do."}]}  # fmt: skip
    noted = penholder(home, "act", "concerns.propose-answer", "--json", "-", given=json.dumps(given), **officer)
    assert noted.returncode == 2
    assert "does not answer the concern" in noted.stderr
    assert "answers.0.grounds: says too little" in noted.stderr


def test_an_officer_s_command_reads_the_passphrase_from_a_file(
    site_home: tuple[Path, dict[str, str]], home: Path, tmp_path: Path
) -> None:
    concern, officer = officer_with_a_concern(home, site_home[1]["owner-1"], tmp_path)
    acknowledge = ("act", "concerns.acknowledge-concern", "--concern", concern, "--expected-version")
    done = penholder(home, *acknowledge, "1", **officer)
    assert done.returncode == 0, done.stderr
    Path(officer["PENHOLDER_PASSPHRASE_FILE"]).write_text("five plain words of somebody\n", encoding="utf-8")
    wrong = penholder(home, *acknowledge, "2", **officer)
    assert (wrong.returncode, "the passphrase is another" in wrong.stderr) == (2, True)


def test_a_site_without_an_instance_outside_is_neither_made_nor_started(home: Path, tmp_path: Path) -> None:
    # story: a ladder without an instance outside the authority refuses to open the channel
    folder = tmp_path / "none"
    done = penholder(
        folder, "init", "--home", str(folder), "--site", "concerns", "--origin", "c.ardenia.invalid/log",
        "--authority", "Concerns of Ardenia",
    )  # fmt: skip
    assert (done.returncode, folder.exists()) == (2, False)
    assert "outside the authority" in done.stderr
    toml = home / "penholder.toml"
    whole = toml.read_text(encoding="utf-8")
    toml.write_text(whole[: whole.rindex("[[ladder]]")], encoding="utf-8")
    started = penholder(home, "doctor")
    assert (started.returncode, "the channel stays closed" in started.stderr) == (2, True)
