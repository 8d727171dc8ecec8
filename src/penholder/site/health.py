"""Does it run? For whoever watches over the machine: yes or no, and nothing else."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from penholder.entry.access import PUBLIC, requires


@requires(PUBLIC, why="load balancers and monitors ask it; it says only yes or no")
def health(request: HttpRequest) -> HttpResponse:
    """200 `ok` where the database answers, else 503 `not ok`."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            is_well = cursor.fetchone() is not None
    except DatabaseError:
        is_well = False
    words, status = ("ok", 200) if is_well else ("not ok", 503)
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain")
