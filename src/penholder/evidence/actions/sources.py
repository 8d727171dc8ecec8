"""Bodies that report incidents."""

from __future__ import annotations

from typing import Annotated

from django.db import IntegrityError, transaction
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError
from penholder.actions.words import check_words
from penholder.evidence import policy
from penholder.evidence.access import require_sight
from penholder.evidence.actions.locked import change_of
from penholder.evidence.events import SourceRegistered
from penholder.evidence.models import Source
from penholder.evidence.values import SOURCE, EvidencePermission, SourceKind


@action(permission=EvidencePermission.SOURCE, events=(SourceRegistered,))
def register_source(
    run: Run,
    *,
    name: Annotated[
        str,
        Field(description="The body, or the list that it keeps; never a person.", min_length=2, max_length=200),
    ],
    kind: Annotated[SourceKind, Field(description="What kind of body it is.")],
    note: Annotated[
        str, Field(description="How it works and what it covers. Official: never published.", max_length=4_000)
    ] = "",
) -> str:
    """Enter a body that reports incidents. Gives its public id.

    Its reliability is judged with each report: it can change with time, and with what it reports on.
    """
    require_sight(run.actor)
    check_words(name=name)
    policy.check_texts(name=name, note=note)
    change = change_of(run)
    public_id = run.new_id(SOURCE)
    try:
        with transaction.atomic():
            Source.objects.create(public_id=public_id, name=name, kind=kind.value, note=note, change=change)
    except IntegrityError as error:
        raise ConflictError("there is a source of this name already", hint="take that one") from error
    run.record(SourceRegistered(source=public_id, called=name, kind=kind, note=note))
    return public_id
