"""What must happen because something happened to people: they are told; traces of an erasure are wiped."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection

from penholder.actions.action import perform
from penholder.actions.outbox import Happened, on
from penholder.actions.values import SYSTEM
from penholder.kernel.errors import StorageError
from penholder.people import policy
from penholder.people.actions.tasks import add_task, finish_task
from penholder.people.events import (
    RolesDelegated,
    SignInResetAsked,
    SignInResetConfirmed,
    SignInResetConfirmedOnServer,
    SignInResetLapsed,
    SignInResetRefused,
    SubjectErased,
)
from penholder.people.models import ResetRequest, Task
from penholder.people.values import ResetState, TaskState


@on(RolesDelegated)
def tell_who_stands_in(happened: Happened) -> None:
    """Whoever is lent roles is told, with the days."""
    event = happened.event
    if isinstance(event, RolesDelegated):
        perform(
            add_task,
            SYSTEM,
            idempotency_key=f"outbox:delegation:{happened.entry}",
            text=f"You stand in as {', '.join(event.roles)} from {event.valid_from} until {event.valid_until}",
            subject=event.delegation,
            person_id=event.taker,
        )


@on(SignInResetAsked)
def tell_of_a_reset(happened: Happened) -> None:
    """The person is told that somebody asked for a reset of their sign-in; and so is every administrator."""
    event = happened.event
    if not isinstance(event, SignInResetAsked):
        return
    row = ResetRequest.objects.filter(public_id=event.reset, state=ResetState.WAITING).first()
    if row is None:
        return
    told: dict[str, dict[str, str]] = {
        "Somebody asked to reset your sign-in: refuse it, if it was not for you": {"person_id": event.person},
        "A reset of a sign-in waits for a second administrator: confirm or refuse it": {"role": "administrator"},
    }
    for number, (text, whose) in enumerate(told.items()):
        perform(
            add_task,
            SYSTEM,
            idempotency_key=f"outbox:reset:{happened.entry}:{number}",
            text=text,
            subject=event.reset,
            due_on=(row.asked_at + policy.RESET_WAITS).date(),
            **whose,
        )


@on(SignInResetConfirmed)
def nothing_waits_when_confirmed(happened: Happened) -> None:
    """Nobody has anything to do about a reset any more."""
    _close_tasks(happened)


@on(SignInResetConfirmedOnServer)
def nothing_waits_when_confirmed_on_the_server(happened: Happened) -> None:
    """Nobody has anything to do about a reset any more."""
    _close_tasks(happened)


@on(SignInResetRefused)
def nothing_waits_when_refused(happened: Happened) -> None:
    """Nobody has anything to do about a reset any more."""
    _close_tasks(happened)


@on(SignInResetLapsed)
def nothing_waits_when_lapsed(happened: Happened) -> None:
    """Nobody has anything to do about a reset any more."""
    _close_tasks(happened)


def _close_tasks(happened: Happened) -> None:
    for task in Task.objects.filter(about=happened.event.about or "", state=TaskState.OPEN).order_by("id"):
        perform(finish_task, SYSTEM, task=task.public_id, expected_version=task.version)


@on(SubjectErased)
def wipe_traces(_happened: Happened) -> None:
    """Nothing of the rows as they were stays in the write-ahead log of SQLite; letters that lie about are removed.

    Raises: StorageError while somebody still reads an older state: it is tried again.
    """
    forget_letters()
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if cursor.fetchone()[0]:
            raise StorageError(
                "the write-ahead log could not be emptied: somebody reads an older state",
                hint="it is tried again; `penholder work --once` tries now",
            )


def forget_letters(*, before: float | None = None) -> None:
    """Remove the letters in the folder `mail`, or those last changed before a time (seconds since 1970). They hold
    addresses; their links count for three days at most."""
    folder = Path(settings.EMAIL_FILE_PATH)
    for letter in sorted(folder.glob("*.log")) if folder.is_dir() else ():
        if before is None or letter.stat().st_mtime < before:
            letter.unlink(missing_ok=True)
