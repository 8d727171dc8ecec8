"""`penholder cases`: files on their way in, limbs that were addressed, what end users undertook."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from penholder.cli.asking import Day
from penholder.cli.casework import start
from penholder.kernel.counts import many
from penholder.kernel.errors import InputError

_PROMISES = ("no_weapons_of_mass_destruction", "no_re_export_without_consent", "final_use_stated")


@click.group("cases")
def command() -> None:
    """Cases of the installation at PENHOLDER_HOME.

    Everything else is done by acts: `penholder act casework.start-application`, `casework.record-advice`, …

    Example: penholder cases limbs AP-7f3k2m --on 2024-04-08
    """


@command.command("send")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "kind", type=click.Choice(("undertaking", "list")), required=True, help="What it is.")
def send_file(file: Path, kind: str) -> None:
    """Check and encrypt FILE, and print its handle.

    Name it in `penholder act casework.set-parties` or `casework.load-list`. Nothing is recorded by that: a file
    that no act takes in is kept by nobody.

    Example: penholder cases send undertaking.pdf --as undertaking
    """
    start(site="authority")
    from penholder.casework.files import send_list, send_undertaking  # noqa: PLC0415 - loads Django

    send = send_undertaking if kind == "undertaking" else send_list
    try:
        with file.open("rb") as stream:
            handle = send(stream, name=file.name)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}") from error
    click.echo(str(handle))


@command.command("limbs")
@click.argument("case")
@click.option("--on", type=Day(), help="By the rule set in force on this day. Default: today.")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="With grounds, evidence and gaps, as JSON.")
def limbs_of(case: str, on: date | None, known: date | None, *, as_json: bool) -> None:
    """For every limb in force: was it addressed in CASE, by whom, on what evidence?

    Example: penholder cases limbs AP-7f3k2m --on 2024-04-08
    """
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.casework.queries import limbs  # noqa: PLC0415
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415

    found = limbs(viewer=SYSTEM, case=case, on=on, known=day_of(known))
    if as_json:
        click.echo(json.dumps(asdict(found), default=str, indent=1, ensure_ascii=False))
        return
    for limb in found.limbs:
        click.echo(f"{limb.rule}  {limb.title}{' (text not verified)' if limb.caution else ''}")
        for one in limb.addressed:
            said = f"{one.finding}, risk {one.risk}, use {one.use}, version {one.number} ({one.advice})"
            cited = ", ".join(one.evidence) or "no evidence cited"
            unknown = f"; not known: {len(one.gaps)}" if one.gaps else ""
            click.echo(f"    {one.department}: {said.replace('_', ' ')}; {cited}{unknown}")
        if not limb.addressed:
            click.echo("    not addressed")
    click.echo(
        f"{len(found.limbs)} limbs of {found.rule_set} on {found.on}: {len(found.unaddressed)} not addressed"
    )


@command.command("assurances")
@click.option("--promise", type=click.Choice(_PROMISES), help="Only those that undertake this.")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_assurances(promise: str | None, known: date | None, *, as_json: bool) -> None:
    """What end users undertook, and what checks were made after export.

    Example: penholder cases assurances --promise no_re_export_without_consent
    """
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.casework.assurances import Promise, assurances  # noqa: PLC0415
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415

    asked = Promise(promise) if promise else None
    found = assurances(viewer=SYSTEM, promise=asked, known=day_of(known))
    if as_json:
        click.echo(json.dumps([asdict(a) for a in found], default=str, indent=1, ensure_ascii=False))
        return
    for one in found:
        named = one.licence or f"{one.case} ({one.status})"
        click.echo(f"{named}  {one.party}, {one.place}, signed {one.signed_on}; checks after export: {one.checks}")
        for said in one.promises:
            click.echo(f"    {said.replace('_', ' ')}")
    click.echo(f"{many(len(found), 'undertaking')}; checks made after export: none")
