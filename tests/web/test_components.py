"""Every macro draws HTML that nests, with labels and nothing inline; values read as the house writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from markupsafe import Markup

from penholder.entry.date_parts import DateParts
from penholder.site import jinja
from penholder.site.fields import errors_of, field_view, whole_sentence
from tests.web.look import TYPED, EveryField
from tests.web.page_checks import faults, read_page


def draw(call: str, **context: object) -> str:
    """What `{{ c.<call> }}` draws."""
    text = '{% import "components.html" as c %}{{ c.' + call + " }}"
    return str(engines["jinja2"].from_string(text).render(context))


def text_of(markup: object) -> str:
    """The words alone."""
    return Markup(str(markup)).striptags().replace("\xa0", " ")  # noqa: S704 - only its text is used


def test_the_page_with_every_macro_has_no_fault(look: str) -> None:
    assert faults(look) == []


def test_what_people_type_is_never_markup(look: str) -> None:
    assert "<script>alert(1)</script>" not in look
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in look
    assert "<img src=x" not in look
    assert "<b>bold</b>" not in look


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("<p><div></div></p>", "block <div> in ['p']"),
        ("<ul><a href='/'>x</a></ul>", "<ul> holds <a>"),
        ("<h1>a</h1><h1>b</h1>", "2 <h1>: ['a', 'b']"),
        ("<h1>a</h1><i id=x></i><i id=x></i>", "id 'x' is there 2 times"),
        ("<h1>a</h1><input type=text id=x>", "no label: {'type': 'text', 'id': 'x'}"),
        ("<h1>a</h1><p style='color:red'></p>", "inline style in <p>"),
        ("<h1>a</h1><script>1</script>", "inline or foreign script: {}"),
        ("<h1>a</h1><b onclick='x()'></b>", "onclick in <b>"),
        ("<h1>a</h1><a href='javascript:x'>b</a>", "<a href='javascript:x'>"),
        ("<h1>a</h1><table><tr><th>b</th></tr></table>", "a table without a caption"),
        ("<h1>a</h1><i aria-describedby=y></i>", "i aria-describedby='y' leads nowhere"),
        ("<h1>a</h1><b>GOV.UK</b>", "brand: GOV.UK"),
        ("<h1>a</h1><div>", "<div> is never closed"),
    ],
)
def test_the_check_sees_what_is_wrong(wrong: str, said: str) -> None:
    page = f"<!DOCTYPE html><html lang=en><head><title>t</title></head><body><main>{wrong}</main></body></html>"
    assert said in faults(page)
    good = page.replace(wrong, "<h1>a</h1>")
    assert faults(good) == []


def test_the_window_says_that_there_is_an_error_and_where(look: str) -> None:
    elements, _ = read_page(look)
    title = next(e.text for e in elements if e.name == "title")
    assert title == "Error: Licence L-7F3K2M9QXA - Licensing authority of Ardenia"
    assert errors_of(EveryField(TYPED)) == [
        ("Review by: enter a valid date.", "id_review_by_day"),
        ("Quantity: enter a number.", "id_quantity"),
        ("Password: this field is required.", "id_password"),
        ("Never right: this is never right.", "id_wrong"),
    ]
    ids = {e.attributes.get("id") for e in elements}
    assert {"id_review_by_day", "id_quantity", "id_password", "id_wrong"} <= ids


def test_what_was_typed_comes_back_but_never_a_password(look: str) -> None:
    elements, _ = read_page(look)
    boxes = {e.attributes["id"]: e for e in elements if e.name in {"input", "textarea"} and "id" in e.attributes}
    assert boxes["id_review_by_day"].attributes["value"] == "31"
    assert boxes["id_quantity"].attributes["value"] == "ten"
    assert boxes["id_note"].text.strip() == "<script>alert(1)</script>"
    assert "checked" in boxes["id_lines_1"].attributes
    assert "checked" not in boxes["id_lines_0"].attributes
    assert boxes["id_lines_0"].attributes["type"] == "checkbox"
    password = EveryField(TYPED | {"password": "correct horse"})
    assert "correct horse" not in draw("field(f)", f=password["password"])


def test_numbers_are_typed_into_text_boxes() -> None:
    view = field_view(EveryField()["quantity"])
    assert (view.kind, view.type, view.width) == ("text", "text", 10)


def test_a_widget_that_no_macro_draws_is_refused() -> None:
    class Odd(forms.Form):
        moment = forms.SplitDateTimeField()

    with pytest.raises(TypeError, match="no macro draws the widget SplitDateTimeWidget"):
        field_view(Odd()["moment"])


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ({"d_day": "2", "d_month": "9", "d_year": "2024"}, date(2024, 9, 2)),
        ({"d": "2024-09-02"}, date(2024, 9, 2)),
        ({"d_day": "31", "d_month": "2", "d_year": "2024"}, None),
        ({"d_day": "2", "d_month": "", "d_year": "2024"}, None),
        ({"d_day": "2-9", "d_month": "9", "d_year": "2024"}, None),
        ({}, None),
    ],
)
def test_a_date_is_read_from_three_boxes_or_one(data: dict[str, str], value: date | None) -> None:
    class Dated(forms.Form):
        d = forms.DateField(widget=DateParts, input_formats=["%Y-%m-%d"])

    form = Dated(data)
    assert form.is_valid() == (value is not None)
    if value:
        assert form.cleaned_data["d"] == value
        shown = [p.value for p in field_view(Dated(initial={"d": value})["d"]).parts]
        assert shown == ["2", "9", "2024"]


def test_dates_read_as_words_and_are_iso_in_the_data() -> None:
    at = datetime(2026, 11, 22, 10, 14, 5, tzinfo=UTC)
    assert jinja.day(date(2024, 9, 2)) == '<time datetime="2024-09-02">2 September 2024</time>'
    assert jinja.moment(at) == '<time datetime="2026-11-22T10:14:05Z">22 November 2026, 10:14 UTC</time>'
    assert jinja.day(at) == '<time datetime="2026-11-22">22 November 2026</time>'
    assert jinja.moment("2026-11-22T12:14:05+02:00") == jinja.moment(at)


@pytest.mark.parametrize(
    ("value", "short", "exact"),
    [
        ("38123456.50", "GBP 38.1 m", "GBP 38,123,456.50"),
        ("999.99", "GBP 999.99", "GBP 999.99"),
        ("1000", "GBP 1.0 k", "GBP 1,000"),
        ("999949", "GBP 999.9 k", "GBP 999,949"),
        ("999950", "GBP 1.0 m", "GBP 999,950"),
        ("1234567890123", "GBP 1,234.6 bn", "GBP 1,234,567,890,123"),
        ("-2500000", "GBP -2.5 m", "GBP -2,500,000"),
        ("0", "GBP 0", "GBP 0"),
    ],
)
def test_money_is_short_for_the_eye_and_exact_beside_it(value: str, short: str, exact: str) -> None:
    shown = jinja.money_short(Decimal(value), "GBP")
    assert text_of(shown) == short
    assert text_of(jinja.money(Decimal(value), "GBP")) == exact
    if short != exact:
        assert f'value="{value}"' in shown


def test_unknown_withheld_and_none_are_named_and_look_different() -> None:
    words = {kind: text_of(jinja.absent(kind)) for kind in jinja.ABSENT}
    assert words == {"unknown": "not known", "withheld": "withheld", "none": "none"}
    classes = {str(jinja.absent(kind)).split('"')[1] for kind in jinja.ABSENT}
    assert len(classes) == 3
    assert jinja.shown(None) == jinja.day(None) == jinja.money(None, "GBP") == jinja.absent("unknown")
    assert jinja.shown([]) == jinja.absent("none")
    assert jinja.shown(0) == "0"
    assert jinja.absent("withheld", "a < b") == (
        '<span class="ph-absent ph-absent--withheld">withheld: a &lt; b</span>'
    )
    with pytest.raises(KeyError):
        jinja.absent("secret")


def test_a_state_is_a_word_and_a_sign_not_only_a_colour() -> None:
    assert text_of(draw("status('expired_while_suspended')")) == "■ Expired while suspended"
    assert text_of(draw("status('in_force')")) == "● In force"


def test_a_table_has_caption_heads_and_says_what_to_do_when_empty() -> None:
    table = draw("table('Lines', ['Line', {'text': 'Value', 'numeric': true}], [[1, none]])")
    elements, wrong = read_page(table)
    assert wrong == []
    assert [(e.attributes["scope"], e.text.strip()) for e in elements if e.name == "th"] == [
        ("col", "Line"),
        ("col", "Value"),
        ("row", "1"),
    ]
    assert next(e.text for e in elements if e.name == "td") == "not known"
    empty = draw("table('Lines', ['Line'], [], empty='Load a release first.')")
    assert "<table" not in empty
    assert "Load a release first." in empty


def test_an_undefined_name_is_an_error_not_an_empty_place() -> None:
    with pytest.raises(Exception, match="'nothing' is undefined"):
        engines["jinja2"].from_string("{{ nothing }}").render({})


def test_a_field_of_a_long_text_counts_and_describes() -> None:
    elements, wrong = read_page(draw("field(f)", f=EveryField()["note"]))
    assert wrong == []
    box = next(e for e in elements if e.name == "textarea")
    assert box.attributes["aria-describedby"] == "id_note-info"
    assert next(e.attributes["data-maxlength"] for e in elements if "data-maxlength" in e.attributes) == "2000"


def test_without_a_person_there_is_no_menu_and_no_account() -> None:
    page = str(
        engines["jinja2"].from_string('{% extends "base.html" %}{% set title = "A" %}').render({}, request())
    )
    assert faults(page) == []
    assert "Sign out" not in page
    assert 'id="navigation"' not in page
    assert "Licensing authority of Ardenia" in page


def request() -> HttpRequest:
    """A request that nobody is signed in for."""
    return RequestFactory().get("/")


def test_an_error_is_a_whole_sentence_at_its_box_and_after_a_question() -> None:
    assert whole_sentence("is needed") == "This is needed"
    assert whole_sentence("must be a whole number") == "This must be a whole number"
    assert whole_sentence("Enter a valid date.") == "Enter a valid date."
