"""`penholder regime`: the dated rules that ship: list, show, compare, check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import click
import pyarrow as pa

from penholder.analysis.report.result import Citation, Result
from penholder.cli.asking import Day
from penholder.cli.output import OutputOptions, emit, output_options
from penholder.kernel.clock import today
from penholder.kernel.errors import EXIT_DONE, EXIT_FINDINGS, InputError
from penholder.regime.checks import check_all, scope
from penholder.regime.compare import differences, told
from penholder.regime.loader import data_hash
from penholder.regime.regimes import families, regime, regime_on, regimes, regimes_on
from penholder.regime.types import Regime, Rule, TextStatus

_LIST = ("regime", "family", "title", "valid_from", "valid_until", "rules", "verified", "text_status", "caution")
_SHOW = (
    "rule", "title", "consequence", "threshold", "use_modality", "use_link", "object", "within", "pre_step",
    "valid_from", "valid_until", "text_status", "verified_part", "caution", "wording", "question", "touched_when",
    "source",
)  # fmt: skip
_DIFF = ("limb", "change", "field", "before", "after", "status_before", "status_after")
_CHECK = ("kind", "subject", "message", "where")
_COUNTS = frozenset({"rules", "verified"})
Row = dict[str, object]


_on_option = click.option("--on", type=Day(), help="Only what was in force on this day.")


@click.group("regime")
def command() -> None:
    """The sets of criteria that rules are taken from: dated, sourced, and marked as far as they were read."""


@command.command("list", epilog="Example: penholder regime list --on 2014-05-01")
@_on_option
@output_options
def list_(*, on: date | None, output: OutputOptions) -> None:
    """List the sets of criteria, from when to when each was in force, and how well its text is known.

    valid_until is exclusive: the set is no longer in force on that day.
    """
    found = regimes() if on is None else regimes_on(on)
    rows = [_list_row(r) for r in found]
    said = "sets of criteria that ship" if on is None else f"sets of criteria in force on {on}"
    words = (said.capitalize(), *(line for r in found for line in _list_words(r)))
    emit(_result(said, "regimes", rows, _LIST, on=on, words=words if found else ()), output)


@command.command(
    "show", epilog="Examples: penholder regime show uk --on 2014-05-01; penholder regime show uk-selc-2021/2c"
)
@click.argument("name")
@_on_option
@output_options
def show(name: str, *, on: date | None, output: OutputOptions) -> None:
    """Show the limbs of a set, their thresholds and sources.

    NAME is a set (uk-selc-2021), a family (uk: the set in force on --on, or today), or a rule (uk-selc-2021/2c).
    """
    set_name, _, limb = name.partition("/")
    found = regime_on(set_name, on or today()) if set_name in families() else regime(set_name)
    rules = _rules(found, limb=limb, on=on)
    rows = [_rule_row(rule) for rule in rules]
    head = _list_row(found) | {"validity_source": found.validity_source, "text_ref": found.text_ref}
    words = (*_head_words(found), *(line for rule in rules for line in _rule_words(rule)))
    result = _result(f"limbs of {found.id}", "rules", rows, _SHOW, on=on, words=words, more={"regime": head})
    emit(result, output)


@command.command("diff", epilog="Example: penholder regime diff uk-cc-2014 uk-selc-2021")
@click.argument("first")
@click.argument("second")
@output_options
def diff(first: str, second: str, *, output: OutputOptions) -> None:
    """Say what differs between two sets, limb by limb."""
    a, b = regime(first), regime(second)
    changes = differences(a, b)
    counts = {kind: len({c.limb for c in changes if c.change == kind}) for kind in ("changed", "added", "removed")}
    rows: list[Row] = [asdict(c) for c in changes]
    notices = tuple(f"{r.id}: {r.text_status.caution}" for r in (a, b) if r.text_status.caution)
    said = f"differences from {a.id} to {b.id}, limb by limb"
    emit(_result(said, "differences", rows, _DIFF, notices=notices, more=counts), output)


@command.command("check", epilog="Example: penholder regime check --json")
@output_options
@click.pass_context
def check(ctx: click.Context, *, output: OutputOptions) -> None:
    """Check the rules: overlaps, gaps, unsourced values, claims beyond what was read, rules without a case.

    Exit code 0: nothing found; 1: findings.
    """
    rows: list[Row] = [
        {"kind": str(r.kind), "subject": r.subject, "message": r.message, "where": r.where} for r in check_all()
    ]
    words = tuple(f"{r['kind']}: {r['subject']}: {r['message']} ({r['where'] or 'no file'})" for r in rows)
    summary = f"checked {scope()}: {len(rows)} findings"
    result = _result(
        "findings of the check of the dated rules", "findings", rows, _CHECK,
        words=words or ("Nothing to mend.",), notices=(summary,), more={"checked": scope()},
    )  # fmt: skip
    emit(result, output)
    ctx.exit(EXIT_FINDINGS if rows else EXIT_DONE)


def _result(
    predicate: str,
    key: str,
    rows: Sequence[Row],
    columns: tuple[str, ...],
    *,
    on: date | None = None,
    words: tuple[str, ...] = (),
    notices: tuple[str, ...] = (),
    more: dict[str, Any] | None = None,
) -> Result:
    return Result(
        title=predicate.capitalize(),
        document={**(more or {}), key: list(rows)},
        table=lambda: _table(rows, columns),
        citation=Citation(predicate=predicate, data=data_hash(), on=str(on) if on else "", rules=data_hash()),
        words=words,
        notices=notices,
    )


def _table(rows: Sequence[Row], columns: tuple[str, ...]) -> pa.Table:
    return pa.table({c: _column([row[c] for row in rows], is_count=c in _COUNTS) for c in columns})


def _column(values: Sequence[object], *, is_count: bool) -> pa.Array:
    # Not pa.array, which imports pandas (most of a second) to see whether it was given a series.
    builder = pa.lib.StringBuilder()
    builder.append_values([None if v is None else str(v) for v in values])
    column = builder.finish()
    return column.cast(pa.int64()) if is_count else column


def _list_row(found: Regime) -> Row:
    return {
        "regime": found.id,
        "family": found.family,
        "title": found.title,
        "valid_from": str(found.begins),
        "valid_until": str(found.valid.end) if found.valid.end else None,
        "rules": len(found.rules),
        "verified": sum(r.text_status is TextStatus.VERIFIED for r in found.rules),
        "text_status": str(found.text_status),
        "caution": found.text_status.caution or None,
    }


def _list_words(found: Regime) -> tuple[str, ...]:
    caution = f" - {found.text_status.caution}" if found.text_status.caution else ""
    read = sum(r.text_status is TextStatus.VERIFIED for r in found.rules)
    rules = f"{len(found.rules)} rule{'' if len(found.rules) == 1 else 's'}, {read} verified"
    return ("", f"{found.id}  {found.title}", f"  {_validity(found)}; {rules}", f"  {found.text_status}{caution}")


def _rules(found: Regime, *, limb: str, on: date | None) -> tuple[Rule, ...]:
    rules = tuple(r for r in found.rules if (not limb or r.limb == limb) and (on is None or r.valid.covers(on)))
    if not rules:
        day = f" on {on}" if on else ""
        what = f"rule {found.id}/{limb}" if limb else f"rule of {found.id} in force"
        limbs = ", ".join(r.limb for r in found.rules)
        raise InputError(f"there is no {what}{day}", hint=f"{_validity(found)}; limbs: {limbs}")
    return rules


def _rule_row(rule: Rule) -> Row:
    told_fields = ("title", "consequence", "threshold", "use_modality", "use_link", "object", "within", "pre_step",
                   "text_status", "verified_part", "wording", "question", "touched_when", "source")  # fmt: skip
    row: Row = {name: told(rule, name) or None for name in told_fields}
    return row | {
        "rule": rule.id,
        "valid_from": str(rule.valid.start),
        "valid_until": str(rule.valid.end) if rule.valid.end else None,
        "caution": rule.text_status.caution or None,
    }


def _validity(found: Regime) -> str:
    until = f"until before {found.valid.end}" if found.valid.end else "still in force"
    return f"in force from {found.begins}, {until}"


def _head_words(found: Regime) -> tuple[str, ...]:
    caution = f" - {found.text_status.caution}" if found.text_status.caution else ""
    return (
        f"{found.id}  {found.title}",
        f"  {_validity(found)} (dates {found.validity_status}: {found.validity_source})",
        f"  text: {found.text_ref} ({found.text_status}{caution})",
    )


def _rule_words(rule: Rule) -> tuple[str, ...]:
    link = f" ({', '.join(rule.use_link)})" if rule.use_link else ""
    lines = [
        "",
        f"{rule.id}  {rule.title}",
        f"  consequence: {rule.consequence}; risk must be: {rule.threshold}; use: {rule.use_modality}{link}",
    ]
    lines += [f'  wording: "{rule.wording}"'] if rule.wording else []
    lines += [f"  asks: {rule.question}"] if rule.question else []
    lines += [f"  touched when: {told(rule, 'touched_when')}"] if rule.touched_when else []
    caution = f" - {rule.text_status.caution}" if rule.text_status.caution else ""
    part = f"; read of it: {rule.verified_part}" if rule.verified_part else ""
    return (*lines, f"  {rule.text_status}{caution}{part}", f"  source: {rule.source}")
