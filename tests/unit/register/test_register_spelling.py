"""Places and ratings at the door: codes for names, one spelling, and refusals that say what is near."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from penholder.actions.errors import InvalidError
from penholder.register.spelling import spelled
from penholder.register.values import LineTerms

DAY = date(2024, 6, 1)


def terms(**given: Any) -> LineTerms:
    return LineTerms(**{"description": "components for combat aircraft", "destination": "XB"} | given)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("XB", "XB"),
        ("xv", "XV"),
        ("France", "FR"),
        ("the FRANCE", "FR"),
        ("FRA", "FR"),
    ],
)
def test_a_place_is_kept_as_its_code(given: str, kept: str) -> None:
    made, said = spelled(terms(destination=given), on=DAY, where="terms")
    assert made.destination == kept
    assert said == (() if given.upper() == kept else (f"{given} is kept as {kept}, its code",))


def test_a_list_of_places_is_read_part_by_part() -> None:
    made, said = spelled(terms(onward="Germany; XC;germany", end_user_state="DEU"), on=DAY, where="terms")
    assert (made.onward, made.end_user_state) == ("DE;XC", "DE")
    assert "DEU is kept as DE, its code" in said


@pytest.mark.parametrize(
    ("field", "given", "message"),
    [
        ("destination", "Belmora", "no place 'Belmora' is known"),
        ("destination", "Frnace", "no place 'Frnace' is known; did you mean 'France'?"),
        ("destination", "ZZ", "no place 'ZZ' is known"),
        ("end_user_state", "Polnd", "no state 'Polnd' is known; did you mean 'Poland'?"),
        ("rating", "ML99", "'ML99' is no code of the control lists; did you mean 'ML9'?"),
        (
            "rating",
            "ML 10 banana",
            (
                "'ML 10 banana' is no code of the control lists; allowed are codes like ML10, ML10a or 6A003, "
                "with ; between several"
            ),
        ),
    ],
)
def test_what_no_table_knows_is_refused_with_what_is_near(field: str, given: str, message: str) -> None:
    with pytest.raises(InvalidError) as refused:
        spelled(terms(**{field: given}), on=DAY, where="lines.0")
    assert refused.value.fields == {f"lines.0.{field}": message}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ML10", "ML10"),
        ("ml 10.A", "ML10a"),
        ("ML10a; 6A003.b.4", "ML10a;6A003b4"),
        ("ML10 and ML11", "ML10;ML11"),
        ("PL5017", "PL5017"),
        ("ML10;ml10", "ML10"),
        ("", ""),
    ],
)
def test_a_rating_has_one_spelling(given: str, kept: str) -> None:
    made, said = spelled(terms(rating=given), on=DAY, where="terms")
    assert made.rating == kept
    assert said == (() if given == kept else (f"rating {given} is kept as {kept}",))


def test_what_the_line_has_already_is_not_judged() -> None:
    published = terms(destination="Free zones", rating="as stated")
    assert spelled(terms(destination="Free zones", rating="as stated"), on=DAY, where="t", before=published) == (
        published,
        (),
    )
    with pytest.raises(InvalidError, match="no place"):
        spelled(terms(destination="Free zone", rating="as stated"), on=DAY, where="t", before=published)
