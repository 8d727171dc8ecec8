"""The three questions for single values: a place, a set of final destinations, goods, a class of end user.

Lines hold few distinct values, so every value is judged once and remembered; lines only look answers up.
Answers are bytes as in `use`: one per group of parties, groups in the order of `Judge.groups`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.schemas import LIST_SEPARATOR
from penholder.analysis.stocktake.use import YES, YES_NOT_STATED, any_of, no, unknown
from penholder.analysis.stocktake.vocabulary import Cause, Exclusion
from penholder.analysis.tracing.closure import Closure, Path
from penholder.kernel.errors import ProfileError
from penholder.kernel.truth import Truth

COUNTRY = "country"
NOT_STATED = "not_stated"
_OPEN_CLASSES = {
    "government": Cause.GOVERNMENT_BRANCH_NOT_STATED,
    "unclear": Cause.NOTE_MAY_SPEAK_OF_ANOTHER_LINE,
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
    """Parties with one record of means and the same end users as forces. Masks: bits over the closure."""

    parties: tuple[str, ...]
    end_users: frozenset[str]
    used: int
    not_known: int


@dataclass
class Judge:
    """Answers the questions of one profile on one day. Picklable; its memory does not change its answers."""

    profile: OperationProfile
    closure: Closure
    on: date
    end_user_classes: Mapping[str, Truth]
    military: Callable[[str], bool | None]
    groups: tuple[Group, ...] = ()
    _places: dict[tuple[str | None, str | None], PlaceAnswer] = field(default_factory=dict, repr=False)
    _onward: dict[tuple[str | None, bool], PlaceAnswer] = field(default_factory=dict, repr=False)
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

    def place(self, place: str | None, kind: str | None = None) -> PlaceAnswer:
        """operator for one place. `kind` None: judged by its shape (two capitals are a country)."""
        key = (place, kind)
        if key not in self._places:
            self._places[key] = self._place(place, kind)
        return self._places[key]

    def _place(self, place: str | None, kind: str | None) -> PlaceAnswer:
        if place is None:
            return PlaceAnswer((unknown(Cause.DESTINATION_NOT_A_COUNTRY),) * len(self.groups), 0)
        country = is_country(place) if kind is None else kind == COUNTRY
        truths = dict(self.profile.operates(place, on=self.on))
        parties = sum(1 << i for i, p in enumerate(self.profile.parties) if truths[p.id] is Truth.YES)
        operator = tuple(any_of([_operator(truths[p], country=country) for p in g.parties]) for g in self.groups)
        return PlaceAnswer(operator, parties)

    def onward(self, cell: str | None, *, pooled: bool) -> PlaceAnswer:
        """operator for the final destinations of a cell; a pooled supply is at least unknown."""
        key = (cell, pooled)
        if key not in self._onward:
            answers = [self.place(p) for p in split(cell)]
            pool = [unknown(Cause.POOLED_SUPPLY)] if pooled else []
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


def means_byte(reach: int, *, silent: bool, open_: bool, group: Group) -> int:
    """The second question for goods that reach the means `reach` (bits)."""
    if reach & group.used:
        return YES
    if silent:
        return unknown(Cause.RATING_HAS_NO_ROLE)
    if open_:
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
