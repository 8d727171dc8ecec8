"""`penholder ledger`: publish it, change its key, give a receipt, name its witnesses."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import click

from penholder.cli.casework import start
from penholder.kernel.errors import NotKnownError
from penholder.ledger.policy import PolicyVerdict


@click.group("ledger", epilog="Example: penholder ledger publish --to public/ledger")
def command() -> None:
    """Publish the ledger, change its key, give receipts, name its witnesses."""


@command.command(
    "publish",
    short_help="Write what is new as static files, and its signed head.",
    epilog="Example: penholder ledger publish --to public/ledger --cosignatures from-witnesses",
)
@click.option(
    "--to", type=click.Path(path_type=Path, file_okay=False), help="Folder; default: published/ in the home."
)
@click.option(
    "--cosignatures",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder with the notes of witnesses; default: cosignatures/ in the published folder.",
)
@click.option("--hold", is_flag=True, help="Do not grow: only add cosignatures to the head that is published.")
def publish_command(to: Path | None, *, cosignatures: Path | None, hold: bool) -> None:
    """Write what is new in the ledger as static files, and its signed head.

    Nothing is signed that does not extend what is published already.
    """
    home = start(check=False)
    from penholder.custody.publish import publish  # noqa: PLC0415

    progress = _progress if sys.stderr.isatty() else None
    done = publish(to or home.published, cosignatures=cosignatures, hold=hold, progress=progress)
    new = done.head.size - done.before
    click.echo(f"published {done.head.size:,} entries ({new:,} new) to {done.folder}")
    click.echo(f"root {base64.b64encode(done.head.root).decode()}")
    click.echo(witnessed_words(done.verdict))
    for name in done.left_out:
        click.echo(f"left out: {name}", err=True)


def witnessed_words(verdict: PolicyVerdict) -> str:
    """How far a head is witnessed."""
    if verdict.witnessed:
        return f"witnessed by {', '.join(verdict.signed)}"
    if not verdict.needed:
        return "UNWITNESSED: no policy asks for outside witnesses; `penholder ledger witnesses` names them"
    asked = f"{verdict.needed} outside witness{'' if verdict.needed == 1 else 'es'}"
    signed = f" ({', '.join(verdict.signed)})" if verdict.signed else ""
    return f"UNWITNESSED: the policy asks for {asked}, {len(verdict.signed)} signed{signed}"


def _progress(done: int, whole: int) -> None:
    if done == whole or done % 25_600 == 0:
        click.echo(f"\r{done:,} of {whole:,} entries", nl=done == whole, err=True)


@command.command(
    "rotate-key",
    short_help="Announce a new signing key; the old one signs that, and is destroyed.",
    epilog="Example: penholder ledger rotate-key",
)
@click.option(
    "--recovery-key",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The recovery key, where the signing key is lost or stolen.",
)
def rotate_command(recovery_key: Path | None) -> None:
    """Announce a new signing key in the ledger; the old key signs the announcement, and is destroyed then.

    Whoever trusts the first key can follow. Publish afterwards.
    """
    start(check=False)
    from penholder.custody.rotation import rotate  # noqa: PLC0415

    done = rotate(recovery_key)
    click.echo(f"new key: {done.new_key}")
    click.echo(f"it signs heads above size {done.sealed_at:,}; {done.vouched_by} vouches for it")
    click.echo("now: penholder ledger publish")


@command.command(
    "receipt",
    short_help="Give the receipt of an act: a proof that it is in the ledger.",
    epilog="Example: penholder ledger receipt 0k3v9f7w1x2m4n5p6q8r9s0t1v > act.tlog-proof",
)
@click.argument("which", metavar="RUN|PLACE")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File; default: standard output."
)
def receipt_command(which: str, *, output: Path | None) -> None:
    """Give the receipt of an act: a proof, checked by `penholder verify` without us, that it is in the ledger.

    WHICH is the run of the act (it stands in its receipt page), or the place of an entry.
    """
    start(check=False)
    from penholder.custody.receipts import receipts_of  # noqa: PLC0415

    found = receipts_of(which)
    if output is None and len(found) > 1:
        raise NotKnownError(
            f"this act has {len(found)} entries", hint="give -o FILE: each gets a file with its place in the name"
        )
    for place, text in found:
        if output is None:
            click.echo(text, nl=False)
            continue
        path = output if len(found) == 1 else output.with_name(f"{output.stem}-{place}{output.suffix}")
        path.write_text(text, encoding="utf-8")
        click.echo(f"wrote {path}", err=True)


@command.command(
    "witnesses",
    short_help="Name the outside witnesses; without any, show who is asked now.",
    epilog="Example: penholder ledger witnesses --witness library=KEY --witness ngo=KEY --needed 2",
)
@click.option("--witness", "named", multiple=True, metavar="NAME=VKEY", help="A witness and its key; repeat it.")
@click.option("--needed", type=click.IntRange(min=0), help="How many must sign.  [default: 2]")
def witnesses_command(named: tuple[str, ...], *, needed: int | None) -> None:
    """Announce whose cosignatures a published head needs; without any, show what is asked for now."""
    if needed is not None and not named:
        raise click.UsageError("--needed belongs to the witnesses: name all of them with --witness NAME=VKEY")
    start(check=False)
    from penholder.custody.keyring import policy_at  # noqa: PLC0415
    from penholder.custody.rotation import name_witnesses  # noqa: PLC0415

    if named:
        name_witnesses(dict(_named(text) for text in named), needed=2 if needed is None else needed)
    click.echo(policy_at(None), nl=False)


def _named(text: str) -> tuple[str, str]:
    name, equals, key = text.partition("=")
    if not equals or not name or not key:
        raise click.BadParameter(f"{text!r} is not NAME=VKEY")
    return name, key
