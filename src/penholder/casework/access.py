"""Who may see what of a case: exporters their own application, officials by class; drafts the exporter alone."""

from __future__ import annotations

from dataclasses import dataclass

from penholder.actions.permissions import authority
from penholder.actions.values import Actor, ActorKind, FieldClass


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees of one case: the application, and how the authority works on it."""

    commercial: bool = False
    official: bool = False

    @property
    def any(self) -> bool:
        """Do they know of the case at all?"""
        return self.commercial or self.official


def is_own(viewer: Actor, exporter: str) -> bool:
    """Is it a case of an organisation that the viewer acts for?"""
    return bool(exporter) and exporter in viewer.organisations


def reads_official(viewer: Actor) -> bool:
    """Does the viewer see how the authority works on cases?"""
    return viewer.kind is ActorKind.SYSTEM or authority().may_read(viewer, FieldClass.OFFICIAL)


def is_official(viewer: Actor) -> bool:
    """Does the viewer see the cases of every exporter?"""
    by_role = authority().may_read(viewer, FieldClass.COMMERCIAL)
    return viewer.kind is ActorKind.SYSTEM or by_role or reads_official(viewer)


def sight(viewer: Actor, *, exporter: str, was_submitted: bool) -> Sight:
    """What the viewer sees. An exporter never sees internal advice, and officials never a draft."""
    if is_own(viewer, exporter):
        return Sight(commercial=True)
    if not was_submitted or not is_official(viewer):
        return Sight()
    system = viewer.kind is ActorKind.SYSTEM
    commercial = system or authority().may_read(viewer, FieldClass.COMMERCIAL)
    return Sight(commercial=commercial, official=reads_official(viewer))


def may_act_on(actor: Actor, *, exporter: str, was_submitted: bool) -> bool:
    """Exporters on their own cases, officials on what was submitted; if the act is allowed is another question."""
    return is_own(actor, exporter) or (was_submitted and is_official(actor))
