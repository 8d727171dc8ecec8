"""Attacks on the pages: what once worked, or nearly did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from penholder.actions.action import perform
from penholder.actions.replay import run_replays
from penholder.entry.actor import WAYS_KEY
from penholder.people import actions as people
from penholder.people.models import User
from penholder.people.sign_in.adapters import BEGAN
from penholder.people.sign_in.limits import LONGEST
from tests.web.pages_ground import Ground


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
