"""Questions to the assessments. Signatures first; see `docs/reference/assessment.md`."""

from __future__ import annotations

from datetime import date, datetime

from penholder.assessment.values import AcceptedVersion, Age, Participants


def current_on(destination: str, day: date, *, known: datetime | None = None) -> AcceptedVersion | None:
    """The version that was accepted and not yet superseded on a day, for the core: nothing is filtered.

    Of several parties at one destination, the one accepted last; `all_current_on` gives all.
    """
    raise NotImplementedError


def all_current_on(destination: str, day: date, *, known: datetime | None = None) -> tuple[AcceptedVersion, ...]:
    """One for each party or conflict of the destination that has one, accepted last first."""
    raise NotImplementedError


def citable(version: str, *, on: date) -> AcceptedVersion:
    """The version, if it may be cited on that day. Raises: AbsentError; ConflictError: it is not accepted."""
    raise NotImplementedError


def age(version: AcceptedVersion, *, on: date) -> Age:
    """How old its information is on the day of a decision, against the limit of the authority."""
    raise NotImplementedError


def later_evidence(version: AcceptedVersion, *, until: date) -> tuple[str, ...]:
    """Evidence about the destination that was recorded after the cut-off and before the day `until`, not cited."""
    raise NotImplementedError


def participants(version: str) -> Participants:
    """Who wrote, advised, countersigned and decided. Raises: AbsentError."""
    raise NotImplementedError
