"""Files that are whole or not there, and locks on folders."""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from penholder.vault.durable import sync_folder, write_all


def write_whole(path: Path, data: bytes, *, mode: int = 0o644, durable: bool = True) -> None:
    """Write a file under another name, then rename it; with `durable` it and its name are on the disk then.

    Raises: OSError; then what was at `path` before still stands, and nothing else is left.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, mode)
        try:
            write_all(handle, data)
            os.fchmod(handle, mode)
            if durable:
                os.fsync(handle)
        finally:
            os.close(handle)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def make_private(folder: Path) -> None:
    """A folder that only its owner reads."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def make_public(folder: Path) -> None:
    """A folder that everybody reads, whatever the umask; its parents too where they are missing."""
    if not folder.is_dir():
        make_public(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)


def is_private(path: Path) -> bool:
    """Can nobody but the owner read it?"""
    return not stat.S_IMODE(path.stat().st_mode) & 0o077


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold a folder: another process waits here until it is free."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold a lock file; it is made where there is none."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
