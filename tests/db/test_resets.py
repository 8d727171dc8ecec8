"""Resets of sign-ins by two: who asks, who confirms, who refuses, what lapses, and what one alone can do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, RefusedError, SeparationError
from penholder.actions.outbox import drain as react
from penholder.actions.replay import run_replays
from penholder.actions.values import SYSTEM, Actor
from penholder.cli.main import main
from penholder.kernel.errors import PenholderError
from penholder.ledger.door import migration_door
from penholder.ledger.models import Entry
from penholder.people import actions as people
from penholder.people import queries, resets
from penholder.people.errors import SecondPersonError
from penholder.people.models import ResetRequest, Task, User
from penholder.people.schedule import lapse_resets
from penholder.people.values import ResetState, TaskState
from tests import register_ground
from tests.casework import Casework, SettingsOfTest
from tests.people_ground import actor, administrator, invited

TODAY = register_ground.TODAY
WEEK = timedelta(days=7)
pytestmark = pytest.mark.usefixtures("casework")
WHY = "the telephone was lost, said at the desk"
CALLED = "I rang the number on file, and it was them"


class Office:
    """Two administrators of long standing, one who is new, and a decider."""

    def __init__(self) -> None:
        register_ground.at(TODAY - 4 * WEEK)
        self.one = administrator()
        self.two = actor(invited("administrator-2", "administrator"))
        self.decider = invited("decider-1", "decider")
        register_ground.at(TODAY)
        self.new = actor(invited("administrator-3", "administrator"))

    def ask(self, by: Actor | None = None) -> str:
        asked: str = perform(people.ask_sign_in_reset, by or self.one, person_id=self.decider, why=WHY).result
        return asked

    def state(self, asked: str) -> str:
        return ResetRequest.objects.get(public_id=asked).state


@pytest.fixture
def office(casework: Casework, settings_of_test: SettingsOfTest) -> Office:
    settings_of_test.set("PENHOLDER_CLOCK", "tests.register_ground.now")
    return Office()


def can_sign_in(person: str, password: str = "a long password of one's own") -> bool:  # noqa: S107
    return User.objects.get(public_id=person).check_password(password)


def with_password(person: str) -> None:
    """As the page of the invitation does it, without the page."""
    user = User.objects.get(public_id=person)
    user.set_password("a long password of one's own")
    with migration_door():
        user.save(update_fields=["password"])


def reset_entries() -> list[str]:
    found = Entry.objects.filter(event__startswith="people.SignInReset").order_by("id")
    return [name.removeprefix("people.SignInReset") for name in found.values_list("event", flat=True)]


def test_one_administrator_alone_resets_nobody_who_decides(office: Office, casework: Casework) -> None:
    if casework.vendor == "sqlite":
        with_password(office.decider)
    with pytest.raises(SecondPersonError, match="two administrators reset the sign-in"):
        perform(people.reset_sign_in, office.one, person_id=office.decider, why=WHY)
    asked = office.ask()
    with pytest.raises(SeparationError, match="somebody other than the one who did"):
        perform(people.confirm_sign_in_reset, office.one, reset=asked, why=CALLED)
    if casework.vendor == "sqlite":
        assert can_sign_in(office.decider)
    assert (office.state(asked), reset_entries()) == ("waiting", ["Asked"])


def test_a_second_administrator_confirms_and_gets_the_invitation(office: Office) -> None:
    asked = office.ask()
    receipt = perform(people.confirm_sign_in_reset, office.two, reset=asked, why=CALLED)
    assert receipt.result == office.decider
    assert receipt.details["invitation"].startswith("/account/password/reset/key/")
    assert (office.state(asked), reset_entries()) == ("confirmed", ["Asked", "Confirmed", ""])
    assert not can_sign_in(office.decider)
    with pytest.raises(ConflictError, match="was confirmed already"):
        perform(people.confirm_sign_in_reset, office.two, reset=asked, why=CALLED)
    assert list(run_replays()) == []


def test_who_needs_no_two_is_reset_by_one_and_not_asked_for(office: Office) -> None:
    clerk = invited("reception-1", "reception")
    with pytest.raises(ConflictError, match="one administrator can reset"):
        perform(people.ask_sign_in_reset, office.one, person_id=clerk, why=WHY)
    assert perform(people.reset_sign_in, office.one, person_id=clerk, why=WHY).details["invitation"]
    assert reset_entries() == [""]


def test_a_role_that_was_taken_away_first_or_lent_or_begins_later_counts(office: Office) -> None:
    grant = queries.person(viewer=office.one, id=office.decider).grants[0].grant
    perform(people.withdraw_role, office.one, grant=grant, why="to get around it")
    register_ground.later(days=29)
    with pytest.raises(SecondPersonError):
        perform(people.reset_sign_in, office.one, person_id=office.decider, why=WHY)
    register_ground.later(days=1)
    assert perform(people.reset_sign_in, office.one, person_id=office.decider, why=WHY).result == office.decider
    day = register_ground.now().date()
    later, taker = invited("officer-1"), invited("officer-2")
    perform(people.grant_role, office.one, person_id=later, role="auditor", valid_from=day + WEEK)
    manager = actor(invited("manager-1", "licensing_manager"))
    perform(
        people.delegate, manager, to=taker, roles=("licensing_manager",), valid_from=day + WEEK,
        valid_until=day + 2 * WEEK,
    )  # fmt: skip
    for person in (later, taker):
        with pytest.raises(SecondPersonError):
            perform(people.reset_sign_in, office.one, person_id=person, why=WHY)


def test_an_administrator_who_was_made_for_it_neither_confirms_nor_asks(office: Office) -> None:
    asked = office.ask()
    with pytest.raises(SecondPersonError, match="both have been administrators for 7 days"):
        perform(people.confirm_sign_in_reset, office.new, reset=asked, why=CALLED)
    perform(people.refuse_sign_in_reset, office.one, reset=asked, why="a mistake of mine")
    with pytest.raises(SecondPersonError, match="who asks for a reset has been administrator for 7 days"):
        office.ask(office.new)
    register_ground.later(days=7)
    again = office.ask(office.new)
    assert perform(people.confirm_sign_in_reset, office.two, reset=again, why=CALLED).result == office.decider


def test_who_stands_in_for_the_one_who_asked_does_not_confirm(office: Office) -> None:
    day = register_ground.now().date()
    deputy = invited("deputy-1")
    lent: dict[str, Any] = {"roles": ("administrator",), "valid_from": day, "valid_until": day + WEEK}
    perform(people.delegate, office.one, to=deputy, **lent)
    asked = office.ask()
    with pytest.raises(SecondPersonError, match="somebody else confirms a reset"):
        perform(people.confirm_sign_in_reset, actor(deputy), reset=asked, why=CALLED)
    perform(people.refuse_sign_in_reset, office.one, reset=asked, why="once more, by the deputy")
    asked = office.ask(actor(deputy))
    with pytest.raises(SeparationError):
        perform(people.confirm_sign_in_reset, actor(deputy), reset=asked, why=CALLED)
    with pytest.raises(SeparationError):
        perform(people.confirm_sign_in_reset, office.one, reset=asked, why=CALLED)


def test_who_stands_in_for_a_second_administrator_confirms(office: Office) -> None:
    day = register_ground.now().date()
    deputy = invited("deputy-1")
    perform(
        people.delegate, office.two, to=deputy, roles=("administrator",), valid_from=day, valid_until=day + WEEK
    )
    asked = office.ask()
    assert perform(people.confirm_sign_in_reset, actor(deputy), reset=asked, why=CALLED).result == office.decider


def test_nobody_asks_for_or_confirms_a_reset_of_their_own(office: Office) -> None:
    with pytest.raises(RefusedError, match="their own account"):
        perform(people.ask_sign_in_reset, office.one, person_id=office.one.id, why=WHY)
    asked = perform(people.ask_sign_in_reset, office.one, person_id=office.two.id, why=WHY).result
    with pytest.raises(RefusedError, match="their own account"):
        perform(people.confirm_sign_in_reset, office.two, reset=asked, why=CALLED)


def test_the_person_is_told_and_refuses(office: Office) -> None:
    asked = office.ask()
    react()
    person = actor(office.decider)
    mine = queries.inbox(viewer=person).items
    assert [(t.subject, t.due_on) for t in mine] == [(asked, TODAY + WEEK)]
    assert "reset your sign-in" in mine[0].text
    assert [t.subject for t in queries.inbox(viewer=office.two).items] == [asked]
    seen = resets.resets_waiting(viewer=person)
    assert [(r.id, r.is_own, r.may_confirm, r.may_refuse, r.asked_by) for r in seen] == [
        (asked, True, False, True, office.one.id)
    ]
    assert resets.why_asked(viewer=person, id=asked) == WHY
    perform(people.refuse_sign_in_reset, person, reset=asked, why="it was not me")
    react()
    assert not Task.objects.filter(state=TaskState.OPEN).exists()
    with pytest.raises(ConflictError, match="was refused already"):
        perform(people.confirm_sign_in_reset, office.two, reset=asked, why=CALLED)
    assert (office.state(asked), reset_entries()) == ("refused", ["Asked", "Refused"])
    assert list(run_replays()) == []


def test_others_know_nothing_of_it(office: Office) -> None:
    asked = office.ask()
    stranger = actor(invited("manager-1", "licensing_manager"))
    with pytest.raises(AbsentError):
        perform(people.refuse_sign_in_reset, stranger, reset=asked, why="not mine")
    with pytest.raises(RefusedError):
        perform(people.confirm_sign_in_reset, stranger, reset=asked, why="not mine")
    with pytest.raises(AbsentError):
        resets.reset_asked(viewer=stranger, id=asked)
    assert resets.resets_waiting(viewer=stranger) == ()
    assert resets.reset_asked(viewer=office.two, id=asked).may_confirm
    assert not resets.reset_asked(viewer=office.new, id=asked).may_confirm
    assert not resets.reset_asked(viewer=office.one, id=asked).may_confirm


def test_what_nobody_confirms_lapses_with_or_without_the_worker(office: Office) -> None:
    first = office.ask()
    with pytest.raises(ConflictError, match="waits already"):
        office.ask(office.two)
    register_ground.later(days=7, seconds=-1)
    assert resets.reset_asked(viewer=office.two, id=first).state is ResetState.WAITING
    register_ground.later(seconds=1)
    assert resets.reset_asked(viewer=office.two, id=first).state is ResetState.LAPSED
    assert resets.resets_waiting(viewer=office.two) == ()
    with pytest.raises(ConflictError, match="lapsed"):
        perform(people.confirm_sign_in_reset, office.two, reset=first, why=CALLED)
    second = office.ask(office.two)  # closes the first
    assert (office.state(first), office.state(second)) == ("lapsed", "waiting")
    lapse_resets(register_ground.now())
    assert office.state(second) == "waiting"
    register_ground.later(days=7)
    react()
    lapse_resets(register_ground.now())
    react()
    assert office.state(second) == "lapsed"
    assert not Task.objects.filter(state=TaskState.OPEN).exists()
    assert reset_entries() == ["Asked", "Lapsed", "Asked", "Lapsed"]
    assert list(run_replays()) == []


def test_where_there_is_one_administrator_the_server_is_the_second(
    casework: Casework, settings_of_test: SettingsOfTest
) -> None:
    settings_of_test.set("PENHOLDER_CLOCK", "tests.register_ground.now")
    register_ground.at(TODAY)
    boss, decider = administrator(), invited("decider-1", "decider")
    asked = perform(people.ask_sign_in_reset, boss, person_id=decider, why=WHY).result
    second = actor(invited("administrator-2", "administrator"))  # made for it
    with pytest.raises(SecondPersonError, match="7 days"):
        perform(people.confirm_sign_in_reset, second, reset=asked, why=CALLED)
    assert resets.reset_asked(viewer=boss, id=asked).is_for_the_server
    with pytest.raises(RefusedError, match="do not give it: administrator"):
        perform(people.confirm_sign_in_reset_on_server, boss, reset=asked, why=CALLED)
    receipt = perform(people.confirm_sign_in_reset_on_server, SYSTEM, reset=asked, why=CALLED)
    assert receipt.result == decider
    assert receipt.details["invitation"].startswith("/account/password/reset/key/")
    assert reset_entries() == ["Asked", "ConfirmedOnServer", ""]
    shown = Entry.objects.get(event="people.SignInResetConfirmedOnServer").body
    assert '"event":"people.SignInResetConfirmedOnServer"' in shown
    assert '"role":"system"' in shown
    assert decider not in shown
    assert list(run_replays()) == []


def test_the_command_on_the_server_says_what_was_done(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("penholder.cli.confirm_reset.start", lambda: None)  # Django is set up already

    def run(reset: str) -> tuple[object, str]:
        with pytest.raises(SystemExit) as left:
            main(["confirm-reset", reset, "--why", CALLED])
        said = capsys.readouterr()
        return left.value.code, said.out + said.err

    code, said = run(office.ask())
    assert (code, "there are two administrators for it" in said) == (2, True)
    own = perform(people.ask_sign_in_reset, office.one, person_id=office.two.id, why=WHY).result
    code, said = run(own)
    assert code == 0
    assert said.startswith(f"the sign-in of {office.two.id} is reset; the log shows that it was confirmed here\n")
    assert "/account/password/reset/key/" in said


def test_the_server_is_not_the_second_where_there_are_two(office: Office) -> None:
    asked = office.ask()
    assert not resets.reset_asked(viewer=office.one, id=asked).is_for_the_server
    with pytest.raises(SecondPersonError, match="there are two administrators for it"):
        perform(people.confirm_sign_in_reset_on_server, SYSTEM, reset=asked, why=CALLED)
    # One of the two is the person whose sign-in it is: then the other has nobody.
    own = perform(people.ask_sign_in_reset, office.one, person_id=office.two.id, why=WHY).result
    assert perform(people.confirm_sign_in_reset_on_server, SYSTEM, reset=own, why=CALLED).result == office.two.id


def at_once(*acts: tuple[Any, Actor, dict[str, str]]) -> list[PenholderError | None]:
    """Perform all at the same moment, each on a connection of its own. Gives how each was refused, or None."""
    ready = threading.Barrier(len(acts))

    def attempt(number: int) -> PenholderError | None:
        act, by, given = acts[number]
        ready.wait()
        try:
            perform(act, by, **given)
        except PenholderError as error:
            return error
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(attempt, range(len(acts))))


def test_of_a_confirmation_and_a_refusal_at_once_one_counts(office: Office) -> None:
    for _ in range(5):
        asked = office.ask()
        confirmed, refused = at_once(
            (people.confirm_sign_in_reset, office.two, {"reset": asked, "why": CALLED}),
            (people.refuse_sign_in_reset, actor(office.decider), {"reset": asked, "why": "it was not me"}),
        )
        assert [confirmed is None, refused is None].count(True) == 1
        assert isinstance(confirmed or refused, ConflictError)
        assert office.state(asked) == ("confirmed" if confirmed is None else "refused")
    assert len([n for n in reset_entries() if n in {"Confirmed", "Refused"}]) == 5
    assert list(run_replays()) == []


def test_of_two_who_ask_at_once_one_has_asked(office: Office) -> None:
    given = {"person_id": office.decider, "why": WHY}
    outcomes = at_once(*((people.ask_sign_in_reset, by, given) for by in (office.one, office.two)))
    assert sorted(type(o).__name__ for o in outcomes) == ["ConflictError", "NoneType"]
    assert reset_entries() == ["Asked"]


def test_a_reset_by_one_and_a_grant_at_once_come_one_after_the_other(office: Office) -> None:
    both = ("people.RoleGranted", "people.SignInReset")
    for number in range(5):
        person = invited(f"officer-{number}")
        reset, grant = at_once(
            (people.reset_sign_in, office.one, {"person_id": person, "why": WHY}),
            (people.grant_role, office.one, {"person_id": person, "role": "decider"}),
        )
        assert grant is None
        names = list(Entry.objects.filter(event__in=both).order_by("id").values_list("event", flat=True))[-2:]
        # Either the reset came first, or it was refused: never a reset after the grant.
        assert isinstance(reset, SecondPersonError) or (reset is None and names == [*reversed(both)])


def test_an_erasure_leaves_the_books_in_order(office: Office) -> None:
    asked = office.ask()
    perform(people.refuse_sign_in_reset, actor(office.decider), reset=asked, why="it was not me")
    perform(people.erase_subject, office.one, subject=office.decider, ground="court-order")
    assert resets.why_asked(viewer=office.two, id=asked) == ""
    assert list(run_replays()) == []


def test_a_state_that_was_changed_behind_the_log_is_found(office: Office, casework: Casework) -> None:
    if casework.vendor != "sqlite":
        pytest.skip("the application's database user cannot change a row here")
    office.ask()
    with migration_door():
        ResetRequest.objects.update(state="refused")
    assert [(d.where.split()[0], d.what) for d in run_replays()] == [
        ("people_resetrequest", "the table says something else than the log: state")
    ]
