"""Random public names. They carry no order, no count and no meaning, and are never primary keys."""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 26


def random_id(prefix: str = "") -> str:
    """`prefix` and 26 characters of Crockford's base 32: 130 bits from the system's random source."""
    bits = int.from_bytes(secrets.token_bytes(17), "big")
    letters = [_ALPHABET[(bits >> (5 * place)) & 31] for place in range(_LENGTH)]
    return f"{prefix}-{''.join(letters)}" if prefix else "".join(letters)
