"""The name of whom a notice is for: read when it is needed."""

from __future__ import annotations

from dataclasses import replace

from penholder.actions.values import SYSTEM
from penholder.casework.notices.content import Notice
from penholder.people.queries import organisation_names


def with_holder(notice: Notice) -> Notice:
    """The same with the name of its holder, where that is known."""
    if not notice.holder:
        return notice
    return replace(
        notice, holder_name=organisation_names(viewer=SYSTEM, ids=[notice.holder]).get(notice.holder, "")
    )
