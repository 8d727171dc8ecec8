"""Canonical JSON and hashes, so that the same content always has the same name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

_BLOCK = 1 << 20
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical_json(value: object) -> str:
    """JSON with sorted keys, no spaces, no NaN. Floats are refused: they have no one spelling.

    Raises: TypeError for a float or an unknown type.
    """
    _refuse_floats(value)
    return _ENCODER.encode(value)


def _refuse_floats(value: object) -> None:
    kind = type(value)
    if kind is str or kind is int or value is None or kind is bool:
        return
    if isinstance(value, float):
        msg = "a float has no canonical form; use a decimal string or an integer"
        raise TypeError(msg)
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)


def sha256_of(value: object) -> str:
    """Hash of the canonical JSON of `value`, 64 hex digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Hash of the bytes of a file, 64 hex digits, read in blocks."""
    with path.open("rb") as stream:
        return sha256_of_blocks(iter(lambda: stream.read(_BLOCK), b""))


def sha256_of_blocks(blocks: Iterable[bytes]) -> str:
    """Hash of the concatenation of `blocks`, 64 hex digits."""
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()
