"""Fills that do not rest on colour: hatched and dotted, defined once on a page."""

from __future__ import annotations

from penholder.analysis.report.html.elements import Markup, tag


def patterns() -> Markup:
    """An invisible picture that holds the fills `#hatch` and `#dots`."""
    lines = tag("path", d="M-2,2l4,-4M0,12l12,-12M10,14l4,-4", class_="pattern-line")
    dots = tag("circle", cx="4", cy="4", r="1.6", class_="pattern-dot")
    defs = tag("defs", _pattern("hatch", 12, "pattern-ground", lines), _pattern("dots", 8, "pattern-grey", dots))
    return tag("svg", defs, width="0", height="0", class_="patterns", aria_hidden="true", focusable="false")


def _pattern(name: str, size: int, ground: str, marks: Markup) -> Markup:
    under = tag("rect", width=size, height=size, class_=ground)
    return tag("pattern", under, marks, id=name, width=size, height=size, patternUnits="userSpaceOnUse")
