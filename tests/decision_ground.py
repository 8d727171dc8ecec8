"""What tests of decisions share: a case that is advised on, proposed, signed, decided, told and appealed."""

from __future__ import annotations

from datetime import date
from typing import Any

from penholder.actions.action import perform
from penholder.actions.values import Actor
from penholder.assessment.values import Finding
from penholder.casework import actions
from penholder.casework.decision_parts import Consolidated
from penholder.casework.parts import LimbFinding
from penholder.casework.values import CaseStatus, Outcome, Recommendation, Signature
from penholder.restrictions import actions as restrictions
from tests import assessment_ground, people_ground
from tests.case_ground import (
    DECIDER,
    LIMB,
    MANAGER,
    START,
    Clock,
    Story,
    at,
    finding,
    later,
    now,
    person,
)
from tests.settled import settled

__all__ = ["Clock", "Decision", "at", "exempt", "later", "now"]

SIGNER, SECOND_SIGNER = person("signer", "countersigner"), person("second-signer", "countersigner")
OTHER_MANAGER = person("other-manager", "licensing_manager")
UNTIL = date(2026, 4, 8)
DIVERSION = "uk-selc-2021/7"
UNKNOWN = "The other limbs were looked at in January and nothing had changed since."
AGAINST = "The yard in Norland takes the parts; the air force never holds them."


def officer(name: str, role: str) -> Actor:
    """Somebody with an account, so that an appeal can be given to them."""
    return people_ground.officer(name, role)


class Decision(Story):
    """A case on its way to a decision. Foreign affairs leads on 2c."""

    foreign: str
    defence: str

    @settled
    def advised(
        self,
        foreign: Finding = Finding.NO_CLEAR_RISK,
        defence: Finding = Finding.NO_CLEAR_RISK,
        *more: LimbFinding,
    ) -> Decision:
        """Both departments have advised on 2c; `more`: what defence found besides."""
        self.circulate()
        self.foreign = self._advise("foreign_affairs", finding(foreign))
        self.defence = self._advise("defence", finding(defence), *more)
        return self

    def _advise(self, department: str, *found: LimbFinding) -> str:
        grave = any(f.finding is Finding.CLEAR_RISK for f in found)
        said = Recommendation.REFUSE if grave else Recommendation.APPROVE
        return self.advise(department, *found, recommendation=said)

    def takes(self, advice: str, result: Finding, rule: str = LIMB, **more: Any) -> Consolidated:
        """A finding as it is taken over."""
        return Consolidated(rule=rule, finding=result, follows=(advice,), **more)

    def proposal(self, outcome: Outcome, *findings: Consolidated, **more: Any) -> dict[str, Any]:
        """What an act that proposes is given; no finding: that of foreign affairs on 2c."""
        found = findings or (self.takes(self.foreign, self.found(self.foreign)),)
        given: dict[str, Any] = {
            "outcome": outcome,
            "summary": "The goods serve maintenance of patrol aircraft of the coast guard.",
            "findings": found,
        }
        if outcome is Outcome.GRANT:
            given["valid_until"] = UNTIL
        else:
            given["refusal_limbs"] = (LIMB,)
        return given | more

    def found(self, advice: str, rule: str = LIMB) -> Finding:
        """What an advice finds under a limb."""
        rows = self.seen().inside.departments
        versions = (v for d in rows for v in d.versions if v.id == advice)
        result: Finding = next(f.finding for f in next(versions).advice.findings if f.rule == rule)
        return result

    def propose(
        self, outcome: Outcome = Outcome.GRANT, *findings: Consolidated, by: Actor = MANAGER, **more: Any
    ) -> str:
        """Propose; gives the id of the proposal."""
        added: str = self.do(actions.propose_outcome, by, **self.proposal(outcome, *findings, **more)).added
        return added

    def sign(self, signature: Signature = Signature.ACCEPT, *, by: Actor | None = None, **more: Any) -> None:
        """Countersign: one person, or (nobody named) as many as it needs."""
        given = {"reasons": "The grounds of both departments were read; what is followed is said."} | more
        for signer in (by,) if by else (SIGNER, SECOND_SIGNER):
            self.do(actions.countersign_proposal, signer, signature=signature, **given)
            if self.seen().status is not CaseStatus.COUNTERSIGN:
                break

    def decide(self, outcome: Outcome = Outcome.GRANT, *, by: Actor = DECIDER, **more: Any) -> str:
        """Decide; gives the id of the decision."""
        given: dict[str, Any] = {"reasons": "The need is shown and the risk was looked at limb by limb."}
        if outcome is Outcome.GRANT:
            given["unknown_reasons"] = UNKNOWN
        added: str = self.do(actions.decide_case, by, outcome=outcome, **given | more).added
        return added

    def tell(self, *, by: Actor = MANAGER, **more: Any) -> str:
        """Issue the notice; gives its id."""
        given = {"reasons": "The parts could be used in strikes of which reports of January tell."} | more
        added: str = self.do(actions.issue_notice, by, **given).added
        return added

    def changed(self, act: Any, **given: Any) -> Decision:
        """The exporter is asked, changes the application, declares it again and answers; parties are screened."""
        later(days=1)
        self.do(actions.ask_exporter, MANAGER, text="By which way do they go?")
        self.export(act, **given)
        self.export(actions.declare_application)
        question = self.seen(self.exporter).questions[-1].id
        perform(actions.answer_question, self.exporter, case=self.id, question=question, text="As it says now.")
        self.do(actions.screen_parties, MANAGER)
        return self

    @settled
    def granted(self) -> Decision:
        """Advised, proposed, signed, and granted."""
        self.advised().propose()
        self.sign()
        self.decide()
        return self

    @settled
    def refused(self) -> Decision:
        """Refused on 2c."""
        self.advised(Finding.CLEAR_RISK).propose(
            Outcome.REFUSE, self.takes(self.foreign, Finding.CLEAR_RISK, why="It names the squadron.")
        )
        self.sign()
        self.decide(Outcome.REFUSE)
        return self

    def appeal(self, *, by: Actor | None = None, **more: Any) -> str:
        """Appeal; gives its id."""
        given = {"arguments": "The squadron was moved to rescue at sea in March; the order is enclosed."} | more
        added: str = perform(actions.lodge_appeal, by or self.exporter, case=self.id, **given).result.added
        return added


def exempt(limb: str = LIMB, scope: str = "in: {onward: [XV]}", *, on: date = START) -> str:
    """An exemption in force from a limb; gives its id."""
    made = perform(
        restrictions.propose_exemption,
        MANAGER,
        limb=limb,
        scope=scope,
        legal_basis="Programme decision of the government of Ardenia.",
        reasons="Parts for rescue aircraft, for a programme of three states.",
        advice_for="The programme would stop without them.",
        advice_against="What is pooled cannot be followed.",
        review_by=date(2024, 12, 1),
    ).result.id
    perform(
        restrictions.announce_exemption,
        DECIDER,
        exemption=made,
        announced_on=on,
        announced_where="Parliament of Ardenia",
        expected_version=1,
    )
    return str(made)


def stop(*destinations: str, since: date = START) -> str:
    """A moratorium on grants to places; gives its public id."""
    done = perform(
        restrictions.set_moratorium,
        DECIDER,
        destinations=destinations,
        limb=LIMB,
        legal_basis="Decision of the minister of 8 April 2024.",
        reasons="Strikes since March.",
        valid_from=since,
        review_by=date(2024, 12, 1),
    )
    return str(done.result)


def assessed(destination: str = "XV", **changes: Any) -> str:
    """An accepted version of an assessment, made of reports of January; gives its id."""
    today = Clock.moment.date()
    at(date(2024, 1, 26))
    assessment_ground.make_evidence()
    at(today)
    draft = assessment_ground.accepted(destination, assessment_ground.content(**changes))
    return draft.versions[-1]
