"""What the public log says of goods: codes, places and classes; never a description, a value or a name. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from penholder.register.values import LineTerms, ShownGoods

_LIST = ";"
_ROOM = 40_000
"""Characters: an entry of the ledger has at most 65,535 bytes, and these are the larger part of it."""


def shown_goods(lines: Mapping[int, LineTerms]) -> tuple[ShownGoods, ...]:
    """Lines with the same codes stand together, in the order of their first line.

    Where all of them would not fit into one entry, ratings are left out: destinations never are.
    """
    made = _together(lines, with_ratings=True)
    return made if sum(len(str(g)) for g in made) <= _ROOM else _together(lines, with_ratings=False)


def _together(lines: Mapping[int, LineTerms], *, with_ratings: bool) -> tuple[ShownGoods, ...]:
    found: dict[ShownGoods, list[int]] = {}
    for number, terms in lines.items():
        codes = ShownGoods(
            lines=(),
            destination=terms.destination,
            onward=_words(terms.onward),
            end_user=terms.end_user,
            end_user_state=terms.end_user_state,
            ratings=_words(terms.rating) if with_ratings else (),
        )
        found.setdefault(codes, []).append(number)
    return tuple(
        ShownGoods(
            lines=tuple(numbers),
            destination=c.destination,
            onward=c.onward,
            end_user=c.end_user,
            end_user_state=c.end_user_state,
            ratings=c.ratings,
        )
        for c, numbers in found.items()
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(w.strip() for w in text.split(_LIST) if w.strip())
