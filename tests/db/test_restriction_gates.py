"""Open questions of the site of concerns: taken in whole, closed when they are left out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from penholder.actions.action import perform
from penholder.actions.errors import ConflictError, InvalidError
from penholder.actions.replay import run_replays
from penholder.actions.values import SYSTEM
from penholder.restrictions.actions import import_gates
from penholder.restrictions.gates import open_gates
from tests.casework import Casework

TODAY = date(2026, 1, 15)
ONE, OTHER = "GT-" + "1" * 26, "GT-" + "2" * 26


def gate(id_: str = ONE, target: str = "AV-1", **changes: Any) -> dict[str, Any]:
    said = {"question": "Is every fact taken into account?", "since": TODAY, "level": "Nominated officer"}
    return {"id": id_, "target": target, **said, **changes}


def given(*gates: dict[str, Any], on: date = TODAY) -> int:
    return perform(import_gates, SYSTEM, made_on=on, gates=gates).result


def test_what_is_open_is_known_by_what_it_is_about(casework: Casework) -> None:
    assert given(gate(), gate(OTHER, "AV-2")) == 2
    (found,) = open_gates(["AV-1", "AP-9"])
    assert (found.id, found.target, found.since, found.level) == (ONE, "AV-1", TODAY, "Nominated officer")
    assert open_gates([]) == ()


def test_what_a_list_leaves_out_is_closed_and_can_open_again(casework: Casework) -> None:
    given(gate(), gate(OTHER))
    given(gate(OTHER, level="Committee on arms exports"), on=TODAY + timedelta(days=1))
    assert [(g.id, g.level) for g in open_gates(["AV-1"])] == [(OTHER, "Committee on arms exports")]
    given(gate(), on=TODAY + timedelta(days=2))
    assert [g.id for g in open_gates(["AV-1"])] == [ONE]
    assert list(run_replays()) == []


def test_an_older_list_is_refused_and_so_is_one_that_says_more(casework: Casework) -> None:
    given(gate())
    with pytest.raises(ConflictError):
        given(on=TODAY - timedelta(days=1))
    with pytest.raises(InvalidError):
        given(gate(raised_by="officer-1"))
