"""What every page must keep: HTML that nests, one <h1>, ids once, labels, no inline script or style, no brand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905
_BLOCKS = """
address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr
main nav ol p pre section table ul
"""
BLOCKS = frozenset(_BLOCKS.split())
ONLY_IN = {
    "li": {"ul", "ol"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "tr": {"thead", "tbody", "tfoot", "table"},
    "td": {"tr"},
    "th": {"tr", "thead"},
    "caption": {"table"},
    "legend": {"fieldset"},
    "summary": {"details"},
    "option": {"select", "optgroup"},
}
ONLY_CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "tr": {"td", "th"},
    "select": {"option", "optgroup"},
    "tbody": {"tr"},
}
INTERACTIVE = frozenset({"a", "button", "label", "select", "textarea"})


@dataclass
class Element:
    """One element, with its place and its text."""

    name: str
    attributes: dict[str, str]
    inside: tuple[str, ...]
    text: str = ""
    children: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.all: list[Element] = []
        self.open: list[Element] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.wrong.append(f"<{tag}> has an attribute twice: {names}")
        found = Element(tag, {k: v or "" for k, v in attrs}, tuple(e.name for e in self.open))
        parent = self.open[-1].name if self.open else ""
        if "svg" not in found.inside:
            self._check_place(tag, parent)
        if self.open:
            self.open[-1].children.append(tag)
        self.all.append(found)
        if tag not in VOID:
            self.open.append(found)

    def _check_place(self, tag: str, parent: str) -> None:
        inside = {e.name for e in self.open}
        if tag in ONLY_IN and parent not in ONLY_IN[tag]:
            self.wrong.append(f"<{tag}> in <{parent}>")
        if parent in ONLY_CHILDREN and tag not in ONLY_CHILDREN[parent]:
            self.wrong.append(f"<{parent}> holds <{tag}>")
        if tag in BLOCKS and inside & {"p", "h1", "h2", "h3", "span", "strong", "button", "a", "dt"}:
            self.wrong.append(
                f"block <{tag}> in {sorted(inside & {'p', 'h1', 'h2', 'h3', 'span', 'strong', 'a'})}"
            )
        if tag in INTERACTIVE and inside & INTERACTIVE:
            self.wrong.append(f"<{tag}> in {sorted(inside & INTERACTIVE)}")
        if tag == "form" and "form" in inside:
            self.wrong.append("a form in a form")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self.open or self.open[-1].name != tag:
            self.wrong.append(f"</{tag}> closes {[e.name for e in self.open[-3:]]}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def read_page(page: str) -> tuple[list[Element], list[str]]:
    """Every element, and what is wrong with the nesting."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.all, reader.wrong + [f"<{e.name}> is never closed" for e in reader.open]


def faults(page: str) -> list[str]:
    """What is wrong with a page; empty for a good one."""
    elements, found = read_page(page)
    if not page.lstrip().lower().startswith("<!doctype html>"):
        found.append("no doctype")
    return found + _names(elements) + _labels(elements) + _tables(elements) + _scripts(elements) + _brand(page)


def _names(elements: list[Element]) -> list[str]:
    ids = [e.attributes["id"] for e in elements if "id" in e.attributes]
    found = [f"id {i!r} is there {ids.count(i)} times" for i in sorted(set(ids)) if ids.count(i) > 1]
    heads = [e for e in elements if e.name == "h1"]
    if len(heads) != 1:
        found.append(f"{len(heads)} <h1>: {[e.text.strip() for e in heads]}")
    levels = [int(e.name[1]) for e in elements if re.fullmatch("h[1-6]", e.name) and "main" in e.inside]
    after = levels[levels.index(1) :] if 1 in levels else levels
    found += [f"<h{b}> follows <h{a}>" for a, b in pairwise(after) if b > a + 1]
    titles = [e.text.strip() for e in elements if e.name == "title" and "svg" not in e.inside]
    if len(titles) != 1 or not titles[0]:
        found.append(f"titles: {titles}")
    if not any(e.name == "html" and e.attributes.get("lang") for e in elements):
        found.append("no language")
    return found


def _labels(elements: list[Element]) -> list[str]:
    ids = {e.attributes["id"] for e in elements if "id" in e.attributes}
    labelled = {e.attributes.get("for") for e in elements if e.name == "label" and e.text.strip()}
    found = []
    for e in elements:
        kind = e.attributes.get("type")
        is_box = e.name in {"select", "textarea"} or (e.name == "input" and kind not in {"hidden", "submit"})
        if is_box and e.attributes.get("id") not in labelled and "aria-label" not in e.attributes:
            found.append(f"no label: {e.attributes}")
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "form"):
            lost = set(e.attributes.get(attribute, "").split()) - ids
            found += [f"{e.name} {attribute}={i!r} leads nowhere" for i in sorted(lost)]
        if e.name in {"a", "button", "summary", "legend", "caption", "th"} and not (
            e.text.strip() or e.attributes.get("aria-label")
        ):
            found.append(f"<{e.name}> without words: {e.attributes}")
        if e.name == "img" and "alt" not in e.attributes:
            found.append(f"a picture without alt: {e.attributes}")
        if e.name == "fieldset" and e.children[:1] != ["legend"]:
            found.append("a fieldset without a legend")
    return found


def _tables(elements: list[Element]) -> list[str]:
    found = ["a table without a caption" for e in elements if e.name == "table" and "caption" not in e.children]
    return found + [
        f"<th> without scope: {e.text.strip()}" for e in elements if e.name == "th" and "scope" not in e.attributes
    ]


def _scripts(elements: list[Element]) -> list[str]:
    found = []
    for e in elements:
        if e.name == "style" or "style" in e.attributes:
            found.append(f"inline style in <{e.name}>")
        if (
            e.name == "script"
            and not e.attributes.get("src", "").startswith("/")
            and "json" not in e.attributes.get("type", "")
        ):
            found.append(f"inline or foreign script: {e.attributes}")
        found += [f"{name} in <{e.name}>" for name in e.attributes if name.startswith("on")]
        for name in ("src", "href", "action"):
            value = e.attributes.get(name, "")
            if value.strip().lower().startswith(("javascript:", "data:")) or (name == "src" and "//" in value):
                found.append(f"<{e.name} {name}={value[:40]!r}>")
    return found


def _brand(page: str) -> list[str]:
    return [f"brand: {m}" for m in re.findall(r"(?i)crown|crest|royal|gds transport|gov\.uk", page)]


def offered(html: str, box: str) -> list[tuple[str, str, bool]]:
    """Value, words, and whether it is ticked, of the check boxes of one name."""
    found = re.findall(
        rf'name="{box}" type="checkbox" value="([^"]+)"( checked)?[^>]*>\s*<label[^>]*>([^<]*)', html
    )
    return [(value, said.strip(), bool(ticked)) for value, ticked, said in found]
