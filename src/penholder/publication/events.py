"""What happened to the public site's own releases."""

from __future__ import annotations

from datetime import date

from penholder.actions.events import Event
from penholder.actions.values import Visibility


class ReleaseAnnounced(
    Event,
    visibility=Visibility.PUBLIC,
    about="announced",
    public=(
        "announced", "release", "called", "as_on", "catalogue_sha256", "sizes", "previous", "changed_cells",
        "policy",
    ),
):  # fmt: skip
    """A release was made: the hash of its catalogue, which names the hash of every file.

    release: its id. sizes: log -> entries on which it rests. previous: id of the one before, "" for the first.
    """

    announced: str
    release: str
    called: str
    as_on: date
    catalogue_sha256: str
    sizes: dict[str, int]
    previous: str
    changed_cells: int
    policy: str
