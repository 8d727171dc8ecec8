"""`penholder publication`: what the public site shows, read from published folders."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from penholder.cli.casework import start


@click.group("publication", epilog="Example: penholder publication load published/ --key key-from-paper.txt")
def command() -> None:
    """What the public site shows: published ledgers, verified and read into a projection."""


@command.command(
    "load",
    short_help="Verify a published folder, and show what it says.",
    epilog="\b\nExamples:\n"
    "  penholder publication load /srv/ledger --key key-from-paper.txt\n"
    "  penholder publication load /srv/concerns --log concerns",
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--log", type=click.Choice(("authority", "concerns")), default="authority", show_default=True)
@click.option("--key", metavar="FILE_OR_VKEY", help="A key of that log that you have from elsewhere.")
@click.option("--anew", is_flag=True, help="Read it again from entry 0; else only what is new is read.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def load_command(folder: Path, *, log: str, key: str | None, anew: bool, as_json: bool) -> None:
    """Verify FOLDER and show it up to its head. What does not verify is refused, and nothing changes.

    It must continue what is shown already. It says UNWITNESSED where the outside witnesses whom the policy of the
    log asks for have not signed. This is no act: it changes one file that pages only read.
    """
    from penholder.cli.verify import keys_given  # noqa: PLC0415
    from penholder.publication.load import as_document  # noqa: PLC0415

    home = start(check=False, site="public")
    from penholder.actions.moment import now  # noqa: PLC0415 - loads Django
    from penholder.publication.disclosure import disclosure  # noqa: PLC0415
    from penholder.publication.load import load  # noqa: PLC0415
    from penholder.publication.projection import FILE  # noqa: PLC0415

    loaded = load(
        folder,
        log=log,
        to=home.path / FILE,
        policy=disclosure(),
        now=now(),
        keys=keys_given(key),
        anew=anew,
        progress=_progress if sys.stderr.isatty() and not as_json else None,
    )
    if as_json:
        click.echo(as_document(loaded))
        return
    head = loaded.head
    new = head.size - loaded.before
    click.echo(f"loaded {head.origin}: {head.size:,} entries ({new:,} new, {loaded.public:,} of them public)")
    click.echo(f"root {head.root}")
    click.echo(_witnessed(witnessed=head.witnessed, signed=head.signed, needed=head.needed))
    for notice in loaded.notices:
        click.echo(f"note: {notice}", err=True)


@command.command("status", short_help="Say what is shown.", epilog="Example: penholder publication status")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def status_command(*, as_json: bool) -> None:
    """Say which logs are shown, up to which head, and whether they are witnessed."""
    home = start(check=False, site="public")
    from penholder.publication.load import shown_heads  # noqa: PLC0415
    from penholder.publication.projection import FILE  # noqa: PLC0415

    heads = shown_heads(home.path / FILE)
    if as_json:
        said = [{"log": h.log, "origin": h.origin, "size": h.size, "witnessed": h.witnessed} for h in heads]
        click.echo(json.dumps(said, indent=2))
        return
    for h in heads:
        click.echo(f"{h.log}: {h.origin}, {h.size:,} entries, root {h.root}")
        click.echo(f"  {_witnessed(witnessed=h.witnessed, signed=h.signed, needed=h.needed)}")


def _witnessed(*, witnessed: bool, signed: tuple[str, ...], needed: int) -> str:
    if witnessed:
        return f"witnessed by {', '.join(signed)}"
    if not needed:
        return "UNWITNESSED: the policy of the log asks for no outside witness"
    return f"UNWITNESSED: the policy of the log asks for {needed}, {len(signed)} signed"


def _progress(done: int, whole: int) -> None:
    if done == whole or done % 25_600 == 0:
        click.echo(f"\r{done:,} of {whole:,} entries", nl=done == whole, err=True)
