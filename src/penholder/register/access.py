"""Who may see what of the register: officials by class, exporters their own, everybody what is public."""

from __future__ import annotations

from penholder.actions.permissions import authority
from penholder.actions.values import Actor, ActorKind, FieldClass


def is_official(viewer: Actor) -> bool:
    """Does the viewer see every licence? The system does, and whoever may read fields of all exporters.

    Exporters read commercial fields of their own licences alone: the role table says so by `reads_own`.
    """
    may_read = authority().may_read
    by_role = may_read(viewer, FieldClass.COMMERCIAL) or may_read(viewer, FieldClass.OFFICIAL)
    return viewer.kind is ActorKind.SYSTEM or by_role


def is_own(viewer: Actor, exporter: str) -> bool:
    """Is it a licence of an organisation that the viewer acts for?"""
    return bool(exporter) and exporter in viewer.organisations


def may_act_on(actor: Actor, exporter: str) -> bool:
    """Officials on all licences, exporters on their own; whether the act is allowed is another question."""
    return is_official(actor) or is_own(actor, exporter)


def readable(viewer: Actor, *, exporter: str, published: bool) -> frozenset[FieldClass]:
    """The classes of fields that the viewer reads on a licence. `published`: it came with a public release.

    Restricted and personal fields are not among them: each read of those is an act of its own.
    """
    classes = {FieldClass.PUBLIC}
    if published or is_own(viewer, exporter):
        classes.add(FieldClass.COMMERCIAL)
    if viewer.kind is ActorKind.SYSTEM:
        return frozenset(classes | {FieldClass.COMMERCIAL, FieldClass.OFFICIAL})
    if is_official(viewer):
        by_role = (FieldClass.COMMERCIAL, FieldClass.OFFICIAL)
        classes |= {c for c in by_role if authority().may_read(viewer, c)}
    return frozenset(classes)
