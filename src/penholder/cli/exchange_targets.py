"""What a concern can be about, and who took part in each: for the site of concerns. No exporter, and no names.

How many dissents are on record at a target is told, so that who hears a concern about it can ask for them; not
whose they are. In a destination took part whoever worked on its assessments, on measures about it, on changes of
circumstances there, and on what was said of it in public.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from penholder.actions.values import SYSTEM
from penholder.analysis.sources.places import name_and_code
from penholder.assessment import queries as assessments
from penholder.casework import decided
from penholder.casework import queries as cases
from penholder.casework.dissents import counts
from penholder.casework.values import Outcome
from penholder.entry.paging import MOST, Page
from penholder.people.staff import references_of
from penholder.register import involved as licences
from penholder.restrictions import queries as restrictions
from penholder.review import queries as reviews
from penholder.statements import queries as statements

Found = tuple[dict[str, Any], frozenset[str]]
"""A target, and the staff ids of those who took part."""
_OUTCOMES = {Outcome.GRANT: "granted", Outcome.REFUSE: "refused"}


def targets() -> list[dict[str, Any]]:
    """Every target with the references of those who took part, by kind. Raises: ConfigurationError: no key."""
    of_places: dict[str, set[str]] = defaultdict(set)
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


def _versions(of_places: dict[str, set[str]]) -> Iterator[Found]:
    for assessment in _all(lambda cursor: assessments.assessments(viewer=SYSTEM, cursor=cursor, limit=MOST)):
        whose = f": {assessment.party}" if assessment.party else ""
        for version in assessments.assessment(viewer=SYSTEM, id=assessment.id).versions:
            persons = assessments.participants(version.id).all
            of_places[assessment.destination] |= persons
            title = f"Assessment of {name_and_code(assessment.destination)}{whose}, version {version.number}"
            row = {"id": version.id, "kind": "assessment", "title": title, "state": version.status.value}
            yield row | {"dissents": len(assessments.version(viewer=SYSTEM, id=version.id).dissents)}, persons


def _cases(dissents: Mapping[str, int]) -> Iterator[Found]:
    for case in _all(lambda cursor: cases.cases(viewer=SYSTEM, cursor=cursor, limit=MOST)):
        where = name_and_code(case.destination) if case.destination else "not stated yet"
        row = {"id": case.id, "kind": "case", "title": f"Case {case.id}, destination {where}"}
        yield (
            row | {"state": case.status.value, "dissents": dissents.get(case.id, 0)},
            cases.participants(case.id).all,
        )


def _decisions(dissents: Mapping[str, int]) -> Iterator[Found]:
    for one in _all(lambda cursor: decided.decisions(viewer=SYSTEM, cursor=cursor, limit=MOST)):
        said = _OUTCOMES[one.outcome]
        title = f"Decision of {one.decided_on}{' on appeal' if one.on_appeal else ''}: case {one.case}, {said}"
        row = {"id": one.id, "kind": "decision", "title": title, "state": said}
        more = {"state_on": one.decided_on.isoformat(), "dissents": dissents.get(one.case, 0)}
        yield row | more, cases.participants(one.id).all


def _licences(dissents: Mapping[str, int]) -> Iterator[Found]:
    """Those that were entered here; who took part in the case from which one came took part in it, too."""
    found = list(licences.entered_here())
    worked = licences.participants([one.id for one in found])
    for one in found:
        case = decided.case_of(one.id)
        granted = cases.participants(case).all if case else frozenset()
        title = f"Licence {one.id} of {one.decided_on}, destination {_places(one.destinations)}"
        row = {"id": one.id, "kind": "licence", "title": title, "dissents": dissents.get(case, 0)}
        yield row, worked[one.id] | granted


def _statements(of_places: dict[str, set[str]]) -> Iterator[Found]:
    found = list(_all(lambda cursor: statements.statements(viewer=SYSTEM, cursor=cursor, limit=MOST)))
    worked = statements.participants([one.id for one in found])
    for one in found:
        of_places[one.destination] |= worked[one.id]
        title = f"Statement of {one.said_on}, {one.place}, about {name_and_code(one.destination)}"
        yield {"id": one.id, "kind": "statement", "title": _cut(title)}, worked[one.id]


def _changes(of_places: dict[str, set[str]]) -> Iterator[Found]:
    found = list(_all(lambda cursor: reviews.changes(viewer=SYSTEM, cursor=cursor, limit=MOST)))
    worked = reviews.participants([one.id for one in found])
    for one in found:
        for place in one.destinations:
            of_places[place] |= worked[one.id]
        title = f"Change of circumstances of {one.happened_on}, destinations {_places(one.destinations)}"
        yield {"id": one.id, "kind": "change", "title": _cut(title), "state": one.state.value}, worked[one.id]


def _measures(of_places: dict[str, set[str]]) -> None:
    """Moratoria by each destination that ever belonged to them, and holds."""
    named = {rule.id: {m.destination for m in rule.members} for rule in restrictions.moratoria_rules()}
    for seen in _all(lambda cursor: restrictions.restrictions(viewer=SYSTEM, cursor=cursor, limit=MOST)):
        named.setdefault(seen.id, set()).update(seen.destinations)
    worked = restrictions.participants(named)
    for measure, places in named.items():
        for place in places:
            of_places[place] |= worked[measure]


def _destinations(of_places: dict[str, set[str]]) -> Iterator[Found]:
    for place, persons in sorted(of_places.items()):
        title = f"{name_and_code(place)}: its assessments, the measures about it and what was said of it"
        yield {"id": place, "kind": "destination", "title": title}, frozenset(persons)


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


def _cut(title: str) -> str:
    return title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"


_LONGEST = 300
