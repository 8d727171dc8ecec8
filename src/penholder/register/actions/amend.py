"""Change the terms of a line."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import InvalidError
from penholder.actions.words import check_words
from penholder.register import policy
from penholder.register.actions.life import exhaust_if_full
from penholder.register.actions.locked import Changed, Locked, lock_licence
from penholder.register.actions.parameters import EffectiveOn, LicenceId, LineNo, Reasons, Version
from penholder.register.events import DraftAmended, LineAmended, LineExhausted
from penholder.register.facts import facts_of
from penholder.register.models import Line, Terms
from penholder.register.rows import columns_of_terms, terms_of
from penholder.register.shown import shown_goods
from penholder.register.spelling import spelled
from penholder.register.values import LineAct, LineStatus, LineTerms, RegisterPermission
from penholder.restrictions.gates import GateReasons
from penholder.restrictions.queries import refuse_if_blocked


@action(
    permission=RegisterPermission.AMEND,
    events=(LineAmended, DraftAmended, LineExhausted),
    apart_if=("register.enter_licence", "register.issue_licence", "register.amend_line"),
)
def amend_line(
    run: Run,
    *,
    licence: LicenceId,
    line: LineNo,
    terms: Annotated[LineTerms, Field(description="The terms as they are to be, all of them.")],
    reasons: Reasons,
    effective_on: EffectiveOn,
    expected_version: Version,
    gate_reasons: GateReasons = "",
) -> Changed:
    """Change the terms of a line; its status stays. What it was before stays in its history.

    A limit cannot go below what was used. Where it comes to lie on it, the line is exhausted. Of a line that was
    issued: a moratorium that matches the new terms, or may match them, refuses the amendment; and where the new
    terms are wider (other goods, places or users, higher limits), it takes somebody who has neither entered,
    issued nor amended this licence. While a question about it is open, it says why the answer is not awaited.
    """
    check_words(reasons=reasons)
    policy.check_terms(terms, where="terms")
    locked = lock_licence(run, licence, expected_version=expected_version, lines=(line,))
    policy.check_day(effective_on, name="effective_on", today=locked.today, not_before=locked.begins())
    latest = Terms.objects.filter(line=locked.lines[line]).order_by("-effective_on", "-id")[0]
    before = terms_of(latest)
    terms, said = spelled(terms, on=effective_on, where="terms", before=before)
    if terms == before:
        raise InvalidError(
            "these are the terms that the line has", hint="change one", fields={"terms": "are the same"}
        )
    policy.check_day(effective_on, name="effective_on", today=locked.today, not_before=latest.effective_on)
    policy.check_limits(locked.state(line), terms)
    event = _amended(
        locked,
        line,
        latest,
        before=before,
        after=terms,
        effective_on=effective_on,
        reasons=reasons,
        gate_reasons=gate_reasons,
    )
    _write(locked, line, terms, latest, effective_on=effective_on)
    locked.record(event, claimed_at=effective_on)
    exhaust_if_full(locked, line, on=effective_on)
    return locked.changed(said=said)


def _amended(
    locked: Locked,
    line: int,
    latest: Terms,
    *,
    before: LineTerms,
    after: LineTerms,
    effective_on: EffectiveOn,
    reasons: str,
    gate_reasons: str,
) -> LineAmended | DraftAmended:
    """What is recorded. Of a draft nothing is asked before it is issued. Raises: MoratoriumError."""
    old, new = asdict(before), asdict(after)
    said: dict[str, Any] = {
        "licence": locked.licence.public_id,
        "line": line,
        "effective_on": effective_on,
        "changed": tuple(name for name in new if new[name] != old[name]),
        "before": before,
        "after": after,
        "reasons": reasons,
    }
    status = locked.state(line).status
    if status is LineStatus.DRAFT:
        return DraftAmended(**said)
    gates = locked.ask(gate_reasons, after)
    facts = facts_of(after, licence_type=locked.licence.licence_type, published=latest.published)
    wider = policy.widens(before, after)
    if wider:
        words = ", ".join(name.replace("_", " ") for name in wider)
        locked.run.must_be_another(f"the new terms are wider than those that were issued: {words}")
    return LineAmended(
        **said,
        wider=wider,
        status=status,
        exemptions=refuse_if_blocked(facts, on=effective_on, act="amend"),
        goods=shown_goods({line: after}),
        gates=gates,
        gate_reasons=gate_reasons,
    )


def _write(locked: Locked, line: int, terms: LineTerms, latest: Terms, *, effective_on: EffectiveOn) -> None:
    limits = {"quantity_limit": terms.quantity_limit, "value_limit": terms.value_limit}
    locked.move_line(LineAct.AMEND, line, on=effective_on, changes=limits)
    row = locked.lines[line]
    Line.objects.filter(pk=row.pk).update(destination=terms.destination)
    Terms.objects.create(
        line=row,
        effective_on=effective_on,
        published=latest.published,
        change=locked.change,
        **columns_of_terms(terms),
    )
