"""One act on a licence: what was recorded, where it stands in the log, and its proofs."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from penholder.actions.errors import AbsentError
from penholder.actions.receipts import receipt_of
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.people.roles import role_name
from penholder.register.answers import Happening
from penholder.register.timeline import timeline
from penholder.register.told import told_of
from penholder.register.web.licence import readable_by_act, seen
from penholder.register.web.questions import rows_of
from penholder.register.web.words import event_words, field_words, part_rows, plain, withheld_words

_WHY = "whoever sees the licence sees what was done to it, and can prove it"


def _of_run(request: HttpRequest, public_id: str, run: str) -> list[Happening]:
    """Raises: AbsentError: the licence is not for the viewer, or the run did nothing to it."""
    viewer = actor_of_request(request)
    seen(viewer, public_id)
    found = [h for h in timeline(viewer=viewer, licence=public_id) if h.run == run]
    if not found:
        raise AbsentError("there is no such act on this licence", hint="look at its timeline")
    return found


@requires(SIGNED_IN, why=_WHY)
def act_page(request: HttpRequest, public_id: str, run: str) -> HttpResponse:
    """The receipt of one act."""
    found = _of_run(request, public_id, run)
    viewer = actor_of_request(request)
    proofs = {h.entry: receipt_of(h.entry) for h in found}
    pages = {t.about: reverse(t.route, args=[t.about]) for t in told_of(viewer, public_id)}
    context = {
        "licence": seen(viewer, public_id),
        "run": run,
        "act": plain(found[0].act.rpartition(".")[2]),
        "role": role_name(found[0].role),
        "at": found[0].recorded_at,
        "claimed_at": next((h.claimed_at for h in found if h.claimed_at), None),
        "late": any(h.late for h in found),
        "entries": [
            {
                "title": event_words(h.event, h.fields),
                "rows": rows_of({n: v for n, v in h.fields.items() if not isinstance(v, Mapping)}),
                "parts": part_rows(h.fields),
                "notice": pages.get(str(h.fields.get("notice_id"))),
                "place": h.place,
                "proof": proofs[h.entry],
                "withheld": withheld_words(h),
                "lost": [field_words(n) for n in h.lost],
                "recovered": h.recovered,
                "read": readable_by_act(h, public_id, viewer),
            }
            for h in found
        ],
        "all_published": all(proofs.values()),
    }
    return render(request, "register/receipt.html", context)


@requires(SIGNED_IN, why=_WHY)
def proof_file(request: HttpRequest, public_id: str, run: str, place: int) -> HttpResponse:
    """The proof of one entry, as a file for `penholder verify`. Absent until a published head covers it."""
    entry = next((h.entry for h in _of_run(request, public_id, run) if h.place == place), None)
    if entry is None:
        raise AbsentError("there is no such entry", hint="look at the receipt of the act")
    text = receipt_of(entry)
    if text is None:
        raise AbsentError("it is not published yet", hint="come back once the ledger is published")
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="entry-{place}.tlog-proof"'
    return response
