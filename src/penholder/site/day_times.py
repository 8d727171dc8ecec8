"""After each request the files of the home get the times of a day: see custody.day_times."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from penholder.custody.day_times import settle_times

_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class DayTimes:
    """Stands first, so that all else is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then settle the times; in the folders of files only where the request may have written there."""
        response = self.get_response(request)
        settle_times(settings.PENHOLDER_HOME, deep=request.method in _WRITES)
        return response
