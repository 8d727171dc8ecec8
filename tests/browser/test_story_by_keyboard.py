"""The story in Chromium, by keyboard, without JavaScript, on its three sites: each log says the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


# story: the story in Chromium by keyboard, without JavaScript, on all three sites
def test_the_story_by_keyboard_leaves_what_it_leaves_by_any_door(browser: Any, tmp_path: Path) -> None:
    from penholder.cli.story.conduct import conduct
    from tests.casework import start_django

    start_django()
    from tests.stories.test_whole_story import log_of
    from tests.stories.told import TODAY

    del browser  # each scene has its own; this one says whether there is any
    with ThreadPoolExecutor(max_workers=1) as beside:
        plain = beside.submit(conduct, tmp_path / "python", today=TODAY)
        typed = conduct(tmp_path / "keyboard", today=TODAY, player="tests.browser.keyboard_scene")
    for site, home in plain.result().homes.items():
        assert log_of(typed.home(site)) == log_of(home), site
