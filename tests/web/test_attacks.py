"""Attacks on the pages: what once worked, or nearly did."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import MessageEncoder
from django.test import Client

from penholder.actions.action import perform
from penholder.actions.replay import run_replays
from penholder.entry.actor import BEGAN, WAYS_KEY
from penholder.people import actions as people
from penholder.people.models import ApiToken, User
from penholder.people.sign_in.limits import LONGEST, SEEN
from tests import register_ground
from tests.web.pages_ground import TODAY, Ground


@pytest.fixture
def ground(tmp_path: Path) -> Any:
    made = Ground.copied(tmp_path / "home")
    yield made
    made.close()


def browser_of(ground: Ground, name: str, *ways: str) -> Client:
    """Signed in by these ways."""
    made = Client()
    made.force_login(User.objects.get(public_id=ground.people[name]))
    session = made.session
    session[WAYS_KEY] = [{"method": way} for way in ways]
    session.save()
    return made


def token_of(ground: Ground, name: str) -> str:
    made = perform(people.issue_token, ground.actor(name), label="a script")
    return f"Bearer {made.details['token']}"


@pytest.mark.parametrize("page", ["2fa/", "2fa/webauthn/", "2fa/recovery-codes/generate/", "password/change/"])
def test_a_token_opens_no_page_of_whose_cookies_come_with_it(ground: Ground, page: str) -> None:
    browser = browser_of(ground, "manager-1", "password")  # one factor, where the role needs two
    session = browser.session
    session[BEGAN] = session[BEGAN] - LONGEST - 1 if BEGAN in session else 1  # and far too old
    session.save()
    answer = browser.get(f"/account/{page}", headers={"Authorization": token_of(ground, "exporter-1")})
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/account/login/")


def test_a_page_for_a_token_names_nobody_else(ground: Ground) -> None:
    browser = browser_of(ground, "manager-1", "mfa")
    answer = browser.get("/register", headers={"Authorization": token_of(ground, "exporter-1")})
    assert answer.status_code == 200
    assert b"manager-1" not in answer.content


def test_a_page_for_a_token_shows_no_message_of_the_cookies(ground: Ground) -> None:
    """Nor does it end their session."""
    browser = browser_of(ground, "manager-1", "mfa")
    session, told = browser.session, "The secret of manager-1 was changed."
    session["_messages"] = MessageEncoder().encode([Message(constants.INFO, told)])
    session.save()
    token = token_of(ground, "exporter-1")
    assert told not in browser.get("/register", headers={"Authorization": token}).content.decode()
    assert told in browser.get("/register").content.decode()


def test_a_token_does_not_outlive_a_reset_of_the_sign_in(ground: Ground) -> None:
    """Whoever took over a session has made one, and would keep the account."""
    stolen, other = token_of(ground, "exporter-1"), token_of(ground, "exporter-2")
    boss = ground.actor("administrator-1")
    receipt = perform(people.reset_sign_in, boss, person_id=ground.people["exporter-1"], why="telephone stolen")
    assert len(receipt.entries) == 2  # the token is named in an event of its own
    assert [Client().get("/api/v1/me", headers={"Authorization": t}).status_code for t in (stolen, other)] == [
        401,
        200,
    ]
    assert [d for d in run_replays() if d.where.startswith("people_apitoken")] == []


def make_stale(browser: Client, **ways: int) -> None:
    """The session began an hour ago; `ways`: how, and how many seconds ago, the person showed who they are."""
    session, now = browser.session, int(time.time())
    session[BEGAN] = now - 3600
    session[SEEN] = now
    session[WAYS_KEY] = [{"method": way, "at": now - ago} for way, ago in ways.items()]
    session.save()


@pytest.mark.parametrize("page", ["/me/tokens/new", "/acts/people/issue-token"])
def test_who_took_over_a_session_makes_no_token_in_it(ground: Ground, page: str) -> None:
    browser = browser_of(ground, "manager-1", "mfa")
    make_stale(browser, mfa=301)
    asked = browser.get(page)
    assert (asked.status_code, asked["Location"]) == (302, f"/account/reauthenticate/?{urlencode({'next': page})}")
    before = ApiToken.objects.count()
    given = {"label": "a script", "days": "365", "idempotency_key": "k" * 26}
    assert browser.post(page, given)["Location"] == asked["Location"]
    assert ApiToken.objects.count() == before
    make_stale(browser, mfa=3600, password=290)  # shown again since
    assert browser.get(page).status_code == 200


def test_a_token_makes_no_further_token(ground: Ground) -> None:
    token = token_of(ground, "manager-1")
    made = Client().post(
        "/api/v1/acts/people/issue-token",
        {"label": "a script", "days": 365},
        content_type="application/json",
        headers={"Authorization": token, "Idempotency-Key": "k1"},
    )
    assert made.status_code == 404
    page = Client().get("/me/tokens/new", headers={"Authorization": token})
    assert page["Location"].startswith("/account/reauthenticate/")


def words_of(browser: Client, page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", "", browser.get(page).content.decode()).split())


def test_a_new_token_is_told_to_its_person_for_a_fortnight(ground: Ground) -> None:
    browser = browser_of(ground, "manager-1", "mfa")
    assert "A token of yours" not in words_of(browser, "/")
    token = perform(people.issue_token, ground.actor("manager-1"), label="a <b>script")
    told = "A token of yours (a &lt;b&gt;script) was made on 22 November 2024, 11:00 UTC"
    assert f"{told}. If you did not make it" in words_of(browser, "/")
    perform(people.withdraw_token, ground.actor("manager-1"), token=token.result)
    assert f"{told}; it counts no more. If you did not make it" in words_of(browser, "/")
    assert "A token of yours" not in words_of(browser_of(ground, "manager-2", "mfa"), "/")
    register_ground.at(TODAY + timedelta(days=15))
    assert "A token of yours" not in words_of(browser, "/")
