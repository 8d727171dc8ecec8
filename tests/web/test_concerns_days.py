"""Where only days are kept, officers' sign-ins and letters have no hour either."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.mail import get_connection as letters
from django.test import override_settings

from penholder.actions.registry import ACTIONS
from penholder.actions.repetition import request_of
from penholder.actions.values import SYSTEM
from penholder.kernel import clock
from tests.casework import Casework
from tests.people_ground import first_administrator
from tests.web.test_sign_in import accept, browser_of, code_of, set_up_totp, sign_in

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

DAYS = {
    "PENHOLDER_KEEPS_DAYS": True,
    "PENHOLDER_CLOCK": "penholder.kernel.clock.day",
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    "SESSION_ENGINE": "django.contrib.sessions.backends.cache",
    "MFA_TOTP_TOLERANCE": 1,
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Casework]:
    made = Casework(tmp_path / "home").open()
    with override_settings(**DAYS):
        yield made
        cache.clear()
    made.close()


def test_a_second_factor_is_noted_with_the_day_alone(site: Casework) -> None:
    accept(first_administrator().details["invitation"])
    browser = browser_of()
    sign_in(browser, "administrator-1@ardenia.invalid")
    secret = set_up_totp(browser)
    other = browser_of()
    sign_in(other, "administrator-1@ardenia.invalid")
    assert other.post("/account/2fa/authenticate/", {"code": code_of(secret)})["Location"] == "/"
    found = set(Authenticator.objects.values_list("created_at", flat=True))
    found |= set(Authenticator.objects.exclude(last_used_at=None).values_list("last_used_at", flat=True))
    assert found == {clock.day()}


def test_letters_have_no_hour(tmp_path: Path) -> None:
    sender = letters("penholder.site.day_letters.DayLetters", file_path=str(tmp_path))
    EmailMessage("Sign in", "A link.", "no-reply@ardenia.invalid", ["o@ardenia.invalid"], connection=sender).send()
    (letter,) = tmp_path.iterdir()
    text = letter.read_text(encoding="utf-8")
    assert re.fullmatch(r"\d{8}-[0-9a-f]{16}\.log", letter.name)
    assert re.findall(r"\d\d:\d\d:\d\d", text) == ["00:00:00"]
    assert re.search(r"^Message-ID: <[0-9a-f]{32}@ardenia\.invalid>$", text, re.MULTILINE)


def test_what_was_given_with_a_key_cannot_be_tried_without_the_key() -> None:
    spec = ACTIONS["concerns.write_to_filer"]
    given = {"concern": "CN-" + "0" * 26, "text": "We are reading it.", "expected_version": 1}
    one, other = (request_of(spec, SYSTEM, given, key) for key in ("key-1", "key-2"))
    assert one is not None
    assert other is not None
    assert one.content != other.content
    assert one == request_of(spec, SYSTEM, given, "key-1")
