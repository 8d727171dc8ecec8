"""Reading what only some may know: each time with a reason, and with an entry of its own in the ledger."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, RefusedError
from penholder.actions.events import EVENTS
from penholder.actions.permissions import authority
from penholder.actions.values import Actor, FieldClass, Visibility
from penholder.ledger.models import Entry
from penholder.people.events import PrivateRead
from penholder.people.values import PeoplePermission
from penholder.vault import store as vault

_HIDDEN = frozenset({"sealed"})


@action(permission=PeoplePermission.READ_PRIVATE, events=(PrivateRead,))
def read_private(
    run: Run,
    *,
    place: Annotated[
        int, Field(ge=0, description="Place of the entry in the log, as receipts and timelines show it")
    ],
    fields: Annotated[
        tuple[Annotated[str, Field(max_length=120)], ...],
        Field(min_length=1, max_length=50, description="Names of the private fields to read"),
    ],
    why: Annotated[
        str, Field(min_length=10, max_length=400, description="Why, in a sentence; it stays on record")
    ],
) -> tuple[str, ...]:
    """Read private fields of one entry. Who read what, and why, is recorded before the values are given.

    The values stand in the details of the receipt, once, and are kept nowhere. Gives the names of the fields that
    were there; fields that were erased are left out. Where the subject itself was erased, nothing is given.
    """
    row = Entry.objects.filter(place__seq=place).first()
    if row is None or not _may_know_of(run.actor, row):
        raise AbsentError("there is no such entry", hint="its place may be mistyped")
    kinds = _classes(row)
    missing = sorted(set(fields) - set(kinds))
    if missing:
        raise AbsentError(f"the entry has no such private field: {', '.join(missing)}", hint="see its event")
    refused = sorted({kinds[name].value for name in fields if not authority().may_read(run.actor, kinds[name])})
    if refused:
        raise RefusedError(
            f"the roles held do not give fields of the class {', '.join(refused)}",
            hint="docs/reference/roles.md lists which role reads which class",
        )
    values = {
        d.name: d.value for d in vault.open_disclosures(row.id) if d.name in fields and d.name not in _HIDDEN
    }
    names = tuple(sorted(values))
    run.record(PrivateRead(subject=row.about or row.event, place=place, fields=names, why=why))
    run.details["values"] = values
    return names


def _may_know_of(actor: Actor, row: Entry) -> bool:
    """An entry that is sealed is there only for those who may read restricted or personal fields; a reserved one
    for nobody: it is read by an act of its own."""
    if EVENTS[row.event].reserved:
        return False
    needed = {
        Visibility.PUBLIC: (FieldClass.PUBLIC,),
        Visibility.OFFICIAL: (FieldClass.COMMERCIAL, FieldClass.OFFICIAL, FieldClass.PERSONAL),
        Visibility.SEALED: (FieldClass.RESTRICTED, FieldClass.PERSONAL),
    }[EVENTS[row.event].visibility]
    return any(authority().may_read(actor, field) for field in needed)


def _classes(row: Entry) -> dict[str, FieldClass]:
    found: dict[str, FieldClass] = {
        n: c for n, c in EVENTS[row.event].field_classes.items() if c is not FieldClass.PUBLIC
    }
    return found | {"actor": FieldClass.PERSONAL}
