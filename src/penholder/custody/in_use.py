"""Who works on a home: servers and workers share it, a restore or an upgrade needs it alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from penholder.custody.errors import BackupError
from penholder.kernel.home import IN_USE


@contextmanager
def using(home: Path) -> Iterator[None]:
    """This process serves or works on the home. Raises: BackupError: it is being restored."""
    with _locked(home, fcntl.LOCK_SH, f"{home} is being restored or upgraded", "wait until that is done"):
        yield


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Nobody serves or works on the home meanwhile. Raises: BackupError: somebody does."""
    if not home.is_dir():
        yield
        return
    with _locked(home, fcntl.LOCK_EX, f"{home} is in use", "stop `penholder serve` and `penholder work` first"):
        yield


@contextmanager
def _locked(home: Path, kind: int, said: str, hint: str) -> Iterator[None]:
    handle = os.open(home / IN_USE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(said, hint=hint) from error
        yield
    finally:
        os.close(handle)
