"""Say in plain words what was counted, so that a figure can be quoted with its sentence."""

from __future__ import annotations

from collections.abc import Sequence

from penholder.analysis.statistics.dimensions import DIMENSIONS
from penholder.analysis.statistics.question import Filter, Question, Scope

_ROUTES = (
    "Direct means the stated destination, onward the final destinations of incorporated or re-exported goods;"
    " what goes both ways counts under both, and once in the total."
)
_PLAIN = {
    "end_user": "end user",
    "licence_type": "licence type",
    "onward": "final destination",
    "military": "kind of control list",
}


def predicate(question: Question, *, keys: Sequence[str] = (), currency: str | None = None) -> str:
    """One or more plain sentences: what was counted, in which scope, with which filters, by what."""
    parts = [_counted(question.measure, keys, currency), scope_words(question.scope, question.where)]
    parts += [f"with {_filter_words(f)}" for f in question.where]
    if question.by:
        parts.append("by " + " and ".join(plain(name) for name in question.by))
    sentence = ", ".join(parts) + "."
    return " ".join([sentence, *_remarks(question)])


def selection(question: Question) -> str:
    """The same for a list of lines."""
    parts = ["Licence lines", scope_words(question.scope, question.where)]
    parts += [f"with {_filter_words(f)}" for f in question.where]
    return " ".join([", ".join(parts) + ".", *_route_remark(question)])


def plain(name: str) -> str:
    """A dimension in plain words."""
    return _PLAIN.get(name, name)


def _counted(measure: str, keys: Sequence[str], currency: str | None) -> str:
    if measure == "lines":
        return "Number of licence lines"
    if measure == "licences":
        return f"Number of distinct licences ({', '.join(keys) or 'licence key'})"
    return f"Value of licence lines{f' in {currency}' if currency else ''}, lines without a value left out"


def scope_words(scope: Scope, where: Sequence[Filter] = ()) -> str:
    """In force on a day, or decided in a period."""
    if scope.on is not None:
        return (
            f"in force on {scope.on} (not refused, decided by then, not expired or revoked; suspended ones"
            " included; expiry assumed from the licence type where none is stated)"
        )
    refused = "" if any(f.dimension == "outcome" for f in where) else ", refused ones too"
    if scope.start and scope.end:
        return f"decided from {scope.start} to {scope.end} (both included){refused}"
    if scope.start or scope.end:
        return f"decided {f'from {scope.start}' if scope.start else f'up to {scope.end}'} (included){refused}"
    return f"all decisions{refused}"


def _filter_words(condition: Filter) -> str:
    return f"{plain(condition.dimension)} {' or '.join(condition.words)}"


def _remarks(question: Question) -> list[str]:
    many = [n for n in question.by if DIMENSIONS[n].many and n != "route"]
    remarks = []
    if many:
        thing = "licence" if question.measure == "licences" else "line"
        named = " and ".join(plain(n) for n in many)
        remarks.append(
            f"A {thing} with several values of {named} counts under each of them; the total counts it once."
        )
    elif question.measure == "licences" and question.by:
        remarks.append("A licence with lines in several rows counts in each of them; the total counts it once.")
    return remarks + _route_remark(question)


def _route_remark(question: Question) -> list[str]:
    if "route" not in question.used:
        return []
    return [_ROUTES]


def aligned(rows: Sequence[Sequence[str]], *, right: Sequence[bool]) -> list[str]:
    """Rows of texts as lines with straight columns, those of `right` flush right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(right))]
    return [
        "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)).rstrip()
        for row in rows
    ]
