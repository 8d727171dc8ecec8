"""What `penholder demo` makes, as a newcomer meets it: links, pages on three sites, commands, codes, receipts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.cookiejar
import json
import os
import re
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from penholder.cli import demo
from penholder.cli.demo_sites import HOST, OPENED, SITES, path_of, serving
from penholder.cli.story.conduct import STATE, Conducted, conducted
from penholder.cli.story.questions import LISTED, every_question
from penholder.cli.story.steps import cast
from penholder.kernel.errors import FolderError

pytestmark = pytest.mark.slow  # pages and long runs: `make check`
TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "ten-minutes.md"
PASSWORD = "correct horse battery 7 staple"  # noqa: S105 - of people who do not exist
PAGES = [
    (site, key, path)
    for site, opened in OPENED.items()
    for key, pages in opened.items()
    for _, path in pages
]  # fmt: skip


def stops() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """What the tutorial opens: site, key of the cast, words before the link, what to look for."""
    site, key = "", "nobody"
    for line in TUTORIAL.read_text(encoding="utf-8").splitlines():
        if found := re.match(r"On the \*\*(\w+)\*\* site", line):
            site, key = found[1], "nobody"
        elif found := re.match(r"\*([A-Z][^*]+)\*", line):
            key = next(member.key for member in cast(site).people if member.title == found[1])
        elif line.startswith("| ") and '"' in line:
            what, wanted = line.strip("| ").split(" | ")
            yield site, key, what, tuple(re.findall(r'"([^"]+)"', wanted))


STOPS = list(stops())
CODES = "locator and secret"


@dataclass(frozen=True)
class Shown:
    """folder: in which it was run. out: what it printed. port: of the first site."""

    folder: Path
    out: str
    port: int

    @property
    def made(self) -> Conducted:
        return conducted(self.folder / "demo-data" / demo.HOMES)

    def address(self, site: str) -> str:
        return f"http://{HOST}:{self.port + SITES.index(site)}"


def environment(home: Path | None) -> dict[str, str]:
    """Of a process that works on a home."""
    kept = {name: text for name, text in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return kept | ({"PENHOLDER_HOME": str(home)} if home else {})


def run(folder: Path, *words: str, home: Path | None = None, given: str = "") -> str:
    """What a command prints, in a process of its own."""
    asked = [sys.executable, "-m", "penholder.cli.main", *words]
    done = subprocess.run(
        asked, capture_output=True, text=True, check=False, input=given, cwd=folder, env=environment(home)
    )
    assert done.returncode == 0, (words, done.stdout[-2_000:], done.stderr)
    return done.stdout


def free_ports() -> int:
    """The first of three ports that are free."""
    while True:
        with closing(socket.socket()) as found:
            found.bind((HOST, 0))
            first: int = found.getsockname()[1]
        with closing(socket.socket()) as second, closing(socket.socket()) as third:
            try:
                second.bind((HOST, first + 1))
                third.bind((HOST, first + 2))
            except OSError:
                continue
            return first


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    folder, port = tmp_path_factory.mktemp("demonstration"), free_ports()
    return Shown(folder, run(folder, "demo", "--no-serve", "--port", str(port)), port)


@pytest.fixture(scope="module")
def served(shown: Shown) -> Iterator[Shown]:
    with serving(shown.made, shown.port):
        for site in SITES:
            wait_for(f"{shown.address(site)}/healthz")
        yield shown


def wait_for(address: str) -> None:
    for _ in range(600):
        try:
            if urllib.request.urlopen(address, timeout=5).status == 200:  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(address)


class Visitor:
    """A browser without scripts: cookies, redirects, forms with their token."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        ).open

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, page and where it ended."""
        return self._ask(path, None)

    def send(self, path: str, **typed: str) -> tuple[int, str, str]:
        """Open a form and send it, with what it carries. Where it shows a secret, `code` is made of that."""
        _, page, place = self.get(path)
        carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        if secret := re.search(r"\b[A-Z2-7]{32}\b", page):
            typed["code"] = code_of(secret[0])
        return self._ask(place, {**carried, **typed})

    def _ask(self, path: str, data: dict[str, str] | None) -> tuple[int, str, str]:
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        request = urllib.request.Request(self.address + path, body)  # noqa: S310 - our own server
        try:
            with self._open(request, timeout=60) as answer:
                return answer.status, answer.read().decode(), urllib.parse.urlsplit(answer.url).path
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), path

    def sign_in(self, link: str, address: str) -> None:
        """As the last words of the demonstration say: open the link, choose a password, set up a second factor."""
        status, place = 429, ""
        for _ in range(15):  # the site takes 20 such requests in a minute from one address
            status, _, place = self.send(link, password1=PASSWORD, password2=PASSWORD)
            if status != 429:
                break
            time.sleep(5)
        assert (status, place) == (200, "/account/password/reset/key/done/")
        self.send("/account/login/", login=address, password=PASSWORD)
        for _ in range(3):  # the code of half a minute that is over is not taken
            if self.send("/account/2fa/totp/activate/")[2] != "/account/2fa/totp/activate/":
                return
        raise AssertionError(address)


def code_of(secret: str) -> str:
    """The six digits of an authenticator app (RFC 6238) now."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


@pytest.fixture(scope="module")
def visitors(served: Shown) -> dict[tuple[str, str], Visitor]:
    """Each by their link; nobody without."""
    made: dict[tuple[str, str], Visitor] = {}
    for site, opened in OPENED.items():
        members = {member.key: member for member in cast(site).people}
        for key in opened:
            made[site, key] = Visitor(served.address(site))
            if key != "nobody":
                link = served.made.sites[site].invitations[key]
                assert f"{served.address(site)}{link}" in served.out
                assert members[key].address in served.out
                made[site, key].sign_in(link, members[key].address)
    return made


# story: nothing is a dead end: every page that the demonstration names opens for whom it names
@pytest.mark.parametrize(("site", "key", "path"), PAGES, ids=[":".join(page) for page in PAGES])
def test_what_the_demonstration_names_can_be_opened(
    site: str, key: str, path: str, visitors: dict[tuple[str, str], Visitor], served: Shown
) -> None:
    address = path_of(path, served.made.results)
    assert f"{served.address(site)}{address}" in served.out
    status, _, place = visitors[site, key].get(address)
    assert (status, place) == (200, address.partition("?")[0])
    if key != "nobody":
        status, _, place = Visitor(served.address(site)).get(address)
        assert status in {403, 404} or place == "/account/login/"


@pytest.mark.parametrize(
    "path",
    ["/cases/{sights.case}", "/changes/{change.id}", "/assessments/{velmora.assessment}", "/evidence/{a1}"],
)
def test_another_firms_case_and_what_officials_write_is_not_there_for_an_exporter(
    path: str, visitors: dict[tuple[str, str], Visitor], served: Shown
) -> None:
    assert visitors["authority", "orrin"].get(path_of(path, served.made.results))[0] in {403, 404}


# story: the page "Ten minutes with Penholder" walks a newcomer through it
@pytest.mark.parametrize("stop", STOPS, ids=[":".join(stop[:3]) for stop in STOPS])
def test_the_tutorial_opens_what_there_is_and_one_finds_what_it_says(
    stop: tuple[str, str, str, tuple[str, ...]], visitors: dict[tuple[str, str], Visitor], served: Shown
) -> None:
    site, key, what, wanted = stop
    if what == CODES:
        page = visitors[site, "nobody"].send("/return", **served.made.results["raiser"])[1]
    else:
        page = visitors[site, key].get(path_of(dict(OPENED[site][key])[what], served.made.results))[1]
    text = without_spaces(unescape(re.sub(r"<[^>]+>", "", page)))
    assert [words for words in wanted if without_spaces(words) not in text] == []


def without_spaces(text: str) -> str:
    return "".join(text.split())


def test_the_commands_of_the_tutorial_say_what_it_says(shown: Shown) -> None:
    blocks = re.findall(r"```console\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 7
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for block in blocks:
        lines = block.splitlines()
        asked = "\n".join(line[2:] for line in lines if line.startswith("$ "))
        done = subprocess.run(
            ["/bin/sh", "-c", asked],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd=shown.folder,
            env={**os.environ, "PATH": path},
        )
        found = iter(done.stdout.splitlines())
        for line in lines:
            wanted = line.removesuffix("...")
            assert line.startswith("$ ") or any(said.startswith(wanted) for said in found), (line, done.stdout)


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("authority", "Accounts are made by the authority: for officers by its administrators"),
        ("concerns", "What this site shows to everybody needs no account."),
        ("public", "What this site shows to everybody needs no account."),
    ],
)
def test_the_page_for_signing_in_says_who_has_an_account_here(site: str, said: str, served: Shown) -> None:
    assert said in Visitor(served.address(site)).get("/account/login/")[1]


# story: access by the secret goes on, the dissent and receipts stand
def test_one_can_return_to_the_concern_by_the_codes_that_are_printed(served: Shown) -> None:
    found = re.search(r"locator ([0-9A-Z-]+), secret ([0-9A-Z-]+):", served.out)
    assert found
    status, page, _ = Visitor(served.address("concerns")).send("/return", locator=found[1], secret=found[2])
    assert status == 200
    assert "Two reports on strikes near the water works were cited in version 1" in unescape(page)
    assert "Committee on arms exports" in page


# story: the dissent and receipts stand
def test_the_dissent_and_the_receipts_of_whoever_left_stand(shown: Shown, tmp_path: Path) -> None:
    made = shown.made
    with closing(sqlite3.connect(made.home("authority") / "casework.sqlite3")) as database:
        events = database.execute("SELECT event, body FROM ledger_entry").fetchall()
    assert [e for e, _ in events if e == "people.PersonDeactivated"] == ["people.PersonDeactivated"]
    (dissent,) = (json.loads(body) for e, body in events if e == "casework.DissentRecorded")
    assert made.results["dissent"]["digest"] in json.dumps(dissent)
    codes, home = made.results["raiser"], made.home("concerns")
    now = run(tmp_path, "concerns", "receipt", home=home, given=f"{codes['locator']}\n{codes['secret']}\n")
    for name, text in (("filed", made.results["concern_shown"]["receipt"]), ("now", now)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        verified = run(tmp_path, "verify", name, "--key", str(home / "verifier-key"))
        assert "2 points; the entry commits to what this receipt holds" in verified
        assert verified.splitlines()[-1] == "INTACT"


Filer = Callable[..., dict[str, Any]]
CLAIM = "The reports of the second week are cited nowhere."


@contextmanager
def by_call(home: Path, folder: Path) -> Iterator[Filer]:
    """What a filer does, by the API."""
    port = free_ports()
    address = f"http://{HOST}:{port}"

    def do(word: str, codes: tuple[str, ...] = (), **given: Any) -> dict[str, Any]:
        if word == "file":
            given = {"name": Path(given["path"]).name, "content": base64.b64encode(CLAIM.encode()).decode()}
        body = json.dumps({**given, **dict(zip(("locator", "secret"), codes, strict=False))}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{address}/api/v1/concerns/{word}", body, headers)  # noqa: S310 - ours
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return dict(json.loads(answer.read()))

    asked = [sys.executable, "-m", "penholder.cli.main", "serve", "--host", HOST, "--port", str(port)]
    with subprocess.Popen(asked, env=environment(home), cwd=folder) as server:
        try:
            wait_for(f"{address}/healthz")
            yield do
        finally:
            server.terminate()


@contextmanager
def by_command(home: Path, folder: Path) -> Iterator[Filer]:
    """The same by commands."""

    def do(word: str, codes: tuple[str, ...] = (), **given: Any) -> dict[str, Any]:
        (folder / "raise.json").write_text(json.dumps(given), encoding="utf-8")
        (folder / "message.txt").write_text(CLAIM, encoding="utf-8")
        words = {"raise": ["raise.json"], "message": ["message.txt"], "file": ["message.txt"]}
        asked = words.get(word, list(given.values()))
        said = run(folder, "concerns", word, *asked, home=home, given="".join(f"{code}\n" for code in codes))
        return {"receipt": said} if word == "receipt" else dict(json.loads(said))

    yield do


@pytest.mark.parametrize("way", [by_call, by_command])
def test_every_act_of_a_filer_has_a_call_and_a_command(
    way: Callable[[Path, Path], AbstractContextManager[Filer]], shown: Shown, tmp_path: Path
) -> None:
    home = shutil.copytree(shown.made.home("concerns"), tmp_path / "home")
    target = shown.made.results["version_1"]["about"]
    with way(home, tmp_path) as do:
        made = do("raise", matter="evidence_left_out", points=[{"claim": CLAIM}])
        codes = (made["locator"], made["secret"])
        do("message", codes, text=CLAIM)
        do("file", codes, path="message.txt")
        do("target", codes, target=target)
        found = do("return", codes)
        assert [point["claim"] for point in found["points"]] == [CLAIM]
        assert [message["text"] for message in found["messages"]] == [CLAIM]
        assert [(file["name"], file["size"]) for file in found["files"]] == [("message.txt", len(CLAIM))]
        assert [about["id"] for about in found["targets"]] == [target]
        assert CLAIM in do("receipt", codes)["receipt"]
        assert do("withdraw", codes)["concern"] == made["concern"]
        assert do("return", codes)["row"]["state"] == "withdrawn"


def test_what_a_scene_hands_to_the_next_is_for_the_owner_alone(shown: Shown) -> None:
    made = shown.made
    assert (made.root / STATE).stat().st_mode & 0o777 == 0o600
    assert {site for site in made.sites if made.sites[site].tokens} == set()
    assert made.root.stat().st_mode & 0o777 == 0o700


def test_what_the_demonstration_proposes_works(shown: Shown) -> None:
    assert shown.out.count("verified: INTACT") == len(SITES)
    tried, _, rest = shown.out.partition("Try next:")[2].partition("One command for each question:")
    proposed = [line.split()[1:] for line in tried.splitlines() if line.strip()]
    assert len(proposed) == 5
    for words in proposed:
        answer = json.loads(run(shown.folder, *words, "--json"))
        if words[0] == "touches":
            assert answer["use"]["could"] > 0
    homes = re.findall(r"^export PENHOLDER_HOME=(.+)$", rest, re.MULTILINE)
    assert Path(homes[0]).name == "authority"
    assert len(re.findall(r"^penholder ", rest, re.MULTILINE)) >= 15


def test_each_hand_through_which_a_case_goes_has_a_link_and_missing_numbers_are_explained(shown: Shown) -> None:
    hands = {
        "exporter",
        "reception",
        "technical_assessor",
        "licensing_manager",
        "adviser",
        "countersigner",
        "decider",
    }
    people = {member.key: member for member in cast("authority").people}
    assert hands <= {role for key in OPENED["authority"] if key != "nobody" for role in people[key].roles}
    asked = shown.out.partition("One command for each question:")[2]
    assert f"list of {LISTED} questions; the story answers {len(every_question())} of them" in asked
    _, before, after = asked.partition("To take an application of your own from draft to decision:")
    assert before
    for key in ("reception", "assessor", "defence", "signer", "decider"):
        assert f"{people[key].title}, {people[key].address}:" in after


def test_the_demonstration_removes_only_what_it_made(shown: Shown, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    (folder / "sites").mkdir(parents=True)
    for name in (demo.MARK, "penholder.json"):
        shutil.copy(shown.folder / "demo-data" / name, folder / name)
    other = shutil.copytree(folder, tmp_path / "other")
    (other / demo.MARK).unlink()
    demo.make_room(folder)
    assert not folder.exists()
    with pytest.raises(FolderError, match="was not made by the demonstration"):
        demo.make_room(other)
    assert (other / "penholder.json").is_file()
