"""From an act over HTTP to a proof that an outsider checks: the receipt that the API and the page give."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

from django.test import Client, override_settings

from penholder.custody.publish import publish
from penholder.kernel.ids import random_id
from penholder.ledger.keyring import Keyring
from penholder.ledger.verify_receipt import verify_receipt
from tests.casework import Casework
from tests.ledger_ground import found
from tests.web import stage

NOTE = "/api/v1/acts/stage/note-thing"


def test_an_act_over_http_is_proved_once_it_is_published(tmp_path: Path) -> None:
    casework = Casework(tmp_path / "home").open()
    with override_settings(PENHOLDER_AUTHORITY="tests.ledger_ground.EveryoneMay"):
        first = found(casework)
    site = {"ROOT_URLCONF": stage.__name__, "PENHOLDER_AUTHORITY": f"{stage.__name__}.NotersMay"}
    with override_settings(PENHOLDER_ACTORS=stage.__name__, **site):
        token = {"Authorization": "Bearer P-1/noter"}
        body = json.dumps({"title": "A thing", "colour": "red"})
        headers = token | {"Idempotency-Key": random_id()}
        made = Client().post(NOTE, data=body, content_type="application/json", headers=headers).json()
        assert Client().get(made["receipt"], headers=token).json()["is_published"] is False
        publish(tmp_path / "published")
        given = Client().get(made["receipt"], headers=token).json()
        page = Client().get(f"/receipts/{made['run']}", headers=token).content.decode()
    casework.close()
    assert given["is_published"] is True
    [entry] = given["entries"]
    report = verify_receipt(entry["proof"].encode(), keys=Keyring(first))
    assert report.problems == []
    assert report.entry is not None
    assert (report.entry.act, report.entry.run, report.entry.about) == (
        "stage.note_thing",
        made["run"],
        made["result"],
    )
    assert entry["proof"].strip() in unescape(page)
