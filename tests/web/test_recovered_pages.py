"""Pages of a licence whose suspension came back from the published log without what it did."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from penholder.ledger.models import Entry
from tests.ledger_ground import meddle
from tests.web.page_checks import faults
from tests.web.pages_ground import Ground

BANNER = "came back from the published log without what was done, and is not settled"
MARK = "Recovered from the published log; its details are lost."


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Ground]:
    made = Ground.copied(tmp_path / "home")
    yield made
    made.close()


def test_the_page_of_the_licence_says_what_was_recovered_and_what_is_lost(fresh: Ground) -> None:
    entry = Entry.objects.filter(event="register.LinesSuspended").latest("id")
    place, address = entry.place.seq, f"/register/{entry.about}"

    def seen(name: str, path: str = address) -> str:
        fresh.use()
        html = str(fresh.browser(name).get(path).content.decode())
        assert faults(html) == []
        return html

    assert BANNER not in seen("manager-1")
    connections.close_all()
    meddle(  # as `restore --recover-from-published` leaves it
        fresh.casework.database,
        f"DELETE FROM vault_sealedfield WHERE entry_id = {entry.pk}",
        f"UPDATE actions_act SET actor = 'recovered' WHERE run = '{entry.run}'",
    )
    html = seen("manager-1")
    assert BANNER in html
    assert html.count(MARK) == 1
    assert "lost in the recovery: " in html
    assert MARK in seen("manager-1", f"{address}/acts/{entry.run}")
    assert BANNER in seen("exporter-1")
    home = seen("administrator-1", "/")
    assert (
        "1 act came back from the published log without what was done to the tables, and is not settled." in home
    )
    assert f"<li>Place {place}: Suspend lines, {entry.about}</li>" in home  # administrators see no licences
    assert '<a class="govuk-link" href="/acts/custody/settle-recovered">Settle one</a>' in home
    assert "came back from the published log" not in seen("manager-1", "/")
    browser = fresh.browser("administrator-1")
    path = "/api/v1/acts/custody/settle-recovered"
    assert place is not None
    answer = browser.post(
        path,
        {"place": place, "how": "not_needed", "why": "The licence was given back"},
        content_type="application/json",
        headers={"Idempotency-Key": "settled-once"},
    )
    assert answer.status_code in {200, 201}, answer.content
    assert "came back from the published log" not in seen("administrator-1", "/")
    html = seen("manager-1")
    assert BANNER not in html
    assert "It need not be done again: an administrator said why." in html
