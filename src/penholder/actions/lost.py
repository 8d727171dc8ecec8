"""Acts of which only the published entry is left: who did them is not known any more (`custody.recover`)."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from penholder.actions.models import Act
from penholder.actions.values import RECOVERED


def lost_act(subjects: Collection[str], acts: Collection[str]) -> Act | None:
    """The first of these acts on these subjects whose actor is lost, and that nobody has done again since.

    Whoever must be another than its actor may be that very person. So an act that is apart from it is refused
    until somebody has done it again; that has to be anyway, because the tables do not have what it did
    (`penholder fsck` lists it). Who does it again counts as the one who did it.
    """
    again = Act.objects.filter(act=OuterRef("act"), about=OuterRef("about"), entry_id__gt=OuterRef("entry_id"))
    lost = Act.objects.filter(actor=RECOVERED, about__in=subjects, act__in=acts)
    return lost.exclude(Exists(again.exclude(actor=RECOVERED))).order_by("entry_id").first()
