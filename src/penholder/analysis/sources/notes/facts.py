"""The facts of a note, and how the facts of several notes on one licence become one set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from penholder.analysis.sources.notes.goods import is_of, may_be_of

NOT_STATED = "not_stated"
NONE = "none"
DATED = "dated"
UNDATED = "undated"
ONWARD = "onward"
MAYBE_FORCES = frozenset({"forces", "government"})
UNCLEAR = "unclear"
"""Class of a user stated to be civil, where the note perhaps speaks of another line: never excludes."""
"""Classes whose users are, or may be, the armed forces."""
_SEPARATOR = ";"
_T = TypeVar("_T", str, bool)


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """What a note says, as the columns of schemas.NOTES, and three things more.

    `removed_destinations`: places that were taken off a licence for several destinations, joined by `;`.
    `goods`: beginnings of the ratings that the goods named in the text can have; empty: it names none.
    `cues`: for each fact the words that it came from.
    """

    coded: bool = False
    end_user: str = NOT_STATED
    onward_end_user: str = NOT_STATED
    end_user_state: str | None = None
    route: str | None = None
    pooled: bool = False
    temporary: bool = False
    suspension: str = NONE
    suspended_on: date | None = None
    revocation: str = NONE
    revoked_on: date | None = None
    exported_before: bool | None = None
    corrected_destination: str | None = None
    removed_destinations: str | None = None
    goods: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()

    @property
    def onward_open(self) -> bool:
        """Do the goods go on to a place that is not named?"""
        return self.route == ONWARD and self.end_user_state is None


def combine(facts: Sequence[NoteFacts]) -> NoteFacts:
    """One set of facts for the notes of one licence; the order of the notes does not matter (but for `cues`).

    Classes are united; the earliest dated suspension or revocation counts, and a dated one before an undated one.
    Where notes contradict each other about a state, a route, a corrected destination or a shipment, none is kept
    and a cue that begins with `conflict` says so. One note that names no goods speaks of all of them.
    """
    conflicts: list[str] = []
    merged = NoteFacts(
        coded=any(f.coded for f in facts),
        end_user=join_classes(f.end_user for f in facts),
        onward_end_user=join_classes(f.onward_end_user for f in facts),
        end_user_state=_agreed("end_user_state", (f.end_user_state for f in facts), conflicts),
        route=_agreed("route", (f.route for f in facts), conflicts),
        pooled=any(f.pooled for f in facts),
        temporary=any(f.temporary for f in facts),
        suspension=_strongest(f.suspension for f in facts),
        suspended_on=_earliest(f.suspended_on for f in facts),
        revocation=_strongest(f.revocation for f in facts),
        revoked_on=_earliest(f.revoked_on for f in facts),
        exported_before=_agreed("exported_before", (f.exported_before for f in facts), conflicts),
        corrected_destination=_agreed(
            "corrected_destination", (f.corrected_destination for f in facts), conflicts
        ),
        removed_destinations=_united(f.removed_destinations for f in facts),
        goods=tuple(sorted({g for f in facts for g in f.goods})) if all(f.goods for f in facts) else (),
    )
    return replace(merged, cues=tuple(dict.fromkeys([cue for f in facts for cue in f.cues] + conflicts)))


def join_classes(cells: Iterable[str]) -> str:
    """`;`-joined union of classes, sorted; `unclear`, then `not_stated`, only where nothing else is there."""
    classes = {c for cell in cells for c in cell.split(_SEPARATOR) if c and c != NOT_STATED}
    return _SEPARATOR.join(sorted(classes - {UNCLEAR} or classes)) or NOT_STATED


def for_destination(facts: NoteFacts, destination: str) -> NoteFacts:
    """The facts as they hold for a line with that stated destination (a code).

    A final user who sits in the destination itself ("integration by a company, ultimate end use is Ardenian
    Navy" on a licence to Ardenia) is a user on the direct route too; else a civil integrator would hide the
    forces. Where the state of the final user is not known, final users who may be the forces count as well.
    For a destination that was taken off the licence, the licence counts as revoked without a date.
    A corrected destination takes the place of the stated one here too.
    """
    destination = facts.corrected_destination or destination
    if destination in (facts.removed_destinations or "").split(_SEPARATOR) and facts.revocation == NONE:
        facts = replace(facts, revocation=UNDATED)
    if facts.end_user_state not in (None, destination):
        return facts
    here = facts.onward_end_user if facts.end_user_state else _perhaps_forces(facts.onward_end_user)
    return replace(facts, end_user=join_classes((facts.end_user, here)))


def for_line(
    notes: Sequence[NoteFacts], *, destination: str, rating: str | None, others: Sequence[str | None] = ()
) -> NoteFacts:
    """The facts of all notes of a licence as they hold for one of its lines.

    A civil class, which could exclude the line, counts only where the note surely speaks of this line: it names
    goods that can have this rating, or none at all. The forces and the government, suspensions, revocations,
    stocks and corrected destinations count for every line.

    Args:
        destination: stated destination of the line (a code).
        rating: its rating cell; None: not stated.
        others: rating cells of what else stands under the same key and may be another licence. A note that may
            speak of one of them does not surely speak of this line: then that the export is temporary (which
            would end the licence earlier) does not count, and a civil class becomes `unclear`.
    """
    place = combine(notes).corrected_destination or destination
    found = combine([for_destination(_sure(note, rating, others), place) for note in notes])
    if found.end_user_state not in (None, place):
        return found
    return replace(found, end_user=join_classes((found.end_user, _perhaps_forces(found.onward_end_user))))


def _sure(note: NoteFacts, rating: str | None, others: Sequence[str | None]) -> NoteFacts:
    shared = any(may_be_of(other, note.goods) for other in others)
    if not shared and is_of(rating, note.goods):
        return note
    return replace(
        note,
        end_user=_unsure(note.end_user),
        onward_end_user=_unsure(note.onward_end_user),
        temporary=note.temporary and not shared,
    )


def _unsure(cell: str) -> str:
    """Classes of a note that perhaps speaks of another line: those that may be forces; else, if any, unclear."""
    kept = _perhaps_forces(cell)
    return UNCLEAR if kept == NOT_STATED != cell else kept


def _perhaps_forces(cell: str) -> str:
    return join_classes(c for c in cell.split(_SEPARATOR) if c in MAYBE_FORCES)


def _agreed(name: str, values: Iterable[_T | None], conflicts: list[str]) -> _T | None:
    """The value that all notes with one agree on; None, and a line in `conflicts`, where they differ."""
    stated = {value for value in values if value is not None}
    if len(stated) > 1:
        conflicts.append(f"conflict: {name}: {', '.join(sorted(str(value) for value in stated))}")
    return stated.pop() if len(stated) == 1 else None


def _united(cells: Iterable[str | None]) -> str | None:
    return _SEPARATOR.join(sorted({c for cell in cells if cell for c in cell.split(_SEPARATOR)})) or None


def _strongest(values: Iterable[str]) -> str:
    found = set(values)
    return DATED if DATED in found else UNDATED if UNDATED in found else NONE


def _earliest(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day), default=None)
