"""`penholder restrictions`: what was granted under a moratorium; what an exemption lets through, day by day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal

import click

from penholder.cli.asking import Day
from penholder.cli.casework import start
from penholder.kernel.counts import many

_TRUTH = {True: "matches", False: "does not match", None: "not known"}


@click.group("restrictions")
def command() -> None:
    """Moratoria, exemptions and holds of the installation at PENHOLDER_HOME.

    Everything else is done by acts: `penholder act restrictions.propose-exemption`, `restrictions.lift-hold`, …

    Example: penholder restrictions grants MO-7f3k2m
    """


@command.command("grants")
@click.argument("moratorium")
@click.option("--on", type=Day(), help="By its destinations of this day. Default: today.")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def grants(moratorium: str, on: date | None, known: date | None, *, as_json: bool) -> None:
    """Which grants, amendments and reinstatements since the beginning of MORATORIUM match it.

    By its destinations on the day of each act, and by those of --on. Without an exemption there must be none.

    Example: penholder restrictions grants MO-7f3k2m --on 2024-12-31
    """
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415
    from penholder.restrictions.queries import matching  # noqa: PLC0415

    found = matching(viewer=SYSTEM, moratorium=moratorium, on=on, known=day_of(known))
    breaches = [m for m in found.found if m.is_breach]
    if as_json:
        click.echo(json.dumps(asdict(found), default=str, indent=1, ensure_ascii=False))
        return
    for one in found.found:
        by = f"; exempt by {', '.join(one.exemptions)}" if one.exemptions else ""
        missing = f"; not known: {', '.join(one.missing)}" if one.missing else ""
        click.echo(f"{one.subject} line {one.line}  {one.act} on {one.on}")
        click.echo(f"    by the destinations of that day: {_TRUTH[one.then]}; of {found.on}: {_TRUTH[one.now]}")
        if by or missing:
            click.echo(f"    {(by + missing).removeprefix('; ')}")
    click.echo(
        f"{found.looked_at} lines granted since {found.since} looked at: {len(found.found)} match or may match, "
        f"{len(breaches)} of them without an exemption"
    )


@command.command("days")
@click.argument("exemption")
@click.option("--to", "until", type=Day(), help="Up to this day. Default: today.")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
@click.option("--all", "whole", is_flag=True, help="Every day; otherwise only those on which something changed.")
@click.option("--json", "as_json", is_flag=True, help="Every day, with the lines, as JSON.")
def days(exemption: str, until: date | None, known: date | None, *, whole: bool, as_json: bool) -> None:
    """Which lines would be stopped but for EXEMPTION, each day since it was announced: value, and what was used.

    Example: penholder restrictions days EX-7f3k2m --to 2024-12-31
    """
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415
    from penholder.review.queries import exemption_days  # noqa: PLC0415

    found = exemption_days(viewer=SYSTEM, exemption=exemption, until=until, known=day_of(known))
    if as_json:
        click.echo(json.dumps([asdict(d) for d in found], default=str, indent=1, ensure_ascii=False))
        return
    before = ""
    for day in found:
        said = (
            f"{many(len(day.lines), 'line')} of {many(day.licences, 'licence')}, {_money(day.values)}; "
            f"used since: {_money(day.used)}; no record of use: {day.unreported}; not known: {len(day.unknown)}"
        )
        if whole or said != before:
            click.echo(f"{day.on}  {said}")
        before = said
    click.echo(f"{len(found)} days")


def _money(values: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{currency} {value:,.2f}" for currency, value in sorted(values.items())) or "no value"
