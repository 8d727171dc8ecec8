"""An installation with people in roles and an invented register, for tests of the pages."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from django.db import connection, connections
from django.test import Client

from penholder.actions.action import perform
from penholder.actions.values import SYSTEM, Actor
from penholder.entry.actor import WAYS_KEY
from penholder.people import actions as people
from penholder.people.models import User
from penholder.register import actions
from penholder.register.values import ConditionTiming, DrawOrigin, LineTerms, Power
from tests import people_ground, register_ground
from tests.casework import HOME, Casework, SettingsOfTest

TODAY = register_ground.TODAY
REASONS = "Reports of 12 November on strikes in Velmora are being assessed."
ROLES = {
    "reception-1": ("reception",),
    "manager-1": ("licensing_manager",),
    "manager-2": ("licensing_manager",),
    "decider-1": ("decider",),
    "auditor-1": ("auditor",),
    "customs-1": ("customs_liaison",),
    "exporter-1": ("exporter",),
    "exporter-2": ("exporter",),
    "newcomer-1": (),
}
GOODS = (
    ("ML10", "components for combat aircraft", "XB", "forces", "50000.00", "100", "item"),
    ("ML5;6A002", "targeting equipment and imaging cameras", "XC", "law_enforcement", "1250000.00", "12", "item"),
    ("ML4", "bombs, missiles and their components", "XB", "forces", "9200000.00", "400", "item"),
    ("ML13", "body armour", "XD", "not_stated", "8000.50", "250", "item"),
)


class Ground:
    """The people by name, and the licences by what they are for."""

    _shared: ClassVar[Ground | None] = None

    def __init__(self, folder: Path, *, empty: bool = True) -> None:
        self.settings = SettingsOfTest()
        self.casework = Casework(folder)
        if empty:
            self.casework.open()
        self.settings.set("PENHOLDER_CLOCK", "tests.register_ground.now")
        register_ground.at(TODAY)
        self.people: dict[str, str] = {}
        self.firms: dict[str, str] = {}
        self.licences: dict[str, str] = {}

    @classmethod
    def shared(cls) -> Ground:
        """People and a register, made once per process, for tests that only read."""
        if cls._shared is None:
            cls._shared = cls(HOME / "pages").make_people().make_register()
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cls._shared.use()
        return cls._shared

    @classmethod
    def copied(cls, folder: Path) -> Ground:
        """The same, for a test that changes them."""
        first = cls.shared()
        first.settings.restore()  # or the new one would put back the clock of the first
        connections.close_all()
        made = cls(folder, empty=False)
        shutil.copytree(first.casework.home, folder, dirs_exist_ok=True)
        made.people, made.firms, made.licences = first.people, first.firms, dict(first.licences)
        made.use()
        return made

    def use(self) -> None:
        """Point Django here again, where another installation was used in between."""
        self.settings.set("PENHOLDER_CLOCK", "tests.register_ground.now")
        register_ground.at(TODAY, 11)  # an hour after all that was recorded
        self.casework.use()

    def close(self) -> None:
        """Put all back."""
        self.casework.close()
        self.settings.restore()

    def make_people(self) -> Ground:
        """Everybody of ROLES, and two exporters with one person each."""
        register_ground.at(date(2024, 11, 1))  # roles count from the day of their grant
        by = people_ground.administrator()
        self.people["administrator-1"] = by.id
        for name, roles in ROLES.items():
            self.people[name] = people_ground.invited(name, *roles)
        for name, person in (("Ostvale Works", "exporter-1"), ("Tarsis Optics", "exporter-2")):
            firm = perform(people.create_organisation, by, name=name).result
            perform(people.add_member, by, organisation_id=firm, person_id=self.people[person])
            self.firms[person] = firm
        register_ground.at(TODAY)
        return self

    def actor(self, name: str) -> Actor:
        """Who they are on the day of the tests."""
        return people_ground.actor(self.people[name])

    def enter(self, reference: str, *goods: int, exporter: str = "exporter-1", **changes: Any) -> str:
        """A draft, entered by the reception."""
        given: dict[str, Any] = {
            "licence_type": "standard_permanent",
            "decided_on": date(2024, 6, 1),
            "valid_from": date(2024, 6, 1),
            "valid_until": date(2026, 6, 1),
            "exporter": self.firms[exporter],
            "lines": tuple(terms(n) for n in goods),
            **register_ground.NO_CASE,
        } | changes
        licence: str = perform(
            actions.enter_licence, self.actor("reception-1"), reference=reference, **given
        ).result.licence
        return licence

    def issue(self, reference: str, *goods: int, **given: Any) -> str:
        """A licence in force, issued by the first manager on the day of the decision."""
        licence = self.enter(reference, *goods, **given)
        day = given.get("decided_on", date(2024, 6, 1))
        perform(
            actions.issue_licence, self.actor("manager-1"), licence=licence, effective_on=day, expected_version=1
        )
        return licence

    def suspend(
        self, licence: str, *lines: int, review_by: date = TODAY + timedelta(days=28), **given: Any
    ) -> Any:
        """Suspend lines by the first manager."""
        what: dict[str, Any] = {
            "power": Power.STATUTE,
            "terms": register_ground.TERMS,
            "reasons": REASONS,
            "effective_on": TODAY,
            "expected_version": 2,
        } | given
        return perform(
            actions.suspend_lines,
            self.actor("manager-1"),
            licence=licence,
            lines=lines,
            review_by=review_by,
            **what,
        )

    def make_register(self) -> Ground:
        """A licence in each state that matters."""
        make = self.licences
        make["draft"] = self.enter("GBSIEL/2024/0000001/P", 0, 1)
        make["issued"] = self.issue("GBSIEL/2024/0000002/P", 0, 1, 2)
        make["suspended"] = self.issue("GBSIEL/2024/0000003/P", 2, 3)
        make["foreign"] = self.issue("GBSIEL/2024/0000004/P", 3, exporter="exporter-2")
        make["ended"] = self.issue(
            "GBSIEL/2022/0000005/P",
            1,
            decided_on=date(2022, 3, 1),
            valid_from=date(2022, 3, 1),
            valid_until=date(2024, 3, 1),
        )
        register_ground.at(date(2024, 11, 10))
        self.suspend(make["suspended"], 1, effective_on=date(2024, 11, 4), review_by=date(2024, 11, 20))
        register_ground.at(TODAY)
        perform(
            actions.record_draw,
            self.actor("customs-1"),
            licence=make["issued"],
            line=1,
            source="customs-gateway",
            message="m-1",
            happened_on=date(2024, 11, 1),
            origin=DrawOrigin.CUSTOMS,
            quantity=Decimal(40),
        )
        perform(
            actions.add_condition,
            self.actor("manager-1"),
            licence=make["issued"],
            text="Deliveries are reported within 30 days.",
            timing=ConditionTiming.AFTER,
            due=date(2024, 11, 1),
            expected_version=2,
        )
        perform(
            people.add_task,
            SYSTEM,
            text="Review the suspension of line 1",
            subject=make["suspended"],
            role="licensing_manager",
            due_on=date(2024, 11, 20),
        )
        return self

    def browser(self, name: str, *, ways: tuple[str, ...] = ("password", "mfa"), **given: Any) -> Client:
        """A browser in which they have signed in."""
        client = Client(SERVER_NAME="localhost", **given)
        client.force_login(User.objects.get(public_id=self.people[name]))
        session = client.session
        session[WAYS_KEY] = [{"method": way} for way in ways]
        session.save()
        return client


def terms(number: int) -> LineTerms:
    """The terms of one of GOODS."""
    rating, description, destination, end_user, value, quantity, unit = GOODS[number]
    return LineTerms(
        rating=rating,
        description=description,
        destination=destination,
        end_user=end_user,
        value=Decimal(value),
        currency="GBP",
        quantity_limit=Decimal(quantity),
        unit=unit,
    )
