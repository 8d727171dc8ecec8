"""What a reader must know about the data behind an answer: parts that a release came without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.stocktake.cells import Array, words_of
from penholder.analysis.stocktake.judge import Judge
from penholder.analysis.stocktake.run import Stocktake
from penholder.analysis.stocktake.use import UNKNOWN
from penholder.analysis.stocktake.vocabulary import Use

ONWARD = "onward"


def onward_known(catalogue: Catalogue, *, known: date | None) -> bool:
    """Did every release of lines in use come with its final destinations?"""
    return not catalogue.lacking(ONWARD, known=known)


def onward_remarks(answer: Stocktake, judge: Judge | None = None) -> Iterator[str]:
    """One remark for each release without final destinations: how many of its lines that could change.

    `judge`: with the groups that were asked about, where they are not those of the answer.
    """
    for number, release in enumerate(answer.reader.releases):
        if ONWARD in release.lacks:
            lines = np.flatnonzero((answer.use == Use.EXCLUDED) & (answer.release == number))
            changing = int(np.count_nonzero(_open_onward(answer, judge or answer.judge, lines)))
            yield f"{lacking_words(release.id)}; {changing:,} excluded lines could change"


def lacking_words(release: str) -> str:
    """`final destinations are not in the release R: ...`."""
    return (
        f"final destinations are not in the release {release}: routes by incorporation or re-export are not known"
    )


def _open_onward(answer: Stocktake, judge: Judge, lines: Array) -> Array:
    """Which of these lines would not be excluded, if their goods may go on to an operator of any party."""
    goods = [judge.goods(*g) for g in answer.goods_values]
    means = np.array([g.means for g in goods]).reshape(-1, len(judge.groups)) >= UNKNOWN
    military = np.array([g.military for g in goods], bool)
    cells = words_of(answer.columns("onward_end_user").column(0).unify_dictionaries().combine_chunks())
    answers = [judge.end_user(c, military=m, pooled=False) for c in cells.values for m in (False, True)]
    users = np.array(answers).reshape(-1, len(judge.groups)) >= UNKNOWN
    at = answer.goods[lines]
    return np.asarray((means[at] & users[cells.codes[lines] * 2 + military[at]]).any(axis=1))
