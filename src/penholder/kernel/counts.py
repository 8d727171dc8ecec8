"""A number with its word."""

from __future__ import annotations


def many(count: int, word: str, words: str = "") -> str:
    """`1 licence`, `2,000 licences`."""
    return f"{count:,} {word if count == 1 else words or f'{word}s'}"
