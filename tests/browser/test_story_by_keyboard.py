"""The story through pages in Chromium, by keyboard, without JavaScript: each log says the same."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def django() -> Iterator[None]:
    """Playwright's loop runs in this thread, in which the story asks the database."""
    from tests.casework import start_django

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    start_django()
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def story_clock(django: None) -> Iterator[None]:
    from penholder.cli.story import clock
    from tests.casework import SettingsOfTest

    settings = SettingsOfTest()
    settings.set("PENHOLDER_CLOCK", clock.NAME)
    settings.set("PENHOLDER_REACTIONS", "inline")
    clock.wind_back()
    yield
    settings.restore()
    clock.wind_back()


@pytest.fixture
def address(django: None) -> Iterator[str]:
    """Of the authority's site, served in this process: it shares the clock of the story."""
    from django.core.wsgi import get_wsgi_application
    from django.db import connections
    from waitress import create_server

    server: Any = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=2)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://localhost:{server.effective_port}"
    server.close()
    connections.close_all()


def windows(browser: Any, address: str, players: Any) -> dict[str, Any]:
    """A window for each of the cast, signed in; one for nobody."""
    from django.conf import settings
    from django.test import Client

    from penholder.entry.actor import WAYS_KEY
    from penholder.people.models import User
    from tests.browser.keyboard import Keys

    made = {}
    for name, public_id in {**players.ids, "who:nobody": ""}.items():
        kind, _, key = name.partition(":")
        if kind != "who":
            continue
        context = browser.new_context(base_url=address, java_script_enabled=False)
        if public_id:
            client = Client()
            client.force_login(User.objects.get(public_id=public_id))
            session = client.session
            session[WAYS_KEY] = [{"method": "password"}, {"method": "mfa"}]
            session.save()
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": address}
            context.add_cookies([cookie])
        made[key] = Keys(context.new_page())
    return made


def test_the_story_is_told_by_keyboard(
    browser: Any, story_clock: None, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from penholder.actions.replay import run_replays
    from penholder.cli.story.doors import PythonDoor
    from tests.browser.keyboard_door import BrowserDoor
    from tests.casework import Casework
    from tests.stories.test_whole_story import told

    def by_keyboard(players: Any) -> Any:
        files = tmp_path / "files"
        files.mkdir()
        return BrowserDoor(players, windows(browser, address, players), files)

    leaves = []
    for number, made in enumerate((by_keyboard, PythonDoor)):
        home = Casework(tmp_path / f"home-{number}").open()
        monkeypatch.setenv("PENHOLDER_HOME", str(home.home))
        leaves.append(told(made))
        assert [d for d in run_replays() if d.is_wrong] == []
        home.close()
    assert leaves[0] == leaves[1]
