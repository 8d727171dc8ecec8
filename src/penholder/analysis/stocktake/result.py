"""The stocktake as a Result: JSON, rows, words for a terminal, the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from penholder.analysis.report.result import Citation, Result
from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.judge import Judge
from penholder.analysis.stocktake.limbs import limbs_of
from penholder.analysis.stocktake.outliers import Outlier, outliers_of
from penholder.analysis.stocktake.remarks import onward_known, onward_remarks
from penholder.analysis.stocktake.run import Stocktake
from penholder.analysis.stocktake.scope import ScopeRules
from penholder.analysis.stocktake.table import rows_of
from penholder.analysis.stocktake.vocabulary import NOT_SHOWN, Flag, Scope, code_of
from penholder.analysis.stocktake.words import answer_words
from penholder.kernel import clock
from penholder.kernel.canonical import sha256_of
from penholder.kernel.dates import EPOCH
from penholder.kernel.errors import NotKnownError
from penholder.regime import hints
from penholder.regime.types import LimbQuestion


def stocktake_result(
    answer: Stocktake, *, profile_name: str = "PROFILE", with_outliers: bool = True, notices: tuple[str, ...] = ()
) -> Result:
    """Put an answer into all its forms. Rows and the report are built only when a format asks for them.

    Args:
        profile_name: how the reader named the profile, for the commands that are proposed.
        with_outliers: False: leave lines that outweigh everything beside them out of every figure.
    """
    flagged = outliers_of(answer)
    trimmed = Figures(without(answer, flagged)) if flagged else None
    whole = Figures(answer)
    shown = whole if with_outliers or trimmed is None else trimmed
    limbs = limbs_of(shown.answer)
    said = notices + notices_of(answer, flagged, with_outliers=with_outliers)
    document = _head(answer) | figures_document(shown)
    document["outliers"] = [_outlier_row(o) for o in flagged]
    document["without_outliers"] = _short(trimmed) if trimmed else None
    document |= {"limbs": [asdict(x) for x in limbs], "notices": list(said)}
    words = partial(
        answer_words, shown, flagged, limbs, other=trimmed if with_outliers else whole, profile_name=profile_name,
        left_out=not with_outliers,
    )  # fmt: skip
    citation = citation_of(answer)
    return Result(
        title=answer.profile.title,
        document=document,
        table=lambda: rows_of(shown.answer, shown.paths),
        citation=citation,
        words=words(),
        notices=said,
        html=_report(
            shown,
            other=None if trimmed is None else trimmed if with_outliers else whole,
            flagged=flagged,
            limbs=limbs,
            notices=said,
            citation=citation,
            profile_name=profile_name,
        ),
    )


def without(answer: Stocktake, flagged: tuple[Outlier, ...]) -> Stocktake:
    """The answer without the flagged lines."""
    kept = np.ones(answer.lines, bool)
    kept[[o.position for o in flagged]] = False
    return answer.keep(kept)


def citation_of(answer: Stocktake) -> Citation:
    """How to compute the answer again."""
    scope = "in force on" if answer.rules.scope is Scope.IN_FORCE else "granted by"
    return Citation(
        predicate=f"licence lines {scope} {answer.rules.on}, by whether their goods could have been used in the "
        f"operations of the profile {answer.profile.id}",
        data=answer.catalogue.data_hash(known=answer.known),
        on=answer.rules.on.isoformat(),
        known=answer.known.isoformat() if answer.known else clock.stamp(clock.now()),
        profile=answer.profile.sha256,
        rules=rules_hash_of(answer.judge, answer.rules),
        attribution=answer.catalogue.attributions(known=answer.known),
    )


def rules_hash_of(judge: Judge, rules: ScopeRules) -> str:
    """One hash for every table that decides: hints and means, end users, assumed validity."""
    return sha256_of(
        {
            "hints": hints.rules_hash(),
            "end_users": {name: truth.word for name, truth in judge.end_user_classes.items()},
            "assumed_months": dict(rules.assumed_months),
        }
    )


def _head(answer: Stocktake) -> dict[str, Any]:
    return {
        "title": answer.profile.title,
        "profile": answer.profile.id,
        "scope": answer.rules.scope.value,
        "on": answer.rules.on.isoformat(),
        "known": answer.known.isoformat() if answer.known else None,
        "onward_known": onward_known(answer.catalogue, known=answer.known),
    }


def figures_document(figures: Figures) -> dict[str, Any]:
    """The figures of an answer as JSON; names are fixed in docs/reference/stocktake.md."""
    return {
        "lines": figures.answer.lines,
        "granted": figures.answer.granted,
        "use": figures.use,
        "basis": figures.basis,
        "route": figures.route,
        "unknown_because": {code_of(k): n for k, n in figures.unknown_because.items()},
        "excluded_because": {code_of(k): n for k, n in figures.excluded_because.items()},
        "assumed_validity": figures.flagged(Flag.ASSUMED),
        "no_end_known": figures.flagged(Flag.NO_END_KNOWN),
        "end_user_not_stated": figures.flagged(Flag.END_USER_NOT_STATED),
        "status": figures.status,
        "licences": figures.licences,
        **value_document(figures.values),
        "incidents": figures.incidents,
        "paths": figures.path_rows(),
    }


def value_document(values: Mapping[str, Mapping[str, Decimal]]) -> dict[str, Any]:
    """`value` and `currency` where all values are in one currency, `values` by currency always."""
    currencies = sorted({c for totals in values.values() for c in totals})
    one = currencies[0] if len(currencies) == 1 else None
    return {
        "value": {use: totals.get(one, Decimal(0)) if one is not None else None for use, totals in values.items()},
        "currency": one,
        "values": {c: {use: totals.get(c, Decimal(0)) for use, totals in values.items()} for c in currencies},
    }


def _short(figures: Figures) -> dict[str, Any]:
    return {"lines": figures.answer.lines, "use": figures.use, **value_document(figures.values)}


def _outlier_row(outlier: Outlier) -> dict[str, Any]:
    return {
        "line": outlier.line, "licence": outlier.licence, "value": outlier.value, "currency": outlier.currency,
        "destination": outlier.destination, "percent_of": {o.value: p for o, p in outlier.percent.items()},
    }  # fmt: skip


def notices_of(answer: Stocktake, flagged: tuple[Outlier, ...], *, with_outliers: bool) -> tuple[str, ...]:
    """What a reader must know beside the figures."""
    found = [NOT_SHOWN]
    if not answer.incidents.loaded:
        found.append(f"{_absent(answer, 'incidents')}: how many were reported is not known")
    if not _held(answer, "edges"):
        found.append(f"{_absent(answer, 'edges')}: every path rests on the table of hints")
    found += onward_remarks(answer)
    if answer.profile.period.start and answer.rules.on < answer.profile.period.start:
        found.append(f"the period of the profile begins on {answer.profile.period.start}, after {answer.rules.on}")
    newest = _newest_decision(answer)
    if newest:
        found.append(newest)
    if flagged and not with_outliers:
        found.append(f"{len(flagged)} line(s) that outweigh everything beside them are left out of every figure")
    return tuple(found)


def _held(answer: Stocktake, data_set: str) -> bool:
    try:
        return bool(answer.catalogue.current(data_set, known=answer.known))
    except NotKnownError:
        return False


def _absent(answer: Stocktake, data_set: str) -> str:
    if _held(answer, data_set):
        return f"the {data_set} that are loaded have no rows"
    if answer.catalogue.holding(data_set):
        return f"no release of {data_set} was out by {answer.known}"
    return f"no {data_set} are loaded"


def _newest_decision(answer: Stocktake) -> str:
    """A remark where the data end long before the day that was asked about."""
    if not answer.lines:
        return f"no line is in scope on {answer.rules.on}"
    gap = answer.rules.day - int(answer.decided.max())
    if gap <= 92:
        return ""
    last = np.datetime64(EPOCH) + int(answer.decided.max())
    return (
        f"the last decision in scope is of {last}, {gap} days before {answer.rules.on}; later ones may be missing"
    )


def _report(
    shown: Figures,
    *,
    other: Figures | None,
    flagged: tuple[Outlier, ...],
    limbs: tuple[LimbQuestion, ...],
    notices: tuple[str, ...],
    citation: Citation,
    profile_name: str,
) -> Callable[[], str]:
    def page() -> str:
        # The page brings the map and its boundaries: only a report needs them.
        from penholder.analysis.report.html.page import report_page  # noqa: PLC0415
        from penholder.analysis.stocktake.report import report_data  # noqa: PLC0415

        data = report_data(
            shown, other=other, flagged=flagged, limbs=limbs, notices=notices, citation=citation,
            profile_name=profile_name,
        )  # fmt: skip
        return report_page(data)

    return page
