"""`why` as a Result: JSON, rows (facts that would change the answer), words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.releases.catalogue import Catalogue, Release
from penholder.analysis.report.result import Citation, Result
from penholder.analysis.schemas import LICENCE_LINES, LIST_SEPARATOR
from penholder.analysis.stocktake.incidents import ProfileIncidents
from penholder.analysis.stocktake.judge import Judge
from penholder.analysis.stocktake.reader import LinesReader, rows_known
from penholder.analysis.stocktake.remarks import ONWARD, lacking_words
from penholder.analysis.stocktake.result import rules_hash_of
from penholder.analysis.stocktake.run import incidents_of, judge_of, lines_of, scope_rules
from penholder.analysis.stocktake.scope import ScopeRules
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.analysis.stocktake.why import Why, why_line
from penholder.analysis.stocktake.why_words import Page, why_document, why_words
from penholder.kernel import clock
from penholder.kernel.errors import InputError, NotKnownError

Ids = Callable[[Sequence[int]], list[dict[str, Any]]]
"""Rows of the table of incidents -> id, series, first and last day, place."""
ID_COLUMNS = ("incident", "series", "starts_on", "ends_on", "place_name", "admin1")


@dataclass(frozen=True)
class LineQuestion:
    """What is needed to explain any line of a folder."""

    catalogue: Catalogue
    judge: Judge
    rules: ScopeRules
    reported: ProfileIncidents
    known: date | None


def line_question(
    catalogue: Catalogue, profile: OperationProfile, *, on: date, scope: Scope, known: date | None
) -> LineQuestion:
    """Read what does not depend on the line. Raises: as `run.stocktake`."""
    judge = judge_of(catalogue, profile, on=on, scope=scope, known=known)
    return LineQuestion(
        catalogue, judge, scope_rules(on, scope), incidents_of(catalogue, judge, known=known), known
    )


def find_line(catalogue: Catalogue, line: str, *, known: date | None = None) -> dict[str, Any]:
    """The columns of one line, and its `series`, by its id (`licence:position`, or `series/licence:position`).

    Raises: NotKnownError where there is none; InputError where several series have one.
    """
    reader = lines_of(catalogue, known=known)
    rows = _rows_with(reader, line, reader.series)
    for series in reader.series if not rows else ():
        if line.startswith(f"{series}/"):
            rows = _rows_with(reader, line.removeprefix(f"{series}/"), (series,))
    if not rows:
        raise NotKnownError(
            f"there is no line {line!r} in {catalogue.folder}",
            hint="a line is LICENCE:POSITION, for example 48211:2; `penholder rows` and `stocktake` list them",
        )
    names = [reader.series[r] for r in reader.release_of(np.array(rows)).tolist()]
    if len(rows) > 1:
        raise InputError(
            f"the id {line!r} is used in {len(rows)} series: {', '.join(names)}", hint=f"write {names[0]}/{line}"
        )
    record = reader.take([c.name for c in LICENCE_LINES.columns], np.array(rows)).to_pylist()[0]
    return dict(record) | {"series": names[0]}


def _rows_with(reader: LinesReader, line: str, series: Sequence[str]) -> list[int]:
    ids = reader.each(
        ("line",), lambda batch: pc.indices_nonzero(pc.equal(batch.column("line"), line)).to_pylist()
    )
    return [
        piece.first + i
        for piece, found in zip(reader.pieces, ids, strict=True)
        for i in found
        if piece.release.series in series
    ]


def why_result(
    question: LineQuestion,
    record: dict[str, Any],
    *,
    cursor: int = 0,
    limit: int = 20,
    notices: tuple[str, ...] = (),
) -> Result:
    """Explain one line in all forms.

    `cursor`, `limit`: which incidents of each kind are listed by id; counts are always of all.
    """
    names = _names(question)
    found = why_line(question.judge, question.rules, record, question.reported, name_of=names)
    page = Page(cursor, limit, _ids(question), names, _notes(question, record))
    said = notices + _notices(question, found)
    return Result(
        title=f"Line {record['line']}",
        document=why_document(question, found, page)
        | {"onward_known": not _without_onward(question, found), "notices": list(said)},
        table=_table(found),
        citation=_citation(question, record),
        words=why_words(question, found, page),
        reads_as_words=True,
        notices=said,
    )


def _notes(question: LineQuestion, record: dict[str, Any]) -> list[dict[str, Any]]:
    """The published notes from which facts of the line were derived: note, text, and where it stands."""
    wanted = (record["notes"] or "").split(LIST_SEPARATOR)
    if wanted == [""]:
        return []
    columns = ("note", "licence", "text", "source", "source_line")
    table = rows_known(question.catalogue, "notes", columns=columns, known=question.known)
    rows = table.filter(pc.is_in(table.column("note"), pa.array(wanted, pa.string()))).to_pylist()
    return [
        {k: v for k, v in row.items() if k != "licence"} for row in rows if row["licence"] == record["licence"]
    ]


def _names(question: LineQuestion) -> Callable[[str], str]:
    rows = rows_known(question.catalogue, "places", columns=("place", "name"), known=question.known).to_pylist()
    own = {r["place"]: r["name"] for r in rows}

    def name(code: str) -> str:
        # The tables of names cost a tenth of a second; invented states do not need them.
        from penholder.analysis.sources.places import name_of  # noqa: PLC0415

        return own.get(code) or name_of(code)

    return name


def _ids(question: LineQuestion) -> Ids:
    def ids(rows: Sequence[int]) -> list[dict[str, Any]]:
        if not rows:
            return []
        table = rows_known(question.catalogue, "incidents", columns=ID_COLUMNS, known=question.known)
        return list(table.take(pa.array(rows)).to_pylist())

    return ids


def _notices(question: LineQuestion, found: Why) -> tuple[str, ...]:
    said = [lacking_words(r.id) for r in _without_onward(question, found)]
    if not found.in_scope:
        what = "in force" if question.rules.scope is Scope.IN_FORCE else "granted"
        said.append(f"the line is not {what} on {question.rules.on}: it is in no figure of that stocktake")
    if not question.reported.loaded:
        said.append("no incidents are loaded: how many were reported is not known")
    return tuple(said)


def _without_onward(question: LineQuestion, found: Why) -> list[Release]:
    """The release of the line, if it came without final destinations."""
    lacking = question.catalogue.lacking(ONWARD, known=question.known)
    return [r for r in lacking if r.series == found.record["series"]]


def _table(found: Why) -> pa.Table:
    """One row per fact that is open or would change the answer."""
    schema = pa.schema([(name, pa.string()) for name in ("line", "use", "fact", "now", "if_yes", "if_no", "ask")])
    rows = [
        {
            "line": found.record["line"], "use": found.use.name.lower(), "fact": f.fact, "now": f.now.word,
            "if_yes": f.if_yes.name.lower(), "if_no": f.if_no.name.lower(), "ask": f.ask,
        }
        for f in found.flips
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema)


def _citation(question: LineQuestion, record: dict[str, Any]) -> Citation:
    return Citation(
        predicate=f"whether and why line {record['line']} could have been used in the operations of "
        f"the profile {question.judge.profile.id} on {question.rules.on}",
        data=question.catalogue.data_hash(known=question.known),
        on=question.rules.on.isoformat(),
        known=question.known.isoformat() if question.known else clock.stamp(clock.now()),
        profile=question.judge.profile.sha256,
        rules=rules_hash_of(question.judge, question.rules),
        attribution=question.catalogue.attributions(known=question.known),
    )
