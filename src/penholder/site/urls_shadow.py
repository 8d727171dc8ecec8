"""Addresses of the shadow register: pages over a data folder, for everybody, read-only."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from penholder.entry.access import undeclared
from penholder.publication.shadow.urls import urlpatterns

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]

if missing := list(undeclared(urlpatterns)):
    raise ImproperlyConfigured(f"routes without requires(...): {', '.join(missing)}")

handler400 = "penholder.site.shadow.bad_request"
handler404 = "penholder.site.shadow.absent"
handler500 = "penholder.site.shadow.broken"
