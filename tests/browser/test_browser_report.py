"""The report in a real browser: accessible, alone, usable without script, by keyboard, small, and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def any_page(browser: Any, report_file: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The report, opened with JavaScript on and off."""
    yield from _opened(browser, report_file, java_script_enabled=request.param)


@pytest.fixture
def page(browser: Any, report_file: Path) -> Iterator[Any]:
    """The report at the width of a desk."""
    yield from _opened(browser, report_file)


def _opened(browser: Any, file: Path, **options: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
    found = context.new_page()
    found.goto(file.as_uri())
    yield found
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(page: Any, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found.response["violations"]] == []


def test_axe_finds_nothing_in_a_sorted_copy(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.click("text=by value, highest first")
    assert page.locator("#by-value").is_visible()
    assert Axe().run(page).response["violations"] == []


def test_nothing_is_asked_of_any_network_and_nothing_is_refused(browser: Any, report_file: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(report_file.as_uri(), wait_until="networkidle")
    assert asked == [report_file.as_uri()]
    assert said == []
    context.close()


def test_hostile_text_in_the_data_does_not_run(page: Any) -> None:
    said: list[str] = []

    def note(dialog: Any) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.reload()
    assert said == []
    assert page.locator("script").count() == 0


@pytest.mark.parametrize("width", [1280, 640, 320])
def test_the_page_never_scrolls_sideways(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = page.evaluate(
        """width => [...document.querySelectorAll('main *')]
            .filter(e => !e.closest('.scroll, svg, .visually-hidden, .sorted'))
            .filter(e => e.getBoundingClientRect().right > width + 1).map(e => e.outerHTML.slice(0, 80))""",
        width,
    )
    assert outside == []


def test_lines_and_values_of_paths_and_causes_are_in_sight_on_a_small_screen(page: Any) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    cells = "[...document.querySelectorAll('.paths td, .box[aria-labelledby=unknown] td')]"
    rights = page.evaluate(f"{cells}.map(e => e.getBoundingClientRect().right)")
    assert rights
    assert max(rights) <= 320


def test_dates_of_the_timeline_do_not_run_together(page: Any) -> None:
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 700})
        boxes = page.evaluate(
            """[...document.querySelectorAll('svg.timeline .tick:not(.y)')].map(e => e.getBoundingClientRect())
                .filter(r => r.width).map(r => [Math.round(r.top), r.left, r.right])
                .sort((a, b) => a[0] - b[0] || a[1] - b[1])"""
        )
        assert len(boxes) > 4
        assert [(a, b) for a, b in pairwise(boxes) if a[0] == b[0] and a[2] > b[1]] == []


def test_tables_open_and_sorted_copies_show_without_script(any_page: Any) -> None:
    assert not any_page.locator("text=Lines by place; a line can count").is_visible()
    any_page.click("summary:has-text('Table of the map')")
    assert any_page.locator("text=Lines by place; a line can count").is_visible()
    assert not any_page.locator("#by-date").is_visible()
    any_page.click("text=by date, newest first")
    assert any_page.locator("#by-date").is_visible()
    assert not any_page.locator(".grouped").is_visible()
    any_page.click("#by-date >> text=Back to the lines by path")
    assert any_page.locator(".grouped").is_visible()


def test_a_figure_in_a_table_leads_to_its_lines(any_page: Any) -> None:
    any_page.click("summary:has-text('Table of the map')")
    any_page.click("a[href='#to-Farrow']")
    assert any_page.locator("#to-Farrow").is_visible()
    assert "Farrow" in any_page.locator("#to-Farrow").inner_text()


def test_everything_can_be_reached_and_opened_by_keyboard(page: Any) -> None:
    wanted = page.locator("a:visible, summary:visible, .scroll:visible").count()
    reached: list[str] = []
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.tagName + '|' + document.activeElement.textContent.slice(0, 40)")
        )
        seen = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none'; })()"
        )
        assert seen or reached[-1].startswith("BODY")
    assert reached[0] == "A|Skip to the answer"
    summary = next(r for r in reached if r.startswith("SUMMARY"))
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is not None
    assert summary == "SUMMARY|The line"
    assert any(r.startswith("SUMMARY|Table of the map: ") for r in reached)
    assert len([r for r in reached if not r.startswith("BODY")]) >= wanted


def test_targets_are_large_enough_to_hit(page: Any) -> None:
    small = page.evaluate(
        """[...document.querySelectorAll('nav a, .orders a, summary')]
            .map(e => [e.textContent, e.getBoundingClientRect().height])
            .filter(([_, height]) => height < 24)"""
    )
    assert small == []


def test_on_paper_every_table_is_there(page: Any) -> None:
    page.emulate_media(media="print")
    for words in ("Lines by place; a line can count", "Lines by month of decision", "Not on this map: 2 places"):
        assert page.locator(f"text={words}").first.is_visible()
    shown = page.locator("details caption").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().height > 0)"
    )
    assert shown
    assert all(shown)
    assert not page.locator("nav").is_visible()
    address = page.locator("main a[href^='https://example.org/criteria']").first.evaluate(
        "e => getComputedStyle(e, '::after').content"
    )
    assert "https://example.org/criteria" in address


def test_columns_of_text_are_at_most_75_characters_wide(page: Any) -> None:
    widest = page.evaluate(
        """(() => { const probe = document.createElement('span'); probe.textContent = '0'.repeat(75);
            document.querySelector('main').append(probe);
            const limit = probe.getBoundingClientRect().width; probe.remove();
            return Math.max(...[...document.querySelectorAll('main p, main li')]
                .map(e => e.getBoundingClientRect().width / parseFloat(getComputedStyle(e).fontSize))) /
                (limit / parseFloat(getComputedStyle(document.body).fontSize)); })()"""
    )
    assert widest <= 1.01
