"""The site of concerns in Chromium: raised by keyboard, with scripts switched off; axe; small screens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.contract.test_concerns_site import CLAIM, SECRET, Site, made_home, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("concerns-browser")
    home, _ = made_home(folder)
    with served(home, Path(folder) / "server.log") as running:
        yield running


def pressed(page: Any, words: str) -> None:
    """Press a button as somebody without a mouse does."""
    page.get_by_role("button", name=words, exact=True).press("Enter")
    page.wait_for_load_state()


@pytest.mark.parametrize("width", [1280, 320])
def test_a_concern_is_raised_and_followed_by_keyboard_without_scripts_and_cookies(
    browser: Any, site: Site, width: int
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.address}/")
    page.get_by_role("button", name="Raise a concern").press("Enter")
    page.wait_for_load_state()
    pressed(page, "Continue")
    page.get_by_label("Facts or evidence were left out, played down or removed").press("Space")
    pressed(page, "Continue")
    page.get_by_label("What is wrong?").fill(CLAIM)
    pressed(page, "Continue")
    pressed(page, "Continue")
    page.get_by_label("No", exact=True).press("Space")
    pressed(page, "Continue")
    pressed(page, "Continue")
    pressed(page, "Send it")
    locator, secret = SECRET.findall(page.inner_text("main"))[:2]
    page.goto(f"{site.address}/return")
    page.get_by_label("Locator").fill(locator)
    page.get_by_label("Return secret").fill(secret)
    pressed(page, "Open it")
    assert CLAIM in page.inner_text("main")
    page.get_by_label("Message", exact=True).fill("Any news of this?")
    pressed(page, "Leave a message")
    assert "Your message was left." in page.inner_text("main")
    assert context.cookies() == []
    assert [url for url in asked if not url.startswith(site.address)] == []
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(browser: Any, site: Site, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 800})
    page = context.new_page()
    wrong = {}
    for path in ("/", "/raise", "/return", "/ladder", "/figures", "/figures?rows=received", "/leave"):
        page.goto(site.address + path)
        found = [v["id"] for v in Axe().run(page).response["violations"]]
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if found or wide:
            wrong[path] = [*found, *(["too wide"] if wide else [])]
    assert wrong == {}
    context.close()
