"""Lines that outweigh everything beside them, in words: which, how much, and the figures counted the other way."""

from __future__ import annotations

from collections.abc import Callable

from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.money import money_words, short
from penholder.analysis.stocktake.outliers import Of, Outlier
from penholder.analysis.stocktake.vocabulary import Use


def moves_answer(flagged: tuple[Outlier, ...]) -> bool:
    """Does leaving them out change the lines that could have been used?"""
    return any(o.use is Use.COULD for o in flagged)


def title(flagged: tuple[Outlier, ...]) -> str:
    """`One line stands out`, `31 lines stand out`."""
    return "One line stands out" if len(flagged) == 1 else f"{len(flagged):,} lines stand out"


def about(flagged: tuple[Outlier, ...], name_of: Callable[[str], str]) -> str:
    """The largest one that moves the answer, or that none of them does; without a full stop."""
    if not moves_answer(flagged):
        which = "it is not" if len(flagged) == 1 else "none of them is"
        size = "over half" if len(flagged) == 1 else "each over half"
        return f"{size} of the value for its destination; {which} among those that could have been used"
    first = next(o for o in flagged if o.use is Use.COULD)
    value = f"{first.currency} {short(first.value)}".strip()
    leading = "" if len(flagged) == 1 else "most of all "
    return f"{leading}{first.line} ({value}, {shares(first, name_of)})"


def shares(outlier: Outlier, name_of: Callable[[str], str]) -> str:
    """`22% of the value that could have been used, 61% of the value for Ardenia`."""
    of = {
        Of.ANSWER: "of the value that could have been used",
        Of.DESTINATION: f"of the value for {name_of(outlier.destination)}",
    }
    return ", ".join(f"{outlier.percent[kind]}% {of[kind]}" for kind in Of if kind in outlier.percent)


def beside(flagged: tuple[Outlier, ...], *, left_out: bool) -> str:
    """`Without these 31 lines`; where they are left out: `With these 31 lines`."""
    these = "this line" if len(flagged) == 1 else f"these {len(flagged):,} lines"
    return f"{'With' if left_out else 'Without'} {these}"


def counts(other: Figures) -> list[str]:
    """`could 2,073, GBP 898.9 m`, the same for unknown and excluded."""
    found = []
    for use in ("could", "unknown", "excluded"):
        value = money_words(other.values[use])
        found.append(f"{use} {other.use[use]:,}{f', {value}' if value else ''}")
    return found
