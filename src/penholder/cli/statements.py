"""`penholder statements`: what was said beside what was held that day, and what is overdue."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import click

from penholder.cli.asking import Day
from penholder.cli.casework import start


@click.group("statements")
def command() -> None:
    """Public statements of the installation at PENHOLDER_HOME.

    Everything else is done by acts: `penholder act statements.record-statement`, …

    Example: penholder statements overdue
    """


@command.command("beside")
@click.argument("statement")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def beside(statement: str, *, as_json: bool) -> None:
    """What STATEMENT says, claim by claim beside what the assessment that was accepted that day says.

    Example: penholder statements beside SA-7f3k2m
    """
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.statements import queries  # noqa: PLC0415

    found = queries.statement(viewer=SYSTEM, id=statement)
    if as_json:
        values = asdict(found) | {"by_now": found.by_now.id if found.by_now else None}
        click.echo(json.dumps(values, default=str, indent=1, ensure_ascii=False))
        return
    click.echo(f"{found.said_on}, {found.place}, {found.speaker_role}, about {found.destination}")
    age = f"; its information was {found.age.days} days old" if found.age else ""
    held = f"version {found.number} ({found.assessed}){age}" if found.assessed else "none"
    click.echo(f"Accepted that day: {held}")
    if found.is_link_late:
        click.echo(f"Recorded later: {found.by_now.id if found.by_now else 'none'} was accepted that day")
    for claim in found.beside:
        click.echo(f"{claim.number}. “{claim.claim.words}”")
        for part in claim.held:
            where = f"{part.part} ({part.limb})" if part.limb else part.part
            click.echo(f"   {where}: {part.finding or 'none was accepted that day'}")


@command.command("overdue")
@click.option("--on", type=Day(), help="On this day. Default: today.")
def overdue(on: date | None) -> None:
    """Promises that are overdue, one a line: id, due day, days, words. At most 200.

    Example: penholder statements overdue --on 2024-05-31
    """
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.statements import queries  # noqa: PLC0415

    for one in queries.promises(viewer=SYSTEM, overdue=True, on=on, limit=200).items:
        click.echo(f"{one.id}  due {one.due}  {one.days_overdue} days  {one.words}")
