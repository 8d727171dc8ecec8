"""fsck of the register: the tables are what the events amount to, and a change behind their back is found."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from penholder.actions.action import perform
from penholder.actions.models import Act
from penholder.actions.replay import run_replays
from penholder.actions.values import SYSTEM
from penholder.custody.fsck import fsck
from penholder.custody.values import Level
from penholder.ledger.door import action_door
from penholder.register import actions
from penholder.register import replay as _replay  # noqa: F401 - declares the comparisons
from penholder.register.models import CustomsMessage, Licence
from penholder.register.values import ConditionTiming
from penholder.vault.store import keys
from tests import register_ground as ground
from tests.casework import Casework
from tests.ledger_ground import meddle
from tests.register_ground import TODAY, draw, issued, reinstate, revoke, surrender, suspend, terms

pytestmark = pytest.mark.usefixtures("register")


def differences() -> list[str]:
    return [f"{d.where}: {d.what}" for d in run_replays() if not d.where.startswith(("person", "user"))]


def a_busy_licence() -> str:
    lines = [terms(destination=f"X{letter}") for letter in "BCDE"]
    licence = issued("GBSIEL/2024/0000001/P", *lines, valid_until=date(2024, 12, 1))
    draw(licence, "m1", "100", value=Decimal("20.25"))
    suspend(licence, 2, 3, version=3)
    reinstate(licence, 2, version=4)
    surrender(licence, 2, version=5)
    given: dict[str, Any] = {
        "licence": licence,
        "timing": ConditionTiming.AFTER,
        "text": "Send proof of delivery.",
    }
    condition = perform(actions.add_condition, ground.MANAGER, expected_version=6, **given).result
    done: dict[str, Any] = {"condition": condition, "done_on": TODAY, "remark": "Seen on 22 November."}
    perform(actions.fulfil_condition, ground.DESK, licence=licence, expected_version=7, **done)
    revoke(licence, 4, version=8)
    ground.later(days=10)
    message = CustomsMessage.objects.order_by("pk")[0].public_id
    perform(
        actions.acknowledge_customs_message,
        ground.DESK,
        message=message,
        their_reference="CDS-1",
        acknowledged_at=ground.Clock.moment,
    )
    perform(actions.expire_lines, SYSTEM, on=date(2024, 12, 2))
    return licence


def test_the_tables_are_what_the_events_amount_to(small_folder: Path) -> None:
    ground.load_release(small_folder)
    loaded = Licence.objects.filter(lines__status="issued").order_by("pk")[0]
    suspend(loaded.public_id, *loaded.lines.filter(status="issued").values_list("number", flat=True), version=1)
    a_busy_licence()
    assert differences() == []


BEHIND = {
    "UPDATE register_line SET status = 'issued' WHERE number = 4": "the ledger and the tables differ in status",
    "UPDATE register_line SET used_quantity_milli = 1 WHERE number = 1": "differ in used_quantity",
    "UPDATE register_line SET review_by = '2024-12-24' WHERE number = 3": "differ in review_by",
    "UPDATE register_licence SET version = 99": "its version is not what the ledger makes it",
    "UPDATE register_lineversion SET status = 'issued' WHERE act = 'revoke'": "its history does not end",
    "UPDATE register_customsmessage SET acknowledged_at = sent_at": "the ledger and the tables differ",
    "UPDATE register_condition SET done_on = NULL": "the ledger and the tables differ",
    "UPDATE register_licence SET exporter = 'O-2'": ": is not what was recorded",
    "UPDATE register_licence SET reference = 'GBSIEL/2024/7/P'": ": is not what was recorded",
    "UPDATE register_licence SET valid_until = '2030-01-01'": ": is not what was recorded",
    "UPDATE register_terms SET description = 'pencils' WHERE destination = 'XC'": "terms 1 of line 2 of",
    "UPDATE register_terms SET value_limit_centi = 7 WHERE destination = 'XD'": "terms 1 of line 3 of",
    "UPDATE register_lineversion SET effective_on = '2024-11-30' WHERE act = 'suspend'": "step 3 of line 3 of",
    "UPDATE register_lineversion SET limb = 'uk-selc-2021/1' WHERE act = 'revoke'": "step 3 of line 4 of",
    "UPDATE register_draw SET happened_on = '2024-11-01'": "draw 1 of line 1 of",
    "UPDATE register_draw SET quantity_milli = 5": "draw 1 of line 1 of",
    "DELETE FROM register_draw": "is in the ledger and not in the tables",
    "UPDATE register_condition SET text = 'Nothing.'": "condition 1 of",
    "UPDATE register_condition SET due = '2030-01-01'": "condition 1 of",
    "UPDATE register_customsmessage SET due = '2030-01-01'": "the ledger and the tables differ",
    "UPDATE register_customsmessage SET lines = '[9]'": "the ledger and the tables differ",
    "UPDATE register_line SET destination = 'XE' WHERE number = 1": "is not that of its newest terms",
    "UPDATE register_line SET valid_until = NULL": "its end is not that of its licence",
}


def test_a_change_behind_the_back_is_found() -> None:
    a_busy_licence()
    for statement, found in BEHIND.items():
        with action_door(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            assert any(found in said for said in differences()), statement
            transaction.set_rollback(True)
    assert differences() == []


def test_terms_that_were_amended_are_compared_one_by_one() -> None:
    licence, day = issued(), date(2024, 11, 22)
    given: dict[str, Any] = {"licence": licence, "line": 1, "reasons": ground.REASONS, "effective_on": day}
    perform(actions.amend_line, ground.SENIOR, terms=terms(destination="XD"), expected_version=2, **given)
    assert differences() == []
    with action_door(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE register_terms SET end_user = 'police' WHERE effective_on = '2024-06-01'")
        assert differences() == [f"terms 1 of line 1 of {licence}: is not what was recorded"]
        cursor.execute("DELETE FROM register_terms WHERE effective_on = '2024-11-22'")
        assert f"terms 2 of line 1 of {licence}: is in the ledger and not in the tables" in differences()
        transaction.set_rollback(True)


def test_who_did_an_act_is_compared_with_what_was_sealed(casework: Casework) -> None:
    licence = issued()
    assert [f for f in fsck() if f.where.startswith("act of")] == []
    if casework.vendor != "sqlite":
        return
    meddle(casework.database, "UPDATE actions_act SET actor = 'P-desk' WHERE act = 'register.issue_licence'")
    number = Act.objects.get(act="register.issue_licence", about=licence).entry_id
    said = [f.what for f in fsck() if f.where == f"act of entry {number}"]
    assert said == ["the index of acts names another than the entry does"]


def test_an_erased_licence_is_no_difference_and_the_others_are_still_compared() -> None:
    erased, other = a_busy_licence(), issued("GBSIEL/2024/0000002/P", terms(), valid_until=date(2026, 12, 1))
    keys().destroy(erased)
    said = "1 licences: were not compared with their events, because private fields of them were erased"
    assert differences() == [said]
    assert [(d.where, d.is_wrong) for d in run_replays() if not d.is_wrong] == [("1 licences", False)]
    found = [f for f in fsck() if f.where.endswith("licences")]
    assert [(f.level, f.what) for f in found] == [(Level.ATTEND, said.partition(": ")[2])]
    with action_door(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE register_licence SET version = 99")
        assert differences() == [f"licence {other}: its version is not what the ledger makes it", said]
        transaction.set_rollback(True)


def test_a_changed_row_of_a_release_is_found(small_folder: Path) -> None:
    ground.load_release(small_folder)
    assert differences() == []
    with action_door(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE register_terms SET rating = 'ML1' WHERE id = (SELECT max(id) FROM register_terms)")
    assert [d for d in differences() if "its rows were changed" in d]
