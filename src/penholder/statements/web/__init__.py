"""Pages of the statements: what was said beside what was held, and promises with how late they are."""

from __future__ import annotations

from django.urls import path

from penholder.actions.permissions import authority
from penholder.actions.values import Actor, ActorKind
from penholder.statements.queries import overdue_count
from penholder.statements.values import StatementPermission
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
    """Everybody who has signed in finds them; who can say that a promise was kept sees how many are overdue."""
    if actor.kind is not ActorKind.PERSON:
        return []
    may = authority().role_for(actor, StatementPermission.KEEP) is not None
    return [("Statements", "statements", (overdue_count() or None) if may else None)]
