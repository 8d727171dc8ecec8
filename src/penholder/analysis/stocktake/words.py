"""The stocktake in words, for a terminal. Layout: design of screen A, docs/reference/stocktake.md."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date
from functools import partial

from penholder.analysis.stocktake import outlier_words
from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.layout import command, items, sentence, terminal_width
from penholder.analysis.stocktake.limbs import limb_words
from penholder.analysis.stocktake.money import money_words
from penholder.analysis.stocktake.outliers import Outlier
from penholder.analysis.stocktake.paths import title_of
from penholder.analysis.stocktake.report_places import names_of
from penholder.analysis.stocktake.run import Stocktake
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
from penholder.kernel.counts import many
from penholder.regime.types import LimbQuestion

PATHS_LISTED = 6
_LABEL, _NUMBER, _NARROW = 26, 9, 100


def answer_words(
    figures: Figures,
    flagged: tuple[Outlier, ...],
    limbs: tuple[LimbQuestion, ...],
    *,
    other: Figures | None,
    profile_name: str,
    left_out: bool,
    width: int | None = None,
) -> tuple[str, ...]:
    """The lines of the terminal answer: the answer, how sure, the paths, the questions, what to do next.

    Args:
        other: the figures without the flagged lines, or with them where `left_out`; None: no line is flagged.
        width: columns; None: those of the terminal. Only a word that is longer by itself goes beyond.
    """
    columns = width or terminal_width()
    return (
        *items("", [headline(figures).split(" · ")], width=columns, indent=2),
        "",
        *_counts(figures, columns),
        *sentence(NOT_SHOWN, width=columns),
        *_outliers(figures, flagged, other, left_out=left_out, width=columns),
        "",
        *_paths(figures, columns),
        *_limbs(limbs, columns),
        *_next(figures, profile_name, columns),
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


def _counts(figures: Figures, width: int) -> list[str]:
    values = {use: money_words(totals) for use, totals in figures.values.items()}
    licences = {use: many(n, "licence") for use, n in figures.licences.items()}
    basis, route = figures.basis, figures.route
    could = [
        values["could"], licences["could"], f"direct {route['direct']:,}, onward {route['onward']:,}",
        f"by finding {basis['finding']:,}, by hint {basis['hint']:,}",
    ]  # fmt: skip
    unknown = [f"{CAUSE_WORDS[c]} {n:,}" for c, n in _largest(figures.unknown_because)]
    excluded = [f"{EXCLUSION_WORDS[r]} {n:,}" for r, n in figures.excluded_because.items()]
    row = partial(_row, width=width)
    return [
        *row(_scope_label(figures), figures.answer.lines, [[n] for n in _scope_notes(figures)]),
        *row("  could have been used", figures.use["could"], [[p] for p in could if p]),
        *row("  unknown", figures.use["unknown"], [[values["unknown"]] if values["unknown"] else [], unknown]),
        *row("  excluded", figures.use["excluded"], [excluded]),
        *_assumed_end_users(figures, width),
        *row("Reported incidents", *_incidents(figures)),
    ]


def _row(label: str, number: int | str, notes: Sequence[Sequence[str]], *, width: int) -> list[str]:
    """One row: on a narrow terminal the label has less room, so that the notes have more."""
    wide, digits = (_LABEL, _NUMBER) if width >= _NARROW else (_LABEL - 3, _NUMBER - 1)
    count = f"{number:,}" if isinstance(number, int) else number
    return items(f"{label:<{wide}}{count:>{digits}}   ", notes, width=width)


def _scope_label(figures: Figures) -> str:
    return "Lines in force" if figures.answer.rules.scope is Scope.IN_FORCE else "Lines granted so far"


def _scope_notes(figures: Figures) -> list[str]:
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
    return notes


def _assumed_end_users(figures: Figures, width: int) -> list[str]:
    count = figures.flagged(Flag.END_USER_NOT_STATED)
    if not count:
        return []
    said = f"Of those that could have been used, {count:,} are on a military list and state no end user"
    return sentence(said, width=width)


def _incidents(figures: Figures) -> tuple[int | str, list[list[str]]]:
    counts = figures.incidents
    if counts["attributed"] is None:
        return "?", [["none are loaded: not known"]]
    known = {k: n or 0 for k, n in counts.items()}
    words = {"unattributed": "unattributed in the territory"}
    return sum(known.values()), [[f"{words.get(k, k.replace('_', ' '))} {n:,}" for k, n in known.items()]]


def _outliers(
    figures: Figures, flagged: tuple[Outlier, ...], other: Figures | None, *, left_out: bool, width: int
) -> list[str]:
    if not flagged or other is None:
        return []
    out = " They are left out here." if len(flagged) > 1 else " It is left out here."
    about = outlier_words.about(flagged, names_of(figures.answer).of)
    how = "" if left_out else " (--no-outliers)"
    beside = f"{outlier_words.beside(flagged, left_out=left_out)}{how}: "
    return [
        *sentence(f"{outlier_words.title(flagged)}: {about}.{out if left_out else ''}", width=width),
        *items(beside, [outlier_words.counts(other)], width=width, indent=2),
    ]


def _paths(figures: Figures, width: int) -> list[str]:
    paths = figures.paths
    if not paths.paths:
        return []
    lines = paths.lines().tolist()
    titles = [title_of(p) for p in paths.paths[:PATHS_LISTED]]
    money = [money_words(v) for v in figures.path_values[:PATHS_LISTED]]
    rests = [f"{p.basis}, grade {p.grade}" for p in paths.paths[:PATHS_LISTED]]
    wide = max(12, *(len(m) for m in money))
    room = max(width - 2 - 7 - 2 - wide - 2 - max(len(r) for r in rests), 16)
    column = min(max(len("Strongest paths"), *(len(t) for t in titles)), room)
    rows = [f"{'Strongest paths':<{column}}  {'lines':>7}  {'value':<{wide}}  rests on"]
    for i, title in enumerate(titles):
        first, *more = sentence(title, width=column)
        rows += [f"{first:<{column}}  {lines[i]:>7,}  {money[i]:<{wide}}  {rests[i]}", *more]
    if len(paths.paths) > PATHS_LISTED:
        more_paths = f"and {len(paths.paths) - PATHS_LISTED} more paths: -o report.html, or --json"
        rows += sentence(more_paths, width=width)
    return [*rows, ""]


def _limbs(limbs: tuple[LimbQuestion, ...], width: int) -> list[str]:
    if not limbs:
        return ["No rule that is held for this day is touched"]
    said = "Questions that this raises (no verdict): "
    return items(said, [limb_words(limbs).split(" · ")], width=width, indent=2)


def _next(figures: Figures, profile_name: str, width: int) -> list[str]:
    answer = figures.answer
    wanted = Use.COULD if figures.use["could"] else Use.UNKNOWN
    positions = figures.masks[wanted].nonzero()[0][:1]
    if not len(positions):
        return []
    line = answer.reader.take(("line",), answer.rows[positions]).column(0)[0].as_py()
    if len(answer.reader.series) > 1:
        line = f"{answer.reader.series[int(answer.release[positions[0]])]}/{line}"
    named = [shlex.quote(str(answer.catalogue.folder)), shlex.quote(line)]
    words = ["why", *named, *asked_words(answer, profile_name)]
    return [
        *command("Next: penholder", words, width=width),
        *sentence("      or this answer with -o report.html -o lines.csv, or --json", width=width, indent=6),
    ]


def asked_words(answer: Stocktake, profile_name: str) -> list[str]:
    """Options that ask for the same profile, day, scope and day of knowledge, as a shell takes them."""
    rules = answer.rules
    found = [f"--profile {shlex.quote(profile_name)}", f"--on {rules.on}"]
    found += [f"--scope {rules.scope.value}"] if rules.scope is not Scope.IN_FORCE else []
    return found + ([f"--known {answer.known}"] if answer.known else [])


def _largest(counts: dict[Cause, int]) -> list[tuple[Cause, int]]:
    return sorted(counts.items(), key=lambda item: -item[1])
