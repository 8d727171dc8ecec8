"""Checks of a database of acts, from outside: no Django, no code of the store, a bare connection alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from penholder.ledger.merkle import Frontier, leaf_hash

_COUNTS = """
SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_place),
       (SELECT coalesce(max(seq) + 1, 0) FROM ledger_place), (SELECT count(*) FROM actions_act),
       (SELECT count(*) FROM ledger_entry WHERE event LIKE '%Renamed'), (SELECT coalesce(sum(version - 1), 0) FROM people_user),
       (SELECT count(*) FROM ledger_entry e WHERE event LIKE '%Renamed'
         AND 2 <> (SELECT count(*) FROM vault_sealedfield s WHERE s.entry_id = e.id)),
       (SELECT count(*) FROM ledger_waiting),
       (SELECT count(*) FROM ledger_place p LEFT JOIN ledger_entry e ON e.id = p.entry_id WHERE e.id IS NULL)
"""  # noqa: E501


class Bare(Protocol):
    """A connection past Django: of sqlite3, or of psycopg."""

    def execute(self, query: Any, parameters: Any = ..., /) -> Any:
        """Ask; gives a cursor."""


class BrokenPromiseError(Exception):
    """The books are not what they must be."""


@dataclass(slots=True)
class History:
    """The tree as it was found so far: it may only grow, and the acknowledged acts stay in it."""

    frontier: Frontier = field(default_factory=Frontier)
    roots: dict[int, bytes] = field(default_factory=dict)

    def check(self, database: Path, acknowledged: Iterable[tuple[int, str]] = ()) -> int:
        """Compare; gives the size of the log. `acknowledged`: number and run of entries that must be there.

        Raises: BrokenPromiseError: lost, torn, forked, a gap, or a change without its entry.
        """
        with closing(sqlite3.connect(database)) as bare:
            return self.check_on(bare, acknowledged)

    def check_on(self, bare: Bare, acknowledged: Iterable[tuple[int, str]] = (), *, may_wait: bool = False) -> int:
        """The same on an open connection. `may_wait`: entries without a place yet are allowed, where they wait."""
        self._check_counts(bare, may_wait=may_wait)
        self._grow(bare)
        runs = dict(bare.execute("SELECT id, run FROM ledger_entry").fetchall())
        for number, run in acknowledged:
            if runs.get(number) != run:
                raise BrokenPromiseError(f"the acknowledged entry {number} is lost")
        return self.frontier.size

    def _check_counts(self, bare: Bare, *, may_wait: bool) -> None:
        found = bare.execute(_COUNTS).fetchone()
        entries, places, end, acts, renamed, changes, torn, waiting, orphans = found
        if not (entries == places + waiting == acts and places == end) or (waiting and not may_wait):
            raise BrokenPromiseError(
                f"{entries} entries, {places} places up to {end}, {waiting} wait for one, {acts} acts"
            )
        if renamed != changes:
            raise BrokenPromiseError(f"{changes} changes, but {renamed} entries of them")
        if torn or orphans:
            raise BrokenPromiseError(
                f"{torn} entries without their private fields, {orphans} places without entry"
            )

    def _grow(self, bare: Bare) -> None:
        rows = bare.execute(
            "SELECT p.seq, e.body, h.root FROM ledger_place p JOIN ledger_entry e ON e.id = p.entry_id "
            f"LEFT JOIN ledger_head h ON h.size = p.seq + 1 WHERE p.seq >= {self.frontier.size} ORDER BY p.seq"
        )
        for seq, body, root in rows:
            if seq != self.frontier.size:
                raise BrokenPromiseError(f"there is a gap at place {self.frontier.size}")
            self.frontier, _ = self.frontier.append(leaf_hash(body.encode()))
            self.roots[seq + 1] = self.frontier.root()
            if root is not None and root != self.roots[seq + 1]:
                raise BrokenPromiseError(f"the head of size {seq + 1} is not that of its entries")
        size, root = bare.execute("SELECT size, root FROM ledger_head ORDER BY size DESC LIMIT 1").fetchone()
        if size != self.frontier.size or root != self.roots[size]:
            raise BrokenPromiseError(f"the newest head has size {size}; the entries give {self.frontier.size}")
