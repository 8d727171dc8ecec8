"""Addresses of the public site. Its pages are for everybody; signing in is for those who keep it."""

from __future__ import annotations

from penholder.site.routes import handler400, handler403, handler404, handler500, routes_of

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = routes_of("public")
