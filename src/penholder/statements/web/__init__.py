"""Pages of the statements: what was said beside what was held, and promises with how late they are."""

from __future__ import annotations

from django.urls import path

from penholder.actions.values import Actor, ActorKind
from penholder.statements.queries import overdue_count
from penholder.statements.web.acts import act_urls
from penholder.statements.web.pages import promise_list, promise_page, statement_list, statement_page

urlpatterns = [
    path("statements", statement_list, name="statements"),
    path("promises", promise_list, name="promises"),
    *act_urls(),
    path("statements/<str:public_id>", statement_page, name="statement"),
    path("promises/<str:public_id>", promise_page, name="promise"),
]


def menu(actor: Actor) -> list[tuple[str, str, int | None]]:
    """Everybody who has signed in finds them; beside it how many promises are overdue."""
    if actor.kind is not ActorKind.PERSON:
        return []
    return [("Statements", "statements", overdue_count() or None)]
