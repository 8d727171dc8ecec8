"""Forms of acts: what is typed is judged by the action's own types, kept after an error, and done once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms

from penholder.actions.action import spec_of
from penholder.entry.date_parts import DateParts
from penholder.entry.forms import form_for
from penholder.kernel.ids import random_id
from penholder.ledger import store
from penholder.ledger.models import Entry
from tests.casework import Casework
from tests.web.stage import Stage, change_thing, note_thing, signed_in

PAGE = "/acts/stage/note-thing"
NOW = "2026-11-22T10:00:00Z"


@pytest.fixture(autouse=True)
def stage() -> Iterator[Casework]:
    with Stage.open() as made:
        yield made


def typed(**more: Any) -> dict[str, Any]:
    given = {
        "title": "A thing",
        "colour": "red",
        "count": "1",
        "idempotency_key": random_id(),
        "form_made_at": NOW,
    }
    return given | more


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_each_parameter_has_the_field_of_its_type() -> None:
    form = form_for(spec_of(note_thing))()
    kinds = {n: (type(f), type(f.widget), f.required) for n, f in form.fields.items()}
    assert kinds["title"] == (forms.CharField, forms.TextInput, True)
    assert kinds["colour"] == (forms.ChoiceField, forms.RadioSelect, True)
    assert kinds["day"] == (forms.DateField, DateParts, False)
    assert kinds["price"] == (forms.DecimalField, forms.NumberInput, False)
    assert kinds["count"] == (forms.IntegerField, forms.NumberInput, False)
    assert kinds["is_urgent"] == (forms.BooleanField, forms.CheckboxInput, False)
    assert kinds["lines"][2] is False
    assert form.fields["title"].help_text == "As people call it."
    version = form_for(spec_of(change_thing))().fields["expected_version"]
    assert isinstance(version.widget, forms.HiddenInput)


def test_what_is_typed_is_read_as_the_action_takes_it() -> None:
    kind = form_for(spec_of(note_thing), choices={"lines": [(1, "One"), (2, "Two")]})
    form = kind(
        typed(day_day="2", day_month="9", day_year="2024", price="12.50", lines=["1", "2"], is_urgent="on")
    )
    assert form.is_valid(), form.errors
    assert form.parameters() == {
        "title": "A thing",
        "colour": "red",
        "day": date(2024, 9, 2),
        "price": Decimal("12.50"),
        "count": 1,
        "lines": [1, 2],
        "is_urgent": True,
    }
    plain = form_for(spec_of(note_thing))(typed(lines="3, 1"))
    assert plain.is_valid()
    assert plain.parameters()["lines"] == ["3", "1"]
    empty = form_for(spec_of(note_thing))(typed(count=""))
    assert empty.is_valid()
    assert set(empty.parameters()) == {"title", "colour", "is_urgent"}


def test_the_page_says_what_will_be_recorded() -> None:
    page = signed_in("noter").get(PAGE).content.decode()
    assert '<h1 class="govuk-heading-l">Note a thing</h1>' in page
    assert "It is only written down." in page
    assert "Thing noted (public; everybody can read: thing, count)" in page
    assert len(hidden(page, "idempotency_key")) == 26


def test_the_same_form_sent_three_times_is_done_once_and_leads_to_one_receipt() -> None:
    client = signed_in("noter")
    before, data = store.head()[0], typed()
    answers = [client.post(PAGE, data) for _ in range(3)]
    assert store.head()[0] == before + 1
    run = Entry.objects.order_by("-id")[0].run
    assert [(a.status_code, a.get("Location")) for a in answers[1:]] == [(303, f"/receipts/{run}")] * 2
    page = client.get(f"/receipts/{run}").content.decode()
    assert "stage.note_thing" in page
    assert "Not yet published" in page


def test_what_is_shown_only_once_is_shown_with_the_answer_itself() -> None:
    answer = signed_in("noter").post(PAGE, typed())
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert "red None None () False" in answer.content.decode()


def test_errors_stand_at_their_fields_and_what_was_typed_stays() -> None:
    answer = signed_in("noter").post(PAGE, typed(title="ab", count="1000", price="1.234"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert "is too short: at least 3 characters are needed" in page
    assert "must be 99 or less" in page
    assert 'value="ab"' in page


@pytest.mark.parametrize(
    ("roles", "ways", "status", "to"),
    [
        ("changer", ("mfa",), 403, None),
        ("noter changer", ("password",), 302, "/second"),
        ("", ("password",), 403, None),
    ],
)
def test_who_may_not_does_not_see_the_form(roles: str, ways: tuple[str, ...], status: int, to: str | None) -> None:
    answer = signed_in(roles, ways=ways).get(PAGE)
    assert (answer.status_code, answer.get("Location")) == (status, to)


def test_nobody_is_sent_to_sign_in_and_comes_back() -> None:
    from django.test import Client

    answer = Client().get(PAGE)
    assert (answer.status_code, answer["Location"]) == (302, "/in?next=%2Facts%2Fstage%2Fnote-thing")
    assert Client().post(PAGE, typed()).status_code == 401


def test_a_form_that_is_not_from_our_pages_is_refused() -> None:
    before = store.head()[0]
    answer = signed_in("noter", check_csrf=True).post(PAGE, typed())
    assert answer.status_code == 403
    assert "Code: cross-site (403)" in answer.content.decode()
    assert store.head()[0] == before


def test_a_conflict_shows_what_changed_and_keeps_what_was_typed() -> None:
    client = signed_in("noter changer")
    client.post(PAGE, typed())
    thing = Entry.objects.order_by("-id")[0].about
    address = f"/things/{thing}/change"
    page = client.get(address).content.decode()
    given = {n: hidden(page, n) for n in ("idempotency_key", "form_made_at", "expected_version")}
    assert given["expected_version"] == "1"
    other = client.post(address, given | {"why": "other", "idempotency_key": random_id()})
    assert other.status_code == 303
    stale = client.post(address, given | {"why": "my own reason"})
    shown = stale.content.decode()
    assert stale.status_code == 409
    assert "the thing is at version 2, not 1" in shown
    assert "Thing changed" in shown
    assert "my own reason" in shown
    assert hidden(shown, "expected_version") == "2"
    assert hidden(shown, "idempotency_key") != given["idempotency_key"]
    again = {n: hidden(shown, n) for n in given}
    assert client.post(address, again | {"why": "my own reason"}).status_code == 303
    assert Entry.objects.filter(about=thing).count() == 3


def test_an_absent_subject_is_a_page_without_a_word_of_it() -> None:
    answer = signed_in("changer").post(
        "/things/T-none/change", {"why": "x", "expected_version": "1", "idempotency_key": "k", "form_made_at": NOW}
    )
    assert answer.status_code == 404
    assert "T-none" not in answer.content.decode()


def test_every_page_has_the_headers_that_browsers_obey() -> None:
    answer = signed_in("noter").get(PAGE)
    assert answer["Content-Security-Policy"] == (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self'"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Permissions-Policy"] == "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    assert answer["Cache-Control"] == "no-store"
