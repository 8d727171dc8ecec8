"""The look in a real browser: accessible, small, on paper, under the strict policy, with and without script."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser
STATIC = Path(__file__).resolve().parents[2] / "src" / "penholder" / "site" / "static"
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page with every macro, served from a folder."""
    from tests.casework import start_django

    start_django()
    from tests.web.look import look_page

    folder = tmp_path_factory.mktemp("look")
    (folder / "index.html").write_text(look_page(), encoding="utf-8")
    shutil.copytree(STATIC, folder / "static")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def opened(browser: Any, address: str, width: int = 1280, **options: Any) -> Any:
    """A page at `width`; console and refused requests are kept in `page.said`."""
    page = browser.new_context(viewport={"width": width, "height": 900}, **options).new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("response", lambda answer: answer.status >= 400 and page.said.append(answer.url))
    page.goto(address, wait_until="networkidle")
    return page


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(browser: Any, address: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, address, width, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found] == []


def test_the_strict_policy_refuses_nothing(browser: Any, address: str) -> None:
    page = opened(browser, address)
    assert [text for text in page.said if "autocomplete" not in text] == []
    assert page.evaluate("document.body.classList.contains('govuk-frontend-supported')")


@pytest.mark.parametrize("width", [1280, 640, 320])
def test_nothing_reaches_outside_the_window(browser: Any, address: str, width: int) -> None:
    page = opened(browser, address, width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = page.evaluate(
        """width => [...document.querySelectorAll('body *')].filter(e => !e.closest('.ph-scroll'))
            .filter(e => e.getBoundingClientRect().right > width + 1).map(e => e.outerHTML.slice(0, 80))""",
        width,
    )
    assert outside == []


def test_text_at_twice_the_size_still_fits(browser: Any, address: str) -> None:
    page = opened(browser, address, 640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_menu_and_account_are_reached(browser: Any, address: str, *, script: bool) -> None:
    page = opened(browser, address, 320, java_script_enabled=script)
    if script:
        page.click("button:has-text('Menu')")
    assert page.locator("#navigation >> text=Customs").is_visible()
    assert not page.locator("text=Sign out").is_visible()
    page.click(".ph-who summary")
    assert page.locator("text=Sign out").is_visible()


def test_the_error_summary_has_the_focus_and_leads_to_the_box(browser: Any, address: str) -> None:
    page = opened(browser, address)
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.click("text=Enter a valid date.")
    assert page.evaluate("document.activeElement.id") == "id_review_by_day"


def test_a_form_is_sent_once(browser: Any, address: str) -> None:
    page = opened(browser, address)
    page.evaluate(
        """() => { window.sent = 0; document.querySelector('main form[method=post]')
            .addEventListener('submit', e => { e.preventDefault(); window.sent += 1; }); }"""
    )
    page.locator("main button:has-text('Suspend')").dblclick()
    assert page.evaluate("window.sent") == 1


def test_the_three_signs_of_absence_look_different(browser: Any, address: str) -> None:
    page = opened(browser, address)
    looks = {
        kind: page.locator(f".ph-absent--{kind}").first.evaluate(
            """e => { const s = getComputedStyle(e);
                return [s.backgroundColor, s.backgroundImage, s.borderTopStyle].join(); }"""
        )
        for kind in ("unknown", "withheld", "none")
    }
    assert len(set(looks.values())) == 3
    assert looks["unknown"] == "rgb(255, 255, 255),none,dashed"
    assert "repeating-linear-gradient" in looks["withheld"]


def test_no_font_is_loaded_and_the_systems_is_used(browser: Any, address: str) -> None:
    page = opened(browser, address)
    assert page.evaluate("document.fonts.size") == 0
    assert page.locator("h1").evaluate("e => getComputedStyle(e).fontFamily").startswith("system-ui")


def test_columns_of_text_are_at_most_75_characters_wide(browser: Any, address: str) -> None:
    page = opened(browser, address)
    wide = page.evaluate(
        """() => [...document.querySelectorAll('main p, main dd')].filter(e => {
            const probe = document.createElement('span'); probe.textContent = '0'.repeat(75);
            e.append(probe); probe.style.cssText = 'position:absolute;white-space:nowrap';
            const limit = probe.getBoundingClientRect().width; probe.remove();
            return limit && e.getBoundingClientRect().width > limit + 30; }).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert wide == []


def test_on_paper_the_content_is_there_and_the_controls_are_not(browser: Any, address: str) -> None:
    page = opened(browser, address)
    page.emulate_media(media="print")
    for words in ("What it says", "Line 2 suspended", "Customs messages", "What this counts"):
        assert page.locator(f"text={words}").first.is_visible()
    for gone in (
        ".govuk-service-navigation",
        ".moj-filter",
        ".govuk-pagination",
        ".ph-who",
        "button:has-text('Suspend')",
    ):
        assert not page.locator(gone).first.is_visible()
