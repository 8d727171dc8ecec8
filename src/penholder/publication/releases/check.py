"""Checking a release from its files alone: `penholder verify RELEASE_DIR`. No Django, no network."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from penholder.ledger.bundles import Problem
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.errors import NoteError, ProofError
from penholder.ledger.keyring import ROTATED, Keyring
from penholder.ledger.note import Note, Verifier, open_note
from penholder.ledger.policy import Policy, PolicyVerdict
from penholder.ledger.verify_receipt import verify_receipt
from penholder.publication.errors import ReleaseError
from penholder.publication.releases import changes, files
from penholder.publication.releases.catalogue import (
    ANNOUNCED,
    CATALOGUE,
    NOTE,
    Catalogue,
    file_facts,
    read_catalogue,
    signed_text,
)
from penholder.publication.releases.tables import Row

KEYS = "verifier-keys"
SOURCES = "sources"
ROTATIONS = "key-changes"
_ANNOUNCES = "publication.ReleaseAnnounced"
_UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, StopIteration)
_READERS = {"CSV": files.read_csv, "Parquet": files.read_parquet, "SQLite": files.read_database}


@dataclass(slots=True)
class ReleaseReport:
    """What came of it. Right where `problems` is empty."""

    catalogue: Catalogue
    sha256: str
    signed_by: str = ""
    is_pinned: bool = False
    verdicts: dict[str, PolicyVerdict] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    cells: int = 0
    compared_with: str = ""

    @property
    def is_intact(self) -> bool:
        """Nothing was found wrong."""
        return not self.problems


def is_release(folder: Path) -> bool:
    """Does a folder look like a release?"""
    return (folder / CATALOGUE).is_file()


def verify_release(
    folder: Path, *, keys: Keyring | None, previous: Path | None = None, now: int = 0
) -> ReleaseReport:
    """Hashes, signature, the heads that it rests on, and that all formats hold the same rows.

    Args:
        keys: of the ledger of the public site, known from elsewhere; None: those in the folder, which is said.
        previous: folder of the release before; then the changes are applied to it, and must give this one.
        now: POSIX seconds, for the times of cosignatures.
    Raises: ReleaseError: the folder is no release.
    """
    found, sha256 = read_catalogue(folder)
    report = ReleaseReport(found, sha256)
    signer = _signature(folder, report, keys)
    if signer is None or report.problems:  # nobody vouches for what the catalogue says
        return report
    _files(folder, report)
    for log in found.logs:
        _source(folder, log, report, now)
    if not report.problems:
        with _readable("tables", report):
            _rows(folder, report)
    if previous is not None and not report.problems:
        with _readable(files.CHANGES, report):
            _changes(folder, previous, report)
    _announcement(folder, report, *signer)
    return report


@contextmanager
def _readable(what: str, report: ReleaseReport) -> Iterator[None]:
    """What is whole by its hashes may be no table all the same: that is a problem, and no crash."""
    try:
        yield
    except ReleaseError:
        raise
    except (*_UNREADABLE, sqlite3.Error, pa.ArrowException) as error:
        report.problems.append(Problem(what, f"cannot be read as the catalogue says ({type(error).__name__})"))


def _files(folder: Path, report: ReleaseReport) -> None:
    held = file_facts(folder)
    for name, facts in report.catalogue.files.items():
        if name not in held:
            report.problems.append(Problem(name, "is missing"))
        elif held[name] != facts:
            report.problems.append(Problem(name, "its hash or size is not that of the catalogue"))
    for name in sorted(held.keys() - report.catalogue.files.keys()):
        report.problems.append(Problem(name, "is not in the catalogue"))


def _signature(folder: Path, report: ReleaseReport, keys: Keyring | None) -> tuple[Verifier, int | None] | None:
    """Who signed it, and up to which size of the ledger that key has signed; None: nobody who is known."""
    try:
        given = keys or Keyring.parse((folder / KEYS).read_bytes())
        message = (folder / NOTE).read_bytes()
        note, given = _opened(folder, message, given, report)
    except (NoteError, OSError) as error:
        said = error.message if isinstance(error, NoteError) else "is missing"
        report.problems.append(Problem(NOTE, said))
        return None
    report.is_pinned = keys is not None
    signer = next(k for k in reversed(given.chain) if note.is_signed_by(k))
    report.signed_by = signer.text()
    if keys is None:
        report.notices.append("the key is the folder's own: compare it with what you know from elsewhere (--key)")
    if signer != given.current:
        report.notices.append(
            f"it is signed by {signer.text()}, which is retired: an older release, or made by somebody who has "
            "that key now; the ledger of the site says which (ReleaseAnnounced, with the hash of the catalogue)"
        )
    if note.text != signed_text(report.catalogue, report.sha256):
        report.problems.append(Problem(NOTE, "signs another catalogue"))
    return signer, dict(given.older).get(signer)


def _opened(folder: Path, message: bytes, keys: Keyring, report: ReleaseReport) -> tuple[Note, Keyring]:
    """The note, by a key that is known or one to which the newest known one leads. Raises: NoteError."""
    try:
        return open_note(message, keys.chain), keys
    except NoteError:
        found, steps = followed(folder, keys.current)
        if not steps:
            raise
        note = open_note(message, [found])
    report.notices.append(
        f"the key that was given signs no more: {found.text()} came after it, by {steps} change(s) of key that "
        "the key before it signed each time. Whoever has an old key could make such changes too: note the new one"
    )
    return note, Keyring(found)


def followed(folder: Path, key: Verifier) -> tuple[Verifier, int]:
    """The key to which a key leads, by receipts of the entries that name the next one; and how many steps that is.

    Each step is an entry of the ledger of the site under a head that the key before it has signed.
    """
    steps = 0
    for path in sorted((folder / ROTATIONS).glob("*.receipt")):
        try:
            proven = verify_receipt(path.read_bytes(), keys=Keyring(key), name=path.name)
            entry = proven.entry if proven.is_intact else None
            if entry is not None and entry.event == ROTATED and entry.data.get("old_key") == key.text():
                key, steps = Verifier.parse(str(entry.data["new_key"])), steps + 1
        except (NoteError, ProofError, OSError, KeyError):
            continue
    return key, steps


def _announcement(folder: Path, report: ReleaseReport, signer: Verifier, most: int | None) -> None:
    """The receipt: the ledger of the site has the hash of this catalogue, under a head that the same key signed.

    most: size up to which a key that is retired has signed heads.
    """
    try:
        proven = verify_receipt((folder / ANNOUNCED).read_bytes(), keys=Keyring(signer), name=ANNOUNCED)
    except (ProofError, NoteError, OSError) as error:
        said = "is missing" if isinstance(error, OSError) else error.message
        report.problems.append(Problem(ANNOUNCED, said))
        return
    report.problems += proven.problems
    entry = proven.entry
    if entry is not None and (entry.event, entry.data.get("catalogue_sha256")) != (_ANNOUNCES, report.sha256):
        report.problems.append(Problem(ANNOUNCED, "announces another catalogue"))
    if most is not None and proven.checkpoint.size > most:
        report.problems.append(Problem(ANNOUNCED, "its head is newer than the key that signed it may sign"))


def _source(folder: Path, log: str, report: ReleaseReport, now: int) -> None:
    """The signed head of a log: is it the one that the catalogue names, and who witnessed it?"""
    said = report.catalogue.logs[log]
    where = f"{SOURCES}/{log}/checkpoint"
    try:
        message = (folder / where).read_bytes()
        text = (folder / SOURCES / log / "policy").read_bytes()
        policy = Policy.parse(text) if text.strip() else None
        witnesses = policy.witnesses.values() if policy else ()
        note = open_note(message, [Verifier.parse(said["key"]), *witnesses])
        head = Checkpoint.parse(note.text)
    except (NoteError, OSError) as error:
        problem = error.message if isinstance(error, NoteError) else "is missing"
        report.problems.append(Problem(where, problem))
        return
    root = base64.b64encode(head.root).decode()
    if (head.origin, head.size, root) != (said["origin"], said["size"], said["root"]):
        report.problems.append(Problem(where, "is not the head that the catalogue names"))
    verdict = policy.satisfied(note, now=now) if policy else PolicyVerdict(witnessed=False, signed=(), needed=0)
    report.verdicts[log] = verdict
    if said["witnessed"] and not verdict.witnessed:
        report.problems.append(Problem(where, "the catalogue says that it is witnessed, and it is not"))


def _rows(folder: Path, report: ReleaseReport) -> None:
    for name, facts in report.catalogue.tables.items():
        if name not in files.SHAPES:
            report.notices.append(f"table {name} is not known to this version: only its hash was checked")
            continue
        rows = files.read_lines(folder, name)
        if len(rows) != facts["rows"] or files.rows_sha256(files.SHAPES[name], rows) != facts["sha256"]:
            report.problems.append(Problem(f"{name}.jsonl", "its rows are not those of the catalogue"))
        report.cells += sum(len(row) for row in rows)
        for kind, read in _READERS.items():
            if list(read(folder, name)) != rows:
                report.problems.append(Problem(f"{name} ({kind})", "its rows are not those of the JSON Lines"))


def _changes(folder: Path, previous: Path, report: ReleaseReport) -> None:
    old, sha256 = read_catalogue(previous)
    report.compared_with = old.id
    said = report.catalogue.previous
    if said is None or (said["id"], said["sha256"]) != (old.id, sha256):
        report.problems.append(Problem(CATALOGUE, f"{old.id} is not the release that it follows"))
        return
    listed = [changes.of_row(row) for row in files.read_lines(folder, files.CHANGES)]
    made = changes.applied(_tables(previous, old), listed)
    for name, rows in _tables(folder, report.catalogue).items():
        if _sorted(made.get(name, [])) != _sorted(rows):
            report.problems.append(
                Problem(f"{files.CHANGES}.jsonl", f"applied to {old.id} it does not give table {name}")
            )


def _tables(folder: Path, catalogue: Catalogue) -> dict[str, list[Row]]:
    names = [n for n in catalogue.tables if n != files.CHANGES and n in files.SHAPES]
    return {name: files.read_lines(folder, name) for name in names}


def _sorted(rows: Sequence[Row]) -> list[str]:
    return sorted(str(sorted(row.items())) for row in rows)


def differing_cells(folder: Path, made: dict[str, list[Row]]) -> list[tuple[str, str, str]]:
    """Table, key and column of every cell of a release that `made` (computed anew) has otherwise.

    Raises: ReleaseError: the folder is no release.
    """
    found: list[tuple[str, str, str]] = []
    catalogue, _ = read_catalogue(folder)
    for name, rows in _tables(folder, catalogue).items():
        shape = files.SHAPES[name]
        old = {shape.key_of(row): row for row in rows}
        new = {shape.key_of(row): row for row in made.get(name, [])}
        for key in sorted({*old, *new}):
            if key not in old or key not in new:
                found.append((name, key, ""))
                continue
            found += [(name, key, c) for c in shape.columns if old[key][c] != new[key][c]]
    return found


__all__ = ["ReleaseError", "ReleaseReport", "differing_cells", "is_release", "verify_release"]
