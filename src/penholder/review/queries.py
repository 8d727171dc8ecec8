"""Questions to the reviews. They are for officials; who is none is told that there is nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from penholder.actions.behind import took_part
from penholder.actions.errors import AbsentError
from penholder.actions.moment import today
from penholder.actions.permissions import authority
from penholder.actions.values import Actor, ActorKind, FieldClass
from penholder.assessment.queries import all_current_on
from penholder.casework.queries import pending
from penholder.entry.paging import USUAL, Page, page_of, page_of_values
from penholder.ledger.known import changes_known
from penholder.register.grants import granted_lines
from penholder.register.standing import enforcement, lives_of
from penholder.restrictions import policy as restriction_policy
from penholder.restrictions.queries import exemption_rules, moratoria_rules, restriction, restrictions
from penholder.restrictions.values import Exemption, Kind
from penholder.review import policy
from penholder.review.answers import (
    ChangeRow,
    ChangeView,
    Classified,
    DecisionView,
    LineRow,
    OptionsView,
    StepView,
    StocktakeView,
)
from penholder.review.loading import found_line, found_lines, key_of, newest_run, newest_said
from penholder.review.machine import machine
from penholder.review.models import Change, Circumstance, Decision, Execution, Options, Row, Step, Stocktake
from penholder.review.policy import Day
from penholder.review.values import (
    Consequence,
    EngineUse,
    LineKey,
    Move,
    Option,
    ReviewPermission,
    State,
    Trigger,
    Use,
)
from penholder.vault.store import vault

_WORK = tuple(
    f"review.{name}"
    for name in (
        "propose_trigger",
        "accept_trigger",
        "decline_trigger",
        "hold_pending",
        "run_stocktake",
        "classify_lines",
        "assess_change",
        "set_options",
        "decide_change",
        "review_change",
    )
)
PERMISSIONS: Mapping[Move, str] = {
    Move.ACCEPT: ReviewPermission.ANSWER,
    Move.DECLINE: ReviewPermission.ANSWER,
    Move.HOLD: ReviewPermission.HOLD,
    Move.STOCKTAKE: ReviewPermission.STOCKTAKE,
    Move.CLASSIFY: ReviewPermission.CLASSIFY,
    Move.ASSESS: ReviewPermission.ASSESS,
    Move.OPTIONS: ReviewPermission.OPTIONS,
    Move.DECIDE: ReviewPermission.DECIDE,
    Move.REVIEW: ReviewPermission.CLOSE,
}


def changes(
    *, viewer: Actor, state: State | None = None, cursor: str | None = None, limit: int = USUAL
) -> Page[ChangeRow]:
    """Changes of circumstances, newest proposal first. Nothing for who is no official."""
    found = Circumstance.objects.all() if sees_reviews(viewer) else Circumstance.objects.none()
    if state is not None:
        found = found.filter(state=state.value)
    page = page_of(found, order=("-proposed_on", "public_id"), cursor=cursor, limit=limit)
    return page.map(lambda row: _row(row, State(row.state)))


def change(
    *,
    viewer: Actor,
    id: str,  # noqa: A002 - the public id
    known: datetime | None = None,
) -> ChangeView:
    """One change of circumstances, as known at a moment (None: now). Raises: AbsentError."""
    row = _find(viewer, id)
    held = None if known is None else changes_known(Change, known)
    steps = [s for s in Step.objects.filter(circumstance=row).select_related("change").order_by("pk")
             if held is None or s.change_id in held]  # fmt: skip
    if not steps:
        raise _absent(id)
    state = State(steps[-1].state)
    head = _row(row, state)
    decision = _held(Decision.objects.filter(circumstance=row), held)
    done = _held(Execution.objects.filter(circumstance=row), held)
    options = _held(Options.objects.filter(circumstance=row).order_by("-pk"), held)
    runs = [r for r in Stocktake.objects.filter(circumstance=row).order_by("pk")
            if held is None or r.change_id in held]  # fmt: skip
    return ChangeView(
        id=head.id,
        version=row.version,
        trigger=head.trigger,
        destinations=head.destinations,
        happened_on=head.happened_on,
        words=row.words,
        proposed_on=head.proposed_on,
        answer_by=head.answer_by,
        state=state,
        overdue=head.overdue,
        steps=tuple(_step(s) for s in steps),
        restrictions=restrictions(viewer=viewer, cause=id, limit=200).items,
        pending={d: tuple(p.id for p in pending(d, known=known)) for d in head.destinations},
        assessments=tuple(v for d in head.destinations for v in all_current_on(d, today(), known=known)),
        stocktakes=tuple(_stocktake(r) for r in runs),
        classified=_classified(row) if runs else None,
        options=_options(options) if options else None,
        decision=_decision(decision) if decision else None,
        skipped=tuple(done.skipped) if done else (),
        moratorium=done.moratorium if done else "",
        enforcement=_enforcement(decision) if decision else (),
        may=_may(viewer, state) if known is None else (),
    )


def lines(
    *,
    viewer: Actor,
    change: str,
    engine: EngineUse | None = None,
    person: str = "",
    in_force: bool | None = None,
    suspended: bool | None = None,
    differing: bool = False,
    cursor: str | None = None,
    limit: int = USUAL,
) -> Page[LineRow]:
    """The lines of the newest run, with what persons said of them.

    Args:
        person: yes, no, unknown, or `none`: no person has said anything yet.
        differing: only lines of which a person says other than the stocktake.
    Raises: AbsentError; InvalidError for a cursor that is none.
    """
    row = _find(viewer, change)
    run = newest_run(row)
    said = newest_said(row)
    rows = Row.objects.filter(stocktake=run).order_by("pk") if run else Row.objects.none()
    if engine is not None:
        rows = rows.filter(engine=engine.value)
    if in_force is not None:
        rows = rows.filter(in_force=in_force)
    if suspended is not None:
        rows = rows.filter(suspended=suspended)
    found = [_line(r, said) for r in rows]
    if person:
        found = [x for x in found if (x.person.value if x.person else "none") == person]
    if differing:
        found = [x for x in found if x.differs]
    return page_of_values(found, order=("reference", "number", "licence"), cursor=cursor, limit=limit)


def line(*, viewer: Actor, change: str, name: str) -> LineRow:
    """One line of the newest run. Raises: AbsentError."""
    for found in lines(viewer=viewer, change=change, limit=200).items:
        if found.name == name:
            return found
    row = _find(viewer, change)
    licence, number = key_of(name) if ":" in name and name.rpartition(":")[2].isdecimal() else ("", 0)
    kept = Row.objects.filter(stocktake=newest_run(row), licence=licence, number=number).first()
    if kept is None:
        raise AbsentError(f"the stocktake has no line {name}", hint="look at the lines of the change")
    return _line(kept, newest_said(row))


def participants(ids: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Change of circumstances -> staff ids of whoever proposed, answered, assessed, advised on and decided it."""
    return took_part(ids, acts=_WORK)


def overdue_triggers(*, on: date | None = None) -> tuple[ChangeRow, ...]:
    """Triggers that nobody has answered in time, oldest first."""
    day = on or today()
    rows = Circumstance.objects.filter(state=State.PROPOSED.value, answer_by__lt=day).order_by("answer_by", "pk")
    return tuple(_row(r, State.PROPOSED) for r in rows)


def exemption_days(
    *, viewer: Actor, exemption: str, until: date | None = None, known: datetime | None = None
) -> tuple[Day, ...]:
    """Which lines would be stopped but for an exemption, on each day since it was announced: question 3.

    Stopped by what: a decision on a change of circumstances that named it (lines that it would have stopped), or a
    moratorium of the same rule past which it let a grant. With value, and what was used since.
    Raises: AbsentError: there is none, or not for this viewer.
    """
    if not sees_reviews(viewer):
        raise AbsentError(f"there is no exemption {exemption}", hint="the public site says what is public of it")
    seen = restriction(viewer=viewer, id=exemption, known=known)
    rule = next((e for e in exemption_rules(known=known) if e.id == exemption), None)
    if seen.kind is not Kind.EXEMPTION:
        raise AbsentError(f"there is no exemption {exemption}", hint="look it up in the list of restrictions")
    if rule is None:
        return ()
    caught = _caught(rule, known)
    lives = lives_of(list(caught), known=known)
    return policy.days_of(rule, lives.values(), until=until or today(), caught_from=caught)


def _caught(rule: Exemption, known: datetime | None) -> dict[LineKey, date]:
    """Line -> from which day it would be stopped but for the exemption."""
    held = None if known is None else changes_known(Change, known)
    found: dict[LineKey, date] = {}
    for decision in Decision.objects.order_by("pk"):
        if rule.id in decision.exemptions and (held is None or decision.change_id in held):
            for name in decision.left:
                found.setdefault(key_of(name), decision.decided_on)
    for moratorium in moratoria_rules(known=known):
        if moratorium.limb != rule.limb or moratorium.valid.start is None:
            continue
        for grant in granted_lines(since=moratorium.valid.start, known=known):
            day = max(grant.on, grant.acted_at.date())
            matched = restriction_policy.reaches(grant.facts, moratorium, on=day).truth is not False
            if matched and moratorium.valid.covers(day) and rule.valid.covers(day):
                found.setdefault((grant.subject, grant.line), grant.on)
    return found


def sees_reviews(viewer: Actor) -> bool:
    """Officials see all reviews; nobody else sees any."""
    return viewer.kind is ActorKind.SYSTEM or authority().may_read(viewer, FieldClass.OFFICIAL)


def _find(viewer: Actor, public_id: str) -> Circumstance:
    row = Circumstance.objects.filter(public_id=public_id).first()
    if row is None or not sees_reviews(viewer):
        raise _absent(public_id)
    return row


def _absent(public_id: str) -> AbsentError:
    return AbsentError(f"there is no change of circumstances {public_id}", hint="look it up in the list")


def _held(rows: Any, held: frozenset[int] | None) -> Any:
    return next((r for r in rows if held is None or r.change_id in held), None)


def _row(row: Circumstance, state: State) -> ChangeRow:
    return ChangeRow(
        id=row.public_id,
        trigger=Trigger(row.trigger),
        destinations=tuple(row.destinations),
        happened_on=row.happened_on,
        proposed_on=row.proposed_on,
        answer_by=row.answer_by,
        state=state,
        overdue=state is State.PROPOSED and row.answer_by < today(),
    )


def _step(row: Step) -> StepView:
    return StepView(
        move=Move(row.move),
        state=State(row.state),
        on=row.on,
        text=row.text,
        review_by=row.review_by,
        run=row.change.run,
        recorded_at=row.change.recorded_at,
    )


def _stocktake(row: Stocktake) -> StocktakeView:
    return StocktakeView(
        id=row.public_id,
        on=row.on,
        known=row.known,
        title=row.title,
        profile=row.profile_id,
        profile_sha256=row.profile_sha256,
        data_sha256=row.data_sha256,
        rows_digest=row.rows_digest,
        counts=row.counts,
    )


def _classified(row: Circumstance) -> Classified:
    found = [x for x in found_lines(row) if x.in_force]
    by_engine, by_person = Counter(x.engine for x in found), Counter(x.person for x in found if x.person)
    return Classified(
        by_engine={u: by_engine[u] for u in EngineUse},
        by_person={u: by_person[u] for u in Use},
        waiting=len(policy.open_lines(found)),
        differing=sum(policy.differs(x) for x in found),
        in_force=len(found),
    )


def _line(row: Row, said: Mapping[LineKey, Any]) -> LineRow:
    key = (row.licence, row.number)
    found, latest = found_line(row, said), said.get(key)
    copied = ("licence", "number", "reference", "rating", "description", "destination", "onward", "end_user",
              "currency", "because", "route", "basis", "path", "grade", "attributed", "in_force", "suspended",
              "granted", "reaches")  # fmt: skip
    return LineRow(
        name=f"{row.licence}:{row.number}",
        value=found.value,
        engine=found.engine,
        person=found.person,
        reasons=latest.reasons if latest else "",
        said_at=latest.change.recorded_at if latest else None,
        differs=policy.differs(found),
        **{name: getattr(row, name) for name in copied},
    )


def _options(row: Options) -> OptionsView:
    return OptionsView(
        recommended=Option(row.recommended),
        advice=row.advice,
        advice_against=row.advice_against,
        consequences=tuple(_consequence(c) for c in row.consequences),
    )


def _consequence(kept: Mapping[str, Any]) -> Consequence:
    values = {currency: Decimal(value) for currency, value in kept["values"].items()}
    return Consequence(**{**kept, "option": Option(kept["option"]), "values": values})


def _decision(row: Decision) -> DecisionView:
    return DecisionView(
        option=Option(row.option),
        recommended=Option(row.recommended),
        reasons=row.reasons,
        against_reasons=row.against_reasons,
        gates=tuple(row.gates),
        gate_reasons=row.gate_reasons,
        power=row.power,
        limb=row.limb,
        terms=row.terms,
        review_by=row.review_by,
        decided_on=row.decided_on,
        decided_at=row.decided_at,
        stopped=tuple(row.stopped),
        left={name: tuple(by) for name, by in row.left.items()},
        exemptions=tuple(row.exemptions),
        moratorium=row.moratorium,
        assessment=row.assessment,
        cutoff=row.cutoff,
        staleness=(row.decided_on - row.cutoff).days if row.cutoff else None,
    )


def _enforcement(decision: Decision) -> tuple[Any, ...]:
    return enforcement([key_of(name) for name in decision.stopped], decided_at=decision.decided_at, today=today())


def _may(viewer: Actor, state: State) -> tuple[Move, ...]:
    table = authority()
    return tuple(
        m for m in machine().allowed_from(state) if m in PERMISSIONS and table.role_for(viewer, PERMISSIONS[m])
    )


def rows_of_run(*, viewer: Actor, change: str, run: str) -> bytes | None:
    """The rows of one run as CSV; None where the change has no such run. Raises: AbsentError."""
    found = Stocktake.objects.filter(circumstance=_find(viewer, change), public_id=run).first()
    if found is None:
        return None
    with vault().files.open(found.rows_address, subject=found.public_id) as plain:
        return plain.read()


def newest_profile(change: str) -> str:
    """The profile of the newest run, to begin the next form with; empty: none was run. For who may run it."""
    found = Stocktake.objects.filter(circumstance__public_id=change).order_by("-pk").first()
    return found.profile if found else ""
