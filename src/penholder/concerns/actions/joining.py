"""A second person joins a concern, through two staff representatives: one asks, another lets them in.

A representative holds the key of every concern that does not keep them out. So none of them lets anybody in alone:
not another person, and not themself under codes of their own.
"""

from __future__ import annotations

from penholder.actions.action import Run, action
from penholder.actions.behind import behind
from penholder.actions.errors import ConflictError, SeparationError
from penholder.concerns import codes as made
from penholder.concerns import officers
from penholder.concerns.actions.filing import Raised, add_filer
from penholder.concerns.cases import Case, absent, add_step, behind_runs, key_of, load
from penholder.concerns.events import ConcernJoined, JoiningAsked
from penholder.concerns.models import JoinRequest, Reader
from penholder.concerns.officers import BRINGS
from penholder.concerns.values import ASKED_FOR, ConcernId, ConcernPermission, Move


@action(permission=ConcernPermission.BRING, events=(JoiningAsked,))
def ask_to_bring(run: Run, *, concern: ConcernId) -> Raised:
    """Ask that a second person be let in, as staff representative. Another representative does it, within 30 days.

    Nothing is opened by asking, and nobody but the representatives learns of it. It needs no key.
    """
    case = load(concern, lock=True)
    _reader(run, case)
    on = run.now.date()
    JoinRequest.objects.create(concern=case.row, person=run.actor.id, on=on, run=run.id)
    run.record(JoiningAsked(concern=concern))
    return Raised(concern, on)


@action(permission=ConcernPermission.BRING, events=(ConcernJoined,))
def bring_into_concern(run: Run, *, concern: ConcernId) -> Raised:
    """Let a second person join, for whom another representative has asked. Whoever raised it is not told.

    The second person gets a locator and a secret of their own, shown once: hand them over and keep no copy. They
    read the points and the answers; messages of the first person stay that person's. Needs your passphrase.
    """
    case = load(concern, lock=True)
    reader = _reader(run, case)
    asked = _asked_by_another(run, case)
    key = key_of(case, run.actor, reader)
    codes = made.new_codes()
    add_step(run, case, Move.JOIN)
    filer = add_filer(case.row, key, codes, on=run.now.date(), joined=True)
    asked.done = True
    asked.save(update_fields=["done"])
    run.record(ConcernJoined(on=run.now.date(), concern=concern))
    run.details.update(locator=codes.locator, secret=codes.secret)
    return Raised(concern, filer.on)


def _reader(run: Run, case: Case) -> Reader:
    """Raises: AbsentError: they are kept out, or took part."""
    reader = Reader.objects.filter(concern=case.row, user__public_id=run.actor.id, level=BRINGS).first()
    if reader is None or officers.has_taken_part(run.actor, case.row):
        raise absent()
    return reader


def _asked_by_another(run: Run, case: Case) -> JoinRequest:
    """The oldest request that waits. Raises: ConflictError: there is none; SeparationError: it is their own."""
    since = run.now.date() - ASKED_FOR
    waiting = list(JoinRequest.objects.filter(concern=case.row, done=False, on__gte=since).order_by("pk"))
    if not waiting:
        raise ConflictError(
            "no staff representative has asked that somebody join this concern",
            hint="one of you asks (concerns.ask_to_bring), another lets the person in",
        )
    own = behind(run.actor)
    found = next((asked for asked in waiting if not own & behind_runs([asked.run])), None)
    if found is None:
        raise SeparationError(
            "whoever asks that somebody join a concern does not let them in",
            hint="let another staff representative do it",
        )
    return found
