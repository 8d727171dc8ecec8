"""One scene of the story, on the home of its site: python -m penholder.cli.story.scene ROOT NUMBER."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

import click

from penholder.cli.casework import start
from penholder.cli.story import clock
from penholder.cli.story.conduct import Conducted, Site, conducted
from penholder.cli.story.steps import Part, Scene, cast, scenes
from penholder.kernel.errors import PenholderError

if TYPE_CHECKING:
    from penholder.cli.story.players import Players
    from penholder.cli.story.telling import Door

    Doors = Callable[[str, Players, Mapping[str, str]], Door]
    """From the name of a door, who is there, and their tokens: the door."""


def main(root: Path, number: int, *, door: Doors | None = None) -> None:
    """Play it, and keep what it gave for the next. door: makes another than the usual ones."""
    scene, so_far = scenes()[number], conducted(root)
    start(so_far.home(scene.site), check=False)
    from django.conf import settings  # noqa: PLC0415

    settings.PENHOLDER_CLOCK = clock.DAYS if settings.PENHOLDER_KEEPS_DAYS else clock.NAME
    site = so_far.sites[scene.site]
    players = _players(scene, site, so_far)
    so_far.results = _told(scene, players, so_far, door or _door)
    site.moment = clock.now().isoformat()
    so_far.keep()


def _players(scene: Scene, site: Site, so_far: Conducted) -> Players:
    """Those of the site; where this is its first scene, the ledger is founded and they are invited."""
    from penholder.cli.story.players import FOUNDED, Players, gather, tokens  # noqa: PLC0415
    from penholder.custody.founding import found_ledger  # noqa: PLC0415

    if site.moment:
        clock.resume(datetime.fromisoformat(site.moment))
        return Players(site.ids, site.invitations)
    clock.set_day(so_far.today + timedelta(days=FOUNDED))
    found_ledger()
    players = gather(cast(scene.site), today=so_far.today)
    site.ids, site.invitations = dict(players.ids), dict(players.invitations)
    if so_far.with_tokens:
        site.tokens = tokens(players)
    return players


def _told(scene: Scene, players: Players, so_far: Conducted, door: Doors) -> dict[str, Any]:
    from penholder.cli.story.telling import Telling  # noqa: PLC0415

    telling = Telling(
        door(so_far.door, players, so_far.sites[scene.site].tokens),
        players,
        today=so_far.today,
        results=so_far.results,
        filers=cast(scene.site).filers,
        homes=so_far.homes,
    )
    for part in scene.parts:
        telling.play([part])
        click.echo("\n".join(in_words(part)))
    return telling.results


def _door(name: str, players: Players, tokens: Mapping[str, str]) -> Door:
    from penholder.cli.story.doors import CommandDoor, HttpDoor, PythonDoor  # noqa: PLC0415

    if name == "python":
        return PythonDoor(players)
    return HttpDoor(_post(), tokens) if name == "http" else CommandDoor(tokens)


def _post() -> Callable[[str, bytes, Mapping[str, str]], tuple[int, bytes]]:
    """Requests to the whole site, middleware and all, without a socket between."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)  # nothing is in it: no page is asked for
    application = get_wsgi_application()

    def post(path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        environment: dict[str, Any] = {
            "REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
            "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": headers["Content-Type"],
        }  # fmt: skip
        environment |= {
            f"HTTP_{n.upper().replace('-', '_')}": v for n, v in headers.items() if n != "Content-Type"
        }
        setup_testing_defaults(environment)
        said: list[str] = []

        def begin(status: str, headers: list[tuple[str, str]], failed: Any = None, /) -> Callable[[bytes], object]:
            del headers, failed
            said.append(status)
            return io.BytesIO().write

        answer = application(environment, begin)
        try:
            return int(said[0].split()[0]), b"".join(answer)
        finally:
            answer.close()

    return post


def in_words(part: Part) -> list[str]:
    """A part in words: its title, what was done, and each that was refused as it must be."""
    refused = [step for step in part.steps if step.refused]
    commands = [step for step in part.steps if step.run]
    acts = len(part.steps) - len(commands) - len(refused)
    counts = ((acts, "act"), (len(commands), "command"))
    done = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    done += [f"{len(refused)} refused"] if refused else []
    said = f"{part.site}: {part.title}: {', '.join(done)}"
    return [said, *(f"  refused ({step.refused}): {step.says}" for step in refused)]


def run(play: Callable[[Path, int], None]) -> None:
    """Play the scene that the command line names; an error is told, and is the exit code."""
    try:
        play(Path(sys.argv[1]), int(sys.argv[2]))
    except PenholderError as error:
        click.echo(f"penholder: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    run(main)
