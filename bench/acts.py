"""Installations in temporary folders, for benches and soaks."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.casework import Casework, start_django


def installation(*, database: str = "sqlite") -> Casework:
    """A fresh one, with Django pointed at it."""
    start_django()
    return Casework(Path(tempfile.mkdtemp(prefix="penholder-bench-")) / "home", database=database).open()
