"""Telling the story: each step by a door, on its day, and the outcome that it says or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Protocol

from penholder.actions.models import Act
from penholder.cli.story import clock, seek
from penholder.cli.story.players import Players
from penholder.cli.story.steps import Part, Step
from penholder.cli.story.words import Reader
from penholder.kernel.errors import PenholderError
from penholder.ledger.models import Entry


class Door(Protocol):
    """A way in. `who` is a key of the cast."""

    def act(self, who: str, name: str, given: Mapping[str, Any]) -> Any:
        """Do an act; gives its receipt as JSON values. Raises: DoorError."""

    def send(self, who: str, kind: str, content: bytes) -> str:
        """Send a file of a kind; gives its handle."""


class DoorError(Exception):
    """An act was refused. code: of the error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class StoryError(PenholderError):
    """A step did not end as the story says."""


class Telling:
    """One telling, in one home, by one door; settings.PENHOLDER_CLOCK is the clock of the story."""

    def __init__(
        self, door: Door, players: Players, *, today: date, each: Callable[[Step], None] = lambda _step: None
    ) -> None:
        self.results: dict[str, Any] = {}
        self._door, self._players, self._today, self._each = door, players, today, each

    def play(self, parts: Iterable[Part]) -> None:
        """Every step. Raises: StoryError: a step ends otherwise than it says."""
        for part in parts:
            for step in part.steps:
                self._play(step)

    def _play(self, step: Step) -> None:
        clock.set_day(self._today + timedelta(days=step.day))
        reader = self._reader(step.who)
        given = reader.given(step.given)
        if step.refused:
            self._refused(step, given)
        else:
            self._done(step, given)
            actor = self._players.actor(step.who)
            for name, wanted in (step.finds or {}).items():
                self.results[name] = seek.sought(actor, reader.real(dict(wanted)))
        self._each(step)

    def _reader(self, who: str) -> Reader:
        actor = self._players.actor(who)
        return Reader(
            today=self._today,
            results=self.results,
            ids=self._players.ids,
            send=lambda kind, content: self._door.send(who, kind, content),
            version=lambda given: seek.version_seen(actor, given),
        )

    def _done(self, step: Step, given: Mapping[str, Any]) -> None:
        try:
            receipt = self._door.act(step.who, step.act, given)
        except DoorError as error:
            raise StoryError(f"day {step.day}, {step.act} by {step.who} ({step.says}): {error}") from error
        if step.name:
            self.results[step.name] = receipt["result"]
            self.results[f"{step.name}_shown"] = receipt["details"]

    def _refused(self, step: Step, given: Mapping[str, Any]) -> None:
        before = _written()
        try:
            self._door.act(step.who, step.act, given)
        except DoorError as error:
            if error.code != step.refused:
                said = f"refused as {error.code}, not as {step.refused}: {error}"
                raise StoryError(f"day {step.day}, {step.act} by {step.who} ({step.says}): {said}") from error
        else:
            raise StoryError(f"day {step.day}, {step.act} by {step.who} ({step.says}): it was not refused")
        if _written() != before:
            raise StoryError(f"day {step.day}, {step.act} by {step.who} was refused, and something was written")


def _written() -> tuple[int, int]:
    return Entry.objects.count(), Act.objects.count()
