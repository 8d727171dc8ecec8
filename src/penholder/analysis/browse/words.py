"""Figures in words: their sentence, how they are counted, and the command that counts the same."""

from __future__ import annotations

import shlex
from datetime import date
from decimal import Decimal

from penholder.analysis.browse.ask import Asked, FigureKind, Measure
from penholder.analysis.browse.held import Held

_WHAT = {
    Measure.LICENCES: "Licences",
    Measure.LINES: "Licence lines",
    Measure.VALUE: "Value of licence lines",
}


def day_words(day: date) -> str:
    """`2 September 2024`."""
    return f"{day.day} {day:%B} {day.year}"


def amount_words(amount: int | dict[str, Decimal]) -> str:
    """`1,942`; `GBP 1,234,567`; several currencies are never added up."""
    if isinstance(amount, int):
        return f"{amount:,}"
    said = [f"{currency or 'currency not stated'} {value:,}" for currency, value in sorted(amount.items())]
    return " and ".join(said) or "no value is stated"


def sentence_of(
    held: Held,
    asked: Asked,
    amount: int | dict[str, Decimal],
    suspended: int | dict[str, Decimal] | None,
) -> str:
    """`Licences decided for Ardenia in 2012: 168`."""
    parts = [_WHAT[asked.measure], asked.outcome or asked.kind.value.replace("-", " ")]
    parts += [f"for {held.name(asked.destination)}"] if asked.destination else []
    parts += [f"going on to {held.name(asked.onward)}"] if asked.onward else []
    parts += [f"rated {_rated(asked.rating)}"] if asked.rating else []
    parts += [period_words(held, asked)]
    said = f"{' '.join(parts)}: {amount_words(amount)}"
    of = "of them" if isinstance(amount, int) else "of it"
    return f"{said}, {of} {amount_words(suspended)} suspended" if suspended else said


def short_words(amount: int | dict[str, Decimal]) -> str:
    """As amount_words, a value of one currency in millions or billions: `GBP 25.7 bn`, for beside a bar."""
    if isinstance(amount, int) or len(amount) != 1:
        return amount_words(amount)
    currency, value = next(iter(amount.items()))
    for size, word in ((Decimal(10**9), "bn"), (Decimal(10**6), "m")):
        if value >= size:
            return f"{currency or 'currency not stated'} {value / size:,.1f} {word}"
    return amount_words(amount)


def _rated(rating: str) -> str:
    return f"{rating[:-1]} and what begins so" if rating.endswith("*") else rating


def period_words(held: Held, asked: Asked) -> str:
    """`on 2 September 2024`, `in 2012`, `from ... to ...`."""
    if asked.kind is FigureKind.IN_FORCE:
        return f"on {day_words(asked.on or held.last_day)}"
    start, end = asked.start, asked.end
    if start and end and (start, end) == (date(start.year, 1, 1), date(start.year, 12, 31)):
        return f"in {start.year}"
    start, end = start or held.first_day, end or held.last_day
    return f"from {day_words(start)} to {day_words(end)}"


def how_counted(asked: Asked) -> tuple[str, ...]:
    """The rules of this figure."""
    said = [
        {
            Measure.LICENCES: "A licence is what the release gives as its finest key; it counts once, however "
            "many of its lines match.",
            Measure.LINES: "A line is one row of the release: one rating, or one item, of one licence.",
            Measure.VALUE: "Values as published, at the decision. A line without a value adds nothing and is "
            "counted above. Currencies are never added up across each other.",
        }[asked.measure]
    ]
    if asked.kind is FigureKind.IN_FORCE:
        said += [
            "In force on a day: not refused, decided by then, not expired, not revoked.",
            "Suspended ones are in, and counted apart.",
            "Where no expiry is stated it is assumed from the licence type.",
        ]
    else:
        said += ["Every decision in the period counts by its day, both ends included; refusals too."]
    if asked.destination:
        said.append("The destination is the stated one; where goods go on to is a question of its own.")
    if asked.rating:
        said.append("A line with several ratings counts once if one of them matches.")
    return (*said, "Licensed is not delivered: delivery and use are not in these data.")


def command_of(held: Held, asked: Asked) -> str:
    """The command that counts the same."""
    words = ["penholder", "stats", "FOLDER", "--measure", asked.measure.value]
    for name in ("destination", "onward", "rating", "outcome"):
        if value := getattr(asked, name):
            words += ["--where", f"{name}={value}"]
    for name, value in (("--from", asked.start), ("--to", asked.end), ("--on", asked.on)):
        words += [name, value.isoformat()] if value else []
    return shlex.join([*words, "--known", held.known_day.isoformat()])
