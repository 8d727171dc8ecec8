"""The cases that ship beside the rules: on each day, exactly the limbs that the case names."""

from __future__ import annotations

import pytest

from penholder.regime.cases import Case, cases, disagreements
from penholder.regime.regimes import regime


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.regime}:{case.id}")
def test_rules_agree_with_the_case(case: Case) -> None:
    assert disagreements(case, regime(case.regime)) == ()
