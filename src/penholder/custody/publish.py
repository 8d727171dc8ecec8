"""Publishing the ledger as static files that anyone can copy, serve and verify (C2SP tlog-tiles)."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from penholder.custody import keyring, next_head, tiles
from penholder.custody.day_times import settle_times
from penholder.custody.errors import PublicationError
from penholder.custody.files import folder_lock, make_public, write_whole
from penholder.custody.published import read_head
from penholder.custody.signing import (
    check_before_signing,
    check_extends,
    head_of_tree,
    open_ours,
    publisher_lock,
    sign_head,
)
from penholder.kernel import clock
from penholder.kernel.home import PUBLISHED_HEAD
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.cosignature import merge_cosignatures
from penholder.ledger.errors import NoteError
from penholder.ledger.layout import CHECKPOINT, NEXT, POLICY, README, README_TEXT, VERIFIER_KEYS
from penholder.ledger.note import open_note
from penholder.ledger.policy import Policy, PolicyVerdict

COSIGNATURES = "cosignatures"
_OURS = frozenset({"tile", CHECKPOINT, POLICY, README, VERIFIER_KEYS, COSIGNATURES, NEXT.rstrip("/")})


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published: the head, how many entries it had before, how many files were written."""

    folder: Path
    head: Checkpoint
    before: int
    files: int
    verdict: PolicyVerdict
    left_out: tuple[str, ...]
    """Files of cosignatures that are about another head, or by nobody that the policy names."""


def publish(
    to: Path,
    *,
    cosignatures: Path | None = None,
    hold: bool = False,
    progress: tiles.Progress | None = None,
) -> Publication:
    """Publish the ledger into a folder, or what has been added since.

    Args:
        cosignatures: folder with notes of witnesses; by default `cosignatures` in the published folder.
        hold: do not grow: only add cosignatures to the head that is published.
    What is built upon is looked at: the newest bundle and the tiles at the right edge must lead to the head in the
    folder. Older files that somebody changed there are found by `penholder verify`, not here.

    Raises: RollbackError: the database does not extend what was signed or published, nothing is signed then;
        PublicationError; LedgerKeyError; LedgerIntegrityError. The published head is the old one after each.
    """
    _make_folder(to)
    with publisher_lock(), folder_lock(to), _storing(to):
        own = head_of_tree()
        next_head.finish(to)
        before = _published(to, own)
        if hold and before is None:
            raise PublicationError(f"{to} has no head to hold: nothing was published there", hint="publish first")
        held = before if hold else None
        head = held or own
        files = 0 if held else tiles.write_growth(to, before.size if before else 0, head.size, progress=progress)
        note = _note_of(to) if held else sign_head(head)
        note, left_out = _with_cosignatures(note, head, to, cosignatures)
        _write_head(to, head, note)
        if before is not None:
            tiles.remove_superseded(to, before.size, head.size)
        settle_times(to, settings.PENHOLDER_HOME)
        return Publication(to, head, before.size if before else 0, files, _verdict(note, head), left_out)


def _make_folder(to: Path) -> None:
    try:
        make_public(to)
        names = {p.name for p in to.iterdir() if not p.name.endswith(".part")}
    except OSError as error:
        raise PublicationError(f"{to} cannot be used: {error.strerror}", hint="give a folder") from error
    if CHECKPOINT not in names and names - _OURS:
        raise PublicationError(
            f"{to} holds other files and no published ledger: {', '.join(sorted(names - _OURS)[:3])}",
            hint="give an empty folder, or the one that was published to before",
        )


@contextmanager
def _storing(to: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = "there is no space left" if error.errno == errno.ENOSPC else str(error.strerror)
        raise PublicationError(
            f"the ledger could not be published to {to}: {said}",
            hint="the head that was published before still stands; mend it, then publish again",
        ) from error


def _published(to: Path, own: Checkpoint) -> Checkpoint | None:
    """The head in the folder. It, and all that was signed or sent before, must be part of our tree."""
    check_before_signing(own)
    if not (to / CHECKPOINT).is_file():
        return None
    note = (to / CHECKPOINT).read_bytes()
    stands = read_head(note)
    check_extends(own, stands, said=f"the head in {to}")
    open_ours(note, said=f"the file {CHECKPOINT} in {to}")
    tiles.check_edge(to, stands)
    return stands


def _note_of(to: Path) -> str:
    return (to / CHECKPOINT).read_text(encoding="utf-8")


def _with_cosignatures(note: str, head: Checkpoint, to: Path, given: Path | None) -> tuple[str, tuple[str, ...]]:
    """The note with every cosignature that we have for this head, and the names of the files of no use."""
    folder = given or to / COSIGNATURES
    if given is not None and not given.is_dir():
        raise PublicationError(f"{given} is no folder", hint="give the folder that holds the notes of witnesses")
    kept = [p for p in (settings.PENHOLDER_HOME / PUBLISHED_HEAD, to / CHECKPOINT) if p.is_file()]
    brought = sorted(p for p in folder.iterdir() if p.is_file()) if folder.is_dir() else []
    note, _ = _merged(note, head, kept)
    return _merged(note, head, brought)


def _merged(note: str, head: Checkpoint, files: Iterable[Path]) -> tuple[str, tuple[str, ...]]:
    witnesses = Policy.parse(keyring.policy_at(head.size)).witnesses.values()
    left_out = []
    for path in files:
        try:
            note = merge_cosignatures(note, path.read_bytes(), witnesses=witnesses, now=_seconds())
        except NoteError as error:
            left_out.append(f"{path.name}: {error.message}")
    return note, tuple(left_out)


def _write_head(to: Path, head: Checkpoint, note: str) -> None:
    keys = keyring.keys_at(head.size, settings.PENHOLDER_ORIGIN).keyring
    texts = {
        VERIFIER_KEYS: keys.text().encode(),
        POLICY: keyring.policy_at(head.size).encode(),
        README: README_TEXT.encode(),
        CHECKPOINT: note.encode(),  # last: what it needs is there by then
    }
    with next_head.announced(to, texts):
        for name, data in texts.items():
            if not (to / name).is_file() or (to / name).read_bytes() != data:
                write_whole(to / name, data)
    last = settings.PENHOLDER_HOME / PUBLISHED_HEAD
    if not last.is_file() or read_head(last.read_bytes()).size <= head.size:
        write_whole(last, note.encode(), mode=0o600)


def _verdict(note: str, head: Checkpoint) -> PolicyVerdict:
    policy = Policy.parse(keyring.policy_at(head.size))
    keys = keyring.keys_at(head.size, settings.PENHOLDER_ORIGIN).keyring
    return policy.satisfied(open_note(note, [*keys.everyone, *policy.witnesses.values()]), now=_seconds())


def _seconds() -> int:
    return int(clock.now().timestamp())
