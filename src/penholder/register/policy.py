"""What is allowed in the register, decided from given facts alone; and what the events amount to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.events import Event
from penholder.regime.end_users import end_user_classes
from penholder.register import events
from penholder.register.life_cycle import life_cycle
from penholder.register.values import ConditionTiming, LineAct, LineState, LineStatus, LineTerms
from penholder.rules.records import did_you_mean

MOST = Decimal(10**14)
"""No quantity and no sum of a line grows larger."""
NOT_STATED = "not_stated"
_OPEN = (LineStatus.ISSUED, LineStatus.SUSPENDED)


def next_status(act: LineAct, status: LineStatus, *, line: str) -> LineStatus:
    """The status after an act. Raises: ConflictError with what is allowed from here; `line`: how to name it."""
    table = life_cycle()
    after = table.moves.get((act, status))
    if after is None:
        allowed = ", ".join(table.allowed_from(status)) or "nothing: this status is final"
        raise ConflictError(f"{line} is {status}; {act} is not allowed. Allowed: {allowed}", hint=_hint(status))
    return after


def _hint(status: LineStatus) -> str:
    return "look at the licence again" if life_cycle().allowed_from(status) else "enter a new licence"


def status_on(status: LineStatus, *, valid_until: date | None, on: date) -> LineStatus:
    """The status on a day, whether or not the daily sweep has written down yet that the line ran out."""
    if valid_until is None or on < valid_until or status not in _OPEN:
        return status
    return life_cycle().moves[LineAct.EXPIRE, status]


def is_overdue(state: LineState, *, on: date) -> bool:
    """Is a suspension past the day of its review? It stays in force: nothing lifts it by itself."""
    return state.status is LineStatus.SUSPENDED and state.review_by is not None and state.review_by < on


Left = tuple[int, date, Decimal]
"""Goods that left: number of the line, day, quantity (0: not said)."""


def left_before_met(
    left: Iterable[Left],
    *,
    timing: ConditionTiming,
    lines: Collection[int],
    put_on: date,
    done_on: date | None,
) -> tuple[Left, ...]:
    """What left under a condition that was to be met before shipment and is not recorded as met; oldest first.

    lines: of the condition; none: the whole licence. put_on: the day on which the condition was recorded. What
    left on that day or before is not held against it: it is not known which of the two was first.
    """
    if timing is not ConditionTiming.BEFORE or done_on is not None:
        return ()
    under = (one for one in left if (not lines or one[0] in lines) and put_on < one[1])
    return tuple(sorted(under, key=lambda one: (one[1], one[0])))


def check_day(given: date, *, name: str, today: date, not_before: date | None = None) -> None:
    """An act counts from today or an earlier day, and not from before what it follows. Raises: InvalidError."""
    if given > today:
        raise InvalidError(
            f"{name} {given} is in the future; today is {today}",
            hint="act on the day; a claimed day in the past is allowed and shows as late",
            fields={name: "must not be in the future"},
        )
    if not_before is not None and given < not_before:
        raise InvalidError(
            f"{name} {given} is before {not_before}, the day from which the state that it changes holds",
            hint="give that day or a later one",
            fields={name: f"must not be before {not_before}"},
        )


def check_terms(terms: LineTerms, *, where: str) -> None:
    """Terms that can be worked with. Raises: InvalidError."""
    wrong = {}
    if not terms.description.strip():
        wrong[f"{where}.description"] = "is needed"
    if (terms.value is not None or terms.value_limit is not None) and not terms.currency:
        wrong[f"{where}.currency"] = "is needed where a value is given"
    if terms.quantity_limit is not None and not terms.unit:
        wrong[f"{where}.unit"] = "is needed where a quantity is given"
    for name in ("quantity_limit", "value_limit"):
        if getattr(terms, name) == 0:
            wrong[f"{where}.{name}"] = "a limit of 0 allows nothing; leave it out where there is none"
    classes = end_user_classes()
    if terms.end_user != NOT_STATED and terms.end_user not in classes:
        wrong[f"{where}.end_user"] = f"is no class of end users{did_you_mean(terms.end_user, classes)}"
    if wrong:
        raise InvalidError("the terms of a line cannot be used", hint="mend the named fields", fields=wrong)


def check_limits(state: LineState, terms: LineTerms) -> None:
    """New limits hold what was used already. Raises: InvalidError."""
    wrong = {}
    if terms.quantity_limit is not None and terms.quantity_limit < state.used_quantity:
        wrong["terms.quantity_limit"] = f"is below what was used: {number(state.used_quantity)}"
    if terms.value_limit is not None and terms.value_limit < state.used_value:
        wrong["terms.value_limit"] = f"is below what was used: {number(state.used_value)}"
    if wrong:
        raise InvalidError("the new limit is below what was used", hint="give a higher limit", fields=wrong)


_LISTS = ("rating", "onward", "programmes")
_WORDS = ("description", "destination", "end_user", "end_user_state")
_AMOUNTS = (("value", "currency"), ("value_limit", "currency"), ("quantity_limit", "unit"))


def widens(before: LineTerms, after: LineTerms) -> tuple[str, ...]:
    """Names of the terms by which a line allows what it did not allow; none: it allows less, or the same.

    Other goods, places or users count as wider, and what was stated and is no longer; of a list it is narrower to
    leave some out. Amounts are wider if they are higher, have no limit any more, or count in another measure.
    """
    wider = [name for name in _WORDS if getattr(after, name) != getattr(before, name)]
    wider += [name for name in _LISTS if _has_more(getattr(before, name), getattr(after, name))]
    for amount, measure in _AMOUNTS:
        old, new = getattr(before, amount), getattr(after, amount)
        if old is not None and (new is None or new > old or getattr(after, measure) != getattr(before, measure)):
            wider.append(amount)
    return tuple(wider)


def _has_more(before: str, after: str) -> bool:
    old, new = ({word.strip() for word in text.split(";")} - {""} for text in (before, after))
    return not new <= old or (bool(old) and not new)


def check_draw(state: LineState, *, status_then: LineStatus, quantity: Decimal, value: Decimal, line: str) -> None:
    """May so much be drawn, by the status on the day of shipment and by what is left?

    Raises: ConflictError: the line was not issued on that day, or less is left. InvalidError: nothing is drawn, or
    the measure is missing in which the line is limited.
    """
    next_status(LineAct.DRAW, state.status, line=line)
    if status_then is not LineStatus.ISSUED:
        raise AtFieldError(
            f"{line} was {status_then} on that day; only what left under an issued line is drawn",
            hint="check the day and the line; goods that left without a licence are a matter for compliance",
            fields={
                "happened_on": f"the line was {str(status_then).replace('_', ' ')} on that day; check the day and "
                "the line. Goods that left without a licence are a matter for compliance"
            },
        )
    missing = {}
    if state.quantity_limit is not None and quantity == 0:
        missing["quantity"] = "is needed: this line is limited by quantity"
    if state.value_limit is not None and value == 0:
        missing["value"] = "is needed: this line is limited by value"
    if not quantity and not value and not missing:
        missing["quantity"] = "give a quantity or a value"
    if missing:
        raise InvalidError("the draw does not say how much", hint="mend the named fields", fields=missing)
    for name, asked, used, limit in (
        ("quantity", quantity, state.used_quantity, state.quantity_limit),
        ("value", value, state.used_value, state.value_limit),
    ):
        if used + asked > (MOST if limit is None else limit):
            raise too_much(line, name=name, asked=asked, left=(MOST if limit is None else limit) - used)


class AtFieldError(ConflictError):
    """The state of the line does not allow one value of the act; `fields` says which and why."""

    def __init__(self, message: str, *, hint: str, fields: Mapping[str, str]) -> None:
        super().__init__(message, hint=hint, fields=dict(fields))
        self.fields = dict(fields)


def too_much(line: str, *, name: str, asked: Decimal, left: Decimal) -> ConflictError:
    """The error for a draw above the limit."""
    return AtFieldError(
        f"{line}: {name} {number(asked)} is more than is left: {number(left)}",
        hint="nothing was written; check the message, or amend the line first",
        fields={name: f"{number(asked)} is more than is left: {number(left)}"},
    )


def number(given: Decimal) -> str:
    """A number as people write it: 40 and not 40.000."""
    written = f"{given:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def is_full(state: LineState) -> bool:
    """Is any stated limit reached?"""
    return (state.quantity_limit is not None and state.used_quantity >= state.quantity_limit) or (
        state.value_limit is not None and state.used_value >= state.value_limit
    )


LineKey = tuple[str, int]
"""Public id of the licence, number of the line."""


@dataclass(slots=True)
class Fold:
    """What a stream of events amounts to, line by line."""

    lines: dict[LineKey, LineState] = field(default_factory=dict)
    licences: dict[str, int] = field(default_factory=dict)
    """Version of each licence."""

    def take_in(self, key: LineKey, state: LineState) -> None:
        """A line that came with a release."""
        self.lines[key] = state
        self.licences.setdefault(key[0], 1)

    def apply(self, event: Event) -> None:
        """One more event. Raises: ConflictError: its line is not there, or it is not allowed from here."""
        match event:
            case events.LicenceEntered():
                self.licences[event.licence] = 1
                for number, terms in enumerate(event.lines, start=1):
                    self.lines[event.licence, number] = entered(terms, since=event.decided_on)
                return
            case events.LicenceIssued():
                self._each(event.licence, event.lines, LineAct.ISSUE, since=event.effective_on)
            case events.LineAmended() | events.DraftAmended():
                limits = {"quantity_limit": event.after.quantity_limit, "value_limit": event.after.value_limit}
                self._set(event.licence, event.line, LineAct.AMEND, **limits)
            case events.LinesSuspended():
                open_ = {"suspended_on": event.effective_on, "review_by": event.review_by, "power": event.power}
                self._each(event.licence, event.lines, LineAct.SUSPEND, since=event.effective_on, **open_)
            case events.LinesReinstated():
                self._each(event.licence, event.lines, LineAct.REINSTATE, since=event.effective_on)
            case events.LinesRevoked():
                self._each(event.licence, event.lines, LineAct.REVOKE, since=event.effective_on)
            case events.LinesSurrendered():
                self._each(event.licence, event.lines, LineAct.SURRENDER, since=event.effective_on)
            case events.LinesExpired():
                self._each(event.licence, event.lines, LineAct.EXPIRE, since=event.effective_on)
            case _:
                self._apply_usage(event)
                return
        self.licences[event.licence] = self.licences.get(event.licence, 0) + 1

    def _apply_usage(self, event: Event) -> None:
        match event:
            case events.LineDrawn():
                state = self._state(event.licence, event.line)
                self.lines[event.licence, event.line] = replace(
                    state,
                    used_quantity=state.used_quantity + event.quantity,
                    used_value=state.used_value + event.value,
                )
            case events.LineExhausted():
                self._set(event.licence, event.line, LineAct.EXHAUST, since=event.effective_on)
                self.licences[event.licence] = self.licences.get(event.licence, 0) + 1
            case events.ConditionAdded() | events.ConditionFulfilled():
                self.licences[event.licence] = self.licences.get(event.licence, 0) + 1
            case _:
                pass

    def _each(self, licence: str, numbers: Iterable[int], act: LineAct, **changes: object) -> None:
        for number in numbers:
            self._set(licence, number, act, **changes)

    def _set(self, licence: str, number: int, act: LineAct, **changes: object) -> None:
        state = self._state(licence, number)
        self.lines[licence, number] = moved(state, act, line=f"line {number} of {licence}", changes=changes)

    def _state(self, licence: str, number: int) -> LineState:
        try:
            return self.lines[licence, number]
        except KeyError as error:
            raise ConflictError(f"there is no line {number} of {licence}") from error


def entered(terms: LineTerms, *, since: date) -> LineState:
    """The state of a line that was just entered."""
    return LineState(
        status=life_cycle().begins,
        since=since,
        quantity_limit=terms.quantity_limit,
        value_limit=terms.value_limit,
    )


def moved(state: LineState, act: LineAct, *, line: str, changes: Mapping[str, object]) -> LineState:
    """The state after an act. Leaving a suspension clears what was said of it. Raises: ConflictError."""
    status = next_status(act, state.status, line=line)
    kept: dict[str, object] = {"status": status, "version": state.version + 1, **changes}
    if status is not LineStatus.SUSPENDED:
        kept |= {"suspended_on": None, "review_by": None, "power": ""}
    after: LineState = replace(state, **kept)  # type: ignore[arg-type]
    return after


def fold(happened: Iterable[Event]) -> Mapping[LineKey, LineState]:
    """The state of every line after these events. Raises: ConflictError where one is not allowed."""
    folded = Fold()
    for event in happened:
        folded.apply(event)
    return folded.lines
