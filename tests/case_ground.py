"""What tests of casework share: people in the real roles, teams, lists, and an application that is whole."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from penholder.actions.action import perform
from penholder.actions.values import Actor, ActorKind, Receipt
from penholder.assessment.values import Finding, RiskView, UseView
from penholder.casework import actions
from penholder.casework.files import send_list, send_undertaking
from penholder.casework.models import Case, PartyList
from penholder.casework.parts import Application, EndUse, GoodsLine, Leg, LimbFinding, Party, Rating, Undertaking
from penholder.casework.queries import case as case_view
from penholder.casework.values import (
    Incorporated,
    ListKind,
    MatchVerdict,
    PartyRole,
    Recommendation,
    RouteAct,
)
from penholder.people import actions as people
from tests import people_ground
from tests.register_ground import Clock, at, later, now
from tests.settled import noted, settled

__all__ = ["Clock", "at", "later", "now"]

START = date(2024, 4, 8)
"""A Monday."""
LIMB = "uk-selc-2021/2c"
FIRM, OTHER_FIRM = "O-orrin", "O-other"


def person(name: str, *roles: str) -> Actor:
    """Somebody in roles of the table."""
    return Actor(f"P-{name}", ActorKind.PERSON, frozenset(roles))


EXPORTER = Actor("P-exporter", ActorKind.PERSON, frozenset({"exporter"}), frozenset({FIRM}))
STRANGER = Actor("P-stranger", ActorKind.PERSON, frozenset({"exporter"}), frozenset({OTHER_FIRM}))
RECEPTION = person("reception", "reception")
ASSESSOR = person("assessor", "technical_assessor")
MANAGER = person("manager", "licensing_manager")
COMPLIANCE = person("compliance", "compliance_officer")
DECIDER = person("decider", "decider")
REVIEWER = person("reviewer", "nominated_officer")
AUDITOR = person("auditor", "auditor")
CUSTOMS = person("customs", "customs_liaison")
ADMINISTRATOR = person("administrator", "administrator")

TEAMS = {"foreign_affairs": "Foreign affairs", "defence": "Defence"}
HEADER = "key,name,other_names,place,kind"
DENIALS = f"""\
{HEADER}
D1,Tarn Air Works,Tarn Aviation;TAW,XV,organisation
D2,Northern Optics GmbH,,XN,organisation
D3,,,,organisation
D4,Somebody,,XV,person
D1,Twice,,,organisation
"""


class Desks:
    """The people of the departments: accounts, since teams are made of accounts."""

    def __init__(self) -> None:
        self.people: dict[str, Actor] = {}
        for department, team in TEAMS.items():
            actor = people_ground.officer(f"{department}-1", "adviser")
            made = perform(people.create_team, people_ground.administrator(), name=team).result
            perform(people.join_team, people_ground.administrator(), team_id=made, person_id=actor.id)
            self.people[department] = actor

    def __getitem__(self, department: str) -> Actor:
        return self.people[department]


def paper(text: bytes = b"We undertake not to re-export without consent.\n") -> str:
    """An undertaking that was sent; gives its handle."""
    return str(send_undertaking(io.BytesIO(text), name="undertaking.txt"))


def undertaking(**changes: Any) -> Undertaking:
    """A signed undertaking."""
    given: dict[str, Any] = {
        "file": changes.get("file") or paper(),
        "signed_on": date(2024, 3, 1),
        "signatory_position": "Head of procurement",
        "no_re_export_without_consent": True,
        "final_use_stated": True,
    }
    return Undertaking(**given | changes)


def line(**changes: Any) -> GoodsLine:
    """A goods line that is whole."""
    given: dict[str, Any] = {
        "description": "Pump parts for patrol aircraft",
        "quantity": Decimal(12),
        "unit": "item",
        "value": Decimal("48000.00"),
        "currency": "GBP",
        "stated_ratings": ("ML10",),
        "incorporated": Incorporated.YES,
        "programmes": (),
    }
    return GoodsLine(**given | changes)


def goods() -> tuple[GoodsLine, ...]:
    """Two lines: one becomes part of another product, one does not."""
    return (
        line(),
        line(
            description="Test sets for pumps",
            quantity=Decimal(2),
            value=Decimal("9000.00"),
            stated_ratings=("ML14",),
            incorporated=Incorporated.NO,
        ),
    )


def parties() -> tuple[Party, ...]:
    """Whoever builds the goods in, in Norland, and whoever flies them in the end, in Velmora."""
    return (
        Party(
            role=PartyRole.END_USER,
            name="Norland Aircraft Yard",
            place="XN",
            end_user_class="commercial",
            undertaking=undertaking(),
        ),
        Party(
            role=PartyRole.ULTIMATE_END_USER,
            name="Air force of Velmora",
            place="XV",
            state="XV",
            end_user_class="forces",
        ),
        Party(role=PartyRole.CONSIGNEE, name="Tarn Air Works Ltd", place="XN"),
    )


def route() -> tuple[Leg, ...]:
    """To Norland, where the pumps are built in; then on to Velmora."""
    return (
        Leg(place="XN", act=RouteAct.INCORPORATE, party="Norland Aircraft Yard"),
        Leg(place="XV", act=RouteAct.DELIVER, party="Air force of Velmora"),
    )


END_USE: dict[str, Any] = {
    "intended": "Maintenance of eight patrol aircraft of the coast guard.",
    "military": True,
    "told_of_wmd": False,
    "suspects_wmd": False,
    "security_approvals": (),
    "harm_of_disclosure": "",
}


def whole(**changes: Any) -> Application:
    """An application that is whole, without an installation: its undertaking was never sent."""
    paper_ = Undertaking(
        file=f"UN-{'a' * 26}.{'0' * 64}", signed_on=date(2024, 3, 1), signatory_position="Head of procurement"
    )
    named = (
        Party(role=PartyRole.END_USER, name="Yard", place="XN", end_user_class="commercial", undertaking=paper_),
        Party(role=PartyRole.ULTIMATE_END_USER, name="Force", place="XV", state="XV", end_user_class="forces"),
        Party(role=PartyRole.CONSIGNEE, name="Forwarder", place="XN"),
    )
    given = Application(
        licence_type="standard_permanent",
        title="Pump parts",
        goods=goods(),
        parties=named,
        route=(
            Leg(place="XN", act=RouteAct.INCORPORATE, party="Yard"),
            Leg(place="XV", act=RouteAct.DELIVER, party="Force"),
        ),
        end_use=EndUse(**END_USE),
        declared=True,
    )
    return replace(given, **changes)


def finding(result: Finding = Finding.NO_CLEAR_RISK, rule: str = LIMB, **changes: Any) -> LimbFinding:
    """A finding with the views that go with it."""
    views = {
        Finding.CLEAR_RISK: (RiskView.CLEAR, UseView.MIGHT),
        Finding.NO_CLEAR_RISK: (RiskView.NOT_CLEAR, UseView.MIGHT),
        Finding.NOT_ENGAGED: (RiskView.NOT_CLEAR, UseView.WOULD_NOT),
        Finding.INSUFFICIENT_INFORMATION: (RiskView.CANNOT_SAY, UseView.CANNOT_SAY),
    }
    risk, use = views[result]
    given: dict[str, Any] = {"grounds": "Reports of January on strikes by patrol aircraft.", "cutoff": START}
    if result is Finding.INSUFFICIENT_INFORMATION:
        given["gaps"] = ("Which squadron would fly them is not known.",)
    return LimbFinding(rule=rule, finding=result, risk=risk, use=use, **given | changes)


def load_list(text: str = DENIALS, *, by: Actor = MANAGER, **changes: Any) -> Receipt[Any]:
    """A list of denials; gives the receipt."""
    handle = str(send_list(io.BytesIO(text.encode()), name="denials.csv"))
    given: dict[str, Any] = {
        "name": "Denials of partner states",
        "kind": ListKind.DENIAL,
        "source": "Notices of partners, March 2024",
        "as_of": date(2024, 4, 1),
    }
    return perform(actions.load_list, by, file=handle, **given | changes)


class Story:
    """One case, driven through its acts by the right people; `desks` are made on first use."""

    @noted
    def __init__(
        self,
        title: str = "Pump parts",
        licence_type: str = "standard_permanent",
        *,
        exporter: Actor = EXPORTER,
    ) -> None:
        self.exporter = exporter
        firm = min(exporter.organisations)
        receipt = perform(
            actions.start_application, exporter, licence_type=licence_type, title=title, organisation=firm
        )
        self.id: str = receipt.result.case
        self.desks: Desks | None = None
        self.last: Receipt[Any] = receipt

    @property
    def drafted(self) -> int:
        """Version of the application."""
        return case_view(viewer=self.exporter, id=self.id).application_version

    @property
    def version(self) -> int:
        """Version of the case."""
        return Case.objects.get(public_id=self.id).version

    def seen(self, viewer: Actor = MANAGER, **more: Any) -> Any:
        """The case as somebody sees it."""
        return case_view(viewer=viewer, id=self.id, **more)

    def export(self, act: Any, by: Actor | None = None, **given: Any) -> Any:
        """An act of the exporter at the newest version of the application; gives its result."""
        self.last = perform(act, by or self.exporter, case=self.id, **{"expected_version": self.drafted, **given})
        return self.last.result

    def do(self, act: Any, by: Actor, **given: Any) -> Any:
        """An act of an official at the newest version of the case; gives its result."""
        self.last = perform(act, by, case=self.id, **{"expected_version": self.version, **given})
        return self.last.result

    def fill(self) -> Story:
        """Every answer, without the declaration."""
        self.export(actions.set_goods, goods=goods())
        self.export(actions.set_parties, parties=parties())
        self.export(actions.set_route, route=route())
        self.export(actions.state_end_use, **END_USE)
        return self

    @settled
    def submit(self) -> Story:
        """Filled, declared and submitted."""
        if not self.seen(self.exporter).application.goods:
            self.fill()
        self.export(actions.declare_application)
        self.export(actions.submit_application)
        return self

    @settled
    def accept(self) -> Story:
        """Submitted, and taken in."""
        self.submit()
        self.do(actions.accept_case, RECEPTION)
        return self

    def rate(self) -> Story:
        """Both lines as stated."""
        ratings = (
            Rating(line=1, ratings=("ML10",), summary="Components for military aircraft"),
            Rating(line=2, ratings=("ML14",), summary="Test equipment for components of military aircraft"),
        )
        self.do(actions.rate_goods, ASSESSOR, ratings=ratings)
        return self

    @settled
    def screen(self) -> Story:
        """Against a list that has a name like that of the consignee; judged to be another."""
        if not PartyList.objects.exists():
            load_list()
        self.do(actions.screen_parties, MANAGER)
        for match in self.seen().inside.screening.matches:
            if match.verdict is None:
                self.judge(match.id)
        return self

    def judge(self, match: str, verdict: MatchVerdict = MatchVerdict.OTHER, **more: Any) -> Any:
        """What a person says of a match."""
        given = {"reasons": "Registered in Norland under another number; seen in the register of firms."} | more
        return self.do(actions.judge_match, MANAGER, match=match, verdict=verdict, **given)

    @settled
    def circulate(self, *departments: str) -> Story:
        """With both departments, from the very beginning."""
        self.accept().rate().screen()
        self.desks = self.desks or Desks()
        self.do(
            actions.circulate_case,
            MANAGER,
            departments=departments or tuple(TEAMS),
            due_on=Clock.moment.date() + timedelta(days=24),
        )
        return self

    def advise(self, department: str, *findings: LimbFinding, by: Actor | None = None, **more: Any) -> str:
        """Advice of a department; gives its id."""
        assert self.desks is not None
        given: dict[str, Any] = {
            "recommendation": Recommendation.APPROVE,
            "summary": "The goods serve maintenance; what could be misused is small.",
            "findings": findings or (finding(),),
        }
        by = by or self.desks[department]
        added: str = self.do(actions.record_advice, by, department=department, **given | more).added
        return added
