"""Addresses of the authority's site. Each declares who may come in; one that does not stops the start."""

from __future__ import annotations

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
from penholder.site.home import home
from penholder.site.urls_accounts import ALLAUTH

api = make_api("authority")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("healthz", health, name="health"),
    path("api/v1/", api.urls),
    path("receipts/<str:run>", receipt_page, name="receipt"),
    *(route for room in rooms("web", "authority") for route in room.urlpatterns),
    *ledger_pages.urlpatterns,
    path("acts/", include(act_routes())),
]
if apps.is_installed("allauth.account"):
    routes = import_module("penholder.people.sign_in.urls").urlpatterns
    urlpatterns.append(path("account/", include(declared(routes, ALLAUTH))))

if missing := list(undeclared(urlpatterns)):
    raise ImproperlyConfigured(f"routes without requires(...): {', '.join(missing)}")

handler400 = "penholder.site.problems.bad_request"
handler403 = "penholder.site.problems.refused"
handler404 = "penholder.site.problems.absent"
handler500 = "penholder.site.problems.broken"
