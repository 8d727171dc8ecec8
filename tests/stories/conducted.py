"""The whole story on its three sites, told once for all tests that only look at it.

python -m tests.stories.conducted ROOT SITE < addresses     JSON: address -> status, HTML
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from penholder.cli.story.conduct import Conducted, conduct, conducted
from penholder.custody.files import file_lock
from tests.stories.told import TODAY

_FIELDS = ("concern", "case", "licence", "assessment", "change", "incident", "added", "about", "id", "")
"""Of what an act gives: those that are ids."""
_REPOSITORY = Path(__file__).resolve().parents[2]


def whole_story(factory: pytest.TempPathFactory) -> Conducted:
    """What was told; by the first who asks, for all processes of the run. Nobody changes it."""
    shared = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    root = shared / "whole-story"
    with file_lock(shared / "whole-story.lock"):
        if not (root / "told").exists():
            shutil.rmtree(root, ignore_errors=True)  # of a telling that failed
            conduct(root, today=TODAY, tokens=True)
            (root / "told").touch()
    return conducted(root)


def told_to(made: Conducted, site: str, *words: str) -> str:
    """What a command prints on the home of a site, in a process of its own."""
    return _done(made, site, [sys.executable, "-m", "penholder.cli.main", *words])


def looked_at(made: Conducted, site: str, addresses: Iterable[str] = ()) -> dict[str, str]:
    """Address -> HTML of the page, on the last day of the story; each is there.

    addresses: none: all to which links lead from the first page.
    """
    wanted = list(addresses)
    asked = [sys.executable, "-m", "tests.stories.pages", str(made.root), site]
    found = json.loads(_done(made, site, asked if wanted else [*asked, "everything"], given="\n".join(wanted)))
    assert {status for status, _ in found.values()} <= {200}, {a: s for a, (s, _) in found.items() if s != 200}
    return {address: html for address, (_, html) in found.items()}


def _done(made: Conducted, site: str, asked: list[str], *, given: str = "") -> str:
    environment = {n: v for n, v in os.environ.items() if n != "DJANGO_SETTINGS_MODULE"}
    environment["PENHOLDER_HOME"] = str(made.home(site))
    done = subprocess.run(
        asked, input=given, capture_output=True, text=True, check=False, env=environment, cwd=_REPOSITORY
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def named(made: Conducted, text: str) -> str:
    """A text with the names of the story instead of its random ids and folders."""
    for value, name in sorted(_names(made).items(), key=lambda pair: -len(pair[0])):
        text = text.replace(value, name)
    return text


def _names(made: Conducted) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, result in made.results.items():
        fields = result if isinstance(result, dict) else _fields(result)
        for field in _FIELDS:
            value = fields.get(field)
            if not name.endswith("_shown") and isinstance(value, str) and len(value) > 20:
                found.setdefault(value, name)
    return found


def _fields(result: object) -> dict[str, Any]:
    """Of a command that prints JSON its fields; else the whole as it is."""
    if isinstance(result, str) and result.startswith("{"):
        made: dict[str, Any] = json.loads(result)
        return made
    return {"": result}
