"""Fill the report page: the figures of an answer as plain values (`analysis.report.data`)."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import date, datetime

from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.report import data as page
from penholder.analysis.report.result import Citation
from penholder.analysis.stocktake import outlier_words
from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.money import money_words, only
from penholder.analysis.stocktake.outliers import Outlier
from penholder.analysis.stocktake.reader import rows_known
from penholder.analysis.stocktake.report_lines import path_groups
from penholder.analysis.stocktake.report_places import Names, incident_places, place_rows, timeline
from penholder.analysis.stocktake.report_profile import profile_answers
from penholder.analysis.stocktake.vocabulary import (
    CAUSE_WORDS,
    EXCLUSION_WORDS,
    NOT_SHOWN,
    SCOPE_WORDS,
    Flag,
    Scope,
    code_of,
)
from penholder.analysis.stocktake.words import asked_words, day_words
from penholder.regime.regimes import regime
from penholder.regime.types import LimbQuestion


def report_data(
    figures: Figures,
    *,
    other: Figures | None,
    flagged: tuple[Outlier, ...],
    limbs: tuple[LimbQuestion, ...],
    notices: tuple[str, ...],
    citation: Citation,
    profile_name: str,
) -> page.ReportData:
    """Everything on the page. `other`: the figures counted the other way, without flagged lines or with them."""
    answer = figures.answer
    rules, known = answer.rules, answer.known
    boundaries = _boundaries(answer.catalogue, known=known)
    names = Names({b.code: b.name for b in boundaries})
    day = day_words(rules.on)
    learnt = known or datetime.fromisoformat(citation.known).date()
    return page.ReportData(
        title=answer.profile.title,
        question=f"Which licence lines {SCOPE_WORDS[rules.scope]} {day} could have been used in these operations, "
        "where, by which path, and what is not known?",
        subtitle=f"{SCOPE_WORDS[rules.scope].capitalize()} {day}, as known on {day_words(learnt)}",
        scope_sentence=_scope_sentence(figures),
        figures=five_figures(figures),
        unknowns=_unknowns(figures),
        places=place_rows(figures, names),
        incident_places=incident_places(answer, names),
        timeline=timeline(figures),
        paths=path_groups(figures, names),
        limbs=tuple(_limb(x) for x in limbs),
        method=_method(figures),
        rule_texts=_rule_texts(limbs),
        notices=tuple(n for n in notices if n != NOT_SHOWN),
        citation=citation,
        boundaries=tuple(b for b in boundaries if b.geojson),
        outlier=_outlier(figures, flagged, other, names),
        profile=profile_answers(answer.profile, names.of),
        territory=tuple(dict.fromkeys(t.place for t in answer.profile.territory)),
        command=_command(figures, other, profile_name),
    )


def five_figures(figures: Figures) -> tuple[page.Figure, ...]:
    """Lines in scope; could; unknown; excluded; reported incidents."""
    values = {use: money_words(totals) for use, totals in figures.values.items()}
    assumed = figures.flagged(Flag.ASSUMED)
    in_force = figures.answer.rules.scope is Scope.IN_FORCE
    excluded = " · ".join(f"{EXCLUSION_WORDS[r]} {n:,}" for r, n in figures.excluded_because.items())
    counts = figures.incidents
    reported = "not known" if counts["attributed"] is None else f"{sum(n or 0 for n in counts.values()):,}"
    by_kind = "none are loaded" if counts["attributed"] is None else (
        f"attributed {counts['attributed']:,} · unattributed in the territory {counts['unattributed']:,} · "
        f"means not stated {counts['means_not_stated']:,}"
    )  # fmt: skip
    return (
        page.Figure(
            "Lines in force" if in_force else "Lines granted",
            f"{figures.answer.lines:,}",
            f"{assumed:,} by assumed validity" if in_force and assumed else "",
            "#places",
        ),
        page.Figure(
            "could have been used",
            f"{figures.use['could']:,}",
            f"{values['could']}, {figures.licences['could']:,} licences".removeprefix(", "),
            "#lines",
        ),
        page.Figure("unknown", f"{figures.use['unknown']:,}", values["unknown"], "#unknown"),
        page.Figure("excluded", f"{figures.use['excluded']:,}", excluded),
        page.Figure("reported incidents", reported, by_kind, "#timeline"),
    )


def _unknowns(figures: Figures) -> tuple[page.UnknownRow, ...]:
    rows = []
    for cause, lines in figures.unknown_because.items():
        value, currency = only(figures.money.totals(figures.unknown_mask(cause)))
        rows.append(page.UnknownRow(code_of(cause), CAUSE_WORDS[cause], lines, value, currency))
    return tuple(rows)


def _scope_sentence(figures: Figures) -> str:
    rules = figures.answer.rules
    if rules.scope is Scope.IN_FORCE:
        counted = f"Licence lines that were not refused, were decided by {day_words(rules.on)} and had not expired"
    else:
        counted = (
            f"Licence lines decided by {day_words(rules.on)} that were not refused or revoked before shipment"
        )
    return f"{counted}. {NOT_SHOWN}."


def _limb(limb: LimbQuestion) -> page.Limb:
    return page.Limb(limb.rule_id, limb.regime, limb.title, limb.question, limb.text_status, limb.source)


def _rule_texts(limbs: tuple[LimbQuestion, ...]) -> tuple[page.RuleText, ...]:
    found = []
    for limb in limbs:
        rule = next((r for r in regime(limb.regime).rules if r.id == limb.rule_id), None)
        if rule is not None:
            found.append(page.RuleText(rule.id, rule.title, rule.wording, str(rule.text_status), rule.source))
    return tuple(found)


def _outlier(
    figures: Figures, flagged: tuple[Outlier, ...], other: Figures | None, names: Names
) -> page.OutlierNote | None:
    if not flagged or other is None:
        return None
    weighty = outlier_words.moves_answer(flagged)
    left_out = _left_out(figures, other)
    here = " This page leaves them out of every figure." if left_out else ""
    about = outlier_words.about(flagged, names.of)
    return page.OutlierNote(
        title=outlier_words.title(flagged),
        words=f"{about[:1].upper()}{about[1:]}.{here}",
        beside=outlier_words.beside(flagged, left_out=left_out),
        figures=tuple(replace(f, href="") for f in five_figures(other)[:4]),
        rows=tuple(
            page.OutlierRow(
                o.line, code_of(o.use), names.of(o.destination), o.value, o.currency,
                outlier_words.shares(o, names.of),
            )
            for o in flagged
        ),
        weighty=weighty,
    )  # fmt: skip


def _left_out(figures: Figures, other: Figures | None) -> bool:
    """Does the page leave the flagged lines out? Then the other way of counting has more lines."""
    return other is not None and other.answer.lines > figures.answer.lines


def _command(figures: Figures, other: Figures | None, profile_name: str) -> str:
    answer = figures.answer
    words = ["penholder stocktake", shlex.quote(str(answer.catalogue.folder)), *asked_words(answer, profile_name)]
    words += ["--no-outliers"] if _left_out(figures, other) else []
    return " ".join([*words, "-o report.html"])


def _boundaries(catalogue: Catalogue, *, known: date | None) -> tuple[page.Boundary, ...]:
    """The places that the data folder defines itself."""
    rows = rows_known(catalogue, "places", known=known).to_pylist()
    return tuple(page.Boundary(r["place"], r["name"], r["boundary"] or "", r["source"]) for r in rows)


def _method(figures: Figures) -> tuple[str, ...]:
    assumed = {k: m for k, m in figures.answer.rules.assumed_months.items() if m is not None}
    months = ", ".join(f"{k.replace('_', ' ')} {m} months" for k, m in sorted(assumed.items()))
    return (
        "Every line in scope is one of: could have been used, excluded, unknown. The three add up to all lines.",
        "A line could have been used if three questions are answered with yes, by one route and for one party.",
        "Operator: does the stated or a final destination operate forces of a party in the profile on the day?",
        "Means: can goods with this rating or description reach a means that the party used by the day?",
        "End user: forces, or not stated for goods on a military list (flagged). Stated civil users exclude.",
        "A missing hint, a place that is no country, a pooled supply never exclude: they leave the line unknown.",
        "An excluded line always has a positive reason; an unknown line counts once, under its first open cause.",
        f"Where no expiry is stated it is assumed from the licence type ({months}) and flagged.",
        "A path is as strong as its weakest source grade. There are no weights, scores or cut-offs.",
        "Incidents are counted beside the lines and never decide. Values are as licensed; delivery is not shown.",
    )
