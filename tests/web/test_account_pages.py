"""allauth's pages have our look: HTML that nests, labels, nothing inline, no brand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.module_loading import import_string

from penholder.people.sign_in.pages import PAGES
from tests.web.page_checks import faults, read_page


class Boxes(forms.Form):
    """The kinds of boxes that allauth's forms have, one of them wrong."""

    login = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"placeholder": "x", "autocomplete": "email"})
    )
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    code = forms.CharField(max_length=6)
    credential = forms.JSONField(widget=forms.HiddenInput)
    secret = "JBSWY3DPEHPK3PXP"  # noqa: S105 - invented


class Hidden(forms.Form):
    """What a security key fills."""

    credential = forms.JSONField(widget=forms.HiddenInput)


KEY = SimpleNamespace(
    pk=7,
    user=SimpleNamespace(public_id="P-1"),
    data={"name": ""},
    wrap=SimpleNamespace(is_passwordless=True),
    created_at=datetime(2024, 9, 2, 8, tzinfo=UTC),
    last_used_at=None,
)
CODES = SimpleNamespace(generate_codes=["1", "2"], get_unused_codes=["1"])
EVERY_TYPE = {"MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"], "is_mfa_enabled": True}
PAGES_OF: dict[str, Mapping[str, Any]] = {
    "account/login.html": {"PASSKEY_LOGIN_ENABLED": True, "redirect_field": ""},
    "account/logout.html": {},
    "account/account_inactive.html": {},
    "account/signup_closed.html": {},
    "account/reauthenticate.html": {"reauthentication_alternatives": [{"url": "/x", "description": "Use a key"}]},
    "account/password_reset.html": {},
    "account/password_reset_done.html": {},
    "account/password_reset_from_key.html": {"action_url": "/x"},
    "account/password_reset_from_key_done.html": {},
    "account/password_change.html": {},
    "account/password_set.html": {},
    "mfa/index.html": {**EVERY_TYPE, "authenticators": {"totp": True, "recovery_codes": CODES, "webauthn": [KEY]}},
    "mfa/authenticate.html": {
        **EVERY_TYPE,
        "webauthn_form": Hidden(prefix="key"),
        "js_data": {"request_options": {}},
    },
    "mfa/reauthenticate.html": {},
    "mfa/totp/activate_form.html": {"totp_svg": get_adapter().build_totp_svg("otpauth://totp/x")},
    "mfa/totp/deactivate_form.html": {},
    "mfa/recovery_codes/index.html": {
        "unused_codes": ["1", "2"],
        "total_count": 10,
        "can_view_codes": True,
        "can_download_codes": True,
        "can_generate_codes": True,
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
    },
    "mfa/recovery_codes/generate.html": {"unused_code_count": 2, "form": forms.Form()},
    "mfa/webauthn/authenticator_list.html": {"authenticators": [KEY]},
    "mfa/webauthn/add_form.html": {"js_data": {"creation_options": {}}},
    "mfa/webauthn/edit_form.html": {},
    "mfa/webauthn/authenticator_confirm_delete.html": {"authenticator": KEY},
    "mfa/webauthn/reauthenticate.html": {"js_data": {"request_options": {}}},
    "socialaccount/login.html": {"provider": {"name": "Staff"}},
    "socialaccount/login_cancelled.html": {},
    "socialaccount/authentication_error.html": {},
}


def page_of(template: str, context: Mapping[str, Any]) -> str:
    """The page, with a form that was sent with errors."""
    request = RequestFactory().get("/account/")
    request.user = AnonymousUser()
    given = {"form": Boxes({"login": "<b>", "code": "1234567"}), **context}
    return render_to_string(template, given, request)


@pytest.mark.parametrize("template", PAGES_OF)
def test_a_page_of_allauth_has_no_fault(template: str) -> None:
    page = page_of(template, PAGES_OF[template])
    assert faults(page) == []
    elements, _ = read_page(page)
    classes = {e.attributes.get("class", "").split(" ")[0] for e in elements if "main" in e.inside}
    assert "govuk-heading-l" in classes
    plain = [
        e.name for e in elements if "main" in e.inside and e.name in {"h1", "p", "button"} and not e.attributes
    ]
    assert plain == []


STOCK = (
    "Two-Factor", "Authenticator App", "Sign In", "Sign Out", "Sign Up", "Security Key", "Recovery Codes",
    "Are you sure", "Alternative options", "Confirm Access", "Inactive", "Third-Party", "Please", "Set Password",
)  # fmt: skip


@pytest.mark.parametrize("template", PAGES_OF)
def test_no_page_of_allauth_speaks_in_its_stock_words(template: str) -> None:
    page = page_of(template, PAGES_OF[template])
    assert [words for words in STOCK if words in page] == []


@pytest.mark.parametrize("form", [*settings.ACCOUNT_FORMS.values(), *settings.MFA_FORMS.values()])
def test_no_form_of_allauth_has_its_stock_labels(form: str) -> None:
    """Each word of a label but the first is small."""
    kind = import_string(form)
    more = {"user": None} if form.rpartition(".")[2] in {"CodeForm", "CodeAgainForm"} else {}
    if form.rpartition(".")[2] in {"AddKeyForm", "RenameKeyForm", "AppForm"}:  # they ask the database
        assert set(kind.words) >= {"code"} or set(kind.words) >= {"name"}
        return
    labels = [str(f.label) for f in kind(**more).fields.values() if f.label]
    assert [x for x in labels if x[1:].replace("E-mail", "e-mail") != x[1:].lower()] == []


def test_what_was_done_is_said_in_our_words() -> None:
    said = {
        name: render_to_string(name, {}).strip()
        for folder, names in {
            "account": ("logged_in", "logged_out", "password_changed", "password_set"),
            "mfa": ("totp_activated", "totp_deactivated", "webauthn_added", "webauthn_removed"),
        }.items()
        for name in (f"{folder}/messages/{n}.txt" for n in names)
    }
    assert said["mfa/messages/totp_activated.txt"] == "The authenticator app is set up."
    assert said["account/messages/password_changed.txt"] == "Your password is changed."
    assert [t for t in said.values() if "successfully" in t or "won&" in t or "activated" in t] == []


def test_the_list_of_pages_is_not_shorter_than_what_is_mounted() -> None:
    """Pages without a template of their own: redirects, downloads, and those that show another's."""
    without = {
        "account_signup",
        "mfa_download_recovery_codes",
        "mfa_login_webauthn",
        "openid_connect_login",
        "openid_connect_callback",
        "socialaccount_signup",
        "socialaccount_connections",  # asks the database
    }
    assert len(set(PAGES) - without) <= len(PAGES_OF)


def test_errors_stand_at_the_top_and_at_the_box() -> None:
    page = page_of("account/login.html", PAGES_OF["account/login.html"])
    elements, _ = read_page(page)
    ids = {e.attributes.get("id"): e for e in elements}
    assert ids["id_code-error"].text.strip().startswith("Error: This is too long: at most 6 characters")
    assert ids["id_login"].attributes["autocomplete"] == "email"
    assert "placeholder" not in ids["id_login"].attributes
    assert ids["id_login"].attributes["aria-describedby"] == "id_login-error"
    links = [e.attributes["href"] for e in elements if e.name == "a" and e.attributes["href"].startswith("#id_")]
    assert links == ["#id_login", "#id_password", "#id_code"]
    title = next(e.text for e in elements if e.name == "title")
    assert title == "Error: Sign in - Licensing authority of Ardenia"


@pytest.mark.parametrize(
    ("name", "button", "said"),
    [
        ("account/login.html", "Sign in with a passkey", "Signing in with a passkey needs JavaScript"),
        ("mfa/authenticate.html", "Use a security key", "A security key needs JavaScript"),
        ("mfa/webauthn/reauthenticate.html", "Use a security key", "A security key needs JavaScript"),
        ("mfa/webauthn/add_form.html", "Add the key", "Adding a key needs JavaScript"),
    ],
)
def test_a_button_that_needs_scripts_is_hidden_where_none_run_and_the_page_says_so(
    name: str, button: str, said: str
) -> None:
    elements, _ = read_page(page_of(name, PAGES_OF[name]))
    (found,) = (e for e in elements if e.name == "button" and e.text.strip() == button)
    assert "ph-scripted" in found.attributes["class"].split()
    (words,) = (e for e in elements if "ph-unscripted" in e.attributes.get("class", "").split())
    assert words.text.startswith(said)
    assert not any(e.name == "noscript" for e in elements)
    modules = [e for e in elements if e.name == "script" and e.attributes.get("type") == "module"]
    assert any("penholder" in e.attributes["src"] for e in modules)


def test_the_code_for_an_app_is_drawn_in_the_page() -> None:
    page = page_of("mfa/totp/activate_form.html", PAGES_OF["mfa/totp/activate_form.html"])
    elements, _ = read_page(page)
    assert [e.name for e in elements if e.name in {"svg", "img"}] == ["svg"]
    assert "data:image" not in page
    assert "<?xml" not in page


def test_dates_of_keys_read_as_everywhere() -> None:
    page = page_of("mfa/webauthn/authenticator_list.html", PAGES_OF["mfa/webauthn/authenticator_list.html"])
    assert '<time datetime="2024-09-02">2 September 2024</time>' in page
    assert "never" in page
