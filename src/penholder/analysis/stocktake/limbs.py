"""The limbs of rules that an answer touches, as questions. Never a finding, never a verdict."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np

from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.stocktake.cells import Array, words_of
from penholder.analysis.stocktake.route import NOT_STATED
from penholder.analysis.stocktake.run import Stocktake
from penholder.analysis.stocktake.scope import ScopeRules
from penholder.analysis.stocktake.vocabulary import Use, code_of
from penholder.regime.regimes import limbs_touched
from penholder.regime.types import LimbQuestion


def limbs_of(answer: Stocktake) -> tuple[LimbQuestion, ...]:
    """The limbs that the lines which are not excluded touch, each once; certain where one line is."""
    stated = words_of(answer.columns("end_user").column(0).unify_dictionaries().combine_chunks())
    is_stated = np.array([v not in {NOT_STATED, None} for v in stated.values]).take(stated.codes)
    found: dict[str, LimbQuestion] = {}
    for use in (Use.COULD, Use.UNKNOWN):
        for direct in (True, False):
            for known in (True, False):
                if not _any(answer, use=use, direct=direct, stated=is_stated == known):
                    continue
                for limb in limbs_for(answer.profile, answer.rules, use=use, direct=direct, end_user_stated=known):
                    if limb.rule_id not in found or (limb.certain and not found[limb.rule_id].certain):
                        found[limb.rule_id] = limb
    return tuple(found.values())


def limbs_for(
    profile: OperationProfile, rules: ScopeRules, *, use: Use, direct: bool, end_user_stated: bool
) -> tuple[LimbQuestion, ...]:
    """The limbs that a line with these facts touches."""
    return _limbs(profile.concern, rules.on, use, "direct" if direct else "onward", end_user_stated)


@cache
def _limbs(
    concern: tuple[str, ...],
    on: date,
    use: Use,
    route: str,
    end_user_stated: bool,  # noqa: FBT001 - keys of a cache
) -> tuple[LimbQuestion, ...]:
    facts: dict[str, object] = {
        "use": code_of(use), "route": route, "concern": concern, "end_user_stated": end_user_stated
    }  # fmt: skip
    return limbs_touched(facts, on=on)


def _any(answer: Stocktake, *, use: Use, direct: bool, stated: Array) -> bool:
    return bool(((answer.use == use) & (answer.direct == direct) & stated).any())


def limb_words(limbs: tuple[LimbQuestion, ...]) -> str:
    """`uk-selc-2021 2c, 7 · att 7.1(b)(i)`."""
    by_regime: dict[str, list[str]] = {}
    for limb in limbs:
        by_regime.setdefault(limb.regime, []).append(limb.rule_id.removeprefix(f"{limb.regime}/"))
    return " · ".join(f"{regime} {', '.join(rules)}" for regime, rules in by_regime.items())
