"""What happened to restrictions. Public fields are published with the ledger: ids, codes, days, scopes.

A scope is a condition on codes and holds no free text. Texts (legal basis, reasons, advice, conditions) are
official; where an exemption was announced is public, as the announcement itself.
"""

from __future__ import annotations

from datetime import date

from penholder.actions.events import Event
from penholder.actions.values import Visibility


class MoratoriumSet(
    Event,
    visibility=Visibility.PUBLIC,
    about="moratorium",
    public=("moratorium", "limb", "scope", "destinations", "valid_from", "valid_until", "review_by", "cause"),
    official=("legal_basis", "reasons"),
):
    """Nothing that matches may be granted, amended or reinstated any more. scope "": every line."""

    moratorium: str
    limb: str
    scope: str
    destinations: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    review_by: date
    cause: str
    legal_basis: str
    reasons: str


class MoratoriumDestinationsChanged(
    Event,
    visibility=Visibility.PUBLIC,
    about="moratorium",
    public=("moratorium", "added", "removed", "effective_on", "matching", "not_known", "let_through"),
    official=("reasons", "gates", "gate_reasons"),
):
    """The set of destinations changed from a day on, and what was granted since the beginning was looked at again.

    matching: subjects (licence:line) that match now and did not before. not_known: of which it is not known.
    let_through: of both, those that an exemption lets through. gates: questions that were open about it.
    """

    moratorium: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    effective_on: date
    matching: tuple[str, ...]
    not_known: tuple[str, ...]
    let_through: tuple[str, ...]
    reasons: str
    gates: tuple[str, ...] = ()
    gate_reasons: str = ""


class MoratoriumLifted(
    Event,
    visibility=Visibility.PUBLIC,
    about="moratorium",
    public=("moratorium", "lifted_on"),
    official=("reasons", "gates", "gate_reasons"),
):
    """A moratorium holds no longer. gates: questions that were open about it."""

    moratorium: str
    lifted_on: date
    reasons: str
    gates: tuple[str, ...] = ()
    gate_reasons: str = ""


class ExemptionProposed(
    Event,
    visibility=Visibility.OFFICIAL,
    about="exemption",
    official=(
        "exemption", "limb", "scope", "legal_basis", "reasons", "advice_for", "advice_against", "conditions",
        "review_by", "cause", "proposed_on",
    ),
):  # fmt: skip
    """Somebody proposed an exemption; it lets nothing through before somebody else announces it."""

    exemption: str
    limb: str
    scope: str
    legal_basis: str
    reasons: str
    advice_for: str
    advice_against: str
    conditions: str
    review_by: date
    cause: str
    proposed_on: date


class ExemptionAnnounced(
    Event,
    visibility=Visibility.PUBLIC,
    about="exemption",
    public=("exemption", "limb", "scope", "announced_on", "announced_where", "review_by", "cause"),
    official=("gates", "gate_reasons"),
):
    """An exemption ("specific measure") is in force from the day on which it was announced.

    gates: questions that were open about it.
    """

    exemption: str
    limb: str
    scope: str
    announced_on: date
    announced_where: str
    review_by: date
    cause: str
    gates: tuple[str, ...] = ()
    gate_reasons: str = ""


class ExemptionEnded(
    Event,
    visibility=Visibility.PUBLIC,
    about="exemption",
    public=("exemption", "ended_on"),
    official=("reasons",),
):
    """An exemption, or the proposal of one, came to its end."""

    exemption: str
    ended_on: date
    reasons: str


class HoldPlaced(
    Event,
    visibility=Visibility.PUBLIC,
    about="hold",
    public=("hold", "destination", "placed_on", "review_by", "cause"),
    official=("reasons",),
):
    """Work on pending cases of a destination stands still."""

    hold: str
    destination: str
    placed_on: date
    review_by: date
    cause: str
    reasons: str


class HoldLifted(
    Event,
    visibility=Visibility.PUBLIC,
    about="hold",
    public=("hold", "destination", "lifted_on"),
    official=("reasons",),
):
    """Work on pending cases goes on."""

    hold: str
    destination: str
    lifted_on: date
    reasons: str


class GatesImported(Event, visibility=Visibility.OFFICIAL, official=("made_on", "opened", "closed", "open")):
    """The list of questions that are open at the site of concerns was taken in."""

    made_on: date
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    open: int
