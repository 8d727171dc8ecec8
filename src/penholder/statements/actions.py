"""Acts: what was said is recorded, with what was promised; a promise is kept or replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.actions.words import check_words
from penholder.assessment.places import code_of
from penholder.assessment.queries import current_on
from penholder.statements import policy
from penholder.statements.events import PromiseKept, PromiseRecorded, PromiseReplaced, StatementRecorded
from penholder.statements.models import Outcome, Promise, Statement
from penholder.statements.values import (
    PROMISE,
    STATEMENT,
    Claim,
    PromiseState,
    Quote,
    StatementPermission,
)

_CLAIMS: TypeAdapter[tuple[Claim, ...]] = TypeAdapter(tuple[Claim, ...])
Name = Annotated[str, Field(min_length=2, max_length=200)]
PromiseId = Annotated[str, Field(description="Public id of the promise (PM-…).", min_length=1, max_length=40)]
Expected = Annotated[
    int, Field(description="State of the promise that you saw; the act is refused if it has changed.", ge=1)
]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded: a statement, or a promise and its state."""

    id: str
    version: int = 1
    said: tuple[str, ...] = ()


@action(permission=StatementPermission.RECORD, events=(StatementRecorded,))
def record_statement(
    run: Run,
    *,
    destination: Annotated[Name, Field(description="About which destination: code of two letters, or name.")],
    said_on: Annotated[date, Field(description="Day on which it was said.")],
    place: Annotated[Name, Field(description="Where, for example: Parliament, answer to question 12.")],
    speaker_role: Annotated[Name, Field(description="The function of who said it, never a name.")],
    words: Annotated[str, Field(description="The words as published.", min_length=2, max_length=4_000)],
    source: Annotated[str, Field(description="Where the text can be found.", max_length=200)] = "",
    claims: Annotated[
        tuple[Claim, ...], Field(description="What is claimed, claim by claim, quoted.", max_length=50)
    ] = (),
) -> Recorded:
    """Record what was said in public about a destination. All of it is published.

    It is linked to the version of the assessment that was accepted that day; where none was, that is said.
    """
    check_words(words=words, place=place, speaker_role=speaker_role)
    policy.check_day(said_on, field="said_on", last=run.now.date())
    policy.check_claims(claims, words=words)
    code = code_of(destination, on=said_on)
    current = current_on(code, said_on)
    row = Statement.objects.create(
        public_id=run.new_id(STATEMENT),
        destination=code,
        said_on=said_on,
        place=place,
        speaker_role=speaker_role,
        words=words,
        source=source,
        claims=_CLAIMS.dump_python(claims, mode="json"),
        assessment=current.assessment if current else "",
        assessed=current.id if current else "",
        run=run.id,
    )
    run.record(
        StatementRecorded(
            statement=row.public_id,
            destination=code,
            said_on=said_on,
            place=place,
            speaker_role=speaker_role,
            words=words,
            source=source,
            claims=claims,
            assessment=row.assessment,
            version=row.assessed,
        ),
        claimed_at=said_on,
    )
    held = f"version {current.number} of the assessment" if current else f"no assessment of {code}"
    return Recorded(row.public_id, said=(f"{held} was accepted that day",))


@action(permission=StatementPermission.PROMISE, events=(PromiseRecorded,))
def record_promise(
    run: Run,
    *,
    statement: Annotated[str, Field(description="Public id of the statement (SA-…).", max_length=40)],
    words: Annotated[Quote, Field(description="What was promised, quoted.")],
    due: Annotated[date, Field(description="Day by which it is due; later it is overdue, in public.")],
) -> Recorded:
    """Record what a statement promises, and by when. It goes overdue by itself, in public."""
    row = Statement.objects.filter(public_id=statement).first()
    if row is None:
        raise AbsentError(f"there is no statement {statement}", hint="look it up in the list of statements")
    policy.check_quote(words, words=row.words, field="words")
    policy.check_day(due, field="due", first=row.said_on)
    made = Promise.objects.create(public_id=run.new_id(PROMISE), statement=row, words=words, due=due, run=run.id)
    run.record(PromiseRecorded(promise=made.public_id, statement=statement, words=words, due=due))
    return Recorded(made.public_id)


@action(permission=StatementPermission.KEEP, events=(PromiseKept,))
def keep_promise(
    run: Run,
    *,
    promise: PromiseId,
    kept_on: Annotated[date, Field(description="Day on which it was kept.")],
    source: Annotated[Name, Field(description="Where that can be seen: an address, a reference.")],
    expected_version: Expected,
    words: Annotated[str, Field(description="How it was kept; published.", max_length=2_000)] = "",
) -> Recorded:
    """Say that a promise was kept, and where that can be seen."""
    check_words(source=source)
    row = _lock(promise, expected_version)
    policy.check_day(kept_on, field="kept_on", first=row.statement.said_on, last=run.now.date())
    _end(run, row, PromiseState.KEPT, on=kept_on, source=source, words=words)
    run.record(PromiseKept(promise=promise, kept_on=kept_on, source=source, words=words), claimed_at=kept_on)
    return Recorded(promise, row.version)


@action(permission=StatementPermission.REPLACE, events=(PromiseReplaced,))
def replace_promise(
    run: Run,
    *,
    promise: PromiseId,
    by: Annotated[str, Field(description="Public id of the promise that replaces it (PM-…).", max_length=40)],
    reasons: Annotated[str, Field(description="Why it was replaced; published.", min_length=1, max_length=2_000)],
    replaced_on: Annotated[date, Field(description="Day on which it was replaced.")],
    expected_version: Expected,
) -> Recorded:
    """Say that a promise was replaced by another one, and why. The first one stays to be seen."""
    check_words(reasons=reasons)
    row = _lock(promise, expected_version)
    new = Promise.objects.filter(public_id=by).select_related("statement").first()
    if new is None or new.pk == row.pk or new.statement.said_on < row.statement.said_on:
        raise InvalidError(
            f"{by} cannot replace {promise}",
            hint="name a promise of a statement of the same day or a later one",
            fields={"by": "is no promise made later"},
        )
    policy.check_day(replaced_on, field="replaced_on", first=new.statement.said_on, last=run.now.date())
    _end(run, row, PromiseState.REPLACED, on=replaced_on, words=reasons, by=new)
    run.record(
        PromiseReplaced(promise=promise, replaced_on=replaced_on, by=by, reasons=reasons), claimed_at=replaced_on
    )
    return Recorded(promise, row.version)


def _lock(promise: str, expected: int) -> Promise:
    """Raises: AbsentError. ConflictError: it changed since the actor looked, or something became of it already."""
    row = Promise.objects.select_for_update().select_related("statement").filter(public_id=promise).first()
    if row is None:
        raise AbsentError(f"there is no promise {promise}", hint="look it up in the list of promises")
    if row.version != expected:
        raise ConflictError(
            f"{promise} was changed since you looked: it is at state {row.version}, not {expected}",
            hint="look at it again, and act again if that is still right",
        )
    ended = Outcome.objects.filter(promise=row).first()
    policy.check_open(PromiseState(ended.state) if ended else PromiseState.OPEN, promise=promise)
    return row


def _end(run: Run, row: Promise, state: PromiseState, *, on: date, **what: Any) -> None:
    Outcome.objects.create(promise=row, state=state.value, on=on, recorded_on=run.now.date(), run=run.id, **what)
    row.version += 1
    Promise.objects.filter(pk=row.pk).update(version=row.version)
