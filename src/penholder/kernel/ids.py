"""Random public names. They carry no order, no count and no meaning, and are never primary keys."""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 26
_LETTERS = (_ALPHABET * 8).encode("ascii")
"""For each of the 256 bytes a letter; each letter for eight of them."""


def random_id(prefix: str = "") -> str:
    """`prefix` and 26 characters of Crockford's base 32: 130 bits from the system's random source."""
    letters = secrets.token_bytes(_LENGTH).translate(_LETTERS).decode("ascii")
    return f"{prefix}-{letters}" if prefix else letters
