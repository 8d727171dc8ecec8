"""Changing several files of a published folder so that a reader sees all of them or none.

A change of keys or policy concerns three files, and a disk knows no way to change three names at once. So the
three stand together in the folder `next/` (which comes and goes in one step) before the first of them is changed
in its place, until the last one is. Whoever reads meanwhile, or after a power cut, takes them from there.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from penholder.custody.files import make_public, write_whole
from penholder.ledger.folder import HEADS, FolderReader
from penholder.ledger.layout import CHECKPOINT, NEXT
from penholder.vault.durable import sync_folder


@contextmanager
def announced(folder: Path, texts: Mapping[str, bytes]) -> Iterator[None]:
    """While the files of the head are changed: all of them in `next/`, where more than the checkpoint changes.

    An error inside leaves `next/` where it is: the change is known and whole. Raises: OSError.
    """
    reader = FolderReader(folder)
    changed = [name for name in HEADS if reader.read(name) != texts[name]]
    if reader.read(CHECKPOINT) is None or changed in ([], [CHECKPOINT]):
        yield
        return
    _put(folder, texts)
    yield
    _remove(folder)


def finish(folder: Path) -> None:
    """Finish the change that a publication left half done; throw away what was never whole. Raises: OSError."""
    reader = FolderReader(folder)
    for part in folder.glob(".next.*.part"):
        shutil.rmtree(part)
    if reader.read(NEXT + CHECKPOINT) is None:
        return
    for name in reversed(HEADS):  # the checkpoint last
        data = reader.read(NEXT + name)
        if data is not None and data != reader.read(name):
            write_whole(folder / name, data)
    _remove(folder)


def _put(folder: Path, texts: Mapping[str, bytes]) -> None:
    part = _part(folder)
    try:
        make_public(part)
        for name in HEADS:
            write_whole(part / name, texts[name])
        part.rename(folder / NEXT)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    sync_folder(folder)


def _remove(folder: Path) -> None:
    """In one step: whoever reads finds all of it or nothing."""
    part = (folder / NEXT).rename(_part(folder))
    sync_folder(folder)
    shutil.rmtree(part, ignore_errors=True)


def _part(folder: Path) -> Path:
    return folder / f".next.{secrets.token_hex(6)}.part"
