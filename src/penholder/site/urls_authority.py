"""Addresses of the authority's site."""

from __future__ import annotations

from django.urls import path

from penholder.site.home import home
from penholder.site.routes import handler400, handler403, handler404, handler500, routes_of

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = routes_of("authority", path("", home, name="home"))
