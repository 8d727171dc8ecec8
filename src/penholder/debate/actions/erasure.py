"""After an erasure: what is left of a member's texts is overwritten; tombstones, measures and the ban stay."""

from __future__ import annotations

from penholder.actions.action import Run, action
from penholder.debate.events import MemberForgotten
from penholder.debate.models import Appeal, BanProposal, Edition, Member, Report, Statement
from penholder.debate.sealing import is_erased
from penholder.debate.values import DebatePermission
from penholder.people.addresses import random_pseudonym

_GONE = b""


@action(permission=DebatePermission.FORGET, events=(MemberForgotten,), doors=())
def forget_members(run: Run) -> int:
    """Overwrite what the erased accounts wrote: it opens no more, and now it is not there either.

    The membership's pseudonym stays: a ban survives. Gives how many members were forgotten.
    """
    found = 0
    for member in Member.objects.select_for_update().order_by("id"):
        wrote = set(member.comments.values_list("person", flat=True)) | {member.person}
        gone = [p for p in sorted(wrote) if is_erased(p) and _is_left(member, p)]
        for person in gone:
            _forget(member, person)
        if gone:
            run.record(MemberForgotten(member=member.public_id))
        found += bool(gone)
    return found


def _is_left(member: Member, person: str) -> bool:
    """Is something of this account still there?"""
    texts = Edition.objects.filter(comment__person=person).exclude(text=_GONE)
    return texts.exists() or (member.person == person and bytes(member.name) != _GONE)


def _forget(member: Member, person: str) -> None:
    Edition.objects.filter(comment__person=person).update(text=_GONE, html=_GONE)
    Report.objects.filter(person=person).update(text=None)
    Statement.objects.filter(person=person).update(facts=_GONE)
    BanProposal.objects.filter(person=person).update(facts=_GONE)
    Appeal.objects.filter(person=person).update(grounds=_GONE, reasons=None)
    if member.person == person:
        name_key = random_pseudonym().partition("@")[0]
        Member.objects.filter(pk=member.pk).update(name=_GONE, name_key=name_key, version=member.version + 1)
