"""What must happen because time has passed: functions that perform actions as the system when they are due.

A capability declares, in its room `schedule.py`:

    @every("day")
    def expire_lines(now: datetime) -> None:
        perform(actions.expire_lines, SYSTEM, idempotency_key=f"expire:{now.date()}", on=now.date())

It must be harmless when it is called twice. `penholder work` (or the worker thread of `penholder serve`) calls
`run_due`; `penholder doctor` shows what failed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import transaction

from penholder.actions import moment
from penholder.actions.lock import writer_lock
from penholder.actions.models import ScheduledRun
from penholder.actions.names import name_in_capability
from penholder.kernel.errors import PenholderError
from penholder.ledger.door import own_door

Period = timedelta | Literal["day"]
Job = Callable[[datetime], Any]
UNFINISHED = "it began and did not end"
RETRY = timedelta(minutes=5)
"""A job that failed is tried again after this time, or its period where that is shorter."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A job, and how often: after a span of time, or once in each day (UTC)."""

    name: str
    period: Period
    job: Job

    def is_due(self, ran_at: datetime | None, now: datetime, *, failed: bool) -> bool:
        """Is it due, when it last ran at `ran_at`?"""
        if ran_at is None:
            return True
        length = timedelta(days=1) if self.period == "day" else self.period
        if failed:
            return now - ran_at >= min(RETRY, length)
        return ran_at.date() < now.date() if self.period == "day" else now - ran_at >= length


@dataclass(frozen=True, slots=True)
class Ran:
    """A job that ran, and how it failed ("" where it did not)."""

    name: str
    failure: str


SCHEDULE: dict[str, Scheduled] = {}


def every(period: Period) -> Callable[[Job], Job]:
    """Declare a job. Raises: TypeError: two of one name, or no span of time."""

    def declare(function: Job) -> Job:
        name = name_in_capability(function)
        if name in SCHEDULE or (period != "day" and period <= timedelta(0)):
            msg = f"scheduled job {name}: give it a name of its own and a period above nought"
            raise TypeError(msg)
        SCHEDULE[name] = Scheduled(name, period, function)
        return function

    return declare


def run_due(now: datetime | None = None) -> tuple[Ran, ...]:
    """Run every job that is due, each once among all workers; failures are kept and show in `penholder doctor`."""
    at = now or moment.now()
    return tuple(_run(job, at) for job in SCHEDULE.values() if _claim(job, at))


def _claim(job: Scheduled, now: datetime) -> bool:
    """Take the job, so that two workers do not run it at once."""
    with own_door(), writer_lock(), transaction.atomic(durable=True):
        row, made = ScheduledRun.objects.get_or_create(
            name=job.name, defaults={"ran_at": now, "failure": UNFINISHED}
        )
        if made or not job.is_due(row.ran_at, now, failed=bool(row.failure)):
            return made
        mine = ScheduledRun.objects.filter(name=job.name, ran_at=row.ran_at)
        return bool(mine.update(ran_at=now, failure=UNFINISHED))


def _run(job: Scheduled, now: datetime) -> Ran:
    try:
        job.job(now)
        failure = ""
    except PenholderError as error:
        failure = f"{error.code}: {error.message}"[:400]
    except Exception as error:
        failure = type(error).__name__
    with own_door(), writer_lock(), transaction.atomic(durable=True):
        ScheduledRun.objects.filter(name=job.name).update(failure=failure)
    return Ran(job.name, failure)
