"""A page as somebody without a mouse uses it: Tab to what there is, keys to fill it in, Enter to send it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_MAIN = "#main-content"
_MOST = 900
"""So often Tab is pressed on one page before something is held to be out of reach."""
_ROUNDS = 2
ANY = "*"
"""In a path: any part of it. Of a list: what it has last. For ids that a person does not see, and needs not."""
_FEW = 8
"""So many steps of an arrow key; a choice that is further away is typed."""
_FOCUSED = """() => {
  const e = document.activeElement, f = e.form || null, s = getComputedStyle(e);
  const group = e.type === 'radio' ? [...f.querySelectorAll(`input[name="${e.name}"]`)] : [];
  return {
    tag: e.tagName, type: e.type || '', name: e.name || '', href: e.href || '', text: (e.innerText || '').trim(),
    value: e.value === undefined ? '' : e.value, checked: !!e.checked, method: f ? f.method : '',
    group: group.map(r => r.value),
    options: e.tagName === 'SELECT' ? [...e.options].map(o => [o.value, o.text]) : [],
    inside: e.tagName === 'SUMMARY' && !e.parentElement.open
      ? [...e.parentElement.querySelectorAll('[name]')].map(b => b.name) : [],
    seen: s.outlineStyle !== 'none' || s.boxShadow !== 'none' || ['radio', 'checkbox'].includes(e.type),
  };
}"""
_IN_MAIN = "href => [...document.querySelectorAll('main a[href]')].some(a => a.href === href)"
_SUBMITS = {"submit", "image"}
_SENDING = {"", "action"}
"""Names of buttons that send all that was typed; those of pages of accounts are called `action`."""


class OutOfReachError(AssertionError):
    """Something that a person needs cannot be reached with Tab, or does not take what is to be put there."""


class NotOfferedError(OutOfReachError):
    """A page does not offer what is to be chosen."""


@dataclass
class Focus:
    """What has the focus: the attributes of the element that a person would notice."""

    tag: str
    type: str
    name: str
    href: str
    text: str
    value: str
    checked: bool
    method: str
    group: list[str]
    options: list[list[str]]
    inside: list[str]
    """Boxes of what it opens, where it is closed."""
    seen: bool

    @property
    def sends(self) -> bool:
        """Is it the button that sends the form (and no button that only adds a row, or goes back)?"""
        is_post = self.tag == "BUTTON" and self.type in _SUBMITS and self.method == "post"
        return is_post and self.name in _SENDING

    @property
    def adds(self) -> bool:
        """Is it a button that adds a row?"""
        return self.tag == "BUTTON" and self.type in _SUBMITS and self.name.startswith("one-more-")


@dataclass
class Boxes:
    """What is to stand in the boxes of a form, by name.

    wanted: text, several texts (of check boxes), or the path of a file; each has to be there. usual: what is put
    into a box only if the form has it. button: words of the button that sends it; empty: the first one.
    """

    wanted: Mapping[str, Any]
    usual: Mapping[str, Any] = field(default_factory=dict)
    button: str = ""
    done: set[str] = field(default_factory=set)
    ticked: set[tuple[str, str]] = field(default_factory=set)

    def of(self, at: Focus) -> Any:
        """What belongs into a box; None: it is left alone. The boxes of a day are found by the day."""
        name = at.name
        if at.type == "checkbox":
            self.ticked.add((name, at.value))
        for given in (self.wanted, self.usual):
            if name in given:
                self.done.add(name)
                return given[name]
            day, _, part = name.rpartition("_")
            if part in _PARTS and day in given:
                self.done.add(day)
                year, month, number = str(given[day]).split("-") if given[day] else ("", "", "")
                return {"year": year, "month": month.lstrip("0"), "day": number.lstrip("0")}[part]
        return None

    @property
    def left(self) -> set[str]:
        """Names for which no box was found, or not one for each value that is to be ticked."""
        boxes = {name for name, _ in self.ticked}
        found = {n for n, values in self.wanted.items() if n in boxes and isinstance(values, list)}
        lacking = {n for n in found if any((n, str(v)) not in self.ticked for v in self.wanted[n])}
        return set(self.wanted) - self.done | lacking


_PARTS = frozenset({"day", "month", "year"})


class Keys:
    """The keyboard before one page."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.status = 0
        page.on("filechooser", lambda _chooser: None)  # somebody listens from the start: none comes too early

    def open(self, address: str) -> int:
        """An address typed into the address bar; gives the status of the answer."""
        self.status = self.page.goto(address, wait_until="load").status
        return self.status

    def next(self) -> Focus:
        """Press Tab. Where the focus is can be seen."""
        self.page.keyboard.press("Tab")
        at = self.focus()
        assert at.seen or at.tag == "BODY", f"nobody sees that the focus is on {at}"
        return at

    def focus(self) -> Focus:
        """What has the focus."""
        return Focus(**self.page.evaluate(_FOCUSED))

    def enter(self) -> int:
        """Press Enter on what leads to another page, or sends a form; gives the status of the answer."""
        with self.page.expect_navigation(wait_until="load") as answer:
            self.page.keyboard.press("Enter")
        self.status = answer.value.status
        return self.status

    def skip(self) -> None:
        """By the link with which a page begins, to its main part; what is sent from there stays there."""
        if self.page.url.endswith(_MAIN):
            return
        at = self.next()
        assert at.href.endswith(_MAIN), f"the page does not begin with a way to its main part: {at}"
        self.page.keyboard.press("Enter")

    def to(self, found: Callable[[Focus], bool], *, what: str) -> Focus:
        """Press Tab until it is there. Raises: OutOfReachError."""
        for at in self.around():
            if found(at):
                return at
        raise OutOfReachError(f"{what} cannot be reached with Tab on {self.page.url}")

    def around(self) -> Iterator[Focus]:
        """Press Tab, again and again, until nothing more of the page gets the focus; twice around, to be sure."""
        rounds = 0
        for _ in range(_MOST):
            at = self.next()
            rounds += at.tag == "BODY"
            if rounds > _ROUNDS:
                return
            if at.tag != "BODY":
                yield at

    def links(self) -> list[str]:
        """Addresses to which the page leads."""
        found: list[str] = self.page.evaluate("() => [...document.querySelectorAll('a[href]')].map(a => a.href)")
        return found

    def leads_to(self, wanted: str) -> bool:
        """Is there a link to such a path?"""
        return any(_leads(href, wanted) for href in self.links())

    def follow(self, wanted: str) -> int:
        """Follow the first link to such a path, rather than one that asks more of it; gives the status."""
        hrefs = [href for href in self.links() if _leads(href, wanted)]
        first = next((href for href in hrefs if _path(href) == _bare(href)), hrefs[0])
        if self.page.evaluate(_IN_MAIN, first):
            self.skip()
        self.to(lambda at: at.tag == "A" and at.href == first, what=f"a link to {wanted}")
        return self.enter()

    def fill(self, boxes: Boxes) -> None:
        """Fill the form in, from the main part of the page to the button that sends it, which has the focus then.

        A row that is not there yet is asked for, by the button for that. Raises: OutOfReachError.
        """
        before: list[str] = []
        while True:
            self.skip()
            at = self._through(boxes)
            wanted = sorted(boxes.left)
            if not wanted:
                return
            if wanted == before or not self.next().adds:
                raise NotOfferedError(f"{self.page.url} has no box for {', '.join(wanted)} before {at.text!r}")
            before = wanted
            boxes.done.clear()
            boxes.ticked.clear()
            assert self.enter() == 200, "one more row was refused"

    def _through(self, boxes: Boxes) -> Focus:
        for at in self.around():
            if at.sends and boxes.button in {"", at.text}:
                return at
            if not set(at.inside).isdisjoint(boxes.wanted):
                self.page.keyboard.press("Enter")
            given = boxes.of(at) if at.name and at.method == "post" else None
            if given is not None:
                self.put(at, given)
        raise NotOfferedError(f"no button that sends it ({boxes.button}) is reached with Tab on {self.page.url}")

    def put(self, at: Focus, given: Any) -> None:
        """Put it into the box that has the focus. Raises: OutOfReachError: it does not take it."""
        if at.type == "radio":
            self._turn(at.group.index(str(given)), at.group.index(at.value), is_chosen=at.checked)
        elif at.type == "checkbox":
            self._tick(at, given)
        elif at.type == "file":
            self._send(given)
        elif at.tag == "SELECT":
            self._choose(at, str(given))
        else:
            self._type(at, ", ".join(given) if isinstance(given, list) else str(given))

    def _turn(self, wanted: int, now: int, *, is_chosen: bool) -> None:
        """To a radio button of a group, with the arrow keys."""
        if wanted == now and not is_chosen:
            self.page.keyboard.press("Space")
        for _ in range(abs(wanted - now)):
            self.page.keyboard.press("ArrowDown" if wanted > now else "ArrowUp")
        at = self.focus()
        _took(at.checked and at.group.index(at.value) == wanted, at, wanted)

    def _tick(self, at: Focus, given: Any) -> None:
        several = isinstance(given, Collection) and not isinstance(given, str)
        wanted = at.value in {str(v) for v in given} if several else given in {True, "yes", "on", "true"}
        if at.checked != wanted:
            self.page.keyboard.press("Space")
        _took(self.focus().checked == wanted, at, given)

    def _send(self, file: Path) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(str(file))

    def _choose(self, at: Focus, wanted: str) -> None:
        values = [value for value, _ in at.options]
        wanted = values[-1] if wanted == ANY else wanted
        if wanted not in values:
            raise NotOfferedError(f"{at.name} on {self.page.url} offers no {wanted!r}, but {values}")
        steps = values.index(wanted) - values.index(at.value)
        if abs(steps) > _FEW:
            self.page.keyboard.type(at.options[values.index(wanted)][1])
            steps = values.index(wanted) - values.index(self.focus().value)
        for _ in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
        _took(self.focus().value == wanted, at, wanted)

    def _type(self, at: Focus, wanted: str) -> None:
        if at.value == wanted:
            return
        if at.value:
            self.page.keyboard.press("Control+a")
            self.page.keyboard.press("Delete")
        self.page.keyboard.type(wanted)
        _took(self.focus().value == wanted, at, wanted)


def _bare(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


def _path(address: str) -> str:
    """An address without the site, and without what is asked of it."""
    return re.sub(r"[?#].*$", "", _bare(address))


def _leads(href: str, wanted: str) -> bool:
    """Is it the address that is wanted? What is asked of it counts where it is wanted."""
    like = re.compile(re.escape(wanted).replace(r"\*", "[^/]+"))
    return bool(like.fullmatch(_bare(href) if "?" in wanted else _path(href)))


def _took(is_so: bool, at: Focus, given: Any) -> None:
    if not is_so:
        raise OutOfReachError(f"{at.name} does not take {given!r} from the keyboard")
