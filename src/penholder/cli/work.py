"""`penholder work`: reactions and scheduled jobs, until it is stopped."""

from __future__ import annotations

import signal
from threading import Event
from typing import Any

import click

from penholder.cli.casework import start
from penholder.kernel.errors import EXIT_DONE, EXIT_FINDINGS


@click.command("work", epilog="Example: penholder work --once")
@click.option(
    "--once", is_flag=True, help="Do what is due, then end: for a timer. Exits with 1 where a job failed."
)
@click.pass_context
def command(context: click.Context, *, once: bool) -> None:
    """Do what must happen because something happened, or because time has passed."""
    home = start()
    from penholder.custody.in_use import using  # noqa: PLC0415
    from penholder.custody.selfcheck import check_up_to_date  # noqa: PLC0415
    from penholder.custody.worker import work_once, work_until  # noqa: PLC0415

    check_up_to_date()
    with using(home.path):
        if not once:
            stop = Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, _setter(stop))
            work_until(stop)
            return
        done = work_once()
    click.echo(f"{done.reactions} reactions, {len(done.jobs)} jobs, {done.placed} entries placed")
    failed = [job for job in done.jobs if job.failure]
    for job in failed:
        click.echo(f"{job.name} failed: {job.failure}", err=True)
    context.exit(EXIT_FINDINGS if failed else EXIT_DONE)


def _setter(stop: Event) -> Any:
    return lambda *_: stop.set()
