"""The story of the authority's site, told once in Python; and commands run on the home in which it was told.

Told in this process up to part 6: what comes after takes letters of the other sites, and the conductor plays it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from penholder.cli.main import main
from penholder.cli.story import clock
from penholder.cli.story.doors import PythonDoor
from penholder.cli.story.players import Players, gather
from penholder.cli.story.steps import Part, cast, parts_of
from penholder.cli.story.telling import Door, Telling
from penholder.ledger.note import Signer
from tests.casework import Casework, SettingsOfTest

TODAY = date(2024, 11, 25)
"""Long ago, so that it is over by the clock of any machine: reactions are due by that one."""
_LAST = 6


@dataclass(frozen=True)
class Told:
    """A home after the story. results: what its steps gave, by name."""

    home: Casework
    players: Players
    results: dict[str, Any]

    def id(self, name: str, field: str = "") -> str:
        """What a step gave: its id, or one of its fields."""
        found = self.results[name]
        return str(found[field] if field else found)

    def words(self, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
        """What a command prints, line by line, with ids by name of the story."""
        with pytest.raises(SystemExit) as left:
            main(words)
        said = capsys.readouterr()
        assert left.value.code in {0, None}, said.err
        return self.named(said.out).splitlines()

    def named(self, text: str) -> str:
        """A text with the names of the story instead of its random ids."""
        for key, value in sorted(self._names().items(), key=lambda kv: -len(kv[0])):
            text = text.replace(key, value)
        return text

    def _names(self) -> dict[str, str]:
        found = {value: key.partition(":")[2] for key, value in self.players.ids.items()}
        for name, result in self.results.items():
            if name.endswith("_shown"):
                continue
            fields = result if isinstance(result, dict) else {"": result}
            for field in ("case", "licence", "assessment", "change", "incident", "added", "about", "id", ""):
                value = fields.get(field)
                if isinstance(value, str) and value and value not in found:
                    found[value] = name
        return found


def alone(home: Path) -> tuple[Part, ...]:
    """The parts that the authority's site can play alone. Its home gets what it writes letters with."""
    (home / "secrets" / "exchange-key").write_text("7c" * 32 + "\n", encoding="ascii")
    signer = Signer.generate("ledger.ardenia.invalid/log")
    (home / "secrets" / "ledger-key").write_text(f"{signer.text()}\n", encoding="ascii")
    return tuple(p for p in parts_of("authority") if p.number <= _LAST)


@contextmanager
def told(folder: Path, *, door: Callable[[Players], Door] = PythonDoor) -> Iterator[Told]:
    """Tell it in a home of its own; today is TODAY afterwards."""
    settings = SettingsOfTest()
    settings.set("PENHOLDER_CLOCK", clock.NAME)
    settings.set("PENHOLDER_REACTIONS", "inline")
    environment = pytest.MonkeyPatch()
    home = Casework(folder).open()
    environment.setenv("PENHOLDER_HOME", str(home.home))
    clock.wind_back()
    try:
        players = gather(cast(), today=TODAY)
        telling = Telling(door(players), players, today=TODAY)
        telling.play(alone(home.home))
        clock.set_day(TODAY)
        yield Told(home, players, telling.results)
    finally:
        home.close()
        environment.undo()
        settings.restore()
        clock.wind_back()


def day(offset: int) -> str:
    """A day of the story."""
    return (TODAY + timedelta(days=offset)).isoformat()
