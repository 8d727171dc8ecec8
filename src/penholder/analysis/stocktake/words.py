"""The stocktake in words, for a terminal. Layout: design of screen A, docs/reference/stocktake.md."""

from __future__ import annotations

from datetime import date

from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.limbs import limb_words
from penholder.analysis.stocktake.money import money_words
from penholder.analysis.stocktake.outliers import Of, Outlier
from penholder.analysis.stocktake.paths import title_of
from penholder.analysis.stocktake.vocabulary import (
    CAUSE_WORDS,
    EXCLUSION_WORDS,
    NOT_SHOWN,
    SCOPE_WORDS,
    Cause,
    Flag,
    Scope,
    Use,
)
from penholder.regime.types import LimbQuestion

PATHS_LISTED = 6
_LABEL, _NUMBER = 26, 9


def answer_words(
    figures: Figures,
    flagged: tuple[Outlier, ...],
    limbs: tuple[LimbQuestion, ...],
    *,
    profile_name: str,
    left_out: bool,
) -> tuple[str, ...]:
    """The lines of the terminal answer: the answer, how sure, the paths, the questions, what to do next."""
    return (
        headline(figures),
        "",
        *_counts(figures),
        NOT_SHOWN,
        *outlier_words(flagged, left_out=left_out),
        "",
        *_paths(figures),
        *_limbs(limbs),
        *_next(figures, profile_name),
    )


def headline(figures: Figures) -> str:
    """`Northern campaign of Ardenia · in force on 2 September 2024 · known today`."""
    rules, known = figures.answer.rules, figures.answer.known
    return (
        f"{figures.answer.profile.title} · {SCOPE_WORDS[rules.scope]} {day_words(rules.on)} · "
        f"known {day_words(known) if known else 'today'}"
    )


def day_words(day: date) -> str:
    """`2 September 2024`."""
    return f"{day.day} {day:%B %Y}"


def _counts(figures: Figures) -> list[str]:
    values = {use: money_words(totals) for use, totals in figures.values.items()}
    licences = {use: many(n, "licence") for use, n in figures.licences.items()}
    basis, route = figures.basis, figures.route
    could = [
        values["could"], licences["could"], f"direct {route['direct']:,}, onward {route['onward']:,}",
        f"by finding {basis['finding']:,}, by hint {basis['hint']:,}",
    ]  # fmt: skip
    unknown = [f"{CAUSE_WORDS[c]} {n:,}" for c, n in _largest(figures.unknown_because)]
    excluded = [f"{EXCLUSION_WORDS[r]} {n:,}" for r, n in figures.excluded_because.items()]
    return [
        _row(_scope_label(figures), figures.answer.lines, _scope_notes(figures)),
        _row("  could have been used", figures.use["could"], "   ".join(p for p in could if p)),
        _row(
            "  unknown",
            figures.use["unknown"],
            "   ".join(p for p in (values["unknown"], " · ".join(unknown)) if p),
        ),
        _row("  excluded", figures.use["excluded"], " · ".join(excluded)),
        *_assumed_end_users(figures),
        _incidents(figures),
    ]


def _row(label: str, number: int, notes: str) -> str:
    return f"{label:<{_LABEL}}{number:>{_NUMBER},}   {notes}".rstrip()


def _scope_label(figures: Figures) -> str:
    return "Lines in force" if figures.answer.rules.scope is Scope.IN_FORCE else "Lines granted so far"


def _scope_notes(figures: Figures) -> str:
    notes = []
    if figures.answer.rules.scope is Scope.IN_FORCE:
        if assumed := figures.flagged(Flag.ASSUMED):
            notes.append(f"{assumed:,} of them by assumed validity")
        if open_ended := figures.flagged(Flag.NO_END_KNOWN):
            notes.append(f"{open_ended:,} with no known end")
        notes.append(f"(granted so far: {figures.answer.granted:,})")
    wanted = {
        k: n for k, n in figures.status.items() if figures.answer.rules.scope is Scope.GRANTED or k != "in_force"
    }
    notes += [f"{'status ' if k == 'unknown' else ''}{k.replace('_', ' ')} {n:,}" for k, n in wanted.items()]
    return "   ".join(notes)


def _assumed_end_users(figures: Figures) -> list[str]:
    count = figures.flagged(Flag.END_USER_NOT_STATED)
    if not count:
        return []
    return [f"Of those that could have been used, {count:,} are on a military list and state no end user"]


def _incidents(figures: Figures) -> str:
    counts = figures.incidents
    if counts["attributed"] is None:
        return f"{'Reported incidents':<{_LABEL}}{'?':>{_NUMBER}}   none are loaded: not known"
    known = {k: n or 0 for k, n in counts.items()}
    notes = (
        f"attributed {known['attributed']:,} · unattributed in the territory {known['unattributed']:,} · "
        f"means not stated {known['means_not_stated']:,}"
    )
    return _row("Reported incidents", sum(known.values()), notes)


def outlier_words(flagged: tuple[Outlier, ...], *, left_out: bool) -> list[str]:
    """`One line is 61% of the value (licence 51396, line 1): see --no-outliers`."""
    if not flagged:
        return []
    first = flagged[0]
    of = "the value" if Of.ANSWER in first.percent else f"the value for {first.destination}"
    percent = first.percent.get(Of.ANSWER) or first.percent[Of.DESTINATION]
    several = f" ({len(flagged)} such lines)" if len(flagged) > 1 else ""
    end = "it is left out here" if left_out else "see --no-outliers"
    return [f"One line is {percent}% of {of} (line {first.line}){several}: {end}"]


def _paths(figures: Figures) -> list[str]:
    paths = figures.paths
    if not paths.paths:
        return []
    lines = paths.lines().tolist()
    titles = [title_of(p) for p in paths.paths[:PATHS_LISTED]]
    width = min(max(len("Strongest paths"), *(len(t) for t in titles)), 78)
    rows = [f"{'Strongest paths':<{width}}  {'lines':>7}  {'value':<12}  rests on"]
    for i, title in enumerate(titles):
        path = paths.paths[i]
        money = money_words(figures.path_values[i])
        rows.append(f"{title:<{width}}  {lines[i]:>7,}  {money:<12}  {path.basis}, grade {path.grade}")
    if len(paths.paths) > PATHS_LISTED:
        rows.append(f"and {len(paths.paths) - PATHS_LISTED} more paths: -o report.html, or --json")
    return [*rows, ""]


def _limbs(limbs: tuple[LimbQuestion, ...]) -> list[str]:
    if not limbs:
        return ["No rule that is held for this day is touched"]
    return [f"Questions that this raises (no verdict): {limb_words(limbs)}"]


def _next(figures: Figures, profile_name: str) -> list[str]:
    answer = figures.answer
    wanted = Use.COULD if figures.use["could"] else Use.UNKNOWN
    positions = figures.masks[wanted].nonzero()[0][:1]
    if not len(positions):
        return []
    line = answer.reader.take(("line",), answer.rows[positions]).column(0)[0].as_py()
    folder = answer.catalogue.folder
    return [
        f"Next: penholder why {folder} {line} --profile {profile_name} --on {answer.rules.on}",
        "      or this answer with -o report.html -o lines.csv, or --json",
    ]


def _largest(counts: dict[Cause, int]) -> list[tuple[Cause, int]]:
    return sorted(counts.items(), key=lambda item: -item[1])


def many(count: int, word: str) -> str:
    """`1 licence`, `2,000 licences`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"
