"""Inbox, people, organisations, one's own account, and the ledger: exact content by role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from penholder.actions.action import perform
from penholder.people import actions as people
from penholder.people.models import RoleGrant
from tests import people_ground, register_ground
from tests.web.page_checks import faults
from tests.web.pages_ground import TODAY, Ground
from tests.web.test_register_pages import buttons, filled, page, rows, words

pytestmark = pytest.mark.slow  # pages and long runs: `make check`


@pytest.fixture
def ground() -> Iterator[Ground]:
    """People and a register for the tests that only read."""
    made = Ground.shared()
    yield made
    made.close()


@pytest.fixture
def fresh(tmp_path: Any) -> Iterator[Ground]:
    """People of its own, for a test that changes them."""
    made = Ground.copied(tmp_path / "home")
    yield made
    made.close()


def test_the_inbox_has_tasks_of_the_role_and_says_what_is_late(ground: Ground) -> None:
    html = page(ground, "manager-1", "/inbox")
    assert "1 task waits for you, 1 of them late." in words(html)
    found = rows(html, "Tasks</caption>")
    assert [r[0] for r in found] == ["Review the suspension of line 1"]
    assert found[0][1:4] == ["Licence", "role: Licensing manager", "20 November 2024 ! Late"]
    assert f'href="/register/{ground.licences["suspended"]}"' in html
    assert "Nothing waits for you. Load the page again to see new tasks." in page(ground, "auditor-1", "/inbox")


def test_a_task_is_given_by_choosing_and_not_by_typing_ids(fresh: Ground) -> None:
    browser = fresh.browser("manager-1")
    assert 'href="/inbox/new"' in browser.get("/inbox").content.decode()
    form = browser.get("/inbox/new").content.decode()
    assert faults(form) == []
    assert '<h1 class="govuk-heading-l">Give somebody a task</h1>' in form
    assert ("Public id" in form, "Id of the role" in form) == (False, False)
    given = {"text": "Look at the papers", "role": "auditor", "person_id": fresh.people["manager-2"]}
    wrong = browser.post("/inbox/new", filled(browser, "/inbox/new", **given))
    assert "Person who is to do it: give exactly one of person, team and role" in words(wrong.content.decode())
    done = browser.post("/inbox/new", filled(browser, "/inbox/new", **given | {"person_id": ""}))
    assert (done.status_code, done["Location"]) == (303, "/inbox")
    assert "Look at the papers" in words(page(fresh, "auditor-1", "/inbox"))
    assert 'href="/inbox/new"' in browser.get("/acts/").content.decode()


def test_a_task_is_done_by_its_form(fresh: Ground) -> None:
    browser = fresh.browser("manager-1")
    link = re.search(r'href="(/inbox/[^"]*/done)"', browser.get("/inbox").content.decode())
    assert link
    form = browser.get(link[1]).content.decode()
    assert faults(form) == []
    assert "Review the suspension of line 1" in form
    answer = browser.post(link[1], filled(browser, link[1], remark="Reviewed today."))
    assert (answer.status_code, answer["Location"]) == (303, "/inbox")
    after = browser.get("/inbox").content.decode()
    assert "Nothing waits for you." in after
    assert re.search(r"Say that a task is done\b.*Reviewed today", " ".join(after.split()))
    assert fresh.browser("auditor-1").get(link[1]).status_code in {403, 404}


def test_the_directory_is_for_the_staff(ground: Ground) -> None:
    html = page(ground, "administrator-1", "/people")
    found = rows(html, "People, by function")
    assert len(found) == 10
    invited = "○ Invited, no password yet"
    assert ["manager-1", "Licensing manager", invited] in found
    assert buttons(html) == ["Invite a person"]
    assert buttons(page(ground, "manager-1", "/people")) == []
    own = rows(page(ground, "exporter-1", "/people"), "People, by function")
    assert [r[0] for r in own] == ["exporter-1"]


def test_a_person_has_the_buttons_of_who_looks(ground: Ground) -> None:
    address = f"/people/{ground.people['manager-1']}"
    html = page(ground, "administrator-1", address)
    assert buttons(html) == [
        "Grant a role",
        "Change the function",
        "Ask for a reset of the sign-in",
        "Deactivate",
        "Erase for ever",
    ]
    assert rows(html, "Roles</caption>")[0][0] == "Licensing manager"
    assert "manager-1@ardenia.invalid" not in html
    assert buttons(page(ground, "auditor-1", address)) == []
    page(ground, "exporter-1", address, status=404)
    own = page(ground, "administrator-1", f"/people/{ground.people['administrator-1']}")
    assert buttons(own) == []
    assert "Nobody changes their own roles." in words(own)


@pytest.mark.parametrize("address", ["people/invite", "people/teams/new", "organisations/new"])
def test_administration_is_for_administrators(ground: Ground, address: str) -> None:
    page(ground, "administrator-1", f"/{address}")
    for name in ("manager-1", "auditor-1", "exporter-1", "newcomer-1"):
        page(ground, name, f"/{address}", status=403)


def test_an_invitation_is_shown_once(fresh: Ground) -> None:
    browser = fresh.browser("administrator-1")
    typed = {"address": "officer-9@ardenia.invalid", "title": "Licensing officer 9"}
    answer = browser.post("/people/invite", filled(browser, "/people/invite", **typed))
    html = answer.content.decode()
    assert (answer.status_code, faults(html)) == (200, [])
    assert "This is shown only now, and kept nowhere." in words(html)
    assert re.search(r"http://localhost/account/password/reset/key/\w+-[\w-]+/", html)
    assert "Licensing officer 9" in words(html)
    assert re.search(r'href="/people/P-\w+">Go on</a>', html)
    assert re.search(r'href="/receipts/\w+"', html)
    run = re.search(r"Receipt</dt>\s*<dd[^>]*>\s*(\w+)", html)
    assert run
    assert "/account/password/reset/" not in browser.get(f"/receipts/{run[1]}").content.decode()


def test_roles_are_granted_and_withdrawn(fresh: Ground) -> None:
    browser = fresh.browser("administrator-1")
    person = fresh.people["newcomer-1"]
    address = f"/people/{person}/grant"
    assert faults(browser.get(address).content.decode()) == []
    done = browser.post(address, filled(browser, address, role="adviser"))
    assert (done.status_code, done["Location"]) == (303, f"/people/{person}")
    html = browser.get(done["Location"]).content.decode()
    assert rows(html, "Roles</caption>")[0][0] == "Adviser (foreign affairs, defence, other)"
    said = "Grant a role, newcomer-1. Role: Adviser (foreign affairs, defence, other)"
    assert said in words(html)
    clash = browser.post(address, filled(browser, address, role="exporter"))
    assert clash.status_code == 403
    withdraw = re.search(r'href="([^"]*/withdraw)"', html)
    assert withdraw
    browser.post(withdraw[1], filled(browser, withdraw[1], why="It was granted by mistake."))
    assert RoleGrant.objects.get(user__public_id=person).valid_until is not None
    assert "No role is granted" in words(browser.get(f"/people/{person}").content.decode())


def test_organisations_have_their_people_and_agents(fresh: Ground) -> None:
    firm = fresh.firms["exporter-1"]
    browser = fresh.browser("administrator-1")
    html = page(fresh, "administrator-1", f"/organisations/{firm}")
    assert [r[0] for r in rows(html, "People who act for it")] == ["exporter-1"]
    assert buttons(html) == ["Add a person", "Appoint an agent", "Erase for ever"]
    address = f"/organisations/{firm}/agents/new"
    assert faults(browser.get(address).content.decode()) == []
    browser.post(address, filled(browser, address, agent=fresh.firms["exporter-2"]))
    after = page(fresh, "administrator-1", f"/organisations/{firm}")
    assert [r[0] for r in rows(after, "Agents that act for it")] == ["Tarsis Optics"]
    end = re.search(r'href="([^"]*/agents/[^"]*/end)">End the agency of Tarsis Optics<', after)
    assert end
    assert (
        browser.get(f"/organisations/{fresh.firms['exporter-2']}/agents/{end[1].split('/')[-2]}/end").status_code
        == 404
    )
    assert browser.post(end[1], filled(browser, end[1])).status_code == 303
    assert "No agent acts for it." in page(fresh, "administrator-1", f"/organisations/{firm}")
    page(fresh, "exporter-1", f"/organisations/{fresh.firms['exporter-2']}", status=404)
    own = rows(page(fresh, "exporter-1", "/organisations"), "Organisations, by name")
    assert [r[0] for r in own] == ["Ostvale Works"]


def test_teams_are_made_and_joined(fresh: Ground) -> None:
    browser = fresh.browser("administrator-1")
    browser.post("/people/teams/new", filled(browser, "/people/teams/new", name="Desk North"))
    html = page(fresh, "administrator-1", "/people/teams")
    join = re.search(r'href="([^"]*/join)"', html)
    assert join
    browser.post(join[1], filled(browser, join[1], person_id=fresh.people["manager-2"]))
    assert "Desk North" in words(page(fresh, "manager-2", f"/people/{fresh.people['manager-2']}"))
    assert "Add a person" not in words(page(fresh, "manager-2", "/people/teams"))


def test_the_own_account_lends_roles_rests_and_makes_tokens(fresh: Ground) -> None:
    browser = fresh.browser("manager-1")
    html = page(fresh, "manager-1", "/me")
    assert buttons(html) == ["Lend roles for a time", "Say that you are absent", "Make a token"]
    assert "manager-1@ardenia.invalid" in html
    assert 'href="/account/2fa/"' in html
    made = browser.post("/me/tokens/new", filled(browser, "/me/tokens/new", label="reports", days="30"))
    shown = made.content.decode()
    assert (made.status_code, faults(shown)) == (200, [])
    assert re.search(r"<code>pnh_[\w-]{40,}</code>", shown)
    again = browser.get("/me").content.decode()
    assert "pnh_" not in again
    assert faults(again) == []
    lend = filled(browser, "/me/delegations/new", to=fresh.people["manager-2"], roles=["licensing_manager"])
    days = {"valid_from": "2026-11-23", "valid_until": "2026-12-01"}
    assert browser.post("/me/delegations/new", lend | days).status_code == 303
    assert rows(browser.get("/me").content.decode(), "Roles that are lent</caption>")[0][0] == "Licensing manager"
    absent = filled(browser, "/me/absences/new", valid_from="2024-11-22", valid_until="2099-01-01")
    assert browser.post("/me/absences/new", absent).status_code == 303
    assert "You are recorded as absent today: your roles rest." in words(browser.get("/me").content.decode())
    assert browser.get(f"/register/{fresh.enter('A/1', 0)}/issue").status_code == 403


WORK = [
    ("/restrictions", ""),
    ("/evidence", ""),
    ("/assessments", ""),
    ("/cases", ""),
    ("/changes", ""),
    ("/statements", ""),
]
"""Places in the menu of a manager, in the order of the floors."""


def test_the_shell_says_who_and_where(ground: Ground) -> None:
    html = page(ground, "manager-1", "/register")
    top = " ".join(re.sub(r"<[^>]+>", " ", html.split("<main")[0]).split())
    assert "Signed in as manager-1 Licensing manager" in top
    menu = re.findall(r'service-navigation__link" href="([^"]*)"( aria-current="true")?', html)
    assert menu == [
        ("/", ""),
        ("/inbox", ""),
        ("/register", ' aria-current="true"'),
        *WORK,
        ("/people", ""),
    ]
    assert re.findall(r'govuk-footer__link" href="(/[^"]*)"', html) == ["/ledger", "/acts/"]
    assert 'action="/account/logout/"' in html
    outside = page(ground, "exporter-1", "/")
    assert 'href="/people"' not in outside
    ground.use()
    weak = ground.browser("manager-1", ways=("password",))
    assert weak.get("/")["Location"] == "/account/2fa/"
    assert "service-navigation__link" not in weak.get("/account/2fa/").content.decode()


def test_nobody_sees_anything_without_signing_in(ground: Ground) -> None:
    from django.test import Client

    for address in (
        "/",
        "/register",
        "/inbox",
        "/people",
        "/me",
        "/ledger",
        f"/register/{ground.licences['issued']}",
    ):
        answer = Client(SERVER_NAME="localhost").get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")


def test_the_ledger_says_unwitnessed_and_gives_its_files(ground: Ground) -> None:
    html = page(ground, "auditor-1", "/ledger")
    said = words(html)
    assert re.match(r"Ledger \d+ entries are recorded\. None is published yet", said)
    assert "UNWITNESSED: no head is published." in said
    page(ground, "auditor-1", "/ledger/checkpoint", status=404)
    page(ground, "auditor-1", "/ledger/nonsense", status=404)


def test_a_published_ledger_gives_proofs_that_verify(fresh: Ground, tmp_path: Any) -> None:
    from penholder.custody.publish import publish
    from penholder.ledger.keyring import Keyring
    from penholder.ledger.verify_receipt import verify_receipt

    make_keys(fresh)
    publish(tmp_path / "published")
    html = page(fresh, "manager-1", "/ledger")
    assert "UNWITNESSED: no outside witness is asked for by the policy." in words(html)
    browser = fresh.browser("manager-1")
    keys = browser.get("/ledger/verifier-keys")
    assert keys["Content-Disposition"] == 'attachment; filename="verifier-keys"'
    assert browser.get("/ledger/checkpoint").content == (tmp_path / "published" / "checkpoint").read_bytes()
    assert browser.get("/ledger/policy").status_code == 200
    licence = browser.get(f"/register/{fresh.licences['suspended']}").content.decode()
    act = re.search(r'href="(/register/[^"]*/acts/\w+)"', licence)
    assert act
    receipt = browser.get(act[1]).content.decode()
    assert faults(receipt) == []
    assert "Published" in words(receipt)
    link = re.search(r'href="(/register/[^"]*/acts/\w+/\d+)"', receipt)
    assert link
    proof = browser.get(link[1])
    assert re.fullmatch(r'attachment; filename="entry-\d+\.tlog-proof"', proof["Content-Disposition"])
    assert verify_receipt(proof.content, keys=Keyring.parse(keys.content)).is_intact


def make_keys(ground: Ground) -> None:
    """A signing key for the ledger, as `penholder init` makes it."""
    from penholder.kernel.home import FIRST_KEY
    from penholder.ledger.note import Signer

    signer = Signer.generate("ledger.ardenia.invalid/log")
    home = ground.casework.home
    (home / "secrets" / "ledger-key").write_text(signer.text() + "\n", encoding="utf-8")
    (home / FIRST_KEY).write_text(signer.verifier.text() + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    "address", ["me/tokens/{}/withdraw", "me/absences/{}/end", "me/delegations/{}/end", "inbox/{}/done"]
)
def test_a_form_about_nothing_of_ones_own_is_absent(ground: Ground, address: str) -> None:
    for public_id in ("K-unknown", ground.people["manager-2"]):
        page(ground, "manager-1", f"/{address.format(public_id)}", status=404)


def test_the_form_of_an_own_absence_is_there_and_that_of_others_is_not(fresh: Ground) -> None:
    who = people_ground.actor(fresh.people["manager-1"], on=TODAY)
    absence = perform(people.record_absence, who, valid_from=TODAY + timedelta(days=9)).result
    page(fresh, "manager-1", f"/me/absences/{absence}/end")
    page(fresh, "manager-2", f"/me/absences/{absence}/end", status=404)


def test_a_function_is_changed_by_an_administrator(fresh: Ground) -> None:
    browser = fresh.browser("administrator-1")
    address = f"/people/{fresh.people['manager-1']}/title"
    form = filled(browser, address, title="Senior manager 1")
    assert browser.post(address, form)["Location"] == f"/people/{fresh.people['manager-1']}"
    assert "Senior manager 1" in page(fresh, "manager-1", "/register")
    page(fresh, "manager-2", address, status=403)


def with_a_second_administrator(fresh: Ground) -> str:
    """Id of an administrator who was made a fortnight ago."""
    register_ground.at(TODAY - timedelta(days=14))
    fresh.people["administrator-2"] = people_ground.invited("administrator-2", "administrator")
    register_ground.at(TODAY, 11)
    return fresh.people["administrator-2"]


def test_a_reset_is_asked_for_confirmed_by_another_and_seen_by_whom_it_concerns(fresh: Ground) -> None:
    with_a_second_administrator(fresh)
    person = fresh.people["manager-1"]
    first, second = fresh.browser("administrator-1"), fresh.browser("administrator-2")
    address = f"/people/{person}/ask-reset"
    assert "two administrators reset their sign-in" in words(first.get(address).content.decode())
    asked = first.post(address, filled(first, address, why="lost telephone, said at the desk"))
    assert asked.status_code == 303
    where = asked["Location"]
    assert re.fullmatch(r"/people/resets/S-[0-9a-z]+", where)
    html = page(fresh, "administrator-1", where)
    assert buttons(html) == ["Refuse it"]
    assert "Another administrator confirms it" in words(html)
    assert buttons(page(fresh, "manager-1", where)) == ["Refuse it"]
    page(fresh, "manager-2", where, status=404)
    for name, waits in {"manager-1": True, "administrator-2": True, "manager-2": False}.items():
        assert (f'href="{where}"' in page(fresh, name, "/")) is waits, name
    own = first.post(f"{where}/confirm", filled(first, f"{where}/confirm", why="it was really them"))
    assert (own.status_code, "must be done by somebody else" in words(own.content.decode())) == (403, True)
    assert buttons(page(fresh, "administrator-2", where)) == ["Confirm it", "Refuse it"]
    assert "lost telephone, said at the desk" in words(page(fresh, "administrator-2", where))
    done = second.post(f"{where}/confirm", filled(second, f"{where}/confirm", why="I rang them up"))
    assert done.status_code == 200
    assert "/account/password/reset/key/" in done.content.decode()
    assert "Confirmed: the sign-in was reset" in words(page(fresh, "administrator-1", where))


def test_a_person_refuses_a_reset_of_their_own_on_its_page(fresh: Ground) -> None:
    with_a_second_administrator(fresh)
    given = {"person_id": fresh.people["manager-1"], "why": "lost telephone, they say"}
    asked = perform(people.ask_sign_in_reset, people_ground.administrator(), **given).result
    where, browser = f"/people/resets/{asked}", fresh.browser("manager-1")
    task = page(fresh, "manager-1", "/inbox")
    assert f'href="{where}"' in task
    answer = browser.post(f"{where}/refuse", filled(browser, f"{where}/refuse", why="it was not me"))
    assert (answer.status_code, answer["Location"]) == (303, where)
    assert "Refused" in words(page(fresh, "administrator-1", where))


def test_a_reset_is_seen_by_its_person_and_by_every_administrator(fresh: Ground) -> None:
    register_ground.at(TODAY, 11)
    person = fresh.people["manager-1"]
    people_ground.reset(person)
    fresh.people["administrator-2"] = people_ground.invited("administrator-2", "administrator")
    assert "Your sign-in was reset by administrators on 22 November 2024, 11:00 UTC" in words(
        page(fresh, "manager-1", "/")
    )
    said = "The sign-in of manager-1 was reset on 22 November 2024, 11:00 UTC"
    for name, sees in {
        "administrator-1": True,
        "administrator-2": True,
        "manager-2": False,
        "exporter-1": False,
    }.items():
        assert (said in words(page(fresh, name, "/"))) is sees, name
    later = TODAY + timedelta(days=15)
    register_ground.at(later)
    assert "reset" not in words(fresh.browser("manager-1").get("/").content.decode())


def test_erasure_asks_for_the_id_and_says_what_is_lost(fresh: Ground) -> None:
    browser = fresh.browser("administrator-1")
    person = fresh.people["newcomer-1"]
    address = f"/people/{person}/erase"
    asked = words(browser.get(address).content.decode())
    assert "This cannot be undone" in asked
    assert "Error" not in asked
    ground = {"ground": "retention-expired"}
    for again in ("", "P-other"):
        refused = browser.post(address, filled(browser, address, **ground, again=again))
        assert refused.status_code == 422
        assert "Type the id of the person: this is " in words(refused.content.decode())
    done = browser.post(address, filled(browser, address, **ground, again=person))
    assert (done.status_code, done["Location"]) == (303, "/people")


def test_the_list_of_acts_leads_to_the_pages_that_are_made_for_them(ground: Ground) -> None:
    ground.use()
    html = ground.browser("manager-1").get("/acts/").content.decode()
    assert 'href="/register/enter"' in html
    assert 'href="/me/tokens/new"' in html
    for poor in ("enter-licence", "amend-line", "suspend-lines", "issue-token"):
        assert f"/{poor}" not in html
    assert 'href="/me/delegations/new"' in html
    assert "/me/delegations/new" not in ground.browser("newcomer-1").get("/acts/").content.decode()


def test_an_organisation_is_erased_in_words_of_an_organisation(fresh: Ground) -> None:
    browser = fresh.browser("administrator-1")
    firm = fresh.firms["exporter-2"]
    address = f"/organisations/{firm}/erase"
    asked = words(browser.get(address).content.decode())
    assert "the name of the organisation, and every text that is sealed under its key" in asked
    assert "this person" not in asked
    wrong = browser.post(address, filled(browser, address, ground="retention-expired", again="O-other"))
    said = words(wrong.content.decode())
    assert "Type the id of the organisation: this is not the id that will be erased" in said
    done = browser.post(address, filled(browser, address, ground="retention-expired", again=firm))
    assert (done.status_code, done["Location"]) == (303, "/organisations")
    assert "Tarsis Optics" not in browser.get("/organisations").content.decode().partition("<h1")[2]
    for other in (fresh.people["newcomer-1"], "O-none"):
        assert browser.get(f"/organisations/{other}/erase").status_code == 404


def test_the_notice_of_an_act_has_a_link_and_no_markup(fresh: Ground) -> None:
    browser = fresh.browser("administrator-1")
    browser.post("/people/teams/new", filled(browser, "/people/teams/new", name="Desk North"))
    html = browser.get("/people/teams").content.decode()
    assert re.search(r'Receipt <a class="govuk-link" href="/receipts/\w+">\w+</a></p>', html)
    assert "&lt;a" not in html


def test_forms_about_people_use_the_words_of_the_pages(ground: Ground) -> None:
    ground.use()
    browser = ground.browser("administrator-1")
    invite = browser.get("/people/invite").content.decode()
    assert "Function" in invite
    assert ("Title" in words(invite), "path of a one-time link" in invite) == (False, False)
    add = words(browser.get(f"/organisations/{ground.firms['exporter-1']}/add").content.decode())
    assert ("Public id" in add, "Person id" in add) == (False, False)
    assert "Gives the id" not in browser.get(f"/people/{ground.people['manager-1']}/grant").content.decode()
    said = words(browser.get("/acts/").content.decode())
    assert "Gives its id" not in said
    assert "Custody" in said


def test_an_address_that_is_taken_is_said_in_sentences(fresh: Ground) -> None:
    browser = fresh.browser("administrator-1")
    given = {"address": "manager-1@ardenia.invalid", "title": "Licensing manager 3"}
    answer = browser.post("/people/invite", filled(browser, "/people/invite", **given))
    expected = "There is an account with this address already. Grant roles to it, or reset its sign-in."
    assert expected in words(answer.content.decode())
