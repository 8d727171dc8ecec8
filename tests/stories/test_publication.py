"""Story, part 8: the public site shows what is published, says what is withheld, and gives it all as files."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from penholder.actions.action import perform
from penholder.actions.values import SYSTEM
from penholder.custody.actions import announce_policy
from penholder.custody.publish import publish
from penholder.ledger.keyring import Keyring
from penholder.ledger.note import COSIGNATURE_V1, Signer
from penholder.ledger.policy import policy_text
from penholder.ledger.verify_receipt import verify_receipt
from penholder.ledger.witness import cosign_head
from penholder.publication.books import books
from penholder.publication.build import Built, build, check_hidden
from penholder.publication.disclosure import disclosure
from penholder.publication.errors import ProjectionError, ReleaseError
from penholder.publication.load import load
from penholder.publication.policy import UnknownEventError
from penholder.publication.projection import FILE
from penholder.publication.releases import files
from penholder.publication.releases.check import differing_cells, verify_release
from penholder.publication.releases.tables import made_tables
from penholder.statements.models import Promise
from tests import concerns_ground, ledger_ground
from tests.assessment_ground import MANAGER
from tests.casework import Casework, SettingsOfTest, make_home
from tests.publication_ground import TODAY, Ground, at, public_site, visible
from tests.unit.publication.test_release_hidden import table

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

SECRETS = ("secret", "O-secret", "GBSIEL", "75000", "75,000", "P-manager", "P-decider", "P-reception")


@pytest.fixture
def ground(casework: Casework, settings_of_test: SettingsOfTest) -> Ground:
    return Ground.of_story(casework, settings_of_test)


@pytest.fixture
def site(ground: Ground) -> Iterator[Client]:
    with public_site() as client:
        yield client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return visible(answer.content.decode())


def body(client: Client, address: str) -> bytes:
    """The bytes of an answer, a file or a page."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    made = b"".join(answer) if answer.streaming else answer.content
    answer.close()
    return made


def addresses(client: Client, first: str = "/", most: int = 400) -> list[str]:
    """Every page that links lead to from the first one."""
    found, waiting = [first], [first]
    while waiting and len(found) < most:
        html = body(client, waiting.pop()).decode(errors="replace")
        for href in re.findall(r'href="(/[^"#]*)', html):
            plain = href.replace("&amp;", "&")
            if plain not in found and not plain.startswith("/static/"):
                found.append(plain)
                waiting.append(plain)
    return found


# story: The public site is a projection of ledger events through `public_view` and a dated disclosure policy
def test_the_public_site_shows_licence_measures_statement_and_promise_and_no_link_leads_nowhere(
    ground: Ground, site: Client
) -> None:
    found = addresses(site)
    assert {a.split("?")[0].split("/")[1] for a in found} >= {
        "licences", "measures", "statements", "destinations", "figures", "releases", "concerns", "log", "withheld",
    }  # fmt: skip
    assert [a for a in found if not body(site, a)] == []
    licence = page(site, f"/licences/{ground.licences['GBSIEL/2024/1']}")
    assert "Line 1 is in force and line 2 is suspended." in licence
    assert "ML10" in licence
    assert "going on to XN" in licence
    assert "Moratorium on XV, " in licence
    assert "Exemption for " in licence


# story: nothing on a public page, feed, file or in the projection that policy does not publish
def test_no_page_and_no_file_holds_what_is_commercial_official_or_personal(ground: Ground, site: Client) -> None:
    made = released(ground)
    for address in [*addresses(site), f"/releases/{made.catalogue.id}", "/feed.atom"]:
        assert [s for s in SECRETS if s.encode() in body(site, address)] == [], address
    every = [ground.home / FILE, *(p for p in made.folder.rglob("*") if p.is_file())]
    assert [(p.name, s) for p in every for s in SECRETS if s.encode() in p.read_bytes()] == []


# story: figures as at any day with rows behind each number
def test_a_figure_is_of_any_day_as_known_at_any_entry_and_has_its_rows(ground: Ground, site: Client) -> None:
    address = "/figures/licences-in-force?destination=XV"
    assert "Licences in force for XV on 2 September 2024: 1, of them 1 suspended" in page(site, address)
    assert "Licences in force for XV on 1 August 2024: 2, of them 0 suspended" in page(
        site, f"{address}&on=2024-08-01"
    )
    before = page(site, f"{address}&on=2024-09-02&known=2024-08-19")
    assert "Licences in force for XV on 2 September 2024: 1, of them 0 suspended" in before
    assert "later entries are left out" in before
    rows = site.get("/figures/licences-in-force/rows.json?destination=XV&since=2024-07-02").json()
    assert [r["licence"] for r in rows["rows"]] == [ground.licences["GBSIEL/2024/1"]]
    assert (rows["bridge"]["first"], rows["bridge"]["last"], rows["bridge"]["remainder"]) == (2, 1, 0)
    assert [(m["by"], m["change"]) for m in rows["bridge"]["moves"]] == [("expired", -1)]
    csv = site.get("/figures/licences-in-force/rows.csv?destination=XV").content.decode().split("\r\n")
    assert csv[0].startswith("licence,licence_type,lines,suspended_lines")
    assert csv[1].startswith(f"{ground.licences['GBSIEL/2024/1']},standard_permanent,1;2,2,XV")


# story: what is withheld and why
def test_a_page_shows_that_something_is_withheld_why_and_until_when(ground: Ground, site: Client) -> None:
    licence = page(site, f"/licences/{ground.licences['GBSIEL/2024/1']}")
    assert "What is withheld" in licence
    assert re.search(r"Terms commercial \d+ August 2029", licence)
    assert "Who acted is always withheld" in licence
    assert "Used so far withheld: commercial" in licence
    policy = page(site, "/withheld")
    assert "would harm the business of an exporter or buyer" in policy
    assert "1,825 days after the entry" in policy


# story: exemption (day by day what it lets through), worked out anew
def test_an_exemption_shows_day_by_day_what_it_lets_through(ground: Ground, site: Client) -> None:
    held = books()
    exemption = next(m for m in held.measures(held.size).values() if m.kind == "exemption")
    assert "1 July 2024 on 1 " in page(site, f"/measures/{exemption.id}")
    said, named = page(site, f"/measures/{exemption.id}"), "Licence for XV: ML10 and ML6"
    assert f"{named}, line 1" in said
    assert f"{named}, line 2" not in said


# story: a promise has a due date and goes overdue in public
def test_a_promise_goes_overdue_in_public(ground: Ground, site: Client) -> None:
    assert "1 promises overdue" not in page(site, "/?on=2024-08-01")
    assert "Promises that are overdue" not in page(site, "/?on=2024-08-01")
    first = page(site, "/")
    assert "An update will follow when the review is complete.: due 1 August 2024, 32 days late" in first
    assert "Overdue 32 days" in page(site, "/promises")


def test_a_promise_that_is_said_to_have_been_kept_in_time_shows_when_that_was_said(
    ground: Ground, site: Client
) -> None:
    promise = Promise.objects.get().public_id
    at(TODAY + timedelta(days=30))
    given: dict[str, Any] = {"kept_on": date(2024, 7, 30), "source": "Written statement 41", "expected_version": 1}
    perform("statements.keep_promise", MANAGER, promise=promise, **given)
    ground.publish()
    for address in ("/promises", "/promises?on=2024-08-15"):
        assert "Kept 30 July 2024, recorded on 2 October 2024" in page(site, address)
    (said,) = re.findall(r'href="(/statements/SA-[^"?]+)', body(site, "/promises").decode())
    shown = page(site, said)
    assert "kept on 30 July 2024, as was recorded on 2 October 2024: until then it stood as overdue" in shown


# story: concerns in aggregate
def test_without_the_log_of_concerns_the_page_says_so_and_counts_nothing(ground: Ground, site: Client) -> None:
    assert "the log of the site of concerns was not loaded here" in page(site, "/concerns")


# story: pages and releases say UNWITNESSED until the configured number of outside witnesses has signed
def test_pages_and_releases_say_unwitnessed(ground: Ground, site: Client) -> None:
    assert "UNWITNESSED: no outside witness is asked for by the log of the authority" in page(site, "/")
    ground.ask_for_witnesses(2)
    loaded = ground.publish()
    assert (loaded.head.witnessed, loaded.head.needed) == (False, 2)
    for address in ("/", "/log", f"/licences/{ground.licences['GBSIEL/2024/1']}", "/figures"):
        assert "UNWITNESSED" in page(site, address)
    made = released(ground)
    assert made.catalogue.witnessed is False
    assert "UNWITNESSED" in page(site, f"/releases/{made.catalogue.id}")
    assert "UNWITNESSED" in verified(made.folder, ground)


# story: pages and releases say UNWITNESSED until the configured number of outside witnesses has signed
def test_once_enough_witnesses_have_signed_pages_and_releases_say_who(ground: Ground, site: Client) -> None:
    signers = [Signer.generate(f"witness-{n}.invalid", algorithm=COSIGNATURE_V1) for n in range(3)]
    asked = {f"w{n}": signer.verifier for n, signer in enumerate(signers)}
    perform(announce_policy, SYSTEM, policy=policy_text(logs=[ground.key], witnesses=asked, threshold=2))
    ground.publish()
    brought = ground.home / "brought"
    brought.mkdir()
    for number, signer in enumerate(signers[:2]):
        note = cosign_head((ground.out / "checkpoint").read_text(), signer, timestamp=int(time.time()))
        (brought / f"w{number}").write_text(note, encoding="utf-8")
        publish(ground.out, cosignatures=brought, hold=True)
        head = ground.load().head
        assert (head.witnessed, head.needed, len(head.signed)) == (number == 1, 2, number + 1)
        assert ("UNWITNESSED" in page(site, "/")) is (number == 0)
    assert "Witnessed by w0, w1 (log of the authority)." in page(site, "/log")
    made = released(ground)
    assert made.catalogue.witnessed is True
    assert "UNWITNESSED" not in page(site, f"/releases/{made.catalogue.id}")
    assert re.search(r"rests on: +.*, WITNESSED\n", verified(made.folder, ground))


def test_an_entry_is_given_with_a_proof_that_verifies_without_us(ground: Ground, site: Client) -> None:
    held = books()
    for number in range(held.size):
        proof = site.get(f"/log/authority/{number}/entry.tlog-proof").content
        report = verify_receipt(proof, keys=ground.keys, name="entry")
        assert report.problems == []
        assert site.get(f"/log/authority/{number}/entry.json").content == held.source.entry("authority", number)


def released(ground: Ground, *, called: str = "first", on: date = TODAY, previous: Path | None = None) -> Built:
    held = books()
    return build(held, to=ground.home / "releases", called=called, on=on, actor=SYSTEM, previous=previous)


def verified(folder: Path, ground: Ground, *more: str, code: int = 0) -> str:
    """What `penholder verify` says of a release, in a process of its own without a home."""
    command = [
        sys.executable,
        "-m",
        "penholder.cli.main",
        "verify",
        str(folder),
        "--key",
        ground.key.text(),
        *more,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder.parent)
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout


def second(ground: Ground) -> tuple[Built, Built]:
    """Two releases, a month apart: a licence more, one reinstated by nobody, one found to be suspended before."""
    first = released(ground)
    at(date(2024, 9, 20))
    ground.issue("GBSIEL/2024/4", "cameras")
    ground.suspend(ground.licences["GBSIEL/2024/2"], 1, on=date(2024, 8, 30))
    at(date(2024, 10, 2))
    ground.publish()
    return first, released(ground, called="second", on=date(2024, 10, 2), previous=first.folder)


# story: Two releases (SQLite, Parquet, CSV, JSON Lines, checkpoint) with a change list that gives a reason for
# each changed cell
def test_the_second_release_gives_a_reason_for_each_changed_cell(ground: Ground) -> None:
    first, later = second(ground)
    assert {p.name for p in later.folder.iterdir()} >= {
        "release.sqlite3", "lines.parquet", "lines.csv", "lines.jsonl", "catalogue.json",
        "catalogue.note", "changes.csv",
    }  # fmt: skip
    assert (later.folder / "sources" / "authority" / "checkpoint").read_text() == books().heads["authority"].note
    rows = files.read_lines(later.folder, "changes")
    assert all(r["reason"] for r in rows)
    cells = {(r["table"], r["key"], r["column"]): (r["old"], r["new"], r["reason"]) for r in rows}
    corrected = (*("lines", f"{ground.licences['GBSIEL/2024/2']};1"), "status")
    assert cells[corrected] == ("issued", "suspended", "correction")
    added = ("lines", f"{ground.licences['GBSIEL/2024/4']};1", None)
    assert cells[added] == (None, "row", "entry")
    assert cells["destinations", "XN", "licences_in_force"] == ("1", "2", "entry")
    assert cells["destinations", "XN", "of_them_suspended"] == ("0", "1", "correction")
    shown = [c for c in cells if c[0] == "entries" and c[2] == "words" and cells[c][0] is not None]
    assert {cells[c][2] for c in shown} == {"day"}, "what customs were told is shown after 28 days"
    entries = {r["column"]: r["entries"] for r in rows if (r["table"], r["key"]) == corrected[:2]}
    assert entries["status"] is not None
    assert later.catalogue.previous == {"id": first.catalogue.id, "sha256": first.sha256}


def test_a_day_that_came_is_a_reason(ground: Ground) -> None:
    ground.issue("GBSIEL/2024/9", "cameras", until=date(2024, 9, 10))
    ground.publish()
    first = released(ground)
    at(date(2024, 9, 11))
    later = released(ground, called="second", on=date(2024, 9, 11), previous=first.folder)
    rows = files.read_lines(later.folder, "changes")
    assert {(r["key"], r["column"], r["new"], r["reason"]) for r in rows if r["table"] == "lines"} == {
        (f"{ground.licences['GBSIEL/2024/9']};1", "status", "expired", "day"),
        (f"{ground.licences['GBSIEL/2024/9']};1", "since", "2024-09-10", "day"),
    }
    assert later.catalogue.reasons == {"day": len(rows)}


# story: nothing changes without a reason
def test_a_release_with_a_change_that_nothing_accounts_for_is_refused(ground: Ground) -> None:
    first = released(ground)
    rows = files.read_lines(first.folder, "lines")
    changed = [{**rows[0], "limb": "made up"}, *rows[1:]]
    (first.folder / "lines.jsonl").write_bytes(files.as_lines(files.SHAPES["lines"], changed))
    with pytest.raises(ReleaseError, match="no entry, day or definition accounts for it"):
        released(ground, called="second", previous=first.folder)
    catalogue = replace(first.catalogue, definitions={**first.catalogue.definitions, "lines": 0})
    (first.folder / "catalogue.json").write_bytes(catalogue.to_bytes())
    assert released(ground, called="second", previous=first.folder).catalogue.reasons == {"definition": 1}
    with pytest.raises(ReleaseError, match="is as on 2024-09-02"):
        released(ground, called="third", on=date(2024, 8, 1), previous=first.folder)


# story: (question 22) a count that two releases tell together is not published
def test_a_release_that_tells_a_hidden_count_with_the_one_before_is_refused(ground: Ground) -> None:
    first = released(ground)
    rows = files.as_lines(files.SHAPES["concerns"], table(3, 4, 4, 20))
    (first.folder / "concerns.jsonl").write_bytes(rows)
    check_hidden(first.folder, {"concerns": table(3, 4, 4, 20)})
    with pytest.raises(ReleaseError, match="would tell counts that both leave out: overdue"):
        check_hidden(first.folder, {"concerns": table(3, 4, 1, 20)})


# story: `penholder verify` checks them offline
def test_verify_checks_releases_offline_and_finds_one_changed_byte(ground: Ground, tmp_path: Path) -> None:
    first, later = second(ground)
    said = verified(later.folder, ground, "--previous", str(first.folder))
    assert "the same in CSV, JSON Lines, Parquet and SQLite" in said
    assert f"applied to {first.catalogue.id} they give this release, cell by cell" in said
    assert said.endswith("INTACT\n")
    for name in (
        "lines.csv",
        "release.sqlite3",
        "catalogue.json",
        "catalogue.note",
        "sources/authority/checkpoint",
    ):
        bad = tmp_path / name.replace("/", "-")
        shutil.copytree(later.folder, bad)
        data = bytearray((bad / name).read_bytes())
        data[len(data) // 2] ^= 1
        (bad / name).write_bytes(bytes(data))
        assert not intact(bad, ground), name


def intact(folder: Path, ground: Ground) -> bool:
    try:
        return verify_release(folder, keys=ground.keys).is_intact
    except ReleaseError:
        return False


# story: (question 22) recreate a table of a release exactly, then show every cell changed with the reason
def test_an_old_release_is_made_again_exactly(ground: Ground) -> None:
    from penholder.publication.build import material_of

    first, later = second(ground)
    for made in (first, later):
        sizes = {log: int(facts["size"]) for log, facts in made.catalogue.logs.items()}
        tables = made_tables(material_of(books(), on=made.catalogue.on, sizes=sizes))
        assert differing_cells(made.folder, tables) == []
    report = verify_release(later.folder, keys=ground.keys, previous=first.folder)
    assert (report.problems, report.compared_with) == ([], first.catalogue.id)


def test_the_release_is_announced_in_the_ledger_of_the_site_and_its_hash_is_that_of_the_catalogue(
    ground: Ground,
) -> None:
    from penholder.ledger.models import Entry

    made = released(ground)
    entry = Entry.objects.filter(event="publication.ReleaseAnnounced").get()
    said = json.loads(entry.body)["data"]
    assert (said["release"], said["catalogue_sha256"]) == (made.catalogue.id, made.sha256)
    proven = verify_receipt((made.folder / "announced.receipt").read_bytes(), keys=ground.keys)
    assert (proven.problems, proven.entry and proven.entry.run) == ([], entry.run)


# story: what does not verify is refused, and what was shown before stands
def test_a_folder_that_does_not_verify_is_refused_and_nothing_changes(ground: Ground, tmp_path: Path) -> None:
    before = (ground.home / FILE).read_bytes()
    bad = tmp_path / "bad"
    shutil.copytree(ground.out, bad)
    bundle = next((bad / "tile" / "entries").rglob("*[0-9]"))
    bundle = next(p for p in (bad / "tile" / "entries").rglob("*") if p.is_file())
    data = bytearray(bundle.read_bytes())
    data[200] ^= 1
    bundle.write_bytes(bytes(data))
    with pytest.raises(ProjectionError, match="does not verify"):
        ground.load(bad)
    assert (ground.home / FILE).read_bytes() == before


def test_an_older_head_is_refused_as_rolled_back(ground: Ground, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(ground.out, old)
    ground.issue("GBSIEL/2024/5", "cameras")
    ground.publish()
    with pytest.raises(ProjectionError, match="rolled back"):
        ground.load(old)


def test_a_public_event_that_this_version_does_not_know_is_refused(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    from penholder.publication import load as module
    from penholder.publication.disclosure import Disclosure, disclosure

    known = disclosure()
    events = {n: e for n, e in known.events.items() if n != "register.LicenceIssued"}
    older = Disclosure(known.versions, known.reasons, known.reviews, events)
    with pytest.raises(UnknownEventError, match=r"register\.LicenceIssued"):
        module.load(
            ground.out, log="authority", to=ground.home / "other.sqlite3", policy=older, now=books_now(), keys=None
        )
    assert not (ground.home / "other.sqlite3").exists()


def books_now() -> datetime:
    from penholder.actions.moment import now

    return now()


def test_what_is_new_is_read_after_what_is_shown_and_gives_what_reading_it_all_gives(ground: Ground) -> None:
    ground.issue("GBSIEL/2024/5", "cameras")
    loaded = ground.publish()
    assert (loaded.before > 0, loaded.head.size - loaded.before) == (True, loaded.public + 1)
    continued = _content(ground.home / FILE)
    ground.load(anew=True)
    assert _content(ground.home / FILE) == continued


def _content(path: Path) -> dict[str, list[object]]:
    with sqlite3.connect(path) as db:
        tables = ("entry", "named", "node", "place")
        return {name: sorted(db.execute(f"SELECT * FROM {name}").fetchall()) for name in tables}


# story: it never opens the authority's database
def test_the_public_site_has_no_app_and_no_address_of_the_authority(tmp_path: Path) -> None:
    from penholder.site.capabilities import SITES

    assert SITES["public"] == ("people", "debate", "publication")
    code = (
        "import django; django.setup(); from django.apps import apps; from django.conf import settings; "
        "from django.urls import get_resolver; names = {str(p.pattern) for p in get_resolver().url_patterns}; "
        "print(sorted(a.label for a in apps.get_app_configs() if a.name.startswith('penholder.'))); "
        "print(any(n.startswith(('register', 'cases')) for n in names))"
    )
    home = make_home(tmp_path / "home")
    environment = {"PENHOLDER_HOME": str(home), "DJANGO_SETTINGS_MODULE": "penholder.site.settings.public"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    apps, addresses_ = done.stdout.splitlines()
    assert {"register", "restrictions", "casework", "evidence", "concerns"} & set(
        json.loads(apps.replace("'", '"'))
    ) == set()
    assert addresses_ == "False"


def test_publishing_again_and_loading_again_changes_nothing(ground: Ground) -> None:
    before = _content(ground.home / FILE)
    publish(ground.out)
    assert ground.load().public == 0
    assert _content(ground.home / FILE) == before


# story: concerns in aggregate
def test_concerns_are_counted_from_their_own_log_and_none_of_them_is_shown(
    casework: Casework, settings_of_test: SettingsOfTest
) -> None:
    if casework.vendor != "sqlite":
        pytest.skip("the site of concerns is on SQLite")
    settings_of_test.set("PENHOLDER_ORIGIN", ledger_ground.ORIGIN)
    of_concerns = concerns_ground.Ground(casework)
    try:
        key = ledger_ground.found(casework)
        of_concerns.list_targets(of_av=("owner-1",))
        ids = [of_concerns.raise_one()[0] for _ in range(7)]
        out = casework.home / "out"
        publish(out)
        to = casework.home / FILE
        load(out, log="concerns", to=to, policy=disclosure(), now=books_now(), keys=Keyring.parse(key.text()))
        with public_site() as client:
            said = page(client, "/concerns")
            assert "Concerns that were raised: 7." in said
            assert "Not answered, and not due 7" in said
            assert [
                i for i in ids if any(i in page(client, a) for a in ("/", "/concerns", "/log", "/withheld"))
            ] == []
            of_one = client.get("/log/concerns/3").content.decode()
            assert [i for i in ids if i in of_one] == []
            later = page(client, f"/concerns?on={concerns_ground.TODAY - timedelta(days=1)}")
            assert "Concerns that were raised: 0." in later
    finally:
        of_concerns.close()
