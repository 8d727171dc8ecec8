"""Place names become ISO codes, by date; what is no country stays visible."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penholder.analysis.sources import places
from penholder.analysis.sources.places import tables
from penholder.kernel.errors import ConfigurationError
from penholder.kernel.home import read_home

ISO = [c.alpha_2 for c in pycountry.countries]


@pytest.mark.parametrize("code", ISO)
def test_every_iso_code_and_name_resolves_to_its_code(code: str) -> None:
    country = pycountry.countries.get(alpha_2=code)
    for spelling in (code, code.lower(), country.alpha_3, country.name, country.name.upper()):
        assert places.resolve(spelling).code == code
        assert places.resolve(spelling).kind == "country"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Burma", "MM"),
        ("Sudan, South", "SS"),
        ("Svelbard Archipelago", "SJ"),
        ("Kosovo", "XK"),
        ("occupied Palestinian territory", "PS"),
        ("St Vincent (including the Grenadines)", "VC"),
        ("Hong Kong Special Administrative Region", "HK"),
        ("Korea, South", "KR"),
        ("DR Congo (Zaire)", "CD"),
        ("Republic of Congo", "CG"),
        ("Cote d'Ivoire", "CI"),
        ("U.S.A.", "US"),
        ("Falkland Islands", "FK"),
        ("Norwegen", "NO"),
        ("Royaume-Uni", "GB"),
        ("Arabia Saudita", "SA"),
        ("Forente arabiske emirater", "AE"),
        ("Verenigde Staten", "US"),
        ("Elfenbeinküste", "CI"),
        ("Corea del Sud", "KR"),
    ],
)
def test_published_and_foreign_spellings(name: str, code: str) -> None:
    assert places.resolve(name).code == code


def test_a_part_of_a_country_counts_as_the_country() -> None:
    assert places.resolve("Sarawak") == places.Place("MY", "Malaysia", places.PlaceKind.COUNTRY)


@pytest.mark.parametrize("letter", list("ABCDEFGHIJLMNOPQRSTUVWXYZ"))
def test_user_assigned_codes_stand_for_themselves(letter: str) -> None:
    assert places.resolve(f"x{letter}") == places.Place(f"X{letter}", f"X{letter}", places.PlaceKind.COUNTRY)


def test_a_dissolved_territory_has_its_code_until_its_last_day() -> None:
    name = "Netherlands Antilles"
    assert places.resolve(name, on=date(2010, 10, 9)).code == "AN"
    assert places.resolve(name, on=date(2010, 10, 9)).name == name
    for later in (date(2010, 10, 10), None):
        assert places.resolve(name, on=later) == places.Place(name, name, places.PlaceKind.NON_COUNTRY)


@pytest.mark.parametrize(
    "name", ["Channel Islands", "Continental Shelf: United Kingdom sector", "Nagorno-Karabakh"]
)
def test_what_is_no_single_country_keeps_its_published_name(name: str) -> None:
    assert places.resolve(name) == places.Place(name, name, places.PlaceKind.NON_COUNTRY)


def test_an_unknown_name_stays_as_published_without_the_list_separator() -> None:
    assert places.resolve("Ardenia; North") == places.Place(
        "Ardenia, North", "Ardenia; North", places.PlaceKind.UNRECOGNISED
    )


@pytest.mark.parametrize("name", ["Korea", "Virgin Islands", "", "UNK", "QQ", "Congo-Ardenia"])
def test_an_ambiguous_or_foreign_word_is_never_guessed(name: str) -> None:
    assert places.resolve(name).kind == "unrecognised"


def test_similar_names_stay_apart() -> None:
    codes = [places.resolve(n).code for n in ("Niger", "Nigeria", "Guinea", "Guinea-Bissau", "Dominica", "Congo")]
    assert codes == ["NE", "NG", "GN", "GW", "DM", "CG"]


def test_names_of_codes() -> None:
    assert [places.name_of(c) for c in ("KR", "ye", "XK", "XA", "Channel Islands")] == [
        "South Korea",
        "Yemen",
        "Kosovo",
        "XA",
        "Channel Islands",
    ]


def test_the_version_names_both_tables() -> None:
    assert places.version().startswith("aliases 20")
    assert "pycountry" in places.version()


def test_no_translation_contradicts_the_english_tables() -> None:
    base = tables.load_tables()
    found = tables.translations()
    assert len(found) > 3000
    assert not [k for k, code in found.items() if base.names.get(k, code) != code]
    assert not set(found) & (set(base.dated) | base.non_countries)


@settings(deadline=None)  # the first look-up reads the tables
@given(st.text(max_size=40), st.none() | st.dates())
def test_any_text_resolves_to_a_cell_without_the_separator(name: str, on: date | None) -> None:
    place = places.resolve(name, on=on)
    assert ";" not in place.code
    assert places.resolve(name, on=on) == place


def test_an_installation_names_user_assigned_codes_and_no_others() -> None:
    try:
        places.call_places({"XV": "Velmora", "XN": "Norland", "XA": "Niger"})
        assert [places.name_of(c) for c in ("XV", "xn", "XT", "NE")] == ["Velmora", "Norland", "XT", "Niger"]
        assert places.resolve("velmora") == places.Place("XV", "Velmora", places.PlaceKind.COUNTRY)
        assert places.resolve("XN").name == "Norland"
        assert places.resolve("Niger").code == "NE"  # what a table knows keeps its meaning
    finally:
        places.call_places({})
    assert (places.name_of("XV"), places.resolve("Velmora").kind) == ("XV", "unrecognised")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[places]\nXK = "Velmora"', "'XK' is no user-assigned code"),
        ('[places]\nNE = "Velmora"', "'NE' is no user-assigned code"),
        ('[places]\nXV = "V"', "XV has no name of 3 to 60 letters"),
        ('[places]\nXV = "<b>Velmora</b>"', "XV has no name of 3 to 60 letters"),
        ("[places]\nXV = 7", "XV has no name of 3 to 60 letters"),
        ('places = "XV"', "'places' is no table"),
    ],
)
def test_a_name_that_an_installation_cannot_give_is_refused_at_the_start(
    text: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "penholder.toml"
    file.write_text(f'origin = "a.invalid/log"\nauthority = "Ardenia"\n{text}\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        read_home(tmp_path)


def test_the_names_of_an_installation_are_those_of_its_file(tmp_path: Path) -> None:
    text = (
        'origin = "a.invalid/log"\nauthority = "Ardenia"\n[places]\nXV = "Velmora"\nXN = "Côte de Nor (north)"\n'
    )
    (tmp_path / "penholder.toml").write_text(text, encoding="utf-8")
    assert read_home(tmp_path).configuration.places == {"XV": "Velmora", "XN": "Côte de Nor (north)"}
