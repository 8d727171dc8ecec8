"""Pages of the debate: everybody reads; members write; moderators decide, with reasons."""

from __future__ import annotations

from django.urls import path

from penholder.actions.permissions import authority
from penholder.actions.values import Actor, ActorKind
from penholder.debate.queries import moderating, own, reading
from penholder.debate.values import DebatePermission
from penholder.debate.web import desk, pages
from penholder.debate.web.acts import act_urls

urlpatterns = [
    path("debate", pages.index, name="debate"),
    path("debate/rules", pages.rules_page, name="debate-rules"),
    path("debate/report", pages.report_page, name="debate-report"),
    path("debate/report.csv", pages.report_csv, name="debate-report-csv"),
    path("debate/report/rows", pages.figure_rows, name="debate-rows"),
    path("debate/measures", pages.measure_list, name="debate-measures"),
    path("debate/mine", pages.my_page, name="debate-mine"),
    path("debate/mine.json", pages.my_export, name="debate-export"),
    path("debate/statements/<str:public_id>", pages.statement_page, name="debate-statement"),
    path("debate/appeals/<str:public_id>", pages.appeal_page, name="debate-appeal"),
    path("debate/queue", desk.queue_page, name="debate-queue"),
    path("debate/cases/<str:public_id>", desk.case_page, name="debate-case"),
    path("debate/members/<str:public_id>", desk.member_page, name="debate-member"),
    path("debate/comments/<str:public_id>", pages.thread_page, name="debate-thread"),
    *act_urls(),
    path("debate/<str:kind>/<str:page>", pages.thread_list, name="debate-page"),
]


def open_places() -> tuple[tuple[str, str], ...]:
    """In the menu of whoever is not signed in: text, name of the route. Nothing where the debate is off."""
    return (("Debate", "debate"),) if reading.is_on() else ()


def menu(actor: Actor) -> list[tuple[str, str, int | None]]:
    """The debate, one's own part of it, and what waits for moderators. Nothing where it is off."""
    if actor.kind is not ActorKind.PERSON or not reading.is_on():
        return []
    places: list[tuple[str, str, int | None]] = [
        ("Debate", "debate", None),
        ("My debate", "debate-mine", own.waiting(viewer=actor) or None),
    ]
    if authority().role_for(actor, DebatePermission.MODERATE):
        places.append(("Moderation", "debate-queue", moderating.waiting(viewer=actor) or None))
    return places
