"""Acts over HTTP: one request has one effect, what is wrong is said in one form, and nothing else is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.test import Client

from penholder.ledger import store
from penholder.ledger.models import Entry
from tests.casework import Casework
from tests.web.stage import Stage

NOTE, CHANGE = "/api/v1/acts/stage/note-thing", "/api/v1/acts/stage/change-thing"
THING = {"title": "A thing", "colour": "red"}


_numbers = count()


@pytest.fixture
def stage() -> Iterator[Casework]:
    with Stage.open() as made:
        yield made


def new_key() -> str:
    return f"k-{next(_numbers)}"


def send(path: str, body: Any, *, key: str | None = None, who: str = "P-1/noter", **more: Any) -> Any:
    """POST JSON (or bytes as they are) as the bearer of a token."""
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    key = new_key() if key is None else key
    headers = {"Idempotency-Key": key} if key else {}
    if who:
        headers["Authorization"] = f"Bearer {who}"
    given = {"content_type": "application/json"} | more
    return Client().post(path, data=data, headers=headers, **given)


def problem(answer: Any) -> tuple[int, str]:
    """Status and code of a problem document; everything about its form is checked here."""
    found = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert (found["status"], found["type"]) == (answer.status_code, f"urn:penholder:problem:{found['code']}")
    assert set(found) == {"type", "title", "status", "detail", "code", "hint", "fields"}
    return answer.status_code, found["code"]


def test_an_act_is_answered_with_its_receipt(stage: Casework) -> None:
    answer = send(NOTE, THING | {"price": 12.50, "lines": [3, 1]})
    found = answer.json()
    assert answer.status_code == 201
    assert (found["act"], found["entries"], found["replayed"]) == ("stage.note_thing", 1, False)
    assert found["details"] == {"said": "red None 12.5 (3, 1) False"}
    assert found["receipt"] == f"/api/v1/receipts/{found['run']}"
    assert Entry.objects.get(run=found["run"]).about == found["result"]
    assert answer["Cache-Control"] == "no-store"


def test_the_same_request_three_times_has_one_effect(stage: Casework) -> None:
    before, key = store.head()[0], new_key()
    answers = [send(NOTE, THING, key=key) for _ in range(3)]
    assert [a.status_code for a in answers] == [201, 200, 200]
    assert len({a.json()["run"] for a in answers}) == 1
    assert [a.json()["replayed"] for a in answers] == [False, True, True]
    assert store.head()[0] == before + 1
    assert problem(send(NOTE, THING | {"title": "Other"}, key=key)) == (409, "repeated-key")
    assert send(NOTE, THING, key=key, who="P-2/noter").status_code == 201  # a key is its sender's own


@pytest.mark.parametrize(
    ("body", "more", "expected"),
    [
        (b"{", {}, (400, "bad-request")),
        (b"[]", {}, (400, "bad-request")),
        (b"\xff", {}, (400, "bad-request")),
        (b'{"title": NaN}', {}, (400, "bad-request")),
        (b'{"title":"A thing","title":"B thing","colour":"red"}', {}, (400, "bad-request")),
        (b"[" * 100_000, {}, (400, "bad-request")),
        (b'{"count": ' + b"9" * 5_000 + b"}", {}, (400, "bad-request")),
        (b"x" * (1 << 20) + b"x", {}, (413, "too-large")),
        (json.dumps(THING), {"content_type": "text/plain"}, (415, "media-type")),
        (json.dumps(THING), {"content_type": "application/json; charset=utf-16"}, (415, "media-type")),
        (b"title=x", {"content_type": "application/x-www-form-urlencoded"}, (415, "media-type")),
        ({"title": "x", "colour": "red"}, {}, (422, "invalid")),
        (THING | {"day": "2024-02-30"}, {}, (422, "invalid")),
        (THING | {"count": 10**30}, {}, (422, "invalid")),
        (THING | {"title": "nul \0"}, {}, (422, "invalid")),
        (b'{"title":"half \\ud800","colour":"red"}', {}, (422, "invalid")),
        (THING | {"actor": "P-2"}, {}, (422, "invalid")),
        (THING | {"idempotency_key": "x"}, {}, (422, "invalid")),
        (THING | {"run": "x"}, {}, (422, "invalid")),
    ],
)
def test_what_cannot_be_taken_is_refused(stage: Casework, body: Any, more: Any, expected: Any) -> None:
    before = store.head()
    assert problem(send(NOTE, body, **more)) == expected
    assert store.head() == before


def test_every_wrong_field_is_named_and_its_value_is_not_repeated(stage: Casework) -> None:
    found = send(NOTE, {"title": "x", "colour": "blue", "size": 3}).json()
    assert found["fields"] == {
        "title": "is too short: at least 3 characters are needed",
        "colour": "must be one of: 'red' or 'sea-green'",
        "size": "is not known here: leave it out",
    }
    assert "blue" not in json.dumps(found)


def test_a_text_that_was_given_as_a_name_does_not_come_back(stage: Casework) -> None:
    text = "Officer 3 of the desk, officer-3@ardenia.invalid"
    found = send(NOTE, THING | {text: "x", "size": 3}).json()
    assert found["fields"] == {
        "(unknown)": "is not known here: leave it out",
        "size": "is not known here: leave it out",
    }
    assert "ardenia" not in json.dumps(found)


@pytest.mark.parametrize("key", ["", "x" * 201, "with space", "tab\t"])
def test_each_act_needs_a_key(stage: Casework, key: str) -> None:
    assert problem(send(NOTE, THING, key=key)) == (400, "bad-request")


def test_text_is_stored_in_one_spelling(stage: Casework) -> None:
    key = new_key()
    first = send(NOTE, {"title": "Cafe\u0301\r\nbar", "colour": "red"}, key=key)
    again = send(NOTE, {"title": "Caf\u00e9\nbar", "colour": "red"}, key=key)
    assert (first.status_code, again.status_code) == (201, 200)


@pytest.mark.parametrize(
    ("who", "expected"),
    [("", 401), ("unknown", 401), ("P-1/changer", 403), ("P-1/noter", 201)],
)
def test_who_may_not_is_refused_before_the_body_is_read(stage: Casework, who: str, expected: int) -> None:
    before = store.head()[0]
    answer = send(NOTE, THING if expected == 201 else b"{", who=who)
    assert answer.status_code == expected
    assert answer.has_header("WWW-Authenticate") == (expected == 401)
    assert store.head()[0] == before + (expected == 201)


def test_what_is_absent_has_no_body(stage: Casework) -> None:
    body = {"thing": "T-none", "expected_version": 1, "why": "x"}
    for answer in (
        send(CHANGE, body, who="P-1/changer"),
        send("/api/v1/acts/stage/no-such-act", {}),
        Client().get("/api/v1/receipts/none", headers={"Authorization": "Bearer P-1/noter"}),
        Client().get("/api/v1/"),
    ):
        assert (answer.status_code, answer.content, answer.get("Content-Type")) == (404, b"", None)


def test_a_stale_version_is_a_conflict(stage: Casework) -> None:
    thing = send(NOTE, THING).json()["result"]
    body = {"thing": thing, "expected_version": 1, "why": "x"}
    assert send(CHANGE, body, who="P-1/changer").json()["result"] == 2
    assert problem(send(CHANGE, body, who="P-1/changer")) == (409, "conflict")
    assert Entry.objects.filter(about=thing).count() == 2


def test_a_receipt_is_for_whoever_did_the_act(stage: Casework) -> None:
    made = send(NOTE, THING).json()
    mine = Client().get(made["receipt"], headers={"Authorization": "Bearer P-1/noter"})
    assert mine.json() == {
        "run": made["run"],
        "act": "stage.note_thing",
        "at": made["at"],
        "is_published": False,
        "entries": [{"place": store.head()[0] - 1, "proof": None}],
    }
    assert Client().get(made["receipt"], headers={"Authorization": "Bearer P-2/noter"}).status_code == 404
    assert Client().get(made["receipt"]).status_code == 401


def test_me_says_what_the_table_gives(stage: Casework) -> None:
    found = Client().get("/api/v1/me", headers={"Authorization": "Bearer P-1/noter"}).json()
    assert found == {
        "id": "P-1",
        "kind": "person",
        "roles": ["noter"],
        "organisations": [],
        "may": ["stage.note_thing"],
    }


def test_methods_and_parameters_that_are_not_known_are_refused(stage: Casework) -> None:
    token = {"Authorization": "Bearer P-1/noter"}
    wrong = Client().put(NOTE, headers=token)
    assert (problem(wrong), wrong["Allow"]) == ((405, "method"), "POST")
    asked = Client().get("/api/v1/me?verbose=1", headers=token)
    assert problem(asked) == (422, "invalid")
    assert asked.json()["fields"] == {"verbose": "is not a parameter of this address"}


@pytest.mark.parametrize("path", ["/api/v1/receipts/a%00b", "/api/v1/me?cursor=%00", "/receipts/%00"])
def test_a_zero_byte_in_an_address_is_refused(stage: Casework, path: str) -> None:
    assert Client().get(path).status_code == 400


def test_another_host_is_refused(stage: Casework) -> None:
    assert Client().get("/api/v1/me", headers={"Host": "elsewhere.invalid"}).status_code == 400


def test_a_list_of_two_is_a_list(stage: Casework) -> None:
    answer = Client().get("/api/v1/pair")
    assert (answer.status_code, answer.json()) == (200, ["a", "b"])


def test_nothing_of_the_request_is_logged(stage: Casework, caplog: pytest.LogCaptureFixture) -> None:
    import logging

    for name in ("penholder.requests", "penholder.errors"):
        logging.getLogger(name).addHandler(caplog.handler)
    client = Client(raise_request_exception=False)
    answer = client.get("/broken?person=officer-1@ardenia.invalid")
    client.get("/receipts/none-of-your-business")
    for name in ("penholder.requests", "penholder.errors"):
        logging.getLogger(name).removeHandler(caplog.handler)
    assert answer.status_code == 500
    assert "GET broken 500" in caplog.text
    assert "RuntimeError at" in caplog.text
    for secret in ("ardenia", "none-of-your", "127.0.0.1", "secret of"):
        assert secret not in caplog.text
        assert secret not in answer.content.decode()
