"""Keys that a site keeps as a file of its own below `secrets`: 32 bytes, in 64 hexadecimal digits."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

from penholder.kernel.errors import ConfigurationError


def secret_key(name: str, *, called: str, hint: str) -> bytes:
    """The 32 bytes of `secrets/<name>`, read once for each home.

    Raises: ConfigurationError, with this hint, where the file is not there or is no such key.
    """
    path = settings.PENHOLDER_HOME / "secrets" / name
    try:
        return read_key(path)
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"{called} {path} is missing, or is not 64 hexadecimal digits", hint=hint
        ) from error


@cache
def read_key(path: Path) -> bytes:
    """The bytes in the file. Raises: OSError, ValueError."""
    key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if len(key) != hashlib.sha256().digest_size:
        raise ValueError(len(key))
    return key
