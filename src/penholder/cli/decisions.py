"""`penholder decisions`: what was decided against advice, or while a question was open, and on what."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import click

from penholder.cli.asking import Day
from penholder.cli.casework import start


@click.group("decisions")
def command() -> None:
    """Decisions on cases of the installation at PENHOLDER_HOME.

    Everything else is done by acts: `penholder act casework.decide-case`, `casework.issue-notice`, …

    Example: penholder decisions list --against-lead
    """


@command.command("list")
@click.option("--against-lead", is_flag=True, help="Only those against the advice of a lead adviser.")
@click.option("--open-question", is_flag=True, help="Only those taken while a question about them was open.")
@click.option("--from", "first", type=Day(), help="Decided on this day or later.")
@click.option("--to", "last", type=Day(), help="Decided before this day.")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="Whole, as JSON.")
def list_decisions(
    *,
    against_lead: bool,
    open_question: bool,
    first: date | None,
    last: date | None,
    known: date | None,
    as_json: bool,
) -> None:
    """Decisions, newest first, with the reasons that were given for going against advice. At most 200.

    Example: penholder decisions list --against-lead --from 2024-01-01
    """
    start()
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.casework.decided import decisions  # noqa: PLC0415
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415

    found = decisions(
        viewer=SYSTEM,
        against_lead=against_lead or None,
        open_question=open_question or None,
        since=first,
        until=last,
        known=day_of(known),
        limit=200,
    ).items
    if as_json:
        click.echo(json.dumps([asdict(d) for d in found], default=_text, indent=1, ensure_ascii=False))
        return
    for one in found:
        limbs = f" on {', '.join(one.limbs)}" if one.limbs else ""
        click.echo(f"{one.id}  {one.decided_on}  {one.outcome}{limbs}  case {one.case}")
        if one.decision is None:
            continue
        for advice in one.decision.against:
            lead = " (lead)" if advice.is_lead else ""
            under = f", clear risk under {', '.join(advice.limbs)}" if advice.limbs else ""
            click.echo(f"    against {advice.department}{lead}{under}")
        for words in (one.decision.against_reasons, one.decision.gate_reasons):
            if words:
                click.echo(f"    because: {words}")
        if one.decision.gates:
            click.echo(f"    while open: {', '.join(one.decision.gates)}")
    click.echo(f"{len(found)} decisions")


@command.command("information")
@click.argument("decision")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def information_of(decision: str, known: date | None, *, as_json: bool) -> None:
    """How old the information of DECISION was, what had come in later, who did not wait for it, and why.

    Example: penholder decisions information DE-7f3k2m
    """
    start()
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.casework.decided import information  # noqa: PLC0415
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415

    found = information(viewer=SYSTEM, decision=decision, known=day_of(known))
    if as_json:
        click.echo(json.dumps(asdict(found), default=_text, indent=1, ensure_ascii=False))
        return
    click.echo(f"{found.decision} on {found.case}, decided on {found.decided_on} by {', '.join(sorted(found.by))}")
    for cited in found.cited:
        over = f"over the limit of {cited.limit}" if cited.is_over else f"limit {cited.limit}"
        click.echo(f"  {cited.version}: information until {cited.cutoff}, {cited.days} days old, {over}")
        later = ", ".join(cited.later) or "none"
        click.echo(f"    recorded later, before the decision, not considered: {later}")
    if not found.cited:
        click.echo("  cites no assessment")
    for department, limb, cutoff in found.cutoffs:
        click.echo(f"  {department}, {limb}: looked at events until {cutoff or 'not stated'}")
    click.echo(f"  why nobody waited: {found.stale_reasons or 'not said; nothing was over its limit'}")


def _text(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)
