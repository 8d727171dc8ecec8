"""Checks of a SQLite database of acts, from outside: no Django, no code of the store, the bare file alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from penholder.ledger.merkle import Frontier, leaf_hash

_COUNTS = """
SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_place),
       (SELECT coalesce(max(seq) + 1, 0) FROM ledger_place), (SELECT count(*) FROM actions_act),
       (SELECT count(*) FROM ledger_entry WHERE event LIKE '%Renamed'), (SELECT coalesce(sum(version - 1), 0) FROM people_user),
       (SELECT count(*) FROM ledger_entry e WHERE event LIKE '%Renamed'
         AND 2 <> (SELECT count(*) FROM vault_sealedfield s WHERE s.entry_id = e.id)),
       (SELECT count(*) FROM ledger_place p LEFT JOIN ledger_entry e ON e.id = p.entry_id WHERE e.id IS NULL)
"""  # noqa: E501


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
            self._check_counts(bare)
            self._grow(bare)
            for number, run in acknowledged:
                row = bare.execute("SELECT run FROM ledger_entry WHERE id = ?", (number,)).fetchone()
                if row != (run,):
                    raise BrokenPromiseError(f"the acknowledged entry {number} is lost")
        return self.frontier.size

    def _check_counts(self, bare: sqlite3.Connection) -> None:
        entries, places, end, acts, renamed, changes, torn, orphans = bare.execute(_COUNTS).fetchone()
        if not entries == places == end == acts:
            raise BrokenPromiseError(f"{entries} entries, {places} places up to {end}, {acts} acts")
        if renamed != changes:
            raise BrokenPromiseError(f"{changes} changes, but {renamed} entries of them")
        if torn or orphans:
            raise BrokenPromiseError(
                f"{torn} entries without their private fields, {orphans} places without entry"
            )

    def _grow(self, bare: sqlite3.Connection) -> None:
        rows = bare.execute(
            "SELECT p.seq, e.body, h.root FROM ledger_place p JOIN ledger_entry e ON e.id = p.entry_id "
            "LEFT JOIN ledger_head h ON h.size = p.seq + 1 WHERE p.seq >= ? ORDER BY p.seq",
            (self.frontier.size,),
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
