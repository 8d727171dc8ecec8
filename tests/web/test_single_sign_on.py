"""Single sign-on by OpenID Connect, against a small server: it links to invited staff, and makes nobody."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client, override_settings

from penholder.actions.action import perform
from penholder.ledger.models import Entry
from penholder.people import actions as people
from penholder.people.models import User
from tests.casework import Casework
from tests.people_ground import administrator, invited

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

START = "/account/sso/staff/login/"


class Provider(BaseHTTPRequestHandler):
    """The three addresses that a sign-in asks: what there is, a token, and who it is for."""

    claims: ClassVar[dict[str, Any]] = {}

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer()

    def _answer(self) -> None:
        here = f"http://{self.headers['Host']}"
        answers: dict[str, Any] = {
            "/.well-known/openid-configuration": {
                "issuer": here,
                "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token",
                "userinfo_endpoint": f"{here}/userinfo",
                "jwks_uri": f"{here}/keys",
            },
            "/token": {"access_token": "a", "token_type": "Bearer"},
            "/userinfo": self.claims,
        }
        body = json.dumps(answers[urlsplit(self.path).path]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the base class
        """Quiet."""


@pytest.fixture(autouse=True)
def casework(tmp_path: Path) -> Iterator[Casework]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    app = {
        "provider_id": "staff",
        "name": "Staff directory",
        "client_id": "penholder",
        "secret": "of this test",
        "settings": {"server_url": f"http://127.0.0.1:{server.server_address[1]}", "oauth_pkce_enabled": True},
    }
    made = Casework(tmp_path / "home").open()
    with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [app]}}):
        yield made
    made.close()
    server.shutdown()
    thread.join()
    server.server_close()


def come_back(**claims: Any) -> tuple[Client, Any]:
    """Go to the other server and come back as the person of these claims."""
    Provider.claims = claims
    browser = Client(SERVER_NAME="localhost")
    away = browser.post(START)
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    answer = browser.get(f"{START}callback/", {"code": "c", "state": asked["state"][0]})
    return browser, answer


def events() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("event", flat=True))


def signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_an_invited_officer_is_linked_once_and_signed_in() -> None:
    person = invited("officer-1", "penholder")
    browser, answer = come_back(sub="17", email="Officer-1@ardenia.invalid", email_verified=True, name="Jane Doe")
    assert answer["Location"] == "/"
    assert signed_in(browser)
    assert events()[-2:] == ["people.SignInChanged", "people.SignedIn"]
    link = SocialAccount.objects.get()
    assert (link.user.public_id, link.extra_data) == (person, {})
    assert re.fullmatch("[0-9a-f]{40}", link.uid)  # not "17", nor an address that stands for it
    assert browser.get("/acts/").status_code == 200  # the other server's sign-in stands for two factors

    browser, _ = come_back(sub="17", email="changed-1@ardenia.invalid", email_verified=True)
    assert signed_in(browser)
    assert (SocialAccount.objects.count(), events()[-1]) == (1, "people.SignedIn")

    boss = administrator()
    perform(people.deactivate_person, boss, person_id=person, expected_version=1, why="left the office")
    browser, _ = come_back(sub="17", email="officer-1@ardenia.invalid", email_verified=True)
    assert not signed_in(browser)


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "18", "email": "officer-1@ardenia.invalid", "email_verified": False},
        {"sub": "18", "email": "officer-1@ardenia.invalid", "email_verified": "false"},
        {"sub": "18", "email": "officer-1@ardenia.invalid"},
        {"sub": "18", "email": "stranger-1@ardenia.invalid", "email_verified": True},
        {"sub": "18", "email": "export-clerk-1@ardenia.invalid", "email_verified": True},
        {"sub": "18", "email": "no-role-1@ardenia.invalid", "email_verified": True},
        {"sub": "18"},
    ],
)
def test_nobody_else_is_let_in_and_nobody_is_made(claims: dict[str, Any]) -> None:
    invited("officer-1", "penholder")
    invited("export-clerk-1", "exporter")
    invited("no-role-1")
    before, known = events(), User.objects.count()
    browser, answer = come_back(**claims)
    assert answer.status_code in {200, 302}
    assert not signed_in(browser)
    assert (events(), User.objects.count(), SocialAccount.objects.count()) == (before, known, 0)


def test_an_address_that_was_given_to_somebody_else_leads_to_nobody() -> None:
    invited("officer-1", "penholder")
    address: dict[str, Any] = {"email": "officer-1@ardenia.invalid", "email_verified": True}
    assert signed_in(come_back(sub="17", **address)[0])
    before = events()
    assert not signed_in(come_back(sub="18", **address)[0])
    assert (events(), SocialAccount.objects.count()) == (before, 1)
    assert signed_in(come_back(sub="17", **address)[0])


def test_an_answer_that_was_not_asked_for_is_refused() -> None:
    administrator()
    forged = base64.urlsafe_b64encode(b"forged").decode()
    browser = Client(SERVER_NAME="localhost")
    answer = browser.get(f"{START}callback/", {"code": "c", "state": forged})
    assert answer.status_code in {200, 401}
    assert not signed_in(browser)
