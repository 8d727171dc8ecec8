"""The rows behind a figure as files. Each says which log, which head, and how it was asked for."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from penholder.entry.access import PUBLIC, requires
from penholder.publication.figures import HOW, Figure, FigureKind
from penholder.publication.values import AUTHORITY
from penholder.publication.web.figures import figure_of
from penholder.publication.web.looking import ASKED, WHY, Look, look

COLUMNS = (
    "licence", "licence_type", "lines", "suspended_lines", "destinations", "ratings", "end_users", "since",
    "valid_until", "without_case",
)  # fmt: skip


def rows_of(found: Figure) -> list[dict[str, Any]]:
    """The rows with plain values; lists joined by `;`."""
    return [
        {
            "licence": r.licence,
            "licence_type": r.licence_type,
            "lines": ";".join(map(str, r.lines)),
            "suspended_lines": ";".join(map(str, r.suspended)),
            "destinations": ";".join(r.destinations),
            "ratings": ";".join(r.ratings),
            "end_users": ";".join(r.end_users),
            "since": r.since.isoformat() if r.since else "",
            "valid_until": r.valid_until.isoformat() if r.valid_until else "",
            "without_case": r.without_case.value if r.without_case else "",
        }
        for r in found.rows
    ]


def figure_document(found: Figure, at: Look) -> dict[str, Any]:
    """The figure as JSON, with what it rests on."""
    head = at.books.heads[AUTHORITY]
    bridge = found.bridge
    return {
        "sentence": found.sentence,
        "count": found.count,
        "suspended": found.suspended,
        "without_case": found.without_case,
        "on": found.asked.on.isoformat(),
        "known_entries": at.seen.size,
        "destination": found.asked.destination or None,
        "rating": found.asked.rating or None,
        "not_known": list(found.unknown),
        "not_counted": [
            {n: f.fields[n] for n in ("release", "series", "licences", "rows", "loaded_on", "data_sha256")}
            | {"entry": f.number}
            for f in at.books.taken_in(at.seen)
        ],
        "rows": rows_of(found),
        "bridge": {
            "first": bridge.first,
            "last": bridge.last,
            "remainder": bridge.remainder,
            "moves": [
                {"licence": m.subject, "on": m.on.isoformat(), "by": m.by.value, "change": m.change}
                for m in bridge.moves
            ],
        }
        if bridge
        else None,
        "how_counted": list(HOW),
        "log": {"origin": head.origin, "size": head.size, "root": head.root, "witnessed": head.witnessed},
        "address": at.request.build_absolute_uri(),
    }


@requires(PUBLIC, why=WHY)
def rows_csv(request: HttpRequest, kind: FigureKind) -> HttpResponse:
    """The rows as CSV (RFC 4180)."""
    at = look(request, asks=ASKED)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows_of(figure_of(at, kind)))
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind.value}-{at.seen.on}.csv"'
    return response


@requires(PUBLIC, why=WHY)
def rows_json(request: HttpRequest, kind: FigureKind) -> HttpResponse:
    """The figure with its rows as JSON."""
    at = look(request, asks=ASKED)
    return JsonResponse(figure_document(figure_of(at, kind), at), json_dumps_params={"indent": 1})
