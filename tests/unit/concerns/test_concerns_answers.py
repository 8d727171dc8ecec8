"""What answers and what does not: the examples of the domain notes, and grounds that are used twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.actions.errors import InvalidError
from penholder.concerns.errors import EmptyAnswerError
from penholder.concerns.policy.answers import (
    check_answer,
    refuse_repeated,
    says_too_little,
    similarity,
    stock_phrases,
    substance,
)
from penholder.concerns.policy.clocks import policies, policy_on
from penholder.concerns.values import SHORTEST_GROUNDS, Disposition, PointAnswer

POLICY = policy_on(date(2026, 11, 22))
GROUNDS = (
    "We compared versions 1 and 3 line by line; the section was removed by request and no reason was recorded."
)
OTHER = (
    "The three cited reports were read in full; two describe attacks on depots, and none contradicts the finding."
)


def answer(point: int = 1, **changes: Any) -> PointAnswer:
    whole = PointAnswer(
        point=point, disposition=Disposition.UPHELD, grounds=GROUNDS, records=("AV-1",), action="Reissue it.",
        action_owner="Desk", action_due=date(2026, 6, 1),
    )  # fmt: skip
    return replace(whole, **changes)


def refused(*answers: PointAnswer, points: tuple[int, ...] = (1,)) -> dict[str, str]:
    with pytest.raises(InvalidError) as said:
        check_answer(answers, points=points, policy=POLICY, earlier=())
    return dict(said.value.fields)


def test_thank_you_we_have_noted_your_concerns_is_no_answer() -> None:
    said = refused(answer(grounds="Thank you, we have noted your concerns."))
    assert said["answers.0.grounds"].startswith("says too little")


@pytest.mark.parametrize("phrase", [p for p in stock_phrases() if len(p) > 20])
def test_no_number_of_stock_phrases_makes_an_answer(phrase: str) -> None:
    assert substance(f"{phrase.capitalize()}!  {phrase.upper()}. {phrase}") == ""


@given(st.lists(st.sampled_from(stock_phrases()), min_size=1, max_size=30))
def test_stock_phrases_in_any_order_answer_nothing(phrases: list[str]) -> None:
    assert says_too_little(". ".join(phrases), letters=POLICY.grounds_letters)


def test_a_point_that_is_left_out_is_refused() -> None:
    assert "no answer to point 2" in refused(answer(), points=(1, 2))["answers"]


def test_see_policy_is_refused_for_every_point_and_so_is_what_looked_at_nothing() -> None:
    said = refused(*(answer(n, grounds="see policy", records=()) for n in (1, 2)), points=(1, 2))
    assert sorted(said) == ["answers.0.grounds", "answers.0.records", "answers.1.grounds", "answers.1.records"]


def test_what_cannot_be_established_may_rest_on_an_action_to_find_out() -> None:
    given = answer(
        disposition=Disposition.CANNOT_BE_ESTABLISHED, records=(), none_because="The archive is closed."
    )
    assert check_answer([given], points=(1,), policy=POLICY, earlier=()) == ()


def test_what_is_upheld_is_mended() -> None:
    bare = answer(action="", action_owner="", action_due=None, no_action_because="It would take long.")
    assert refused(bare) == {"answers.0.action": "what is upheld is mended: say what will be done"}


def test_an_action_has_an_owner_and_a_day() -> None:
    assert "answers.0.action_owner" in refused(answer(action_owner=""))
    assert "answers.0.action_owner" in refused(answer(action_due=None))


def test_what_is_referred_names_who_has_accepted_it() -> None:
    assert "answers.0.referred_to" in refused(answer(disposition=Disposition.REFERRED))


def test_the_same_words_again_and_again_are_no_grounds() -> None:
    assert says_too_little("very carefully considered " * 10, letters=60).startswith("repeats itself")


def test_nearly_the_same_grounds_are_found_across_points_and_cases() -> None:
    nearly = GROUNDS.replace("versions 1 and 3", "versions 1 and 2")
    assert similarity(GROUNDS, nearly) >= 90 > similarity(GROUNDS, OTHER)
    both = [answer(1), answer(2, grounds=nearly)]
    assert check_answer(both, points=(1, 2), policy=POLICY, earlier=()) == (2,)
    assert check_answer([answer()], points=(1,), policy=POLICY, earlier=[OTHER, nearly]) == (1,)
    assert check_answer([answer()], points=(1,), policy=POLICY, earlier=[OTHER]) == ()


def test_grounds_that_are_used_again_are_marked_point_by_point() -> None:
    with pytest.raises(EmptyAnswerError, match="point 2"):
        refuse_repeated((1, 2), marked={1: "Both are about one section."})
    refuse_repeated((1, 2), marked={1: "Both are about one section.", 2: "So is this."})


def test_the_database_asks_for_no_more_than_the_mildest_policy() -> None:
    assert min(p.grounds_letters for p in policies().values()) >= SHORTEST_GROUNDS


EMPTY = (
    "Thank you for raising this. We have noted your concerns. We take all concerns seriously. "
    "The matter is now closed."
)


@pytest.mark.parametrize(
    "spelled",
    [
        EMPTY.replace("n", "n\u200b"),
        EMPTY.replace("e", "e\u00ad"),
        EMPTY.replace("o", "\u043e").replace("c", "\u0441"),
        EMPTY.replace("a", "a\u0301"),
        EMPTY.replace("k", "k "),
        " ".join(EMPTY),
        EMPTY.translate({ord(c): ord(c) + 0xFEE0 for c in "abcdefghijklmnopqrstuvwxyz"}),
    ],
)
def test_stock_phrases_answer_nothing_however_they_are_spelled_and_spaced(spelled: str) -> None:
    assert says_too_little(spelled, letters=POLICY.grounds_letters)


def test_the_same_grounds_in_letters_that_look_alike_are_the_same() -> None:
    assert similarity(GROUNDS, GROUNDS.replace("e", "\u0435").replace("o", "o\u200b")) == 100


def test_a_stock_phrase_or_a_sign_names_no_record_and_is_no_reason() -> None:
    assert "answers.0.records" in refused(answer(records=("--",)))
    assert "answers.0.records" in refused(answer(records=(), none_because="Noted with thanks."))
    bare = answer(
        disposition=Disposition.NOT_UPHELD, action="...", action_owner="", action_due=None,
        no_action_because="See above.",
    )  # fmt: skip
    assert "answers.0.action" in refused(bare)
