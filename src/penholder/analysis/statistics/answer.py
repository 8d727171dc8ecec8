"""`stats`: ask one question of a data folder; the answer cites itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.report.result import Citation, Result
from penholder.analysis.statistics import count
from penholder.analysis.statistics.asking import Asking, asking
from penholder.analysis.statistics.figures import Figures, counted, drawn, number, records, table_of, valued
from penholder.analysis.statistics.lines import licence_keys
from penholder.analysis.statistics.order import AS_THEY_STAND, Order
from penholder.analysis.statistics.outstanding import outstanding
from penholder.analysis.statistics.question import EVERY_DECISION, Question, Scope
from penholder.analysis.statistics.remarks import remarks_on
from penholder.analysis.statistics.words import plain, predicate

_REMARKS = ("lines", "licences", "lines_without_value", "refused", "coarsely_dated")
_IN_FORCE = ("assumed", "no_end_known", "suspended", "status_unknown")


def stats(
    catalogue: Catalogue,
    *,
    by: Sequence[str] = (),
    measure: str = "lines",
    where: Iterable[str] = (),
    scope: Scope = EVERY_DECISION,
    order: Order = AS_THEY_STAND,
    known: date | None = None,
    engine: str = "local",
    master: str | None = None,
) -> Result:
    """Count lines, distinct licences, or value by any dimensions.

    Args:
        by: names of DIMENSIONS; none: the total alone. where: `dimension=value`, alternatives within a dimension.
        scope: in force on a day, or decided in a period; none: every decision.
        order: by the dimensions, or the largest first; and how many rows.
        known: use the newest releases known by this day.
    Returns: rows sorted as `order` says; `total` counts every line once; different currencies stay apart.
    Units: value in the currency that the row or the document names.
    Raises: InputError for unknown names and values; NotKnownError without lines; MissingExtraError for spark.
    """
    with asking(catalogue, known=known, engine=engine, master=master) as asked:
        return stats_of(asked, catalogue, by=by, measure=measure, where=where, scope=scope, order=order)


def stats_of(
    asked: Asking,
    catalogue: Catalogue,
    *,
    by: Sequence[str] = (),
    measure: str = "lines",
    where: Iterable[str] = (),
    scope: Scope = EVERY_DECISION,
    order: Order = AS_THEY_STAND,
) -> Result:
    """The same for a data folder that is open already: several questions need only one engine."""
    question = asked.question(by=by, measure=measure, where=where, scope=scope)
    chosen = asked.chosen(question)
    full, total, remarks = _answered(asked, question, chosen)
    figures = order.apply(full)
    cut = order.words(figures, full)
    rows = records(figures, name_of=asked.choices.name)
    keys = licence_keys(catalogue, known=asked.known)
    sentence = predicate(question, keys=keys, currency=figures.currency)
    sentence += f" {cut[0].upper()}{cut[1:]}." if cut else ""
    document = _document(question, figures, rows, total, remarks) | {"predicate": sentence}
    document["rows_in_all"] = len(full.cells)
    document["notes"] = [*remarks_on(asked, question, lines=document["lines"]), *_notes(question, document, total)]
    if measure == "value":
        rows_of = asked.engine.arrow(count.largest(chosen)).to_pylist()
        document["notes"] += outstanding(rows_of, name_of=asked.choices.name)
    if len(figures.cells) < len(full.cells):
        document["notes"].append(f"{cut}; the total counts all of them")
    title = _title(question, figures) + (f", {cut}" if cut else "")
    return Result(
        title=title,
        document=document,
        table=table_of(figures, rows),
        citation=citation_of(catalogue, sentence, scope=scope, known=asked.known),
        words=(title, *drawn(figures, rows, _foot(document)), "", sentence),
        notices=tuple(document["notes"]),
    )


def citation_of(catalogue: Catalogue, sentence: str, *, scope: Scope, known: date | None) -> Citation:
    """How to cite figures and lists of a data folder."""
    return Citation(
        predicate=sentence,
        data=catalogue.data_hash(known=known),
        on=scope.on.isoformat() if scope.on else "",
        known=known.isoformat() if known else "",
        attribution=catalogue.attributions(known=known),
    )


Total = int | Decimal | None | dict[str, Any]


def _answered(asked: Asking, question: Question, chosen: Any) -> tuple[Figures, Figures, dict[str, int]]:
    remarks = asked.engine.arrow(count.remarks(chosen, question)).to_pylist()[0]
    if question.measure == "value":
        rows = asked.engine.arrow(count.cells_by_currency(chosen, question))
        total = valued(asked.engine.arrow(count.totals_by_currency(chosen, question)), ())
        return valued(rows, question.by), total, remarks
    rows = asked.engine.arrow(count.cells(chosen, question))
    total = counted(asked.engine.arrow(count.totals(chosen, question)), (), question.measure)
    return counted(rows, question.by, question.measure), total, remarks


def _document(
    question: Question, figures: Figures, rows: list[dict[str, Any]], total: Figures, remarks: Mapping[str, int]
) -> dict[str, Any]:
    whole = number(total.cells[0].value) if len(total.cells) == 1 and not total.is_mixed else None
    document: dict[str, Any] = {
        "measure": question.measure,
        "by": list(question.by),
        "rows": rows,
        "total": whole,
        "currency": figures.currency,
    }
    if total.is_mixed:
        document["totals"] = records(total, name_of=str)
    document |= {name: int(remarks[name]) for name in _REMARKS}
    if question.scope.on is not None:
        document |= {name: int(remarks[name]) for name in _IN_FORCE}
    return document


def _notes(question: Question, document: Mapping[str, Any], total: Figures) -> Iterable[str]:
    if total.is_mixed:
        named = ", ".join(c or "not stated" for c in total.currencies)
        yield f"the values are in several currencies ({named}); they are not added up across them"
    if question.measure == "value" and document["lines_without_value"]:
        yield f"{document['lines_without_value']:,} of {document['lines']:,} lines state no value"
    if document["coarsely_dated"]:
        yield f"{document['coarsely_dated']:,} lines have a month or a year as date; it counts from its first day"
    if question.scope.on is not None:
        if document["suspended"]:
            yield f"{document['suspended']:,} of the lines in force are suspended"
        if document["assumed"]:
            yield f"{document['assumed']:,} lines are in force by assumed validity"
        if document["no_end_known"]:
            yield f"{document['no_end_known']:,} lines state no end, and their licence type has no usual validity"
        if document["status_unknown"]:
            yield f"{document['status_unknown']:,} lines have a suspension or revocation without a date"


def _title(question: Question, figures: Figures) -> str:
    what = {"lines": "Licence lines", "licences": "Licences", "value": "Value of licence lines"}[question.measure]
    money = f" in {figures.currency}" if figures.currency else ""
    by = f" by {' and '.join(plain(n) for n in question.by)}" if question.by else ""
    return f"{what}{money}{by}"


def _foot(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "value": document["total"],
        "lines": document["lines"],
        "lines_without_value": document["lines_without_value"],
    }
