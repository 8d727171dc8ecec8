"""Rows as files. Each begins with how to cite it, or holds it."""

from __future__ import annotations

import io
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from penholder.analysis.browse.figure import figure, result_of
from penholder.analysis.report.formats.delimited import write_csv
from penholder.analysis.report.formats.records import write_json
from penholder.analysis.report.result import Result
from penholder.entry.access import PUBLIC, requires
from penholder.kernel.errors import NotKnownError
from penholder.publication.shadow.looking import WHY, look
from penholder.publication.shadow.pages import asked_of
from penholder.publication.shadow.reviews import stocktake_of

_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "html": "text/html; charset=utf-8"}


def _file(name: str, suffix: str, write: Callable[[io.BytesIO], object]) -> HttpResponse:
    stream = io.BytesIO()
    write(stream)
    response = HttpResponse(stream.getvalue(), content_type=_TYPES[suffix])
    response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


def _rows(result: Result, name: str, suffix: str) -> HttpResponse:
    write = write_csv if suffix == "csv" else write_json
    return _file(name, suffix, lambda stream: write(result, stream, cite=True, as_file=True))


@requires(PUBLIC, why=WHY)
def figure_rows(request: HttpRequest, kind: str, suffix: str) -> HttpResponse:
    """The lines behind a figure."""
    at = look(request)
    found = figure(at.held, asked_of(at, kind))
    return _rows(result_of(at.held, found), f"lines-{kind}", suffix)


@requires(PUBLIC, why=WHY)
def stocktake_rows(request: HttpRequest, name: str, suffix: str) -> HttpResponse:
    """The lines of a stocktake."""
    return _rows(stocktake_of(look(request), name).result, f"stocktake-{name}", suffix)


@requires(PUBLIC, why=WHY)
def stocktake_report(request: HttpRequest, name: str) -> HttpResponse:
    """The whole report as one file."""
    found = stocktake_of(look(request), name)
    make = found.result.html
    if make is None:
        raise NotKnownError("this stocktake has no report")
    return _file(f"stocktake-{name}", "html", lambda stream: stream.write(make().encode()))


@requires(PUBLIC, why=WHY)
def change_rows(request: HttpRequest, suffix: str) -> HttpResponse:
    """All differences between two releases."""
    at = look(request)
    a, b = at.given("a"), at.given("b")
    sides = (at.shelf.named_side(a), at.shelf.named_side(b)) if a and b else at.shelf.sides
    if sides is None:
        raise NotKnownError("there are no two releases to compare")
    return _rows(at.shelf.changed(*sides).result, "changes", suffix)
