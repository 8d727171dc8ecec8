"""The API: acts made from the actions, and what the capabilities let be read."""

from __future__ import annotations

from penholder.entry.api import acts_router, own
from penholder.entry.rest import Api
from penholder.site.capabilities import rooms

_ABOUT = """Every act has an address under /acts; each asks for a permission of the role table. Errors are
problem documents (RFC 9457). Lists come in pages: follow `next_cursor`."""


def make_api(site: str) -> Api:
    """All routers of a site on one API: ours, and the `router` of each capability's room `api`."""
    api = Api(title="Penholder", version="1", description=_ABOUT, urls_namespace="api")
    api.add_router("", own)
    api.add_router("/acts", acts_router())
    for room in rooms("api", site):
        api.add_router("", room.router)
    return api
