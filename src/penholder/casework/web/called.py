"""What the ids in the texts of a case stand for: evidence, versions of assessments, restrictions, limbs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from django.utils.text import capfirst

from penholder.actions.errors import AbsentError
from penholder.actions.values import Actor
from penholder.assessment import queries as assessments
from penholder.casework.answers import CaseView
from penholder.casework.decided import decisions_of
from penholder.casework.decision_answers import DecisionView, ForDecision
from penholder.casework.web.words import day_words
from penholder.evidence import queries as evidence
from penholder.evidence.web.words import brief
from penholder.register.place_names import place_names
from penholder.restrictions.gates import gate
from penholder.restrictions.queries import restriction
from penholder.restrictions.web.words import question, title

_ID = re.compile(r"\b[A-Z]{2}-[0-9a-z]{26}\b")
_TWICE = re.compile(r"\b(\w+) \1\b")
_LIMB = re.compile(r"\b[a-z]+(?:-[a-z0-9]+)+/([0-9]+[a-z0-9-]*|[A-Z]+\b)")


def in_words(text: str, called: Mapping[str, str]) -> str:
    """A sentence of the core for people: things by their names, limbs by their numbers, no underscores."""
    named = _ID.sub(lambda m: called.get(m[0], m[0]), text)
    return _TWICE.sub(r"\1", _LIMB.sub(lambda m: m[1], named)).replace("_", " ")


def called(viewer: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Public id -> what it is called, as far as this viewer may know of it."""
    wanted = set(ids)
    found = evidence.facts(viewer=viewer, ids={i for i in wanted if i.startswith("IN-")})
    made = {name: brief(of) for name, of in found.items()}
    for name in sorted(wanted - made.keys()):
        say = _KINDS.get(name.partition("-")[0])
        if say is not None:
            with suppress(AbsentError):
                made[name] = say(viewer, name)
    return made


def cited_in(seen: CaseView) -> set[str]:
    """The evidence that the advice on a case cites."""
    departments = seen.inside.departments if seen.inside else ()
    versions = [d.newest.advice for d in departments if d.newest]
    return {name for v in versions for f in v.findings for name in f.evidence}


def dissented_from(viewer: Actor, seen: CaseView) -> dict[str, str]:
    """What somebody can dissent from in a case: the case, an advice, a decision; public id -> words."""
    made = {seen.id: "The case"}
    for department in seen.inside.departments if seen.inside else ():
        made |= {v.id: f"{department.title}, version {v.advice.number} of its advice" for v in department.versions}
    for one in decisions_of(viewer=viewer, case=seen.id).decisions:
        made[one.id] = f"Decision{' on the appeal' if one.on_appeal else ''} of {day_words(one.decided_on)}"
    return made


def named_before(before: ForDecision | None, decisions: Iterable[DecisionView]) -> set[str]:
    """What lies before a decision, and what decisions rest on."""
    made = [d.decision for d in decisions if d.decision]
    cited = [c for d in made for c in d.cited] + (list(before.cited) if before else [])
    found = {name for c in cited for name in (c.version, *c.later)} | {
        e for d in made for e in (*d.exemptions, *d.gates)
    }
    if before is not None:
        blocks = [b for line in before.blocks for b in line]
        found |= {b.moratorium for b in blocks} | {e for b in blocks for e in b.exemptions}
        found |= {e for _, exemptions in before.exempted for e in exemptions} | {h.id for h in before.holds}
    return found


def to_choose(before: ForDecision, names: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """Versions of assessments and exemptions that a proposal or a decision can name, each with its words."""
    cited = [
        (c.version, f"{capfirst(names.get(c.version, c.version))}, cut-off {day_words(c.cutoff)}")
        for c in before.cited
    ]
    exemptions = [
        (e, f"{capfirst(names.get(e, e))}, from limb {in_words(limb, names)}")
        for limb, ids in before.exempted
        for e in ids
    ]
    return {"assessments": cited, "exemptions": exemptions}


def _version(viewer: Actor, name: str) -> str:
    found = assessments.version(viewer=viewer, id=name)
    return f"assessment of {place_names([found.destination])[found.destination]}, version {found.number}"


def _restriction(viewer: Actor, name: str) -> str:
    said = title(restriction(viewer=viewer, id=name))
    return said[0].lower() + said[1:]


_KINDS: Mapping[str, Callable[[Actor, str], str]] = {
    "AV": _version,
    "MO": _restriction,
    "EX": _restriction,
    "HO": _restriction,
    "GT": lambda _viewer, name: question(gate(name)),
}
