"""Times of files, where an installation keeps days alone: every file and folder is of midnight UTC of its day.

What a file system keeps beside that (the time of the last change of an inode) cannot be set by a program, and no
copy has it: docs/explanation/what-protects-a-concern.md says so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from penholder.kernel import clock

_DAY = 24 * 60 * 60


def settle_times(*folders: Path, deep: bool = True) -> None:
    """Set what is finer than the day to the day. Does nothing where finer times are kept.

    deep: folders within folders too; else what lies in them directly.
    """
    if not settings.PENHOLDER_KEEPS_DAYS:
        return
    midnight = int(clock.day().timestamp())
    # All are listed before the first is set: to list a folder is to read it, and that is kept as a time too.
    for path in [p for folder in folders for p in _within(folder, deep=deep)]:
        with suppress(OSError):  # it went meanwhile
            found = path.stat(follow_symlinks=False)
            if found.st_mtime_ns % (_DAY * 10**9) or found.st_atime_ns % (_DAY * 10**9):
                os.utime(path, (midnight, midnight), follow_symlinks=False)


def _within(folder: Path, *, deep: bool) -> Iterator[Path]:
    yield folder
    with suppress(OSError):
        yield from folder.rglob("*") if deep else folder.iterdir()
