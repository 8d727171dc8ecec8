"""The pages of evidence: every number leads to its rows, both sides, forms, files, the past."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from penholder.evidence import actions
from penholder.evidence.models import Finding, Incident
from penholder.evidence.values import Axis
from tests import people_ground, register_ground
from tests.evidence_ground import PARTY, TABLE, act, enter, find, scope, source
from tests.web.page_checks import faults, read_page
from tests.web.pages_ground import TODAY, Ground
from tests.web.test_register_pages import buttons, day, filled, rows, words

pytestmark = pytest.mark.slow  # pages and long runs: `make check`


class EvidenceGround(Ground):
    """The shared people and an analyst and a desk officer; with three events, of which one is told of twice."""

    incidents: dict[str, str]

    def make_evidence(self) -> EvidenceGround:
        """By the acts."""
        self.settings.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
        make = self.incidents = {}
        monitors, radio = source(), source("Radio Tarsis")
        make["source"] = monitors
        make["hospital"] = enter(monitors)
        make["again"] = enter(radio, place_name="Talin", happened="2024-05-03")
        make["market"] = enter(
            monitors,
            happened="2024-06",
            received_on=date(2024, 7, 2),
            object_class="commercial_property",
            place_name="",
        )
        make["school"] = enter(
            radio,
            happened="2024-06-11",
            received_on=date(2024, 7, 2),
            object_class="school",
            place_name="Ost",
            actors=(),
        )
        act(actions.join_incidents, make["again"], same_as=make["hospital"], reason="Same hour, same building.")
        for name in ("hospital", "market"):
            scope(make[name])
        for axis, value in (
            (Axis.OCCURRENCE, "established"),
            (Axis.ATTRIBUTION, "likely"),
            (Axis.LEGAL, "possible"),
        ):
            find(make["hospital"], axis, value)
        find(make["market"], Axis.LEGAL, "insufficient")
        self.settings.set("PENHOLDER_AUTHORITY", "penholder.people.authority.RoleTable")
        return self


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EvidenceGround]:
    ground = EvidenceGround.copied(tmp_path_factory.mktemp("evidence") / "home")
    assert isinstance(ground, EvidenceGround)
    register_ground.at(date(2024, 11, 1))
    for name, role in (("analyst-1", "evidence_analyst"), ("desk-1", "penholder")):
        ground.people[name] = people_ground.invited(name, role)
    register_ground.at(TODAY)
    yield ground.make_evidence()
    ground.close()


@pytest.fixture
def ground(made: EvidenceGround) -> EvidenceGround:
    """For tests that only read."""
    made.use()
    return made


@pytest.fixture
def fresh(made: EvidenceGround, tmp_path: Path) -> Iterator[EvidenceGround]:
    """The same, for a test that changes it."""
    made.use()
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    other = EvidenceGround(tmp_path / "home", empty=False)
    shutil.copytree(made.casework.home, tmp_path / "home", dirs_exist_ok=True)
    other.people, other.firms, other.incidents = made.people, made.firms, made.incidents
    other.use()
    yield other
    other.close()


def page(ground: Ground, name: str, address: str, *, status: int = 200) -> str:
    """What a person sees at an address; checked for faults."""
    answer = ground.browser(name).get(address)
    html = str(answer.content.decode())
    assert (answer.status_code, faults(html)) == (status, [])
    return html


def figures(html: str) -> dict[str, tuple[int, str]]:
    """Words -> number, and the address of its rows."""
    found = re.findall(
        r'ph-counts__number" href="([^"]*)">(\d+)<span class="govuk-visually-hidden"> ([^<]*)<', html
    )
    return {said: (int(number), href.replace("&amp;", "&")) for href, number, said in found}


def test_every_number_leads_to_its_rows(ground: EvidenceGround) -> None:
    html = page(ground, "analyst-1", "/evidence")
    found = figures(html)
    assert {said: n for said, (n, _) in found.items()} == {
        "received": 3,
        "in scope": 2,
        "attributed": 1,
        "possible breach": 1,
        "unlikely to be a breach": 0,
        "not enough is held to say": 1,
        "legal evaluation: nobody has looked yet": 0,
        "scope not said yet": 1,
        "out of scope": 0,
    }
    for number, href in found.values():
        listed = page(ground, "analyst-1", f"/evidence{href}")
        shown = rows(listed, "Reports</caption>") if "<table" in listed and "Reports</caption>" in listed else []
        assert len(shown) == number, href


def test_the_list_says_that_reports_are_not_events(ground: EvidenceGround) -> None:
    html = page(ground, "analyst-1", "/evidence")
    assert "4 reports tell of 3 events." in words(html)
    assert len(rows(html, "Reports</caption>")) == 4
    assert buttons(html)[:2] == ["Enter a report", "Take in a file"]
    assert 'aria-label="May 2024: 1 possible breach"' in html
    table = rows(html, "Legal evaluation by month")
    assert table == [
        ["May 2024", "1", "0", "0", "0", "0 of 1"],
        ["June 2024", "0", "0", "1", "0", "1 of 1"],
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"party={PARTY.replace(' ', '+')}&events=on", 2),
        ("party=nobody", 0),
        ("legal=possible", 1),
        ("legal=not_looked_at&events=on", 1),
        ("scope=not_set&events=on", 1),
        ("attributed=on", 1),
        ("object_class=school", 1),
        ("start=2024-06-01", 2),
        ("end=31+May+2024", 2),
        ("text=ost", 1),
        ("place=xv", 4),
        ("means=air_strike", 4),
        ("known=2024-11-21", 0),
    ],
)
def test_filters_are_the_address(ground: EvidenceGround, query: str, found: int) -> None:
    html = page(ground, "desk-1", f"/evidence?{query}")
    assert len(rows(html, "Reports</caption>") if "Reports</caption>" in html else []) == found
    if not found:
        assert "No report fits all of these filters" in html


def test_the_four_findings_stand_side_by_side(ground: EvidenceGround) -> None:
    html = page(ground, "desk-1", f"/evidence/{ground.incidents['hospital']}")
    elements, _ = read_page(html)
    asides = [" ".join(e.text.split()) for e in elements if e.attributes.get("class") == "ph-four__one"]
    assert len(asides) == 4
    assert asides[0].startswith("Occurrence Did it happen, as reported? Establishedmoderate confidence; version 1")
    assert f"to {PARTY}" in asides[1]
    assert asides[2].startswith(
        "Legal evaluation Would it be a breach of international humanitarian law? Possible"
    )
    assert "not known: nobody has looked yet" in asides[3].lower()


def test_the_other_side_has_the_same_room(ground: EvidenceGround) -> None:
    said = words(page(ground, "desk-1", f"/evidence/{ground.incidents['hospital']}"))
    for part in ("The party's own explanation", "What can speak for the party", "Gaps", "History"):
        assert part in said
    assert "was the object put to military use? Was there a warning?" in said
    form = words(page(ground, "desk-1", f"/evidence/{ground.incidents['hospital']}/findings/legal"))
    assert "Both sides" in form
    assert "no explanation of the party is recorded" in form


def test_an_event_shows_its_reports_and_independent_origins(ground: EvidenceGround) -> None:
    said = words(page(ground, "desk-1", f"/evidence/{ground.incidents['hospital']}"))
    assert "2 reports tell, resting on 2 independent origins" in said
    other = words(page(ground, "desk-1", f"/evidence/{ground.incidents['again']}"))
    assert "Another report stands for the event" in other
    assert "Why this report was joined: Same hour, same building." in other


@pytest.mark.parametrize(
    "address",
    ["", "/sources", "/sources/new", "/imports", "/imports/new", "/new", "/{hospital}/scope",
     "/{hospital}/findings/legal", "/{hospital}/findings/attribution", "/{hospital}/explanations/new",
     "/{hospital}/facts/new", "/{hospital}/gaps/new", "/{hospital}/grade/credibility", "/{hospital}/origin",
     "/{school}/join", "/{again}/separate", "/{school}"],
)  # fmt: skip
def test_every_page_is_whole(ground: EvidenceGround, address: str) -> None:
    page(ground, "analyst-1", f"/evidence{address.format(**ground.incidents)}")


@pytest.mark.parametrize("name", ["exporter-1", "customs-1", "newcomer-1", "administrator-1"])
def test_for_others_there_is_nothing(ground: EvidenceGround, name: str) -> None:
    one = ground.incidents["hospital"]
    for address in ("", "/sources", "/imports", f"/{one}"):
        page(ground, name, f"/evidence{address}", status=404)
    assert 'href="/evidence"' not in page(ground, name, "/")


def test_what_was_not_known_then_is_said(ground: EvidenceGround) -> None:
    one = ground.incidents["hospital"]
    assert "Our books did not hold this report" in page(ground, "desk-1", f"/evidence/{one}?known=2024-11-21")
    assert "As our books held it" in page(ground, "desk-1", f"/evidence/{one}?known=2024-11-22+10:30")


def test_a_report_is_entered_by_form(fresh: EvidenceGround) -> None:
    browser = fresh.browser("analyst-1")
    typed: dict[str, Any] = {
        "source": fresh.incidents["source"], "happened": "2024-07", "place": "XV", "place_precision": "district",
        "admin2": "Tarn", "actors": f"{PARTY}, Local group", "means": ["air_strike", "ground"],
        "object_class": "water", "reliability": "C", "reliability_reason": "Its reports of May held.",
        "credibility": "3", "credibility_reason": "One witness account.", "killed_civilian_least": "2",
        "killed_civilian_most": "3", "killed_civilian_source": "", **day("received_on", 2024, 8, 1),
    }  # fmt: skip
    sent = filled(browser, "/evidence/new", **typed)
    answer = browser.post("/evidence/new", sent)
    assert answer.status_code == 422
    assert "needs a source of its own" in answer.content.decode()
    answer = browser.post("/evidence/new", {**sent, "killed_civilian_source": fresh.incidents["source"]})
    assert answer.status_code == 303
    row = Incident.objects.get(object_class="water")
    assert answer["Location"] == f"/evidence/{row.public_id}"
    said = words(page(fresh, "analyst-1", f"/evidence/{row.public_id}"))
    assert "2 to 3 civilians killed" in said
    assert "1 July 2024 to 31 July 2024" in said


def test_a_finding_is_recorded_by_form_and_a_change_needs_a_reason(fresh: EvidenceGround) -> None:
    browser = fresh.browser("desk-1")
    address = f"/evidence/{fresh.incidents['market']}/findings/seriousness"
    given = {"value": "insufficient", "confidence": "low", "grounds": "Nothing is known of what lay there."}
    assert browser.post(address, filled(browser, address, **given)).status_code == 303
    again = filled(browser, address, **given | {"value": "serious"})
    answer = browser.post(address, again)
    assert answer.status_code == 422
    assert "is needed where an earlier finding is changed" in answer.content.decode()
    assert browser.post(address, {**again, "reason": "A list of the dead came in."}).status_code == 303
    found = Finding.objects.filter(incident__public_id=fresh.incidents["market"], axis="seriousness")
    assert list(found.order_by("number").values_list("value", flat=True)) == ["insufficient", "serious"]


def upload(browser: Any, text: str, name: str = "incidents.csv") -> Any:
    form = filled(browser, "/evidence/imports/new", layout="penholder")
    file = io.BytesIO(text.encode())
    file.name = name
    return browser.post("/evidence/imports/new", {**form, "file": file})


def test_a_file_is_read_and_counted_before_it_is_taken_in(fresh: EvidenceGround) -> None:
    browser = fresh.browser("analyst-1")
    before = Incident.objects.count()
    answer = upload(browser, TABLE)
    assert answer.status_code == 303
    preview = page(fresh, "analyst-1", answer["Location"])
    assert "5 rows read = 3 that can be taken in + 2 kept out." in words(preview)
    assert rows(preview, "Kept out, by reason") == [["not a date", "1"], ["repeated id", "1"]]
    assert Incident.objects.count() == before
    given = {
        "source": fresh.incidents["source"], "layout": "penholder", "reliability": "C", "credibility": "3",
        "reliability_reason": "It was borne out before.", "credibility_reason": "As the list says it.",
        **day("received_on", 2024, 11, 20),
    }  # fmt: skip
    done = browser.post(answer["Location"].partition("?")[0], filled(browser, answer["Location"], **given))
    assert done.status_code == 303
    said = words(page(fresh, "analyst-1", done["Location"]))
    assert "5 rows read = 3 taken in + 2 kept out." in said
    listed = page(fresh, "analyst-1", f"/evidence?imported={done['Location'].rpartition('/')[2]}")
    assert len(rows(listed, "Reports</caption>")) == 3
    assert "Came with the file: Monitors of Tarsis, received 20 November 2024 " in words(listed)
    assert "Came with the file: IR-nothere" in words(page(fresh, "analyst-1", "/evidence?imported=IR-nothere"))


def test_a_file_with_names_is_refused_on_the_page_with_what_to_do(ground: EvidenceGround) -> None:
    answer = upload(
        ground.browser("analyst-1"), "incident,starts_on,place,victim name\n1,2024-05-01,XV,somebody\n"
    )
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (422, [])
    assert "the file has columns about persons: victim name" in html
    assert "delete these columns and send the file again" in html
    assert "somebody" not in html
    page(ground, "analyst-1", f"/evidence/imports/new/IR-{'0' * 26}.{'0' * 64}", status=404)
    other = upload(ground.browser("analyst-1"), TABLE, name="incidents.exe")
    assert other.status_code == 422


def test_the_api_reads_counts_and_takes_files(ground: EvidenceGround) -> None:
    browser = ground.browser("desk-1")
    counted = browser.get("/api/v1/evidence/counts", {"party": PARTY, "end": "2024-06-30"}).json()
    assert (counted["received"], counted["possible"], counted["insufficient"]) == (2, 1, 1)
    one = browser.get(f"/api/v1/evidence/incidents/{ground.incidents['hospital']}").json()
    assert one["findings"]["legal"][0]["value"] == "possible"
    assert browser.get("/api/v1/evidence/incidents", {"legal": "possible"}).json()["items"][0]["id"] == one["id"]
    assert (
        browser.get(f"/api/v1/evidence/incidents/{one['id']}/timeline").json()[0]["event"]
        == "evidence.IncidentEntered"
    )
    assert ground.browser("exporter-1").get("/api/v1/evidence/counts").status_code == 404
