"""Telling the story: each step by a door, on its day, and the outcome that it says or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

from penholder.actions.models import Act
from penholder.cli.story import clock, command, seek
from penholder.cli.story.players import Players
from penholder.cli.story.refused import DoorError
from penholder.cli.story.steps import Part, Step
from penholder.cli.story.words import Reader
from penholder.kernel.errors import PenholderError
from penholder.ledger.models import Entry

Codes = Mapping[str, str]
"""locator, secret: of a filer."""


class Door(Protocol):
    """A way in. `who` is a key of the cast."""

    def act(self, who: str, name: str, given: Mapping[str, Any]) -> Any:
        """Do an act; gives its receipt as JSON values. Raises: DoorError."""

    def of_filer(self, codes: Codes | None, name: str, given: Mapping[str, Any]) -> Any:
        """Do an act of a filer, by locator and secret; None: it makes them. Raises: DoorError."""

    def send(self, who: str, kind: str, content: bytes) -> str:
        """Send a file of a kind; gives its handle."""


class StoryError(PenholderError):
    """A step did not end as the story says."""


class Telling:
    """One telling, in one home, by one door; settings.PENHOLDER_CLOCK is the clock of the story.

    results: what earlier steps gave, on other sites too; those of this telling come to it.
    filers: keys of those who act by locator and secret. homes: site -> folder.
    """

    def __init__(
        self,
        door: Door,
        players: Players,
        *,
        today: date,
        results: Mapping[str, Any] | None = None,
        filers: tuple[str, ...] = (),
        homes: Mapping[str, Path] | None = None,
        each: Callable[[Step], None] = lambda _step: None,
    ) -> None:
        self.results: dict[str, Any] = dict(results or {})
        self._door, self._players, self._today, self._each = door, players, today, each
        self._filers, self._homes = filers, homes or {}

    def play(self, parts: Iterable[Part]) -> None:
        """Every step. Raises: StoryError: a step ends otherwise than it says."""
        for part in parts:
            for step in part.steps:
                self._play(step, part.site)

    def _play(self, step: Step, site: str) -> None:
        clock.set_day(self._today + timedelta(days=step.day))
        eyes = seek.eyes(site)
        reader = self._reader(step, eyes)
        given = reader.given(step.given)
        way = self._way(step, given, reader)
        if step.refused:
            self._refused(step, way)
        else:
            self._done(step, way)
            for name, wanted in (step.finds or {}).items():
                self.results[name] = eyes.sought(self._actor(step), reader.real(dict(wanted)))
        self._each(step)

    def _way(self, step: Step, given: Mapping[str, Any], reader: Reader) -> Callable[[], Any]:
        """What does the step, and gives its receipt."""
        if step.run:
            words = [str(reader.real(word)) for word in step.run]
            return lambda: {"result": command.run(words), "details": {}}
        if step.who in self._filers:
            return lambda: self._door.of_filer(self.results.get(step.who), step.act, given)
        return lambda: self._door.act(step.who, step.act, given)

    def _actor(self, step: Step) -> Any:
        return self._players.actor("nobody" if step.run or step.who in self._filers else step.who)

    def _reader(self, step: Step, eyes: seek.Eyes) -> Reader:
        return Reader(
            today=self._today,
            results=self.results,
            ids={**self._players.ids} | {f"site:{name}": str(path) for name, path in self._homes.items()},
            send=lambda kind, content: self._door.send(step.who, kind, content),
            version=lambda given: eyes.version_seen(self._actor(step), given),
        )

    def _done(self, step: Step, way: Callable[[], Any]) -> None:
        try:
            receipt = way()
        except DoorError as error:
            raise _otherwise(step, str(error)) from error
        if step.name:
            self.results[step.name] = receipt["result"]
            self.results[f"{step.name}_shown"] = receipt["details"]
        if step.codes:
            self.results[step.codes] = {name: receipt["details"][name] for name in ("locator", "secret")}

    def _refused(self, step: Step, way: Callable[[], Any]) -> None:
        entries, acts = _written()
        try:
            way()
        except DoorError as error:
            if error.code != step.refused:
                raise _otherwise(step, f"refused as {error.code}, not as {step.refused}: {error}") from error
            if step.fields and set(step.fields) != set(error.fields):
                raise _otherwise(step, f"it was refused for {', '.join(error.fields)}: {error}") from error
        else:
            raise _otherwise(step, "it was not refused")
        left = list(Entry.objects.order_by("id").values_list("event", flat=True)[entries:])
        if left != ([step.leaves] if step.leaves else []) or _written()[1] - acts != len(left):
            raise _otherwise(step, f"it was refused, and {left or 'something'} was written")


def _otherwise(step: Step, said: str) -> StoryError:
    return StoryError(f"day {step.day}, {step.does} by {step.who} ({step.says}): {said}")


def _written() -> tuple[int, int]:
    return Entry.objects.count(), Act.objects.count()
