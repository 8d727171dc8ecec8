"""Pages of a case of which the route changed after departments advised."""

from __future__ import annotations

import pytest

from penholder.casework import actions as casework
from penholder.casework.parts import Leg
from penholder.casework.values import RouteAct
from tests.case_ground import LIMB, route
from tests.web.pages_ground import Ground
from tests.web.test_decision_pages import ground, send, sent, story
from tests.web.test_register_pages import day, page, rows, words

__all__ = ["ground"]
pytestmark = pytest.mark.slow  # pages and long runs: `make check`

WHY = "Foreign affairs looked at the same harbour in March."


def test_why_an_older_advice_holds_is_asked_by_the_form_and_stands_on_the_page_of_the_decision(
    ground: Ground,
) -> None:
    harbour = Leg(place="XM", act=RouteAct.RE_EXPORT)
    made = story(ground).advised().changed(casework.set_route, route=(harbour, *route()))
    address = f"/cases/{made.id}/propose"
    said = words(page(ground, "manager-1", address))
    assert "Foreign affairs, version 1 of its advice; route changed since" in said
    typed = {
        "outcome": "grant",
        "summary": "Small.",
        "row_0_finding": "no_clear_risk",
        "row_0_follows": [made.foreign],
    }
    typed |= day("valid_until", 2026, 11, 22)
    answer = send(ground, "manager-1", address, **typed)
    assert answer.status_code == 422
    assert "route changed since foreign affairs and defence advised: let" in words(answer.content.decode())
    sent(ground, "manager-1", address, **typed, row_0_despite_change=WHY)
    decision = f"/cases/{made.id}/decision"
    taken = [r[3] for r in rows(page(ground, "decider-1", decision), "Limbs that were answered")]
    assert taken == [f"○ No clear risk Although the application changed since the advice: {WHY}"]
    made.sign()
    made.decide()
    title = "Although the application changed since the advice"
    limb = f"Serious violation of international humanitarian law ({LIMB})"
    assert f"{title} {limb}: {WHY}" in words(page(ground, "decider-1", decision))
    assert WHY not in words(page(ground, "exporter-1", decision))
