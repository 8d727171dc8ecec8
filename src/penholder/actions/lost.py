"""Acts of which only the published entry is left: who did them is not known any more (`custody.recover`)."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from penholder.actions.models import Act
from penholder.actions.values import RECOVERED
from penholder.ledger.models import Entry


def lost_act(subjects: Collection[str], acts: Collection[str]) -> Act | None:
    """The first of these acts on these subjects whose actor is lost, and that nobody has done again since.

    Whoever must be another than its actor may be that very person. So an act that is apart from it is refused
    until somebody has done it again; that has to be anyway, because the tables do not have what it did
    (`penholder fsck` lists it). Who does it again counts as the one who did it.

    What an act was about that is not public is lost, too. It counts for each of these subjects that the books knew
    before it, until it is settled (`custody.settle_recovered`: nothing else is about a run).
    """
    again = Act.objects.filter(act=OuterRef("act"), about=OuterRef("about"), entry_id__gt=OuterRef("entry_id"))
    known = Q(about__in=subjects) & ~Exists(again.exclude(actor=RECOVERED))
    settled = Entry.objects.filter(about=OuterRef("run"))
    older = Act.objects.filter(about__in=subjects, entry_id__lt=OuterRef("entry_id"))
    unknown = Q(about="") & ~Exists(settled) & Exists(older)
    lost = Act.objects.filter(actor=RECOVERED, about__in=(*subjects, ""), act__in=acts)
    return lost.filter(known | unknown).order_by("entry_id").first()
