"""`questions` as a Result: JSON, one row per question, text to send."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from penholder.analysis.report.result import Result
from penholder.analysis.sources.places import name_of
from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.money import money_words, only
from penholder.analysis.stocktake.questions import Question, questions_of
from penholder.analysis.stocktake.reader import rows_known
from penholder.analysis.stocktake.remarks import onward_known, onward_remarks
from penholder.analysis.stocktake.result import citation_of
from penholder.analysis.stocktake.run import Stocktake
from penholder.analysis.stocktake.vocabulary import NOT_SHOWN
from penholder.analysis.stocktake.words import headline
from penholder.kernel.counts import many

_SCHEMA = pa.schema(
    [
        ("number", pa.int32()), ("cause", pa.string()), ("destination", pa.string()),
        ("destination_name", pa.string()), ("question", pa.string()), ("settles", pa.string()),
        ("lines", pa.int64()), ("licences", pa.int64()), ("value", pa.decimal128(20, 2)),
        ("currency", pa.string()), ("line_ids", pa.string()), ("further_lines", pa.int64()),
    ]
)  # fmt: skip


def questions_result(answer: Stocktake, *, notices: tuple[str, ...] = ()) -> Result:
    """The questions that an answer leaves open."""
    figures = Figures(answer)
    own = {r["place"]: r["name"] for r in _places(answer)}
    found = questions_of(figures, lambda code: own.get(code) or name_of(code))
    rows = [_row(q) for q in found]
    notices = (*notices, *onward_remarks(answer))
    document = {
        "title": answer.profile.title,
        "scope": answer.rules.scope.value,
        "on": answer.rules.on,
        "onward_known": onward_known(answer.catalogue, known=answer.known),
        "lines": answer.lines,
        "use": figures.use,
        "questions": [
            {k: v for k, v in row.items() if k != "line_ids"}
            | {"line_ids": list(q.listed), "ratings": list(q.ratings)}
            for row, q in zip(rows, found, strict=True)
        ],
        "notices": list(notices),
    }
    return Result(
        title=f"Questions: {answer.profile.title}",
        document=document,
        table=pa.Table.from_pylist(rows, schema=_SCHEMA),
        citation=citation_of(answer),
        words=_words(figures, found),
        notices=notices,
    )


def _places(answer: Stocktake) -> list[dict[str, Any]]:
    return list(rows_known(answer.catalogue, "places", columns=("place", "name"), known=answer.known).to_pylist())


def _row(question: Question) -> dict[str, Any]:
    value, currency = only(question.values)
    return {
        "number": question.number, "cause": question.cause, "destination": question.destination,
        "destination_name": question.destination_name, "question": question.text, "settles": question.settles,
        "lines": question.lines, "licences": question.licences, "value": value, "currency": currency or None,
        "line_ids": ";".join(question.listed), "further_lines": question.further,
    }  # fmt: skip


def _words(figures: Figures, found: tuple[Question, ...]) -> tuple[str, ...]:
    if not found:
        return (headline(figures), "", "Nothing is open: there is no question to send.")
    rows = [
        headline(figures),
        f"{figures.use['unknown']:,} of {figures.answer.lines:,} lines cannot be answered from what is published.",
        f"{NOT_SHOWN}. These questions ask for facts; they assert nothing.",
    ]
    for question in found:
        value = money_words(question.values)
        count = f"{many(question.lines, 'line')} of {many(question.licences, 'licence')}"
        further = f" and {question.further:,} more" if question.further else ""
        rows += [
            "",
            f"{question.number}. {question.text}",
            f"   About: {count}{', ' + value if value else ''}. Lines: {', '.join(question.listed)}{further}.",
            f"   An answer would settle {question.settles}.",
        ]
    return tuple(rows)
