"""The fourth door of the story: pages in Chromium, by keyboard, without JavaScript.

Each act is done as a person does it: from a page that leads there, by Tab to the link, into the form, to its
button, and on to the receipt. What a person sees is what is believed: results are read off the pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from penholder.actions.errors import SeparationError
from penholder.cli.story.cast_words import passphrase_of
from penholder.cli.story.doors import PythonDoor
from penholder.cli.story.players import Players
from penholder.cli.story.refused import DoorError
from penholder.entry.errors import ANSWERS
from penholder.entry.views import apart_in_words
from penholder.kernel.errors import PenholderError
from tests.browser import keyboard_filer
from tests.browser.keyboard import ANY, Boxes, Keys, NotOfferedError
from tests.browser.keyboard_boxes import boxes_of
from tests.browser.keyboard_ways import REPLY, RESULTS, UNDERTAKING, WAYS, Result

_FILES = {"undertaking": "undertaking.txt", "party_list": "list.csv", "incidents": "incidents.csv"}
_NAMED = re.compile(r"\{(\w+)\}")
_REFUSED = frozenset({403, 404, 409, 422})
_RAISE, _KEY = "concerns.raise_concern", "concerns.make_officer_key"
_LEFT = {"empty-answer": "thanking and noting is no answer"}
"""Refusals that leave something in the log: what the page says, as the act is not asked once more."""
_ONCE = """() => [...document.querySelectorAll('main h2 + pre')].map(
  p => [p.previousElementSibling.innerText, p.innerText])"""


@dataclass
class BrowserDoor:
    """A window for each of the cast, in which they have signed in.

    window: key of the cast, or `nobody` -> the keyboard before their window. folder: of the files that they have.
    known: ids that the pages have shown before.
    """

    players: Players
    window: Callable[[str], Keys]
    folder: Path
    known: set[str] = field(default_factory=set)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def send(self, who: str, kind: str, content: bytes) -> str:
        """Lay a file ready; it is sent on the page of the act that takes it."""
        del who
        name = f"file-{len(self.files)}"
        self.files[name] = (kind, content)
        return name

    def act(self, who: str, name: str, given: Mapping[str, Any]) -> Any:
        """As `telling.Door`."""
        keys = self.window(who)
        page, asked = self._page(who, name, given)
        try:
            missing = self._go(keys, who, page, asked)
            self._write(keys, page, asked)
        except (_RefusedError, NotOfferedError) as refused:
            raise self._believed(keys, lambda: self._asked(who, name, given), refused) from refused
        assert not missing, f"{name}: {missing}"
        details = {n.strip().lower(): v.strip() for n, v in keys.page.evaluate(_ONCE)}
        return {"result": self._result(keys, name, asked), "details": details}

    def of_filer(self, codes: Mapping[str, str] | None, name: str, given: Mapping[str, Any]) -> Any:
        """As `telling.Door`."""
        keys = self.window("nobody")
        try:
            if name == _RAISE:
                return keyboard_filer.raised(keys, given)
            assert codes is not None
            _check(keyboard_filer.returned(keys, codes, name, given))
        except (_RefusedError, NotOfferedError) as refused:
            error = lambda: _error(lambda: PythonDoor(self.players).of_filer(codes, name, given))  # noqa: E731
            raise self._believed(keys, error, refused) from refused
        return {"result": {}, "details": {}}

    def _page(self, who: str, name: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Which pages an act is done on, where it has several; and what is typed there."""
        if name == "debate.post_comment" and "parent" in given:
            return REPLY, dict(given)
        if name == _KEY:
            return name, {"passphrase": passphrase_of(who), "again": passphrase_of(who)}
        if name == "casework.set_parties":
            for number, party in enumerate(given["parties"], start=1):
                if "undertaking" in party:
                    return UNDERTAKING, {"case": given["case"], "party": number, **party["undertaking"]}
        return name, dict(given)

    def _go(self, keys: Keys, who: str, name: str, given: dict[str, Any]) -> str:
        """To the form of an act; gives which link was missing on the way, and had to be typed instead."""
        first, *rest = (_filled(address, given) for address in WAYS[name])
        _check(keys.open(first))
        while rest:
            furthest = next((n for n, address in reversed([*enumerate(rest)]) if keys.leads_to(address)), None)
            if furthest is None:
                missing = f"{keys.page.url} leads to none of {rest}"
                _check(self._unlocked(keys, who, keys.open(rest[-1])))
                return missing
            _check(self._unlocked(keys, who, keys.follow(rest[furthest])))
            del rest[: furthest + 1]
        return ""

    def _unlocked(self, keys: Keys, who: str, status: int) -> int:
        """On the site of concerns an officer unlocks their key first."""
        if "/cases/unlock" not in keys.page.url:
            return status
        keys.fill(Boxes({"passphrase": passphrase_of(who)}, button="Unlock it"))
        return keys.enter()

    def _write(self, keys: Keys, name: str, given: dict[str, Any]) -> None:
        """Fill the form in and send it; a file first, where there is one; then the receipt."""
        wanted = {n: v for n, v in given.items() if f"{{{n}}}" not in "".join(WAYS[name])}
        if wanted.get("file") in self.files:
            self._fill(keys, name, {"file": self._laid(wanted.pop("file"))})
        self._fill(keys, name, wanted)
        assert keys.status == 200, f"{name} was answered with {keys.status}: {keys.page.inner_text('main')}"

    def _fill(self, keys: Keys, name: str, wanted: dict[str, Any]) -> None:
        keys.fill(boxes_of(name, wanted, shown=keys.page.inner_text("main")))
        _check(keys.enter())

    def _laid(self, file: str) -> Path:
        """Where the file lies that is sent."""
        kind, content = self.files[file]
        path = self.folder / _FILES[kind]
        path.write_bytes(content)
        return path

    def _believed(self, keys: Keys, asked: Callable[[], PenholderError | None], refused: Exception) -> DoorError:
        """The page says what the act itself says when it is called; or it does not even offer it."""
        said = keys.page.inner_text("main")
        for code, words in _LEFT.items():
            if words in said:
                return DoorError(code, said)
        error = asked()
        assert error, f"the page refused what the act itself does not refuse ({refused}): {said}"
        fields: Mapping[str, str] = getattr(error, "fields", {})
        if isinstance(refused, NotOfferedError):
            return DoorError(error.code, str(refused), fields)
        assert keys.status == ANSWERS[error.code].status, f"{keys.status} for {error.code}: {said}"
        for words in _words_of(error):
            assert _bare(words) in _bare(said), f"{words!r} is not in: {said}"
        return DoorError(error.code, said, fields)

    def _asked(self, who: str, name: str, given: Mapping[str, Any]) -> PenholderError | None:
        """The error that the act has for this, when it is called."""
        plain = PythonDoor(self.players)
        real = {n: plain.send(who, *self.files[v]) if _is_laid(v, self.files) else v for n, v in given.items()}
        return _error(lambda: plain.act(who, name, real))

    def _result(self, keys: Keys, name: str, given: Mapping[str, Any]) -> Any:
        """What the act gave, as the pages show it; on the way to it, the receipt."""
        found = RESULTS.get(name, Result())
        ended = keys.page.url
        self._receipt(keys)
        if found.prefix == ANY:
            return found.named(ANY)
        if not found.prefix:
            return {}
        if found.page:
            keys.open(_filled(found.page, given))
        shown = keys.page.content() if found.page else ended
        ids = re.findall(rf"\b{found.prefix}-[0-9a-hjkmnp-tv-z]{{26}}\b", shown)
        new = {i for i in ids if i not in self.known} or set(ids)
        assert len(new) == 1, f"{keys.page.url} shows {new or 'nothing'} as what {name} gave"
        self.known |= new
        return found.named(new.pop())

    def _receipt(self, keys: Keys) -> None:
        """Follow the link to the receipt, where the page after the act is not the receipt itself."""
        if not keys.page.inner_text("h1").startswith("Recorded"):
            _check(keys.follow("/receipts/*"))
        assert keys.page.inner_text("h1").startswith("Recorded"), keys.page.url


class _RefusedError(Exception):
    """A page was refused."""


def _check(status: int) -> None:
    if status in _REFUSED:
        raise _RefusedError
    assert status == 200, f"answered with {status}"


def _error(act: Callable[[], Any]) -> PenholderError | None:
    try:
        act()
    except DoorError as refused:
        if isinstance(refused.__cause__, PenholderError):
            return refused.__cause__
        raise
    return None


def _is_laid(value: Any, files: Mapping[str, Any]) -> bool:
    return isinstance(value, str) and value in files


def _filled(address: str, given: Mapping[str, Any]) -> str:
    return _NAMED.sub(lambda m: str(given[m[1]]), address)


def _bare(text: str) -> str:
    """Its words alone: a page begins sentences with capitals, and ends them."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _words_of(error: PenholderError) -> list[str]:
    """What a page must say of an error: of fields that are wrong, of what is missing; else its message."""
    if ANSWERS[error.code].status == 404:
        return [ANSWERS[error.code].title]
    if error.code == "refused":
        return [ANSWERS["refused"].title]
    if isinstance(error, SeparationError):
        return [apart_in_words(error).message]
    fields: Mapping[str, str] = getattr(error, "fields", {})
    return list(fields.values()) or [error.message]
