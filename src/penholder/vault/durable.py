"""Making names durable: a file is safe after a power cut only when its folder was synced too."""

from __future__ import annotations

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Put the entries of a folder on the disk (fsync(2): "needs an explicit fsync on the directory")."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes | memoryview) -> None:
    """Write every byte, also where the system takes them in parts."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]
