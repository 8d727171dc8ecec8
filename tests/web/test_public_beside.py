"""Public pages with a debate below them, with what no figure counts, and where an exemption was announced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError
from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.sample.write import write_sample
from penholder.debate.values import Kind
from penholder.publication.books import books
from penholder.publication.web.titles import page_of
from penholder.register import actions as register
from tests import debate_ground
from tests.assessment_ground import MANAGER
from tests.casework import Casework, SettingsOfTest
from tests.publication_ground import SENIOR, Ground, at, public_site, visible
from tests.web.page_checks import faults

pytestmark = pytest.mark.slow  # pages and long runs: `make check`


@pytest.fixture
def settings_of_test() -> Iterator[SettingsOfTest]:
    made = SettingsOfTest()
    yield made
    made.restore()


@pytest.fixture
def ground(tmp_path: Path, settings_of_test: SettingsOfTest) -> Iterator[Ground]:
    casework = Casework(tmp_path / "home").open()
    yield Ground.of_story(casework, settings_of_test)
    casework.close()


@pytest.fixture
def site(ground: Ground, settings_of_test: SettingsOfTest) -> Iterator[Client]:
    settings_of_test.set("PENHOLDER_PAGES", "penholder.publication.web.titles.page_of")
    with public_site() as client:
        yield client


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    html = answer.content.decode()
    assert (address, answer.status_code, faults(html)) == (address, 200, [])
    return visible(html)


# story: a member with a verified address and an active membership comments on the licence's page
def test_a_comment_stands_below_its_licence_clearly_apart_and_below_no_other(
    ground: Ground, site: Client, settings_of_test: SettingsOfTest
) -> None:
    debate_ground.start(settings_of_test)
    licence, other = ground.licences["GBSIEL/2024/1"], ground.licences["GBSIEL/2024/2"]
    writer = debate_ground.member("reader-1", called="Ana of the Quay")
    comment = debate_ground.post(writer, "Who checks where the pumps go?", page=licence)
    html = site.get(f"/licences/{licence}").content.decode()
    (below,) = re.findall(r'<section class="ph-apart">(.*?)</section>', html, re.DOTALL)
    assert "Ana of the Quay" in below
    assert "Who checks where the pumps go?" in visible(below)
    assert "no part of what the authority publishes" in visible(below)
    assert f'href="/debate/licence/{licence}"' in below
    assert "Who checks" not in words(site, f"/licences/{other}")
    debate_ground.report(debate_ground.member("reader-2"), comment)
    debate_ground.remove(debate_ground.moderator(), comment)
    said = words(site, f"/licences/{licence}")
    assert "Who checks" not in said
    assert "No abuse of persons" in said
    settings_of_test.set("PENHOLDER_DEBATE", {})
    assert "ph-apart" not in site.get(f"/licences/{licence}").content.decode()


def test_there_is_a_debate_of_what_is_published_and_it_has_the_title_of_the_page(
    ground: Ground, site: Client, settings_of_test: SettingsOfTest
) -> None:
    debate_ground.start(settings_of_test)
    held = books()
    licence, statement = ground.licences["GBSIEL/2024/1"], next(iter(held.statements(held.size)[0]))
    measures = {m.kind: m.id for m in held.measures(held.size).values()}
    assert {kind.value for kind in Kind} >= {"licence", "exemption"}
    made = {
        ("licence", licence): ("Licence for XV: ML10 and ML6", f"/licences/{licence}"),
        ("destination", "XV"): ("XV", "/destinations/XV"),
        ("exemption", measures["exemption"]): (
            "Exemption for XN",
            f"/measures/{measures['exemption']}",
        ),
        ("moratorium", measures["moratorium"]): (
            "Moratorium on XV",
            f"/measures/{measures['moratorium']}",
        ),
        ("hold", measures["moratorium"]): None,
        ("statement", statement): ("Statement of 10 July 2024", f"/statements/{statement}"),
        ("figure", "licences-suspended"): ("Licences suspended", "/figures/licences-suspended"),
        ("licence", "L-nothere"): None,
        ("decision", "AP-nothere"): None,
        ("change", licence): None,
        ("figure", "none"): None,
        ("promise", "PM-nothere"): None,
    }
    assert {asked: page_of(*asked) for asked in made} == made
    for (kind, name), address in ((asked, found[1]) for asked, found in made.items() if found):
        html = site.get(address).content.decode()
        assert html.count('class="ph-apart"') == 1, address
        assert f'href="/debate/{kind}/{name}"' in html
        back = f'<a href="{address}" class="govuk-back-link">'
        assert back in site.get(f"/debate/{kind}/{name}").content.decode()
    assert "Debate: Licence for XV: ML10 and ML6" in words(site, f"/debate/licence/{licence}")
    assert site.get("/debate/licence/L-nothere").status_code == 404
    with pytest.raises(AbsentError, match="no licence L-nothere"):
        debate_ground.post(debate_ground.member("reader-1"), page="L-nothere")


def test_of_a_site_that_shows_nothing_yet_there_is_no_page(ground: Ground, site: Client) -> None:
    (ground.home / "published.sqlite3").unlink()
    assert page_of("licence", ground.licences["GBSIEL/2024/1"]) is None


# story: figures say which licences are counted nowhere
def test_licences_of_a_release_that_the_register_took_in_are_said_to_be_counted_nowhere(
    ground: Ground, site: Client, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    write_sample(folder, lines=400, incidents=200, seed=1)
    release = next(r.id for r in read_catalogue(folder).releases if "lines" in r.data_sets)
    before = words(site, "/figures/licences-in-force")
    assert "Not counted" not in before
    at(date(2024, 9, 3))
    said = perform(register.announce_release, SENIOR, folder=str(folder), release=release).result
    taken = perform(register.load_release, MANAGER, folder=str(folder), announced=said.announced).result
    ground.publish()
    expected = (
        f"Not counted: {taken.licences:,} licences with {taken.rows:,} lines that the register took in from the "
        f"release {release} on 3 September 2024."
    )
    for address in (
        "/",
        "/licences",
        "/figures",
        "/figures/licences-in-force",
        "/destinations",
        "/destinations/XV",
    ):
        assert expected in words(site, address), address
    assert "Not counted" not in words(site, "/figures?on=2024-09-02")
    document = site.get("/figures/licences-in-force/rows.json").json()
    assert [(x["release"], x["licences"], x["rows"]) for x in document["not_counted"]] == [
        (release, taken.licences, taken.rows)
    ]
    assert document["count"] == 2


# story: an exemption ("specific measure") is announced when and where
def test_where_an_exemption_was_announced_is_public(ground: Ground, site: Client) -> None:
    held = books()
    exemption = next(m for m in held.measures(held.size).values() if m.kind == "exemption")
    said = words(site, f"/measures/{exemption.id}")
    assert "announced on 1 July 2024 (Written statement 7 to the parliament)" in said
