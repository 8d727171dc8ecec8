"""Signing in: by invitation, with a second factor where a role asks for one, throttled, and always recorded."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings

from penholder.actions.action import perform
from penholder.actions.errors import RefusedError
from penholder.entry.actor import BEGAN
from penholder.ledger.models import Entry
from penholder.people import actions as people
from penholder.people import queries
from penholder.people.models import User
from penholder.people.sign_in.adapters import failures_key
from penholder.people.sign_in.limits import SEEN
from tests import people_ground
from tests.casework import Casework
from tests.people_ground import administrator, first_administrator, officer
from tests.web.security_key import SecurityKey

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

PASSWORD = "correct horse battery staple"  # noqa: S105 - of invented people
LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def casework(tmp_path: Path) -> Iterator[Casework]:
    made = Casework(tmp_path / "home").open()
    with override_settings(MFA_TOTP_TOLERANCE=1):  # a test may cross the end of a step of 30 s
        yield made
    made.close()


def browser_of() -> Client:
    """A browser without cookies."""
    return Client(SERVER_NAME="localhost")


def code_of(secret: str) -> str:
    """The six digits of an authenticator app (RFC 6238) now."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def accept(path: str, password: str = PASSWORD, client: Client | None = None) -> Any:
    """Open an invitation and set a password."""
    visitor = client or browser_of()
    form = visitor.get(path)
    return visitor.post(form["Location"], {"password1": password, "password2": password})


def sign_in(client: Client, address: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": address, "password": password})


def set_up_totp(client: Client) -> str:
    """Set up an authenticator app; gives its secret."""
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search(r"secret=([A-Z2-7]+)|>\s*([A-Z2-7]{32})\s*<|value=\"([A-Z2-7]{32})\"", page)
    assert secret, page
    found = next(g for g in secret.groups() if g)
    answer = client.post("/account/2fa/totp/activate/", {"code": code_of(found)})
    assert answer.status_code == 302, answer.content.decode()
    return found


def events() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("event", flat=True))


def test_an_invitation_sets_a_password_once(casework: Casework) -> None:
    path = first_administrator().details["invitation"]
    assert accept(path)["Location"] == "/account/password/reset/key/done/"
    assert User.objects.get().check_password(PASSWORD)
    assert events()[-1] == "people.SignInChanged"
    assert browser_of().get(path).status_code == 200  # the page that says that the link counts no more
    assert User.objects.get().check_password(PASSWORD)


def test_who_needs_a_second_factor_can_do_nothing_before(casework: Casework) -> None:
    accept(first_administrator().details["invitation"])
    browser = browser_of()
    assert sign_in(browser, "administrator-1@ardenia.invalid").status_code == 302
    assert events()[-1] == "people.SignedIn"
    assert browser.get("/acts/")["Location"] == "/account/2fa/"
    answer = browser.post("/api/v1/acts/people/create-team", {"name": "Desk 1"}, content_type="application/json")
    assert answer.status_code == 403
    set_up_totp(browser)
    assert events()[-1] == "people.SignInChanged"
    assert browser.get("/acts/").status_code == 200


def test_sign_in_with_a_second_factor(casework: Casework) -> None:
    accept(first_administrator().details["invitation"])
    browser = browser_of()
    sign_in(browser, "administrator-1@ardenia.invalid")
    secret = set_up_totp(browser)
    other = browser_of()
    assert sign_in(other, "administrator-1@ardenia.invalid")["Location"] == "/account/2fa/authenticate/"
    assert other.get("/acts/").status_code == 302  # still nobody
    assert other.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    done = other.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert done["Location"] == "/"
    assert other.get("/acts/").status_code == 200
    assert events()[-2:] == ["people.SignInChanged", "people.SignedIn"]
    again = browser_of()
    sign_in(again, "administrator-1@ardenia.invalid")
    replayed = again.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert replayed.status_code == 200  # a code counts once


def test_who_needs_no_second_factor_just_signs_in(casework: Casework) -> None:
    boss = administrator()
    made = perform(people.invite_person, boss, address="reader-1@ardenia.invalid", title="Reader 1")
    perform(people.grant_role, boss, person_id=made.result, role="exporter_reader")
    accept(made.details["invitation"])
    browser = browser_of()
    assert sign_in(browser, "reader-1@ardenia.invalid")["Location"] == "/"
    assert browser.get("/acts/").status_code == 200


def test_the_same_words_for_a_wrong_password_and_an_unknown_address(
    casework: Casework, caplog: pytest.LogCaptureFixture
) -> None:
    accept(first_administrator().details["invitation"])
    pages = [
        sign_in(browser_of(), address, "not the password").content.decode()
        for address in ("administrator-1@ardenia.invalid", "nobody-1@ardenia.invalid")
    ]
    same = [re.sub(r"[a-z]+-1@|name=\"csrfmiddlewaretoken\" value=\"\w+\"", "", page) for page in pages]
    assert same[0] == same[1]
    assert "The address or the password is wrong." in same[0]
    assert "people.SignedIn" not in events()
    assert cache.get(failures_key()) == 2
    assert "ardenia.invalid" not in caplog.text


def test_the_sixth_wrong_password_is_not_even_looked_at(casework: Casework) -> None:
    accept(first_administrator().details["invitation"])
    for _ in range(5):
        page = sign_in(browser_of(), "administrator-1@ardenia.invalid", "wrong").content.decode()
        assert "The address or the password is wrong." in page
    right = sign_in(browser_of(), "administrator-1@ardenia.invalid")
    assert right.status_code == 200
    assert "Too many wrong sign-ins: wait five minutes" in right.content.decode()


def test_nobody_signs_up(casework: Casework) -> None:
    answer = browser_of().post(
        "/account/signup/", {"email": "new-1@ardenia.invalid", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert answer.status_code == 401
    assert (User.objects.count(), events()) == (0, [])


def test_single_sign_on_is_off_by_default(casework: Casework) -> None:
    assert browser_of().get("/account/sso/staff/login/").status_code == 404
    assert browser_of().get("/account/sso/staff/login/callback/").status_code == 404


def test_a_weak_password_is_refused(casework: Casework) -> None:
    path = first_administrator().details["invitation"]
    page = accept(path, "administrator").content.decode()
    assert "too similar" in page
    assert not User.objects.get().has_usable_password()
    assert "people.SignInChanged" not in events()


@pytest.mark.parametrize(
    ("key", "minutes", "stays"), [(SEEN, 29, True), (SEEN, 31, False), (BEGAN, 479, True), (BEGAN, 481, False)]
)
def test_a_session_ends_when_it_is_old_or_idle(casework: Casework, key: str, minutes: int, stays: bool) -> None:
    accept(first_administrator().details["invitation"])
    browser = browser_of()
    sign_in(browser, "administrator-1@ardenia.invalid")
    browser.get("/account/2fa/")
    session = browser.session
    session[key] -= minutes * 60
    session.save()
    browser.get("/account/2fa/")
    assert ("_auth_user_id" in browser.session) is stays


def test_a_deactivated_person_is_signed_out_at_once(casework: Casework) -> None:
    boss = administrator()
    made = perform(people.invite_person, boss, address="reader-1@ardenia.invalid", title="Reader 1")
    accept(made.details["invitation"])
    browser = browser_of()
    sign_in(browser, "reader-1@ardenia.invalid")
    assert browser.get("/acts/").status_code == 200
    perform(people.deactivate_person, boss, person_id=made.result, expected_version=1, why="left the office")
    assert browser.get("/acts/")["Location"] == "/account/login/?next=%2Facts%2F"
    assert sign_in(browser_of(), "reader-1@ardenia.invalid").status_code == 200


def test_who_needs_a_second_factor_cannot_remove_the_last_one(casework: Casework) -> None:
    accept(first_administrator().details["invitation"])
    browser = browser_of()
    sign_in(browser, "administrator-1@ardenia.invalid")
    set_up_totp(browser)
    page = browser.get("/account/2fa/totp/deactivate/").content.decode()
    assert "this is the only one that you have, so it stays" in page
    assert ("<button" in page.partition("<main")[2], 'href="/account/2fa/webauthn/add/"' in page) == (False, True)
    assert "<title>Remove the authenticator app - " in page
    browser.post("/account/2fa/totp/deactivate/", {})
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == ["recovery_codes", "totp"]


def test_a_wrong_code_says_what_is_allowed(casework: Casework) -> None:
    accept(first_administrator().details["invitation"])
    browser = browser_of()
    sign_in(browser, "administrator-1@ardenia.invalid")
    page = browser.post("/account/2fa/totp/activate/", {"code": "12"}).content.decode()
    assert "Code: this is not the code of now: type the six digits that the app shows" in page
    set_up_totp(browser)
    other = browser_of()
    sign_in(other, "administrator-1@ardenia.invalid")
    asked = other.get("/account/2fa/authenticate/").content.decode()
    assert "Six digits from your authenticator app, or one of your recovery codes." in asked
    assert "an administrator resets your sign-in" in asked


def test_recovery_codes_are_shown_once_and_count_once(casework: Casework) -> None:
    accept(first_administrator().details["invitation"])
    browser = browser_of()
    sign_in(browser, "administrator-1@ardenia.invalid")
    set_up_totp(browser)
    page = browser.get("/account/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"\b\d{8}\b", page)
    assert len(codes) == 10
    assert re.findall(r"\b\d{8}\b", browser.get("/account/2fa/recovery-codes/").content.decode()) == []
    for expected in (302, 200):
        other = browser_of()
        sign_in(other, "administrator-1@ardenia.invalid")
        assert other.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == expected


def test_secrets_of_second_factors_are_sealed(casework: Casework) -> None:
    accept(first_administrator().details["invitation"])
    browser = browser_of()
    sign_in(browser, "administrator-1@ardenia.invalid")
    secret = set_up_totp(browser)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_a_lost_second_factor_is_reset_by_another_administrator(casework: Casework) -> None:
    accept(first_administrator().details["invitation"])
    browser = browser_of()
    sign_in(browser, "administrator-1@ardenia.invalid")
    set_up_totp(browser)
    officer("deputy-1", "administrator")
    reset = people_ground.reset(administrator().id)
    assert browser.get("/acts/").status_code == 302
    assert Authenticator.objects.count() == 0
    accept(reset.details["invitation"], "another long password")
    assert sign_in(browser_of(), "administrator-1@ardenia.invalid", "another long password").status_code == 302


def test_the_action_itself_is_refused_outside_the_pages(casework: Casework) -> None:
    with pytest.raises(RefusedError, match="only on the pages of the sign-in"):
        perform(people.change_sign_in, administrator(), page="account_login")


def signed_in_administrator() -> Client:
    """A browser in which the first administrator has signed in with two factors."""
    accept(first_administrator().details["invitation"])
    browser = browser_of()
    sign_in(browser, "administrator-1@ardenia.invalid")
    set_up_totp(browser)
    return browser


def age(browser: Client, seconds: int) -> None:
    """Let the sign-in of this session lie back."""
    session = browser.session
    session[BEGAN] -= seconds
    session.save()


def test_every_page_of_the_sign_in_opens(casework: Casework) -> None:
    browser = signed_in_administrator()
    opened = {
        path: browser.get(f"/account/{path}").status_code
        for path in (
            "2fa/", "2fa/webauthn/", "2fa/webauthn/add/", "2fa/totp/deactivate/", "2fa/recovery-codes/",
            "2fa/recovery-codes/generate/", "password/change/", "logout/", "reauthenticate/",
            "2fa/reauthenticate/", "inactive/", "sso/",
        )
    }  # fmt: skip
    assert set(opened.values()) == {200}, opened
    visitor = browser_of()
    paths = ("login/", "password/reset/", "password/reset/done/", "password/reset/key/done/")
    assert [visitor.get(f"/account/{path}").status_code for path in paths] == [200] * len(paths)
    options = visitor.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["userVerification"] == "required"
    assert browser.get("/account/email/").status_code == 404  # addresses are changed by nobody but administrators


def test_what_touches_the_sign_in_asks_again_who_it_is_after_five_minutes(casework: Casework) -> None:
    browser = signed_in_administrator()
    old = browser.get("/account/2fa/recovery-codes/").content.decode()
    age(browser, 301)
    asked = browser.post("/account/2fa/recovery-codes/generate/", {})
    assert asked["Location"].startswith("/account/reauthenticate/")
    before = len(events())
    done = browser.post(asked["Location"], {"password": PASSWORD})
    assert done.status_code == 302  # and the interrupted request was done
    assert events()[before:] == ["people.SignInChanged"]
    new = browser.get("/account/2fa/recovery-codes/").content.decode()
    codes = [set(re.findall(r"\b\d{8}\b", page)) for page in (old, new)]
    assert [len(c) for c in codes] == [10, 10]
    assert codes[0] != codes[1]


def test_a_password_is_changed_and_other_sessions_end(casework: Casework) -> None:
    browser = signed_in_administrator()
    form = {"oldpassword": PASSWORD, "password1": "another long password", "password2": "another long password"}
    assert browser.post("/account/password/change/", form).status_code == 302
    assert events()[-1] == "people.SignInChanged"
    assert browser.get("/acts/").status_code == 200
    assert sign_in(browser_of(), "administrator-1@ardenia.invalid").status_code == 200
    assert sign_in(browser_of(), "administrator-1@ardenia.invalid", "another long password").status_code == 302


def test_a_link_for_a_new_password_goes_to_known_addresses_only(casework: Casework) -> None:
    accept(first_administrator().details["invitation"])
    answers = []
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        for address in ("administrator-1@ardenia.invalid", "nobody-1@ardenia.invalid"):
            answers.append(browser_of().post("/account/password/reset/", {"email": address})["Location"])
    assert answers == ["/account/password/reset/done/"] * 2
    assert [letter.to for letter in mail.outbox] == [["administrator-1@ardenia.invalid"]]
    path = re.search(r"/account/password/reset/key/\S+", str(mail.outbox[0].body))
    assert path
    name = settings.PENHOLDER_NAME
    assert name in mail.outbox[0].from_email
    assert mail.outbox[0].from_email.endswith(f"<no-reply@{settings.PENHOLDER_ORIGIN.partition('/')[0]}>")
    assert str(mail.outbox[0].body).startswith(name)
    assert not re.search("127.0.0.1|example.com|spam|Hello", f"{mail.outbox[0].body} {mail.outbox[0].from_email}")
    said = browser_of().get("/account/password/reset/done/").content.decode()
    assert "a letter was written to the outbox of this installation" in said
    assert "ask your administrator for the letter" in said
    accept(path[0], "another long password")
    assert User.objects.get().check_password("another long password")


def test_the_first_sign_in_says_what_is_required_and_what_comes_next(casework: Casework) -> None:
    path, visitor = first_administrator().details["invitation"], browser_of()
    form = visitor.get(path, follow=True).content.decode()
    assert ("Choose your password" in form, "At least 12 characters" in form, "What comes next" in form) == (
        True,
    ) * 3
    accept(path, client=visitor)
    done = visitor.get("/account/password/reset/key/done/").content.decode()
    assert 'href="/account/login/"' in done.partition("Your password is set")[2]
    sign_in(visitor, "administrator-1@ardenia.invalid")
    asked = visitor.get("/", follow=True).content.decode()
    assert "Your role needs a second factor" in asked
    assert "all other pages stay closed to you" in asked
    for stock in ("Two-Factor", "Change Password", "Activate", "Bad Token"):
        assert stock not in form + done + asked
    used = browser_of().get(path, follow=True).content.decode()
    assert "This link counts no more" in used


def test_own_sign_ins_are_seen_by_their_owner(casework: Casework) -> None:
    signed_in_administrator()
    boss = administrator()
    assert [row.methods for row in queries.last_sign_ins(viewer=boss)] == [("password",)]
    assert queries.last_sign_ins(viewer=officer("officer-1", "penholder")) == ()


def options_in(page: str) -> Any:
    """What a page asks a security key."""
    found = re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page, re.S)
    assert found, page
    return json.loads(found[1])


def test_a_passkey_is_set_up_and_signs_in_alone_only_when_its_owner_was_checked(casework: Casework) -> None:
    accept(first_administrator().details["invitation"])
    browser, key = browser_of(), SecurityKey()
    sign_in(browser, "administrator-1@ardenia.invalid")
    asked = options_in(browser.get("/account/2fa/webauthn/add/").content.decode())["creation_options"]
    form = {"name": "Key 1", "passwordless": "on", "credential": json.dumps(key.register(asked))}
    assert browser.post("/account/2fa/webauthn/add/", form).status_code == 302
    assert events()[-1] == "people.SignInChanged"
    assert browser.get("/acts/").status_code == 200
    assert "Key 1" in browser.get("/account/2fa/webauthn/").content.decode()
    assert "Key 1" not in str(list(Authenticator.objects.values_list("data", flat=True)))
    for verified in (False, True):
        other = browser_of()
        page = other.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
        answer = key.sign(page.json()["request_options"], verified=verified)
        other.post("/account/2fa/webauthn/login/", {"credential": json.dumps(answer)})
        assert (other.get("/acts/").status_code == 200) is verified
    assert events()[-2:] == ["people.SignInChanged", "people.SignedIn"]
