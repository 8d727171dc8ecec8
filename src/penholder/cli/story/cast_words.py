"""What somebody of the cast types. No Django here."""

from __future__ import annotations


def passphrase_of(who: str) -> str:
    """With which an officer of the story opens their key on the site of concerns."""
    return f"five plain words of {who.replace('_', ' ')}"
