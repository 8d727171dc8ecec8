"""The one door: permission, transaction, ledger and outbox, around the code of an action."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.db import DatabaseError, IntegrityError, InternalError, OperationalError, connections, transaction
from django.utils.module_loading import import_string

from penholder.actions import outbox, permissions, recording, repetition
from penholder.actions.behind import acts_of, behind
from penholder.actions.errors import (
    BrokenActError,
    ConflictError,
    NothingRecordedError,
    SeparationError,
    UndeclaredEventError,
)
from penholder.actions.events import Event
from penholder.actions.lock import writer_lock
from penholder.actions.lost import lost_act
from penholder.actions.models import Act
from penholder.actions.names import name_in_capability
from penholder.actions.registry import ACTIONS, ActionSpec, register_action
from penholder.actions.values import SYSTEM, Actor, ActorKind, Door, Receipt
from penholder.kernel.errors import StorageError
from penholder.kernel.ids import random_id
from penholder.ledger import store
from penholder.ledger.door import Door as OpenDoor
from penholder.ledger.door import action_door, is_open, own_door
from penholder.ledger.rows import Book

_KNOWN_FAILURES = frozenset({"40", "53"})
"""Classes of SQLSTATE (PostgreSQL manual, appendix A) after which nothing is committed: conflict, no resources."""
_HOW = {SYSTEM.id: "; what the system does because of somebody's act counts as theirs"}
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class Run:
    """One performance of an action: who, when, and what it has recorded."""

    id: str
    actor: Actor
    role: str
    now: datetime
    """The moment of the act, UTC, whole seconds. The only clock that an action may read."""
    spec: ActionSpec
    records: list[recording.Record] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    """Shown once with the receipt and kept nowhere (a result is kept under its idempotency key)."""
    rules: str | None = None
    """Version of the rules that applied, where an act says one: it stands in each of its entries."""
    because: str = ""
    """Why this performance must be another person's than the acts of `apart_if`."""

    def must_be_another(self, because: str) -> None:
        """Say that this performance must be another person's than the acts of `apart_if`, and why."""
        self.because = because

    def record(self, event: Event, *, claimed_at: date | datetime | None = None) -> None:
        """Say what was done. `claimed_at`: when, as the actor says, the fact became true; kept apart from `now`.

        Raises: UndeclaredEventError.
        """
        if type(event) not in self.spec.events:
            raise UndeclaredEventError(
                f"{self.spec.name} recorded {event.name}, which it does not declare",
                hint=f"declared: {', '.join(e.name for e in self.spec.events)}",
            )
        self.records.append(recording.Record(event, claimed_at))

    def new_id(self, prefix: str = "") -> str:
        """A random public id."""
        return random_id(prefix)


def action(
    *,
    permission: StrEnum,
    events: tuple[type[Event], ...],
    apart_from: tuple[str, ...] = (),
    apart_if: tuple[str, ...] = (),
    doors: Collection[Door] = tuple(Door),
    asks_again: bool = False,
) -> Callable[[Callable[Concatenate[Run, P], T]], Callable[Concatenate[Run, P], T]]:
    """Declare an action: a function `(run: Run, *, typed parameters) -> result`. It is performed by `perform`.

    Args:
        permission: a member of the capability's enum of permissions.
        events: all that it may record; at least one.
        apart_from: names of acts on the same subject that must have been done by somebody else.
        apart_if: the same, where the code of the action says so (`Run.must_be_another`).
        doors: where the outside can call it; by default everywhere.
        asks_again: only for who signed in, or showed again that it is they, a few minutes ago. On the site alone:
            a token shows nothing of the kind.
    Raises: TypeError at import, where it declares too little.
    """

    def declare(function: Callable[Concatenate[Run, P], T]) -> Callable[Concatenate[Run, P], T]:
        register_action(
            function,
            permission=permission,
            events=events,
            apart_from=apart_from,
            apart_if=apart_if,
            doors=doors,
            asks_again=asks_again,
        )
        return function

    return declare


def spec_of(act: Callable[..., Any] | str) -> ActionSpec:
    """The declaration of an action. Raises: KeyError where it was never declared."""
    return ACTIONS[act if isinstance(act, str) else name_in_capability(act)]


def perform(
    act: Callable[Concatenate[Run, P], T] | str,
    actor: Actor,
    *,
    idempotency_key: str | None = None,
    **parameters: Any,
) -> Receipt[T]:
    """Do one act: all of it, with its record in the ledger, or nothing.

    Raises: RefusedError, InvalidError, ConflictError, StorageError, and what the action raises. After any of
    them nothing has changed; but where the connection was lost during the commit that is not known, and the
    StorageError says so.
    """
    spec = spec_of(act)
    given = spec.read(parameters)
    permissions.require(actor, spec.permission)
    if is_open():
        msg = f"{spec.name} was performed inside another action; use a reaction instead"
        raise RuntimeError(msg)
    try:
        receipt = _once(spec, actor, given, idempotency_key)
    except OperationalError as error:
        raise StorageError(
            "the database could not store the act; nothing was changed",
            hint="is the disk full, or the server away? `penholder doctor` looks; then try again",
        ) from error
    except InternalError as error:
        raise _broken(spec, "went on after a statement that had failed") from error
    try:
        store.place_waiting()
        outbox.kick()
    except DatabaseError:  # the act is done and recorded; places and reactions that are left come later
        return receipt
    return receipt


def _once(spec: ActionSpec, actor: Actor, given: dict[str, Any], key: str | None) -> Receipt[Any]:
    """Perform, or give the receipt of the earlier request with the same key.

    What the actor may is asked again inside the transaction: it may have been taken from them a moment ago.
    """
    request = repetition.request_of(spec, actor, given, key)
    is_ending = False
    try:
        with writer_lock(), transaction.atomic(durable=True):
            now = _now()
            standing, role = permissions.stand(actor, spec.permission, on=now.date())
            earlier = repetition.find(request)
            receipt = earlier or _run(spec, Run(random_id(), standing, role, now, spec), given, request)
            is_ending = True
    except OperationalError as error:
        if is_ending and _may_have_committed(error):
            raise StorageError(
                "the connection to the database was lost at the end: it is not known whether the act was done",
                hint="read the subject again; the same request with the same key has one effect",
            ) from error
        raise
    except IntegrityError as error:
        # Two requests with one key at the same moment: the other one has done it.
        with transaction.atomic(durable=True):
            earlier = repetition.find(request)
        if earlier is None:
            raise ConflictError(
                f"{spec.name} contradicts what is stored (a value that must be unique, or a limit)",
                hint="read the subject again, then decide anew; nothing was changed",
            ) from error
        return earlier
    return receipt


def _may_have_committed(error: OperationalError) -> bool:
    """At the commit: SQLite, and a server that answers, say what they did; a connection that is lost does not."""
    state = str(getattr(error.__cause__, "sqlstate", None) or "")
    return connections["default"].vendor == "postgresql" and state[:2] not in _KNOWN_FAILURES


def _run(spec: ActionSpec, run: Run, given: dict[str, Any], request: repetition.Request | None) -> Receipt[Any]:
    book = Book()
    database = book.database
    before = database.changes()
    with action_door(run.records) as door:
        result = spec.function(run, **given)
    _check_whole(spec, database)
    if not run.records:
        _check_unchanged(spec, door, changes=database.changes() - before)
        transaction.set_rollback(True)  # and where something was written that nobody saw, it goes
        return Receipt(result, run.id, spec.name, run.now, ())
    with own_door():
        _check_separation(spec, run)
        by = recording.Performance(spec.name, run.id, outbox.accountable(run.actor), run.role, run.now, run.rules)
        written = recording.write(by, run.records, book=book)
        outbox.add(run.records, written.numbers, run.now)
        receipt = Receipt(result, run.id, spec.name, run.now, written.numbers, details=run.details)
        repetition.keep(request, spec, receipt)
        store.place(written.numbers, written.entries, now=run.now, book=book)
    return receipt


def _check_whole(spec: ActionSpec, database: Any) -> None:
    """Raises: BrokenActError where the code of the action has left the transaction other than it got it."""
    if not database.is_whole():
        raise _broken(spec, "ended or broke its transaction (an error that it caught, or a rollback)")
    if database.run_on_commit:
        raise _broken(spec, "wants something to happen after the commit; use a reaction (actions.outbox.on)")


def _broken(spec: ActionSpec, what: str) -> BrokenActError:
    return BrokenActError(
        f"{spec.name} {what}; nothing was changed",
        hint="an error of the database may be caught only around an inner transaction.atomic()",
    )


def _check_unchanged(spec: ActionSpec, door: OpenDoor, *, changes: int) -> None:
    """Raises: NothingRecordedError where an action that records nothing has written. Tables without facts: may."""
    unseen = {"rows that the guard did not see"} if changes and not door.exempt else set()
    changed = door.touched.keys() or unseen
    if changed:
        raise NothingRecordedError(
            f"{spec.name} changed {', '.join(sorted(changed))} and recorded nothing; it was rolled back",
            hint="the action must call run.record(...)",
        )


def _check_separation(spec: ActionSpec, run: Run) -> None:
    """Raises: SeparationError where the same person did one of the acts that must be another's.

    What somebody does while they stand in for another counts as done by both, in either order; so two who stand
    in for the same person are not two people. The system does what an act of persons asks for (`reactions`); these
    persons were kept apart at that act, and what it does counts as done by them (`outbox.accountable`).
    """
    names = (*spec.apart_from, *(spec.apart_if if run.because else ()))
    if not names or run.actor.kind is ActorKind.SYSTEM:
        return
    subjects = {r.event.about for r in run.records if r.event.about}
    if not subjects:
        raise _broken(spec, "must be done by another than an earlier act, and recorded nothing about a subject")
    because = f" ({run.because})" if run.because else ""
    earlier = Act.objects.filter(about__in=subjects, act__in=names).order_by("entry_id")
    done = next(acts_of(behind(run.actor), earlier), None)
    if done is not None:
        is_own = done.actor == run.actor.id
        how = "" if is_own else _HOW.get(done.actor, "; what a deputy does counts as done by both")
        raise SeparationError(
            f"{spec.name} must be done by somebody other than the one who did {done.act} on {done.about}{because}"
            f"{how}",
            hint="ask a colleague with the same permission",
            earlier=done.act,
            is_own=is_own,
            because=run.because,
        )
    lost = lost_act(subjects, names)
    if lost is not None:
        raise SeparationError(
            f"{spec.name} must be done by somebody other than the one who did {lost.act} on "
            f"{lost.about or 'what is not known any more'}{because}"
            ", and who that was is lost: the act came back from the published files",
            hint=f"let somebody else do {lost.act} again first (`penholder fsck` lists it); it counts as theirs"
            + ("" if lost.about else "; then settle the lost one: custody.settle_recovered"),
        )


def _now() -> datetime:
    moment: datetime = _clock(settings.PENHOLDER_CLOCK)()
    return moment


_clock = cache(import_string)


__all__ = ["Run", "action", "perform", "spec_of"]
