"""`penholder waiting`: what waits for somebody, and what is late, as on their home page."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from penholder.cli.casework import start


@click.command("waiting")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(*, as_json: bool) -> None:
    """What waits for the person of the token in PENHOLDER_TOKEN, then what is late and they may know of.

    One a line: kind, day, what, about.

    Example: penholder waiting
    """
    start()
    from penholder.entry.cli import actor_here  # noqa: PLC0415 - loads Django
    from penholder.entry.waiting import waiting  # noqa: PLC0415

    found = waiting(actor_here())
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], default=str, indent=1, ensure_ascii=False))
        return
    for one in found:
        day = f"{'late, ' if one.is_late else ''}due {one.due}" if one.due else "no day is set"
        about = f"  {one.about}{f' ({one.title})' if one.title else ''}" if one.about else ""
        click.echo(f"{one.kind}  {day}  {one.what}{about}")
    mine = sum(one.mine for one in found)
    click.echo(f"{mine} wait for you, {sum(not one.mine for one in found)} more are late")
