"""From the text of a note to its facts. The wording is in patterns.py; here is only the order of reading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from penholder.analysis.sources.notes import patterns
from penholder.analysis.sources.notes.facts import MAYBE_FORCES, ONWARD, NoteFacts, join_classes
from penholder.analysis.sources.notes.goods import goods_in
from penholder.analysis.sources.notes.states import Mention, mentions
from penholder.analysis.sources.notes.status import Status
from penholder.analysis.sources.notes.text import Sentence, sentences
from penholder.analysis.sources.notes.users import Named, Strength, users_in
from penholder.analysis.sources.places import PlaceKind

_NO_FACTS = NoteFacts()


@lru_cache(maxsize=16_384)
def derive(text: str) -> NoteFacts:
    """The facts that a note states. What is not plainly said stays `not_stated`, null or false.

    Never fails; of a very long text only the beginning is read. Equal texts give equal facts.
    """
    reading = _Reading()
    for sentence in sentences(text):
        reading.take(sentence)
    return reading.facts()


def uncoded(texts: Iterable[str]) -> list[tuple[str, int]]:
    """The texts from which no fact was derived, each once with its number of rows, most frequent first."""
    counts = Counter(text for text in texts if not derive(text).coded)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


@dataclass(slots=True)
class _Reading:
    """What was found so far, sentence by sentence."""

    status: Status = field(default_factory=Status)
    direct: list[Named] = field(default_factory=list)
    final: list[Named] = field(default_factory=list)
    states: dict[int, set[str]] = field(default_factory=dict)  # by rank, see _rank
    corrected: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    goods: set[str] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)
    forces_named: list[str] = field(default_factory=list)
    cues: list[str] = field(default_factory=list)

    def take(self, sentence: Sentence) -> None:
        plain = sentence.plain
        self.status.read(plain)
        if patterns.GENERAL_POLICY.search(plain):
            return
        said = self._without_denials(plain)
        self.goods |= goods_in(plain)
        if bodies := patterns.FORCES_NAMED.search(said):
            self.forces_named.append(bodies.group())
        final = patterns.FINAL.search(said)
        split = final.start() if final else len(said)
        goes_on = patterns.GOES_ON_TO.search(said)
        for named in users_in(said):
            last = named.at >= split or (goes_on and named.at >= goes_on.end() and named.classes <= MAYBE_FORCES)
            (self.final if last else self.direct).append(named)
        for name, found in (
            ("temporary", patterns.TEMPORARY.search(said)),
            ("not temporary", patterns.NOT_TEMPORARY.search(said)),
            ("onward", _first(patterns.ONWARD, plain)),
            ("pooled", patterns.POOLED.search(said)),
            ("resale", patterns.RESALE.search(said)),
            ("others", patterns.OTHER_USERS.search(said)),
        ):
            self._flag(name, found)
        for mention in mentions(sentence.written):
            self._place(mention, plain, said, split)

    def _flag(self, name: str, found: re.Match[str] | None) -> None:
        if found:
            self.flags.add(name)
            self.cues.append(f"{name}: {found.group()}")

    def _without_denials(self, plain: str) -> str:
        """The sentence with everything that it denies blanked out, letter for letter."""
        if found := patterns.NOT_MILITARY.search(plain):
            self._flag("not military", found)
        for pattern in patterns.DENIALS:
            plain = pattern.sub(lambda m: " " * len(m.group()), plain)
        return plain

    def _place(self, mention: Mention, plain: str, said: str, split: int) -> None:
        before, after = plain[: mention.start], plain[mention.end :]
        if patterns.CORRECTED.search(before):
            self.corrected.add(mention.code)
            self.cues.append(f"corrected_destination: {plain[: mention.end][-80:]}")
        elif patterns.REMOVED.search(after):
            self.removed.add(mention.code)
            self.cues.append(f"removed_destinations: {plain[mention.start : mention.end + 40]}")
        elif mention.kind is PlaceKind.COUNTRY and said[mention.start : mention.end].strip():
            rank = _rank(before, after, final=mention.start >= split)
            if rank is not None:
                self.states.setdefault(rank, set()).add(mention.code)
                self.cues.append(f"end_user_state: {plain[max(0, mention.start - 40) : mention.end + 20]}")

    def facts(self) -> NoteFacts:
        """Weigh everything that was found."""
        direct, final = self._classes(self.direct), self._classes(self.final)
        state = self._state()
        onward = final
        if not final and "onward" in self.flags:
            onward = direct & MAYBE_FORCES  # a civil first user says nothing about the last one
        if final and not state:
            direct |= final & MAYBE_FORCES  # where the final user sits is not said: perhaps here
        if customers := self._forces_as_customers():
            onward |= customers
            direct = direct if state else self._classes([n for n in self.direct if not n.customer])
        if not direct and not final and "not military" in self.flags:
            direct = frozenset({"other"})
        if self.forces_named and (direct | onward) and not (direct | onward) & MAYBE_FORCES:
            self.cues.append(f"forces named, role not said: {self.forces_named[0]}")
            direct, onward = (c and c | {"government"} for c in (direct, onward))
        found = NoteFacts(
            end_user=join_classes(direct),
            onward_end_user=join_classes(onward),
            end_user_state=state,
            route=ONWARD if "onward" in self.flags else None,
            pooled=self._is_pooled(),
            temporary="temporary" in self.flags and "not temporary" not in self.flags,
            suspension=self.status.suspension,
            suspended_on=self.status.suspended_on,
            revocation=self.status.revocation,
            revoked_on=self.status.revoked_on,
            exported_before=self.status.shipped_before(),
            corrected_destination=next(iter(self.corrected)) if len(self.corrected) == 1 else None,
            removed_destinations=";".join(sorted(self.removed)) or None,
        )
        return replace(found, coded=found != _NO_FACTS, goods=tuple(sorted(self.goods)), cues=self._cues())

    def _forces_as_customers(self) -> frozenset[str]:
        """Customers who may be the forces, where a civil user is named beside them: they are final users."""
        users = self._classes([n for n in self.direct if not n.customer])
        customers = self._classes([n for n in self.direct if n.customer])
        return customers if users and not users & MAYBE_FORCES and customers & MAYBE_FORCES else frozenset()

    def _cues(self) -> tuple[str, ...]:
        named = [f"end_user: {n.words}" for n in self.direct] + [f"onward_end_user: {n.words}" for n in self.final]
        return tuple(dict.fromkeys(named + self.cues + self.status.cues))

    def _classes(self, found: list[Named]) -> frozenset[str]:
        """Plainly named users; weaker namings add the forces, and count alone where nothing plainer is said."""
        stated = _union(n for n in found if n.strength >= Strength.STATED)
        plain = _union(n for n in found if n.strength is Strength.PLAIN)
        implied = _union(n for n in found if n.strength is Strength.IMPLIED)
        if "others" in self.flags:  # not all users have a class: what is done tells the class of the rest
            return stated | plain | implied
        return stated | (plain & _KEPT_BESIDE) if stated else plain or implied

    def _state(self) -> str | None:
        """The state of the end user from the plainest way of naming it, if it names only one."""
        codes = self.states[min(self.states)] if self.states else set()
        return next(iter(codes)) if len(codes) == 1 else None

    def _is_pooled(self) -> bool:
        says_end_use = any(n.strength is Strength.END_USE for n in self.direct)
        return "pooled" in self.flags or ("resale" in self.flags and not says_end_use)


_KEPT_BESIDE = MAYBE_FORCES | {"law_enforcement"}


def _rank(before: str, after: str, *, final: bool) -> int | None:
    """How plainly a place is named as the end user's.

    0 final user, 1 shipped on to, 2 user in, 3 adjective, 4 party to a treaty (said of the country of end use).
    """
    user_in = patterns.USER_IS_IN.search(before)
    if user_in and patterns.INTEGRATOR.search(after) and not patterns.END_USE.search(user_in.group()):
        return None  # a company that builds the goods into something sits there, not the end user
    if user_in or patterns.STATE_BODY.match(after):
        return 0 if final else 2 if user_in else 3
    if patterns.SHIPPED_ON.search(before) and not patterns.SHIPPED_FOR_WORK.match(after):
        return 1
    return 4 if patterns.STATE_PARTY.match(after) else None


def _union(found: Iterable[Named]) -> frozenset[str]:
    return frozenset().union(*(named.classes for named in found))


def _first(choices: Iterable[re.Pattern[str]], plain: str) -> re.Match[str] | None:
    return next((found for pattern in choices if (found := pattern.search(plain))), None)
