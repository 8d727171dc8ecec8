"""One case at a time: truth, the reasons that decided, what would have to be known."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from penholder.kernel.dates import Interval
from penholder.kernel.errors import RuleError
from penholder.rules.explain import Finding, explain
from penholder.rules.expr import (
    AllOf,
    AnyOf,
    AtLeast,
    Expr,
    In,
    Known,
    Not,
    Under,
    Within,
    is_under,
    leaves,
    words_of,
)

COULD = In("use", ("could", "unknown"), source="design")
IHL = In("concern", ("serious_violation_ihl",), source="treaty")


def test_and_names_only_the_parts_that_decided() -> None:
    both = AllOf((COULD, IHL))
    assert explain(both, {"use": "could", "concern": ("serious_violation_ihl", "diversion")}) == Finding(
        True, ("use is could", "concern is diversion and serious_violation_ihl"), ("design", "treaty")
    )
    assert explain(both, {"use": "excluded", "concern": None}) == Finding(
        False, ("use is excluded; asked: use is could or unknown",), ("design",)
    )
    assert explain(both, {"use": "could"}) == Finding(None, ("concern is not known",), ("treaty",), ("concern",))


def test_or_is_decided_by_one_true_part_whatever_is_unknown() -> None:
    assert explain(AnyOf((IHL, COULD)), {"use": "unknown"}) == Finding(True, ("use is unknown",), ("design",))
    assert explain(AnyOf((IHL, COULD)), {"use": "excluded"}).truth is None


def test_unknown_is_never_turned_around() -> None:
    assert explain(Not(COULD), {}).truth is None
    assert explain(Not(COULD), {"use": "could"}).truth is False
    assert explain(Known("use"), {"use": None}) == Finding(False, ("use is not known",))


@pytest.mark.parametrize(
    ("expr", "facts", "truth"),
    [
        (In("flag", ("no",)), {"flag": False}, True),
        (In("flag", ("yes",)), {"flag": False}, False),
        (In("words", ("a",)), {"words": "b;a"}, True),
        (In("words", ("a",)), {"words": ()}, False),
        (In("words", ("a",)), {"words": ""}, False),
        (AtLeast("n", 5), {"n": Decimal("5.00")}, True),
        (AtLeast("n", 5), {"n": 4}, False),
        (AtLeast("d", date(2014, 3, 25)), {"d": date(2014, 3, 25)}, True),
        (Within("d", Interval(None, date(2021, 12, 8))), {"d": date(2021, 12, 7)}, True),
        (Within("d", Interval(None, date(2021, 12, 8))), {"d": date(2021, 12, 8)}, False),
        (Within("d", Interval(None, None)), {"d": None}, None),
        (AllOf(()), {}, True),
        (AnyOf(()), {}, False),
    ],
)
def test_leaves(expr: Expr, facts: dict[str, object], truth: bool | None) -> None:
    assert explain(expr, facts).truth is truth


@pytest.mark.parametrize(
    ("code", "root", "below"),
    [
        ("ML10a", "ML10", True), ("ML10", "ML10", True), ("ML10", "ML1", False), ("ML1", "ML10", False),
        ("6A003", "6A", True), ("6A003", "6", True), ("16A", "6", False), ("PL5001", "PL", True),
    ],
)  # fmt: skip
def test_entries_below_a_heading(code: str, root: str, below: bool) -> None:
    assert is_under(code, root) is below
    assert explain(Under("rating", (root,)), {"rating": f"XX;{code}"}).truth is below


@pytest.mark.parametrize("value", [1.5, True, "5"])
def test_a_number_is_a_whole_or_decimal_number(value: object) -> None:
    with pytest.raises(RuleError, match="'n': a whole or decimal number is needed"):
        explain(AtLeast("n", 5), {"n": value})


def test_a_moment_is_not_a_day() -> None:
    with pytest.raises(RuleError, match="a day is needed, not a datetime"):
        explain(Within("d", Interval(None, None)), {"d": datetime(2014, 3, 25)})  # noqa: DTZ001 - the point of it


@pytest.mark.parametrize("words", [("",), ("a;b",)])
def test_words_that_no_cell_can_hold_are_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(RuleError):
        In("use", words)
    with pytest.raises(RuleError):
        Under("rating", words)


def test_a_condition_in_plain_words() -> None:
    tree = AllOf((COULD, Not(AnyOf((Known("rating"), Under("rating", ("ML4",)))))))
    assert words_of(tree) == "(use is could or unknown and not (rating is known or rating is under ML4))"
    assert [leaf.fact for leaf in leaves(tree)] == ["use", "rating", "rating"]
    span = Within("d", Interval(date(2014, 3, 25), date(2021, 12, 8)))
    assert (
        words_of(AnyOf((span, AtLeast("n", 5))))
        == "(d is from 2014-03-25 and before 2021-12-08 or n is 5 or more)"
    )
