from itertools import product

from penholder.kernel.truth import Truth, all_of, any_of


def test_and_of_unknown_and_no_is_no_but_of_unknown_and_yes_is_unknown() -> None:
    assert all_of([Truth.UNKNOWN, Truth.NO]) is Truth.NO
    assert all_of([Truth.UNKNOWN, Truth.YES]) is Truth.UNKNOWN
    assert any_of([Truth.UNKNOWN, Truth.NO]) is Truth.UNKNOWN
    assert any_of([Truth.UNKNOWN, Truth.YES]) is Truth.YES


def test_empty_and_is_yes_and_empty_or_is_no() -> None:
    assert all_of([]) is Truth.YES
    assert any_of([]) is Truth.NO


def test_python_booleans_and_none_become_the_three_values() -> None:
    assert [Truth.of(True), Truth.of(False), Truth.of(None)] == [Truth.YES, Truth.NO, Truth.UNKNOWN]


def test_a_known_answer_never_changes_when_an_unknown_is_resolved() -> None:
    for a, b in product(Truth, repeat=2):
        for join in (all_of, any_of):
            answer = join([a, b])
            if answer is Truth.UNKNOWN:
                continue
            resolved = [[x] if x is not Truth.UNKNOWN else [Truth.NO, Truth.YES] for x in (a, b)]
            assert {join(pair) for pair in product(*resolved)} == {answer}
