"""Story, parts 8 and 9, as the conductor plays them on three sites: what everybody sees on the public one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from penholder.cli.story.conduct import Conducted
from penholder.publication.releases import files
from tests.publication_ground import visible
from tests.stories.conducted import looked_at, told_to, whole_story
from tests.stories.told import day
from tests.web.page_checks import faults

pytestmark = pytest.mark.slow  # pages and long runs: `make check`


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Conducted:
    return whole_story(tmp_path_factory)


def pages(made: Conducted, *addresses: str) -> list[str]:
    """Their words, in order."""
    found = looked_at(made, "public", addresses)
    assert {a: f for a in addresses if (f := faults(found[a]))} == {}
    return [visible(found[a]) for a in addresses]


def release(made: Conducted, number: int) -> Path:
    return Path(json.loads(made.results[f"release_{number}"])["folder"])


# story: The public site is a projection of ledger events through `public_view` and a dated disclosure policy
def test_each_thing_of_the_story_has_its_page_on_the_public_site(made: Conducted) -> None:
    r = made.results
    addresses = {
        "licence": f"/licences/{r['pumps_licence']}",
        "exemption": f"/measures/{r['exemption']['id']}",
        "moratorium": f"/measures/{r['moratorium']}",
        "statement": f"/statements/{r['statement']['id']}",
        "decision": f"/decisions/{r['pumps']['case']}",
        "review": f"/reviews/{r['change']['id']}",
        "place": "/destinations/XV",
    }
    found = looked_at(made, "public", addresses.values())
    said = {name: visible(found[address]) for name, address in addresses.items()}
    for name, words in {
        "licence": "Line 1 is in force and line 2 is suspended.",
        "exemption": "announced on 3 August 2024 (Written statement 114 to the parliament of Ardenia)",
        "moratorium": "nothing for Velmora (XV) that matches is granted, amended or reinstated",
        "statement": "All licences are in line with the criteria.",
        "decision": "It goes against the advice of the lead department.",
        "review": "4 lines of 3 licences",
        "place": "On hostilities a hospital was hit; on detainees the information did not suffice.",
    }.items():
        assert words in said[name], name
    assert "Lines in force that it matches, day by day" in said["exemption"]
    assert f"{r['pumps_licence']}:2" not in said["exemption"]
    assert "due 16 October 2024, 39 days late" in said["statement"]
    assert said["place"].count("due 16 October 2024, 39 days late") == 1
    for linked in ("exemption", "moratorium", "decision"):
        assert f'href="{addresses[linked]}"' in found[addresses["licence"]], linked


# story: nothing is a dead end: every link of the public site leads somewhere, and every page is right HTML
def test_every_link_of_the_public_site_leads_somewhere(made: Conducted) -> None:
    found = looked_at(made, "public")
    assert {a.split("?")[0].split("/")[1] for a in found} >= {
        "licences", "decisions", "destinations", "figures", "measures", "reviews", "statements", "promises",
        "concerns", "releases", "withheld", "log", "debate", "feed.atom",
    }  # fmt: skip
    assert {address: wrong for address, html in found.items() if html and (wrong := faults(html))} == {}
    assert [a for a, html in found.items() if "deserve what they get" in html or "@ardenia.invalid" in html] == []


# story: pages and releases say UNWITNESSED until the configured number of outside witnesses has signed
def test_one_signature_of_two_is_said_to_be_too_few(made: Conducted) -> None:
    said = "UNWITNESSED: 1 of 2 outside witnesses have signed the head of "
    first, log = pages(made, "/", "/log")
    assert said in first
    assert said in log
    assert "UNWITNESSED: the policy asks for 2 outside witnesses, 1 signed (library)" in made.results["published"]
    assert "UNWITNESSED: the policy of the log asks for 2, 1 signed" in made.results["loaded"]
    assert re.search(r"rests on: +ledger.ardenia.invalid/log, \d+ entries, UNWITNESSED", made.results["verified"])


# story: figures as at any day with rows behind each number
def test_a_figure_is_corrected_for_the_day_of_the_first_release_and_says_so(made: Conducted) -> None:
    address = f"/figures/licences-in-force?on={day(-25)}"
    known_then = f"{address}&known={day(-25)}"
    now, then = pages(made, address, known_then)
    counts = [int(m[1]) for said in (then, now) if (m := re.search(r": (\d+), of them \d+ suspended", said))]
    assert counts[0] == counts[1] + 1
    assert "later entries are left out" in then
    (moved,) = pages(made, f"/figures/licences-in-force?on={day(-19)}&since={day(-25)}&then={day(-25)}")
    assert "Corrected: it was so on the first day already, and was not known" in moved


# story: Two releases (SQLite, Parquet, CSV, JSON Lines, checkpoint) with a change list that gives a reason for
# each changed cell
def test_each_changed_cell_of_the_second_release_has_its_reason(made: Conducted) -> None:
    rows = files.read_lines(release(made, 2), files.CHANGES)
    assert len(rows) > 10
    assert {r["reason"] for r in rows} == {"entry", "correction"}
    cells = {(r["table"], r["key"], r["column"]): (r["old"], r["new"], r["reason"]) for r in rows}
    surrendered = made.results["civil_licence"]["licence"]
    assert cells["lines", f"{surrendered};1", "status"] == ("issued", "surrendered", "correction")
    assert cells["destinations", "XT", "licences_in_force"] == ("1", "0", "correction")
    told = told_to(made, "public", "release", "changes", str(release(made, 2)), "--table", "lines")
    assert re.search(rf"lines {surrendered};1 status: issued -> surrendered \(correction [\d;]+\)", told)
    (seen,) = pages(made, f"/releases/{release(made, 2).name}/changes?table=lines")
    assert f"lines {surrendered};1 status in force surrendered correction" in seen
    for number in (1, 2):
        assert {p.name for p in release(made, number).iterdir()} >= {
            "release.sqlite3", "lines.parquet", "lines.csv", "lines.jsonl", "catalogue.json", "catalogue.note",
        }  # fmt: skip
        for log in ("authority", "concerns"):
            assert (release(made, number) / "sources" / log / "checkpoint").is_file()


# story: `penholder verify` checks them offline
def test_both_releases_verify_without_a_home_and_the_log_announces_their_hashes(
    made: Conducted,
) -> None:
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("PENHOLDER", "DJANGO"))}
    key = str(made.home("public") / "verifier-key")
    for number in (1, 2):
        asked = [sys.executable, "-m", "penholder.cli.main", "verify", str(release(made, number)), "--key", key]
        done = subprocess.run(asked, capture_output=True, text=True, check=False, env=environment, cwd=made.root)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "INTACT"), done.stderr
    said = made.results["verified"]
    assert "the same in CSV, JSON Lines, Parquet and SQLite" in said
    assert "they give this release, cell by cell" in said
    published = "".join(p.read_bytes().decode(errors="replace") for p in _entries(made))
    for number in (1, 2):
        assert json.loads(made.results[f"release_{number}"])["sha256"] in published


def _entries(made: Conducted) -> Iterable[Path]:
    folder = made.home("public") / "published" / "tile" / "entries"
    return (p for p in folder.rglob("*") if p.is_file())


# story: concerns in aggregate
def test_the_concern_is_counted_and_nothing_of_it_is_shown(made: Conducted) -> None:
    concern = made.results["concern"]["concern"]
    said = pages(made, "/concerns", "/log", "/", "/withheld")
    assert "fewer than 5" in said[0] or "not shown" in said[0]
    assert [s for s in said if concern in s] == []
    held = [p for p in made.home("public").rglob("*") if p.is_file() and p.name != "published.sqlite3"]
    assert [p.name for p in held if concern.encode() in p.read_bytes() and "releases" in p.parts] == []


# story: it never opens the authority's database
def test_the_public_site_holds_no_field_that_the_authority_does_not_publish(made: Conducted) -> None:
    secrets = ("Orrin Works", "Halden Instruments", "48000", "48,000.00", "XASIEL/1003", "@ardenia.invalid")
    held = [p for p in made.home("public").rglob("*") if p.is_file()]
    assert len(held) > 60
    assert [(p.name, s) for p in held for s in secrets if s.encode() in p.read_bytes()] == []


# story: a member with a verified address and an active membership comments on the licence's page
def test_the_debate_stands_below_the_licence_restored_comment_reply_and_tombstones(made: Conducted) -> None:
    (html,) = looked_at(made, "public", [f"/licences/{made.results['pumps_licence']}"]).values()
    below = visible(re.findall(r'<section class="ph-apart">(.*?)</section>', html, re.DOTALL)[0])
    assert "Harbour Reader" in below
    assert "Whoever signed that should be ashamed" in below
    assert "The exemption names its limb and its review day." in below
    assert "deserve what they get" not in html
    assert "I say it again" not in html
    assert below.count("No hatred") == 2


# story: the public moderation report counts all of it
def test_the_public_report_of_the_story_counts_all_of_it(made: Conducted) -> None:
    found = looked_at(made, "public", ["/debate/report.csv", "/debate/measures"])
    rows = [line.split(",")[2:] for line in found["/debate/report.csv"].splitlines()[1:]]
    figures = {(name, rule): number for name, rule, number in rows}
    counted = {name: figures[name, ""] for name, rule in figures if not rule}
    expected = {
        "posted": "4", "reported": "2", "remove": "3", "ban": "1", "appealed": "2", "granted": "1",
        "appeals_open": "1", "decided_by_machine": "0",
    }  # fmt: skip
    assert {name: counted[name] for name in expected} == expected
    assert (figures["remove", "hatred"], figures["remove", "respect"], figures["ban", "hatred"]) == ("2", "1", "1")


# story: a second offender is banned for good by two moderators and stays banned under a new address
def test_tables_and_ledger_of_the_public_site_agree(made: Conducted) -> None:
    assert told_to(made, "public", "fsck").splitlines()[-1] == "all agrees"
    shown = [line for line in told_to(made, "public", "publication", "status").splitlines() if line[0] != " "]
    assert [line.partition(",")[0] for line in shown] == [
        "authority: ledger.ardenia.invalid/log",
        "concerns: concerns.ardenia.invalid/log",
    ]


def test_the_form_of_concerns_lists_what_was_decided_while_one_was_open(made: Conducted) -> None:
    form = looked_at(made, "concerns", ["/raise"])["/raise"]
    assert f'value="{made.results["valves_refusal"]["added"]}"' in form
