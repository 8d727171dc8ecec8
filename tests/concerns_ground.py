"""What tests of the concerns share: a ladder of people with keys, a list of targets, and a concern of two
points.
"""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from django.db import connection

from penholder.actions.action import perform
from penholder.actions.values import NOBODY, SYSTEM, Actor, Receipt
from penholder.concerns import actions, filers, refusals, unlocked
from penholder.concerns.actions.upkeep import ListedTarget
from penholder.concerns.codes import Codes
from penholder.concerns.values import Disposition, Point, PointAnswer
from penholder.people.staff import exchange_key, reference_of
from penholder.vault.store import keys as key_store
from tests import people_ground
from tests.casework import HOME, Casework, SettingsOfTest

TODAY = date(2026, 1, 15)
DUE = date(2026, 4, 15)
EXCHANGE_KEY = "7c" * 32
PASSPHRASE = "four plain words of {}"  # noqa: S105 - of people who do not exist
LADDER = {
    "owner-1": "concern_owner",
    "owner-2": "concern_owner",
    "owner-3": "concern_owner",
    "nominated-1": "nominated_officer",
    "nominated-2": "nominated_officer",
    "nominated-3": "nominated_officer",
    "instance-1": "concern_instance",
    "instance-2": "concern_instance",
    "representative-1": "staff_representative",
    "representative-2": "staff_representative",
}
AV = "AV-0123456789abcdefghjkmnpqrs"
DE = "DE-0123456789abcdefghjkmnpqrs"
POINTS = (
    Point(
        claim="The section on strikes near the water works was taken out between versions 1 and 3.",
        criterion="uk-selc-2021/2c",
        evidence=("IN-17",),
    ),
    Point(claim="The finding says no clear risk, and cites reports that say the opposite of it."),
)
GROUNDS = (
    "We compared versions 1 and 3 line by line: the section was removed by request, and no reason was recorded.",
    "The three cited reports were read in full; two describe attacks on depots, none of them contradicts it.",
    "The minutes of 3 December name who asked for the change, and the reply of the desk of the next morning.",
    "Independent satellite pictures of the site show damage to the northern basin, which the version omits.",
)
NOTED = "Thank you, we have noted your concerns."


class Clock:
    """A clock that the test moves; it knows days alone."""

    day = TODAY


def now() -> datetime:
    """Midnight of the day of the test."""
    return datetime(Clock.day.year, Clock.day.month, Clock.day.day, tzinfo=UTC)


def at(day: date) -> None:
    """Set the clock."""
    Clock.day = day


def later(days: int) -> date:
    """Let days pass."""
    Clock.day += timedelta(days=days)
    return Clock.day


class Ground:
    """An installation of the site of concerns with a whole ladder."""

    _whole: ClassVar[dict[str, str]] = {}

    def __init__(self, casework: Casework, *, ladder: dict[str, str] | None = None) -> None:
        self.casework, self.settings = casework, SettingsOfTest()
        self.settings.set("PENHOLDER_CLOCK", "tests.concerns_ground.now")
        self.settings.set("PENHOLDER_SITE", "concerns")
        (casework.home / "secrets" / "exchange-key").write_text(EXCHANGE_KEY + "\n", encoding="ascii")
        at(TODAY)
        refusals._waiting.clear()  # of the process: what another installation has not counted is not of this one
        self.people: dict[str, str] = {}
        if ladder is None and casework.vendor == "sqlite":
            self._copy_ladder()
        else:
            self._make_ladder(LADDER if ladder is None else ladder)

    def _make_ladder(self, ladder: dict[str, str]) -> None:
        for name, role in ladder.items():
            self.people[name] = people_ground.invited(name, role)
            self.make_key(name)

    def _copy_ladder(self) -> None:
        """The whole ladder is made once per process, and copied."""
        if not Ground._whole:
            first = Casework(HOME / "concerns-ladder").open()
            made = Ground(first, ladder=LADDER)
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            Ground._whole.update(made.people)
            first.close()
        key_store().close()
        for name in ("casework.sqlite3", "keys.sqlite3"):
            shutil.copyfile(HOME / "concerns-ladder" / name, self.casework.home / name)
        self.casework.use()
        self.people.update(Ground._whole)

    def close(self) -> None:
        """Put the settings back."""
        self.settings.restore()

    def actor(self, name: str) -> Actor:
        """Who they are on the day of the test."""
        return people_ground.actor(self.people[name])

    def unlocked(self, name: str) -> Any:
        """What is done inside may use the key of this person."""
        return unlocked.using(unlocked.Source(passphrase=lambda: PASSPHRASE.format(name)))

    def make_key(self, name: str) -> None:
        """The key of a person."""
        with self.unlocked(name):
            perform(actions.make_officer_key, self.actor(name))

    def do(self, name: str, act: Any, **given: Any) -> Receipt[Any]:
        """An act of an officer, with their key."""
        with self.unlocked(name):
            return perform(act, self.actor(name), **given)

    def list_targets(self, *, of_av: tuple[str, ...] = (), of_de: tuple[str, ...] = ()) -> None:
        """The authority's list: one assessment and one decision, and who took part in each."""
        rows = (
            ListedTarget(
                id=AV, kind="assessment", title="Assessment of Velmora, version 3", people=refs(*of_av), open=True
            ),
            ListedTarget(id=DE, kind="decision", title="Decision on case 17", people=refs(*of_de), open=True),
        )
        perform(actions.import_targets, SYSTEM, made_on=Clock.day, targets=rows)

    def raise_one(self, **changes: Any) -> tuple[str, Codes]:
        """A concern of two points; gives its id and its codes."""
        given: dict[str, Any] = {"points": POINTS, "matter": "evidence_left_out"} | changes
        receipt = perform(actions.raise_concern, NOBODY, **given)
        return receipt.result.id, Codes(receipt.details["locator"], receipt.details["secret"])

    def of_filer(self, act: Any, codes: Codes, **given: Any) -> Receipt[Any]:
        """An act of the filer."""
        with filers.using(codes):
            return perform(act, NOBODY, locator=codes.locator, secret=codes.secret, **given)

    def bring(self, concern: str) -> Receipt[Any]:
        """Somebody joins: one representative asks, another lets them in."""
        self.do("representative-2", actions.ask_to_bring, concern=concern)
        return self.do("representative-1", actions.bring_into_concern, concern=concern)

    def answer(self, concern: str, by: str, signer: str, *given: PointAnswer) -> None:
        """An answer of a level, written and signed."""
        version = version_of(concern)
        made = self.do(by, actions.propose_answer, concern=concern, answers=given, expected_version=version)
        self.do(
            signer, actions.sign_answer, concern=concern, answer=made.result.answer, expected_version=version + 1
        )


def refs(*names: str) -> tuple[str, ...]:
    """References of staff by the names of their addresses."""
    return tuple(reference_of(f"{n}@ardenia.invalid", key=exchange_key()) for n in names)


def version_of(concern: str) -> int:
    """The state of a concern."""
    from penholder.concerns.models import Concern

    return Concern.objects.get(public_id=concern).version


def upheld(point: int, *, grounds: str = "", due: date = date(2026, 6, 1)) -> PointAnswer:
    """A point that is upheld, with an action."""
    return PointAnswer(
        point=point, disposition=Disposition.UPHELD, grounds=grounds or GROUNDS[0], records=("AV-1", "AV-3"),
        action="Reissue the assessment with the section that was removed.", action_owner="Desk for the region",
        action_due=due,
    )  # fmt: skip


def rejected(point: int, *, grounds: str = "") -> PointAnswer:
    """A point that is not upheld."""
    return PointAnswer(
        point=point, disposition=Disposition.NOT_UPHELD, grounds=grounds or GROUNDS[1], records=("SR-4",),
        no_action_because="There is nothing to mend where the finding follows from its sources.",
    )  # fmt: skip
