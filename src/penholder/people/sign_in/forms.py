"""Forms of allauth in which something personal is typed: what they give on is a pseudonym, or sealed."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm

from penholder.people.addresses import pseudonym_of
from penholder.people.sign_in.key_names import open_name, seal_name


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """Looks for the pseudonym of the typed address; counters and sessions have that alone."""

    def clean_login(self) -> str:
        return pseudonym_of(super().clean_login())


class NewPasswordForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Likewise. The adapter finds the address again when it sends the letter."""

    def clean_email(self) -> str:
        self.cleaned_data["email"] = pseudonym_of(self.cleaned_data["email"])
        found: str = super().clean_email()
        return found


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Seals the name that its owner gives a security key."""

    def clean_name(self) -> str:
        return seal_name(self.user, super().clean_name())


class RenameKeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Likewise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["name"] = open_name(kwargs["instance"])
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        return seal_name(self.instance.user, self.cleaned_data["name"])
