"""The one door: what an action writes is recorded, what it does not record is undone, and nothing else writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Annotated

import pytest
from django.db import connection
from pydantic import Field

from penholder.actions.action import Run, action, perform
from penholder.actions.errors import (
    InvalidError,
    NothingRecordedError,
    RefusedError,
    RepeatedKeyError,
    WriteOutsideActionError,
)
from penholder.actions.events import Event
from penholder.actions.values import NOBODY, Actor, ActorKind, FieldClass, Visibility
from penholder.ledger import store
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.merkle import leaf_hash
from penholder.ledger.models import Entry, Place
from penholder.people.models import User
from penholder.vault.store import open_disclosures
from tests.casework import Casework, SettingsOfTest


class Permit(StrEnum):
    NAME = "tests.name_person"


class PersonNamed(Event, visibility=Visibility.PUBLIC, about="person", public=("person",), official=("title",)):
    person: str
    title: str


@action(permission=Permit.NAME, events=(PersonNamed,))
def name_person(run: Run, *, title: Annotated[str, Field(min_length=3)], silent: bool = False) -> str:
    """Enter a person."""
    person = run.new_id("P")
    User.objects.create(public_id=person, email=f"{person}@ardenia.invalid", title=title)
    if not silent:
        run.record(PersonNamed(person=person, title=title))
    return person


OFFICER = Actor("P-officer", ActorKind.PERSON, frozenset({"officer"}))


class OfficersMay:
    """An authority for these tests: officers may name people."""

    def role_for(self, actor: Actor, permission: str) -> str | None:
        return "officer" if "officer" in actor.roles and permission == Permit.NAME else None

    def standing(self, actor: Actor, *, on: date) -> Actor | None:
        return actor

    def may_read(self, actor: Actor, field: FieldClass) -> bool:
        return False


@pytest.fixture(autouse=True)
def officers_may(settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_AUTHORITY", f"{__name__}.OfficersMay")


def test_an_act_and_its_entry_are_written_together(casework: Casework) -> None:
    receipt = perform(name_person, OFFICER, title="Licensing officer 1")
    entry = Entry.objects.get()
    assert receipt.entries == (entry.id,)
    assert (entry.event, entry.about, Place.objects.get().seq) == ("test_the_door.PersonNamed", receipt.result, 0)
    assert LedgerEntry.from_bytes(entry.body.encode()).data == {"person": receipt.result}
    assert store.head()[1].root() == leaf_hash(entry.body.encode())
    assert User.objects.get().title == "Licensing officer 1"


def test_private_fields_are_sealed_and_open_again(casework: Casework) -> None:
    receipt = perform(name_person, OFFICER, title="Licensing officer 1")
    assert "Licensing officer 1" not in Entry.objects.get().body
    private = {d.name: d.value for d in open_disclosures(receipt.entries[0])}
    assert private == {"title": "Licensing officer 1", "actor": "P-officer"}


def test_an_action_that_writes_and_records_nothing_is_undone(casework: Casework) -> None:
    with pytest.raises(NothingRecordedError, match=r"test_the_door\.name_person changed people_user"):
        perform(name_person, OFFICER, title="Licensing officer 1", silent=True)
    assert (User.objects.count(), Entry.objects.count(), store.head()[0]) == (0, 0, 0)


def test_who_may_not_does_not(casework: Casework) -> None:
    with pytest.raises(RefusedError, match=r"needs the permission tests\.name_person"):
        perform(name_person, NOBODY, title="Licensing officer 1")
    assert (User.objects.count(), Entry.objects.count()) == (0, 0)


def test_the_same_request_twice_has_one_effect(casework: Casework) -> None:
    first = perform(name_person, OFFICER, idempotency_key="k1", title="Licensing officer 1")
    again = perform(name_person, OFFICER, idempotency_key="k1", title="Licensing officer 1")
    assert (again.result, again.run, again.entries, again.replayed) == (
        first.result,
        first.run,
        first.entries,
        True,
    )
    assert (User.objects.count(), Entry.objects.count()) == (1, 1)
    with pytest.raises(RepeatedKeyError):
        perform(name_person, OFFICER, idempotency_key="k1", title="Licensing officer 2")


def test_what_is_not_allowed_is_named_by_field(casework: Casework) -> None:
    with pytest.raises(InvalidError) as refused:
        perform(name_person, OFFICER, title="x", colour="red")
    assert refused.value.fields == {
        "title": "is too short: at least 3 characters are needed",
        "colour": "is not known here: leave it out",
    }


@pytest.mark.parametrize(
    "write",
    [
        lambda: User.objects.create(public_id="x", email="x@ardenia.invalid", title="x"),
        lambda: User(public_id="x", email="x@ardenia.invalid", title="x").save(),
        lambda: User.objects.bulk_create([User(public_id="x", email="x@ardenia.invalid", title="x")]),
        lambda: User.objects.update(title="x"),
        lambda: User.objects.all()._raw_delete("default"),
        lambda: connection.cursor().execute("DELETE FROM people_user"),
        lambda: connection.cursor().executemany("UPDATE people_user SET title = %s", [("x",)]),
        lambda: connection.cursor().executescript("DELETE FROM people_user"),
    ],
)
def test_bare_writes_are_refused(casework: Casework, write: Callable[[], object]) -> None:
    with pytest.raises(WriteOutsideActionError):
        write()
