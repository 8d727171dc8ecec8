"""`penholder decisions`: what was decided against advice, or while a question was open, and on what."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from penholder.cli.asking import Day
from penholder.cli.casework import start
from penholder.kernel.counts import many

if TYPE_CHECKING:
    from penholder.casework.decision_answers import DecisionView


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
    start(site="authority")
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
    named = _named([one.case for one in found] + [g for one in found if one.decision for g in one.decision.gates])
    for one in found:
        _list_one(one, named)
    click.echo(many(len(found), "decision"))


def _list_one(one: DecisionView, named: Callable[[str], str]) -> None:
    """A decision with what it went against, and why, in the words of its page."""
    from penholder.casework.web.words import department_words  # noqa: PLC0415 - loads Django
    from penholder.regime.regimes import rule_words  # noqa: PLC0415

    limbs = f" under {'; '.join(map(rule_words, one.limbs))}" if one.limbs else ""
    done = "granted" if one.outcome == "grant" else "refused"
    click.echo(
        f"{one.id}  {one.decided_on}  {done}{' on appeal' if one.on_appeal else ''}{limbs}  {named(one.case)}"
    )
    if one.decision is None:
        return
    for advice in one.decision.against:
        lead = ", a lead adviser" if advice.is_lead else ""
        under = f": clear risk under {'; '.join(map(rule_words, advice.limbs))}" if advice.limbs else ""
        click.echo(f"    against the advice of {department_words(advice.department)}{lead}{under}")
    for words in (one.decision.against_reasons, one.decision.gate_reasons):
        if words:
            click.echo(f"    because: {words}")
    for gate in one.decision.gates:
        click.echo(f"    while open: {named(gate)}")


def _named(ids: Iterable[str]) -> Callable[[str], str]:
    """What pages call cases, versions, evidence and open questions, each with its id behind; else the id alone."""
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.casework.queries import case_titles  # noqa: PLC0415
    from penholder.casework.web.called import called  # noqa: PLC0415

    wanted = set(ids)
    names = called(SYSTEM, wanted) | case_titles(viewer=SYSTEM, ids=wanted)
    return lambda name: f"{names[name][:1].upper()}{names[name][1:]} ({name})" if name in names else name


@command.command("information")
@click.argument("decision")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def information_of(decision: str, known: date | None, *, as_json: bool) -> None:
    """How old the information of DECISION was, what had come in later, who did not wait for it, and why.

    Example: penholder decisions information DE-7f3k2m
    """
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.casework.decided import information  # noqa: PLC0415
    from penholder.casework.web.words import department_words  # noqa: PLC0415
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415
    from penholder.people.queries import titles  # noqa: PLC0415
    from penholder.regime.regimes import rule_words  # noqa: PLC0415

    found = information(viewer=SYSTEM, decision=decision, known=day_of(known))
    if as_json:
        click.echo(json.dumps(asdict(found), default=_text, indent=1, ensure_ascii=False))
        return
    called = titles(found.by)
    named = _named([found.case, *(name for c in found.cited for name in (c.version, *c.later))])
    by = ", ".join(f"{called[p]} ({p})" if p in called else p for p in sorted(found.by))
    click.echo(f"{found.decision} on {named(found.case)}, decided on {found.decided_on} by {by}")
    for cited in found.cited:
        over = f"over the limit of {cited.limit}" if cited.is_over else f"limit {cited.limit}"
        click.echo(f"  {named(cited.version)}: information until {cited.cutoff}, {cited.days} days old, {over}")
        later = "; ".join(map(named, cited.later)) or "none"
        click.echo(f"    recorded later, before the decision, not considered: {later}")
    if not found.cited:
        click.echo("  cites no assessment")
    for department, limb, cutoff in found.cutoffs:
        until = cutoff or "not stated"
        click.echo(f"  {department_words(department)}, {rule_words(limb)}: looked at events until {until}")
    click.echo(f"  why nobody waited: {found.stale_reasons or 'not said; nothing was over its limit'}")


def _text(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


@command.command("refusals")
@click.option("--criterion", default="", help="Number of the criterion, for example 2. Default: all.")
@click.option("--from", "first", type=Day(), help="Decided on this day or later.")
@click.option("--to", "last", type=Day(), help="Decided before this day.")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="With the decisions, as JSON.")
def list_refusals(
    *, criterion: str, first: date | None, last: date | None, known: date | None, as_json: bool
) -> None:
    """On which limbs refusals rest. Published data that were imported name no limb: theirs is unknown.

    Example: penholder decisions refusals --criterion 2
    """
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.casework.figures import refusals_by_limb  # noqa: PLC0415
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415

    found = refusals_by_limb(viewer=SYSTEM, criterion=criterion, since=first, until=last, known=day_of(known))
    if as_json:
        click.echo(json.dumps(asdict(found), default=_text, indent=1, ensure_ascii=False))
        return
    for limb in found.by_limb:
        click.echo(f"{limb.refusals:>6,}  {limb.rule}  {limb.title}")
    if found.imported_unknown is not None:
        click.echo(
            f"{found.imported_unknown:>6,}  limb unknown: lines of published refusals under criterion {criterion}"
        )
    click.echo(f"{many(found.refusals, 'refusal')}; one can rest on several limbs")


@command.command("told")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_told(known: date | None, *, as_json: bool) -> None:
    """When the holders of licences were told of suspensions and revocations.

    Example: penholder decisions told
    """
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.casework.figures import told_holders  # noqa: PLC0415
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415
    from penholder.register.search import references  # noqa: PLC0415

    found = told_holders(viewer=SYSTEM, known=day_of(known))
    if as_json:
        click.echo(json.dumps([asdict(t) for t in found], default=_text, indent=1, ensure_ascii=False))
        return
    called = references(viewer=SYSTEM, ids={one.licence for one in found})
    for one in found:
        lines = ", ".join(map(str, one.lines))
        after = f"{one.seconds:,} seconds after it was recorded" if one.notice else "not told"
        click.echo(
            f"{called[one.licence]} ({one.licence}) line {lines}  {one.kind} of {one.decided_on}: "
            f"{one.notice or 'no notice'}, {after}"
        )
    untold = sum(not one.notice for one in found)
    click.echo(f"{len(found):,} suspensions and revocations; holder not told: {untold:,}")


@command.command("similar")
@click.option("--known", type=Day(), help="As our books held it at the end of this day. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="With the reasons, as JSON.")
def list_similar(known: date | None, *, as_json: bool) -> None:
    """Decisions of one month on cases with the same ratings and class of end user that ended differently.

    Example: penholder decisions similar
    """
    start(site="authority")
    from penholder.actions.values import SYSTEM  # noqa: PLC0415 - loads Django
    from penholder.casework.pairs import similar_pairs  # noqa: PLC0415
    from penholder.evidence.snapshot import day_of  # noqa: PLC0415

    found = similar_pairs(viewer=SYSTEM, known=day_of(known))
    if as_json:
        click.echo(json.dumps([asdict(p) for p in found], default=_text, indent=1, ensure_ascii=False))
        return
    named = _named(case for pair in found for case in pair.cases)
    for pair in found:
        click.echo(f"{pair.month}  {', '.join(pair.ratings)}  {pair.end_user_class}")
        for case, outcome, reasons in zip(pair.cases, pair.outcomes, pair.reasons, strict=True):
            click.echo(f"    {named(case)}: {outcome}. {reasons}")
    click.echo(many(len(found), "pair"))
