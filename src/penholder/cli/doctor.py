"""`penholder doctor`: is the installation well?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from penholder.cli.casework import start
from penholder.kernel.errors import EXIT_DONE, EXIT_FINDINGS

if TYPE_CHECKING:
    from penholder.custody.values import Finding


@click.command(
    "doctor",
    epilog="\b\nExit code: 0 well (a note is no fault); 1 something is wrong.\n\n"
    "\b\nExample: penholder doctor --json",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per finding, a line each.")
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """Look at tables, triggers, ledger, reactions, schedule, disk, publication, witnesses, keys and erasures."""
    home = start(check=False)
    from penholder.custody.doctor import CHECKS, examine  # noqa: PLC0415
    from penholder.custody.values import Level  # noqa: PLC0415

    found = list(examine())
    found += [*_people(), *_register()]
    if home.configuration.site == "concerns":
        from penholder.concerns import checks  # noqa: PLC0415

        found += checks.examine()
    wrong = sum(f.level is not Level.ATTEND for f in found)
    for one in found:
        if as_json:
            line = {"level": one.level, "where": one.where, "what": one.what, "hint": one.hint}
            click.echo(json.dumps(line, ensure_ascii=False))
        else:
            mark = "note" if one.level is Level.ATTEND else "WRONG"
            click.echo(f"{mark:5} {one.where}: {one.what}" + (f"\n      {one.hint}" if one.hint else ""))
    if not as_json:
        click.echo(f"{len(CHECKS)} checks: {wrong} wrong, {len(found) - wrong} notes")
    context.exit(EXIT_FINDINGS if wrong else EXIT_DONE)


def _register() -> list[Finding]:
    """What only the floor of the register can ask: which licences come from no case?"""
    from django.apps import apps  # noqa: PLC0415

    from penholder.custody.values import Finding, Level  # noqa: PLC0415

    if not apps.is_installed("penholder.register"):
        return []
    from penholder.register.origin import without_case_said  # noqa: PLC0415

    said = without_case_said()
    hint = "the register lists them: filter Comes from"
    return [Finding("register", said, Level.ATTEND, hint)] if said else []


def _people() -> list[Finding]:
    """What only the floor of people can ask: is the lookup key theirs?"""
    from django.apps import apps  # noqa: PLC0415

    from penholder.custody.values import Finding  # noqa: PLC0415

    if not apps.is_installed("penholder.people"):
        return []
    from penholder.people.checks import check_lookup_key  # noqa: PLC0415

    hint = "put back the copy that `penholder backup --keys-to` made; nothing else gives it again"
    return [Finding(found.where, found.what, hint=hint) for found in check_lookup_key()]
