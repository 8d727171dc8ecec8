"""What many tests begin with is acted once per process; the next test that begins so takes a copy of what it left.

A function under `@settled` acts on a fresh installation, or on one on which nothing but such functions has acted.
Which they were, with what they were given, under which settings and at what time of the clock of the test, says
what the installation looks like. Where one looked so before, its files are copied, and the function gives what it
gave then. After anything else was written it is just called; on PostgreSQL always, where a copy takes longer.

What a test does, sees and asserts stays the same. So do random ids within one process, which no test may rely on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection

from penholder.actions.models import Act
from tests.casework import Casework

P = ParamSpec("P")
T = TypeVar("T")

_OF_ONE_INSTALLATION = {"PENHOLDER_HOME", "PENHOLDER_WRITER_LOCK"}


@dataclass
class _History:
    """What made one installation what it is, as far as it is known."""

    steps: tuple[Hashable, ...] = ()
    acts: int = 0
    writes: int = 0
    objects: list[Any] = field(default_factory=list)
    """What drives acts in the test, in the order of making (a `Story`, a `Draft`): it holds ids."""
    is_acting: bool = False

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Inside a step, the steps that it is made of are no steps."""
        self.is_acting = True
        try:
            yield
        finally:
            self.is_acting = False

    def next_step(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable | None:
        """The name of the next step; None where something is not known: another write, an object, a clock."""
        clock = _clock()
        if self.is_acting or clock is None or connection.vendor != "sqlite":
            return None
        if (Act.objects.count(), _writes()) != (self.acts, self.writes):
            return None
        given = [self.name_of(x) for x in (*args, *(x for item in sorted(kwargs.items()) for x in item))]
        if any(" at 0x" in text for text in given):
            return None
        return (*self.steps, (name, *given, repr(clock), _settings(), connection.vendor))

    def name_of(self, given: Any) -> str:
        """An argument."""
        found = self.index_of(given)
        return repr(given) if found is None else f"object {found}"

    def index_of(self, given: Any) -> int | None:
        """Which of the objects it is."""
        return next((n for n, known in enumerate(self.objects) if known is given), None)

    def adopt(self, given: Any) -> None:
        """What a step gave, where it drives acts too."""
        if type(given).__init__ in _inits and self.index_of(given) is None:
            self.objects.append(given)

    def went(self, step: Hashable) -> None:
        """A step is done."""
        assert isinstance(step, tuple)
        self.steps, self.acts, self.writes = step, Act.objects.count(), _writes()


@dataclass(frozen=True)
class _Left:
    """What a step left behind."""

    files: Path
    acts: int
    clock: dict[str, Any]
    held: tuple[dict[str, Any], ...]
    """By each of the objects."""
    given: Any
    """What the function gave; the number of the object, where it is one."""
    is_object: bool


_left: dict[Hashable, _Left] = {}
_inits: set[object] = set()
"""Of the classes whose objects drive acts."""


def settled(function: Callable[P, T]) -> Callable[P, T]:
    """Act once per process what tests begin with, and copy it after that."""

    @wraps(function)
    def begun(*args: P.args, **kwargs: P.kwargs) -> T:
        casework = Casework.current
        history = _history(casework)
        step = history.next_step(f"{function.__module__}.{function.__qualname__}", args, kwargs)
        if step is None or casework is None:
            return function(*args, **kwargs)
        if step not in _left:
            with history.acting():
                given = function(*args, **kwargs)
            history.went(step)
            _left[step] = _leave(casework, history, given)
            history.writes = _writes()
            history.adopt(given)
            return given
        found: T = _take(casework, history, step)
        return found

    return begun


def noted(init: Callable[Concatenate[Any, P], None]) -> Callable[Concatenate[Any, P], None]:
    """The same for making an object that drives acts: it is made each time, and known to the steps after it."""

    @wraps(init)
    def begun(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> None:
        history = _history(Casework.current)
        step = history.next_step(type(self).__qualname__, args, kwargs)
        if step is None:
            init(self, *args, **kwargs)
            return
        with history.acting():
            init(self, *args, **kwargs)
        history.objects.append(self)
        history.went(step)

    _inits.add(begun)
    return begun


def _leave(casework: Casework, history: _History, given: Any) -> _Left:
    number = history.index_of(given)
    held, copied = deepcopy((tuple(vars(o) for o in history.objects), given if number is None else number))
    clock = dict(_clock() or {})
    return _Left(casework.keep(), history.acts, clock, held, copied, number is not None)


def _take(casework: Casework, history: _History, step: Hashable) -> Any:
    left = _left[step]
    casework.put_back(left.files)
    held, given = deepcopy((left.held, left.given))
    for found, values in zip(history.objects, held, strict=True):
        vars(found).update(values)
    for name, value in left.clock.items():
        setattr(_clock_class(), name, value)
    assert isinstance(step, tuple)
    history.steps, history.acts, history.writes = step, left.acts, _writes()
    if left.is_object:
        return history.objects[given]
    history.adopt(given)
    return given


def _history(casework: Casework | None) -> _History:
    """Of the installation; without one: of none, where nothing is known."""
    if casework is None:
        return _History(acts=-1)
    if not isinstance(casework.history, _History):
        casework.history = _History()
    return casework.history


def _writes() -> int:
    """Rows written by this connection, by an act or not."""
    return connection.connection.total_changes if connection.connection else 0


def _clock_class() -> Any:
    module = sys.modules.get(settings.PENHOLDER_CLOCK.rpartition(".")[0])
    return getattr(module, "Clock", None)


def _clock() -> dict[str, Any] | None:
    """What the clock of the test says; None: it is none that a test sets."""
    found = _clock_class()
    return None if found is None else {k: v for k, v in vars(found).items() if not k.startswith("__")}


def _settings() -> str:
    names = (n for n in dir(settings) if n.startswith("PENHOLDER_") and n not in _OF_ONE_INSTALLATION)
    return repr([(n, getattr(settings, n)) for n in names])
