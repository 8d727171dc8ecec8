"""Enter licences one by one."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.db import IntegrityError, transaction
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.actions.values import ActorKind
from penholder.actions.words import check_words
from penholder.regime.licence_types import licence_types
from penholder.register import policy
from penholder.register.access import may_act_on
from penholder.register.actions.locked import Changed, change_of
from penholder.register.events import LicenceEntered
from penholder.register.models import Change, Licence, Line, LineVersion, Terms
from penholder.register.rows import columns_of, columns_of_terms
from penholder.register.spelling import spelled
from penholder.register.values import LICENCE, LineAct, LineTerms, RegisterPermission, WithoutCase
from penholder.rules.records import did_you_mean


@action(permission=RegisterPermission.ENTER, events=(LicenceEntered,))
def enter_licence(
    run: Run,
    *,
    reference: Annotated[
        str, Field(description="Reference of the licence, used once.", min_length=1, max_length=200)
    ],
    licence_type: Annotated[str, Field(description="Id in the table of licence types.", max_length=40)],
    decided_on: Annotated[date, Field(description="Day of the decision.")],
    valid_from: Annotated[date, Field(description="First day on which it is valid.")],
    lines: Annotated[
        tuple[LineTerms, ...],
        Field(description="The lines, numbered from 1 in this order.", min_length=1, max_length=1_000),
    ],
    valid_until: Annotated[
        date | None, Field(description="First day on which it is no longer valid; empty: not limited.")
    ] = None,
    exporter: Annotated[
        str,
        Field(description="Public id of the holder.", pattern=r"^[0-9A-Za-z-]*$", max_length=40),
    ] = "",
    case: Annotated[
        str,
        Field(description="Public id of the case that granted it; the system gives it.", max_length=40),
    ] = "",
    without_case: Annotated[
        WithoutCase | None,
        Field(description="Why it comes from no case: needed of everybody but the system. It is published."),
    ] = None,
    without_case_words: Annotated[
        str,
        Field(
            description="Of a licence that comes from no case: who decided it, by what power, and where that is "
            "written. Officials read it.",
            max_length=4_000,
        ),
    ] = "",
) -> Changed:
    """Enter a licence with its lines, as a draft: nothing may leave under it before it is issued.

    What a case granted the system enters. Everybody else says why there is no case; that it has none is published
    once it is issued. Names of places are kept as their codes, ratings as the control lists write them.
    """
    _check_origin(run, case, without_case, without_case_words)
    if not may_act_on(run.actor, exporter):
        raise AbsentError("there is no such organisation", hint="enter licences of organisations that you act for")
    policy.check_day(decided_on, name="decided_on", today=run.now.date())
    lines, said = _read_lines(lines, decided_on)
    _check(reference, licence_type=licence_type, valid_from=valid_from, valid_until=valid_until)
    change = change_of(run)
    licence = _licence(
        run,
        change,
        reference=reference,
        licence_type=licence_type,
        exporter=exporter,
        decided_on=decided_on,
        valid_from=valid_from,
        valid_until=valid_until,
        case=case,
        without_case=without_case or "",
        without_case_words=without_case_words,
    )
    _lines(licence, lines, change)
    event = LicenceEntered(
        licence=licence.public_id,
        reference=reference,
        licence_type=licence_type,
        exporter=exporter,
        decided_on=decided_on,
        valid_from=valid_from,
        valid_until=valid_until,
        lines=lines,
        case=case,
        without_case=without_case,
        without_case_words=without_case_words,
    )
    run.record(event, claimed_at=decided_on)
    return Changed(licence.public_id, 1, tuple(range(1, len(lines) + 1)), said)


def _check_origin(run: Run, case: str, without_case: WithoutCase | None, words: str) -> None:
    """A case, by the system; or why there is none. Raises: InvalidError."""
    wrong: dict[str, str] = {}
    if run.actor.kind is not ActorKind.SYSTEM:
        wrong |= {"case": "is what the system says when a case is granted"} if case else {}
        wrong |= {} if without_case else {"without_case": "say why this licence comes from no case"}
    elif bool(case) == bool(without_case):
        wrong["without_case"] = "either a case, or a reason why there is none"
    if wrong or (words and not without_case):
        wrong = wrong or {"without_case_words": "are for a licence that comes from no case"}
        raise InvalidError(
            "a licence comes from a case that was granted, or says why there is none",
            hint="apply, advise and decide in a case; else give without_case and without_case_words",
            fields=wrong,
        )
    if without_case:
        check_words(without_case_words=words)


def _read_lines(lines: tuple[LineTerms, ...], on: date) -> tuple[tuple[LineTerms, ...], tuple[str, ...]]:
    """The lines with codes for names, and what was changed by that. Raises: InvalidError."""
    made, said = [], []
    for number, terms in enumerate(lines):
        policy.check_terms(terms, where=f"lines.{number}")
        line, changed = spelled(terms, on=on, where=f"lines.{number}")
        made.append(line)
        said += [f"line {number + 1}: {c}" for c in changed]
    return tuple(made), tuple(said)


def _check(reference: str, *, licence_type: str, valid_from: date, valid_until: date | None) -> None:
    types = licence_types()
    if licence_type not in types:
        raise InvalidError(
            f"there is no licence type {licence_type!r}{did_you_mean(licence_type, types)}",
            hint="`penholder regime` shows them; docs/reference/regimes.md",
            fields={"licence_type": "is not in the table of licence types"},
        )
    if valid_until is not None and valid_until <= valid_from:
        raise InvalidError(
            f"the licence would end ({valid_until}) before it begins ({valid_from})",
            hint="valid_until is the first day on which it is no longer valid",
            fields={"valid_until": "must be after valid_from"},
        )
    if Licence.objects.filter(series="", reference=reference).exists():
        raise _taken()


def _taken() -> ConflictError:
    return ConflictError(
        "there is a licence with this reference already", hint="look it up; a reference is used once"
    )


def _licence(run: Run, change: Change, **columns: object) -> Licence:
    """The row. The constraint decides where two enter one reference at the same moment."""
    try:
        with transaction.atomic():
            made: Licence = Licence.objects.create(public_id=run.new_id(LICENCE), change=change, **columns)
            return made
    except IntegrityError as error:
        raise _taken() from error


def _lines(licence: Licence, lines: tuple[LineTerms, ...], change: Change) -> None:
    day = licence.decided_on
    made = Line.objects.bulk_create(
        Line(
            licence=licence,
            number=number,
            destination=terms.destination,
            valid_until=licence.valid_until,
            **columns_of(policy.entered(terms, since=day)),
        )
        for number, terms in enumerate(lines, start=1)
    )
    Terms.objects.bulk_create(
        Terms(line=line, effective_on=day, change=change, **columns_of_terms(terms))
        for line, terms in zip(made, lines, strict=True)
    )
    LineVersion.objects.bulk_create(
        LineVersion(
            line=line, version=1, act=LineAct.ENTER.value, status=line.status, effective_on=day, change=change
        )
        for line in made
    )
