"""What other capabilities put on the page of a thing: the debate below a licence, for example.

The Django app of a capability that has something to put there names a function in `beside_things`, as
`penholder.debate.web.thread.beside`. It is called with the request, the kind of the thing and its public id, and
gives what its template needs, `template` among it; or None.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.utils.module_loading import import_string


def parts_beside(request: HttpRequest, kind: str, name: str) -> list[dict[str, Any]]:
    """What is to be drawn below a thing, clearly apart from it."""
    named = [getattr(config, "beside_things", "") for config in apps.get_app_configs()]
    made = [import_string(function)(request, kind, name) for function in named if function]
    return [part for part in made if part is not None]
