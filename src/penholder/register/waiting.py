"""What is overdue in the register, among all that waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.values import Actor
from penholder.entry.waiting import Waiting, says_what_waits
from penholder.register.search import references
from penholder.register.timeline import overdue

_WORDS = {
    "customs": "Customs have not acknowledged a message",
    "review": "A suspension is past the day of its review",
    "condition": "A condition is past its day",
}


@says_what_waits
def late_in_the_register(viewer: Actor) -> Iterator[Waiting]:
    """Acknowledgements, reviews and conditions past their day, of licences of which the viewer may know."""
    found = overdue(viewer=viewer)
    names = references(viewer=viewer, ids=[one.licence for one in found])
    for one in found:
        yield Waiting(
            kind=one.kind, what=_WORDS[one.kind], about=one.licence, title=names.get(one.licence, ""), due=one.due,
            is_late=True, mine=False,
        )  # fmt: skip
