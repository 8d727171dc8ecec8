"""Reads of the register over HTTP: what people get by their token, and what is absent for them."""

from __future__ import annotations

import pytest
from django.test import Client

from penholder.actions.values import Actor
from tests import register_ground as ground
from tests.casework import Casework, SettingsOfTest
from tests.register_ground import TODAY, draw, enter, issued, suspend


@pytest.fixture
def register(casework: Casework, settings_of_test: SettingsOfTest) -> str:
    """A licence with a suspended line."""
    ground.at(TODAY)
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.register_ground.RegisterAuthority")
    settings_of_test.set("PENHOLDER_CLOCK", "tests.register_ground.now")
    settings_of_test.set("PENHOLDER_REACTIONS", "inline")
    settings_of_test.set("PENHOLDER_ACTORS", "tests.register_ground")
    licence = issued()
    draw(licence, "m1", "10")
    suspend(licence)
    return licence


def client_of(person: Actor) -> Client:
    return Client(headers={"Authorization": f"Bearer {person.id}"})


def test_holders_read_their_own(register: str) -> None:
    client = client_of(ground.OWNER)
    listed = client.get("/api/v1/licences").json()
    assert [(r["id"], r["reference"], r["statuses"]) for r in listed["items"]] == [
        (register, "GBSIEL/2024/0000001/P", [{"status": "suspended", "lines": 1}])
    ]
    shown = client.get(f"/api/v1/licences/{register}").json()
    line = shown["lines"][0]
    assert (line["status"], line["suspended_on"], line["review_by"]) == ("suspended", "2024-11-22", "2024-12-20")
    assert (line["terms"]["quantity_limit"], line["used_quantity"], line["may"]) == (
        "100.000",
        "10.000",
        ["surrender"],
    )
    happened = client.get(f"/api/v1/licences/{register}/timeline").json()
    assert [h["event"].removeprefix("register.") for h in happened] == [
        "LicenceEntered",
        "LicenceIssued",
        "CustomsMessageSent",
        "LineDrawn",
        "LinesSuspended",
        "CustomsMessageSent",
        "casework.LicenceNoticeIssued",
    ]
    assert happened[4]["withheld"] == ["actor"]
    assert client.get("/api/v1/lines", {"licence": register}).json()["items"] == [line]


def test_two_times_are_asked_by_parameters(register: str) -> None:
    ground.later(hours=3)
    client = client_of(ground.OWNER)
    then = client.get(f"/api/v1/licences/{register}", {"on": "2024-11-21", "known": "2024-11-22T12:00:00Z"})
    assert then.json()["lines"][0]["status"] == "issued"
    assert client.get(f"/api/v1/licences/{register}", {"known": "2024-11-21T12:00:00Z"}).status_code == 404
    assert client.get(f"/api/v1/licences/{register}", {"known": "2024-11-22T12:00:00"}).status_code == 422


def test_what_is_absent_and_what_is_wrong_are_said_the_same_to_all(register: str) -> None:
    client = client_of(ground.STRANGER)
    draft = enter("GBSIEL/2024/0000099/P")
    absent = [
        client.get(f"/api/v1/licences/{i}{t}") for i in (draft, register, "L-none") for t in ("", "/timeline")
    ]
    assert [r.status_code for r in absent] == [404] * 6
    assert client.get("/api/v1/licences", {"cursor": "x"}).status_code == 422
    assert client.get("/api/v1/licences", {"limit": "201"}).status_code == 422
    assert client.get("/api/v1/licences", {"status": "open"}).status_code == 422
    assert [client.get(f"/api/v1/{p}").json()["items"] for p in ("licences", "lines")] == [[], []]
    assert client.get("/api/v1/overdue").json() == []
    assert Client().get("/api/v1/licences").status_code == 401
