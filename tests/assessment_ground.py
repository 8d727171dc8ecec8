"""What tests of assessments share: people in the real roles, a clock, evidence, and drafts that are whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from penholder.actions.action import perform
from penholder.actions.values import Actor, ActorKind
from penholder.assessment import actions
from penholder.assessment.values import (
    Area,
    Aspect,
    Cell,
    Concern,
    Conflict,
    Content,
    Finding,
    Kind,
    RiskView,
    UseRisk,
    UseView,
)
from tests import evidence_ground
from tests.register_ground import Clock, at, later, now
from tests.settled import noted, settled

__all__ = ["Clock", "at", "later", "now"]

TODAY = date(2024, 4, 8)
LIMB = "uk-selc-2021/2c"


def person(name: str, *roles: str) -> Actor:
    """Somebody in roles of the table."""
    return Actor(f"P-{name}", ActorKind.PERSON, frozenset(roles))


DRAFTER, SECOND = person("drafter", "penholder"), person("second", "penholder")
LEGAL = person("legal", "legal_adviser")
SIGNER = person("signer", "countersigner")
DECIDER = person("decider", "decider")
MANAGER = person("manager", "licensing_manager")
REVIEWER = person("reviewer", "nominated_officer")
ADMINISTRATOR = person("administrator", "administrator")
AUDITOR = person("auditor", "auditor")
EXPORTER = Actor("P-exporter", ActorKind.PERSON, frozenset({"exporter"}), frozenset({"O-1"}))


_reports: list[str] = []
PARTY = evidence_ground.PARTY


def make_evidence(called: str = "Monitors of Tarsis") -> None:
    """Five reports: four of January, recorded today; the fifth names another place and party."""
    _reports[:] = _entered(called)


@settled
def _entered(called: str) -> list[str]:
    source = evidence_ground.source(called)
    days = ("2024-01-03", "2024-01-10", "2024-01-17", "2024-01-24")
    received = Clock.moment.date()
    made = [evidence_ground.enter(source, happened=d, received_on=received) for d in days]
    last = evidence_ground.enter(source, happened="2024-01-25", received_on=received, place="XN", actors=())
    return [*made, last]


def evidence(number: int) -> str:
    """The id of a report of the tests, from 1."""
    return _reports[number - 1]


def cell(area: Area, aspect: Aspect, finding: Concern = Concern.SOME_CONCERN, *cited: str, **more: Any) -> Cell:
    """A cell with grounds."""
    given: dict[str, Any] = {"grounds": f"What is known of {aspect} in {area}: reports of March."} | more
    return Cell(area=area, aspect=aspect, finding=finding, evidence=cited, **given)


def risk(use_class: str, finding: Finding, *cited: str, **more: Any) -> UseRisk:
    """A finding with the views that go with it."""
    views = {
        Finding.CLEAR_RISK: (RiskView.CLEAR, UseView.MIGHT),
        Finding.NO_CLEAR_RISK: (RiskView.NOT_CLEAR, UseView.MIGHT),
        Finding.NOT_ENGAGED: (RiskView.NOT_CLEAR, UseView.WOULD_NOT),
        Finding.INSUFFICIENT_INFORMATION: (RiskView.CANNOT_SAY, UseView.CANNOT_SAY),
    }
    given: dict[str, Any] = {"grounds": "See the record on hostilities."} | more
    if finding is Finding.INSUFFICIENT_INFORMATION:
        given.setdefault("gaps", ("Which unit would receive them is not known.",))
    view, use = views[finding]
    return UseRisk(use_class=use_class, limb=LIMB, finding=finding, risk=view, use=use, evidence=cited, **given)


def content(cutoff: date = date(2024, 1, 28), **changes: Any) -> Content:
    """A whole draft: nine cells, four pieces of evidence, two use classes."""
    hostilities, relief = Area.CONDUCT_OF_HOSTILITIES, Area.HUMANITARIAN_RELIEF
    cells: dict[tuple[Area, Aspect], tuple[Concern, tuple[str, ...]]] = {
        (hostilities, Aspect.RECORD): (Concern.SERIOUS_CONCERN, (evidence(1), evidence(2))),
        (relief, Aspect.RECORD): (Concern.SERIOUS_CONCERN, (evidence(3),)),
        (Area.DETAINEES, Aspect.COMMITMENT): (Concern.INSUFFICIENT_INFORMATION, ()),
    }
    made = []
    for area in Area:
        for aspect in Aspect:
            finding, cited = cells.get((area, aspect), (Concern.SOME_CONCERN, ()))
            unknown = finding is Concern.INSUFFICIENT_INFORMATION
            gaps = ("Access to places of detention was not given.",) if unknown else ()
            made.append(cell(area, aspect, finding, *cited, gaps=gaps))
    given = Content(
        kind=Kind.BASELINE,
        cutoff=cutoff,
        conflict=Conflict.ACTIVE,
        cells=tuple(made),
        attitude=Concern.SERIOUS_CONCERN,
        attitude_grounds="Commitment is stated in public and not shown in the record.",
        risks=(
            risk("air_strike", Finding.CLEAR_RISK, evidence(1), evidence(4)),
            risk("detention", Finding.INSUFFICIENT_INFORMATION),
        ),
        gaps=("No report from the north since December.",),
    )
    return replace(given, **changes)


def without_evidence(given: Content, *ids: str) -> Content:
    """The same without some evidence."""
    return replace(
        given,
        cells=tuple(replace(c, evidence=tuple(e for e in c.evidence if e not in ids)) for c in given.cells),
        risks=tuple(replace(r, evidence=tuple(e for e in r.evidence if e not in ids)) for r in given.risks),
    )


class Draft:
    """One assessment, driven through its acts; `state` is what the next act must name."""

    @noted
    def __init__(self, destination: str = "XV", party: str = PARTY) -> None:
        receipt = perform(actions.start_assessment, DRAFTER, destination=destination, party=party)
        self.id: str = receipt.result.assessment
        self.state: int = receipt.result.version
        self.versions: list[str] = []
        self.last = receipt

    def do(self, act: Any, by: Actor, **given: Any) -> Any:
        """One act on it; gives the result."""
        self.last = perform(act, by, assessment=self.id, expected_version=self.state, **given)
        self.state = self.last.result.version
        return self.last.result

    @settled
    def save(self, given: Content | None = None, *, by: Actor = DRAFTER, **more: Any) -> str:
        """The next version; gives its id."""
        version: str = self.do(actions.save_version, by, content=given or content(), **more).about
        self.versions.append(version)
        return version

    @settled
    def submit(self) -> Draft:
        """From the drafter to the decider."""
        self.do(actions.send_version, DRAFTER)
        self.do(actions.finish_legal_check, LEGAL, note="The method is sound; two sources are of one origin.")
        self.do(actions.countersign_version, SIGNER)
        return self

    def ask(self, *, by: Actor = DECIDER, **more: Any) -> str:
        """Return it with a change request; gives its id."""
        given = {
            "requested_by": "Private office of the decider",
            "what": "Leave out the two strikes on the port.",
            "why": "They are disputed by the party.",
        } | more
        request: str = self.do(actions.request_change, by, **given).about
        return request

    @settled
    def accept(self, *, by: Actor = DECIDER, on: date | None = None) -> str:
        """Accept the newest version; gives its id."""
        accepted: str = self.do(actions.accept_version, by, accepted_on=on or Clock.moment.date()).about
        return accepted


@settled
def accepted(destination: str = "XV", given: Content | None = None, party: str = PARTY) -> Draft:
    """An assessment with one accepted version."""
    draft = Draft(destination, party)
    draft.save(given)
    draft.submit().accept()
    return draft
