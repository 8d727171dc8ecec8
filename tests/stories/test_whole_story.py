"""The whole story, by three doors, on fresh homes, under a fixed clock: the ledgers say the same."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from penholder.actions.replay import run_replays
from penholder.cli.story import clock
from penholder.cli.story.conduct import SceneError, conduct
from penholder.cli.story.doors import PythonDoor
from penholder.cli.story.players import Players, gather
from penholder.cli.story.steps import cast, parts_of, scenes, story
from penholder.cli.story.telling import Door, StoryError, Telling
from penholder.ledger.models import Entry
from penholder.people.roles import role_book
from tests.casework import Casework, SettingsOfTest
from tests.stories.conducted import whole_story
from tests.stories.told import TODAY, alone

_ID = r"\b(?:[A-Z]{1,2}-)?[0-9a-hjkmnp-tv-z]{26}\b"
_REFERENCE = r"\bSIEL/[0-9]{4}/[0-9A-Z]{12}/[PT]\b"
_DIGEST = r"(?<![A-Za-z0-9_-])(?:[0-9a-f]{64}|[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])"
_KEY = r"[0-9a-f]{8}\+[A-Za-z0-9+/]{42,}={0,2}"
_RELEASE = r"(?<=\d-)[0-9a-f]{12}\b"
_RANDOM = re.compile(f"{_ID}|{_REFERENCE}|{_RELEASE}|{_KEY}|{_DIGEST}")


@pytest.fixture(autouse=True)
def clock_of_the_story(settings_of_test: SettingsOfTest) -> Iterator[None]:
    settings_of_test.set("PENHOLDER_CLOCK", clock.NAME)
    settings_of_test.set("PENHOLDER_REACTIONS", "inline")
    clock.wind_back()
    yield
    clock.wind_back()


def told(made: Callable[[Players], Door]) -> list[Any]:
    """What the authority's site plays alone, by a door; what stands in its log, random texts by their first place.

    PENHOLDER_HOME names the home.
    """
    clock.wind_back()
    players = gather(cast(), today=TODAY)
    Telling(made(players), players, today=TODAY).play(alone(Path(os.environ["PENHOLDER_HOME"])))
    return masked(e.body for e in Entry.objects.order_by("id"))


def masked(bodies: Any) -> list[Any]:
    """Entries with each random text replaced by when it came first; digests of private fields by their number.

    What one act causes for several licences is done in the order of their random ids: entries of one moment are
    put in the order of what is not random in them.
    """
    seen: dict[str, str] = {}
    texts = []
    for body in bodies:
        entry = json.loads(body)
        entry["_sd"] = len(entry["_sd"])
        text = json.dumps(entry, sort_keys=True, ensure_ascii=False)
        texts.append((entry["at"], _RANDOM.sub("*", text), text))
    texts.sort(key=lambda t: t[:2])
    return [json.loads(_RANDOM.sub(lambda m: seen.setdefault(m[0], f"random-{len(seen)}"), t[2])) for t in texts]


def log_of(home: Path) -> list[Any]:
    """What stands in the log of a home."""
    with closing(sqlite3.connect(home / "casework.sqlite3")) as database:
        rows = database.execute("SELECT body FROM ledger_entry ORDER BY id")
        return masked(body for (body,) in rows)


def named_in_leaves(home: Path) -> list[str]:
    """Events that are not public, and whose leaf names their subject."""
    with closing(sqlite3.connect(home / "casework.sqlite3")) as database:
        rows = database.execute("SELECT event, about, body FROM ledger_entry WHERE about <> ''").fetchall()
    hidden = [row for row in rows if json.loads(row[2])["visibility"] != "public"]
    assert hidden
    return [event for event, about, body in hidden if about in body]


def said(home: Path, *words: str) -> list[str]:
    """What a command says on a home, in a process of its own."""
    environment = {**os.environ, "PENHOLDER_HOME": str(home)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    asked = [sys.executable, "-m", "penholder.cli.main", *words]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


# story: the story as one file, played through actions only; each refused step writes nothing
@pytest.mark.slow
def test_the_story_is_told_in_python_and_the_tables_are_what_the_ledger_says(
    casework: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENHOLDER_HOME", str(casework.home))
    entries = told(PythonDoor)
    assert [d for d in run_replays() if d.is_wrong] == []
    assert {e["event"] for e in entries} >= {
        "casework.CaseGranted",
        "casework.CaseRefused",
        "casework.DissentRecorded",
        "casework.LicenceNoticeIssued",
        "evidence.IncidentsImported",
        "assessment.VersionAccepted",
        "review.ChangeDecided",
        "restrictions.MoratoriumSet",
        "restrictions.ExemptionAnnounced",
        "statements.PromiseRecorded",
    }


# story: the story played through Python, HTTP and CLI with the same ledger leaves up to random bytes
# story: `penholder verify` says that the log of each site is intact
@pytest.mark.slow
def test_the_story_is_the_same_by_python_http_and_command_on_each_site(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    by_python = whole_story(tmp_path_factory)
    doors = ("http", "command")
    played = [by_python, *(conduct(tmp_path / door, today=TODAY, door=door, tokens=True) for door in doors)]
    first, *others = ({site: log_of(made.home(site)) for site in made.homes} for made in played)
    for site, entries in first.items():
        assert len(entries) > 20
        for other in others:
            assert other[site] == entries, site
    for site in by_python.homes:
        home = shutil.copytree(by_python.home(site), tmp_path / site)
        assert named_in_leaves(home) == [], site
        assert said(home, "fsck") == ["all agrees"], site
        said(home, "ledger", "publish")
        key = str(home / "verifier-key")
        assert said(home, "verify", str(home / "published"), "--key", key)[-1] == "INTACT", site


def test_a_story_that_goes_otherwise_than_it_says_is_not_told(casework: Casework) -> None:
    part = parts_of("authority")[0]
    first = part.steps[0]
    players = gather(cast(), today=TODAY)
    for wrong, said in (
        (replace(first, refused="conflict"), "was not refused"),
        (replace(first, who="analyst"), "refused: "),
        (replace(first, who="analyst", refused="conflict"), "refused as refused"),
    ):
        with pytest.raises(StoryError, match=said):
            Telling(PythonDoor(players), players, today=TODAY).play([replace(part, steps=(wrong,))])


def test_the_days_of_the_story_go_on_and_its_people_are_of_the_cast() -> None:
    for site in {part.site for part in story()}:
        steps = [step for part in parts_of(site) for step in part.steps]
        assert [step.day for step in steps] == sorted(step.day for step in steps)
        assert steps[-1].day < 0
        keys = {*(member.key for member in cast(site).people), *cast(site).filers, "nobody", "operator"}
        assert {step.who for step in steps} <= keys
        assert {role for member in cast(site).people for role in member.roles} <= role_book().roles.keys()
    assert [part.number for part in story()] == sorted(part.number for part in story())
    assert all(step.says.endswith(".") for part in story() for step in part.steps)


def test_a_scene_is_what_neighbouring_parts_of_one_site_make() -> None:
    assert [part for scene in scenes() for part in scene.parts] == list(story())
    assert [scene.number for scene in scenes()] == list(range(len(scenes())))
    assert all({part.site for part in scene.parts} == {scene.site} for scene in scenes())
    assert all(one.site != other.site for one, other in pairwise(scenes()))


def test_a_scene_that_fails_says_so_and_ends_the_story(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match=r"scene 0 of the story: .*No module named tests\.stories\.nobody"):
        conduct(tmp_path / "homes", today=TODAY, player="tests.stories.nobody")
