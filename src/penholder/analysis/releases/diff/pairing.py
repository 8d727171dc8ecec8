"""Pair each row of A with at most one row of B, from the same in everything to the same in few things.

Every pass takes the rows that are left on both sides and pairs those that agree in its columns, the first with the
first, the second with the second, in file order. So the same two inputs always give the same pairs, and rows that
occur several times are paired as often as both sides have them.

The licence key of a source may be renumbered from one release to the next. Rows that agree in everything but the
key are therefore paired before anything is said about changed content, and a licence all of whose pairs lead to
one other licence is taken to be that licence from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from penholder.analysis.releases.diff.coding import PRECISIONS, Coded, Codes, grouped

Rows = npt.NDArray[np.int64]
DAY, MONTH, YEAR = range(len(PRECISIONS))


@dataclass(frozen=True, slots=True)
class Rule:
    """Which columns must agree. `key`: own | mapped | (empty: any); `date`: exact | coarse | (empty: any).

    `coarse`: one date is finer than the other and lies inside it. `content`: the columns of content that must
    agree, None: all. `place`, `name`: the stated destination, and its published name. `valued`: only rows with a
    value. `unsettled`: only pairs with a destination, on either side, that is not a country.
    """

    key: str = ""
    date: str = "exact"
    place: bool = True
    name: bool = True
    content: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    valued: bool = False
    unsettled: bool = False


_DATED = ("exact", "coarse")
_ANY_KEY = (
    *(Rule(key, date) for key in ("own", "") for date in _DATED),
    *(Rule(key, date, name=False) for key in ("own", "") for date in _DATED),
    *(Rule("own", date, place=False, name=False, unsettled=True) for date in _DATED),
    *(Rule("", date, place=False, name=False, unsettled=True, valued=True) for date in _DATED),
)
_SAME_LICENCE = (
    *(Rule("mapped", "", name=name) for name in (True, False)),
    *(Rule("mapped", date, name=False, without=("value",)) for date in _DATED),
    *(Rule("mapped", date, name=False, content=("rating", "description")) for date in _DATED),
    *(Rule("mapped", date, name=False, content=("rating",)) for date in _DATED),
    *(Rule("mapped", date, name=False, without=("rating", "description"), valued=True) for date in _DATED),
    *(Rule("mapped", date, place=False, name=False) for date in _DATED),
    Rule("mapped", "", name=False, without=("value",)),
    Rule("mapped", "", name=False, content=("rating",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pairing:
    """Row numbers of the pairs (`a` within A, `b` within B), and of the rows that are left, all in file order of A
    and then of B."""

    a: Rows
    b: Rows
    removed: Rows
    added: Rows


class _State:
    """Which rows are not paired yet (numbers within both sides together), and the pairs so far."""

    def __init__(self, data: Coded, *, total: int) -> None:
        self.data = data
        self.is_left: npt.NDArray[np.bool_] = np.ones(total, np.bool_)
        self.pairs: list[tuple[Rows, Rows]] = []

    @property
    def left_a(self) -> Rows:
        """The rows of A that are not paired."""
        return np.flatnonzero(self.is_left[: self.data.split])

    @property
    def left_b(self) -> Rows:
        """The rows of B that are not paired."""
        return np.flatnonzero(self.is_left[self.data.split :]) + self.data.split

    def take(self, a: Rows, b: Rows) -> None:
        """Pair rows `a` with rows `b`."""
        self.pairs.append((a, b))
        self.is_left[a] = self.is_left[b] = False

    def all_pairs(self) -> tuple[Rows, Rows]:
        """All pairs so far, by row of A."""
        if not self.pairs:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        a, b = (np.concatenate(side) for side in zip(*self.pairs, strict=True))
        order = np.argsort(a)
        return a[order], b[order]


def paired(data: Coded, *, total: int, same_keys: bool) -> Pairing:
    """Pair the rows. `total`: rows of both sides; `same_keys`: do both use the same kind of licence key?"""
    state = _State(data, total=total)
    for rule in _ANY_KEY:
        if same_keys or rule.key != "own":
            _run(state, rule, data.columns["licence"])
    mapped = _mapped_keys(state, same_keys=same_keys)
    for rule in _SAME_LICENCE:
        _run(state, rule, mapped)
    a, b = state.all_pairs()
    return Pairing(a, b - data.split, removed=state.left_a, added=state.left_b - data.split)


def _run(state: _State, rule: Rule, keys: Codes) -> None:
    for rows_a, rows_b, date in list(_candidates(state, rule)):
        a, b = rows_a[state.is_left[rows_a]], rows_b[state.is_left[rows_b]]
        if len(a) and len(b):
            agreeing = _columns(state.data, rule) + ([keys] if rule.key else []) + ([] if date is None else [date])
            group = grouped([column[np.concatenate((a, b))] for column in agreeing])
            at_a, at_b = matched(group[: len(a)], group[len(a) :])
            state.take(a[at_a], b[at_b])


def _candidates(state: _State, rule: Rule) -> Iterator[tuple[Rows, Rows, Codes | None]]:
    """The rows that a rule may pair, and the date on which they must agree."""
    data = state.data
    for a, b in _settled(state, rule):
        if rule.valued:
            a, b = a[data.has_value[a]], b[data.has_value[b]]  # noqa: PLW2901 - narrowed
        if rule.date == "":
            yield a, b, None
        elif rule.date == "exact":
            # The day alone would pair 2008-01 with 2008-01-01: the precision is part of the date.
            yield a, b, data.day * len(PRECISIONS) + data.precision
        else:
            for fine, coarse in ((DAY, MONTH), (DAY, YEAR), (MONTH, YEAR)):
                date = data.month if coarse == MONTH else data.year
                yield a[data.precision[a] == fine], b[data.precision[b] == coarse], date
                yield a[data.precision[a] == coarse], b[data.precision[b] == fine], date


def _settled(state: _State, rule: Rule) -> Iterator[tuple[Rows, Rows]]:
    if not rule.unsettled:
        yield state.left_a, state.left_b
        return
    is_country = state.data.is_country
    yield state.left_a[~is_country[state.left_a]], state.left_b
    yield state.left_a, state.left_b[~is_country[state.left_b]]


def _columns(data: Coded, rule: Rule) -> list[Codes]:
    kept = data.content if rule.content is None else [c for c in data.content if c in rule.content]
    names = [name for name in kept if name not in rule.without]
    names += ["destination"] if rule.place else []
    names += ["destination_name"] if rule.name else []
    return [data.columns[name] for name in names]


def matched(a: Codes, b: Codes) -> tuple[Rows, Rows]:
    """Positions of equal numbers, the n-th in `a` with the n-th in `b`; each position at most once."""
    both = np.concatenate((a, b))
    group = np.unique(both, return_inverse=True)[1]
    ranks = np.concatenate((_ranks(group[: len(a)]), _ranks(group[len(a) :])))
    single = group * (int(ranks.max()) + 1) + ranks
    _, at_a, at_b = np.intersect1d(single[: len(a)], single[len(a) :], assume_unique=True, return_indices=True)
    return at_a, at_b


def _ranks(group: Codes) -> Codes:
    """How many earlier rows have the same number."""
    order = np.argsort(group, kind="stable")
    inner = group[order]
    first = np.concatenate(([True], inner[1:] != inner[:-1])) if len(inner) else np.empty(0, np.bool_)
    position = np.arange(len(inner))
    ranks = np.empty(len(inner), np.int64)
    ranks[order] = position - np.maximum.accumulate(np.where(first, position, 0)) if len(inner) else position
    return ranks


def _mapped_keys(state: _State, *, same_keys: bool) -> Codes:
    """Licence keys with those of A in the numbering of B, where the pairs so far show it one to one.

    A key of A that is not mapped and that now names another licence in B agrees with nothing.
    """
    keys = state.data.columns["licence"].copy()
    split = state.data.split
    a, b = state.all_pairs()
    links = np.unique(np.stack((keys[a], keys[b]), axis=1), axis=0)
    once = _occurs_once(links[:, 0]) & _occurs_once(links[:, 1])
    sure = links[once]
    top = int(keys.max(initial=0)) + 1
    to = np.arange(top) if same_keys else np.full(top, -1)
    taken = np.zeros(top, np.bool_)
    taken[links[:, 1]] = True
    led = np.zeros(top, np.bool_)
    led[links[:, 0]] = True
    to[taken | led] = -1  # spoken for by some pair: only the sure links and unchanged keys below hold
    same = links[links[:, 0] == links[:, 1], 0]
    to[same] = same
    to[sure[:, 0]] = sure[:, 1]
    mine = to[keys[:split]]
    keys[:split] = np.where(mine < 0, top + np.arange(split), mine)
    return keys


def _occurs_once(values: Codes) -> npt.NDArray[np.bool_]:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray(counts[inverse] == 1)
