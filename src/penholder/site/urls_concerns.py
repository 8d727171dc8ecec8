"""Addresses of the site of concerns."""

from __future__ import annotations

from penholder.site.routes import handler400, handler403, handler404, handler500, routes_of

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = routes_of("concerns")
