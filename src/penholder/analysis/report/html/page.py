"""The frame of every page: one file, its own style, nothing fetched from anywhere."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Sequence
from importlib import resources

from penholder.analysis.report.data import ReportData
from penholder.analysis.report.html import lines, pictures, sections
from penholder.analysis.report.html.elements import Child, Markup, tag
from penholder.analysis.report.html.outlier import outlier
from penholder.analysis.report.html.patterns import patterns
from penholder.analysis.report.html.profile import profile


@functools.cache
def style() -> Markup:
    """The style sheet of the package, as one <style> element's text."""
    text = (resources.files("penholder.analysis.report.html") / "page.css").read_text(encoding="utf-8")
    return Markup(text)


def policy() -> str:
    """Content security policy: no script, no request; only this very style sheet, named by its hash."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def page(title: str, *main: Child, header: Child, contents: Sequence[tuple[str, str]] = ()) -> str:
    """A whole page. `contents` are the titles and anchors of its sections."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="robots", content="noindex"),
        tag("title", title),
        tag("style", style()),
    )
    links = [tag("li", tag("a", text, href=f"#{anchor}")) for text, anchor in contents]
    nav = tag("nav", tag("ul", links), aria_label="On this page") if links else None
    body = tag(
        "body",
        tag("a", "Skip to the answer", href="#answer", class_="skip"),
        tag("header", header),
        nav,
        patterns(),
        tag("main", main, id="answer", tabindex="-1"),
        tag("footer", tag("p", "Made with Penholder. Officers and readers decide; this page shows reasons.")),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def report_page(data: ReportData) -> str:
    """The full report of a stocktake: answer, how sure, map, time, rows, rules, method, citation."""
    shown = lines.listed(data.paths)
    header = [
        tag("p", data.subtitle, class_="subtitle"),
        tag("h1", data.title),
        tag("p", data.question, class_="question"),
    ]
    every = [
        ("What is not known", "unknown"),
        ("Profile", "profile"),
        ("Where", "places"),
        ("When", "timeline"),
        ("Lines", "lines"),
        ("Questions", "limbs"),
        ("Method", "method"),
        ("Cite", "cite"),
    ]
    contents = [(text, anchor) for text, anchor in every if anchor != "profile" or data.profile]
    return page(
        data.title,
        sections.figures(data),
        sections.unknowns(data),
        outlier(data.outlier),
        profile(data.profile),
        tag("div", pictures.where(data, shown), pictures.when(data, shown), class_="side-by-side"),
        lines.listing(data, shown),
        sections.limbs(data),
        sections.method(data),
        sections.citation(data.citation, command=data.command),
        header=header,
        contents=contents,
    )
