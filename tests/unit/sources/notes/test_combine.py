"""Several notes on one licence become one set of facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.sources.notes import NoteFacts, combine, for_destination

FACTS = st.builds(
    NoteFacts,
    coded=st.booleans(),
    end_user=st.sampled_from(["not_stated", "forces", "commercial", "commercial;government"]),
    onward_end_user=st.sampled_from(["not_stated", "forces", "commercial"]),
    end_user_state=st.sampled_from([None, "XA", "XB"]),
    pooled=st.booleans(),
    suspended_on=st.sampled_from([None, date(2011, 1, 1), date(2012, 1, 1)]),
    exported_before=st.sampled_from([None, True, False]),
    removed_destinations=st.sampled_from([None, "XA", "XA;XB"]),
    goods=st.sampled_from([(), ("5",), ("ML1", "PL5")]),
)


def test_nothing_combined_is_no_facts() -> None:
    assert combine([]) == NoteFacts()


def test_classes_are_united_and_flags_added() -> None:
    one = NoteFacts(coded=True, end_user="forces", pooled=True)
    two = NoteFacts(coded=True, end_user="commercial;forces", temporary=True)
    both = combine([one, two, NoteFacts()])
    assert (both.end_user, both.pooled, both.temporary, both.coded) == ("commercial;forces", True, True, True)


def test_destinations_taken_off_the_licence_are_united() -> None:
    one, two = NoteFacts(removed_destinations="XB"), NoteFacts(removed_destinations="XA;XB")
    assert combine([one, two, NoteFacts()]).removed_destinations == "XA;XB"


def test_goods_are_united_unless_a_note_names_none() -> None:
    one, two = NoteFacts(goods=("ML1",)), NoteFacts(goods=("5", "ML1"))
    assert combine([one, two]).goods == ("5", "ML1")
    assert combine([one, NoteFacts()]).goods == ()


def test_the_earliest_date_counts_and_beats_an_undated_note() -> None:
    undated = NoteFacts(suspension="undated")
    later = NoteFacts(suspension="dated", suspended_on=date(2012, 1, 1))
    earlier = NoteFacts(suspension="dated", suspended_on=date(2011, 1, 1))
    both = combine([undated, later, earlier])
    assert (both.suspension, both.suspended_on) == ("dated", date(2011, 1, 1))
    assert combine([undated, NoteFacts()]).suspension == "undated"


def test_contradictions_leave_nothing_and_are_named() -> None:
    one = NoteFacts(corrected_destination="XA", exported_before=True)
    two = NoteFacts(corrected_destination="XB", exported_before=False)
    both = combine([one, two])
    assert both.corrected_destination is None
    assert both.exported_before is None
    assert both.cues == ("conflict: exported_before: False, True", "conflict: corrected_destination: XA, XB")


@given(st.lists(FACTS, max_size=5).flatmap(lambda facts: st.tuples(st.just(facts), st.permutations(facts))))
def test_the_order_of_the_notes_does_not_matter(pair: tuple[list[NoteFacts], list[NoteFacts]]) -> None:
    first, second = (replace(combine(facts), cues=()) for facts in pair)
    assert first == second


@given(FACTS)
def test_a_repeated_note_adds_nothing(facts: NoteFacts) -> None:
    assert combine([facts, facts]) == combine([facts])


def test_a_final_user_in_the_destination_is_a_direct_user_too() -> None:
    facts = NoteFacts(end_user="commercial", onward_end_user="forces", end_user_state="XA", route="onward")
    assert for_destination(facts, "XA").end_user == "commercial;forces"
    assert for_destination(facts, "XB").end_user == "commercial"


def test_a_final_user_in_an_unknown_state_may_be_here() -> None:
    facts = NoteFacts(end_user="commercial", onward_end_user="forces;personal")
    assert for_destination(facts, "XA").end_user == "commercial;forces"
    assert for_destination(replace(facts, onward_end_user="personal"), "XA").end_user == "commercial"


def test_a_corrected_destination_takes_the_place_of_the_stated_one() -> None:
    facts = NoteFacts(onward_end_user="forces", end_user_state="XA", corrected_destination="XA")
    assert for_destination(facts, "XB").end_user == "forces"


def test_a_removed_destination_is_revoked_without_a_date_for_its_lines_only() -> None:
    facts = NoteFacts(removed_destinations="XA;XB")
    assert for_destination(facts, "XB").revocation == "undated"
    assert for_destination(facts, "XC").revocation == "none"
    dated = replace(facts, revocation="dated", revoked_on=date(2011, 1, 1))
    assert for_destination(dated, "XA").revocation == "dated"
