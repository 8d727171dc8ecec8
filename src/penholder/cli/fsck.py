"""`penholder fsck`: the stored books against themselves."""

from __future__ import annotations

import json
import sys

import click

from penholder.cli.casework import start
from penholder.kernel.errors import EXIT_DONE, EXIT_FINDINGS, EXIT_INTEGRITY

_SHOWN = 200


@click.command(
    "fsck",
    epilog="\b\nExit code: 0 all agrees; 1 acts that came back from published files are not settled;\n"
    "3 something differs.\n\n\b\nExample: penholder fsck --json",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per finding, a line each.")
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """Compute every hash anew, open every private field, replay every event against the tables.

    Says each difference with its place. Reads everything and changes nothing.
    """
    start(check=False)
    from penholder.custody.fsck import fsck  # noqa: PLC0415
    from penholder.custody.values import Level  # noqa: PLC0415

    counts = dict.fromkeys(Level, 0)
    for found in fsck(progress=_progress if sys.stderr.isatty() else None):
        counts[found.level] += 1
        if as_json:
            line = {"level": found.level, "where": found.where, "what": found.what, "hint": found.hint}
            click.echo(json.dumps(line, ensure_ascii=False))
        elif sum(counts.values()) <= _SHOWN:
            click.echo(f"{found.level}: {found.where}: {found.what}")
    if not as_json:
        click.echo(_summary(counts[Level.WRONG], counts[Level.REDO]))
    context.exit(EXIT_INTEGRITY if counts[Level.WRONG] else EXIT_FINDINGS if counts[Level.REDO] else EXIT_DONE)


def _summary(wrong: int, redo: int) -> str:
    if not wrong and not redo:
        return "all agrees"
    said = f"{wrong} differences, {redo} entries of acts to be done again"
    return f"{said}: do them, then settle each (docs/how-to/back-up-and-restore.md)" if redo else said


def _progress(done: int, whole: int) -> None:
    click.echo(f"\r{done:,} of {whole:,} entries", nl=done == whole, err=True)
