"""Making a release from the books of this site: tables, files, changes, signature, announcement."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from penholder import __version__
from penholder.actions.action import perform
from penholder.actions.moment import now
from penholder.actions.values import Actor
from penholder.concerns.policy.counts import RULE, counts_of
from penholder.custody import keyring
from penholder.kernel.clock import stamp
from penholder.ledger.note import sign_note
from penholder.publication.actions import announce_release
from penholder.publication.books import Books
from penholder.publication.errors import ReleaseError
from penholder.publication.proofs import receipt_of_run, receipts_of_rotations
from penholder.publication.releases import changes, files
from penholder.publication.releases.catalogue import (
    ANNOUNCED,
    CATALOGUE,
    NOTE,
    README,
    Catalogue,
    file_facts,
    read_catalogue,
    signed_text,
)
from penholder.publication.releases.check import KEYS, ROTATIONS, SOURCES
from penholder.publication.releases.hidden import told_by
from penholder.publication.releases.tables import DEFINITIONS, Material, Row, Table, made_tables
from penholder.publication.values import AUTHORITY, CONCERNS

_README = """\
This folder is a release of the public site {origin}.

catalogue.json    what is in it: tables, heads of the logs on which it rests, rules, the hash of every file
catalogue.note    the signature of the catalogue; its hash is announced in the ledger {origin}
*.csv *.jsonl *.parquet release.sqlite3    the tables, all with the same rows
changes.*         every cell that differs from the release before, with the reason (from the second release on)
sources/          the signed heads of the logs, and whose cosignatures they need
verifier-keys     the keys of the ledger {origin}

To verify it you need these files and nothing else, no network and no account:

    penholder verify THIS_FOLDER --key KEY

KEY is the key of the ledger {origin} as you got it from somewhere else than from here.
"""


@dataclass(frozen=True, slots=True)
class Built:
    """A release that was made."""

    folder: Path
    catalogue: Catalogue
    sha256: str
    run: str


def material_of(books: Books, *, on: date, sizes: Mapping[str, int]) -> Material:
    """What tables are made from: as on a day, as known at sizes of the logs."""
    size = sizes[AUTHORITY]
    statements, promises = books.statements(size)
    counted = books.concerns(on=on, size=sizes[CONCERNS]) if CONCERNS in sizes else None
    version = books.policy.version(on)
    return Material(
        on=on,
        licences=books.licences(size),
        measures=books.measures(size),
        statements=statements,
        promises=promises,
        assessments=books.assessments(size),
        decisions=books.decisions(size),
        facts=tuple(books.source.facts(log=AUTHORITY, size=size, on=on)),
        says={name: event.says for name, event in books.policy.events.items()},
        concerns=counts_of(counted, smallest=version.smallest_cell) if counted else None,
    )


def build(
    books: Books,
    *,
    to: Path,
    called: str,
    on: date,
    actor: Actor,
    previous: Path | None = None,
    may_tell: bool = False,
) -> Built:
    """Make a release as on a day, from all that is loaded, in a new folder under `to`; announce it in the ledger.

    Raises: ReleaseError: a cell changed without a reason; the day lies before that of the release before; with
        that one it would tell a count that both leave out (unless it may). Nothing is left or announced then.
        RollbackError, LedgerKeyError: no head can be signed; it may be announced then, and not be there: make it
        again.
    """
    sizes = {log: head.size for log, head in books.heads.items()}
    if AUTHORITY not in sizes:
        raise ReleaseError("the log of the authority was not loaded", hint="penholder publication load FOLDER")
    tables = made_tables(material_of(books, on=on, sizes=sizes))
    listed = _changes(books, tables, on=on, sizes=sizes, previous=previous) if previous else []
    if previous is not None:
        if not may_tell:
            check_hidden(previous, tables)
        tables[files.CHANGES] = [changes.as_row(c) for c in listed]
    draft = to / f".{secrets.token_hex(6)}.new"
    draft.mkdir(parents=True)
    try:
        _write(draft, books, tables)
        catalogue = _catalogue(draft, books, tables, called=called, on=on, previous=previous, listed=listed)
        data = catalogue.to_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        (draft / CATALOGUE).write_bytes(data)
        (draft / NOTE).write_text(_signed(catalogue, sha256), encoding="utf-8")
        run = _announce(catalogue, sha256, actor, listed)
        (draft / ANNOUNCED).write_text(receipt_of_run(run), encoding="utf-8")
        folder = to / catalogue.id
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Built(folder, catalogue, sha256, run)


def _write(draft: Path, books: Books, tables: Mapping[str, Sequence[Row]]) -> None:
    files.write_all(draft, tables)
    (draft / README).write_text(_README.format(origin=settings.PENHOLDER_ORIGIN), encoding="utf-8")
    keys = keyring.newest(settings.PENHOLDER_ORIGIN).keyring
    (draft / KEYS).write_text(keys.text(), encoding="utf-8")
    for number, text in enumerate(receipts_of_rotations(keys), start=1):
        (draft / ROTATIONS).mkdir(exist_ok=True)
        (draft / ROTATIONS / f"{number:03}.receipt").write_text(text, encoding="utf-8")
    for log, head in books.heads.items():
        where = draft / SOURCES / log
        where.mkdir(parents=True)
        (where / "checkpoint").write_text(head.note, encoding="utf-8")
        announced = books.source.facts(log=log, size=head.size, events=("custody.PolicyAnnounced",))
        (where / "policy").write_text(str(announced[-1].fields["policy"]) if announced else "", encoding="utf-8")


def _catalogue(
    draft: Path,
    books: Books,
    tables: Mapping[str, Sequence[Row]],
    *,
    called: str,
    on: date,
    previous: Path | None,
    listed: Sequence[changes.Change],
) -> Catalogue:
    version = books.policy.version(on)
    before = read_catalogue(previous) if previous is not None else None
    held = {name: _table_facts(files.SHAPES[name], rows) for name, rows in tables.items()}
    digest = hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()
    return Catalogue(
        id=f"{on.isoformat()}-{digest[:12]}",
        called=called,
        on=on,
        made_at=stamp(now()),
        origin=settings.PENHOLDER_ORIGIN,
        logs={log: _log_facts(asdict(head)) for log, head in books.heads.items()},
        policy=version.id,
        definitions=dict(DEFINITIONS),
        smallest_cell=version.smallest_cell,
        rule=RULE.format(smallest=version.smallest_cell),
        software=__version__,
        tables=held,
        files=file_facts(draft),
        previous={"id": before[0].id, "sha256": before[1]} if before else None,
        reasons=dict(Counter(c.reason.value for c in listed)),
    )


def _log_facts(head: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("origin", "size", "root", "witnessed", "signed", "needed", "key")
    return {n: list(head[n]) if isinstance(head[n], tuple) else head[n] for n in kept}


def _table_facts(shape: Table, rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "means": shape.means,
        "key": list(shape.key),
        "columns": list(shape.columns),
        "integers": sorted(shape.integers),
        "rows": len(rows),
        "sha256": files.rows_sha256(shape, rows),
    }


def _changes(
    books: Books,
    new: Mapping[str, Sequence[Row]],
    *,
    on: date,
    sizes: Mapping[str, int],
    previous: Path,
) -> list[changes.Change]:
    old, _ = read_catalogue(previous)
    before = {log: int(facts["size"]) for log, facts in old.logs.items()}
    if old.on > on or any(before.get(log, 0) > size for log, size in sizes.items()):
        raise ReleaseError(
            f"{old.id} is as on {old.on} and rests on more entries than are loaded, or on a later day",
            hint="give a later day, or load the log again",
        )
    held = [n for n in old.tables if n != files.CHANGES]
    steps = changes.Steps(
        old={name: files.read_lines(previous, name) for name in held},
        again=made_tables(material_of(books, on=old.on, sizes=before)),
        later=made_tables(material_of(books, on=old.on, sizes=sizes)),
        new=new,
        same_day=old.on == on,
        redefined=_redefined(old, policy=books.policy.version(on).id),
    )
    return changes.changes_of(steps, entries=_Bearing(books, before, sizes))


def _redefined(old: Catalogue, *, policy: str) -> frozenset[str]:
    """Tables that the old release made by another definition, or all, where it held to another policy."""
    if old.policy != policy:
        return frozenset(DEFINITIONS)
    return frozenset(name for name, version in DEFINITIONS.items() if old.definitions.get(name) != version)


def check_hidden(previous: Path, tables: Mapping[str, Sequence[Row]]) -> None:
    """Raises: ReleaseError: with the release before, tables would tell a count that both leave out."""
    old, _ = read_catalogue(previous)
    if CONCERNS not in old.tables:
        return
    before = files.read_lines(previous, CONCERNS)
    if told := told_by(before, tables[CONCERNS], smallest=old.smallest_cell):
        raise ReleaseError(
            f"together with {old.id} this release would tell counts that both leave out: {', '.join(told)}",
            hint="make it on a later day, or give --anyway: then `penholder release table` shows what is told",
        )


class _Bearing:
    """Which entries between two releases bear on a row."""

    def __init__(self, books: Books, before: Mapping[str, int], after: Mapping[str, int]) -> None:
        self._books, self._before, self._after = books, before, after

    def __call__(self, table: Table, key: str) -> Sequence[int]:
        if table.name == "concerns":
            return range(self._before.get(CONCERNS, 0), self._after.get(CONCERNS, 0))
        since, size = self._before.get(AUTHORITY, 0), self._after[AUTHORITY]
        if table.name == "entries":
            return [int(key)] if int(key) >= since else []
        things = [key.split(";", maxsplit=1)[0]]
        if table.name == "destinations":
            things = self._books.source.about_place(key)
        found = {f.number for t in things for f in self._books.facts_about(t, size) if f.number >= since}
        return sorted(found)


def _signed(catalogue: Catalogue, sha256: str) -> str:
    signer = keyring.secret_key(keyring.LEDGER_KEY)
    if signer is None:
        raise ReleaseError("the signing key of this ledger is not here", hint="restore secrets/ from its copy")
    return sign_note(signed_text(catalogue, sha256), [signer])


def _announce(catalogue: Catalogue, sha256: str, actor: Actor, listed: Sequence[changes.Change]) -> str:
    receipt = perform(
        announce_release,
        actor,
        release=catalogue.id,
        called=catalogue.called,
        as_on=catalogue.on,
        catalogue_sha256=sha256,
        sizes={log: int(facts["size"]) for log, facts in catalogue.logs.items()},
        previous=str(catalogue.previous["id"]) if catalogue.previous else "",
        changed_cells=len(listed),
        policy=catalogue.policy,
    )
    run: str = receipt.run
    return run
