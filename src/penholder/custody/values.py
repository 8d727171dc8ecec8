"""Words of custody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CustodyPermission(StrEnum):
    """What custody may be allowed to do."""

    KEEP_KEYS = "custody.keep_keys"
    """Announce keys and the policy of witnesses, change the signing key. Held by the system: whoever runs the
    command has the secrets folder."""

    SETTLE = "custody.settle"
    """Say that a recovered act was done again, or need not be."""


class Settlement(StrEnum):
    """What became of an act that came back from the published files without its tables."""

    REDONE = "redone"
    """Somebody has done it again since."""
    NOT_NEEDED = "not_needed"
    """It need not be done again: the tables are right without it."""


class Level(StrEnum):
    """How much a finding matters."""

    WRONG = "wrong"
    REDO = "redo"
    """Known to be lost, and said: an act that came back from the published files without its private fields."""
    ATTEND = "attend"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: where, what, and how to mend it. No personal data."""

    where: str
    what: str
    level: Level = Level.WRONG
    hint: str = ""
