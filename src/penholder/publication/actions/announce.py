"""Announce a release in the public site's own ledger."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.publication.events import ReleaseAnnounced
from penholder.publication.values import RELEASE, PublicationPermission


@action(permission=PublicationPermission.ANNOUNCE, events=(ReleaseAnnounced,))
def announce_release(
    run: Run,
    *,
    release: Annotated[str, Field(min_length=3, max_length=120, description="Id of the release")],
    called: Annotated[str, Field(min_length=1, max_length=120, description="What people call it")],
    as_on: Annotated[date, Field(description="Day as on which its tables are")],
    catalogue_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of its catalogue")],
    sizes: Annotated[dict[str, int], Field(description="Log, and the number of entries on which it rests")],
    previous: Annotated[str, Field(max_length=120, description="Id of the release before; empty: the first")] = "",
    changed_cells: Annotated[int, Field(ge=0, description="Cells that differ from the release before")] = 0,
    policy: Annotated[str, Field(max_length=40, description="Version of the disclosure policy")] = "",
) -> str:
    """Announce a release: the hash of its catalogue stands in the ledger from then on.

    It is done by `penholder release build`, which makes the files; nothing can be published for that hash later.
    """
    announced: str = run.new_id(RELEASE)
    run.record(
        ReleaseAnnounced(
            announced=announced,
            release=release,
            called=called,
            as_on=as_on,
            catalogue_sha256=catalogue_sha256,
            sizes=sizes,
            previous=previous,
            changed_cells=changed_cells,
            policy=policy,
        )
    )
    return announced
