"""Facts from notes, on invented texts of the shapes that publishers use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penholder.analysis.schemas import NOTES
from penholder.analysis.sources.notes import NoteFacts, derive, for_line, uncoded
from penholder.analysis.sources.notes.states import adjectives
from penholder.regime.end_users import end_user_classes


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("Licence granted for accessories. Armed forces end use.", "forces"),
        ("Pump housings for end use by the Navy and Air Force.", "forces"),
        ("Radios. Government / military end use.", "forces"),
        ("Radios. Government end-use.", "government"),
        ("Radios for use by a government organisation.", "government"),
        ("Radios for diplomatic missions.", "government"),
        ("Helmets for the Coast Guard.", "government"),
        ("Licence granted for training. For law enforcement agency end use.", "law_enforcement"),
        ("Licence granted to a private maritime security company. Civilian end use.", "commercial"),
        ("Valve. Civil industrial end use", "commercial"),
        ("Routers for commercial and government end users.", "commercial;government"),
        ("Shotgun for personal end use.", "personal"),
        ("Licence granted for sporting / hunting purposes.", "personal"),
        ("All goods will be used by athletes.", "personal"),
        ("Licence granted for academic research purposes.", "academic"),
        ("Vehicles for end use by an International Organisation.", "international_organisation"),
        ("Detectors for humanitarian end use.", "humanitarian"),
        ("Boats for use by a wildlife trust.", "other"),
        ("Parts not intended for military end use.", "other"),
        ("End user: Ministry of Defence.", "forces"),
        ("The Navy are the potential end users.", "forces"),
        ("Diplomatic missions.", "government"),
    ],
)
def test_classes_of_end_users(text: str, classes: str) -> None:
    facts = derive(text)
    assert facts.end_user == classes
    assert facts.coded
    assert set(classes.split(";")) <= set(end_user_classes())


@pytest.mark.parametrize(
    "text",
    [
        "Components for police vehicles.",
        "Components for civil aircraft.",
        "Weapon sights designed for civilian use, returned for repair.",
        "Goods are not for civil end use.",
        "Ex-military vehicles for demonstration.",
        "Refused because of concerns of possible diversion to military end use.",
        "Licence granted for demonstration to potential customers.",
        "Insurance",
        "",
    ],
)
def test_what_names_no_user_stays_not_stated(text: str) -> None:
    assert replace(derive(text), goods=()) == NoteFacts()


@pytest.mark.parametrize(
    "text",
    [
        "Night sights. Civilian end user with government / defence customers.",
        "Civilian end user testing on behalf of the military.",
        "Civilian end user who will deliver to the Navy.",
        "Civilian end use by a company under contract to the military.",
        "Civilian end user. Contractor to the Ministry of Defence.",
        "Not for civilian use but for the armed forces.",
        "Licence granted for academic research purposes on behalf of the Air Force.",
        "Civilian / commercial end use. Ultimate end use is for naval end use.",
        "Licence granted for sporting / hunting purposes. Armed forces end use.",
        "Licence granted for trials. Commercial company with naval customers.",
        "Masks. Civilian end user for demonstration to the armed forces.",
        "Civilian company in XB with military customers.",
    ],
)
@pytest.mark.parametrize("rating", ["ML15", "1A004", None])
@pytest.mark.parametrize("others", [(), ("ML10",)])
def test_a_civil_word_never_hides_the_forces(text: str, rating: str | None, others: tuple[str, ...]) -> None:
    line = for_line([derive(text)], destination="XA", rating=rating, others=others)
    assert "forces" in line.end_user.split(";")


@pytest.mark.parametrize(
    ("text", "classes", "onward"),
    [
        (
            "Licence granted for trials. Civilian company with government / military customers.",
            "commercial",
            "forces",
        ),
        ("Range finders. Civilian end user with government / defence customers.", "commercial", "forces"),
        ("Radios. Civilian end user for demonstration to government / defence customers.", "commercial", "forces"),
        ("Masks. Commercial end user for demonstration to the Navy.", "commercial", "forces"),
        ("Boots. Commercial end user with government customers.", "commercial", "government"),
        # Customers who are the only users named, or no forces, stay users.
        ("Vests for demonstration to armed forces and civilian clients.", "forces", "not_stated"),
        (
            "Vests for a civilian company for demonstration to the police.",
            "commercial;law_enforcement",
            "not_stated",
        ),
        # Where a state is named, the customers may sit there or not: they count for both.
        ("Civilian end user in XB with military customers.", "commercial;forces", "forces"),
    ],
)
def test_forces_as_customers_of_a_civil_user_are_final_users(text: str, classes: str, onward: str) -> None:
    facts = derive(text)
    assert (facts.end_user, facts.onward_end_user) == (classes, onward)


@pytest.mark.parametrize(
    ("text", "classes", "onward"),
    [
        ("Gyroscope. Final end user is XB Navy.", "not_stated", "forces"),
        (
            "Licence granted for parts for incorporation for XB government / defence end use.",
            "not_stated",
            "forces",
        ),
        (
            "Parts for incorporation into engines for onward shipment to XB for use by the XB government.",
            *("not_stated", "government"),
        ),
        # The final user may be here where no state is named; a user of another sentence may be the first one.
        ("Parts for incorporation for armed forces end use.", "forces", "forces"),
        ("Parts which will eventually be shipped to XB. Military end user.", "forces", "forces"),
        # A civil user of goods that are built in is no proof about the last user.
        ("Parts for incorporation into radios for civil end use.", "commercial", "not_stated"),
    ],
)
def test_the_user_of_goods_that_go_on_is_the_final_user(text: str, classes: str, onward: str) -> None:
    facts = derive(text)
    assert (facts.end_user, facts.onward_end_user, facts.route) == (classes, onward, "onward")


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        # A purpose is no user where a user is named.
        ("Reagents for cosmetics. For research purposes at a university. Civilian end use.", "commercial"),
        ("Licence granted for academic research purposes for civilian / commercial end use.", "commercial"),
        ("Licence granted for sporting / hunting purposes for civilian / commercial end use.", "commercial"),
        ("Licence granted for sporting / hunting purposes. Government end use.", "government"),
        # It tells the class of a user who is named without one.
        ("Cartridges for sporting use for Government and licensed entities.", "government;personal"),
        # What sort of goods they are says nothing about the user.
        ("This was for commercial equipment to build telephone networks for small towns.", "not_stated"),
    ],
)
def test_purposes_and_sorts_of_goods(text: str, classes: str) -> None:
    assert derive(text).end_user == classes


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("Civilian end use. The company also supplies the armed forces.", "commercial;government"),
        ("End user is a university working on a project of the Ministry of Defence.", "academic;government"),
        ("Commercial end use. Another division supports the military.", "commercial;government"),
        ("Civilian end use. Not for use by the armed forces.", "commercial"),
        ("Civilian end use. Parts of military radios.", "commercial"),
    ],
)
def test_forces_named_in_another_role_keep_a_civil_user_from_standing_alone(text: str, classes: str) -> None:
    assert derive(text).end_user == classes


def test_a_denied_user_is_not_a_user() -> None:
    facts = derive("Rifles for personal use. They are not for use by the security services or armed forces.")
    assert facts.end_user == "personal"
    facts = derive("Masks. Armed forces end user not involved in crowd control / public security.")
    assert facts.end_user == "forces"


def test_a_final_user_in_a_named_state() -> None:
    assert (
        derive("Radios. Commercial end use. Ultimate end user is the navy in XB.").end_user == "commercial;forces"
    )
    facts = derive("Licence granted for Armed Forces end use. Ultimate end user in XB.")
    assert (facts.end_user, facts.onward_end_user) == ("forces", "forces")
    assert (facts.end_user_state, facts.route) == ("XB", "onward")


def test_a_civil_first_user_says_nothing_about_the_last_one() -> None:
    facts = derive("Licence granted for civilian / commercial end use. Final end user is in XB.")
    assert (facts.end_user, facts.onward_end_user, facts.end_user_state) == ("commercial", "not_stated", "XB")


def test_goods_that_go_on() -> None:
    facts = derive("Components which will eventually be shipped to XC. Military end user.")
    assert (facts.end_user, facts.end_user_state, facts.route) == ("forces", "XC", "onward")
    facts = derive("Data which will be eventually sent to XC for incorporation into radios.")
    assert (facts.end_user_state, facts.route) == (None, "onward")
    assert derive("Licence granted for integration by a commercial company.").end_user == "not_stated"


@pytest.mark.parametrize(("adjective", "code"), sorted(adjectives().items()))
def test_every_adjective_of_a_state(adjective: str, code: str) -> None:
    facts = derive(f"Licence granted for end use by the {adjective} Navy.")
    assert (facts.end_user, facts.end_user_state) == ("forces", code)


def test_two_states_are_none() -> None:
    facts = derive("Ultimate end user in XB. Ultimate end user in XC.")
    assert facts.end_user_state is None
    assert facts.route == "onward"


def test_a_party_to_a_treaty_is_the_country_of_end_use() -> None:
    assert derive("Valves. Civilian end use. XB is a State Party to the Convention.").end_user_state == "XB"


@pytest.mark.parametrize(
    ("text", "suspension", "suspended_on", "exported_before"),
    [
        ("Licence suspended by the Secretary on 4 May 2011", "dated", date(2011, 5, 4), None),
        ("After further review this licence was suspended.", "undated", None, None),
        ("Goods exported before licence suspension announced on 4 May 2011.", "dated", date(2011, 5, 4), True),
        ("Licence suspended on 2011-05-04; nothing had been exported.", "dated", date(2011, 5, 4), False),
        ("The goods were never shipped. Licence suspended.", "undated", None, False),
        ("Licence suspended. No further goods were exported.", "undated", None, None),
        ("Licence suspended. Goods may not be exported onward.", "undated", None, None),
        ("Licence suspended in May 2011.", "undated", None, None),
        ("Licence suspended on 31 February 2011.", "undated", None, None),
        ("The suspension of this licence was lifted on 4 May 2011.", "undated", None, None),
        ("This licence was not suspended.", "none", None, None),
        ("The licence may be suspended at any time.", "none", None, None),
        ("Components for vehicle suspension systems.", "none", None, None),
    ],
)
def test_suspensions(text: str, suspension: str, suspended_on: date | None, exported_before: bool | None) -> None:
    facts = derive(text)
    assert (facts.suspension, facts.suspended_on) == (suspension, suspended_on)
    assert facts.exported_before is exported_before


@pytest.mark.parametrize(
    ("text", "revocation", "revoked_on"),
    [
        ("Licence has been revoked due to a change in circumstances.", "undated", None),
        ("Licence revoked due to incorrect destination, not because of a policy decision.", "undated", None),
        ("Licence revoked on 04/05/2011.", "dated", date(2011, 5, 4)),
        ("The licence was subsequently surrendered.", "undated", None),
        ("Licence could be revoked.", "none", None),
    ],
)
def test_revocations(text: str, revocation: str, revoked_on: date | None) -> None:
    facts = derive(text)
    assert (facts.revocation, facts.revoked_on, facts.suspension) == (revocation, revoked_on, "none")


def test_a_suspension_and_a_revocation_each_have_their_date() -> None:
    facts = derive("Licence suspended on 3 March 2014 and revoked on 5 April 2015.")
    assert (facts.suspended_on, facts.revoked_on) == (date(2014, 3, 3), date(2015, 4, 5))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "This licence is actually for export to the Channel Islands. (It was issued in error.)",
            "Channel Islands",
        ),
        ("Correct destination is XB.", "XB"),
        ("The destination should read XB, not XC.", "XB"),
    ],
)
def test_corrected_destinations(text: str, code: str) -> None:
    assert derive(text).corrected_destination == code


def test_a_destination_taken_off_a_licence() -> None:
    facts = derive("XB was removed from this multiple destination licence due to tensions in XB.")
    assert (facts.removed_destinations, facts.revocation, facts.coded) == ("XB", "none", True)


@pytest.mark.parametrize(
    ("text", "pooled", "classes"),
    [
        ("Items to be held in stock by a commercial company against future orders.", True, "not_stated"),
        ("Parts for resale by a commercial company.", True, "not_stated"),
        ("Air rifles for resale. Civilian end use.", False, "commercial"),
        ("Replacement rifle stock. Civilian end user.", False, "commercial"),
        ("Spares for a pool.", True, "not_stated"),
    ],
)
def test_stock_and_resale(text: str, pooled: bool, classes: str) -> None:
    facts = derive(text)
    assert (facts.pooled, facts.end_user) == (pooled, classes)


@pytest.mark.parametrize(
    ("text", "temporary"),
    [
        ("Licence granted for temporary / exhibition purposes.", True),
        ("Goods which will be returned to the UK. Government end use.", True),
        ("Goods returned after repair in the UK. Government end use.", False),
        ("Components for incorporation. Will then be returned to the UK for onward export.", False),
    ],
)
def test_temporary_exports(text: str, temporary: bool) -> None:
    assert derive(text).temporary is temporary


def test_general_policy_is_not_about_the_licence() -> None:
    text = "All exports for this destination were approved for use by the armed forces or diplomatic missions."
    assert derive(text) == NoteFacts()


def test_cues_name_the_words() -> None:
    facts = derive("Licence suspended on 4 May 2011. Military end use.")
    assert facts.cues == ("end_user: military end use", "suspension: suspended 2011-05-04")


def test_uncoded_lists_each_text_once_with_its_count() -> None:
    texts = ["Insurance", "Civil end use", "Repair", "Insurance"]
    assert uncoded(texts) == [("Insurance", 2), ("Repair", 1)]


def test_the_facts_are_the_columns_of_the_notes_table() -> None:
    columns = {c.name for c in NOTES.columns} - {"note", "licence", "text", "source", "source_line"}
    assert columns <= set(NoteFacts.__dataclass_fields__)


WORDS = st.sampled_from(
    (
        *(
            "military",
            "civil",
            "end use",
            "by",
            "for the",
            "Navy",
            "XB",
            "not",
            "suspended",
            "on 4 May 2011",
            "in",
        ),
        *("to", "shipped", "Government", "company", ".", ",", "/"),
    )
)


@settings(deadline=None)
@given(st.text(max_size=200) | st.lists(WORDS, max_size=30).map(" ".join))
def test_any_text_gives_facts_of_the_allowed_values(text: str) -> None:
    facts = derive(text)
    classes = set(end_user_classes())
    assert set(facts.end_user.split(";")) <= classes
    assert set(facts.onward_end_user.split(";")) <= classes
    assert (facts.suspension == "dated") == (facts.suspended_on is not None)
    assert (facts.revocation == "dated") == (facts.revoked_on is not None)
    assert facts.coded == (facts != NoteFacts(goods=facts.goods, cues=facts.cues))
