"""Questions to what was proposed, decided, told and appealed. The first keyword is who looks."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from penholder.actions.errors import AbsentError
from penholder.actions.models import Act
from penholder.actions.values import Actor
from penholder.casework.access import is_official, is_own, reads_official
from penholder.casework.decision_answers import (
    AppealView,
    Decisions,
    DecisionView,
    Information,
    NoticeRow,
    NoticeView,
    ProposalView,
    SignatureView,
)
from penholder.casework.dossier import Dossier, Held
from penholder.casework.effects import value_of
from penholder.casework.history import dossier, held_of
from penholder.casework.models import Change, Part
from penholder.casework.models import Notice as NoticeTable
from penholder.casework.notices.content import CONTENT, Notice
from penholder.casework.notices.holder import with_holder
from penholder.casework.policy import appeal as appeals
from penholder.casework.policy.readiness import status_for_exporter
from penholder.casework.queries import seen_dossier
from penholder.casework.values import NoticeKind, Outcome, PartKind
from penholder.casework.working_days import calendar
from penholder.entry.paging import USUAL, Page, page_of
from penholder.ledger.known import changes_known
from penholder.vault.staged import Handle, open_staged

DECIDED = (PartKind.DECISION.value, PartKind.APPEAL_DECISION.value)


def decisions_of(*, viewer: Actor, case: str, known: datetime | None = None) -> Decisions:
    """All that was decided of a case. Exporters see outcomes, notices and their appeals. Raises: AbsentError."""
    held, seen = seen_dossier(viewer, case, known=known)
    by = _actors(held) if seen.official else {}
    notices = _notices(Q(subject=case), known=known)
    licence = held.last(PartKind.LICENCE)
    return Decisions(
        case=case,
        status=held.status if seen.official else status_for_exporter(held.status),
        proposals=_proposals(held, by) if seen.official else (),
        decisions=tuple(
            _decision(held, row, by.get(row.run, ()), official=seen.official)
            for kind in DECIDED
            for row in held.of(PartKind(kind))
        ),
        appeals=tuple(_appeal(held, row, official=seen.official) for row in held.of(PartKind.APPEAL)),
        notices=notices,
        licence=licence.value.licence if licence else "",
        can_appeal_until=_until(held),
    )


def _actors(held: Dossier) -> Mapping[str, tuple[str, ...]]:
    """Run -> staff ids of who did it, and for whom they stood in."""
    rows = Act.objects.filter(about=held.id).values_list("run", "actor", "stood_in_for")
    return {run: tuple(sorted({actor, *stood.split()})) for run, actor, stood in rows}


def _proposals(held: Dossier, by: Mapping[str, tuple[str, ...]]) -> tuple[ProposalView, ...]:
    signed, returned = held.of(PartKind.SIGNATURE), {r.about: r.value.reasons for r in held.of(PartKind.RETURN)}
    return tuple(
        ProposalView(
            id=row.id,
            proposal=row.value,
            at=row.at,
            run=row.run,
            by=by.get(row.run, ()),
            signatures=tuple(
                SignatureView(s.value, s.at, s.run, by.get(s.run, ())) for s in signed if s.about == row.id
            ),
            returned=returned.get(row.id, ""),
        )
        for row in held.of(PartKind.PROPOSAL)
    )


def _decision(held: Dossier, row: Held[Any], by: tuple[str, ...], *, official: bool) -> DecisionView:
    told = next((n.id for n in held.of(PartKind.NOTICE) if n.value.decision == row.id), "")
    licence = next((x.value.licence for x in held.of(PartKind.LICENCE) if x.about == row.id), "")
    return DecisionView(
        id=row.id,
        case=held.id,
        outcome=row.value.outcome,
        decided_on=row.on,
        at=row.at,
        run=row.run,
        on_appeal=bool(row.value.appeal),
        limbs=row.value.limbs if official or told else (),
        licence=licence,
        notice=told,
        decision=row.value if official else None,
        by=by,
    )


def _appeal(held: Dossier, row: Held[Any], *, official: bool) -> AppealView:
    answer, named = appeals.answer_to(held, row.id), appeals.assigned(held, row.id)
    decided = next((d.id for d in held.of(PartKind.APPEAL_DECISION) if d.value.appeal == row.id), "")
    return AppealView(
        id=row.id,
        appeal=row.value,
        at=row.at,
        answer=answer.value.answer if answer else None,
        answer_reasons=answer.value.reasons if answer else "",
        person=named.value.person if official and named else "",
        decision=decided,
    )


def _until(held: Dossier) -> date | None:
    noticed = appeals.refusal_notice(held)
    return appeals.last_day(noticed.at, calendar=calendar()) if noticed else None


def decisions(
    *,
    viewer: Actor,
    outcome: Outcome | None = None,
    against_lead: bool | None = None,
    open_question: bool | None = None,
    since: date | None = None,
    until: date | None = None,
    known: datetime | None = None,
    cursor: str | None = None,
    limit: int = USUAL,
) -> Page[DecisionView]:
    """Question 7: decisions with their reasons, newest first; for officials.

    Args:
        against_lead: taken against the advice of a lead adviser. open_question: while a question was open.
        since, until: days of decision, the second exclusive.
    """
    rows = _decided(viewer, known=known)
    if outcome is not None:
        rows = rows.filter(content__outcome=outcome.value)
    if against_lead is not None:
        rows = rows.filter(content__is_against_lead=against_lead)
    if open_question is not None:
        none_open = Q(content__gates=[])
        rows = rows.exclude(none_open) if open_question else rows.filter(none_open)
    if since is not None:
        rows = rows.filter(on_day__gte=since)
    if until is not None:
        rows = rows.filter(on_day__lt=until)
    page = page_of(rows, order=("-pk",), cursor=cursor, limit=limit)
    by = _actors_of([r.change.run for r in page.items])
    return page.map(lambda row: _whole(row, by.get(row.change.run, ()), known=known))


def _decided(viewer: Actor, *, known: datetime | None) -> QuerySet[Part]:
    """The rows of decisions; none for who may not see what they rest on."""
    rows = Part.objects.filter(kind__in=DECIDED).select_related("case", "change")
    if not reads_official(viewer):
        return rows.none()
    if known is not None:
        rows = rows.filter(change_id__in=changes_known(Change, known))
    return rows


def _actors_of(runs: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    rows = Act.objects.filter(run__in=runs).values_list("run", "actor", "stood_in_for")
    return {run: tuple(sorted({actor, *stood.split()})) for run, actor, stood in rows}


def _whole(row: Part, by: tuple[str, ...], *, known: datetime | None) -> DecisionView:
    held = dossier(row.case, known=known)
    assert held is not None  # noqa: S101 - one of its rows is known
    return _decision(held, held_of(row), by, official=True)


def decision(*, viewer: Actor, id: str, known: datetime | None = None) -> DecisionView:  # noqa: A002 - the public id
    """One decision; for officials. Raises: AbsentError."""
    row = _decided(viewer, known=known).filter(public_id=id).first()
    if row is None:
        raise AbsentError(f"there is no decision {id}", hint="look at the case")
    return _whole(row, _actors_of([row.change.run]).get(row.change.run, ()), known=known)


def information(*, viewer: Actor, decision: str, known: datetime | None = None) -> Information:
    """Question 5: cut-offs, staleness in days, later evidence not considered, and who chose not to wait.

    What was recorded at the decision counts, not what is known today; for officials. Raises: AbsentError.
    """
    row = _decided(viewer, known=known).filter(public_id=decision).first()
    if row is None:
        raise AbsentError(f"there is no decision {decision}", hint="look at the case")
    held = dossier(row.case, known=known)
    made = value_of(PartKind(row.kind), row.content)
    assert held is not None  # noqa: S101 - one of its rows is known
    before = [a for a in held.of(PartKind.ADVICE) if a.number < row.number]
    newest = {a.value.department: a for a in before}
    return Information(
        decision=decision,
        case=row.case.public_id,
        decided_on=row.on_day,
        cited=made.cited,
        stale_reasons=made.stale_reasons,
        cutoffs=tuple((a.value.department, f.rule, f.cutoff) for a in newest.values() for f in a.value.findings),
        by=_actors_of([row.change.run]).get(row.change.run, ()),
    )


def notices(*, viewer: Actor, subject: str, known: datetime | None = None) -> tuple[NoticeRow, ...]:
    """The notices on a case or a licence, oldest first: for officials, and for the organisation that they tell."""
    mine = Q() if is_official(viewer) else Q(holder__in=sorted(viewer.organisations - {""}))
    return _notices(Q(subject=subject) & mine, known=known)


def _notices(where: Q, *, known: datetime | None) -> tuple[NoticeRow, ...]:
    rows = NoticeTable.objects.filter(where).select_related("change").order_by("pk")
    if known is not None:
        rows = rows.filter(change_id__in=changes_known(Change, known))
    return tuple(_row(r) for r in rows)


def _row(row: NoticeTable) -> NoticeRow:
    return NoticeRow(
        id=row.public_id,
        kind=NoticeKind(row.kind),
        subject=row.subject,
        lines=tuple(row.lines),
        decided_on=row.decided_on,
        issued_on=row.issued_on,
        at=row.change.recorded_at,
        run=row.change.run,
    )


def notice(*, viewer: Actor, id: str) -> NoticeView:  # noqa: A002 - the public id
    """One notice: for officials, and for the organisation that it tells. Raises: AbsentError."""
    row = _find_notice(viewer, id)
    return NoticeView(row=_row(row), notice=_content(row), digest=row.file_digest)


def open_notice(*, viewer: Actor, id: str) -> tuple[NoticeView, io.BufferedReader]:  # noqa: A002 - the public id
    """The notice and its PDF. Raises: AbsentError; FileAbsentError; KeyMissingError; VaultIntegrityError."""
    row = _find_notice(viewer, id)
    stream = open_staged(Handle(row.public_id, row.file))
    return NoticeView(row=_row(row), notice=_content(row), digest=row.file_digest), stream


def _find_notice(viewer: Actor, public_id: str) -> NoticeTable:
    row = NoticeTable.objects.filter(public_id=public_id).select_related("change").first()
    if row is None or not (is_official(viewer) or is_own(viewer, row.holder)):
        raise AbsentError(f"there is no notice {public_id}", hint="look at the case or the licence")
    return row


def _content(row: NoticeTable) -> Notice:
    return with_holder(CONTENT.validate_python(row.content))


def case_of(licence: str) -> str:
    """Public id of the case that became a licence; empty: none did. For the page of the licence."""
    row = Part.objects.filter(kind=PartKind.LICENCE.value, content__licence=licence).select_related("case").first()
    return str(row.case.public_id) if row else ""
