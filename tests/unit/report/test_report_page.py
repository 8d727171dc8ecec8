"""The report: what stands on it, in which order, and what can never be on it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pyarrow as pa
import pytest

from penholder.analysis.report.data import IncidentPlace, PathGroup, PlaceRow
from penholder.analysis.report.html.lines import ROWS_SHOWN, listed, shares
from penholder.analysis.report.html.page import policy, report_page, style
from penholder.analysis.report.html.plain import plain_page
from penholder.analysis.report.map.plan import Fill, fill_of, plan_map
from penholder.analysis.report.map.topology import FINE, atlas_shapes
from penholder.analysis.report.result import Citation, Result
from tests.unit.report.invented import HOSTILE, STATES, lines, report

_VOID = {"meta", "link", "br", "hr", "img", "path", "rect", "line", "circle"}


class _Page(HTMLParser):
    """Ids, links and the balance of the tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [v for k, v in attrs if k == "id" and v]
        self.links += [v for k, v in attrs if k in {"href", "src"} and v]
        if tag not in _VOID or tag in {"path", "circle"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed_with_unique_anchors_and_no_dead_links() -> None:
    page = _Page(report_page(report(many=400)))
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    inside = {address[1:] for address in page.links if address.startswith("#")}
    assert inside <= set(page.ids)
    assert {a for a in page.links if not a.startswith("#")} == {
        "https://example.org/criteria", "https://example.org/letter",
    }  # fmt: skip


def test_nothing_on_the_page_can_run_or_be_fetched() -> None:
    text = report_page(report())
    tags = set(_Page(text).tags)
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use"}
    assert re.search(r"\son[a-z]+=", text) is None
    assert "@import" not in style()
    assert set(re.findall(r"url\(([^)]*)\)", style())) == {"#hatch", "#dots"}
    assert policy().startswith("default-src 'none'; style-src 'sha256-")


def test_hostile_text_is_shown_as_text() -> None:
    text = report_page(report())
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; \"quotes\" 'x'" in text
    assert HOSTILE[-1] not in text


def test_the_sections_stand_in_their_order() -> None:
    text = report_page(report())
    names = ("unknown", "outlier", "profile", "places", "timeline", "lines", "limbs", "method", "cite")
    anchors = ['<dl class="figures">', '<ul class="notices">', *(f'id="{name}"' for name in names)]
    positions = [text.index(a) for a in anchors]
    assert positions == sorted(positions)


def test_long_listings_are_cut_and_say_so_but_figures_are_not() -> None:
    data = report(many=7310)
    text = report_page(data)
    assert f"{ROWS_SHOWN - 5} of 7,310 lines" in text
    assert f"{ROWS_SHOWN} of 7,351 lines" in text
    assert '<a href="#path-1">7,310</a>' in text
    assert "-o lines.csv" in text


def test_room_goes_to_the_strongest_path_but_every_path_shows_a_few() -> None:
    groups = [PathGroup(str(n), "hint", "B2", n, None, "", lines(1, n)) for n in (3, 900, 900)]
    assert shares(groups) == [3, ROWS_SHOWN - 8, 5]


def test_sorted_copies_are_sorted_over_all_rows_not_over_those_shown() -> None:
    groups = [PathGroup("a", "hint", "B2", 900, None, "", lines(1, 900))]
    values = [r.value for r in listed(groups).orders["by-value"]]
    assert values[:3] == [Decimal(1900), Decimal(1899), Decimal(1898)]
    days = [r.decided_on for r in listed(groups).orders["by-date"]]
    assert days == sorted(days, reverse=True)


def test_the_copy_by_destination_shows_some_lines_of_every_destination() -> None:
    groups = [
        PathGroup("a", "hint", "B2", 900, None, "", (*lines(1, 900), replace(lines(1, 1)[0], destination="Z")))
    ]
    shown = listed(groups).orders["by-destination"]
    numbers = Counter(r.destination for r in shown)
    assert len(shown) == ROWS_SHOWN
    assert numbers["Z"] == 1
    assert set(numbers.values()) <= {1, 41, 42}


def test_the_profile_is_said_with_its_sources_and_what_it_leaves_open() -> None:
    text = re.sub(r"<[^>]+>", "", report_page(report()))
    assert (
        "Air force: operated by Ardenia from 1 March 2021. Source: Invented letter, https://example.org/letter, "
        "March 2021; grade A1." in text
    )
    assert "list of states is complete. Open: lines to all other states stay unknown" in text
    assert 'id="profile"' not in report_page(replace(report(), profile=()))


def test_an_outlier_that_moves_the_answer_is_a_box_and_another_is_a_note() -> None:
    data = report()
    assert data.outlier is not None
    assert re.search(r'aria-labelledby="outlier" class="box"><h2', report_page(data))
    note = report_page(replace(data, outlier=replace(data.outlier, weighty=False)))
    assert re.search(r'aria-labelledby="outlier" class="aside"><h3', note)


def test_an_empty_answer_is_a_page_that_says_so() -> None:
    data = replace(
        report(), unknowns=(), places=(), incident_places=(), timeline=(), paths=(), limbs=(), boundaries=(),
        territory=(), notices=(), outlier=None, rule_texts=(), profile=(),
    )  # fmt: skip
    text = report_page(data)
    assert _Page(text).open == []
    assert "Every line in scope could be answered with the data at hand." in text
    assert "No line in scope could have been used" in text
    assert "No licence line is in scope" in text
    assert "has a date" in text


@pytest.mark.parametrize(
    ("counts", "fill"),
    [
        ((0, 0, 0, 0), Fill.NONE), ((0, 0, 3, 0), Fill.EXCLUDED), ((0, 0, 3, 1), Fill.WITHHELD),
        ((0, 2, 3, 1), Fill.UNKNOWN), ((1, 2, 3, 1), Fill.COULD_1), ((10, 0, 0, 0), Fill.COULD_2),
        ((100, 0, 0, 0), Fill.COULD_3), ((1000, 0, 0, 0), Fill.COULD_4),
    ],
)  # fmt: skip
def test_unknown_withheld_excluded_and_none_have_their_own_fill(counts: tuple[int, ...], fill: Fill) -> None:
    could, unknown, excluded, withheld = counts
    assert fill_of(PlaceRow("XA", "Ardenia", could, unknown, excluded, withheld=withheld)) is fill


def test_invented_states_are_drawn_alone_and_places_without_a_boundary_are_listed() -> None:
    plan = plan_map(report())
    assert len(plan.shapes) == len(STATES)
    assert plan.sources == ("of the data folder (invented for this sample)",)
    assert [p.name for p in plan.off_map] == ["Outer shelf", "Atlantea"]
    assert plan.outside == ()


def test_real_codes_are_joined_to_the_atlas_and_far_places_are_named() -> None:
    if not atlas_shapes(FINE):
        pytest.skip("no boundaries installed: sh tools/fetch_atlas.sh")
    places = (
        PlaceRow("BH", "Bahrain", 3, 0, 0),
        PlaceRow("NZ", "New Zealand", 0, 2, 0),
        PlaceRow("Outer shelf", "Outer shelf", 0, 1, 0, kind="non_country"),
    )
    incidents = (IncidentPlace("somewhere", 26.0, 50.5, 4),)
    data = replace(report(), places=places, territory=(), boundaries=(), incident_places=incidents)
    plan = plan_map(data)
    assert not plan.is_world
    assert [p.code for p in plan.outside] == ["NZ"]
    assert [p.code for p in plan.off_map] == ["Outer shelf"]
    assert plan.sources == ("Natural Earth (public domain), as packaged in world-atlas 2.0.2 (ISC licence)",)
    assert "not a statement by anyone about the status" in report_page(data)


def _luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", ["ink", "soft", "link", "visited"])
def test_text_colours_have_the_contrast_that_wcag_asks_for(name: str) -> None:
    colours = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", style()))
    assert 1.05 / (_luminance(colours[name]) + 0.05) >= 4.5


def test_a_plain_page_groups_digits_but_not_those_of_years() -> None:
    rows = pa.table(
        {
            "year": pa.array([2015, None], pa.int64()),
            "value": pa.array([Decimal("1582666650.00"), Decimal("-0.50")], pa.decimal128(38, 2)),
            "lines": [94900, 3],
        }
    )
    text = plain_page(Result("Figures", {}, rows, Citation("what", "0" * 64)))
    cells = re.findall(r"<(?:td|th)[^>]*>([^<]*)</(?:td|th)>", text)
    assert cells[3:] == ["2015", "1,582,666,650", "94,900", "", "-0.50", "3"]


def test_places_with_only_excluded_lines_are_one_row_and_a_paragraph() -> None:
    places = (
        PlaceRow("XA", "Ardenia", 3, 0, 1),
        PlaceRow("XB", "Belmora", 0, 0, 1200),
        PlaceRow("XC", "Corvale", 0, 0, 30),
        PlaceRow("XD", "Dunmere", 0, 0, 0),
    )
    text = report_page(replace(report(), places=places))
    assert "2 more places, only excluded lines" in text
    assert ">1,230<" in text
    assert "Only excluded lines: Belmora 1,200 · Corvale 30." in text
    assert "Table of the map: 3 places" in text


def test_goods_have_a_column_only_where_they_are_described() -> None:
    bare = tuple(replace(g, rows=tuple(replace(r, description="") for r in g.rows)) for g in report().paths)
    assert ">Goods<" in report_page(report())
    assert ">Goods<" not in report_page(replace(report(), paths=bare))
