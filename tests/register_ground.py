"""What tests of the register share: people in roles, an authority that lets them, a clock, and first licences."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from penholder.actions.action import perform
from penholder.actions.values import Actor, ActorKind, FieldClass
from penholder.analysis.releases.catalogue import read_catalogue
from penholder.people.authority import RoleTable
from penholder.register import actions
from penholder.register.values import DrawOrigin, LineTerms, Power, SurrenderReason, WithoutCase
from tests.settled import settled

TODAY = date(2024, 11, 22)


FIRST_DAY = date(2024, 11, 22)


class Clock:
    """A clock that the test moves."""

    moment = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 10, tzinfo=UTC)


def now() -> datetime:
    """The moment of the test."""
    return Clock.moment


def at(day: date, hour: int = 10) -> None:
    """Set the clock."""
    Clock.moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def later(**span: int) -> None:
    """Let time pass."""
    Clock.moment += timedelta(**span)


class RegisterAuthority:
    """Officials may everything in the register and read commercial and official fields; exporters surrender."""

    def role_for(self, actor: Actor, permission: str) -> str | None:
        if actor.kind is ActorKind.SYSTEM:
            return "system"
        if "official" in actor.roles and permission.startswith("register."):
            return "official"
        return "exporter" if "exporter" in actor.roles and permission == "register.surrender" else None

    def standing(self, actor: Actor, *, on: date) -> Actor | None:
        return actor

    def may_read(self, actor: Actor, field: FieldClass) -> bool:
        classes = {FieldClass.COMMERCIAL, FieldClass.OFFICIAL} if "official" in actor.roles else set()
        return field is FieldClass.PUBLIC or field in classes


class RolesAsGiven(RoleTable):
    """The real role table, for people who have no account."""

    def standing(self, actor: Actor, *, on: date) -> Actor | None:
        return actor


def official(name: str) -> Actor:
    """An official of the authority."""
    return Actor(f"P-{name}", ActorKind.PERSON, frozenset({"official"}))


def exporter(name: str, *organisations: str) -> Actor:
    """Somebody who acts for exporters."""
    return Actor(f"P-{name}", ActorKind.PERSON, frozenset({"exporter"}), frozenset(organisations))


DESK, MANAGER, SENIOR = official("desk"), official("manager"), official("senior")
OWNER = exporter("owner", "O-1")
STRANGER = exporter("stranger", "O-2")
_BY_TOKEN = {a.id: a for a in (DESK, MANAGER, SENIOR, OWNER, STRANGER)}


def load_release(folder: Path, release: str = "") -> Any:
    """The receipt of taking in a release (by default the first with lines) that somebody else has announced."""
    found = release or next(r.id for r in read_catalogue(folder).releases if "lines" in r.data_sets)
    said = perform(actions.announce_release, SENIOR, folder=str(folder), release=found).result
    return perform(actions.load_release, MANAGER, folder=str(folder), announced=said.announced)


def actor_of_token(text: str) -> Actor:
    """For the API: the token is the id of the person."""
    return _BY_TOKEN[text]


NO_CASE: dict[str, Any] = {
    "without_case": WithoutCase.PAPER,
    "without_case_words": "Granted on paper by the ministry; the file is in cabinet 3.",
}
"""What is said of a licence that comes from no case."""
REASONS = "Reports of 12 November on strikes in Velmora are being assessed."
TERMS = "Article 32: no goods may leave under these lines; a decision on the assessment would lift this."


def terms(**changes: Any) -> LineTerms:
    """The terms of a line: 100 items, no limit by value."""
    given: dict[str, Any] = {
        "rating": "ML10",
        "description": "components for combat aircraft",
        "destination": "XB",
        "end_user": "forces",
        "value": Decimal("50000.00"),
        "currency": "GBP",
        "quantity_limit": Decimal(100),
        "unit": "item",
    }
    return LineTerms(**given | changes)


def enter(reference: str = "GBSIEL/2024/0000001/P", *lines: LineTerms, **changes: Any) -> str:
    """Enter a licence as DESK; gives its public id."""
    given: dict[str, Any] = {
        "licence_type": "standard_permanent",
        "decided_on": date(2024, 6, 1),
        "valid_from": date(2024, 6, 1),
        "valid_until": date(2026, 6, 1),
        "exporter": "O-1",
        **NO_CASE,
    }
    given |= changes
    receipt = perform(actions.enter_licence, DESK, reference=reference, lines=lines or (terms(),), **given)
    return receipt.result.licence


@settled
def issued(reference: str = "GBSIEL/2024/0000001/P", *lines: LineTerms, **changes: Any) -> str:
    """Enter a licence as DESK and issue it as MANAGER on the day of the decision; gives its public id."""
    licence = enter(reference, *lines, **changes)
    day = changes.get("decided_on", date(2024, 6, 1))
    perform(actions.issue_licence, MANAGER, licence=licence, effective_on=day, expected_version=1)
    return licence


def suspend(licence: str, *lines: int, version: int = 2, by: Actor = MANAGER, **changes: Any) -> Any:
    """Suspend lines (1, if none is named) from today on."""
    given: dict[str, Any] = {
        "power": Power.STATUTE,
        "terms": TERMS,
        "reasons": REASONS,
        "review_by": Clock.moment.date() + timedelta(days=28),
        "effective_on": Clock.moment.date(),
    }
    given |= changes
    return perform(
        actions.suspend_lines, by, licence=licence, lines=lines or (1,), expected_version=version, **given
    )


def reinstate(licence: str, *lines: int, version: int = 3, by: Actor = SENIOR, **changes: Any) -> Any:
    """Reinstate lines from today on, as somebody else."""
    given: dict[str, Any] = {
        "reasons": "The assessment found no link to this unit.",
        "effective_on": Clock.moment.date(),
    } | changes
    return perform(
        actions.reinstate_lines, by, licence=licence, lines=lines or (1,), expected_version=version, **given
    )


def revoke(licence: str, *lines: int, version: int = 2, by: Actor = SENIOR, **changes: Any) -> Any:
    """Revoke lines from today on, under criterion 2(c)."""
    given: dict[str, Any] = {
        "limb": "uk-selc-2021/2c",
        "reasons": "A clear risk was found in the assessment of 20 November.",
        "effective_on": Clock.moment.date(),
    } | changes
    return perform(
        actions.revoke_lines, by, licence=licence, lines=lines or (1,), expected_version=version, **given
    )


def surrender(licence: str, *lines: int, version: int = 2, by: Actor = OWNER, **changes: Any) -> Any:
    """Give lines back."""
    given: dict[str, Any] = {
        "reason": SurrenderReason.ORDER_CANCELLED,
        "effective_on": Clock.moment.date(),
    } | changes
    return perform(
        actions.surrender_lines, by, licence=licence, lines=lines or (1,), expected_version=version, **given
    )


def draw(licence: str, message: str, quantity: str, *, line: int = 1, **changes: Any) -> Any:
    """Record a shipment of today, as customs report it."""
    given: dict[str, Any] = {
        "source": "customs-gateway",
        "happened_on": Clock.moment.date(),
        "origin": DrawOrigin.CUSTOMS,
    }
    given |= changes
    return perform(
        actions.record_draw, DESK, licence=licence, line=line, message=message, quantity=Decimal(quantity), **given
    )
