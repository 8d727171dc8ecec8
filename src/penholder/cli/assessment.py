"""`penholder assessment`: what may be cited on a day, and what changed on the way to the decider."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import click

from penholder.cli.asking import Day
from penholder.cli.casework import start


@click.group("assessment")
def command() -> None:
    """Assessments of the installation at PENHOLDER_HOME.

    Everything else is done by acts: `penholder act assessment.save-version`, `assessment.request-change`, …

    Example: penholder assessment current XV --on 2024-04-08
    """


@command.command("current")
@click.argument("destination")
@click.option("--on", type=Day(), required=True, help="The day.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def current(destination: str, on: date, *, as_json: bool) -> None:
    """What was accepted for DESTINATION (a code) on a day: cut-off, age, later evidence, risk per use class.

    Example: penholder assessment current XV --on 2024-04-08
    """
    start(site="authority")
    from penholder.assessment import queries  # noqa: PLC0415 - loads Django

    found = queries.all_current_on(destination, on)
    answers = [
        {
            "assessment": a.assessment,
            "version": a.id,
            "number": a.number,
            "party": a.party,
            "accepted_on": a.accepted_on,
            "age": asdict(queries.age(a, on=on)),
            "loops": a.loops,
            "risk": dict(a.risk),
            "later_evidence": queries.later_evidence(a, until=on),
        }
        for a in found
    ]
    if as_json:
        click.echo(json.dumps(answers, default=str, indent=1, ensure_ascii=False))
        return
    if not found:
        click.echo(f"No assessment of {destination} was accepted on {on}.")
    for a in found:
        age, later = queries.age(a, on=on), queries.later_evidence(a, until=on)
        over = f", over the limit of {age.limit}" if age.is_over else f", limit {age.limit}"
        click.echo(
            f"{a.party}: version {a.number} ({a.id}), accepted on {a.accepted_on}, returned {a.loops} times"
        )
        click.echo(f"  information until {a.cutoff}: {age.days} days before {on}{over}")
        click.echo(f"  {len(later)} reports recorded after that and before {on}, not considered")
        for use, finding in a.risk.items():
            click.echo(f"  {use:<24}{finding}")


@command.command("changes")
@click.argument("assessment")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the wording.")
def changes(assessment: str, *, as_json: bool) -> None:
    """From the first full draft of ASSESSMENT to what the decider saw: findings, who asked, links that are gone.

    Example: penholder assessment changes AS-7f3k2m
    """
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.assessment import queries  # noqa: PLC0415

    kept = queries.kept_diff(viewer=SYSTEM, assessment=assessment)
    found = queries.diff(viewer=SYSTEM, before=kept[0], after=kept[1]) if kept else None
    if as_json:
        click.echo(json.dumps(asdict(found) if found else None, default=str, indent=1, ensure_ascii=False))
        return
    if found is None:
        click.echo("No version was put before the decider.")
        return
    click.echo(f"From version {found.before.number} to version {found.after.number}")
    click.echo(f"Findings that changed: {len(found.diff.findings)}")
    for change in found.diff.findings:
        click.echo(f"  {change.part} {change.what}: {change.before or 'none'} -> {change.after or 'none'}")
    click.echo(f"Evidence cited no more: {len(found.diff.gone)}")
    for evidence in found.diff.gone:
        click.echo(f"  {evidence}")
    click.echo(f"Change requests: {len(found.requests)}")
    for request in found.requests:
        click.echo(f"  on version {request.number}, {request.requested_by}: {request.what} ({request.why})")
    click.echo(f"Texts worded anew: {len(found.diff.wording)}")
