"""`penholder init`: a home, its keys, its tables, its first entries, and the first administrator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from penholder.cli.casework import start, wanted_home
from penholder.kernel.home import ENVIRONMENTS, SITES

_FILE = click.Path(path_type=Path, dir_okay=False)


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
@click.option("--site", type=click.Choice(SITES), default=SITES[0], show_default=True, help="Which of the three.")
@click.option(
    "--outside",
    metavar="NAME",
    default="",
    help="Site of concerns: the instance outside the authority at its top.",
)
@click.option("--administrator", metavar="EMAIL", help="Invite the first administrator.")
@click.option("--environment", type=click.Choice(ENVIRONMENTS), default=ENVIRONMENTS[0], show_default=True)
@click.option("--host", "hosts", multiple=True, help="Name under which the site is served; may be repeated.")
@click.option("--database-url", help="postgresql://USER@HOST:5432/NAME; default: SQLite in the home.")
@click.option(
    "--database-password-file",
    type=_FILE,
    help="File with the password of USER; copied into the secrets. Else PGPASSFILE or ~/.pgpass count.",
)
@click.option("--database-owner", default="", help="PostgreSQL role that owns the tables.")
@click.option(
    "--owner-password-file", type=_FILE, help="File with the password of the owner; copied into the secrets."
)
@click.option("--database-writer", default="", help="PostgreSQL role that acts take to write.")
def command(
    home: Path | None,
    *,
    origin: str,
    authority: str,
    site: str,
    outside: str,
    administrator: str | None,
    environment: str,
    hosts: tuple[str, ...],
    database_url: str | None,
    database_password_file: Path | None,
    database_owner: str,
    owner_password_file: Path | None,
    database_writer: str,
) -> None:
    """Make a new installation: folders, keys, tables, the first entries of its ledger.

    Refuses where there is one already; nothing is ever overwritten, and a failure leaves nothing.
    """
    from penholder.custody.install import Wishes, adopt, check_free, discard, draft_home  # noqa: PLC0415

    place = wanted_home(home)
    check_free(place)
    files = (database_password_file, owner_password_file)
    database, password, owner_password = _database(database_url, database_owner, database_writer, files)
    named = hosts or ("localhost", "127.0.0.1")
    wishes = Wishes(
        origin, authority, environment, named, database, password, owner_password, site, _ladder(site, outside)
    )
    draft = draft_home(place, wishes)
    try:
        invitation = _found(draft.path, administrator)
        adopt(draft, place)
        _settle(place)
    except BaseException:
        discard(draft.path)
        raise
    click.echo("\n".join(_next(place, invitation, has_owner_password=bool(owner_password))))
    click.echo((place / "verifier-key").read_text(encoding="utf-8"), nl=False)


def _settle(place: Path) -> None:
    from penholder.custody.day_times import settle_times  # noqa: PLC0415 - needs Django

    settle_times(place)


def _ladder(site: str, outside: str) -> tuple[dict[str, Any], ...]:
    """The levels of a site of concerns. Raises: LadderError: none of them is outside."""
    from penholder.concerns.errors import LadderError  # noqa: PLC0415
    from penholder.concerns.policy.ladder import read_ladder, usual_ladder  # noqa: PLC0415
    from penholder.custody.errors import InstallationError  # noqa: PLC0415

    if site != "concerns":
        if outside:
            raise InstallationError("--outside belongs to --site concerns", hint="leave it out")
        return ()
    if not outside.strip():
        raise LadderError(
            "a site of concerns names an instance outside the authority: without it the channel does not open",
            hint='give --outside "..."; nothing was made',
        )
    levels = usual_ladder(outside)
    read_ladder(levels)
    return levels


def _database(
    url: str | None, owner: str, writer: str, files: tuple[Path | None, Path | None]
) -> tuple[dict[str, str], str, str]:
    """The keys of `[database]`, and the passwords of the application and of the owner."""
    from penholder.custody.errors import InstallationError  # noqa: PLC0415
    from penholder.custody.install import database_of_url, read_password  # noqa: PLC0415

    if url is None and (owner or writer or any(files)):
        raise InstallationError(
            "roles and passwords of a database are given, and no database", hint="give --database-url too"
        )
    if files[1] is not None and not owner:
        raise InstallationError("the password of no owner is given", hint="give --database-owner ROLE too")
    if url is None:
        return {}, "", ""
    application, of_owner = (read_password(file) if file else "" for file in files)
    return database_of_url(url) | {"owner": owner, "writer": writer}, application, of_owner


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
    from penholder.actions.errors import InvalidError  # noqa: PLC0415
    from penholder.actions.values import SYSTEM  # noqa: PLC0415
    from penholder.custody.errors import InstallationError  # noqa: PLC0415
    from penholder.people.actions.accounts import bootstrap_administrator  # noqa: PLC0415

    try:
        receipt = perform(bootstrap_administrator, SYSTEM, address=email)
    except InvalidError as error:
        raise InstallationError(
            f"--administrator {email} is no e-mail address",
            hint="it has a name, @ and a host, like administrator-1@ardenia.invalid",
        ) from error
    return str(receipt.details["invitation"])


def _next(home: Path, invitation: str, *, has_owner_password: bool) -> list[str]:
    from penholder.custody.install import OWNER_PASSWORD  # noqa: PLC0415

    recovery, owner = home / "secrets" / "recovery-key", home / "secrets" / OWNER_PASSWORD
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
        lines += [
            "4. The first administrator opens this once, while `penholder serve` runs (from another machine with",
            "   the address of your site in place of http://127.0.0.1:8000):",
            f"   http://127.0.0.1:8000{invitation}",
        ]
    if has_owner_password:
        lines.append(f"{5 if invitation else 4}. Take {owner} away: only `upgrade` and `restore` need it.")
    return [*lines, "", "Then: penholder ledger publish · penholder serve · penholder doctor", ""]
