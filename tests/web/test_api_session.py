"""The API with the session of a browser: only with the token of our pages, and only after two factors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from penholder.kernel.ids import random_id
from penholder.ledger import store
from tests.casework import Casework
from tests.web.stage import Stage, signed_in

NOTE = "/api/v1/acts/stage/note-thing"
THING = json.dumps({"title": "A thing", "colour": "red"})


@pytest.fixture(autouse=True)
def stage() -> Iterator[Casework]:
    with Stage.open() as made:
        yield made


def post(client: Client, **headers: str) -> Any:
    given = {"Idempotency-Key": random_id()} | {n.replace("_", "-"): v for n, v in headers.items()}
    return client.post(NOTE, data=THING, content_type="application/json", headers=given)


def test_a_session_acts_only_with_the_token_of_our_pages() -> None:
    client = signed_in("noter", check_csrf=True)
    before = store.head()[0]
    assert post(client).json()["code"] == "cross-site"
    assert post(client, X_CSRFToken="x" * 64).json()["code"] == "cross-site"
    assert store.head()[0] == before
    client.get("/acts/stage/note-thing")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    assert post(client, X_CSRFToken=token).status_code == 201


def test_a_token_outweighs_the_cookie_that_comes_with_it() -> None:
    client = signed_in("noter", check_csrf=True)
    assert post(client, Authorization="Bearer P-9/noter").status_code == 201
    assert post(client, Authorization="Bearer unknown").status_code == 401
    assert post(client, Authorization="Basic eDp5").status_code == 401


def test_a_role_that_asks_for_two_factors_gets_in_with_two() -> None:
    assert signed_in("changer noter", ways=("password",)).get("/api/v1/me").json()["code"] == "second-factor"
    assert signed_in("changer noter", ways=("password", "mfa")).get("/api/v1/me").status_code == 200
    assert signed_in("changer noter", ways=("socialaccount",)).get("/api/v1/me").status_code == 200
    assert signed_in("noter", ways=("password",)).get("/api/v1/me").status_code == 200


def test_allauth_keeps_the_ways_of_signing_in_where_we_look() -> None:
    from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY

    from penholder.entry.actor import WAYS_KEY

    assert WAYS_KEY == AUTHENTICATION_METHODS_SESSION_KEY
