"""The second half of the demonstration: three invented sites, in which the story is told.

Each command runs in a process of its own, on the home of its site, as an operator would run it.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import click

from penholder.cli.story.cast_words import passphrase_of
from penholder.cli.story.conduct import Conducted, conduct
from penholder.cli.story.questions import every_question
from penholder.cli.story.steps import cast, parts_of
from penholder.cli.story.words import text_of
from penholder.kernel.errors import FolderError
from penholder.kernel.home import FIRST_KEY, VARIABLE

SITES = ("authority", "concerns", "public")
"""In the order of their ports: the first is that of --port, and so on."""
HOST = "127.0.0.1"
_LOOKS = 0.5
"""Seconds between looks whether all serve."""
_LAST = 5
"""Lines of what a server said that are shown where it stops."""
OPENED: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "authority": {
        "manager": (
            ("the case that was granted against advice", "/cases/{pumps.case}"),
            ("the case that was refused and appealed", "/cases/{sights.case}"),
            ("the case that was decided while a question was open", "/cases/{valves.case}"),
            ("the licence, one line suspended, one left", "/register/{pumps_licence}"),
            ("the change of circumstances", "/changes/{change.id}"),
            ("what the exemption lets through, day by day", "/restrictions/{exemption.id}/days"),
            ("what customs have not acknowledged", "/register/overdue"),
            ("a promise that is overdue", "/promises/{promise.id}"),
        ),
        "orrin": (("their own cases, without what is said inside", "/cases?show=all"),),
        "penholder": (
            ("the assessment, version by version", "/assessments/{velmora.assessment}"),
            ("an incident with its four findings", "/evidence/{a1}"),
        ),
        "reviewer": (("the oral instruction that only they see", "/assessments/instructions"),),
        "administrator": (("accounts and roles, and no case at all", "/people"),),
        "reception": (("reception: new applications that wait to be taken in", "/cases?show=mine"),),
        "assessor": (("assessors: cases whose goods wait to be rated", "/cases?show=mine"),),
        "defence": (("defence: cases that wait for advice", "/cases?show=mine"),),
        "signer": (("the proposal that they signed, and that was sent back", "/cases/{valves.case}/decision"),),
        "decider": (("what was said beside what was held", "/statements/{statement.id}"),),
    },
    "concerns": {
        "nobody": (
            ("how a concern goes up, and by when", "/ladder"),
            ("raise one", "/raise"),
            ("come back to the concern of the story", "/return"),
            ("what is counted of concerns in public", "/figures"),
        ),
        "committee": (("what the instance outside has answered", "/cases"),),
        "overseer": (("accounts and roles, and no concern at all", "/people"),),
    },
    "public": {
        "nobody": (
            ("what everybody sees", "/"),
            ("the licence, what touches it, what is withheld, the debate", "/licences/{pumps_licence}"),
            ("the destination", "/destinations/XV"),
            ("how many licences are in force, row by row", "/figures/licences-in-force"),
            ("concerns in aggregate", "/concerns"),
            ("two releases, and every cell that changed", "/releases"),
            ("what moderators did", "/debate/report"),
        ),
        "reader": (("their comment, the reasons, the appeal", "/debate/mine"),),
        "moderator": (("what waits for a moderator", "/debate/queue"),),
    },
}
"""Site -> who looks at what: key of the cast, or nobody -> what it is, and its path."""
GROUPS: dict[tuple[str, str], tuple[str, ...]] = {
    ("authority", "reception"): (
        "To take an application of your own from draft to decision: the export manager (above) submits it,",
        "reception takes it in, the assessor rates it, the licensing manager (above) screens it and asks the",
        "department of defence, its adviser answers, the manager proposes, a countersigner signs, it is decided.",
    ),
}
"""(Site, key) -> what is said before the first of a group."""


class Playing:
    """The story, while it is played. root: folder of the homes."""

    def __init__(self, root: Path, conducting: Future[Conducted], lines: SimpleQueue[str]) -> None:
        self.root, self._conducting, self._lines = root, conducting, lines

    def shown(self) -> Conducted:
        """Show what is said, a line for each part, until it is over. Raises: SceneError, InstallationError."""
        while not (self._conducting.done() and self._lines.empty()):
            with suppress(Empty):
                click.echo(self._lines.get(timeout=_LOOKS))
        return self._conducting.result()


@contextmanager
def playing(root: Path, *, today: date) -> Iterator[Playing]:
    """Make the three homes and play the story, beside what is done inside."""
    lines: SimpleQueue[str] = SimpleQueue()
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield Playing(root, pool.submit(conduct, root, today=today, each=lines.put), lines)


def publish(made: Conducted) -> None:
    """Publish and verify the log of each site; the public one shows what the others have published."""
    for site, home in made.homes.items():
        folder, key = home / "published", home / FIRST_KEY
        size = _said(home, "ledger", "publish").partition(" to ")[0]
        verdict = _said(home, "verify", str(folder), "--key", str(key)).splitlines()[-1]
        click.echo(f"{site}: {size}, verified: {verdict}   (penholder verify {folder} --key {key})")
    public = made.homes.get("public")
    for site in SITES[:2] if public else ():
        home = made.home(site)
        asked = ["publication", "load", str(home / "published"), "--log", site, "--key", str(home / FIRST_KEY)]
        _said(made.home("public"), *asked)


def for_questions(made: Conducted, folder: Path) -> dict[str, Any]:
    """Incidents as a data folder, and the profile of the change: for the questions that a stocktake answers."""
    _said(made.home("authority"), "evidence", "snapshot", str(folder))
    steps = (step for part in parts_of("authority") for step in part.steps)
    written = next(step.given["profile"] for step in steps if step.name == "stocktake")
    profile = folder / "velmora-campaign.yaml"
    profile.write_text(str(text_of(written, made.today)), encoding="utf-8")
    return {"data": str(folder), "profile": str(profile)}


def asked(made: Conducted, more: Mapping[str, Any]) -> Iterator[str]:
    """The question commands, site by site."""
    results = {**made.results, **more}
    for site in made.homes:
        found = [question for question in every_question() if question.site == site]
        if found:
            yield f"export {VARIABLE}={shlex.quote(str(made.home(site)))}"
        for question in found:
            yield f"# {question.number}. {question.asked}"
            yield f"penholder {shlex.join(question.words(results, today=made.today))}"


def links(made: Conducted, port: int) -> Iterator[str]:
    """The last words: where to sign in, as whom, and what to open there."""
    yield "Open each link once, each in a browser profile of its own: choose a password, set up a second factor."
    for number, site in enumerate(made.homes):
        address = f"http://{HOST}:{port + number}"
        yield ""
        yield f"{site.upper()} {address}/"
        for key, pages in OPENED[site].items():
            if said := GROUPS.get((site, key)):
                yield from ("", *said)
            yield from _of_one(made, site, key, address)
            yield from (f"    {what}: {address}{path_of(path, made.results)}" for what, path in pages)


def _of_one(made: Conducted, site: str, key: str, address: str) -> Iterator[str]:
    if key == "nobody":
        yield "Without signing in:"
        if site == "concerns":
            codes = made.results["raiser"]
            yield f"  locator {codes['locator']}, secret {codes['secret']}: of whoever raised the story's concern"
        return
    member = next(m for m in cast(site).people if m.key == key)
    yield f"{member.title}, {member.address}:"
    yield f"  {address}{made.sites[site].invitations[key]}"
    if site == "concerns" and key != "overseer":
        yield f"  passphrase of their key: {passphrase_of(key)}"


def path_of(path: str, results: Mapping[str, Any]) -> str:
    """The path of a page with the id that it stands for."""
    before, brace, rest = path.partition("{")
    if not brace:
        return path
    name, _, after = rest.partition("}")
    result, _, field = name.partition(".")
    return f"{before}{results[result][field] if field else results[result]}{after}"


def serve(made: Conducted, port: int) -> None:
    """Serve all sites, each by a process of its own, until Ctrl-C; where one stops, all stop."""
    signal.signal(signal.SIGTERM, _leave)
    waits_for = set(range(port, port + len(made.homes)))
    with serving(made, port) as servers:
        try:
            while all(server.poll() is None for server in servers.values()):
                time.sleep(_LOOKS)
                if waits_for and not (waits_for := {n for n in waits_for if not _listens(n)}):
                    click.echo(f"\nAll are served; stop them with Ctrl-C. What they say: {made.root}/*.log")
        except (KeyboardInterrupt, SystemExit):
            click.echo("stopped", err=True)
            return
        stopped = next(site for site, server in servers.items() if server.returncode is not None)
    said = _log(made, stopped).read_text(encoding="utf-8").splitlines()[-_LAST:]
    raise FolderError(f"the server of {stopped} stopped", hint="\n  ".join(said))


@contextmanager
def serving(made: Conducted, port: int) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """The servers, with what they say in a file beside each home; whatever happens, none is left."""
    servers = {}
    try:
        for number, site in enumerate(made.homes):
            command = _penholder("serve", "--host", HOST, "--port", str(port + number))
            with _log(made, site).open("wb") as said:
                servers[site] = subprocess.Popen(  # noqa: S603 - our own program
                    command, stdout=said, stderr=said, env=_environment(made.home(site))
                )
        yield servers
    finally:
        for server in servers.values():
            server.terminate()
        for server in servers.values():
            server.wait()


def _log(made: Conducted, site: str) -> Path:
    return made.root / f"{site}.log"


def _listens(port: int) -> bool:
    with closing(socket.socket()) as tried:
        return tried.connect_ex((HOST, port)) == 0


def _leave(*_: object) -> None:
    sys.exit(0)


def _said(home: Path, *words: str) -> str:
    """What a command says on a home. Raises: FolderError."""
    done = subprocess.run(  # noqa: S603 - our own program
        _penholder(*words), capture_output=True, text=True, check=False, env=_environment(home)
    )
    if done.returncode:
        raise FolderError(f"penholder {shlex.join(words)}: {done.stderr.strip()}", hint=f"its home is {home}")
    return done.stdout


def _penholder(*words: str) -> Sequence[str]:
    return [sys.executable, "-m", "penholder.cli.main", *words]


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return kept | {VARIABLE: str(home)}
