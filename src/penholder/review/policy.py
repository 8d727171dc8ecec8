"""What is allowed in a review, and what each option would do: decided from given facts alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from penholder.actions.errors import ConflictError, InvalidError
from penholder.register.lives import LineLife
from penholder.register.values import LineStatus
from penholder.restrictions.policy import matches
from penholder.restrictions.values import Exemption
from penholder.review.machine import machine
from penholder.review.values import Consequence, EngineUse, FoundLine, LineKey, Move, Option, State, Use

SUSPENDING = (Option.SUSPEND_POSSIBLE, Option.SUSPEND_ALL)


def next_state(move: Move, state: State, *, change: str) -> State:
    """The state after an act. Raises: ConflictError with what is allowed from here."""
    after = machine().moves.get((move, state))
    if after is None:
        allowed = ", ".join(machine().allowed_from(state)) or "nothing: this state is final"
        raise ConflictError(
            f"{change} is {state}; {move} is not allowed. Allowed: {allowed}", hint="look at its page again"
        )
    return after


def says(line: FoundLine) -> Use:
    """Could the line be used? What a person says; before that, what the stocktake says."""
    engine = {EngineUse.COULD: Use.YES, EngineUse.UNKNOWN: Use.UNKNOWN, EngineUse.EXCLUDED: Use.NO}
    return line.person or engine[line.engine]


def differs(line: FoundLine) -> bool:
    """Does a person say something else than the engine?"""
    return line.person is not None and line.person is not says(_without_person(line))


def _without_person(line: FoundLine) -> FoundLine:
    return FoundLine(
        key=line.key, engine=line.engine, person=None, reaches=line.reaches, in_force=line.in_force,
        granted=line.granted, value=line.value, currency=line.currency,
    )  # fmt: skip


def open_lines(lines: Iterable[FoundLine]) -> tuple[LineKey, ...]:
    """Lines in force that could be used, or of which that is unknown, and of which no person has said anything."""
    return tuple(x.key for x in lines if x.in_force and x.person is None and x.engine is not EngineUse.EXCLUDED)


def lines_of(option: Option, lines: Iterable[FoundLine]) -> tuple[FoundLine, ...]:
    """The lines in force that an option would stop. An unknown counts as one that might be used."""
    if option is Option.KEEP:
        return ()
    in_force = [x for x in lines if x.in_force]
    if option is Option.SUSPEND_ALL:
        return tuple(x for x in in_force if x.reaches or says(x) is not Use.NO)
    return tuple(x for x in in_force if says(x) is not Use.NO)


def consequences(lines: Sequence[FoundLine]) -> tuple[Consequence, ...]:
    """What each option would do, in their order."""
    return tuple(consequence(option, lines_of(option, lines)) for option in Option)


def consequence(option: Option, stopped: Collection[FoundLine]) -> Consequence:
    """Lines, licences and value of what is stopped. Values of different currencies are never added."""
    values: dict[str, Decimal] = defaultdict(Decimal)
    for line in stopped:
        if line.value is not None:
            values[line.currency] += line.value
    return Consequence(
        option=option,
        lines=len(stopped),
        licences=len({x.key[0] for x in stopped}),
        values=dict(sorted(values.items())),
        unvalued=sum(x.value is None for x in stopped),
        of_them_unknown=sum(says(x) is Use.UNKNOWN for x in stopped),
    )


def check_decision(
    option: Option,
    *,
    recommended: Option,
    against_reasons: str,
    gates: Collection[str],
    gate_reasons: str,
    terms: str,
    has_power: bool,
    limb: str,
    exemptions: Collection[str],
) -> None:
    """A decision that says all that its option needs. Raises: InvalidError, by field."""
    wrong = {}
    if option is not recommended and not against_reasons.strip():
        wrong["against_reasons"] = f"is needed: the advice is “{recommended.replace('_', ' ')}”"
    if gates and not gate_reasons.strip():
        wrong["gate_reasons"] = f"is needed: a question about it is open: {', '.join(gates)}"
    if option in SUSPENDING:
        if not has_power:
            wrong["power"] = "is needed to suspend"
        if not terms.strip():
            wrong["terms"] = "are needed to suspend: the holder must be told them"
    if option is Option.REVOKE and not limb:
        wrong["limb"] = "is needed to revoke"
    if exemptions and option is Option.KEEP:
        wrong["exemptions"] = "have no effect: this option stops nothing"
    if wrong:
        raise InvalidError("the decision cannot be taken so", hint="mend the named fields", fields=wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What an exemption let through on one day: lines in force that would be stopped but for it.

    values: of these lines, by currency; unvalued: lines without a stated value. used: shipped under them since the
    exemption was announced, by currency; unreported: lines with no usage record. unknown: lines in force of which
    it is not known whether the scope matches: they are not let through, and not counted above.
    """

    on: date
    lines: tuple[LineKey, ...]
    unknown: tuple[LineKey, ...]
    values: Mapping[str, Decimal]
    unvalued: int
    used: Mapping[str, Decimal]
    unreported: int

    @property
    def licences(self) -> int:
        """How many licences these lines are of."""
        return len({licence for licence, _ in self.lines})


def days_of(
    exemption: Exemption, lives: Iterable[LineLife], *, until: date, caught_from: Mapping[LineKey, date]
) -> tuple[Day, ...]:
    """Every day since an exemption was announced, up to and including `until`, or the last before it ended.

    Args:
        lives: of the lines that would be stopped but for it. caught_from: line -> from which day it would be.
    """
    start = exemption.valid.start
    if start is None:
        return ()
    last = until if exemption.valid.end is None else min(until, exemption.valid.end - timedelta(days=1))
    known = sorted(lives, key=lambda x: x.key)
    return tuple(
        _day(exemption, known, start + timedelta(days=n), start, caught_from)
        for n in range((last - start).days + 1)
    )


def _day(
    exemption: Exemption, lives: Sequence[LineLife], on: date, start: date, caught_from: Mapping[LineKey, date]
) -> Day:
    through: list[LineLife] = []
    unknown: list[LineKey] = []
    for life in lives:
        if life.status_on(on) is not LineStatus.ISSUED or caught_from.get(life.key, on) > on:
            continue
        truth = matches(life.terms_on(on)[0], exemption.scope).truth
        if truth:
            through.append(life)
        elif truth is None:
            unknown.append(life.key)
    values: dict[str, Decimal] = defaultdict(Decimal)
    used: dict[str, Decimal] = defaultdict(Decimal)
    for life in through:
        _, value, currency = life.terms_on(on)
        if value is not None:
            values[currency] += value
        for day, worth, _ in life.draws:
            if start <= day <= on:
                used[currency] += worth
    return Day(
        on=on,
        lines=tuple(x.key for x in through),
        unknown=tuple(unknown),
        values=dict(sorted(values.items())),
        unvalued=sum(x.terms_on(on)[1] is None for x in through),
        used=dict(sorted(used.items())),
        unreported=sum(not any(start <= d <= on for d, _, _ in x.draws) for x in through),
    )
