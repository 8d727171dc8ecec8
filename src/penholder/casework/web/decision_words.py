"""Decisions in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.text import capfirst

from penholder.casework.decision_answers import ForDecision, Option
from penholder.casework.decision_parts import CitedVersion
from penholder.casework.policy.turns import Bearing, Turn
from penholder.casework.signatures import second_rules
from penholder.casework.values import LateAnswer, NoticeKind, Outcome, Signature
from penholder.casework.web import words
from penholder.casework.web.words import day_words, days_words, plain

OUTCOMES = {Outcome.GRANT: "Grant", Outcome.REFUSE: "Refuse"}
OUTCOME_COLOURS = {Outcome.GRANT: ("green", "●"), Outcome.REFUSE: ("red", "■")}
SIGNATURES = {Signature.ACCEPT: "accepted", Signature.REJECT: "rejected"}
NOTICES = {
    NoticeKind.GRANT: "Notice of grant",
    NoticeKind.REFUSAL: "Notice of refusal",
    NoticeKind.SUSPENSION: "Notice of suspension",
    NoticeKind.REVOCATION: "Notice of revocation",
}
LATE = {LateAnswer.TAKE: "taken", LateAnswer.DECLINE: "declined"}
NEEDS = {
    "against_reasons": "reasons against the advice of a lead adviser",
    "stale_reasons": "reasons why newer information is not awaited",
    "unknown_reasons": "reasons although something mandatory is not known",
    "gate_reasons": "reasons why the answer to an open question is not awaited",
}


def age_words(cited: CitedVersion) -> str:
    """`Cut-off 28 January 2024, 71 days ago; over the limit of 14 days`."""
    ago = "today" if cited.days == 0 else f"{days_words(cited.days)} ago"
    over = (
        f"; over the limit of {cited.limit} days" if cited.is_over else f"; within the limit of {cited.limit} days"
    )
    return f"cut-off {day_words(cited.cutoff)}, {ago}{over}"


def count_words(number: int, one: str, many: str) -> str:
    """`1 limb`, `2 limbs`."""
    return f"{number:,} {one if number == 1 else many}"


def second_words(because: Iterable[str]) -> str:
    """Why a proposal needs a second countersignature, by the titles of the table."""
    titles = {rule.id: rule.title for rule in second_rules()}
    return "; ".join(titles.get(name, plain(name)) for name in because)


def consequence_words(before: ForDecision, option: Option) -> str:
    """What an outcome means for the goods of the case: lines and value."""
    value = ", ".join(f"{currency} {total}" for currency, total in before.values) or "no value stated"
    lines = count_words(before.lines, "line", "lines")
    if option.outcome is Outcome.GRANT:
        return f"{lines} worth {value} may leave under a licence."
    return f"{lines} worth {value} may not leave."


TURNED = {Outcome.GRANT: "a grant", Outcome.REFUSE: "a refusal"}
_BEARS = {
    Bearing.FINDING: "Finding under {}",
    Bearing.ADVICE: "Finding under {}",
    Bearing.EXEMPTION: "Exemption from {}",
    Bearing.MORATORIUM: "{}",
    Bearing.HOLD: "{}",
}
"""What a fact is about; under an exemption that there is not yet stands the limb from which it would be."""


def possible_words(before: ForDecision, option: Option) -> str:
    """For which lines an outcome is possible as things stand."""
    if len(option.possible) == before.lines:
        return "Possible as things stand for every line." if before.lines else "There is no line."
    if not option.possible:
        return "Possible as things stand for no line."
    return f"Possible as things stand for {_lines(option.possible)} alone."


def bears_words(turn: Turn, names: Sequence[str]) -> str:
    """`Finding under 2c`; `Moratorium on Velmora (XV)`. names: its ids in words."""
    form = _BEARS[turn.bearing] if turn.bearing is not Bearing.EXEMPTION or "/" in turn.ids[0] else "{}"
    return str(capfirst(form.format(", ".join(names))))


def lines_words(before: ForDecision, turn: Turn) -> str:
    """`every line`, `line 2`."""
    return "every line" if len(turn.lines) == before.lines else _lines(turn.lines)


def _lines(numbers: Sequence[int]) -> str:
    return f"line{'' if len(numbers) == 1 else 's'} {', '.join(map(str, numbers))}"


def then_words(turn: Turn) -> tuple[str, str, str]:
    """What it would be then: words, colour and sign of a tag."""
    if not turn.left:
        return ("Possible", "green", "●")
    if turn.is_possible:
        return ("Refused", "red", "■")
    return (f"Still refused, by {count_words(turn.left, 'thing', 'things')} more", "orange", "■")


def needs_words(option: Option) -> list[str]:
    """Which reasons it needs beside its own, each with why."""
    return [f"Needs {NEEDS[name]}: {why.replace('_', ' ')}" for name, why in option.needs.items()]


def _decided(fields: Mapping[str, Any], word: str) -> str:
    appeal = " on appeal" if fields.get("on_appeal") else ""
    against = ", against the advice of a lead adviser" if fields.get("is_against_lead") else ""
    limbs = f" under {', '.join(fields['limbs'])}" if fields.get("limbs") else ""
    return f"{word}{appeal}{limbs}{against}"


def _outcome(value: Any) -> str:
    return OUTCOMES[Outcome(value)].lower()


EVENTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "casework.OutcomeProposed": lambda f: (
        f"Proposed to {_outcome(f['proposal']['outcome'])} (version {f['proposal']['number']})"
    ),
    "casework.ProposalSigned": lambda f: (
        f"A countersigner {SIGNATURES[Signature(f['signed']['signature'])]} the proposal"
    ),
    "casework.ProposalReturned": lambda _: "The proposal was sent back by whoever decides",
    "casework.CaseGranted": lambda f: _decided(f, "Granted"),
    "casework.CaseRefused": lambda f: _decided(f, "Refused"),
    "casework.LicenceLinked": lambda _: "The licence was entered in the register",
    "casework.CaseNoticeIssued": lambda f: f"{NOTICES[NoticeKind(f['kind'])]} issued",
    "casework.AppealLodged": lambda f: (
        f"Appeal lodged{', too late' if f.get('appeal', {}).get('is_late') else ''}"
    ),
    "casework.LateAppealAnswered": lambda f: f"The late appeal was {LATE[LateAnswer(f['answered']['answer'])]}",
    "casework.AppealAssigned": lambda _: "The appeal was assigned",
}
"""Event -> one sentence without its stop."""


def event_words(event: str, fields: Mapping[str, Any]) -> str:
    """One event of a case as a sentence without its stop."""
    said = EVENTS.get(event)
    return said(fields) if said else words.event_words(event, fields)
