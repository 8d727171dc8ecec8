"""`penholder init`: a home, its keys, its tables, its first entries, and the first administrator."""

from __future__ import annotations

from pathlib import Path

import click

from penholder.cli.casework import start, wanted_home
from penholder.kernel.home import ENVIRONMENTS


@click.command(
    "init",
    epilog='Example: penholder init --origin ledger.ardenia.invalid/log --authority "Authority of Ardenia" '
    "--administrator administrator-1@ardenia.invalid",
)
@click.option(
    "--home", type=click.Path(path_type=Path), help="Folder; default: PENHOLDER_HOME, or ./penholder-data."
)
@click.option(
    "--origin", required=True, help="Name of the ledger: a host name and a path. It can never be changed."
)
@click.option("--authority", required=True, help="Name of the licensing authority, as pages show it.")
@click.option("--administrator", metavar="EMAIL", help="Invite the first administrator.")
@click.option("--environment", type=click.Choice(ENVIRONMENTS), default=ENVIRONMENTS[0], show_default=True)
@click.option("--host", "hosts", multiple=True, help="Name under which the site is served; may be repeated.")
@click.option("--database-url", help="postgresql://USER@HOST:5432/NAME; default: SQLite in the home.")
@click.option("--database-owner", default="", help="PostgreSQL role that owns the tables.")
@click.option("--database-writer", default="", help="PostgreSQL role that acts take to write.")
def command(
    home: Path | None,
    *,
    origin: str,
    authority: str,
    administrator: str | None,
    environment: str,
    hosts: tuple[str, ...],
    database_url: str | None,
    database_owner: str,
    database_writer: str,
) -> None:
    """Make a new installation: folders, keys, tables, the first entries of its ledger.

    Refuses where there is one already; nothing is ever overwritten, and a failure leaves nothing.
    """
    from penholder.custody.install import (  # noqa: PLC0415
        Wishes,
        adopt,
        check_free,
        database_of_url,
        discard,
        draft_home,
    )

    place = wanted_home(home)
    check_free(place)
    database, password = database_of_url(database_url) if database_url else ({}, "")
    if database:
        database |= {"owner": database_owner, "writer": database_writer}
    named = hosts or ("localhost", "127.0.0.1")
    draft = draft_home(place, Wishes(origin, authority, environment, named, database, password))
    try:
        invitation = _found(draft.path, administrator)
        adopt(draft, place)
    except BaseException:
        discard(draft.path)
        raise
    click.echo("\n".join(_next(place, invitation)))
    click.echo((place / "verifier-key").read_text(encoding="utf-8"), nl=False)


def _found(draft: Path, administrator: str | None) -> str:
    start(draft, check=False)
    from django.db import connections  # noqa: PLC0415

    from penholder.custody.founding import found_ledger  # noqa: PLC0415
    from penholder.vault.store import keys  # noqa: PLC0415

    try:
        found_ledger()
        return _invite(administrator) if administrator else ""
    finally:
        connections.close_all()
        keys().close()


def _invite(email: str) -> str:
    from penholder.actions.action import perform  # noqa: PLC0415
    from penholder.actions.values import SYSTEM  # noqa: PLC0415
    from penholder.people.actions.accounts import bootstrap_administrator  # noqa: PLC0415

    receipt = perform(bootstrap_administrator, SYSTEM, address=email)
    return str(receipt.details["invitation"])


def _next(home: Path, invitation: str) -> list[str]:
    recovery = home / "secrets" / "recovery-key"
    lines = [
        f"made {home}",
        "",
        "Do now:",
        f"1. Move {recovery} to a medium that is kept away from this machine: who loses the",
        "   signing key needs it, and nobody else does.",
        "2. Copy the keys regularly (`penholder backup --keys-to DIR`), to another place than",
        "   the backups: without the keys no private field can be read, with them erasure would be undone.",
        f"3. Give {home / 'verifier-key'} (below) to whoever shall verify: on paper, not only on your site.",
    ]
    if invitation:
        lines.append(f"4. The first administrator opens this once, with your site before it: {invitation}")
    return [*lines, "", "Then: penholder ledger publish · penholder serve · penholder doctor", ""]
