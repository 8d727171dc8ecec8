"""The shadow register over the sample: every page, its twin in JSON, its rows; nothing can be sent, or is kept."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from penholder.analysis.releases.catalogue import read_catalogue
from tests.shadow_ground import PAGES, shadow_process, shadow_site
from tests.web.page_checks import faults, read_page

pytestmark = pytest.mark.slow  # pages and long runs: `make check`


@pytest.fixture(scope="module")
def site(sample_folder: Path) -> Iterator[Any]:
    lines = [r.id for r in read_catalogue(sample_folder).holding("lines")]
    sides = (f"{sample_folder}@{lines[0]}", f"{sample_folder}@{lines[-1]}")
    with shadow_site(sample_folder, releases=sides) as client:
        yield client


def page(site: Any, address: str) -> str:
    answer = site.get(address)
    assert answer.status_code == 200, (address, answer.content[:300])
    return str(answer.content.decode())


def document(site: Any, address: str) -> dict[str, Any]:
    path, _, query = address.partition("?")
    return dict(json.loads(page(site, f"{path if path != '/' else '/index'}.json?{query}")))


def words_of(text: str) -> str:
    main = next(e for e in read_page(text)[0] if e.name == "main")
    return " ".join(main.text.split())


def licence(site: Any) -> str:
    first = document(site, "/destinations/XA")["licences"][0]
    return f"/licences/{first['series']}/{first['licence']}"


def test_every_page_is_sound_and_has_a_twin_in_json(site: Any) -> None:
    for address in (*PAGES.values(), licence(site)):
        text = page(site, address)
        assert faults(text) == [], address
        assert "<script" not in text
        found = document(site, address)
        assert {"as_of", "known", "data", "attribution", "releases"} <= found.keys()
        twin = re.search(r'rel="alternate" type="application/json" href="([^"]+)"', text)
        assert twin
        assert site.get(twin[1].replace("&amp;", "&")).status_code == 200


def test_every_link_of_every_page_leads_somewhere(site: Any) -> None:
    found = set()
    for address in (*PAGES.values(), licence(site)):
        base = address.partition("?")[0]
        for e in read_page(page(site, address))[0]:
            href = e.attributes.get("href", "").partition("#")[0].replace("http://testserver", "")
            if e.name == "a" and href and not href.startswith("http"):
                found.add(base + href if href.startswith("?") else href)
    assert len(found) > 150
    assert [a for a in sorted(found) if site.get(a).status_code != 200] == []


def test_every_number_leads_to_as_many_rows(site: Any) -> None:
    for address in ("decided?destination=XA", "decided?rating=ML10*", "in-force?on=2020-06-30"):
        found = document(site, f"/figures/{address}")
        assert found["rows_in_all"] == found["amount"] == found["licences"]
        assert sum(bar["total"] for bar in found["over_time"]) >= 0
        seen, after = list(found["rows"]), found["next"]
        while after:
            more = document(site, f"/figures/{address}&after={after}")
            seen, after = seen + more["rows"], more["next"]
        assert len({(r["series"], r["licence"]) for r in seen}) == found["amount"]
        assert sum(r["lines"] for r in seen) == found["lines"]


def test_the_numbers_of_the_destinations_lead_to_figures_that_say_the_same(site: Any) -> None:
    for place in document(site, "/destinations")["destinations"][:2]:
        for outcome, number in place["by_outcome"].items():
            address = f"/figures/decided?destination={place['place']}&outcome={outcome}"
            assert address.replace("&", "&amp;") in page(site, "/destinations")
            assert document(site, address)["amount"] == number
    values = [
        sum(map(float, p["value"].values())) for p in document(site, "/destinations?sort=value")["destinations"]
    ]
    assert values == sorted(values, reverse=True)
    assert site.get("/destinations?sort=colour").status_code == 422


def test_the_suspended_licences_of_a_figure_stand_by_themselves(site: Any) -> None:
    found = document(site, "/figures/in-force?on=2020-06-30")
    assert found["suspended"] > 0
    said = words_of(page(site, "/figures/in-force?on=2020-06-30"))
    assert f"of {found['suspended']} licences" in said
    assert "Decisions before" in " ".join(found["not_known"])


def test_the_download_is_the_lines_behind_the_figure_and_says_how_to_cite_it(site: Any) -> None:
    found = document(site, "/figures/decided?destination=XA")
    answer = site.get("/figures/decided/rows.csv?destination=XA")
    text = answer.content.decode()
    head = [line for line in text.splitlines() if line.startswith("# ")]
    rows = list(csv.DictReader(io.StringIO("\n".join(t for t in text.splitlines() if not t.startswith("# ")))))
    assert f"# title: {found['sentence']}" in head
    assert any(found["data"] in line for line in head)
    assert len(rows) == found["lines"]
    assert {row["destination"] for row in rows} == {"XA"}
    whole = json.loads(site.get("/figures/decided/rows.json?destination=XA").content)
    assert len(whole["rows"]) == found["lines"]
    assert whole["citation"]["predicate"] == found["sentence"]


def test_the_address_that_is_cited_gives_the_same_figure(site: Any) -> None:
    text = page(site, PAGES["in force"])
    cited = re.search(r'<a class="govuk-link" href="http://testserver([^"]+known=[^"]+)"', text)
    assert cited
    assert "on=2020-06-30" in cited[1]
    again = page(site, cited[1].replace("&amp;", "&"))
    title = re.compile(r"<h1[^>]*>([^<]+)</h1>")
    assert title.findall(again) == title.findall(text)
    assert title.findall(text)[0].startswith("Licences in force for Ardenia on 30 June 2020: ")


def test_what_is_not_known_is_said_and_never_an_empty_cell(site: Any) -> None:
    said = words_of(page(site, licence(site)))
    assert "Exporter not known: not in these data" in said
    assert "Used so far not known: not in these data" in said
    cells = [e for e in read_page(page(site, PAGES["destination"]))[0] if e.name in {"td", "dd"}]
    assert [e.attributes for e in cells if not e.text.strip()] == []
    assert "Licensed is not delivered" in words_of(page(site, "/"))


def test_a_licence_is_shown_as_on_a_day(site: Any) -> None:
    address = licence(site)
    day = document(site, address)["licence"]["decided_on"]
    before = str(int(day[:4]) - 1) + day[4:]
    assert "not decided yet" in words_of(page(site, f"{address}?on={before}"))
    assert "in force" in words_of(page(site, f"{address}?on={day}"))


def test_the_figures_of_a_stocktake_lead_to_their_rows(site: Any) -> None:
    found = document(site, PAGES["stocktake"])
    for use, number in found["use"].items():
        assert document(site, f"{PAGES['stocktake']}&use={use}")["rows_in_all"] == number
    assert sum(found["use"].values()) == found["lines"]
    report = site.get("/stocktakes/northern-campaign/report.html?on=2020-06-30")
    assert report["Content-Disposition"].startswith("attachment")
    assert b"Air campaign over Corvale" in report.content


def test_only_get_is_answered_and_no_cookie_is_set(site: Any) -> None:
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(site, method)("/figures")
        assert answer.status_code == 405
        assert b"read-only" in answer.content
    for address in PAGES.values():
        answer = site.get(address)
        assert not answer.cookies
        assert "script-src" not in answer["Content-Security-Policy"]
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nothing", 404),
        ("/destinations/Nowhere", 404),
        ("/licences/sample/nothing", 404),
        ("/stocktakes/nothing", 404),
        ("/figures/nothing", 404),
        ("/changes?a=/etc/passwd&b=/etc/hosts", 404),
        ("/figures/decided?destination=Nowhere", 422),
        ("/figures/decided?from=yesterday", 422),
        ("/figures/decided?after=1", 422),
        ("/?known=1990-01-01", 404),
        ("/search?q=" + "x" * 101, 422),
        ("/stocktakes/northern-campaign?scope=all", 422),
        ("/search?q=a%00b", 400),
    ],
)
def test_an_address_that_means_nothing_is_answered_in_words(site: Any, address: str, status: int) -> None:
    answer = site.get(address)
    assert answer.status_code == status
    assert faults(answer.content.decode()) == []
    path, _, query = address.partition("?")
    twin = site.get(f"{path if path != '/' else '/index'}.json?{query}")
    assert twin.status_code == status
    assert json.loads(twin.content)["status"] == status


def test_what_is_written_by_others_is_never_markup(site: Any) -> None:
    text = page(site, "/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in text


def _hashes(folder: Path) -> dict[str, str]:
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_the_command_serves_without_a_home_and_writes_nothing(sample_folder: Path) -> None:
    before = _hashes(sample_folder)
    with shadow_process(sample_folder) as address:
        for path in PAGES.values():
            with urllib.request.urlopen(address + path) as answer:  # noqa: S310 - ours
                assert answer.status == 200
                assert "Set-Cookie" not in answer.headers
        with urllib.request.urlopen(f"{address}/static/penholder/shadow.css") as answer:  # noqa: S310 - ours
            assert answer.status == 200
        asked = urllib.request.Request(f"{address}/", method="POST", data=b"x")  # noqa: S310 - ours
        with pytest.raises(urllib.error.HTTPError, match="405"):
            urllib.request.urlopen(asked)  # noqa: S310 - ours
    assert _hashes(sample_folder) == before
