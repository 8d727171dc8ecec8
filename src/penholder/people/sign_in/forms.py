"""The forms of allauth in our words. What is personal in them is given on as a pseudonym, or sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms

from penholder.people.addresses import pseudonym_of
from penholder.people.sign_in.key_names import open_name, seal_name

_ADDRESS = "E-mail address"
_WRONG_ADDRESS = "is no e-mail address: it has a name, @ and a host, like officer-1@ardenia.invalid"


class _InOurWords(forms.Form):
    """Labels and hints of fields that allauth names. Words: name of a field -> (label, hint)."""

    words: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.error_messages["required"] = "is needed"
            if name in self.words:
                field.label, field.help_text = self.words[name]


class _PasswordWords(_InOurWords):
    words: ClassVar[Mapping[str, tuple[str, str]]] = {
        "oldpassword": ("Password now", ""),
        "password1": (
            "New password",
            "At least 12 characters; none of the well-known ones, and not like your address or function.",
        ),
        "password2": ("New password once more", ""),
    }


class ChosenPasswordForm(_PasswordWords, ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """The first password, or a new one after a link."""


class OtherPasswordForm(_PasswordWords, ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """Another password for the one of now."""


class FirstPasswordForm(_PasswordWords, SetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """A password for who had none."""


class CodeForm(_InOurWords, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The second factor at sign-in."""

    words: ClassVar[Mapping[str, tuple[str, str]]] = {
        "code": ("Code", "Six digits from your authenticator app, or one of your recovery codes.")
    }


class CodeAgainForm(_InOurWords, ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """Likewise, by who is signed in."""

    words = CodeForm.words


class AppForm(_InOurWords, ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of an app."""

    words: ClassVar[Mapping[str, tuple[str, str]]] = {
        "code": ("Code", "Six digits that the app shows now; they change every 30 seconds.")
    }


class SignInForm(_InOurWords, LoginForm):  # type: ignore[misc]  # allauth has no types
    """Looks for the pseudonym of the typed address; counters and sessions have that alone."""

    words: ClassVar[Mapping[str, tuple[str, str]]] = {"login": (_ADDRESS, "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages["invalid"] = _WRONG_ADDRESS

    def clean_login(self) -> str:
        return pseudonym_of(super().clean_login())


class NewPasswordForm(_InOurWords, ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Likewise. The adapter finds the address again when it sends the letter."""

    words: ClassVar[Mapping[str, tuple[str, str]]] = {"email": (_ADDRESS, "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["invalid"] = _WRONG_ADDRESS

    def clean_email(self) -> str:
        self.cleaned_data["email"] = pseudonym_of(self.cleaned_data["email"])
        found: str = super().clean_email()
        return found


class AddKeyForm(_InOurWords, AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Seals the name that its owner gives a security key."""

    words: ClassVar[Mapping[str, tuple[str, str]]] = {
        "name": ("Name", "By which you know this key from your others."),
        "passwordless": (
            "Sign in with this key alone, without the password",
            "It then asks for its PIN or your fingerprint at each sign-in.",
        ),
    }

    def clean_name(self) -> str:
        return seal_name(self.user, super().clean_name())


class RenameKeyForm(_InOurWords, EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Likewise."""

    words = AddKeyForm.words

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["name"] = open_name(kwargs["instance"])
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        return seal_name(self.instance.user, self.cleaned_data["name"])
