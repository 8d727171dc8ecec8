"""What is allowed with assessments, decided from given facts alone; and what the events amount to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.events import Event
from penholder.actions.words import says_nothing
from penholder.assessment import events
from penholder.assessment.machine import machine
from penholder.assessment.values import (
    Age,
    Area,
    Aspect,
    Cell,
    Concern,
    Conflict,
    Content,
    Finding,
    Move,
    RiskView,
    Status,
    UseRisk,
    UseView,
)
from penholder.regime.hints import means
from penholder.rules.records import did_you_mean

SAYS_NOTHING = "says nothing; write what it rests on"
_GAPS = "say what is not known: the information is insufficient for something"
_ORDER = (Finding.CLEAR_RISK, Finding.INSUFFICIENT_INFORMATION, Finding.NO_CLEAR_RISK, Finding.NOT_ENGAGED)
"""Findings, gravest first: an unknown is never better than a known "no"."""


def next_status(move: Move, status: Status, *, version: str) -> Status:
    """The status after a move. Raises: ConflictError with what is allowed from here; `version`: how to name it."""
    after = machine().moves.get((move, status))
    if after is None:
        allowed = ", ".join(machine().allowed_from(status)) or "nothing: this status is final"
        raise ConflictError(
            f"{version} is {status}; {move} is not allowed. Allowed: {allowed}",
            hint="look at the assessment again",
        )
    return after


def check_may_follow(status: Status, *, version: str) -> None:
    """May a next version be saved while the newest one stands here? Raises: ConflictError."""
    if status not in machine().saved_after:
        raise ConflictError(
            f"{version} is {status}: it is with others now, and what they look at is not changed under them",
            hint="ask for a change (who, what, why) first; then save the next version",
        )


def check_cutoff(cutoff: date, *, today: date) -> None:
    """The information ends on the day of the save or before. Raises: InvalidError."""
    if cutoff > today:
        raise InvalidError(
            f"the cut-off {cutoff} is after today, {today}",
            hint="give the last day whose events are included",
            fields={"content.cutoff": "must not be in the future"},
        )


def check_content(content: Content, *, limbs: Collection[str], today: date) -> None:
    """What is said holds together: a draft may be unfinished, not inconsistent. Raises: InvalidError.

    Args: limbs: ids of the rules in force on the day of the cut-off.
    """
    check_cutoff(content.cutoff, today=today)
    wrong: dict[str, str] = {}
    pairs = [(c.area, c.aspect) for c in content.cells]
    for n, cell in enumerate(content.cells):
        if pairs.index((cell.area, cell.aspect)) != n:
            wrong[f"content.cells.{n}.aspect"] = "is given twice for this area"
        elif cell.finding is not Concern.NOT_ASSESSED and says_nothing(cell.grounds):
            wrong[f"content.cells.{n}.grounds"] = SAYS_NOTHING
        elif cell.finding is Concern.INSUFFICIENT_INFORMATION and not cell.gaps:
            wrong[f"content.cells.{n}.gaps"] = _GAPS
    if content.attitude is not Concern.NOT_ASSESSED and says_nothing(content.attitude_grounds):
        wrong["content.attitude_grounds"] = SAYS_NOTHING
    known = [m.id for m in means()]
    seen: set[tuple[str, str]] = set()
    for n, risk in enumerate(content.risks):
        for name, words in _wrong_with(risk, classes=known, limbs=limbs).items():
            wrong[f"content.risks.{n}.{name}"] = words
        if (risk.use_class, risk.limb) in seen:
            wrong[f"content.risks.{n}.use_class"] = "is given twice under this limb"
        seen.add((risk.use_class, risk.limb))
    if wrong:
        raise InvalidError("the version cannot be saved as it is", hint="mend the named parts", fields=wrong)


def _wrong_with(risk: UseRisk, *, classes: Collection[str], limbs: Collection[str]) -> dict[str, str]:
    """What does not hold together in one finding, by field."""
    wrong: dict[str, str] = {}
    if risk.use_class not in classes:
        wrong["use_class"] = f"is no use class (a means of operations){did_you_mean(risk.use_class, classes)}"
    if risk.limb not in limbs:
        wrong["limb"] = f"is no rule in force at the cut-off{did_you_mean(risk.limb, limbs)}"
    if says_nothing(risk.grounds):
        wrong["grounds"] = SAYS_NOTHING
    clear, unknown = risk.risk is RiskView.CLEAR, RiskView.CANNOT_SAY is risk.risk
    match risk.finding:
        case Finding.CLEAR_RISK if not clear or risk.use is UseView.WOULD_NOT:
            wrong["finding"] = "a clear risk needs a risk that is clear, of a use that is possible"
        case Finding.NO_CLEAR_RISK if unknown or (clear and risk.use is not UseView.WOULD_NOT):
            wrong["finding"] = "contradicts the view of the risk: what nobody can say is insufficient information"
        case Finding.NO_CLEAR_RISK if risk.gaps and says_nothing(risk.despite_gaps):
            wrong["despite_gaps"] = "something is not known: write why “no clear risk” holds all the same"
        case Finding.INSUFFICIENT_INFORMATION if not risk.gaps:
            wrong["gaps"] = _GAPS
    return wrong


def check_whole(content: Content) -> None:
    """May a draft leave its drafter? Every cell, the attitude and a risk are found. Raises: ConflictError.

    What could not be found out is said as insufficient information; left out it may not be.
    """
    missing: dict[str, str] = {}
    for area in Area:
        for aspect in Aspect:
            if content.cell(area, aspect).finding is Concern.NOT_ASSESSED:
                missing[f"{area}.{aspect}"] = "is not assessed"
    if content.attitude is Concern.NOT_ASSESSED:
        missing["attitude"] = "is not assessed"
    if not content.risks:
        missing["risks"] = "no use class has a finding"
    if missing:
        raise ConflictError(
            f"the draft is not whole: {'; '.join(f'{n} {w}' for n, w in missing.items())}",
            hint="save a version with a finding for each; insufficient information is a finding",
        )


def staleness(cutoff: date, on: date) -> int:
    """How many days lie between the cut-off and the day of a decision."""
    return (on - cutoff).days


def age_of(cutoff: date, conflict: Conflict, *, on: date, limits: Mapping[Conflict, int]) -> Age:
    """How old the information is on a day, and whether that is over the limit."""
    days, limit = staleness(cutoff, on), limits[conflict]
    return Age(cutoff, on, days, limit, is_over=days > limit)


def gravest(found: Iterable[Finding]) -> Finding:
    """The gravest of some findings (at least one)."""
    there = set(found)
    return next(f for f in _ORDER if f in there)


def risk_by_use(risks: Iterable[UseRisk]) -> dict[str, Finding]:
    """Use class -> the gravest finding under any limb."""
    found: dict[str, list[Finding]] = {}
    for risk in risks:
        found.setdefault(risk.use_class, []).append(risk.finding)
    return {use: gravest(findings) for use, findings in found.items()}


def dropped(before: Content | None, after: Content) -> tuple[str, ...]:
    """Evidence that one version cites and the next does not."""
    kept = set(after.evidence())
    return tuple(e for e in before.evidence() if e not in kept) if before else ()


def part_name(part: Cell | UseRisk) -> str:
    """How a part of a version is named in diffs and links: `detainees/record`, `risk/air_strike/...`."""
    if isinstance(part, Cell):
        return f"{part.area}/{part.aspect}"
    return f"risk/{part.use_class}/{part.limb}"


MOVES: Mapping[type[Event], Move] = {
    events.VersionSent: Move.SEND,
    events.VersionChecked: Move.CHECK,
    events.VersionCountersigned: Move.COUNTERSIGN,
    events.ChangeRequested: Move.REQUEST_CHANGE,
    events.VersionAccepted: Move.ACCEPT,
}
"""Events that move one version, and how."""


@dataclass(slots=True)
class Folded:
    """An assessment as its events leave it."""

    destination: str
    party: str
    conflict: str
    version: int = 1
    statuses: dict[str, Status] = field(default_factory=dict)
    """Version -> status, in the order of the saves."""
    contents: dict[str, Content] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    dissents: set[tuple[str, str]] = field(default_factory=set)
    """(version, dissent note)."""
    gists: set[str] = field(default_factory=set)
    """Versions of which a gist was published."""


@dataclass(slots=True)
class Fold:
    """What a stream of events amounts to, assessment by assessment."""

    assessments: dict[str, Folded] = field(default_factory=dict)

    def apply(self, event: Event) -> None:
        """One more event. Raises: ConflictError: its subject is not there, or it is not allowed from here."""
        match event:
            case events.AssessmentStarted():
                self.assessments[event.assessment] = Folded(event.destination, event.party, event.conflict)
            case events.VersionSaved():
                found = self._of(event.assessment)
                found.version += 1
                self._save(found, event)
            case events.VersionSuperseded():
                self._move(self._of(event.assessment), event.version, Move.SUPERSEDE)
            case events.DissentLinked():
                found = self._of(event.assessment)
                found.version += 1
                found.dissents.add((event.version, event.dissent))
            case events.GistPublished():
                found = self._of(event.assessment)
                found.version += 1
                found.gists.add(event.version)
            case _:
                self._apply_move(event)

    def _apply_move(self, event: Event) -> None:
        for kind, move in MOVES.items():
            if isinstance(event, kind):
                found = self._of(event.assessment)  # type: ignore[attr-defined]
                found.version += 1
                self._move(found, event.version, move)  # type: ignore[attr-defined]
                if isinstance(event, events.ChangeRequested):
                    found.requests.append(event.request)

    def _save(self, found: Folded, event: events.VersionSaved) -> None:
        newest = next(reversed(found.statuses), None)
        if newest is not None:
            check_may_follow(found.statuses[newest], version=newest)
            if found.statuses[newest] is Status.DRAFTING:
                self._move(found, newest, Move.SUPERSEDE)
        found.statuses[event.version] = machine().begins
        found.contents[event.version] = event.content

    def _move(self, found: Folded, version: str, move: Move) -> None:
        if version not in found.statuses:
            raise ConflictError(f"there is no version {version}")
        found.statuses[version] = next_status(move, found.statuses[version], version=version)

    def _of(self, assessment: str) -> Folded:
        try:
            return self.assessments[assessment]
        except KeyError as error:
            raise ConflictError(f"there is no assessment {assessment}") from error
