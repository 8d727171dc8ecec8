"""Reading a published folder into the projection: verified first, and read no further than what was verified."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from penholder.concerns.figures import public_entries
from penholder.concerns.policy.tally import tally
from penholder.custody.files import file_lock
from penholder.kernel import clock
from penholder.kernel.counts import many
from penholder.kernel.errors import PenholderError
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.folder import FolderReader, read_tile
from penholder.ledger.keyring import Keyring
from penholder.ledger.layout import ENTRIES, TILE_WIDTH, Tile, split_bundle
from penholder.ledger.merkle import Frontier, Node, leaf_hash
from penholder.ledger.parallel import Progress
from penholder.ledger.verify import VerifyReport, verify_folder
from penholder.publication import projection
from penholder.publication.disclosure import Disclosure
from penholder.publication.errors import NotLoadedError, ProjectionError
from penholder.publication.policy import event_policy
from penholder.publication.values import CONCERNS, LOGS, Head

_ID = re.compile(r"[A-Z]{1,2}-[0-9a-z]{4,40}\Z")
_PLACES = ("destination", "destinations", "added", "removed", "onward", "end_user_state")
PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load amounts to. before: entries that were shown already."""

    head: Head
    before: int
    public: int
    notices: tuple[str, ...]


def load(
    folder: Path,
    *,
    log: str,
    to: Path,
    policy: Disclosure,
    now: datetime,
    keys: Keyring | None = None,
    anew: bool = False,
    progress: Progress | None = None,
) -> Loaded:
    """Verify a published folder and show it up to its head.

    Args:
        log: which of `LOGS` it is. to: the file of the projection. keys: known from elsewhere.
        now: when it is loaded, as pages say it. Cosignatures count by the clock of the machine.
        anew: read it again from entry 0. Else it must continue what is shown, entry by entry.
    Raises: ProjectionError: it does not verify, is no continuation, or is another log than before;
        UnknownEventError; NoteError: it is no published folder. What was shown before stands after each.
    """
    if log not in LOGS:
        raise ProjectionError(f"there is no log {log!r}", hint=f"allowed: {', '.join(LOGS)}")
    with file_lock(to.with_name(f"{to.name}.lock")):
        old = projection.read_head(to, log)
        report = verify_folder(
            folder,
            keys=keys,
            since=old.note.encode() if old else None,
            now=int(clock.now().timestamp()),
            progress=progress,
        )
        _check(report, folder, old)
        begin = 0 if anew or old is None else old.size
        with _draft(to) as draft:
            with projection.writing(draft) as db:
                if begin == 0:
                    projection.forget(db, log)
                public = _read(_Into(db, log, policy), folder, begin=begin, report=report)
                if log == CONCERNS:
                    check_counts(db, on=now.date())
                head = _head(db, log, report, now)
                projection.write_head(db, head)
            _adopt(draft, to)
    return Loaded(head, begin, public, tuple(report.notices))


@contextmanager
def _draft(to: Path) -> Iterator[Path]:
    """A copy of what is shown, or a new file where this version cannot go on with it; gone afterwards."""
    draft = to.with_name(f".{to.name}.new")
    draft.unlink(missing_ok=True)
    if projection.is_readable(to):
        shutil.copyfile(to, draft)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _check(report: VerifyReport, folder: Path, old: Head | None) -> None:
    if report.problems or report.checkpoint is None:
        first = report.problems[0]
        place = f", entry {first.entry:,}" if first.entry is not None else ""
        problems = many(len(report.problems), "problem")
        raise ProjectionError(
            f"{folder} does not verify ({problems}): {first.file}{place}: {first.message}",
            hint="`penholder verify` says all; what was shown before is still shown",
        )
    if old is not None and report.checkpoint.origin != old.origin:
        raise ProjectionError(
            f"{folder} is the log {report.checkpoint.origin}, and what is shown is {old.origin}",
            hint="another log needs another home of the public site",
        )


@dataclass(frozen=True, slots=True)
class _Into:
    """The log that is read, and where it goes."""

    db: sqlite3.Connection
    log: str
    policy: Disclosure


def _read(into: _Into, folder: Path, *, begin: int, report: VerifyReport) -> int:
    """Take in the entries from `begin` on. Their tree must lead to the root that was verified."""
    head = report.checkpoint
    assert head is not None  # noqa: S101 - checked before
    frontier: Frontier = projection.frontier_of(into.db, into.log, begin) if begin else Frontier(0, ())
    nodes: list[Node] = []
    public = 0
    for number, data in entries_of(folder, begin, head.size):
        entry = LedgerEntry.from_bytes(data)
        frontier, made = frontier.append(leaf_hash(data))
        nodes += made
        public += _take(into, number, entry, data)
    if frontier.root() != head.root:
        raise ProjectionError(
            f"{folder} changed while it was read: its entries do not lead to the root that was verified",
            hint="load it again",
        )
    projection.write_nodes(into.db, into.log, nodes)
    return public


def entries_of(folder: Path, begin: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of the entries of a published folder. Raises: ProjectionError: a bundle is not whole."""
    reader = FolderReader(folder)
    for index in range(begin // TILE_WIDTH, -(-end // TILE_WIDTH)):
        width = min(TILE_WIDTH, end - index * TILE_WIDTH)
        bundle = Tile(ENTRIES, index, width)
        found, _ = split_bundle(read_tile(reader, bundle) or b"", width)
        if len(found) < width:
            raise ProjectionError(f"{folder}: {bundle.path} is not whole", hint="`penholder verify` says more")
        for number, data in enumerate(found, index * TILE_WIDTH):
            if number >= begin:
                yield number, data


def check_counts(db: sqlite3.Connection, *, on: date) -> None:
    """Pages count all concerns of the log: what cannot be counted is not taken in. Raises: ProjectionError."""
    rows = db.execute("SELECT data FROM entry WHERE log = ? ORDER BY number", (CONCERNS,))
    try:
        tally(public_entries(bytes(data) for (data,) in rows), on=on)
    except (PenholderError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise ProjectionError(
            f"the concerns of this log cannot be counted by this version ({type(error).__name__})",
            hint="install a newer one; what was shown before is still shown",
        ) from error


def _take(into: _Into, number: int, entry: LedgerEntry, data: bytes) -> int:
    is_public = entry.visibility == PUBLIC
    kind = event_policy(entry.event, into.policy).kind if is_public else ""
    things = {entry.about, *ids_in(entry.data)} - {None} if is_public else set()
    row = (into.log, number, entry.at, entry.event, kind, entry.about or "", entry.visibility, data)
    projection.write_entry(into.db, row, things=[t for t in things if t])
    if is_public and entry.about:
        projection.write_places(into.db, entry.about, places_in(entry.data))
    return int(is_public)


def ids_in(value: Any) -> Iterator[str]:
    """Every public id that stands in public fields."""
    if isinstance(value, str):
        if _ID.match(value):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from ids_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from ids_in(item)


def places_in(fields: Mapping[str, Any]) -> Iterator[str]:
    """Every place that public fields name."""
    for name in _PLACES:
        given = fields.get(name) or ()
        yield from (str(place) for place in ([given] if isinstance(given, str) else given) if place)
    for goods in fields.get("goods") or ():
        yield from places_in(goods)


def _head(db: sqlite3.Connection, log: str, report: VerifyReport, now: datetime) -> Head:
    found = report.checkpoint
    assert found is not None  # noqa: S101 - checked before
    sealed = Counter(
        dict(
            db.execute(
                "SELECT visibility, COUNT(*) FROM entry WHERE log = ? AND visibility <> ? GROUP BY visibility",
                (log, PUBLIC),
            )
        )
    )
    last = report.facts.last_at
    return Head(
        log=log,
        origin=found.origin,
        size=found.size,
        root=base64.b64encode(found.root).decode(),
        note=report.note,
        witnessed=report.verdict.witnessed,
        signed=report.verdict.signed,
        needed=report.verdict.needed,
        last_at=datetime.fromisoformat(last) if last else None,
        loaded_at=now,
        key=report.signed_by.text() if report.signed_by else "",
        is_pinned=report.pinned,
        unknown=dict(sealed),
    )


def _adopt(draft: Path, to: Path) -> None:
    with draft.open("rb+") as stream:
        os.fsync(stream.fileno())
    draft.replace(to)


def shown_heads(path: Path) -> tuple[Head, ...]:
    """What is shown at the moment. Raises: NotLoadedError."""
    found = [head for log in LOGS if (head := projection.read_head(path, log)) is not None]
    if not found:
        raise NotLoadedError("nothing has been loaded yet", hint="penholder publication load PUBLISHED_FOLDER")
    return tuple(found)


def as_document(loaded: Loaded) -> str:
    """The answer of a load as JSON."""
    head = loaded.head
    return json.dumps(
        {
            "log": head.log,
            "origin": head.origin,
            "size": head.size,
            "root": head.root,
            "new": head.size - loaded.before,
            "public": loaded.public,
            "witnessed": head.witnessed,
            "witnesses": list(head.signed),
            "witnesses_needed": head.needed,
            "key": head.key,
            "key_given": head.is_pinned,
            "notices": list(loaded.notices),
        },
        indent=2,
    )
