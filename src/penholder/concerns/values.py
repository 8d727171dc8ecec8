"""Words of the concerns: permissions, states, moves, dispositions; what is typed for a concern and an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

CONCERN, ANSWER, ATTACHMENT = "CN", "AN", "CF"
"""Prefixes of public ids."""
MOST_POINTS = 20
MOST_TARGETS = 20
ASKED_FOR = timedelta(days=30)
"""For how long another staff representative can let somebody join for whom one has asked."""
SHORTEST_GROUNDS = 60
"""Bytes that the database itself asks for: no policy asks for fewer letters (a test compares)."""


class ConcernPermission(StrEnum):
    """What can be allowed with concerns. The role table of `people` says to whom."""

    RAISE = "concerns.raise"
    """Raise one, and all that the filer does with it: by nobody who is signed in; the secret is the key."""
    BRING = "concerns.bring"
    """Let a second person join a concern."""
    HOLD_KEY = "concerns.hold_key"
    HANDLE = "concerns.handle"
    ANSWER = "concerns.answer"
    EXTEND = "concerns.extend"
    IMPORT = "concerns.import_targets"
    NOTE = "concerns.note"
    """What only the passing of time, or a refusal, brings about."""


class State(StrEnum):
    """Where a concern stands. Which level owes the answer is no state: see `policy.clocks`."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    CONTESTED = "contested"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What happens to a concern."""

    RAISE = "raise"
    ACKNOWLEDGE = "acknowledge"
    ALLOCATE = "allocate"
    HOLD = "hold"
    RESUME = "resume"
    MERGE = "merge"
    MESSAGE = "message"
    ATTACH = "attach"
    ADD_TARGET = "add_target"
    JOIN = "join"
    EXTEND = "extend"
    PROPOSE = "propose"
    ANSWER = "answer"
    CONTEST = "contest"
    ACCEPT = "accept"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    FINISH_MEASURE = "finish_measure"


class Mark(StrEnum):
    """What an office may do with a concern beside answering it. None of it stops a clock."""

    HOLD = "hold"
    RESUME = "resume"
    MERGE = "merge"


class Purpose(StrEnum):
    """What for an officer opens a concern."""

    ANSWER = "answer"
    SIGN = "sign"
    HANDLE = "handle"
    FOLLOW_UP = "follow_up"
    OVERSEE = "oversee"


class Disposition(StrEnum):
    """What an answer says of one point."""

    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"
    CANNOT_BE_ESTABLISHED = "cannot_be_established"
    REFERRED = "referred"
    NOT_FOR_THIS_BODY = "not_for_this_body"


Claim = Annotated[str, Field(min_length=10, max_length=8_000)]
Short = Annotated[str, Field(max_length=400)]
Reference = Annotated[str, Field(min_length=2, max_length=120)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One numbered point of a concern.

    claim: what is wrong. criterion: which rule or criterion it touches. evidence: references of records.
    """

    claim: Claim
    criterion: Short = ""
    evidence: Annotated[tuple[Reference, ...], Field(max_length=20)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointAnswer:
    """The answer to one point.

    grounds: why. records: references of what was looked at, or `none_because`. action: what will be done, with
    owner (an office) and due day; else `no_action_because`. referred_to: who has accepted to take it on.
    """

    point: Annotated[int, Field(ge=1, le=MOST_POINTS)]
    disposition: Disposition
    grounds: Annotated[str, Field(max_length=8_000)] = ""
    records: Annotated[tuple[Reference, ...], Field(max_length=40)] = ()
    none_because: Short = ""
    action: Short = ""
    action_owner: Annotated[str, Field(max_length=120)] = ""
    action_due: date | None = None
    no_action_because: Short = ""
    referred_to: Annotated[str, Field(max_length=120)] = ""


Locator = Annotated[str, Field(description="The locator, as it was given at filing.", max_length=40)]
Secret = Annotated[
    str, Field(description="The return secret, as it was shown once. It is kept nowhere.", max_length=80)
]
ConcernId = Annotated[
    str, Field(description="Public id of the concern (CN-…).", pattern="^CN-[0-9a-z]{26}$", max_length=40)
]
Text = Annotated[str, Field(min_length=2, max_length=8_000)]
