"""What ratings of goods must say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from penholder.actions.words import says_nothing
from penholder.casework.parts import GoodsLine, Rating
from penholder.regime.control_lists import entry, folded
from penholder.regime.hints import hints, is_one_code
from penholder.rules.records import did_you_mean


def wrong_with_ratings(goods: Sequence[GoodsLine], ratings: Sequence[Rating]) -> dict[str, str]:
    """What does not hold together, by field; empty: nothing."""
    roles = sorted({h.role for h in hints() if not h.silent})
    wrong: dict[str, str] = {}
    lines = [r.line for r in ratings]
    for number, rating in enumerate(ratings):
        at = f"ratings.{number}"
        if rating.line > len(goods):
            wrong[f"{at}.line"] = f"there are {len(goods)} lines"
            continue
        if lines.index(rating.line) != number:
            wrong[f"{at}.line"] = "is given twice"
        if says_nothing(rating.summary):
            wrong[f"{at}.summary"] = "says nothing; write what it is and what for"
        codes = [c for c in rating.ratings if not is_one_code(c)]
        if codes:
            wrong[f"{at}.ratings"] = f"is not one code each: {', '.join(codes)}"
        unknown = [r for r in rating.roles or () if r not in roles]
        if unknown:
            wrong[f"{at}.roles"] = f"{unknown[0]} is no role{did_you_mean(unknown[0], roles)}"
        if is_another(goods[rating.line - 1], rating) and says_nothing(rating.differs):
            wrong[f"{at}.differs"] = "the exporter stated another rating: write why it is this one"
    return wrong


def is_another(line: GoodsLine, rating: Rating) -> bool:
    """Is it another rating than the exporter stated?"""
    stated = {folded(c) for c in line.stated_ratings}
    return bool(stated) and stated != {folded(c) for c in rating.ratings}


def not_listed(ratings: Sequence[Rating], *, on: date) -> tuple[str, ...]:
    """Codes that no control list here has on that day."""
    codes = dict.fromkeys(c for r in ratings for c in r.ratings)
    return tuple(c for c in codes if entry(c, on=on) is None)
