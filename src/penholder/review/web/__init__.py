"""Pages of reviews: list, one change of circumstances, workbench of its lines, exemptions by day, bridge."""

from __future__ import annotations

from django.urls import path

from penholder.actions.values import Actor
from penholder.review.queries import sees_reviews
from penholder.review.web.acts import act_urls
from penholder.review.web.figures import bridge_page, exemption_page
from penholder.review.web.pages import change_list, change_page, line_page, rows_file, workbench

urlpatterns = [
    path("changes", change_list, name="changes"),
    path("changes/count-bridge", bridge_page, name="count-bridge"),
    *act_urls(),
    path("changes/<str:public_id>", change_page, name="change"),
    path("changes/<str:public_id>/lines", workbench, name="change-lines"),
    path("changes/<str:public_id>/lines/<str:name>", line_page, name="change-line"),
    path("changes/<str:public_id>/stocktakes/<str:run>", rows_file, name="change-rows"),
    path("restrictions/<str:public_id>/days", exemption_page, name="exemption-days"),
]


def menu(actor: Actor) -> list[tuple[str, str, int | None]]:
    """Officials find reviews."""
    return [("Reviews", "changes", None)] if sees_reviews(actor) else []
