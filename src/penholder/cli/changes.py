"""`penholder changes`: why a count of suspended lines moved, and how a decision reached the world."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime

import click

from penholder.cli.asking import Day
from penholder.cli.casework import start
from penholder.kernel.counts import many


@click.group("changes")
def command() -> None:
    """Changes of circumstances of the installation at PENHOLDER_HOME.

    Everything else is done by acts: `penholder act review.propose-trigger`, `review.run-stocktake`, …

    Example: penholder changes bridge --from 2024-09-02 --to 2024-12-11
    """


@command.command("bridge")
@click.option("--from", "first", type=Day(), required=True, help="The first day.")
@click.option("--to", "last", type=Day(), required=True, help="The last day.")
@click.option("--destination", default="", help="Only lines that go there (a code). Default: all.")
@click.option("--first-known", type=Day(), help="As known when the first count was made. Default: as --known.")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="With every move, as JSON.")
def bridge(
    first: date, last: date, *, destination: str, first_known: date | None, known: date | None, as_json: bool
) -> None:
    """Why the count of suspended lines on one day became that on another: every move, and what is left over.

    Example: penholder changes bridge --from 2024-09-02 --to 2024-12-11 --destination XV
    """
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415
    from penholder.register.counting import count_bridge  # noqa: PLC0415

    found = count_bridge(
        viewer=SYSTEM,
        first=first,
        last=last,
        destination=destination,
        first_known=day_of(first_known),
        known=day_of(known),
    )
    if as_json:
        click.echo(json.dumps(asdict(found), default=str, indent=1, ensure_ascii=False))
        return
    for name, one in (("lines", found.lines), ("licences", found.licences)):
        click.echo(f"Suspended {name}: {one.first} on {first}, {one.last} on {last}")
        for mover, (came, left) in one.by_mover().items():
            click.echo(f"  {mover:<12}{came:>+6}{-left:>+6}")
        click.echo(f"  not explained{one.remainder:>5}")
    if found.days_unknown:
        click.echo(f"{found.days_unknown} lines count from the day of the decision: no source says since when")


@command.command("facts")
@click.argument("change")
@click.argument("line")
def facts(change: str, line: str) -> None:
    """What would change the answer of the newest stocktake of CHANGE for LINE (licence:number), one fact a line.

    Example: penholder changes facts CC-7f3k2m L-7f3k2m:1
    """
    start()
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.review.open_facts import facts_of  # noqa: PLC0415

    found = facts_of(viewer=SYSTEM, change=change, name=line)
    for one in found.facts:
        then = f"if yes: {one.if_yes}, if no: {one.if_no}" if one.changes else "changes nothing alone"
        click.echo(f"{one.fact} [now {one.now}]  {then}; can say: {one.ask}")
    again = "" if found.is_as_run else f"; judged now: {found.use}, because the data changed since"
    click.echo(f"{line} is {found.line.engine}{again}")


@command.command("enforced")
@click.argument("change")
@click.option("--on", type=Day(), help="What is overdue on this day. Default: today.")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def enforced(change: str, on: date | None, known: date | None, *, as_json: bool) -> None:
    """Was each suspension of CHANGE enforced: holder told, customs acknowledged, and what left in between?

    Example: penholder changes enforced CC-7f3k2m
    """
    start(site="authority")
    from penholder.actions import moment  # noqa: PLC0415 - loads Django
    from penholder.actions.values import SYSTEM  # noqa: PLC0415
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415
    from penholder.review import queries  # noqa: PLC0415

    seen = queries.change(viewer=SYSTEM, id=change, known=day_of(known))
    found = sorted(seen.enforcement, key=lambda e: (e.effective_on, e.reference, e.lines))
    if as_json:
        click.echo(json.dumps([asdict(e) for e in found], default=str, indent=1, ensure_ascii=False))
        return
    day = on or moment.today()
    for one in found:
        lines = ", ".join(map(str, one.lines))
        click.echo(
            f"{one.reference} ({one.licence}), lines {lines}: suspended from {one.effective_on}; "
            f"holder told {_after(one.told_at, one.effective_on)}"
        )
        late = f", overdue since {one.due}" if one.is_overdue(day) else f", due {one.due}" if one.due else ""
        when = f"acknowledged {_after(one.acknowledged_at, one.effective_on)}"
        click.echo(f"  customs: {when if one.acknowledged_at else f'not acknowledged{late}'}")
        shipped = "; ".join(f"{on_} line {line}: {quantity:f} items" for on_, line, _, quantity in one.shipped)
        click.echo(f"  left in between: {shipped or 'nothing reported'}")
    overdue = sum(e.is_overdue(day) for e in found)
    click.echo(f"{many(len(found), 'suspension')}, {overdue} not acknowledged in time")


def _after(moment: datetime | None, day: date) -> str:
    if moment is None:
        return "not yet"
    return f"on {moment.date()} ({(moment.date() - day).days} days after)"
