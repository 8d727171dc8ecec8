"""The codes that a stocktake uses, and the plain words for each. Definitions: docs/reference/definitions.md."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Scope(StrEnum):
    """Which lines are asked about."""

    IN_FORCE = "in-force"  # what can still be stopped
    GRANTED = "granted"  # what may already be there


class Status(IntEnum):
    """What a line in scope is on the day. Stored in arrays (uint8)."""

    IN_FORCE = 0
    SUSPENDED = 1
    EXPIRED = 2
    REVOKED = 3
    UNKNOWN = 4


class Use(IntEnum):
    """Could the goods of a line have been used in the operations? The order of kernel.truth.Truth."""

    EXCLUDED = 0
    UNKNOWN = 1
    COULD = 2


class Exclusion(IntEnum):
    """The positive reason of an excluded line, in the order in which reasons are named."""

    DESTINATION_OPERATES_NO_PARTY = 0
    NO_SUCH_MEANS = 1
    STATED_CIVIL_END_USER = 2


class Cause(IntEnum):
    """Why a line is unknown, in the order in which a line is counted once. At most 15: see `use`."""

    DESTINATION_NOT_A_COUNTRY = 1
    OPERATORS_NOT_COMPLETE = 2
    POOLED_SUPPLY = 3
    ONWARD_PLACE_NOT_STATED = 4
    RATING_HAS_NO_ROLE = 5
    HINT_NOT_EXHAUSTIVE = 6
    PROFILE_SILENT_ON_MEANS = 7
    GOVERNMENT_BRANCH_NOT_STATED = 8
    NOTE_MAY_SPEAK_OF_ANOTHER_LINE = 9
    END_USER_NOT_STATED = 10


class Flag(IntEnum):
    """Bits of the flags of a line."""

    ASSUMED = 1
    NO_END_KNOWN = 2
    END_USER_NOT_STATED = 4


def code_of(member: IntEnum) -> str:
    """`Cause.POOLED_SUPPLY` -> `pooled_supply`, as in JSON and in rows."""
    return member.name.lower()


CAUSE_WORDS = {
    Cause.DESTINATION_NOT_A_COUNTRY: "destination is not a country",
    Cause.OPERATORS_NOT_COMPLETE: "list of operators not declared complete",
    Cause.POOLED_SUPPLY: "pooled supply",
    Cause.ONWARD_PLACE_NOT_STATED: "final destination not stated",
    Cause.RATING_HAS_NO_ROLE: "rating has no role",
    Cause.HINT_NOT_EXHAUSTIVE: "hint not exhaustive",
    Cause.PROFILE_SILENT_ON_MEANS: "profile silent on these means",
    Cause.GOVERNMENT_BRANCH_NOT_STATED: "branch of government not stated",
    Cause.NOTE_MAY_SPEAK_OF_ANOTHER_LINE: "note on a civil user may speak of another line",
    Cause.END_USER_NOT_STATED: "end user not stated (not on a military list)",
}
EXCLUSION_WORDS = {
    Exclusion.DESTINATION_OPERATES_NO_PARTY: "destination operates no party",
    Exclusion.NO_SUCH_MEANS: "no such means",
    Exclusion.STATED_CIVIL_END_USER: "stated civil end user",
}
FLAG_WORDS = {
    Flag.ASSUMED: "assumed",
    Flag.NO_END_KNOWN: "no end known",
    Flag.END_USER_NOT_STATED: "end user not stated",
}
SCOPE_WORDS = {Scope.IN_FORCE: "in force on", Scope.GRANTED: "granted by"}
NOT_SHOWN = "Licensed; delivery and use not shown in these data"
