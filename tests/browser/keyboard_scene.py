"""One scene of the story by keyboard: python -m tests.browser.keyboard_scene ROOT NUMBER."""

from __future__ import annotations

import json
import os
import re
import tempfile
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from penholder.cli.story import scene
from penholder.cli.story.conduct import conducted
from tests.browser.conftest import ARGUMENTS, CHROMIUM

_ID = re.compile(r"\b[A-Z]{1,2}-[0-9a-hjkmnp-tv-z]{26}\b")


class Stage:
    """The site, served in this process with the clock of the story, and a browser before it: when needed."""

    def __init__(self, root: Path) -> None:
        self.known = set(_ID.findall(json.dumps(conducted(root).results)))
        self._closing = ExitStack()
        self._windows: dict[str, Any] = {}
        self._browser: Any = None
        self._address = ""

    def door(self, _name: str, players: Any, _tokens: Mapping[str, str]) -> Any:
        """As `scene.Doors`."""
        from tests.browser.keyboard_door import BrowserDoor

        folder = Path(self._closing.enter_context(tempfile.TemporaryDirectory(prefix="penholder-keyboard-")))
        return BrowserDoor(players, lambda who: self._window(players, who), folder, self.known)

    def close(self) -> None:
        """Browser, server, files."""
        self._closing.close()

    def _window(self, players: Any, who: str) -> Any:
        from tests.browser.keyboard import Keys

        if self._browser is None:
            self._open()
        if who not in self._windows:
            context = self._browser.new_context(base_url=self._address, java_script_enabled=False)
            if who != "nobody":
                context.add_cookies([_session(players.ids[f"who:{who}"], self._address)])
            self._windows[who] = Keys(context.new_page())
        return self._windows[who]

    def _open(self) -> None:
        from django.conf import settings
        from django.core.wsgi import get_wsgi_application
        from playwright.sync_api import sync_playwright
        from waitress import create_server

        # Static files as they lie in the packages: no copy of them in the home.
        settings.STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
        settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
        server: Any = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=2)
        threading.Thread(target=server.run, daemon=True).start()
        self._closing.callback(server.close)
        self._address = f"http://localhost:{server.effective_port}"
        playwright = self._closing.enter_context(sync_playwright())
        self._browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        self._closing.callback(self._browser.close)


def _session(person: str, address: str) -> dict[str, str]:
    """The cookie of somebody who has signed in with two factors; how that is done, another test shows."""
    from django.conf import settings
    from django.test import Client

    from penholder.entry.actor import WAYS_KEY
    from penholder.people.models import User

    client = Client()
    client.force_login(User.objects.get(public_id=person))
    session = client.session
    session[WAYS_KEY] = [{"method": "password"}, {"method": "mfa"}]
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": address}


def main(root: Path, number: int) -> None:
    """Play it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the loop of playwright runs in this thread
    stage = Stage(root)
    try:
        scene.main(root, number, door=stage.door)
    finally:
        stage.close()


if __name__ == "__main__":
    scene.run(main)
