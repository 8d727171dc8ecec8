"""`penholder confirm-reset`: the second word for a reset of a sign-in, where there is one administrator."""

from __future__ import annotations

import click

from penholder.cli.casework import start


@click.command(
    "confirm-reset",
    epilog='Example: penholder confirm-reset S-7f3k2m --why "rang the number on file"',
)
@click.argument("reset")
@click.option("--why", required=True, help="How you know that the person wants it; it stays on record.")
def command(reset: str, why: str) -> None:
    """Confirm, on the server, a reset of a sign-in that an administrator asked for.

    RESET is its id (S-…). It takes two to reset the sign-in of whoever decides, signs, administers or reads
    restricted fields. Where there are two administrators for it, one of them confirms on the site, and this is
    refused. The published log shows that this command was used. Works where PENHOLDER_HOME is.
    """
    start()
    from penholder.actions.action import perform  # noqa: PLC0415 - loads Django
    from penholder.actions.values import SYSTEM  # noqa: PLC0415
    from penholder.people.actions import confirm_sign_in_reset_on_server  # noqa: PLC0415

    receipt = perform(confirm_sign_in_reset_on_server, SYSTEM, reset=reset, why=why)
    click.echo(f"the sign-in of {receipt.result} is reset; the log shows that it was confirmed here")
    click.echo(f"They open this once, with your site before it: {receipt.details['invitation']}")
