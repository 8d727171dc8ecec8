"""What is told to applicants and holders in writing: never without reasons, kept for ever as it was issued."""

from __future__ import annotations

import io
from collections.abc import Collection
from datetime import date
from typing import Annotated, Any

from django.conf import settings
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError
from penholder.actions.values import SYSTEM, FieldClass
from penholder.casework.actions.locked import Locked, change_of, lock_case
from penholder.casework.actions.parameters import CaseId, Expected, PartId
from penholder.casework.decision_events import CaseNoticeIssued, LicenceNoticeIssued
from penholder.casework.decision_parts import Decision, MaybeText
from penholder.casework.dossier import Dossier, Held
from penholder.casework.models import Change
from penholder.casework.models import Notice as NoticeRow
from penholder.casework.notices.content import CONTENT, Notice, NoticeLine
from penholder.casework.notices.holder import with_holder
from penholder.casework.notices.pdf import MEDIA_TYPE, pdf_of
from penholder.casework.policy.appeal import last_day
from penholder.casework.policy.facts import direct_destination
from penholder.casework.policy.notice import check_notice, cited_rules
from penholder.casework.rule_set import rule_set_on
from penholder.casework.values import (
    NOTICE,
    CaseworkPermission,
    Changed,
    LongText,
    NoticeKind,
    Outcome,
    PartKind,
)
from penholder.casework.working_days import calendar
from penholder.entry.paging import MOST
from penholder.regime.regimes import regimes_on
from penholder.register.place_names import place_names
from penholder.register.queries import licence as licence_view
from penholder.register.queries import lines as lines_of
from penholder.register.values import LineTerms, Power
from penholder.vault.files import StoredFile
from penholder.vault.staged import Handle, keep_staged
from penholder.vault.store import vault

_GOODS = 400
"""Characters of a description in a notice."""
_KINDS = {Outcome.GRANT: NoticeKind.GRANT, Outcome.REFUSE: NoticeKind.REFUSAL}
_DECIDED = (PartKind.APPEAL_DECISION, PartKind.DECISION)


@action(permission=CaseworkPermission.ISSUE_NOTICE, events=(CaseNoticeIssued,))
def issue_notice(
    run: Run,
    *,
    case: CaseId,
    reasons: Annotated[
        LongText,
        Field(description="The reasons as the applicant is told them: so that they can be answered."),
    ],
    expected_version: Expected,
    terms: Annotated[
        MaybeText, Field(description="What the applicant must know beside them; empty: nothing.")
    ] = "",
) -> Changed:
    """Tell the applicant in writing what was decided, and why.

    Each decision is told once, and never without reasons. From the notice of a refusal on 28 days run in which an
    appeal is in time.
    """
    locked = lock_case(run, case, expected_version=expected_version)
    decided = newest_decision(locked.dossier)
    if decided is None:
        raise ConflictError(f"nothing is decided of {case}", hint="a notice tells of a decision")
    if any(n.value.decision == decided.id for n in locked.dossier.of(PartKind.NOTICE)):
        raise ConflictError(f"the notice of {decided.id} was issued already", hint="the page of the case shows it")
    run.rules = decided.value.rule_set
    notice = _of_case(locked, decided, reasons=reasons, terms=terms)
    check_notice(notice)
    stored = _keep(notice)
    _row(notice, about=decided.id, stored=stored, change=locked.change)
    locked.record(
        CaseNoticeIssued(
            case=case,
            notice_id=notice.id,
            kind=notice.kind,
            decision=decided.id,
            decided_on=notice.decided_on,
            issued_on=notice.issued_on,
            notice=notice,
            file=stored.address,
            file_digest=stored.digest,
        )
    )
    return locked.changed(notice.id)


def newest_decision(dossier: Dossier) -> Held[Decision] | None:
    """What holds: the decision on the appeal, or the first one."""
    return next((row for kind in _DECIDED if (row := dossier.last(kind))), None)


def _of_case(locked: Locked, decided: Held[Decision], *, reasons: str, terms: str) -> Notice:
    said, application = decided.value, locked.dossier.application
    rules = {r.id: r for r in rule_set_on(decided.on).rules}
    is_grant = said.outcome is Outcome.GRANT
    cited = tuple(r for r, _ in said.findings) if is_grant else said.limbs
    days = calendar()
    place = direct_destination(application) or ""
    destination = place_names([place]).get(place, place)
    ratings = locked.dossier.ratings
    return Notice(
        id=locked.run.new_id(NOTICE),
        kind=_KINDS[said.outcome],
        authority=settings.PENHOLDER_NAME,
        holder=locked.row.exporter,
        subject=locked.row.public_id,
        reference=said.reference,
        decided_on=decided.on,
        issued_on=locked.today,
        reasons=reasons,
        terms=terms,
        rule_set=said.rule_set,
        rules=cited_rules([r for r in cited if r in rules], rules),
        lines=tuple(
            NoticeLine(
                number=number,
                goods=(ratings[number].value.summary if number in ratings else line.description)[:_GOODS],
                destination=destination,
                quantity=line.quantity,
                unit=line.unit,
            )
            for number, line in enumerate(application.goods, start=1)
        ),
        conditions=said.provisos,
        valid_from=decided.on if is_grant else None,
        valid_until=said.valid_until,
        is_on_appeal=bool(said.appeal),
        appeal_by=None if is_grant or said.appeal else last_day(locked.run.now, calendar=days),
    )


@action(permission=CaseworkPermission.ISSUE_NOTICE, events=(LicenceNoticeIssued,))
def issue_licence_notice(
    run: Run,
    *,
    licence: Annotated[PartId, Field(description="Public id of the licence (L-…).")],
    kind: Annotated[NoticeKind, Field(description="Suspension or revocation.")],
    lines: Annotated[tuple[int, ...], Field(description="Numbers of the lines.", min_length=1, max_length=1_000)],
    cause: Annotated[PartId, Field(description="Run of the act that it tells of: its receipt shows it.")],
    decided_on: Annotated[date, Field(description="Day from which it holds.")],
    reasons: Annotated[LongText, Field(description="The reasons, as the holder is told them.")],
    terms: Annotated[
        MaybeText, Field(description="Of a suspension: what may not be done, what would lift it.")
    ] = "",
    limb: Annotated[str, Field(description="Of a revocation: the rule on which it rests.", max_length=120)] = "",
    power: Annotated[Power | None, Field(description="Of a suspension: by what power.")] = None,
    review_by: Annotated[date | None, Field(description="Of a suspension: when it is looked at again.")] = None,
) -> Changed:
    """Tell the holder of a licence in writing that lines were suspended or revoked, with terms and reasons.

    The system does this at once, with what the act itself says; whoever suspends needs no second step.
    """
    if kind not in {NoticeKind.SUSPENSION, NoticeKind.REVOCATION}:
        raise ConflictError(f"a notice of {kind} tells of a case, not of a licence", hint="issue it on the case")
    if NoticeRow.objects.filter(subject=licence, about=cause).exists():
        raise ConflictError(f"the holder of {licence} was told of this already", hint="nothing needs to be done")
    notice = _of_licence(
        licence,
        lines,
        limbs=(limb,) if limb else (),
        id=run.new_id(NOTICE),
        kind=kind,
        decided_on=decided_on,
        issued_on=run.now.date(),
        reasons=reasons,
        terms=terms,
        power=power.value if power else "",
        review_by=review_by,
    )
    check_notice(notice)
    stored = _keep(notice)
    _row(notice, about=cause, stored=stored, change=change_of(run), lines=lines)
    run.record(
        LicenceNoticeIssued(
            licence=licence,
            lines=lines,
            notice_id=notice.id,
            kind=kind,
            cause=cause,
            decided_on=decided_on,
            issued_on=notice.issued_on,
            notice=notice,
            file=stored.address,
            file_digest=stored.digest,
        )
    )
    return Changed(licence, 0, notice.id)


def _of_licence(licence: str, lines: tuple[int, ...], *, limbs: tuple[str, ...], **said: Any) -> Notice:
    """said: what the act says, by the fields of a notice."""
    held = licence_view(viewer=SYSTEM, id=licence)
    named = _terms(licence, lines)
    places = place_names(t.destination for t in named.values())
    rules = {r.id: r for found in regimes_on(said["decided_on"]) for r in found.rules}
    return Notice(
        authority=settings.PENHOLDER_NAME,
        holder=held.exporter or "",
        subject=licence,
        reference=held.reference or "",
        rules=cited_rules([r for r in limbs if r in rules], rules),
        lines=tuple(
            NoticeLine(number=n, goods=t.description[:_GOODS], destination=places[t.destination])
            for n, t in sorted(named.items())
        ),
        **said,
    )


def _terms(licence: str, numbers: Collection[int]) -> dict[int, LineTerms]:
    """The terms of these lines, however many the licence has."""
    found: dict[int, LineTerms] = {}
    cursor: str | None = None
    while True:
        page = lines_of(viewer=SYSTEM, licence=licence, cursor=cursor, limit=MOST)
        found |= {n.number: n.terms for n in page.items if n.number in numbers and n.terms}
        cursor = page.next_cursor
        if not cursor:
            return found


def _keep(notice: Notice) -> StoredFile:
    """The PDF, in the vault under a key of its own."""
    made = vault().files.put(io.BytesIO(pdf_of(with_holder(notice))), subject=notice.id, name="notice.pdf")
    return keep_staged(Handle(notice.id, made.address), field_class=FieldClass.COMMERCIAL, media_type=MEDIA_TYPE)


def _row(notice: Notice, *, about: str, stored: StoredFile, change: Change, lines: tuple[int, ...] = ()) -> None:
    NoticeRow.objects.create(
        public_id=notice.id,
        kind=notice.kind.value,
        subject=notice.subject,
        about=about,
        holder=notice.holder,
        lines=list(lines),
        decided_on=notice.decided_on,
        issued_on=notice.issued_on,
        content=CONTENT.dump_python(notice, mode="json"),
        file=stored.address,
        file_digest=stored.digest,
        change=change,
    )
