"""A fair lock before SQLite's own: without it one of two busy writers waits for seconds."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def writer_lock() -> Iterator[None]:
    """Hold the lock of the writers (SQLite); PostgreSQL needs none."""
    if connection.vendor != "sqlite":
        yield
        return
    handle = os.open(settings.PENHOLDER_WRITER_LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
