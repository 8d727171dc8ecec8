"""Pages of the public site: right HTML, no script, filters and cursors in the address, odd addresses answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET  # reads what we wrote

import pytest
from django.test import Client

from penholder.entry.access import PUBLIC, access_of
from penholder.publication.books import books
from penholder.publication.web.words import status_sentence
from tests.casework import Casework, SettingsOfTest
from tests.house.test_doors import routes
from tests.publication_ground import Ground, at, public_site, visible
from tests.web.page_checks import faults


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    casework = Casework(tmp_path_factory.mktemp("public") / "home").open()
    changed = SettingsOfTest()
    yield Ground.of_story(casework, changed)
    changed.restore()
    casework.close()


@pytest.fixture
def site(ground: Ground) -> Iterator[Client]:
    with public_site() as client:
        yield client


def pages(ground: Ground) -> list[str]:
    held = books()
    licence = ground.licences["GBSIEL/2024/1"]
    return [
        "/", "/licences", f"/licences/{licence}", "/destinations", "/destinations/XV", "/decisions", "/measures",
        *(f"/measures/{m}" for m in held.measures(held.size)), "/statements", "/promises", "/concerns", "/figures",
        *(f"/statements/{s}" for s in held.statements(held.size)[0]), "/figures/licences-in-force",
        "/figures/licences-suspended?destination=XV&since=2024-06-15", "/releases", "/withheld", "/log",
        "/log/authority/0", f"/log/authority/{held.size - 1}", f"/licences/{licence}?on=2024-07-01&known=9",
    ]  # fmt: skip


def test_every_page_is_right_html_without_a_script_and_says_as_of_when_and_which_head(
    ground: Ground, site: Client
) -> None:
    for address in pages(ground):
        answer = site.get(address)
        html = answer.content.decode()
        assert (address, answer.status_code, faults(html)) == (address, 200, [])
        assert "<script" not in html, address
        assert "UNWITNESSED" in html, address
        assert re.search(r"As of \d+ \w+ 2024, by the first \d+ entries of the log", visible(html)), address
        assert not answer.cookies, address
        assert answer["Cache-Control"] == "public, max-age=60", address


def test_every_address_of_the_public_site_says_who_may_come_in(site: Client) -> None:
    found = {address: access_of(route.callback) for address, route in routes()}
    assert [a for a, access in found.items() if access is None] == []
    ours = [a for a in found if found[a].why.startswith("everything here is published")]  # type: ignore[union-attr]
    assert len(ours) > 30
    assert {found[a].permission for a in ours} == {PUBLIC}  # type: ignore[union-attr]


def test_pages_are_read_only(ground: Ground, site: Client) -> None:
    before = books().size
    for address in pages(ground)[:6]:
        site.post(address, {"on": "2024-09-02"})
    assert books().size == before


def test_filters_are_the_address(ground: Ground, site: Client) -> None:
    def listed(query: str) -> set[str]:
        html = site.get(f"/licences{query}").content.decode()
        return {n for n, one in ground.licences.items() if f"/licences/{one}" in html}

    assert listed("") == {"GBSIEL/2024/1", "GBSIEL/2024/2", "GBSIEL/2024/3"}
    assert listed("?destination=XN") == {"GBSIEL/2024/2"}
    assert listed("?rating=ML6") == {"GBSIEL/2024/1", "GBSIEL/2024/3"}
    assert listed("?rating=ML+10") == {"GBSIEL/2024/1"}
    assert listed("?standing=suspended") == {"GBSIEL/2024/1"}
    assert listed("?standing=expired") == {"GBSIEL/2024/3"}
    assert listed("?standing=suspended&on=2024-08-01") == set()
    assert listed("?known=2024-06-30") == {"GBSIEL/2024/1", "GBSIEL/2024/2"}
    assert listed("?destination=FR") == set()
    assert listed("?standing=suspended&utm_source=paper&fbclid=x") == {"GBSIEL/2024/1"}


def test_a_citation_gives_the_address_that_shows_the_same_tomorrow(ground: Ground, site: Client) -> None:
    size, day = books().size, "2024-07-01"
    for asked, wanted in (
        (
            f"/figures/licences-in-force?destination=XV&on={day}&utm_source=paper",
            f"destination=XV&on={day}&known={size}",
        ),
        (f"/destinations/XV?on={day}&known=9", f"on={day}&known=9"),
    ):
        cited = visible(site.get(asked).content.decode()).partition("UNWITNESSED; as of ")[2]
        address = re.search(r"http://\S+", cited)
        assert address
        assert address[0].replace("&amp;", "&") == f"http://testserver{asked.partition('?')[0]}?{wanted}"
        assert site.get(address[0].replace("&amp;", "&")).status_code == 200


def test_a_list_goes_on_where_its_cursor_says(
    ground: Ground, site: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("penholder.publication.web.pages.ROWS", 1)
    seen, address = [], "/licences?rating=ML6"
    while address:
        html = site.get(address).content.decode()
        seen += re.findall(r"/licences/(L-[0-9a-z]+)", html)
        following = re.search(r'href="(\?[^"]*)" rel="next"', html)
        address = f"/licences{following[1].replace('&amp;', '&')}" if following else ""
    assert [*dict.fromkeys(seen)] == [ground.licences["GBSIEL/2024/3"], ground.licences["GBSIEL/2024/1"]]


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/licences/L-nothere", 404, "There is no such thing"),
        ("/licences/%00", 400, "zero byte"),
        ("/destinations/ZZ", 404, "There is no such thing"),
        ("/measures/MO-x", 404, "There is no such thing"),
        ("/decisions/AP-x", 404, "There is no such thing"),
        ("/reviews/CC-x", 404, "There is no such thing"),
        ("/statements/SA-x", 404, "There is no such thing"),
        ("/log/authority/9999", 404, "There is no such thing"),
        ("/log/concerns/1", 404, "There is no such thing"),
        ("/releases/none", 404, "There is no such thing"),
        ("/releases/../penholder.toml/files/x", 404, "There is no such thing"),
        ("/figures/none", 404, "There is no such thing"),
        ("/licences?on=yesterday", 422, "'yesterday' is no day"),
        ("/licences?known=soon", 422, "'soon' is no day"),
        (
            "/licences?known=99999",
            422,
            "nown=99999 is more than there is: the log that is shown has [0-9]+ entries",
        ),
        ("/licences?known=2099-01-01", 422, "nown=2099-01-01 is still to come: .* until 2024-09-02"),
        (
            "/licences?status=suspended",
            422,
            "cannot be asked by 'status'.* on, known, destination, .*standing, after",
        ),
        ("/licences?standing=stopped", 422, "tanding='stopped' is none of its words.* issued, .*suspended"),
        ("/licences?destination=QQ", 422, "estination='QQ' is no place that is known here"),
        ("/decisions?outcome=lost", 422, "Give one of granted, refused"),
        ("/promises?late=yes", 422, "cannot be asked by 'late'.* on, known"),
        ("/figures/licences-in-force?destination=QQ", 422, "'QQ' is no place"),
        ("/figures/licences-in-force?colour=red", 422, "destination, rating, since, then, after"),
        ("/figures/licences-in-force/rows.csv?colour=red", 422, "cannot be asked by 'colour'"),
        ("/figures/licences-in-force?since=2025-01-01", 422, "2025-01-01 is after 2024-09-02"),
        ("/figures/licences-in-force?since=x", 422, "'x' is no day"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_page(
    ground: Ground, site: Client, address: str, status: int, said: str
) -> None:
    answer = site.get(address)
    html = answer.content.decode()
    assert answer.status_code == status
    assert re.search(said, visible(html)), visible(html)
    assert faults(html) == []


@pytest.mark.parametrize("known", ["0", "1", "2020-01-01", "2024-09-02"])
def test_any_knowledge_gives_a_page(ground: Ground, site: Client, known: str) -> None:
    for address in ("/", "/licences", "/figures/licences-in-force", "/destinations", "/promises"):
        answer = site.get(address, {"known": known})
        assert (answer.status_code, faults(answer.content.decode())) == (200, [])


def test_every_link_of_the_site_asks_for_what_its_page_can_show(ground: Ground, site: Client) -> None:
    found: set[str] = set()
    for address in [
        *pages(ground),
        "/licences?on=2024-07-01&known=9&standing=issued",
        "/decisions?outcome=granted",
    ]:
        html = site.get(address).content.decode()
        here = address.partition("?")[0]
        for link in re.findall(r'href="([/?][^"#]*)', html):
            found.add((here if link.startswith("?") else "") + link.replace("&amp;", "&"))
    asked = {a for a in found if "?" in a}
    assert len(asked) > 10
    assert {a: site.get(a).status_code for a in asked if site.get(a).status_code == 422} == {}


def test_a_day_in_the_future_is_said_to_be_one(ground: Ground, site: Client) -> None:
    for address in ("/", "/promises", "/licences", "/figures/licences-in-force", "/destinations/XV"):
        said = visible(site.get(f"{address}?on=2030-01-01").content.decode())
        assert "This day is in the future: what is recorded until now is counted to 1 January 2030" in said, said
        assert "in the future" not in visible(site.get(f"{address}?on=2024-09-02").content.decode())


def test_how_to_verify_says_where_the_folder_and_the_program_come_from(ground: Ground, site: Client) -> None:
    html = site.get("/log").content.decode()
    said = visible(html)
    assert f"under its name: log of the authority: {books().heads['authority'].origin}" in said, said
    assert "This site holds no copy of the folder" in said
    assert "pip install penholder-VERSION.whl" in said
    assert faults(html) == []


def test_the_feed_is_xml_whose_ids_stay(ground: Ground, site: Client) -> None:
    root = ET.fromstring(site.get("/feed.atom").content)  # noqa: S314 - ours
    space = "{http://www.w3.org/2005/Atom}"
    ids = [e.findtext(f"{space}id") for e in root.findall(f"{space}entry")]
    assert ids[0] == f"tag:{books().heads['authority'].origin}:{books().newest(most=1)[0].number}"
    assert len(set(ids)) == len(ids) > 5
    titles = [e.findtext(f"{space}title") or "" for e in root.findall(f"{space}entry")]
    assert any("Moratorium set from 20 August 2024 on XV" in t for t in titles)


def test_downloads_of_a_figure_are_addresses_without_an_empty_question(site: Client) -> None:
    html = site.get("/figures/licences-in-force").content.decode()
    assert 'href="/figures/licences-in-force/rows.csv"' in html
    html = site.get("/figures/licences-in-force?destination=XV").content.decode()
    assert 'href="/figures/licences-in-force/rows.csv?destination=XV"' in html


def test_the_api_gives_the_same_as_the_pages(ground: Ground, site: Client) -> None:
    licence = ground.licences["GBSIEL/2024/1"]
    said = site.get(f"/api/v1/published/licences/{licence}").json()
    assert [(x["line"], x["status"]) for x in said["lines"]] == [(1, "issued"), (2, "suspended")]
    assert said["lines"][0]["goods"]["destination"] == "XV"
    assert said["logs"]["authority"]["witnessed"] is False
    assert {w["name"] for w in said["entries"][0]["withheld"]} == {"reference", "gates", "gate_reasons", "actor"}
    figure = site.get("/api/v1/published/figures/licences-in-force?destination=XV").json()
    assert (figure["count"], figure["suspended"], len(figure["rows"])) == (1, 1, 1)
    assert [x["licence"] for x in site.get("/api/v1/published/licences").json()["items"]] == sorted(
        ground.licences.values()
    )
    newest = site.get("/api/v1/published/entries").json()["items"]
    assert newest[0]["number"] > newest[-1]["number"]
    assert site.post("/api/v1/published/licences").status_code in {405, 403}


def test_before_anything_is_loaded_the_site_says_so(ground: Ground, site: Client, tmp_path: Path) -> None:
    file = ground.home / "published.sqlite3"
    file.rename(tmp_path / "away")
    try:
        answer = site.get("/")
        assert (answer.status_code, "nothing has been loaded yet" in answer.content.decode()) == (503, False)
        assert faults(answer.content.decode()) == []
    finally:
        (tmp_path / "away").rename(file)


def test_a_capability_can_put_something_below_a_licence(
    ground: Ground, site: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.apps import apps

    monkeypatch.setattr(apps.get_app_config("publication"), "beside_things", f"{__name__}.beside", raising=False)
    html = site.get(f"/licences/{ground.licences['GBSIEL/2024/1']}").content.decode()
    assert html.count('class="ph-apart"') == 1
    assert "ph-apart" not in site.get("/licences").content.decode()


def beside(_request: object, kind: str, name: str) -> dict[str, object] | None:
    """What a debate would put there."""
    return {"template": "shell/notices.html"} if (kind, bool(name)) == ("licence", True) else None


def test_the_sentence_of_a_licence_names_the_lines_of_each_status(ground: Ground) -> None:
    from penholder.publication.fold import shown

    held = books().licences(books().size)[ground.licences["GBSIEL/2024/1"]]
    lines = tuple(s for line in held.lines if (s := shown(line, date(2024, 9, 2))))
    assert status_sentence(lines) == "Line 1 is in force and line 2 is suspended."
    assert status_sentence(lines[:1]) == "The only line is in force."
    assert status_sentence(()) == "It was not issued by that day."
    at(date(2024, 9, 2))
