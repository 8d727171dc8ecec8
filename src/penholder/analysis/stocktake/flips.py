"""What would change the answer for one line: every fact is set to the other answers, and the line judged again.

Nothing here is canned: the three-valued formula of `use.decide` is evaluated once for each fact and answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from penholder.analysis.stocktake.judge import Group, Judge, means_byte, open_bytes, split
from penholder.analysis.stocktake.paths import means_title
from penholder.analysis.stocktake.use import YES, Questions, any_of, decide, no, truth, unknown
from penholder.analysis.stocktake.vocabulary import Cause, Exclusion, Use
from penholder.kernel.truth import Truth

NAME = Callable[[str], str]


@dataclass(frozen=True)
class Formula:
    """One line as the formula sees it: bytes per group of parties."""

    direct: dict[str, tuple[int, ...]]
    """Stated place -> operator per group."""
    onward: dict[str, tuple[int, ...]]
    """Final destination -> operator per group."""
    pooled: bool
    onward_open: bool
    reach: int
    silent: bool
    open: bool
    used: tuple[int, ...]
    not_known: tuple[int, ...]
    end_user_direct: tuple[int, ...]
    end_user_onward: tuple[int, ...]

    def operator(self, places: Mapping[str, tuple[int, ...]], group: int, *, pool: bool) -> int:
        """operator for the places of a route. `pool`: with what leaves the final destination open."""
        more = open_bytes(pooled=self.pooled, open_=self.onward_open) if pool else []
        return any_of([p[group] for p in places.values()] + more)

    def reached(self, means: int) -> Truth:
        """Do the goods reach these means (a bit)?"""
        if self.reach & means:
            return Truth.YES
        return Truth.UNKNOWN if self.silent or self.open else Truth.NO


@dataclass(frozen=True, slots=True)
class Flip:
    """A fact, what is known of it now, and what the answer becomes if it is answered yes or no."""

    fact: str
    now: Truth
    if_yes: Use
    if_no: Use
    ask: str = field(default="")
    """Who or what could answer it: exporter, licensing authority, profile, tracing."""


def formula_of(judge: Judge, record: Mapping[str, Any]) -> Formula:
    """The formula of one line of LICENCE_LINES (a mapping of its columns, with `route.with_finals`)."""
    stated = _text(record["corrected_destination"]) or _text(record["destination"])
    kind = None if record["corrected_destination"] else _text(record["destination_kind"])
    rating, description = _text(record["rating"]), _text(record["description"])
    pooled = bool(record["pooled"])
    goods = judge.goods(rating, description)
    reach = judge.closure.reach(rating, description)
    final, segment = split(_text(record["onward"])), judge.segment(record["decided_on"])
    return Formula(
        direct={stated or "": judge.place(stated, kind, segment=segment).operator},
        onward={place: judge.place(place, segment=segment).operator for place in final},
        pooled=pooled,
        onward_open=bool(record["onward_open"]),
        reach=reach.yes,
        silent=reach.silent,
        open=reach.open,
        used=tuple(g.used for g in judge.groups),
        not_known=tuple(g.not_known for g in judge.groups),
        end_user_direct=judge.end_user(_text(record["end_user"]), military=goods.military, pooled=pooled),
        end_user_onward=judge.end_user(_text(record["onward_end_user"]), military=goods.military, pooled=pooled),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def questions_for(judge: Judge, formulas: list[Formula]) -> Questions:
    """The formulas side by side, as arrays. Shape: k formulas -> per group five arrays of k bytes."""
    groups = range(len(judge.groups))

    def column(byte: Callable[[Formula, int], int]) -> list[np.ndarray[tuple[int], np.dtype[np.uint8]]]:
        return [np.array([byte(f, g) for f in formulas], np.uint8) for g in groups]

    return Questions(
        column(lambda f, g: f.operator(f.direct, g, pool=False)),
        column(lambda f, g: f.operator(f.onward, g, pool=True)),
        column(lambda f, g: _means(judge, f, g)),
        column(lambda f, g: f.end_user_direct[g]),
        column(lambda f, g: f.end_user_onward[g]),
    )


def _means(judge: Judge, formula: Formula, group: int) -> int:
    asked = replace(judge.groups[group], used=formula.used[group], not_known=formula.not_known[group])
    return means_byte(formula.reach, silent=formula.silent, open_=formula.open, group=asked)


def flips_of(judge: Judge, formula: Formula, name_of: NAME) -> tuple[Flip, ...]:
    """Every fact of the formula whose answer is open, or would change the answer for the line."""
    facts = [
        *_place_facts(judge, formula, name_of),
        *_means_facts(judge, formula),
        *_end_user_facts(judge, formula),
    ]
    variants = [formula, *(v for fact in facts for v in (fact.yes, fact.no))]
    uses = [Use(u) for u in truth(decide(questions_for(judge, variants)).codes).tolist()]
    now = uses[0]
    found = [
        Flip(f.text, f.now, uses[1 + 2 * i], uses[2 + 2 * i], f.ask)
        for i, f in enumerate(facts)
        if f.now is Truth.UNKNOWN or {uses[1 + 2 * i], uses[2 + 2 * i]} != {now}
    ]
    return tuple(sorted(found, key=lambda f: {f.if_yes, f.if_no} == {now}))


@dataclass(frozen=True, slots=True)
class _Fact:
    text: str
    now: Truth
    yes: Formula
    no: Formula
    ask: str


def _place_facts(judge: Judge, formula: Formula, name_of: NAME) -> list[_Fact]:
    facts = []
    shut = no(Exclusion.DESTINATION_OPERATES_NO_PARTY)
    for place in dict.fromkeys((*formula.direct, *formula.onward)):
        bytes_ = formula.direct.get(place) or formula.onward[place]
        for g, group in enumerate(judge.groups):
            text = f"{name_of(place)} operates forces of: {_names(judge, group)}"
            yes, no_ = _operated(formula, place, g, YES), _operated(formula, place, g, shut)
            facts.append(_Fact(text, _truth(bytes_[g]), yes, no_, "profile"))
    if formula.pooled:
        known = replace(formula, pooled=False)
        facts.append(_Fact("the final user of the pooled supply is open", Truth.YES, formula, known, "exporter"))
    if not formula.onward or formula.onward_open:
        further = replace(formula, onward=formula.onward | {"": (YES,) * len(judge.groups)})
        nowhere = replace(formula, onward_open=False)
        now = Truth.UNKNOWN if formula.pooled or formula.onward_open else Truth.NO
        place = "another state" if formula.onward else "a state"
        text = f"the goods go on to {place} that operates a party"
        facts.append(_Fact(text, now, further, nowhere, "exporter"))
    return facts


def _operated(formula: Formula, place: str, group: int, byte: int) -> Formula:
    """The formula with another answer for one place and group, by whatever route the place is on."""

    def changed(places: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
        if place not in places:
            return places
        old = places[place]
        return places | {place: (*old[:group], byte, *old[group + 1 :])}

    return replace(formula, direct=changed(formula.direct), onward=changed(formula.onward))


def _names(judge: Judge, group: Group) -> str:
    return " or ".join(judge.profile.party(p).name for p in group.parties)


def _means_facts(judge: Judge, formula: Formula) -> list[_Fact]:
    facts = []
    every_used = 0
    for mask in formula.used:
        every_used |= mask
    for bit, name in enumerate(judge.closure.means):
        one = 1 << bit
        if every_used & one:
            now = (
                Truth.YES if formula.reach & one else Truth.UNKNOWN if formula.silent or formula.open else Truth.NO
            )
            with_it, without = (
                replace(formula, reach=formula.reach | one),
                replace(formula, reach=formula.reach & ~one),
            )
            facts.append(_Fact(f"the goods can reach: {means_title(name)}", now, with_it, without, "tracing"))
        if formula.reach & one:
            facts += _used_facts(judge, formula, one, name)
    if formula.silent or formula.open:
        none = replace(formula, reach=formula.reach & ~every_used, silent=False, open=False)
        some = replace(formula, reach=formula.reach | every_used)
        text = "the goods can reach any of the means that were used"
        now = Truth.YES if formula.reach & every_used else Truth.UNKNOWN
        facts.append(_Fact(text, now, some, none, "exporter"))
    return facts


def _used_facts(judge: Judge, formula: Formula, one: int, name: str) -> list[_Fact]:
    """What the parties are said to have used, for a means that the goods reach."""
    facts = []
    for g, group in enumerate(judge.groups):
        now = Truth.YES if formula.used[g] & one else Truth.UNKNOWN if formula.not_known[g] & one else Truth.NO
        yes = replace(formula, used=_set(formula.used, g, one, on=True))
        no_ = replace(
            formula, used=_set(formula.used, g, one, on=False), not_known=_set(formula.not_known, g, one, on=False)
        )
        parties = _names(judge, group)
        facts.append(_Fact(f"{parties} used: {means_title(name)}", now, yes, no_, "profile"))
    return facts


def _set(masks: tuple[int, ...], group: int, bit: int, *, on: bool) -> tuple[int, ...]:
    changed = masks[group] | bit if on else masks[group] & ~bit
    return (*masks[:group], changed, *masks[group + 1 :])


def _end_user_facts(judge: Judge, formula: Formula) -> list[_Fact]:
    size = len(judge.groups)
    civil = (unknown(Cause.POOLED_SUPPLY) if formula.pooled else no(Exclusion.STATED_CIVIL_END_USER),) * size
    forces = (YES,) * size
    direct = _Fact(
        "the end user in the stated destination is its forces",
        _stated(formula.end_user_direct),
        replace(formula, end_user_direct=forces),
        replace(formula, end_user_direct=civil),
        "licensing authority",
    )
    if not formula.onward and not formula.pooled and not formula.onward_open:
        return [direct]
    onward = _Fact(
        "the final end user is forces",
        _stated(formula.end_user_onward),
        replace(formula, end_user_onward=forces),
        replace(formula, end_user_onward=civil),
        "licensing authority",
    )
    return [direct, onward]


def _stated(codes: tuple[int, ...]) -> Truth:
    """What is stated about an end user: a yes that is taken from a military rating is not stated."""
    if all(code == YES for code in codes):
        return Truth.YES
    return Truth.NO if all(_truth(code) is Truth.NO for code in codes) else Truth.UNKNOWN


def _truth(code: int) -> Truth:
    return Truth(code >> 4)
