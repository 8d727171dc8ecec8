"""Which step of an act costs what: CPU time of single functions, without that of the steps inside them.

Import it after Django is set up. A bench may put its clocks around our functions; nothing else does.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connections

from bench import renaming
from penholder.actions import action, outbox, permissions, recording
from penholder.actions.registry import ActionSpec
from penholder.ledger import store
from penholder.ledger.rows import Book
from penholder.vault import store as vault
from penholder.vault.keys import KeyStore


class Steps:
    """Clocks around the steps while a block runs."""

    def __init__(self) -> None:
        database = type(connections["default"])
        self._wanted: tuple[tuple[str, Any, str], ...] = (
            ("parameters read", ActionSpec, "read"),
            ("permission", permissions, "require"),
            ("standing, asked again inside", permissions, "stand"),
            ("entry and its digests built", recording, "_build"),
            ("rows: entry", Book, "insert_numbered"),
            ("rows: sealed fields, index, place, nodes, head", Book, "insert"),
            ("rows: newest head read", Book, "first"),
            ("keys read", KeyStore, "keys_for"),
            ("fields sealed", vault, "sealed_sheet"),
            ("recording, the rest", recording, "write"),
            ("tree: place, hashes, head", store, "place"),
            ("reactions noted", outbox, "add"),
            ("begin", database, "_start_transaction_under_autocommit"),
            ("commit", database, "_commit"),
            ("the change itself", renaming, "_change"),
            ("doors, run and receipt", action, "_run"),
        )
        self._before: list[Any] = []
        self._inside: list[float] = []
        self._now: dict[str, float] = {}
        self._found: dict[str, dict[str, list[float]]] = {"with": {}, "without": {}}

    def __enter__(self) -> Steps:
        for name, owner, attribute in self._wanted:
            self._before.append(getattr(owner, attribute))
            setattr(owner, attribute, self._clocked(name, self._before[-1]))
        return self

    def __exit__(self, *_: object) -> None:
        for (_name, owner, attribute), before in zip(self._wanted, self._before, strict=True):
            setattr(owner, attribute, before)

    def turn(self, side: str, work: Callable[[], object]) -> None:
        """One act, `with` or `without` the ledger."""
        self._now = {}
        started = time.process_time()
        work()
        self._now["all"] = time.process_time() - started
        for name, spent in self._now.items():
            self._found[side].setdefault(name, []).append(spent)

    def medians(self, *, skip: int) -> Iterator[tuple[str, float, float]]:
        """Name of each step, and its microseconds with and without the ledger; the whole comes last."""
        for name in (*(name for name, _, _ in self._wanted), "all"):
            sides = [self._found[side].get(name, [0.0] * (skip + 1))[skip:] for side in ("with", "without")]
            yield name, *(1e6 * statistics.median(side) for side in sides)  # type: ignore[misc]

    def _clocked(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def clocked(*given: Any, **named: Any) -> Any:
            started = time.process_time()
            self._inside.append(0.0)
            try:
                return step(*given, **named)
            finally:
                spent = time.process_time() - started
                self._now[name] = self._now.get(name, 0.0) + spent - self._inside.pop()
                if self._inside:
                    self._inside[-1] += spent

        return clocked
