"""The shadow register in Chromium: axe, small screens, keyboard, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.shadow_ground import PAGES, shadow_process

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def address(sample_folder: Path) -> Iterator[str]:
    with shadow_process(sample_folder) as found:
        yield found


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_overflows(browser: Any, address: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True).new_page()
    found: dict[str, Any] = {}
    for name, path in PAGES.items():
        page.goto(address + path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[name] = "wider than the screen"
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        wrong = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
        if wrong:
            found[name] = [(v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in wrong]
    assert found == {}


def test_on_paper_no_table_is_cut_off_and_no_form_is_printed(browser: Any, address: str) -> None:
    page = browser.new_context(viewport={"width": 718, "height": 1000}).new_page()  # A4 without its margins
    page.emulate_media(media="print")
    cut = []
    for name, path in PAGES.items():
        page.goto(address + path)
        assert page.locator("form").filter(visible=True).count() == 0, name
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            cut.append(name)
    assert cut == []


def enter(page: Any) -> None:
    """Press Enter, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_walk_by_keyboard_without_javascript(browser: Any, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    page.focus("#q")
    page.keyboard.type("ardenia")
    enter(page)
    assert page.locator("h1").inner_text() == "Search"
    page.focus("main a:text-is('Ardenia')")
    enter(page)
    assert page.locator("h1").inner_text() == "Ardenia"
    page.focus("main .ph-figure a")
    enter(page)
    assert page.locator("h1").inner_text().startswith("Licences decided for Ardenia from ")
    page.focus("#rows tbody th a")
    enter(page)
    assert page.locator("h1").inner_text().startswith("Licence ")
