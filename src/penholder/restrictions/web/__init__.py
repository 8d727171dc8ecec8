"""Pages of the restrictions: list, one restriction, and the forms of the acts."""

from __future__ import annotations

from django.urls import path

from penholder.actions.values import Actor, ActorKind
from penholder.restrictions.web.acts import act_urls
from penholder.restrictions.web.pages import restriction_list, restriction_page

urlpatterns = [
    path("restrictions", restriction_list, name="restrictions"),
    *act_urls(),
    path("restrictions/<str:public_id>", restriction_page, name="restriction"),
]


def menu(actor: Actor) -> list[tuple[str, str, int | None]]:
    """Everybody who has signed in finds them."""
    return [("Restrictions", "restrictions", None)] if actor.kind is ActorKind.PERSON else []
