"""The site of concerns in Chromium: raised by keyboard, with scripts switched off; axe; small screens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.browser.keyboard import Boxes, Keys
from tests.browser.test_browser_register import PASSWORD, code_of
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
    for path in ("/", "/raise", "/return", "/ladder", "/figures", "/leave"):
        page.goto(site.address + path)
        found = [v["id"] for v in Axe().run(page).response["violations"]]
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if found or wide:
            wrong[path] = [*found, *(["too wide"] if wide else [])]
    assert wrong == {}
    context.close()


INVITE = """
from penholder.cli.casework import start
start()
from penholder.actions import moment
from penholder.actions.action import perform
from penholder.people import actions
from penholder.people.actor import actor_of
from penholder.people.models import User
by = actor_of(User.objects.order_by("id").first(), on=moment.today())
made = perform(actions.invite_person, by, address="owner-3@ardenia.invalid", title="owner-3")
perform(actions.grant_role, by, person_id=made.result, role="concern_owner")
print(made.details["invitation"])
"""


def invited(home: Path) -> str:
    """The path of the one-time link of a new officer."""
    environment = {**os.environ, "PENHOLDER_HOME": str(home)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    asked = [sys.executable, "-c", INVITE]
    return subprocess.run(asked, capture_output=True, text=True, check=True, env=environment).stdout.strip()


def test_an_officer_signs_in_with_two_factors_by_keyboard_without_scripts(browser: Any, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=site.address)
    keys = Keys(context.new_page())
    filled = [
        (invited(site.home), {"password1": PASSWORD, "password2": PASSWORD}, ""),
        ("/account/login/", {"login": "owner-3@ardenia.invalid", "password": PASSWORD}, "Sign in"),
    ]
    for address, boxes, button in filled:
        assert keys.open(address) == 200
        keys.fill(Boxes(boxes, button=button))
        assert keys.enter() == 200, keys.page.inner_text("main")
    assert keys.open("/account/2fa/totp/activate/") == 200
    secret = re.search(r"\b[A-Z2-7]{32}\b", keys.page.content())
    assert secret
    keys.fill(Boxes({"code": code_of(secret[0])}))
    assert keys.enter() == 200, keys.page.inner_text("main")
    recovery = re.findall(r"\b[0-9]{8}\b", keys.page.content())
    assert len(recovery) == 10, keys.page.inner_text("main")
    context.clear_cookies()
    assert keys.open("/account/login/") == 200
    keys.fill(Boxes(filled[1][1], button="Sign in"))
    assert keys.enter() == 200
    assert "/account/2fa/authenticate/" in keys.page.url
    keys.fill(Boxes({"code": recovery[0]}))  # the code of the app was used in this half minute
    assert keys.enter() == 200, keys.page.inner_text("main")
    assert keys.page.inner_text("h1") == "Concerns", keys.page.inner_text("main")
    assert "You have no key yet" in keys.page.inner_text("main")
    context.close()
