"""Attacks on the core by code inside an action, and by its callers: each leaves nothing, or a whole record."""

from __future__ import annotations

import contextvars
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from penholder.actions import repetition
from penholder.actions.action import Run, action, perform
from penholder.actions.backends.sqlite.base import _make_durable
from penholder.actions.errors import (
    BrokenActError,
    InvalidError,
    NothingRecordedError,
    RefusedError,
    RepeatedKeyError,
    SeparationError,
    WriteOutsideActionError,
)
from penholder.actions.events import Event
from penholder.actions.lock import writer_lock
from penholder.actions.models import Act, IdempotencyKey
from penholder.actions.registry import ACTIONS, check_separation, register_action
from penholder.actions.repetition import forget_requests
from penholder.actions.values import NOBODY, Actor, ActorKind, FieldClass, Visibility
from penholder.kernel import clock
from penholder.kernel.canonical import canonical_json, sha256_of
from penholder.ledger import store
from penholder.ledger.disclosure import MAX_TEXT, Disclosure
from penholder.ledger.door import action_door, own_door
from penholder.ledger.errors import ProofError
from penholder.ledger.models import Entry, Waiting
from penholder.ledger.rows import Book
from penholder.people import actions as people
from penholder.people.authority import RoleTable
from penholder.people.models import Team
from penholder.vault.store import open_disclosures
from tests import people_ground
from tests import register_ground as ground
from tests.casework import Casework, SettingsOfTest


class Permit(StrEnum):
    TRY = "tests.try_core"


class TeamNamed(Event, visibility=Visibility.PUBLIC, about="team", public=("team",), official=("title",)):
    team: str
    title: str


class Nameless(Event, visibility=Visibility.PUBLIC, public=("word",)):
    word: str


@action(permission=Permit.TRY, events=(TeamNamed,))
def name_team(run: Run, *, title: str, how: str = "", team: str = "", tags: frozenset[str] = frozenset()) -> str:
    """Name a team, by one of several ways that code should not go."""
    made = team or run.new_id("T")
    if how and WAYS[how](run, made) is SILENT:
        return made
    if not how:
        enter(made)
    run.record(TeamNamed(team=made, title=title))
    return made


@action(permission=Permit.TRY, events=(TeamNamed,), apart_from=("test_the_core.name_team",))
def approve_team(run: Run, *, team: str) -> None:
    """Must be another's."""
    run.record(TeamNamed(team=team, title="approved"))


@action(permission=Permit.TRY, events=(Nameless,), apart_from=("test_the_core.name_team",))
def approve_nothing(run: Run, *, word: str) -> None:
    """Says nothing of what it is about: separation could not be computed."""
    run.record(Nameless(word=word))


class AllMay:
    """An authority for these tests."""

    def standing(self, actor: Actor, *, on: date) -> Actor | None:
        return actor

    def role_for(self, actor: Actor, permission: str) -> str | None:
        return "officer"

    def may_read(self, actor: Actor, field: FieldClass) -> bool:
        return True


OFFICER = Actor("P-officer", ActorKind.PERSON, frozenset({"officer"}))
SILENT = object()
KEPT: dict[str, contextvars.Context] = {}


@pytest.fixture(autouse=True)
def everyone_may(casework: Casework, settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_AUTHORITY", f"{__name__}.AllMay")


def enter(team: str) -> None:
    Team.objects.create(public_id=team, name=team)


def insert(team: str) -> str:
    return f"INSERT INTO people_team (public_id, name) VALUES ('{team}', '{team}')"


def catch_an_error(_run: Run, team: str) -> None:
    enter(team)
    with suppress(IntegrityError):
        enter(team)


def catch_an_error_of_the_cursor(_run: Run, team: str) -> None:
    enter(team)
    with suppress(IntegrityError), connection.cursor() as cursor:
        cursor.execute(insert(team))
    if connection.vendor == "sqlite":  # which would go on
        transaction.set_rollback(True)


def set_rollback(_run: Run, team: str) -> None:
    enter(team)
    transaction.set_rollback(True)


def roll_back_below(_run: Run, team: str) -> None:
    enter(team)
    connection.connection.rollback()


def hook(_run: Run, team: str) -> None:
    enter(team)
    transaction.on_commit(lambda: None)


@pytest.mark.parametrize(
    "way", [catch_an_error, catch_an_error_of_the_cursor, set_rollback, roll_back_below, hook]
)
def test_there_is_no_receipt_for_what_is_not_stored(way: Callable[[Run, str], object]) -> None:
    perform(name_team, OFFICER, title="first")
    with pytest.raises(BrokenActError, match=r"test_the_core\.name_team .*; nothing was changed"):
        perform(name_team, OFFICER, title="second", how=way.__name__)
    assert (Team.objects.count(), Entry.objects.count(), store.head()[0]) == (1, 1, 1)
    assert perform(name_team, OFFICER, title="third").entries


def go_on_after_an_error(_run: Run, team: str) -> None:
    enter(team)
    with suppress(IntegrityError), connection.cursor() as cursor:
        cursor.execute(insert(team))
    Team.objects.count()


def test_on_postgresql_an_act_that_goes_on_after_an_error_is_named(casework: Casework) -> None:
    if casework.vendor == "sqlite":  # which undoes the one statement: the rest is whole, and recorded
        assert perform(name_team, OFFICER, title="x", how="go_on_after_an_error").entries
        return
    with pytest.raises(BrokenActError, match="went on after a statement that had failed"):
        perform(name_team, OFFICER, title="x", how="go_on_after_an_error")
    assert (Team.objects.count(), Entry.objects.count()) == (0, 0)


def test_rows_are_not_written_into_a_transaction_that_is_lost() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            Book().first("SELECT 1")


def test_rows_of_several_tables_are_all_refused_where_one_is_not_the_ledgers(casework: Casework) -> None:
    sheets = (("ledger_waiting", "entry_id", [(1,)]), ("people_team", "public_id, name", [("T", "T")]))
    with (
        transaction.atomic(),
        own_door(),
        pytest.raises(WriteOutsideActionError, match="ledger_waiting, people_t"),
    ):
        Book().insert(*sheets)
    assert Waiting.objects.count() == 0


def test_rows_of_the_ledger_are_numbered_without_a_second_table(casework: Casework) -> None:
    if casework.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name LIKE 'ledger%'")
        made = dict(cursor.fetchall())
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'actions_act'")
        indexes = {row[0] for row in cursor.fetchall()}
    assert [name for name, sql in made.items() if "AUTOINCREMENT" in sql] == []
    assert indexes == {"act_by_subject"}


def below_the_cursor(_run: Run, team: str) -> object:
    connection.connection.execute(insert(team))
    return SILENT


def by_rows(_run: Run, team: str) -> object:
    Book().insert(("people_team", "public_id, name", [(team, team)]))
    return SILENT


def by_a_read(_run: Run, team: str) -> object:
    Book().first(f"SELECT 1; {insert(team)}")
    return SILENT


class TwoFaced(str):
    """Says one thing to whoever asks, and is another."""

    def __str__(self) -> str:
        return "SELECT 1"

    def rstrip(self, *_: Any) -> str:
        return "SELECT 1"


def by_a_text_with_two_faces(_run: Run, team: str) -> object:
    connection.cursor().execute(TwoFaced(insert(team)))
    return SILENT


def by_a_wrapper(_run: Run, team: str) -> object:
    def change(execute: Any, _sql: str, params: Any, many: bool, context: Any) -> Any:
        return execute(TwoFaced(insert(team)), params, many, context)

    with connection.execute_wrapper(change), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return SILENT


@pytest.mark.parametrize("way", [below_the_cursor, by_rows, by_a_read, by_a_text_with_two_faces, by_a_wrapper])
def test_what_is_written_and_not_recorded_is_undone_however_it_was_written(
    casework: Casework, way: Callable[[Run, str], object]
) -> None:
    if casework.vendor == "postgresql" and way is below_the_cursor:  # nobody counts there: it is rolled back
        assert perform(name_team, OFFICER, title="x", how=way.__name__).entries == ()
    else:
        with pytest.raises((NothingRecordedError, WriteOutsideActionError)):
            perform(name_team, OFFICER, title="x", how=way.__name__)
    assert (Team.objects.count(), Entry.objects.count()) == (0, 0)


def forge(_run: Run, _team: str) -> object:
    moment = store.stored_time(clock.now(), book=Book())
    Book().insert(("ledger_entry", "body, run, event, about, recorded_at", [("{}", "r", "f.X", "", moment)]))
    return SILENT


def forge_with_a_number(_run: Run, _team: str) -> object:
    moment = store.stored_time(clock.now(), book=Book())
    Book().insert_numbered(
        "ledger_entry", "body, run, event, about, recorded_at", [("{}", "r", "f.X", "", moment)]
    )
    return SILENT


@pytest.mark.parametrize("way", [forge, forge_with_a_number])
def test_code_of_an_action_cannot_write_entries(way: Callable[[Run, str], object]) -> None:
    with pytest.raises(WriteOutsideActionError, match="a write to ledger_entry was refused"):
        perform(name_team, OFFICER, title="x", how=way.__name__)
    assert Entry.objects.count() == 0


def keep_the_context(_run: Run, team: str) -> None:
    enter(team)
    KEPT["context"] = contextvars.copy_context()


def test_a_door_is_closed_in_a_copied_context_too() -> None:
    perform(name_team, OFFICER, title="x", how="keep_the_context")
    for write in (lambda: Team.objects.update(name="leaked"), lambda: _in_a_transaction("leaked")):
        with pytest.raises(WriteOutsideActionError):
            KEPT["context"].run(write)
    assert Team.objects.filter(name="leaked").count() == 0


def _in_a_transaction(name: str) -> None:
    with transaction.atomic():
        Team.objects.update(name=name)


def by_a_copied_connection(_run: Run, team: str) -> object:
    enter(team)
    other: Any = connections["default"].copy()
    try:
        if other.vendor == "sqlite":  # another transaction would wait for ours: the first statement asks
            other.cursor().execute(insert("T-copy"))
        other.set_autocommit(False)
        other.cursor().execute(insert("T-copy"))
        other.commit()
    finally:
        other.close()
    return SILENT


def test_a_copy_of_the_connection_has_no_open_door() -> None:
    with pytest.raises(WriteOutsideActionError, match="outside an action"):
        perform(name_team, OFFICER, title="x", how="by_a_copied_connection")
    assert Team.objects.count() == 0


def write_nothing(_run: Run, _team: str) -> None:
    pass


def take_back(run: Run, team: str) -> object:
    with suppress(ValueError), transaction.atomic():
        enter(team)
        run.record(TeamNamed(team=team, title="in the savepoint"))
        with transaction.atomic():
            run.record(TeamNamed(team=team, title="in one inside it"))
        raise ValueError
    return SILENT


def take_back_a_part(run: Run, team: str) -> None:
    with transaction.atomic():
        enter(team)
        run.record(TeamNamed(team=team, title="kept"))
    with suppress(ValueError), transaction.atomic():
        run.record(TeamNamed(team=team, title="taken back"))
        raise ValueError


def test_what_was_recorded_since_a_savepoint_goes_with_it() -> None:
    with pytest.raises(NothingRecordedError):  # rows were changed on the way: nobody says so
        perform(name_team, OFFICER, title="x", how="take_back")
    assert (Entry.objects.count(), Team.objects.count()) == (0, 0)
    numbers = perform(name_team, OFFICER, title="last", how="take_back_a_part").entries
    titles = [{d.name: d.value for d in open_disclosures(n)}["title"] for n in numbers]
    assert titles == ["kept", "last"]


WAYS: dict[str, Callable[[Run, str], object]] = {
    way.__name__: way
    for way in (
        catch_an_error, catch_an_error_of_the_cursor, set_rollback, roll_back_below, hook, go_on_after_an_error,
        below_the_cursor, by_rows, by_a_read, by_a_text_with_two_faces, by_a_wrapper, forge, forge_with_a_number,
        keep_the_context, by_a_copied_connection, take_back, take_back_a_part,
        write_nothing,
    )
}  # fmt: skip


def test_separation_that_cannot_be_computed_is_refused() -> None:
    team = perform(name_team, OFFICER, title="x").result
    with pytest.raises(SeparationError):
        perform(approve_team, OFFICER, team=team)
    with pytest.raises(BrokenActError, match="recorded nothing about a subject"):
        perform(approve_nothing, OFFICER, word="x")
    ours = {n: s for n, s in ACTIONS.items() if s.function.__module__ == __name__}
    with pytest.raises(TypeError, match=r"approve_nothing records .*Nameless, which is about nothing"):
        check_separation(ours)
    check_separation({n: s for n, s in ours.items() if n != "test_the_core.approve_nothing"})


def misspelt(run: Run, *, team: str) -> None:
    """Apart from an act that there is not."""


def test_an_act_apart_from_one_that_there_is_not_is_refused_at_the_start() -> None:
    spec = register_action(
        misspelt, permission=Permit.TRY, events=(TeamNamed,), apart_from=("test_the_core.name_taem",)
    )
    try:
        with pytest.raises(TypeError, match=r"is apart from test_the_core\.name_taem, which is no action"):
            check_separation({spec.name: spec})
    finally:
        del ACTIONS[spec.name]


def test_who_amended_a_draft_cannot_issue_it(settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.register_ground.RegisterAuthority")
    settings_of_test.set("PENHOLDER_CLOCK", "tests.register_ground.now")
    ground.at(ground.TODAY)
    licence, day = ground.enter(), date(2024, 6, 1)
    terms = ground.terms(description="wholly other goods")
    given: dict[str, Any] = {"licence": licence, "effective_on": day}
    perform(
        "register.amend_line",
        ground.MANAGER,
        line=1,
        terms=terms,
        reasons=ground.REASONS,
        expected_version=1,
        **given,
    )
    with pytest.raises(SeparationError, match=r"register\.amend_line"):
        perform("register.issue_licence", ground.MANAGER, expected_version=2, **given)
    assert perform("register.issue_licence", ground.SENIOR, expected_version=2, **given).entries


def test_what_an_actor_may_is_asked_again_inside_the_transaction(settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_AUTHORITY", "penholder.people.authority.RoleTable")
    first = people_ground.administrator()
    stale = people_ground.officer("administrator-2", "administrator")
    assert perform(people.create_team, stale, name="Team 1").entries
    perform(people.deactivate_person, first, person_id=stale.id, expected_version=1, why="left the authority")
    with pytest.raises(RefusedError, match="may act no more"):
        perform(people.create_team, stale, name="Team 2")
    assert Team.objects.count() == 1


def test_who_lost_a_role_a_moment_ago_has_lost_it(settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_AUTHORITY", "penholder.people.authority.RoleTable")
    first = people_ground.administrator()
    person = people_ground.invited("administrator-2")
    grant = perform(people.grant_role, first, person_id=person, role="administrator").result
    stale = people_ground.actor(person)
    perform(people.withdraw_role, first, grant=grant, why="moved to another desk")
    with pytest.raises(RefusedError, match=r"people\.create_team|needs the permission"):
        perform(people.create_team, stale, name="Team 2")


def test_nobody_is_a_system_by_saying_so() -> None:
    table, today = RoleTable(), clock.today()
    assert table.standing(NOBODY, on=today) == NOBODY
    assert table.standing(Actor("other", ActorKind.SYSTEM, frozenset({"system"})), on=today) is None
    assert table.standing(Actor("P-none", ActorKind.PERSON, frozenset({"administrator"})), on=today) is None


def test_a_text_that_could_be_sealed_and_never_opened_is_refused() -> None:
    longest = "x" * (MAX_TEXT * 3 // 4 - 200)
    number = perform(name_team, OFFICER, title=longest).entries[0]
    assert {d.name: d.value for d in open_disclosures(number)}["title"] == longest
    with pytest.raises(InvalidError) as refused:
        perform(name_team, OFFICER, title="x" * MAX_TEXT)
    assert list(refused.value.fields) == ["title"]
    assert "at most 1048576 characters" in refused.value.fields["title"]
    with pytest.raises(ProofError, match="at most"):
        Disclosure.make("title", "x" * MAX_TEXT).text()
    assert Team.objects.count() == 1


@pytest.mark.parametrize("team", ["a b", "é", "x" * 101, 'q"'])
def test_an_id_that_no_entry_can_be_about_is_the_callers_to_mend(team: str) -> None:
    with pytest.raises(InvalidError) as refused:
        perform(name_team, OFFICER, title="x", team=team, how="write_nothing")
    assert list(refused.value.fields) == ["team"]
    assert (Team.objects.count(), Entry.objects.count()) == (0, 0)


@action(permission=Permit.TRY, events=(Nameless,))
def say(run: Run, *, word: str = "w", number: int = 0, tags: frozenset[str] = frozenset()) -> None:
    """Say a word."""
    run.record(Nameless(word=word))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"word": "x" * 70_000}, "word"),
        ({"number": 2**60}, "number"),
        ({"number": str(2**60)}, "number"),
        ({"tags": {"a\0"}}, "tags"),
        ({"idempotency_key": "\udcff"}, "idempotency_key"),
        ({"idempotency_key": ""}, "idempotency_key"),
        ({"idempotency_key": "k" * 201}, "idempotency_key"),
    ],
)
def test_what_the_ledger_would_not_take_is_named_by_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        perform(say, OFFICER, **given)
    assert list(refused.value.fields) == [field]
    assert Entry.objects.count() == 0


def test_a_request_is_kept_under_the_secret_of_the_installation_and_for_thirty_days() -> None:
    perform(say, OFFICER, idempotency_key="k1", word="a guess")
    row = IdempotencyKey.objects.get()
    asked: dict[str, object] = {"number": 0, "tags": [], "word": "a guess"}
    assert row.request not in {sha256_of(asked), sha256_of({"word": "a guess"})}
    assert row.key != sha256_of([OFFICER.id, "test_the_core.say", "k1"])
    with pytest.raises(RepeatedKeyError):
        perform(say, OFFICER, idempotency_key="k1", word="another")
    forget_requests(row.at + timedelta(days=30))
    assert IdempotencyKey.objects.count() == 1
    forget_requests(row.at + timedelta(days=30, seconds=1))
    assert IdempotencyKey.objects.count() == 0
    assert Entry.objects.count() == 1


def test_the_order_of_a_set_is_no_part_of_a_request() -> None:
    @dataclass(frozen=True)
    class Inside:
        words: frozenset[str]

    value = (Inside(frozenset({"b", "a", "c"})), {"n": frozenset({3, 1, 2})})
    for words, numbers in ((["c", "a", "b"], [2, 3, 1]), (["a", "b", "c"], [1, 2, 3])):
        dumped = [{"words": words}, {"n": numbers}]
        ordered = repetition._in_order(value, dumped)
        assert canonical_json(ordered) == '[{"words":["a","b","c"]},{"n":[1,2,3]}]'
    assert repetition._in_order(("b", "a"), ["b", "a"]) == ["b", "a"]
    perform(say, OFFICER, idempotency_key="k1", tags=frozenset("abcdefgh"))
    assert perform(say, OFFICER, idempotency_key="k1", tags=frozenset("hgfedcba")).replayed


def test_sqlite_keeps_nothing_of_a_row_that_was_deleted(casework: Casework) -> None:
    if casework.vendor != "sqlite":
        return
    with closing(sqlite3.connect(casework.home / "other.sqlite3")) as other:
        other.execute("PRAGMA secure_delete=OFF")  # some builds of SQLite have it on by themselves
        _make_durable(other)
        assert other.execute("PRAGMA secure_delete").fetchone() == (1,)
    marker = "Marker-of-a-title"
    perform(name_team, OFFICER, title="x", team="T-1")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)
    _change(lambda: Team.objects.filter(public_id="T-1").update(name=marker * 3))
    _empty_the_log()
    assert marker.encode() in casework.database.read_bytes()
    _change(lambda: Team.objects.filter(public_id="T-1").delete())
    _empty_the_log()
    assert marker.encode() not in casework.database.read_bytes()


def _change(work: Callable[[], object]) -> None:
    with writer_lock(), transaction.atomic(durable=True), action_door():
        work()


def _empty_the_log() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert cursor.fetchone()[0] == 0


def _keep_books(work: Callable[[], object]) -> None:
    with writer_lock(), transaction.atomic(durable=True), own_door():
        work()


def test_the_index_of_acts_is_fixed_for_the_book_keeping_too() -> None:
    perform(name_team, OFFICER, title="x")
    for change in (lambda: Act.objects.update(actor="P-9"), lambda: Act.objects.all().delete()):
        with pytest.raises(DatabaseError, match=r"never changed or deleted|permission denied"):
            _keep_books(change)
    assert Act.objects.get().actor == OFFICER.id


def test_nothing_waits_for_a_commit() -> None:
    """Hooks after a commit are no part of an act: they can fail when it is done. Reactions are what there is."""
    source = Path(__file__).resolve().parents[2] / "src"
    assert [p for p in source.rglob("*.py") if re.search(r"\bon_commit\(", p.read_text(encoding="utf-8"))] == []
