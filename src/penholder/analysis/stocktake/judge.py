"""The three questions for single values: a place, a set of final destinations, goods, a class of end user.

Lines hold few distinct values, so every value is judged once and remembered; lines only look answers up.
Answers are bytes as in `use`: one per group of parties, groups in the order of `Judge.groups`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from penholder.analysis.profile.model import OperationProfile, Operator, Party
from penholder.analysis.schemas import LIST_SEPARATOR
from penholder.analysis.stocktake.route import FINAL, NOT_STATED, UNCLEAR
from penholder.analysis.stocktake.use import YES, YES_NOT_STATED, any_of, no, unknown
from penholder.analysis.stocktake.vocabulary import Cause, Exclusion, Scope
from penholder.analysis.tracing.closure import Closure, Path
from penholder.kernel.dates import EPOCH
from penholder.kernel.errors import ProfileError
from penholder.kernel.truth import Truth

COUNTRY = "country"
_OPEN_CLASSES = {
    "government": Cause.GOVERNMENT_BRANCH_NOT_STATED,
    UNCLEAR: Cause.NOTE_MAY_SPEAK_OF_ANOTHER_LINE,
}
"""Classes that do not say whether the user is the forces, and the cause that they give."""
MAX_PARTIES = 62
_NO_STATES = frozenset({"EU", "EZ", "UN"})
"""Two-letter names in use that are reserved for unions of states, not for a state."""

Bytes = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """operator per group, and the parties (bits) whose forces the place is said to operate."""

    operator: Bytes
    parties: int


@dataclass(frozen=True, slots=True)
class GoodsAnswer:
    """means per group; the means that the goods reach (bits over the closure); if a military list names them."""

    means: Bytes
    reach: int
    military: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Parties with one record of means and the same end users as forces. Masks: bits over the closure.

    `further`: means outside the closure are asked about too, and no goods are known not to reach them.
    """

    parties: tuple[str, ...]
    end_users: frozenset[str]
    used: int
    not_known: int
    further: bool = False


@dataclass
class Judge:
    """Answers the questions of one profile on one day. Picklable; its memory does not change its answers.

    `scope` in-force: a state operates forces if it does so on the day. Scope granted: if it did so on any day from
    the decision (or the begin of the period, if that is later) to the day. Lines whose decisions lie between the
    same two ends of operators by the day have the same answer: they are one *segment*, and there is mostly one.
    """

    profile: OperationProfile
    closure: Closure
    on: date
    end_user_classes: Mapping[str, Truth]
    military: Callable[[str], bool | None]
    groups: tuple[Group, ...] = ()
    scope: Scope = Scope.IN_FORCE
    turns: tuple[int, ...] = field(init=False)
    """Day numbers, ascending: first days of the segments after the first one."""
    _places: dict[tuple[str | None, str | None, int], PlaceAnswer] = field(default_factory=dict, repr=False)
    _onward: dict[tuple[str | None, bool, bool, int], PlaceAnswer] = field(default_factory=dict, repr=False)
    _goods: dict[tuple[str | None, str | None], GoodsAnswer] = field(default_factory=dict, repr=False)
    _end_users: dict[tuple[str | None, bool, bool], Bytes] = field(default_factory=dict, repr=False)
    _paths: dict[tuple[str | None, str | None, int], Path | None] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if len(self.profile.parties) > MAX_PARTIES:
            raise ProfileError(
                f"the profile {self.profile.id} names {len(self.profile.parties)} parties; at most {MAX_PARTIES}",
                hint="split it into several profiles",
            )
        self.groups = self.groups or _groups_of(self.profile, self.closure.means, self.on)
        self.turns = self._turns() if self.scope is Scope.GRANTED else ()

    def _turns(self) -> tuple[int, ...]:
        """The ends of operators after the first day that can count, by the day."""
        ends = {o.valid.end for p in self.profile.parties for o in p.operated_by if o.valid.end is not None}
        return tuple(sorted((e - EPOCH).days for e in ends if self._first() < e <= self.on))

    def with_groups(self, groups: tuple[Group, ...]) -> Judge:
        """A judge of the same profile and day for other groups of parties and means."""
        args = (self.profile, self.closure, self.on, self.end_user_classes, self.military)
        return Judge(*args, groups=groups, scope=self.scope)

    def _first(self) -> date:
        """The first day of the window of the first segment."""
        return min(self.profile.period.start or date.min, self.on)

    @property
    def segments(self) -> int:
        """How many segments there are."""
        return len(self.turns) + 1

    def segment(self, decided: date) -> int:
        """The segment of a line that was decided on that day."""
        return sum(turn <= (decided - EPOCH).days for turn in self.turns)

    def operator_of(self, party: Party, place: str, *, segment: int = 0) -> Operator | None:
        """What the profile says of the place as operator of the party in the window of a segment."""
        first = self.on
        if self.scope is Scope.GRANTED:
            first = EPOCH + timedelta(days=self.turns[segment - 1]) if segment else self._first()
        for operator in party.operated_by:
            start, end = operator.valid.start, operator.valid.end
            if operator.state == place and (start or self.on) <= self.on and (end is None or end > first):
                return operator
        return None

    def operates(self, party: Party, place: str, *, segment: int = 0) -> Truth:
        """Does the state `place` operate forces of the party, in the window of a segment?"""
        if self.operator_of(party, place, segment=segment) is not None:
            return Truth.YES
        return party.operated_in(place, on=self.on)

    def place(self, place: str | None, kind: str | None = None, *, segment: int = 0) -> PlaceAnswer:
        """operator for one place. `kind` None: judged by its shape (two capitals are a country)."""
        key = (place, kind, segment)
        if key not in self._places:
            self._places[key] = self._place(place, kind, segment)
        return self._places[key]

    def _place(self, place: str | None, kind: str | None, segment: int) -> PlaceAnswer:
        if place is None:
            return PlaceAnswer((unknown(Cause.DESTINATION_NOT_A_COUNTRY),) * len(self.groups), 0)
        country = is_country(place) if kind is None else kind == COUNTRY
        truths = {p.id: self.operates(p, place, segment=segment) for p in self.profile.parties}
        parties = sum(1 << i for i, p in enumerate(self.profile.parties) if truths[p.id] is Truth.YES)
        operator = tuple(any_of([_operator(truths[p], country=country) for p in g.parties]) for g in self.groups)
        return PlaceAnswer(operator, parties)

    def onward(
        self, cell: str | None, *, pooled: bool = False, open_: bool = False, segment: int = 0
    ) -> PlaceAnswer:
        """operator for the final destinations of a cell; a pooled supply, or goods that go on to an unnamed place
        (`open_`), are at least unknown."""
        key = (cell, pooled, open_, segment)
        if key not in self._onward:
            answers = [self.place(p, segment=segment) for p in split(cell)]
            pool = open_bytes(pooled=pooled, open_=open_)
            operator = tuple(any_of([a.operator[g] for a in answers] + pool) for g in range(len(self.groups)))
            parties = 0
            for answer in answers:
                parties |= answer.parties
            self._onward[key] = PlaceAnswer(operator, parties)
        return self._onward[key]

    def goods(self, rating: str | None, description: str | None) -> GoodsAnswer:
        """means for goods with a rating cell and a description."""
        key = (rating, description)
        if key not in self._goods:
            reach = self.closure.reach(rating, description)
            means = tuple(
                means_byte(reach.yes, silent=reach.silent, open_=reach.open, group=g) for g in self.groups
            )
            self._goods[key] = GoodsAnswer(means, reach.yes, any(self.military(r) for r in split(rating)))
        return self._goods[key]

    def end_user(self, cell: str | None, *, military: bool, pooled: bool) -> Bytes:
        """end user for a cell of classes; a pooled supply is at least unknown."""
        key = (cell, military, pooled)
        if key not in self._end_users:
            pool = [unknown(Cause.POOLED_SUPPLY)] if pooled else []
            classes = split(cell) or (NOT_STATED,)
            self._end_users[key] = tuple(
                any_of([self._class_byte(c, g, military=military) for c in classes] + pool) for g in self.groups
            )
        return self._end_users[key]

    def _class_byte(self, name: str, group: Group, *, military: bool) -> int:
        if name.startswith(FINAL):
            byte = self._class_byte(name.removeprefix(FINAL), group, military=military)
            return min(byte, unknown(Cause.END_USER_NOT_STATED))
        if name == NOT_STATED:
            return YES_NOT_STATED if military else unknown(Cause.END_USER_NOT_STATED)
        if name in group.end_users:
            return YES
        truth = self.end_user_classes.get(name, Truth.UNKNOWN)
        if truth is Truth.UNKNOWN:
            return unknown(_OPEN_CLASSES.get(name, Cause.END_USER_NOT_STATED))
        return YES if truth is Truth.YES else no(Exclusion.STATED_CIVIL_END_USER)

    def matched(self, rating: str | None, description: str | None, *, groups: int) -> int:
        """The means (bits) that the goods reach and that the groups (bits) used."""
        used = 0
        for g, group in enumerate(self.groups):
            used |= group.used if groups >> g & 1 else 0
        return self.goods(rating, description).reach & used

    def best_path(self, rating: str | None, description: str | None, *, means: int) -> Path | None:
        """The path to one of the means (bits) with the best grade; ties: findings, fewer steps, ids."""
        key = (rating, description, means)
        if key not in self._paths:
            names = [m for bit, m in enumerate(self.closure.means) if means >> bit & 1]
            found = [p for m in names if (p := self.closure.path(rating, description, m)) is not None]
            self._paths[key] = min(found, key=_strength, default=None)
        return self._paths[key]

    def forget(self, goods: Iterable[tuple[str | None, str | None]]) -> None:
        """Judge these goods (rating, description) anew when they are next asked about: their edges changed."""
        gone = {*goods}
        for pair in gone:
            self._goods.pop(pair, None)
        for key in [k for k in self._paths if (k[0], k[1]) in gone]:
            del self._paths[key]

    def renew(self) -> None:
        """Judge everything about means anew: the closure has other means than before."""
        self.groups = _groups_of(self.profile, self.closure.means, self.on)
        self._goods.clear()
        self._paths.clear()


def split(cell: str | None) -> tuple[str, ...]:
    """The entries of a list cell; none for null and for an empty cell."""
    return tuple(part for part in (cell or "").split(LIST_SEPARATOR) if part)


def is_country(place: str) -> bool:
    """Is a code of the stored data an ISO 3166-1 alpha-2 code (or XA to XZ), and not a published name?"""
    shaped = len(place) == 2 and place.isascii() and place.isalpha() and place.isupper()
    return shaped and place not in _NO_STATES


def open_bytes(*, pooled: bool, open_: bool) -> list[int]:
    """What leaves the final destination open."""
    causes = ((Cause.POOLED_SUPPLY, pooled), (Cause.ONWARD_PLACE_NOT_STATED, open_))
    return [unknown(cause) for cause, said in causes if said]


def means_byte(reach: int, *, silent: bool, open_: bool, group: Group) -> int:
    """The second question for goods that reach the means `reach` (bits)."""
    if reach & group.used:
        return YES
    if silent:
        return unknown(Cause.RATING_HAS_NO_ROLE)
    if open_ or group.further:
        return unknown(Cause.HINT_NOT_EXHAUSTIVE)
    if reach & group.not_known:
        return unknown(Cause.PROFILE_SILENT_ON_MEANS)
    return no(Exclusion.NO_SUCH_MEANS)


def _operator(truth: Truth, *, country: bool) -> int:
    if truth is Truth.YES:
        return YES
    if not country:
        return unknown(Cause.DESTINATION_NOT_A_COUNTRY)
    if truth is Truth.UNKNOWN:
        return unknown(Cause.OPERATORS_NOT_COMPLETE)
    return no(Exclusion.DESTINATION_OPERATES_NO_PARTY)


def _groups_of(profile: OperationProfile, means: Sequence[str], on: date) -> tuple[Group, ...]:
    found = []
    for members in profile.means_groups():
        by_end_users: dict[frozenset[str], list[str]] = {}
        for name in members:
            by_end_users.setdefault(frozenset(profile.party(name).end_users), []).append(name)
        truths = [profile.means_used(m, party=members[0], by=on) for m in means]
        used = sum(1 << i for i, t in enumerate(truths) if t is Truth.YES)
        not_known = sum(1 << i for i, t in enumerate(truths) if t is Truth.UNKNOWN)
        found += [Group(tuple(names), ends, used, not_known) for ends, names in by_end_users.items()]
    return tuple(found)


def _strength(path: Path) -> tuple[object, ...]:
    return (path.grade, path.basis == "hint", len(path.steps), tuple(step.edge for step in path.steps))
