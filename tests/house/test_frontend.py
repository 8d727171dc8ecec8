"""What browsers get is ours and free: pinned, no fonts, no government's brand, nothing inline."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "src" / "penholder" / "site"
STATIC = SITE / "static"
LOCK = json.loads((ROOT / "tools" / "frontend.lock.json").read_text())
SERVED = sorted(p for p in STATIC.rglob("*") if p.is_file())
TEMPLATES = sorted((SITE / "templates").rglob("*.html"))
BRAND = re.compile(
    r"gds.transport|govuk-logo|govuk-header(?!-)|[^c]crest|crown(?! copyright)|royal", re.IGNORECASE
)


def test_what_was_fetched_is_what_the_lock_says() -> None:
    command = [sys.executable, "tools/unpack_frontend.py", "--check", str(STATIC / "penholder" / "frontend")]
    assert subprocess.run(command, check=False, cwd=ROOT).returncode == 0, "run: sh tools/fetch_frontend.sh"
    there = {str(p.relative_to(STATIC / "penholder" / "frontend")) for p in SERVED if "frontend" in p.parts}
    assert there == set(LOCK["files"])


def test_the_lock_pins_by_hash_and_names_no_address() -> None:
    assert set(LOCK["packages"]) == {"govuk-frontend@6.6.0", "@ministryofjustice/frontend@11.1.0"}
    assert all(value.startswith("sha512-") for value in LOCK["packages"].values())
    assert not re.search(r"https?:|registry|\.org|\.com", json.dumps(LOCK))


def test_the_fetched_files_are_not_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "src/penholder/site/static/penholder/frontend"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout == ""


def test_nothing_is_a_font_and_no_font_is_named_but_the_systems() -> None:
    assert [p for p in SERVED if p.suffix in {".woff", ".woff2", ".ttf", ".otf", ".eot"}] == []
    css = "\n".join(p.read_text() for p in SERVED if p.suffix == ".css")
    assert "@font-face" not in css
    families = set(re.findall(r"font-family:\s*([^;}]+)", css))
    assert families == {"var(--penholder-font)", "sans-serif", "monospace"}


@pytest.mark.parametrize("path", [*SERVED, *TEMPLATES], ids=lambda p: str(p.relative_to(SITE)))
def test_nothing_bears_a_governments_brand(path: Path) -> None:
    assert not BRAND.search(path.name)
    assert BRAND.findall(path.read_text(encoding="utf-8")) == []


def test_pictures_are_drawings_that_the_style_sheet_uses() -> None:
    css = (STATIC / "penholder" / "frontend" / "frontend.css").read_text()
    used = set(re.findall(r"url\(([^)]+)\)", css))
    there = {str(p.relative_to(STATIC / "penholder" / "frontend")) for p in SERVED if p.parent.name == "images"}
    assert used == there
    assert {p.suffix for p in SERVED} == {".css", ".js", ".svg", ".txt"}


def test_nothing_asks_another_host() -> None:
    for path in SERVED:
        if path.suffix in {".css", ".js"}:
            found = re.findall(
                r"(?:url\(|import\(|from ?|fetch\()['\"]?(?:https?:)?//[^\s'\")]+", path.read_text()
            )
            assert found == [], path.name


def test_the_licence_of_what_we_took_is_served_with_it() -> None:
    text = (STATIC / "penholder" / "licences.txt").read_text()
    for part in ("GOV.UK Frontend 6.6.0", "MOJ Frontend 11.1.0", "The above copyright notice"):
        assert part in text
    assert "../licences.txt" in (STATIC / "penholder" / "frontend" / "frontend.css").read_text()[:200]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(SITE)))
def test_templates_keep_to_the_content_security_policy(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=|javascript:|hx-on", text)
    assert re.findall(r"<script(?![^>]*\s(?:src=|type=.application/json))[^>]*>", text) == []
    assert "|safe" not in text.replace(" ", "").replace("'role=\"group\"'|safe", "")


def test_a_style_sheet_that_still_names_the_font_is_refused() -> None:
    """The filter that makes the style sheet stops where it has not taken everything out."""
    found = runpy.run_path(str(ROOT / "tools" / "unpack_frontend.py"))
    css = "@font-face{font-family:F}.govuk-header,.govuk-tag{a:b}@media print{.govuk-logo{c:d}.govuk-tag{e:f}}"
    kept = found["filtered"](css, lambda s: not found["LEFT_BEHIND"].search(s))
    assert kept == ".govuk-tag{a:b}\n@media print{.govuk-tag{e:f}}"
    with pytest.raises(SystemExit, match="still has"):
        found["style_sheet"](".govuk-tag{font-family:GDS Transport}", "")
    assert [head for head, _ in found["rules"]("a{b:'}'}c{d:e}")] == ["a", "c"]
