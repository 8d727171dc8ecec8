"""`touches` as a Result."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from penholder.analysis.report.result import Citation, Result
from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.incidents import Kind
from penholder.analysis.stocktake.remarks import onward_known, onward_remarks
from penholder.analysis.stocktake.result import citation_of, value_document
from penholder.analysis.stocktake.table import rows_of
from penholder.analysis.stocktake.touches import Touched
from penholder.analysis.stocktake.vocabulary import (
    CAUSE_WORDS,
    EXCLUSION_WORDS,
    NOT_SHOWN,
    Scope,
    Use,
    code_of,
)
from penholder.analysis.stocktake.words import day_words

_KINDS = (Kind.ATTRIBUTED, Kind.UNATTRIBUTED, Kind.MEANS_NOT_STATED)
LISTED = 12


def touches_result(touched: Touched, *, asked: str, notices: tuple[str, ...] = ()) -> Result:
    """Put the answer into all its forms. Rows: the lines that could have been used and the unknown ones.

    `asked`: the incident or the filters, as the reader wrote them.
    """
    figures = Figures(touched.answer)
    listed = Figures(touched.answer.keep(touched.answer.use != Use.EXCLUDED))
    table = rows_of(listed.answer, listed.paths)
    said = (*notices, *_notices(touched))
    by_kind = {code_of(k): touched.answer.incidents.count(k) for k in _KINDS} | {"others": touched.others}
    document = {
        "incidents": touched.chosen,
        "incidents_by_kind": by_kind,
        "first": touched.first,
        "last": touched.last,
        "scope": touched.answer.rules.scope.value,
        "onward_known": onward_known(touched.answer.catalogue, known=touched.answer.known),
        "lines": figures.answer.lines,
        "use": figures.use,
        "unknown_because": {code_of(k): n for k, n in figures.unknown_because.items()},
        "excluded_because": {code_of(k): n for k, n in figures.excluded_because.items()},
        "licences": figures.licences,
        **value_document(figures.values),
        "notices": list(said),
        "rows": table.to_pylist(),
    }
    return Result(
        title=f"Lines touched by {asked}",
        document=document,
        table=table,
        citation=_citation(touched, asked),
        words=_words(touched, figures, table, asked),
        notices=said,
    )


def _citation(touched: Touched, asked: str) -> Citation:
    whole = citation_of(touched.answer)
    kind = "in force at" if touched.answer.rules.scope is Scope.IN_FORCE else "granted by"
    predicate = (
        f"licence lines {kind} the incidents chosen by {asked}, by whether their goods could have been used"
    )
    return Citation(
        predicate=predicate, data=whole.data, on=whole.on, known=whole.known, profile=whole.profile,
        rules=whole.rules, attribution=whole.attribution,
    )  # fmt: skip


def _notices(touched: Touched) -> list[str]:
    found = [NOT_SHOWN, *onward_remarks(touched.answer, touched.asked)]
    if not touched.chosen:
        found.append("no incident was chosen: nothing in these data fits the filters")
    elif touched.others:
        found.append(
            f"{touched.others:,} of the chosen incidents are not counted by the profile: of other actors, outside "
            "its territory or its period"
        )
    if touched.answer.incidents.count(Kind.UNATTRIBUTED):
        found.append(
            "some of the chosen incidents do not state who acted: every party of the profile is asked about"
        )
    if touched.against:
        found.append(
            f"{touched.against:,} of the chosen incidents report means of which the profile says that the party "
            "had not used them by then: what is reported is asked about"
        )
    if touched.answer.incidents.count(Kind.MEANS_NOT_STATED):
        found.append("some of the chosen incidents state no means: the means that the party used are asked about")
    return found


def _words(touched: Touched, figures: Figures, table: pa.Table, asked: str) -> tuple[str, ...]:
    counts = touched.answer.incidents
    days = ""
    if touched.first and touched.last:
        days = f" · {day_words(touched.first)}" + (
            f" to {day_words(touched.last)}" if touched.last > touched.first else ""
        )
    unknown = " · ".join(f"{CAUSE_WORDS[c]} {n:,}" for c, n in figures.unknown_because.items())
    excluded = " · ".join(f"{EXCLUSION_WORDS[r]} {n:,}" for r, n in figures.excluded_because.items())
    kinds = " · ".join(
        f"{words} {n:,}"
        for words, n in (
            ("attributed", counts.count(Kind.ATTRIBUTED)),
            ("unattributed", counts.count(Kind.UNATTRIBUTED)),
            ("means not stated", counts.count(Kind.MEANS_NOT_STATED)),
            ("not of this profile", touched.others),
        )
    )
    scope = "in force at the time" if touched.answer.rules.scope is Scope.IN_FORCE else "granted by then"
    head = [
        f"{asked}{days} · {touched.answer.profile.title}",
        "",
        f"{'Incidents chosen':<26}{touched.chosen:>9,}   {kinds}",
        f"{'Lines ' + scope:<26}{figures.answer.lines:>9,}",
        f"{'  could have been used':<26}{figures.use['could']:>9,}",
        f"{'  unknown':<26}{figures.use['unknown']:>9,}   {unknown}".rstrip(),
        f"{'  excluded':<26}{figures.use['excluded']:>9,}   {excluded}".rstrip(),
        NOT_SHOWN,
    ]
    return (*head, "", *_lines(table))


def _lines(table: pa.Table) -> list[str]:
    """The first lines that could have been used."""
    could = table.filter(pa.array(np.asarray([u == "could" for u in table.column("use").to_pylist()], bool)))
    rows = [
        f"{row['line']:<14}{row['decided_on']}  {row['rating'] or '':<14}{row['destination']:<4}"
        f"{'> ' + row['onward'] if row['onward'] else '':<14}  {row['path']}  ({row['basis']}, {row['grade']})"
        for row in could.slice(0, LISTED).to_pylist()
    ]
    if could.num_rows > LISTED:
        rows.append(f"{LISTED} of {could.num_rows:,} lines that could; all of them: -o lines.csv, or --json")
    return rows
