"""What would change the answer of the stocktake for one line: facts that are open, or on which the answer turns.

The line is judged again for each fact and each answer to it (`analysis.stocktake.why`), as the books stood at the
run. Incidents never decide, so none is read.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from penholder.actions import moment
from penholder.actions.values import Actor
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.analysis.stocktake.why_result import find_line, line_question, why_result
from penholder.register.stocktake import end_of
from penholder.review import sources
from penholder.review.answers import LineRow
from penholder.review.loading import newest_run
from penholder.review.models import Circumstance, Stocktake
from penholder.review.queries import line
from penholder.review.values import EngineUse

_JUST_NOW = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class OpenFact:
    """One fact: what is known of it now (yes, no, unknown), what the answer becomes by it, and who can say."""

    fact: str
    now: str
    if_yes: EngineUse
    if_no: EngineUse
    changes: bool
    """Does one of the two answers change that of the line?"""
    ask: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one line. use: as judged now; another than the run's where the data folder has changed."""

    line: LineRow
    run: str
    use: EngineUse
    facts: tuple[OpenFact, ...]

    @property
    def is_as_run(self) -> bool:
        """Is the line judged now as the run judged it?"""
        return self.use is self.line.engine


def facts_of(*, viewer: Actor, change: str, name: str) -> Facts:
    """For officials. Raises: AbsentError: the run has no such line. NotKnownError: its data are not there."""
    seen = line(viewer=viewer, change=change, name=name)
    run = newest_run(Circumstance.objects.get(public_id=change))
    assert run is not None  # noqa: S101 - the line is of it
    with tempfile.TemporaryDirectory(prefix="penholder-review-") as folder:
        said = _judged(run, seen, Path(folder))
    facts = tuple(
        OpenFact(
            fact=f["fact"],
            now=f["now"],
            if_yes=EngineUse(f["if_yes"]),
            if_no=EngineUse(f["if_no"]),
            changes=f["changes_the_answer"],
            ask=f["ask"],
        )
        for f in said["changes"]
    )
    return Facts(seen, run.public_id, EngineUse(said["use"]), facts)


def _judged(run: Stocktake, seen: LineRow, folder: Path) -> dict[str, Any]:
    known = _known(run)
    catalogue = sources.one_licence(folder, seen.licence, on=run.on, known=known)
    profile = sources.read(run.profile, catalogue, known=run.known)
    scope = Scope.IN_FORCE if seen.in_force or seen.suspended else Scope.GRANTED
    question = line_question(catalogue, profile, on=run.on, scope=scope, known=None)
    record = find_line(catalogue, f"{seen.reference}:{seen.number}")
    return dict(why_result(question, record, limit=0).document)


def _known(run: Stocktake) -> datetime | None:
    """As of which moment the books are read: that of the run, once it is past (None: it is just now)."""
    if run.known is not None:
        return end_of(run.known)
    at = run.change.recorded_at
    return at if moment.now() - at > _JUST_NOW else None
