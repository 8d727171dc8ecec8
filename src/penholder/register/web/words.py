"""The register in words: statuses, acts and events, as sentences for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.text import capfirst

from penholder.regime.regimes import rule_words
from penholder.register.answers import Happening, LineView, News
from penholder.register.touched import Touched
from penholder.register.values import (
    TIMING_WORDS,
    WITHOUT_CASE_WORDS,
    ConditionTiming,
    LineStatus,
    MessageKind,
    Standing,
    WithoutCase,
)
from penholder.restrictions.values import Kind

STATUS_WORDS: Mapping[Standing, str] = {
    Standing.DRAFT: "draft",
    Standing.ISSUED: "in force",
    Standing.END_NOT_STATED: "issued, end not stated",
    Standing.SUSPENDED: "suspended",
    Standing.EXHAUSTED: "exhausted",
    Standing.EXPIRED: "expired",
    Standing.EXPIRED_WHILE_SUSPENDED: "expired while suspended",
    Standing.SURRENDERED: "surrendered",
    Standing.REVOKED: "revoked",
}
Fields = Mapping[str, Any]
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def plain(word: object) -> str:
    """`licence_terms` -> `licence terms`."""
    return str(word).replace("_", " ")


def status_word(standing: Standing | LineStatus) -> str:
    """The standing as pages say it: `issued` is "in force"."""
    return STATUS_WORDS[Standing(standing.value)]


def day_words(value: object) -> str:
    """`2 September 2024`, without markup; what is no day stays as it is."""
    try:
        found = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value)
    return f"{found.day} {found:%B} {found.year}"


def numbers(given: Iterable[Any]) -> str:
    """`1, 2, 5 to 9`."""
    found = sorted({int(n) for n in given})
    runs: list[list[int]] = []
    for number in found:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{r[0]} to {r[-1]}" if len(r) > 2 else ", ".join(map(str, r)) for r in runs]
    return ", ".join(parts)


def lines_words(given: Sequence[Any]) -> str:
    """`line 1`, `lines 1 to 3`; of none: the whole licence."""
    if not given:
        return "the whole licence"
    return f"{'line' if len(given) == 1 else 'lines'} {numbers(given)}"


def status_line(lines: Sequence[LineView], *, of: int | None = None) -> list[str]:
    """The answer first: one sentence for each way in which lines of the licence stand, most lines first.

    of: how many lines the licence has; None: these.
    """
    groups: dict[tuple[Any, ...], list[LineView]] = {}
    for line in lines:
        groups.setdefault((line.status, line.since, line.review_by, line.overdue, line.valid_until), []).append(
            line
        )
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    return [_sentence(found, of or len(lines)) for _, found in ordered]


def touched_words(one: Touched) -> str:
    """Which lines a restriction touches and what that means, to follow its title."""
    limb, said = rule_words(one.by.limb), []
    if one.by.kind is Kind.EXEMPTION:
        said.append(f"matches {lines_words(one.lines)}, where {limb} would otherwise refuse")
    elif one.lines:
        said.append(f"matches {lines_words(one.lines)}")
    if one.not_known:
        missing = ", ".join(plain(m) for m in one.missing)
        said.append(f"may match {lines_words(one.not_known)}: {missing} would have to be known")
    if one.through:
        said.append(f"an exemption lets through {lines_words(one.through)}")
    return f"{'; '.join(said)}. In force since {day_words(one.by.valid_from)}"


def _sentence(found: Sequence[LineView], of: int) -> str:
    line, how_many = found[0], len(found)
    which = numbers(x.number for x in found)
    if of == 1:
        who = "The only line is"
    elif how_many == of:
        who = f"All {of:,} lines are"
    elif how_many == 1:
        who = f"Line {which} is"
    else:
        who = f"Lines {which} are" if len(which) < 60 else f"{how_many:,} of {of:,} lines are"
    said = f"{who} {'issued' if line.standing is Standing.END_NOT_STATED else status_word(line.standing)}"
    if line.since is not None and line.status is not LineStatus.DRAFT:
        said += f" since {day_words(line.since)}"
    elif line.status is not LineStatus.DRAFT:
        said += " since a day that no source says"
    if line.status is LineStatus.SUSPENDED:
        return f"{said}. {_review(line)}"
    if line.status is LineStatus.ISSUED:
        end = f"until {day_words(line.valid_until)} (exclusive)" if line.valid_until else "end not stated"
        return f"{said}, {end}."
    return f"{said}."


def _review(line: LineView) -> str:
    if line.review_by is None:
        return "No source says by when this is reviewed."
    if line.overdue:
        return f"The review was due by {day_words(line.review_by)} and is overdue; the suspension stays."
    return f"Review by {day_words(line.review_by)}."


def _since(f: Fields) -> str:
    return f" with effect from {day_words(f['effective_on'])}" if f.get("effective_on") else ""


def _no_case(f: Fields) -> str:
    why = f.get("without_case")
    return f", without a case here: {WITHOUT_CASE_WORDS[WithoutCase(why)]}" if why else ""


def _issued(f: Fields) -> str:
    until = f"until {day_words(f['valid_until'])}" if f.get("valid_until") else "without a stated end"
    return (
        f"{capfirst(lines_words(f['lines']))} issued{_since(f)}, valid from {day_words(f['valid_from'])} "
        f"{until}{_no_case(f)}"
    )


def _suspended(f: Fields) -> str:
    return (
        f"{capfirst(lines_words(f['lines']))} suspended{_since(f)} under the power “{plain(f['power'])}”, "
        f"review by {day_words(f['review_by'])}"
    )


def _acts_on_lines(verb: str) -> Callable[[Fields], str]:
    return lambda f: f"{capfirst(lines_words(f['lines']))} {verb}{_since(f)}"


def _drawn(f: Fields) -> str:
    if "line" not in f:
        return "Usage recorded"
    return f"Usage of line {f['line']} recorded, shipped on {day_words(f['happened_on'])}"


def _condition(f: Fields) -> str:
    due = f", due {day_words(f['due'])}" if f.get("due") else ""
    return f"Condition put on {lines_words(f['lines'])} ({TIMING_WORDS[ConditionTiming(f['timing'])]}){due}"


_MESSAGES = {
    MessageKind.ISSUE: "the issue",
    MessageKind.AMEND: "the amendment",
    MessageKind.SUSPEND: "the suspension",
    MessageKind.REINSTATE: "the reinstatement",
    MessageKind.REVOKE: "the revocation",
    MessageKind.SURRENDER: "the surrender",
}


def message_words(kind: str) -> str:
    """`suspend` -> `The suspension`: of what customs are told."""
    return capfirst(_MESSAGES[MessageKind(kind)])


def _told(f: Fields) -> str:
    what = f"{_MESSAGES[MessageKind(f['kind'])]} of {lines_words(f['lines'])}"
    return f"Customs were told of {what}; acknowledgement due {day_words(f['due'])}"


_EVENTS: Mapping[str, Callable[[Fields], str]] = {
    "register.LicenceEntered": lambda f: (
        f"Entered as a draft with {len(f['lines'])} line{'' if len(f['lines']) == 1 else 's'}{_no_case(f)}"
        if "lines" in f
        else "Entered as a draft"
    ),
    "register.LicenceIssued": _issued,
    "register.LineAmended": lambda f: (
        f"Line {f['line']} amended{_since(f)}: {', '.join(plain(c) for c in f['changed'])}"
    ),
    "register.DraftAmended": lambda f: (
        f"Draft of line {f['line']} amended: {', '.join(plain(c) for c in f['changed'])}"
        if "line" in f
        else "A draft was amended"
    ),
    "register.LinesSuspended": _suspended,
    "register.LinesReinstated": _acts_on_lines("reinstated"),
    "register.LinesRevoked": lambda f: f"{_acts_on_lines('revoked')(f)} under {f['limb']}",
    "register.LinesSurrendered": lambda f: f"{_acts_on_lines('surrendered')(f)}: {plain(f['reason'])}",
    "register.LineDrawn": _drawn,
    "register.LineExhausted": lambda f: f"Line {f['line']} exhausted{_since(f)}: nothing is left of its limit",
    "register.LinesExpired": _acts_on_lines("expired"),
    "register.ConditionAdded": _condition,
    "register.ConditionFulfilled": lambda f: f"Condition met on {day_words(f['done_on'])}",
    "register.CustomsMessageSent": _told,
    "register.CustomsMessageAcknowledged": lambda f: f"Customs acknowledged {_MESSAGES[MessageKind(f['kind'])]}",
    "casework.LicenceNoticeIssued": lambda f: (
        f"The holder was told in writing on {day_words(f['issued_on'])}: notice of {plain(f['kind'])}"
    ),
    "people.PrivateRead": lambda _: "Private fields of an entry were read, with a reason (sealed in the log)",
    "register.ReleaseAnnounced": lambda f: f"The release {f['release']} was announced",
    "register.ReleaseLoaded": lambda f: (
        f"Came with the release {f['release']}, loaded {day_words(f['loaded_on'])}"
    ),
}
SAID = frozenset(
    [
        "licence",
        "lines",
        "line",
        "effective_on",
        "power",
        "review_by",
        "before",
        "after",
        "status",
        "changed",
        "limb",
        "reason",
        "timing",
        "due",
        "kind",
        "message",
        "condition",
        "acknowledged_at",
        "done_on",
        "valid_from",
        "valid_until",
        "licence_type",
        "happened_on",
        "loaded_on",
        "release",
        "series",
        "released",
        "rows",
        "licences",
        "refused",
        "source_sha256",
        "data_sha256",
        "goods",
        "case",
        "without_case",
    ]
)
"""Fields that the sentence says, or that the page says elsewhere."""
ELSEWHERE = frozenset(["exporter", "notice", "notice_id", "issued_on", "file", "file_digest", "cause"])
"""Fields that have a page of their own: the holder, the notice."""
_IF_SAID = frozenset(["without_case_words", "gates", "gate_reasons"])
"""Fields that most events leave empty."""


def event_words(event: str, fields: Fields) -> str:
    """One event as a sentence without its stop. An event that is not known here: its name in words."""
    said = _EVENTS.get(event)
    if said is None:
        name = event.rpartition(".")[2]
        return capfirst("".join(f" {c.lower()}" if c.isupper() else c for c in name).strip())
    return said(fields)


def field_rows(fields: Fields, *, brief: bool = False) -> list[tuple[str, Any]]:
    """What the sentence does not say: name in words, value. brief: without what another page shows whole."""
    hidden = SAID | ELSEWHERE if brief else SAID
    return [
        (capfirst(field_words(n)), _amount(n, v))
        for n, v in fields.items()
        if n not in hidden and (v or n not in _IF_SAID)
    ]


def part_rows(fields: Fields) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Fields with named parts (say, a notice): name in words, and its parts as rows."""
    return [
        (capfirst(field_words(n)), [(capfirst(plain(k)), _value(x)) for k, x in v.items()])
        for n, v in fields.items()
        if isinstance(v, Mapping)
    ]


def _amount(name: str, value: Any) -> Any:
    """A draw says 0 where a quantity or value was not said."""
    if name in {"quantity", "value"} and not str(value).strip("0."):
        return "not said"
    return _value(value)


def _value(value: Any) -> Any:
    """Lists and parts of an event as lines of text."""
    if isinstance(value, Mapping):
        return "; ".join(f"{plain(k)}: {_value(v)}" for k, v in value.items() if v not in (None, "", [], ()))
    if isinstance(value, list | tuple):
        return " | ".join(str(_value(v)) for v in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return day_words(value) if isinstance(value, str) and _ISO.fullmatch(value) else value


def overdue_words(kind: str, what: str) -> str:
    """What is overdue, in words."""
    if kind == "review":
        return f"review of a suspension (power: {plain(what)})"
    if kind == "condition":
        return f"condition ({plain(what)} shipment)"
    told = message_words(what)
    waits = f"{told[:1].lower()}{told[1:]}: customs were told, and have not said that they took it in"
    return waits if kind == "waiting" else f"acknowledgement by customs of {told[:1].lower()}{told[1:]}"


def news_words(news: News) -> str:
    """What was done to lines of the holder, as a sentence without its stop."""
    done = {"suspend": "suspended", "reinstate": "reinstated", "amend": "amended", "revoke": "revoked"}
    return f"{capfirst(lines_words(news.lines))} {done[news.act]} with effect from {day_words(news.effective_on)}"


def withheld_words(happened: Happening) -> list[str]:
    """What is withheld of an entry, in words. That the system acted is said beside it."""
    names = [n for n in happened.withheld if (n, happened.role) != ("actor", "system")]
    return [_WITHHELD.get(n) or field_words(n) for n in names]


_WITHHELD = {
    "gates": "whether questions were open about it",
    "gate_reasons": "if so, why their answer was not awaited",
}
"""Fields that are there of every act, and empty of most."""

_FIELDS = {
    "actor": "who acted",
    "gates": "questions that were open about it",
    "gate_reasons": "why their answer was not awaited",
    "without_case_words": "who decided it without a case",
}


def field_words(name: str) -> str:
    """A field, in words."""
    return _FIELDS.get(name, plain(name))
