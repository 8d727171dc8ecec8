"""Whatever the data say, they stay text on the page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.report.html.elements import Markup, day, join, link, money, slug, tag


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _read(markup: str) -> _Reader:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader


@given(st.text(), st.text())
def test_any_text_stays_one_text_and_any_attribute_one_attribute(text: str, attribute: str) -> None:
    reader = _read(tag("p", text, title=attribute))
    assert reader.tags == ["p"]
    assert [name for name, _ in reader.attributes] == ["title"]


def test_text_is_escaped_and_markup_is_not() -> None:
    assert tag("p", "<b>&", Markup("<i>x</i>"), 3, None, ["a", "b"]) == "<p>&lt;b&gt;&amp;<i>x</i>3ab</p>"
    assert tag("a", "x", title='"><script>') == '<a title="&quot;&gt;&lt;script&gt;">x</a>'


def test_characters_that_html_forbids_or_that_turn_text_around_are_replaced() -> None:
    assert join(["a\x00b\u202ec\x1b"]) == "a\N{REPLACEMENT CHARACTER}bc\N{REPLACEMENT CHARACTER}"


def test_attributes_that_are_none_or_false_are_left_out() -> None:
    assert tag("td", "x", class_=None, id=False, hidden=True) == '<td hidden="">x</td>'


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        ("day", '<time datetime="2024-09-02">2 September 2024</time>'),
        ("month", '<time datetime="2024-09">September 2024</time>'),
        ("year", '<time datetime="2024">2024</time>'),
    ],
)
def test_a_day_is_written_as_finely_as_it_is_known(precision: str, expected: str) -> None:
    assert day(date(2024, 9, 2), precision=precision) == expected


def test_money_keeps_its_pence_and_says_when_it_is_not_stated() -> None:
    assert money(Decimal("1234567.00"), "GBP") == "GBP 1,234,567"
    assert money(Decimal("0.50"), "GBP") == "GBP 0.50"
    assert money(None, "GBP") == "not stated"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "", "ML10"])
def test_only_anchors_and_web_addresses_become_links(address: str) -> None:
    assert link("text", address) == "text"


@given(st.text(), st.text())
def test_different_texts_have_different_anchors(one: str, other: str) -> None:
    assert (slug(one) == slug(other)) == (one == other)
