"""A fair lock before SQLite's own: without it one of two busy writers waits for seconds."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from penholder.ledger.door import writing


@contextmanager
def writer_lock() -> Iterator[None]:
    """Hold the lock of the writers (SQLite); PostgreSQL needs none. Enter it before the transaction begins."""
    with writing():
        if connection.vendor != "sqlite":
            yield
            return
        handle = os.open(settings.PENHOLDER_WRITER_LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
