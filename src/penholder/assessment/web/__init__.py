"""Pages of the assessments: list, one assessment, one version, a diff, the forms, and the reviewer's own page."""

from __future__ import annotations

from django.urls import path

from penholder.actions.values import Actor
from penholder.assessment.access import may_see
from penholder.assessment.reserved import instructions, may_read
from penholder.assessment.web.acts import act_urls
from penholder.assessment.web.pages import (
    assessment_list,
    assessment_page,
    diff_page,
    instruction_list,
    version_page,
)

urlpatterns = [
    path("assessments", assessment_list, name="assessments"),
    path("assessments/instructions", instruction_list, name="instructions"),
    *act_urls(),
    path("assessments/<str:public_id>", assessment_page, name="assessment"),
    path("assessments/<str:public_id>/versions/<str:version>", version_page, name="assessment-version"),
    path("assessments/<str:public_id>/diff/<str:before>/<str:after>", diff_page, name="assessment-diff"),
]


def menu(actor: Actor) -> list[tuple[str, str, int | None]]:
    """Officials find the assessments; the independent reviewer alone what was instructed orally, with a number."""
    found: list[tuple[str, str, int | None]] = [("Assessments", "assessments", None)] if may_see(actor) else []
    if may_read(actor):
        unread = sum(not row.is_read for row in instructions(viewer=actor))
        found.append(("Instructions", "instructions", unread or None))
    return found
