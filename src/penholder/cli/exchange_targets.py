"""What a concern can be about, and who took part in each: for the site of concerns. No exporter, and no names.

How many dissents are on record at a target is told, so that who hears a concern about it can ask for them; not
whose they are. `open`: everybody may know of it; the site of concerns lists nothing else, and no state of it.
In a destination took part whoever worked on its assessments, on measures about it, on changes of circumstances
there, and on what was said of it in public.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from penholder.actions.values import SYSTEM
from penholder.analysis.sources.places import name_and_code
from penholder.assessment import queries as assessments
from penholder.assessment.values import Status
from penholder.casework import decided
from penholder.casework import queries as cases
from penholder.casework.dissents import counts
from penholder.casework.policy.readiness import status_for_exporter
from penholder.casework.values import Outcome
from penholder.casework.web.words import day_words
from penholder.entry.paging import MOST, Page
from penholder.people.staff import references_of
from penholder.regime.regimes import rule_called
from penholder.register import involved as licences
from penholder.restrictions import queries as restrictions
from penholder.review import queries as reviews
from penholder.review.values import State
from penholder.statements import queries as statements

Found = tuple[dict[str, Any], frozenset[str]]
"""A target, and the staff ids of those who took part."""
_OUTCOMES = {Outcome.GRANT: "granted", Outcome.REFUSE: "refused"}


class _Places(defaultdict[str, set[str]]):
    """Place -> who took part in what is about it. open: those of which something is public."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.open: set[str] = set()

    def add(self, place: str, persons: Collection[str], *, is_open: bool) -> None:
        """Add what is about a place."""
        self[place] |= set(persons)
        self.open |= {place} if is_open else set()


def targets() -> list[dict[str, Any]]:
    """Every target with the references of those who took part, by kind. Raises: ConfigurationError: no key."""
    of_places = _Places(set)
    dissents = counts()
    found = [
        *_versions(of_places),
        *_cases(dissents),
        *_decisions(dissents),
        *_licences(dissents),
        *_statements(of_places),
        *_changes(of_places),
    ]
    _measures(of_places)
    found += _destinations(of_places)
    references = references_of({person for _, persons in found for person in persons})
    return [row | {"people": sorted(references[p] for p in persons & references.keys())} for row, persons in found]


def _versions(of_places: _Places) -> Iterator[Found]:
    for assessment in _all(lambda cursor: assessments.assessments(viewer=SYSTEM, cursor=cursor, limit=MOST)):
        whose = f": {assessment.party}" if assessment.party else ""
        for version in assessments.assessment(viewer=SYSTEM, id=assessment.id).versions:
            persons = assessments.participants(version.id).all
            seen = assessments.version(viewer=SYSTEM, id=version.id)
            is_open = any(step.status is Status.ACCEPTED for step in seen.steps)
            of_places.add(assessment.destination, persons, is_open=is_open)
            about = f"{name_and_code(assessment.destination)}{'' if is_open else whose}"
            row = {
                "id": version.id,
                "kind": "assessment",
                "title": f"Assessment of {about}, version {version.number}",
            }
            more = {
                "state": version.status.value if is_open else "",
                "dissents": len(seen.dissents),
                "open": is_open,
            }
            yield row | more, persons


def _cases(dissents: Mapping[str, int]) -> Iterator[Found]:
    for case in _all(lambda cursor: cases.cases(viewer=SYSTEM, cursor=cursor, limit=MOST)):
        where = name_and_code(case.destination) if case.destination else "not stated yet"
        on = f"submitted on {day_words(case.submitted_at.date())}" if case.submitted_at else "not submitted yet"
        row = {
            "id": case.id,
            "kind": "case",
            "title": f"Application for a licence {case.id}, {on}, destination {where}",
        }
        yield (
            row | {"state": status_for_exporter(case.status).value, "dissents": dissents.get(case.id, 0)},
            cases.participants(case.id).all,
        )


def _decisions(dissents: Mapping[str, int]) -> Iterator[Found]:
    """By what everybody may know of them: a grant by the places of its licence, a refusal by its limbs."""
    issued = {one.id: _places(one.destinations) for one in licences.entered_here() if one.is_issued}
    for one in _all(lambda cursor: decided.decisions(viewer=SYSTEM, cursor=cursor, limit=MOST)):
        said, day = _OUTCOMES[one.outcome], day_words(one.decided_on)
        what = [f"licence for {issued[one.licence]}"] if one.licence in issued else []
        what += [f"under {', '.join(rule_called(limb) for limb in one.limbs)}"] if one.limbs else []
        title = ", ".join([f"{said.capitalize()} on {day}", *(["on appeal"] if one.on_appeal else []), *what])
        title = _cut(title, also=f" (case {one.case})")
        row = {"id": one.id, "kind": "decision", "title": title, "state": said}
        more = {"state_on": one.decided_on.isoformat(), "dissents": dissents.get(one.case, 0), "open": True}
        yield row | more, cases.participants(one.id).all


def _licences(dissents: Mapping[str, int]) -> Iterator[Found]:
    """Those that were entered here; who took part in the case from which one came took part in it, too."""
    found = list(licences.entered_here())
    worked = licences.participants([one.id for one in found])
    for one in found:
        case = decided.case_of(one.id)
        granted = cases.participants(case).all if case else frozenset()
        title = f"Licence for {_places(one.destinations)} of {day_words(one.decided_on)} ({one.id})"
        row = {"id": one.id, "kind": "licence", "title": title, "dissents": dissents.get(case, 0)}
        yield row | {"open": one.is_issued}, worked[one.id] | granted


def _statements(of_places: _Places) -> Iterator[Found]:
    found = list(_all(lambda cursor: statements.statements(viewer=SYSTEM, cursor=cursor, limit=MOST)))
    worked = statements.participants([one.id for one in found])
    for one in found:
        of_places.add(one.destination, worked[one.id], is_open=True)
        title = f"Statement of {day_words(one.said_on)}, {one.place}, about {name_and_code(one.destination)}"
        yield {"id": one.id, "kind": "statement", "title": _cut(title), "open": True}, worked[one.id]


def _changes(of_places: _Places) -> Iterator[Found]:
    found = list(_all(lambda cursor: reviews.changes(viewer=SYSTEM, cursor=cursor, limit=MOST)))
    worked = reviews.participants([one.id for one in found])
    for one in found:
        is_open = one.state not in {State.PROPOSED, State.DECLINED}
        for place in one.destinations:
            of_places.add(place, worked[one.id], is_open=is_open)
        title = (
            f"Change of circumstances of {day_words(one.happened_on)}, destinations {_places(one.destinations)}"
        )
        row = {"id": one.id, "kind": "change", "title": _cut(title), "state": one.state.value if is_open else ""}
        yield row | {"open": is_open}, worked[one.id]


def _measures(of_places: _Places) -> None:
    """Moratoria by each destination that ever belonged to them, and holds."""
    named = {rule.id: {m.destination for m in rule.members} for rule in restrictions.moratoria_rules()}
    for seen in _all(lambda cursor: restrictions.restrictions(viewer=SYSTEM, cursor=cursor, limit=MOST)):
        named.setdefault(seen.id, set()).update(seen.destinations)
    worked = restrictions.participants(named)
    for measure, places in named.items():
        for place in places:
            of_places.add(place, worked[measure], is_open=True)


def _destinations(of_places: _Places) -> Iterator[Found]:
    for place, persons in sorted(of_places.items()):
        title = f"{name_and_code(place)}: its assessments, the measures about it and what was said of it"
        row = {"id": place, "kind": "destination", "title": title}
        yield row | {"open": place in of_places.open}, frozenset(persons)


def _all(page_from: Callable[[str | None], Page[Any]]) -> Iterator[Any]:
    cursor: str | None = None
    while True:
        page = page_from(cursor)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _places(codes: Collection[str] | Iterable[str]) -> str:
    return ", ".join(name_and_code(code) for code in codes) or "not stated"


def _cut(title: str, *, also: str = "") -> str:
    room = _LONGEST - len(also)
    return (title if len(title) <= room else f"{title[: room - 1]}…") + also


_LONGEST = 300
