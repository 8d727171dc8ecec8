"""Pages about people: inbox, directory, organisations, one's own account, and the forms of the acts on them."""

from __future__ import annotations

from django.urls import path

from penholder.people.web import pages, reset_acts, task_acts
from penholder.people.web.acts import act_urls

urlpatterns = [
    path("inbox", pages.inbox, name="inbox"),
    path("people", pages.directory, name="people"),
    path("people/teams", pages.teams, name="teams"),
    path("organisations", pages.organisations, name="organisations"),
    path("me", pages.me, name="me"),
    path("people/resets/<str:public_id>", pages.sign_in_reset, name="sign-in-reset"),
    *act_urls(),
    *act_urls(reset_acts.PAGES),
    *act_urls(task_acts.PAGES),
    path("people/<str:public_id>", pages.person, name="person"),
    path("organisations/<str:public_id>", pages.organisation, name="organisation"),
]
