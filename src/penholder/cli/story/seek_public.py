"""What somebody of the story looks up on the public site before acting: the version of a thing of the debate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from penholder.debate.queries import moderating

SEEN: dict[str, Callable[..., Any]] = {
    "comment": moderating.case,
    "member": moderating.member,
    "proposal": moderating.ban,
    "appeal": moderating.appeal,
}
"""Name of a parameter -> the query that shows the thing."""
