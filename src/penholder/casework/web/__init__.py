"""Pages of casework: list, one case by its parts, the forms of the acts, lists of parties."""

from __future__ import annotations

from django.urls import path

from penholder.actions.values import Actor
from penholder.casework.access import is_official
from penholder.casework.web.decision_acts import decision_urls
from penholder.casework.web.decision_pages import notice_urls
from penholder.casework.web.exporter_acts import exporter_urls
from penholder.casework.web.inside_acts import inside_urls
from penholder.casework.web.lists import list_urls
from penholder.casework.web.pages import case_list, case_page, difference_page

urlpatterns = [
    path("cases", case_list, name="cases"),
    *exporter_urls(),
    *inside_urls(),
    *decision_urls(),
    *notice_urls(),
    *list_urls(),
    path("cases/<str:public_id>", case_page, name="case"),
    path("cases/<str:public_id>/versions/<int:before>/<int:after>", difference_page, name="case-difference"),
    path("cases/<str:public_id>/<str:tab>", case_page, name="case-tab"),
]


def menu(actor: Actor) -> list[tuple[str, str, int | None]]:
    """Officials, and whoever acts for an exporter."""
    return [("Cases", "cases", None)] if is_official(actor) or actor.organisations else []
