"""Keys of officers, the list of what concerns can be about, and what time alone brings about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from django.conf import settings
from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError
from penholder.concerns import officers, sealing, unlocked
from penholder.concerns.cases import case_of
from penholder.concerns.events import EmptyAnswerRefused, LapseNoted, OfficerKeyMade, TargetsImported
from penholder.concerns.models import Concern, KnownTarget, LapseNote, OfficerKey, Reader
from penholder.concerns.values import ConcernPermission
from penholder.people.accounts import number_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTarget:
    """One row of the authority's list: what a concern can be about, and references of who took part."""

    id: Annotated[str, Field(min_length=2, max_length=40)]
    kind: Annotated[str, Field(min_length=2, max_length=30)]
    title: Annotated[str, Field(min_length=2, max_length=300)]
    people: Annotated[tuple[Annotated[str, Field(pattern="^[0-9a-f]{64}$")], ...], Field(max_length=500)] = ()
    state: Annotated[str, Field(max_length=30)] = ""
    state_on: date | None = None
    dissents: Annotated[int, Field(ge=0, le=100_000)] = 0
    """How many are on record at the authority; not whose."""
    open: bool = False
    """May everybody know of it? Else it is in no list here, and is named by its id."""


@action(permission=ConcernPermission.HOLD_KEY, events=(OfficerKeyMade,))
def make_officer_key(
    run: Run, *, replaces: Annotated[bool, Field(description="Give up a key whose passphrase is lost.")] = False
) -> str:
    """Make the key to which concerns are sealed for you, under a passphrase that is kept nowhere. Gives its day.

    The passphrase is asked for apart: it is no parameter. Whoever loses it makes another key, and cannot open
    what was
    sealed to the first one; colleagues of the level can.
    """
    passphrase = unlocked.new_passphrase()
    row = OfficerKey.objects.select_for_update().filter(user__public_id=run.actor.id).first()
    if row is not None and not replaces:
        raise ConflictError(
            "you have a key already", hint="say that this one replaces it, or change its passphrase"
        )
    private = sealing.new_private()
    made = {
        "public": sealing.public_of(private),
        "locked": sealing.lock(
            private, passphrase=passphrase, owner=run.actor.id, cost=settings.PENHOLDER_CODE_COST
        ),
        "on": run.now.date(),
    }
    user = number_of(run.actor.id)
    Reader.objects.filter(user_id=user).delete()
    OfficerKey.objects.update_or_create(user_id=user, defaults=made)
    run.record(OfficerKeyMade(person=run.actor.id, replaces=row is not None))
    return run.now.date().isoformat()


@action(permission=ConcernPermission.IMPORT, events=(TargetsImported,), doors=())
def import_targets(
    run: Run,
    *,
    made_on: Annotated[date, Field(description="Day of the list.")],
    targets: Annotated[tuple[ListedTarget, ...], Field(description="The list.", max_length=50_000)],
) -> int:
    """Take in the authority's list. Who took part in something that a concern is about loses that concern.

    `penholder concerns exchange` reads and checks the signed list, and does this. Gives how many rows it has.
    """
    newest = KnownTarget.objects.order_by("-made_on").values_list("made_on", flat=True).first()
    if newest is not None and made_on < newest:
        raise ConflictError(
            f"the list is of {made_on}; one of {newest} was taken in already", hint="fetch a newer one"
        )
    for row in targets:
        defaults = {
            "kind": row.kind, "title": row.title, "state": row.state, "state_on": row.state_on,
            "people": sorted(row.people), "made_on": made_on, "dissents": row.dissents, "open": row.open,
        }  # fmt: skip
        KnownTarget.objects.update_or_create(public_id=row.id, defaults=defaults)
    _take_from_partakers(run.now.date())
    run.record(TargetsImported(made_on=made_on, targets=len(targets)))
    return len(targets)


def _take_from_partakers(on: date) -> None:
    """Boxes of those who took part go at once; the case gets another key when it is next opened."""
    everyone = officers.officers(on=on)
    for row in Concern.objects.filter(targets__isnull=False).distinct():
        about = KnownTarget.objects.filter(pk__in=row.targets.values("target"))
        free = {
            o.key for o in officers.free_of_conflict(everyone, partaking=officers.partakers(about), kept_out=())
        }
        lost = Reader.objects.filter(concern=row, user__in=[o.key for o in everyone if o.key not in free])
        if lost.delete()[0]:
            row.has_stale_key = True
            row.save(update_fields=["has_stale_key"])


@action(permission=ConcernPermission.NOTE, events=(LapseNoted,), doors=())
def note_lapses(run: Run) -> int:
    """Note in the log every due day that has passed without an answer, once, with the day. It changes nothing."""
    noted = 0
    for row in Concern.objects.order_by("pk"):
        case = case_of(row)
        for lapse in case.standing(run.now.date()).lapses:
            note, is_new = LapseNote.objects.get_or_create(
                concern=row, level=lapse.level, due=lapse.due, defaults={"run": run.id}
            )
            if is_new:
                noted += 1
                run.record(
                    LapseNoted(concern=row.public_id, level=note.level, to=lapse.to or 0, due=note.due),
                    claimed_at=lapse.due,
                )
    return noted


@action(permission=ConcernPermission.NOTE, events=(EmptyAnswerRefused,), doors=())
def count_empty_answer(run: Run, *, level: Annotated[int, Field(ge=1, le=99)]) -> int:
    """Count in public that somebody tried to answer with nothing, and was refused."""
    run.record(EmptyAnswerRefused(level=level))
    return level
