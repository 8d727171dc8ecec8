"""The fourth door of the story: pages in Chromium, by keyboard, without JavaScript.

Each act is done as a person does it: from a page that leads there, by Tab to the link, into the form, to its
button, and on to the receipt. What a person sees is what is believed: results are read off the pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from penholder.actions.errors import SeparationError
from penholder.cli.story.doors import PythonDoor
from penholder.cli.story.players import Players
from penholder.cli.story.refused import DoorError
from penholder.entry.errors import ANSWERS
from penholder.entry.views import apart_in_words
from penholder.kernel.errors import PenholderError
from tests.browser.keyboard import ANY, Keys
from tests.browser.keyboard_boxes import boxes_of
from tests.browser.keyboard_ways import RESULTS, UNDERTAKING, WAYS, Result

_FILES = {"undertaking": "undertaking.txt", "party_list": "list.csv", "incidents": "incidents.csv"}
_NAMED = re.compile(r"\{(\w+)\}")
_REFUSED = frozenset({403, 404, 409, 422})


@dataclass
class BrowserDoor:
    """One window for each of the cast, in which they have signed in.

    windows: key -> the keyboard before their window. folder: of the files that they have.
    """

    players: Players
    windows: Mapping[str, Keys]
    folder: Path
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def send(self, who: str, kind: str, content: bytes) -> str:
        """Lay a file ready; it is sent on the page of the act that takes it."""
        del who
        name = f"file-{len(self.files)}"
        self.files[name] = (kind, content)
        return name

    def act(self, who: str, name: str, given: Mapping[str, Any]) -> Any:
        """As `telling.Door`."""
        keys = self.windows[who]
        try:
            page, asked = self._undertaking(given) if name == "casework.set_parties" else (name, dict(given))
            missing = self._go(keys, page, asked)
            self._write(keys, page, asked)
        except _RefusedError:
            self._believe(keys, who, name, given)
        assert not missing, f"{name}: {missing}"
        return {"result": self._result(keys, name, given), "details": {}}

    def _undertaking(self, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The page for the parties; or, where there is the undertaking of one, the pages for that."""
        for number, party in enumerate(given["parties"], start=1):
            if "undertaking" in party:
                return UNDERTAKING, {"case": given["case"], "party": number, **party["undertaking"]}
        return "casework.set_parties", dict(given)

    def _go(self, keys: Keys, name: str, given: dict[str, Any]) -> str:
        """To the form of an act; gives which link was missing on the way, and had to be typed instead."""
        first, *rest = (_filled(address, given) for address in WAYS[name])
        _check(keys.open(first))
        for address in rest:
            if keys.leads_to(rest[-1]):
                _check(keys.follow(rest[-1]))
                return ""
            if not keys.leads_to(address):
                missing = f"{keys.page.url} does not lead to {address}"
                _check(keys.open(rest[-1]))
                return missing
            _check(keys.follow(address))
        return ""

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

    def _believe(self, keys: Keys, who: str, name: str, given: Mapping[str, Any]) -> None:
        """The page says what the act itself says when it is called. Raises: DoorError: always."""
        error = self._asked(who, name, given)
        said = keys.page.inner_text("main")
        assert keys.status == ANSWERS[error.code].status, f"{keys.status} for {error.code}: {said}"
        for words in _words_of(error):
            assert _bare(words) in _bare(said), f"{words!r} is not in: {said}"
        raise DoorError(error.code, said)

    def _asked(self, who: str, name: str, given: Mapping[str, Any]) -> PenholderError:
        """The error that the act has for this, when it is called."""
        plain = PythonDoor(self.players)
        real = {n: plain.send(who, *self.files[v]) if _is_laid(v, self.files) else v for n, v in given.items()}
        try:
            plain.act(who, name, real)
        except DoorError as refused:
            if isinstance(refused.__cause__, PenholderError):
                return refused.__cause__
            raise
        said = self.windows[who].page.inner_text("main")
        raise AssertionError(f"the page refused {name}, and the act itself does not: {said}")

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
        ids = re.findall(
            rf"\b{found.prefix}-[0-9a-hjkmnp-tv-z]{{26}}\b", keys.page.content() if found.page else ended
        )
        new = [i for i in ids if i not in self.known]
        assert len(set(new)) == 1, f"{keys.page.url} shows {new or 'nothing'} as what {name} gave"
        self.known.add(new[0])
        return found.named(new[0])

    def _receipt(self, keys: Keys) -> None:
        """Follow the link to the receipt, where the page after the act is not the receipt itself."""
        if not keys.page.inner_text("h1").startswith("Recorded"):
            keys.skip()
            _check(keys.follow("/receipts/*"))
        assert keys.page.inner_text("h1").startswith("Recorded"), keys.page.url


class _RefusedError(Exception):
    """A page was refused."""


def _check(status: int) -> None:
    if status in _REFUSED:
        raise _RefusedError
    assert status == 200, f"answered with {status}"


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
