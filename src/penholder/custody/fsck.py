"""All checks of the stored books, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from penholder.actions.replay import run_replays
from penholder.custody.check_tree import Progress, check_tree
from penholder.custody.check_vault import check_files, check_missing_fields, check_sealed_fields
from penholder.custody.values import Finding, Level
from penholder.kernel.errors import PenholderError
from penholder.ledger import store

MOST = 1_000
"""Findings that one check gives at most: after so many the whole must be restored anyway."""


def fsck(*, progress: Progress | None = None) -> Iterator[Finding]:
    """Compare the books with themselves; what differs, with its place. Reads everything, changes nothing."""
    store.place_waiting()
    vault = (check_sealed_fields(), check_missing_fields(), check_files())
    for part in (check_tree(progress=progress), *vault, _replayed()):
        yield from islice(part, MOST)


def _replayed() -> Iterator[Finding]:
    """The tables against what the recorded events amount to."""
    try:
        for found in run_replays():
            yield Finding(found.where, found.what, Level.WRONG if found.is_wrong else Level.ATTEND)
    except PenholderError as error:
        yield Finding("replay of the events", f"had to stop: {error.message}", Level.WRONG, error.hint)
