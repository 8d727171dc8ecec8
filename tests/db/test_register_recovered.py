"""What a licence says of an act that came back from the published log without what it did."""

from __future__ import annotations

from pathlib import Path

from penholder.actions.action import perform
from penholder.custody.actions import settle_recovered
from penholder.custody.backup import backup
from penholder.custody.fsck import fsck
from penholder.custody.publish import publish
from penholder.custody.values import Level, Settlement
from penholder.register.answers import Happening
from penholder.register.models import Line
from penholder.register.timeline import timeline
from tests import register_ground as ground
from tests.casework import Casework, SettingsOfTest
from tests.db.test_backup import put_back
from tests.ledger_ground import found
from tests.register_ground import MANAGER, TODAY, issued, suspend


def suspension(licence: str) -> list[Happening]:
    return [h for h in timeline(viewer=MANAGER, licence=licence) if h.event == "register.LinesSuspended"]


def test_a_recovered_suspension_is_marked_until_it_is_settled(
    casework: Casework, settings_of_test: SettingsOfTest, tmp_path: Path
) -> None:
    ground.at(TODAY)
    settings_of_test.set("PENHOLDER_CLOCK", "tests.register_ground.now")
    settings_of_test.set("PENHOLDER_REACTIONS", "worker")
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.ledger_ground.EveryoneMay")
    found(casework)
    licence = issued()
    made = backup(tmp_path / "data")
    suspend(licence)
    (kept,) = suspension(licence)
    assert (kept.recovered, kept.lost) == ("", ())
    publish(tmp_path / "out")
    put_back(casework, made, recover_from=tmp_path / "out")
    assert Line.objects.get().status == "issued"
    (back,) = suspension(licence)
    assert (back.recovered, back.withheld, back.place) == ("open", (), kept.place)
    assert back.lost == ("terms", "reasons", "actor")
    assert back.fields == {n: v for n, v in kept.fields.items() if n not in back.lost}
    suspend(licence)
    perform(settle_recovered, MANAGER, place=back.place, how=Settlement.REDONE, why="Suspended again")
    assert [(h.recovered, bool(h.lost)) for h in suspension(licence)] == [("redone", True), ("", False)]
    assert [f for f in fsck() if f.level is not Level.ATTEND] == []
