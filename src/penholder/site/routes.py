"""Addresses of a site that casework runs on: the same order on each, and what each capability brings for it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, include, path

from penholder.entry.access import declared, undeclared
from penholder.entry.views import act_routes, receipt_page
from penholder.site import ledger_pages
from penholder.site.api import make_api
from penholder.site.capabilities import rooms
from penholder.site.health import health
from penholder.site.urls_accounts import ALLAUTH

Route = URLPattern | URLResolver

handler400 = "penholder.site.problems.bad_request"
handler403 = "penholder.site.problems.refused"
handler404 = "penholder.site.problems.absent"
handler500 = "penholder.site.problems.broken"


def routes_of(site: str, *own: Route) -> list[Route]:
    """All addresses of a site, its own first.

    Raises: ImproperlyConfigured: one of them does not declare who may come in.
    """
    found: list[Route] = [
        *own,
        path("healthz", health, name="health"),
        path("api/v1/", make_api(site).urls),
        path("receipts/<str:run>", receipt_page, name="receipt"),
        *(route for room in rooms("web", site) for route in room.urlpatterns),
        *ledger_pages.urlpatterns,
        path("acts/", include(act_routes())),
        *_accounts(),
    ]
    if missing := list(undeclared(found)):
        raise ImproperlyConfigured(f"routes without requires(...): {', '.join(missing)}")
    return found


def _accounts() -> Iterable[Route]:
    if not apps.is_installed("allauth.account"):
        return ()
    routes = import_module("penholder.people.sign_in.urls").urlpatterns
    return (path("account/", include(declared(routes, ALLAUTH))),)
