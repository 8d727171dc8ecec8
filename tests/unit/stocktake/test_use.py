"""AND, OR, first reasons and first causes in one byte, against plain Python over words."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.stocktake.use import (
    YES,
    YES_NOT_STATED,
    Answers,
    Questions,
    any_of,
    causes,
    decide,
    no,
    truth,
    unknown,
)
from penholder.analysis.stocktake.vocabulary import Cause, Exclusion, Use

NO_OPERATOR = no(Exclusion.DESTINATION_OPERATES_NO_PARTY)
NO_MEANS = no(Exclusion.NO_SUCH_MEANS)
NO_END_USER = no(Exclusion.STATED_CIVIL_END_USER)
OPERATORS = [NO_OPERATOR, *(unknown(c) for c in (1, 2, 3, 4)), YES]  # type: ignore[arg-type]
MEANS = [NO_MEANS, *(unknown(c) for c in (5, 6, 7)), YES]  # type: ignore[arg-type]
END_USERS = [NO_END_USER, *(unknown(c) for c in (3, 8, 9, 10)), YES_NOT_STATED, YES]  # type: ignore[arg-type]


def one(operator: int, means: int, end_user: int, *, onward: tuple[int, int] = (NO_OPERATOR, YES)) -> Answers:
    def column(byte: int) -> list[np.ndarray[tuple[int], np.dtype[np.uint8]]]:
        return [np.array([byte], np.uint8)]

    return decide(
        Questions(column(operator), column(onward[0]), column(means), column(end_user), column(onward[1]))
    )


def test_all_three_yes_is_could_directly() -> None:
    answer = one(YES, YES, YES)

    assert (truth(answer.codes)[0], answer.direct[0], answer.groups[0]) == (Use.COULD, True, 1)


def test_a_could_that_rests_on_a_military_rating_keeps_its_flag() -> None:
    assert one(YES, YES, YES_NOT_STATED).codes[0] == YES_NOT_STATED
    assert one(YES, YES, YES_NOT_STATED, onward=(YES, YES)).codes[0] == YES


def test_the_reason_is_the_first_question_that_fails_everywhere() -> None:
    assert causes(one(NO_OPERATOR, NO_MEANS, NO_END_USER).codes)[0] == Exclusion.DESTINATION_OPERATES_NO_PARTY
    assert causes(one(YES, NO_MEANS, NO_END_USER).codes)[0] == Exclusion.NO_SUCH_MEANS
    assert causes(one(YES, YES, NO_END_USER).codes)[0] == Exclusion.STATED_CIVIL_END_USER
    # The onward route passes the first question, so "destination operates no party" would not be true.
    assert causes(one(NO_OPERATOR, NO_MEANS, YES, onward=(YES, YES)).codes)[0] == Exclusion.NO_SUCH_MEANS


def test_the_cause_is_the_first_open_question_of_the_terms_that_are_open() -> None:
    both = one(YES, unknown(Cause.RATING_HAS_NO_ROLE), unknown(Cause.END_USER_NOT_STATED))
    assert causes(both.codes)[0] == Cause.RATING_HAS_NO_ROLE
    # The direct route is a plain no, so its open operator does not count.
    shut = one(
        unknown(Cause.DESTINATION_NOT_A_COUNTRY), YES, NO_END_USER, onward=(YES, unknown(Cause.POOLED_SUPPLY))
    )
    assert (truth(shut.codes)[0], causes(shut.codes)[0]) == (Use.UNKNOWN, Cause.POOLED_SUPPLY)
    assert not shut.direct[0]


def test_or_of_nothing_is_no_by_the_operator() -> None:
    assert any_of([]) == NO_OPERATOR


def _truth(byte: int) -> int:
    return 0 if byte < 16 else 1 if byte < 32 else 2


def _plain(terms: list[tuple[int, int, int]]) -> tuple[int, int]:
    """(use, cause or reason) by the words of the definitions."""
    use = max(min(_truth(b) for b in term) for term in terms)
    if use == Use.UNKNOWN:
        open_terms = [t for t in terms if min(_truth(b) for b in t) == 1]
        return use, min(b - 16 for t in open_terms for b in t if _truth(b) == 1)
    if use == Use.EXCLUDED:
        for question in (0, 1):
            if all(min(_truth(b) for b in t[: question + 1]) == 0 for t in terms):
                return use, question
        return use, 2
    return use, -1


def _check(groups: list[tuple[int, int, int, int, int]]) -> None:
    arrays = [[np.array([g[i]], np.uint8) for g in groups] for i in range(5)]
    answer = decide(Questions(arrays[0], arrays[1], arrays[2], arrays[3], arrays[4]))
    direct = [(d, m, e) for d, _, m, e, _ in groups]
    onward = [(o, m, f) for _, o, m, _, f in groups]
    use, cause = _plain(direct + onward)
    assert truth(answer.codes)[0] == use
    if use != Use.COULD:
        assert causes(answer.codes)[0] == cause
    assert answer.direct[0] == (_plain(direct)[0] == use)
    could = [max(min(map(_truth, d)), min(map(_truth, o))) == 2 for d, o in zip(direct, onward, strict=True)]
    assert int(answer.groups[0]) == sum(1 << g for g, yes in enumerate(could) if yes)


def test_every_combination_of_one_group() -> None:
    for group in product(OPERATORS, OPERATORS, MEANS, END_USERS, END_USERS):
        _check([group])


group_of_bytes = st.tuples(*(st.sampled_from(s) for s in (OPERATORS, OPERATORS, MEANS, END_USERS, END_USERS)))


@given(st.lists(group_of_bytes, min_size=2, max_size=10))
def test_several_groups(groups: list[tuple[int, int, int, int, int]]) -> None:
    _check(groups)


@given(st.lists(st.sampled_from([*OPERATORS, *END_USERS]), min_size=1, max_size=6))
def test_or_of_bytes_prefers_yes_then_the_first_cause_then_the_furthest_no(codes: list[int]) -> None:
    best = any_of(codes)

    assert _truth(best) == max(map(_truth, codes))
    same = [c for c in codes if _truth(c) == _truth(best)]
    assert best == (min(same) if _truth(best) == 1 else max(same))
