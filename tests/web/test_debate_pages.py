"""Pages and API of the debate on the public site: everybody reads, members write, moderators decide."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches

from penholder.actions.values import Actor
from penholder.debate.queries import own, reading
from penholder.debate.values import Kind
from penholder.entry.actor import WAYS_KEY
from penholder.people.models import User
from tests import debate_ground as ground
from tests import people_ground
from tests.casework import Casework, SettingsOfTest
from tests.debate_ground import PAGE
from tests.web.page_checks import faults
from tests.web.test_register_pages import filled

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

SIGN_IN = "/account/login/"


class Debate:
    """The public site with a debate, its people and their browsers."""

    def __init__(self, settings: SettingsOfTest) -> None:
        self.settings = settings
        ground.start(settings)
        self.writer = ground.member("reader-1", called="Ana of the Quay")
        self.reporter = ground.member("reader-2", called="Second Reader")
        self.moderators = [ground.moderator(f"moderator-{n}") for n in (1, 2, 3)]

    def page(self, who: Actor | None, address: str, *, status: int = 200) -> str:
        """The HTML of a page, checked."""
        answer = browser(who).get(address)
        assert answer.status_code == status, (address, answer.status_code)
        html = answer.content.decode()
        assert faults(html) == [], address
        assert answer["Cache-Control"] == "no-store"
        return html

    def send(self, who: Actor, address: str, status: int = 303, **given: Any) -> str:
        """Fill in a form and send it. Gives where it leads, or the page."""
        client = browser(who)
        answer = client.post(address, filled(client, address, **given))
        assert answer.status_code == status, (address, answer.status_code, words(answer.content.decode())[:2000])
        if status == 303:
            return str(answer["Location"])
        assert faults(answer.content.decode()) == []
        return answer.content.decode()


def browser(who: Actor | None) -> Client:
    client = Client(SERVER_NAME="localhost")
    if who is not None:
        client.force_login(User.objects.get(public_id=who.id))
        session = client.session
        session[WAYS_KEY] = [{"method": "password"}, {"method": "mfa"}]
        session.save()
    return client


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0]).split())


@pytest.fixture
def debate(tmp_path: Path) -> Iterator[Debate]:
    casework, settings = Casework(tmp_path / "home").open(), SettingsOfTest()
    clear_url_caches()
    with override_settings(ROOT_URLCONF="penholder.site.urls_public", PENHOLDER_SITE="public"):
        yield Debate(settings)
    clear_url_caches()
    casework.close()
    settings.restore()


def test_a_member_writes_replies_and_everybody_reads(debate: Debate) -> None:
    here = f"/debate/licence/{PAGE}"
    assert "Nobody has written anything so far." in words(debate.page(None, here))
    thread = debate.send(debate.writer, f"{here}/post", text="What is the **end use**? <script>alert(1)</script>")
    comment = thread.rpartition("/")[2]
    debate.send(debate.reporter, f"{here}/reply/{comment}", text="The notice says so.")
    html = debate.page(None, here)
    assert "<strong>end use</strong>? &lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "2 comments" in words(html)
    assert words(html).index("Ana of the Quay") < words(html).index("The notice says so.")
    for address in (here, thread):
        assert f'href="/debate/comments/{comment}#{comment}">in reply to Ana of the Quay</a>' in debate.page(
            None, address
        )
    assert words(html).count("in reply to") == 1
    assert "Reply" not in words(html)
    assert "Reply" in words(debate.page(debate.reporter, here))
    offered = words(debate.page(debate.reporter, here))
    assert (offered.count("Change"), offered.count("Report CT")) == (1, 1)  # change one's own, report the other
    assert "The notice says so." in words(debate.page(None, thread))


def test_who_is_not_a_member_is_led_to_sign_in_or_refused(debate: Debate) -> None:
    address = f"/debate/licence/{PAGE}/post"
    assert browser(None).get(address)["Location"].startswith(SIGN_IN)
    outsider = ground.account("outsider-1")
    debate.page(outsider, address, status=403)
    answer = browser(None).post("/api/v1/acts/debate/post-comment", {}, content_type="application/json")
    assert answer.status_code == 401


def test_the_whole_story_by_forms(debate: Debate) -> None:
    here, (first, second, _) = f"/debate/licence/{PAGE}", debate.moderators
    comment = debate.send(debate.writer, f"{here}/post", text="The officer is a crook").rpartition("/")[2]
    debate.send(debate.reporter, f"/debate/comments/{comment}/report", rule="respect", text="an insult")
    assert comment in debate.page(first, "/debate/queue")
    case = debate.page(first, f"/debate/cases/{comment}")
    assert "an insult" in case
    assert "Second Reader" not in case
    debate.send(first, f"/debate/cases/{comment}/remove", rule="respect", facts=ground.FACTS)
    assert "crook" not in debate.page(None, here)
    assert "Removed on 22 November 2024 under the house rule No abuse of persons" in words(debate.page(None, here))
    inbox = debate.page(debate.writer, "/inbox")
    assert "Your comment was removed: read why, and what you can do" in words(inbox)
    (statement,) = own.mine(viewer=debate.writer).statements
    assert f'href="/debate/statements/{statement.id}"' in inbox
    told = words(debate.page(debate.writer, f"/debate/statements/{statement.id}"))
    assert "The comment calls the officer a liar" in told
    assert "Appeal until 22 May 2025" in told
    debate.send(debate.writer, f"/debate/measures/{statement.measure_id}/appeal", grounds=ground.GROUNDS)
    (appeal,) = own.mine(viewer=debate.writer).appeals
    decide = f"/debate/appeals/{appeal.id}/decide"
    given: dict[str, Any] = {"outcome": "granted", "reasons": ground.REASONS}
    assert "somebody else" in words(debate.send(first, decide, 403, **given))
    debate.send(second, decide, 303, **given)
    assert "It is shown again since 22 November 2024 , after an appeal." in words(debate.page(None, here))
    assert "shown again after an appeal" in words(debate.page(debate.reporter, "/debate/mine"))


def test_a_ban_by_two_ends_the_session_at_once_and_leaves_the_appeal(debate: Debate) -> None:
    first, second, _ = debate.moderators
    member = ground.row_of(debate.writer).public_id
    signed_in = browser(debate.writer)
    assert signed_in.get("/debate/mine").status_code == 200
    debate.send(first, f"/debate/members/{member}/ban", rule="hatred", facts=ground.FACTS)
    assert "Confirm the permanent ban" not in words(debate.page(first, f"/debate/members/{member}"))
    assert "Confirm the permanent ban" in words(debate.page(second, f"/debate/members/{member}"))
    proposal = ground.row_of(debate.writer).ban_proposals.get().public_id
    debate.send(second, f"/debate/bans/{proposal}/confirm")
    assert signed_in.get("/debate/mine")["Location"].startswith(SIGN_IN)
    again = debate.page(debate.writer, "/debate/mine")
    assert "You are banned from the debate for good." in words(again)
    post = debate.send(debate.writer, f"/debate/licence/{PAGE}/post", status=403, text="still here")
    assert "banned" in words(post)
    debate.send(debate.writer, f"/debate/measures/{proposal}/appeal", grounds=ground.GROUNDS)


def test_pages_of_everybody_and_of_moderators_are_sound(debate: Debate) -> None:
    first, second, _ = debate.moderators
    kept, held, removed, proposed = (ground.post(debate.writer, f"text {n}") for n in range(4))
    for comment in (kept, held, removed):
        ground.report(debate.reporter, comment)
    ground.keep(first, kept)
    ground.hold(first, held)
    ground.appeal(debate.writer, ground.remove(first, removed))
    ground.suspend(first, debate.writer)
    ground.propose(first, debate.writer)
    for who in (None, debate.reporter, debate.writer, first):
        for address in (
            "/debate",
            "/debate/rules",
            "/debate/report",
            "/debate/measures",
            f"/debate/licence/{PAGE}",
        ):
            debate.page(who, address)
        debate.page(who, f"/debate/licence/{PAGE}?order=oldest")
        debate.page(who, f"/debate/comments/{removed}")
        debate.page(who, "/debate/measures?measure=remove&rule=respect")
    (appeal,) = own.mine(viewer=debate.writer).appeals
    member, row = ground.row_of(debate.writer).public_id, ground.row_of(debate.writer)
    proposal = row.ban_proposals.get().public_id
    for address in (
        "/debate/queue", f"/debate/cases/{held}", f"/debate/cases/{held}/keep", f"/debate/cases/{held}/remove",
        f"/debate/cases/{proposed}/hold", f"/debate/members/{member}", f"/debate/bans/{proposal}/confirm",
        f"/debate/bans/{proposal}/withdraw", f"/debate/appeals/{appeal.id}", f"/debate/appeals/{appeal.id}/decide",
    ):  # fmt: skip
        debate.page(second, address)
        debate.page(debate.reporter, address, status=404 if address.endswith(appeal.id) else 403)
    other = ground.row_of(debate.reporter).public_id
    for address in ("warn", "suspend", "ban"):
        debate.page(second, f"/debate/members/{other}/{address}")
    debate.page(debate.reporter, f"/debate/comments/{kept}/report")
    debate.page(debate.writer, f"/debate/comments/{proposed}/edit")
    newcomer = ground.account("reader-9", "member")
    debate.page(newcomer, "/debate/mine")
    debate.page(newcomer, "/debate/join")
    debate.page(debate.reporter, "/debate/rules/accept")


def test_the_figures_are_a_page_a_table_and_json_alike(debate: Debate) -> None:
    ground.report(debate.reporter, comment := ground.post(debate.writer))
    ground.remove(debate.moderators[0], comment)
    found = reading.report(viewer=debate.writer).figures
    answer = browser(None).get("/debate/report.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    wanted = [(f.name, f.rule, "" if f.number is None else str(f.number)) for f in found]
    assert [(r["figure"], r["rule"], r["number"]) for r in rows] == wanted
    json = browser(None).get("/api/v1/debate/report").json()["figures"]
    assert [(f["name"], f["rule"], f["number"]) for f in json] == [(f.name, f.rule, f.number) for f in found]
    html = debate.page(None, "/debate/report")
    listed = re.findall(r'href="(/debate/report/rows[^"]*)"', html)
    assert len(listed) == 9
    for address in listed:
        debate.page(None, address.replace("&amp;", "&"))
    reported = words(debate.page(None, "/debate/report/rows?figure=reported&rule=respect"))
    assert comment in reported
    assert "Second Reader" not in reported
    assert browser(None).get("/debate/report/rows?figure=persons").status_code == 404
    assert 'href="/debate/measures?measure=remove&amp;rule=respect"' in html
    assert browser(None).get("/debate/report?first=yesterday").status_code == 422


def test_the_api_gives_what_the_pages_give_and_no_removed_text(debate: Debate) -> None:
    comment = ground.post(debate.writer, "Unrepeatable words")
    reply = ground.post(debate.reporter, "a reply", parent=comment)
    ground.remove(debate.moderators[0], comment)
    seen = browser(None).get(f"/api/v1/debate/pages/licence/{PAGE}")
    (thread,) = seen.json()["items"]
    assert (thread["root"]["shown"], thread["root"]["html"], thread["root"]["tombstone"]["rule"]) == (
        "removed", None, "respect",
    )  # fmt: skip
    assert [r["id"] for r in thread["replies"]] == [reply]
    for who in (None, debate.reporter, debate.moderators[0]):
        for address in (
            f"/api/v1/debate/pages/licence/{PAGE}", f"/api/v1/debate/comments/{reply}", "/api/v1/debate/measures",
            f"/debate/licence/{PAGE}", f"/debate/comments/{comment}",
        ):  # fmt: skip
            assert b"Unrepeatable" not in browser(who).get(address).content, address
    for address in ("/api/v1/debate/mine", "/debate/mine.json"):
        assert b"Unrepeatable" in browser(debate.writer).get(address).content
        assert b"Unrepeatable" not in browser(debate.reporter).get(address).content


def test_the_first_page_leads_to_where_something_was_written_lately(debate: Debate) -> None:
    assert "Nobody has written anything so far." in debate.page(None, "/debate")
    ground.post(debate.writer)
    ground.later(minutes=1)
    ground.post(debate.reporter, kind=Kind.DESTINATION, page="XV")
    ground.later(minutes=1)
    ground.remove(debate.moderators[0], ground.post(debate.writer, "Unrepeatable words"))
    html = debate.page(None, "/debate")
    assert re.findall(r'href="/debate/(licence|destination)/([^"]+)"', html) == [
        ("licence", PAGE),
        ("destination", "XV"),
    ]
    assert "Unrepeatable" not in html
    rows = browser(None).get("/api/v1/debate/pages").json()
    assert [(r["kind"], r["page"], r["number"]) for r in rows] == [("licence", PAGE, 2), ("destination", "XV", 1)]
    assert (
        browser(None).get("/api/v1/debate/pages").json()
        == browser(debate.writer).get("/api/v1/debate/pages").json()
    )


def test_where_it_is_off_there_is_nothing(debate: Debate) -> None:
    comment = ground.post(debate.writer)
    debate.settings.set("PENHOLDER_DEBATE", {})
    for address in (
        "/debate", "/debate/rules", "/debate/report", "/debate/measures", f"/debate/licence/{PAGE}",
        f"/debate/comments/{comment}", "/debate/report.csv",
    ):  # fmt: skip
        assert browser(None).get(address).status_code == 404, address
    for address in ("/debate/mine", f"/debate/licence/{PAGE}/post", f"/debate/comments/{comment}/report"):
        assert browser(debate.writer).get(address).status_code == 404, address
    assert "Debate" not in browser(debate.writer).get("/inbox").content.decode().partition("<main")[0]


def test_a_page_of_threads_takes_few_statements_however_many_there_are(debate: Debate) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            found = reading.threads(viewer=debate.writer, kind=Kind.LICENCE, page=PAGE)
        assert all(t.root.html for t in found.items)
        return len(caught)

    roots = [ground.post(debate.writer, "one")]
    ground.post(debate.reporter, "a reply", parent=roots[0])
    few = statements()
    for n in range(8):
        roots.append(ground.post(debate.writer, f"root {n}"))
        ground.post(debate.reporter, "a reply", parent=roots[-1])
    assert statements() == few == 4


def test_whoever_keeps_the_site_enters_memberships_by_the_function_of_an_account(debate: Debate) -> None:
    keeper, newcomer = people_ground.administrator(), ground.account("reader-9", "member")
    assert "Enter a membership" in words(debate.page(keeper, "/debate"))
    assert "Enter a membership" not in words(debate.page(newcomer, "/debate"))
    form = debate.page(keeper, "/debate/memberships/new")
    assert f'<option value="{newcomer.id}">' in form
    debate.send(keeper, "/debate/memberships/new", membership="N-9", person_id=newcomer.id)
    debate.send(newcomer, "/debate/join", membership="N-9", name="Ninth Reader")
    assert own.mine(viewer=newcomer).member in words(debate.page(newcomer, "/debate/mine"))
