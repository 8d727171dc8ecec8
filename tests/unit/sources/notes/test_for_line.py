"""What the notes of a licence say about one of its lines."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.sources.notes import NoteFacts, combine, derive, for_line
from penholder.analysis.sources.notes.goods import GOODS, goods_in, is_of, may_be_of
from penholder.regime.control_lists import headline, known_ratings

CIPHERS = derive("Licence granted for cryptographic equipment. For commercial end use.")
CIVIL = derive("Licence granted for civilian / commercial end use.")
NAVY = derive("Licence granted for cryptographic equipment. For end use by the Navy.")
RATINGS = st.sampled_from([None, "5A002", "8A002", "ML1", "ML10", "5A002;8A002"])


def stated(
    notes: list[NoteFacts], rating: str | None, *others: str | None, destination: str = "XA"
) -> tuple[str, str]:
    facts = for_line(notes, destination=destination, rating=rating, others=others)
    return facts.end_user, facts.onward_end_user


def test_a_note_that_names_goods_says_nothing_about_other_goods() -> None:
    assert stated([CIPHERS], "5A002")[0] == "commercial"
    assert stated([CIPHERS], "8A002")[0] == "unclear"
    assert stated([CIPHERS], "5A002;8A002")[0] == "unclear"
    assert stated([CIPHERS], None)[0] == "unclear"


def test_a_note_that_names_no_goods_speaks_of_every_line_of_its_licence() -> None:
    assert [stated([CIVIL], rating)[0] for rating in ("5A002", "8A002", None)] == ["commercial"] * 3


def test_the_forces_count_for_every_line() -> None:
    assert stated([NAVY], "8A002")[0] == "forces"
    assert stated([NAVY, CIPHERS], "8A002")[0] == "forces"
    assert stated([NAVY, CIPHERS], "5D002")[0] == "commercial;forces"


def test_the_union_is_over_the_notes_that_apply_to_the_line() -> None:
    shields = derive("Shields. Law enforcement end use.")
    assert stated([CIPHERS, shields], "5A002")[0] == "commercial"
    assert stated([CIPHERS, shields], "ML13")[0] == "law_enforcement"
    assert stated([CIPHERS, shields], "ML10")[0] == "unclear"


def test_where_a_key_stands_for_several_licences_a_note_must_fit_one_line_only() -> None:
    assert stated([CIVIL], "5A002", "8A002")[0] == "unclear"
    assert stated([CIPHERS], "5A002", "8A002")[0] == "commercial"
    assert stated([CIPHERS], "5A002", "8A002", "5D002")[0] == "unclear"
    assert stated([CIPHERS], "5A002", None)[0] == "unclear"
    assert stated([CIPHERS], "5A002", "5A002")[0] == "unclear"  # two licences of one rating
    assert stated([NAVY], "8A002", "5A002")[0] == "forces"


def test_a_final_user_is_dropped_and_kept_in_the_same_way() -> None:
    civil = derive("Cryptographic equipment. Ultimate end user is civilian organisation in XB.")
    assert stated([civil], "8A002", "5A002") == ("not_stated", "unclear")
    assert stated([civil], "5A002") == ("not_stated", "commercial")
    navy = derive("Civilian end use. Ultimate end user is XB Navy.")
    assert stated([navy], "5A002", "8A002") == ("unclear", "forces")
    assert stated([navy], "5A002", "8A002", destination="XB") == ("forces", "forces")


def test_the_state_of_a_licence_counts_for_every_line() -> None:
    note = derive("Licence for cryptographic equipment suspended on 4 May 2011. Then revoked on 5 May 2011.")
    facts = for_line([note], destination="XA", rating="8A002", others=["5A002"])
    assert (facts.suspended_on, facts.revoked_on) == (date(2011, 5, 4), date(2011, 5, 5))


def test_a_temporary_export_of_another_licence_does_not_end_the_line_earlier() -> None:
    note = derive("Licence granted for temporary / exhibition purposes.")
    assert for_line([note], destination="XA", rating="ML10").temporary
    assert not for_line([note], destination="XA", rating="ML10", others=["ML5"]).temporary


def test_a_corrected_destination_of_one_note_counts_for_the_others() -> None:
    corrected = NoteFacts(corrected_destination="XB")
    final = NoteFacts(end_user="commercial", onward_end_user="forces", end_user_state="XB")
    assert stated([corrected, final], "ML1")[0] == "commercial;forces"
    assert stated([final], "ML1")[0] == "commercial"


def test_the_final_user_of_one_note_sits_where_that_note_says() -> None:
    """The state of one note does not hide the forces of another that names none."""
    abroad = derive("Civilian end use. Final end user in XB.")
    somewhere = derive("Civilian company with military customers.")
    assert stated([abroad, somewhere], "ML1")[0] == "commercial;forces"


def test_a_destination_taken_off_the_licence_is_revoked_for_its_lines() -> None:
    notes = [CIVIL, NoteFacts(removed_destinations="XB")]
    assert for_line(notes, destination="XB", rating="ML1").revocation == "undated"
    assert for_line(notes, destination="XA", rating="ML1").revocation == "none"


FACTS = st.builds(
    NoteFacts,
    end_user=st.sampled_from(["not_stated", "forces", "commercial", "commercial;government"]),
    onward_end_user=st.sampled_from(["not_stated", "forces", "commercial", "government;personal"]),
    end_user_state=st.sampled_from([None, "XA", "XB"]),
    goods=st.sampled_from([(), ("5",), ("ML1",)]),
)


@given(st.lists(FACTS, max_size=4), RATINGS, st.lists(RATINGS, max_size=3))
def test_a_line_never_loses_forces_or_government_that_a_note_states(
    notes: list[NoteFacts], rating: str | None, others: list[str | None]
) -> None:
    facts = for_line(notes, destination="XA", rating=rating, others=others)
    for column in ("end_user", "onward_end_user"):
        maybe = {"forces", "government"} & set(getattr(combine(notes), column).split(";"))
        assert maybe <= set(getattr(facts, column).split(";"))


@given(st.lists(FACTS, max_size=4), RATINGS, st.lists(RATINGS, max_size=3), RATINGS)
def test_more_lines_beside_never_add_a_civil_class(
    notes: list[NoteFacts], rating: str | None, others: list[str | None], one_more: str | None
) -> None:
    before = for_line(notes, destination="XA", rating=rating, others=others)
    after = for_line(notes, destination="XA", rating=rating, others=[*others, one_more])
    assert set(after.end_user.split(";")) <= {*before.end_user.split(";"), "not_stated"}


@pytest.mark.parametrize(
    ("text", "of", "not_of"),
    [
        ("Router for satellite broadband.", ("5A001", "5A002", "4A003"), ("6A003", "ML10", "8A002")),
        ("Chemical manufacturing equipment (impeller).", ("2B350", "1C350"), ("5A002", "6A003", "9E003")),
        ("Small arms, ammunition and helmets for protection of ships.", ("ML1", "ML3", "ML13"), ("ML10", "ML11")),
        (
            "Licence granted for explosive detection / disposal purposes.",
            ("1A004", "ML4", "PL8001"),
            ("ML10", "5D002"),
        ),
        ("Air rifles.", ("ML1", "PL5017"), ("ML10", "ML11", "ML21", "ML22")),
        ("Parts for a rescue helicopter.", ("ML10", "9A003", "PL9009"), ("ML1", "ML4")),
    ],
)
def test_ratings_that_named_goods_can_have(text: str, of: tuple[str, ...], not_of: tuple[str, ...]) -> None:
    goods = derive(text).goods
    assert [rating for rating in (*of, *not_of) if is_of(rating, goods)] == list(of)


@pytest.mark.parametrize(
    "text", ["Licence granted for training purposes.", "Civilian end use.", "Spare parts.", ""]
)
def test_purposes_and_parts_are_no_particular_goods(text: str) -> None:
    assert derive(text).goods == ()


def test_a_short_beginning_is_not_taken_for_a_longer_number() -> None:
    assert [r for r in ("ML1", "ML1a", "ML10", "ML13") if is_of(r, ("ML1",))] == ["ML1", "ML1a"]


def test_a_cell_of_several_codes() -> None:
    assert not is_of("ML1;ML10", ("ML1",))
    assert may_be_of("ML1;ML10", ("ML1",))
    assert may_be_of(None, ("ML1",))
    assert not may_be_of("ML10", ("ML1",))


def test_every_beginning_in_the_table_begins_a_known_rating() -> None:
    beginnings = {prefix for _, prefixes in GOODS for prefix in prefixes.split()}
    known = known_ratings()
    assert {b for b in beginnings if not headline(b) and not any(k.startswith(b) for k in known)} == set()


def test_every_row_of_the_table_can_be_met() -> None:
    assert goods_in("nothing of the sort") == frozenset()
    assert goods_in("lasers and valves") == {
        "3",
        "6",
        "ML5",
        "ML15",
        "ML19",
        "0B",
        "1A",
        "1B",
        "1C",
        "1D",
        "1E",
        "2",
    }
