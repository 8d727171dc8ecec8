"""The projection: what published ledgers said when they were verified, in one SQLite file that pages only read.

It is no table of the site's database and no act of its ledger: it holds nothing that is not published elsewhere,
and it can be made anew at any time. It is written whole beside its place and moved there; pages open it read-only.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from penholder.ledger.merkle import Frontier, Node, inclusion_nodes, proof_nodes, root_nodes
from penholder.ledger.merkle import compose as composed
from penholder.publication.disclosure import Disclosure
from penholder.publication.errors import NotLoadedError
from penholder.publication.policy import counted_view, public_view
from penholder.publication.values import Fact, Head

FILE = "published.sqlite3"
FORMAT = 1
_SHAPE = """
CREATE TABLE head (log TEXT PRIMARY KEY, said TEXT NOT NULL);
CREATE TABLE entry (
  log TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, event TEXT NOT NULL, kind TEXT NOT NULL,
  about TEXT NOT NULL, visibility TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (log, number)
) WITHOUT ROWID;
CREATE INDEX entry_kind ON entry (kind, log, number);
CREATE INDEX entry_event ON entry (event, log, number);
CREATE TABLE named (thing TEXT NOT NULL, log TEXT NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY (thing, log, number)) WITHOUT ROWID;
CREATE TABLE node (log TEXT NOT NULL, level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL,
  PRIMARY KEY (log, level, position)) WITHOUT ROWID;
CREATE TABLE place (place TEXT NOT NULL, thing TEXT NOT NULL, PRIMARY KEY (place, thing)) WITHOUT ROWID;
"""


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A projection to write into, made if it is not there; committed where the block ends well."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous=FULL")
        if db.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            db.executescript(_SHAPE)
            db.execute(f"PRAGMA user_version={FORMAT}")
        with db:
            yield db


def write_entry(
    db: sqlite3.Connection, row: tuple[str, int, str, str, str, str, str, bytes], *, things: Iterable[str]
) -> None:
    """One entry, and the things that it names. row: log, number, at, event, kind, about, visibility, bytes."""
    db.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    db.executemany(
        "INSERT OR IGNORE INTO named VALUES (?, ?, ?)", [(thing, row[0], row[1]) for thing in set(things)]
    )


def write_places(db: sqlite3.Connection, thing: str, places: Iterable[str]) -> None:
    """That a thing is about places."""
    db.executemany("INSERT OR IGNORE INTO place VALUES (?, ?)", [(place, thing) for place in set(places)])


def write_nodes(db: sqlite3.Connection, log: str, nodes: Iterable[Node]) -> None:
    """Hashes of complete subtrees, for proofs."""
    db.executemany("INSERT INTO node VALUES (?, ?, ?, ?)", [(log, n.level, n.index, n.hash) for n in nodes])


def write_head(db: sqlite3.Connection, head: Head) -> None:
    """The head up to which a log is shown."""
    said = json.dumps(asdict(head), default=lambda d: d.isoformat(), sort_keys=True)
    db.execute("INSERT OR REPLACE INTO head VALUES (?, ?)", (head.log, said))


def is_readable(path: Path) -> bool:
    """Is there a projection that this version can go on with?"""
    if not path.is_file():
        return False
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        return bool(db.execute("PRAGMA user_version").fetchone()[0] == FORMAT)


def read_head(path: Path, log: str) -> Head | None:
    """The head up to which a log is shown; None: it is not shown."""
    if not is_readable(path):
        return None
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        row = db.execute("SELECT said FROM head WHERE log = ?", (log,)).fetchone()
    return None if row is None else head_of(row[0])


def forget(db: sqlite3.Connection, log: str) -> None:
    """Everything of one log, before it is read anew. Places are kept: they only help to find."""
    for table in ("head", "entry", "named", "node"):
        db.execute(f"DELETE FROM {table} WHERE log = ?", (log,))  # one of our own names


def frontier_of(db: sqlite3.Connection, log: str, size: int) -> Frontier:
    """The tree of a log as far as it was read."""
    return Frontier(size, tuple(_hash(db, log, *coordinate) for coordinate in root_nodes(size)))


def _hash(db: sqlite3.Connection, log: str, level: int, position: int) -> bytes:
    row = db.execute(
        "SELECT hash FROM node WHERE log = ? AND level = ? AND position = ?", (log, level, position)
    ).fetchone()
    return bytes(row[0])


def head_of(row: str) -> Head:
    """A head as it was written."""
    said: dict[str, Any] = json.loads(row)
    said["last_at"] = datetime.fromisoformat(said["last_at"]) if said["last_at"] else None
    return Head(**said | {"loaded_at": datetime.fromisoformat(said["loaded_at"]), "signed": tuple(said["signed"])})


class Projection:
    """The projection, read-only. on: day of the disclosure policy's clock. Raises: NotLoadedError."""

    def __init__(self, path: Path, *, policy: Disclosure, on: date) -> None:
        self._policy, self._on = policy, on
        if not path.is_file():
            raise NotLoadedError("nothing has been loaded yet", hint="penholder publication load PUBLISHED_FOLDER")
        self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        if self._db.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            self._db.close()
            raise NotLoadedError(
                "what was loaded is of another version of Penholder",
                hint="penholder publication load --anew PUBLISHED_FOLDER",
            )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def heads(self) -> Mapping[str, Head]:
        """Log -> its head."""
        rows = self._db.execute("SELECT log, said FROM head ORDER BY log")
        return {log: head_of(said) for log, said in rows}

    def facts(
        self,
        *,
        log: str,
        size: int,
        thing: str = "",
        kinds: Sequence[str] = (),
        events: Sequence[str] = (),
        before: int | None = None,
        newest: int | None = None,
        on: date | None = None,
    ) -> list[Fact]:
        """Public entries of a log below `size`, in order; with `newest`, that many, the newest first.

        thing: that name it. kinds, events: of these. before: only below this number. on: as the disclosure policy
        shows them on that day; None: today.
        """
        where, given = ["e.log = ?", "e.number < ?", "e.visibility = 'public'"], [log, size]
        source = "entry e"
        if before is not None:
            where, given = [*where, "e.number < ?"], [*given, before]
        for column, words in (("kind", kinds), ("event", events)):
            if words:
                where.append(f"e.{column} IN ({', '.join('?' * len(words))})")
                given += words
        if thing:
            source = "named n JOIN entry e ON e.log = n.log AND e.number = n.number"
            where, given = ["n.thing = ?", *where], [thing, *given]
        order = "e.number" if newest is None else f"e.number DESC LIMIT {int(newest)}"
        text = f"SELECT e.number, e.data FROM {source} WHERE {' AND '.join(where)} ORDER BY {order}"
        day = on or self._on
        return [self._fact(log, number, data, day) for number, data in self._db.execute(text, given)]

    def _fact(self, log: str, number: int, data: bytes, on: date) -> Fact:
        said: dict[str, Any] = json.loads(data)
        at = datetime.fromisoformat(said["at"])
        view = public_view(said["event"], said["data"], at=at.date(), on=on, policy=self._policy)
        return Fact(
            log=log,
            number=number,
            event=said["event"],
            kind=view.kind,
            about=(said["about"] or "") if _names_its_subject(view.fields, said) else "",
            at=at,
            claimed_at=said["claimed_at"],
            late="late" in said,
            role=said["role"],
            run=said["run"],
            rules=said["rules"],
            fields=view.fields,
            withheld=view.withheld,
        )

    def counted(self, *, log: str, size: int, kind: str) -> Iterator[tuple[str, date, str, Mapping[str, Any]]]:
        """Event, day, subject and fields of entries that may only be counted."""
        rows = self._db.execute(
            "SELECT data FROM entry WHERE kind = ? AND log = ? AND number < ? AND visibility = 'public' "
            "ORDER BY number",
            (kind, log, size),
        )
        for (data,) in rows:
            said = json.loads(data)
            fields = counted_view(said["event"], said["data"], policy=self._policy)
            yield said["event"], datetime.fromisoformat(said["at"]).date(), said["about"] or "", fields

    def things(self, kind: str, *, size: int, log: str, after: str = "", most: int | None = None) -> list[str]:
        """Subjects of a kind, the newest first by their first entry; `after`: a subject, that follow it."""
        rows = self._db.execute(
            "SELECT about, MIN(number) AS first FROM entry WHERE kind = ? AND log = ? AND number < ? "
            "AND about <> '' AND visibility = 'public' GROUP BY about ORDER BY first DESC",
            (kind, log, size),
        )
        found = [about for about, _ in rows]
        if after:
            found = found[found.index(after) + 1 :] if after in found else []
        return found[:most]

    def about_place(self, place: str) -> list[str]:
        """Ids of things that were at any time about a place."""
        rows = self._db.execute("SELECT thing FROM place WHERE place = ? ORDER BY thing", (place,))
        return [thing for (thing,) in rows]

    def places(self) -> list[str]:
        """Every place that something is about."""
        return [place for (place,) in self._db.execute("SELECT DISTINCT place FROM place ORDER BY place")]

    def size_at(self, log: str, moment: datetime) -> int:
        """How many entries a log had at a moment, as the entries say."""
        row = self._db.execute(
            "SELECT MAX(number) FROM entry WHERE log = ? AND at <= ?",
            (log, moment.isoformat(timespec="seconds").replace("+00:00", "Z")),
        ).fetchone()
        return 0 if row[0] is None else int(row[0]) + 1

    def entry(self, log: str, number: int) -> bytes | None:
        """The bytes of an entry, as published."""
        row = self._db.execute("SELECT data FROM entry WHERE log = ? AND number = ?", (log, number)).fetchone()
        return None if row is None else bytes(row[0])

    def at(self, log: str, number: int) -> datetime | None:
        """When an entry was recorded."""
        row = self._db.execute("SELECT at FROM entry WHERE log = ? AND number = ?", (log, number)).fetchone()
        return None if row is None else datetime.fromisoformat(row[0])

    def proof(self, log: str, number: int, size: int) -> tuple[bytes, ...]:
        """The hashes that lead from an entry to the root of the head."""
        groups = inclusion_nodes(number, size)
        held = {c: _hash(self._db, log, *c) for c in proof_nodes(groups)}
        return composed(groups, lambda level, position: held[level, position])


def _names_its_subject(fields: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Is the id of the subject among the fields that are shown? Of what is only counted it is not."""
    return said["about"] is None or said["about"] in fields.values()
