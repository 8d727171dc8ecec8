"""The second half of the demonstration: an invented authority in a home of its own, in which the story is told.

Run by `penholder demo` as a process of its own: python -m penholder.cli.demo_authority DATA_FOLDER HOME PORT
"""

from __future__ import annotations

import base64
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from penholder.cli.casework import start
from penholder.cli.story import clock
from penholder.cli.story.questions import questions
from penholder.cli.story.steps import Part, cast, parts_of
from penholder.custody.install import Wishes, adopt, draft_home
from penholder.kernel.clock import today
from penholder.kernel.errors import PenholderError
from penholder.kernel.home import VARIABLE

if TYPE_CHECKING:
    from penholder.cli.story.players import Players

ORIGIN = "ledger.ardenia.invalid/log"
NAME = "Licensing authority of Ardenia (invented)"
SITE = "authority"
BEFORE = 250
"""Days before today on which the installation is made: the story begins later."""
OPENED = {
    "manager": (
        ("the case that was granted against advice", "/cases/{pumps.case}"),
        ("the case that was refused and appealed", "/cases/{sights.case}"),
        ("the case that a moratorium stops", "/cases/{valves.case}"),
        ("the licence, one line suspended, one left", "/register/{pumps_licence}"),
        ("the change of circumstances", "/changes/{change.id}"),
        ("what the exemption lets through, day by day", "/restrictions/{exemption.id}/days"),
        ("what customs have not acknowledged", "/register/overdue"),
        ("a promise that is overdue", "/promises/{promise.id}"),
    ),
    "orrin": (("their own cases, without what is said inside", "/cases"),),
    "penholder": (
        ("the assessment, version by version", "/assessments/{velmora.assessment}"),
        ("an incident with its four findings", "/evidence/{a1}"),
    ),
    "signer": (("what waits for a signature", "/inbox"),),
    "decider": (("what was said beside what was held", "/statements/{statement.id}"),),
    "reviewer": (("the oral instruction that only they see", "/assessments/instructions"),),
    "administrator": (("accounts and roles, and no case at all", "/people"),),
}
"""Who looks at what: key of the cast -> what it is, and its path."""


def main(data: Path, home: Path, port: int) -> None:
    """Make the home, tell the story, publish the ledger, verify it, and say what to open."""
    adopt(draft_home(home, Wishes(ORIGIN, NAME)), home)
    start(home, check=False)
    day = today()
    _step(f"6. An authority's installation: {home}   (penholder init)")
    with _clock_of_the_story(day):
        players = _found(day)
        _step("7. The story of a licence, by acts alone; its days are laid before today")
        results = _tell(players, day)
    results |= _for_questions(data / "story", results)
    _step(f"8. The ledger is published and verified   (penholder verify {home / 'published'} --key ...)")
    _publish(home)
    _step("9. One command for each question")
    click.echo("\n".join(_asked(home, results, day)))
    click.echo("\n".join(_links(players, results, f"http://127.0.0.1:{port}")))


def _step(text: str) -> None:
    click.echo()
    click.secho(text, bold=True)


@contextmanager
def _clock_of_the_story(day: date) -> Iterator[None]:
    """Within it, the installation's clock is the story's; afterwards it is the real one again."""
    from django.conf import settings  # noqa: PLC0415

    before, settings.PENHOLDER_CLOCK = settings.PENHOLDER_CLOCK, clock.NAME
    clock.set_day(day - timedelta(days=BEFORE))
    yield
    settings.PENHOLDER_CLOCK = before


def _found(day: date) -> Players:
    from penholder.cli.story.players import gather  # noqa: PLC0415 - loads Django
    from penholder.custody.founding import found_ledger  # noqa: PLC0415

    found_ledger()
    players = gather(cast(), today=day)
    click.echo(f"invited: {', '.join(member.address for member in cast().people)}")
    return players


def _tell(players: Players, day: date) -> dict[str, Any]:
    """The parts, one after the other; gives what the steps gave."""
    from penholder.cli.story.doors import PythonDoor  # noqa: PLC0415 - loads Django
    from penholder.cli.story.telling import Telling  # noqa: PLC0415

    telling = Telling(PythonDoor(players), players, today=day)
    for part in parts_of(SITE):
        telling.play([part])
        click.echo("\n".join(_told(part)))
    return telling.results


def _told(part: Part) -> list[str]:
    """A part in words: its title, how many acts, and each that was refused as it must be."""
    refused = [step for step in part.steps if step.refused]
    count = f"{len(part.steps) - len(refused)} acts" + (f", {len(refused)} refused" if refused else "")
    return [f"{part.title}: {count}", *(f"  refused ({step.refused}): {step.says}" for step in refused)]


def _for_questions(folder: Path, results: Mapping[str, Any]) -> dict[str, Any]:
    """Incidents as a data folder, and the profile of the change: for the questions that a stocktake answers."""
    from penholder.evidence.snapshot import snapshot  # noqa: PLC0415 - loads Django
    from penholder.review.queries import newest_profile  # noqa: PLC0415

    snapshot(folder, None)
    profile = folder / "velmora-campaign.yaml"
    profile.write_text(newest_profile(results["change"]["id"]), encoding="utf-8")
    return {"data": str(folder), "profile": str(profile)}


def _asked(home: Path, results: Mapping[str, Any], day: date) -> list[str]:
    said = [f"export {VARIABLE}={shlex.quote(str(home))}"]
    for question in questions():
        said += [
            f"# {question.number}. {question.asked}",
            f"penholder {shlex.join(question.words(results, today=day))}",
        ]
    return said


def _links(players: Players, results: Mapping[str, Any], site: str) -> list[str]:
    """The last words: where to sign in, as whom, and what to open there."""
    titles = {member.key: member.title for member in cast().people}
    said = [
        "",
        "Open each link once, each in a browser profile of its own: choose a password, set up a second factor.",
    ]
    for key, pages in OPENED.items():
        said += [f"{titles[key]}:", f"  {site}{players.invitations[key]}"]
        said += [f"    {what}: {site}{path_of(path, results)}" for what, path in pages]
    return said


def path_of(path: str, results: Mapping[str, Any]) -> str:
    """The path of a page with the id that it stands for."""
    before, brace, rest = path.partition("{")
    if not brace:
        return path
    name, _, after = rest.partition("}")
    result, _, field = name.partition(".")
    return f"{before}{results[result][field] if field else results[result]}{after}"


def _publish(home: Path) -> None:
    from penholder.custody.publish import publish  # noqa: PLC0415
    from penholder.ledger.keyring import Keyring  # noqa: PLC0415
    from penholder.ledger.verify import verify_folder  # noqa: PLC0415

    done = publish(home / "published")
    click.echo(f"published {done.head.size} entries, root {base64.b64encode(done.head.root).decode()}")
    key = Keyring.parse((home / "verifier-key").read_text(encoding="utf-8").strip())
    report = verify_folder(home / "published", keys=key)
    words = "INTACT" if report.is_intact else f"DAMAGED: {report.problems[0].message}"
    click.echo(f"verified: {report.facts.entries} entries, {words}; UNWITNESSED until outside witnesses sign")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]).absolute(), int(sys.argv[3]))
    except PenholderError as error:
        click.echo(f"penholder: {error}", err=True)
        sys.exit(error.exit_code)
