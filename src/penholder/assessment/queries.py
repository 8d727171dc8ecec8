"""Questions to the assessments. What the core asks is not filtered; what people ask names the viewer first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from django.conf import settings

from penholder.actions.behind import Participants, participants_of
from penholder.actions.errors import AbsentError, ConflictError
from penholder.actions.models import Act
from penholder.actions.moment import today
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.assessment import policy
from penholder.assessment.access import may_see
from penholder.assessment.answers import (
    AssessmentRow,
    AssessmentView,
    DiffView,
    RequestView,
    StepView,
    VersionRow,
    VersionView,
)
from penholder.assessment.diff import diff_of
from penholder.assessment.evidence import recorded_between
from penholder.assessment.history import Life, accepted_on, lives, lives_of, loops_before
from penholder.assessment.machine import limits_of, machine
from penholder.assessment.models import Assessment, ChangeRequest, Version
from penholder.assessment.values import (
    AcceptedVersion,
    Age,
    AssessmentPermission,
    Conflict,
    Move,
    Status,
)
from penholder.entry.paging import USUAL, Page, page_of

PERMISSIONS = {
    Move.SAVE: AssessmentPermission.SAVE,
    Move.SEND: AssessmentPermission.SEND,
    Move.CHECK: AssessmentPermission.CHECK,
    Move.COUNTERSIGN: AssessmentPermission.COUNTERSIGN,
    Move.ACCEPT: AssessmentPermission.ACCEPT,
    Move.REQUEST_CHANGE: AssessmentPermission.REQUEST_CHANGE,
}
_PARTS: Mapping[str, tuple[str, ...]] = {
    "wrote": ("assessment.save_version",),
    "advised": ("assessment.finish_legal_check", "assessment.request_change"),
    "countersigned": ("assessment.countersign_version",),
    "decided": ("assessment.accept_version",),
}
"""What makes somebody a participant of a version, by part: names of acts."""


def current_on(destination: str, day: date, *, known: datetime | None = None) -> AcceptedVersion | None:
    """The version that was accepted and not yet superseded on a day, for the core: nothing is filtered.

    Of several parties at one destination, the one accepted last; `all_current_on` gives all.
    """
    return next(iter(all_current_on(destination, day, known=known)), None)


def all_current_on(destination: str, day: date, *, known: datetime | None = None) -> tuple[AcceptedVersion, ...]:
    """One for each party or conflict of the destination that has one, accepted last first. Six statements."""
    rows = list(Assessment.objects.filter(destination=destination).order_by("pk"))
    found = lives_of(rows, known=known)
    made = []
    for row in rows:
        of_row = found.get(row.pk, [])
        life = accepted_on(of_row, day)
        if life is not None:
            made.append(_accepted(row, of_row, life))
    return tuple(sorted(made, key=lambda a: (a.accepted_on, a.accepted_at, a.id), reverse=True))


def citable(version: str, *, on: date) -> AcceptedVersion:
    """The version, if it may be cited on that day. Raises: AbsentError; ConflictError: it is not accepted."""
    row, found, life = _find(version)
    status = life.status_on(on)
    if status is not machine().citable:
        raise ConflictError(
            f"version {life.row.number} ({version}) is {status or 'not there'} on {on}, not accepted",
            hint="only an accepted version may be cited; the page of the assessment names it",
        )
    return _accepted(row, found, life)


def age(version: AcceptedVersion, *, on: date) -> Age:
    """How old its information is on the day of a decision, against the limit of the authority."""
    return policy.age_of(version.cutoff, version.conflict, on=on, limits=_limits())


def later_evidence(version: AcceptedVersion, *, until: date) -> tuple[str, ...]:
    """Reports from there, or naming the party, recorded after the cut-off and before `until`, and not cited."""
    _, _, life = _find(version.id)
    cited = set(life.content.evidence())
    found = recorded_between(place=version.destination, party=version.party, after=version.cutoff, before=until)
    return tuple(e for e in found if e not in cited)


def versions_of(assessment: str) -> tuple[str, ...]:
    """Public ids of all versions of an assessment, for the core: what is asked of one is asked of the next."""
    rows = Version.objects.filter(assessment__public_id=assessment).order_by("number")
    return tuple(rows.values_list("public_id", flat=True))


def participants(version: str) -> Participants:
    """Who wrote, advised, countersigned and decided, this version and those before it. Raises: AbsentError."""
    row, versions, life = _find(version)
    until = [x for x in versions if x.row.number <= life.row.number]
    runs = {s.run for x in until for s in x.steps if s.move is not Move.SUPERSEDE}
    found = participants_of(Act.objects.filter(about=row.public_id, run__in=runs), parts=_PARTS)
    return replace(found, wrote=found.wrote | {c for x in until for c in x.content.contributors})


def assessments(
    *, viewer: Actor, destination: str = "", cursor: str | None = None, limit: int = USUAL
) -> Page[AssessmentRow]:
    """Assessments by destination and party; none for who may not see them. Seven statements."""
    rows = Assessment.objects.all() if may_see(viewer) else Assessment.objects.none()
    if destination:
        rows = rows.filter(destination=destination)
    page = page_of(rows, order=("destination", "public_id"), cursor=cursor, limit=limit)
    found = lives_of(page.items)
    return page.map(lambda row: _row(row, found.get(row.pk, [])))


def assessment(*, viewer: Actor, id: str, known: datetime | None = None) -> AssessmentView:  # noqa: A002 - public id
    """One assessment with its versions, as known at a moment. Raises: AbsentError."""
    row = _visible(viewer, id)
    found = lives(row, known=known)
    if known is not None and not found:
        raise _absent(id)
    newest = found[-1] if found else None
    accepted = accepted_on(found, today())
    requests = tuple(_request(r, x, found) for x in found for r in x.requests)
    return AssessmentView(
        id=row.public_id,
        version=row.version,
        destination=row.destination,
        party=row.party,
        conflict=row.conflict,
        versions=tuple(_version_row(x) for x in found),
        newest=_version(row, found, newest) if newest else None,
        accepted=_version(row, found, accepted) if accepted else None,
        requests=requests,
        loops=len(requests),
        may=_may(viewer, newest) if known is None else (),
        known=known,
    )


def version(*, viewer: Actor, id: str, known: datetime | None = None, on: date | None = None) -> VersionView:  # noqa: A002
    """One version. `on`: the day for which its age is computed (None: today). Raises: AbsentError."""
    row, found, life = _find(id, known=known, viewer=viewer)
    return _version(row, found, life, on=on)


def diff(*, viewer: Actor, before: str, after: str) -> DiffView:
    """What changed from one version to another of the same assessment. Raises: AbsentError; ConflictError."""
    row, found, old = _find(before, viewer=viewer)
    new = next((x for x in found if x.row.public_id == after), None)
    if new is None:
        raise ConflictError(
            f"{after} is no version of {row.public_id}", hint="compare two versions of the same assessment"
        )
    between = [x for x in found if old.row.number <= x.row.number < new.row.number]
    first, shown = first_full_draft(found), shown_to_decider(found)
    return DiffView(
        assessment=row.public_id,
        destination=row.destination,
        party=row.party,
        before=_version_row(old),
        after=_version_row(new),
        diff=diff_of(old.content, new.content),
        requests=tuple(_request(r, x, found) for x in between for r in x.requests),
        is_kept=old is first and new is shown,
    )


def kept_diff(*, viewer: Actor, assessment: str, known: datetime | None = None) -> tuple[str, str] | None:
    """First full draft and newest version put before the decider, by public id: the diff that is always kept.

    None where no version was put before the decider yet. Raises: AbsentError.
    """
    found = lives(_visible(viewer, assessment), known=known)
    first, shown = first_full_draft(found), shown_to_decider(found)
    return (first.row.public_id, shown.row.public_id) if first and shown else None


def first_full_draft(found: list[Life]) -> Life | None:
    """The first version that left its drafter, since the last acceptance before the one shown to the decider."""
    shown = shown_to_decider(found)
    until = shown.row.number if shown else (found[-1].row.number if found else 0)
    accepted = [x.row.number for x in found if x.row.number < until and x.first(Status.ACCEPTED)]
    since = max(accepted, default=0)
    return next((x for x in found if x.row.number > since and x.first(Status.LEGAL_CHECK)), None)


def shown_to_decider(found: list[Life]) -> Life | None:
    """The newest version that was put before the decider."""
    return next((x for x in reversed(found) if x.first(Status.SUBMITTED)), None)


def _visible(viewer: Actor, public_id: str) -> Assessment:
    row = Assessment.objects.filter(public_id=public_id).first() if may_see(viewer) else None
    if row is None:
        raise _absent(public_id)
    return row


def _absent(public_id: str) -> AbsentError:
    return AbsentError(f"there is no assessment {public_id}", hint="look it up in the list of assessments")


def _find(
    version: str, *, known: datetime | None = None, viewer: Actor | None = None
) -> tuple[Assessment, list[Life], Life]:
    """The assessment, all its versions, and this one. `viewer`: None: the core asks. Raises: AbsentError."""
    row = None
    if viewer is None or may_see(viewer):
        row = Version.objects.select_related("assessment").filter(public_id=version).first()
    found = lives(row.assessment, known=known) if row else []
    life = next((x for x in found if x.row.public_id == version), None)
    if row is None or life is None:
        raise AbsentError(f"there is no version {version} of an assessment", hint="look at the assessment")
    return row.assessment, found, life


def _limits() -> Mapping[Conflict, int]:
    return limits_of(settings.PENHOLDER_STALENESS)


def _accepted(row: Assessment, found: list[Life], life: Life) -> AcceptedVersion:
    taken = life.first(Status.ACCEPTED)
    assert taken is not None  # noqa: S101 - whoever calls this has found it accepted
    return AcceptedVersion(
        assessment=row.public_id,
        id=life.row.public_id,
        number=life.row.number,
        destination=row.destination,
        party=row.party,
        cutoff=life.row.cutoff,
        accepted_on=taken.on,
        accepted_at=taken.at,
        conflict=life.content.conflict,
        attitude=life.content.attitude,
        loops=loops_before(found, life),
        risk=policy.risk_by_use(life.content.risks),
        findings={(r.use_class, r.limb): r.finding for r in life.content.risks},
        dissents=tuple(life.dissents),
    )


def _age(life: Life, on: date) -> Age:
    return policy.age_of(life.row.cutoff, life.content.conflict, on=on, limits=_limits())


def _row(row: Assessment, found: list[Life]) -> AssessmentRow:
    accepted = accepted_on(found, today())
    return AssessmentRow(
        id=row.public_id,
        destination=row.destination,
        party=row.party,
        conflict=row.conflict,
        newest=found[-1].row.number if found else 0,
        status=found[-1].status if found else None,
        accepted=accepted.row.public_id if accepted else "",
        accepted_number=accepted.row.number if accepted else 0,
        age=_age(accepted, today()) if accepted else None,
        loops=sum(len(x.requests) for x in found),
    )


def _version_row(life: Life) -> VersionRow:
    return VersionRow(
        id=life.row.public_id,
        number=life.row.number,
        status=life.status,
        cutoff=life.row.cutoff,
        saved_at=life.row.saved_at,
        evidence=len(life.content.evidence()),
        gaps=len(life.content.all_gaps()),
        dropped=tuple(life.row.dropped),
        requests=len(life.requests),
        answers=life.row.answers,
    )


def _version(row: Assessment, found: list[Life], life: Life, *, on: date | None = None) -> VersionView:
    return VersionView(
        id=life.row.public_id,
        assessment=row.public_id,
        number=life.row.number,
        destination=row.destination,
        party=row.party,
        conflict=row.conflict,
        status=life.status,
        content=life.content,
        risk=policy.risk_by_use(life.content.risks),
        dropped=tuple(life.row.dropped),
        answers=life.row.answers,
        saved_at=life.row.saved_at,
        steps=tuple(StepView(s.status, s.move, s.on, s.at, s.run) for s in life.steps),
        requests=tuple(_request(r, life, found) for r in life.requests),
        dissents=tuple(life.dissents),
        gist=life.gist.text if life.gist else None,
        age=_age(life, on or today()),
    )


def _request(request: ChangeRequest, life: Life, found: list[Life]) -> RequestView:
    answer = next((x.row.public_id for x in found if x.row.answers == request.public_id), "")
    return RequestView(
        id=request.public_id,
        version=life.row.public_id,
        number=life.row.number,
        requested_by=request.requested_by,
        what=request.what,
        why=request.why,
        drops=tuple(request.drops),
        at=request.at,
        answered_by=answer,
    )


def allowed(found: AssessmentView) -> tuple[Move, ...]:
    """What the machine allows with the newest version, for whoever has the role."""
    return _allowed(found.newest.status if found.newest else None)


def _allowed(status: Status | None) -> tuple[Move, ...]:
    moves = machine().allowed_from(status) if status else (Move.SAVE,)
    return tuple(m for m in moves if m in PERMISSIONS)


def _may(viewer: Actor, newest: Life | None) -> tuple[Move, ...]:
    role_for = authority().role_for
    moves = _allowed(newest.status if newest else None)
    return tuple(m for m in moves if role_for(viewer, PERMISSIONS[m]) is not None)
