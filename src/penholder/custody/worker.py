"""What happens without anybody asking: reactions, jobs that are due, places for entries that wait."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from threading import Event

from django.conf import settings
from django.db import close_old_connections

from penholder.actions import outbox, schedule
from penholder.custody.day_times import settle_times
from penholder.kernel.errors import PenholderError
from penholder.ledger import store

PAUSE = 2
"""Seconds between two looks."""
_log = logging.getLogger("penholder.worker")


@dataclass(frozen=True, slots=True)
class Worked:
    """What one look found to do: entries placed, reactions done, jobs that ran, and those that failed."""

    placed: int
    reactions: int
    jobs: tuple[schedule.Ran, ...]


def work_once() -> Worked:
    """Do all that is due now, once."""
    try:
        placed = store.place_waiting()
        jobs = schedule.run_due()
        reactions = 0
        while done := outbox.drain():
            reactions += done
        return Worked(placed, reactions, jobs)
    finally:
        settle_times(settings.PENHOLDER_HOME)


def work_until(stop: Event, *, pause: float = PAUSE) -> None:
    """Look again and again until `stop` is set. A failure is logged by its code and does not end it."""
    while not stop.is_set():
        close_old_connections()
        try:
            done = work_once()
            for job in done.jobs:
                if job.failure:
                    _log.error("job %s failed: %s", job.name, job.failure)
        except PenholderError as error:
            _log.exception("worker: %s", error.code)
        except Exception as error:
            _log.error("worker: %s", type(error).__name__)
        stop.wait(pause)
    close_old_connections()
