"""`penholder act`: do what the site does, from the command line, through the same door."""

from __future__ import annotations

import difflib
import sys

import click

from penholder.cli.casework import start
from penholder.cli.passphrase import passphrase_for
from penholder.kernel.errors import InputError


@click.command(
    "act",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False, "max_content_width": 100},
)
@click.argument("name", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(name: str | None, arguments: tuple[str, ...]) -> None:
    """List the acts, or do one.

    The actor is the person of the token in PENHOLDER_TOKEN. The act is checked, recorded and answered as on the
    site. Works where PENHOLDER_HOME is.

    \b
    penholder act
    penholder act register.suspend-lines --help
    penholder act register.suspend-lines --json suspension.json
    """
    start()
    from penholder.entry.cli import command_for, dashed, offered, spec_named  # noqa: PLC0415 - loads Django

    if name is None:
        for spec in offered():
            click.echo(f"{dashed(spec.name)}\t{spec.permission}\t{spec.summary}")
        return
    found = spec_named(name)
    if found is None:
        close = difflib.get_close_matches(dashed(name), [dashed(s.name) for s in offered()], n=1)
        hint = f"did you mean {close[0]!r}?" if close else "`penholder act` lists them"
        raise InputError(f"there is no act {name!r}", hint=hint)
    with passphrase_for(found.name, arguments):
        code = command_for(found).main(list(arguments), prog_name=f"penholder act {name}", standalone_mode=False)
    sys.exit(code if isinstance(code, int) else 0)
