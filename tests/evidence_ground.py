"""What tests of evidence share: people in roles, a clock, sources, and first reports."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from penholder.actions.action import perform
from penholder.actions.values import Actor, ActorKind
from penholder.evidence import actions
from penholder.evidence.files import send
from penholder.evidence.models import Incident
from penholder.evidence.values import (
    Axis,
    CasualtyRange,
    Confidence,
    Credibility,
    Harm,
    Means,
    PlacePrecision,
    Reliability,
    SourceKind,
)

PARTY = "Armed forces of Velmora"
WHY = {"reliability_reason": "Its reports of 2023 were borne out.", "credibility_reason": "Two videos show it."}
REASON = "Seen by the desk on 22 November."
HEADER = "incident,starts_on,place,admin2,place_name,object,means,actors,killed_min,killed_max"
TABLE = f"""\
{HEADER}
A1,2024-05-03,XV,Tarn,Talin,hospital,air_strike,{PARTY},3,5
A2,2024-06,XV,Tarn,,school,air_strike,{PARTY},,
A3,31.02.2024,XV,,,,,,,
A4,2024-05,XV,,,market,artillery,,0,10+
A4,2024-05-09,XV,,,,,,,
"""
"""Five rows: three can be read, one has no day, one repeats a number."""


def person(name: str, *roles: str) -> Actor:
    """Somebody in these roles."""
    return Actor(f"P-{name}", ActorKind.PERSON, frozenset(roles))


ANALYST = person("analyst", "evidence_analyst")
DESK = person("desk", "penholder")
DECIDER = person("decider", "decider")
EXPORTER = Actor("P-exporter", ActorKind.PERSON, frozenset({"exporter"}), frozenset({"O-1"}))
STATISTICIAN = person("statistician", "statistician")


def source(called: str = "Monitors of Tarsis", kind: SourceKind = SourceKind.NGO) -> str:
    """A source; gives its id."""
    made: str = perform(actions.register_source, ANALYST, name=called, kind=kind).result
    return made


def enter(of: str, **changes: Any) -> str:
    """A report entered by hand: a hospital in Talin, 3 May 2024; gives its id."""
    given: dict[str, Any] = {
        "received_on": date(2024, 5, 10),
        "happened": "2024-05-03",
        "place": "XV",
        "place_precision": PlacePrecision.LOCALITY,
        "admin1": "North",
        "admin2": "Tarn",
        "place_name": "Talin",
        "actors": (PARTY,),
        "means": (Means.AIR_STRIKE,),
        "object_class": "hospital",
        "casualties": (CasualtyRange(harm=Harm.KILLED, least=3, most=5),),
        "reliability": Reliability.B,
        "credibility": Credibility.PROBABLE,
        **WHY,
    }
    receipt = perform(actions.enter_incident, ANALYST, source=of, **given | changes)
    made: str = receipt.result.incident
    return made


def sent(text: str = TABLE, name: str = "incidents.csv") -> str:
    """A file on its way in; gives its handle."""
    return str(send(io.BytesIO(text.encode()), name=name))


def take_in(of: str, text: str = TABLE, by: Actor = ANALYST, **changes: Any) -> Any:
    """Import a file; gives the receipt."""
    given: dict[str, Any] = {
        "file": changes.get("file") or sent(text),
        "received_on": date(2024, 11, 20),
        "reliability": Reliability.C,
        "credibility": Credibility.POSSIBLE,
        **WHY,
    }
    return perform(actions.import_incidents, by, source=of, **given | changes)


def version(incident: str) -> int:
    """The version of an incident."""
    return Incident.objects.get(public_id=incident).version


def act(what: Any, incident: str, by: Actor = ANALYST, **given: Any) -> Any:
    """Any act on an incident at its newest version; gives its result."""
    return perform(what, by, incident=incident, **{"expected_version": version(incident), **given}).result


def find(incident: str, axis: Axis, value: str, **changes: Any) -> Any:
    """A finding by the desk."""
    given: dict[str, Any] = {"confidence": Confidence.MODERATE, "grounds": "Satellite pictures of 4 May show it."}
    if axis is Axis.ATTRIBUTION and value in {"likely", "established"}:
        given["party"] = PARTY
    return act(actions.record_finding, incident, DESK, axis=axis, value=value, **given | changes)


def scope(incident: str, *, inside: bool = True) -> Any:
    """Into the assessment, or out of it."""
    return act(actions.set_scope, incident, in_scope=inside, reason=REASON)


_BY_TOKEN = {a.id: a for a in (ANALYST, DESK, DECIDER, EXPORTER, STATISTICIAN)}


def actor_of_token(text: str) -> Actor:
    """For API and command line: the token is the id of the person."""
    return _BY_TOKEN[text]
