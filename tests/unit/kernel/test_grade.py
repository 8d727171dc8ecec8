import pytest

from penholder.kernel.errors import InputError
from penholder.kernel.grade import Grade, parse_grade


def test_reliability_counts_before_credibility() -> None:
    grades = [parse_grade(t) for t in ("F6", "B1", "A6", "B6", "A1")]
    assert [str(g) for g in sorted(grades)] == ["A1", "A6", "B1", "B6", "F6"]


def test_small_letters_and_spaces_are_forgiven() -> None:
    assert parse_grade(" b2 ") == Grade("B", "2")


@pytest.mark.parametrize("text", ["", "B", "2B", "G1", "A7", "A0", "B22"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not a source grade"):
        parse_grade(text)
