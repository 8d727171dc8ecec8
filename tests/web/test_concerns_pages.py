"""Pages of the site of concerns: raised question by question, followed, answered; no cookie, no script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings

from penholder.actions.models import Act
from penholder.concerns import actions
from penholder.concerns.answers import TargetView
from penholder.concerns.codes import Codes
from penholder.concerns.models import Answer, Concern, Message
from penholder.concerns.web.questions import titles_in_words
from penholder.entry.actor import WAYS_KEY
from penholder.people.models import User
from tests import concerns_ground, ledger_ground
from tests.casework import Casework
from tests.concerns_ground import AV, DE, DUE, GROUNDS, NOTED, PASSPHRASE, Ground, version_of
from tests.web.page_checks import faults

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

_SITE: dict[str, Any] = {
    "ROOT_URLCONF": "penholder.site.urls_concerns",
    "SECURE_REFERRER_POLICY": "same-origin",
    "PENHOLDER_SCRIPTS": False,
    "MIDDLEWARE": [*settings.MIDDLEWARE[:-2], "penholder.concerns.web.door.Unlocked", *settings.MIDDLEWARE[-2:]],
}
SECRET = re.compile(r"\b([0-9A-Z]{5}(?:-[0-9A-Z]{5})+)\b")


@pytest.fixture
def ground(tmp_path: Any) -> Iterator[Ground]:
    casework = Casework(tmp_path / "home").open()
    with override_settings(**_SITE):
        made = Ground(casework)
        made.list_targets(of_av=("owner-1",), of_de=("nominated-1",))
        ledger_ground.found(casework)
        yield made
        made.close()
        cache.clear()
    casework.close()


def text_of(html: str) -> str:
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
    return re.sub(r" ([:;,.)])", r"\1", text)


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html) or re.search(
        rf'name="{name}"[^>]* value="([^"]*)"', html
    )
    assert found, name
    return unescape(found[1])


def sent(client: Client, path: str, status_wanted: int = 200, /, **given: Any) -> str:
    answer = client.post(path, given)
    status = status_wanted
    html = answer.content.decode()
    assert answer.status_code == status, text_of(html)
    if status != 303:
        assert faults(html) == []
    assert not client.cookies or client.session
    return html


def raised(client: Client, *, targets: tuple[str, ...] = (AV,), people: tuple[str, ...] = ()) -> Codes:
    """Go through the questions as somebody who types."""
    html = client.get("/raise").content.decode()
    assert faults(html) == []
    answers: list[dict[str, Any]] = [
        {"targets": list(targets)},
        {"matter": "evidence_left_out"},
        {"claim": "The section on strikes near the water works was taken out."},
        {"criterion": "uk-selc-2021/2c", "evidence": "IN-17, IN-18"},
        {"more": "yes"},
        {"claim": "The finding cites reports that say the opposite of it."},
        {"criterion": "", "evidence": ""},
        {"more": "no"},
        {"kept_out": list(people)},
        *([{"asks": "yes"}] if targets else []),
        {},
    ]
    for given in answers:
        carried = {"draft": hidden(html, "draft"), "step": hidden(html, "step")}
        html = sent(client, "/raise", **given, **carried)
    locator, secret = SECRET.findall(text_of(html))[:2]
    return Codes(locator, secret)


def officer(ground: Ground, name: str) -> Client:
    """Somebody of the ladder, signed in with a second factor, with their key unlocked."""
    client = Client()
    client.force_login(User.objects.get(public_id=ground.people[name]))
    session = client.session
    session[WAYS_KEY] = [{"method": "password"}, {"method": "mfa"}]
    session.save()
    answer = client.post("/cases/unlock", {"passphrase": PASSPHRASE.format(name)})
    assert answer.status_code == 303, text_of(answer.content.decode())
    return client


def opened(client: Client, concern: str) -> None:
    """Say what one opens a concern for."""
    posted(client, f"/cases/{concern}/open", purpose="handle")


def reads(ground: Ground) -> list[str]:
    """Who opened a concern, in order."""
    names = {public_id: name for name, public_id in ground.people.items()}
    found = Act.objects.filter(act="concerns.read_concern").order_by("entry_id")
    return [names[actor] for actor in found.values_list("actor", flat=True)]


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    html = answer.content.decode()
    assert answer.status_code == status, (answer.status_code, text_of(html))
    if status == 200:
        assert faults(html) == []
        assert "<script" not in html
    return html


def answer_fields(**changes: Any) -> dict[str, Any]:
    given = {
        "p1_disposition": "upheld", "p1_grounds": GROUNDS[0], "p1_records": "AV-1, AV-3",
        "p1_action": "Reissue the assessment.", "p1_action_owner": "Desk for the region",
        "p1_action_due_day": "1", "p1_action_due_month": "6", "p1_action_due_year": "2026",
        "p2_disposition": "not_upheld", "p2_grounds": GROUNDS[1], "p2_records": "SR-4",
        "p2_no_action_because": "There is nothing to mend here.",
    }  # fmt: skip
    return given | changes


def posted(client: Client, path: str, status_wanted: int = 303, /, **given: Any) -> str:
    html, status = page(client, path), status_wanted
    carried = {name: hidden(html, name) for name in ("idempotency_key", "form_made_at")}
    if "expected_version" in html:
        carried["expected_version"] = hidden(html, "expected_version")
    answer = client.post(path, {**carried, **given})
    html = answer.content.decode()
    assert answer.status_code == status, text_of(html)
    if status != 303:
        assert faults(html) == []
    return html


def bare(answer: Any, concern: str) -> str:
    """The page without what differs each time."""
    html = answer.content.decode().replace(concern, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def test_an_id_that_is_not_listed_is_refused_where_it_is_typed(ground: Ground) -> None:
    client = Client()
    html = page(client, "/raise")
    carried = {"draft": hidden(html, "draft"), "step": hidden(html, "step")}
    again = sent(client, "/raise", 422, **carried, named=f"{AV}, AP-unknown")
    said = text_of(again)
    assert "Names AP-unknown, which the authority has not listed here" in said, said
    html = sent(client, "/raise", **carried, named=AV)
    assert hidden(html, "step") == "matter"


def test_the_pages_for_everybody_are_whole_and_set_no_cookie(ground: Ground) -> None:
    client = Client()
    for path in ("/", "/raise", "/return", "/ladder", "/figures", "/leave"):
        html = page(client, path)
        if path not in {"/figures", "/leave"}:
            assert "What protects you, what does not" in text_of(html)
    assert not client.cookies


# story: On the concerns site (own process, database, log; no JavaScript …)
def test_a_concern_is_raised_question_by_question_without_a_cookie(ground: Ground) -> None:
    client = Client()
    codes = raised(client)
    assert not client.cookies
    row = Concern.objects.get()
    assert (row.points, row.asks_decider, row.matter) == (2, True, "evidence_left_out")
    html = text_of(sent(Client(), "/return", locator=codes.locator, secret=codes.secret))
    assert "An answer is owed by the Head of the unit that owns the matter" in html
    assert "On 16 April 2026 it goes to the Nominated officer" in html
    assert "The finding cites reports that say the opposite of it." in html


def test_an_id_stands_in_a_choice_only_where_two_would_read_alike() -> None:
    ids = [f"L-{letter * 26}" for letter in "abc"]
    days = ("1 May 2026", "2 May 2026", "2 May 2026")
    given = [TargetView(i, "licence", f"Licence of {d} ({i})", "", None) for i, d in zip(ids, days, strict=True)]
    assert titles_in_words(given) == {
        ids[0]: "Licence of 1 May 2026",
        ids[1]: f"Licence of 2 May 2026 ({ids[1]})",
        ids[2]: f"Licence of 2 May 2026 ({ids[2]})",
    }


def test_one_can_go_back_and_mend_what_was_said(ground: Ground) -> None:
    client = Client()
    html = page(client, "/raise")
    for given in ({"targets": [DE]}, {"matter": "record"}, {"claim": "Minutes were changed after the meeting."}):
        html = sent(client, "/raise", draft=hidden(html, "draft"), step=hidden(html, "step"), **given)
    html = sent(client, "/raise", draft=hidden(html, "draft"), step=hidden(html, "step"), back="1")
    assert "Minutes were changed after the meeting." in html
    html = sent(client, "/raise", 422, draft=hidden(html, "draft"), step="claim", claim="short")
    assert "says too little" in html


def test_a_request_that_is_sent_twice_raises_one_concern_and_shows_the_same_codes(ground: Ground) -> None:
    client = Client()
    html = page(client, "/raise")
    matter, claim = {"matter": "record"}, {"claim": "Minutes were changed after the meeting."}
    said: tuple[dict[str, str], ...] = ({}, matter, claim, {"evidence": ""}, {"more": "no"}, {})
    for given in said:
        html = sent(client, "/raise", draft=hidden(html, "draft"), step=hidden(html, "step"), **given)
    last = {"draft": hidden(html, "draft"), "step": "check"}
    first, again = (SECRET.findall(text_of(sent(client, "/raise", **last)))[:2] for _ in range(2))
    assert first == again
    assert Concern.objects.count() == 1


def test_wrong_codes_open_nothing(ground: Ground) -> None:
    codes = raised(Client())
    html = sent(Client(), "/return", 422, locator=codes.locator, secret=codes.secret[::-1])
    assert "do not belong together, or are not known" in text_of(html)


def test_the_filer_writes_sends_files_and_withdraws(ground: Ground) -> None:
    client = Client()
    codes = raised(client)
    html = sent(client, "/return", locator=codes.locator, secret=codes.secret)
    ticket = hidden(html, "ticket")
    html = sent(client, "/return", ticket=ticket, do="message", **{"message-text": "Is there any news?"})
    assert "From who raised it, 15 January 2026: Is there any news?" in text_of(html)
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile("report.txt", b"Report of 3 December\n")
    html = sent(client, "/return", ticket=ticket, do="file", **{"file-file": upload})
    file = re.search(r'name="file" value="(CF-[^"]+)"', html)
    assert file
    got = client.post("/return", {"ticket": ticket, "do": "download", "file": file[1]})
    assert got.content == b"Report of 3 December\n"
    html = sent(client, "/return", 422, ticket=ticket, do="withdraw")
    html = sent(client, "/return", ticket=ticket, do="withdraw", **{"withdraw-sure": "on"})
    assert "Withdrawn by who raised it" in text_of(html)
    assert not client.cookies


def test_an_officer_opens_acknowledges_and_answers_and_another_signs(ground: Ground) -> None:
    codes = raised(Client(), targets=())
    concern = Concern.objects.get().public_id
    one, other = officer(ground, "owner-1"), officer(ground, "owner-2")
    assert "15 April 2026" in text_of(page(one, "/cases"))
    assert one.get(f"/cases/{concern}")["Location"] == f"/cases/{concern}/open"
    html = text_of(page(one, f"/cases/{concern}/open"))
    assert "To sign what a colleague answered" in html
    assert "The section on strikes" not in html
    opened(one, concern)
    assert "The section on strikes near the water works was taken out." in text_of(page(one, f"/cases/{concern}"))
    posted(one, f"/cases/{concern}/acknowledge")
    posted(one, f"/cases/{concern}/answer", **answer_fields())
    answer = Answer.objects.get().public_id
    assert "You wrote it: somebody else signs it." in text_of(page(one, f"/cases/{concern}"))
    assert reads(ground) == ["owner-1"]
    assert "Reissue the assessment." in text_of(page(other, f"/cases/{concern}/answers/{answer}"))
    assert reads(ground) == ["owner-1", "owner-2"]  # what the page is for says what it is read for
    posted(other, f"/cases/{concern}/answers/{answer}")
    html = text_of(sent(Client(), "/return", locator=codes.locator, secret=codes.secret))
    assert "Reissue the assessment. (Desk for the region, by 1 June 2026)" in html
    assert "Last day to contest the answer 16 March 2026" in html


# story: "Thank you, we have noted your concerns" is refused as an answer, by form
def test_thank_you_we_have_noted_your_concerns_is_refused_by_the_form(ground: Ground) -> None:
    raised(Client(), targets=())
    concern = Concern.objects.get().public_id
    one = officer(ground, "owner-1")
    opened(one, concern)
    html = posted(one, f"/cases/{concern}/answer", 422, **answer_fields(p1_grounds=NOTED))
    assert "thanking and noting is no answer" in text_of(html)
    assert "says too little" in html
    assert Answer.objects.count() == 0


def test_all_forms_of_an_officer_are_whole(ground: Ground) -> None:
    raised(Client(), targets=())
    concern = Concern.objects.get().public_id
    one = officer(ground, "owner-1")
    for part in ("acknowledge", "answer", "write", "allocate", "mark"):
        page(one, f"/cases/{concern}/{part}")
    page(one, "/cases/key")
    posted(one, f"/cases/{concern}/write", text="We are reading it.")
    assert Message.objects.count() == 1
    posted(one, f"/cases/{concern}/allocate", person_id=ground.people["owner-2"])
    posted(one, f"/cases/{concern}/mark", mark="hold", reasons="The desk is moving to another floor.")
    above = officer(ground, "nominated-1")
    assert "Give more time" in text_of(page(above, "/cases"))
    due = {"until_day": "30", "until_month": "4", "until_year": "2026"}
    posted(above, f"/cases/{concern}/extend", reasons="Two archives are abroad.", **due)
    assert "30 April 2026" in text_of(page(one, "/cases"))


def test_a_locked_key_asks_for_the_passphrase_and_whoever_took_part_gets_nothing(ground: Ground) -> None:
    raised(Client())
    concern = Concern.objects.get().public_id
    other = officer(ground, "owner-2")
    other.post("/cases/unlock", {"lock": "1"})
    locked = other.get(f"/cases/{concern}")
    assert (locked.status_code, locked["Location"]) == (302, f"/cases/unlock?next=/cases/{concern}")
    conflicted = officer(ground, "owner-1")
    assert concern not in page(conflicted, "/cases")
    found, unknown = (conflicted.get(f"/cases/{c}") for c in (concern, "CN-" + "0" * 26))
    assert (found.status_code, unknown.status_code) == (404, 404)
    assert bare(found, concern) == bare(unknown, "CN-" + "0" * 26)


def test_after_the_due_day_the_pages_show_the_next_level_and_the_figures_say_so(ground: Ground) -> None:
    raised(Client(), targets=())
    concern = Concern.objects.get().public_id
    concerns_ground.at(DUE)
    concerns_ground.later(1)
    assert officer(ground, "owner-1").get(f"/cases/{concern}").status_code == 404
    above = officer(ground, "nominated-1")
    opened(above, concern)
    assert "let the due day pass: it went to the Nominated officer" in text_of(page(above, f"/cases/{concern}"))
    figures = text_of(page(Client(), "/figures"))
    assert "Concerns that were raised: withheld: too small, or it would give a small number away" in figures
    assert "Not answered, and the first due day is past withheld: too small" in figures
    assert "Nominated officer owes an answer withheld: too small" in figures
    assert concern not in figures


def test_the_figures_of_both_sites_leave_out_small_numbers_and_say_what_that_cannot_prevent(
    ground: Ground,
) -> None:
    for _ in range(6):
        ground.raise_one()
    ground.of_filer(actions.withdraw_concern, ground.raise_one()[1])
    figures = text_of(page(Client(), "/figures"))
    assert "Concerns that were raised: 7." in figures
    owes = "Head of the unit that owns the matter owes an answer withheld: too small"
    assert (owes in figures, "Withdrawn withheld: too small" in figures) == (True, True)
    assert "can differ by one concern" in figures
    assert "whoever has a copy counts all of it" in figures
    told = Client().get("/api/v1/concerns/figures").json()
    assert (told["received"], [c["count"] for c in told["standing"]]) == (7, [None, 0, 0, 0, None])
    assert told["limits"].startswith("What the rule cannot prevent")


def test_browsers_send_where_a_form_comes_from_except_on_pages_without_an_account(ground: Ground) -> None:
    """With `no-referrer` they send `Origin: null`, and every form of an officer would be refused."""
    policies = {p: Client().get(p)["Referrer-Policy"] for p in ("/", "/raise", "/return", "/account/login/")}
    assert policies == {
        "/": "same-origin",
        "/raise": "no-referrer",
        "/return": "no-referrer",
        "/account/login/": "same-origin",
    }


def test_a_representative_makes_their_key_and_is_told_so(ground: Ground) -> None:
    representative = officer(ground, "representative-1")
    assert "Unlock your key" in text_of(page(representative, "/cases/join"))
    made = {"passphrase": PASSPHRASE, "again": PASSPHRASE, "replaces": "on"}
    answer = representative.post("/cases/key", made)
    assert (answer.status_code, answer["Location"]) == (303, "/cases/join")
    assert "Your key is made, and unlocked. Receipt" in text_of(page(representative, "/cases/join"))


def test_a_representative_brings_a_second_person_in(ground: Ground) -> None:
    raised(Client(), targets=())
    concern = Concern.objects.get().public_id
    other = officer(ground, "representative-2")
    posted(other, "/cases/join/ask", 303, concern=concern)
    assert "Nobody has asked." in text_of(page(other, "/cases/join"))
    representative = officer(ground, "representative-1")
    assert f"Asked for by others Concern Asked on {concern}" in text_of(page(representative, "/cases/join"))
    html = posted(representative, "/cases/join", 200, concern=concern)
    locator, secret = SECRET.findall(text_of(html))[:2]
    joined = text_of(sent(Client(), "/return", locator=locator, secret=secret))
    assert "You joined it later" in joined
    assert version_of(concern) == 2
    assert representative.get(f"/cases/{concern}").status_code == 403


def test_what_a_concern_can_be_about_stands_under_its_kind(ground: Ground) -> None:
    html = Client().get("/raise").content.decode()
    assert faults(html) == []
    text = text_of(html)
    said = "Assessments Assessment of Velmora, version 3 Decisions Decision on case 17"
    assert said in text
    codes = raised(Client())
    html = sent(Client(), "/return", locator=codes.locator, secret=codes.secret)
    assert '<optgroup label="Decisions">' in html
    assert '<optgroup label="Assessments">' not in html  # it is about that already
