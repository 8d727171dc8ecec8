"""The authority's site in Chromium: signing in with two factors, a walk by keyboard, axe, small screens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PASSWORD = "correct horse battery staple"  # noqa: S105 - invented
TERMS = "Article 32: no goods may leave under these lines."
REASONS = "Reports of 12 November on strikes in Velmora are being assessed."


@dataclass
class Site:
    """A running site, the invitation of its first manager, and what to look at."""

    address: str
    invitation: str
    pages: dict[str, str]
    licence: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A temporary installation with an invented register, served as in `penholder serve`."""
    from tests.casework import start_django

    # Playwright's loop runs in this thread; the installation is made here before any page is asked for.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    start_django()
    from django.core.wsgi import get_wsgi_application
    from django.db import connections
    from django.test import override_settings
    from waitress import create_server

    from tests import people_ground
    from tests.web.pages_ground import Ground

    ground = Ground.copied(tmp_path_factory.mktemp("site") / "home")
    for n in range(60):
        ground.issue(f"GBSIEL/2024/00002{n:02}/P", *[(n + k) % 4 for k in range(1 + n % 4)])
    done = ground.suspend(ground.issue("GBSIEL/2024/0000300/P", 0, 1), 2)
    reset = people_ground.reset(ground.people["manager-1"])
    with override_settings(MFA_TOTP_TOLERANCE=1):
        server: Any = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        made = ground.licences
        yield Site(
            f"http://localhost:{server.effective_port}",
            reset.details["invitation"],
            {
                "home": "/",
                "register": "/register",
                "filtered": "/register?status=suspended&text=bombs&on=2024-11-22",
                "overdue": "/register/overdue",
                "receipt": f"/register/{done.result.licence}/acts/{done.run}",
                "licence": f"/register/{made['suspended']}",
                "past": f"/register/{made['suspended']}?on=2024-11-05",
                "suspend": f"/register/{made['issued']}/suspend",
                "revoke": f"/register/{made['issued']}/revoke",
                "amend": f"/register/{made['issued']}/lines/1/amend",
                "enter": "/register/enter",
                "inbox": "/inbox",
                "people": "/people",
                "person": f"/people/{ground.people['auditor-1']}",
                "teams": "/people/teams",
                "organisations": "/organisations",
                "organisation": f"/organisations/{ground.firms['exporter-1']}",
                "me": "/me",
                "delegate": "/me/delegations/new",
                "token": "/me/tokens/new",
                "ledger": "/ledger",
                "acts": "/acts/",
                "absent": "/register/L-none",
            },
            f"/register/{made['issued']}",
        )
        server.close()
    connections.close_all()
    ground.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def code_of(secret: str, *, ahead: int = 0) -> str:
    """The six digits of an authenticator app (RFC 6238), some steps of 30 s ahead."""
    step = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.new(base64.b32decode(secret), step, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def opened(browser: Any, site: Site, **options: Any) -> Any:
    """A page in a new window; what the console says and what is refused are kept in `said`."""
    page = browser.new_context(base_url=site.address, **options).new_page()
    page.said = []
    # "[DOM]" are Chromium's hints on forms of passwords, and no errors.
    page.on("console", lambda m: m.text.startswith("[DOM]") or page.said.append(m.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    return page


@pytest.fixture(scope="module")
def session(browser: Any, site: Site) -> Any:
    """Cookies of the manager, who accepted the invitation, set up an app, and signed in with password and code."""
    page = opened(browser, site, viewport={"width": 1280, "height": 900})
    page.goto(site.invitation)
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    page.click("main button[type=submit]")
    _password(page)
    page.goto("/account/2fa/totp/activate/")
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.content())
    assert secret
    page.fill("[name=code]", code_of(secret[0]))
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    page.context.clear_cookies()
    _password(page)
    assert page.url.endswith("/account/2fa/authenticate/")
    page.locator("[name=code]").first.fill(code_of(secret[0], ahead=1))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.address}/")
    assert page.locator("h1").inner_text() == "What needs you"
    assert page.said == []
    return page.context.storage_state()


def _password(page: Any) -> None:
    page.goto("/account/login/")
    page.fill("[name=login]", "manager-1@ardenia.invalid")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()


def tab_to(page: Any, words: str, *, most: int = 150) -> None:
    """Press Tab until what has the focus (or its label) says so; on the way it can be seen where the focus is."""
    for _ in range(most):
        page.keyboard.press("Tab")
        said, seen = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
                const label = e.labels && e.labels[0] ? e.labels[0].textContent : '';
                return [(label || e.textContent || '').trim(),
                        s.outlineStyle !== 'none' || s.boxShadow !== 'none' || e.tagName === 'BODY']; }"""
        )
        assert seen or "radios" in page.evaluate("document.activeElement.className"), said
        if said.startswith(words):
            return
    pytest.fail(f"nothing that says {words!r} can be reached with Tab")


def test_two_lines_are_suspended_by_keyboard_alone(browser: Any, site: Site, session: Any) -> None:
    page = opened(browser, site, viewport={"width": 1280, "height": 900}, storage_state=session)
    page.goto("/register?text=0000002")
    tab_to(page, "GBSIEL/2024/0000002/P")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{site.licence}")
    tab_to(page, "Suspend lines")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suspend")
    for line in ("Line 1", "Line 2"):
        tab_to(page, line)
        page.keyboard.press("Space")
    tab_to(page, "Statute")
    page.keyboard.press("Space")
    tab_to(page, "Terms")
    page.keyboard.type(TERMS)
    tab_to(page, "Reasons")
    page.keyboard.type(REASONS)
    tab_to(page, "Suspend")
    page.keyboard.press("Enter")
    page.wait_for_url("**/acts/*")
    assert page.locator("h1").inner_text() == "Recorded: suspend lines"
    assert "Not yet published" in page.locator("main").inner_text()
    tab_to(page, "Licence GBSIEL/2024/0000002/P")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{site.licence}")
    assert "Lines 1, 2 are suspended since 22 November 2024" in page.locator("main").inner_text()
    first = page.locator(".moj-timeline__item", has_text="Lines 1, 2 suspended").first.inner_text()
    assert "by Licensing manager" in first
    assert REASONS in first
    assert page.said == []


def test_the_same_without_javascript(browser: Any, site: Site, session: Any) -> None:
    page = opened(browser, site, java_script_enabled=False, storage_state=session)
    page.goto("/register?text=0000200")
    page.click("text=GBSIEL/2024/0000200/P")
    page.click("text=Suspend lines")
    page.click("main button[type=submit]")
    assert "There is a problem" in page.locator("main").inner_text()
    page.check("input[name=lines]")
    page.check("input[name=power][value=sanctions]")
    page.fill("[name=terms]", TERMS)
    page.fill("[name=reasons]", REASONS)
    page.click("main button[type=submit]")
    assert page.locator("h1").inner_text() == "Recorded: suspend lines"
    page.goto("/register")
    page.click("summary:has-text('Filter')")
    page.select_option("[name=status]", "suspended")
    page.click("main form button")
    assert "status=suspended" in page.url
    assert "GBSIEL/2024/0000200/P" in page.locator("tbody").inner_text()
    assert "GBSIEL/2024/0000201/P" not in page.locator("tbody").inner_text()


def _suspend_first_line(page: Any) -> None:
    page.check("input[name=lines] >> nth=0")
    page.check("input[name=power][value=sanctions]")
    page.fill("[name=terms]", TERMS)
    page.fill("[name=reasons]", REASONS)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def test_a_conflict_keeps_what_was_typed(browser: Any, site: Site, session: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    first, second = (opened(browser, site, storage_state=session, bypass_csp=True) for _ in range(2))
    for page in (first, second):
        page.goto("/register?text=0000203")
        page.click("text=GBSIEL/2024/0000203/P")
        page.click("text=Suspend lines")
    _suspend_first_line(second)
    assert second.locator("h1").inner_text() == "Recorded: suspend lines"
    _suspend_first_line(first)
    said = first.locator("main").inner_text()
    assert "was changed since you looked" in said
    assert "Lines suspended, 22 November 2024" in said
    assert first.input_value("[name=reasons]") == REASONS
    found = Axe().run(first, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_on_any_page(browser: Any, site: Site, session: Any, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, site, viewport={"width": width, "height": 900}, storage_state=session, bypass_csp=True)
    found = {}
    for name, address in site.pages.items():
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        wrong = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
        if wrong:
            found[name] = [(v["id"], [n["html"][:160] for n in v["nodes"]][:3]) for v in wrong]
    assert found == {}


def test_nothing_is_refused_and_nothing_reaches_outside_the_window(browser: Any, site: Site, session: Any) -> None:
    page = opened(browser, site, viewport={"width": 1280, "height": 900}, storage_state=session)
    wide = []
    for name, address in site.pages.items():
        for width, size in ((1280, "100%"), (640, "200%"), (320, "100%")):
            page.set_viewport_size({"width": width, "height": 900})
            if width == 1280:
                page.goto(address)
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            reached = page.evaluate("document.documentElement.scrollWidth")
            if reached > width:
                wide.append((name, width, size, reached))
    assert wide == []
    assert [text for text in page.said if "404" not in text] == []


def test_a_table_keeps_its_meaning_on_a_small_screen(browser: Any, site: Site, session: Any) -> None:
    page = opened(browser, site, viewport={"width": 320, "height": 900}, storage_state=session)
    page.goto("/register")
    assert page.get_by_role("columnheader", name="Destinations").count() == 1
    assert page.get_by_role("rowheader").count() == 25
    page.click("text=Next")
    assert page.get_by_role("rowheader").count() == 25


def test_a_passkey_is_registered_and_signs_in(browser: Any, site: Site, session: Any) -> None:
    page = opened(browser, site, viewport={"width": 1280, "height": 900}, storage_state=session)
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.locator("main form").first.locator("button[type=submit]").click()
        page.wait_for_url("**/webauthn/add/**")
    page.fill("[name=name]", "Desk")
    page.check("[name=passwordless]")
    page.locator("main form button").last.click()
    page.wait_for_url(lambda url: "/add/" not in url)
    page.goto("/account/2fa/webauthn/")
    assert "Desk" in page.locator("main").inner_text()
    page.context.clear_cookies()
    page.goto("/account/login/", wait_until="networkidle")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{site.address}/")
    assert page.locator("h1").inner_text() == "What needs you"
    assert page.said == []


def test_the_screens_are_there_to_look_at(browser: Any, site: Site, session: Any, tmp_path: Path) -> None:
    """`PENHOLDER_SCREENS=folder` keeps a picture of every page, on a desk and on a telephone."""
    folder = Path(os.environ.get("PENHOLDER_SCREENS", tmp_path))
    wanted = site.pages if "PENHOLDER_SCREENS" in os.environ else {"home": "/"}
    for width in (1280, 320):
        page = opened(browser, site, viewport={"width": width, "height": 900}, storage_state=session)
        for name, address in wanted.items():
            page.goto(address)
            page.screenshot(path=str(folder / f"{name}-{width}.png"), full_page=True)
    assert len(list(folder.glob("*.png"))) >= 2 * len(wanted)
