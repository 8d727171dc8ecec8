"""Questions to the concerns. What is sealed is opened with the key of whoever asks, and for nobody else.

Somebody who is not of the level that has a concern, or who took part in what it is about, gets the same answer as
for
one that there is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from io import BufferedReader

from penholder.actions.behind import behind
from penholder.actions.errors import AbsentError
from penholder.actions.models import Act
from penholder.actions.moment import today
from penholder.actions.values import Actor
from penholder.concerns import filers, keys, officers
from penholder.concerns.answers import CaseRow, CaseView, Colleague, FileView, LevelView, TargetView
from penholder.concerns.cases import Case, absent, case_of, key_of, load, reader_of
from penholder.concerns.codes import Codes
from penholder.concerns.errors import UnopenedError
from penholder.concerns.matters import matters
from penholder.concerns.models import Attachment, Concern, Filer, JoinRequest, KnownTarget, OfficerKey, Reader
from penholder.concerns.opened import OPENS, Pen, case_view, file_view, row_of
from penholder.concerns.policy.clocks import Standing
from penholder.concerns.policy.ladder import NEEDED
from penholder.concerns.sealing import CaseKey
from penholder.concerns.values import ASKED_FOR, MOST_TARGETS, State
from penholder.concerns.words import KINDS
from penholder.people.queries import titles


def cases(*, viewer: Actor) -> tuple[CaseRow, ...]:
    """What the level of the viewer has, soonest due first; then what it has answered."""
    level = officers.level_of(viewer)
    if not level:
        return ()
    on = today()
    found = [case for case in _readable(viewer, level) if case.standing(on).level == level]
    rows = [row_of(case, on) for case in found if _is_of_interest(case, on)]
    return tuple(sorted(rows, key=lambda r: (r.due is None, r.due or date.max, r.id)))


def extendable(*, viewer: Actor) -> tuple[CaseRow, ...]:
    """What the level below has, and could be given more time: ids and days alone."""
    from penholder.concerns.actions.handling import level_above  # noqa: PLC0415 - the room of the acts

    level, on, found = officers.level_of(viewer), today(), []
    for case in _readable(viewer, level or 0) if level else ():
        now = case.standing(on)
        if now.due is None or now.extended_until is not None or now.level >= (level or 0):
            continue
        if level_above(case, on) == level:
            found.append(row_of(case, on))
    return tuple(sorted(found, key=lambda r: (r.due or date.max, r.id)))


def _readable(viewer: Actor, level: int) -> Iterator[Case]:
    """Cases to which the viewer has a box at this level, and no conflict."""
    rows = Concern.objects.filter(readers__user__public_id=viewer.id, readers__level=level).order_by("pk")
    for row in rows:
        if not officers.has_taken_part(viewer, row):
            yield case_of(row)


def _is_of_interest(case: Case, on: date) -> bool:
    now = case.standing(on)
    return now.due is not None or now.state is State.ANSWERED or (bool(now.open_measures) and not now.is_closed)


def case(*, viewer: Actor, id: str) -> CaseView:  # noqa: A002 - the name of a public id everywhere
    """One concern, opened. Raises: AbsentError; LockedError; UnopenedError."""
    found, key = _opened(viewer, id)
    return case_view(found, key, Pen(persons=behind(viewer)), on=today())


def _opened(viewer: Actor, concern: str) -> tuple[Case, CaseKey]:
    found = load(concern)
    key = key_of(found, viewer, reader_of(found, viewer, on=today()))
    if not has_opened(viewer=viewer, id=concern):
        raise UnopenedError(
            "you have not said today what you open this concern for",
            hint="do concerns.read_concern first; it is recorded, and counts for the day",
        )
    return found, key


def has_opened(*, viewer: Actor, id: str) -> bool:  # noqa: A002
    """Is there an access entry of the viewer for this concern, of this day?"""
    begins = datetime.combine(today(), time(), UTC)
    return Act.objects.filter(about=id, act=OPENS, actor=viewer.id, at__gte=begins).exists()


def case_row(*, viewer: Actor, id: str) -> CaseRow:  # noqa: A002
    """Where a concern stands, without opening it: also for the level above. Raises: AbsentError."""
    found = load(id)
    now = found.standing(today())
    if not Reader.objects.filter(concern=found.row, user__public_id=viewer.id, level__gte=now.level).exists():
        raise absent()
    if not officers.level_of(viewer) or officers.has_taken_part(viewer, found.row):
        raise absent()
    return row_of(found, today())


def standing_of(*, viewer: Actor, id: str) -> Standing:  # noqa: A002
    """Where a concern stands, for who may open it; nothing of what is sealed. Raises: AbsentError."""
    found = load(id)
    reader_of(found, viewer, on=today())
    return found.standing(today())


@contextmanager
def attachment(*, viewer: Actor, id: str, file: str) -> Iterator[tuple[FileView, BufferedReader]]:  # noqa: A002
    """A file of a concern, for who may open it. Raises: AbsentError; LockedError; UnopenedError."""
    found, key = _opened(viewer, id)
    with _opened_file(found, key, file) as opened:
        yield opened


@contextmanager
def own_attachment(codes: Codes, *, file: str) -> Iterator[tuple[FileView, BufferedReader]]:
    """A file that the filer sent. Raises: CodeError; AbsentError."""
    filer, key = filers.filer_of(codes)
    if not Attachment.objects.filter(filer=filer, public_id=file).exists():
        raise AbsentError("there is no such file", hint="look at your list of files")
    with _opened_file(case_of(filer.concern), key, file) as opened:
        yield opened


@contextmanager
def _opened_file(found: Case, key: CaseKey, file: str) -> Iterator[tuple[FileView, BufferedReader]]:
    row = Attachment.objects.filter(concern=found.row, public_id=file).first()
    if row is None:
        raise absent()
    with keys.files(key).open(row.address, subject=row.public_id) as plain:
        yield file_view(row, key), plain


def returned(codes: Codes) -> CaseView:
    """A concern for who raised or joined it. Raises: CodeError."""
    filer, key = filers.filer_of(codes)
    return case_view(case_of(filer.concern), key, Pen(filer=filer), on=today())


def filed_content(codes: Codes) -> tuple[Filer, dict[str, object]]:
    """What was filed, for the receipt. Raises: CodeError; AbsentError: who joined has filed nothing."""
    filer, key = filers.filer_of(codes)
    if filer.joined:
        raise AbsentError("who joined a concern has no receipt of it", hint="who raised it has one")
    return filer, keys.content_of(filer.concern, key)


def colleagues(*, viewer: Actor, id: str) -> tuple[Colleague, ...]:  # noqa: A002
    """Who of the level can take the concern on. Raises: AbsentError."""
    found = load(id)
    row = reader_of(found, viewer, on=today())
    readers = Reader.objects.filter(concern=found.row, level=row.level).select_related("user")
    return _named([(r.user.public_id, r.level) for r in readers])


def people_of_the_ladder() -> tuple[Colleague, ...]:
    """Everybody who could hear a concern, by function: whoever raises one chooses who must not.

    Staff representatives too (level 0): they hold its key to let others join.
    """
    return _named([(o.id, o.level) for o in officers.officers(on=today())])


def join_requests(*, viewer: Actor) -> tuple[tuple[str, date], ...]:
    """(concern, day) for which another staff representative has asked, and the viewer can let somebody join."""
    rows = JoinRequest.objects.filter(done=False, on__gte=today() - ASKED_FOR).select_related("concern")
    held = rows.filter(concern__readers__user__public_id=viewer.id, concern__readers__level=officers.BRINGS)
    own = behind(viewer)
    waiting = [r for r in held.order_by("pk") if r.person not in own]
    return tuple((r.concern.public_id, r.on) for r in waiting if not officers.has_taken_part(viewer, r.concern))


def _named(found: list[tuple[str, int]]) -> tuple[Colleague, ...]:
    names = titles([person for person, _ in found])
    rows = [Colleague(person, names.get(person, person), level) for person, level in found]
    return tuple(sorted(rows, key=lambda c: (c.level, c.title)))


def has_key(*, viewer: Actor) -> bool:
    """Has the viewer made a key?"""
    return OfficerKey.objects.filter(user__public_id=viewer.id).exists()


def levels() -> tuple[LevelView, ...]:
    """The ladder, for everybody."""
    people = officers.count_by_level(officers.officers(on=today()))
    return tuple(LevelView(x.number, x.name, x.outside, people.get(x.number, 0)) for x in officers.ladder())


def is_open() -> bool:
    """Can a concern be raised? It needs two people with keys outside the authority."""
    return levels()[-1].people >= NEEDED


def known_targets() -> tuple[TargetView, ...]:
    """What a concern can be about, by kind and title: of that of which everybody may know, and without its state.

    All else can be named by its id, which whoever works on it has: this list is open to everybody.
    """
    order = {kind: n for n, kind in enumerate(KINDS)}
    rows = KnownTarget.objects.filter(open=True)
    found = sorted(rows, key=lambda r: (order.get(r.kind, len(order)), r.kind, r.title, r.pk))
    return tuple(TargetView(r.public_id, r.kind, r.title, "", None) for r in found)


def titles_of(targets: Collection[str]) -> dict[str, str]:
    """Id -> title, of those that the authority has listed."""
    rows = KnownTarget.objects.filter(public_id__in=list(targets)[:MOST_TARGETS])
    return dict(rows.values_list("public_id", "title"))


def titles_of_records(found: CaseView) -> dict[str, str]:
    """Id -> title, of the records that points and answers name, where everybody may know of them."""
    named = {r for point in found.points for r in point.get("evidence", ())}
    named |= {r for one in found.answers for point in one.points for r in point.records}
    return {t.id: t.title for t in known_targets() if t.id in named} if named else {}


def open_gates(*, on: date) -> tuple[tuple[str, str, date, str], ...]:
    """(target, neutral question, open since, office) of what asks the decider, as the day before ended.

    The authority keeps the moment in which it takes them in: nothing of today is among them, so that two lists of
    one day never show at which hour somebody raised or ended a concern.
    """
    before = on - timedelta(days=1)
    found = set()
    for row in Concern.objects.filter(asks_decider=True, raised_on__lte=before).prefetch_related(
        "targets__target"
    ):
        now = Case(row, list(row.steps.filter(on__lte=before).order_by("number"))).standing(before)
        if now.due is None and now.state is not State.ANSWERED:
            continue
        office = officers.level_named(now.level).name
        question = matters()[row.matter].question
        found |= {(t.target.public_id, question, t.on, office) for t in row.targets.all() if t.on <= before}
    return tuple(sorted(found))
