"""Pages of evidence: list with counts, one incident, sources, files that were taken in, forms of the acts."""

from __future__ import annotations

from django.urls import path

from penholder.actions.values import Actor
from penholder.evidence.access import may_see
from penholder.evidence.web.acts import act_urls
from penholder.evidence.web.incident import incident_page
from penholder.evidence.web.listing import import_list, import_page, incident_list, source_list
from penholder.evidence.web.upload import import_form, upload

urlpatterns = [
    path("evidence", incident_list, name="evidence"),
    path("evidence/sources", source_list, name="evidence-sources"),
    path("evidence/imports", import_list, name="evidence-imports"),
    path("evidence/imports/new", upload, name="evidence-upload"),
    path("evidence/imports/new/<str:file>", import_form, name="evidence-import"),
    path("evidence/imports/<str:public_id>", import_page, name="evidence-imported"),
    *act_urls(),
    path("evidence/<str:public_id>", incident_page, name="incident"),
]


def menu(actor: Actor) -> list[tuple[str, str, int | None]]:
    """For whoever reads official fields."""
    return [("Evidence", "evidence", None)] if may_see(actor) else []
