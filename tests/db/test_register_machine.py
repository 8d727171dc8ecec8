"""Any sequence of acts: what the table allows is done, all else refused, and the events amount to the tables."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from penholder.actions.action import perform
from penholder.actions.errors import ConflictError
from penholder.actions.replay import run_replays
from penholder.actions.values import SYSTEM
from penholder.register import actions, queries
from penholder.register import replay as _replay  # noqa: F401 - declares the comparisons
from penholder.register.life_cycle import life_cycle
from penholder.register.models import Licence, Line, LineVersion
from penholder.register.values import LineAct, LineStatus
from tests import register_ground as ground
from tests.casework import Casework, SettingsOfTest

NUMBERS = strategies.integers(1, 3)


class Register(RuleBasedStateMachine):
    """One licence of three lines, and time that passes."""

    @initialize()
    def enter(self) -> None:
        self.settings = SettingsOfTest()
        self.settings.set("PENHOLDER_AUTHORITY", "tests.register_ground.RegisterAuthority")
        self.settings.set("PENHOLDER_CLOCK", "tests.register_ground.now")
        self.settings.set("PENHOLDER_REACTIONS", "inline")
        self.folder = tempfile.TemporaryDirectory()
        self.casework = Casework(Path(self.folder.name) / "home").open()
        ground.at(date(2024, 6, 1))
        self.messages = 0
        self.licence = ground.issued(
            "R-1", ground.terms(), ground.terms(), ground.terms(quantity_limit=None), valid_until=date(2024, 9, 1)
        )

    def version(self) -> int:
        return Licence.objects.get().version

    def status(self, number: int) -> LineStatus:
        found = queries.licence(viewer=ground.MANAGER, id=self.licence)
        return found.lines[number - 1].status

    def attempt(self, act: LineAct, number: int, do: Callable[[], Any]) -> None:
        """Do it; it succeeds where the table says so, and is a conflict elsewhere, with nothing written."""
        before = self.status(number)
        allowed = (act, before) in life_cycle().moves
        try:
            do()
        except ConflictError:
            assert not allowed
            assert self.status(number) == before
        else:
            assert allowed
            after = life_cycle().moves[act, before]
            assert self.status(number) in {after, life_cycle().moves.get((LineAct.EXHAUST, after), after)}

    @rule(number=NUMBERS)
    def suspend(self, number: int) -> None:
        self.attempt(LineAct.SUSPEND, number, lambda: ground.suspend(self.licence, number, version=self.version()))

    @rule(number=NUMBERS)
    def reinstate(self, number: int) -> None:
        self.attempt(
            LineAct.REINSTATE, number, lambda: ground.reinstate(self.licence, number, version=self.version())
        )

    @rule(number=NUMBERS)
    def revoke(self, number: int) -> None:
        self.attempt(LineAct.REVOKE, number, lambda: ground.revoke(self.licence, number, version=self.version()))

    @rule(number=NUMBERS)
    def surrender(self, number: int) -> None:
        self.attempt(
            LineAct.SURRENDER, number, lambda: ground.surrender(self.licence, number, version=self.version())
        )

    @rule(number=NUMBERS, quantity=strategies.integers(1, 120), late=strategies.integers(0, 40))
    def draw(self, number: int, quantity: int, late: int) -> None:
        """A shipment of some day: what is left, and the status on that day, decide."""
        self.messages += 1
        row = Line.objects.get(number=number)
        used = row.used_quantity_milli
        day = ground.Clock.moment.date() - timedelta(days=late)
        try:
            ground.draw(self.licence, f"m{self.messages}", str(quantity), line=number, happened_on=day)
        except ConflictError:
            assert Line.objects.get(number=number).used_quantity_milli == used
        else:
            assert Line.objects.get(number=number).used_quantity_milli == used + 1_000 * quantity

    @rule(number=NUMBERS, limit=strategies.integers(1, 200))
    def amend(self, number: int, limit: int) -> None:
        used = Decimal(Line.objects.get(number=number).used_quantity_milli) / 1_000
        terms = ground.terms(quantity_limit=max(used, Decimal(1)) + limit, description=f"parts, {self.version()}")
        given: dict[str, Any] = {
            "terms": terms,
            "reasons": "The buyer changed its order.",
            "effective_on": ground.Clock.moment.date(),
        }
        self.attempt(
            LineAct.AMEND,
            number,
            lambda: perform(
                actions.amend_line,
                ground.official(f"amender-{self.version()}"),  # wider terms take somebody else each time
                licence=self.licence,
                line=number,
                expected_version=self.version(),
                **given,
            ),
        )

    @rule(days=strategies.integers(1, 40))
    def time_passes(self, days: int) -> None:
        ground.later(days=days)

    @rule()
    def sweep(self) -> None:
        perform(actions.expire_lines, SYSTEM, on=ground.Clock.moment.date())

    @invariant()
    def the_events_amount_to_the_tables(self) -> None:
        assert [f"{d.where}: {d.what}" for d in run_replays() if "register" in d.where or "L-" in d.where] == []

    @invariant()
    def every_step_is_in_the_table(self) -> None:
        before: dict[int, str] = {}
        for step in LineVersion.objects.order_by("line_id", "version"):
            if step.act != LineAct.ENTER:
                move = (LineAct(step.act), LineStatus(before[step.line_id]))
                assert life_cycle().moves[move] == step.status
            before[step.line_id] = step.status

    def teardown(self) -> None:
        if hasattr(self, "casework"):
            self.casework.close()
            self.settings.restore()
            self.folder.cleanup()


def test_any_sequence_of_acts() -> None:
    run_state_machine_as_test(Register, settings=settings(max_examples=3, stateful_step_count=10))


@pytest.mark.slow
def test_many_long_sequences_of_acts() -> None:
    run_state_machine_as_test(Register, settings=settings(max_examples=40, stateful_step_count=30))
