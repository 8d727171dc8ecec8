"""How a notice is arranged: headings, sentences and tables in their order, the same for page and PDF. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from penholder.casework.notices.content import CitedRule, Notice, NoticeLine
from penholder.casework.values import NoticeKind

TITLES = {
    NoticeKind.GRANT: "Notice of grant",
    NoticeKind.REFUSAL: "Notice of refusal",
    NoticeKind.SUSPENSION: "Notice of suspension",
    NoticeKind.REVOCATION: "Notice of revocation",
}
_OUTCOMES = {
    NoticeKind.GRANT: "The licence that you applied for is granted.",
    NoticeKind.REFUSAL: "The licence that you applied for is refused.",
    NoticeKind.SUSPENSION: "The lines named below are suspended. Nothing may leave under them.",
    NoticeKind.REVOCATION: "The lines named below are revoked. Nothing may leave under them any more.",
}

_APPEAL = (
    "You can appeal until the end of {day}, with arguments or information that were not before the authority."
)
_WHO_DECIDES = (
    "Somebody who took no part in this decision decides on the appeal. The authority takes an appeal that comes "
    "later, or declines it, with reasons."
)
_UNTIL = (
    "The suspension lasts until the lines are reinstated or revoked. If it was not looked at by the day named "
    "above it is overdue; it does not end by itself."
)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a notice. facts: label and value. head, rows: a table."""

    heading: str
    sentences: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def title_of(notice: Notice) -> str:
    """`Notice of refusal`."""
    return TITLES[notice.kind]


def day_words(day: date) -> str:
    """`2 September 2024`."""
    return f"{day.day} {day:%B %Y}"


def sections_of(notice: Notice) -> tuple[Section, ...]:
    """The parts of a notice, in order; those of which it says nothing are left out."""
    return tuple(_sections(notice))


def _sections(notice: Notice) -> Iterator[Section]:
    said = _OUTCOMES[notice.kind]
    appeal = " This is the decision on your appeal." if notice.is_on_appeal else ""
    yield Section("Decision", sentences=(f"{said}{appeal}",), facts=tuple(_facts(notice)))
    if notice.terms:
        yield Section("Terms", sentences=_paragraphs(notice.terms))
    yield Section("Reasons", sentences=_paragraphs(notice.reasons))
    if notice.rules:
        yield Section(
            "Rules on which this rests",
            sentences=(f"Version of the rules: {notice.rule_set}.",) if notice.rule_set else (),
            head=("Rule", "What it is about", "Text"),
            rows=tuple(_rule(r) for r in notice.rules),
        )
    if notice.conditions:
        yield Section("Conditions", sentences=_paragraphs(notice.conditions))
    if notice.lines:
        head = ("Line", "Goods", "Destination", "Quantity")
        yield Section("Goods", head=head, rows=tuple(_line(n) for n in notice.lines))
    yield from _what_next(notice)


def _facts(notice: Notice) -> Iterator[tuple[str, str]]:
    yield "Notice", notice.id
    yield "To", notice.holder_name or "the holder of the licence"
    yield ("Case" if notice.subject.startswith("AP-") else "Licence"), notice.subject
    if notice.reference:
        yield "Reference", notice.reference
    yield "Decided on", day_words(notice.decided_on)
    yield "Issued on", day_words(notice.issued_on)
    if notice.valid_from:
        yield "Valid from", day_words(notice.valid_from)
    if notice.valid_until:
        yield "Last day of validity", day_words(notice.valid_until - timedelta(days=1))
    if notice.power:
        yield "Power", notice.power.replace("_", " ")
    if notice.review_by:
        yield "Looked at again by", day_words(notice.review_by)


def _rule(rule: CitedRule) -> tuple[str, ...]:
    return (rule.id, rule.title, rule.caution or "text verified against the official source")


def _line(line: NoticeLine) -> tuple[str, ...]:
    quantity = f"{line.quantity:f} {line.unit}".strip() if line.quantity is not None else "not limited"
    return (str(line.number), line.goods, line.destination, quantity)


def _what_next(notice: Notice) -> Iterator[Section]:
    """What the holder can do."""
    if notice.appeal_by:
        day = day_words(notice.appeal_by)
        yield Section("If you do not agree", sentences=(_APPEAL.format(day=day), _WHO_DECIDES))
    if notice.kind is NoticeKind.SUSPENSION:
        yield Section("What happens next", sentences=(_UNTIL,))


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if line.strip())
