"""Issue, suspend, reinstate, revoke, surrender: the acts of regime.md 8.3, line by line."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.words import check_words
from penholder.register import policy
from penholder.register.actions.locked import Changed, Locked, lock_licence
from penholder.register.actions.parameters import EffectiveOn, LicenceId, Lines, Reasons, Version
from penholder.register.events import (
    LicenceIssued,
    LineExhausted,
    LinesReinstated,
    LinesRevoked,
    LinesSurrendered,
    LinesSuspended,
)
from penholder.register.facts import let_through, newest_terms
from penholder.register.shown import shown_goods
from penholder.register.values import LineAct, LineStatus, Power, RegisterPermission, SurrenderReason, WithoutCase
from penholder.restrictions.gates import GateReasons
from penholder.restrictions.limbs import check_limb


@action(
    permission=RegisterPermission.ISSUE,
    events=(LicenceIssued,),
    apart_from=("register.enter_licence", "register.amend_line"),
)
def issue_licence(
    run: Run,
    *,
    licence: LicenceId,
    effective_on: EffectiveOn,
    expected_version: Version,
    gate_reasons: GateReasons = "",
) -> Changed:
    """Issue the draft lines of a licence.

    From that day goods may leave under them. Whoever entered the licence, or amended it, cannot issue it. A
    moratorium that matches a line, or may match it, refuses it, unless an exemption lets it through. While a
    question about it is open, it says why the answer is not awaited.
    """
    locked = lock_licence(run, licence, expected_version=expected_version)
    drafts = {n: line for n, line in locked.lines.items() if line.status == LineStatus.DRAFT}
    if not drafts:
        raise ConflictError(f"{licence} has no draft line; nothing is left to issue")
    locked.lines = drafts
    row = locked.licence
    policy.check_day(effective_on, name="effective_on", today=locked.today, not_before=row.decided_on)
    gates = locked.ask(gate_reasons)
    exemptions = let_through(tuple(drafts.values()), on=effective_on, act="issue")
    locked.move(LineAct.ISSUE, on=effective_on)
    locked.record(
        LicenceIssued(
            licence=licence,
            lines=tuple(drafts),
            licence_type=row.licence_type,
            effective_on=effective_on,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            case=row.case,
            without_case=WithoutCase(row.without_case) if row.without_case else None,
            exemptions=exemptions,
            goods=shown_goods({n: newest_terms(line) for n, line in drafts.items()}),
            reference=row.reference,
            gates=gates,
            gate_reasons=gate_reasons,
        ),
        claimed_at=effective_on,
    )
    return locked.changed()


@action(permission=RegisterPermission.SUSPEND, events=(LinesSuspended,))
def suspend_lines(
    run: Run,
    *,
    licence: LicenceId,
    lines: Lines,
    power: Annotated[Power, Field(description="By what power.")],
    terms: Annotated[
        str,
        Field(
            description="What is suspended and what it means for the holder: the article of the law, what may not "
            "be done, what would lift it.",
            min_length=1,
            max_length=4_000,
        ),
    ],
    reasons: Reasons,
    review_by: Annotated[date, Field(description="Day by which it is looked at again.")],
    effective_on: EffectiveOn,
    expected_version: Version,
) -> Changed:
    """Suspend lines: nothing may leave under them until they are reinstated.

    Terms and reasons are needed. Past the day of review the suspension is overdue; it is never lifted by itself.
    """
    check_words(terms=terms, reasons=reasons)
    locked = _ready(run, licence, lines, effective_on, expected_version)
    if review_by <= max(effective_on, locked.today):
        raise InvalidError(
            f"review_by {review_by} is not after today and {effective_on}",
            hint="give the day by which the suspension is looked at again",
            fields={"review_by": "must be after today"},
        )
    changes = {"suspended_on": effective_on, "review_by": review_by, "power": power}
    after = locked.move(LineAct.SUSPEND, on=effective_on, changes=changes)
    locked.record(
        LinesSuspended(
            licence=licence,
            lines=tuple(locked.lines),
            effective_on=effective_on,
            power=power,
            review_by=review_by,
            before=LineStatus.ISSUED,
            after=after,
            terms=terms,
            reasons=reasons,
        ),
        claimed_at=effective_on,
    )
    return locked.changed()


@action(
    permission=RegisterPermission.REINSTATE,
    events=(LinesReinstated, LineExhausted),
    apart_from=("register.suspend_lines",),
)
def reinstate_lines(
    run: Run,
    *,
    licence: LicenceId,
    lines: Lines,
    reasons: Reasons,
    effective_on: EffectiveOn,
    expected_version: Version,
    gate_reasons: GateReasons = "",
) -> Changed:
    """Lift the suspension of lines. Whoever suspended lines of the licence cannot do it.

    A moratorium that matches a line, or may match it, refuses it, unless an exemption lets it through. While a
    question about it is open, it says why the answer is not awaited.
    """
    check_words(reasons=reasons)
    locked = _ready(run, licence, lines, effective_on, expected_version)
    gates = locked.ask(gate_reasons)
    exemptions = let_through(tuple(locked.lines.values()), on=effective_on, act="reinstate")
    after = locked.move(LineAct.REINSTATE, on=effective_on)
    locked.record(
        LinesReinstated(
            licence=licence,
            lines=tuple(locked.lines),
            effective_on=effective_on,
            before=LineStatus.SUSPENDED,
            after=after,
            exemptions=exemptions,
            reasons=reasons,
            gates=gates,
            gate_reasons=gate_reasons,
        ),
        claimed_at=effective_on,
    )
    for number in locked.lines:
        exhaust_if_full(locked, number, on=effective_on)
    return locked.changed()


@action(
    permission=RegisterPermission.REVOKE,
    events=(LinesRevoked,),
    apart_from=("register.enter_licence", "register.issue_licence"),
)
def revoke_lines(
    run: Run,
    *,
    licence: LicenceId,
    lines: Lines,
    limb: Annotated[
        str, Field(description="Id of the rule under which, for example uk-selc-2021/2c.", max_length=120)
    ],
    reasons: Reasons,
    effective_on: EffectiveOn,
    expected_version: Version,
    gate_reasons: GateReasons = "",
) -> Changed:
    """Revoke lines for good, under a limb of the rules. Whoever entered or issued the licence cannot do it.

    While a question about it is open, it says why the answer is not awaited.
    """
    check_words(reasons=reasons)
    check_limb(limb, on=effective_on)
    locked = _ready(run, licence, lines, effective_on, expected_version)
    gates = locked.ask(gate_reasons)
    before = locked.statuses()
    after = locked.move(LineAct.REVOKE, on=effective_on, limb=limb)
    locked.record(
        LinesRevoked(
            licence=licence,
            lines=tuple(locked.lines),
            effective_on=effective_on,
            limb=limb,
            before=before,
            after=after,
            reasons=reasons,
            gates=gates,
            gate_reasons=gate_reasons,
        ),
        claimed_at=effective_on,
    )
    return locked.changed()


@action(permission=RegisterPermission.SURRENDER, events=(LinesSurrendered,))
def surrender_lines(
    run: Run,
    *,
    licence: LicenceId,
    lines: Lines,
    reason: Annotated[SurrenderReason, Field(description="Why the holder gives them back.")],
    effective_on: EffectiveOn,
    expected_version: Version,
    words: Annotated[str, Field(description="In the holder's own words.", max_length=4_000)] = "",
) -> Changed:
    """Give lines back: for the holder of the licence. It is final."""
    if reason is SurrenderReason.OTHER:
        check_words(words=words)
    locked = _ready(run, licence, lines, effective_on, expected_version)
    before = locked.statuses()
    after = locked.move(LineAct.SURRENDER, on=effective_on)
    locked.record(
        LinesSurrendered(
            licence=licence,
            lines=tuple(locked.lines),
            effective_on=effective_on,
            reason=reason,
            before=before,
            after=after,
            words=words,
        ),
        claimed_at=effective_on,
    )
    return locked.changed()


def _ready(run: Run, licence: str, lines: tuple[int, ...], effective_on: date, expected_version: int) -> Locked:
    """The lines, locked, with the day checked against today and against what it follows."""
    locked = lock_licence(run, licence, expected_version=expected_version, lines=lines)
    policy.check_day(effective_on, name="effective_on", today=locked.today, not_before=locked.begins())
    return locked


def exhaust_if_full(locked: Locked, number: int, *, on: date) -> None:
    """Record that nothing is left of a line, where it is issued and a limit is reached."""
    state = locked.state(number)
    if state.status is not LineStatus.ISSUED or not policy.is_full(state):
        return
    after = locked.move_line(LineAct.EXHAUST, number, on=on)
    locked.record(
        LineExhausted(
            licence=locked.licence.public_id,
            line=number,
            effective_on=on,
            before=state.status,
            after=after.status,
        ),
        claimed_at=on,
    )
