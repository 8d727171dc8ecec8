"""The API: acts made from the actions, and what the capabilities let be read."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from penholder.entry.api import acts_router, own
from penholder.entry.rest import Api

_ABOUT = """Every act has an address under /acts; each asks for a permission of the role table. Errors are
problem documents (RFC 9457). Lists come in pages: follow `next_cursor`."""


def make_api() -> Api:
    """All routers on one API: ours, and the `router` of each capability's room `api`."""
    api = Api(title="Penholder", version="1", description=_ABOUT, urls_namespace="api")
    api.add_router("", own)
    api.add_router("/acts", acts_router())
    for capability in ("people", "register"):
        room = f"penholder.{capability}.api"
        spec = find_spec(room)
        if spec is not None and spec.origin:
            api.add_router("", import_module(room).router)
    return api


api = make_api()
