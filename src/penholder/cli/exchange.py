"""`penholder exchange`: on the authority's side of the exchange with the site of concerns."""

from __future__ import annotations

import click

from penholder.cli.casework import start
from penholder.kernel.errors import InputError


@click.command("exchange", epilog="Example: penholder exchange")
def command() -> None:
    """Write the signed list of what concerns can be about and of who took part, and take in the open questions.

    People are named by references that only the other site can compare, with the key of the exchange. Run it once
    a
    day, and after decisions; carry the files of the folder `exchange` there and back.
    """
    start(site="authority")
    from penholder.actions.moment import today  # noqa: PLC0415
    from penholder.cli.exchange_targets import targets  # noqa: PLC0415
    from penholder.custody.exchange import TARGETS, write_signed  # noqa: PLC0415

    found = targets()
    write_signed(TARGETS, {"made_on": today().isoformat(), "targets": found})
    click.echo(f"wrote {len(found):,} things that a concern can be about")
    click.echo(_take_in())


def _take_in() -> str:
    from penholder.actions.action import perform  # noqa: PLC0415
    from penholder.actions.errors import InvalidError  # noqa: PLC0415
    from penholder.actions.values import SYSTEM  # noqa: PLC0415
    from penholder.custody.exchange import GATES, read_signed  # noqa: PLC0415
    from penholder.restrictions.actions import import_gates  # noqa: PLC0415

    found = read_signed(GATES)
    if found is None:
        return "no list of open questions is there"
    try:
        done = perform(import_gates, SYSTEM, made_on=found["made_on"], gates=found["gates"])
    except (InvalidError, KeyError) as error:
        raise InputError("the list of open questions cannot be read by this version", hint="upgrade") from error
    return f"took in {done.result:,} open questions, of {found['made_on']}"
