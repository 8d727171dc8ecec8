"""A page with every macro of components.html on it, for tests only: python -m tests.web.look > look.html."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from django import forms
from django.core.exceptions import ValidationError
from django.template import engines
from django.test import RequestFactory

from penholder.entry.date_parts import DateParts
from penholder.site.shell import MenuItem, Shell

TEMPLATE = Path(__file__).with_name("look.html")
SHELL = Shell(
    authority="Licensing authority of Ardenia",
    person="officer-1@ardenia.invalid",
    roles=("licensing manager",),
    menu=(
        MenuItem("Register", "/register", is_current=True),
        MenuItem("Inbox", "/inbox", count=1942),
        MenuItem("Customs", "/customs"),
        MenuItem("Ledger", "/ledger"),
    ),
    account=(MenuItem("Security keys and codes", "/accounts/2fa/"), MenuItem("Password", "/accounts/password/")),
    sign_out="/accounts/logout/",
    footer=(MenuItem("How to verify", "/verify"), MenuItem("Accessibility", "/accessibility")),
    version="0.0.0",
)


def _refuse(value: object) -> None:
    raise ValidationError("This is never right.")


class EveryField(forms.Form):
    """One field of each kind; the hostile ones hold markup."""

    licence = forms.CharField(
        label="Licence", max_length=20, help_text="As on the licence: L- and ten letters or digits."
    )
    note = forms.CharField(label="Note <b>bold</b>", required=False, widget=forms.Textarea, max_length=2000)
    power = forms.ChoiceField(
        label="Power",
        choices=[("", "Choose one"), ("Orders", [("a32", "Article 32"), ("a33", "Article 33")]), ("x", "Other")],
    )
    scope = forms.ChoiceField(
        label="Which lines", widget=forms.RadioSelect, choices=[("all", "All"), ("some", "Some")]
    )
    lines = forms.MultipleChoiceField(
        label="Lines", widget=forms.CheckboxSelectMultiple, choices=[("1", "Line 1"), ("2", "Line 2")]
    )
    review_by = forms.DateField(label="Review by", widget=DateParts, input_formats=["%Y-%m-%d"])
    since = forms.DateField(label="Since", widget=DateParts, input_formats=["%Y-%m-%d"], required=False)
    quantity = forms.DecimalField(label="Quantity", help_text="In the unit of the line.")
    notice = forms.FileField(label="Notice", required=False)
    is_urgent = forms.BooleanField(label="Stop shipments that are on their way", required=False)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    version = forms.CharField(widget=forms.HiddenInput)
    wrong = forms.CharField(label="Never right", validators=[_refuse])


class OneLine(forms.Form):
    """A line of a repeated field."""

    rating = forms.CharField(label="Rating", max_length=10)


TYPED = {
    "licence": "L-7F3K2M9QXA",
    "note": "<script>alert(1)</script>",
    "power": "a33",
    "scope": "some",
    "lines": ["2"],
    "review_by_day": "31",
    "review_by_month": "2",
    "review_by_year": "2024",
    "since_day": "2",
    "since_month": "9",
    "since_year": "2024",
    "quantity": "ten",
    "is_urgent": "on",
    "version": "3",
    "wrong": "x",
}


def look_page() -> str:
    """The page, as a signed-in officer sees it after sending a form with errors."""
    request = RequestFactory().get("/register")
    request.shell = SHELL  # type: ignore[attr-defined]
    lines = forms.formset_factory(OneLine, extra=2, can_delete=True)(prefix="lines")
    context = {
        "sent": EveryField(TYPED),
        "lines": lines,
        "on": date(2024, 9, 2),
        "at": datetime(2026, 11, 22, 10, 14, 5, tzinfo=UTC),
        "exact": Decimal("38123456.50"),
    }
    return str(engines["jinja2"].from_string(TEMPLATE.read_text(encoding="utf-8")).render(context, request))


def main() -> None:
    """Print the page."""
    sys.stdout.write(look_page())


if __name__ == "__main__":
    from tests.casework import start_django

    start_django()
    main()
